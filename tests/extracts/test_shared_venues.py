"""Real places that could become reporting centres, each counted straight from its file."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from tests.extracts.workshop import Built
from tests.shared_data import adds_up, build_shared, needs_shared_data, shared

pytestmark = [needs_shared_data, pytest.mark.shared_data]

WARDS = ("boundaries/ward_2023_trafford_ward_generalised.geojson", "ons_wards")
FILES = {
    "trafford_libraries": ("centres/trafford_libraries.csv", "name", "library", 13),
    "trafford_community_hubs": ("centres/trafford_community_hubs.csv", "community_hub", "community_centre", 6),
    "trafford_leisure_centres": ("centres/trafford_leisure_centres.csv", "name", "leisure", 9),
    "trafford_general_practices": ("centres/trafford_general_practices.csv", "name", "health", 26),
    "trafford_schools": ("centres/trafford_schools_and_colleges.csv", "name", "school_college", 103),
    "trafford_metrolink_stops": ("centres/trafford_metrolink_stops.csv", "name", "transport_stop", 18),
    "trafford_town_centres": ("boundaries/town_centres_trafford_town_centres.geojson", "name", "other_venue", 8),
}


def loaded(folder: Path, *files: tuple[str, str]) -> Built:
    report = build_shared(folder, *files)
    assert all(adds_up(extract) and extract.kept == extract.read for extract in report.extracts)
    return Built(report, Path(report.snapshot))


def points(path: str) -> gpd.GeoDataFrame:
    """The places of a file in metres, read without the dashboard."""
    if path.endswith(".geojson"):
        return gpd.read_file(shared(path)).to_crs("EPSG:27700")
    file = pd.read_csv(shared(path), dtype=str)
    x, y = file["long" if "long" in file else "lon"].astype(float), file["lat"].astype(float)
    return gpd.GeoDataFrame(file, geometry=gpd.points_from_xy(x, y, crs="EPSG:4326")).to_crs("EPSG:27700")


@pytest.mark.parametrize("mapping", FILES)
def test_every_venue_of_a_file_is_on_the_map_with_its_kind(tmp_path: Path, mapping: str) -> None:
    path, name, kind, venues = FILES[mapping]
    built, expected = loaded(tmp_path, (path, mapping)), points(path)
    table = built.table("candidate_venue")
    assert len(table) == len(expected) == table["venue_id"].nunique() == venues
    assert set(table["venue_type"]) == {kind}
    assert sorted(table["name_en"]) == sorted(expected[name])
    assert sorted(table["easting"]) == pytest.approx(sorted(expected.geometry.x), abs=0.01)
    assert sorted(table["northing"]) == pytest.approx(sorted(expected.geometry.y), abs=0.01)
    assert built.extract.values_refused == {}


def test_what_could_be_used_to_call_somebody_is_never_read(tmp_path: Path) -> None:
    for mapping, (path, *_facts) in FILES.items():
        built = loaded(tmp_path / mapping, (path, mapping))
        held = built.table("candidate_venue").to_csv()
        assert "@" not in held and "0161" not in held and "www." not in held


def test_all_venues_share_one_snapshot_and_none_replaces_another(tmp_path: Path) -> None:
    built = loaded(tmp_path, WARDS, *((path, mapping) for mapping, (path, *_facts) in FILES.items()))
    assert len(built.column("candidate_venue", "venue_id")) == sum(n for *_head, n in FILES.values()) == 183
    assert [extract.collapsed for extract in built.report.extracts] == [0] * 8


def test_a_venue_lies_in_the_ward_of_its_point(tmp_path: Path) -> None:
    path, *_facts = FILES["trafford_schools"]
    built = loaded(tmp_path, WARDS, (path, "trafford_schools"))
    wards = gpd.read_file(shared(WARDS[0])).to_crs("EPSG:27700")
    joined = gpd.sjoin(points(path), wards, predicate="within")
    expected = dict(zip("URN " + joined["unique_reference_number"], joined["area_code"], strict=True))
    assert {venue: ward for venue, ward in built.rows("candidate_venue", "venue_id", "ward") if ward} == expected
    assert len(expected) > 95


def test_a_stop_keeps_the_ward_that_its_file_states(tmp_path: Path) -> None:
    path, *_facts = FILES["trafford_metrolink_stops"]
    built, file = loaded(tmp_path, (path, "trafford_metrolink_stops")), points(path)
    stated = dict(zip("Stop: " + file["name"], file["area_code"], strict=True))
    assert dict(built.rows("candidate_venue", "venue_id", "ward")) == stated
    assert set(built.column("candidate_venue", "district")) == {"E08000009"}
    assert set(built.column("candidate_venue", "postcode")) == {None}
