"""Areas with their incidents, people, changes and outlines."""

import json
import math
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from hatecrime import i18n
from hatecrime.shape.areas import areas, compare, features, per_area, rates, unplaced
from hatecrime.shape.labels import in_list_order, with_labels
from tests import toy

WARDS = pd.DataFrame({"area_code": ["W1", "W2"], "label": ["Clifford", "Hale"], "parent": ["D", "D"]}, dtype="str")


def counted(**n: int) -> pd.DataFrame:
    return pd.DataFrame({"area": list(n), "n": list(n.values())})


def outlines(*shapes, crs="EPSG:27700") -> gpd.GeoDataFrame:
    codes = [f"W{number}" for number in range(1, len(shapes) + 1)]
    return gpd.GeoDataFrame({"area_code": codes, "label": codes}, geometry=list(shapes), crs=crs)


def test_an_area_without_incidents_has_zero():
    assert per_area(counted(W1=3), WARDS)["n"].tolist() == [3, 0]


def test_incidents_outside_the_areas_of_the_day_are_counted_apart():
    assert unplaced(counted(W1=3, old_ward=2, not_recorded=1), WARDS) == 3
    assert unplaced(counted(), WARDS) == 0


def test_a_rate_has_its_people_and_its_interval():
    found = rates(per_area(counted(W1=20), WARDS), pd.DataFrame({"area_code": ["W1", "W2"], "n": [10_000, 5_000]}))

    first, second = found.to_dict("records")
    assert (first["population"], round(first["rate"], 2)) == (10_000, 2.0)
    assert (round(first["low"], 3), round(first["high"], 3)) == (1.221, 3.089)
    assert (second["rate"], second["low"]) == (0, 0)
    assert round(second["high"] * 5, 2) == 3.69


@pytest.mark.parametrize("people", [[], [("W1", 0)]])
def test_without_people_there_is_no_rate(people):
    found = rates(per_area(counted(W1=20), WARDS), pd.DataFrame(people, columns=["area_code", "n"]))

    assert found["rate"].isna().all()


def test_two_periods_stand_beside_each_other():
    now, before = per_area(counted(W1=60, W2=4), WARDS), per_area(counted(W1=20), WARDS)

    found = compare(now, before).set_index("area_code")

    assert found.loc["W1", ["n", "before", "difference", "direction"]].tolist() == [60, 20, 40, "more"]
    assert found.loc["W1", "percent"] == 2.0
    assert math.isnan(found.loc["W2", "percent"])
    assert found.loc["W2", "reason"] == "none_before"
    assert found["label"].tolist() == ["Clifford", "Hale"]


def test_what_only_one_period_has_is_zero_in_the_other():
    now = pd.DataFrame({"strand": ["race"], "label": ["Race"], "n": [2]})
    before = pd.DataFrame({"strand": ["age"], "label": ["Age"], "n": [3]})

    found = compare(now, before, by="strand")

    assert found[["strand", "label", "n", "before"]].to_numpy().tolist() == [
        ["race", "Race", 2, 0],
        ["age", "Age", 0, 3],
    ]


def test_nothing_beside_nothing_is_no_row():
    nothing = WARDS.head(0).assign(n=pd.Series(dtype="int64"))

    assert compare(nothing, nothing).empty


def test_outlines_are_whole_metres_that_json_can_carry():
    drawn = features(outlines(shapely.box(0.4, 0, 1000.4, 999.6)))

    assert drawn["features"][0]["id"] == "W1"
    assert drawn["features"][0]["properties"] == {"area_code": "W1", "label": "W1"}
    ring = json.loads(json.dumps(drawn))["features"][0]["geometry"]["coordinates"][0]
    assert sorted(map(tuple, ring[:-1])) == [(0, 0), (0, 1000), (1000, 0), (1000, 1000)]


def test_neighbours_still_meet_after_simplifying():
    wiggle = [(500 + 3 * (step % 2), step * 10) for step in range(101)]
    west = shapely.Polygon([(0, 0), *wiggle, (0, 1000)])
    east = shapely.Polygon([(1000, 0), *wiggle, (1000, 1000)])

    drawn = [shapely.from_geojson(json.dumps(f["geometry"])) for f in features(outlines(west, east), 20)["features"]]

    assert sum(shapely.get_num_coordinates(drawn)) < 20
    assert shapely.intersection(*drawn).area == 0
    assert shapely.union_all(drawn).area == sum(shape.area for shape in drawn) == 1_000_000


def test_degrees_keep_five_decimals():
    drawn = features(outlines(shapely.box(-2.123456789, 53.1, -2.0, 53.2), crs="EPSG:4326"))

    assert -2.12346 in {x for x, _y in drawn["features"][0]["geometry"]["coordinates"][0]}


def test_an_area_without_an_outline_is_not_drawn():
    assert len(features(outlines(None, shapely.box(0, 0, 1, 1)))["features"]) == 1
    assert features(outlines(None))["features"] == []


def test_areas_come_from_the_snapshot_with_their_names(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        area=[
            {"area_code": "A", "level": "force", "name_cy": "Un", "geometry": shapely.box(0, 0, 1, 1).wkb},
            {"area_code": "B", "level": "force", "name_en": "Two"},
        ],
    )

    english = areas(opened, "force", date(2016, 7, 1))
    with i18n.speaking("cy"):
        welsh = areas(opened, "force", date(2016, 7, 1))

    assert english["label"].tolist() == ["Somewhere", "Two"]
    assert welsh["label"].tolist() == ["Un", "Two"]
    assert english.geometry.notna().tolist() == [True, False]
    assert english.crs == "EPSG:27700"


def test_no_area_at_all_is_an_empty_frame_of_the_same_form(tmp_path):
    found = areas(toy.snapshot(tmp_path), "ward", date(2016, 7, 1))

    assert list(found.columns) == ["area_code", "label", "parent", "outline", "geometry"]
    assert features(found)["features"] == []


def test_codes_get_labels_in_the_language_in_use():
    frame = pd.DataFrame({"strand": ["disability", "not_recorded", "unheard_of"]})

    assert with_labels(frame, "strand", "strand")["label"].tolist() == [
        "Disability",
        "Not recorded",
        "unheard_of",
    ]
    with i18n.speaking("cy"):
        assert with_labels(frame, "strand", "strand")["label"].iloc[0] == "Anabledd"


def test_rows_follow_the_code_list_and_the_unlisted_come_last():
    frame = pd.DataFrame({"strand": ["not_recorded", "disability", "race"]})

    assert in_list_order(frame, "strand", "strand")["strand"].tolist() == [
        "race",
        "disability",
        "not_recorded",
    ]
