"""Referrals to the national support centre: most from the police, about the incidents of the Welsh file."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hatecrime.sample.calibration import Recipe, day
from hatecrime.sample.days import days_of
from hatecrime.sample.draw import Codes, Days, Flags, Numbers, Reals, chance, pick, positions
from hatecrime.sample.faults import (
    FOLDED,
    LOADS,
    ROW,
    VALUE,
    Fault,
    Plan,
    contradicted,
    cut,
    lower,
    put_cells,
    repeated,
)
from hatecrime.sample.files import Extract, Table, dates, flags, labels, times
from hatecrime.sample.incidents import weights
from hatecrime.sample.places import carried
from hatecrime.sample.wales import Known

UK, UK_TIME = "%d/%m/%Y", "%d/%m/%Y %H:%M"
NEED_SHARE = [0.7, 0.35, 0.3, 0.2, 0.1, 0.25]
MORE_INCIDENTS = 1.3  # what the spike alone adds to a month of incidents of all strands
FAULTS = [
    Fault("number with a thousands separator", "Attempts", 2, LOADS, None, put_cells({"Attempts": '"1,002"'})),
    Fault("code in lower case", "Local authority", 4, LOADS, None, lower("Local authority")),
    Fault("unreadable number", "Attempts", 3, VALUE, "bad_number", put_cells({"Attempts": "two"})),
    Fault(
        "unreadable first attempt",
        "First attempt",
        3,
        VALUE,
        "bad_date",
        put_cells({"First attempt": "n.k."}),
    ),
    Fault(
        "unknown authority",
        "Local authority",
        3,
        VALUE,
        "unknown_area",
        put_cells({"Local authority": "W06000007"}),
    ),
    Fault("unknown label", "Route", 3, VALUE, "unknown_label", put_cells({"Route": "Walk-in kiosk"})),
    Fault("neither yes nor no", "Consent", 2, VALUE, "bad_flag", put_cells({"Consent": "?"})),
    Fault(
        "unreadable date received",
        "Date received",
        2,
        ROW,
        "bad_date",
        put_cells({"Date received": "31/02/2016"}),
    ),
    Fault("no date received", "Date received", 2, ROW, "missing_required", put_cells({"Date received": ""})),
    Fault("reference used again, same row", "Referral ID", 4, FOLDED, None, edit=repeated),
    Fault(
        "reference used again, other row",
        "Referral ID",
        2,
        ROW,
        "duplicate_ref",
        edit=contradicted("Consent", "Y", "N"),
    ),
    Fault("row cut short", "", 2, ROW, "too_few_columns", edit=cut),
]


@dataclass
class Referrals:
    """One month of referrals, in the order received."""

    received: Days
    route: Codes
    police_ref: Codes
    crime: Codes
    strands: Codes
    authority: Codes

    def __len__(self) -> int:
        return len(self.received)

    def ordered(self) -> "Referrals":
        """The same by day received."""
        order = np.argsort(self.received, kind="stable")
        return Referrals(*(column[order] for column in vars(self).values()))


class SupportCentre:
    """Takes referrals month by month as incidents become known."""

    def __init__(self, recipe: Recipe, path: Path) -> None:
        plan = Plan(FAULTS, recipe.rng("referrals", "faults"), 35)
        self.recipe, self.extract = recipe, Extract(path, plan, encoding="cp1252")
        self._number = 1

    def hear(self, month: np.datetime64, known: Known) -> None:
        """Referrals that follow from a month's incidents, and those of people who came by other routes."""
        figures = self.recipe.figures["referrals"]
        if month < day(figures["first_day"]).astype("datetime64[M]"):
            return
        rng = self.recipe.rng("referrals", month)
        a_month = self.recipe.yearly(figures["a_month"], month)
        season = self.recipe.figures["month_index"][month.astype(int) % 12]
        by_police = self._police(rng, month, a_month, known)
        by_others = self._others(rng, month, a_month * season)
        columns = [
            np.concatenate(pair) for pair in zip(vars(by_police).values(), vars(by_others).values(), strict=True)
        ]
        together = Referrals(*columns).ordered()
        self.extract.add(_layout(self.recipe, rng, together, self._number))
        self._number += len(together)

    def _self_share(self, month: np.datetime64) -> float:
        planted = self.recipe.figures["signals"]["self_referral"]
        rise = self.recipe.signals and month >= day(planted["first_month"]).astype("datetime64[M]")
        return float(planted["share"] if rise else self.recipe.figures["referrals"]["self_share"])

    def _police(self, rng: np.random.Generator, month: np.datetime64, a_month: float, known: Known) -> Referrals:
        """A share of the incidents, passed on within days; more of them in the month after the referendum."""
        figures, records = self.recipe.figures["referrals"], self.recipe.figures["wales"]
        usual = self.recipe.yearly(records["crimes_a_year"], month)
        share = 0.9 * a_month / (usual / 12 / records["crime_share"])
        passed = np.flatnonzero(chance(rng, share * self._after_referendum(known.recorded), len(known.ref)))
        n, names = len(passed), self.recipe.labels["wales"]["strand"]
        delay = positions(rng, [45, 30, 12, 6, 4, 3], n)
        received = np.minimum(known.recorded[passed] + delay, day(self.recipe.figures["received"]) - 30)
        return Referrals(
            received,
            pick(rng, figures["routes"], n),
            np.array(known.ref, dtype="U16")[passed],
            np.where(known.crime[passed], "Crime", "Incident"),
            np.array([";".join(names[part] for part in known.strands[i]) for i in passed.tolist()], dtype="U60"),
            known.authority[passed],
        )

    def _after_referendum(self, days: Days) -> Reals:
        """Extra willingness to refer, on top of the extra incidents."""
        planted = self.recipe.figures["signals"]["spike"]
        first = day(planted["first_day"])
        during = (days >= first) & (days < first + planted["referral_days"]) & self.recipe.signals
        return np.where(during, planted["referral_factor"] / MORE_INCIDENTS, 1.0)

    def _others(self, rng: np.random.Generator, month: np.datetime64, a_month: float) -> Referrals:
        """People who came themselves, or by way of another body; the police need not know."""
        other, alone = self.recipe.figures["referrals"]["other_route_share"], self._self_share(month)
        n = int(rng.poisson(a_month * self.recipe.scale * 0.9 * (other + alone) / (1 - other - alone)))
        routes = {
            "self": alone * 0.75,
            "online_form": alone * 0.25,
            "third_party": other * 0.6,
            "reporting_centre": other * 0.2,
            "other_support_centre": other * 0.2,
        }
        strands = pick(rng, self.recipe.figures["wales"]["strands"], n)
        names = self.recipe.labels["wales"]["strand"] | {"religion": "Religion"}
        authorities = carried("welsh_authorities")
        pull = weights(self.recipe.figures["wales"]["urbanity"], list(authorities.code)) * authorities.population_2011
        return Referrals(
            days_of(month)[positions(rng, [1.0] * len(days_of(month)), n)],
            pick(rng, routes, n),
            np.full(n, ""),
            np.where(chance(rng, 0.7, n), "Crime", "Incident"),
            np.array([";".join(names[part] for part in label.split("+")) for label in strands], dtype="U60"),
            pick(rng, dict(zip(authorities.code, pull, strict=True)), n),
        )


