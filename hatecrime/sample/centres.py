"""Reporting centres, the reports they take, and what is known of their contacts and users."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from hatecrime.sample.calibration import Recipe, day
from hatecrime.sample.draw import Codes, Numbers, Reals, chance, positions
from hatecrime.sample.files import write_table
from hatecrime.sample.incidents import RACE_OR_RELIGION, Incidents
from hatecrime.sample.places import carried

Contact = tuple[str, np.datetime64, str, object, object]
RETURN_NOT_SENT = "SYN-C7"  # a centre that sends no returns: not the same as a return of 0


@dataclass
class Centres:
    """The open centres and the reports they have taken so far, by quarter."""

    recipe: Recipe
    table: pd.DataFrame
    taken: Counter[tuple[str, np.datetime64]] = field(default_factory=Counter)

    @property
    def ids(self) -> list[str]:
        """Identifiers in the order of the table."""
        return list(self.table.centre_id)

    def report(self, rng: np.random.Generator, drawn: Incidents, xy: Numbers) -> Codes:
        """Centre that took each report, mostly a near one; none for most records."""
        if not len(drawn):
            return np.array([], dtype="U8")
        signals, figures = self.recipe.signals, self.recipe.figures
        reached = drawn.has(*RACE_OR_RELIGION) & ~drawn.has("disability") | (not signals)
        chosen = reached & chance(rng, figures["rates"]["centre_report"], len(drawn))
        near = np.exp(-self._distance(xy) / figures["centres"]["distance_decay_m"])
        pull = np.cumsum(near * self._propensity(drawn.recorded[0]), axis=1)
        which = (rng.random(len(drawn))[:, None] * pull[:, -1:] >= pull).sum(axis=1)
        centre = np.where(chosen, np.array(self.ids)[which], "")
        quarters = (drawn.recorded.astype("datetime64[M]").astype(int) // 3)[chosen]
        self.taken.update(zip(centre[chosen].tolist(), quarters.tolist(), strict=True))
        return centre

    def _distance(self, xy: Numbers) -> Reals:
        places = self.table[["easting", "northing"]].to_numpy(float)
        return np.hypot(*(xy[:, None, :] - places[None, :, :]).transpose(2, 0, 1))

    def _propensity(self, on: np.datetime64) -> Reals:
        """How much each centre is used in the financial year of a day; silent ones not at all."""
        year = (on.astype("datetime64[M]").astype(int) - 3) // 12
        figures, signals = self.recipe.figures, self.recipe.figures["signals"]["centres"]
        shape = figures["centres"]["propensity_shape"]
        drawn = self.recipe.rng("centres", year).gamma(shape, size=len(self.ids))
        if not self.recipe.signals:
            return np.ones(len(self.ids))
        silent = [signals["silent_as_expected"]]
        if on >= day(signals["silent_since"]):
            silent.append(signals["silent_although_near"])
        return np.where(np.isin(self.ids, silent), 0.0, drawn + figures["centres"]["propensity_floor"])


def open_centres(recipe: Recipe) -> Centres:
    """The published centres; where no signal is wanted also one in the South locality."""
    files = ["centres"] if recipe.signals else ["centres", "centre_in_south"]
    return Centres(recipe, pd.concat(map(carried, files), ignore_index=True).assign(closed_on=""))


def write(centres: Centres, out: Path) -> dict[str, int]:
    """Centres, candidate venues, contacts and answers; rows written by file."""
    names = {
        "centre_id": "Centre ID",
        "name_en": "Name",
        "venue_type": "Venue type",
        "postcode": "Postcode",
        "latitude": "Latitude",
        "longitude": "Longitude",
        "opened_on": "Opened",
        "closed_on": "Closed",
        "hours_per_week": "Hours a week",
        "step_free": "Step-free",
        "languages": "Languages",
        "has_named_lead": "Named lead",
        "strands_served": "Strands served",
    }
    venue_names = names | {"venue_id": "Venue ID", "named_in_plan": "Named in plan"}
    tables = {
        "reporting_centres.csv": centres.table.rename(columns=names)[list(names.values())],
        "candidate_venues.csv": carried("venues").rename(columns=venue_names),
        "centre_contacts.csv": _contacts(centres),
        "centre_surveys.csv": _surveys(centres),
    }
    return {name: write_table(out / name, table) for name, table in tables.items()}


def _quarters(recipe: Recipe) -> list[np.datetime64]:
    return list(recipe.months[::3])


def _contacts(centres: Centres) -> pd.DataFrame:
    """Contacts about every half year, a visit and a training about every year, a return each quarter."""
    rows: list[Contact] = []
    last = centres.recipe.months[-1].astype("datetime64[D]") + 30
    for centre in centres.ids:
        rng = centres.recipe.rng("contacts", centre)
        diligence = rng.uniform(0.8, 1.5)
        for kind, gap in (("Contact", 170), ("Visit", 300), ("Training", 365)):
            on = np.datetime64("2013-04-01") + int(rng.integers(10, gap))
            while on <= last:
                rows.append((centre, on, kind, "", int(rng.integers(2, 9)) if kind == "Training" else ""))
                on += int(gap * diligence * rng.uniform(0.8, 1.3))
        if centre != RETURN_NOT_SENT:
            rows += _returns(centres, rng, centre, last)
    table = pd.DataFrame(rows, columns=["Centre ID", "Date", "Type", "Reports", "Staff trained"])
    table = table.sort_values(["Date", "Centre ID", "Type"])
    return table.assign(Date=table.Date.map(lambda on: pd.Timestamp(on).strftime("%d/%m/%Y")))


def _returns(centres: Centres, rng: np.random.Generator, centre: str, last: np.datetime64) -> list[Contact]:
    """Quarterly returns of the reports taken, a few of them never sent or without a number."""
    rows: list[Contact] = []
    for quarter in _quarters(centres.recipe):
        on = (quarter + 3).astype("datetime64[D]") + int(rng.integers(0, 14))
        taken = centres.taken[(centre, quarter.astype(int) // 3)]
        if on <= last and rng.random() < 0.92:
            rows.append((centre, on, "Return", taken if rng.random() < 0.95 else "", ""))
    return rows


def _surveys(centres: Centres) -> pd.DataFrame:
    """Satisfaction answers: a few each quarter from the people who used a centre."""
    figures, rows = centres.recipe.figures["centres"], []
    for quarter in _quarters(centres.recipe):
        for centre in centres.ids:
            taken = centres.taken[(centre, quarter.astype(int) // 3)]
            rng = centres.recipe.rng("surveys", centre, quarter)
            n = int(rng.poisson(figures["survey_a_quarter"])) if taken else 0
            days = quarter.astype("datetime64[D]") + rng.integers(0, 90, n)
            scores = 1 + positions(rng, figures["survey"], n)
            again = rng.random(n) < np.array([0.1, 0.3, 0.6, 0.9, 0.97])[scores - 1]
            rows += list(zip([centre] * n, days.tolist(), scores.tolist(), again.tolist(), strict=True))
    table = pd.DataFrame(rows, columns=["Centre ID", "Date", "Score", "Would use again"])
    table["Would use again"] = table["Would use again"].map({True: "Yes", False: "No"})
    table = table.sort_values(["Date", "Centre ID"], kind="stable")
    return table.assign(Date=table.Date.map(lambda on: on.strftime("%d/%m/%Y")))
