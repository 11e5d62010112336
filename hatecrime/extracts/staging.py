"""Read one file into a typed staging table, in one pass, with every refusal on record.

Expressions are built from the mapping by DuckDB's expression interface, so no text of a partner's file or mapping
ever becomes SQL.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from duckdb import CaseExpression, ColumnExpression, ConstantExpression, Expression, FunctionExpression

from hatecrime.dictionary import Column
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.layer import read_layer
from hatecrime.extracts.mapping import Field, Mapping
from hatecrime.extracts.repair import empty_lines, with_open_quotes_cut, with_plain_line_ends
from hatecrime.extracts.source import Source, wrong_encoding
from hatecrime.settings import queries_dir

SPACE = " \t\r\n\u00a0"
UNIT = "\x1f"
YEARS = (1901, 2199)  # a text without a date in it, such as "infinity", is read as 1 January 1900
CSV_REASONS = {
    "MISSING COLUMNS": "too_few_columns",
    "TOO MANY COLUMNS": "too_many_columns",
    "UNQUOTED VALUE": "bad_quotes",
    "LINE SIZE OVER MAXIMUM": "long_line",
    "INVALID ENCODING": "bad_encoding",
}
WRONG_ENCODING = 0.01
LOST_TRACK = ("UNQUOTED VALUE", "LINE SIZE OVER MAXIMUM")
TYPE_REASONS = {
    "DATE": "bad_date",
    "TIMESTAMP": "bad_date",
    "INTEGER": "bad_number",
    "BIGINT": "bad_number",
    "DOUBLE": "bad_number",
}


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
    empty_lines: list[int] = field(default_factory=list)
    refused_rows: set[int] = field(default_factory=set)
    collapsed_rows: set[int] = field(default_factory=set)
    updated: int = 0

    @property
    def read(self) -> int:
        return self.rows + len(self.broken_lines)

    def has(self, column: str) -> bool:
        return self.mapping.target(column) is not None

    def rows_with(self, reason: str) -> set[int]:
        """Records that have been refused, or had a value refused, for a reason."""
        found = [r.loc[r["reason"] == reason, "row"] for r in self.rejects if "row" in r]
        return {int(row) for rows in found for row in rows}

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


def stage(
    con: duckdb.DuckDBPyConnection, extract_id: int, mapping: Mapping, source: Source, crs: str, scratch: Path
) -> Staged:
    """Create the temporary table staged_<id> and put on record what could not be parsed.

    `scratch` is a folder for copies of files that have to be mended before they can be read.
    """
    name = f"staged_{extract_id}"
    if source.format == "geo":
        source, parts = _stage_layer(con, name, mapping, source, crs)
        staged = Staged(extract_id, mapping, source, name, con.table(name).shape[0])
    else:
        parts = _Parts(mapping, _columns(source))
        name, path = _stage_csv(con, name, parts, source, scratch)
        staged = Staged(extract_id, mapping, source, name, con.table(name).shape[0])
        if len(source.header) > 1:
            staged.empty_lines = empty_lines(path, mapping.file.delimiter)
        _record_broken_lines(con, staged)
    _record_unparsed(con, staged, parts)
    return staged


def _columns(source: Source) -> Callable[[str], Expression | None]:
    """The expression of a source column, None where the header may lack it and does."""
    position = source.position or {}
    return lambda name: ColumnExpression(f"c{position[name]}") if name in position else None


def _stage_csv(
    con: duckdb.DuckDBPyConnection, name: str, parts: _Parts, source: Source, scratch: Path
) -> tuple[str, Path]:
    """Read a CSV file into a table; one in which the parser loses its way is mended in a copy and read again.

    Result: the name of the table and the file that was read in the end.
    """
    path, delimiter = source.path, parts.mapping.file.delimiter
    try:
        _read_csv(con, name, parts, source, path)
    except duckdb.InvalidInputException:
        path = with_plain_line_ends(path, scratch)
        _read_again(con, name, parts, source, path)
    if con.execute(sql("lost_track"), {"kinds": list(LOST_TRACK)}).fetchall():
        name = f"{name}_again"
        path = with_open_quotes_cut(with_plain_line_ends(path, scratch), delimiter, len(source.header), scratch)
        _read_again(con, name, parts, source, path)
    return name, path


def _read_again(con: duckdb.DuckDBPyConnection, name: str, parts: _Parts, source: Source, path: Path) -> None:
    try:
        _read_csv(con, name, parts, source, path)
    except duckdb.InvalidInputException as error:
        raise ExtractError(
            f"{source.name} cannot be read as CSV: {str(error).splitlines()[0]} Export it again."
        ) from error


def _read_csv(con: duckdb.DuckDBPyConnection, name: str, parts: _Parts, source: Source, path: Path) -> None:
    values = {
        "path": glob.escape(str(path)),
        "delimiter": parts.mapping.file.delimiter,
        "columns": {f"c{i}": "VARCHAR" for i in range(len(source.header))},
    }
    con.execute(sql("forget_rejects"))
    con.sql(sql("read_csv"), params=values).select(*parts.columns()).create(name)


def _stage_layer(
    con: duckdb.DuckDBPyConnection, name: str, mapping: Mapping, source: Source, crs: str
) -> tuple[Source, _Parts]:
    """Read a map layer into a table; its columns are known only now, so the header is matched here."""
    table, outlines = read_layer(source, mapping, crs)
    source = source.with_header(tuple(str(c) for c in table.columns), mapping)
    parts = _Parts(mapping, _columns(source), outlined=True)
    con.register("layer", table.set_axis([f"c{i}" for i in range(table.shape[1])], axis=1).assign(geometry=outlines))
    con.table("layer").select(*parts.columns()).create(name)
    return source, parts


class _Parts:
    """The columns of the staging table as expressions over one source."""

    def __init__(self, mapping: Mapping, column: Callable[[str], Expression | None], outlined: bool = False) -> None:
        self.mapping = mapping
        self.column = column
        self.outlined = outlined
        self.texts = {f.name: self.text(f) for f in mapping.fields}
        self.values = {
            f.name: self.texts[f.name] if mapping.looks_up(f.name) else _typed(f, self.texts[f.name])
            for f in mapping.fields
        }
        if mapping.point:
            for axis, source in zip(("x", "y"), (mapping.point.x, mapping.point.y), strict=True):
                self.texts[axis] = self.clean(source)
                self.values[axis] = _number(self.texts[axis], "DOUBLE", (-np.inf, np.inf))

    def columns(self) -> list[Expression]:
        """Typed values, the strand text, and the raw texts where something could not be parsed."""
        made = [value.alias(name) for name, value in self.values.items()]
        if self.mapping.strands:
            made.append(self.joined(self.mapping.strands.sources, UNIT).alias("strand_text"))
        if self.mapping.table == "area":
            made.append((ColumnExpression("geometry") if self.outlined else nothing("BLOB")).alias("geometry"))
        for field_ in self.mapping.fields:
            if field_.create_area:
                made.append(_prefixed(field_.area_prefix, self.clean(field_.create_area)).alias(f"{field_.name}_name"))
        return [*made, self.raw().alias("raw")]

    def parsed(self) -> list[str]:
        """Names whose text can fail to parse, in the order of the raw list."""
        return [n for n in self.texts if self.type_of(n) in TYPE_REASONS]

    def type_of(self, name: str) -> str:
        field_ = self.mapping.target(name)
        return field_.column.type if field_ else "DOUBLE"

    def raw(self) -> Expression:
        names = self.parsed()
        if not names:
            return nothing("VARCHAR[]")
        failed = reduce(lambda a, b: a | b, (self.texts[n].isnotnull() & self.values[n].isnull() for n in names))
        return CaseExpression(failed, _call("list_value", *(self.texts[n] for n in names)))

    def text(self, field_: Field) -> Expression:
        """The text of a field; one that is looked up stays as it came, because its few spellings are cleaned there."""
        if field_.value is not None:
            return ConstantExpression(field_.value)
        if self.mapping.looks_up(field_.name) and not (field_.first or field_.zeros or field_.prefix):
            return self.joined(field_.sources, " ")
        parts = [self.clean(s) for s in field_.sources]
        if field_.first:
            parts = [_call("left", p, n) if n else p for p, n in zip(parts, field_.first, strict=True)]
        if field_.zeros:
            parts = [_zeros_before(p, n) if n else p for p, n in zip(parts, field_.zeros, strict=True)]
        whole = parts[0] if len(parts) == 1 else _filled(_call("concat_ws", " ", *parts))
        return _prefixed(field_.prefix, whole)

    def joined(self, sources: tuple[str, ...], separator: str) -> Expression:
        """Several columns as one text, untouched."""
        columns = [nothing("VARCHAR") if (c := self.column(s)) is None else c for s in sources]
        return columns[0] if len(columns) == 1 else _filled(_call("concat_ws", separator, *columns))

    def clean(self, source: str) -> Expression:
        """The text of a column without space around it; nothing where it is empty or spells "no value"."""
        text = _filled(_call("trim", self.joined((source,), ""), SPACE))
        if not self.mapping.file.empty:
            return text
        void = _call("list_contains", list(self.mapping.file.empty), _call("lower", text))
        return CaseExpression(~void, text)


def _typed(field_: Field, text: Expression) -> Expression:
    kind = field_.column.type
    if kind in ("DATE", "TIMESTAMP"):
        return _moment(field_, text).cast(kind)
    if kind in ("INTEGER", "BIGINT", "DOUBLE"):
        plain = _call("replace", text, field_.thousands, "") if field_.thousands else text
        return _number(plain, kind, _limits(field_.column))
    return text


def _moment(field_: Field, text: Expression) -> Expression:
    """A local time; years that nobody can have meant (a two-digit year, say) count as unreadable."""
    if field_.timezone:
        moment = _call("timezone", field_.timezone, text.try_cast("TIMESTAMPTZ"))
    else:
        moment = _call("try_strptime", text, list(field_.formats))
    return CaseExpression(_call("year", moment).between(*YEARS), moment)


def _limits(column: Column) -> tuple[float, float]:
    """The smallest and the largest number a column can hold: counts start at nought, a scale says where it ends."""
    scale = re.fullmatch(r"(\d+) to (\d+)", column.unit or "")
    if scale:
        return float(scale[1]), float(scale[2])
    return (-np.inf if column.type == "DOUBLE" else 0.0), np.inf


def _number(text: Expression, kind: str, limits: tuple[float, float]) -> Expression:
    shape = r"[+-]?\d+(\.0+)?" if kind != "DOUBLE" else r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
    number = CaseExpression(_call("regexp_full_match", text, shape), text).try_cast("DOUBLE")
    fitting = _call("isfinite", number) & number.between(*limits)
    return CaseExpression(fitting, number).try_cast(kind)


def _zeros_before(text: Expression, length: int) -> Expression:
    short = _call("length", text) < ConstantExpression(length)
    return CaseExpression(short, _call("lpad", text, length, "0")).otherwise(text)


def _prefixed(prefix: str, text: Expression) -> Expression:
    return CaseExpression(text.isnotnull(), _call("concat", prefix, text)) if prefix else text


def nothing(kind: str) -> Expression:
    """No value, of a type."""
    return ConstantExpression(None).cast(kind)


def _filled(text: Expression) -> Expression:
    return CaseExpression(text != ConstantExpression(""), text)


def _call(name: str, *given: Any) -> Expression:
    return FunctionExpression(name, *(g if isinstance(g, Expression) else ConstantExpression(g) for g in given))


def _record_broken_lines(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    broken = con.execute(sql("broken_lines")).df()
    staged.broken_lines = [int(n) for n in broken["line"]]
    if broken.empty:
        return
    undecoded = broken.loc[broken["error_type"] == "INVALID ENCODING", "line"]
    if len(undecoded) and len(undecoded) >= WRONG_ENCODING * staged.read:
        raise wrong_encoding(staged.source.name, int(undecoded.iloc[0]))
    header = dict(enumerate(staged.source.header, start=1))
    names = [header.get(index, "") for index in broken["column_idx"].fillna(0)]
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
        reason = "bad_coordinate" if name in ("x", "y") else TYPE_REASONS[parts.type_of(name)]
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


def _failed(con: duckdb.DuckDBPyConnection, staged: Staged, rows: pd.DataFrame, index: int, name: str) -> pd.DataFrame:
    stated = rows[[raw[index] is not None for raw in rows["raw"]]] if len(rows) else rows
    if stated.empty:
        return pd.DataFrame({"row": [], "value": []})
    void = con.table(staged.table).filter(ColumnExpression(name).isnull() & ColumnExpression("raw").isnotnull())
    unset = void.select(ColumnExpression("rowid").alias("row")).df()["row"]
    failed = stated[stated["row"].isin(unset)]
    return pd.DataFrame({"row": failed["row"], "value": [raw[index] for raw in failed["raw"]]})
