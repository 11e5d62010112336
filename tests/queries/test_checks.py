"""A check finds exactly the rows that offend."""

from datetime import date, datetime
from typing import Any

import pytest

from hatecrime.database import fetch, query_names
from tests import toy

Tables = dict[str, list[dict[str, Any]]]

RECORDED = date(2016, 7, 1)
SOUND = {
    "recorded_on": RECORDED,
    "strands": ["race"],
    "district": "D",
    "centre_id": "c",
    "channel": "reporting_centre",
    "outcome": "1",
    "outcome_on": RECORDED,
}

# Changes to a sound incident that a check finds; each of them is tried with all that is sound beside it.
OFFENDING: dict[str, list[dict[str, Any]]] = {
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
    "checks/outcome_date_alone": [{"outcome": None}],
    "checks/not_located": [{"district": None}],
    "checks/centre_unknown": [{"centre_id": "nowhere"}],
    "checks/centre_without_channel": [{"channel": "officer"}, {"channel": None}],
    "checks/centre_not_open": [
        {"recorded_on": date(2015, 12, 31), "outcome_on": None},
        {"recorded_on": date(2017, 1, 1), "outcome_on": None},
    ],
    "checks/strands_disagree": [{"strands": ["race"], "strand_mask": 3}],
    "checks/end_before_start": [
        {"occurred_from": datetime(2016, 6, 30, 12, 1), "occurred_to": datetime(2016, 6, 30, 12)}
    ],
    "checks/occurred_after_recorded": [{"occurred_from": datetime(2016, 7, 2)}],
    "checks/occurred_long_before_recorded": [{"occurred_from": datetime(2015, 6, 30, 23, 59)}],
    "checks/future_date": [{"recorded_on": date(2016, 8, 1), "outcome_on": None, "extract_id": 2}],
    "checks/later_date_in_future": [{"outcome_on": date(2016, 8, 1), "extract_id": 2}],
    "checks/outside_stated_period": [
        {"recorded_on": date(2016, 3, 31), "extract_id": 2},
        {"recorded_on": date(2016, 8, 1), "outcome_on": None, "extract_id": 2},
    ],
    "checks/duplicate_refs": [{"ref": "twice"}, {"ref": "twice"}],
    "checks/areas_disagree": [{"ward": "W", "district": "other"}, {"district": "D", "force": "other"}],
    "checks/ward_of_another_time": [{"ward": "ended"}, {"ward": "coming"}],
    "checks/area_not_listed": [{"ward": "unlisted"}, {"region": "unlisted"}],
    "checks/point_at_zero": [{"easting": 0.0, "northing": 0.0}],
    "checks/point_without_area": [{"easting": 1.0, "northing": 2.0, "district": None}],
    "checks/online_in_the_street": [{"online": True, "location_type": "street"}],
    "checks/online_without_flag": [
        {"location_type": "online_space", "online": False},
        {"location_type": "online_space", "online": None},
    ],
    "checks/flag_against_place": [
        {"location_type": "public_transport", "transport": False},
        {"location_type": "school", "school": False},
        {"location_type": "prison", "prison": False},
    ],
}

NOT_OFFENDING = [
    SOUND,
    {**SOUND, "offence_code": "8P", "strands": ["religion"]},
    {**SOUND, "offence_code": "8N"},
    {**SOUND, "kind": "non_crime", "crime_type": "anti_social_behaviour"},
    {**SOUND, "outcome": None, "outcome_on": None, "centre_id": None, "channel": None},
    {**SOUND, "outcome_on": None},
    {**SOUND, "occurred_from": datetime(2016, 7, 1, 23), "occurred_to": datetime(2016, 7, 1, 23)},
    {**SOUND, "occurred_from": datetime(2015, 7, 1)},
    {**SOUND, "extract_id": 2, "outcome_on": date(2016, 7, 31)},
    {**SOUND, "ref": "once"},
    {**SOUND, "ref": "once", "source": "another"},
    {**SOUND, "ward": "W", "force": "F", "region": "R", "easting": 1.0, "northing": 2.0},
    {**SOUND, "online": True, "location_type": "online_space"},
    {**SOUND, "online": False, "location_type": "street"},
    {**SOUND, "location_type": "school", "school": True},
    {**SOUND, "location_type": "school", "school": None},
]

