"""When records are made: the expected number each day, and how long after the event."""

import numpy as np

from hatecrime.sample.calibration import Recipe, day
from hatecrime.sample.draw import Days, Numbers, Reals

DAYS_A_MONTH = 30.44
THURSDAY = 3  # weekday of 1 January 1970, Monday being 0


def days_of(month: np.datetime64) -> Days:
    """Every day of a month."""
    return np.arange(month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]"))


def weekday(days: Days) -> Numbers:
    """Monday 0 to Sunday 6."""
    return (days.astype("datetime64[D]").astype(np.int64) + THURSDAY) % 7


def expected_records(recipe: Recipe, month: np.datetime64, a_month: float) -> Reals:
    """Expected records on each day of the month, before any spike."""
    days = days_of(month)
    season = recipe.figures["month_index"][month.astype(int) % 12]
    by_weekday = _lag_by_weekday(recipe)[0][weekday(days)]
    return a_month * recipe.scale * season * by_weekday / DAYS_A_MONTH


def spike(recipe: Recipe, days: Days) -> Reals:
    """Factor on race and religion records each day: level for a fortnight, then fading to 1."""
    planted = recipe.figures["signals"]["spike"]
    first, over = day(planted["first_day"]), day(planted["over_on"])
    level_to = first + np.timedelta64(planted["days"], "D")
    left = (over - days).astype(float) / (over - level_to).astype(float)
    shape = np.where(days < level_to, 1.0, np.clip(left, 0, 1) ** 2)
    return np.where((days >= first) & recipe.signals, 1 + (planted["factor"] - 1) * shape, 1.0)


def happened(recipe: Recipe, rng: np.random.Generator, recorded: Days) -> Days:
    """Day on which each record's event happened: lags tilted so that weekends are busier."""
    lags = np.zeros(len(recorded), dtype=np.int64)
    on = weekday(recorded)
    for number, cumulative in enumerate(_lag_by_weekday(recipe)[1]):
        here = np.flatnonzero(on == number)
        lags[here] = np.searchsorted(cumulative, rng.random(len(here)), side="right")
    return recorded - lags


def _lag_by_weekday(recipe: Recipe) -> tuple[Reals, Reals]:
    """Relative records by weekday, and by weekday the cumulative distribution of the lag."""
    index = np.asarray(recipe.figures["weekday_index"])
    lag = np.zeros(recipe.figures["report_lag"][-1][1] + 1)
    for shortest, longest, share in recipe.figures["report_lag"]:
        lag[shortest : longest + 1] = share / (longest - shortest + 1)
    tilted = lag * index[(np.arange(7)[:, None] - np.arange(len(lag))) % 7]
    total = tilted.sum(axis=1)
    return total / total.mean(), np.cumsum(tilted / total[:, None], axis=1)
