"""Chances of sums against every draw there is."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from hatecrime.stats.draws import two_sided

WHOLE = st.lists(st.integers(0, 40), min_size=1, max_size=10).map(lambda x: np.array(x, dtype=float))
CHANCE = np.random.default_rng(2)


def drawn(*which: list[int], n: int) -> sparse.csr_array:
    rows = np.zeros((len(which), n))
    for row, each in zip(rows, which, strict=True):
        row[each] = 1
    return sparse.csr_array(rows)


def by_hand(values: np.ndarray, which: list[int]) -> float:
    sums = np.array([values[list(each)].sum() for each in combinations(range(len(values)), len(which))])
    seen = values[which].sum()
    return min(1, 2 * min((sums >= seen - 1e-9).mean(), (sums <= seen + 1e-9).mean()))


def some_of(values: np.ndarray, data: st.DataObject) -> list[int]:
    return data.draw(st.permutations(range(len(values))))[: data.draw(st.integers(1, len(values)))]


@given(WHOLE, st.data())
def test_p_is_the_share_of_all_draws_as_extreme(values: np.ndarray, data: st.DataObject) -> None:
    which = some_of(values, data)
    assert two_sided(values, drawn(which, n=len(values)))[0] == pytest.approx(by_hand(values, which), abs=1e-9)


@given(WHOLE.filter(lambda values: len(values) > 1), st.data())
def test_of_the_others_none_is_the_value_itself(values: np.ndarray, data: st.DataObject) -> None:
    n, size = len(values), data.draw(st.integers(1, len(values) - 1))
    others = [[j for j in range(n) if j != i] for i in range(n)]
    which = [data.draw(st.permutations(each))[:size] for each in others]
    found = two_sided(values, drawn(*which, n=n), others=True)
    expected = [by_hand(values[each], [each.index(j) for j in own]) for each, own in zip(others, which, strict=True)]
    assert found == pytest.approx(expected, abs=1e-9)


def test_many_draws_of_zeros_and_ones_are_hypergeometric() -> None:
    """Of 200 places 20 have one incident: the chance of 6 or more among 30, and of 65 or more of 100 among 100."""
    for ones, size, hits in [(20, 30, 6), (100, 100, 65)]:
        values = [1] * ones + [0] * (200 - ones)
        which = [*range(hits), *range(ones, ones + size - hits)]
        above = sum(comb(ones, h) * comb(200 - ones, size - h) for h in range(hits, min(ones, size) + 1))
        p = two_sided(values, drawn(which, n=200))[0]
        assert p == pytest.approx(2 * above / comb(200, size), rel=1e-6)


def test_every_sum_of_one_map_is_judged_by_how_many_are_in_it() -> None:
    values, which = np.random.default_rng(1).poisson(2, 9).astype(float), ([0, 1], [0, 1, 2], [4, 5, 6, 7], [])
    found = two_sided(values, drawn(*which, n=9))
    assert found[:3] == pytest.approx([by_hand(values, each) for each in which[:3]])
    assert np.isnan(found[3])


@given(WHOLE, st.data(), st.floats(-1e4, 1e4), st.floats(0.1, 50))
def test_neither_a_constant_nor_a_unit_changes_a_chance(
    values: np.ndarray, data: st.DataObject, constant: float, unit: float
) -> None:
    picked = drawn(some_of(values, data), n=len(values))
    assert two_sided(unit * values + constant, picked) == pytest.approx(two_sided(values, picked), abs=1e-9)


@pytest.mark.parametrize("values", [CHANCE.lognormal(0, 1.5, 12), CHANCE.negative_binomial(0.5, 1e-5, 12)], ids=str)
def test_rates_and_sums_too_high_to_be_told_apart_are_judged_as_closely_as_draws_allow(values: np.ndarray) -> None:
    """A draw of the 220 that rounding makes equal, or no longer equal, changes p by 2 in 220."""
    for which in combinations(range(12), 3):
        found = two_sided(values, drawn(list(which), n=12))[0]
        assert found == pytest.approx(by_hand(values, list(which)), abs=0.01)


def test_all_drawn_all_equal_and_more_than_can_be_reckoned() -> None:
    assert two_sided([1, 2, 3], drawn([0, 1, 2], n=3))[0] == pytest.approx(1)
    assert two_sided([4, 4, 4], drawn([0, 1], n=3))[0] == pytest.approx(1)
    assert np.isnan(two_sided(np.arange(300), drawn(list(range(101)), n=300))[0])
    assert len(two_sided([], sparse.csr_array((0, 0)))) == 0
