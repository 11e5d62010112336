"""Reporting centres: reach, silence, missed strands and places without a centre, as planted in the sample."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.looking import asked, figures

PAGE = "pages/review/centres.py"


def texts(app: AppTest) -> str:
    shown = [element.value for element in (*app.subheader, *app.caption)]
    return "\n".join([*shown, *(element.proto.body for element in app.get("html"))])


def test_the_map_and_the_reports_are_those_of_the_snapshot(app: AppTest, sample_store: Path) -> None:
    app.switch_page(PAGE).run()
    assert not app.exception
    (reports,) = asked(
        sample_store,
        """
        select count(*) from incident
        where centre_id is not null and recorded_on between date '2016-04-01' and date '2017-03-31'
        """,
    )
    (centres,) = asked(sample_store, "select count(*) from reporting_centre where closed_on is null")
    assert figures(app)["Open centres"] == str(centres)
    assert f"{centres} open centres took {reports} reports" in texts(app)


def test_incidents_beyond_every_centre_are_counted_by_distance(app: AppTest, sample_store: Path) -> None:
    app.switch_page(PAGE).run()
    placed, beyond = asked(
        sample_store,
        """
        with nearest as (
            select incident_id, min(sqrt((i.easting - c.easting) ** 2 + (i.northing - c.northing) ** 2)) as metres
            from incident as i cross join reporting_centre as c
            where i.district = 'E08000009' and i.easting is not null
                and i.recorded_on between date '2016-04-01' and date '2017-03-31'
            group by all
        )
        select count(*), count(*) filter (metres * 1.3 > 3200) from nearest
        """,
    )
    assert figures(app)["Beyond 3.2 km"] == f"{100 * beyond / placed:.0f}%"


def test_the_place_without_a_centre_is_named(app: AppTest) -> None:
    app.switch_page(PAGE).run()
    assert "A place without an open centre: South." in texts(app)


def test_silence_over_two_years_is_a_surprise_at_one_centre_and_tells_nothing_at_another(app: AppTest) -> None:
    app.switch_page(PAGE).run()
    said = "\n".join(element.proto.body for element in app.get("html"))
    assert "Old Trafford Library at Limelight took none" in said.split("unlikely to be chance")[0]
    assert "Partington Library and Wellbeing Centre took none, but only" in said


def test_no_return_is_not_the_same_as_no_report(app: AppTest) -> None:
    app.switch_page(PAGE).run()
    assert "sent no return" in texts(app)


def test_disability_is_found_to_be_missed_by_every_centre(app: AppTest) -> None:
    app.switch_page(PAGE).run()
    (heading,) = [each.value for each in app.subheader if each.value.startswith("No centre took a report of")]
    assert "disability" in heading
    assert "reports of disability were to be expected; that none came is unlikely to be chance" in texts(app)


def test_every_picture_has_a_text_alternative(app: AppTest) -> None:
    app.switch_page(PAGE).run()
    drawn = app.get("vega_lite_chart")
    assert len(drawn) == 4
    assert all(chart.proto.alt for chart in drawn)


@pytest.mark.parametrize("area", ["all", "E05000836", "E08000009-south", "W15000003"])
def test_any_area_gives_a_page_or_the_empty_state(app: AppTest, area: str) -> None:
    app.selectbox(key="area").set_value(area).run()
    app.switch_page(PAGE).run()
    assert not app.exception


def test_an_empty_period_still_shows_the_centres(app: AppTest) -> None:
    app.session_state["period"] = "dates"
    app.session_state["from"], app.session_state["to"] = date(2013, 4, 1), date(2013, 4, 1)
    app.multiselect(key="strand").set_value(["transgender"])
    app.switch_page(PAGE).run()
    assert not app.exception
    assert "No incident with a known place is recorded" in texts(app)


def test_a_room_sees_squares_and_no_exact_place(app: AppTest) -> None:
    app.session_state["show"] = "meeting"
    app.switch_page(PAGE).run()
    assert not app.exception
    assert "Incidents stand in the middle of 500 m squares." in texts(app)