AROUND: Tables = {
    "reporting_centre": [{"centre_id": "c", "opened_on": date(2016, 1, 1), "closed_on": date(2016, 12, 31)}],
    "area": [
        {"area_code": "R", "level": "region"},
        {"area_code": "F", "level": "force", "parent": "R"},
        {"area_code": "D", "level": "district", "parent": "F"},
        {"area_code": "W", "level": "ward", "parent": "D"},
        {"area_code": "other", "level": "district"},
        {"area_code": "ended", "level": "ward", "parent": "D", "valid_to": date(2016, 6, 30)},
        {"area_code": "coming", "level": "ward", "parent": "D", "valid_from": date(2016, 7, 2)},
    ],
    "extract": [
        {},
        {"received_on": date(2016, 7, 31), "complete_from": date(2016, 4, 1), "complete_to": date(2016, 7, 31)},
    ],
}

RECEIVED = {"received_on": RECORDED, "strands": ["race"], "consent": True}
REFERRED_IN_ORDER = {
    **RECEIVED,
    "ref": "r",
    "incident_ref": "known",
    "first_attempt_on": datetime(2016, 7, 1, 9),
    "first_contact_on": datetime(2016, 7, 1, 9),
    "support_started_on": date(2016, 7, 2),
    "closed_on": date(2016, 7, 2),
    "status": "supported",
    "satisfaction": 5,
    "extract_id": 2,
}

OFFENDING_REFERRALS: dict[str, list[dict[str, Any]]] = {
    "checks/referral_strand_missing": [{"strands": []}],
    "checks/referral_contact_before_receipt": [
        {"first_contact_on": datetime(2016, 6, 30, 23, 59)},
        {"first_attempt_on": datetime(2016, 6, 30)},
    ],
    "checks/referral_support_before_receipt": [{"support_started_on": date(2016, 6, 30)}],
    "checks/referral_closed_before_receipt": [
        {"closed_on": date(2016, 6, 30)},
        {"support_started_on": date(2016, 7, 3), "closed_on": date(2016, 7, 2)},
    ],
    "checks/referral_without_consent": [
        {"consent": False, "first_contact_on": datetime(2016, 7, 2)},
        {"consent": False, "support_started_on": date(2016, 7, 2)},
    ],
    "checks/referral_satisfied_while_open": [{"satisfaction": 1}],
    "checks/referral_status_against_dates": [
        {"status": "supported"},
        {"status": "open", "closed_on": date(2016, 8, 1)},
    ],
    "checks/referral_duplicate_refs": [{"ref": "twice"}, {"ref": "twice"}],
    "checks/referral_incident_unknown": [{"incident_ref": "unknown"}],
}

NOT_OFFENDING_REFERRALS = [
    RECEIVED,
    REFERRED_IN_ORDER,
    {**RECEIVED, "consent": False},
    {**RECEIVED, "consent": None, "first_contact_on": datetime(2016, 7, 2)},
    {**RECEIVED, "status": "open"},
    {**RECEIVED, "closed_on": RECORDED},
]

# What offends in other tables, with what does not; and the column that names what is found.
OTHERS: dict[str, tuple[Tables, str, list[Any]]] = {
    "checks/contact_outside_opening": (
        {
            "centre_contact": [
                {"centre_id": "c", "happened_on": date(2015, 12, 31), "line": 2},
                {"centre_id": "c", "happened_on": date(2016, 1, 1), "line": 3},
                {"centre_id": "elsewhere", "happened_on": date(2015, 1, 1), "line": 4},
            ],
            "centre_survey": [
                {"centre_id": "c", "answered_on": date(2017, 1, 1), "line": 5},
                {"centre_id": "c", "answered_on": date(2016, 12, 31), "line": 6},
            ],
        },
        "line",
        [2, 5],
    ),
    "checks/population_missing": (
        {
            "incident": [
                SOUND,
                {**SOUND, "district": "other"},
                {**SOUND, "district": "summed"},
                {**SOUND, "ward": "W"},
            ],
            "area": [
                {"area_code": "summed", "level": "district"},
                {"area_code": "part", "level": "locality", "parent": "summed"},
            ],
            "area_population": [{"area_code": "D", "n": 10}, {"area_code": "part", "n": 5}],
        },
        "area_code",
        ["other"],
    ),
    "checks/population_parts": (
        {
            "area_population": [
                {"area_code": area, "population_group": group, "n": n}
                for area, groups in {
                    "off": (1000, 500, 489),
                    "rounded": (1000, 500, 490),
                    "right": (1000, 500, 500),
                }.items()
                for group, n in zip(("all", "female", "male"), groups, strict=True)
            ]
            + [{"area_code": "half", "population_group": "female", "n": 3}]
        },
        "area_code",
        ["off"],
    ),
    "checks/convicted_above_completed": (
        {
            "court_result": [
                {"completed": 5, "convicted": 6, "line": 2},
                {"completed": 5, "convicted": 5, "line": 3},
                {"completed": 5, "line": 4},
            ]
        },
        "line",
        [2],
    ),
    "checks/uplift_above_convicted": (
        {
            "court_result": [
                {"completed": 5, "convicted": 3, "uplift_announced": 4, "line": 2},
                {"completed": 5, "convicted": 3, "uplift_announced": 3, "line": 3},
                {"completed": 5, "convicted": 3, "line": 4},
            ]
        },
        "line",
        [2],
    ),
}


