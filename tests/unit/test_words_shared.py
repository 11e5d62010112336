"""What is said of shared figures: words for what is withheld, and no change, rank or share that rests on it."""

from __future__ import annotations

import pandas as pd
import pytest

from hatecrime.words import shared

HIDDEN = (pd.NA, "c")


def rows(*n: int | None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": [f"Place {i}" for i in range(len(n))],
            "n": pd.array([pd.NA if each is None else each for each in n], dtype="Int64"),
            "symbol": ["c" if each is None else "" for each in n],
        }
    )


def test_a_figure_is_itself_or_its_symbol() -> None:
    assert [shared.shown(0), shared.shown(1204), shared.shown(*HIDDEN), shared.shown(7, "p")] == [
        "0",
        "1,204",
        "[c]",
        "7 [p]",
    ]


@pytest.mark.parametrize("before", [HIDDEN, None, (0, ""), (300, "")])
def test_of_a_withheld_figure_nothing_is_said_but_that(before: shared.Figure) -> None:
    said = shared.incidents(HIDDEN, before, "2016/17", "Sale")
    assert said.startswith("For Sale (2016/17) the figure is not shown") and "%" not in said and "300" not in said


def test_a_change_from_a_withheld_figure_is_not_given() -> None:
    said = shared.incidents((40, ""), HIDDEN, "2016/17", "Sale")
    assert (
        said
        == "40 incidents are recorded for Sale (2016/17). A year earlier the figure is not shown, so no change "
        + ("is given.")
    )


def test_no_figure_at_all_is_another_thing_than_a_withheld_one() -> None:
    assert shared.incidents(None, None, "2016/17", "Sale") == "There is no figure for Sale (2016/17)."
    assert "no figure from a year earlier" in shared.incidents((40, ""), None, "2016/17", "Sale")


def test_nobody_and_one_person_are_said_so() -> None:
    assert shared.referrals((0, ""), None, "2016/17", "Gwent").startswith("Nobody was referred to support")
    assert shared.referrals((1, ""), None, "2016/17", "Gwent").startswith("1 person was referred")


def test_the_highest_is_that_of_the_figures_shown_where_others_are_withheld() -> None:
    assert shared.leading(rows(30, 12), "By strand") == "By strand: Place 0 is recorded most (30)"
    assert shared.leading(rows(30, None), "By strand") == "By strand: Place 0 is the highest figure shown (30)"


@pytest.mark.parametrize(
    ("n", "end"),
    [((None, None), "no figure can be shown"), ((0, 0), "nothing is recorded"), ((6, None), "too few to say")],
)
def test_without_enough_no_highest_is_named(n: tuple[int | None, ...], end: str) -> None:
    assert end in shared.leading(rows(*n), "By strand")


def test_places_are_counted_as_withheld_and_never_as_empty() -> None:
    assert "1 of 3 places is withheld" in shared.places(rows(40, 12, None), "Trafford", "2016/17")
    assert "withheld" not in shared.places(rows(40, 12), "Trafford", "2016/17")
    assert shared.places(rows(None), "Trafford", "2016/17").startswith("No place has a figure that can be shown")
    assert shared.places(rows(0, 0), "Trafford", "2016/17") == "No incident is recorded for Trafford (2016/17)."


def test_the_key_says_what_the_settings_withhold() -> None:
    assert shared.key([], range(1, 5)) == []
    assert "from 0 to 4" in shared.key(["c"], range(5))[0][1]
    assert shared.key(["z", "c"], range(0))[0] == ("c", "withheld to protect people")
    assert "rounded to the nearest 5" in shared.method("suppress", 5)
    assert shared.method("exact") == ""
