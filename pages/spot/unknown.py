"""Where is there a hotspot or vulnerability that nobody knew of? A ranked list, what to do, and where to train."""

from hatecrime import ui
from hatecrime.i18n import _
from hatecrime.ui import unknown_view as view

ui.open_page(_("Where is there a hotspot or vulnerability that nobody knew of?"))
chosen = view.choose_list()
if chosen is None:
    ui.empty()

found = view.listed(chosen)
if found.entries.empty and found.training.empty:
    ui.empty()

view.draw_narrowed(chosen)
ui.answer(view.answer(found))
decided = view.decisions(found, chosen)
view.draw_list(found, chosen, decided)
view.draw_training(found, chosen)
view.draw_notes(found)
ui.foot(view.about(chosen))
