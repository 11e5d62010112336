"""Given these centres, contacts and reports, this use and this coverage."""

from datetime import date

import pytest

from hatecrime.database import count, fetch
from hatecrime.filters import Filters
from hatecrime.reports.coverage import coverage
from tests import toy

YEAR = {"start": date(2016, 4, 1), "finish": date(2017, 3, 31)}
DURING = Filters(**YEAR)
AREAS = [
    {"area_code": "D", "level": "district", "name_en": "The borough"},
    {"area_code": "D-n", "level": "locality", "parent": "D", "name_en": "North"},
    {"area_code": "D-s", "level": "locality", "parent": "D", "name_en": "South"},
    {"area_code": "W1", "level": "ward", "parent": "D-n", "name_en": "A ward"},
]
NORTH = {"district": "D", "locality": "D-n"}
SOUTH = {"district": "D", "locality": "D-s"}


@pytest.mark.parametrize(
    ("opened_on", "closed_on", "is_open", "at_end"),
    [
        (None, None, True, True),
        (date(2017, 3, 31), None, True, True),
        (date(2017, 4, 1), None, False, False),
        (date(2010, 1, 1), date(2016, 4, 1), True, False),
        (date(2010, 1, 1), date(2016, 3, 31), False, False),
        (date(2010, 1, 1), date(2017, 4, 1), True, True),
    ],
)
def test_a_centre_is_open_if_it_was_on_any_day_of_the_period(tmp_path, opened_on, closed_on, is_open, at_end):
    opened = toy.snapshot(
        tmp_path, reporting_centre=[{"centre_id": "c", "opened_on": opened_on, "closed_on": closed_on}]
    )

    centres = fetch(opened, "centres/open", area=None, **YEAR)

    assert centres["open_at_end"].tolist() == ([at_end] if is_open else [])
    assert len(fetch(opened, "centres/reports", DURING, area=None, **YEAR)) == is_open


def test_no_report_and_no_return_are_told_apart(tmp_path):
    sent = {"contact_type": "return", "happened_on": date(2016, 7, 1)}
    opened = toy.snapshot(
        tmp_path,
        reporting_centre=[{"centre_id": "silent", "name_en": "A"}, {"centre_id": "unheard", "name_en": "B"}],
        centre_contact=[{"centre_id": "silent", "reports": 0, **sent}],
    )

    use = fetch(opened, "centres/reports", DURING, area=None, **YEAR)

    assert use["reports"].tolist() == [0, 0]
    assert use["returns_sent"].tolist() == [1, 0]
    assert use["reports_in_returns"].isna().tolist() == [False, True]


def test_contact_is_the_latest_ever_and_reports_are_of_the_period(tmp_path):
    days = {"contact": date(2015, 1, 1), "visit": date(2016, 5, 1), "training": date(2017, 4, 1)}
    opened = toy.snapshot(
        tmp_path,
        reporting_centre=[{"centre_id": "c"}],
        centre_contact=[{"centre_id": "c", "contact_type": kind, "happened_on": day} for kind, day in days.items()],
        incident=[
            {"centre_id": "c", "recorded_on": date(2016, 4, 1)},
            {"centre_id": "c", "recorded_on": date(2016, 3, 31)},
        ],
    )

    use = fetch(opened, "centres/reports", DURING, area=None, **YEAR).iloc[0]

    assert use["reports"] == 1
    assert use["last_contact_on"].date() == days["contact"]
    assert use["last_visit_on"].date() == days["visit"]
    assert str(use["last_training_on"]) == "NaT"


def test_answers_are_spread_over_the_scores(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        reporting_centre=[{"centre_id": "c"}],
        centre_survey=[{"centre_id": "c", "answered_on": date(2016, 7, 1), "score": score} for score in (5, 5, 4, 1)],
    )

    use = fetch(opened, "centres/reports", DURING, area=None, **YEAR).iloc[0]

    assert use[["answers", "satisfied"]].tolist() == [4, 3]
    assert use[[f"score_{score}" for score in range(1, 6)]].tolist() == [1, 0, 0, 1, 2]


