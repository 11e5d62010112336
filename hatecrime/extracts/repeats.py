"""The same reference again: identical records are folded into one, later extracts replace earlier ones."""

from __future__ import annotations

import duckdb
import pandas as pd
from duckdb import ColumnExpression, StarExpression

from hatecrime.extracts.staging import Staged, sql

REF = "ref"
OWN_KEY = {"reporting_centre": "centre_id", "candidate_venue": "venue_id"}


def fold_repeats(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Within one extract: identical rows of one reference count once; a row that differs is refused (or kept)."""
    key = _key(staged)
    if key is None:
        return
    con.table(staged.table).select(ColumnExpression(key).alias("ref")).create_view("references_now", replace=True)
    repeated = con.sql(sql("repeated_refs"))
    if not repeated.limit(1).fetchall():
        return
    rows = _rows_of(con, staged, key, repeated)
    rows = rows[~rows["row"].isin(staged.refused_rows)].sort_values("row")
    content = rows.drop(columns="row").astype(str)
    staged.collapsed_rows.update(int(r) for r in rows.loc[content.duplicated(), "row"])
    if staged.mapping.repeats == "refuse":
        left = rows[~content.duplicated()]
        again = left[left[key].duplicated()]
        refused = pd.DataFrame({"row": again["row"], "value": None})
        staged.refuse(refused, "duplicate_ref", staged.mapping.told(key), whole=True)


def replace_earlier(con: duckdb.DuckDBPyConnection, staged: Staged, earlier: list[Staged]) -> None:
    """Between extracts of one source: the later record stands, the earlier one is folded into it."""
    key = _key(staged)
    if key is None:
        return
    for old in earlier:
        if _kind(old) == _kind(staged) and old.has(key):
            newer = _kept(con, staged).select(ColumnExpression(key).alias("newer_ref")).distinct()
            same = con.table(old.table).select(ColumnExpression("rowid").alias("row"), key)
            hit = same.join(newer, ColumnExpression(key) == ColumnExpression("newer_ref"), how="semi")
            rows = {int(r) for r in hit.select("row").fetchnumpy()["row"]} - old.refused_rows - old.collapsed_rows
            old.collapsed_rows |= rows
            staged.updated += len(rows)


def _key(staged: Staged) -> str | None:
    """The column that tells the records of a table apart, where the extract has it."""
    key = OWN_KEY.get(staged.mapping.table, REF)
    return key if staged.has(key) else None


def _kind(staged: Staged) -> tuple[str, str]:
    return staged.mapping.table, staged.mapping.source


def _kept(con: duckdb.DuckDBPyConnection, staged: Staged) -> duckdb.DuckDBPyRelation:
    """Records that were not refused: a refused one replaces nothing."""
    rows = con.table(staged.table).select(ColumnExpression("rowid").alias("row"), StarExpression())
    refused = con.from_df(pd.DataFrame({"refused": pd.Series(sorted(staged.refused_rows), dtype="int64")}))
    return rows.join(refused, ColumnExpression("row") == ColumnExpression("refused"), how="anti")


def _rows_of(con: duckdb.DuckDBPyConnection, staged: Staged, key: str, refs: duckdb.DuckDBPyRelation) -> pd.DataFrame:
    rows = con.table(staged.table).select(ColumnExpression("rowid").alias("row"), StarExpression(exclude=["raw"]))
    return rows.join(refs, ColumnExpression(key) == ColumnExpression("repeated_ref"), how="semi").df()
