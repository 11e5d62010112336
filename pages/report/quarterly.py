"""What does the quarter hold, how does it compare, and do its figures add up?"""

from hatecrime import ui
from hatecrime.i18n import _
from hatecrime.ui import quarter_view as view

session = ui.open_page(_("What does the quarter hold, and do its figures add up?"))
quarter = view.choose_quarter()
if quarter is None:
    ui.empty()

report = view.figures(quarter)
if not report.total[["now", "before", "to_date", "to_date_before"]].any():
    ui.empty()

said = view.answer(report)
ui.answer(said)

picture, facts = ui.beside()
with picture:
    view.draw_quarters(report, said)
with facts:
    ui.facts(*view.facts(report))
view.draw_checks(report)
view.draw_tables(report)
ui.foot()
