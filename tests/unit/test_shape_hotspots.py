"""Places beside chance, residents and neighbours: zeros, missing people, few places, and nothing at all."""

import numpy as np
import pandas as pd
import pytest
import shapely

from hatecrime.shape import grid
from hatecrime.shape.choices import Choices, sane_size, sizes
from hatecrime.shape.hotspots import (
    FEWEST_PLACES,
    MAP,
    changed_by_chance,
    counted_areas,
    counted_cells,
    held_up,
    peaks,
    value_of,
    with_change,
    with_clusters,
    with_emerging,
    with_smoothed,
    with_unlike,
)
from hatecrime.stats.change import compare
from hatecrime.stats.neighbours import in_grid

SIDE = 6


def areas(**middles: float | None) -> pd.DataFrame:
    """Areas of 1 km² by name; None for one without an outline."""
    x = [np.nan if middle is None else middle for middle in middles.values()]
    return pd.DataFrame({"area_code": list(middles), "label": list(middles), "parent": "D", "outline": "exact"}).assign(
        area_km2=[np.nan if np.isnan(each) else 1.0 for each in x], x=x, y=0.0
    )


def counts(rows: list[tuple[str | None, int, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["area_code", "n", "before"])


def people(**n: float) -> pd.DataFrame:
    return pd.DataFrame({"area_code": list(n), "n": list(n.values())})


def cells(n: list[int], before: list[int] | None = None) -> pd.DataFrame:
    """A square of cells with these counts, row by row."""
    columns, rows = np.tile(np.arange(SIDE), SIDE), np.repeat(np.arange(SIDE), SIDE)
    cover = pd.DataFrame({"column": columns, "row": rows, "x": columns + 0.5, "y": rows + 0.5, "area_km2": 1.0})
    cover["id"] = grid.cell_ids(cover["column"], cover["row"])
    cover["label"] = cover["named"] = cover["id"]
    found = cover[["column", "row"]].assign(n=n, before=before or [1] * len(n))
    return counted_cells(found[found[["n", "before"]].sum(axis=1) > 0], cover)


def around() -> object:
    return in_grid(np.tile(np.arange(SIDE), SIDE), np.repeat(np.arange(SIDE), SIDE), "square")


def corner() -> list[int]:
    """Many in one corner and one everywhere else."""
    n = np.ones((SIDE, SIDE), dtype=int)
    n[:2, :2] = 30
    return n.ravel().tolist()


def test_an_area_without_a_record_counts_zero_and_one_unknown_to_the_map_is_left_out() -> None:
    table = counted_areas(counts([("A", 3, 1), (None, 2, 0)]), areas(A=0, B=1), people(A=1000, B=0), outlined=True)
    assert table["n"].tolist() == [3, 0]
    assert table["rate"].tolist()[0] == 3
    assert np.isnan(table["rate"].iloc[1])


def test_an_area_without_outline_and_record_was_never_sent() -> None:
    given = counts([("A", 3, 1), ("C", 0, 1)])
    table = counted_areas(given, areas(A=0, B=None, C=None), people(), outlined=True)
    assert table["id"].tolist() == ["A", "C"]
    assert counted_areas(given, areas(A=None, B=None), people(), outlined=False)["id"].tolist() == ["A", "B"]


def test_every_cell_of_the_land_has_a_row_and_one_outside_has_none() -> None:
    cover = grid.cover(shapely.box(0, 0, 2000, 1000), 1000, "square").assign(label="x", named="x")
    cover["id"] = grid.cell_ids(cover["column"], cover["row"])
    found = pd.DataFrame({"column": [0, 7, None], "row": [0, 7, None], "n": [4, 5, 6], "before": [0, 0, 0]})
    table = counted_cells(found, cover)
    assert dict(zip(table["id"], table["n"], strict=True)) == {"0,0": 4, "1,0": 0}
    assert table["population"].isna().all()


@pytest.mark.parametrize(("n", "before"), [(0, 0), (3, 0), (0, 4), (14, 3), (5, 5)])
def test_a_change_of_many_places_is_that_of_each(n: int, before: int) -> None:
    row = with_change(pd.DataFrame({"n": [n], "before": [before]})).iloc[0]
    one = compare(before, n)
    assert (row["ratio_low"], row["ratio_high"]) == pytest.approx((one.low, one.high), nan_ok=True)
    assert row["direction"] == one.direction


def test_as_many_places_change_by_chance_as_with_change_would_call_changed() -> None:
    lots = np.random.default_rng(4)
    total = np.resize([0, 1, 4, 6, 9, 30, 200], 7 * 4000)
    now = lots.binomial(total, 0.5)
    table = pd.DataFrame({"n": now, "before": total - now})
    called = (with_change(table)["direction"] != "unclear").sum()
    assert changed_by_chance(table) == pytest.approx(called, rel=0.1)


def test_places_with_hardly_any_incident_do_not_change_by_chance() -> None:
    assert changed_by_chance(pd.DataFrame({"n": [2] * 900 + [0], "before": [3] * 900 + [0]})) == 0
    assert changed_by_chance(pd.DataFrame({"n": [], "before": []})) == 0


def surface(density: list[float], n: list[int], named: list[str]) -> pd.DataFrame:
    """A row of cells."""
    return pd.DataFrame({"column": range(7, 7 + len(n)), "row": -3, "density": density, "n": n, "named": named})


def test_an_area_into_which_a_hill_spills_over_has_no_peak() -> None:
    spilling = surface([50, 90, 70, 20, 0, 8, 5], [0, 5, 3, 0, 0, 1, 0], ["A", "A", "A", "B", "B", "C", "C"])
    assert peaks(spilling)["named"].tolist() == ["A", "C"]


def test_a_hill_between_incidents_of_its_neighbours_is_no_peak_of_an_area_without_any() -> None:
    between = surface([5, 9, 5], [1, 0, 1], ["A", "B", "C"])
    assert peaks(between).empty


def test_a_plain_without_incidents_has_no_peak() -> None:
    assert peaks(surface([0, 0], [0, 0], ["A", "B"])).empty
    assert peaks(surface([], [], [])).empty


def test_a_rate_of_few_people_is_drawn_to_that_of_all() -> None:
    table = pd.DataFrame({"n": [3, 10, 300], "population": [100.0, 10_000.0, 100_000.0], "rate": [30.0, 1.0, 3.0]})
    smoothed = with_smoothed(table)
    assert smoothed["smoothed"].iloc[0] < 30
    assert (smoothed["smoothed_low"] <= smoothed["smoothed"]).all()


def test_places_are_compared_by_counts_where_nobody_is_counted() -> None:
    assert value_of(pd.DataFrame({"population": [np.nan, np.nan]})) == "n"
    assert value_of(pd.DataFrame({"population": [np.nan, 100]})) == "smoothed"


def test_a_corner_with_many_is_hot_and_nothing_is_where_all_are_alike() -> None:
    hot, tested = with_clusters(cells(corner()), around())
    assert tested == SIDE * SIDE
    assert set(hot.loc[hot["cluster"] == "hot", "id"]) >= {"0,0", "1,0", "0,1", "1,1"}
    alike, _tested = with_clusters(cells([2] * SIDE * SIDE), around())
    assert (alike["cluster"] == "").all()


def test_lots_find_the_same_corner_as_the_formula() -> None:
    hot, _tested = with_clusters(cells(corner()), around(), permutations=999, seed=7)
    assert (hot.loc[hot["id"] == "0,0", "z"] > 3).all()
    assert hot["p"].between(0, 1).all()


def test_nothing_is_tested_of_few_places() -> None:
    few = cells(corner()).head(FEWEST_PLACES - 1)
    table, tested = with_clusters(few, in_grid(few["column"], few["row"], "square"))
    assert tested == 0
    assert (table["cluster"] == "").all()
    unlike, tested = with_unlike(few, in_grid(few["column"], few["row"], "square"))
    assert tested == 0
    assert (unlike["quadrant"] == "").all()


def test_only_what_withstands_the_number_of_tests_is_called_unlike() -> None:
    table, tested = with_unlike(cells(corner()), around())
    assert tested == SIDE * SIDE
    assert table.loc[table["id"] == "0,0", "quadrant"].item() == "high-high"
    assert ((table["quadrant"] != "") == (table["adjusted"] <= 0.05)).all()
    drawn, _tested = with_unlike(cells(corner()), around(), permutations=9999, seed=3)
    assert drawn["quadrant"].tolist() == table["quadrant"].tolist()


def test_a_corner_that_turns_hot_in_the_last_quarter_is_new() -> None:
    quarters = [[1] * SIDE * SIDE for _ in range(11)] + [corner()]
    table = cells(corner())
    found = with_emerging(table, pd.DataFrame(np.array(quarters).T, index=table["id"]), around())
    assert found.loc[found["id"] == "0,0", "emerging"].item() == "new_hot"
    assert found.loc[found["id"] == "5,5", "emerging"].item() == "none"


def test_nine_quarters_are_not_enough() -> None:
    table = cells(corner())
    found = with_emerging(table, pd.DataFrame(np.ones((SIDE * SIDE, 9)), index=table["id"]), around())
    assert (found["emerging"] == "not_enough").all()


def test_a_corner_that_stays_hot_holds_up_and_nothing_before_cannot_be_tested() -> None:
    test = held_up(cells(corner(), corner()), around())
    assert test is not None
    assert test.accuracy[MAP].hit_rate.estimate > test.accuracy["chance"].hit_rate.estimate
    assert held_up(cells(corner(), [0] * SIDE * SIDE), around()) is None
    assert held_up(cells([0] * SIDE * SIDE, corner()), around()) is None


def test_how_many_clusters_there_were_a_year_before_is_known() -> None:
    had = held_up(cells(corner(), corner()), around())
    had_none = held_up(cells(corner(), [2] * SIDE * SIDE), around())
    assert had is not None and had.clusters >= 4
    assert had_none is not None and had_none.clusters == 0


def test_the_land_decides_which_cells_are_offered() -> None:
    assert all(20_800e6 / size**2 <= 20_000 for size in sizes(20_800))
    assert sane_size(106, 389, sizes(106)) == 1000
    assert sane_size(0, 0, sizes(0)) == sizes(0)[-1]


def test_areas_are_no_cells() -> None:
    assert Choices("hexagon", 500).has_cells
    assert not Choices("ward").has_cells
