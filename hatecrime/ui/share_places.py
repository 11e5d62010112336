"""What the map for partners and the public is made of: areas of a fixed period, the withheld ones hatched."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from hatecrime.access import lies_in
from hatecrime.charts import bars, maps
from hatecrime.charts.classes import natural
from hatecrime.database import NOT_RECORDED
from hatecrime.dictionary import code_list
from hatecrime.i18n import _, language, number
from hatecrime.periods import Period
from hatecrime.shape.withheld import beside_a_year_earlier, most_first, period_of
from hatecrime.stats.intervals import rate
from hatecrime.ui.choices import choose
from hatecrime.ui.data import fetch
from hatecrime.ui.page import Fact, note
from hatecrime.ui.picture import Chart, Table, caption, decimal, picture, text, whole
from hatecrime.ui.places import level_name, level_title, outlines
from hatecrime.ui.session import gate
from hatecrime.ui.share_choices import Scope, choose_part, part_label
from hatecrime.ui.share_data import shared
from hatecrime.ui.share_view import figures, what, written
from hatecrime.ui.sidebar import area_name, basis_name
from hatecrime.words import shared as words

YEARS = ("rolling", "year")
MOST_BARS = 25
FINE_RATES = 2
CAVEATS = ("c1", "c4", "c7")
TAKEN = ("id", "label", "n", "symbol", "before", "before_symbol", "population", "rate", "low", "high")


@dataclass(frozen=True)
class Shown:
    """Places of one level in one year; table has one row per place, those that are withheld too."""

    within: str | None
    level: str
    period: Period
    name: str
    table: pd.DataFrame
    shapes: Mapping[str, Any]

    @property
    def has_rates(self) -> bool:
        """Whether any place has a rate: a figure that is shown, and a population."""
        return bool(self.table["rate"].notna().any())

    @property
    def hidden(self) -> frozenset[str]:
        """The places whose figure is withheld."""
        return frozenset(self.table.loc[self.table["n"].isna(), "id"])


def choose_places(scope: Scope) -> tuple[Shown, str] | None:
    """The controls above the map, and what they choose; None where no places are offered to compare."""
    years = _years(scope)
    within, levels = _levels(years, scope.area)
    if not levels:
        return None
    left, middle, right = st.columns([4, 3, 5])
    with left:
        level = choose(_("Places"), "level", levels, level_title)
    at_level = _inside(years[years["level"].eq(level)], within)
    with right:
        by, code = choose_part(at_level, what(scope))
    chosen = at_level[at_level["by"].eq(by) & at_level["code"].eq(code)]
    found = _shown(chosen, within, level, part_label(by, code) if by else "")
    with middle:
        measures = ("n", "rate") if found.has_rates else ("n",)
        measure = choose(_("Shown"), "measure", measures, _measure_name)
    return found, measure


def answer(found: Shown) -> str:
    """Which places hold most, as far as they are shown."""
    return words.places(found.table, area_name(found.within), found.period.label())


def draw_map(found: Shown, measure: str, said: str) -> None:
    """The map with its table; what is withheld is hatched and marked, and never has a colour of the ramp."""
    title = {"n": _("Incidents"), "rate": _("Incidents per 1,000 residents")}[measure]
    title = f"{title}: {found.name}" if found.name else title
    table = most_first(found.table.sort_values("label"))
    line = caption(
        _("{measure} by {level}").format(measure=title, level=level_name(found.level)),
        period=found.period,
        area=area_name(found.within),
        basis=basis_name("recorded"),
        more=". ".join(filter(None, [_("Classes: natural breaks"), _hatched(found)])),
    )
    chart = _chart(found, measure, title, said)
    picture(chart, Table(table, _columns(found), taken=TAKEN), line, "shared_places", (), CAVEATS)


def facts(found: Shown) -> list[Fact]:
    """The highest figures shown, and how many places are not."""
    known = most_first(found.table.dropna(subset="n"))
    shown = [
        Fact(str(row.label), words.shown(row.n, row.symbol), _beside(row))
        for row in known[known["n"] > 0].head(2).itertuples()
    ]
    of = _("of {n}, counted by {level}").format(n=number(len(found.table)), level=level_name(found.level))
    rest = {_("Withheld"): len(found.hidden), _("Without any"): int(known["n"].eq(0).sum())}
    return [*shown, *(Fact(name, number(n), of) for name, n in rest.items() if n)]


def about(found: Shown) -> str:
    """What the page is about, for its foot."""
    return f"{area_name(found.within)} · {found.period.span()} · {basis_name('recorded')}"


def draw_reading(found: Shown) -> None:
    """What may be read from the map, and what may not."""
    sentences = [
        _("A place with more records can have more harm, more people passing through, or more confidence to report."),
        _("Small differences are chance: do not rank places by them."),
    ]
    if found.hidden:
        sentences.append(_("Hatched places are neither zero nor low: nothing is said of them, to protect people."))
    if found.has_rates:
        sentences.append(_("Rates are for those who live there; town centres have many visitors."))
    note(*sentences)


def _years(scope: Scope) -> pd.DataFrame:
    """The cells of the chosen year; where a shorter period is chosen, of the latest year that ends by then."""
    found = shared()
    found = found[found["measure"].eq(scope.measure) & found["area"].ne(NOT_RECORDED)]
    kinds = [scope.kind] if scope.kind in YEARS else [kind for kind in YEARS if kind in set(found["period"])]
    found = found[found["period"].isin(kinds[:1])]
    finished = [start for start in found["start"].unique() if _finish(kinds[0], start) <= scope.period.finish]
    return beside_a_year_earlier(found).loc[lambda cells: cells["start"].eq(max(finished, default=pd.NaT))]


def _finish(kind: str, start: Any) -> Any:
    return period_of(kind, pd.Timestamp(start)).finish


def _levels(years: pd.DataFrame, area: str) -> tuple[str | None, tuple[str, ...]]:
    """The levels at which there are places to compare in an area, lowest first; else in what lies around it."""
    within: str | None = area
    while True:
        found = _inside(years, within)
        counted = found.groupby("level")["area"].nunique()
        rank = code_list("area_level")
        levels = sorted(counted[counted > 1].index, key=lambda level: int(rank[level].extras["rank"]))
        if levels or within is None:
            return within, tuple(levels)
        listed = code_list("area")
        within = listed[within].parent if within in listed else None


def _inside(cells: pd.DataFrame, within: str | None) -> pd.DataFrame:
    inside = {area for area in cells["area"].unique() if within is None or lies_in(area, (within,))}
    return cells[cells["area"].isin(inside)]


def _shown(cells: pd.DataFrame, within: str | None, level: str, name: str) -> Shown:
    kind, start = str(cells["period"].iloc[0]), pd.Timestamp(cells["start"].iloc[0])
    period = period_of(kind, start)
    _listed, shapes = outlines(gate().snapshot, level, period.finish, within, language())
    people = fetch("areas/population", level=level, year=period.finish.year, population_group="all")
    table = written(cells.assign(id=cells["area"], label=cells["area"].map(area_name)))
    outlined = {each["id"] for each in shapes["features"]}
    # Of an area without an outline and without a record nothing was sent: that is not a place without incidents.
    known = table["id"].isin(outlined) | table["n"].isna() | table["n"].gt(0).fillna(False)
    table = _with_rates(table[known].reset_index(drop=True), people)
    return Shown(within, level, period, name, table, _only(shapes, set(table["id"])))


def _with_rates(table: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """population, rate, low and high; a rate of what is withheld is withheld with it."""
    population = table["id"].map(people.set_index("area_code")["n"]).astype("float64")
    rates = rate(table["n"].astype("float64").to_numpy(), population.to_numpy(), per=1000)
    counts = {column: table[column].astype("float64") for column in ("n", "before")}
    table = table.assign(**counts, population=population, rate=rates.estimate, low=rates.low, high=rates.high)
    return table.assign(shown_rate=[_rate(*each) for each in zip(table["symbol"], table["rate"], strict=True)])


def _rate(symbol: str, value: float) -> str:
    return words.shown(pd.NA, symbol) if symbol else number(value, 2)


def _only(shapes: Mapping[str, Any], ids: set[str]) -> dict[str, Any]:
    return {**shapes, "features": [each for each in shapes["features"] if each["id"] in ids]}


def _chart(found: Shown, measure: str, title: str, said: str) -> Chart:
    look, decimals = gate().look, _decimals(found.table[measure], measure)
    if not found.shapes["features"]:
        rows = most_first(found.table.sort_values("label")).head(MOST_BARS)
        return bars.bars(rows, look, measure=title, alt_text=said, value=measure, decimals=decimals, withheld="shown")
    return maps.choropleth(
        found.shapes,
        found.table,
        look,
        natural(found.table[measure].tolist(), decimals=decimals),
        value=measure,
        measure=title,
        alt_text=said,
        tips=_tips(found),
        missing=_("no figure"),
        hatched=found.hidden,
        hatched_name=_("withheld [c]"),
    )


def _tips(found: Shown) -> list[maps.Tip]:
    tips = [
        maps.Tip("label", level_title(found.level)),
        maps.Tip("shown", _("Incidents")),
        maps.Tip("shown_before", _("A year earlier")),
    ]
    return [*tips, maps.Tip("shown_rate", _("Per 1,000 residents"))] if found.has_rates else tips


def _columns(found: Shown) -> dict[str, Any]:
    columns = {
        "label": text(level_name(found.level).capitalize()),
        "shown": figures(_("Incidents")),
        "shown_before": figures(_("A year earlier")),
    }
    if not found.has_rates:
        return columns
    return {
        **columns,
        "population": whole(_("Residents")),
        "shown_rate": figures(_("Per 1,000")),
        "low": decimal(_("95% from"), 2),
        "high": decimal(_("95% to"), 2),
    }


def _beside(row: Any) -> str:
    if pd.isna(row.rate):
        return _("a year earlier {n}").format(n=row.shown_before)
    text_ = _("a year earlier {n}; {rate} per 1,000 residents (95% interval {low} to {high})")
    return text_.format(n=row.shown_before, rate=number(row.rate, 2), low=number(row.low, 2), high=number(row.high, 2))


def _hatched(found: Shown) -> str:
    return words.how_much_is_hidden(len(found.hidden), len(found.table))


def _decimals(values: pd.Series, measure: str) -> int:
    if measure == "n":
        return 0
    return 1 if values.max() >= FINE_RATES else 2


def _measure_name(measure: str) -> str:
    return {"n": _("Count"), "rate": _("Per 1,000")}[measure]
