import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph
from libpysal.weights import lat2W

from hatecrime.stats.neighbours import Neighbours, in_grid, nearest, touching, within
from tests.shared_data import needs_shared_data, shared

CELLS = st.lists(st.tuples(st.integers(-6, 6), st.integers(-6, 6)), min_size=1, max_size=40, unique=True)
PLACES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=25)
HEXAGON = {(1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1)}


def squares(columns: int, rows: int, side: float = 1000, gap: float = 0) -> np.ndarray:
    x, y = (side * np.ravel(axis) for axis in np.meshgrid(np.arange(columns), np.arange(rows)))
    return shapely.box(x, y, x + side - gap, y + side - gap)


def dense(found: Neighbours) -> np.ndarray:
    return found.links.toarray()


def is_sound(found: Neighbours) -> bool:
    links = dense(found)
    return bool((links == links.T).all() and not links.diagonal().any() and np.isin(links, (0, 1)).all())


def test_areas_that_share_a_border_or_a_corner_are_neighbours() -> None:
    found = touching(squares(3, 3))
    assert is_sound(found)
    assert dense(found).sum(axis=1).tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]


def test_touching_areas_are_those_of_libpysal() -> None:
    outlines = squares(7, 5)
    theirs = Graph.build_contiguity(gpd.GeoSeries(outlines), rook=False).sparse.toarray()
    assert (dense(touching(outlines)) == theirs).all()


@needs_shared_data
@pytest.mark.parametrize("file", ["ward_2017_gm_ward_generalised", "lsoa_2011_trafford_lsoa_generalised"])
def test_real_areas_have_the_neighbours_of_libpysal(file: str) -> None:
    outlines = gpd.read_file(shared(f"boundaries/{file}.geojson")).to_crs(27700).geometry
    found = touching(outlines.values)
    assert found.islands == ()
    assert (dense(found) == Graph.build_contiguity(outlines, rook=False).sparse.toarray()).all()


@needs_shared_data
def test_anglesey_is_an_island_and_linked_to_gwynedd() -> None:
    authorities = gpd.read_file(shared("boundaries/ltla24_wales_22.geojson")).to_crs(27700)
    codes = authorities["ltla24_code"]
    found = touching(authorities.geometry.values)
    assert [codes[island] for island in found.islands] == ["W06000001"]
    assert codes[np.flatnonzero(dense(found)[found.islands[0]])].tolist() == ["W06000002"]


def test_a_gap_of_a_careless_hand_does_not_part_neighbours_and_a_street_does() -> None:
    assert (dense(touching(squares(3, 3, gap=0.5))) == dense(touching(squares(3, 3)))).all()
    assert touching(squares(2, 1, gap=20)).islands == (0, 1)


def test_an_island_is_linked_to_the_nearest_and_named() -> None:
    far = shapely.box(-500, 9000, 500, 10000)
    found = touching([*squares(2, 2), far])
    assert found.islands == (4,)
    assert dense(found)[4].tolist() == [0, 0, 1, 0, 0]
    assert is_sound(found)


def test_an_area_without_outline_has_no_neighbour_and_is_no_island() -> None:
    found = touching([None, *squares(2, 1), shapely.Polygon()])
    assert found.islands == ()
    assert dense(found).sum(axis=1).tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("outlines", [[], [None], [shapely.box(0, 0, 1, 1)]])
def test_nothing_or_one_area_has_no_neighbours(outlines: list) -> None:
    found = touching(outlines)
    assert found.links.shape == (len(outlines), len(outlines))
    assert (found.links.nnz, found.islands) == (0, ())


def test_the_order_of_areas_changes_no_neighbour() -> None:
    outlines = np.append(squares(4, 3), shapely.box(500, 9000, 1500, 9900))
    order = np.random.default_rng(3).permutation(len(outlines))
    assert (dense(touching(outlines[order])) == dense(touching(outlines))[np.ix_(order, order)]).all()


def test_square_cells_have_the_queens_neighbours_of_libpysal() -> None:
    rows, columns = (axis.ravel() for axis in np.mgrid[0:9, 0:13])
    assert (dense(in_grid(columns, rows, "square")) == lat2W(9, 13, rook=False).sparse.toarray()).all()


