import numpy as np
import pytest
from esda.smoothing import Empirical_Bayes, Spatial_Empirical_Bayes
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal import examples
from libpysal import io as libpysal_io
from libpysal.weights import lat2W
from scipy import sparse, stats

from hatecrime.stats.neighbours import Neighbours, in_grid
from hatecrime.stats.smoothing import empirical_bayes, spatial_empirical_bayes

SIDE = 5
ROWS, COLUMNS = (axis.ravel() for axis in np.mgrid[0:SIDE, 0:SIDE])
GRID = in_grid(COLUMNS, ROWS, "square")
AREAS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 5000)), min_size=SIDE**2, max_size=SIDE**2)


def figures(areas: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    count, people = np.array(areas, dtype=float).T
    return np.minimum(count, people), people


def st_louis() -> tuple[np.ndarray, np.ndarray, object]:
    """Homicides of 1979-84 in 78 counties, which libpysal brings along."""
    table = libpysal_io.open(examples.get_path("stl_hom.csv"))
    weights = libpysal_io.open(examples.get_path("stl.gal")).read()
    return np.array(table[:, 10], dtype=float), np.array(table[:, 13], dtype=float), weights


def test_rates_are_those_published_for_infant_deaths_in_north_carolina() -> None:
    """Sudden infant deaths of 1974-78 (Cressie and Read 1985), smoothed as PySAL's tests and manual give them."""
    table = libpysal_io.open(examples.get_path("sids2.dbf"))
    smoothed = empirical_bayes(table.by_col("SID74"), table.by_col("BIR74"))
    assert smoothed.rate[:5].round(7).tolist() == [0.0016973, 0.0017054, 0.0017731, 0.0020129, 0.0035349]
    assert smoothed.overall == pytest.approx(667 / 329962)


def test_rates_are_those_published_for_homicides_around_st_louis() -> None:
    """The first ten counties in PySAL's manual, drawn to the rate of all and to that around them."""
    count, people, weights = st_louis()
    overall = [2.36718950, 4.54539167, 4.78114019, 2.76907146, 6.58989323]
    overall += [3.66494122, 5.79952721, 2.03064590, 3.31152999, 3.02748380]
    around = [4.01485749, 3.62437513, 4.93034844, 5.09387329, 3.72735210]
    around += [3.69333797, 5.40245456, 2.99806055, 3.73034109, 3.47270722]
    neighbours = Neighbours(sparse.csr_array(weights.sparse), "touching", ())
    assert np.allclose(1e5 * empirical_bayes(count, people).rate[:10], overall, atol=1e-8)
    assert np.allclose(1e5 * spatial_empirical_bayes(count, people, neighbours).rate[:10], around, atol=1e-8)


@given(AREAS)
@settings(deadline=None)  # esda is slow at first.
def test_rates_are_those_of_esda(areas: list[tuple[int, int]]) -> None:
    count, people = figures(areas)
    smoothed = empirical_bayes(count, people)
    if smoothed.variance > 0:  # esda weighs by a negative variance, where this one takes the overall rate.
        assert np.allclose(smoothed.rate, Empirical_Bayes(count, people).r.ravel())
    else:
        assert np.allclose(smoothed.rate, smoothed.overall)


@given(AREAS)
@settings(deadline=None)  # esda is slow at first.
def test_rates_drawn_to_those_around_are_those_of_esda(areas: list[tuple[int, int]]) -> None:
    count, people = figures(areas)
    if (spatial_empirical_bayes(count, people, GRID).overall > 0).all():
        theirs = Spatial_Empirical_Bayes(count, people, lat2W(SIDE, SIDE, rook=False)).r.ravel()
        assert np.allclose(spatial_empirical_bayes(count, people, GRID).rate, theirs, atol=1e-9)


@given(AREAS)
def test_a_smoothed_rate_lies_between_the_raw_and_the_overall_and_in_its_range(areas: list[tuple[int, int]]) -> None:
    count, people = figures(areas)
    for smoothed in (empirical_bayes(count, people), spatial_empirical_bayes(count, people, GRID)):
        raw, overall = count / people, np.broadcast_to(smoothed.overall, count.shape)
        assert (smoothed.rate >= np.minimum(raw, overall) - 1e-12).all()
        assert (smoothed.rate <= np.maximum(raw, overall) + 1e-12).all()
        assert (smoothed.low <= smoothed.rate).all()
        assert (smoothed.rate <= smoothed.high).all()
        assert (smoothed.low >= 0).all()
        assert ((smoothed.weight >= 0) & (smoothed.weight <= 1)).all()


@given(AREAS, st.randoms(use_true_random=False))
def test_the_order_of_areas_changes_no_rate(areas: list[tuple[int, int]], chance) -> None:
    count, people = figures(areas)
    order = list(range(SIDE**2))
    chance.shuffle(order)
    other = in_grid(COLUMNS[order], ROWS[order], "square")
    assert np.allclose(empirical_bayes(count[order], people[order]).rate, empirical_bayes(count, people).rate[order])
    around = spatial_empirical_bayes(count, people, GRID)
    assert np.allclose(spatial_empirical_bayes(count[order], people[order], other).rate, around.rate[order])


def test_the_larger_place_speaks_more_for_itself() -> None:
    smoothed = empirical_bayes([2, 20, 200, 5, 90], [100, 1000, 10_000, 1000, 10_000])
    assert smoothed.weight[0] < smoothed.weight[1] < smoothed.weight[2]


def test_places_without_people_have_no_rate_and_change_no_other() -> None:
    count, people = np.array([4.0, 30, 0, 12]), np.array([1000.0, 2000, 800, 3000])
    alone = empirical_bayes(count, people)
    more = empirical_bayes([*count, 3, np.nan, 2], [*people, 0, 500, np.nan])
    assert np.isnan(more.rate[4:]).all()
    assert np.isnan(more.high[4:]).all()
    assert np.allclose(more.rate[:4], alone.rate)
    line = in_grid(range(4), [0] * 4, "square")
    longer = in_grid(range(5), [0] * 5, "square")
    around = spatial_empirical_bayes([*count, 9], [*people, 0], longer)
    assert np.isnan(around.rate[4])
    assert np.allclose(around.rate[:4], spatial_empirical_bayes(count, people, line).rate)


def test_no_event_at_all_leaves_the_exact_limit_of_all_people() -> None:
    line = in_grid(range(2), [0] * 2, "square")
    for smoothed in (empirical_bayes([0, 0], [10, 90]), spatial_empirical_bayes([0, 0], [10, 90], line)):
        assert smoothed.rate.tolist() == smoothed.low.tolist() == [0, 0]
        assert np.allclose(smoothed.high, stats.chi2.ppf(0.975, 2) / 2 / 100)


def test_where_places_do_not_differ_no_range_is_narrower_than_that_of_the_overall_rate() -> None:
    smoothed = empirical_bayes([10, 20, 1], [1000, 2000, 100])
    assert (smoothed.variance, smoothed.rate.tolist()) == (0, [0.01] * 3)
    assert smoothed.low[2] == pytest.approx(stats.gamma.ppf(0.025, 31 + 1, scale=1 / (3100 + 100)))
    assert smoothed.high[2] == pytest.approx(stats.gamma.ppf(0.975, 31 + 1, scale=1 / (3100 + 100)))


@pytest.mark.parametrize(("count", "people"), [([], []), ([3], [0]), ([np.nan], [50])])
def test_nothing_to_go_by_is_not_a_rate(count: list[float], people: list[float]) -> None:
    line = in_grid(range(len(count)), [0] * len(count), "square")
    for smoothed in (empirical_bayes(count, people), spatial_empirical_bayes(count, people, line)):
        assert smoothed.rate.shape == (len(count),)
        assert np.isnan(smoothed.rate).all()


def test_one_place_keeps_its_own_rate() -> None:
    assert empirical_bayes([5], [100]).rate.tolist() == [0.05]


def test_a_negative_count_and_a_missing_place_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        empirical_bayes([-1], [10])
    with pytest.raises(ValueError, match="1 counts for 25 places"):
        spatial_empirical_bayes([1], [10], GRID)


def test_the_range_holds_the_true_rate_about_as_often_as_it_says() -> None:
    chance = np.random.default_rng(8)
    held = []
    for _map in range(60):
        people = chance.integers(200, 5000, 150)
        rates = chance.gamma(4, 0.004 / 4, 150)
        smoothed = empirical_bayes(chance.poisson(rates * people), people)
        held.append(((smoothed.low <= rates) & (rates <= smoothed.high)).mean())
    assert 0.93 < np.mean(held) < 0.97


def test_smoothed_rates_are_nearer_the_truth_than_raw_ones() -> None:
    chance = np.random.default_rng(9)
    people = chance.integers(200, 5000, 400)
    rates = chance.gamma(4, 0.004 / 4, 400)
    count = chance.poisson(rates * people)
    smoothed = empirical_bayes(count, people).rate
    assert ((smoothed - rates) ** 2).mean() < 0.7 * ((count / people - rates) ** 2).mean()
