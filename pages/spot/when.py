"""When does it happen, and does it come back? Hours and weekdays, near repeats, clusters of places and months."""

import streamlit as st

from hatecrime import ui
from hatecrime.i18n import _
from hatecrime.ui import when_view
from hatecrime.ui.when_clusters import draw_clusters
from hatecrime.words import when as words

ui.open_page(_("When does it happen, and does it come back?"))
if ui.count().loc[0, "n"] == 0:
    ui.empty()

answer = st.container()
times, rows = when_view.times()
picture, facts = ui.beside()
with picture:
    when_view.draw_times(times, rows)
with facts:
    when_view.draw_facts(times)
ui.note(*words.readings(times))
repeats, events = when_view.repeats()
when_view.draw_repeats(repeats, events, times.total)
draw_clusters()
with answer:
    ui.answer(words.times(times), when_view.said_of(repeats))
ui.foot()
