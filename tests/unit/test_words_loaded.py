"""What the data page says of a load: nothing, one, many; with and without a day."""

import pandas as pd
import pytest

from hatecrime.words.loaded import answer, changed


def extract(new: int, changed: int, withdrawn: int, received: str | None = "2017-04-30") -> pd.DataFrame:
    """The rows of one extract, with a field that changed among them."""
    rows = [
        ("new", None, new),
        ("changed", None, changed),
        ("changed", "kind", changed),
        ("withdrawn", None, withdrawn),
    ]
    frame = pd.DataFrame(rows, columns=["change", "field", "n"])
    return frame.assign(file="again.csv", received_on=pd.Timestamp(received) if received else pd.NaT)


@pytest.mark.parametrize(
    ("counts", "quarters", "said"),
    [
        ((1234, 37, 3), 2, "brought 1,234 new records, changed 37 and withdrew 3; figures moved in 2 quarters."),
        ((1, 0, 0), 1, "brought 1 new record, changed none and withdrew none; figures moved in 1 quarter."),
        ((0, 1, 0), 0, "brought no new record, changed 1 and withdrew none; the figure of no quarter moved."),
        ((0, 0, 0), 0, "changed nothing."),
    ],
)
def test_an_extract_says_what_it_did(counts, quarters, said):
    assert changed(extract(*counts), quarters) == f"The extract of 30 April 2017 (again.csv) {said}"


def test_an_extract_without_a_day_goes_by_its_name():
    assert changed(extract(0, 0, 0, None), 0) == "The extract again.csv changed nothing."


def test_rows_a_later_extract_replaced_or_withdrew_stand_apart_from_folded_ones():
    rows = {
        "file": ["a.csv", "b.csv"],
        "rows_read": [260, 241],
        "rows_kept": [0, 241],
        "rows_refused": [0, 0],
        "rows_collapsed": [260, 0],
        "rows_updated": [0, 239],
        "rows_withdrawn": [0, 20],
        "values_refused": [0, 0],
    }
    said = answer(pd.DataFrame(rows), pd.DataFrame({"n": [0]}))
    assert "0 refused and 1 folded into others, 239 replaced and 20 withdrawn by a later extract." in said
    assert "Every row is accounted for." in said
