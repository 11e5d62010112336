from itertools import combinations, permutations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from esda.getisord import G_Local
from esda.moran import Moran_Local
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy import sparse, stats

from hatecrime.stats.local import (
    false_discovery,
    getis_ord,
    getis_ord_permuted,
    local_moran,
    local_moran_permuted,
    significant,
)
from hatecrime.stats.neighbours import Neighbours, in_grid, nearest, touching, within
from hatecrime.stats.smoothing import empirical_bayes
from tests.shared_data import needs_shared_data, shared

SIDE = 8
ROWS, COLUMNS = (axis.ravel() for axis in np.mgrid[0:SIDE, 0:SIDE])
GRID = in_grid(COLUMNS, ROWS, "square")
COUNTS = st.lists(st.integers(0, 30), min_size=SIDE * SIDE, max_size=SIDE * SIDE).map(np.array)


def counts(seed: int, mean: float = 3) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, SIDE * SIDE).astype(float)


def mixed(seed: int) -> tuple[np.ndarray, Neighbours]:
    """Another order of the same grid."""
    order = np.random.default_rng(seed).permutation(SIDE * SIDE)
    return order, in_grid(COLUMNS[order], ROWS[order], "square")


def hand_made(links: list[list[int]]) -> Neighbours:
    return Neighbours(sparse.csr_array(np.array(links, dtype=float)), "by hand", ())


@needs_shared_data
@pytest.mark.parametrize(("metres", "z"), [(30, 1.221979), (60, 1.748098)])
def test_z_is_that_of_the_published_example_to_six_figures(metres: float, z: float) -> None:
    grid = pd.read_csv(shared("references/spatial_autocorrelation/getisord_1996_grid16x16.csv"))
    found = getis_ord(grid["val"], within(grid["x"], grid["y"], metres), star=False)
    assert round(found.z[119], 6) == z


LEVELS = (
    "lsoa_2021_trafford_lsoa_generalised",
    "ward_2017_gm_ward_generalised",
    "ward_2017_trafford_ward_full_resolution",
    "local_authority_2016_gm_local_authority_generalised",
    "ltla24_wales_22",
)


@needs_shared_data
@pytest.mark.parametrize("file", LEVELS)
@pytest.mark.parametrize("star", [True, False])
def test_z_is_that_of_esda_on_every_level_of_real_areas(file: str, star: bool) -> None:
    areas = gpd.read_file(shared(f"boundaries/{file}.geojson"))
    drawn = areas[areas.geom_type.isin(["Polygon", "MultiPolygon"])].to_crs(27700)
    neighbours = touching(drawn.geometry.values)
    values = np.random.default_rng(1).poisson(9, len(drawn)).astype(float)
    theirs = G_Local(values, Graph.from_sparse(neighbours.links), "B", permutations=0, star=star).Zs
    assert np.allclose(getis_ord(values, neighbours, star).z, theirs, atol=1e-12)


@given(COUNTS, st.booleans())
@settings(deadline=None)  # esda is slow at first.
def test_z_is_that_of_esda(values: np.ndarray, star: bool) -> None:
    if np.ptp(values) == 0:
        values[0] += 1
    with np.errstate(all="ignore"):
        theirs = G_Local(values.astype(float), Graph.from_sparse(GRID.links), "B", permutations=0, star=star).Zs
    ours = getis_ord(values, GRID, star).z
    # Where all others are equal esda divides nothing by nothing.
    assert np.allclose(ours, np.nan_to_num(theirs, posinf=0, neginf=0), atol=1e-9)


@pytest.mark.parametrize("star", [True, False])
def test_z_is_that_of_esda_on_hexagons_and_nearest_places(star: bool) -> None:
    for neighbours in (in_grid(COLUMNS, ROWS, "hexagon"), nearest(*np.random.default_rng(2).uniform(0, 9, (2, 64)), 5)):
        theirs = G_Local(counts(5), Graph.from_sparse(neighbours.links), "B", permutations=0, star=star).Zs
        assert np.allclose(getis_ord(counts(5), neighbours, star).z, theirs, atol=1e-12)


