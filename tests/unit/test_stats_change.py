import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hatecrime.stats.change import compare, compare_rows, seeming

COUNTS = st.integers(1, 5000)


@pytest.mark.parametrize(
    ("before", "now", "ratio", "low", "high"),
    [(1546, 2241, 1.4495, 1.359, 1.547), (3886, 5468, 1.407, 1.350, 1.466)],
)
def test_the_referendum_fortnight_and_july_equal_the_published_ratios(
    before: int, now: int, ratio: float, low: float, high: float
) -> None:
    change = compare(before, now, method="log")
    assert (change.ratio, change.low, change.high) == pytest.approx((ratio, low, high), abs=0.0006)
    assert change.direction == "more"


def test_the_year_in_wales_equals_the_published_percentage() -> None:
    assert compare(2405, 2941).percent == pytest.approx(0.223, abs=0.0005)


@given(COUNTS, COUNTS)
def test_exact_limits_are_the_ratios_a_binomial_test_would_just_accept(before: int, now: int) -> None:
    change = compare(before, now)
    share = stats.binomtest(now, before + now).proportion_ci(0.95, method="exact")
    assert change.low == pytest.approx(share.low / (1 - share.low))
    assert change.high == pytest.approx(share.high / (1 - share.high))


@given(st.integers(200, 5000), st.integers(200, 5000))
def test_the_two_methods_agree_on_large_counts(before: int, now: int) -> None:
    exact, log = compare(before, now), compare(before, now, method="log")
    assert (exact.low, exact.high) == pytest.approx((log.low, log.high), rel=0.02)


@given(COUNTS, COUNTS)
def test_looking_back_from_the_other_end_inverts_the_change(before: int, now: int) -> None:
    forth, back = compare(before, now), compare(now, before)
    assert (back.ratio, back.low, back.high) == pytest.approx((1 / forth.ratio, 1 / forth.high, 1 / forth.low))


@given(COUNTS, COUNTS)
def test_only_the_ratio_of_the_exposures_matters(before: int, now: int) -> None:
    assert compare(before, now, 28, 31).ratio == pytest.approx(compare(before, now, 280, 310).ratio)


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_ratio_lies_inside_its_interval(before: int, now: int) -> None:
    change = compare(before, now)
    assert 0 <= change.low <= change.high
    if change.reason != "none_at_all":
        assert change.low <= change.ratio <= change.high


def test_twice_the_days_and_twice_the_incidents_are_no_change() -> None:
    change = compare(100, 200, exposure_before=14, exposure_now=28)
    assert change.ratio == pytest.approx(1)
    assert change.direction == "unclear"


def test_from_nothing_to_something_has_no_percentage_but_a_lower_limit() -> None:
    change = compare(0, 12)
    assert change.reason == "none_before"
    assert math.isnan(change.percent)
    assert change.difference == 12
    assert change.direction == "more"
    assert math.isinf(change.high) and change.low > 1


def test_nothing_in_either_says_so_and_shows_no_direction() -> None:
    change = compare(0, 0)
    assert change.reason == "none_at_all"
    assert math.isnan(change.ratio) and math.isnan(change.percent)
    assert (change.low, change.high) == (0, math.inf)
    assert change.direction == "unclear"


def test_from_something_to_nothing_is_all_of_it_fewer() -> None:
    change = compare(12, 0)
    assert (change.ratio, change.percent, change.low) == (0, -1, 0)
    assert change.reason == ""
    assert change.direction == "fewer"


@pytest.mark.parametrize(("before", "now"), [(0, 12), (12, 0), (0, 0)])
def test_the_log_method_hands_zeros_to_the_exact_one(before: int, now: int) -> None:
    log, exact = compare(before, now, method="log"), compare(before, now)
    assert (log.low, log.high, log.reason) == (exact.low, exact.high, exact.reason)


@pytest.mark.parametrize("unknown", [None, math.nan, pd.NA])
def test_an_unknown_count_gives_no_comparison(unknown: float | None) -> None:
    change = compare(unknown, 12)
    assert change.reason == "missing"
    assert math.isnan(change.low) and math.isnan(change.difference) and math.isnan(change.percent)
    assert change.direction == "unclear"
    assert change.now == 12


def test_a_small_rise_is_not_called_a_rise() -> None:
    assert compare(3, 6).direction == "unclear"


@pytest.mark.parametrize("exposures", [(0, 1), (1, 0), (-1, 1)])
def test_an_exposure_of_nothing_is_refused(exposures: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="exposure"):
        compare(3, 6, *exposures)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        compare(-1, 6)


def test_rows_of_either_period_are_compared_and_the_missing_one_counts_0() -> None:
    before, now = pd.Series({"North": 20, "South": 12}), pd.Series({"North": 60, "West": 15})
    rows = compare_rows(before, now)
    assert rows.index.tolist() == ["North", "West", "South"]
    assert rows["difference"].tolist() == [40, 15, -12]
    assert rows["reason"].tolist() == ["", "none_before", ""]
    assert rows["direction"].tolist() == ["more", "more", "fewer"]
    assert rows.loc["North", "ratio"] == compare(20, 60).ratio


def test_no_rows_give_an_empty_table_with_its_columns() -> None:
    rows = compare_rows(pd.Series(dtype=float), pd.Series(dtype=float))
    assert rows.empty and "direction" in rows


def test_in_19_of_20_years_without_change_none_is_found() -> None:
    drawn = np.random.default_rng(7).poisson(40, size=(2, 600))
    found = [compare(b, n).direction != "unclear" for b, n in drawn.T]
    assert 0.01 < np.mean(found) < 0.05


@pytest.mark.parametrize("confidence", [0.95, 0.8])
def test_a_change_seems_to_be_one_as_often_as_the_exact_interval_leaves_out_1(confidence: float) -> None:
    totals = range(61)
    by_hand = []
    for total in totals:
        clear = [compare(total - now, now, confidence=confidence).direction != "unclear" for now in range(total + 1)]
        by_hand.append(stats.binom.pmf(np.arange(total + 1), total, 0.5)[clear].sum())
    assert seeming(totals, confidence) == pytest.approx(by_hand, abs=1e-12)


def test_five_events_can_never_seem_a_change_and_six_only_when_all_fall_on_one_side() -> None:
    assert seeming([0, 1, 5]).tolist() == [0, 0, 0]
    assert seeming([6]) == pytest.approx(2 / 2**6)


def test_a_change_seems_one_less_often_than_stated_and_nearly_so_with_many_events() -> None:
    chance = seeming(np.array([[40, 400], [40_000, 4_000_000]]))
    assert chance.shape == (2, 2)
    assert (chance < 0.05).all()
    assert chance[1, 1] == pytest.approx(0.05, abs=0.001)
    assert np.isnan(seeming([np.nan, 3])).tolist() == [True, False]
