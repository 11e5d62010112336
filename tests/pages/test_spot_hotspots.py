"""Hotspots: where it is most, at levels that fit the data; picking a place makes everything follow."""

import json
from datetime import date
from pathlib import Path

import pytest
import shapely
import shapely.affinity
from streamlit.testing.v1 import AppTest

from hatecrime.settings import root
from tests import toy

PAGE = "pages/spot/hotspots.py"


@pytest.fixture
def app(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.chdir(root())
    app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=30).run()
    return app.switch_page(PAGE).run()


AREAS = ["n", "rate", "smoothed", "cluster", "quadrant", "change", "emerging"]
CELLS = ["n", "cluster", "quadrant", "change", "emerging"]
MEASURES = {
    "ward": AREAS,
    "locality": AREAS,
    "lsoa": CELLS,
    "square": [*CELLS, "density", "risk"],
    "hexagon": CELLS,
}


def captions(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption)


def levels(app: AppTest) -> list[str]:
    return [option.content for group in app.button_group if group.key == "level" for option in group.proto.options]


def spec(app: AppTest, number: int = 0) -> dict[str, object]:
    return json.loads(app.get("vega_lite_chart")[number].proto.spec)


def test_trafford_is_shown_by_ward_first(app: AppTest) -> None:
    assert not app.exception
    assert levels(app) == ["Ward", "Locality", "LSOA", "Squares", "Hexagons"]
    assert app.session_state["level"] == "ward"


def test_wales_is_shown_by_authority_because_it_has_nothing_finer(app: AppTest) -> None:
    app.selectbox(key="area").set_value("W92000004").run()
    assert not app.exception
    assert levels(app) == ["Local authority", "Police force area"]


def test_the_map_and_its_table_hold_every_ward(app: AppTest) -> None:
    assert len(app.dataframe[0].value) == 21


def test_picking_a_ward_shows_its_months_and_the_way_to_its_profile(app: AppTest) -> None:
    before = len(app.get("vega_lite_chart"))
    app.selectbox(key="place").set_value("E05000829").run()
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == before + 1
    assert [link.proto.page for link in app.get("page_link")] == ["place"]
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


@pytest.mark.parametrize("level", ["ward", "locality", "lsoa", "square", "hexagon"])
def test_every_level_shows_everything_that_it_can(app: AppTest, level: str) -> None:
    app.session_state["level"] = level
    app.run()
    offered = next(group for group in app.button_group if group.key == "measure").options
    assert app.session_state["level"] == level
    for measure in MEASURES[level]:
        app.session_state["measure"] = measure
        app.run()
        assert not app.exception
        assert app.session_state["measure"] == measure
    assert len(offered) == len(MEASURES[level])


def test_how_places_are_compared_is_chosen_and_said(app: AppTest) -> None:
    app.session_state["measure"] = "cluster"
    app.run()
    assert "Neighbours are places that touch" in captions(app)
    app.session_state["neighbours"] = "4"
    app.run()
    assert "Neighbours are the 4 nearest places" in captions(app)
    assert "21 places are tested at once" in captions(app)


def test_the_base_of_one_strand_is_its_own_people_where_they_are_counted(app: AppTest) -> None:
    app.multiselect(key="strand").set_value(["disability"])
    app.session_state["measure"] = "rate"
    app.run()
    assert not app.exception
    assert app.selectbox(key="base").value == "disabled"


def test_cells_can_be_made_larger(app: AppTest) -> None:
    app.session_state["level"] = "square"
    app.run()
    few = len(app.dataframe[0].value)
    app.selectbox(key="size").set_value("500").run()
    assert not app.exception
    assert len(app.dataframe[0].value) > few


def test_whether_hotspots_hold_and_how_much_lies_in_few_places_stand_beside_the_map(app: AppTest) -> None:
    headings = [heading.value for heading in app.subheader]
    assert {"Do the hotspots hold?", "How much in how few places?"} <= set(headings)
    said = " ".join(markdown.value for markdown in app.markdown)
    assert "that was hottest a year ago by clusters (Gi*) holds" in said
    assert "80% of incidents fall in" in said


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


AREA = "E05000001"
FAR = 900_000


