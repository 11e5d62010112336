import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hatecrime.stats.intervals import Interval
from hatecrime.stats.prediction import Accuracy, accuracy, back_test, choose

PLACES = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 4), min_size=n, max_size=n),
        st.lists(st.integers(0, 9), min_size=n, max_size=n),
        st.lists(st.integers(1, 5), min_size=n, max_size=n),
    )
)
SHARES = st.sampled_from([0, 0.1, 1 / 3, 0.5, 1])


def measures(found: Accuracy) -> list[Interval]:
    return [found.hit_rate, found.pai, found.pei, *([found.rri] if found.rri else [])]


def test_the_measures_reckoned_on_paper() -> None:
    # 12 of 40 later incidents and 10 of 50 earlier ones in 2 of 20 km²; the best two places hold 12 + 8.
    area = [1] * 20
    later, earlier = [12, 0, 8] + [2] * 10 + [0] * 7, [6, 4] + [5] * 8 + [0] * 10
    found = accuracy([True, True] + [False] * 18, later, area, earlier)
    assert found.hit_rate.estimate == 0.3
    assert found.pai.estimate == pytest.approx(3)
    assert found.pei.estimate == pytest.approx(12 / 20)
    assert found.rri.estimate == pytest.approx(0.3 / 0.2)
    assert (found.rri.low, found.rri.high) == pytest.approx((0.7307, 3.0155), abs=2e-4)
    assert (found.caught, found.events, found.best, found.share_of_area) == (12, 40, 20, 0.1)
    assert not found.too_few


def test_the_hit_rate_has_the_exact_interval_and_the_others_are_it_times_a_constant() -> None:
    found = accuracy([1, 0, 0, 0], [18, 10, 10, 2], [1, 1, 1, 1])
    exact = stats.binomtest(18, 40).proportion_ci(method="exact")
    assert (found.hit_rate.low, found.hit_rate.high) == pytest.approx((exact.low, exact.high))
    assert (found.pai.low, found.pai.high) == pytest.approx((4 * exact.low, 4 * exact.high))
    assert (found.pei.low, found.pei.high) == pytest.approx((exact.low * 40 / 18, 1))


def test_a_stable_share_has_an_index_of_recapture_of_one_with_one_inside() -> None:
    rri = accuracy([1, 0], [20, 30], [1, 1], [40, 60]).rri
    assert rri.estimate == pytest.approx(1)
    assert 0.5 < rri.low < 1 < rri.high < 2


@given(PLACES, SHARES)
def test_estimates_lie_in_their_intervals_and_nothing_beats_the_best(places: tuple, share: float) -> None:
    score, later, area = places
    found = accuracy(choose(score, area, share), later, area, earlier=score)
    for measure in measures(found):
        values = np.array([measure.low, measure.estimate, measure.high])
        assert np.isnan(values).all() or (0 <= values[0] <= values[1] + 1e-9 <= values[2] + 2e-9)
    if sum(later):
        assert found.caught <= found.best + 1e-9
        assert np.isnan(found.pei.estimate) or found.pei.estimate <= 1


@given(PLACES)
def test_all_the_area_holds_what_all_the_area_holds(places: tuple) -> None:
    score, later, area = places
    found = accuracy(choose(score, area, 1), later, area)
    if sum(later):
        assert found.hit_rate.estimate == pytest.approx(1)
        assert found.pai.estimate == pytest.approx(1)
        assert found.pei.estimate == pytest.approx(1)


@given(PLACES, SHARES.filter(bool))
def test_who_knows_what_comes_cannot_be_beaten(places: tuple, share: float) -> None:
    _, later, area = places
    found = accuracy(choose(np.divide(later, area), area, share), later, area)
    assert not sum(later) or found.pei.estimate == pytest.approx(1)


