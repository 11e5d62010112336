"""One place beside everywhere else in view: its months, what is recorded there, when, and with what outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from hatecrime.database import NOT_RECORDED, Facts
from hatecrime.filters import Filters
from hatecrime.periods import Period, quarter_of
from hatecrime.reports.unknown_near import Nearby
from hatecrime.shape.hotspots import with_change
from hatecrime.shape.labels import in_list_order, with_labels
from hatecrime.shape.months import complete_months, same_month_last_year
from hatecrime.shape.when import Times
from hatecrime.shape.when import times as times_of
from hatecrime.stats.change import Change, compare
from hatecrime.stats.intervals import wilson
from hatecrime.stats.local import false_discovery
from hatecrime.stats.neighbours import Neighbours
from hatecrime.stats.standing_out import unlike_elsewhere

YEARS_BACK = 4
# By then most outcomes of an incident are assigned.
MATURE_MONTHS = 6
MARKS = ("repeat_victim", "school", "transport", "night_time", "online")
LEVEL = 0.05
# Of fewer incidents of a kind nothing is said, and of fewer in all no share.
LEAST = 3
FEWEST_FOR_SHARES = 10
# A year of quarters, so that every season is among those that the latest is set beside.
LEAST_QUARTERS = 4


@dataclass(frozen=True)
class Sheets:
    """
    What is counted by place, for all places of a level at once; each has area, what it is counted by, and n.

    months go back YEARS_BACK years and one more, for the year earlier; outcomes are those of mature; marks is
    queries/profile/marks.
    """

    filters: Filters
    facts: Facts
    first: date
    months: pd.DataFrame
    strands: pd.DataFrame
    crime_types: pd.DataFrame
    hours: pd.DataFrame
    outcomes: pd.DataFrame
    marks: pd.DataFrame
    mature: Period

    @property
    def period(self) -> Period:
        """The period of the filters, which is closed."""
        if self.filters.period is None:
            raise ValueError("A place is shown over a period; these filters have none.")
        return self.filters.period


@dataclass(frozen=True)
class Profile:
    """
    A place, and beside it all others of its level in view.

    now is this period beside the year before; against compares its rate with that of the others, where residents are
    known; trend the last final quarters with as many before them, in whole years; latest the last quarter with those
    shown before it, where it is unlike them. rate, low and high are per 1,000
    residents, nan where these are not known. strands, crime_types and outcomes have code, label, n, share, low, high,
    elsewhere (in percent) and, but for outcomes, clear: commoner here than elsewhere by more than chance. marks have
    known too: of how many it is known.
    """

    code: str
    label: str
    period: Period
    n: int
    others: int
    in_view: int
    now: Change
    against: Change | None
    population: float
    rate: float
    low: float
    high: float
    months: pd.DataFrame
    quarters: pd.DataFrame
    trend: Change | None
    latest: Change | None
    strands: pd.DataFrame
    crime_types: pd.DataFrame
    times: Times
    outcomes: pd.DataFrame
    mature: Period
    marks: pd.DataFrame
    without_strand: int
    without_point: int
    neighbours: pd.DataFrame
    touches: bool
    near: tuple[dict[str, Any], ...]
    residents: pd.DataFrame

    @property
    def has_elsewhere(self) -> bool:
        """Whether there is anything to compare the place with."""
        return self.in_view > 1


def window(filters: Filters, first: date) -> Filters:
    """The years of which months are counted: those shown, and one more for the year earlier."""
    finish = _closed(filters).finish
    start = min(finish.replace(day=1, year=finish.year - YEARS_BACK - 1), _closed(filters).previous_year().start)
    return filters.but(start=max(start, min(first, finish)), finish=finish)


def mature(filters: Filters, facts: Facts) -> Period:
    """As many days as the period has, early enough for outcomes to be known."""
    period = _closed(filters)
    last = pd.Timestamp(facts.complete_to or period.finish) - pd.DateOffset(months=MATURE_MONTHS)
    finish = min(period.finish, (last + pd.offsets.MonthEnd(0)).date())
    back = 12 * (period.finish.year - finish.year) + period.finish.month - finish.month
    start = (pd.Timestamp(period.start) - pd.DateOffset(months=back)).date()
    return Period(min(start, finish), finish)


def profile_of(
    sheets: Sheets, places: pd.DataFrame, around: Neighbours, near: Nearby, residents: pd.DataFrame, code: str
) -> Profile:
    """
    The profile of one of the places.

    places is the table of shape.hotspots.counted_areas, around who is beside whom in its order, residents what
    queries/profile/residents gives of the area.
    """
    row = places.loc[places["id"] == code].iloc[0]
    others = places[places["id"] != code]
    strands, crime_types = _tested(
        _mix(sheets.strands, "strand", code, places), _mix(sheets.crime_types, "crime_type", code, places)
    )
    months = _months(sheets, code)
    quarters = _quarters(months, sheets)
    marks = sheets.marks[sheets.marks["area"] == code]
    return Profile(
        code=code,
        label=str(row["label"]),
        period=sheets.period,
        n=int(row["n"]),
        others=int(others["n"].sum()),
        in_view=len(places),
        now=compare(int(row["before"]) if _reaches_back(sheets) else None, int(row["n"])),
        against=_against(row, others),
        population=float(row["population"]),
        rate=float(row["rate"]),
        low=float(row["low"]),
        high=float(row["high"]),
        months=months[months["month"] >= pd.Timestamp(sheets.period.start.replace(day=1))].reset_index(drop=True),
        quarters=quarters.tail(4 * YEARS_BACK).reset_index(drop=True),
        trend=_trend(quarters[~quarters["provisional"]]["n"]),
        latest=_latest(quarters.tail(4 * YEARS_BACK)["n"]),
        strands=strands,
        crime_types=crime_types,
        times=times_of(sheets.hours[sheets.hours["area"] == code], sheets.period),
        outcomes=_outcomes(sheets.outcomes, code),
        mature=sheets.mature,
        marks=_marks(sheets.marks, code),
        without_strand=int(marks["without_strand"].sum()),
        without_point=int(marks["without_point"].sum()),
        **_beside(places, around, code),
        near=near.around(None if pd.isna(row["x"]) else (float(row["x"]), float(row["y"]))),
        residents=residents,
    )


def differences(one: Profile, other: Profile) -> pd.DataFrame:
    """
    Two places compared, a row for each figure: what ("n", "rate", "strand", "crime_type"), label, here and there (as
    they are read), ratio, low, high and direction. Shares are compared by the incidents that they are shares of, where
    both places have enough.
    """
    rows = [_difference("n", "", one.n, other.n, compare(other.n, one.n))]
    if one.population > 0 and other.population > 0:
        rates = compare(other.n, one.n, other.population, one.population)
        rows.append(_difference("rate", "", one.rate, other.rate, rates))
    for what, here, there in (
        ("strand", one.strands, other.strands),
        ("crime_type", one.crime_types, other.crime_types),
    ):
        rows += _share_differences(what, here, there, one.n, other.n)
    return pd.DataFrame(rows)


def _share_differences(
    what: str, here: pd.DataFrame, there: pd.DataFrame, n: int, other_n: int
) -> list[dict[str, Any]]:
    if min(n, other_n) < FEWEST_FOR_SHARES:
        return []
    pairs = here.merge(there, on=["code", "label"], suffixes=("", "_there"))
    return [
        _difference(what, row["label"], row["share"], row["share_there"], compare(row["n_there"], row["n"], other_n, n))
        for row in pairs.to_dict("records")
        if row["n"] + row["n_there"] >= LEAST
    ]


def _difference(what: str, label: str, here: float, there: float, change: Change) -> dict[str, Any]:
    limits = {"ratio": change.ratio, "low": change.low, "high": change.high, "direction": change.direction}
    return {"what": what, "label": label, "here": here, "there": there, **limits}


def _closed(filters: Filters) -> Period:
    if filters.period is None:
        raise ValueError("A place is shown over a period; these filters have none.")
    return filters.period


def _reaches_back(sheets: Sheets) -> bool:
    return sheets.period.previous_year().start >= sheets.first.replace(day=1)


def _against(row: pd.Series, others: pd.DataFrame) -> Change | None:
    """The place's rate beside that of the others, of those whose residents are known."""
    known = others[others["population"] > 0]
    if not row["population"] > 0 or known.empty:
        return None
    return compare(int(known["n"].sum()), int(row["n"]), float(known["population"].sum()), float(row["population"]))


