"""By place, for partners: a map of a year in which withheld places are hatched and never coloured as low."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import sharing
from tests.pages.sharing import as_partner, everything, incidents, metrics, said, specs, table, wards

CLIFFORD, BUCKLOW = "E05000825", "E05000824"


@pytest.fixture(autouse=True)
def sample(sample_store: Path) -> Path:
    return sample_store


def places(monkeypatch: pytest.MonkeyPatch, cells: list[sharing.Cell], **query: str) -> AppTest:
    return as_partner(monkeypatch, table(cells), "places", **query)


def looked_up(app: AppTest) -> dict[str, dict[str, Any]]:
    """What the map knows of each area."""
    (spec,) = specs(app)
    named = {row["slot"]: row["class"] for row in spec["datasets"]["classes"]}
    (other,) = [t["default"] for layer in spec["layer"] for t in layer.get("transform", []) if "default" in t]
    return {row["id"]: {**row, "class": named.get(row["slot"], other)} for row in spec["datasets"]["values"]}


def strokes(app: AppTest) -> list[dict[str, Any]]:
    """What the legend says of lines."""
    layers = specs(app)[0]["layer"]
    return [layer["encoding"]["stroke"] for layer in layers if "stroke" in layer.get("encoding", {})]


def test_the_answer_names_the_highest_place_shown_and_counts_the_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    app = places(monkeypatch, everything())
    assert not app.exception
    assert "Of the places with a figure, Clifford has the highest: 53 (2016/17)." in said(app)
    assert "1 of 5 places is withheld to protect people" in said(app)
    assert metrics(app)["Withheld"] == "1" and metrics(app)["Without any"] == "1"


def test_a_withheld_place_is_hatched_named_in_the_legend_and_carries_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    app = places(monkeypatch, everything())
    areas = looked_up(app)
    assert areas[BUCKLOW]["class"] == "withheld [c]" and areas[BUCKLOW]["shown"] == "[c]"
    assert areas["E05000826"]["class"] == "0"
    assert "Withheld" not in str(areas[CLIFFORD]) and areas[CLIFFORD]["shown"] == "53"
    assert [stroke["scale"]["domain"] for stroke in strokes(app)] == [["withheld [c]"]]


def test_a_rate_of_a_withheld_count_is_withheld_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    app = places(monkeypatch, everything(), measure="rate")
    areas = looked_up(app)
    assert areas[BUCKLOW]["shown_rate"] == "[c]" and float(areas[CLIFFORD]["shown_rate"]) > 0


def test_nothing_is_hatched_where_every_place_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    app = places(monkeypatch, [*incidents(), *wards({"E05000819": 40, CLIFFORD: 53})])
    assert not strokes(app)
    assert "Hatched" not in said(app)


def test_everything_withheld_still_draws_a_map_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    app = places(monkeypatch, [*incidents(), *wards(dict.fromkeys(sharing.WARDS))])
    assert not app.exception
    assert "No place has a figure that can be shown for Trafford (2016/17)." in said(app)
    assert {row["class"] for row in looked_up(app).values()} == {"withheld [c]"}


def test_places_that_have_nothing_recorded_are_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    app = places(monkeypatch, [*incidents(), *wards(dict.fromkeys(sharing.WARDS, 0))])
    assert not app.exception
    assert "No incident is recorded for Trafford (2016/17)." in said(app)


def test_one_place_alone_is_not_a_map(monkeypatch: pytest.MonkeyPatch) -> None:
    app = places(monkeypatch, incidents())
    assert not app.exception and not specs(app)
    assert "No places can be compared here." in said(app)


def test_a_shorter_period_takes_the_latest_year_that_has_ended_by_then(monkeypatch: pytest.MonkeyPatch) -> None:
    app = places(monkeypatch, everything(), span="quarter", at="2017-01")
    assert not app.exception
    assert "April 2016 to March 2017" in said(app)


def test_the_table_gives_the_symbol_and_the_map_no_click(monkeypatch: pytest.MonkeyPatch) -> None:
    app = places(monkeypatch, everything())
    (frame,) = [table.value for table in app.dataframe]
    assert dict(zip(frame["label"], frame["shown"], strict=True))["Bucklow-St Martins"] == "[c]"
    assert app.get("vega_lite_chart")[0].proto.alt.startswith("Of the places with a figure")