def _layout(recipe: Recipe, rng: np.random.Generator, drawn: Referrals, number: int) -> Table:
    names = recipe.labels["referrals"]
    figures, n, ends = recipe.figures["referrals"], len(drawn), day(recipe.figures["received"]) - 30
    consent = chance(rng, figures["consent"], n)
    contact_day, first_attempt, attempts = _contact(rng, figures, drawn.received)
    reached = consent & ~chance(rng, figures["unreachable"], n) & (contact_day <= ends)
    status = np.select(
        [~consent, consent & (contact_day > ends), ~reached, chance(rng, figures["supported"], n)],
        ["declined", "open", "unreachable", "supported"],
        "declined",
    )
    started = contact_day + positions(rng, [5, 4, 3, 2, 1, 1, 1], n)
    closed = np.where(status == "supported", started + positions(rng, [1.0] * 120, n) + 7, first_attempt + 14)
    is_closed = (status != "open") & (closed <= ends)
    status = np.where((status == "supported") & (started > ends), "open", status)
    supported = status == "supported"
    welsh = chance(rng, figures["welsh"], n)
    answered = supported & is_closed & chance(rng, figures["satisfaction_answer"], n)
    contacted = contact_day.astype("datetime64[m]") + 540 + 5 * positions(rng, [1.0] * 90, n)
    tried = np.minimum(first_attempt.astype("datetime64[m]") + 540 + 5 * positions(rng, [1.0] * 90, n), contacted)
    return {
        "Referral ID": [f"SYN-REF-{i:06d}" for i in range(number, number + n)],
        "Date received": dates(drawn.received, UK),
        "Route": labels(drawn.route, names["route"]),
        "Police reference": drawn.police_ref.tolist(),
        "Type": drawn.crime.tolist(),
        "Consent": flags(consent, "Y", "N"),
        "Reported to police": labels(_reported(rng, drawn), names["reported"]),
        "Language": ["Cymraeg" if spoken else "English" for spoken in welsh.tolist()],
        "Local authority": drawn.authority.tolist(),
        "Strand": drawn.strands.tolist(),
        "First attempt": _where(times(tried, UK_TIME), consent),
        "Contact date": _where(dates(contacted, UK), reached),
        "Contact time": _where(times(contacted, "%H:%M"), reached),
        "Attempts": _where([str(i) for i in attempts.tolist()], consent),
        "Status": [
            names["status_welsh" if spoken else "status"][code] for spoken, code in zip(welsh, status, strict=True)
        ],
        "Needs": _needs(rng, supported, list(names["need"].values())),
        "Support started": _where(dates(started, UK), supported),
        "Closed": _where(dates(closed, UK), is_closed),
        "Closure reason": labels(_closure(rng, status, is_closed), names["closure"]),
        "Satisfaction": _where([str(1 + i) for i in positions(rng, figures["satisfaction"], n).tolist()], answered),
    }


