"""For partners and the public: how many people are referred to support, by which route, and is it rising?"""

from hatecrime import ui
from hatecrime.i18n import _
from hatecrime.ui import share_view as view

session = ui.open_page(_("Who comes to support, by which route, and is it rising?"))
scope = view.open_scope("referrals")
said = view.answer(scope)
ui.answer(said)
view.say_area(scope)

picture, facts = ui.beside()
with picture:
    view.draw_trend(scope, said)
with facts:
    ui.facts(*view.facts(scope))
view.draw_parts(scope)
view.draw_key(scope)
ui.foot(view.about(scope))