def star_shaped(star: bool) -> tuple[np.ndarray, Neighbours, np.ndarray]:
    """Seven places, the first beside two of them; and the sums of as many as are summed there, drawn in every way."""
    values = np.array([3.0, 9, 1, 2, 0, 4, 0])
    links = np.zeros((7, 7), dtype=int)
    links[0, [1, 2]] = 1
    links[1:, 0] = 1
    among, size = (range(7), 3) if star else (range(1, 7), 2)
    return (
        values,
        hand_made(links.tolist()),
        np.array([values[list(drawn)].sum() for drawn in combinations(among, size)]),
    )


@pytest.mark.parametrize("star", [True, False])
def test_z_is_the_distance_from_the_mean_of_all_draws(star: bool) -> None:
    values, neighbours, sums = star_shaped(star)
    seen = values[[0, 1, 2] if star else [1, 2]].sum()
    assert getis_ord(values, neighbours, star).z[0] == pytest.approx((seen - sums.mean()) / sums.std())


@pytest.mark.parametrize("star", [True, False])
def test_p_is_the_share_of_all_draws_that_are_as_extreme(star: bool) -> None:
    values, neighbours, sums = star_shaped(star)
    seen = values[[0, 1, 2] if star else [1, 2]].sum()
    exact = 2 * min((sums >= seen).mean(), (sums <= seen).mean())
    assert getis_ord(values, neighbours, star).p[0] == pytest.approx(min(1, exact))


def test_the_quicker_p_of_wide_neighbourhoods_is_near_that_of_many_draws() -> None:
    rows, columns = (axis.ravel() for axis in np.mgrid[0:40, 0:40])
    chance = np.random.default_rng(3)
    values = chance.negative_binomial(0.5, 0.2, 1600).astype(float)
    values[(rows - 20) ** 2 + (columns - 20) ** 2 < 9] += 2
    around = within(columns, rows, 6.0)
    middle = 20 * 40 + 20
    summed = np.append(around.links[[middle]].indices, middle)
    assert len(summed) == 113
    draws = np.array([chance.choice(values, 113, replace=False).sum() for _draw in range(20_000)])
    tail = (draws >= values[summed].sum()).mean()
    assert getis_ord(values, around).p[middle] == pytest.approx(2 * min(tail, 1 - tail), rel=0.1)


@given(st.integers(0, 500), st.floats(-1e4, 1e4), st.floats(0.1, 50), st.booleans())
def test_neither_a_constant_nor_a_unit_nor_the_order_of_rows_changes_z(
    seed: int, constant: float, unit: float, star: bool
) -> None:
    values, (order, other) = counts(seed), mixed(seed)
    found = getis_ord(values, GRID, star)
    moved, turned = getis_ord(unit * values + constant, GRID, star), getis_ord(values[order], other, star)
    assert np.allclose(moved.z, found.z, atol=1e-7)
    assert np.allclose(moved.p, found.p, atol=1e-7)
    assert np.allclose(turned.z, found.z[order], atol=1e-10)
    assert np.allclose(turned.p, found.p[order], atol=1e-10)


@pytest.mark.parametrize("value", [0, 0.1, 7, 1e9])
def test_places_that_are_all_equal_show_no_hotspot(value: float) -> None:
    values = np.full(SIDE * SIDE, value)
    for found in (getis_ord(values, GRID), getis_ord(values, GRID, star=False), getis_ord_permuted(values, GRID)):
        assert (found.z == 0).all()
        assert (found.p == 1).all()
        assert (significant(found.z, found.p).kind == "").all()
    for moran in (local_moran(values, GRID), local_moran_permuted(values, GRID)):
        assert (moran.i == 0).all()
        assert (moran.p == 1).all()
        assert (moran.quadrant == "").all()