@given(PLACES, st.integers(1, 4))
def test_for_places_of_one_size_the_best_is_the_best_of_all_choices(places: tuple, k: int) -> None:
    _, later, _ = places
    k = min(k, len(later))
    best = max(sum(chosen) for chosen in itertools.combinations(later, k))
    found = accuracy([True] * k + [False] * (len(later) - k), later, [1] * len(later))
    assert found.best == pytest.approx(best)


@given(PLACES, SHARES)
def test_the_choice_fits_the_area_and_prefers_higher_scores(places: tuple, share: float) -> None:
    score, _, area = map(np.asarray, places)
    part = choose(score, area, share)
    assert part @ area == pytest.approx(share * area.sum())
    assert ((part >= 0) & (part <= 1)).all()
    assert all(
        part[i] == 1 or part[j] == 0 for i in range(len(score)) for j in range(len(score)) if score[i] > score[j]
    )


@given(PLACES, SHARES, st.randoms(use_true_random=False))
def test_the_order_of_places_changes_nothing(places: tuple, share: float, random: object) -> None:
    score, later, area = map(np.asarray, places)
    order = np.array(random.sample(range(len(score)), len(score)))
    part = choose(score, area, share)
    np.testing.assert_allclose(choose(score[order], area[order], share), part[order], atol=1e-12)
    here, there = accuracy(part, later, area), accuracy(part[order], later[order], area[order])
    np.testing.assert_allclose(there.pei.estimate, here.pei.estimate)


def test_a_tie_at_the_cut_is_what_drawing_lots_gives_on_average() -> None:
    later, area = np.array([9, 4, 0, 7, 1.0]), np.ones(5)
    shared = accuracy(choose([2, 1, 1, 1, 0], area, 2 / 5), later, area)
    lots = [accuracy(np.isin(range(5), [0, other]), later, area).hit_rate.estimate for other in (1, 2, 3)]
    assert shared.hit_rate.estimate == pytest.approx(np.mean(lots))


def test_a_place_without_a_score_comes_last() -> None:
    assert choose([np.nan, -5, 0], [1, 1, 1], 2 / 3).tolist() == pytest.approx([0, 1, 1])


def test_random_choices_do_as_well_as_their_area_on_average() -> None:
    rng = np.random.default_rng(6)
    later, area = rng.poisson(rng.gamma(0.5, 4, 200)), rng.uniform(0.5, 2, 200)
    found = [accuracy(choose(rng.random(200), area), later, area).pai.estimate for _ in range(400)]
    assert np.mean(found) == pytest.approx(1, abs=0.1)


def test_chance_itself_catches_its_share_of_the_area() -> None:
    test = back_test({"model": [3, 2, 1]}, [20, 10, 10], [1, 2, 5], share_of_area=0.25)
    assert test.accuracy["chance"].pai.estimate == pytest.approx(1)
    assert test.accuracy["chance"].hit_rate.estimate == pytest.approx(0.25)


def test_without_later_incidents_nothing_can_be_told() -> None:
    test = back_test({"model": [3, 2], "population": [1, 2]}, [0, 0], [1, 1], 0.5, earlier=[1, 1])
    assert all(np.isnan(measure.estimate) for found in test.accuracy.values() for measure in measures(found))
    assert [beside.verdict for beside in test.comparisons] == ["cannot_tell"] * 2
    assert test.too_few


def test_without_earlier_incidents_there_is_no_recapture() -> None:
    assert np.isnan(accuracy([1, 0], [5, 5], [1, 1], [0, 0]).rri.estimate)
    assert accuracy([1, 0], [5, 5], [1, 1]).rri is None


def test_of_one_place_a_tenth_is_a_tenth() -> None:
    found = back_test({"model": [5]}, [40], [3]).accuracy["model"]
    assert found.hit_rate.estimate == pytest.approx(0.1)
    assert found.pai.estimate == pytest.approx(1)
    assert found.pei.estimate == pytest.approx(1)