def opened(folder: Path, monkeypatch: pytest.MonkeyPatch, **rows: object) -> AppTest:
    """The page on a snapshot of these rows, with three wards side by side of which two have residents."""
    square = shapely.box(0, 0, 1000, 1000)
    wards = [
        {
            "area_code": f"E0500000{i}",
            "level": "ward",
            "parent": "E08000001",
            "name_en": f"Ward {i}",
            "geometry": shapely.to_wkb(shapely.affinity.translate(square, 1000 * i)),
            "outline": "exact",
        }
        for i in (1, 2, 3)
    ]
    people = [{"area_code": "E05000001", "n": 5000}, {"area_code": "E05000002", "n": 0}]
    district = {"area_code": "E08000001", "level": "district", "name_en": "A borough"}
    toy.snapshot(folder, **{"area": [district, *wards], "area_population": people, **rows}).close()
    monkeypatch.setenv("HATECRIME_STORE", str(folder))
    monkeypatch.chdir(root())
    app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=60).run()
    return app.switch_page(PAGE).run()


def incident(ward: int, easting: float | None = 1500, month: int = 7) -> dict[str, object]:
    code = f"E0500000{ward}" if ward else None
    return {
        "recorded_on": date(2016, month, 1),
        "ward": code,
        "district": "E08000001",
        "easting": easting,
        "northing": None if easting is None else 500.0,
    }


ODD = {
    "a ward of four incidents": [incident(1)] * 4,
    "all points in one place": [incident(1)] * 40,
    "an area with no residents": [incident(2, 2500)] * 6 + [incident(1)] * 3,
    "points outside every area": [incident(0, FAR)] * 12 + [incident(1), incident(2, 2500)],
    "no points at all": [incident(1, None)] * 5 + [incident(3, None)] * 7,
}


@pytest.mark.parametrize("name", list(ODD))
def test_odd_places_are_told_in_words(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(tmp_path, monkeypatch, incident=ODD[name])
    assert not app.exception
    offered = {option: code for code, option in zip(("ward", "square", "hexagon"), levels(app), strict=False)}
    for level in offered.values():
        app.session_state["level"] = level
        for measure in MEASURES[level]:
            app.session_state["measure"] = measure
            app.run()
            assert not app.exception, (level, measure)
            said = "".join(html.proto.body for html in app.get("html"))
            assert "nan" not in said
            assert "None" not in said


def test_points_outside_every_area_are_counted_and_said_not_to_be_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(tmp_path, monkeypatch, incident=ODD["points outside every area"])
    assert "12 of 14 have no known ward and are not drawn" in captions(app)


MOVED = "Some places are moved to a grid or to a point of a map"


@pytest.mark.parametrize(("precision", "said"), [("exact", False), ("grid", True)])
def test_only_points_that_were_moved_are_said_to_be(
    precision: str, said: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(tmp_path, monkeypatch, incident=[{**incident(1), "location_precision": precision}] * 12)
    app.session_state["hotspots_made"] = True
    app.run()
    assert not app.exception
    listed = " ".join(markdown.value for markdown in app.markdown)
    assert "hotspots/areas" in listed
    assert (MOVED in listed) == said


def test_a_square_that_is_far_ahead_is_told_with_its_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [incident(1)] * 40 + [incident(2, 2500)] * 6 + [incident(3, 3500)] * 5
    app = opened(tmp_path, monkeypatch, incident=rows)
    app.session_state["level"] = "square"
    app.run()
    assert "alone has 40; the next has 6." in "".join(html.proto.body for html in app.get("html"))


def test_concentration_by_street_and_centre_is_worked_out_where_it_is_asked_for(app: AppTest) -> None:
    assert not tables_of_kinds(app)
    app.session_state["concentration_kinds"] = True
    app.run()
    assert not app.exception
    labels = [table.value["label"].tolist() for table in tables_of_kinds(app)]
    assert labels == [["Ward", "Squares of 100 m, as large as a street", "What is nearest to each reporting centre"]]


def tables_of_kinds(app: AppTest) -> list[object]:
    return [table for table in app.dataframe if {"label", "chance"} <= set(table.value.columns)]


def test_people_there_on_a_working_day_are_a_base_where_they_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workday = [{"area_code": f"E0500000{i}", "population_group": "workday", "n": 20_000} for i in (1, 2, 3)]
    residents = [{"area_code": f"E0500000{i}", "n": 4_000} for i in (1, 2, 3)]
    rows = {"incident": [incident(1)] * 20 + [incident(2)], "area_population": [*residents, *workday]}
    app = opened(tmp_path, monkeypatch, **rows)
    app.session_state["measure"] = "rate"
    app.run()
    assert app.selectbox(key="base").value == "all"
    app.selectbox(key="base").set_value("workday").run()
    assert not app.exception
    assert app.dataframe[0].value["rate"].max() == 1
