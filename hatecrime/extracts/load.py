"""From staged records to the tables of a snapshot, column by column as data/dictionary.csv declares them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from duckdb import (
    CaseExpression,
    ColumnExpression,
    ConstantExpression,
    Expression,
    FunctionExpression,
    StarExpression,
)

from hatecrime.dictionary import Column, tables
from hatecrime.extracts.areas import Areas
from hatecrime.extracts.staging import Staged, nothing, sql

PSEUDONYMS = ("ref", "incident_ref")
SNAPSHOT = "snapshot"


class Loader:
    """Turns one staged extract into rows of its target table."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        staged: Staged,
        areas: Areas,
        look_ups: dict[str, str],
        strands: str | None,
        pads: dict[str, bytes],
        located: pa.Table | None,
    ) -> None:
        self.con = con
        self.staged = staged
        self.areas = areas
        self.look_ups = look_ups
        self.strands = strands
        self.pads = pads
        self.located = located.column_names if located else []
        self.table = staged.mapping.table
        self.keyed = any(c.name == "record_key" for c in tables()[self.table])
        self.placed = f"placed_{staged.extract_id}"
        con.from_arrow(_placed(staged, located)).create(self.placed)

    def rows(self) -> duckdb.DuckDBPyRelation:
        """The kept records with those columns of the target table that the extract fills."""
        staged = self.staged
        relation = self.con.table(staged.table).join(self.con.table(self.placed), None, how="positional")
        relation = self._without_refused(relation)
        for name, look_up in self.look_ups.items():
            relation = _left_join(relation, self.con.table(look_up), name)
        if self.strands:
            relation = _left_join(relation, self.con.table(self.strands), "strand_text")
        columns = tables()[self.table]
        if any(c.name in self.areas.levels() for c in columns):
            relation = self._with_lines(relation)
        if self.keyed:
            relation = self._with_pseudonyms(relation)
        values = ((c, self._value(c)) for c in columns)
        return relation.select(*(v.alias(c.name) for c, v in values if v is not None))

    def _without_refused(self, relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        gone = sorted(self.staged.refused_rows | self.staged.collapsed_rows)
        if not gone:
            return relation
        name = f"gone_{self.staged.extract_id}"
        self.con.from_arrow(pa.table({"gone_row": pa.array(gone, pa.int64())})).create(name)
        match = ColumnExpression("row") == ColumnExpression("gone_row")
        return relation.join(self.con.table(name), match, how="anti")

    def _with_lines(self, relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """Beside each record the areas above the finest one that is known."""
        known = [self._stated(level) for level in self.areas.levels()]
        finest = _first(*known[1:], known[0], nothing("VARCHAR"))
        relation = relation.select(StarExpression(), finest.alias("finest"))
        match = ColumnExpression("finest") == ColumnExpression("area_code")
        return relation.join(self.con.table(f"area_lines_{self.staged.extract_id}"), match, how="left")

    def _stated(self, level: str) -> Expression | None:
        """The area of a level as the source gives it, else as the point falls."""
        given = [self._plain(level)] if self.staged.has(level) else []
        found = [ColumnExpression(f"point_{level}").cast("VARCHAR")] if f"point_{level}" in self.located else []
        return _first(*given, *found) if given or found else None

    def _value(self, column: Column) -> Expression | None:
        """What the extract has for a column; None where it has nothing."""
        name = column.name
        special: dict[str, Callable[[], Expression]] = {
            "extract_id": lambda: ConstantExpression(self.staged.extract_id),
            "line": lambda: ColumnExpression("line"),
            "strand_mask": lambda: self._strand("strand_mask", 0),
            "strand_set": lambda: self._strand("strand_set", None),
            "record_key": lambda: ColumnExpression("hash_key"),
            "source": lambda: ConstantExpression(self.staged.mapping.source),
            "location_precision": self._precision,
        }
        if name in special and not (name == "location_precision" and self.staged.has(name)):
            return special[name]()
        if name in self.areas.levels():
            above = ColumnExpression(f"line_{name}")
            stated = self._stated(name)
            return _first(stated, above) if stated is not None else above
        if name in self.located:
            return ColumnExpression(name)
        return self._plain(name) if self.staged.has(name) else None

    def _plain(self, name: str) -> Expression:
        if name in self.look_ups:
            return ColumnExpression(f"{name}__code")
        if name == "ref" and self.keyed:
            return ColumnExpression("own_hash")
        if name in PSEUDONYMS:
            return self._pseudonym(ColumnExpression(name))
        return ColumnExpression(name)

    def _pseudonym(self, reference: Expression) -> Expression:
        pads = (ConstantExpression(self.pads[p]) for p in ("inner", "outer"))
        return FunctionExpression("pseudonym", reference, *pads)

    def _with_pseudonyms(self, relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """Beside each record the pseudonym of its reference, and a key from 0 to 255 fixed by it, or by the content
        of a record that has no reference."""
        texts = [ColumnExpression(f.name).cast("VARCHAR") for f in self.staged.mapping.fields if not f.column.codes]
        content = self._pseudonym(FunctionExpression("concat_ws", ConstantExpression("|"), *texts))
        own = self._pseudonym(ColumnExpression("ref")) if self.staged.has("ref") else nothing("VARCHAR")
        relation = relation.select(StarExpression(), own.alias("own_hash"))
        digits = FunctionExpression("left", _first(ColumnExpression("own_hash"), content), ConstantExpression(2))
        key = FunctionExpression("concat", ConstantExpression("0x"), digits).cast("INTEGER")
        return relation.select(StarExpression(), key.alias("hash_key"))

    def _strand(self, name: str, missing: int | None) -> Expression:
        if not self.strands:
            return ConstantExpression(missing)
        return _first(ColumnExpression(name), ConstantExpression(missing))

    def _precision(self) -> Expression:
        point = self.staged.mapping.point
        stated = ConstantExpression((point.precision if point else None) or "exact")
        placed = CaseExpression(ColumnExpression("easting").isnotnull(), stated) if "easting" in self.located else None
        levels = [self._stated(level) for level in self.areas.levels()]
        known = [CaseExpression(s.isnotnull(), ConstantExpression("area")) for s in levels if s is not None]
        return _first(*([placed] if placed is not None else []), *known, ConstantExpression("none"))


def write_numbered(
    con: duckdb.DuckDBPyConnection, table: str, day: str, extracts: list[duckdb.DuckDBPyRelation]
) -> None:
    """Write what all extracts kept, numbered by day.

    Only filled columns are sorted, codes as numbers; the other columns and the texts are added after.
    """
    if not extracts:
        create_empty(con, table)
        return
    whole = reduce(lambda a, b: a.union_by_name(b), extracts).order(f"{day}, extract_id, line")
    number, *others = tables()[table]
    counted = FunctionExpression("row_number").over().alias(number.name)
    whole.select(counted, *_as_declared(whole, others)).create(f"{SNAPSHOT}.{table}")


def create_empty(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """An empty table of the snapshot with the columns that the dictionary declares."""
    columns = (nothing(c.type).alias(c.name) for c in tables()[table])
    con.sql(sql("one_row")).select(*columns).limit(0).create(f"{SNAPSHOT}.{table}")


def insert_frame(con: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Append rows of a frame whose columns carry the dictionary's names."""
    insert_rows(con.from_df(frame), table)


def insert_rows(relation: duckdb.DuckDBPyRelation, table: str) -> None:
    """Append rows to a table of the snapshot; columns that are absent stay empty."""
    relation.select(*_as_declared(relation, tables()[table])).insert_into(f"{SNAPSHOT}.{table}")


def _as_declared(relation: duckdb.DuckDBPyRelation, columns: Sequence[Column]) -> list[Expression]:
    given = set(relation.columns)
    values = (ColumnExpression(c.name) if c.name in given else ConstantExpression(None) for c in columns)
    return [value.cast(c.type).alias(c.name) for value, c in zip(values, columns, strict=True)]


def _placed(staged: Staged, located: pa.Table | None) -> pa.Table:
    """Row and line number of every staged record; broken and empty lines keep their place in the count."""
    row = np.arange(staged.rows, dtype=np.int64)
    gaps = np.sort(np.array(staged.broken_lines + staged.empty_lines, dtype=np.int64))
    before = np.searchsorted(gaps - 2 - np.arange(gaps.size), row, side="right")
    columns = {"row": pa.array(row), "line": pa.array(row + 2 + before)}
    if located is not None:
        columns |= dict(zip(located.column_names, located.columns, strict=True))
    return pa.table(columns)


def line_numbers(staged: Staged) -> np.ndarray:
    """The line of each staged record, by row."""
    return _placed(staged, None)["line"].to_numpy()


def _left_join(
    relation: duckdb.DuckDBPyRelation, look_up: duckdb.DuckDBPyRelation, name: str
) -> duckdb.DuckDBPyRelation:
    return relation.join(look_up, ColumnExpression(name) == ColumnExpression(f"{name}__from"), how="left")


def _first(*choices: Expression | None) -> Expression:
    """The first choice that is not null."""
    *early, last = [c for c in choices if c is not None]
    result = last
    for choice in reversed(early):
        result = CaseExpression(choice.isnotnull(), choice).otherwise(result)
    return result
