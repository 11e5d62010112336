"""The marks and the residents behind a place's profile."""

import pytest

from hatecrime.database import NotShared, fetch
from hatecrime.filters import Filters
from tests import toy


def marks(opened, level="ward", filters=None):
    return fetch(opened, "profile/marks", filters or Filters(), level=level)


def residents(opened, area="W", year=2016):
    return fetch(opened, "profile/residents", area=area, year=year)


def test_a_mark_that_is_not_known_is_not_taken_for_absent(tmp_path):
    opened = toy.snapshot(tmp_path, incident=[{"ward": "W", "school": flag} for flag in (True, False, None)])

    row = marks(opened).iloc[0]

    assert (row["n"], row["school"], row["school_known"]) == (3, 1, 2)
    assert (row["online"], row["online_known"]) == (0, 0)


def test_what_an_incident_lacks_is_counted_by_place(tmp_path):
    there = {"ward": "W", "strands": ["race"], "easting": 1.0, "northing": 2.0}
    opened = toy.snapshot(tmp_path, incident=[there, {"ward": "W"}, {**there, "northing": None}, {}])

    found = marks(opened).set_index("area")

    assert found.loc["W", ["without_strand", "without_point"]].tolist() == [1, 2]
    assert found["n"].sum() == 4


def test_without_incidents_there_are_no_marks(tmp_path):
    assert marks(toy.snapshot(tmp_path)).empty


def test_marks_are_for_analysts_and_residents_for_everyone(tmp_path):
    opened = toy.snapshot(tmp_path, area_population=[{"area_code": "W", "n": 5}])

    with pytest.raises(NotShared):
        fetch(opened, "profile/marks", Filters(), "partner", level="ward")
    assert fetch(opened, "profile/residents", None, "public", area="W", year=2016)["n"].tolist() == [5]


def test_each_group_has_its_latest_estimate_up_to_the_year_and_everyone_comes_first(tmp_path):
    rows = [
        {"population_group": "muslim", "year": 2021, "base": "census_2021", "n": 7},
        {"year": 2015, "n": 90},
        {"year": 2016, "n": 100},
        {"year": 2017, "n": 110},
        {"area_code": "V", "year": 2016, "n": 999},
    ]
    opened = toy.snapshot(tmp_path, area_population=[{"area_code": "W", **row} for row in rows])

    found = residents(opened)

    assert found[["population_group", "year", "n"]].values.tolist() == [["all", 2016, 100], ["muslim", 2021, 7]]


def test_an_area_of_which_nobody_is_counted_has_no_rows(tmp_path):
    assert residents(toy.snapshot(tmp_path)).empty
