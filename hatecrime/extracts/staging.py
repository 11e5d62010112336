"""Read one file into a typed staging table, in one pass, with every refusal on record.

Expressions are built from the mapping by DuckDB's expression interface, so no text of a partner's file or mapping
ever becomes SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import duckdb
import geopandas as gpd
import pandas as pd
from duckdb import CaseExpression, ColumnExpression, ConstantExpression, Expression, FunctionExpression

from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.mapping import Field, Mapping
from hatecrime.extracts.source import Source
from hatecrime.settings import queries_dir

SPACE = " \t\r\n\u00a0"
UNIT = "\x1f"
YEARS = (1900, 2199)
CSV_REASONS = {
    "MISSING COLUMNS": "too_few_columns",
    "TOO MANY COLUMNS": "too_many_columns",
    "UNQUOTED VALUE": "bad_quotes",
    "LINE SIZE OVER MAXIMUM": "long_line",
    "INVALID ENCODING": "bad_encoding",
}
TYPE_REASONS = {"DATE": "bad_date", "TIMESTAMP": "bad_date", "BOOLEAN": "bad_flag"}


@dataclass
class Staged:
    """One extract on its way: the temporary table `table`, row n of which is record n that could be parsed."""

    extract_id: int
    mapping: Mapping
    source: Source
    table: str
    rows: int
    rejects: list[pd.DataFrame] = field(default_factory=list)
    broken_lines: list[int] = field(default_factory=list)
    refused_rows: set[int] = field(default_factory=set)
    collapsed_rows: set[int] = field(default_factory=set)
    updated: int = 0

    @property
    def read(self) -> int:
        return self.rows + len(self.broken_lines)

    def has(self, column: str) -> bool:
        return self.mapping.target(column) is not None

    def refuse(self, rows: pd.DataFrame, reason: str, column: str, whole: bool) -> None:
        """Put rows[row, value] on record; `whole` refuses the records, not the values alone."""
        if rows.empty:
            return
        fresh = rows[~rows["row"].isin(self.refused_rows)] if whole else rows
        self.rejects.append(fresh.assign(reason=reason, source_column=column, row_refused=whole))
        if whole:
            self.refused_rows.update(int(r) for r in fresh["row"])


def sql(name: str) -> str:
    """The text of queries/build/<name>.sql."""
    return (queries_dir() / "build" / f"{name}.sql").read_text(encoding="utf-8")


def stage(con: duckdb.DuckDBPyConnection, extract_id: int, mapping: Mapping, source: Source, crs: str) -> Staged:
    """Create the temporary table staged_<id> and put on record what could not be parsed."""
    name = f"staged_{extract_id}"
    relation, column = _geo(con, source, crs) if source.format == "geo" else _csv(con, mapping, source)
    parts = _Parts(mapping, column)
    try:
        relation.select(*parts.columns()).create(name)
    except duckdb.InvalidInputException as error:
        raise ExtractError(
            f"{source.name} cannot be read as CSV: {str(error).splitlines()[0]} "
            "Check that all its lines end alike, and that quotation marks are closed."
        ) from error
    staged = Staged(extract_id, mapping, source, name, con.table(name).shape[0])
    _record_broken_lines(con, staged)
    _record_unparsed(con, staged, parts)
    return staged


def _csv(con: duckdb.DuckDBPyConnection, mapping: Mapping, source: Source) -> tuple[Any, Any]:
    values = {
        "path": str(source.path),
        "delimiter": mapping.file.delimiter,
        "columns": {f"c{i}": "VARCHAR" for i in range(len(source.header))},
    }
    con.execute(sql("forget_rejects"))
    relation = con.sql(sql("read_csv"), params=values)
    position = source.position or {}
    return relation, lambda name: ColumnExpression(f"c{position[name]}") if name in position else None


def _geo(con: duckdb.DuckDBPyConnection, source: Source, crs: str) -> tuple[Any, Any]:
    try:
        layer = gpd.read_file(source.path)
    except Exception as error:
        raise ExtractError(f"{source.name} cannot be read as a map layer: {error}") from error
    layer = (layer.set_crs("EPSG:4326") if layer.crs is None else layer).to_crs(crs)
    shapes = layer.geometry.make_valid()
    table = pd.DataFrame(layer.drop(columns=layer.geometry.name)).astype("string")
    points = shapes.geom_type.eq("Point").all()
    table = table.assign(
        geometry=shapes.to_wkb(), easting=shapes.x if points else None, northing=shapes.y if points else None
    )
    known = {c.casefold(): c for c in table.columns}
    con.register("layer", table)
    return con.table("layer"), lambda name: (
        ColumnExpression(known[name.casefold()]) if name.casefold() in known else None
    )


class _Parts:
    """The columns of the staging table as expressions over one source."""

    def __init__(self, mapping: Mapping, column: Any) -> None:
        self.mapping = mapping
        self.column = column
        self.texts = {f.name: self.text(f) for f in mapping.fields}
        self.values = {f.name: _typed(f, self.texts[f.name]) for f in mapping.fields}
        if mapping.point:
            for axis, source in zip(("x", "y"), (mapping.point.x, mapping.point.y), strict=True):
                self.texts[axis] = self.clean(source)
                self.values[axis] = _number(self.texts[axis], "DOUBLE")

    def columns(self) -> list[Expression]:
        """Typed values, the strand text, and the raw texts where something could not be parsed."""
        made = [value.alias(name) for name, value in self.values.items()]
        if self.mapping.strands:
            parts = [self.clean(s) for s in self.mapping.strands.sources]
            made.append(_filled(_call("concat_ws", UNIT, *parts)).alias("strand_text"))
        if self.mapping.table == "area":
            shape = self.column("geometry")
            made.append((_nothing("BLOB") if shape is None else shape).alias("geometry"))
        for field_ in self.mapping.fields:
            if field_.create_area:
                made.append(self.clean(field_.create_area).alias(f"{field_.name}_name"))
        return [*made, self.raw().alias("raw")]

    def parsed(self) -> list[str]:
        """Names whose text can fail to parse, in the order of the raw list."""
        return [n for n in self.texts if self.type_of(n) in (*TYPE_REASONS, "INTEGER", "BIGINT", "DOUBLE")]

    def type_of(self, name: str) -> str:
        field_ = self.mapping.target(name)
        return field_.column.type if field_ else "DOUBLE"

    def raw(self) -> Expression:
        names = self.parsed()
        if not names:
            return _nothing("VARCHAR[]")
        failed = reduce(lambda a, b: a | b, (self.texts[n].isnotnull() & self.values[n].isnull() for n in names))
        return CaseExpression(failed, _call("list_value", *(self.texts[n] for n in names)))

    def text(self, field_: Field) -> Expression:
        if field_.value is not None:
            return ConstantExpression(field_.value)
        parts = [self.clean(s) for s in field_.sources]
        whole = parts[0] if len(parts) == 1 else _filled(_call("concat_ws", " ", *parts))
        if field_.first:
            whole = _call("left", whole, field_.first)
        return _call("concat", field_.prefix, whole) if field_.prefix else whole

    def clean(self, source: str) -> Expression:
        column = self.column(source)
        if column is None:
            return _nothing("VARCHAR")
        text = _filled(_call("trim", column, SPACE))
        if not self.mapping.file.empty:
            return text
        void = _call("list_contains", list(self.mapping.file.empty), _call("lower", text))
        return CaseExpression(~void, text)


def _typed(field_: Field, text: Expression) -> Expression:
    kind = field_.column.type
    if kind in ("DATE", "TIMESTAMP"):
        return _moment(field_, text).cast(kind)
    if kind == "BOOLEAN":
        low = _call("lower", text)
        yes, no = (_call("list_contains", list(words), low) for words in (field_.true, field_.false))
        return CaseExpression(yes, ConstantExpression(True)).when(no, ConstantExpression(False))
    if kind in ("INTEGER", "BIGINT", "DOUBLE"):
        return _number(_call("replace", text, field_.thousands, "") if field_.thousands else text, kind)
    return text


def _moment(field_: Field, text: Expression) -> Expression:
    """A local time; years that nobody can have meant (a two-digit year, say) count as unreadable."""
    if field_.timezone:
        moment = _call("timezone", field_.timezone, text.try_cast("TIMESTAMPTZ"))
    else:
        moment = _call("try_strptime", text, list(field_.formats))
    return CaseExpression(_call("year", moment).between(*YEARS), moment)


def _number(text: Expression, kind: str) -> Expression:
    shape = r"[+-]?\d+(\.0+)?" if kind != "DOUBLE" else r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
    number = CaseExpression(_call("regexp_full_match", text, shape), text).cast("DOUBLE")
    return number.cast(kind)


def _nothing(kind: str) -> Expression:
    return ConstantExpression(None).cast(kind)


def _filled(text: Expression) -> Expression:
    return CaseExpression(text != ConstantExpression(""), text)


def _call(name: str, *given: Any) -> Expression:
    return FunctionExpression(name, *(g if isinstance(g, Expression) else ConstantExpression(g) for g in given))


def _record_broken_lines(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    if staged.source.format != "csv":
        return
    broken = con.execute(sql("broken_lines")).df()
    staged.broken_lines = [int(n) for n in broken["line"]]
    if broken.empty:
        return
    names = [staged.source.header[i - 1] if 0 < i <= len(staged.source.header) else "" for i in broken["column_idx"]]
    staged.rejects.append(
        pd.DataFrame(
            {
                "line": broken["line"],
                "value": None,
                "reason": [CSV_REASONS.get(e, "bad_quotes") for e in broken["error_type"]],
                "source_column": names,
                "row_refused": True,
            }
        )
    )


def _record_unparsed(con: duckdb.DuckDBPyConnection, staged: Staged, parts: _Parts) -> None:
    """Required columns first, so that a record is refused once, for its first fault."""
    broken = con.table(staged.table).filter(ColumnExpression("raw").isnotnull())
    rows = broken.select(ColumnExpression("rowid").alias("row"), ColumnExpression("raw")).df()
    required = [f.name for f in staged.mapping.fields if f.column.required]
    for name in required:
        _record_missing(con, staged, parts, name, rows)
    for index, name in enumerate(parts.parsed()):
        failed = _failed(con, staged, rows, index, name)
        reason = TYPE_REASONS.get(parts.type_of(name), "bad_coordinate" if name in ("x", "y") else "bad_number")
        staged.refuse(failed, reason, staged.mapping.told(name), name in required)


def _record_missing(
    con: duckdb.DuckDBPyConnection, staged: Staged, parts: _Parts, name: str, rows: pd.DataFrame
) -> None:
    void = con.table(staged.table).filter(ColumnExpression(name).isnull())
    missing = void.select(ColumnExpression("rowid").alias("row")).df()
    if name in parts.parsed() and not rows.empty:
        index = parts.parsed().index(name)
        stated = rows.loc[[raw[index] is not None for raw in rows["raw"]], "row"]
        missing = missing[~missing["row"].isin(stated)]
    staged.refuse(missing.assign(value=None), "missing_required", staged.mapping.told(name), True)


def _failed(
    con: duckdb.DuckDBPyConnection, staged: Staged, rows: pd.DataFrame, index: int, name: str
) -> pd.DataFrame:
    stated = rows[[raw[index] is not None for raw in rows["raw"]]] if len(rows) else rows
    if stated.empty:
        return pd.DataFrame({"row": [], "value": []})
    void = con.table(staged.table).filter(ColumnExpression(name).isnull() & ColumnExpression("raw").isnotnull())
    unset = void.select(ColumnExpression("rowid").alias("row")).df()["row"]
    failed = stated[stated["row"].isin(unset)]
    return pd.DataFrame({"row": failed["row"], "value": [raw[index] for raw in failed["raw"]]})
