"""Given these incidents, these counts."""

from datetime import date, datetime

import pandas as pd
import pytest

from hatecrime.database import NotShared, Snapshot, count
from hatecrime.filters import Filters
from tests import toy

ALL = Filters()
PLACE = {
    "lsoa": "E01",
    "ward": "E05",
    "locality": "E08-north",
    "district": "E08",
    "force": "E23",
    "region": "E12",
}


def snapshot(tmp_path, *incidents) -> Snapshot:
    return toy.snapshot(tmp_path, incident=incidents)


def rows(frame: pd.DataFrame) -> list[tuple]:
    return [tuple(row) for row in frame.itertuples(index=False)]


def test_an_incident_of_two_strands_counts_once_in_the_total_and_once_in_each(tmp_path):
    opened = snapshot(tmp_path, {"strands": ["race", "religion"]}, {"strands": ["race"]})

    assert rows(count(opened, ALL)) == [(2,)]
    assert rows(count(opened, ALL, ("strand",))) == [("race", 2), ("religion", 1)]


def test_an_incident_without_a_strand_is_a_row_of_its_own(tmp_path):
    opened = snapshot(tmp_path, {"strands": []}, {"strand_mask": None}, {"strands": ["age"]})

    assert rows(count(opened, ALL, ("strand",))) == [("age", 1), ("not_recorded", 2)]


@pytest.mark.parametrize("by", [("strand", "kind"), ("kind", "strand")])
def test_strands_are_exploded_beside_one_other_dimension(tmp_path, by):
    opened = snapshot(tmp_path, {"strands": ["race", "religion"]})

    counted = count(opened, ALL, by)

    assert sorted(counted["strand"]) == ["race", "religion"]
    assert set(counted["kind"]) == {"crime"}


def test_strands_are_exploded_beside_two_other_dimensions(tmp_path):
    opened = snapshot(tmp_path, {"strands": ["race", "religion"], "crime_type": "arson"})

    assert rows(count(opened, ALL, ("crime_group", "kind", "strand"))) == [
        ("criminal_damage_arson", "crime", "race", 1),
        ("criminal_damage_arson", "crime", "religion", 1),
    ]


def test_two_labels_of_one_strand_are_one_incident_of_it(tmp_path):
    opened = snapshot(tmp_path, {"strands": [("race", "black"), ("race", "asian")]})

    assert rows(count(opened, ALL, ("strand",))) == [("race", 1)]
    assert rows(count(opened, ALL, ("sub_strand",))) == [("asian", 1), ("black", 1)]


def test_a_sub_strand_goes_with_its_own_strand(tmp_path):
    opened = snapshot(tmp_path, {"strands": ["race", ("religion", "muslim")]}, {"strands": []})

    assert rows(count(opened, ALL, ("strand", "sub_strand"))) == [
        ("race", "not_recorded", 1),
        ("religion", "muslim", 1),
        ("not_recorded", "not_recorded", 1),
    ]


def test_a_missing_value_is_a_row_not_a_gap(tmp_path):
    opened = snapshot(tmp_path, {"channel": None, "online": None}, {"channel": "officer", "online": False})

    assert rows(count(opened, ALL, ("channel",))) == [("officer", 1), ("not_recorded", 1)]
    assert rows(count(opened, ALL, ("online",))) == [("no", 1), ("not_recorded", 1)]


def test_no_incidents_are_a_total_of_zero_and_no_rows(tmp_path):
    opened = snapshot(tmp_path)

    assert rows(count(opened, ALL)) == [(0,)]
    for by in (("month",), ("strand", "kind"), ("sub_strand",), ("calendar_year", "channel", "outcome")):
        empty = count(opened, ALL, by)
        assert list(empty.columns) == [*by, "n"]
        assert empty.empty


def test_periods_are_named_by_their_first_day(tmp_path):
    opened = snapshot(tmp_path, {"recorded_on": date(2016, 3, 31)}, {"recorded_on": date(2016, 4, 1)})

    first_days = {
        "month": [date(2016, 3, 1), date(2016, 4, 1)],
        "quarter": [date(2016, 1, 1), date(2016, 4, 1)],
        "year": [date(2015, 4, 1), date(2016, 4, 1)],
    }
    for name, days in first_days.items():
        counted = count(opened, ALL, (name,))
        assert counted[name].dtype == "datetime64[us]"
        assert [day.date() for day in counted[name]] == days
    assert rows(count(opened, ALL, ("calendar_year",))) == [(2016, 2)]


def test_the_basis_decides_the_date(tmp_path):
    opened = snapshot(
        tmp_path,
        {"recorded_on": date(2016, 7, 2), "occurred_from": datetime(2016, 6, 30, 23, 0)},
        {"recorded_on": date(2016, 7, 2), "occurred_from": None},
    )
    july = Filters(start=date(2016, 7, 1), finish=date(2016, 7, 31))
    june = Filters(start=date(2016, 6, 1), finish=date(2016, 6, 30))

    assert rows(count(opened, july)) == [(2,)]
    assert rows(count(opened, july.but(basis="occurred"))) == [(0,)]
    assert rows(count(opened, june.but(basis="occurred"))) == [(1,)]


def test_without_a_date_on_the_basis_the_month_is_missing(tmp_path):
    opened = snapshot(tmp_path, {"occurred_from": None}, {"occurred_from": datetime(2016, 6, 30)})

    counted = count(opened, ALL.but(basis="occurred"), ("month",))

    assert counted["month"].isna().tolist() == [False, True]
    assert counted["n"].tolist() == [1, 1]


