"""The counts, points and measures behind the list of unknown hotspots."""

from datetime import date

import pytest

from hatecrime.database import NotShared, fetch
from hatecrime.filters import Filters
from tests import toy

YOUNG = ["under_18", "under_10", "10_17"]


def counts(opened, level="ward", filters=None):
    return fetch(opened, "unknown/counts", filters or Filters(), level=level, young=YOUNG)


def test_an_incident_is_counted_once_with_all_its_strands_and_its_group(tmp_path):
    there = {"ward": "W", "crime_type": "criminal_damage", "strands": ["race", "disability"]}
    opened = toy.snapshot(tmp_path, incident=[there, {**there, "crime_type": "arson"}, {"ward": "W"}])

    rows = counts(opened)

    assert rows["n"].tolist() == [2, 1]
    assert rows["crime_group"].iloc[0] == "criminal_damage_arson"
    assert rows["strand_mask"].tolist() == [9, 0]


def test_a_flag_that_is_not_known_is_not_taken_for_absent(tmp_path):
    opened = toy.snapshot(tmp_path, incident=[{"ward": "W", "school": flag} for flag in (True, False, None)])

    row = counts(opened).iloc[0]

    assert (row["n"], row["school"], row["school_known"]) == (3, 1, 2)
    assert (row["transport"], row["transport_known"]) == (0, 0)


def test_a_young_victim_at_a_school_counts_once_for_either(tmp_path):
    bands = ["10_17", "under_18", "18_24", None]
    rows = [{"ward": "W", "victim_age_band": band, "school": True} for band in bands[:1]]
    rows += [{"ward": "W", "victim_age_band": band} for band in bands[1:]]
    opened = toy.snapshot(tmp_path, incident=rows)

    row = counts(opened).iloc[0]

    assert (row["young"], row["young_known"], row["school_or_young"]) == (2, 3, 2)


def test_an_incident_without_an_area_has_a_row_of_its_own(tmp_path):
    opened = toy.snapshot(tmp_path, incident=[{"ward": "W"}, {}])

    assert counts(opened)["area"].isna().tolist() == [False, True]


def test_points_are_told_apart_by_the_metre_and_by_the_start_of_the_period(tmp_path):
    spot = {"ward": "W", "easting": 100.2, "northing": 200.0}
    opened = toy.snapshot(
        tmp_path,
        incident=[
            {**spot, "recorded_on": date(2016, 3, 31)},
            {**spot, "recorded_on": date(2016, 4, 1)},
            {**spot, "recorded_on": date(2016, 6, 1)},
            {**spot, "easting": 101.0},
            {**spot, "ward": None},
            {"ward": "W"},
        ],
    )

    found = fetch(opened, "unknown/points", Filters(), level="ward", start=date(2016, 4, 1))

    assert found[["easting", "n", "before"]].to_numpy().tolist() == [[100, 2, 1], [101, 1, 0]]
    assert found["first_on"].iloc[0].date() == date(2016, 4, 1)


def test_a_measure_is_the_latest_up_to_the_year_else_the_first_after_it(tmp_path):
    rows = [("A", 2010, 1.0), ("A", 2015, 2.0), ("A", 2019, 3.0), ("B", 2019, 4.0), ("B", 2022, 5.0)]
    opened = toy.snapshot(
        tmp_path,
        area_measure=[{"area_code": a, "year": y, "measure": "imd_score", "value": v} for a, y, v in rows],
    )

    found = fetch(opened, "unknown/measures", measures=["imd_score"], year=2017)

    assert found[["area_code", "year", "value"]].to_numpy().tolist() == [["A", 2015, 2.0], ["B", 2019, 4.0]]
    assert fetch(opened, "unknown/measures", measures=["income_score"], year=2017).empty


def test_records_are_for_analysts(tmp_path):
    opened = toy.snapshot(tmp_path, incident=[{"ward": "W"}]).limited("partner", ())

    with pytest.raises(NotShared):
        counts(opened)
