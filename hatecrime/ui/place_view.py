"""What the hotspots page is made of: its controls, its map and the detail of the place that is picked."""

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from hatecrime.charts import bars, maps, trend
from hatecrime.charts.classes import natural
from hatecrime.i18n import _, number, percent
from hatecrime.shape.months import complete_months, same_month_last_year
from hatecrime.stats.change import compare
from hatecrime.stats.concentration import top_share
from hatecrime.stats.intervals import poisson_interval
from hatecrime.ui.choices import choose, pick
from hatecrime.ui.compared import a_year_earlier
from hatecrime.ui.page import Fact, facts, section
from hatecrime.ui.phrases import alt_of, before_and_interval, change_in, standing_out, titles
from hatecrime.ui.picture import Table, caption, decimal, month, picture, text, whole
from hatecrime.ui.places import GRIDS, Places, by_place, level_name, level_title, levels, places, profile
from hatecrime.ui.session import gate
from hatecrime.ui.sidebar import area_name
from hatecrime.words import hotspots

PICKED = "place"
LEADERS = 3
MOST_BARS = 8
MOST_PLACES = 15
# Below this highest rate per 1,000, one decimal would put most places into one class.
FINE_RATES = 2


def choose_places() -> tuple[Places, str, str | None]:
    """The controls above the map: the places, what is shown of them, and the one in detail."""
    left, middle, right = st.columns([6, 3, 4])
    with left:
        found = places(choose(_("Places"), "level", levels(), level_title))
    with middle:
        measures = ("n", "rate") if found.has_rates else ("n",)
        measure = choose(_("Shown"), "measure", measures, _measure_name)
    with right:
        codes = tuple(found.table.sort_values("label")["id"])
        only = codes[0] if len(codes) == 1 else None
        hint = _("Click the map or search")
        picked = pick(_("Place in detail"), PICKED, codes, found.label, only, placeholder=hint)
    return found, measure, picked


def answer_of(found: Places) -> str:
    """Where most is recorded; of a single place there is nothing to compare."""
    if len(found.table) > 1:
        return hotspots.answer(found.table, found.total, level_name(found.level), gate().period.label())
    text_ = _("Nothing finer than {area} is recorded, so places cannot be compared. Choose a larger area.")
    return text_.format(area=area_name(gate().filters.area))


def draw_map(found: Places, measure: str, picked: str | None, said: str) -> None:
    """The map with its table; clicking in either picks a place."""
    chart = map_or_bars(found, measure, measure_title(measure), said, tips=_tips(found), picked=picked)
    what = _("{measure} by {level}").format(measure=measure_title(measure), level=level_name(found.level))
    line = caption(what, more=". ".join(filter(None, [_("Classes: natural breaks"), _unplaced(found)])))
    rows = found.table.sort_values(measure, ascending=False, kind="stable").reset_index(drop=True)
    table = Table(rows, _columns(found), ids="id")
    picture(chart, table, line, "hotspots", found.made, ("c1", "c4", "c7", "c8"), picked, _put)


def map_or_bars(found: Places, measure: str, title: str, said: str, **options: Any) -> alt.LayerChart:
    """The places on a map; as bars where no outline of them is loaded."""
    values, look = found.table[measure], gate().look
    if not found.shapes["features"]:
        rows = found.table.nlargest(MOST_PLACES, measure)
        return bars.bars(rows, look, measure=title, alt_text=said, value=measure, decimals=_decimals(measure, values))
    return maps.choropleth(
        found.shapes,
        found.table,
        look,
        natural(values.tolist(), decimals=_decimals(measure, values)),
        value=measure,
        measure=title,
        alt_text=said,
        missing=_("no figure"),
        ground=found.ground,
        **options,
    )


def draw_facts(found: Places, picked: str | None) -> None:
    """Three or four figures of the place that is picked, or of all of them."""
    row = found.table[found.table["id"] == picked]
    facts(*(_facts_of(row.iloc[0], found) if len(row) else _facts_of_all(found)))


def draw_detail(found: Places, picked: str) -> None:
    """One place: its months, then its strands and crime types beside everywhere in view."""
    name, look = found.label(picked), gate().look
    months = _months(found.level, picked)
    section(_alt_of_months(months, name).removesuffix("."))
    chart = trend.lines(months, look, titles(_("Incidents")), before="last_year", alt_text=_alt_of_months(months, name))
    columns = {
        "month": month(_("Month")),
        "n": whole(_("Incidents")),
        "last_year": whole(_("A year earlier")),
    }
    line = caption(_("Incidents each month"), area=name)
    picture(chart, Table(months, columns), line, "place_months", [months], ("c6", "c7"))
    left, right = st.columns(2, gap="large")
    with left:
        _draw_profile(found, picked, "strand", _("Strands"), ("c2", "c7"))
    with right:
        _draw_profile(found, picked, "crime_type", _("Crime types"), ("c7",))


def measure_title(measure: str) -> str:
    """The measure with its unit, as a legend and a caption name it."""
    return {"n": _("Incidents"), "rate": _("Incidents per 1,000 residents")}[measure]


def _measure_name(measure: str) -> str:
    return {"n": _("Count"), "rate": _("Per 1,000")}[measure]


def _decimals(measure: str, values: pd.Series) -> int:
    if measure == "n":
        return 0
    return 1 if values.max() >= FINE_RATES else 2


