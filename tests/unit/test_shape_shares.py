"""Shares by quarter: no quarter lost, no share of too few."""

import pandas as pd

from hatecrime.shape.shares import by_quarter, spans


def frame(*rows: tuple[str, int, int]) -> pd.DataFrame:
    known = pd.DataFrame(rows, columns=["period", "part", "total"])
    return known.assign(period=pd.to_datetime(known["period"]))


def test_a_quarter_without_anyone_is_a_row_without_a_share() -> None:
    rows = by_quarter(frame(("2016-04-01", 5, 20), ("2016-10-01", 8, 20)), "part", "total")
    assert rows["label"].tolist() == ["Q1 2016/17", "Q2 2016/17", "Q3 2016/17"]
    assert rows["total"].tolist() == [20, 0, 20]
    assert rows["share"].isna().tolist() == [False, True, False]


def test_nine_are_too_few_and_ten_are_enough() -> None:
    rows = by_quarter(frame(("2016-04-01", 3, 9), ("2016-07-01", 3, 10)), "part", "total")
    assert rows["share"].isna().tolist() == [True, False]
    assert rows["share"].iloc[1] == 30
    assert rows["low"].iloc[1] < 30 < rows["high"].iloc[1]


def test_nothing_at_all_is_an_empty_table() -> None:
    assert by_quarter(frame(), "part", "total").empty


def test_the_two_halves_hold_everything_once() -> None:
    rows = by_quarter(frame(("2016-04-01", 5, 20), ("2016-07-01", 6, 30), ("2016-10-01", 8, 40)), "part", "total")
    halves = spans(rows, pd.Timestamp("2016-07-01"))
    assert halves["part"].tolist() == [5, 14]
    assert halves["total"].tolist() == [20, 70]
    assert halves[["first", "last"]].to_numpy().tolist() == [["Q1 2016/17", "Q1 2016/17"], ["Q2 2016/17", "Q3 2016/17"]]


def test_a_day_before_everything_leaves_one_half() -> None:
    rows = by_quarter(frame(("2016-04-01", 5, 20)), "part", "total")
    assert len(spans(rows, pd.Timestamp("2016-04-01"))) == 1
