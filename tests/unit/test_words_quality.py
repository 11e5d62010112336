"""The sentences about quality name the weakest point, give small numbers as counts, and call nothing good or bad."""

import pandas as pd
import pytest

from hatecrime.dictionary import code_list
from hatecrime.shape.quality import INCIDENT_FIELDS, REFERRAL_FIELDS, SEVERITIES
from hatecrime.words import quality as words

WEAK = pd.Series({"source": "gmp", "field": "ethnicity", "filled": 69, "due": 100})


def test_the_answer_names_the_weakest_point_the_refusals_and_what_to_mend() -> None:
    assert words.answer(WEAK, 1000, 4, 2, "2016/17") == (
        "The weakest point is ethnicity in what gmp sends: it is filled in 69% of 100 records "
        "(2016/17; 95% interval 59.4% to 77.2%). "
        "4 of the 1,000 rows read were refused. 2 records contradict themselves and are to be mended."
    )


def test_one_is_said_as_one() -> None:
    said = words.answer(WEAK, 1000, 1, 1, "2016/17")
    assert "1 of the 1,000 rows read was refused. 1 record contradicts itself and is to be mended." in said


def test_nothing_to_mend_is_said() -> None:
    assert words.answer(WEAK, 10, 0, 0, "2016/17").endswith("No record contradicts itself.")


def test_too_few_records_are_said_instead_of_a_weakest_point() -> None:
    assert words.answer(None, 10, 0, 0, "2016/17").startswith("In 2016/17 too few records came")


def test_without_an_extract_there_is_nothing_to_rely_on() -> None:
    assert words.answer(None, 0, 0, 0, "2016/17") == "No extract is loaded, so there is nothing to rely on yet."


@pytest.mark.parametrize("field", [*INCIDENT_FIELDS, *REFERRAL_FIELDS])
def test_every_field_has_a_name(field: str) -> None:
    assert words.field_name(field)


@pytest.mark.parametrize("severity", SEVERITIES)
def test_every_severity_says_what_is_to_be_done(severity: str) -> None:
    assert words.severity_name(severity)


@pytest.mark.parametrize(
    ("filled", "due", "said"),
    [
        (0, 0, "–"),
        (0, 9, "0 of 9"),
        (9, 9, "9 of 9"),
        (0, 10, "0%"),
        (10, 10, "100%"),
        (199, 200, ">99%"),
        (1, 200, "<1%"),
    ],
)
def test_a_cell_never_rounds_a_gap_away_and_gives_small_numbers_as_counts(filled: int, due: int, said: str) -> None:
    assert words.figure(filled, due) == said


def test_a_field_that_never_comes_is_not_called_empty() -> None:
    found = pd.DataFrame(
        {
            "source": ["a", "a", "b", "b"],
            "field": ["ward", "sex", "ward", "centre"],
            "due": [5, 5, 5, 0],
            "sent": [False, True, False, False],
        }
    )
    assert words.never_sent(found) == "a never sends: ward. b never sends: ward."
    assert words.never_sent(found[found["sent"]]) == ""


def test_a_low_count_may_be_a_missing_flag() -> None:
    assert words.missing_flag().startswith("A low count can be a missing flag rather than a low number")


def test_the_slowest_source_is_named_with_its_share() -> None:
    slow = pd.DataFrame(
        {
            "source": ["a", "b"],
            "dated": [100, 200],
            "lag_median": [1.0, 2.0],
            "late": [3, 20],
            "late_share": [0.03, 0.1],
        }
    )
    said = "In b half of the incidents are recorded within 2 days, and 10% after more than 60 days"
    assert words.timeliness(slow, 60) == said


def test_unknown_lags_are_said() -> None:
    empty = pd.DataFrame({"source": ["a"], "dated": [0], "lag_median": [None], "late": [0], "late_share": [None]})
    assert words.timeliness(empty, 60) == "How soon incidents are recorded is not known"


def test_the_latest_month_passes_over_provisional_ones() -> None:
    months = pd.DataFrame(
        {
            "source": ["a", "b", "a"],
            "month": pd.to_datetime(["2017-01-01", "2017-01-01", "2017-02-01"]),
            "value": [70.0, 80.4, 10.0],
            "provisional": [False, False, True],
        }
    )
    assert words.latest("Sex filled", months) == "Sex filled, January 2017: a 70% and b 80%"
    assert words.latest("Sex filled", months[months["provisional"]]) == "Sex filled, February 2017: a 10%"
    assert words.latest("Sex filled", months[:0]) == "Sex filled: too few records"


def test_sources_are_compared_only_where_there_are_two() -> None:
    one = pd.DataFrame({"source": ["a", "b"], "complete": [0.5, None]})
    assert words.sources(one) == "Every source, by five measures"


def test_self_referrals_stand_beside_a_year_earlier() -> None:
    assert words.self_share((10, 100), (10, 100), "2016/17").endswith("no clear change from 10.0% a year earlier.")
    assert words.self_share((50, 1000), (100, 1000), "2016/17").endswith("down from 10.0% a year earlier.")
    assert words.self_share((1, 9), (100, 1000), "2016/17").startswith("Too few referrals")


def test_labels_of_fields_agree_with_the_code_lists() -> None:
    assert words.field_name("district") == code_list("area_level").label("district")
    assert words.field_name("ward") == code_list("area_level").label("ward")
