"""Months of the shared filters, complete, each beside the same month a year earlier."""

from datetime import date

import pandas as pd

from hatecrime.filters import Filters
from hatecrime.i18n import language
from hatecrime.periods import Period
from hatecrime.shape.labels import name_in_language
from hatecrime.shape.months import complete_months, first_provisional, same_month_last_year
from hatecrime.ui.data import count, fetch
from hatecrime.ui.session import gate


def monthly(filters: Filters, by: tuple[str, ...] = (), level: str | None = None) -> pd.DataFrame:
    """
    month, by…, n, provisional and last_year for every month of the filters' period.

    last_year is missing where the data do not reach back that far: nothing known is not nothing recorded.
    """
    session = gate()
    period = filters.period
    if period is None:
        raise ValueError("The months of an open period cannot be completed.")
    wide = filters.during(Period(period.previous_year().start, period.finish))
    found = count(("month", *by), wide, level)
    months = same_month_last_year(complete_months(found, wide, by, session.facts), by)
    unknown = months["month"] - pd.DateOffset(years=1) < pd.Timestamp(session.first.replace(day=1))
    months.loc[unknown, "last_year"] = float("nan")
    shown = months[months["month"] >= pd.Timestamp(period.start.replace(day=1))].reset_index(drop=True)
    shown.attrs["made"] = found.attrs["made"]
    return shown


def unsettled(period: Period) -> int:
    """How many months of a period are provisional."""
    months = pd.date_range(period.start.replace(day=1), period.finish, freq="MS")
    return int((months >= first_provisional(gate().facts)).sum())


def shaded_events(period: Period) -> pd.DataFrame:
    """Events shaded as context behind trends: starts_on, ends_on, label."""
    events = fetch("calendar/events", start=period.start, finish=period.finish)
    shaded = events[events["shade_trend"].fillna(False).astype(bool)]
    return shaded.assign(label=name_in_language(shaded))[["starts_on", "ends_on", "label"]]


def breaks(period: Period, area: str | None) -> pd.DataFrame:
    """Changes in recording inside the period: happened_on, label (a number) and reason (what it means)."""
    found = fetch("calendar/breaks", start=period.start, finish=period.finish, area=area)
    # On the first day of the picture there is nothing before it to compare.
    inside = found[pd.to_datetime(found["happened_on"]) > pd.Timestamp(period.start)].reset_index(drop=True)
    reasons = inside["reason_cy"].fillna(inside["reason_en"]) if language() == "cy" else inside["reason_en"]
    numbers = [f"[{i + 1}]" for i in range(len(inside))]
    return inside.assign(label=numbers, reason=reasons)[["happened_on", "label", "reason"]]


def window(finish: date, back: str, first: date) -> Period:
    """The months up to the end of the filters: a number of them, or all there are."""
    if back == "all":
        return Period(min(first, finish), finish)
    months = pd.Timestamp(finish.replace(day=1)) - pd.DateOffset(months=int(back) - 1)
    return Period(max(months.date(), min(first, finish)), finish)
