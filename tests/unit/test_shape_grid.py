"""Cells cover an area whatever is recorded there, without gaps and without counting any land twice."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hatecrime.shape.grid import cell_ids, cover, middles, polygons

SHAPES = ["square", "hexagon"]
SIZES = st.floats(20, 5000)
WHOLE = {"square": 1.0, "hexagon": math.sqrt(3) / 2}


def star(x: float, y: float, reach: float, corners: int = 60) -> shapely.Polygon:
    """An outline with many inlets."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    away = reach * (0.7 + 0.3 * np.sin(7 * angle))
    return shapely.Polygon(np.column_stack([x + away * np.cos(angle), y + away * np.sin(angle)]))


def with_a_lake_and_an_island() -> shapely.Geometry:
    lake = shapely.Point(-300, 200).buffer(400)
    return shapely.union(star(0, 0, 2500).difference(lake), star(6000, -4000, 900))


def ids(cells) -> set[str]:
    return set(cell_ids(cells["column"], cells["row"]))


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=40, deadline=None)
@given(SIZES, st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_areas_of_the_cells_add_up_to_the_area_of_the_outline(shape, size, x, y):
    outline = star(x, y, 8 * size)

    found = cover(outline, size, shape)

    assert found["area_km2"].sum() * 1e6 == pytest.approx(outline.area, rel=1e-9)
    assert found["area_km2"].max() * 1e6 <= WHOLE[shape] * size**2 * (1 + 1e-9)
    assert not found.duplicated(["column", "row"]).any()


@pytest.mark.parametrize("shape", SHAPES)
def test_lakes_are_left_out_and_islands_are_covered(shape):
    outline = with_a_lake_and_an_island()

    found = cover(outline, 200, shape)

    assert found["area_km2"].sum() * 1e6 == pytest.approx(outline.area, rel=1e-9)
    assert not found.set_index(["x", "y"]).index.isin([(-300, 200)]).any()
    assert (found["x"] > 5000).any()


@pytest.mark.parametrize("shape", SHAPES)
def test_the_part_of_each_cell_within_is_that_of_its_own_intersection(shape):
    outline = with_a_lake_and_an_island()
    found = cover(outline, 350, shape)
    cells = polygons(found["column"], found["row"], 350, shape)

    assert found["area_km2"].to_numpy() * 1e6 == pytest.approx(shapely.area(shapely.intersection(outline, cells)))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [90, 200, 1000])
def test_no_point_within_the_outline_is_outside_every_cell(shape, size):
    outline = with_a_lake_and_an_island()
    found = cover(outline, size, shape)
    cells = shapely.STRtree(polygons(found["column"], found["row"], size, shape))
    points = shapely.points(np.random.default_rng(3).uniform(-3000, 7000, (4000, 2)))
    inside = points[shapely.contains(outline, points)]

    assert len(inside) > 300
    assert len(set(cells.query(inside, predicate="intersects")[0])) == len(inside)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_cells_of_a_part_are_among_those_of_the_whole(shape):
    whole = with_a_lake_and_an_island()
    part = whole.intersection(shapely.box(-1000, -1000, 500, 500))

    assert ids(cover(part, 150, shape)) < ids(cover(whole, 150, shape))


def test_a_cell_that_only_shares_an_edge_with_the_outline_is_none_of_its_cells():
    found = cover(shapely.box(0, 0, 400, 200), 200, "square")

    assert ids(found) == {"0,0", "1,0"}
    assert found["area_km2"].tolist() == [0.04, 0.04]
    assert found[["x", "y"]].to_numpy().tolist() == [[100, 100], [300, 100]]


def test_an_outline_smaller_than_a_cell_is_in_one_cell_with_its_own_area():
    for shape in SHAPES:
        found = cover(shapely.box(40, 40, 60, 50), 1000, shape)

        assert ids(found) == {"0,0"}
        assert found["area_km2"].tolist() == pytest.approx([200 / 1e6])


@pytest.mark.parametrize("shape", SHAPES)
def test_no_outline_has_no_cells(shape):
    found = cover(shapely.Polygon(), 200, shape)

    assert list(found.columns) == ["column", "row", "x", "y", "area_km2"]
    assert found.empty
    assert ids(found) == set()


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=30, deadline=None)
@given(st.integers(50, 20_000), st.integers(-5000, 5000), st.integers(-5000, 5000))
def test_cells_lie_beside_each_other_without_gaps_or_overlaps(shape, size, column, row):
    around = np.arange(-2, 3)
    columns, rows = (axis.ravel() for axis in np.meshgrid(column + around, row + around))
    cells = polygons(columns, rows, size, shape)

    assert shapely.coverage_is_valid(cells)
    assert shapely.union_all(cells).area == pytest.approx(25 * WHOLE[shape] * size**2)
    assert shapely.get_num_interior_rings(shapely.union_all(cells)) == 0


@pytest.mark.parametrize("shape", SHAPES)
def test_the_middle_of_a_cell_is_its_centroid_and_its_size_the_distance_of_opposite_sides(shape):
    cells = polygons([3, -2], [5, -7], 200, shape)
    x, y = middles([3, -2], [5, -7], 200, shape)

    assert shapely.get_x(shapely.centroid(cells)) == pytest.approx(x)
    assert shapely.get_y(shapely.centroid(cells)) == pytest.approx(y)
    west, _south, east, _north = shapely.bounds(cells[0])
    assert east - west == pytest.approx(200)
    assert shapely.area(cells) == pytest.approx(WHOLE[shape] * 200**2)


def test_a_hexagon_has_the_six_neighbours_that_axial_coordinates_give_it():
    columns, rows = np.array([0, 1, -1, 0, 0, 1, -1]) + 4, np.array([0, 0, 0, 1, -1, -1, 1]) - 9
    x, y = middles(columns, rows, 500, "hexagon")

    assert np.hypot(x[1:] - x[0], y[1:] - y[0]) == pytest.approx(500)
    assert shapely.touches(*np.broadcast_arrays(*np.split(polygons(columns, rows, 500, "hexagon"), [1]))).all()
