"""The local authority around an area."""

from pathlib import Path

import pytest

from hatecrime.reports.places import district_of
from tests import toy

AREAS = [
    {"area_code": "L", "level": "lsoa", "parent": "W"},
    {"area_code": "W", "level": "ward", "parent": "T"},
    {"area_code": "T", "level": "locality", "parent": "D"},
    {"area_code": "D", "level": "district", "parent": "F"},
    {"area_code": "F", "level": "force"},
    {"area_code": "alone", "level": "ward"},
]


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("L", "D"),
        ("W", "D"),
        ("T", "D"),
        ("D", "D"),
        ("F", "F"),
        ("alone", "alone"),
        ("unlisted", "unlisted"),
        (None, None),
    ],
)
def test_a_part_of_an_authority_leads_to_it_and_any_other_area_stays(
    tmp_path: Path, area: str | None, expected: str | None
) -> None:
    assert district_of(toy.snapshot(tmp_path, area=AREAS), area) == expected


def test_areas_that_lie_in_each_other_are_no_endless_way(tmp_path: Path) -> None:
    circle = [
        {"area_code": "A", "level": "ward", "parent": "B"},
        {"area_code": "B", "level": "locality", "parent": "A"},
    ]
    assert district_of(toy.snapshot(tmp_path, area=circle), "A") in ("A", "B")