def test_both_ends_of_the_period_are_part_of_it(tmp_path):
    days = [date(2016, 6, 30), date(2016, 7, 1), date(2016, 7, 31), date(2016, 8, 1)]
    opened = snapshot(tmp_path, *({"recorded_on": day} for day in days))

    assert rows(count(opened, Filters(start=date(2016, 7, 1), finish=date(2016, 7, 31)))) == [(2,)]
    assert rows(count(opened, Filters(start=date(2016, 7, 1)))) == [(3,)]
    assert rows(count(opened, Filters(finish=date(2016, 7, 1)))) == [(2,)]


@pytest.mark.parametrize("level", PLACE)
def test_an_area_of_any_level_is_a_filter_and_a_dimension(tmp_path, level):
    opened = snapshot(tmp_path, PLACE, {}, dict.fromkeys(PLACE, "elsewhere"))

    assert rows(count(opened, Filters(area=PLACE[level]))) == [(1,)]
    assert rows(count(opened, ALL, ("area",), level=level)) == [
        (PLACE[level], 1),
        ("elsewhere", 1),
        ("not_recorded", 1),
    ]


def test_a_filter_on_a_group_takes_its_children(tmp_path):
    types = ["violence", "violence_with_injury", "public_order", None]
    opened = snapshot(tmp_path, *({"crime_type": each} for each in types))

    assert rows(count(opened, Filters(crime_types=("violence",)))) == [(2,)]
    assert rows(count(opened, ALL, ("crime_group",))) == [
        ("public_order", 1),
        ("violence", 2),
        ("not_recorded", 1),
    ]


def test_a_filter_on_a_strand_takes_all_who_carry_it(tmp_path):
    opened = snapshot(tmp_path, {"strands": ["race", "religion"]}, {"strands": ["religion"]}, {"strands": []})

    assert rows(count(opened, Filters(strands=("race",)))) == [(1,)]
    assert rows(count(opened, Filters(strands=("race", "religion")))) == [(2,)]


def test_every_filter_narrows(tmp_path):
    match = {
        "kind": "crime",
        "channel": "officer",
        "location_type": "shop",
        "online": True,
        "crime_type": "arson",
    }
    others = [
        {**match, "kind": "non_crime"},
        {**match, "channel": None},
        {**match, "location_type": "street"},
        {**match, "online": None},
        {**match, "crime_type": "burglary"},
    ]
    opened = snapshot(tmp_path, match, *others)
    singles = [
        Filters(kinds=("crime",)),
        Filters(channels=("officer",)),
        Filters(location_types=("shop",)),
        Filters(online=True),
        Filters(crime_types=("arson",)),
    ]

    assert [rows(count(opened, each)) for each in singles] == [[(5,)]] * 5


def test_outcomes_are_grouped_as_the_list_says(tmp_path):
    opened = snapshot(tmp_path, {"outcome": "1"}, {"outcome": "1A"}, {"outcome": "18"}, {"outcome": None})

    assert dict(rows(count(opened, ALL, ("outcome_group",)))) == {
        "charged_summonsed": 2,
        "no_suspect": 1,
        "not_recorded": 1,
    }


def test_a_cell_is_named_by_its_lower_left_corner(tmp_path):
    corners = [(0.0, 0.0), (499.9, 499.9), (500.0, 499.9), (-0.1, 1200.0), (None, None)]
    opened = snapshot(tmp_path, *({"easting": e, "northing": n} for e, n in corners))

    assert dict(rows(count(opened, ALL, ("grid",), level=500))) == {
        "0,0": 2,
        "500,0": 1,
        "-500,1000": 1,
        "not_recorded": 1,
    }


def test_an_interval_over_a_day_has_no_hour(tmp_path):
    friday = datetime(2016, 7, 1, 22, 30)
    opened = snapshot(
        tmp_path,
        {"occurred_from": friday, "occurred_to": None},
        {"occurred_from": friday, "occurred_to": datetime(2016, 7, 2, 22, 30)},
        {"occurred_from": friday, "occurred_to": datetime(2016, 7, 2, 22, 31)},
        {"occurred_from": None},
        {"occurred_from": datetime(2016, 7, 3, 3, 0)},
    )

    assert rows(count(opened, ALL, ("hour",))) == [("03", 1), ("22", 2), ("not_recorded", 2)]
    assert rows(count(opened, ALL, ("weekday",))) == [("5", 2), ("7", 1), ("not_recorded", 2)]


@pytest.mark.parametrize(
    ("by", "level", "sentence"),
    [
        (("colour",), None, "colour"),
        (("month", "kind", "strand", "channel"), None, "three"),
        (("month", "month"), None, "different"),
        (("area",), None, "level"),
        (("area",), "galaxy", "level"),
        (("grid",), "wide", "metres"),
        (("grid",), 0, "metres"),
        (("area", "grid"), "ward", "at once"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_a_sentence(tmp_path, by, level, sentence):
    with pytest.raises(ValueError, match=sentence):
        count(snapshot(tmp_path), ALL, by, level=level)


@pytest.mark.parametrize("audience", ["partner", "public", "", "admin"])
def test_nobody_but_an_analyst_sees_exact_figures(tmp_path, audience):
    with pytest.raises(NotShared):
        count(snapshot(tmp_path, {}), ALL, audience=audience)
