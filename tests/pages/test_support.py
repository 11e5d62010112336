"""Referrals: what the page shows is what the snapshot holds, and it says so where it cannot follow the filters."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.looking import asked, figures

PAGE = "pages/support/referrals.py"
YEAR = "received_on between date '2016-04-01' and date '2017-03-31'"


def headings(app: AppTest) -> list[str]:
    return [heading.value for heading in app.subheader]


def captions(app: AppTest) -> str:
    return "\n".join(caption.value for caption in app.caption)


def test_the_figures_are_those_of_the_snapshot(app: AppTest, sample_store: Path) -> None:
    app.switch_page(PAGE).run()
    assert not app.exception
    (n,) = asked(sample_store, f"select count(*) from referral where {YEAR}")
    (own,) = asked(sample_store, f"select count(*) from referral where {YEAR} and route in ('self', 'online_form')")
    assert figures(app)["Referrals"] == f"{n:,}"
    assert figures(app)["Self-referrals"] == f"{100 * own / n:.1f}%"


def test_contact_in_time_is_a_share_of_those_who_agreed_to_it(app: AppTest, sample_store: Path) -> None:
    app.switch_page(PAGE).run()
    due, in_time = asked(
        sample_store,
        f"""
        select count(*), count(*) filter (contact_working_days <= 2)
        from referral where {YEAR} and consent is distinct from false
        """,
    )
    assert figures(app)["In 2 working days"] == f"{100 * in_time / due:.1f}%"


def test_an_area_that_sends_no_referrals_is_named_and_every_area_shown(app: AppTest) -> None:
    app.switch_page(PAGE).run()
    assert "No referral is known to come from Trafford, so what follows is about all areas." in captions(app)


def test_an_area_that_sends_referrals_is_kept(app: AppTest, sample_store: Path) -> None:
    app.selectbox(key="area").set_value("W15000002").run()
    app.switch_page(PAGE).run()
    (n,) = asked(sample_store, f"select count(*) from referral where {YEAR} and force = 'W15000002'")
    assert figures(app)["Referrals"] == f"{n:,}"
    assert "No referral is known" not in captions(app)


def test_self_referrals_are_found_to_rise_from_the_quarter_in_which_the_rise_was_planted(app: AppTest) -> None:
    app.switch_page(PAGE).run()
    app.selectbox(key="since").set_value("Q4 2015/16").run()
    (heading,) = [each for each in headings(app) if each.startswith("Self-referrals")]
    assert "since Q4 2015/16, up from" in heading


@pytest.mark.parametrize("lines", ["route_group", "route", "strand", "force", "district"])
def test_months_can_be_told_apart_by_whatever_is_chosen(app: AppTest, lines: str) -> None:
    app.switch_page(PAGE).run()
    app.segmented_control(key="route_by").set_value(lines).run()
    assert not app.exception
    assert all(chart.proto.alt for chart in app.get("vega_lite_chart"))


def test_other_filters_are_said_not_to_apply(app: AppTest) -> None:
    app.multiselect(key="kind").set_value(["crime"]).run()
    app.switch_page(PAGE).run()
    assert "the other filters do not apply" in captions(app)


def test_a_time_before_the_first_referral_gives_the_empty_state(app: AppTest) -> None:
    app.session_state["period"] = "dates"
    app.session_state["from"], app.session_state["to"] = date(2013, 4, 1), date(2013, 6, 30)
    app.switch_page(PAGE).run()
    assert not app.exception
    assert "No referrals match these filters." in headings(app)


def test_too_few_answers_give_words_and_no_percentage(app: AppTest) -> None:
    app.selectbox(key="area").set_value("W06000019").run()
    app.session_state["period"] = "dates"
    app.session_state["from"], app.session_state["to"] = date(2016, 12, 1), date(2016, 12, 31)
    app.switch_page(PAGE).run()
    assert not app.exception
    assert figures(app)["Satisfied"] == "too few"
    assert "fewer than 10, so no percentage is given" in captions(app)


def test_filters_that_referrals_do_not_have_leave_the_incidents_beside_them_alone(app: AppTest) -> None:
    app.switch_page(PAGE).run()
    before = [heading for heading in headings(app) if heading.startswith("For every 100")]
    app.multiselect(key="kind").set_value(["non_crime"]).run()
    assert before and before == [heading for heading in headings(app) if heading.startswith("For every 100")]
