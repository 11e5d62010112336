"""How much is recorded, has it changed, and where to look next."""

import streamlit as st

from hatecrime import ui
from hatecrime.charts import trend
from hatecrime.i18n import _, number
from hatecrime.ui import compared, overview_view
from hatecrime.words import overview

session = ui.open_page(_("How much hate crime is recorded, and has it changed?"))
look, period, area = session.look, session.period, ui.area_name(session.filters.area)
kinds = ui.count(("kind",))
if kinds.empty:
    ui.empty()

crimes = int(kinds.loc[kinds["kind"] == "crime", "n"].sum())
change, (quarter, in_quarter) = compared.total(), compared.latest_quarter()
strands, types = compared.by_code("strand", "strand"), compared.by_code("crime_type", "crime_type")
now, before = int(change.now), None if change.reason == "missing" else int(change.before)
said = overview.answer(now, before, period.label(), area, crimes, strands, ui.unsettled(period))
ui.answer(said)

months = ui.monthly(session.filters)
columns = {
    "label": ui.text(_("Name")),
    "n": ui.whole(_("Incidents")),
    "before": ui.whole(_("A year earlier")),
}
picture, facts = ui.beside()
with picture:
    events = ui.shaded_events(period)
    drawn = trend.lines(
        months, look, ui.titles(_("Incidents each month")), before="last_year", events=events, alt_text=said
    )
    shown = {"month": ui.month(_("Month")), "n": columns["n"], "last_year": columns["before"]}
    line = ui.caption(_("Incidents recorded each month"))
    ui.picture(drawn, ui.Table(months, shown), line, "overview_months", [months], ["c1", "c6", "c10"])
with facts:
    ui.facts(
        ui.Fact(quarter.label(), number(in_quarter.now), ui.against(in_quarter, ui.unsettled(quarter))),
        ui.Fact(period.label(), number(now), ui.against(change, ui.unsettled(period))),
        ui.Fact(_("Crimes"), number(crimes), ui.part(crimes, now)),
        ui.Fact(_("Non-crime incidents"), number(now - crimes), ui.part(now - crimes, now)),
    )
left, right = st.columns(2, gap="large")
with left:
    overview_view.draw_codes(strands, now, _("By strand"), "overview_strands", ["c2", "c4", "c7"])
with right:
    overview_view.draw_codes(types, now, _("By crime type"), "overview_types", ["c4", "c7"])
left, right = st.columns(2, gap="large")
with left:
    where = overview_view.draw_where()
with right:
    ui.section(_("What to look at next"))
    overview_view.leads(where)
ui.foot()
