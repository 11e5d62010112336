"""The map of centres: reach without overlap, every kind told apart by shape or fill, nothing lost where nothing is."""

import pandas as pd
import pytest
import shapely

from hatecrime.charts import maps
from hatecrime.charts.coverage import Reach, coverage, short
from hatecrime.charts.theme import DARK, LIGHT, Look

KINDS = {"used": "Centre", "unused": "Centre without a report"}
REACHES = [Reach("Within 800 m", 800), Reach("Within 1.6 km", 1600)]


def square(code: str, label: str, west: int, side: int = 5000) -> dict[str, object]:
    outline = shapely.geometry.mapping(shapely.box(west, 0, west + side, side))
    return {"type": "Feature", "id": code, "properties": {"area_code": code, "label": label}, "geometry": outline}


def collection(*features: dict[str, object]) -> maps.Collection:
    return {"type": "FeatureCollection", "features": list(features)}


def places(*rows: tuple[str, str, float, float, bool, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["id", "label", "x", "y", "is_centre", "kind"])
    return frame.astype({"x": float, "y": float, "is_centre": bool})


def incidents(*rows: tuple[float, float, int, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["x", "y", "n", "beyond"])


def drawn(
    look: Look = LIGHT,
    ground: maps.Collection | None = None,
    centres: pd.DataFrame | None = None,
    dots: pd.DataFrame | None = None,
) -> dict[str, object]:
    ground = collection(square("W1", "West", 0), square("E1", "East", 5000)) if ground is None else ground
    centres = places(("c1", "Library, High Street", 2500, 2500, True, "used")) if centres is None else centres
    dots = incidents((100, 100, 2, True)) if dots is None else dots
    return coverage(ground, ground, dots, centres, look, REACHES, KINDS, alt_text="Said.").to_dict()


def reached(chart: dict[str, object]) -> dict[str, shapely.Geometry]:
    collections = [data for data in chart["datasets"].values() if isinstance(data, dict)]
    features = [each for data in collections for each in data["features"] if "reach" in each["properties"]]
    return {each["properties"]["reach"]: shapely.geometry.shape(each["geometry"]) for each in features}


@pytest.mark.parametrize("look", [LIGHT, DARK, LIGHT.drawn_for("meeting", "cy")])
def test_the_map_says_what_it_shows(look: Look) -> None:
    assert drawn(look)["description"] == "Said."


def test_each_distance_leaves_out_the_nearer_ones_and_stays_in_the_area() -> None:
    near, far = reached(drawn()).values()
    assert near.intersection(far).area < 1
    assert near.area == pytest.approx(3.14 * 800**2, rel=0.01)
    assert shapely.box(0, 0, 10_000, 5000).buffer(1).contains(far)


def test_two_centres_side_by_side_share_one_reach() -> None:
    two = places(("c1", "Library", 2500, 2500, True, "used"), ("c2", "College", 2600, 2500, True, "unused"))
    assert reached(drawn(centres=two))["Within 800 m"].geom_type == "Polygon"


def test_a_candidate_reaches_nothing() -> None:
    candidate = places(("v1", "Hub", 2500, 2500, False, "used"))
    assert all(area.is_empty for area in reached(drawn(centres=candidate)).values())


def test_no_centre_no_incident_and_no_outline_still_give_a_map() -> None:
    assert drawn(centres=places(), dots=incidents())
    assert drawn(ground=collection())


def test_the_three_legends_of_the_marks_share_a_field_and_their_kinds() -> None:
    (marks,) = [layer for layer in drawn()["layer"] if "shape" in layer.get("encoding", {})]
    channels = [marks["encoding"][name] for name in ("shape", "fill", "stroke")]
    assert {channel["field"] for channel in channels} == {"kind_name"}
    assert all(channel["scale"]["domain"] == list(KINDS.values()) for channel in channels)


def test_names_are_as_short_as_people_say_them() -> None:
    assert short("Library, High Street") == "Library"
    assert short("Library") == "Library"
