import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hatecrime.stats.knox import Knox, TooManyPairsError, knox

Numbers = NDArray[Any]


def by_hand(at: Numbers, day: Numbers, metres: tuple[float, ...], days: tuple[float, ...]) -> list[list[int]]:
    """One pair at a time: the first band it is not beyond."""
    table = [[0] * len(days) for _edge in metres]
    for i, j in combinations(range(len(at)), 2):
        row = next((k for k, edge in enumerate(metres) if math.dist(at[i], at[j]) <= edge), None)
        column = next((k for k, edge in enumerate(days) if abs(day[i] - day[j]) <= edge), None)
        if row is not None and column is not None:
            table[row][column] += 1
    return table


def random_events(seed: int, most: int = 40) -> tuple[Numbers, Numbers]:
    """Addresses that repeat, on a street grid whose distances fall on the very edges of the bands."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(0, most))
    return rng.integers(0, 10, (n, 2)) * 50.0, rng.integers(0, 50, n)


@pytest.mark.parametrize("seed", range(60))
def test_pairs_equal_those_counted_one_at_a_time(seed: int) -> None:
    at, day = random_events(seed)
    found = knox(at[:, 0], at[:, 1], day, permutations=1)
    assert found.observed.tolist() == by_hand(at, day, found.metres, found.days)


@pytest.mark.parametrize("seed", range(20))
def test_permutations_deal_out_the_days_anew_among_the_places(seed: int) -> None:
    at, day = random_events(seed)
    found = knox(at[:, 0], at[:, 1], day, permutations=20, seed=seed)
    order = np.lexsort([day, at[:, 1], at[:, 0]])
    rng = np.random.default_rng(seed)
    tables = np.array([by_hand(at[order], rng.permutation(day[order]), found.metres, found.days) for _ in range(20)])
    np.testing.assert_allclose(found.expected, tables.mean(axis=0))
    np.testing.assert_allclose(found.p, (1 + (tables >= found.observed).sum(axis=0)) / 21)
    np.testing.assert_allclose([found.low, found.high], np.quantile(tables, [0.025, 0.975], axis=0))


@pytest.mark.parametrize("seed", range(20))
def test_the_expected_by_margins_is_near_in_space_times_near_in_time(seed: int) -> None:
    at, day = random_events(seed)
    found = knox(at[:, 0], at[:, 1], day, permutations=1)
    near = np.sum(by_hand(at, np.zeros(len(at)), found.metres, (0,)), axis=1)
    soon = np.sum(by_hand(np.zeros((len(at), 2)), day, (0,), found.days), axis=0)
    every = max(1, len(at) * (len(at) - 1) / 2)
    np.testing.assert_allclose(found.by_margins, np.outer(near, soon) / every)


def test_permutations_and_margins_expect_the_same() -> None:
    at, day = clustered(0, 150)
    found = knox(at[:, 0], at[:, 1], day)
    # Within four standard errors of the mean of 999 counts.
    assert (np.abs(found.expected - found.by_margins) <= 4 * np.sqrt(found.by_margins / 999)).all()


def clustered(repeats: int, others: int = 120, seed: int = 8) -> tuple[Numbers, Numbers]:
    """Events all over, and some that follow one of them within 60 m and three days."""
    rng = np.random.default_rng(seed)
    at, day = rng.random((others, 2)) * 3000, rng.integers(0, 365, others)
    at = np.concatenate([at, at[:repeats] + rng.uniform(-40, 40, (repeats, 2))])
    return at, np.concatenate([day, day[:repeats] + rng.integers(0, 4, repeats)])


def test_planted_near_repeats_are_found_where_they_are_and_nowhere_else() -> None:
    at, day = clustered(12)
    found = knox(at[:, 0], at[:, 1], day)
    assert found.observed[1, 0] >= 12
    assert found.p[1, 0] == 0.001
    assert found.ratio[1, 0] > 5
    assert found.ratio_low[1, 0] > 2
    assert found.high[1, 0] < found.observed[1, 0]
    assert found.p[2:].min() > 0.01


def test_the_edge_of_a_band_belongs_to_it() -> None:
    # Metres east of the first event, and days after it; the others are too far from each other to count.
    for metres, days, cell in [
        (0, 7, (0, 0)),
        (1e-9, 8, (1, 1)),
        (100, 14, (1, 1)),
        (200, 15, (2, 2)),
        (400, 28, (3, 2)),
    ]:
        found = knox([0, metres], [0, 0], [100, 100 - days], permutations=1)
        assert [tuple(index) for index in np.argwhere(found.observed)] == [cell]
    assert knox([0, 400.001], [0, 0], [1, 1], permutations=1).observed.sum() == 0
    assert knox([0, 400], [0, 0], [1, 30], permutations=1).observed.sum() == 0


def test_the_same_place_can_be_a_few_metres_wide() -> None:
    x = [0, 3, 8, 500]
    assert knox(x, [0] * 4, [1] * 4, permutations=1).observed[:2, 0].tolist() == [0, 3]
    assert knox(x, [0] * 4, [1] * 4, permutations=1, same_place=5).observed[:2, 0].tolist() == [2, 1]


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_the_rows_changes_nothing(seed: int) -> None:
    at, day = random_events(seed)
    mixed = np.random.default_rng(seed).permutation(len(at))
    assert_equal(
        knox(at[:, 0], at[:, 1], day, permutations=30),
        knox(at[mixed, 0], at[mixed, 1], day[mixed], permutations=30),
    )


@pytest.mark.parametrize(
    ("east", "north", "later"), [(380_000, 390_000, 17_000), (-7e5, 12, -3), (1 / 3, 1e5 / 7, 0.5)]
)
def test_moving_the_map_or_the_calendar_changes_nothing(east: float, north: float, later: int) -> None:
    at, day = random_events(3)
    assert_equal(
        knox(at[:, 0], at[:, 1], day, permutations=30),
        knox(at[:, 0] + east, at[:, 1] + north, day + later, permutations=30),
    )


def assert_equal(one: Knox, other: Knox) -> None:
    for name in ("observed", "expected", "low", "high", "ratio", "ratio_low", "ratio_high", "p", "by_margins"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), err_msg=name)


def test_dates_count_as_days_and_unknown_ones_are_left_out() -> None:
    dates = np.array(["2016-06-24", "2016-07-01", "NaT", "2016-07-02"], dtype="datetime64[s]")
    found = knox([0, 0, 0, np.nan], [0, 0, 0, 0], dates, permutations=9)
    assert found.observed.tolist() == knox([0, 0], [0, 0], [1, 8], permutations=9).observed.tolist()
    assert (found.events, found.left_out) == (2, 2)
    assert found.observed[0].tolist() == [1, 0, 0]


def test_parts_of_a_day_count_too() -> None:
    found = knox([0, 0, 0], [0, 0, 0], [1.25, 8.25, 15.5], permutations=1)
    assert found.observed[0].tolist() == [1, 1, 1]


@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_events_have_no_pairs_and_no_ratio(n: int) -> None:
    found = knox([5] * n, [5] * n, [3] * n, permutations=9)
    assert found.observed.sum() == found.expected.sum() == found.by_margins.sum() == 0
    assert (found.p == 1).all()
    assert np.isnan([found.ratio, found.ratio_low, found.ratio_high]).all()


def test_all_on_one_day_is_as_expected() -> None:
    at, day = random_events(5)
    found = knox(at[:, 0], at[:, 1], np.zeros_like(day), permutations=19)
    np.testing.assert_array_equal(found.observed, found.expected)
    np.testing.assert_array_equal(found.observed, found.by_margins)
    assert (found.p == 1).all()
    assert (found.ratio[found.observed > 0] == 1).all()


def test_all_in_one_place_is_as_expected() -> None:
    day = np.array([1, 2, 3, 30, 31, 60, 90, 91])
    found = knox([7] * 8, [9] * 8, day, permutations=19)
    np.testing.assert_array_equal(found.observed, found.expected)
    assert found.observed[1:].sum() == 0
    assert (found.p == 1).all()


def test_the_interval_holds_the_ratio_and_widens_with_fewer_pairs() -> None:
    at, day = clustered(12)
    few, many = (knox(at[:k, 0], at[:k, 1], day[:k], permutations=99) for k in (126, 132))
    for found in (few, many):
        seen = found.observed > 0
        assert (found.ratio_low[seen] < found.ratio[seen]).all()
        assert (found.ratio[seen] < found.ratio_high[seen]).all()
        none = (found.observed == 0) & (found.expected > 0)
        assert (found.ratio_low[none] == 0).all()
        np.testing.assert_allclose(found.ratio_high[none], 3.6889 / found.expected[none], rtol=1e-4)
    assert few.ratio_high[1, 0] / few.ratio_low[1, 0] > many.ratio_high[1, 0] / many.ratio_low[1, 0]


def test_the_variance_counts_every_two_pairs_that_share_an_event() -> None:
    # Bunches of five, each of them soon after one another.
    rng = np.random.default_rng(4)
    at = np.repeat(rng.random((9, 2)) * 2000, 5, axis=0) + rng.uniform(-50, 50, (45, 2))
    day = np.repeat(rng.integers(0, 300, 9), 5) + rng.integers(0, 12, 45)
    found = knox(at[:, 0], at[:, 1], day, (100, 300), (7, 30), permutations=1, confidence=0.9)
    near = {pair: math.dist(at[pair[0]], at[pair[1]]) <= 100 for pair in combinations(range(len(at)), 2)}
    soon = {(i, j): abs(day[i] - day[j]) <= 7 for i, j in near}
    both = {pair: near[pair] and soon[pair] for pair in near}
    weight = {
        pair: both[pair] / sum(both.values())
        - near[pair] / sum(near.values())
        - soon[pair] / sum(soon.values())
        + 1 / len(near)
        for pair in near
    }
    variance = sum(weight[a] * weight[b] for a in near for b in near if set(a) & set(b))
    reach = math.exp(1.6448536 * math.sqrt(max(variance, 1 / sum(both.values()))))
    assert variance > 1 / sum(both.values())
    assert found.ratio_high[0, 0] / found.ratio[0, 0] == pytest.approx(reach, rel=1e-6)
    assert found.ratio[0, 0] / found.ratio_low[0, 0] == pytest.approx(reach, rel=1e-6)


def test_by_chance_alone_p_is_as_low_as_it_says_and_the_interval_holds_one() -> None:
    rng = np.random.default_rng(2)
    ps, held = [], []
    for seed in range(300):
        x, y, day = rng.random(80) * 1000, rng.random(80) * 1000, rng.integers(0, 100, 80)
        found = knox(x, y, day, (200,), (10,), permutations=99, seed=seed)
        ps.append(found.p[0, 0])
        held.append(found.ratio_low[0, 0] <= 1 <= found.ratio_high[0, 0])
    for level in (0.05, 0.2, 0.5, 0.8):
        # Ties, which count against a finding, make p a little larger than uniform.
        spread = 3.5 * math.sqrt(level * (1 - level) / 300)
        assert level - spread - 0.05 < np.mean(np.array(ps) <= level) < level + spread
    assert np.mean(held) > 0.92


def test_a_pair_no_permutation_had_still_has_a_ratio() -> None:
    x = np.r_[0.0, 10.0, np.arange(2, 60) * 5000.0]
    day = np.r_[0, 1, np.arange(2, 60) * 100]
    found = knox(x, np.zeros(60), day, (100,), (7,), permutations=1, seed=1)
    assert found.expected[0, 0] == 0
    assert found.ratio[0, 0] == pytest.approx(1 / (1 / 1770))


def test_too_many_pairs_are_refused_before_they_fill_the_memory() -> None:
    with pytest.raises(TooManyPairsError, match="45 pairs") as refused:
        knox([1] * 10, [1] * 10, range(10), most_pairs=44)
    assert (refused.value.pairs, refused.value.most) == (45, 44)
    assert knox([1] * 10, [1] * 10, np.arange(10), most_pairs=45, permutations=1).observed.sum() == 45


def test_what_cannot_be_tested_is_said() -> None:
    with pytest.raises(ValueError, match="permutation"):
        knox([1], [1], [1], permutations=0)
    for metres, days in [((100, 100), (7,)), ((), (7,)), ((100,), (14, 7))]:
        with pytest.raises(ValueError, match="bands"):
            knox([1], [1], [1], metres, days)


def test_progress_is_told_from_little_to_all() -> None:
    told: list[float] = []
    knox([1, 2], [1, 2], [1, 2], permutations=4, progress=told.append)
    assert told == [0.25, 0.5, 0.75, 1]
