"""Candidate venues: what each would bring within reach of a centre."""

from pathlib import Path

from hatecrime.filters import Filters
from hatecrime.reports.candidates import candidates
from hatecrime.reports.coverage import coverage
from tests import toy

AREA = {"area_code": "E08000009", "level": "district", "name_en": "Trafford"}
HERE = {"district": "E08000009"}


def test_the_venue_that_brings_in_most_comes_first_and_what_is_near_already_is_no_gain(tmp_path: Path) -> None:
    snapshot = toy.snapshot(
        tmp_path,
        area=[AREA],
        reporting_centre=[{"centre_id": "c", "easting": 0.0, "northing": 0.0, **HERE}],
        candidate_venue=[
            {"venue_id": "near", "name_en": "Near", "easting": 100.0, "northing": 0.0, **HERE},
            {"venue_id": "far", "name_en": "Far", "easting": 9000.0, "northing": 0.0, **HERE},
            {"venue_id": "lost", "name_en": "Lost", **HERE},
        ],
        incident=[{"easting": x, "northing": 0.0, **HERE} for x in (0.0, 50.0, 9000.0, 9100.0, 40_000.0)],
    )
    filters = Filters(area="E08000009")
    found = candidates(snapshot, filters, coverage(snapshot, filters), 1600)
    assert dict(zip(found["venue_id"], found["gain"], strict=True)) == {"far": 2, "near": 0, "lost": 0}
    assert found["label"].iloc[0] == "Far"


def test_without_candidates_or_incidents_the_list_is_empty_or_without_gain(tmp_path: Path) -> None:
    snapshot = toy.snapshot(
        tmp_path, area=[AREA], candidate_venue=[{"venue_id": "v", "easting": 1.0, "northing": 1.0, **HERE}]
    )
    filters = Filters(area="E08000009")
    assert candidates(snapshot, filters, coverage(snapshot, filters), 1600)["gain"].tolist() == [0]
