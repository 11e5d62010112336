"""The overview: one screen that says how much, whether it changed, and where to look next."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from hatecrime.settings import root


@pytest.fixture
def app(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.chdir(root())
    return AppTest.from_file(str(root() / "dashboard.py"), default_timeout=30).run()


def charts(app: AppTest) -> list[dict[str, object]]:
    return [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]


def test_it_shows_months_strands_crime_types_and_a_map(app: AppTest) -> None:
    assert not app.exception
    assert len(charts(app)) == 4


def test_every_picture_has_a_text_alternative_and_a_table(app: AppTest) -> None:
    assert all(chart.proto.alt for chart in app.get("vega_lite_chart"))
    assert len([tab for tab in app.tabs if tab.label == "Table"]) == 4


def test_crimes_and_non_crime_incidents_add_to_the_total(app: AppTest) -> None:
    figures = {metric.label: int(metric.value.replace(",", "")) for metric in app.metric}
    assert figures["Crimes"] + figures["Non-crime incidents"] == figures["2016/17"]


def test_every_figure_beside_the_picture_says_what_it_rests_on(app: AppTest) -> None:
    notes = "\n".join(caption.value for caption in app.caption)
    assert "95% interval" in notes


def test_no_match_gives_the_empty_state_and_a_way_out(app: AppTest) -> None:
    app.selectbox(key="area").set_value("E05000829")
    app.multiselect(key="strand").set_value(["transgender"])
    app.multiselect(key="crime_type").set_value(["arson"]).run()
    assert not app.exception
    assert "No incidents match these filters." in [heading.value for heading in app.subheader]
    assert not charts(app)
    next(button for button in app.button if button.label == "Clear the filters").click().run()
    assert app.session_state["strand"] == []
    assert len(charts(app)) == 4


def test_a_year_before_the_data_is_not_compared_with(app: AppTest) -> None:
    app.session_state["period"] = "all"
    app.run()
    assert not app.exception
    assert any("no figure from a year earlier" in caption.value for caption in app.caption)


def test_every_figure_says_how_it_is_made_once_it_is_opened(app: AppTest) -> None:
    folded = [box for box in app.expander if box.label == "How this is made"]
    assert len(folded) == 4
    assert not [code for code in app.code if code.language == "sql"]
    app.session_state["overview_months_made"] = True
    app.run()
    assert not app.exception
    assert "matching($filters)" in next(code.value for code in app.code if code.language == "sql")
    assert any("Trafford" in caption.value for caption in app.caption)
