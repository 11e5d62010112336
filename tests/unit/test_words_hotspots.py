import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatecrime.words.hotspots import answer

NAMES = ["Gorse Hill", "Clifford", "Longford", "Sale Moor", "Hale Barns", "Bowdon"]


def wards(n: list[int], before: list[int] | None = None) -> pd.DataFrame:
    frame = pd.DataFrame({"label": NAMES[: len(n)], "n": n})
    return frame if before is None else frame.assign(before=before)


def said(n: list[int], before: list[int] | None = None, total: int | None = None) -> str:
    return answer(wards(n, before), sum(n) if total is None else total, "ward", "2016/17")


def test_two_wards_are_named_with_their_share_and_whether_they_were_high_before() -> None:
    assert said([90, 60, 20, 10, 5, 5], [80, 50, 20, 10, 5, 5]) == (
        "Gorse Hill and Clifford hold 79% of the 190 incidents recorded (2016/17). "
        "Both were among the three highest a year earlier, too."
    )


def test_one_ward_far_ahead_of_ties_stands_alone() -> None:
    text = said([90, 20, 20, 20, 20], [1, 30, 30, 30, 5])
    assert text.startswith("Gorse Hill holds 53% of the 170 incidents")
    assert text.endswith("It was not among the three highest a year earlier.")


def test_a_third_ward_that_ties_is_named_too() -> None:
    text = said([90, 60, 60, 10], [90, 60, 60, 10])
    assert text.startswith("Gorse Hill, Clifford and Longford hold 95%")
    assert text.endswith("All three were among the three highest a year earlier, too.")


def test_a_hotspot_that_is_new_is_told_from_one_that_is_not() -> None:
    assert said([90, 60, 20, 10, 5], [80, 2, 20, 10, 5]).endswith(
        "Of these Gorse Hill was among the three highest a year earlier."
    )
    assert said([90, 60, 2, 2, 2], [1, 1, 20, 10, 5]).endswith(
        "None of them was among the three highest a year earlier."
    )


def test_a_ward_that_chance_alone_could_have_put_behind_is_named() -> None:
    text = said([40, 20, 18, 1])
    assert "Longford comes next with 18; chance alone could explain the difference from Clifford (20)." in text
    assert "chance" not in said([90, 60, 10, 1])


def test_wards_level_with_each_other_are_not_ranked() -> None:
    assert said([12, 12, 12, 12]) == "No ward stands out: 4 have the highest count, 12 each (2016/17)."
    assert said([12, 12]) == "No ward stands out: 2 have the highest count, 12 each (2016/17)."


def test_one_ward_alone_holds_everything() -> None:
    assert said([40]) == "Gorse Hill holds 100% of the 40 incidents recorded (2016/17)."


@pytest.mark.parametrize("n", [[], [0, 0]])
def test_nothing_recorded_names_no_ward(n: list[int]) -> None:
    assert said(n) == "No incident is recorded (2016/17)."


def test_incidents_without_a_ward_are_not_put_into_one() -> None:
    assert said([0, 0], total=14) == "14 incidents recorded (2016/17), none with a known ward."
    assert "have a known ward; what follows is about those. Gorse Hill holds 75% of the 40" in said([30, 10], total=80)


def test_few_incidents_are_not_ranked() -> None:
    assert said([4, 2, 1]) == "7 incidents recorded (2016/17): too few to say where there are most."
    assert said([1]).startswith("1 incident recorded")


def test_a_year_earlier_with_next_to_nothing_is_not_spoken_of() -> None:
    assert "earlier" not in said([90, 60, 20], [1, 2, 0])


@given(st.lists(st.integers(0, 300), min_size=2, max_size=6))
def test_the_share_is_that_of_the_wards_named_and_none_left_out_has_more(counts: list[int]) -> None:
    text = said(counts)
    stated = re.match(r"(.+) holds? (?:more than )?(\d+)% of the ([\d,]+) incidents", text)
    if not stated:
        assert "too few" in text or "No " in text
        return
    named = [name for name in NAMES if name in stated[1]]
    frame = wards(counts).set_index("label")["n"]
    assert abs(int(stated[2]) / 100 - frame[named].sum() / sum(counts)) <= 0.01
    assert int(stated[3].replace(",", "")) == sum(counts)
    assert frame[named].min() > frame.drop(named).max() if len(named) < len(frame) else True


def test_where_few_have_a_known_ward_that_is_said_and_shares_are_of_those() -> None:
    text = said([60, 30, 5, 5], total=1000)
    assert text.startswith("Only 100 of 1,000 incidents have a known ward; what follows is about those.")
    assert "Gorse Hill and Clifford hold 90% of the 100 incidents" in text
    assert "Only" not in said([60, 30, 5, 5], total=104)
