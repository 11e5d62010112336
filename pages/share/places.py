"""For partners and the public: where is it recorded? A map of a year, with what is withheld hatched."""

import streamlit as st

from hatecrime import ui
from hatecrime.i18n import _
from hatecrime.ui import share_places, share_view

session = ui.open_page(_("Where is hate crime recorded?"))
scope = share_view.open_scope("incidents")
answer = st.container()
chosen = share_places.choose_places(scope)
if chosen is None:
    share_view.nothing(
        _("No places can be compared here."),
        _("Figures are shared for {area} as a whole. Choose a larger area or a whole year.").format(area=scope.name),
    )

found, measure = chosen
said = share_places.answer(found)
with answer:
    ui.answer(said)

picture, facts = ui.beside()
with picture:
    share_places.draw_map(found, measure, said)
with facts:
    ui.facts(*share_places.facts(found))
share_places.draw_reading(found)
share_view.draw_key()
ui.foot(share_places.about(found))
