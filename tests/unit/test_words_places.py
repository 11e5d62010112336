"""What a hotspot map finds, in words: with many, with one, with none, with too few to say."""

import numpy as np
import pandas as pd
import pytest

from hatecrime.shape.choices import Choices
from hatecrime.shape.hotspots import MAP
from hatecrime.stats.concentration import spread, spread_by_chance
from hatecrime.stats.emerging import CLASSES
from hatecrime.stats.prediction import back_test
from hatecrime.words import places as words


def named(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"named": ["Clifford", "Clifford", "Hale", "Sale"], **columns})


def test_cells_are_told_by_the_areas_they_lie_in() -> None:
    said = words.clusters(named(cluster=["hot", "hot", "", "cold"]), 40)
    assert said.startswith("More than chance would put there, with their neighbours: Clifford (2). Fewer: Sale.")


def test_nothing_that_stands_out_is_said_with_how_many_were_tested() -> None:
    assert "of 40 tested at once" in words.clusters(named(cluster=[""] * 4), 40)
    assert "40 places were tested" in words.unlike(named(quadrant=[""] * 4), 40)


def test_only_cold_places_are_said_in_full() -> None:
    assert words.clusters(named(cluster=["", "", "cold", ""]), 40).startswith("Fewer than chance would leave: Hale.")


def test_too_few_places_are_said_to_be_too_few() -> None:
    for said in (words.clusters(named(cluster=[""] * 4), 0), words.unlike(named(quadrant=[""] * 4), 0)):
        assert said == "With fewer than 10 places nothing can be said about clusters."
    assert words.how_compared(Choices("ward"), "n", 0, 0) == [words.too_few_places()]


def test_a_change_is_told_beside_what_chance_would_bring() -> None:
    said = words.changed(named(direction=["more", "unclear", "fewer", "unclear"]))
    assert said.startswith("More than a year earlier: Clifford. Fewer: Hale.")
    assert words.changed(named(direction=["unclear"] * 4)) == "No place changed clearly from the year before."


def test_rates_without_residents_and_a_surface_without_incidents_say_so() -> None:
    assert "is not known" in words.rates(named(rate=[np.nan] * 4), "rate", "residents")
    assert words.densest(named(density=[0.0] * 4)).startswith("Nothing with a known place")


def test_a_surface_names_the_areas_of_its_peaks() -> None:
    assert words.densest(named(density=[4.0, 42.0, 0.0, 7.0])).startswith(
        "Incidents lie closest together in Clifford (42) and Sale (7) per km²."
    )


def test_risk_is_told_where_it_is_clear() -> None:
    assert "Clifford (2)" in words.risks(named(step=["more", "doubled", "unclear", ""]))
    assert words.risks(named(step=["unclear"] * 4)).startswith("Nowhere")


def test_emerging_places_are_told_by_their_class() -> None:
    said = words.emerging(named(emerging=["new_hot", "none", "none", "none"]), 16)
    assert said == "Over the last 16 quarters: Clifford (new hotspot)."
    assert "16 quarters" in words.emerging(named(emerging=["none"] * 4), 16)
    assert words.emerging(named(emerging=["not_enough"] * 4), 9).startswith("Not enough data")


@pytest.mark.parametrize("code", [*CLASSES, "not_enough"])
def test_every_class_has_a_name(code: str) -> None:
    assert words.class_name(code)
    if "_" in code and code != "not_enough":
        assert words.class_meaning(code)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ([40, 1, 1, 1] * 5, [40, 1, 1, 1] * 5, "as much"),
        ([1, 1, 1, 40] * 5, [1, 1, 1, 2], "too few"),
    ],
)
def test_whether_hotspots_hold_is_said(before: list[int], now: list[int], expected: str) -> None:
    later = np.resize(now, len(before)).astype(float) / (1 if expected == "as much" else 5)
    test = back_test({MAP: before, "before": before}, later, [1.0] * len(before), 0.25, model=MAP)
    assert expected in words.held_up(test)


def test_hotspots_that_cannot_be_tested_are_said_to_be_so() -> None:
    assert words.held_up(None).startswith("Whether hotspots hold cannot be tested")


def test_concentration_is_told_beside_chance() -> None:
    crowded = np.array([200] * 4 + [1] * 96)
    assert "if chance alone decided" in words.spread(spread(crowded), spread_by_chance(crowded))
    even = np.array([10] * 100)
    assert "more evenly than chance" in words.spread(spread(even), spread_by_chance(even))
    lots = np.random.default_rng(1).multinomial(500, np.full(100, 0.01))
    assert "no more concentrated" in words.spread(spread(lots), spread_by_chance(lots))
    nothing = np.zeros(5)
    assert words.spread(spread(nothing), spread_by_chance(nothing)).startswith("Nothing is recorded")


def test_each_choice_is_said() -> None:
    how = words.how_compared(
        Choices("ward", neighbours="nearest", reach=4, permutations=999, seed=5), "smoothed", 21, 1
    )
    assert how[0] == "Neighbours are the 4 nearest places."
    assert "1 place touches none" in how[1]
    assert "999 random rearrangements (seed 5)" in how[3]