@given(CELLS, st.sampled_from(["square", "hexagon"]), st.integers(-1000, 1000))
def test_cells_are_neighbours_when_they_lie_side_by_side(cells: list, shape: str, moved: int) -> None:
    q, r = np.array(cells).T
    found = in_grid(q + moved, r - moved, shape)
    links = dense(found)
    assert is_sound(found)
    for one in set(range(len(cells))) - set(found.islands):
        for other in set(range(len(cells))) - set(found.islands):
            east, north = q[other] - q[one], r[other] - r[one]
            beside = (east, north) in HEXAGON if shape == "hexagon" else max(abs(east), abs(north)) == 1
            assert links[one, other] == beside


@given(CELLS, st.sampled_from(["square", "hexagon"]), st.randoms(use_true_random=False))
def test_the_order_of_cells_changes_no_neighbour(cells: list, shape: str, chance) -> None:
    order = list(range(len(cells)))
    chance.shuffle(order)
    q, r = np.array(cells).T
    straight, mixed = in_grid(q, r, shape), in_grid(q[order], r[order], shape)
    assert (dense(mixed) == dense(straight)[np.ix_(order, order)]).all()


def test_a_cell_alone_is_linked_to_all_that_are_equally_near() -> None:
    found = in_grid([0, 1, 5, 9, 10], [0, 0, 0, 0, 0], "square")
    assert found.islands == (2,)
    assert dense(found)[2].tolist() == [0, 1, 0, 1, 0]


def test_a_cell_is_listed_once_and_has_a_known_shape() -> None:
    with pytest.raises(ValueError, match="twice"):
        in_grid([0, 0], [1, 1], "square")
    with pytest.raises(ValueError, match="square or a hexagon"):
        in_grid([0], [0], "triangle")
    assert in_grid([], [], "hexagon").links.shape == (0, 0)


@given(PLACES, st.integers(1, 40))
def test_places_within_reach_are_those_a_tape_measure_finds(places: list, metres: int) -> None:
    points = np.array(places, dtype=float)
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    expected = (distance <= metres) & ~np.eye(len(points), dtype=bool)
    alone = np.flatnonzero(~expected.any(axis=1)) if len(points) > 1 else np.array([], dtype=int)
    found = within(*points.T, metres)
    assert is_sound(found)
    assert found.islands == tuple(alone)
    among = np.setdiff1d(np.arange(len(points)), alone)
    assert (dense(found)[np.ix_(among, among)] == expected[np.ix_(among, among)]).all()


@given(PLACES, st.integers(1, 5))
def test_the_nearest_are_as_near_as_the_kth_from_either_side(places: list, k: int) -> None:
    points = np.array(places, dtype=float)
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    others = np.where(np.eye(len(points), dtype=bool), np.inf, distance)
    last = min(k, len(points) - 1)
    reach = np.sort(others, axis=1)[:, last - 1 : last] if last else np.zeros((len(points), 1))
    one_way = (others <= reach * (1 + 1e-9)) & np.isfinite(others)
    assert (dense(nearest(*points.T, k)) == (one_way | one_way.T)).all()


def test_places_that_are_not_known_are_nobodys_neighbours() -> None:
    x, y = [0, np.nan, 10, 20], [0, 0, 0, np.nan]
    for found in (within(x, y, 10), nearest(x, y, 2)):
        assert dense(found)[[1, 3]].sum() == 0
        assert dense(found)[0, 2] == 1
        assert found.islands == ()


def test_all_places_at_one_point_are_neighbours_of_all() -> None:
    assert (dense(nearest([5] * 4, [5] * 4, 1)) == 1 - np.eye(4)).all()
    assert (dense(within([5] * 4, [5] * 4, 0)) == 1 - np.eye(4)).all()


def test_no_place_and_no_neighbour_are_taken_as_they_are() -> None:
    assert within([], [], 10).links.shape == (0, 0)
    assert nearest([1], [1], 3).links.nnz == 0
    with pytest.raises(ValueError, match="At least one"):
        nearest([1], [1], 0)
