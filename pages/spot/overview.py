"""How much is recorded, has it changed, and where to look next."""

import streamlit as st

from hatecrime import ui
from hatecrime.charts import bars, maps, trend
from hatecrime.charts.classes import natural
from hatecrime.i18n import _, number, percent
from hatecrime.ui import compared
from hatecrime.words import hotspots, overview, trends

session = ui.open_page(_("How much hate crime is recorded, and has it changed?"))
look, period, area = session.look, session.period, ui.area_name(session.filters.area)
kinds = ui.count(("kind",))
if kinds.empty:
    ui.empty()

crimes = int(kinds.loc[kinds["kind"] == "crime", "n"].sum())
change, (quarter, in_quarter) = compared.total(), compared.latest_quarter()
strands, types = compared.by_code("strand", "strand"), compared.by_code("crime_type", "crime_type")
now, before = int(change.now), None if change.reason == "missing" else int(change.before)
said = overview.answer(now, before, period.label(), area, crimes, strands)
ui.answer(said)

months = ui.monthly(session.filters)
titles = ui.titles(_("Incidents"))
columns = {"label": ui.text(_("Name")), "n": ui.whole(_("Incidents")), "before": ui.whole(_("A year earlier"))}
picture, facts = ui.beside()
with picture:
    drawn = trend.lines(
        months, look, titles, before="last_year", events=ui.shaded_events(period), alt_text=said
    )
    month_columns = {"month": ui.month(_("Month")), "n": columns["n"], "last_year": columns["before"]}
    caption = ui.caption(_("Incidents recorded each month"))
    ui.picture(drawn, ui.Table(months, month_columns), caption, "overview_months", [months], ["c1", "c6", "c10"])
with facts:
    ui.facts(
        ui.Fact(quarter.label(), number(in_quarter.now), ui.against(in_quarter)),
        ui.Fact(period.label(), number(now), ui.against(change)),
        ui.Fact(_("Crimes"), number(crimes), _("{share} of {n}").format(share=percent(crimes / now), n=number(now))),
        ui.Fact(_("Non-crime incidents"), number(now - crimes), _("recorded, but no crime in law")),
    )
left, right = st.columns(2, gap="large")
for place, key, finding, rows, caveats in (
    (left, "overview_strands", _("By strand"), strands, ["c2", "c4", "c7"]),
    (right, "overview_types", _("By crime type"), types, ["c4", "c7"]),
):
    with place:
        ui.section(finding)
        options = {"before": "before", "before_title": _("A year earlier"), "note": "note"}
        drawn = bars.bars(rows, look, measure=_("Incidents"), alt_text=ui.alt_of(rows, finding), **options)
        caption = ui.caption(_("Incidents; the mark and the figure in brackets are a year earlier"))
        ui.picture(drawn, ui.Table(rows, columns), caption, key, [rows], caveats)
left, right = st.columns(2, gap="large")
found = ui.places(ui.levels()[0])
where = hotspots.answer(found.table, found.total, ui.level_name(found.level), period.label())
with left:
    ui.section(_("Where"))
    drawn = maps.choropleth(
        found.shapes, found.table, look, natural(found.table["n"]), value="n", measure=_("Incidents"), alt_text=where, small=True
    )
    ui.picture(drawn, ui.Table(found.table, columns), ui.caption(_("Incidents by {level}").format(level=ui.level_name(found.level))), "overview_map", found.made[:1], ["c7"])
with right:
    ui.section(_("What to look at next"))
    ui.leads(("pages/spot/hotspots.py", where), ("pages/spot/trends.py", trends.answer(months)))
ui.foot()
