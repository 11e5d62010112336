"""Can these figures be relied on, source by source? Complete, valid, in time, counted once, without contradictions."""

from hatecrime import ui
from hatecrime.i18n import _
from hatecrime.ui import quality_referrals, quality_sources, quality_trend
from hatecrime.ui import quality_view as view

ui.open_page(_("Can these figures be relied on, source by source?"))
measured = view.measured()
ui.answer(view.answer(measured))
view.say_scope()

picture, facts = ui.beside()
with picture:
    view.draw_completeness(measured)
with facts:
    ui.facts(*view.facts(measured))
quality_sources.draw_sources(measured)
view.draw_forces(measured)
quality_trend.draw_trend(measured)
view.draw_timeliness(measured)
view.draw_validity(measured)
view.draw_checks(measured)
quality_referrals.draw_referrals(measured)
ui.foot()
