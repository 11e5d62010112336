import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hatecrime.stats.density import Cells, cells_over, density, relative_risk, sane

SQUARE = shapely.box(0, 0, 4000, 4000)
KITE = shapely.Polygon([(0, 0), (3000, 500), (4000, 4000), (700, 2900)])
HOLED = shapely.Polygon(KITE.exterior, [[(1500, 1500), (2500, 1600), (2000, 2400)]])


def scattered(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(2000, 900, n), rng.normal(1800, 700, n), rng.integers(1, 4, n).astype(float)


def by_brute_force(x: np.ndarray, y: np.ndarray, weights: np.ndarray, cells: Cells, bandwidth: float) -> np.ndarray:
    distance = np.hypot(cells.x[:, None] - x, cells.y[:, None] - y) / bandwidth
    kernel = np.where(distance < 1, 3 / (math.pi * bandwidth**2) * (1 - distance**2) ** 2, 0)
    return (kernel * weights).sum(axis=1) * 1e6


@pytest.mark.parametrize("outline", [SQUARE, KITE, HOLED])
@pytest.mark.parametrize("bandwidth", [100, 170, 500, 2600])
def test_the_exact_surface_is_the_kernel_sum_point_by_point(outline: shapely.Geometry, bandwidth: float) -> None:
    x, y, weights = scattered(400)
    cells = cells_over(outline, 100)
    surface = density(x, y, cells, bandwidth, weights)
    assert surface.method == "exact"
    assert surface.error == 0
    np.testing.assert_allclose(surface.density, by_brute_force(x, y, weights, cells, bandwidth), rtol=1e-9, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.integers(0, 1000), st.sampled_from([100, 170, 500, 1300]))
def test_the_binned_surface_is_off_by_no_more_than_it_says(n: int, seed: int, bandwidth: float) -> None:
    x, y, weights = scattered(n, seed)
    cells = cells_over(HOLED, 100)
    surface = density(x, y, cells, bandwidth, weights, method="binned")
    truth = by_brute_force(x, y, weights, cells, bandwidth)
    assert np.abs(surface.density - truth).max() <= surface.error


def test_the_binned_surface_is_close_to_the_exact_one_where_there_are_many() -> None:
    x, y, _ = scattered(60_000)
    cells = cells_over(KITE, 50)
    binned, exact = density(x, y, cells, 250), density(x, y, cells, 250, method="exact")
    assert (binned.method, exact.method) == ("binned", "exact")
    assert 0 < np.abs(binned.density - exact.density).max() < 0.005 * exact.density.max()
    assert binned.error < 0.05 * exact.density.max()


@pytest.mark.parametrize("method", ["exact", "binned"])
def test_a_surface_that_nothing_cuts_holds_every_incident(method: str) -> None:
    x, y, weights = scattered(300)
    cells = cells_over(shapely.box(-4000, -4000, 8000, 8000), 100)
    surface = density(x, y, cells, 500, weights, method=method)
    assert surface.density.sum() * 0.1**2 == pytest.approx(weights.sum(), rel=1e-3)


@pytest.mark.parametrize("method", ["exact", "binned"])
@pytest.mark.parametrize("edge", [False, True])
def test_moving_everything_moves_the_surface(method: str, edge: bool) -> None:
    x, y, weights = scattered(200)
    moved = shapely.transform(KITE, lambda points: np.add(points, [380_000, 390_000]))
    here = density(x, y, cells_over(KITE, 100), 500, weights, edge, method)
    there = density(x + 380_000, y + 390_000, cells_over(moved, 100), 500, weights, edge, method)
    np.testing.assert_allclose(there.density, here.density, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("method", ["exact", "binned"])
def test_a_quarter_turn_turns_the_surface(method: str) -> None:
    x, y, weights = scattered(200)
    upright = cells_over(KITE, 130)
    turned = cells_over(shapely.transform(KITE, lambda points: points[:, ::-1] * [-1, 1]), 130)
    here = density(x, y, upright, 500, weights, method=method)
    there = density(-y, x, turned, 500, weights, method=method)
    order, back = np.lexsort((upright.column, upright.row)), np.lexsort((turned.row, turned.columns - turned.column))
    np.testing.assert_allclose(there.density[back], here.density[order], rtol=1e-6, atol=1e-6)


def test_the_order_of_incidents_changes_nothing() -> None:
    x, y, weights = scattered(500)
    order = np.random.default_rng(2).permutation(500)
    cells = cells_over(KITE, 100)
    here, there = density(x, y, cells, 500, weights), density(x[order], y[order], cells, 500, weights[order])
    np.testing.assert_allclose(there.density, here.density, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("method", ["exact", "binned"])
def test_a_weight_is_so_many_points_in_one_place(method: str) -> None:
    x, y, weights = scattered(100)
    times = weights.astype(int)
    cells = cells_over(KITE, 100)
    weighted = density(x, y, cells, 500, weights, method=method)
    repeated = density(x.repeat(times), y.repeat(times), cells, 500, method=method)
    np.testing.assert_allclose(weighted.density, repeated.density, rtol=1e-9, atol=1e-9)
    assert weighted.counted == repeated.counted


@pytest.mark.parametrize("method", ["exact", "binned"])
def test_all_points_in_one_place_give_one_hill(method: str) -> None:
    cells = cells_over(SQUARE, 100)
    surface = density([2050] * 40, [2050] * 40, cells, 500, method=method)
    top = surface.density.argmax()
    assert (cells.x[top], cells.y[top]) == (2050, 2050)
    assert surface.density[top] == pytest.approx(40 * 3 / (math.pi * 0.5**2), rel=1e-9)
    assert (surface.density[np.hypot(cells.x - 2050, cells.y - 2050) >= 550] == 0).all()


@pytest.mark.parametrize("method", ["exact", "binned"])
def test_an_incident_reaches_as_far_as_the_bandwidth_and_no_further(method: str) -> None:
    cells = cells_over(SQUARE, 100)
    reached = density([2050], [2050], cells, 519, method=method).density > 0
    along = cells.y == 2050
    assert cells.x[along & reached].tolist() == [*range(1550, 2551, 100)]


@pytest.mark.parametrize("method", ["exact", "binned"])
def test_without_incidents_the_surface_is_flat_at_nothing(method: str) -> None:
    surface = density([], [], cells_over(KITE, 100), 500, method=method)
    assert (surface.density == 0).all()
    assert surface.counted == surface.error == 0


def test_without_an_area_there_are_no_cells_and_nothing_fails() -> None:
    cells = cells_over(shapely.Polygon(), 100)
    surface = density([1, 2], [1, 2], cells, 500, edge=True)
    assert surface.density.size == cells.x.size == 0
    assert surface.outside == 2
    assert relative_risk([1], [1], [1], [1], cells, 500).ratio.size == 0


def test_incidents_outside_and_without_a_place_are_counted_apart() -> None:
    cells = cells_over(SQUARE, 100)
    surface = density([2000, -50, 90_000, np.nan, 2000], [2000, 2000, 2000, 1, np.inf], cells, 500, [1, 2, 4, 8, 16])
    assert (surface.counted, surface.outside, surface.unplaced) == (7, 6, 24)
    near_the_edge = np.argmin(np.hypot(cells.x - 50, cells.y - 2000))
    assert surface.density[near_the_edge] > 0
    closed = density([2000, -50], [2000, 2000], cells, 500, edge=True)
    assert (closed.counted, closed.density[near_the_edge]) == (1, 0)


def test_a_weight_that_is_not_known_counts_for_nothing() -> None:
    assert density([2000, 2100], [2000, 2000], cells_over(SQUARE, 100), 500, [3, np.nan]).counted == 3


def test_the_correction_at_the_edge_levels_an_even_spread() -> None:
    x, y = (part.ravel() for part in np.meshgrid(np.arange(10, 4000, 20), np.arange(10, 4000, 20)))
    cells = cells_over(SQUARE, 100)
    plain, corrected = density(x, y, cells, 500), density(x, y, cells, 500, edge=True)
    np.testing.assert_allclose(corrected.density, 2500, rtol=0.01)
    assert plain.density.min() < 0.5 * 2500
    inner = (np.abs(cells.x - 2000) < 1400) & (np.abs(cells.y - 2000) < 1400)
    np.testing.assert_allclose(corrected.density[inner], plain.density[inner], rtol=1e-9)


@pytest.mark.parametrize("outline", [SQUARE, KITE, HOLED, shapely.box(0, 0, 37, 900)])
@pytest.mark.parametrize("size", [90, 100, 333])
def test_the_shares_of_the_cells_add_up_to_the_area(outline: shapely.Geometry, size: float) -> None:
    cells = cells_over(outline, size)
    assert (cells.share * size**2).sum() == pytest.approx(outline.area)
    assert ((cells.share > 0) & (cells.share <= 1)).all()


def test_cells_that_only_touch_the_outline_are_not_its_cells() -> None:
    assert len(cells_over(shapely.box(0, 0, 1000, 1000), 100).x) == 100
    assert len(cells_over(shapely.box(380_000.1, 390_000.2, 381_000.1, 391_000.2), 100).x) == 100


def test_impossible_cells_and_bandwidths_are_refused() -> None:
    with pytest.raises(ValueError, match="size"):
        cells_over(SQUARE, 0)
    with pytest.raises(ValueError, match="too many"):
        cells_over(SQUARE, 1)
    with pytest.raises(ValueError, match="bandwidth"):
        density([1], [1], cells_over(SQUARE, 100), 99)
    with pytest.raises(ValueError, match="less than nothing"):
        density([1], [1], cells_over(SQUARE, 100), 500, [-1])


def test_the_first_choice_for_trafford_is_that_of_the_field() -> None:
    choice = sane((0, 0, 15_000, 13_700))
    assert choice.cell == pytest.approx(91, abs=0.5)
    assert choice.bandwidth == pytest.approx(457, abs=1)


@given(st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=4))
def test_the_first_choice_is_never_nothing(bounds: list[float]) -> None:
    choice = sane(bounds)
    assert 0 < choice.cell <= choice.bandwidth


def test_the_first_choice_for_one_place_or_none_can_still_be_drawn() -> None:
    assert sane((5, 5, 5, 5)).cell == sane((math.nan,) * 4).cell == 1
    assert sane((0, 0, 90_000, 0)).cell == 90


def test_a_pattern_beside_itself_has_a_ratio_of_one_everywhere() -> None:
    x, y, weights = scattered(400)
    risk = relative_risk(x, y, x, y, cells_over(KITE, 100), 500, weights, weights)
    told = ~risk.too_thin
    assert told.any()
    np.testing.assert_allclose(risk.ratio[told], 1, rtol=1e-9)
    np.testing.assert_allclose(risk.log_ratio[told], 0, atol=1e-9)
    assert (risk.p[told] > 0.9).all()


def test_the_ratio_is_that_of_the_two_densities_each_over_its_total() -> None:
    (x, y, _), (base_x, base_y, people) = scattered(300), scattered(500, 2)
    cells = cells_over(SQUARE, 100)
    risk = relative_risk(x, y, base_x, base_y, cells, 500, base_weights=people)
    inside, base_inside = (np.abs(a - 2000) <= 2000 for a in (x, base_x))
    inside, base_inside = inside & (np.abs(y - 2000) <= 2000), base_inside & (np.abs(base_y - 2000) <= 2000)
    top = by_brute_force(x[inside], y[inside], np.ones(inside.sum()), cells, 500) / inside.sum()
    bottom = by_brute_force(base_x[base_inside], base_y[base_inside], people[base_inside], cells, 500)
    bottom, told = bottom / people[base_inside].sum(), ~risk.too_thin
    np.testing.assert_allclose(risk.ratio[told], top[told] / bottom[told], rtol=1e-9)
    assert (risk.total, risk.base_total) == (inside.sum(), people[base_inside].sum())


def test_nothing_is_said_where_the_base_is_too_thin() -> None:
    x, y, _ = scattered(300)
    risk = relative_risk(x, y, [1000] * 50, [1000] * 50, cells_over(SQUARE, 100), 500)
    assert (risk.too_thin == (risk.expected < 1)).all()
    assert np.isnan(risk.ratio[risk.too_thin]).all()
    assert np.isnan(risk.p[risk.too_thin]).all()
    assert not np.isnan(risk.p[~risk.too_thin]).any()


@pytest.mark.parametrize(("n", "m"), [(0, 30), (30, 0), (0, 0)])
def test_of_nothing_there_is_no_relative_risk(n: int, m: int) -> None:
    risk = relative_risk([2000] * n, [2000] * n, [2000] * m, [2000] * m, cells_over(SQUARE, 100), 500)
    assert risk.too_thin.all()
    assert np.isnan(risk.ratio).all()


def test_no_incident_near_many_people_is_a_ratio_of_nothing_and_a_small_chance() -> None:
    base_x, base_y = [1000] * 100 + [3000] * 100, [2000] * 200
    risk = relative_risk([1000] * 100, [2000] * 100, base_x, base_y, cells_over(SQUARE, 100), 500)
    there = ~risk.too_thin & (risk.ratio == 0)
    assert there.any()
    assert np.isneginf(risk.log_ratio[there]).all()
    assert risk.p[there].min() < 0.001


def test_a_planted_cluster_stands_out_and_chance_labels_seldom_do() -> None:
    rng = np.random.default_rng(3)
    cells, found, told = cells_over(SQUARE, 200), 0, 0
    for _ in range(60):
        x, y = rng.normal(2000, 800, (2, 3000))
        risk = relative_risk(x[:200], y[:200], x[200:], y[200:], cells, 600)
        found, told = found + int((risk.p < 0.05).sum()), told + int((~risk.too_thin).sum())
    assert found / told < 0.05
    x, y = rng.normal(2000, 800, (2, 3000))
    x[:40], y[:40] = rng.normal(2700, 150, (2, 40))
    risk = relative_risk(x[:200], y[:200], x[200:], y[200:], cells, 600)
    least = np.nanargmin(risk.p)
    assert risk.p[least] < 1e-4
    assert risk.ratio[least] > 1
    assert math.hypot(cells.x[least] - 2700, cells.y[least] - 2700) < 400


def test_how_sure_a_ratio_is_agrees_with_labels_dealt_at_random() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(2000, 800, (2, 1500))
    x[:25], y[:25] = rng.normal(2600, 200, (2, 25))
    cells = cells_over(shapely.box(1500, 1500, 3000, 3000), 300)
    cases = np.arange(1500) < 150
    here = relative_risk(x[cases], y[cases], x[~cases], y[~cases], cells, 600, least=3)
    ratios = []
    for _ in range(300):
        dealt = rng.permutation(cases)
        ratios.append(relative_risk(x[dealt], y[dealt], x[~dealt], y[~dealt], cells, 600, least=3).ratio)
    with_label = 2 * np.minimum((ratios >= here.ratio).mean(axis=0), (ratios <= here.ratio).mean(axis=0))
    told = ~here.too_thin & np.isfinite(ratios).all(axis=0)
    assert told.sum() > 10
    assert np.abs(here.p - np.minimum(with_label, 1))[told].max() < 0.25
    assert np.corrcoef(here.p[told], with_label[told])[0, 1] > 0.95