def _contact(rng: np.random.Generator, figures: dict[str, list[float]], received: Days) -> tuple[Days, Days, Numbers]:
    """Day contact was made, in working days from receipt; day of the first attempt; attempts."""
    n = len(received)
    waited = positions(rng, figures["contact_days"], n)
    made = np.busday_offset(received, waited, roll="forward")
    tried = np.busday_offset(received, np.minimum(waited, positions(rng, [6, 4], n)), roll="forward")
    return made, tried, 1 + np.minimum(waited, positions(rng, [60, 25, 10, 5], n))


def _reported(rng: np.random.Generator, drawn: Referrals) -> Codes:
    known = np.isin(drawn.route, ["police_auto", "police_officer"])
    other = pick(rng, {"yes": 0.45, "no": 0.4, "later": 0.15}, len(drawn))
    return np.where(known, "yes", other)


def _needs(rng: np.random.Generator, supported: Flags, names: list[str]) -> list[str]:
    assessed = rng.random((len(supported), len(names))) < NEED_SHARE
    rows = zip(assessed.tolist(), supported.tolist(), strict=True)
    return [
        ";".join(name for name, has in zip(names, row, strict=True) if has) if helped else "" for row, helped in rows
    ]


def _closure(rng: np.random.Generator, status: Codes, closed: Flags) -> Codes:
    why = pick(rng, {"needs_met": 0.8, "moved": 0.06, "other_reason": 0.14}, len(status))
    reason = np.select([status == "declined", status == "unreachable"], ["declined", "no_contact"], why)
    return np.where(closed, reason, "")


def _where(values: list[str], kept: Flags) -> list[str]:
    return [value if keep else "" for value, keep in zip(values, kept.tolist(), strict=True)]
