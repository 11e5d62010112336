"""Where is most recorded? A map of areas or cells, how sure it is, and whether it held up; click a place for more."""

import streamlit as st

from hatecrime import ui
from hatecrime.i18n import _
from hatecrime.ui import place_proof, place_view
from hatecrime.ui.place_detail import draw_detail

ui.open_page(_("Where is most hate crime recorded?"))
if ui.count().loc[0, "n"] == 0:
    ui.empty()

answer = st.container()
shown, picked = place_view.choose_places()
with answer:
    ui.answer(shown.said)

picture, facts = ui.beside()
with picture:
    place_view.draw_map(shown, picked)
with facts:
    place_view.draw_facts(shown, picked)
if picked is None:
    ui.note(_("Click a place on the map or in the table to see its months and the way to its profile."))
elif not shown.found.choices.has_cells:
    draw_detail(shown.found, picked)
place_proof.draw_proof(shown.found)
ui.foot()
