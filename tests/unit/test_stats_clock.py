"""The busiest hours: found where they are, round midnight too, and not where there is only chance."""

import numpy as np
import pytest

from hatecrime.stats.clock import busiest
from hatecrime.stats.intervals import wilson


def test_hours_that_hold_all_are_found_round_midnight() -> None:
    spell = busiest([10, 10, *[0] * 20, 10, 10], seed=1)
    assert spell is not None
    assert (spell.first, spell.length, spell.n, spell.total) == (22, 4, 40, 40)
    assert spell.positions == (22, 26)
    assert spell.p == 0.001
    assert spell.even == pytest.approx(4 / 24)


def test_it_is_the_best_of_all_runs_when_each_is_tried() -> None:
    counts = np.random.default_rng(4).poisson(5, 24)
    counts[18:22] += 6
    total, best = counts.sum(), (-1.0, 0, 0)
    for length in range(1, 9):
        for first in range(24):
            c = sum(counts[(first + i) % 24] for i in range(length))
            e = total * length / 24
            llr = c * np.log(c / e) + (total - c) * np.log((total - c) / (total - e)) if c > e else 0
            best = max(best, (llr, -length, -first))
    spell = busiest(counts, seed=1)
    assert spell is not None
    assert (-spell.length, -spell.first) == best[1:]


def test_its_share_has_the_interval_of_wilson() -> None:
    spell = busiest([0, 0, 30, 10], longest=1, seed=1)
    assert spell is not None
    assert spell.share == wilson(30, 40)


@pytest.mark.parametrize("counts", [[5] * 24, [1] * 24, [1000] * 24])
def test_where_all_hours_are_alike_none_stands_out(counts: list[int]) -> None:
    spell = busiest(counts, seed=1)
    assert spell is not None
    assert spell.p == 1


def test_by_chance_alone_hours_stand_out_about_as_rarely_as_the_level_says() -> None:
    rng = np.random.default_rng(7)
    found = [busiest(rng.multinomial(80, [1 / 24] * 24), simulations=99, seed=i) for i in range(200)]
    p = np.array([spell.p for spell in found if spell is not None])
    assert (p <= 0.05).mean() <= 0.09
    assert 0.4 < p.mean() < 0.65


def test_a_day_that_came_more_often_may_hold_more() -> None:
    alike = busiest([50, 40, 40, 40, 40, 40, 40], [5, 4, 4, 4, 4, 4, 4], longest=3, seed=1)
    assert alike is not None
    assert alike.p == 1
    without = busiest([500, 400, 400, 400, 400, 400, 400], longest=3, seed=1)
    assert without is not None
    assert without.p < 0.05 and without.first == 0


@pytest.mark.parametrize("counts", [[], [0], [0] * 24, [7]])
def test_without_counts_or_with_one_position_there_is_nothing_to_find(counts: list[int]) -> None:
    assert busiest(counts) is None


def test_positions_that_had_no_time_are_left_out() -> None:
    assert busiest([9, 3, 1], [0, 1, 0]) is None
    spell = busiest([90, 3, 1], [0, 1, 1], longest=1)
    assert spell is not None
    assert spell.total == 4


def test_the_same_seed_gives_the_same_p_and_turning_the_clock_turns_the_answer() -> None:
    counts = np.array([*[2] * 20, 5, 6, 4, 3])
    one, again = busiest(counts, seed=3), busiest(counts, seed=3)
    assert one == again
    turned = busiest(np.roll(counts, 5), seed=3)
    assert one is not None and turned is not None
    assert turned.first == (one.first + 5) % 24 and turned.n == one.n
    assert turned.p == pytest.approx(one.p, abs=0.05)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        busiest([1, -1, 3])
    with pytest.raises(ValueError, match="one each"):
        busiest([1, 1, 3], [1, 1])
