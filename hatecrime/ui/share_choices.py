"""What a partner or the public may choose: an area, one of the fixed periods, one kind of incident. All is offered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from hatecrime.database import NOT_RECORDED
from hatecrime.dictionary import code_list
from hatecrime.i18n import _, date_long, language, month_year
from hatecrime.periods import Period, quarter_label, year_label
from hatecrime.shape.labels import label_of
from hatecrime.shape.withheld import period_of
from hatecrime.ui.choices import choose, pick
from hatecrime.ui.sidebar import PREFERRED_AREA, area_name

# Longest first: fewest figures are withheld there.
KINDS = ("rolling", "year", "quarter", "month")
STEPS = ("quarter", "month", "year")
TOTAL = "total"
# The list that labels the codes of a characteristic, where it is not called the same.
LISTS = {"crime_group": "crime_type", "route": "referral_route", "route_group": "referral_route"}


@dataclass(frozen=True)
class Scope:
    """What a page is about: a measure, an area of a level, and one of the periods offered there."""

    measure: str
    # The area that was asked for; another one is shown where that has no such figures.
    wanted: str
    area: str
    level: str
    kind: str
    start: pd.Timestamp

    @property
    def period(self) -> Period:
        """The days from the first to the last."""
        return period_of(self.kind, self.start)

    @property
    def name(self) -> str:
        """The area as it stands in a sentence."""
        return area_name(self.area)


def period_label(kind: str, start: pd.Timestamp) -> str:
    """The shortest name people use for a period of a kind."""
    first = start.date()
    names: dict[str, Callable[[date], str]] = {"quarter": quarter_label, "year": year_label, "month": month_year}
    return names[kind](first) if kind in names else period_of(kind, start).span()


def list_of(by: str) -> str:
    """The code list of a characteristic."""
    return LISTS.get(by, by)


def by_name(by: str) -> str:
    """A characteristic as a heading names it."""
    names = {
        "strand": _("Strand"),
        "crime_group": _("Crime type"),
        "crime_type": _("Crime type"),
        "kind": _("Kind"),
        "channel": _("Channel"),
        "location_type": _("Location"),
        "route": _("Route in detail"),
        "route_group": _("Route"),
        "status": _("Status"),
    }
    return names.get(by, by.replace("_", " ").capitalize())


def step_name(kind: str) -> str:
    """The periods of a trend, as a control names them."""
    names = {"month": _("Months"), "quarter": _("Quarters"), "year": _("Years"), "rolling": _("Periods of 12 months")}
    return names[kind]


def choose_scope(shared: pd.DataFrame, measure: str) -> Scope | None:
    """The controls in the sidebar. None where the measure is offered nowhere, or only outside one's areas."""
    totals = _of_known_areas(shared[shared["by"].eq("") & shared["area"].ne(NOT_RECORDED)])
    offered = totals[totals["measure"].eq(measure)]
    with st.sidebar:
        if offered.empty:
            return None
        wanted = _choose_area(totals)
        area = _nearest(wanted, offered)
        here = offered[offered["area"].eq(area)]
        kind = _choose_kind(here)
        start = _choose_start(here[here["period"].eq(kind)], kind)
    return Scope(measure, wanted, area, str(here["level"].iloc[0]), kind, start)


def choose_step(shared: pd.DataFrame, scope: Scope) -> str:
    """Months, quarters or years of a trend, whatever of these is offered; quarters first."""
    here = shared[shared["measure"].eq(scope.measure) & shared["area"].eq(scope.area) & shared["by"].eq("")]
    steps = tuple(step for step in STEPS if step in set(here["period"])) or (scope.kind,)
    return choose(_("Shown by"), "step", steps, step_name)


def choose_part(cells: pd.DataFrame, title: str) -> tuple[str, str]:
    """All of them, or those of one code of one characteristic: ("", "") or, for instance, ("strand", "race")."""
    pairs = cells[cells["by"].ne("")][["by", "code"]].drop_duplicates()
    codes = (TOTAL, *(f"{row.by}.{row.code}" for row in pairs.itertuples()))
    chosen = pick(title, "part", codes, _part_name, TOTAL, disabled=len(codes) == 1) or TOTAL
    by, _dot, code = chosen.partition(".")
    return (by, code) if chosen != TOTAL else ("", "")


def part_label(by: str, code: str) -> str:
    """The label of one code of a characteristic."""
    return label_of(code, code_list(list_of(by)))


def _of_known_areas(totals: pd.DataFrame) -> pd.DataFrame:
    """The figures of areas that have any: of an area with nothing but zeros, nothing was sent."""
    something = totals["n"].isna() | totals["n"].ne(0).fillna(True)
    return totals[something.groupby([totals["measure"], totals["area"]]).transform("any")]


def _choose_area(totals: pd.DataFrame) -> str:
    """Areas of every level, the largest level first."""
    known = totals[["level", "area"]].drop_duplicates("area")
    rank = known["level"].map(lambda level: -int(code_list("area_level")[level].extras["rank"]))
    known = known.assign(rank=rank, name=known["area"].map(area_name)).sort_values(["rank", "name"])
    levels = dict(zip(known["area"], known["level"], strict=True))

    def label(code: str) -> str:
        level = code_list("area_level").label(levels[code], language()).lower()
        return f"{area_name(code)} ({level})"

    default = PREFERRED_AREA if PREFERRED_AREA in levels else next(iter(levels))
    return pick(_("Area"), "area", tuple(levels), label, default) or default


def _nearest(area: str, offered: pd.DataFrame) -> str:
    """The area itself, the one around it that has figures, or the one with the most among the largest."""
    listed, known = code_list("area"), set(offered["area"])
    while area not in known and area in listed and listed[area].parent:
        area = str(listed[area].parent)
    if area in known:
        return area
    rank = offered["level"].map(lambda level: int(code_list("area_level")[level].extras["rank"]))
    return str(offered[rank.eq(rank.max())].groupby("area")["n"].sum().idxmax())


def _choose_kind(here: pd.DataFrame) -> str:
    kinds = tuple(kind for kind in KINDS if kind in set(here["period"]))
    return pick(_("Period"), "span", kinds, kind_name, kinds[0]) or kinds[0]


def _choose_start(here: pd.DataFrame, kind: str) -> pd.Timestamp:
    starts = {f"{start:%Y-%m}": pd.Timestamp(start) for start in sorted(here["start"].unique(), reverse=True)}

    def label(code: str) -> str:
        return period_label(kind, starts[code])

    latest = next(iter(starts))
    start = starts[pick(_("Which"), "at", tuple(starts), label, latest) or latest]
    period = period_of(kind, start)
    st.caption(_("{from_} to {to}").format(from_=date_long(period.start), to=date_long(period.finish)))
    return start


def kind_name(kind: str) -> str:
    """A kind of period, as a control names it."""
    names = {
        "rolling": _("12 months"),
        "year": _("Financial year"),
        "quarter": _("Quarter"),
        "month": _("Month"),
    }
    return names[kind]


def _part_name(code: str) -> str:
    if code == TOTAL:
        return _("All")
    by, _dot, value = code.partition(".")
    return f"{by_name(by)}: {part_label(by, value)}"
