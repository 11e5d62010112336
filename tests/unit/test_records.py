"""Tables to take away: words that look like formulas stay words, figures stay figures."""

from io import BytesIO

import pandas as pd
import pytest

from hatecrime.ui.records import to_csv, without_formulas


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert without_formulas(pd.DataFrame({"value": [text]}))["value"].tolist() == [f"'{text}"]


@pytest.mark.parametrize("text", ["Sale", "-12.5", "+44", "23/06/2016", ""])
def test_any_other_text_is_left_as_it_is(text: str) -> None:
    assert without_formulas(pd.DataFrame({"value": [text]}))["value"].tolist() == [text]


def test_figures_and_missing_values_are_left_as_they_are() -> None:
    frame = pd.DataFrame({"n": [-1, 2], "value": [None, "x"]})
    kept = without_formulas(frame)
    assert kept["n"].tolist() == [-1, 2]
    assert kept["value"].isna().tolist() == [True, False]


def test_a_file_begins_with_a_mark_that_says_how_it_is_written_and_reads_back_whole() -> None:
    frame = pd.DataFrame({"name": ["Llanelli", "Tŷ Ddewi", '=HYPERLINK("x")'], "n": [1, 2, 3]})
    written = to_csv(frame)
    assert written.startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(BytesIO(written))
    assert back["name"].tolist() == ["Llanelli", "Tŷ Ddewi", '\'=HYPERLINK("x")']
    assert back["n"].tolist() == [1, 2, 3]