def _put(code: str | None) -> None:
    """A click on the map or in the table does what the control does, which is in the address."""
    if code is None:
        st.session_state.pop(PICKED, None)
    else:
        st.session_state[PICKED] = code


def _tips(found: Places) -> list[maps.Tip]:
    tips = [
        maps.Tip("label", level_title(found.level)),
        maps.Tip("n", _("Incidents"), ",.0f"),
        maps.Tip("before", _("A year earlier"), ",.0f"),
    ]
    if found.has_rates:
        tips += [
            maps.Tip("rate", _("Per 1,000 residents"), ",.2f"),
            maps.Tip("low", _("95% interval from"), ",.2f"),
            maps.Tip("high", _("95% interval to"), ",.2f"),
        ]
    return tips


def _columns(found: Places) -> dict[str, Any]:
    columns = {
        "label": text(level_name(found.level).capitalize()),
        "n": whole(_("Incidents")),
        "before": whole(_("A year earlier")),
    }
    if found.has_rates:
        columns |= {
            "population": whole(_("Residents")),
            "rate": decimal(_("Per 1,000"), 2),
            "low": decimal(_("95% from"), 2),
            "high": decimal(_("95% to"), 2),
        }
    return columns


def _unplaced(found: Places) -> str:
    if not found.unplaced:
        return ""
    return _("{n} of {total} have no known {level} and are not drawn").format(
        n=number(found.unplaced), total=number(found.total), level=level_name(found.level)
    )


def _facts_of_all(found: Places) -> list[Fact]:
    table = found.table
    top = top_share(table.set_index("label")["n"], LEADERS)
    none = int((table["n"] == 0).sum())
    return [
        Fact(_("Incidents"), number(found.total), _unplaced(found)),
        Fact(_("In the three highest"), percent(top.share), ", ".join(map(str, top.areas))),
        *([] if found.level in GRIDS else [Fact(_("Without any"), number(none), _of(len(table), found.level))]),
    ]


def _of(n: int, level: str) -> str:
    return _("of {n}, counted by {level}").format(n=number(n), level=level_name(level))


def _facts_of(row: pd.Series, found: Places) -> list[Fact]:
    interval = poisson_interval(int(row["n"]))
    shown = [
        Fact(
            str(row["label"]),
            number(row["n"]),
            _("incidents; 95% interval {low} to {high}").format(
                low=number(float(interval.low)), high=number(float(interval.high))
            ),
        ),
        Fact(
            _("Of all in view"),
            percent(row["n"] / max(found.total, 1)),
            _("of {n}").format(n=number(found.total)),
        ),
    ]
    if pd.notna(row["rate"]):
        note = _("95% interval {low} to {high}; {n} residents").format(
            low=number(row["low"], 2), high=number(row["high"], 2), n=number(row["population"])
        )
        shown.append(Fact(_("Per 1,000 residents"), number(row["rate"], 2), note))
    change = compare(int(row["before"]), int(row["n"]))
    shown.append(Fact(_("Change on the year"), change_in(change), before_and_interval(change)))
    return shown


def _months(level: str, picked: str) -> pd.DataFrame:
    session = gate()
    now = by_place(level, "month")
    earlier = by_place(level, "month", a_year_earlier(session.filters))
    both = pd.concat([earlier, now])
    chosen = both[both["id"] == picked].drop(columns="id")
    wide = session.filters.but(start=session.period.previous_year().start)
    months = same_month_last_year(complete_months(chosen, wide, (), session.facts))
    shown = months[months["month"] >= pd.Timestamp(session.period.start.replace(day=1))]
    shown.attrs["made"] = now.attrs["made"]
    return shown


def _alt_of_months(months: pd.DataFrame, name: str) -> str:
    text_ = _("{place}: {total} incidents in {n} months, at most {most} in one.")
    return text_.format(
        place=name, total=number(months["n"].sum()), n=number(len(months)), most=number(months["n"].max())
    )


def _draw_profile(found: Places, picked: str, dimension: str, heading: str, caveats: tuple[str, ...]) -> None:
    rows = profile(found.level, picked, dimension, dimension)
    rows = rows.sort_values("overall", ascending=False, kind="stable").reset_index(drop=True)
    rows = rows.assign(note=[f"({number(n)})" for n in rows["n"]])
    total = int(found.table.loc[found.table["id"] == picked, "n"].sum())
    section(standing_out(rows, total, heading))
    chart = bars.bars(
        rows.head(MOST_BARS),
        gate().look,
        measure=_("Share of incidents"),
        noun=heading,
        alt_text=alt_of(rows, heading, "share"),
        value="share",
        unit="%",
        low="low",
        high="high",
        interval_title=_("95% interval"),
        before="overall",
        before_title=_("Everywhere in view"),
        note="note",
    )
    columns = {
        "label": text(heading),
        "n": whole(_("Incidents")),
        "share": decimal(_("Share, %")),
        "low": decimal(_("95% from")),
        "high": decimal(_("95% to")),
        "overall": decimal(_("Everywhere, %")),
    }
    more = _("Dot and line: the place, with the 95% interval. Pale bar: everywhere in view")
    line = caption(_("Share of incidents"), area=found.label(picked), more=more)
    picture(chart, Table(rows, columns), line, f"place_{dimension}", [rows], caveats)
