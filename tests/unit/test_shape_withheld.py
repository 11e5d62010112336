"""Shared cells beside those of a year earlier."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from hatecrime.shape.withheld import CELL, beside_a_year_earlier, most_first, period_of


def cells(*given: tuple[str, int | None]) -> pd.DataFrame:
    n = pd.array([pd.NA if each is None else each for _start, each in given], dtype="Int64")
    frame = pd.DataFrame(dict.fromkeys(CELL, "x"), index=range(len(given)))
    return frame.assign(
        start=pd.to_datetime([start for start, _n in given]), n=n, symbol=["c" if x else "" for x in n.isna()]
    )


def test_a_withheld_year_before_has_its_symbol_and_no_figure() -> None:
    rows = beside_a_year_earlier(cells(("2015-04-01", None), ("2016-04-01", 12))).set_index("start")
    now = rows.loc["2016-04-01"]
    assert pd.isna(now["before"]) and now["before_symbol"] == "c"


def test_a_year_that_is_not_there_has_neither_figure_nor_symbol() -> None:
    (row,) = beside_a_year_earlier(cells(("2016-04-01", 12))).itertuples()
    assert pd.isna(row.before) and pd.isna(row.before_symbol)


def test_zero_is_a_figure() -> None:
    rows = beside_a_year_earlier(cells(("2015-04-01", 0), ("2016-04-01", 12)))
    assert rows["before"].tolist()[1] == 0


def test_nothing_gives_nothing() -> None:
    assert beside_a_year_earlier(cells()).empty


def test_withheld_figures_come_last() -> None:
    assert most_first(cells(("2015-04-01", None), ("2016-04-01", 3), ("2014-04-01", 9)))["n"].tolist()[:2] == [9, 3]


@pytest.mark.parametrize(
    ("kind", "start", "last"),
    [
        ("month", "2016-02-01", date(2016, 2, 29)),
        ("quarter", "2017-01-01", date(2017, 3, 31)),
        ("year", "2016-04-01", date(2017, 3, 31)),
        ("rolling", "2016-01-01", date(2016, 12, 31)),
    ],
)
def test_a_period_ends_when_its_kind_says(kind: str, start: str, last: date) -> None:
    assert period_of(kind, pd.Timestamp(start)).finish == last
