"""What stands out: exact chances against enumeration and a second implementation, laws, and published values."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from hatecrime.stats.expected import expected_from_others
from hatecrime.stats.standing_out import funnel, grown, how_sure, unlike_elsewhere


def test_the_chance_of_a_mix_is_that_of_drawing_the_place_from_all_incidents():
    """Every way of drawing 4 of 9 incidents, 3 of which are of the kind."""
    draws = [sum(each < 3 for each in drawn) for drawn in combinations(range(9), 4)]

    found = unlike_elsewhere([0, 1, 2, 3], 4, [3, 2, 1, 0], 5)

    assert found.p == pytest.approx([np.mean([draw >= part for draw in draws]) for part in range(4)])


def test_the_tea_tasting_lady_gets_her_published_chance():
    """Fisher 1935: four cups of eight, all four right 1 in 70, three or more 17 in 70."""
    assert unlike_elsewhere(4, 4, 0, 4).p == pytest.approx(1 / 70)
    assert unlike_elsewhere(3, 4, 1, 4).p == pytest.approx(17 / 70)


@pytest.mark.parametrize(("now", "before", "rest_now", "rest_before"), [(12, 3, 40, 45), (7, 0, 100, 90), (0, 5, 9, 9)])
def test_growth_is_fishers_exact_test(now, before, rest_now, rest_before):
    found = grown(now, before, rest_now, rest_before)
    table = [[now, before], [rest_now, rest_before]]

    assert found.p == pytest.approx(stats.fisher_exact(table, "greater").pvalue)


def test_chances_agree_with_scipy_from_the_surest_to_the_least_sure():
    rng = np.random.default_rng(7)
    whole, rest = rng.integers(0, 400, 3000), rng.integers(0, 4000, 3000)
    part, rest_part = rng.binomial(whole, 0.2), rng.binomial(rest, rng.uniform(0, 0.3, 3000))

    found = unlike_elsewhere(part, whole, rest_part, rest)

    other = stats.hypergeom.sf(part - 1, whole + rest, part + rest_part, whole)
    assert found.p == pytest.approx(np.where(part > 0, other, 1.0), rel=1e-8, abs=1e-300)


def test_the_size_is_the_largest_chance_up_to_five_percent_that_can_come_out():
    found = unlike_elsewhere(np.arange(8), 7, 12 - np.arange(8), 60)

    assert found.size == pytest.approx([found.p[found.p <= 0.05].max()] * 8)


def test_what_could_never_be_a_surprise_is_not_a_test():
    found = unlike_elsewhere(1, 1, 30, 30)

    assert found.size == 0
    assert how_sure([0.001], found.size.reshape(1)).tested == 0


def test_fewer_than_are_worth_naming_are_never_a_surprise():
    assert unlike_elsewhere(2, 2, 0, 500).p < 0.001
    assert unlike_elsewhere(2, 2, 0, 500, least=3).p == 1
    assert unlike_elsewhere(2, 2, 0, 500, least=3).size == 0


def test_none_elsewhere_and_nothing_at_all_are_numbers_or_nothing_to_test():
    none_elsewhere = unlike_elsewhere(5, 10, 0, 100)
    nothing, alone = unlike_elsewhere(0, 0, 0, 0), unlike_elsewhere(5, 10, 0, 0)

    assert np.isfinite([none_elsewhere.expected, none_elsewhere.ratio]).all()
    assert none_elsewhere.low < none_elsewhere.ratio < none_elsewhere.high
    assert (nothing.p, nothing.size, alone.p, alone.size) == (1, 0, 1, 0)


def test_an_interval_holds_its_ratio_and_more_than_expected_is_above_one():
    rng = np.random.default_rng(1)
    part, rest = rng.integers(0, 20, 200), rng.integers(1, 200, 200)
    found = unlike_elsewhere(part, part + rng.integers(0, 30, 200), rest, rest + rng.integers(50, 300, 200))

    assert (found.low <= found.ratio).all()
    assert (found.ratio <= found.high).all()
    assert ((found.p < 0.01) <= (found.ratio > 1)).all()


def test_a_chance_falls_short_of_its_level_at_most_as_often_as_it_says():
    rng = np.random.default_rng(2)
    part = rng.hypergeometric(40, 360, 25, 20_000)

    p = unlike_elsewhere(part, 25, 40 - part, 375).p

    assert (p <= 0.05).mean() <= 0.05
    assert (p <= 0.001).mean() <= 0.002


def test_places_that_differ_steadily_widen_the_funnel():
    expected = np.full(30, 100.0)
    even = np.array([100.0] * 29 + [140.0])
    uneven = np.r_[np.linspace(60, 140, 29), 140.0]

    assert funnel(even, expected).p_more[-1] < 0.01
    assert funnel(uneven, expected).p_more[-1] > 0.05
    assert funnel(even, expected).between == 0
    assert funnel(uneven, expected).between > 0


def test_the_funnel_is_never_surer_than_chance_alone_would_let_it_be():
    rng = np.random.default_rng(3)
    expected = rng.uniform(1, 30, 50)
    observed = rng.poisson(expected)

    found = funnel(observed, expected)

    assert (found.p_more >= stats.poisson.sf(observed - 1, expected) - 1e-12).all()
    assert (found.p_fewer >= stats.poisson.cdf(observed, expected) - 1e-12).all()


def test_the_funnel_does_not_depend_on_the_order_of_places():
    rng = np.random.default_rng(4)
    expected = rng.uniform(1, 30, 20)
    observed, order = rng.poisson(expected), rng.permutation(20)

    assert funnel(observed[order], expected[order]).p_more == pytest.approx(funnel(observed, expected).p_more[order])


@pytest.mark.parametrize("expected", [[], [5.0], [0.0, 0.0, 0.0, 0.0, 0.0], [np.nan] * 6])
def test_a_funnel_of_too_few_places_finds_nothing(expected):
    found = funnel(np.full(len(expected), 9.0), expected)

    assert (found.p_more == 1).all()
    assert (found.p_fewer == 1).all()


def test_all_equal_places_stand_out_in_nothing():
    found = funnel(np.full(10, 7.0), np.full(10, 7.0))

    assert (np.minimum(found.p_more, found.p_fewer) > 0.3).all()


def test_the_words_are_holm_then_false_discovery_then_alone():
    """The 15 chances of Benjamini and Hochberg 1995, section 3.2, of which they take 4 at a false discovery of 5%."""
    from statsmodels.stats.multitest import multipletests

    published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528]
    published += [0.7590, 1.0]

    found = how_sure(published, [0.05] * 15)

    assert multipletests(published, 0.05, "fdr_bh")[0].sum() == 4
    assert (found.sure == "confident").tolist() == multipletests(published, 0.02, "holm")[0].tolist()
    assert (found.sure != "").tolist() == multipletests(published, 0.10, "fdr_bh")[0].tolist()
    assert (found.tested, found.by_chance) == (15, pytest.approx(0.75))


def test_a_surer_word_takes_in_smaller_chances():
    found = how_sure([1e-9, 1e-7, 0.002, 0.003, 0.04, 0.2] + [0.9] * 20, [0.05] * 26)

    assert found.sure[:6].tolist() == ["confident", "confident", "likely", "likely", "watch", ""]
    assert found.limit["confident"] < found.limit["likely"] < found.limit["watch"]


def test_no_test_at_all_is_no_finding():
    found = how_sure([], [])

    assert (found.tested, found.by_chance, found.sure.tolist()) == (0, 0, [])


def test_among_tests_of_nothing_a_confident_word_is_as_rare_as_it_says():
    rng = np.random.default_rng(5)
    wrong = [(how_sure(rng.random(300), np.full(300, 0.05)).sure == "confident").any() for _run in range(400)]

    assert np.mean(wrong) <= 0.02 + 3 * np.sqrt(0.02 * 0.98 / 400)


def test_without_traits_a_place_is_expected_to_be_like_all_the_others():
    count, base = np.array([10.0, 20, 30, 20, 2]), np.array([100.0, 200, 300, 200, 200])
    others = [base[i] * (count.sum() - count[i]) / (base.sum() - base[i]) for i in range(5)]

    assert expected_from_others(count, base) == pytest.approx(others)


def test_a_trait_that_explains_the_counts_is_used_and_a_silent_place_does_not_lower_its_own_expectation():
    trait = np.linspace(-1, 1, 20)
    base = np.full(20, 1000.0)
    count = np.round(1000 * 0.1 * np.exp(1.0 * trait))
    silent = count.copy()
    silent[-1] = 0

    with_trait, without = expected_from_others(silent, base, trait[:, None]), expected_from_others(silent, base)

    assert with_trait[-1] == pytest.approx(count[-1], rel=0.1)
    assert without[-1] < 0.6 * count[-1]


def test_the_regression_agrees_with_statsmodels_where_its_penalty_is_slight():
    import statsmodels.api as sm

    rng = np.random.default_rng(6)
    trait, base = rng.normal(size=40), rng.uniform(5e4, 9e4, 40)
    count = rng.poisson(base * 0.05 * np.exp(0.4 * trait)).astype(float)
    kept = np.arange(40) != 7
    fitted = sm.GLM(count[kept], sm.add_constant(trait[kept]), sm.families.Poisson(), offset=np.log(base[kept])).fit()
    other = base[7] * np.exp(fitted.params @ [1, trait[7]])

    assert expected_from_others(count, base, trait[:, None])[7] == pytest.approx(other, rel=1e-3)


@pytest.mark.parametrize("base", [[], [0.0] * 8, [np.nan] * 8, [1.0, 2.0, 3.0, 0.0]])
def test_too_few_places_with_a_base_give_no_expectation(base):
    assert np.isnan(expected_from_others(np.ones(len(base)), base)).all()


def test_missing_and_constant_traits_say_nothing():
    count, base = np.array([10.0, 20, 30, 20, 2, 9]), np.full(6, 100.0)
    useless = np.column_stack([np.full(6, np.nan), np.full(6, 3.0)])

    assert expected_from_others(count, base, useless) == pytest.approx(expected_from_others(count, base))