def test_of_no_place_and_of_no_area_there_is_nothing_to_measure() -> None:
    assert np.isnan(back_test({"model": []}, [], []).accuracy["model"].pai.estimate)
    assert np.isnan(accuracy([1, 0], [30, 10], [0, 0]).pai.estimate)
    assert np.isnan(accuracy([0, 0], [30, 10], [1, 1]).pai.estimate)


def test_a_place_whose_later_count_is_not_known_is_left_out() -> None:
    whole = accuracy([1, 0, 1], [30, 10, np.nan], [1, 1, 5], [3, 1, 4])
    assert whole == accuracy([1, 0], [30, 10], [1, 1], [3, 1])


def test_thirty_incidents_are_enough_and_fewer_are_said_to_be_too_few() -> None:
    assert accuracy([1, 0], [29, 0], [1, 1]).too_few
    assert not accuracy([1, 0], [29, 1], [1, 1]).too_few
    few = back_test({"model": [2, 1], "last_year": [1, 2]}, [29, 0], [1, 1], 0.5)
    assert {beside.verdict for beside in few.comparisons} == {"cannot_tell"}


def verdict(model: list[float], baseline: list[float], later: list[float]) -> str:
    test = back_test({"model": model, "last_year": baseline}, later, [1] * len(later), 1 / len(later))
    return next(beside.verdict for beside in test.comparisons if beside.baseline == "last_year")


def test_the_verdict_says_which_finds_more_or_that_it_cannot() -> None:
    assert verdict([2, 1, 0], [1, 2, 0], [60, 20, 20]) == "better"
    assert verdict([1, 2, 0], [2, 1, 0], [60, 20, 20]) == "worse"
    assert verdict([2, 1, 0], [3, 1, 0], [60, 20, 20]) == "no_better"
    assert verdict([2, 1, 0], [1, 2, 0], [14, 12, 14]) == "cannot_tell"


def test_a_lead_of_four_incidents_is_no_proof() -> None:
    assert verdict([2, 1, 0], [1, 2, 0], [4, 0, 36]) == "cannot_tell"
    assert verdict([2, 1, 0], [1, 2, 0], [8, 0, 32]) == "better"


def test_the_difference_is_that_of_the_hit_rates_and_lies_in_its_interval() -> None:
    test = back_test({"model": [3, 2, 1], "population": [1, 1, 1]}, [20, 10, 10], [1, 2, 5], 0.25)
    for beside in test.comparisons:
        ahead = test.accuracy["model"].hit_rate.estimate - test.accuracy[beside.baseline].hit_rate.estimate
        assert beside.difference.estimate == pytest.approx(ahead)
        assert beside.difference.low <= ahead <= beside.difference.high


def test_a_seed_gives_one_answer_whatever_the_order_of_places() -> None:
    rng = np.random.default_rng(7)
    scores = {"model": rng.integers(0, 9, 300), "last_year": rng.integers(0, 9, 300)}
    later, area, order = rng.poisson(0.4, 300), np.ones(300), rng.permutation(300)
    here = back_test(scores, later, area)
    there = back_test({name: score[order] for name, score in scores.items()}, later[order], area[order])
    for one, other in zip(here.comparisons, there.comparisons, strict=True):
        assert (one.difference.low, one.difference.high) == pytest.approx((other.difference.low, other.difference.high))
        assert one.verdict == other.verdict


def test_two_scores_that_know_nothing_are_seldom_told_apart() -> None:
    rng = np.random.default_rng(8)
    verdicts = []
    for _ in range(300):
        later = rng.multinomial(80, np.full(100, 0.01))
        scores = {"model": rng.random(100), "last_year": rng.random(100)}
        verdicts += [beside.verdict for beside in back_test(scores, later, np.ones(100), resamples=499).comparisons]
    assert np.isin(verdicts, ["better", "worse"]).mean() < 0.06


def test_impossible_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="named"):
        back_test({"last_year": [1]}, [1], [1])
    with pytest.raises(ValueError, match="between 0 and 1"):
        choose([1], [1], 10)
    with pytest.raises(ValueError, match="area"):
        choose([1], [-1])
