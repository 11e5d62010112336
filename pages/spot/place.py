"""What is happening in one place, beside everywhere else in view or beside a second one; on one page of paper."""

import streamlit as st

from hatecrime import ui
from hatecrime.ui import profile_view as view

head = st.container()
with st.container(key="place_controls"):
    level_at, places_at = st.columns([1, 2], vertical_alignment="bottom")
with level_at:
    level = view.choose_level()
with places_at:
    found, codes = view.choose_places(level)

counted, shown = view.profiles_of(found, codes)
with head:
    ui.open_page(view.title_of(shown))
if ui.count().loc[0, "n"] == 0:
    ui.empty()
view.draw_answer(shown, found)
view.draw(shown, counted, found)
ui.foot()
