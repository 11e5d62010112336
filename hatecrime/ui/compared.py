"""The period of the filters beside the same period a year earlier."""

import pandas as pd

from hatecrime import periods
from hatecrime.filters import Filters
from hatecrime.i18n import number
from hatecrime.periods import Period
from hatecrime.shape.areas import compare as compare_frames
from hatecrime.shape.labels import in_list_order, with_labels
from hatecrime.stats.change import Change, compare
from hatecrime.ui.data import count
from hatecrime.ui.session import gate


def a_year_earlier(filters: Filters) -> Filters:
    """The same filters over the same months of the year before."""
    if filters.period is None:
        raise ValueError("Only a closed period has the same one a year before.")
    return filters.during(filters.period.previous_year())


def total(filters: Filters | None = None) -> Change:
    """How many incidents, now and a year earlier; earlier is not known where the data do not reach back."""
    session = gate()
    filters = filters or session.filters
    earlier = a_year_earlier(filters)
    known = earlier.start is not None and earlier.start >= session.first.replace(day=1)
    before = int(count(filters=earlier)["n"].sum()) if known else None
    return compare(before, int(count(filters=filters)["n"].sum()))


def latest_quarter() -> tuple[Period, Change]:
    """The last whole quarter inside the filters' period, beside the same quarter a year earlier."""
    session = gate()
    quarter = periods.latest("quarter", session.period.finish)
    return quarter, total(session.filters.during(quarter))


def by_code(dimension: str, list_name: str) -> pd.DataFrame:
    """
    Incidents by code, most first: the code, label, n, before, difference, ratio, low, high, direction, note.

    note is the change in words fit to stand beside a bar.
    """
    session = gate()
    now = count((dimension,))
    before = count((dimension,), a_year_earlier(session.filters))
    rows = with_labels(compare_frames(now, before, by=dimension), dimension, list_name)
    rows = in_list_order(rows, dimension, list_name).sort_values("n", ascending=False, kind="stable")
    rows = rows.assign(note=[f"({number(earlier)})" for earlier in rows["before"]]).reset_index(drop=True)
    rows.attrs["made"] = now.attrs["made"]
    return rows
