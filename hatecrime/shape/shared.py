"""Selections from the shared table. What is worked out from a withheld cell is withheld with it."""

from collections.abc import Iterable

import pandas as pd


def cells(
    shared: pd.DataFrame,
    *,
    measure: str,
    level: str,
    period: str | None,
    by: str | None = "",
    areas: Iterable[str] | None = None,
    codes: Iterable[str] | None = None,
    start: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """
    The cells of one offer, in the order of the table; areas, codes and start narrow them.

    by "" is the total; None stands for every kind of period, or for every characteristic and the total.
    """
    wanted = (shared["measure"] == measure) & (shared["level"] == level)
    wanted &= _among(shared["area"], areas) & _among(shared["code"], codes)
    for column, value in (("period", period), ("by", by), ("start", start)):
        if value is not None:
            wanted &= shared[column] == value
    return shared[wanted].reset_index(drop=True)


def periods(shared: pd.DataFrame, measure: str, level: str, by: str = "") -> tuple[str, ...]:
    """The kinds of period in which a characteristic is offered at a level, as the settings list them."""
    found = shared[(shared["measure"] == measure) & (shared["level"] == level) & (shared["by"] == by)]
    return tuple(found["period"].unique())


def total(frame: pd.DataFrame) -> object:
    """The sum of the cells; <NA> where one of them is withheld, and 0 where there is none."""
    return frame["n"].sum(skipna=False) if len(frame) else 0


def change(now: pd.Series, before: pd.Series) -> pd.Series:
    """By how much the counts differ; <NA> where either is withheld."""
    return now.astype("Int64") - before.astype("Int64")


def change_percent(now: pd.Series, before: pd.Series) -> pd.Series:
    """The change in percent of before; <NA> where either is withheld or before is 0."""
    base = before.astype("Int64")
    return change(now, before).astype("Float64") * 100 / base.mask(base == 0)


def share_percent(part: pd.Series, whole: pd.Series) -> pd.Series:
    """The part in percent of the whole; <NA> where either is withheld or the whole is 0."""
    base = whole.astype("Int64")
    return part.astype("Int64").astype("Float64") * 100 / base.mask(base == 0)


def rank(n: pd.Series) -> pd.Series:
    """1 for the highest count, equal ones alike; <NA> for all where any is withheld, since a gap would place it."""
    counts = n.astype("Int64")
    if counts.isna().any():
        return counts.mask(counts.notna())
    return counts.rank(ascending=False, method="min").astype("Int64")


def symbols(frame: pd.DataFrame) -> tuple[str, ...]:
    """The symbols that occur, for the key below a table."""
    return tuple(sorted(set(frame["symbol"]) - {""}))


def _among(values: pd.Series, wanted: Iterable[str] | None) -> pd.Series:
    return values.notna() if wanted is None else values.isin(list(wanted))
