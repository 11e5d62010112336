"""One month of incidents of one place: what every source has in common."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from hatecrime.sample.calibration import Recipe, day
from hatecrime.sample.days import days_of, expected_records, happened, spike
from hatecrime.sample.draw import Codes, Days, Flags, Reals, blank, chance, pick, positions

RACE_OR_RELIGION = ("race", "religion")
AGGRAVATED = {
    "violence_with_injury": ("8P", "8N"),
    "violence_without_injury": ("105B", "105A"),
    "stalking_harassment": ("8M", "8L"),
    "public_order": ("9B", "9A"),
    "criminal_damage": ("58J", "58D"),
}


@dataclass
class Incidents:
    """Columns of a month's incidents, in order of the day recorded; codes are ours, not a source's."""

    recorded: Days
    from_: Days
    to: Days
    strands: Codes
    religion: Codes
    crime: Flags
    crime_type: Codes
    offence: Codes
    location: Codes
    channel: Codes
    outcome: Codes
    outcome_on: Days
    flags: dict[str, Flags]
    age_band: Codes
    sex: Codes
    ethnicity: Codes

    def __len__(self) -> int:
        return len(self.recorded)

    def has(self, *strands: str) -> Flags:
        """Which records carry any of the strands."""
        return np.array([bool(set(label.split("+")) & set(strands)) for label in self.strands], dtype=bool)


def draw_month(recipe: Recipe, place: str, month: np.datetime64, a_month: float) -> Incidents:
    """All records of one month of one place, with the referendum spike where signals are wanted."""
    rng, figures = recipe.rng(place, month), recipe.figures
    shares, rates = figures["shares"], figures["rates"]
    recorded, strands = _recorded(recipe, rng, month, a_month, figures[place]["strands"])
    n = len(recorded)
    crime = chance(rng, figures[place]["crime_share"], n)
    crime_type = np.where(crime, pick(rng, shares["crime_type"], n), "anti_social_behaviour")
    location = pick(rng, shares["location_type"], n)
    from_, to = _interval(recipe, rng, recorded)
    outcome, outcome_on = _outcome(recipe, rng, recorded, crime)
    drawn = Incidents(
        recorded,
        from_,
        to,
        strands,
        pick(rng, shares["religion"], n),
        crime,
        crime_type,
        np.full(n, "", dtype="U4"),
        location,
        pick(rng, shares["channel"], n),
        outcome,
        outcome_on,
        {},
        blank(rng, pick(rng, shares["age_band"], n), figures["missing"]["age_band"]),
        blank(rng, pick(rng, shares["sex"], n), figures["missing"]["sex"]),
        np.full(n, ""),
    )
    drawn.ethnicity = _ethnicity(figures, rng, drawn)
    drawn.offence = _offence(rng, drawn, rates["aggravated_code"])
    drawn.flags = _flags(rates, rng, drawn)
    drawn.location = blank(rng, location, figures["missing"]["location_type"])
    drawn.channel = blank(rng, drawn.channel, figures["missing"]["channel"])
    return drawn


def _recorded(
    recipe: Recipe, rng: np.random.Generator, month: np.datetime64, a_month: float, strands: dict[str, float]
) -> tuple[Days, Codes]:
    """Days recorded and strands; the spike adds records of race and religion only."""
    days, base = days_of(month), expected_records(recipe, month, a_month)
    hated = {label: share for label, share in strands.items() if set(label.split("+")) & set(RACE_OR_RELIGION)}
    share = sum(hated.values()) / sum(strands.values())
    usual = np.repeat(days, rng.poisson(base))
    extra = np.repeat(days, rng.poisson(base * share * (spike(recipe, days) - 1)))
    recorded = np.concatenate([usual, extra])
    labels = np.concatenate([pick(rng, strands, len(usual)), pick(rng, hated, len(extra))])
    order = np.argsort(recorded, kind="stable")
    return recorded[order], labels[order]


def _interval(recipe: Recipe, rng: np.random.Generator, recorded: Days) -> tuple[Days, Days]:
    """Earliest and latest time of the event, to the minute; the latest is often left empty."""
    n = len(recorded)
    on = happened(recipe, rng, recorded).astype("datetime64[m]")
    minutes = 60 * positions(rng, recipe.figures["hour_weights"], n) + 5 * positions(rng, [1.0] * 12, n)
    unknown = chance(rng, recipe.figures["unknown_interval"], n)
    start = np.where(unknown, on - np.timedelta64(30, "h"), on + minutes)
    end = np.where(unknown, on + np.timedelta64(9, "h"), start + 5 * positions(rng, [1.0] * 9, n))
    last = recorded.astype("datetime64[m]") + np.timedelta64(1439, "m")
    open_ended = ~unknown & chance(rng, 0.35, n)
    return start, np.where(open_ended, np.datetime64("NaT"), np.minimum(end, last))


def _outcome(recipe: Recipe, rng: np.random.Generator, recorded: Days, crime: Flags) -> tuple[Codes, Days]:
    """Outcome and its day; what would come after the extract is not assigned yet, incidents have none."""
    figures, n = recipe.figures, len(recorded)
    median, sigma = figures["rates"]["outcome_days_median"], figures["rates"]["outcome_days_sigma"]
    taken = np.clip(median * np.exp(sigma * rng.standard_normal(n)), 0, 500).astype(np.int64)
    on = recorded + taken
    mature = pick(rng, figures["shares"]["outcome"], n)
    assigned = crime & (mature != "not_assigned") & (on <= day(figures["received"]))
    outcome = np.where(assigned, mature, np.where(crime, "not_assigned", ""))
    return outcome, np.where(assigned, on, np.datetime64("NaT"))


def _offence(rng: np.random.Generator, drawn: Incidents, share: float) -> Codes:
    """Aggravated offence codes for race and religion crimes, else the plain equivalent, else none."""
    aggravated = drawn.has(*RACE_OR_RELIGION) & chance(rng, share, len(drawn))
    pairs = [AGGRAVATED.get(kind, ("", "")) for kind in drawn.crime_type]
    codes = [pair[0] if worse else pair[1] for pair, worse in zip(pairs, aggravated, strict=True)]
    return np.where(drawn.crime, np.array(codes, dtype="U4"), "")


def _flags(rates: dict[str, float], rng: np.random.Generator, drawn: Incidents) -> dict[str, Flags]:
    n, place = len(drawn), drawn.location
    hour = (drawn.from_ - drawn.from_.astype("datetime64[D]")).astype("timedelta64[h]").astype(int)
    late = (hour >= 19) | (hour < 5)
    return {
        "online": (place == "online_space") & chance(rng, rates["online_flag_if_online"], n),
        "transport": place == "public_transport",
        "night_time": (place == "licensed") & late & chance(rng, rates["night_time_if_licensed"], n),
        "school": place == "school",
        "mate_crime": drawn.has("disability") & chance(rng, rates["mate_crime_if_disability"], n),
        "repeat_victim": chance(rng, rates["repeat_victim"], n),
        "uplift": (drawn.outcome == "1") & chance(rng, rates["uplift_if_charged"], n),
    }


def _ethnicity(figures: dict[str, Any], rng: np.random.Generator, drawn: Incidents) -> Codes:
    n, shares = len(drawn), figures["shares"]
    hated = drawn.has(*RACE_OR_RELIGION)
    drawn_from = np.where(hated, pick(rng, shares["ethnicity_race"], n), pick(rng, shares["ethnicity_other"], n))
    return blank(rng, drawn_from, figures["missing"]["ethnicity"])


def months_of(recipe: Recipe, series: list[float]) -> list[tuple[np.datetime64, float]]:
    """Each month with its value of a yearly series."""
    return [(month, recipe.yearly(series, month)) for month in recipe.months]


def weights(values: dict[str, float], codes: list[str]) -> Reals:
    """Weights in the order of the codes, 1 where not named."""
    return np.array([values.get(code, 1.0) for code in codes])
