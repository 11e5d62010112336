"""How the figures are made, and what they cannot say."""

import pandas as pd
import streamlit as st

from hatecrime import ui
from hatecrime.dictionary import code_list
from hatecrime.filters import Filters
from hatecrime.i18n import _, language
from hatecrime.ui import data_view as view
from hatecrime.ui.page import READABLE
from hatecrime.words import method

session = ui.open_page(_("How are the figures made, and what can they not say?"))
# How much is held is for those who see all of it exactly.
if session.audience == "analyst" and not session.user.areas:
    extracts = view.extracts()
    incidents = extracts[extracts["target"] == "incident"]
    n = int(ui.count(filters=Filters())["n"].sum())
    ui.answer(method.answer(n, *view.first_and_last(incidents)))

for heading, paragraphs in method.sections():
    ui.section(heading)
    for paragraph in paragraphs:
        st.markdown(paragraph, width=READABLE)

ui.section(_("Days on which recording changed"))
view.draw_breaks()
ui.section(_("Read these with every figure"))
caveats = code_list("caveat")
said = [caveats.label(code, language()) for code in caveats if code not in view.OF_PROTECTED_FIGURES]
st.markdown("\n".join(f"- {each}" for each in said), width=READABLE)
ui.section(_("Words"))
words = pd.DataFrame(method.glossary(), columns=["term", "meaning"])
view.reading_table(words, {"term": _("Word"), "meaning": _("What it means here")}, "words")
ui.foot()
