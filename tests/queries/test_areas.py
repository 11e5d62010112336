"""Given these areas and estimates, these areas of a day and these people."""

from datetime import date

import pytest

from hatecrime.database import fetch
from tests import toy

ERAS = [
    {"area_code": "D", "level": "district", "parent": "F"},
    {"area_code": "L", "level": "locality", "parent": "D"},
    {"area_code": "old1", "level": "ward", "parent": "L", "valid_to": date(2023, 5, 3)},
    {"area_code": "old2", "level": "ward", "parent": "L", "valid_to": date(2023, 5, 3)},
    {"area_code": "new1", "level": "ward", "parent": "L", "valid_from": date(2023, 5, 4)},
    {"area_code": "other", "level": "ward", "parent": "elsewhere"},
]


def population(opened, level="ward", year=2016, group="all") -> dict:
    found = fetch(opened, "areas/population", level=level, year=year, population_group=group)
    return {row.area_code: (row.n, row.year, row.summed) for row in found.dropna(subset="n").itertuples()}


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (date(2023, 5, 3), ["old1", "old2", "other"]),
        (date(2023, 5, 4), ["new1", "other"]),
    ],
)
def test_the_areas_of_a_day_are_those_of_its_era(tmp_path, on, codes):
    opened = toy.snapshot(tmp_path, area=ERAS)

    assert fetch(opened, "areas/valid", level="ward", on=on, within=None)["area_code"].tolist() == codes


@pytest.mark.parametrize("within", ["L", "D"])
def test_the_areas_inside_another_are_found_through_every_level(tmp_path, within):
    opened = toy.snapshot(tmp_path, area=ERAS)

    found = fetch(opened, "areas/valid", level="ward", on=date(2016, 1, 1), within=within)

    assert found["area_code"].tolist() == ["old1", "old2"]


def test_an_area_is_inside_itself(tmp_path):
    opened = toy.snapshot(tmp_path, area=ERAS)

    found = fetch(opened, "areas/valid", level="district", on=date(2016, 1, 1), within="D")

    assert found["area_code"].tolist() == ["D"]


@pytest.mark.parametrize(("year", "expected"), [(2010, 2011), (2011, 2011), (2015, 2011), (2016, 2016), (2030, 2021)])
def test_the_estimate_is_the_latest_before_the_year_else_the_nearest_after(tmp_path, year, expected):
    opened = toy.snapshot(
        tmp_path,
        area=[{"area_code": "W", "level": "ward"}],
        area_population=[{"area_code": "W", "year": each, "n": each} for each in (2021, 2016, 2011)],
    )

    assert population(opened, year=year) == {"W": (expected, expected, False)}


def test_an_estimate_goes_before_a_census_of_the_same_year(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        area=[{"area_code": "W", "level": "ward"}],
        area_population=[
            {"area_code": "W", "n": 1, "base": "census_2011", "year": 2011},
            {"area_code": "W", "n": 2, "base": "mid_year", "year": 2011},
        ],
    )

    assert population(opened)["W"][0] == 2


def test_everybody_is_women_and_men_where_nothing_else_is_known(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        area=[{"area_code": code, "level": "ward"} for code in ("both", "half", "given")],
        area_population=[
            {"area_code": "both", "population_group": "female", "n": 6},
            {"area_code": "both", "population_group": "male", "n": 5},
            {"area_code": "half", "population_group": "female", "n": 6},
            {"area_code": "given", "n": 12},
            {"area_code": "given", "population_group": "female", "n": 6},
            {"area_code": "given", "population_group": "male", "n": 5},
        ],
    )

    assert population(opened) == {"both": (11, 2016, False), "given": (12, 2016, False)}


def test_of_two_files_with_the_same_figure_the_later_one_stands(tmp_path):
    figures = [("female", 4, 1), ("male", 5, 1), ("female", 6, 2)]
    opened = toy.snapshot(
        tmp_path,
        area=[{"area_code": "W", "level": "ward"}],
        area_population=[
            {"area_code": "W", "population_group": group, "n": n, "extract_id": extract}
            for group, n, extract in figures
        ],
    )

    assert population(opened) == {"W": (11, 2016, False)}


def test_an_area_without_an_estimate_is_the_sum_of_those_inside_it(tmp_path):
    people = [{"area_code": code, "n": n} for code, n in (("old1", 10), ("old2", 20), ("new1", 99))]
    opened = toy.snapshot(tmp_path, area=ERAS, area_population=people)

    assert population(opened, "locality") == {"L": (30, 2016, True)}
    assert population(opened, "locality", year=2024) == {"L": (99, 2016, True)}


def test_a_sum_with_a_part_missing_is_no_sum(tmp_path):
    opened = toy.snapshot(tmp_path, area=ERAS, area_population=[{"area_code": "old1", "n": 10}])

    assert population(opened, "locality") == {}


def test_groups_are_kept_apart(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        area=[{"area_code": "D", "level": "district"}],
        area_population=[
            {"area_code": "D", "n": 100},
            {"area_code": "D", "n": 7, "population_group": "muslim"},
        ],
    )

    assert population(opened, "district", group="muslim") == {"D": (7, 2016, False)}
    assert population(opened, "district", group="hindu") == {}
