import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatecrime.words.trends import answer


def monthly(n: list[int], provisional: int = 0, first: str = "2015-04-01") -> pd.DataFrame:
    months = pd.date_range(first, periods=len(n), freq="MS")
    late = [i >= len(n) - provisional for i in range(len(n))]
    return pd.DataFrame({"month": months, "n": n, "provisional": late})


def test_the_latest_year_is_compared_with_the_year_before() -> None:
    assert answer(monthly([20] * 12 + [30] * 11 + [45])) == (
        "The 12 months to March 2017 hold 375 incidents. "
        "That is 135 (56%) more than a year earlier (95% interval of the ratio 1.33 to 1.85). "
        "The highest month is March 2017 with 45."
    )


def test_provisional_months_are_not_compared() -> None:
    text = answer(monthly([20] * 24 + [1, 1], provisional=2))
    assert text.startswith("The 12 months to March 2017 hold 240 incidents. That is no clear change")
    assert text.endswith("The latest 2 months are provisional and not compared.")
    assert answer(monthly([20] * 24 + [1], provisional=1)).endswith("The latest month is provisional and not compared.")


def test_with_fourteen_months_the_two_that_have_a_year_before_are_compared() -> None:
    assert answer(monthly([10] * 12 + [30, 30])).startswith(
        "The 2 months to May 2016 hold 60 incidents. That is 40 (200%) more than a year earlier"
    )


def test_one_month_is_named_alone() -> None:
    assert answer(monthly([10] * 12 + [11])).startswith("April 2016 holds 11 incidents.")


def test_less_than_a_year_cannot_tell() -> None:
    assert "cannot tell whether it is rising" in answer(monthly([20] * 12))
    assert "rising" in answer(monthly([20]))


@pytest.mark.parametrize("n", [[], [0], [0] * 24])
def test_no_incident_has_no_trend(n: list[int]) -> None:
    assert answer(monthly(n)) == "No incident is recorded in these months."


def test_small_numbers_are_not_called_a_trend_or_a_peak() -> None:
    text = answer(monthly([0] * 12 + [0] * 10 + [1, 2]))
    assert "too small to tell" in text
    assert "highest" not in text


def test_months_that_tie_are_both_highest() -> None:
    assert "The highest months are May 2015 and July 2015 with 40 each." in answer(
        monthly([10, 40, 10, 40] + [10] * 20)
    )


def test_months_need_no_order_and_no_provisional_mark() -> None:
    frame = monthly(list(range(10, 34)))
    assert answer(frame.sample(frac=1, random_state=1).drop(columns="provisional")) == answer(frame)


def test_months_may_come_as_plain_dates() -> None:
    frame = monthly(list(range(10, 34)))
    assert answer(frame.assign(month=frame["month"].dt.date)) == answer(frame)


@given(st.lists(st.integers(0, 60), min_size=24, max_size=40), st.integers(0, 2))
def test_the_stated_counts_are_those_of_the_months(counts: list[int], provisional: int) -> None:
    text = answer(monthly(counts, provisional))
    settled = counts[: len(counts) - provisional] if provisional else counts
    held = re.match(r"The (\d+) months to \w+ \d+ hold ([\d,]+) incident", text)
    if held is None:
        assert sum(counts) == 0
        return
    window = int(held[1])
    assert window == min(12, len(settled) - 12)
    assert int(held[2].replace(",", "")) == sum(settled[-window:])
    more = re.search(r"That is (\d+) (?:\(\d+%\) )?(more|fewer)", text)
    if more:
        earlier = sum(settled[-window - 12 : len(settled) - 12])
        assert sum(settled[-window:]) - earlier == int(more[1]) * (1 if more[2] == "more" else -1)
