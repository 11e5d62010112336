"""From staged records to the tables of a snapshot, column by column as data/dictionary.csv declares them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
from numpy.typing import NDArray

from collections.abc import Mapping as Dict
from hatecrime.dictionary import Column, code_list, tables
from hatecrime.extracts.areas import Areas
from hatecrime.extracts.expressions import nothing
from hatecrime.extracts.mapping import DAY
from hatecrime.extracts.staging import Staged, sql

PSEUDONYMS = ("ref", "incident_ref")
SNAPSHOT = "snapshot"
NUMBER = "number"
SLICE = 1_000_000
Rows = NDArray[np.int64]
Days = NDArray[np.datetime64]


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
        self.placed = _placed(staged, located)

    def kept(self) -> Rows:
        """Staged records that are neither refused nor folded into another one."""
        here = np.ones(self.staged.rows, bool)
        here[list(self.staged.refused_rows | self.staged.collapsed_rows)] = False
        return np.flatnonzero(here)

    def days(self) -> Days:
        """When each staged record is dated."""
        day = DAY[self.table]
        found = self.con.table(self.staged.table).select(day).fetchnumpy()[day]
        return np.ma.filled(found.astype("datetime64[us]"), np.datetime64("NaT"))

    def rows(self, rows: Rows, numbers: Rows | None = None) -> duckdb.DuckDBPyRelation:
        """Some records with those columns of the target table that the extract fills, and with their numbers."""
        number = [] if numbers is None else [ColumnExpression(NUMBER).alias(tables()[self.table][0].name)]
        return self._final(self._staged(rows, numbers), *number)

    def versions(self, wanted: duckdb.DuckDBPyRelation | None = None) -> duckdb.DuckDBPyRelation:
        """Staged records, kept or not, as rows() would give them, beside their `row`; those of wanted_row if given."""
        every = np.arange(self.staged.rows) if wanted is None else np.sort(wanted.fetchnumpy()["wanted_row"])
        return self._final(self._staged(every), ColumnExpression("row"))

    def _staged(self, rows: Rows, numbers: Rows | None = None) -> duckdb.DuckDBPyRelation:
        """Staged records beside their line, number and place; only the stretch of the table that holds them is read."""
        whole = rows.size and rows.size == rows[-1] - rows[0] + 1
        placed = self.placed.slice(rows[0], rows.size) if whole else self.placed.take(pa.array(rows))
        if numbers is not None:
            placed = placed.append_column(NUMBER, pa.array(numbers))
        own = ColumnExpression("rowid")
        first, last = (int(rows[0]), int(rows[-1])) if rows.size else (0, -1)
        stretch = self.con.table(self.staged.table).filter(own.between(first, last))
        staged = stretch.select(own.alias("staged_row"), StarExpression())
        match = ColumnExpression("staged_row") == ColumnExpression("row")
        return staged.join(self.con.from_arrow(placed), match)

    def _final(self, relation: duckdb.DuckDBPyRelation, *beside: Expression) -> duckdb.DuckDBPyRelation:
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
        return relation.select(*beside, *(v.alias(c.name) for c, v in values if v is not None))

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
        if name in special:
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
        """How exactly the place is known: what became of the point goes before what the source says of it."""
        moved = ColumnExpression("point_precision").cast("VARCHAR") if "point_precision" in self.located else None
        if self.staged.has("location_precision"):
            return _first(moved, self._plain("location_precision"))
        point = self.staged.mapping.point
        stated = ConstantExpression((point.precision if point else None) or "exact")
        placed = CaseExpression(ColumnExpression("easting").isnotnull(), stated) if "easting" in self.located else None
        levels = [self._stated(level) for level in self.areas.levels()]
        known = [CaseExpression(s.isnotnull(), ConstantExpression("area")) for s in levels if s is not None]
        return _first(moved, placed, *known, ConstantExpression("none"))


Held = tuple[Loader, Rows]
Numbered = tuple[Loader, Rows, Rows]


def write_numbered(con: duckdb.DuckDBPyConnection, table: str, held: Sequence[Held]) -> None:
    """Write records of all extracts, numbered by day, extract and line.

    They are written a slice at a time, so that memory does not grow with the extracts. A whole slice whose records come
    in the order of their days is not sorted again; a small one is, because its joins may turn it round.
    """
    create_empty(con, table, coded_columns(table, held[0][0].areas) if held else None)
    r = con.table(f"{SNAPSHOT}.{table}")
    TYPES[table] = dict(zip(r.columns, r.types, strict=True))
    for parts in _slices(_numbered(held)):
        whole = united([loader.rows(rows, numbers) for loader, rows, numbers in parts])
        _loader, rows, numbers = parts[0]
        in_order = rows.size == SLICE and bool((np.diff(numbers) > 0).all())
        insert_rows(whole if in_order else whole.order(tables()[table][0].name), table)


def _numbered(held: Sequence[Held]) -> list[Numbered]:
    """Beside the records of each extract their numbers, from 1; at most a slice of records together."""
    days = [loader.days()[rows] for loader, rows in held]
    order = np.argsort(np.concatenate([np.zeros(0, "datetime64[us]"), *days]), kind="stable")
    numbers = np.empty(order.size, np.int64)
    numbers[order] = np.arange(1, order.size + 1)
    found, start = [], 0
    for loader, rows in held:
        own = numbers[start : start + rows.size]
        start += rows.size
        pieces = [slice(first, first + SLICE) for first in range(0, rows.size, SLICE)]
        found += [(loader, rows[piece], own[piece]) for piece in pieces]
    return found


def _slices(parts: list[Numbered]) -> Iterator[list[Numbered]]:
    """Parts of extracts that are written together: as many, in the order of their days, as make up one slice."""
    together: list[Numbered] = []
    for part in sorted(parts, key=lambda part: int(part[2][0])):
        if together and sum(rows.size for _loader, rows, _numbers in [*together, part]) > SLICE:
            yield together
            together = []
        together.append(part)
    if together:
        yield together


def united(relations: Sequence[duckdb.DuckDBPyRelation]) -> duckdb.DuckDBPyRelation:
    """Records of several extracts under one another; a column that one of them lacks is empty there."""
    return reduce(lambda a, b: a.union_by_name(b), relations)


def create_empty(con: duckdb.DuckDBPyConnection, table: str, coded: Dict[str, tuple[str, ...]] | None = None) -> None:
    """An empty table of the snapshot with the columns that the dictionary declares; `coded` columns hold these codes
    as numbers, which is smaller and faster to count."""
    types = _enumerations(con, coded or {})
    columns = (nothing(types.get(c.name, c.type)).alias(c.name) for c in tables()[table])
    con.sql(sql("one_row")).select(*columns).limit(0).create(f"{SNAPSHOT}.{table}")


def _enumerations(con, coded):
    frame = pd.DataFrame({name: pd.Categorical([], categories=list(codes)) for name, codes in coded.items()})
    if frame.columns.empty:
        return {}
    relation = con.from_df(frame)
    return dict(zip(relation.columns, relation.types, strict=True))


def coded_columns(table, areas):
    found = {}
    for c in tables()[table]:
        if c.codes and c.type == "VARCHAR":
            found[c.name] = tuple(code_list(c.codes))
        elif c.name in areas.levels():
            found[c.name] = tuple(a.area_code for a in areas.by_code.values() if a.level == c.name)
    return {n: v for n, v in found.items() if v}


def insert_frame(con: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Append rows of a frame whose columns carry the dictionary's names."""
    insert_rows(con.from_df(frame), table)


def insert_rows(relation: duckdb.DuckDBPyRelation, table: str) -> None:
    """Append rows to a table of the snapshot; columns that are absent stay empty."""
    declared = relation_types(relation, table)
    relation.select(*as_declared(relation, tables()[table], declared)).insert_into(f"{SNAPSHOT}.{table}")


def relation_types(relation, table):
    return TYPES.get(table, {})

TYPES = {}

def as_declared(relation: duckdb.DuckDBPyRelation, columns: Sequence[Column], types=None) -> list[Expression]:
    """The columns of a table, typed; those that the relation lacks are empty."""
    given = set(relation.columns)
    values = (ColumnExpression(c.name) if c.name in given else ConstantExpression(None) for c in columns)
    types = types or {}
    return [value.cast(types.get(c.name, c.type)).alias(c.name) for value, c in zip(values, columns, strict=True)]


def _placed(staged: Staged, located: pa.Table | None) -> pa.Table:
    """Row and line number of every staged record."""
    columns = {"row": pa.array(np.arange(staged.rows, dtype=np.int64)), "line": pa.array(staged.lines)}
    if located is not None:
        columns |= dict(zip(located.column_names, located.columns, strict=True))
    return pa.table(columns)


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
