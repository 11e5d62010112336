"""Are the reporting centres where they are needed, and do people use them?"""

import streamlit as st

from hatecrime import ui
from hatecrime.i18n import _
from hatecrime.ui import centre_view as view
from hatecrime.words import centres

session = ui.open_page(_("Are the reporting centres where they are needed, and used?"))
found = view.cover()
if found.centres.empty and found.points.empty:
    ui.empty(_("No reporting centre, and no incident with a known place, matches these filters."))

said = centres.answer(found.cover, found.open_centres, found.without)
ui.answer(said, view.silence())

picture, facts = ui.beside()
with picture:
    view.draw_map(found, said)
with facts:
    ui.facts(*view.facts(found))
view.draw_use(found)
left, right = st.columns(2, gap="large")
with left:
    view.draw_strands(found)
with right:
    view.draw_places(found)
view.draw_candidates(found)
ui.foot()
