"""Incidents by hour and weekday, one after another nearby, and in clusters of places and months."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hatecrime.database import NOT_RECORDED
from hatecrime.periods import Period
from hatecrime.stats.change import Change, compare
from hatecrime.stats.clock import Spell, busiest
from hatecrime.stats.knox import Knox, knox
from hatecrime.stats.local import false_discovery
from hatecrime.stats.scan import Cluster, Scan, scan

SEED = 2017
SIMULATIONS = 999
HOURS, DAYS = 24, 7
# Longer runs would only say that it is quiet before the morning.
LONGEST_HOURS, LONGEST_DAYS = 8, 3
# Chosen before any data were seen, as one of many bands picked for its figures would mislead.
NEAR_METRES, NEAR_DAYS = 200, 14
FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
EVENING, NIGHT = range(20, 24), range(4)
SCHOOL_HOURS = (8, 15, 16)
# A circle of more than a quarter of everything names no place.
MOST_OF_ALL = 0.25
QUARTER_DAYS = 365.25 / 4

Base = Literal["people", "own"]
Spells = Literal["any", "now"]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Times:
    """
    Incidents by hour (rows) and weekday (columns, Monday first), of total those whose time is known.

    nights compares Friday and Saturday nights with the others, school the hours of journeys to and from school on
    weekdays with the same hours at weekends; both are rates by night or day. Of less than a week there is neither,
    and nothing is said of days.
    """

    grid: Counts
    total: int
    hours: Spell | None
    days: Spell | None
    nights: Change | None
    school: Change | None

    @property
    def known(self) -> int:
        """Incidents whose hour and weekday are known."""
        return int(self.grid.sum())

    @property
    def midnight(self) -> Change:
        """The hour from midnight beside the two around it."""
        by_hour = self.grid.sum(axis=1)
        return compare(float(by_hour[HOURS - 1] + by_hour[1]), float(by_hour[0]), 2, 1)


@dataclass(frozen=True)
class Repeats:
    """
    How often incidents follow one another nearby: close, the one comparison that is read out; bands, a table of them.

    places counts the points at which the incidents stand, sharing the incidents that share theirs with another.
    """

    close: Knox
    bands: Knox
    places: int
    sharing: int


@dataclass(frozen=True)
class Clusters:
    """
    Clusters of places and steps of time: rows from the strongest on, and how they were looked for.

    rows has ids and labels (tuples), first and last (the first days of the steps), n, expected, ratio, p and
    recurrence in days. steps counts what was looked through; the places' own shares rest on what happened since.
    """

    rows: pd.DataFrame
    base: Base
    spells: Spells
    step: str
    steps: int
    since: date
    tested: int
    simulations: int
    left_out: int

    def clear(self, level: float = 0.05) -> pd.DataFrame:
        """The clusters that chance alone would hardly give."""
        return self.rows[self.rows["p"] <= level]


def times(counts: pd.DataFrame, period: Period, seed: int = SEED) -> Times:
    """What stands out by hour and weekday; counts has hour, weekday and n, as they are counted by both."""
    grid, days = grid_of(counts), days_of_week(period)
    return Times(
        grid=grid,
        total=int(counts["n"].sum()),
        hours=busiest(grid.sum(axis=1), longest=LONGEST_HOURS, seed=seed),
        days=busiest(grid.sum(axis=0), days, longest=LONGEST_DAYS, seed=seed) if days.all() else None,
        nights=_nights(grid, days),
        school=_school(grid, days),
    )


def grid_of(counts: pd.DataFrame) -> Counts:
    """
    Incidents by hour and weekday, Monday first; those without a known time are in no cell.

    >>> grid_of(pd.DataFrame({"hour": ["23", "not_recorded"], "weekday": ["1", "not_recorded"], "n": [4, 9]}))[23, 0]
    np.int64(4)
    """
    grid = np.zeros((HOURS, DAYS), dtype=np.int64)
    known = counts[(counts["hour"] != NOT_RECORDED) & (counts["weekday"] != NOT_RECORDED)]
    np.add.at(grid, (known["hour"].astype(int), known["weekday"].astype(int) - 1), known["n"])
    return grid


def days_of_week(period: Period) -> Counts:
    """
    How many Mondays, Tuesdays and so on a period has.

    >>> days_of_week(Period(date(2016, 6, 1), date(2016, 6, 30))).tolist()
    [4, 4, 5, 5, 4, 4, 4]
    """
    weeks, rest = divmod(period.days, DAYS)
    return weeks + ((np.arange(DAYS) - period.start.weekday()) % DAYS < rest).astype(np.int64)


def _nights(grid: Counts, days: Counts) -> Change | None:
    """A night begins at 20:00 and belongs to the day on which it begins."""
    by_night = grid[EVENING].sum(axis=0) + np.roll(grid[NIGHT].sum(axis=0), -1)
    return _against_the_rest(by_night, days, [FRIDAY, SATURDAY])


def _school(grid: Counts, days: Counts) -> Change | None:
    return _against_the_rest(grid[list(SCHOOL_HOURS)].sum(axis=0), days, list(range(SATURDAY)))


def _against_the_rest(n: Counts, days: Counts, chosen: list[int]) -> Change | None:
    if not days.all():
        return None
    inside = np.isin(np.arange(DAYS), chosen)
    here, there = (float(values) for values in (n[inside].sum(), n[~inside].sum()))
    return compare(there, here, float(days[~inside].sum()), float(days[inside].sum()))


def repeats(events: pd.DataFrame, seed: int = SEED) -> Repeats:
    """Near repeats among incidents; events has easting, northing and day."""
    x, y, day = (events[column].to_numpy() for column in ("easting", "northing", "day"))
    at = events.groupby(["easting", "northing"]).size()
    # The table first: it reaches farther, so that too many pairs are noticed before the work is done.
    bands = knox(x, y, day, permutations=SIMULATIONS, seed=seed)
    return Repeats(
        close=knox(x, y, day, (NEAR_METRES,), (NEAR_DAYS,), permutations=SIMULATIONS, seed=seed),
        bands=bands,
        places=len(at),
        sharing=int(at[at > 1].sum()),
    )


def by_band(bands: Knox) -> pd.DataFrame:
    """
    A row for each band of distance and days: row and column (positions), metres and days from above which to which,
    observed, expected, ratio and its limits, p adjusted for as many bands, and clear, whether there are more than by
    chance.
    """
    adjusted = false_discovery(bands.p)
    far, long = np.meshgrid(range(len(bands.metres)), range(len(bands.days)), indexing="ij")
    flat: dict[str, NDArray[np.float64] | Counts] = {
        "row": far,
        "column": long,
        "observed": bands.observed,
        "expected": np.where(bands.expected > 0, bands.expected, bands.by_margins),
        "ratio": bands.ratio,
        "low": bands.ratio_low,
        "high": bands.ratio_high,
        "p": adjusted,
    }
    rows = pd.DataFrame({name: values.ravel() for name, values in flat.items()})
    return rows.assign(clear=(rows["p"] <= 0.05) & (rows["low"] > 1))


def clusters(
    places: pd.DataFrame,
    counts: pd.DataFrame,
    since: date,
    base: Base,
    spells: Spells,
    step: str = "month",
    seed: int = SEED,
    progress: Callable[[float], object] | None = None,
) -> Clusters:
    """
    Circles of places, over runs of steps, with more incidents than expected.

    places has id, label, x, y, population and own, its incidents since the day that is given; counts has a row for
    each place, in the same order, and a column per step. Expected is each place's part of all that a step holds: by
    its people, or by its own share of all incidents since then. A step that is high everywhere is so no cluster.

    The places' own shares hold the period itself too. Shares from earlier steps alone would be taken for certain,
    though they rest on few incidents, and the scan would find clusters in nothing.
    """
    placed = (places["x"].notna() & places["y"].notna()).to_numpy()
    cases = counts.to_numpy(float)
    part = places["population" if base == "people" else "own"].to_numpy(float)
    found = scan(
        places["x"].to_numpy(float),
        places["y"].to_numpy(float),
        cases,
        population=part,
        expected=np.outer(part, cases[placed].sum(axis=0)),
        most=MOST_OF_ALL,
        spell="prospective" if spells == "now" else "retrospective",
        # By people a place can be high all along; by its own share it cannot.
        longest=1.0 if base == "people" else 0.5,
        simulations=SIMULATIONS,
        seed=seed,
        days_between=QUARTER_DAYS,
        progress=progress,
    )
    return Clusters(
        rows=_rows(found, places, counts),
        base=base,
        spells=spells,
        step=step,
        steps=counts.shape[1],
        since=since,
        tested=found.tested,
        simulations=SIMULATIONS,
        left_out=round(found.left_out),
    )


def _rows(found: Scan, places: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    columns = ["ids", "labels", "first", "last", "n", "expected", "ratio", "p", "recurrence"]
    return pd.DataFrame([_row(cluster, places, counts) for cluster in found.clusters], columns=columns)


def _row(cluster: Cluster, places: pd.DataFrame, counts: pd.DataFrame) -> list[object]:
    inside = list(cluster.places)
    ranked = places.iloc[inside].assign(n=counts.iloc[inside].sum(axis=1).to_numpy()).sort_values("n", ascending=False)
    return [
        tuple(ranked["id"]),
        tuple(ranked["label"]),
        counts.columns[cluster.first],
        counts.columns[cluster.last],
        round(cluster.cases),
        cluster.expected,
        cluster.ratio,
        cluster.p,
        cluster.recurrence,
    ]