def test_missing_places_are_left_out_as_if_they_were_not_there() -> None:
    values = counts(4)
    gone = np.isin(np.arange(SIDE * SIDE), [0, 9, 30])
    among = Neighbours(GRID.links[~gone][:, ~gone], "square", ())
    holed = np.where(gone, np.nan, values)
    for star in (True, False):
        found, without = getis_ord(holed, GRID, star), getis_ord(values[~gone], among, star)
        assert np.isnan(found.z[gone]).all()
        assert np.isnan(found.p[gone]).all()
        assert np.allclose(found.z[~gone], without.z)
    assert np.isnan(getis_ord_permuted(holed, GRID, 99).p[gone]).all()
    for moran in (local_moran(holed, GRID), local_moran_permuted(holed, GRID, 99)):
        assert np.isnan(moran.i[gone]).all()
        assert np.isnan(moran.p[gone]).all()
        assert (moran.quadrant[gone] == "").all()
        assert (moran.quadrant[~gone] != "").all()


@pytest.mark.parametrize("values", [[], [np.nan], [3], [3, 8], [np.nan, 3, 8], [np.nan] * 4])
def test_too_few_places_to_compare_give_no_verdict(values: list[float]) -> None:
    line = in_grid(range(len(values)), [0] * len(values), "square")
    for found in (getis_ord(values, line), getis_ord_permuted(values, line, 99)):
        known = np.isfinite(np.array(values, dtype=float))
        assert (found.p[known] == 1).all()
        assert np.isnan(found.p[~known]).all()
        assert (significant(found.z, found.p).kind == "").all()
    assert (local_moran(values, line).quadrant == "").all()
    assert (local_moran_permuted(values, line, 99).quadrant == "").all()


def test_a_place_without_known_neighbours_is_not_tested_without_itself() -> None:
    neighbours = hand_made([[0, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]])
    found = getis_ord([9, 1, 4, 2], neighbours, star=False)
    assert np.isnan(found.z[0])
    assert np.isfinite(found.z[1:]).all()
    assert np.isfinite(getis_ord([9, 1, 4, 2], neighbours).z).all()
    assert np.isnan(getis_ord_permuted([9, 1, 4, 2], neighbours, 99, star=False).p[0])
    assert np.isnan(local_moran([9, 1, 4, 2], neighbours).p[0])
    assert np.isnan(local_moran_permuted([9, 1, 4, 2], neighbours, 99).p[0])


def test_one_value_for_each_place_is_needed() -> None:
    with pytest.raises(ValueError, match="3 values for 64 places"):
        getis_ord([1, 2, 3], GRID)


def test_shuffles_say_what_all_shuffles_would_say() -> None:
    """Seven places can be shuffled in every way there is: the others' values around the first place."""
    values = np.array([4.0, 6, 5, 1, 0, 0, 1])
    line = in_grid(range(7), [0] * 7, "square")
    middle = 3
    others = np.delete(values, middle)
    sums = np.array([pair[0] + pair[1] for pair in permutations(others, 2)])
    seen = values[2] + values[4]
    exact = min(1, 2 * min((sums >= seen).mean(), (sums <= seen).mean()))
    found = getis_ord_permuted(values, line, permutations=9999, seed=5)
    assert found.p[middle] == pytest.approx(exact, abs=0.02)


def test_shuffles_agree_with_the_two_tails_of_esdas_own() -> None:
    values = counts(8, mean=20)
    graph = Graph.from_sparse(GRID.links)
    theirs = G_Local(values, graph, "B", permutations=999, star=True, n_jobs=1, seed=9)
    one_side = np.minimum((theirs.sim >= theirs.Gs).sum(axis=0), (theirs.sim <= theirs.Gs).sum(axis=0))
    ours = getis_ord_permuted(values, GRID, permutations=999, seed=9)
    assert np.abs(ours.p - np.minimum(2 * (one_side + 1) / 1000, 1)).max() < 0.12
    assert np.corrcoef(ours.p, theirs.p_sim)[0, 1] > 0.97
    assert (ours.p >= theirs.p_sim - 0.06).all()


