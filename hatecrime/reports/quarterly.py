"""A quarter beside the same quarter last year and the year to date, with checks that they agree."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from hatecrime.database import NOT_RECORDED, Snapshot, count, count_referrals, fetch
from hatecrime.filters import Filters
from hatecrime.i18n import _
from hatecrime.periods import Period, quarter_of, year_of
from hatecrime.reports.places import area_label
from hatecrime.shape.labels import in_list_order, with_labels
from hatecrime.stats.change import compare_rows
from hatecrime.words.quarterly import Bridge, Check, checks

# Each table and the code list that labels it.
TABLES = {
    "kind": "kind",
    "crime_group": "crime_type",
    "crime_type": "crime_type",
    "strand": "strand",
    "channel": "channel",
    "outcome_group": "outcome",
}
COUNTS = ("now", "before", "to_date", "to_date_before")
CHANGES = ("difference", "percent", "ratio", "low", "high", "direction", "reason")


@dataclass(frozen=True)
class Quarterly:
    """
    The figures of one quarter.

    Every table has code, label, now, before (the same quarter last year), difference, percent, ratio, low,
    high, direction, reason, to_date and to_date_before (the financial year up to the quarter's end, and the
    year before). total and referrals are one such row; referrals is None where none are known for the area.
    breaks are changes in recording between the two quarters: across one, no percentage is given.
    """

    quarter: Period
    filters: Filters
    area_label: str
    total: pd.Series
    referrals: pd.Series | None
    tables: dict[str, pd.DataFrame]
    bridge: Bridge
    checks: list[Check]
    breaks: pd.DataFrame


def quarterly(snapshot: Snapshot, quarter: Period, filters: Filters | None = None) -> Quarterly:
    """The figures of a quarter, for the area, the basis and whatever else the filters ask for."""
    periods = _periods(quarter)
    wanted = (filters or Filters()).during(Period(periods["to_date_before"].start, quarter.finish))
    breaks = _breaks(snapshot, wanted, periods)
    comparable = breaks.empty
    tables = {name: _table(snapshot, wanted, name, periods, comparable) for name in TABLES}
    total = _total(snapshot, wanted, periods, comparable)
    bridge = _bridge(snapshot, wanted.during(quarter), tables["strand"])
    return Quarterly(
        quarter=quarter,
        filters=wanted.during(quarter),
        area_label=area_label(snapshot, wanted.area),
        total=total,
        referrals=_referrals(snapshot, wanted, periods, comparable),
        tables=tables,
        bridge=bridge,
        checks=_checks(snapshot, wanted, periods, total, tables, bridge),
        breaks=breaks,
    )


def quarter_from(text: str) -> Period:
    """
    The quarter that a text such as 2016/17-Q4 names.

    >>> quarter_from("2016/17-Q4").start
    datetime.date(2017, 1, 1)
    """
    match = re.fullmatch(r"([12]\d{3})/(\d{2})-Q([1-4])", text)
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        raise ValueError(_("“{text}” is no quarter. Write it as 2016/17-Q4.").format(text=text))
    year, quarter = int(match[1]), int(match[3])
    first = pd.Timestamp(year, 4, 1) + pd.DateOffset(months=3 * (quarter - 1))
    return quarter_of(first.date())


def latest_quarter(snapshot: Snapshot) -> Period | None:
    """The last quarter that is complete; None in a snapshot without incidents."""
    day = snapshot.facts.complete_to
    if day is None:
        return None
    quarter = quarter_of(day)
    return quarter if quarter.finish <= day else quarter_of(quarter.start - timedelta(days=1))


def _periods(quarter: Period) -> dict[str, Period]:
    to_date = Period(year_of(quarter.start).start, quarter.finish)
    return {
        "now": quarter,
        "before": quarter.previous_year(),
        "to_date": to_date,
        "to_date_before": to_date.previous_year(),
    }


def _table(
    snapshot: Snapshot, wanted: Filters, name: str, periods: dict[str, Period], comparable: bool
) -> pd.DataFrame:
    """One breakdown, from one count by quarter and code."""
    by_quarter = count(snapshot, wanted, ("quarter", name)).rename(columns={name: "code"})
    counts = pd.DataFrame({key: _within(by_quarter, period) for key, period in periods.items()})
    rows = _changes(counts.fillna(0).astype("int64"), comparable).rename_axis("code").reset_index()
    ordered = in_list_order(with_labels(rows, "code", TABLES[name]), "code", TABLES[name])
    return ordered[["code", "label", *COUNTS, *CHANGES]].reset_index(drop=True)


def _within(by_quarter: pd.DataFrame, period: Period) -> pd.Series:
    inside = by_quarter["quarter"].between(pd.Timestamp(period.start), pd.Timestamp(period.finish))
    return by_quarter[inside].groupby("code")["n"].sum()


def _total(snapshot: Snapshot, wanted: Filters, periods: dict[str, Period], comparable: bool) -> pd.Series:
    counts = {key: int(count(snapshot, wanted.during(days))["n"].iloc[0]) for key, days in periods.items()}
    return _row("total", _("All incidents"), counts, comparable)


def _referrals(snapshot: Snapshot, wanted: Filters, periods: dict[str, Period], comparable: bool) -> pd.Series | None:
    """None where the snapshot has no referral from the area at all: that is not known rather than 0."""
    ever = count_referrals(snapshot, Filters(area=wanted.area))
    if not ever["n"].iloc[0]:
        return None
    counts = {key: int(count_referrals(snapshot, wanted.during(days))["n"].iloc[0]) for key, days in periods.items()}
    return _row("referrals", _("Referrals to victim support"), counts, comparable)


def _row(code: str, label: str, counts: dict[str, int], comparable: bool) -> pd.Series:
    row = _changes(pd.DataFrame(counts, index=[code]), comparable).iloc[0]
    return pd.concat([pd.Series({"code": code, "label": label}), row])


def _changes(counts: pd.DataFrame, comparable: bool) -> pd.DataFrame:
    changes = compare_rows(counts["before"], counts["now"])[list(CHANGES)]
    if not comparable:
        changes = changes.assign(percent=float("nan"), reason="series_break")
    return counts.join(changes.astype({"difference": "int64"}))


def _breaks(snapshot: Snapshot, wanted: Filters, periods: dict[str, Period]) -> pd.DataFrame:
    """Changes in recording after the first day compared: everything before them was counted otherwise."""
    first = periods["before"].start + timedelta(days=1)
    return fetch(snapshot, "calendar/breaks", area=wanted.area, start=first, finish=periods["now"].finish)


def _bridge(snapshot: Snapshot, wanted: Filters, strands: pd.DataFrame) -> Bridge:
    combinations = fetch(snapshot, "incidents/strand_bridge", wanted)
    n, strand_count = combinations["n"], combinations["strand_count"]
    return Bridge(
        total=int(n.sum()),
        without=int(n[strand_count == 0].sum()),
        extra=int((n * (strand_count - 1).clip(lower=0)).sum()),
        in_strands=int(strands.loc[strands["code"] != NOT_RECORDED, "now"].sum()),
    )


def _checks(
    snapshot: Snapshot,
    wanted: Filters,
    periods: dict[str, Period],
    total: pd.Series,
    tables: dict[str, pd.DataFrame],
    bridge: Bridge,
) -> list[Check]:
    names = {
        "kind": _("By crime and non-crime"),
        "crime_group": _("By crime group"),
        "crime_type": _("By crime type"),
        "channel": _("By channel"),
        "outcome_group": _("By outcome"),
    }
    sums = {label: int(tables[name]["now"].sum()) for name, label in names.items()}
    to_date = int(total["to_date"])
    quarters = count(snapshot, wanted.during(periods["to_date"]), ("quarter",))
    return [
        *checks(int(total["now"]), sums, bridge),
        Check(_("Total of the strand bridge"), int(total["now"]), bridge.total),
        Check(_("Quarters of the year to date"), to_date, int(quarters["n"].sum())),
        Check(_("Year to date by crime type"), to_date, int(tables["crime_type"]["to_date"].sum())),
    ]
