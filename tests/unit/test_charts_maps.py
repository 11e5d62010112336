"""Maps, on two squares side by side."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatecrime.charts import maps
from hatecrime.charts.classes import natural
from hatecrime.charts.theme import DARK, LIGHT


def square(code: str, label: str, west: int) -> dict[str, Any]:
    ring = [[west, 0], [west, 9000], [west + 9000, 9000], [west + 9000, 0], [west, 0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "id": code, "properties": {"label": label}, "geometry": geometry}


AREAS = {"type": "FeatureCollection", "features": [square("W1", "Hale", 0), square("W2", "Sale", 9000)]}
NOWHERE: dict[str, Any] = {"type": "FeatureCollection", "features": []}
VALUES = pd.DataFrame({"id": ["W1", "W2"], "label": ["Hale", "Sale"], "n": [3, 40]})


def drawn(values: pd.DataFrame = VALUES, areas: dict[str, Any] = AREAS, **options: Any) -> dict[str, Any]:
    chart = maps.choropleth(
        areas,
        values,
        LIGHT,
        natural(values["n"].tolist()),
        value="n",
        measure="Incidents",
        alt_text="Sale most.",
        **options,
    )
    return chart.to_dict()


def marks(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


def legend_of(spec: dict[str, Any]) -> dict[str, Any]:
    return marks(spec, "geoshape")[0]["encoding"]["color"]


def test_the_map_is_drawn_on_the_national_grid_as_it_is() -> None:
    assert drawn()["projection"] == {"type": "identity", "reflectY": True}


def test_outlines_go_inline_and_not_as_a_table() -> None:
    spec = drawn()
    data = marks(spec, "geoshape")[0]["data"]
    assert data["format"]["property"] == "features"
    assert [feature["id"] for feature in spec["datasets"][data["name"]]["features"]] == ["W1", "W2"]


def test_clicking_an_area_gives_its_code() -> None:
    (pick,) = drawn()["params"]
    assert (pick["name"], pick["select"]["fields"]) == ("pick", ["id"])


def test_a_small_map_has_no_click() -> None:
    assert "params" not in drawn(small=True)


def test_classes_are_stated_in_the_legend_from_low_to_high() -> None:
    assert legend_of(drawn())["legend"]["values"] == ["3", "40"]


def test_an_area_without_a_figure_is_named_so_and_not_drawn_as_zero() -> None:
    values = VALUES.assign(n=[float("nan"), 40.0])
    assert legend_of(drawn(values, missing="no figure"))["legend"]["values"] == ["40", "no figure"]


def test_zero_has_a_class_and_a_colour_of_its_own() -> None:
    colour = legend_of(drawn(VALUES.assign(n=[0, 40])))
    assert colour["scale"]["domain"][0] == "0"
    assert colour["scale"]["range"][0] == LIGHT.none


def test_the_tooltip_names_the_place_and_its_figures() -> None:
    tips = [maps.Tip("label", "Ward"), maps.Tip("n", "Incidents", ",.0f")]
    told = marks(drawn(tips=tips), "geoshape")[0]["encoding"]["tooltip"]
    assert [(tip["title"], tip["type"]) for tip in told] == [("Ward", "nominal"), ("Incidents", "quantitative")]


def test_pale_areas_are_outlined() -> None:
    assert marks(drawn(), "geoshape")[0]["mark"]["stroke"] == LIGHT.outline


def test_the_picked_area_has_an_outline_and_nothing_else_has() -> None:
    spec = drawn(picked="W2")
    outlines = [layer for layer in marks(spec, "geoshape") if layer["mark"].get("filled") is False]
    assert [layer["mark"]["stroke"] for layer in outlines] == [LIGHT.ground, LIGHT.accent]
    assert [area["id"] for area in spec["datasets"][outlines[0]["data"]["name"]]["features"]] == ["W2"]


def test_an_area_that_is_not_on_the_map_is_not_outlined() -> None:
    assert len(marks(drawn(picked="elsewhere"), "geoshape")) == 1


def test_names_of_places_are_written_on_the_map() -> None:
    spec = drawn()
    (name,) = {layer["data"]["name"] for layer in marks(spec, "text")}
    assert {row["label"] for row in spec["datasets"][name]} == {"Hale", "Sale"}


def test_where_two_names_would_overlap_the_higher_area_has_its_name() -> None:
    long = [square("W1", "A very long name of a place " * 9, 0), square("W2", "Another long name " * 9, 9000)]
    spec = drawn(areas={"type": "FeatureCollection", "features": long})
    (name,) = {layer["data"]["name"] for layer in marks(spec, "text")}
    assert [row["id"] for row in spec["datasets"][name]] == ["W2"]


def test_under_squares_the_areas_are_named_and_not_the_squares() -> None:
    cell = {"type": "FeatureCollection", "features": [square("0,0", "Hale SJ0000", 0)]}
    spec = drawn(VALUES.head(1).assign(id="0,0"), cell, ground=AREAS)
    (name,) = {layer["data"]["name"] for layer in marks(spec, "text")}
    assert {row["label"] for row in spec["datasets"][name]} == {"Hale", "Sale"}


@pytest.mark.parametrize("values", [VALUES.iloc[:0], VALUES.iloc[:1]], ids=["none", "one"])
def test_few_values_or_none_still_give_a_map(values: pd.DataFrame) -> None:
    assert drawn(values)["description"] == "Sale most."


def test_a_map_without_areas_is_empty_and_not_an_error() -> None:
    assert drawn(areas=NOWHERE)["description"] == "Sale most."


def test_more_is_stronger_on_either_ground() -> None:
    ranges = [
        maps.choropleth(AREAS, VALUES, look, natural([3, 40]), value="n", measure="n", alt_text="x").to_dict()["layer"][
            0
        ]["encoding"]["color"]["scale"]["range"]
        for look in (LIGHT, DARK)
    ]
    assert [colours[1] for colours in ranges] == [LIGHT.ramp[3], DARK.ramp[3]]


@given(st.lists(st.integers(0, 500), max_size=60))
def test_every_value_lies_in_the_class_whose_label_holds_it(values: list[int]) -> None:
    classes = natural(values)
    assert len(classes.labels) <= 5
    for value in values:
        low, _dash, high = classes.labels[classes.of(float(value))].partition("–")
        assert int(low.replace(",", "")) <= value <= int((high or low).replace(",", ""))


def test_natural_breaks_part_what_lies_apart() -> None:
    assert natural([1, 2, 3, 50, 51, 52, 200]).labels[-1] == "200"


def test_rates_keep_their_decimals_in_the_labels() -> None:
    assert natural([0.52, 1.04, 4.1], decimals=1).labels == ("0.5", "1.0", "4.1")


def test_a_missing_value_has_no_class() -> None:
    assert natural([1, 2]).of(float("nan")) is None
