"""Is it rising? Months beside the same months a year earlier, whole or by strand, crime type or area."""

import streamlit as st

from hatecrime import ui
from hatecrime.i18n import _
from hatecrime.ui import trend_view
from hatecrime.words import trends

session = ui.open_page(_("Is recorded hate crime rising?"))
answer = st.container()
filters, split = trend_view.choose_months()
whole = ui.monthly(filters)
if whole["n"].sum() == 0:
    ui.empty()

said = trends.answer(whole)
with answer:
    ui.answer(said)
if split == trend_view.WHOLE:
    picture, facts = ui.beside()
    with facts:
        trend_view.draw_facts(whole)
else:
    picture = st.container()
with picture:
    trend_view.draw_months(trend_view.months_of(filters, split), filters, split, said)
ui.foot()