def test_reports_by_centre_and_strand_are_a_count(tmp_path):
    opened = toy.snapshot(tmp_path, incident=[{"centre_id": "c", "strands": ["race", "religion"]}, {}])

    by_centre = count(opened, Filters(), ("centre_id", "strand"))

    assert by_centre["centre_id"].tolist() == ["c", "c", "not_recorded"]


def test_candidates_are_those_of_the_area(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        candidate_venue=[{"venue_id": "v1", "district": "D"}, {"venue_id": "v2", "district": "E"}],
    )

    assert fetch(opened, "centres/candidates", area="D")["venue_id"].tolist() == ["v1"]
    assert len(fetch(opened, "centres/candidates", area=None)) == 2


def test_a_locality_without_a_centre_is_named(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        area=AREAS,
        reporting_centre=[
            {"centre_id": "c", "name_en": "Library", "easting": 0.0, "northing": 0.0, **NORTH},
            {"centre_id": "shut", "closed_on": date(2016, 5, 1), "easting": 9e3, "northing": 0.0, **SOUTH},
        ],
        incident=[
            {"easting": 100.0, "northing": 0.0, **NORTH},
            {"easting": 9000.0, "northing": 0.0, **SOUTH},
            {"easting": 9000.0, "northing": 0.0, **SOUTH},
            {**SOUTH},
        ],
    )

    found = coverage(opened, DURING.but(area="D"), bands=(800, 1600), detour=1.0)

    assert found.without == ["South"]
    assert found.places.set_index("label")[["n", "centres"]].to_dict("index") == {
        "North": {"n": 1, "centres": 1},
        "South": {"n": 3, "centres": 0},
    }
    assert found.open_centres == 1
    assert (found.cover.total, found.cover.unplaced) == (3, 1)
    assert (found.cover.bands[0].n, found.cover.outside.n) == (1, 2)


def test_a_silent_centre_is_a_surprise_only_where_reports_were_expected(tmp_path):
    near = [{"easting": 0.0, "northing": 0.0, **NORTH}] * 50
    far = [{"easting": 9000.0, "northing": 0.0, "centre_id": "far", **SOUTH}] * 10
    opened = toy.snapshot(
        tmp_path,
        area=AREAS,
        reporting_centre=[
            {"centre_id": "near", "name_en": "Near", "easting": 0.0, "northing": 0.0, **NORTH},
            {"centre_id": "far", "name_en": "Far", "easting": 9000.0, "northing": 0.0, **SOUTH},
            {"centre_id": "lonely", "name_en": "Lonely", "easting": 99000.0, "northing": 0.0, **SOUTH},
        ],
        incident=[*near, *far],
    )

    verdicts = coverage(opened, DURING.but(area="D")).centres.set_index("label")["verdict"]

    assert verdicts.to_dict() == {"Far": "more", "Lonely": "cannot_tell", "Near": "fewer"}


def test_a_ward_is_covered_by_the_centres_of_its_borough(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        area=AREAS,
        reporting_centre=[{"centre_id": "c", "easting": 0.0, "northing": 0.0, **NORTH}],
        incident=[{"easting": 10.0, "northing": 0.0, "ward": "W1", **NORTH}],
    )

    assert coverage(opened, DURING.but(area="W1")).cover.bands[0].n == 1


def test_no_centre_at_all_is_everything_out_of_reach(tmp_path):
    opened = toy.snapshot(tmp_path, area=AREAS, incident=[{"easting": 10.0, "northing": 0.0, **NORTH}])

    found = coverage(opened, DURING.but(area="D"))

    assert found.open_centres == 0
    assert found.cover.outside.n == 1
    assert found.without == ["North", "South"]
    assert found.surprises == {}


def test_no_incident_at_all_is_no_distance(tmp_path):
    opened = toy.snapshot(
        tmp_path, area=AREAS, reporting_centre=[{"centre_id": "c", "easting": 0.0, "northing": 0.0, **NORTH}]
    )

    assert coverage(opened, DURING.but(area="D")).cover.total == 0


def test_two_centres_of_one_name_stay_two(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        reporting_centre=[{"centre_id": "a", "postcode": "M1 1AA"}, {"centre_id": "b", "postcode": "M2 2BB"}],
    )

    assert sorted(coverage(opened, DURING).surprises) == ["A centre, M1 1AA", "A centre, M2 2BB"]
