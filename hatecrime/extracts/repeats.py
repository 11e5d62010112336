"""The same reference again: identical records are folded into one, later extracts replace earlier ones."""

from __future__ import annotations

import duckdb
import pandas as pd
from duckdb import ColumnExpression, StarExpression

from hatecrime.extracts.staging import Staged, sql


def fold_repeats(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Within one extract: identical rows of one reference count once; a row that differs is refused (or kept)."""
    if not staged.has("ref"):
        return
    con.table(staged.table).select("ref").create_view("references_now", replace=True)
    repeated = con.sql(sql("repeated_refs"))
    if not repeated.limit(1).fetchall():
        return
    rows = _rows_of(con, staged, repeated)
    rows = rows[~rows["row"].isin(staged.refused_rows)].sort_values("row")
    content = rows.drop(columns="row").astype(str)
    staged.collapsed_rows.update(int(r) for r in rows.loc[content.duplicated(), "row"])
    if staged.mapping.repeats == "refuse":
        left = rows[~content.duplicated()]
        again = left[left["ref"].duplicated()]
        refused = pd.DataFrame({"row": again["row"], "value": None})
        staged.refuse(refused, "duplicate_ref", staged.mapping.told("ref"), whole=True)


def replace_earlier(con: duckdb.DuckDBPyConnection, staged: Staged, earlier: list[Staged]) -> None:
    """Between extracts of one source: the later record stands, the earlier one is folded into it."""
    if not staged.has("ref"):
        return
    for old in earlier:
        if old.mapping.table == staged.mapping.table and old.mapping.source == staged.mapping.source and old.has("ref"):
            newer = _kept(con, staged).select(ColumnExpression("ref").alias("newer_ref")).distinct()
            same = con.table(old.table).select(ColumnExpression("rowid").alias("row"), "ref")
            hit = same.join(newer, ColumnExpression("ref") == ColumnExpression("newer_ref"), how="semi")
            rows = {int(r) for r in hit.select("row").fetchnumpy()["row"]} - old.refused_rows - old.collapsed_rows
            old.collapsed_rows |= rows
            staged.updated += len(rows)


def _kept(con: duckdb.DuckDBPyConnection, staged: Staged) -> duckdb.DuckDBPyRelation:
    """Records that were not refused: a refused one replaces nothing."""
    rows = con.table(staged.table).select(ColumnExpression("rowid").alias("row"), "ref")
    refused = con.from_df(pd.DataFrame({"refused": pd.Series(sorted(staged.refused_rows), dtype="int64")}))
    return rows.join(refused, ColumnExpression("row") == ColumnExpression("refused"), how="anti")


def _rows_of(con: duckdb.DuckDBPyConnection, staged: Staged, refs: duckdb.DuckDBPyRelation) -> pd.DataFrame:
    rows = con.table(staged.table).select(ColumnExpression("rowid").alias("row"), StarExpression(exclude=["raw"]))
    return rows.join(refs, ColumnExpression("ref") == ColumnExpression("repeated_ref"), how="semi").df()