def around(**more: list[dict[str, Any]]) -> Tables:
    return {table: [*AROUND.get(table, []), *more.get(table, [])] for table in {**AROUND, **more}}


def test_every_check_is_tried():
    tried = {*OFFENDING, *OFFENDING_REFERRALS, *OTHERS}
    assert tried == {name for name in query_names() if name.startswith("checks/")}


@pytest.mark.parametrize("name", OFFENDING)
def test_a_check_finds_what_offends_and_nothing_else(tmp_path, name):
    wrong = [{**SOUND, **row, "line": number} for number, row in enumerate(OFFENDING[name], start=1)]
    opened = toy.snapshot(tmp_path, **around(incident=[*wrong, *NOT_OFFENDING]))

    assert fetch(opened, name)["line"].tolist() == list(range(1, len(wrong) + 1))


@pytest.mark.parametrize("name", OFFENDING_REFERRALS)
def test_a_check_on_referrals_finds_what_offends_and_nothing_else(tmp_path, name):
    wrong = [{**RECEIVED, **row} for row in OFFENDING_REFERRALS[name]]
    tables = around(referral=[*wrong, *NOT_OFFENDING_REFERRALS], incident=[{**SOUND, "ref": "known"}])

    assert fetch(toy.snapshot(tmp_path, **tables), name)["referral_id"].tolist() == list(range(1, len(wrong) + 1))


@pytest.mark.parametrize("name", OTHERS)
def test_a_check_on_other_tables_finds_what_offends_and_nothing_else(tmp_path, name):
    rows, column, found = OTHERS[name]

    assert fetch(toy.snapshot(tmp_path, **around(**rows)), name)[column].tolist() == found


def test_a_referral_can_be_dated_after_its_extract_too(tmp_path):
    rows = [
        {**RECEIVED, "received_on": date(2016, 8, 1), "extract_id": 2, "line": 2},
        {**RECEIVED, "first_attempt_on": datetime(2016, 8, 1), "extract_id": 2, "line": 3},
        {**RECEIVED, "closed_on": date(2016, 8, 1), "extract_id": 2, "line": 4},
        {**RECEIVED, "closed_on": date(2016, 7, 31), "extract_id": 2, "line": 5},
    ]
    opened = toy.snapshot(tmp_path, **around(referral=rows))

    assert fetch(opened, "checks/future_date")["line"].tolist() == [2]
    assert fetch(opened, "checks/later_date_in_future")["line"].tolist() == [3, 4]


@pytest.mark.parametrize("table", ["incident", "referral", "stop_search", "centre_contact", "court_result"])
def test_no_kind_of_record_can_be_dated_after_its_extract(tmp_path, table):
    day = {
        "incident": {**SOUND, "recorded_on": date(2016, 8, 1)},
        "referral": {**RECEIVED, "received_on": date(2016, 8, 1)},
        "stop_search": {"searched_on": datetime(2016, 8, 1, 1)},
        "centre_contact": {"happened_on": date(2016, 8, 1)},
        "court_result": {"quarter_start": date(2016, 8, 1)},
    }[table]
    opened = toy.snapshot(tmp_path, **around(**{table: [{**day, "extract_id": 2, "line": 7}]}))

    assert fetch(opened, "checks/future_date")["line"].tolist() == [7]


@pytest.mark.parametrize("name", [*OFFENDING, *OFFENDING_REFERRALS, *OTHERS])
def test_an_empty_store_passes_every_check(tmp_path, name):
    assert fetch(toy.snapshot(tmp_path), name).empty


@pytest.mark.parametrize("name", [*OFFENDING, *OFFENDING_REFERRALS, "checks/contact_outside_opening"])
def test_what_a_check_finds_can_be_followed_to_its_file_and_line(tmp_path, name):
    found = fetch(toy.snapshot(tmp_path), name)

    assert {"source", "extract_id", "line"} <= set(found.columns)
