"""Tables to take away: words that look like formulas stay words, figures stay figures."""

from io import BytesIO

import pandas as pd
import pytest

from hatecrime.settings import root
from hatecrime.shape.cells import without_formulas
from hatecrime.ui.records import to_csv


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "-inf", "+1_000"]
)
def test_a_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert without_formulas(pd.DataFrame({"value": [text]}))["value"].tolist() == [f"'{text}"]


@pytest.mark.parametrize("text", ["Sale", "-12.5", "-5", "+44", "-1,234", "-1e-3", "-3.2%", "23/06/2016", ""])
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


def test_codes_and_headers_are_made_harmless_too() -> None:
    frame = pd.DataFrame({"=cmd": pd.Categorical(["=1+1", "Sale"])})
    kept = without_formulas(frame)
    assert list(kept.columns) == ["'=cmd"]
    assert kept["'=cmd"].tolist() == ["'=1+1", "Sale"]


def test_an_empty_table_has_its_header_alone() -> None:
    assert to_csv(pd.DataFrame({"name": [], "n": []})) == b'\xef\xbb\xbf"name","n"\n'


def test_every_table_that_is_written_has_gone_through_the_same_gate() -> None:
    """The sample writes files of its own making; everything else that becomes CSV may hold a partner's words."""
    own = root() / "hatecrime" / "sample"
    paths = [path for path in (root() / "hatecrime").rglob("*.py") if own not in path.parents]
    written = [line for path in paths for line in path.read_text().splitlines() if ".to_csv(" in line]
    assert len(written) >= 2
    assert [line for line in written if "without_formulas(" not in line] == []
