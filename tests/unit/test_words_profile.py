"""What is said of one place, and of two."""

from datetime import date

import pandas as pd
import pytest

from hatecrime.periods import Period
from hatecrime.stats.change import compare
from hatecrime.ui.phrases import change_in
from hatecrime.words import profile as words

YEAR = Period(date(2016, 4, 1), date(2017, 3, 31))


def mix(*rows: tuple[str, float, float, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["label", "share", "elsewhere", "clear"])


def test_none_at_all_is_said_and_what_it_can_mean() -> None:
    assert words.count(0, "Hale", YEAR, compare(0, 0)).startswith("No incident is recorded in Hale (2016/17).")
    assert "nobody reported it" in words.silence()


def test_one_is_recorded_and_two_are() -> None:
    assert words.count(1, "Hale", YEAR, compare(None, 1)).startswith("1 incident is recorded in Hale")
    assert words.count(2, "Hale", YEAR, compare(None, 2)).startswith("2 incidents are recorded in Hale")


def test_without_residents_no_rate_is_given() -> None:
    nan = float("nan")
    assert words.rate(nan, nan, nan, None) == "How many people live there is not known, so no rate is given."


@pytest.mark.parametrize(
    ("here", "said"), [(120, "clearly more"), (5, "clearly fewer"), (30, "not clearly different"), (None, "(95%")]
)
def test_a_rate_is_set_beside_the_others_as_far_as_its_interval_allows(here: int | None, said: str) -> None:
    against = None if here is None else compare(600, here, 200_000, 10_000)
    assert said in words.rate(3.0, 2.0, 4.0, against)


def test_what_stands_out_is_named_with_both_shares() -> None:
    found = words.stands_out([mix(("Disability", 31.0, 12.0, True)), mix(("Arson", 2.0, 3.0, False))])
    assert found == "A larger share than elsewhere: Disability (31%, elsewhere 12%)."
    assert words.stands_out([mix(("Race", 80.0, 80.0, False))]).startswith("No strand or crime type")
    assert words.stands_out([mix(("Race", 80.0, float("nan"), False))]) == ""


def test_a_place_alone_is_not_said_to_be_like_others() -> None:
    assert words.mix(mix(("Race", 80.0, float("nan"), False)), "Strands") == "Strands"
    assert words.mix(mix(("Race", 80.0, 70.0, False)), "Strands") == "Strands: no clear difference from elsewhere"


def test_only_what_is_missing_is_said_to_be() -> None:
    assert words.caveats(10, 0, 0, 0, 90, "ward") == []
    said = words.caveats(10, 2, 3, 4, 90, "ward")
    assert said[0].startswith("2 of 10 incidents have no strand") and "no known ward" in said[2]


def test_neighbours_are_counted_that_have_more() -> None:
    around = pd.DataFrame({"n": [3, 9, 12]})
    assert words.neighbours(around, 5, touches=True) == "2 of 3 places around it have more"
    assert words.neighbours(around, 12, touches=True) == "As many as in any place around it, or more"
    assert words.neighbours(around, 5, touches=False) == "It touches no other place; its nearest is shown"
    assert words.neighbours(around.head(0), 5, touches=True) == "Which places lie around it is not known"


def test_two_places_differ_only_where_an_interval_says_so() -> None:
    rows = pd.DataFrame({"what": ["n", "strand"], "label": ["", "Race"], "direction": ["more", "unclear"]})
    assert words.compared(rows, "Hale", "Sale") == (
        "Incidents: more in Hale. Of 2 comparisons, chance alone would call up to 1 in 20 clear."
    )
    assert (
        words.compared(rows.tail(1), "Hale", "Sale") == "Hale and Sale do not differ clearly in any of these figures."
    )


def test_outcomes_say_of_how_many_and_from_when() -> None:
    rows = pd.DataFrame({"code": ["charged_summonsed", "no_suspect"], "n": [2, 5]})
    assert words.outcomes(rows, YEAR) == "2 of 7 crimes recorded April 2016 to March 2017 led to a charge or summons"
    assert words.outcomes(rows.head(0), YEAR) == "No outcome is known yet (April 2016 to March 2017)"


def test_a_place_without_people_is_not_one_of_which_people_are_not_known() -> None:
    nan = float("nan")
    assert words.rate(nan, nan, nan, None, 0) == "Nobody is counted as living there, so no rate is given."
    assert words.residents(pd.DataFrame({"n": [0]}), 0) == "Nobody is counted as living there"
    assert words.residents(pd.DataFrame(), nan) == "How many people live there is not known"


def test_the_latest_quarter_is_named_beside_a_trend_and_alone_where_there_is_none() -> None:
    latest = compare(154, 39, 11, 1)
    said = "Q1 2016/17 has clearly more than any quarter before it (39)"
    assert words.quarters(compare(50, 52), latest, "Q1 2016/17") == said
    assert words.quarters(None, latest, "Q1 2016/17") == said
    assert words.quarters(compare(90, 40), latest, "Q1 2016/17") == f"Fewer than in the years before; {said}"
    assert words.quarters(compare(50, 52), None, "Q1 2016/17") == "No clear trend over the years"
    assert words.quarters(None, compare(200, 2, 10, 1), "Q1 2016/17").startswith("Q1 2016/17 has clearly fewer")


def test_after_nothing_the_latest_quarter_has_no_ratio() -> None:
    assert words.latest_quarter(compare(0, 9, 11, 1), "Q1", 11) == "Q1 has 9; the 11 quarters before it have none."
    assert "0.1 times as many" in words.latest_quarter(compare(200, 2, 10, 1), "Q1", 10)


def test_from_nothing_to_something_both_counts_are_shown_and_no_dash() -> None:
    assert change_in(compare(0, 25)) == "from 0 to 25"
    assert change_in(compare(None, 25)) == change_in(compare(0, 0)) == "–"
    assert change_in(compare(20, 25)) == "+25%"
