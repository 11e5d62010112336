"""No attacker bounds a small count more tightly than the threshold; and the attacker can, where nothing stops it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hatecrime.protect.attack import attack
from hatecrime.protect.suppress import known_bounds, suppressed
from hatecrime.settings import SettingsError
from tests.protect.tables import attacked, audience, given_away, made, small

STRANDS = (("race",), ("religion",), ("disability",), ("race", "religion"), ())
KINDS = ("crime", "non_crime")
PLANE = audience(("district", "year", ("strand",)))
TREE = audience(
    ("force", "quarter", ()), ("force", "year", ("kind",)), ("district", "quarter", ()), ("district", "year", ("kind",))
)
ROLLING = audience(("district", "quarter", ()), ("ward", "rolling", ()), ("ward", "year", ()))
ROUNDED = audience(("force", "year", ("kind",)), ("district", "year", ()), zeros=False, rounding=5)

records = st.builds(
    lambda district, month, kind, strand, ward, times: [(district, month, kind, strand, district + ward)] * times,
    st.sampled_from("ABC"),
    st.integers(0, 23),
    st.sampled_from(KINDS),
    st.sampled_from(STRANDS),
    st.sampled_from("123"),
    st.sampled_from([1, 1, 2, 3, 6, 20]),
)
# The data begin in the first month, so that both years are whole.
FIRST = [("C", 0, "crime", ("race",), "C1")] * 7
tables = st.lists(records, max_size=30).map(lambda groups: FIRST + [record for group in groups for record in group])


@pytest.mark.parametrize("who", [PLANE, TREE, ROLLING, ROUNDED], ids=["plane", "tree", "rolling", "rounded"])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(listed=tables)
def test_no_small_count_is_bounded_more_tightly_than_the_threshold(who, listed):
    cells = made(listed, who)
    narrow = attacked(cells, who).width < who.threshold
    assert not (narrow & ~given_away(cells, who)).any()


@settings(max_examples=25, deadline=None)
@given(listed=tables)
def test_what_is_taken_as_known_holds_in_the_true_table(listed):
    for who in (PLANE, TREE, ROLLING, ROUNDED):
        cells = made(listed, who)
        reached = cells.relations @ cells.n
        assert ((cells.lower <= reached) & (reached <= cells.upper)).all()
        hidden = suppressed(cells, who).hidden
        low, high = known_bounds(cells, who, hidden)
        assert ((low <= cells.n) & (cells.n <= high)).all()


def column(*counts: int, strands: tuple[str, ...] = ("race", "religion", "disability")) -> list:
    return [("A", 0, "crime", (strand,), "A1") for strand, n in zip(strands, counts, strict=True) for _ in range(n)]


def test_a_single_withheld_cell_is_the_total_less_the_others():
    cells = made(column(30, 20, 3), PLANE)
    found = attacked(cells, PLANE, complementary=False)
    assert set(found.low[found.low == found.high]) == {3}
    assert not (attacked(cells, PLANE).width < 5).any()


def test_two_withheld_cells_are_not_enough_where_they_add_up_to_little():
    cells = made(column(30, 1, 3), PLANE)
    assert (attacked(cells, PLANE, complementary=False).width < 5).all()
    hidden = cells.cells[suppressed(cells, PLANE).hidden & cells.cells["offered"]]
    assert {"race", "religion", "disability"} == set(hidden["code"])


def test_the_difference_of_two_rolling_years_gives_nothing_away():
    first = [("A", month, "crime", ("race",), "A1") for month in range(24) for _ in range(4)]
    late = [("A", 14, "crime", ("race",), ward) for ward in ("A2", "A3") for _ in range(12)]
    cells = made([*first, *late], ROLLING)
    assert not (attacked(cells, ROLLING).width < 5).any()


def test_what_is_shown_is_exact_and_zeros_stay():
    cells = made(column(30, 20, 0) + [("B", 0, "crime", ("disability",), "B1")] * 9, PLANE)
    hidden = suppressed(cells, PLANE).hidden
    shown = cells.cells[~hidden]
    assert (
        shown.loc[(shown["area"] == "A") & (shown["code"] == "disability") & (shown["start"] == "2015-04-01"), "n"]
        .eq(0)
        .all()
    )


@pytest.mark.parametrize(
    "listed",
    [
        [],
        [("A", 0, "crime", ("race",), "A1")],
        [("A", 0, "crime", ("race",), "A1")] * 40,
        [(district, 0, "crime", (strand,), "") for district in "ABC" for strand in ("race", "religion")],
        [("", 0, "crime", (), "")] * 3,
    ],
    ids=["none", "one", "one area", "everything small", "no place"],
)
@pytest.mark.parametrize("who", [PLANE, TREE, ROLLING, ROUNDED], ids=["plane", "tree", "rolling", "rounded"])
def test_odd_tables_are_protected_too(who, listed):
    cells = made(listed, who)
    narrow = attacked(cells, who).width < who.threshold
    assert not (narrow & ~given_away(cells, who)).any()


def test_the_same_records_have_the_same_cells_withheld():
    listed = column(30, 2, 3) + [("B", 0, "crime", ("religion",), "B1")] * 7
    once, again = (suppressed(made(records, PLANE), PLANE).hidden for records in (listed, listed[::-1]))
    assert np.array_equal(once, again)


def test_the_quick_search_and_plain_programs_agree():
    listed = column(30, 2, 3) + [("B", 0, "crime", ("religion",), "B1")] * 7
    cells = made(listed, PLANE)
    known = known_bounds(cells, PLANE, suppressed(cells, PLANE, complementary=False).hidden)
    plain, quick = (attack(cells, *known, small(cells, PLANE), enough) for enough in (None, 5))
    assert np.array_equal(plain.width < 5, quick.width < 5)


def test_too_many_cells_are_refused_in_words():
    who = audience(("ward", "rolling", ()), most_cells=5)
    with pytest.raises(SettingsError, match="cell_key"):
        suppressed(made(column(30, 20, 3), who), who)


def test_who_knows_the_rule_but_not_the_secret_cannot_tell_which_count_is_withheld_beside_a_small_one():
    """With one order for all the smallest would go first, and whatever is shown would not be the smallest."""
    listed = column(9, 8, 3) + [("B", 0, "crime", (strand,), "B1") for strand in ("race", "religion") for _ in range(9)]
    cells = made(listed, PLANE)
    chosen = {tuple(suppressed(cells, PLANE, secret=bytes([n])).hidden) for n in range(1, 30)}
    assert len(chosen) > 1
    assert len({tuple(suppressed(cells, PLANE, secret=b"one").hidden) for _again in range(3)}) == 1
    for hidden in chosen:
        found = attack(cells, *known_bounds(cells, PLANE, np.array(hidden)), small(cells, PLANE))
        assert (found.width >= PLANE.threshold).all()
