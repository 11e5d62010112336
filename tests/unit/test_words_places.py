"""What a hotspot map finds, in words: with many, with one, with none, with too few to say."""

import numpy as np
import pandas as pd
import pytest

from hatecrime.shape.choices import Choices
from hatecrime.shape.hotspots import MAP, HeldUp
from hatecrime.stats.concentration import spread, spread_by_chance
from hatecrime.stats.emerging import CLASSES
from hatecrime.stats.prediction import back_test
from hatecrime.words import places as words


def named(**columns: object) -> pd.DataFrame:
    """Areas by their names."""
    names = ["Clifford", "Gorse Hill", "Hale", "Sale"]
    return pd.DataFrame({"label": names, "named": names, **columns})


def cells(**columns: object) -> pd.DataFrame:
    """Nine cells: six in Clifford, two in Hale, one in Sale."""
    names = ["Clifford"] * 6 + ["Hale"] * 2 + ["Sale"]
    labels = [f"{name} SJ78{i}" for i, name in enumerate(names)]
    return pd.DataFrame({"label": labels, "named": names, **columns})


def test_areas_are_told_by_their_names() -> None:
    said = words.clusters(named(cluster=["hot", "hot", "", "cold"]), 40, "ward")
    assert said.startswith(
        "More than chance would put there, with their neighbours: Clifford and Gorse Hill. Fewer: Sale."
    )


@pytest.mark.parametrize(
    ("level", "many"),
    [("square", "squares"), ("hexagon", "hexagons"), ("lsoa", "LSOAs"), ("", "places")],
)
def test_many_cells_are_counted_in_the_areas_they_lie_in(level: str, many: str) -> None:
    said = words.clusters(cells(cluster=["hot"] * 8 + ["cold"]), 40, level)
    assert f"neighbours: 8 {many} in Clifford (6) and Hale (2). Fewer: Sale SJ788." in said


def test_many_cells_of_one_area_are_not_counted_twice() -> None:
    said = words.changed(cells(direction=["fewer"] * 6 + ["unclear"] * 3), 0.7, "hexagon")
    assert said.startswith("Fewer than a year earlier: 6 hexagons in Clifford. Of 9 places about 1 would")


def test_a_single_cell_is_never_told_as_its_whole_area() -> None:
    direction = ["unclear"] * 8 + ["fewer"]
    said = words.changed(cells(direction=direction), 0.7, "hexagon")
    assert said.startswith("Fewer than a year earlier: Sale SJ788.")
    quadrant = ["high-low"] + [""] * 8
    assert words.unlike(cells(quadrant=quadrant), 40, "square").startswith("High among low ones: Clifford SJ780.")


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
    said = words.changed(named(direction=["more", "unclear", "fewer", "unclear"]), 1.6)
    assert said == (
        "More than a year earlier: Clifford. Fewer: Hale. Of 4 places about 2 would seem to have changed by chance"
        " alone."
    )
    assert words.changed(named(direction=["unclear"] * 4), 0) == "No place changed clearly from the year before."


@pytest.mark.parametrize(
    ("by_chance", "said"), [(0.49, "fewer than 1 would"), (0.51, "about 1"), (0.0, "fewer than 1")]
)
def test_chance_that_would_change_hardly_any_place_is_said_to_be_below_one(by_chance: float, said: str) -> None:
    assert said in words.changed(named(direction=["more", "unclear", "fewer", "unclear"]), by_chance)
    assert "about 0" not in words.changed(named(direction=["more"] * 4), by_chance)


def test_rates_without_residents_and_a_surface_without_incidents_say_so() -> None:
    assert "is not known" in words.rates(named(rate=[np.nan] * 4), "rate", "residents")
    assert words.densest(named(density=[0.0] * 4)).startswith("Nothing with a known place")


def test_a_surface_names_the_areas_of_its_peaks() -> None:
    peaks = named(density=[42.0, 4.0, 0.0, 7.0])
    assert words.densest(peaks).startswith(
        "Incidents lie closest together in Clifford (42 per km²), Sale (7 per km²) and Gorse Hill (4 per km²)."
    )


def test_risk_is_told_where_it_is_clear() -> None:
    said = words.risks(cells(step=["more"] * 3 + ["doubled"] * 2 + ["unclear"] * 4, n=1), "square")
    assert said == "Clearly more than the base beneath leads one to expect: 5 squares in Clifford."
    assert words.risks(named(step=["unclear"] * 4, n=1)).startswith("Nowhere")


def test_cells_whose_base_is_too_thin_are_said_with_the_incidents_in_them() -> None:
    step = [""] * 2 + ["unclear"] * 4 + [""] * 3
    said = words.risks(cells(step=step, n=[1, 2, 9, 9, 9, 9, 4, 0, 0]), "square")
    assert said.endswith(
        "No figure for 5 of 9 cells, because the base beneath is too thin; they hold 7 incidents, most in Hale and"
        " Clifford."
    )
    assert words.risks(cells(step=step, n=0)).endswith(
        "No figure for 5 of 9 cells, because the base beneath is too thin."
    )
    assert "No figure" not in words.risks(cells(step="unclear", n=1))


@pytest.mark.parametrize(
    ("n", "said"),
    [
        ([47, 8, 8, 8], "Clifford alone has 47; the next has 8."),
        ([8, 8, 20, 10], "Hale alone has 20; the next has 10."),
        ([19, 10, 1, 1], ""),
        ([9, 1, 1, 1], ""),
        ([0, 0, 0, 0], ""),
    ],
)
def test_the_first_place_is_told_with_its_figure_where_it_has_twice_as_many_as_the_next(
    n: list[int], said: str
) -> None:
    assert words.far_ahead(named(n=n)) == said


def test_one_place_and_no_place_are_ahead_of_nothing() -> None:
    assert words.far_ahead(named(n=40).head(1)) == ""
    assert words.far_ahead(named(n=40).head(0)) == ""


def test_emerging_places_are_told_by_their_class() -> None:
    said = words.emerging(named(emerging=["new_hot", "none", "none", "none"]), 16)
    assert said == "Over the last 16 quarters, new hotspot: Clifford."
    said = words.emerging(cells(emerging=["new_hot"] * 6 + ["none", "none", "historical_hot"]), 16, "hexagon")
    assert said == "Over the last 16 quarters, new hotspot: 6 hexagons in Clifford; historical hotspot: Sale SJ788."
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
    assert expected in words.held_up(HeldUp(**vars(test), clusters=1))


@pytest.mark.parametrize("clusters", [0, 3])
def test_a_year_without_clusters_is_said_before_what_they_found(clusters: int) -> None:
    test = back_test({MAP: [40, 1, 1, 1] * 5, "before": [40, 1, 1, 1] * 5}, [40, 1, 1, 1] * 5, [1.0] * 20, 0.1, MAP)
    said = words.held_up(HeldUp(**vars(test), clusters=clusters))
    assert said.startswith("No place was a cluster a year ago;") == (clusters == 0)
    assert "The 10% of the land that was hottest a year ago by clusters (Gi*) holds" in said


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


@pytest.mark.parametrize(("tested", "warned"), [(25, False), (26, True), (981, True)])
def test_draws_too_few_to_single_out_one_place_are_said_to_be_so(tested: int, warned: bool) -> None:
    how = words.how_compared(Choices("square", 250, permutations=999), "n", tested, 0)
    assert any("999 draws are too few to single out one place" in sentence for sentence in how) == warned


def test_all_draws_can_single_out_one_place_of_any_number() -> None:
    assert not any("too few" in sentence for sentence in words.how_compared(Choices("square", 250), "n", 981, 0))
