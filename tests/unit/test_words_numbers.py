import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatecrime.i18n import speaking
from hatecrime.stats.change import compare
from hatecrime.words.numbers import change, incidents, interval, join, km, sentences, share

COUNTS = st.integers(0, 5000)


@pytest.mark.parametrize(
    ("names", "phrase"),
    [
        ([], ""),
        (["Sale"], "Sale"),
        (["Sale", "Hale"], "Sale and Hale"),
        (["A", "B", "C"], "A, B and C"),
        (["A", "B", "C", "D"], "A, B, C and D"),
        (["A", "B", "C", "D", "E"], "A, B, C and 2 others"),
    ],
)
def test_names_are_joined_as_people_do(names: list[str], phrase: str) -> None:
    assert join(names) == phrase


@pytest.mark.parametrize(
    ("names", "phrase"),
    [
        (["Conwy", "Gwynedd"], "Conwy a Gwynedd"),
        (["Gwent", "Ynys Môn"], "Gwent ac Ynys Môn"),
        (["3", "8"], "3 ac 8"),
        (["9", "10"], "9 a 10"),
    ],
)
def test_welsh_joins_with_ac_before_a_vowel(names: list[str], phrase: str) -> None:
    with speaking("cy"):
        assert join(names) == phrase


def test_one_is_singular() -> None:
    assert [incidents(n) for n in (0, 1, 2, 1200)] == [
        "0 incidents",
        "1 incident",
        "2 incidents",
        "1,200 incidents",
    ]


@pytest.mark.parametrize(("metres", "phrase"), [(800, "800 m"), (1600, "1.6 km"), (3200, "3.2 km")])
def test_distances_are_in_the_unit_people_use(metres: float, phrase: str) -> None:
    assert km(metres) == phrase


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_a_share_says_what_it_is_a_share_of_or_rounds_it_right(part: int, rest: int) -> None:
    total, text = part + rest, share(part, part + rest)
    if part == 0:
        assert text == "none"
    elif total < 10:
        assert text == f"{part} of {total}"
    else:
        stated = int(re.search(r"\d+", text).group()) / 100  # type: ignore[union-attr]
        assert abs(stated - part / total) <= 0.01
        assert (stated == 0) is False
        assert (text == "100%") == (rest == 0)


@given(COUNTS, COUNTS)
def test_a_change_is_claimed_only_where_the_interval_leaves_out_no_change(before: int, now: int) -> None:
    difference = compare(before, now)
    text = change(difference)
    claimed = re.match(r"That is ([\d,]+) (?:\((\d[\d,]*)%\) )?(more|fewer) than a year earlier", text)
    assert bool(claimed) == (before + now >= 10 and difference.direction != "unclear" and difference.reason == "")
    if claimed:
        amount = int(claimed[1].replace(",", ""))
        assert amount == abs(now - before)
        assert claimed[3] == ("more" if now > before else "fewer")
        assert (claimed[2] is None) == (before < 10)
        if claimed[2]:
            assert abs(int(claimed[2].replace(",", "")) - 100 * amount / before) <= 0.5 + 1e-9


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_the_stated_limits_are_the_limits(before: int, now: int) -> None:
    difference = compare(before, now)
    low, high = (float(n.replace(",", "")) for n in re.findall(r"[\d,]+\.\d+", interval(difference)))
    assert (low, high) == pytest.approx((difference.low, difference.high), abs=0.0051)
    assert (low > 1 or high < 1) or difference.direction == "unclear" or 1 in (low, high)


@pytest.mark.parametrize(
    ("before", "now", "text"),
    [
        (300, 310, "That is no clear change from the 300 of a year earlier "),
        (3, 5, "With 3 a year earlier, the numbers are too small to tell a change."),
        (0, 5, "With 0 a year earlier, the numbers are too small to tell a change."),
        (0, 30, "None was recorded a year earlier, so it went from 0 to 30, of which no percentage can be given."),
        (0, 0, "None was recorded a year earlier either."),
        (None, 30, "There is no figure from a year earlier to compare with."),
        (math.nan, 30, "There is no figure from a year earlier to compare with."),
        (4, 30, "That is 26 more than a year earlier "),
        (30, 0, "That is 30 (100%) fewer than a year earlier "),
    ],
)
def test_a_change_says_when_it_cannot_tell(before: float | None, now: int, text: str) -> None:
    assert change(compare(before, now)).startswith(text)


@given(st.integers(0, 80), st.integers(0, 80))
def test_no_sentence_judges_or_shows_a_number_that_is_none(before: int, now: int) -> None:
    text = change(compare(before, now))
    assert not re.search(r"better|worse|improv|inf|nan|∞|–|\{", text)
    assert "occurred" not in text


def test_another_point_of_comparison_can_be_named() -> None:
    assert change(compare(100, 200), since="the quarter before").startswith(
        "That is 100 (100%) more than the quarter before"
    )


def test_empty_sentences_leave_no_gap() -> None:
    assert sentences("One.", "", "Two.") == "One. Two."
    assert sentences("", "") == ""
