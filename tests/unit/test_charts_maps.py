"""Maps, on two squares side by side: what is drawn, what it says, and that nothing but figures changes."""

import copy
import json
from typing import Any

import altair as alt
import pandas as pd
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from hatecrime.charts import maps
from hatecrime.charts.classes import natural
from hatecrime.charts.map_classes import Diverging, Kind, Kinds, Scheme, classed, swatches
from hatecrime.charts.theme import DARK, LIGHT, Look


def square(code: str, label: str, west: int) -> dict[str, Any]:
    ring = [[west, 0], [west, 9000], [west + 9000, 9000], [west + 9000, 0], [west, 0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "id": code, "properties": {"label": label}, "geometry": geometry}


AREAS = {"type": "FeatureCollection", "features": [square("W1", "Hale", 0), square("W2", "Sale", 9000)]}
NOWHERE: dict[str, Any] = {"type": "FeatureCollection", "features": []}
VALUES = pd.DataFrame({"id": ["W1", "W2"], "label": ["Hale", "Sale"], "n": [3, 40]})


CHANGE = Diverging((0.8, 1.25), ("fewer", "about as many", "more"), ("−", "", "+"))
IN_TIME = Kinds((Kind("new", "New", "N", 1.0), Kind("cold", "Persistently low", "P", -1.0)))
SIGNS = {"▲": "More than chance explains", "▼": "Fewer than chance explains"}


def made(
    values: pd.DataFrame = VALUES,
    areas: dict[str, Any] | maps.Outlines = AREAS,
    classes: Scheme | None = None,
    look: Look = LIGHT,
    value: str = "n",
    **options: Any,
) -> maps.Map:
    classes = classes or natural(values[value].tolist())
    return maps.choropleth(
        areas, values, look, classes, value=value, measure="Incidents", alt_text="Sale most.", **options
    )


def drawn(*given: Any, **options: Any) -> dict[str, Any]:
    return made(*given, **options).inline()


def marks(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


def fills(spec: dict[str, Any]) -> dict[str, Any]:
    (layer,) = [layer for layer in spec["layer"] if "color" in layer.get("encoding", {}) and "transform" in layer]
    return layer


def legend(spec: dict[str, Any]) -> list[str]:
    return [row["entry"] for row in spec["datasets"]["classes"]]


def rows(spec: dict[str, Any], table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = spec["datasets"][table]
    return found


def as_picture(spec: dict[str, Any]) -> str:
    return str(vl_convert.vegalite_to_svg(json.dumps({**spec, "width": 600})))


def test_the_map_is_drawn_on_the_national_grid_as_it_is() -> None:
    assert drawn()["projection"] == {"type": "identity", "reflectY": True}


def test_outlines_are_a_named_collection_and_not_a_table() -> None:
    spec = drawn()
    assert fills(spec)["data"] == {"name": "areas", "format": {"type": "json", "property": "features"}}
    assert [feature["id"] for feature in spec["datasets"]["areas"]["features"]] == ["W1", "W2"]


def test_clicking_an_area_gives_its_code() -> None:
    (pick,) = fills(drawn())["params"]
    assert (pick["name"], pick["select"]["fields"]) == ("pick", ["id"])
    assert made().can_be_picked


def test_a_small_map_has_no_click() -> None:
    assert not made(small=True).can_be_picked


def test_classes_are_stated_in_the_legend_from_low_to_high() -> None:
    assert legend(drawn()) == ["3", "40"]


def test_an_area_without_a_figure_is_named_so_and_not_drawn_as_zero() -> None:
    spec = drawn(VALUES.assign(n=[float("nan"), 40.0]), missing="no figure")
    assert legend(spec) == ["40", "no figure"]
    none = rows(spec, "values")[0]["slot"]
    assert fills(spec)["encoding"]["color"]["scale"]["range"][none] == LIGHT.ground


def test_zero_has_a_class_and_a_colour_of_its_own() -> None:
    spec = drawn(VALUES.assign(n=[0, 40]))
    zero = rows(spec, "classes")[0]
    assert zero["entry"] == "0"
    assert fills(spec)["encoding"]["color"]["scale"]["range"][zero["slot"]] == LIGHT.none


def test_the_tooltip_names_the_place_and_its_figures() -> None:
    tips = [maps.Tip("label", "Ward"), maps.Tip("n", "Incidents", ",.0f")]
    told = fills(drawn(tips=tips))["encoding"]["tooltip"]
    assert [(tip["title"], tip["type"]) for tip in told] == [("Ward", "nominal"), ("Incidents", "quantitative")]


def test_pale_areas_are_outlined() -> None:
    assert fills(drawn())["mark"]["stroke"] == LIGHT.outline


def test_the_picked_area_has_an_outline_and_nothing_else_has() -> None:
    spec = drawn(picked="W2")
    outlines = [layer for layer in marks(spec, "geoshape") if layer["mark"].get("filled") is False]
    assert [layer["mark"]["stroke"] for layer in outlines] == [LIGHT.ground, LIGHT.accent]
    assert rows(spec, "picked") == [{"id": "W2", "outlined": True}]
    assert as_picture(spec).count(LIGHT.accent) == 1
    assert LIGHT.accent not in as_picture(drawn(picked="elsewhere")) and LIGHT.accent not in as_picture(drawn())


def test_names_of_places_are_written_on_the_map() -> None:
    assert {row["label"] for row in rows(drawn(), "names")} == {"Hale", "Sale"}


def test_where_two_names_would_overlap_the_higher_area_has_its_name() -> None:
    long = [square("W1", "A very long name of a place " * 9, 0), square("W2", "Another long name " * 9, 9000)]
    spec = drawn(areas={"type": "FeatureCollection", "features": long})
    assert [row["id"] for row in rows(spec, "names")] == ["W2"]


def test_under_squares_the_areas_are_named_and_not_the_squares() -> None:
    cell = {"type": "FeatureCollection", "features": [square("0,0", "Hale SJ0000", 0)]}
    spec = drawn(VALUES.head(1).assign(id="0,0"), cell, ground=AREAS)
    assert {row["label"] for row in rows(spec, "names")} == {"Hale", "Sale"}


@pytest.mark.parametrize("values", [VALUES.iloc[:0], VALUES.iloc[:1]], ids=["none", "one"])
def test_few_values_or_none_still_give_a_map(values: pd.DataFrame) -> None:
    assert drawn(values)["description"] == "Sale most."
    assert as_picture(drawn(values, ground=AREAS))


def test_only_areas_that_have_a_row_are_drawn() -> None:
    assert as_picture(drawn(named=0)).count("Incidents: ") == 2
    assert as_picture(drawn(VALUES.iloc[:1], named=0)).count("Incidents: ") == 1


def test_a_map_without_areas_is_empty_and_not_an_error() -> None:
    assert drawn(areas=NOWHERE)["description"] == "Sale most."


def test_more_is_stronger_on_either_ground() -> None:
    for look in (LIGHT, DARK):
        found = swatches(natural([3, 40]), look)
        assert [found.colours[slot] for slot in found.slots] == [look.ramp[1], look.ramp[3]]


def test_more_and_fewer_have_two_hues_around_a_neutral_middle_and_letters_beside() -> None:
    spec = drawn(VALUES.assign(n=[0.5, 3.0]), classes=CHANGE, areas=AREAS)
    assert legend(spec) == ["−  fewer", "about as many", "+  more"]
    assert fills(spec)["encoding"]["color"]["scale"]["range"] == [
        *(colour.lower() for colour in (LIGHT.fewer, LIGHT.none, LIGHT.more)),
        LIGHT.ground,
    ]
    assert sorted(row["letter"] for row in rows(spec, "letters")) == ["+", "−"]


def test_a_limit_belongs_to_the_class_above_it_and_the_missing_to_none() -> None:
    assert [CHANGE.of(value) for value in (0.0, 0.8, 1.0, 1.25, 9.0, float("nan"))] == [0, 1, 1, 2, 2, None]


@pytest.mark.parametrize(
    ("scheme", "values"),
    [
        (natural([0, 3, 40]), [0, 3, 20, 40, float("nan")]),
        (CHANGE, [0.8, 3, None]),
        (IN_TIME, ["cold", "new", "", None]),
    ],
)
def test_thousands_are_classed_as_one_is(scheme: Scheme, values: list[Any]) -> None:
    one_by_one = [scheme.of(float("nan") if each is None and scheme is not IN_TIME else each) for each in values]
    assert classed(scheme, pd.Series(values)).tolist() == [-1 if each is None else each for each in one_by_one]
    assert not len(classed(scheme, pd.Series(values[:0])))


def test_very_many_values_have_classes_too_and_each_lies_in_its_own() -> None:
    values = [i / 7 for i in range(30_000)]
    classes = natural(values, decimals=1)
    ends = [tuple(float(end.replace(",", "")) for end in label.split("–")) for label in classes.labels]
    for value in values[::97]:
        found = classes.of(value)
        assert found is not None
        assert ends[found][0] <= round(value, 1) <= ends[found][-1]


def test_kinds_have_letters_and_words_and_what_is_no_kind_has_neither() -> None:
    values = VALUES.assign(kind=["new", ""])
    spec = drawn(values, classes=IN_TIME, value="kind", missing="No pattern")
    assert legend(spec) == ["N  New", "P  Persistently low", "No pattern"]
    assert [row["letter"] for row in rows(spec, "letters")] == ["N"]
    assert "Incidents: No pattern; Sale" in as_picture(spec)


def test_a_sign_stands_in_its_area_and_in_the_legend_in_words() -> None:
    signs = maps.Marks(pd.DataFrame({"id": ["W2", "elsewhere"], "sign": ["▲", "▼"]}), SIGNS, "Beside its neighbours")
    spec = drawn(marks=signs)
    (row,) = rows(spec, "marks")
    assert row["sign"] == "▲" and 9000 < row["x"] < 18000 and 0 < row["y"] < 9000
    assert "▲  More than chance explains" in as_picture(spec)


def test_an_outline_differs_by_its_dashes_and_not_by_colour_alone() -> None:
    signs = maps.Marks(pd.DataFrame({"id": ["W1", "W2"], "sign": ["▲", "▼"]}), SIGNS, outlined=True)
    spec = drawn(marks=signs)
    (dash,) = [each["encoding"]["strokeDash"] for each in spec["layer"] if "strokeDash" in each.get("encoding", {})]
    whole, broken = dash["scale"]["range"]
    assert whole != broken
    assert "Fewer than chance explains" in as_picture(spec)


def test_signs_need_no_outlines_where_the_middles_are_known() -> None:
    def refuse() -> maps.Collection:
        raise AssertionError("the outlines were asked for")

    far = maps.Outlines("far.json", refuse, {"type": "FeatureCollection", "features": AREAS["features"][:1]})
    signs = maps.Marks(pd.DataFrame({"id": ["W1"], "sign": ["▲"]}), SIGNS)
    spec = made(VALUES.assign(x=[1, 2], y=[3, 4]), far, ground=AREAS, named=0, marks=signs).spec({"areas": "/far.json"})
    assert spec["datasets"]["marks"][["x", "y"]].to_numpy().tolist() == [[1, 3]]


def test_outlines_with_an_address_are_fetched_and_the_others_go_along() -> None:
    found = made(areas={**AREAS, "address": "geometry/w.json"}, ground=AREAS)
    assert found.addresses == {"areas": "geometry/w.json"}
    spec = found.spec({"areas": "/base/geometry/w.json"})
    assert fills(spec)["data"]["url"] == "/base/geometry/w.json"
    assert "areas" not in spec["datasets"] and "address" not in spec["datasets"]["ground"]


def test_other_figures_change_tables_and_nothing_else() -> None:
    """Else a browser would draw the map from the start."""
    signs = maps.Marks(pd.DataFrame({"id": ["W1"], "sign": ["▲"]}), SIGNS, outlined=True)
    none = maps.Marks(signs.rows.head(0), SIGNS, outlined=True)
    one, other = made(marks=signs, picked="W1"), made(VALUES.assign(n=[0, 700]), marks=none)
    assert json.dumps(one.template) == json.dumps(other.template)


def test_figures_are_sent_as_short_as_they_can_be() -> None:
    sent = made(VALUES.assign(rate=[0.5, 1.5], unused="x"), tips=[maps.Tip("rate", "Rate", ".1f")]).values
    assert {name: str(kind) for name, kind in sent.dtypes.items() if name not in ("id", "label")} == {
        "slot": "int8",
        "rate": "float32",
    }


def test_thousands_of_cells_are_not_read_out_one_by_one() -> None:
    features = [square(str(i), str(i), i) for i in range(600)]
    many = pd.DataFrame({"id": [str(i) for i in range(600)], "label": "x", "n": 1})
    spec = drawn(many, {"type": "FeatureCollection", "features": features}, named=0)
    assert fills(spec)["mark"]["aria"] is False
    assert set(rows(spec, "values")[0]) == {"id", "slot"}
    assert spec["description"] == "Sale most." and 'aria-label="Sale most."' in as_picture(spec)


def test_a_room_reads_a_larger_legend() -> None:
    size = [fills(drawn(look=LIGHT.drawn_for(d, "en")))["encoding"]["color"]["legend"]["labelFontSize"] for d in ROOMS]
    assert size[1] >= 20 > size[0]


@pytest.mark.parametrize("look", [LIGHT, DARK, DARK.drawn_for("meeting", "cy")], ids=["light", "dark", "meeting"])
@pytest.mark.parametrize("classes", [natural([3, 40]), CHANGE], ids=["natural", "diverging"])
@pytest.mark.parametrize("outlined", [True, False], ids=["outlined", "signed"])
def test_every_map_is_a_specification_that_can_be_drawn(look: Look, classes: Scheme, outlined: bool) -> None:
    signs = maps.Marks(pd.DataFrame({"id": ["W1"], "sign": ["▲"]}), SIGNS, outlined=outlined)
    options: dict[str, Any] = {"hatched": frozenset({"W2"}), "hatched_name": "withheld [c]", "ground": AREAS}
    spec = drawn(classes=classes, look=look, marks=signs, picked="W1", tips=[maps.Tip("n", "n", ",")], **options)
    assert "withheld [c]" in as_picture(spec)
    plain = copy.deepcopy(spec)
    # Vega knows where legends stand, the schema of Vega-Lite does not.
    del plain["config"]["legend"]["layout"]
    alt.LayerChart.from_dict(plain)


ROOMS = ("analyst", "meeting")


@given(st.lists(st.integers(0, 500), max_size=60))
def test_every_value_lies_in_the_class_whose_label_holds_it(values: list[int]) -> None:
    classes = natural(values)
    assert len(classes.labels) <= 5
    for value in values:
        found = classes.of(float(value))
        assert found is not None
        low, _dash, high = classes.labels[found].partition("–")
        assert int(low.replace(",", "")) <= value <= int((high or low).replace(",", ""))


def test_natural_breaks_part_what_lies_apart() -> None:
    assert natural([1, 2, 3, 50, 51, 52, 200]).labels[-1] == "200"


def test_rates_keep_their_decimals_in_the_labels() -> None:
    assert natural([0.52, 1.04, 4.1], decimals=1).labels == ("0.5", "1.0", "4.1")


def test_a_missing_value_has_no_class() -> None:
    assert natural([1, 2]).of(float("nan")) is None
