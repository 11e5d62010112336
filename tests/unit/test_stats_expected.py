import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hatecrime.stats.expected import share_out, surprise

REPORTS = st.integers(0, 200)
EXPECTED = st.floats(0.01, 200)


@pytest.mark.parametrize(
    ("expected", "verdict"), [(0, "cannot_tell"), (0.5, "cannot_tell"), (3.6, "cannot_tell"), (3.7, "fewer")]
)
def test_silence_is_a_surprise_only_where_reports_were_expected(expected: float, verdict: str) -> None:
    silence = surprise(0, expected)
    assert silence.verdict == verdict
    assert silence.p_as_few == pytest.approx(math.exp(-expected))
    assert silence.p_as_many == 1


@given(REPORTS, EXPECTED)
def test_chances_are_those_of_the_poisson_distribution(observed: int, expected: float) -> None:
    result = surprise(observed, expected)
    terms = [stats.poisson.pmf(k, expected) for k in range(observed + 1)]
    assert result.p_as_few == pytest.approx(sum(terms), rel=1e-6, abs=1e-12)
    assert result.p_as_few + result.p_as_many == pytest.approx(1 + terms[-1], rel=1e-6)


@given(REPORTS, EXPECTED)
def test_the_verdict_goes_with_the_interval(observed: int, expected: float) -> None:
    result = surprise(observed, expected)
    assert result.low <= result.ratio <= result.high
    assert (result.verdict == "fewer") == (result.high < 1)
    assert (result.verdict == "more") == (result.low > 1)


def test_as_many_as_expected_is_as_expected() -> None:
    assert surprise(12, 12).verdict == "as_expected"


def test_many_more_than_expected_is_more() -> None:
    assert surprise(30, 12).verdict == "more"


def test_reports_where_none_are_expected_have_no_ratio() -> None:
    result = surprise(2, 0)
    assert math.isnan(result.ratio)
    assert result.verdict == "cannot_tell"


@pytest.mark.parametrize("counts", [(-1, 3), (3, -1)])
def test_negative_reports_are_refused(counts: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="negative"):
        surprise(*counts)


@given(st.integers(0, 500), st.lists(st.integers(0, 300), min_size=1, max_size=12))
def test_shared_out_reports_add_up_to_all_reports(total: int, weights: list[int]) -> None:
    expected = share_out(total, pd.Series(weights))
    assert expected.sum() == pytest.approx(total if sum(weights) else 0)
    assert (expected >= 0).all()


def test_a_centre_with_no_incident_near_is_expected_to_take_none() -> None:
    expected = share_out(8, pd.Series({"Library": 0, "College": 4, "Hub": None}))
    assert expected.to_dict() == {"Library": 0, "College": 8, "Hub": 0}
