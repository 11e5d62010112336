"""What is held about people here, for how long, and who sees it."""

from hatecrime import ui
from hatecrime.i18n import _
from hatecrime.ui import data_protection_view as view
from hatecrime.words import data_protection

session = ui.open_page(_("What is held about people here, for how long, and who sees it?"))
held = view.held()
ui.answer(data_protection.answer(held, session.facts))

view.draw_audiences()
view.draw_answers(held)
view.draw_tables(held)
view.draw_fields(held)
ui.foot(_("everything that is loaded"))
