"""Who comes to support, by which route, and is it rising? Referrals by month, and the shares a service is held to."""

import streamlit as st

from hatecrime import ui
from hatecrime.i18n import _, number
from hatecrime.stats.change import compare
from hatecrime.ui import referral_view as view
from hatecrime.words import findings, referrals

session = ui.open_page(_("Who comes to support, by which route, and is it rising?"))
found = view.scope()
roads = ui.count_referrals(("route_group",), found.filters)
if roads.empty:
    ui.empty(_("No referrals match these filters."))

total, own = view.total_and_own(found.filters)
total_before, own_before = view.total_and_own(found.before)
said = referrals.answer(total, total_before, own, own_before, found.period.label(), found.area)
ui.answer(said)
view.say_scope(found)

picture, facts = ui.beside()
with picture:
    view.draw_months(found, said)
with facts:
    in_time, due = view.in_time(found.filters)
    satisfied, answers = view.satisfied(found.filters)
    ui.facts(
        ui.Fact(_("Referrals"), number(total), ui.against(compare(total_before, total))),
        ui.Fact(_("Self-referrals"), findings.share_of(own, total), findings.basis_of_share(own, total)),
        ui.Fact(_("In 2 working days"), findings.share_of(in_time, due), findings.basis_of_share(in_time, due)),
        ui.Fact(_("Satisfied"), findings.share_of(satisfied, answers), findings.basis_of_share(satisfied, answers)),
    )
view.draw_self_share(found)
left, right = st.columns(2, gap="large")
with left:
    view.draw_timeliness(found)
with right:
    view.draw_satisfaction(found)
view.draw_police_ratio(found)
ui.foot()
