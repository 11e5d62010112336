import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from hatecrime.stats.intervals import clopper_pearson, poisson_interval, rate, wilson

COUNTS = st.integers(0, 100_000)
PARTS = st.integers(0, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("count", "exact", "low", "high"),
    [
        (0, False, 0, 3.69),
        (5, False, 1.62, 11.67),
        (10, False, 4.79, 18.39),
        (10, True, 4.80, 18.39),
        (20, False, 12.21, 30.89),
        (100, False, 81.36, 121.63),
    ],
)
def test_the_interval_of_a_count_equals_the_published_one(count: int, exact: bool, low: float, high: float) -> None:
    interval = poisson_interval(count, exact=exact)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=0.006)


@given(COUNTS)
def test_exact_limits_leave_a_fortieth_of_chance_on_each_side(count: int) -> None:
    interval = poisson_interval(count, exact=True)
    assert stats.poisson.cdf(count, interval.high) == pytest.approx(0.025, rel=1e-6)
    if count:
        assert stats.poisson.sf(count - 1, interval.low) == pytest.approx(0.025, rel=1e-6)


@given(st.integers(10, 100_000))
def test_byar_is_close_to_exact(count: int) -> None:
    byar, exact = poisson_interval(count), poisson_interval(count, exact=True)
    assert byar.low == pytest.approx(exact.low, rel=0.003)
    assert byar.high == pytest.approx(exact.high, rel=0.003)


@given(COUNTS)
def test_a_count_lies_inside_its_interval(count: int) -> None:
    interval = poisson_interval(count)
    assert 0 <= interval.low <= interval.estimate <= interval.high


def test_more_confidence_is_a_wider_interval() -> None:
    narrow, wide = poisson_interval(30, confidence=0.8), poisson_interval(30, confidence=0.99)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_a_series_gives_arrays_and_keeps_missing_counts_missing() -> None:
    interval = poisson_interval(pd.Series([0, None, 20]))
    np.testing.assert_allclose(interval.low, [0, np.nan, 12.21], atol=0.01)
    np.testing.assert_allclose(interval.high, [3.69, np.nan, 30.89], atol=0.01)


def test_no_areas_give_no_intervals() -> None:
    assert np.asarray(poisson_interval([]).low).size == 0


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        poisson_interval([3, -1])


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_that_is_no_share_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="Confidence"):
        poisson_interval(20, confidence=confidence)


def test_the_rate_of_wales_equals_the_published_one() -> None:
    wales = rate(2941, 3_063_456)
    assert (wales.estimate, wales.low, wales.high) == pytest.approx((0.96, 0.93, 1.00), abs=0.006)


def test_a_rate_without_residents_is_missing_not_infinite() -> None:
    interval = rate([3, 3, 0], [0, np.nan, 1000])
    assert np.isnan(interval.estimate[:2]).all() and np.isnan(interval.high[:2]).all()
    assert interval.estimate[2] == interval.low[2] == 0
    assert interval.high[2] == pytest.approx(3.69, abs=0.01)


@given(st.integers(0, 5000), st.integers(1, 1_000_000))
def test_a_rate_per_10_000_is_ten_times_the_rate_per_1_000(count: int, people: int) -> None:
    one, ten = rate(count, people), rate(count, people, per=10_000)
    assert (ten.estimate, ten.low, ten.high) == pytest.approx((10 * one.estimate, 10 * one.low, 10 * one.high))


@pytest.mark.parametrize(
    ("part", "total", "low", "high"), [(5, 5, 0.478, 1), (58, 60, 0.885, 0.996), (0, 10, 0, 0.308)]
)
def test_dip_samples_have_the_published_intervals(part: int, total: int, low: float, high: float) -> None:
    interval = clopper_pearson(part, total)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=0.0006)


@given(PARTS)
def test_shares_equal_those_of_scipy(part_total: tuple[int, int]) -> None:
    part, total = part_total
    if total == 0:
        return
    for ours, method in ((wilson, "wilson"), (clopper_pearson, "exact")):
        theirs = stats.binomtest(part, total).proportion_ci(0.95, method=method)
        interval = ours(part, total)
        assert (interval.low, interval.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_wilson_limits_are_the_shares_a_score_test_would_just_accept() -> None:
    part, total, z = 31, 365, stats.norm.ppf(0.975)

    def excess(share: float) -> float:
        return abs(part / total - share) / np.sqrt(share * (1 - share) / total) - z

    interval = wilson(part, total)
    assert interval.low == pytest.approx(optimize.brentq(excess, 1e-6, part / total))
    assert interval.high == pytest.approx(optimize.brentq(excess, part / total, 0.999))


@given(PARTS)
def test_the_interval_of_the_rest_mirrors_that_of_the_part(part_total: tuple[int, int]) -> None:
    part, total = part_total
    for method in (wilson, clopper_pearson):
        ours, rest = method(part, total), method(total - part, total)
        assert (ours.low, ours.high) == pytest.approx((1 - rest.high, 1 - rest.low), abs=1e-9)
        assert 0 <= ours.low <= ours.high <= 1


@pytest.mark.parametrize("method", [wilson, clopper_pearson])
def test_a_share_of_nothing_can_be_anything(method: object) -> None:
    interval = method(0, 0)  # type: ignore[operator]
    assert np.isnan(interval.estimate)
    assert (interval.low, interval.high) == (0, 1)


@pytest.mark.parametrize("method", [wilson, clopper_pearson])
def test_a_part_larger_than_its_total_is_refused(method: object) -> None:
    with pytest.raises(ValueError, match="exceed"):
        method(6, 5)  # type: ignore[operator]