def test_a_place_of_zeros_among_many_zeros_is_not_called_cold() -> None:
    values = np.zeros(SIDE * SIDE)
    values[[0, 1, 40]] = 1
    corner = SIDE - 1
    assert getis_ord_permuted(values, GRID, 199).p[corner] == 1
    assert (significant(*_pair(getis_ord(values, GRID))).kind != "cold").all()


def _pair(found) -> tuple[np.ndarray, np.ndarray]:
    return found.z, found.p


def test_a_seed_gives_the_same_shuffles_in_any_order_of_rows_and_leaves_others_alone() -> None:
    values, (order, other) = counts(6), mixed(6)
    np.random.seed(77)
    expected = np.random.random()
    np.random.seed(77)
    found, again = getis_ord_permuted(values, GRID, 99, seed=4), getis_ord_permuted(values, GRID, 99, seed=4)
    turned = getis_ord_permuted(values[order], other, 99, seed=4)
    assert np.random.random() == expected
    assert (found.p == again.p).all()
    assert (turned.p == found.p[order]).all()
    assert (getis_ord_permuted(values, GRID, 99, seed=5).p != found.p).any()
    moran = local_moran_permuted(values, GRID, 99, seed=4)
    turned_moran = local_moran_permuted(values[order], other, 99, seed=4)
    assert np.allclose(turned_moran.p, moran.p[order])
    assert (turned_moran.quadrant == moran.quadrant[order]).all()


def test_local_moran_is_that_of_esda() -> None:
    values = counts(11, mean=10)
    theirs = Moran_Local(values, Graph.from_sparse(GRID.links), permutations=9999, n_jobs=1, seed=3)
    for ours in (local_moran(values, GRID), local_moran_permuted(values, GRID, seed=3)):
        assert np.allclose(ours.i, theirs.Is)
        assert (ours.quadrant == np.array(["", "high-high", "low-high", "low-low", "high-low"])[theirs.q]).all()
        assert np.abs(ours.z - theirs.z_sim).max() < 0.4
        assert np.corrcoef(ours.p, theirs.p_sim)[0, 1] > 0.97


def test_the_exact_p_of_local_moran_is_what_many_shuffles_come_near() -> None:
    values = counts(12, mean=2)
    exact, shuffled = local_moran(values, GRID), local_moran_permuted(values, GRID, 9999)
    assert np.abs(exact.p - shuffled.p).max() < 0.05
    assert np.abs(exact.z - shuffled.z).max() < 0.1


def test_one_place_unlike_all_its_neighbours_is_found_in_a_large_map() -> None:
    """999 shuffles are too coarse for that."""
    rows, columns = (axis.ravel() for axis in np.mgrid[0:20, 0:20])
    grid = in_grid(columns, rows, "square")
    values = np.random.default_rng(5).poisson(3, 400).astype(float)
    ring = (np.maximum(abs(rows - 10), abs(columns - 10)) == 1) * 12
    found = local_moran(np.where((rows == 10) & (columns == 10), 0, values + ring), grid)
    middle = 10 * 20 + 10
    assert significant(found.z, found.p).kind[middle] == "cold"
    assert found.quadrant[middle] == "low-high"


def test_adjusted_p_are_those_of_benjamini_and_hochberg() -> None:
    """The fifteen p of their 1995 example, of which four stand at 0.05."""
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.759,
        1,
    ]
    assert (false_discovery(p) <= 0.05).sum() == 4


