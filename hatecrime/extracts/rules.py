"""Values that contradict each other: the value is refused and put on record, the record is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import duckdb
import pandas as pd
from duckdb import ColumnExpression, ConstantExpression, Expression

from hatecrime.extracts.areas import Areas
from hatecrime.extracts.staging import Staged


@dataclass(frozen=True)
class Rule:
    """`column` cannot stand before `other` (or, with after=True, after it)."""

    table: str
    column: str
    other: str
    reason: str
    after: bool = False

    def broken(self) -> Expression:
        value, limit = (ColumnExpression(name).cast(self.unit()) for name in (self.column, self.other))
        return value > limit if self.after else value < limit

    def unit(self) -> str:
        return "TIMESTAMP" if self.column == "occurred_to" else "DATE"


RULES = (
    Rule("incident", "occurred_to", "occurred_from", "end_before_start"),
    Rule("incident", "occurred_from", "recorded_on", "occurred_after_recorded", after=True),
    Rule("incident", "outcome_on", "recorded_on", "outcome_before_recorded"),
)


def apply_rules(con: duckdb.DuckDBPyConnection, staged: Staged, areas: Areas, look_ups: dict[str, str]) -> None:
    """Refuse each value that breaks a rule of its table, and each area that was not valid on the day of its record.

    `look_ups` are the tables from texts to codes, by column.
    """
    for rule in RULES:
        if rule.table == staged.mapping.table and staged.has(rule.column) and staged.has(rule.other):
            refuse_values(con, staged, rule.column, rule.broken(), rule.reason)
    day = staged.mapping.day
    for level in areas.levels():
        if day and staged.has(level):
            _refuse_wrong_era(con, staged, areas, level, look_ups[level], day)


def refuse_future(con: duckdb.DuckDBPyConnection, staged: Staged, day: str, received: dt.date) -> None:
    """Refuse records dated after the extract was received."""
    late = ColumnExpression(day).cast("DATE") > ConstantExpression(received)
    staged.refuse(_offending(con, staged, day, late), "future_date", staged.mapping.told(day), whole=True)


def _refuse_wrong_era(
    con: duckdb.DuckDBPyConnection, staged: Staged, areas: Areas, level: str, look_up: str, day: str
) -> None:
    moment = ColumnExpression(day).cast("DATE")
    for text, code in con.table(look_up).select(f"{level}__from", f"{level}__code").fetchall():
        area = areas.by_code.get(code)
        if area and (area.valid_from or area.valid_to):
            early = moment < ConstantExpression(area.valid_from or dt.date.min)
            late = moment > ConstantExpression(area.valid_to or dt.date.max)
            wrong = (ColumnExpression(level) == ConstantExpression(text)) & (early | late)
            refuse_values(con, staged, level, wrong, "area_wrong_era")


def refuse_values(con: duckdb.DuckDBPyConnection, staged: Staged, column: str, wrong: Expression, reason: str) -> None:
    """Put the values on record and empty them in the staging table."""
    rows = _offending(con, staged, column, wrong)
    if len(rows):
        staged.refuse(rows, reason, staged.mapping.told(column), whole=False)
        staged.empty(con, column, wrong)


def _offending(con: duckdb.DuckDBPyConnection, staged: Staged, column: str, wrong: Expression) -> pd.DataFrame:
    hit = con.table(staged.table).filter(wrong)
    value = ColumnExpression(column).cast("VARCHAR").alias("value")
    return hit.select(ColumnExpression("rowid").alias("row"), value).df()
