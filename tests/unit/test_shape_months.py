"""Counts by month, without gaps."""

from datetime import date

import pandas as pd
import pytest

from hatecrime.database import Facts
from hatecrime.filters import Filters
from hatecrime.shape.months import complete_months, same_month_last_year

FACTS = Facts("toy", 1, "EPSG:27700", date(2017, 3, 31), date(2017, 3, 31), True, False)
SUMMER = Filters(start=date(2016, 6, 1), finish=date(2016, 8, 31))


def monthly(rows, *columns) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["month", *columns, "n"])
    return frame.assign(month=pd.to_datetime(frame["month"]).astype("datetime64[us]"))


def test_a_month_without_incidents_is_a_zero_not_a_gap():
    found = complete_months(monthly([("2016-06-01", 3), ("2016-08-01", 1)]), SUMMER)

    assert found["n"].tolist() == [3, 0, 1]
    assert found["n"].dtype == "int64"


def test_every_group_has_every_month_in_order():
    rows = [("2016-08-01", "race", 1), ("2016-07-01", "disability", 2)]

    found = complete_months(monthly(rows, "strand"), SUMMER, ("strand",))

    assert found["strand"].tolist() == ["disability"] * 3 + ["race"] * 3
    assert found["n"].tolist() == [0, 2, 0, 0, 0, 1]
    assert found["month"].is_monotonic_increasing is False


def test_two_groups_are_completed_as_they_occur_together():
    rows = [("2016-06-01", "race", "crime", 1), ("2016-06-01", "age", "non_crime", 1)]

    found = complete_months(monthly(rows, "strand", "kind"), SUMMER, ("strand", "kind"))

    assert len(found) == 2 * 3


def test_a_period_without_any_incident_is_all_zeros():
    assert complete_months(monthly([]), SUMMER)["n"].tolist() == [0, 0, 0]


def test_no_group_at_all_is_no_row():
    assert complete_months(monthly([], "strand"), SUMMER, ("strand",)).empty


def test_nothing_known_of_the_period_is_no_month():
    assert complete_months(monthly([]), Filters()).empty


def test_an_open_end_goes_from_the_first_incident_to_the_last_complete_month():
    found = complete_months(monthly([("2016-12-01", 1)]), Filters(), facts=FACTS)

    assert [day.month for day in found["month"]] == [12, 1, 2, 3]


def test_incidents_without_a_date_are_left_out():
    found = complete_months(monthly([("2016-06-01", 3), (None, 9)]), SUMMER)

    assert found["n"].sum() == 3


def test_the_latest_two_months_are_provisional():
    year = Filters(start=date(2016, 12, 1), finish=date(2017, 3, 31))

    found = complete_months(monthly([]), year, facts=FACTS)

    assert found["provisional"].tolist() == [False, False, True, True]


def test_a_month_after_the_last_complete_one_is_provisional_too():
    found = complete_months(monthly([("2017-04-01", 1)]), Filters(finish=date(2017, 4, 30)), facts=FACTS)

    assert found["provisional"].tolist() == [True]


@pytest.fixture
def two_years() -> pd.DataFrame:
    months = pd.date_range("2015-04-01", periods=24, freq="MS")
    rows = [(month, strand, n) for strand, n in (("age", 1), ("race", 10)) for month in months]
    return monthly(rows, "strand")


def test_the_same_month_last_year_is_looked_up_within_each_group(two_years):
    two_years["n"] = range(len(two_years))

    found = same_month_last_year(two_years, ("strand",))

    assert found["last_year"].isna().sum() == 24
    assert (found["n"] - found["last_year"]).dropna().unique().tolist() == [12.0]


def test_one_series_needs_no_group():
    months = [(month, 2) for month in pd.date_range("2016-04-01", periods=13, freq="MS")]

    assert same_month_last_year(monthly(months))["last_year"].tolist()[-1] == 2
