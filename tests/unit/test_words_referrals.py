import re

from hypothesis import given
from hypothesis import strategies as st

from hatecrime.words.referrals import answer


def test_referrals_and_the_share_of_self_referrals_come_with_their_intervals() -> None:
    assert answer(1420, 1400, 140, 70, "2016/17", "Wales") == (
        "1,420 referrals are recorded for Wales (2016/17). "
        "That is no clear change from the 1,400 of a year earlier (95% interval of the ratio 0.94 to 1.09). "
        "Self-referrals: 140 of 1,420, 9.9% (95% interval 8.4% to 11.5%). "
        "That is a larger share than the 5.0% of a year earlier (95% interval of the ratio 1.47 to 2.67)."
    )


def test_more_self_referrals_among_as_many_more_referrals_are_no_larger_share() -> None:
    assert "no clear change from the 10.0% of a year earlier" in answer(2000, 1000, 200, 100, "2016/17", "Wales")


def test_a_smaller_share_is_said_as_plainly() -> None:
    assert "a smaller share than the 10.0%" in answer(1000, 1000, 50, 100, "2016/17", "Wales")


def test_few_self_referrals_cannot_tell() -> None:
    text = answer(120, 110, 5, 3, "Q1 2016/17", "Gwent")
    assert text.endswith("That is too few to tell whether their share changed.")


def test_few_referrals_have_no_percentage() -> None:
    text = answer(8, 3, 1, 0, "June 2016", "Powys")
    assert text.endswith("Self-referrals: 1 of 8. That is too few to tell whether their share changed.")


def test_no_referral_has_no_share() -> None:
    assert answer(0, 0, 0, 0, "June 2016", "Powys") == (
        "No referral is recorded for Powys (June 2016). None was recorded a year earlier either."
    )


def test_one_referral_is_singular() -> None:
    assert answer(1, None, 0, None, "June 2016", "Powys").startswith("1 referral is recorded")


def test_without_a_year_earlier_the_share_stands_alone() -> None:
    text = answer(200, None, 20, None, "2013/14", "Wales")
    assert text.endswith("Self-referrals: 20 of 200, 10.0% (95% interval 6.6% to 14.9%).")


@given(st.integers(10, 3000), st.data())
def test_the_stated_share_is_that_of_the_counts(now: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, now))
    stated = re.search(
        r"Self-referrals: ([\d,]+) of ([\d,]+), ([\d.]+)% \(95% interval ([\d.]+)% to ([\d.]+)%",
        answer(now, None, part, None, "2016/17", "Wales"),
    )
    assert stated
    assert [int(stated[i].replace(",", "")) for i in (1, 2)] == [part, now]
    share, low, high = (float(stated[i]) for i in (3, 4, 5))
    assert abs(share - 100 * part / now) <= 0.05 + 1e-9
    assert low <= share <= high
