import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatecrime.stats.concentration import top_share

COUNTS = st.lists(st.integers(0, 200), min_size=1, max_size=30).map(pd.Series)


def test_the_fullest_areas_come_first_with_what_they_hold() -> None:
    wards = pd.Series({"Hale": 1, "Clifford": 30, "Sale": 24, "Gorse Hill": 45})
    top = top_share(wards, 2)
    assert top.areas == ("Gorse Hill", "Clifford")
    assert (top.n, top.total, top.share) == (75, 100, 0.75)


@given(COUNTS, st.integers(1, 40))
def test_a_share_is_a_share_and_all_areas_hold_everything(counts: pd.Series, k: int) -> None:
    top, everything = top_share(counts, k), top_share(counts, len(counts))
    if counts.sum() == 0:
        assert math.isnan(top.share)
    else:
        assert min(k, len(counts)) / len(counts) <= top.share + 1e-9 <= 1 + 1e-9
        assert everything.share == 1


@given(COUNTS, st.integers(1, 10))
def test_the_order_of_the_areas_does_not_matter(counts: pd.Series, k: int) -> None:
    assert top_share(counts.iloc[::-1], k).n == top_share(counts, k).n


def test_no_incident_has_no_share_and_no_area() -> None:
    top = top_share(pd.Series({"Hale": 0, "Sale": None}), 2)
    assert top.areas == ()
    assert math.isnan(top.share)
    assert top_share(pd.Series(dtype=float), 2).areas == ()


def test_areas_that_tie_with_the_last_one_taken_are_counted() -> None:
    assert top_share(pd.Series({"A": 9, "B": 5, "C": 5, "D": 5, "E": 1}), 2).tied_out == 2


def test_top_none_is_refused() -> None:
    with pytest.raises(ValueError, match="At least one"):
        top_share(pd.Series([1]), 0)
