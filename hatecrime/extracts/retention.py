"""Records that are too old to be held one by one: incidents are counted by month, the rest is let go.

They are set apart before anything is written, so that not a byte of them reaches the file of the snapshot.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pandas as pd
from duckdb import ColumnExpression, ConstantExpression, StarExpression
from numpy.typing import NDArray

from hatecrime.dictionary import tables
from hatecrime.extracts.load import Loader, Rows
from hatecrime.extracts.staging import Staged, sql
from hatecrime.extracts.terms import nothing
from hatecrime.extracts.write import SNAPSHOT, Held, insert_rows, united
from hatecrime.settings import settings

INCIDENT = "incident"
DATED = (INCIDENT, "referral", "stop_search")


@dataclass(frozen=True)
class Retention:
    """What is held: the records of each table from `first` on, and how many older ones each extract brought."""

    held: dict[str, list[Held]] = field(default_factory=dict)
    first: dt.date | None = None
    aggregated: dict[int, int] = field(default_factory=dict)

    def held_labels(self, con: duckdb.DuckDBPyConnection, sets: pd.DataFrame) -> pd.DataFrame:
        """The combinations of strands; a label that only older records carried is let go with them."""
        if self.first is None:
            return sets
        held = con.table(f"{SNAPSHOT}.{INCIDENT}").select("strand_set").distinct().df()["strand_set"]
        return sets.assign(label=sets["label"].where(sets["strand_set"].isin(held)))

    def withhold(self, con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
        """Empty the refused values of older records."""
        day = staged.mapping.day
        if self.first is None or day is None or staged.mapping.table not in self.held:
            return
        older = con.table(staged.table).filter(ColumnExpression(day).cast("DATE") < ConstantExpression(self.first))
        rows = older.select(ColumnExpression("rowid").alias("row")).df()["row"]
        staged.rejects = [
            frame.assign(value=frame["value"].mask(frame["row"].isin(rows))) if "row" in frame else frame
            for frame in staged.rejects
        ]


def retain(con: duckdb.DuckDBPyConnection, loaders: Sequence[Loader]) -> Retention:
    """Set apart what is older than the settings allow, and write the months of the incidents among it."""
    kept = {table: [(each, each.kept()) for each in loaders if each.table == table] for table in DATED}
    years = settings().keep_years
    last = _last_day(kept) if years else None
    if last is None:
        return Retention(kept)
    first = dt.date(max(last.year - years, 1), last.month, 1)
    held: dict[str, list[Held]] = {}
    aggregated: dict[int, int] = {}
    for table, extracts in kept.items():
        early = [_before(loader, rows, first) for loader, rows in extracts]
        older = [(loader, rows[before]) for (loader, rows), before in zip(extracts, early, strict=True)]
        held[table] = [(loader, rows[~before]) for (loader, rows), before in zip(extracts, early, strict=True)]
        aggregated |= {loader.staged.extract_id: rows.size for loader, rows in older if rows.size}
        if table == INCIDENT and extracts:
            _write_months(con, older)
    return Retention(held, first, aggregated)


def _last_day(kept: dict[str, list[Held]]) -> dt.date | None:
    """The last day of the first table that has any records, as queries/build/last_day.sql has it."""
    for extracts in kept.values():
        days = [loader.days()[rows].max() for loader, rows in extracts if rows.size]
        if days:
            return max(days).astype("datetime64[D]").item()
    return None


def _write_months(con: duckdb.DuckDBPyConnection, older: list[Held]) -> None:
    records = united([loader.rows(rows) for loader, rows in older])
    texts = [c for c in tables()[INCIDENT] if not c.derived or c.name in records.columns]
    lacking = [nothing(c.type).alias(c.name) for c in texts if c.name not in records.columns]
    con.register("older_now", records.select(StarExpression(), *lacking).to_arrow_table())
    insert_rows(con, con.sql(sql("incident_month")), "incident_month")
    con.unregister("older_now")


def _before(loader: Loader, rows: Rows, first: dt.date) -> NDArray[np.bool_]:
    return loader.days()[rows] < np.datetime64(first)
