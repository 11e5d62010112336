"""When: hours and weekdays, what comes back nearby, and clusters of places and months."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from hatecrime.settings import root
from hatecrime.ui import when_clusters, when_view

PAGE = "pages/spot/when.py"
TRAFFORD, WALES = "E08000009", "W92000004"


@pytest.fixture
def app(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.chdir(root())
    app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=60).run()
    return app.switch_page(PAGE).run()


def said(app: AppTest) -> str:
    return " ".join(each.value for each in app.markdown)


def answer(app: AppTest) -> str:
    return next(each.proto.body for each in app.get("html") if each.proto.body.startswith("<p"))


def captions(app: AppTest) -> str:
    return " ".join(each.value for each in app.caption)


def spec(app: AppTest, number: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(app.get("vega_lite_chart")[number].proto.spec)
    return found


def test_the_answer_says_when_and_whether_it_comes_back(app: AppTest) -> None:
    assert not app.exception
    assert app.title[0].value == "When does it happen, and does it come back?"
    assert "of those with a known time happen from" in answer(app)
    assert "95% interval" in answer(app)
    assert "come back nearby" in answer(app) or "After an incident" in answer(app)


def test_the_grid_has_a_table_that_adds_up_to_what_has_a_time(app: AppTest) -> None:
    table = app.dataframe[0].value
    assert table.shape[0] == 24
    days = table[[str(day) for day in range(7)]]
    assert (days.sum(axis=1) == table["n"]).all()
    known = next(metric for metric in app.metric if metric.label == "With a known time")
    assert known.value.endswith("%")
    assert f"{table['n'].sum():,} of " in captions(app)


def test_every_picture_has_a_text_alternative_and_a_table(app: AppTest) -> None:
    charts = app.get("vega_lite_chart")
    assert len(app.dataframe) == len(charts) >= 2
    assert all(chart.proto.alt for chart in charts)


def test_the_seed_and_how_it_was_reckoned_are_said(app: AppTest) -> None:
    assert "seed 2017" in captions(app)
    assert "Knox test" in captions(app) and "Scan statistic (Kulldorff)" in captions(app)
    assert "have a point and a day" in captions(app)


def test_people_are_what_is_expected_from_where_they_are_known_and_each_places_own_share_where_not(
    app: AppTest,
) -> None:
    assert app.session_state["cluster_base"] == "people"
    assert "Expected: the residents of each place" in captions(app)
    app.session_state["cluster_level"] = "lsoa"
    app.run()
    assert not app.exception
    assert app.session_state["cluster_base"] == "own"
    assert "own share of all incidents since April 2013" in captions(app)


def test_a_ward_that_always_has_more_is_a_cluster_by_residents_and_none_by_its_own_share(app: AppTest) -> None:
    assert "Clifford" in said(app) and "lasts nearly all through" in said(app)
    clear = len(app.get("vega_lite_chart"))
    app.session_state["cluster_base"] = "own"
    app.run()
    assert not app.exception
    assert "No cluster stands out by more than chance" in said(app)
    assert len(app.get("vega_lite_chart")) == clear - 1


def test_what_is_still_going_on_is_said_with_how_seldom_chance_would_show_it(app: AppTest) -> None:
    app.session_state["cluster_spells"] = "now"
    app.run()
    assert not app.exception
    assert "Looking every quarter, chance alone would show one as strong" in said(app)
    assert "years" in app.dataframe[-1].value.columns


def test_wales_has_no_points_so_nothing_is_said_to_come_back(app: AppTest) -> None:
    app.selectbox(key="area").set_value(WALES).run()
    assert not app.exception
    assert "fewer than two of them have a known place and day" in said(app)
    assert app.dataframe[0].value["n"].sum() > 0


def test_many_points_are_compared_only_when_asked_for(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    charts = len(app.get("vega_lite_chart"))
    monkeypatch.setattr(when_view, "MOST_AT_ONCE", 100)
    app.run()
    assert len(app.get("vega_lite_chart")) == charts - 1
    assert "come back nearby:" not in answer(app)
    next(button for button in app.button if button.label == "Compare them").click().run()
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == charts
    app.selectbox(key="period").set_value("36m").run()
    assert "comparing every pair with chance takes a while" in said(app)


def test_more_places_than_can_be_looked_through_are_refused_in_words(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(when_clusters, "MOST_PLACES", 20)
    app.run()
    assert not app.exception
    assert "21 places are too many to look through together" in said(app)


@pytest.mark.parametrize("level", ["locality", "lsoa", "ward"])
def test_every_level_can_be_looked_through(app: AppTest, level: str) -> None:
    app.session_state["cluster_level"] = level
    app.run()
    assert not app.exception


def test_one_ward_and_one_month_are_few_and_no_fault(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root())
    app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=60)
    for name, value in {"area": "E05000829", "from": "2017-03-01", "to": "2017-03-31"}.items():
        app.query_params[name] = value
    app.run().switch_page(PAGE).run()
    assert not app.exception
    assert "too few to say at which hours" in answer(app)
    assert "fewer than two of them have a known place" in said(app) and "No cluster stands out" in said(app)


def test_nothing_recorded_says_so(app: AppTest) -> None:
    app.multiselect(key="strand").set_value(["transgender"])
    app.multiselect(key="crime_type").set_value(["robbery"])
    app.selectbox(key="period").set_value("quarter").run()
    assert not app.exception
    if not app.dataframe:
        assert [each.value for each in app.subheader] == ["No incidents match these filters."]


def test_long_periods_are_looked_through_by_quarter(app: AppTest) -> None:
    app.selectbox(key="period").set_value("all").run()
    assert not app.exception
    assert "Q1 2013/14" in said(app)


def test_a_meeting_has_the_detail_folded_away(app: AppTest) -> None:
    app.session_state["show"] = "meeting"
    app.run()
    assert not app.exception
    assert {"Do they come back nearby?", "Did it cluster in some places for a time?"} <= {
        each.label for each in app.expander
    }


def test_the_map_numbers_the_clusters_and_does_not_only_colour_them(app: AppTest) -> None:
    letters = [layer for layer in spec(app, -1)["layer"] if layer.get("data", {}).get("name") == "letters"]
    assert letters and all(layer["mark"]["type"] == "text" for layer in letters)


def test_an_authority_with_nothing_finer_has_no_clusters_to_look_for(app: AppTest) -> None:
    app.selectbox(key="area").set_value("W06000015").run()
    assert not app.exception
    assert "Fewer than two places have an outline here" in said(app)


@pytest.mark.parametrize(
    ("unplaced", "left_out", "base", "said"),
    [
        (0, 0, "people", []),
        (22, 0, "people", ["22 incidents have no known ward and are left out"]),
        (
            22,
            20,
            "people",
            [
                "22 incidents have no known ward and are left out",
                "7 incidents are in a ward without an outline and are left out",
                "13 incidents are in a ward where nobody is counted as living and are left out",
            ],
        ),
        (0, 7, "own", ["7 incidents are in a ward without an outline and are left out"]),
    ],
)
def test_each_reason_to_leave_incidents_out_is_said_apart(
    unplaced: int, left_out: int, base: str, said: list[str]
) -> None:
    table = pd.DataFrame({"x": [1.0, 2.0, None], "y": [1.0, 2.0, None], "n": [13, 50, min(left_out, 7)]})
    found: Any = SimpleNamespace(table=table, unplaced=unplaced, level="ward")
    clusters: Any = SimpleNamespace(left_out=left_out, base=base)
    assert when_clusters._left_out(found, clusters) == said
