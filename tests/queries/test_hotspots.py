"""Incidents by place: every one in one row, the earlier period beside the later, as a plain recount has them."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hatecrime.database import NotShared, Snapshot, count, fetch, newest, open_snapshot
from hatecrime.filters import Filters
from hatecrime.periods import Period
from hatecrime.shape.grid import middles
from tests import toy

ALL = Filters()
YEAR = Period(date(2016, 1, 1), date(2016, 12, 31))
QUARTER = Period(date(2016, 7, 1), date(2016, 9, 30))
NO_PERIOD = {"before_start": None, "before_finish": None}


def before(period: Period) -> dict[str, date]:
    earlier = period.previous_year()
    return {"before_start": earlier.start, "before_finish": earlier.finish}


def cells(opened: Snapshot, filters: Filters = ALL, size: int = 100, shape: str = "square", **earlier) -> list[tuple]:
    return rows(fetch(opened, "hotspots/cells", filters, inside=None, size=size, shape=shape, **(earlier or NO_PERIOD)))


def areas(opened: Snapshot, filters: Filters = ALL, level: str = "ward", **earlier) -> list[tuple]:
    return rows(fetch(opened, "hotspots/areas", filters, level=level, **(earlier or NO_PERIOD)))


def rows(frame: pd.DataFrame) -> list[tuple]:
    return [tuple(None if pd.isna(value) else value for value in row) for row in frame.itertuples(index=False)]


def points(*places: tuple[float, float], **columns) -> list[dict]:
    return [{"easting": x, "northing": y, **columns} for x, y in places]


@pytest.fixture(scope="module")
def sample(sample_store: Path) -> Iterator[Snapshot]:
    opened = open_snapshot(newest(sample_store))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def held(sample: Snapshot) -> pd.DataFrame:
    return sample.connection.cursor().sql("from incident").df()


def recount(held: pd.DataFrame, period: Period, columns: list[str]) -> pd.Series:
    inside = held["recorded_on"].between(pd.Timestamp(period.start), pd.Timestamp(period.finish))
    return held[inside].groupby(columns, dropna=False).size()


@pytest.mark.parametrize("period", [YEAR, QUARTER])
@pytest.mark.parametrize("level", ["lsoa", "ward", "locality", "district", "force", "region"])
def test_areas_agree_with_a_plain_recount_of_both_periods(sample, held, level, period):
    found = fetch(sample, "hotspots/areas", ALL.during(period), level=level, **before(period)).set_index("area_code")
    known = held.assign(place=held[level].astype("object").fillna("nowhere"))

    for column, counted in (("n", period), ("before", period.previous_year())):
        expected = recount(known, counted, ["place"])
        got = found[column].rename(index=lambda code: "nowhere" if pd.isna(code) else code)
        assert got[got > 0].to_dict() == expected[expected > 0].to_dict()


@pytest.mark.parametrize("period", [YEAR, QUARTER])
@pytest.mark.parametrize("size", [200, 1000])
def test_squares_agree_with_a_plain_recount_of_both_periods(sample, held, size, period):
    found = fetch(
        sample, "hotspots/cells", ALL.during(period), inside=None, size=size, shape="square", **before(period)
    )
    known = held.assign(column=held["easting"] // size, row=held["northing"] // size).fillna({"column": -1, "row": -1})
    got = found.fillna({"column": -1, "row": -1}).set_index(["column", "row"])

    for column, counted in (("n", period), ("before", period.previous_year())):
        assert got[column][got[column] > 0].to_dict() == recount(known, counted, ["column", "row"]).to_dict()


@pytest.mark.parametrize(
    "filters",
    [
        ALL,
        Filters(area="E08000009"),
        Filters(strands=("religion",), kinds=("crime",)).during(YEAR),
        Filters(crime_types=("violence",), basis="occurred").during(QUARTER),
        Filters(start=date(2016, 4, 1)),
        Filters(finish=date(2014, 3, 31)),
        Filters(channels=("third_party",), online=False),
    ],
)
def test_every_incident_of_the_filters_is_in_one_row_whatever_the_places(sample, filters):
    total = int(count(sample, filters)["n"].sum())
    assert total

    for places in (
        fetch(sample, "hotspots/areas", filters, level="ward", **NO_PERIOD),
        fetch(sample, "hotspots/areas", filters, level="ward", **before(YEAR)),
        fetch(sample, "hotspots/cells", filters, inside=None, size=200, shape="square", **NO_PERIOD),
        fetch(sample, "hotspots/cells", filters, inside=None, size=300, shape="hexagon", **before(YEAR)),
        fetch(sample, "hotspots/area_steps", filters, level="ward", step="month"),
        fetch(sample, "hotspots/cell_steps", filters, size=500, shape="hexagon", step="quarter"),
    ):
        assert places["n"].sum() == total


@pytest.mark.parametrize("size", [150, 1000])
def test_a_point_is_in_the_hexagon_whose_middle_is_nearest(tmp_path, size):
    generator = np.random.default_rng(5)
    places = generator.uniform(-4000, 4000, (400, 2))
    opened = toy.snapshot(tmp_path, incident=points(*places.tolist()))
    around = np.arange(-9000 // size, 9000 // size)
    columns, hexagon_rows = (axis.ravel() for axis in np.meshgrid(around, around))
    x, y = middles(columns, hexagon_rows, size, "hexagon")
    nearest = ((places[:, :1] - x) ** 2 + (places[:, 1:] - y) ** 2).argmin(axis=1)
    expected = pd.DataFrame({"c": columns[nearest], "r": hexagon_rows[nearest]}).value_counts().to_dict()

    assert {(c, r): n for c, r, n, _before in cells(opened, size=size, shape="hexagon")} == expected


def test_a_point_on_an_edge_is_in_one_cell_the_one_to_the_north_east(tmp_path):
    opened = toy.snapshot(tmp_path, incident=points((100, 50), (100, 100), (0, 0), (-100, 0)))

    assert cells(opened) == [(-1, 0, 1, 0), (0, 0, 1, 0), (1, 0, 1, 0), (1, 1, 1, 0)]


def test_a_point_on_the_edge_or_a_corner_of_a_hexagon_is_counted_once(tmp_path):
    edge, corner = (50.0, 0.0), (0.0, 100 / 3**0.5)
    opened = toy.snapshot(tmp_path, incident=points(edge, corner, (-50.0, 0.0)))
    found = cells(opened, shape="hexagon")

    assert sum(n for *_cell, n, _before in found) == 3
    for column, row, *_counts in found:
        x, y = middles([column], [row], 100, "hexagon")
        assert min(np.hypot(x - px, y - py) for px, py in (edge, corner, (-50, 0))) <= 100 / 3**0.5 + 1e-9


def test_negative_coordinates_are_cells_west_and_south_of_the_origin(tmp_path):
    opened = toy.snapshot(tmp_path, incident=points((-1, -1), (-100, -100), (-101, 99)))

    assert cells(opened) == [(-2, 0, 1, 0), (-1, -1, 2, 0)]


def test_a_cell_is_the_same_whatever_the_filters(tmp_path):
    opened = toy.snapshot(
        tmp_path, incident=[*points((1050, 2050), kind="crime"), *points((5, 5), (9, 9), kind="non_crime")]
    )

    assert cells(opened, Filters(kinds=("crime",))) == [(10, 20, 1, 0)]
    assert (10, 20, 1, 0) in cells(opened)


def test_each_period_counts_its_own_days_and_those_between_count_in_neither(tmp_path):
    days = [
        date(2015, 6, 30),
        date(2015, 7, 1),
        date(2015, 9, 30),
        date(2016, 1, 1),
        date(2016, 7, 1),
        date(2016, 9, 30),
    ]
    opened = toy.snapshot(
        tmp_path, incident=[{"recorded_on": day, "easting": 5, "northing": 5, "ward": "E05"} for day in days]
    )

    assert cells(opened, ALL.during(QUARTER), **before(QUARTER)) == [(0, 0, 2, 2)]
    assert areas(opened, ALL.during(QUARTER), **before(QUARTER)) == [("E05", 2, 2)]
    assert cells(opened, ALL.during(QUARTER)) == [(0, 0, 2, 0)]


def test_periods_that_overlap_both_count_what_they_share(tmp_path):
    opened = toy.snapshot(tmp_path, incident=points((5, 5), recorded_on=date(2016, 7, 1), ward="E05"))
    both = {"before_start": date(2016, 6, 1), "before_finish": date(2016, 7, 31)}

    assert cells(opened, ALL.during(QUARTER), **both) == [(0, 0, 1, 1)]
    assert areas(opened, ALL.during(QUARTER), **both) == [("E05", 1, 1)]


def test_a_place_of_the_earlier_period_alone_has_a_row_with_zero(tmp_path):
    opened = toy.snapshot(tmp_path, incident=points((5, 5), recorded_on=date(2015, 7, 1), ward="E05"))

    assert cells(opened, ALL.during(QUARTER), **before(QUARTER)) == [(0, 0, 0, 1)]
    assert areas(opened, ALL.during(QUARTER), **before(QUARTER)) == [("E05", 0, 1)]


def test_incidents_without_a_place_share_one_row(tmp_path):
    opened = toy.snapshot(tmp_path, incident=[{}, {}, *points((5, 5), ward="E05")])

    assert cells(opened) == [(0, 0, 1, 0), (None, None, 2, 0)]
    assert areas(opened) == [("E05", 1, 0), (None, 2, 0)]


def test_incidents_held_as_monthly_counts_have_an_area_and_no_cell(tmp_path):
    older = {"month": date(2012, 1, 1), "source": "toy", "kind": "crime", "district": "E08", "n": 40}
    opened = toy.snapshot(tmp_path, incident_month=[older], incident=points((5, 5), district="E08"))

    assert areas(opened, level="district") == [("E08", 41, 0)]
    assert cells(opened) == [(0, 0, 1, 0), (None, None, 40, 0)]


@pytest.mark.parametrize("shape", ["square", "hexagon"])
def test_filters_that_nothing_matches_give_no_row(tmp_path, shape):
    opened = toy.snapshot(tmp_path, incident=points((5, 5)))
    nothing = Filters(kinds=("non_crime",))

    assert cells(opened, nothing, shape=shape, **before(YEAR)) == []
    assert areas(opened, nothing, **before(YEAR)) == []
    assert fetch(opened, "hotspots/area_steps", nothing, level="ward", step="year").empty
    assert fetch(opened, "hotspots/cell_steps", nothing, size=100, shape=shape, step="year").empty
    assert fetch(opened, "hotspots/events", nothing).empty


def test_on_the_basis_of_what_happened_an_unknown_day_counts_in_no_period(tmp_path):
    opened = toy.snapshot(tmp_path, incident=points((5, 5), recorded_on=date(2016, 7, 1), occurred_from=None))
    occurred = Filters(basis="occurred")

    assert cells(opened, occurred, **before(YEAR)) == [(0, 0, 1, 0)]
    assert cells(opened, occurred.during(YEAR), **before(YEAR)) == []


@pytest.mark.parametrize(
    ("step", "days"),
    [
        ("month", [date(2016, 3, 1), date(2016, 4, 1), date(2016, 6, 1)]),
        ("quarter", [date(2016, 1, 1), date(2016, 4, 1)]),
        ("year", [date(2015, 4, 1), date(2016, 4, 1)]),
    ],
)
def test_steps_are_named_by_their_first_day(tmp_path, step, days):
    opened = toy.snapshot(
        tmp_path,
        incident=[
            {"recorded_on": day, "easting": 5, "northing": 5, "ward": "E05"}
            for day in (date(2016, 3, 31), date(2016, 4, 1), date(2016, 6, 30))
        ],
    )

    for found in (
        fetch(opened, "hotspots/area_steps", level="ward", step=step),
        fetch(opened, "hotspots/cell_steps", size=100, shape="square", step=step),
    ):
        assert [day.date() for day in found["step"]] == days
        assert found["n"].sum() == 3


@pytest.mark.parametrize("shape", ["square", "hexagon"])
def test_the_cells_of_steps_are_those_of_the_whole(sample, shape):
    grid = {"size": 250, "shape": shape}
    whole = fetch(sample, "hotspots/cells", inside=None, **grid, **NO_PERIOD).set_index(["column", "row"])["n"]
    steps = fetch(sample, "hotspots/cell_steps", **grid, step="month")

    assert steps.groupby(["column", "row"], dropna=False)["n"].sum().to_dict() == whole.to_dict()


def test_months_of_areas_agree_with_the_counts_of_every_other_page(sample):
    steps = fetch(sample, "hotspots/area_steps", ALL.during(YEAR), level="ward", step="month")
    counted = count(sample, ALL.during(YEAR), ("area", "month"), "ward")

    assert sorted(rows(steps.fillna({"area_code": "not_recorded"}))) == sorted(rows(counted))


def test_events_have_a_place_to_the_metre_and_the_day_of_the_basis(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        incident=[
            {"easting": 5.4, "northing": -7.6, "occurred_from": datetime(2016, 6, 30, 23, 0)},
            {"easting": 1.0, "northing": 1.0, "occurred_from": None},
            {"easting": None, "northing": None, "occurred_from": datetime(2016, 6, 30, 23, 0)},
        ],
    )

    assert rows(fetch(opened, "hotspots/events", Filters(basis="occurred"))) == [(5, -8, pd.Timestamp(2016, 6, 30))]
    assert len(fetch(opened, "hotspots/events")) == 2


@pytest.mark.parametrize("name", ["areas", "cells", "area_steps", "cell_steps", "events"])
def test_only_analysts_see_exact_places(sample, name):
    given = {
        "areas": {"level": "ward", **NO_PERIOD},
        "cells": {"size": 200, "shape": "square", **NO_PERIOD},
        "area_steps": {"level": "ward", "step": "month"},
        "cell_steps": {"size": 200, "shape": "square", "step": "month"},
        "events": {},
    }[name]

    with pytest.raises(NotShared):
        fetch(sample, f"hotspots/{name}", ALL, "partner", **given)


def test_a_point_outside_the_land_is_in_no_cell_and_still_counted(tmp_path):
    inside, beyond = {"ward": "A", "easting": 90.0, "northing": 50.0}, {"easting": 95.0, "northing": 50.0}
    opened = toy.snapshot(tmp_path, incident=[inside, inside, beyond, {"ward": "A"}])
    asked = {"size": 100, "shape": "square", **NO_PERIOD}
    land = rows(fetch(opened, "hotspots/cells", ALL, inside="ward", **asked))
    everywhere = rows(fetch(opened, "hotspots/cells", ALL, inside=None, **asked))
    assert sorted(row[2] for row in land) == [2, 2]
    assert sorted(row[2] for row in everywhere) == [1, 3]


def test_only_points_that_are_known_and_were_moved_are_counted_as_moved(tmp_path):
    held = [
        *points((90.0, 50.0), (90.0, 50.0), location_precision="grid"),
        *points((90.0, 50.0), location_precision="snapped"),
        *points((90.0, 50.0), location_precision="exact"),
        *points((90.0, 50.0)),
        {"location_precision": "grid"},
    ]
    opened = toy.snapshot(tmp_path, incident=held)
    assert rows(fetch(opened, "hotspots/moved")) == [(3,)]
    assert rows(fetch(opened, "hotspots/moved", Filters(area="W92000004"))) == [(0,)]
