"""Trends: months beside a year earlier, whole or split."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from hatecrime.settings import root

PAGE = "pages/spot/trends.py"


@pytest.fixture
def app(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.chdir(root())
    app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=30).run()
    return app.switch_page(PAGE).run()


def specs(app: AppTest) -> list[dict[str, object]]:
    return [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]


def test_three_years_of_months_are_shown_even_where_the_filters_hold_one(app: AppTest) -> None:
    assert not app.exception
    assert len(app.dataframe[0].value) == 36


def test_the_referendum_is_shaded_as_context(app: AppTest) -> None:
    (spec,) = specs(app)
    assert any(layer["mark"]["type"] == "rect" for layer in spec["layer"])
    assert any("Shaded: events, as context" in caption.value for caption in app.caption)


def test_the_latest_two_months_are_marked_provisional(app: AppTest) -> None:
    months = app.dataframe[0].value
    assert months["provisional"].sum() == 2
    assert any("provisional" in caption.value for caption in app.caption)


@pytest.mark.parametrize("split", ["strand", "crime_type", "kind", "ward", "locality"])
def test_every_split_gives_a_panel_for_each_line(app: AppTest, split: str) -> None:
    app.session_state["split"] = split
    app.run()
    assert not app.exception
    assert len(specs(app)) == min(app.dataframe[0].value["label"].nunique(), 12)


@pytest.mark.parametrize(("back", "months"), [("12", 12), ("24", 24), ("all", 48)])
def test_the_months_shown_follow_the_control(app: AppTest, back: str, months: int) -> None:
    app.session_state["back"] = back
    app.run()
    assert not app.exception
    assert len(app.dataframe[0].value) == months


def test_months_before_the_data_begin_are_unknown_and_not_zero(app: AppTest) -> None:
    app.session_state["back"] = "all"
    app.run()
    first_year = app.dataframe[0].value.head(12)
    assert first_year["last_year"].isna().all()


def test_an_empty_period_gives_the_empty_state(app: AppTest) -> None:
    app.selectbox(key="area").set_value("E05000829")
    app.multiselect(key="strand").set_value(["transgender"])
    app.multiselect(key="crime_type").set_value(["arson"]).run()
    assert not app.exception
    assert not specs(app)