def _mix(rows: pd.DataFrame, dimension: str, code: str, places: pd.DataFrame) -> pd.DataFrame:
    """What one place's incidents are, beside those of all others: code, label, n, share, low, high, elsewhere, p."""
    inside = rows[rows["area"].isin(places["id"]) & (rows[dimension] != NOT_RECORDED)]
    whole = places.set_index("id")["n"]
    return _shares(inside, dimension, code, float(whole[code]), float(whole.sum() - whole[code]))


def _shares(rows: pd.DataFrame, dimension: str, code: str, n: float, rest: float) -> pd.DataFrame:
    """Shares of n here, and of rest elsewhere; strands of incidents, so that they add to more than all."""
    everywhere = rows.groupby(dimension)["n"].sum()
    here = rows[rows["area"] == code].groupby(dimension)["n"].sum().reindex(everywhere.index, fill_value=0)
    part, others = here.to_numpy(float), (everywhere - here).to_numpy(float)
    interval = wilson(part, n)
    found = unlike_elsewhere(part, n, others, rest, least=LEAST)
    frame = pd.DataFrame(
        {
            "code": everywhere.index.astype("str"),
            "n": here.to_numpy().astype("int64"),
            "share": interval.estimate * 100,
            "low": interval.low * 100,
            "high": interval.high * 100,
            "elsewhere": others * 100 / rest if rest else np.nan,
            # Where even the most extreme count would be no surprise, there is nothing to test.
            "p": np.where((rest > 0) & (found.size > 0), found.p, np.nan),
        }
    )
    labelled = with_labels(in_list_order(frame, "code", dimension), "code", dimension)
    # The same order for every place, so that two can be read across.
    order = labelled["code"].map(everywhere).sort_values(ascending=False, kind="stable").index
    return labelled.loc[order].reset_index(drop=True)


