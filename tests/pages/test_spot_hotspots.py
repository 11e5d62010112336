"""Hotspots: where it is most, at levels that fit the data; picking a place makes everything follow."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from hatecrime.settings import root

PAGE = "pages/spot/hotspots.py"


@pytest.fixture
def app(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.chdir(root())
    app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=30).run()
    return app.switch_page(PAGE).run()


def levels(app: AppTest) -> list[str]:
    return [option.content for group in app.button_group if group.key == "level" for option in group.proto.options]


def spec(app: AppTest, number: int = 0) -> dict[str, object]:
    return json.loads(app.get("vega_lite_chart")[number].proto.spec)


def test_trafford_is_shown_by_ward_first(app: AppTest) -> None:
    assert not app.exception
    assert levels(app) == ["Ward", "Locality", "LSOA", "1 km", "500 m"]
    assert app.session_state["level"] == "ward"


def test_wales_is_shown_by_authority_because_it_has_nothing_finer(app: AppTest) -> None:
    app.selectbox(key="area").set_value("W92000004").run()
    assert not app.exception
    assert levels(app) == ["Local authority", "Police force area"]


def test_the_map_and_its_table_hold_every_ward(app: AppTest) -> None:
    assert len(app.dataframe[0].value) == 21


def test_picking_a_ward_shows_its_months_strands_and_crime_types(app: AppTest) -> None:
    assert len(app.get("vega_lite_chart")) == 1
    app.selectbox(key="place").set_value("E05000829").run()
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == 4
    assert any("Gorse Hill" in heading.value for heading in app.subheader)


def test_the_picked_ward_is_outlined_on_the_map(app: AppTest) -> None:
    app.selectbox(key="place").set_value("E05000829").run()
    outlines = [layer for layer in spec(app)["layer"] if layer["mark"].get("filled") is False]
    assert len(outlines) == 2


def test_a_picked_ward_is_forgotten_where_it_does_not_exist(app: AppTest) -> None:
    app.selectbox(key="place").set_value("E05000829").run()
    app.selectbox(key="area").set_value("W92000004").run()
    assert not app.exception
    assert app.selectbox(key="place").value is None


@pytest.mark.parametrize("level", ["locality", "lsoa", "grid_1km", "grid_500m"])
def test_every_level_opens(app: AppTest, level: str) -> None:
    app.session_state["level"] = level
    app.run()
    assert not app.exception
    assert app.session_state["level"] == level


def test_a_rate_is_shown_with_its_interval(app: AppTest) -> None:
    app.session_state["measure"] = "rate"
    app.run()
    assert not app.exception
    assert {"rate", "low", "high"} <= set(app.dataframe[0].value.columns)


def test_an_area_with_nothing_finer_is_shown_itself(app: AppTest) -> None:
    app.selectbox(key="area").set_value("W06000015").run()
    assert not app.exception
    assert app.selectbox(key="place").value == "W06000015"
    assert "Nothing finer than Cardiff is recorded" in "".join(html.proto.body for html in app.get("html"))


def test_an_empty_period_gives_the_empty_state(app: AppTest) -> None:
    app.selectbox(key="area").set_value("E05000829")
    app.multiselect(key="strand").set_value(["transgender"])
    app.multiselect(key="crime_type").set_value(["arson"]).run()
    assert not app.exception
    assert not app.get("vega_lite_chart")
