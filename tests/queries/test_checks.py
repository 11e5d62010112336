"""A check finds exactly the rows that offend."""

from datetime import date

import pytest

from hatecrime.database import fetch, query_names
from tests import toy

SOUND = {"strands": ["race"], "district": "D", "centre_id": "c", "outcome_on": date(2016, 7, 1)}

OFFENDING = {
    "checks/strand_missing": [{"strands": []}, {"strand_mask": None}],
    "checks/aggravated_without_race_or_religion": [
        {"offence_code": "8P", "strands": ["disability"]},
        {"offence_code": "9B", "strands": []},
    ],
    "checks/kind_against_crime_type": [
        {"kind": "non_crime", "offence_code": "8N"},
        {"kind": "crime", "crime_type": "anti_social_behaviour"},
    ],
    "checks/outcome_before_recorded": [{"outcome_on": date(2016, 6, 30)}],
    "checks/not_located": [{"district": None}],
    "checks/centre_unknown": [{"centre_id": "nowhere"}],
    "checks/strands_disagree": [{"strands": ["race"], "strand_mask": 3}],
}

NOT_OFFENDING = [
    SOUND,
    {**SOUND, "offence_code": "8P", "strands": ["religion"]},
    {**SOUND, "offence_code": "8N"},
    {**SOUND, "kind": "non_crime", "crime_type": "anti_social_behaviour"},
    {**SOUND, "outcome_on": None, "centre_id": None},
]


def test_every_check_is_tried():
    assert set(OFFENDING) == {name for name in query_names() if name.startswith("checks/")}


@pytest.mark.parametrize("name", OFFENDING)
def test_a_check_finds_what_offends_and_nothing_else(tmp_path, name):
    wrong = [{**SOUND, **row} for row in OFFENDING[name]]
    opened = toy.snapshot(tmp_path, incident=[*wrong, *NOT_OFFENDING], reporting_centre=[{"centre_id": "c"}])

    assert fetch(opened, name)["incident_id"].tolist() == list(range(1, len(wrong) + 1))


@pytest.mark.parametrize("name", OFFENDING)
def test_an_empty_store_passes_every_check(tmp_path, name):
    assert fetch(toy.snapshot(tmp_path), name).empty
