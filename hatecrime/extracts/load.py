"""From staged records to those of a snapshot, column by column as data/dictionary.csv declares them."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import numpy as np
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

from hatecrime.dictionary import Column, tables
from hatecrime.extracts.areas import Areas
from hatecrime.extracts.staging import Staged
from hatecrime.extracts.terms import first, nothing
from hatecrime.extracts.translate import with_code

PSEUDONYMS = ("ref", "incident_ref")
NUMBER = "number"
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
        return self.staged.days(self.con)

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
            relation = with_code(relation, self.con.table(look_up), name)
        if self.strands:
            relation = with_code(relation, self.con.table(self.strands), "strand_text")
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


def _placed(staged: Staged, located: pa.Table | None) -> pa.Table:
    """Row and line number of every staged record."""
    columns = {"row": pa.array(np.arange(staged.rows, dtype=np.int64)), "line": pa.array(staged.lines)}
    if located is not None:
        columns |= dict(zip(located.column_names, located.columns, strict=True))
    return pa.table(columns)


def _first(*choices: Expression | None) -> Expression:
    """The first choice that is not null, of those that there are."""
    return first(*(c for c in choices if c is not None))
