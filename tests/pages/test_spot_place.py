"""One place in one view: by link, beside others, beside a second one, and where there is little or nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from hatecrime.settings import root

CLIFFORD, GORSE_HILL, BUCKLOW, CARDIFF = "E05000825", "E05000829", "E05000824", "W06000015"
Open = Callable[..., AppTest]


@pytest.fixture
def view(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """The page at an address."""
    monkeypatch.chdir(root())

    def opened(**address: str) -> AppTest:
        app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=60)
        for name, value in address.items():
            app.query_params["with" if name == "beside" else name] = value
        app.run()
        app._page_hash = calc_hash("place")
        return app.run()

    return opened


def titles(app: AppTest) -> list[str]:
    return [title.value for title in app.title]


def headings(app: AppTest) -> list[str]:
    return [heading.value for heading in app.subheader]


def words(app: AppTest) -> str:
    told = [*app.caption, *app.text, *app.subheader]
    return " ".join([*(each.value for each in told), *(each.proto.body for each in app.get("html"))])


def charts(app: AppTest) -> list[object]:
    return list(app.get("vega_lite_chart"))


def test_without_a_place_the_one_with_most_is_shown(view: Open) -> None:
    app = view()
    assert not app.exception
    assert titles(app) == ["What is happening in Clifford?"]
    assert len(charts(app)) == 6 and all(chart.proto.alt for chart in charts(app))


@pytest.mark.parametrize("place", [GORSE_HILL, "Gorse Hill"])
def test_a_link_opens_a_place_by_code_or_by_name(view: Open, place: str) -> None:
    assert titles(view(place=place)) == ["What is happening in Gorse Hill?"]


def test_a_link_to_a_place_that_is_not_there_says_so_and_shows_another(view: Open) -> None:
    app = view(place="Nowhere", level="galaxy", beside="Elsewhere")
    assert not app.exception
    for asked in ("Nowhere", "galaxy", "Elsewhere"):
        assert f"The address asks for “{asked}”, which is not offered; this is shown instead." in words(app)


def test_every_part_has_its_table_and_everything_can_be_taken(view: Open) -> None:
    app = view()
    assert len(app.dataframe) == 11
    assert any(button.proto.label == "On one page, HTML" for button in app.get("download_button"))


def test_two_places_stand_side_by_side_with_their_differences(view: Open) -> None:
    app = view(place=CLIFFORD, beside=GORSE_HILL)
    assert not app.exception
    assert titles(app) == ["What is happening in Clifford, and in Gorse Hill?"]
    assert len(charts(app)) == 12
    assert any("Per 1,000 residents: more in Clifford" in heading for heading in headings(app))


def test_a_place_is_not_compared_with_itself(view: Open) -> None:
    app = view(place=CLIFFORD, beside=CLIFFORD)
    assert not app.exception and titles(app) == ["What is happening in Clifford?"]


def test_of_few_incidents_words_are_given_and_no_charts(view: Open) -> None:
    app = view(place=BUCKLOW)
    assert not app.exception and not charts(app)
    assert "too few to show as shares. By strand:" in words(app)


def test_of_no_incident_it_says_what_that_can_mean(view: Open) -> None:
    app = view(place=BUCKLOW, strand="transgender")
    assert not app.exception and not charts(app)
    assert "nobody reported it" in words(app)


def test_filters_that_match_nothing_at_all_are_said(view: Open) -> None:
    address = {"from": "2016-04-01", "to": "2016-04-30", "strand": "transgender", "kind": "non_crime"}
    app = view(area="E05000832", **address)
    assert not app.exception


@pytest.mark.parametrize("level", ["locality", "lsoa", "square"])
def test_every_level_of_areas_has_a_profile_and_squares_have_none(view: Open, level: str) -> None:
    app = view(level=level)
    assert not app.exception and titles(app)
    assert app.session_state["level"] == ("ward" if level == "square" else level)


def test_a_place_alone_in_view_is_compared_with_nothing(view: Open) -> None:
    app = view(area=CARDIFF)
    assert not app.exception and titles(app) == ["What is happening in Cardiff?"]
    assert "elsewhere" not in " ".join(headings(app))


def test_authorities_without_points_or_flags_have_one_too(view: Open) -> None:
    app = view(area="W92000004")
    assert not app.exception and titles(app) == ["What is happening in Cardiff?"]
    assert "have no exact position" in words(app)


def test_it_is_told_in_welsh_as_well(view: Open) -> None:
    app = view(place=CLIFFORD, beside=GORSE_HILL)
    app.session_state["lang"] = "cy"
    app.run()
    assert not app.exception


def test_a_meeting_sees_it_without_the_tools_of_analysts(view: Open) -> None:
    app = view(show="meeting")
    assert not app.exception
    assert not any(button.proto.label == "On one page, HTML" for button in app.get("download_button"))
