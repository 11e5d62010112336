"""One call for the hours, the near repeats and the clusters in space and time of an area and a period."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from hatecrime.database import Snapshot, count, fetch
from hatecrime.filters import Filters
from hatecrime.periods import Period
from hatecrime.shape import when
from hatecrime.shape.areas import areas, measured
from hatecrime.shape.hotspots import counted_areas
from hatecrime.stats.knox import TooManyPairsError


@dataclass(frozen=True)
class When:
    """
    Hours and weekdays, what comes back nearby, and clusters of places and months.

    repeats is None where more pairs lie near each other than can be compared with chance.
    """

    times: when.Times
    repeats: when.Repeats | None
    clusters: when.Clusters


def when_of(snapshot: Snapshot, filters: Filters, level: str, base: when.Base, seed: int = when.SEED) -> When:
    """The incidents of the filters in time, and by the areas of a level in time. The period must be closed."""
    if filters.period is None:
        raise ValueError("Times are looked at over a period; these filters have none.")
    places, counts = _by_month(snapshot, filters, filters.period, level)
    since = _first_day(snapshot, filters, filters.period)
    return When(
        times=when.times(count(snapshot, filters, ("hour", "weekday")), filters.period, seed),
        repeats=_repeats(snapshot, filters, seed),
        clusters=when.clusters(places, counts, since, base, "any", "month", seed),
    )


def _repeats(snapshot: Snapshot, filters: Filters, seed: int) -> when.Repeats | None:
    try:
        return when.repeats(fetch(snapshot, "hotspots/events", filters), seed)
    except TooManyPairsError:
        return None


def _by_month(snapshot: Snapshot, filters: Filters, period: Period, level: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The places with their people and all their incidents, and beside them a column of incidents for each month."""
    found = measured(areas(snapshot, level, period.finish, filters.area))
    people = fetch(snapshot, "areas/population", level=level, year=period.finish.year, population_group="all")
    steps = fetch(snapshot, "hotspots/area_steps", filters.but(start=None), level=level, step="month")
    steps = steps.dropna(subset=["area_code", "step"])
    own = steps.groupby("area_code")["n"].sum()
    none = pd.DataFrame({"area_code": [], "n": [], "before": []})
    places = counted_areas(none, found, people, outlined=bool(found["x"].notna().any()))
    places = places.assign(own=places["id"].map(own).fillna(0))
    wide = steps.pivot_table(index="area_code", columns="step", values="n", aggfunc="sum")
    every = pd.DatetimeIndex(filters.months())
    return places, wide.reindex(index=places["id"], columns=every).fillna(0)


def _first_day(snapshot: Snapshot, filters: Filters, period: Period) -> date:
    """From when on the places' own shares are known."""
    months = count(snapshot, filters.but(start=None), ("month",))["month"].dropna()
    return min(months.min().date(), period.start) if len(months) else period.start
