"""Which counts stand behind the offers of an audience: those it is shown, and those that tie them together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from hatecrime.protect.audience import LEVELS, Audience, Offer

YEAR, QUARTER, MONTH = 12, 3, 1
FIRST_MONTH = 4


@dataclass(frozen=True)
class Window:
    """Whole months in a row; first counts the months since 1970."""

    first: int
    months: int

    @property
    def start(self) -> pd.Timestamp:
        """Its first day."""
        return pd.Timestamp(year=1970 + self.first // 12, month=self.first % 12 + 1, day=1)

    @property
    def finish(self) -> pd.Timestamp:
        """Its last day."""
        return self.start + pd.DateOffset(months=self.months) - pd.DateOffset(days=1)

    def split(self, months: int) -> tuple["Window", ...]:
        """The shorter windows that it is made of."""
        return tuple(Window(self.first + after, months) for after in range(0, self.months, months))


@dataclass(frozen=True)
class Calendar:
    """The complete months of the data, first and last included."""

    first: int
    last: int

    def windows(self, period: str) -> tuple[Window, ...]:
        """Every window of a kind that lies inside the data."""
        length = {"month": MONTH, "quarter": QUARTER}.get(period, YEAR)
        every = {"month": 1, "quarter": 3, "rolling": 3, "year": 12}[period]
        starts = range(self.first, self.last - length + 2)
        return tuple(Window(first, length) for first in starts if (first + 1 - FIRST_MONTH) % every == 0)


@dataclass(frozen=True)
class Plan:
    """What is offered of one measure, and what is behind it: windows by level and characteristic ("": the total)."""

    measure: str
    calendar: Calendar
    offers: tuple[Offer, ...]

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that are offered, coarsest first."""
        return tuple(level for level in LEVELS if any(offer.level == level for offer in self.offers))

    @cached_property
    def offered(self) -> Mapping[tuple[str, str], frozenset[Window]]:
        """What is shown, by level and characteristic."""
        found: dict[tuple[str, str], frozenset[Window]] = {}
        for offer in self.offers:
            for by in offer.shown:
                shown = found.get((offer.level, by), frozenset())
                found[offer.level, by] = shown | set(self.calendar.windows(offer.period))
        return found

    @cached_property
    def windows(self) -> Mapping[tuple[str, str], tuple[Window, ...]]:
        """What is shown, and what is only behind it: quarters under rolling years, and the sums at coarser levels."""
        found: dict[tuple[str, str], frozenset[Window]] = {}
        for by in {by for _level, by in self.offered}:
            below: frozenset[Window] = frozenset()
            for level in reversed(self.levels):
                below = _with_quarters(below | self.offered.get((level, by), frozenset()))
                found[level, by] = below
        return {key: tuple(sorted(each, key=lambda w: (w.months, w.first))) for key, each in found.items() if each}


def plans(audience: Audience, calendars: Mapping[str, Calendar]) -> tuple[Plan, ...]:
    """One plan for each measure that is offered and has data."""
    return tuple(
        Plan(measure, calendar, tuple(offer for offer in audience.offers if offer.measure == measure))
        for measure, calendar in calendars.items()
    )


def needed(audience: Audience) -> list[tuple[str, str, str]]:
    """The counts by month that the plans need: measure, level, characteristic ("" for the total)."""
    anywhere = Calendar(first=3, last=3 + 2 * YEAR)
    measures = dict.fromkeys(offer.measure for offer in audience.offers)
    made = plans(audience, dict.fromkeys(measures, anywhere))
    return [(plan.measure, level, by) for plan in made for level, by in sorted(plan.windows)]


def calendar(months: Iterable[pd.Series], complete_to: pd.Timestamp) -> Calendar | None:
    """From the first month with a record to the last complete one; None where there is none."""
    firsts = [each.min() for each in months if each.notna().any()]
    whole = complete_to if complete_to.is_month_end else complete_to - pd.offsets.MonthEnd(1)
    if not firsts or min(firsts) > whole:
        return None
    return Calendar(number(min(firsts)), number(whole))


def number(day: pd.Timestamp) -> int:
    """The month of a day, counted since 1970."""
    return int(12 * (day.year - 1970) + day.month - 1)


def numbers(days: pd.Series) -> np.ndarray:
    """The same for many days."""
    return (12 * (days.dt.year - 1970) + days.dt.month - 1).to_numpy("int64")


def _with_quarters(windows: frozenset[Window]) -> frozenset[Window]:
    """Rolling years overlap in quarters: whoever knows two of them knows the difference of two quarters."""
    years = [window for window in windows if window.months == YEAR]
    if all((window.first + 1 - FIRST_MONTH) % YEAR == 0 for window in years):
        return windows
    return windows | {quarter for window in years for quarter in window.split(QUARTER)}
