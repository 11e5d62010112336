"""Shared figures, some of them withheld, beside those of a year earlier."""

import pandas as pd

from hatecrime.periods import Period, quarter_of, year_of

# What tells one cell from another, and from the same one at another time.
CELL = ("measure", "level", "period", "area", "by", "code", "start")


def period_of(kind: str, start: pd.Timestamp) -> Period:
    """
    The period of a kind (month, quarter, year or rolling) that starts on a day.

    >>> period_of("rolling", pd.Timestamp("2016-01-01")).span()
    'January 2016 to December 2016'
    """
    first = start.date()
    if kind == "quarter":
        return quarter_of(first)
    if kind == "year":
        return year_of(first)
    months = 12 if kind == "rolling" else 1
    return Period(first, (start + pd.DateOffset(months=months, days=-1)).date())


def beside_a_year_earlier(cells: pd.DataFrame) -> pd.DataFrame:
    """
    Adds before and before_symbol: the same cell a year earlier.

    Both are missing where there is no such cell; where it is withheld, before is missing and its symbol is given.
    """
    earlier = cells[[*CELL, "n", "symbol"]].rename(columns={"n": "before", "symbol": "before_symbol"})
    earlier = earlier.assign(start=earlier["start"] + pd.DateOffset(years=1))
    return cells.merge(earlier, how="left", on=list(CELL))


def most_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Highest figures first, in their own order where they are level; the withheld ones come last."""
    return rows.sort_values("n", ascending=False, kind="stable", na_position="last").reset_index(drop=True)
