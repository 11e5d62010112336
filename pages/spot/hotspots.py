"""Where is most recorded? A map of wards, authorities or squares; click one and everything below follows."""

import streamlit as st

from hatecrime import ui
from hatecrime.i18n import _
from hatecrime.ui import place_view

ui.open_page(_("Where is most hate crime recorded?"))
if ui.count().loc[0, "n"] == 0:
    ui.empty()

answer = st.container()
found, measure, picked = place_view.choose_places()
said = place_view.answer_of(found)
with answer:
    ui.answer(said)

picture, facts = ui.beside()
with picture:
    place_view.draw_map(found, measure, picked, said)
with facts:
    place_view.draw_facts(found, picked)
if picked is None:
    ui.note(_("Click a place on the map or in the table to see its months, strands and crime types."))
else:
    place_view.draw_detail(found, picked)
ui.foot()
