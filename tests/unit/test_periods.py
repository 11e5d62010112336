from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatecrime.i18n import speaking
from hatecrime.periods import Period, latest, months, names, quarter_label, quarter_of, year_label, year_of

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2016, 3, 31), "Q4 2015/16"),
        (date(2016, 4, 1), "Q1 2016/17"),
        (date(2016, 7, 1), "Q2 2016/17"),
        (date(2016, 12, 31), "Q3 2016/17"),
    ],
)
def test_quarters_are_financial(day: date, label: str) -> None:
    assert quarter_label(day) == label
    assert quarter_of(day).label() == label


def test_the_year_that_crosses_a_century_keeps_two_digits() -> None:
    assert year_label(date(1999, 4, 1)) == "1999/00"


@given(DAYS)
def test_every_day_lies_in_its_own_quarter_and_year(day: date) -> None:
    quarter, year = quarter_of(day), year_of(day)
    assert quarter.start <= day <= quarter.finish
    assert year.start <= quarter.start and quarter.finish <= year.finish
    assert len(months(quarter)) == 3 and len(months(year)) == 12


@given(DAYS)
def test_quarters_follow_each_other_without_gap_or_overlap(day: date) -> None:
    quarter = quarter_of(day)
    assert quarter_of(quarter.finish + timedelta(days=1)).start == quarter.finish + timedelta(days=1)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (Period(date(2017, 2, 1), date(2017, 2, 28)), Period(date(2016, 2, 1), date(2016, 2, 29))),
        (Period(date(2016, 2, 1), date(2016, 2, 29)), Period(date(2015, 2, 1), date(2015, 2, 28))),
        (Period(date(2016, 2, 29), date(2016, 3, 5)), Period(date(2015, 2, 28), date(2015, 3, 5))),
        (Period(date(2016, 6, 24), date(2016, 7, 7)), Period(date(2015, 6, 24), date(2015, 7, 7))),
        (Period(date(2016, 4, 1), date(2017, 3, 31)), Period(date(2015, 4, 1), date(2016, 3, 31))),
        (Period(date(2017, 2, 15), date(2017, 2, 28)), Period(date(2016, 2, 15), date(2016, 2, 28))),
    ],
)
def test_the_same_days_a_year_before_survive_february(period: Period, before: Period) -> None:
    assert period.previous_year() == before


@given(DAYS)
def test_whole_months_stay_whole_months_a_year_before(day: date) -> None:
    assert len(months(quarter_of(day).previous_year())) == 3
    assert quarter_of(day).previous_year().whole_months


@pytest.mark.parametrize(
    ("period", "label"),
    [
        (Period(date(2016, 6, 1), date(2016, 6, 30)), "June 2016"),
        (Period(date(2016, 6, 23), date(2016, 6, 23)), "23 June 2016"),
        (Period(date(2016, 6, 1), date(2016, 6, 29)), "1 June 2016 to 29 June 2016"),
        (Period(date(2016, 2, 1), date(2017, 1, 31)), "February 2016 to January 2017"),
        (Period(date(2015, 4, 1), date(2017, 3, 31)), "April 2015 to March 2017"),
    ],
)
def test_a_period_is_called_what_people_call_it(period: Period, label: str) -> None:
    assert period.label() == label


def test_a_period_speaks_welsh() -> None:
    with speaking("cy"):
        assert Period(date(2016, 2, 1), date(2017, 1, 31)).label() == "Chwefror 2016 i Ionawr 2017"
        assert quarter_label(date(2016, 4, 1)) == "Ch1 2016/17"


def test_a_period_cannot_finish_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Period(date(2016, 2, 1), date(2016, 1, 31))


@pytest.mark.parametrize(
    ("name", "today", "expected"),
    [
        ("12m", date(2017, 3, 31), Period(date(2016, 4, 1), date(2017, 3, 31))),
        ("12m", date(2017, 4, 12), Period(date(2016, 4, 1), date(2017, 3, 31))),
        ("12m", date(2016, 2, 29), Period(date(2015, 3, 1), date(2016, 2, 29))),
        ("quarter", date(2017, 3, 31), Period(date(2017, 1, 1), date(2017, 3, 31))),
        ("quarter", date(2017, 3, 30), Period(date(2016, 10, 1), date(2016, 12, 31))),
        ("year", date(2016, 4, 30), Period(date(2016, 4, 1), date(2016, 4, 30))),
        ("year", date(2017, 3, 31), Period(date(2016, 4, 1), date(2017, 3, 31))),
        ("last_year", date(2017, 3, 31), Period(date(2015, 4, 1), date(2016, 3, 31))),
        ("last_year", date(2016, 4, 30), Period(date(2015, 4, 1), date(2016, 3, 31))),
        ("36m", date(2017, 3, 31), Period(date(2014, 4, 1), date(2017, 3, 31))),
    ],
)
def test_named_periods_hold_complete_months_up_to_today(name: str, today: date, expected: Period) -> None:
    assert latest(name, today) == expected


def test_all_starts_with_the_data() -> None:
    assert latest("all", date(2017, 3, 31), date(2013, 4, 3)) == Period(date(2013, 4, 3), date(2017, 3, 31))
    with pytest.raises(ValueError, match="first day"):
        latest("all", date(2017, 3, 31))


@given(st.sampled_from([name for name in names() if name != "all"]), DAYS)
def test_no_named_period_reaches_beyond_today(name: str, today: date) -> None:
    period = latest(name, today)
    assert period.finish <= today
    assert period.whole_months


def test_an_unknown_period_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(ValueError, match="12m"):
        latest("fortnight", date(2017, 3, 31))


def test_the_months_of_a_period_include_those_it_only_touches() -> None:
    assert months(Period(date(2016, 11, 30), date(2017, 1, 1))) == [
        date(2016, 11, 1),
        date(2016, 12, 1),
        date(2017, 1, 1),
    ]
