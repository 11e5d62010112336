"""Counts by month, without gaps."""

from datetime import date

import pandas as pd

from hatecrime.database import Facts
from hatecrime.filters import Filters
from hatecrime.settings import settings


def complete_months(
    frame: pd.DataFrame, filters: Filters, by: tuple[str, ...] = (), facts: Facts | None = None
) -> pd.DataFrame:
    """
    A row for every month of the period and every group that occurs in it, 0 where nothing was recorded.

    Takes the columns month, by…, n; gives them back ordered by group and month, with `provisional`: the
    latest months, which later extracts still change. Records without a date on the basis are left out.
    An open end of the period is the first month of the frame, or the last complete one of the facts.
    """
    dated = frame.dropna(subset="month")
    months = pd.DataFrame({"month": _months(dated, filters, facts)})
    groups = dated[list(by)].drop_duplicates().sort_values(list(by)) if by else pd.DataFrame(index=[0])
    grid = groups.merge(months, how="cross")[["month", *by]]
    complete = grid.merge(dated[["month", *by, "n"]], how="left", on=["month", *by])
    complete["n"] = complete["n"].fillna(0).astype("int64")
    complete["provisional"] = complete["month"] >= first_provisional(facts)
    return complete


def same_month_last_year(frame: pd.DataFrame, by: tuple[str, ...] = ()) -> pd.DataFrame:
    """Adds `last_year`, the same month a year before; missing for the first 12."""
    return frame.assign(last_year=_within(frame, by).shift(12))


def _within(frame: pd.DataFrame, by: tuple[str, ...]):  # type: ignore[no-untyped-def]
    """n by group, in the order of the months; one group where there is none."""
    return frame.groupby(list(by) or (lambda _row: 0), observed=True, sort=False)["n"]


def _months(dated: pd.DataFrame, filters: Filters, facts: Facts | None) -> pd.DatetimeIndex:
    complete_to = facts.complete_to if facts else None
    first = filters.start or _day(dated["month"].min())
    last = filters.finish or complete_to or _day(dated["month"].max())
    if first is None or last is None:
        return pd.DatetimeIndex([], dtype="datetime64[us]")
    return pd.date_range(first.replace(day=1), last.replace(day=1), freq="MS", unit="us")


def first_provisional(facts: Facts | None) -> pd.Timestamp:
    """The first of the latest months, which later extracts still change."""
    if facts is None or facts.complete_to is None:
        return pd.Timestamp.max
    latest = pd.Timestamp(facts.complete_to.replace(day=1))
    return latest - pd.DateOffset(months=settings().provisional_months - 1)


def _day(value: pd.Timestamp) -> date | None:
    return None if pd.isna(value) else value.date()
