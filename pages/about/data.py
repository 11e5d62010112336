"""What is loaded, what was refused and why, and what the checks find."""

from hatecrime import ui
from hatecrime.i18n import _
from hatecrime.ui import changes_view, upload_view
from hatecrime.ui import data_view as view
from hatecrime.words import loaded

session = ui.open_page(_("What is loaded, what was refused, and why?"))
extracts, checks = view.extracts(), view.checks()
ui.answer(loaded.answer(extracts, checks))

picture, facts = ui.beside()
with picture:
    view.draw_refusals()
with facts:
    ui.facts(*view.facts(extracts))
upload_view.draw()
changes_view.draw()
view.draw_rejects(extracts)
view.draw_checks(checks)
view.draw_extracts(extracts)
view.draw_snapshot()
ui.foot()