def _tested(*mixes: pd.DataFrame) -> tuple[pd.DataFrame, ...]:
    """Adds clear: commoner here than chance would have it, all kinds of all mixes being tested at once."""
    adjusted = false_discovery(np.concatenate([mix["p"].to_numpy(float) for mix in mixes]))
    clear = np.split(adjusted <= LEVEL, np.cumsum([len(mix) for mix in mixes])[:-1])
    return tuple(mix.assign(clear=found) for mix, found in zip(mixes, clear, strict=True))


def _months(sheets: Sheets, code: str) -> pd.DataFrame:
    """month, n, provisional and last_year, which is missing where the data do not reach back."""
    wide = window(sheets.filters, sheets.first)
    here = sheets.months[sheets.months["area"] == code].drop(columns="area")
    return same_month_last_year(complete_months(here, wide, (), sheets.facts))


def _quarters(months: pd.DataFrame, sheets: Sheets) -> pd.DataFrame:
    """Whole quarters: quarter (its first day), n, provisional, and strong where in the period."""
    rows = months.assign(quarter=months["month"].dt.to_period("Q").dt.start_time)
    found = rows.groupby("quarter").agg(n=("n", "sum"), months=("n", "size"), provisional=("provisional", "any"))
    whole = found[found["months"] == 3].reset_index()
    start = quarter_of(sheets.period.start).start
    return whole.drop(columns="months").assign(strong=whole["quarter"] >= pd.Timestamp(start))


def _trend(final: "pd.Series[int]") -> Change | None:
    """Whole years of quarters beside as many before, so that a season does not look like a trend."""
    years = len(final) // 8
    if not years:
        return None
    later, earlier = final.iloc[-4 * years :], final.iloc[-8 * years : -4 * years]
    return compare(int(earlier.sum()), int(later.sum()))


def _latest(shown: "pd.Series[int]") -> Change | None:
    """
    The last quarter beside all before it, where their ratio is clear and it lies beyond every one of them.

    That no quarter before was like it keeps what varies more than chance from being called unlike.
    """
    *before, last = shown.tolist() or [0]
    if len(before) < LEAST_QUARTERS or min(before) <= last <= max(before):
        return None
    found = compare(sum(before), last, len(before), 1)
    return None if found.direction == "unclear" else found


def _outcomes(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    """Of the incidents for which one is recorded; those that are not crimes have none."""
    known = rows[rows["outcome_group"] != NOT_RECORDED].rename(columns={"outcome_group": "outcome"})
    n = known.groupby("area")["n"].sum()
    here = float(n.get(code, 0))
    return _shares(known, "outcome", code, here, float(n.sum()) - here).drop(columns="p")


def _marks(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    here, rest = rows[rows["area"] == code], rows[(rows["area"] != code) & rows["area"].notna()]
    found = []
    for mark in MARKS:
        n, known = int(here[mark].sum()), int(here[f"{mark}_known"].sum())
        interval, elsewhere = wilson(n, known), wilson(rest[mark].sum(), rest[f"{mark}_known"].sum())
        limits = {
            "share": interval.estimate,
            "low": interval.low,
            "high": interval.high,
            "elsewhere": elsewhere.estimate,
        }
        found.append({"code": mark, "n": n, "known": known, **{name: float(v) * 100 for name, v in limits.items()}})
    return pd.DataFrame(found)


def _beside(places: pd.DataFrame, around: Neighbours, code: str) -> Mapping[str, Any]:
    """The neighbours with their change on the year, most first, and whether the place really touches them."""
    at = int(np.flatnonzero(places["id"] == code)[0])
    beside = places.iloc[np.flatnonzero(around.links[[at]].toarray()[0])]
    rows = with_change(beside).sort_values("n", ascending=False, kind="stable").reset_index(drop=True)
    return MappingProxyType({"neighbours": rows, "touches": at not in around.islands})
