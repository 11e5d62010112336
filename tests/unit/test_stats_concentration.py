import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatecrime.stats.concentration import spread, spread_by_chance, top_share

COUNTS = st.lists(st.integers(0, 200), min_size=1, max_size=30).map(pd.Series)


def test_the_fullest_areas_come_first_with_what_they_hold() -> None:
    wards = pd.Series({"Hale": 1, "Clifford": 30, "Sale": 24, "Gorse Hill": 45})
    top = top_share(wards, 2)
    assert top.areas == ("Gorse Hill", "Clifford")
    assert (top.n, top.total, top.share) == (75, 100, 0.75)


@given(COUNTS, st.integers(1, 40))
def test_a_share_is_a_share_and_all_areas_hold_everything(counts: pd.Series, k: int) -> None:
    top, everything = top_share(counts, k), top_share(counts, len(counts))
    if counts.sum() == 0:
        assert math.isnan(top.share)
    else:
        assert min(k, len(counts)) / len(counts) <= top.share + 1e-9 <= 1 + 1e-9
        assert everything.share == 1


@given(COUNTS, st.integers(1, 10))
def test_the_order_of_the_areas_does_not_matter(counts: pd.Series, k: int) -> None:
    assert top_share(counts.iloc[::-1], k).n == top_share(counts, k).n


def test_no_incident_has_no_share_and_no_area() -> None:
    top = top_share(pd.Series({"Hale": 0, "Sale": None}), 2)
    assert top.areas == ()
    assert math.isnan(top.share)
    assert top_share(pd.Series(dtype=float), 2).areas == ()


def test_areas_that_tie_with_the_last_one_taken_are_counted() -> None:
    assert top_share(pd.Series({"A": 9, "B": 5, "C": 5, "D": 5, "E": 1}), 2).tied_out == 2


def test_top_none_is_refused() -> None:
    with pytest.raises(ValueError, match="At least one"):
        top_share(pd.Series([1]), 0)


def test_the_published_example_of_the_generalised_gini_is_met() -> None:
    """Five crimes in ten places: the evenest spread would put them in five."""
    streets = spread([3, 1, 1, *[0] * 7])
    assert round(streets.gini, 2) == 0.78
    assert streets.generalised == pytest.approx(1 - 10 / 5 * (1 - streets.gini))
    assert spread([1, 1, 1, 1, 1, *[0] * 5]).generalised == pytest.approx(0)
    assert spread([5, *[0] * 9]).gini == pytest.approx(0.9)


@given(COUNTS)
def test_the_gini_is_half_the_mean_difference_between_places(counts: pd.Series) -> None:
    found = spread(counts)
    if counts.sum() == 0:
        assert math.isnan(found.gini)
    else:
        x = counts.to_numpy(dtype=float)
        assert found.gini == pytest.approx(np.abs(x[:, None] - x).mean() / (2 * x.mean()), abs=1e-9)
        assert -1e-9 <= found.generalised <= found.gini + 1e-9


@given(COUNTS, st.floats(0.05, 1))
def test_the_least_places_hold_the_share_and_one_fewer_does_not(counts: pd.Series, share: float) -> None:
    found, ranked = spread(counts, share), np.sort(counts)[::-1]
    if counts.sum():
        k = round(found.least_places * len(counts))
        assert ranked[:k].sum() >= share * counts.sum() * (1 - 1e-9)
        assert ranked[: k - 1].sum() < share * counts.sum()


@given(COUNTS)
def test_the_curve_rises_from_nothing_to_everything_and_bends_down(counts: pd.Series) -> None:
    found = spread(counts)
    assert len(found.places) == len(found.incidents) == found.n + 1
    if counts.sum():
        assert (found.incidents[0], found.incidents[-1], found.places[-1]) == (0, pytest.approx(1), 1)
        assert (np.diff(found.incidents, n=2) <= 1e-12).all()
        assert found.top_fifth == pytest.approx(np.interp(0.2, found.places, found.incidents))


@given(COUNTS)
def test_the_order_of_places_does_not_matter_to_the_spread(counts: pd.Series) -> None:
    one, other = spread(counts), spread(counts.iloc[::-1])
    assert one.least_places == pytest.approx(other.least_places, nan_ok=True)
    assert one.gini == pytest.approx(other.gini, nan_ok=True)
    weights = np.arange(len(counts)) + 1
    if counts.sum():
        straight = spread_by_chance(counts, weights, simulations=5)
        assert spread_by_chance(counts[::-1], weights[::-1], simulations=5) == straight


def test_chance_alone_concentrates_few_incidents_and_hardly_any_of_many() -> None:
    few, many = spread_by_chance([1] * 20 + [0] * 180), spread_by_chance([1000] * 200)
    assert few.least_places.high <= 0.1
    assert many.least_places.low > 0.75
    assert many.gini.high < 0.05 < 0.85 < few.gini.low


def test_two_incidents_in_two_places_fall_together_half_of_the_time() -> None:
    chance = spread_by_chance([1, 1], simulations=4000)
    assert chance.gini.estimate == pytest.approx(0.5 * 0.5, abs=0.02)
    assert chance.least_places.estimate == pytest.approx(0.75, abs=0.02)
    assert (chance.gini.low, chance.gini.high) == (0, 0.5)


def test_what_chance_made_lies_in_the_range_of_chance() -> None:
    thrown = np.random.default_rng(4).multinomial(300, np.full(150, 1 / 150), size=100)
    inside = 0
    for seed, counts in enumerate(thrown):
        chance, seen = spread_by_chance(counts, simulations=100, seed=seed), spread(counts)
        inside += chance.gini.low <= seen.gini <= chance.gini.high
    assert inside >= 85


def test_residents_that_live_close_together_are_no_concentration_of_incidents() -> None:
    residents = np.array([5000.0] * 10 + [100] * 90)
    counts = np.random.default_rng(6).multinomial(1000, residents / residents.sum())
    seen = spread(counts).gini
    assert seen > spread_by_chance(counts).gini.high
    among_residents = spread_by_chance(counts, residents).gini
    assert among_residents.low < seen < among_residents.high


def test_a_seed_gives_the_same_simulation() -> None:
    assert spread_by_chance([3, 0, 1], seed=2) == spread_by_chance([3, 0, 1], seed=2)
    assert spread_by_chance([30, 0, 1] * 9, seed=2) != spread_by_chance([30, 0, 1] * 9, seed=3)


@pytest.mark.parametrize("counts", [[], [0, 0, 0], [None]])
def test_no_incident_or_no_place_is_not_spread_at_all(counts: list) -> None:
    seen, chance = spread(np.array(counts, dtype=float)), spread_by_chance(np.array(counts, dtype=float))
    assert (seen.total, seen.n) == (0, len(counts))
    assert math.isnan(seen.gini)
    assert math.isnan(seen.least_places)
    assert math.isnan(chance.top_fifth.estimate)


def test_one_place_holds_everything_and_missing_is_none() -> None:
    assert spread([7]).least_places == 1
    assert spread([7]).gini == 0
    assert spread([7, np.nan]).gini == spread([7, 0]).gini


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        spread([-1, 2])
    with pytest.raises(ValueError, match="share"):
        spread([1, 2], share=0)
    with pytest.raises(ValueError, match="2 weights for 3 places"):
        spread_by_chance([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="weight"):
        spread_by_chance([1, 2], [0, 0])