@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=30))
def test_adjusting_lowers_no_p_and_keeps_what_was_not_tested(p: list[float]) -> None:
    given_p, adjusted = np.array(p, dtype=float), false_discovery(p)
    tested = ~np.isnan(given_p)
    assert (np.isnan(adjusted) == ~tested).all()
    assert (adjusted[tested] >= given_p[tested] - 1e-12).all()
    assert (adjusted[tested] <= 1).all()


def test_verdicts_say_hot_cold_or_nothing_and_how_many_were_tested() -> None:
    found = significant([4, -4, 1, np.nan, 4], [1e-5, 1e-5, 0.3, np.nan, 0.04])
    assert found.kind.tolist() == ["hot", "cold", "", "", ""]
    assert found.tested == 4
    assert significant([], []).tested == 0
    with pytest.raises(ValueError, match="level"):
        significant([1], [1], level=1)


def test_a_planted_hotspot_is_found_and_nothing_far_from_it() -> None:
    values = counts(12)
    planted = (ROWS < 3) & (COLUMNS < 3)
    values[planted] += 8
    found = significant(*_pair(getis_ord(values, GRID)))
    assert found.kind[0] == "hot"
    assert (found.kind[(ROWS > 4) | (COLUMNS > 4)] != "hot").all()


@pytest.mark.parametrize("mean", [0.05, 0.5, 2, 10])
@pytest.mark.parametrize("star", [True, False])
def test_random_maps_show_a_verdict_no_oftener_than_the_level_says(mean: float, star: bool) -> None:
    """200 maps of 400 cells: at 5% no more than 17 but for a chance of 1 in 100."""
    rows, columns = (axis.ravel() for axis in np.mgrid[0:20, 0:20])
    grid, chance = in_grid(columns, rows, "square"), np.random.default_rng(20)
    maps = [getis_ord(chance.poisson(mean, 400), grid, star) for _map in range(200)]
    assert sum((significant(*_pair(found)).kind != "").any() for found in maps) <= stats.binom.ppf(0.99, 200, 0.05)
    morans = [local_moran(chance.poisson(mean, 400), grid) for _map in range(200)]
    assert sum((significant(*_pair(found)).kind != "").any() for found in morans) <= stats.binom.ppf(0.99, 200, 0.05)


@pytest.mark.parametrize("shape", [0.1, 0.5])
def test_counts_that_come_in_bunches_show_no_more_than_others(shape: float) -> None:
    rows, columns = (axis.ravel() for axis in np.mgrid[0:20, 0:20])
    grid, chance = in_grid(columns, rows, "square"), np.random.default_rng(22)
    maps = [getis_ord(chance.negative_binomial(shape, shape / (shape + 5), 400), grid) for _map in range(200)]
    assert sum((significant(*_pair(found)).kind != "").any() for found in maps) <= stats.binom.ppf(0.99, 200, 0.05)


def test_smoothing_keeps_rates_of_small_places_that_lie_together_from_passing_for_hotspots() -> None:
    rows, columns = (axis.ravel() for axis in np.mgrid[0:20, 0:20])
    grid, chance = in_grid(columns, rows, "square"), np.random.default_rng(21)
    false = np.zeros(2)
    for _map in range(100):
        people = np.where(columns < 10, 200, 4000) * chance.lognormal(0, 0.3, 400)
        count = chance.poisson(people / 1000)
        rates = (count / people, empirical_bayes(count, people).rate)
        false += [(significant(*_pair(getis_ord(rate, grid))).kind != "").any() for rate in rates]
    assert false[0] > 90 > 20 > false[1]


def test_the_normal_distribution_would_show_far_too_many_at_small_counts() -> None:
    """Why p is not taken from it."""
    rows, columns = (axis.ravel() for axis in np.mgrid[0:20, 0:20])
    grid, chance = in_grid(columns, rows, "square"), np.random.default_rng(20)
    z = [getis_ord(chance.poisson(0.05, 400), grid).z for _map in range(100)]
    assert sum((significant(found, 2 * stats.norm.sf(np.abs(found))).kind != "").any() for found in z) > 50
