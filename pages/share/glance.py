"""For partners and the public: how much is recorded, has it changed, and what is it?"""

from hatecrime import ui
from hatecrime.i18n import _
from hatecrime.ui import share_view as view

session = ui.open_page(_("How much hate crime is recorded, and has it changed?"))
scope = view.open_scope("incidents")
said = view.answer(scope)
ui.answer(said)

picture, facts = ui.beside()
with picture:
    view.draw_trend(scope, said)
with facts:
    ui.facts(*view.facts(scope))
view.draw_parts(scope)
view.draw_key(scope)
ui.foot(view.about(scope))
