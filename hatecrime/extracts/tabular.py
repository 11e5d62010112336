"""Workbooks, Parquet files, databases and JSON as tables of texts, just as a CSV file would hold them."""

from __future__ import annotations

import datetime as dt
import glob
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from duckdb import CaseExpression, ColumnExpression, ConstantExpression, Expression, FunctionExpression
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from hatecrime.extracts.errors import ExtractError, did_you_mean
from hatecrime.extracts.mapping import FileShape, Mapping
from hatecrime.extracts.records import read_records
from hatecrime.extracts.source import Source, wanted_columns
from hatecrime.settings import queries_dir

BLOCK = 50_000
WHOLE = 1e15  # from here on floating-point numbers no longer tell one whole number from the next
SECONDS = "%Y-%m-%d %H:%M:%S"
HALF = dt.timedelta(milliseconds=500)


@dataclass(frozen=True)
class Texts:
    """A table of texts with the columns c0, c1, …, and the lines in it that are no records."""

    header: tuple[str, ...]
    rows: duckdb.DuckDBPyRelation
    empty_lines: list[int] = field(default_factory=list)
    outlined: bool = False


def read_texts(con: duckdb.DuckDBPyConnection, source: Source, mapping: Mapping) -> Texts:
    """Everything in a file that is neither CSV nor a map layer; raises ExtractError with what to mend."""
    if source.format == "parquet":
        return _parquet(con, source)
    if source.format == "excel":
        return _excel(con, source, mapping.file)
    if source.format == "sqlite":
        return _sqlite(con, source, mapping.file)
    header, rows = read_records(source, mapping.file, wanted_columns(mapping))
    return Texts(header, con.from_arrow(text_table(rows, len(header))))


def text_table(rows: Iterable[Sequence[Any]], width: int) -> pa.Table:
    """Rows of values as columns of texts; the names are c0, c1, …, so that no header can upset anything."""
    names = [f"c{i}" for i in range(width)]
    schema = pa.schema([(name, pa.string()) for name in names])
    return pa.Table.from_batches([_batch(block, schema) for block in _blocks(rows)], schema)


def as_text(value: Any) -> str | None:
    """A value as it would stand in a CSV file: days and times in the order of ISO 8601, whole numbers without ".0".

    >>> [as_text(v) for v in (7.0, 0.5, True, "007", None, "", b"\\x01", dt.datetime(2016, 6, 23, 7, 0))]
    ['7', '0.5', 'true', '007', None, None, '01', '2016-06-23 07:00:00']
    """
    if isinstance(value, str):
        return value or None
    if value is None or value != value:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < WHOLE else repr(value)
    if isinstance(value, dt.datetime):
        return (value + HALF).isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat("seconds")
    return value.hex() if isinstance(value, bytes) else str(value)


def _blocks(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    block: list[Sequence[Any]] = []
    for row in rows:
        block.append(row)
        if len(block) == BLOCK:
            yield block
            block = []
    if block:
        yield block


def _batch(block: list[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    columns = ([as_text(row[i]) if i < len(row) else None for row in block] for i in range(len(schema)))
    return pa.RecordBatch.from_arrays([_texts(column) for column in columns], schema=schema)


def _texts(column: list[str | None]) -> pa.Array:
    """Half a letter, as broken programs write them into JSON, is shown as a letter that cannot be read."""
    try:
        return pa.array(column, pa.string())
    except UnicodeEncodeError:
        mended = (t and t.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for t in column)
        return pa.array(list(mended), pa.string())


def _parquet(con: duckdb.DuckDBPyConnection, source: Source) -> Texts:
    try:
        table = con.read_parquet(glob.escape(str(source.path)))
    except duckdb.Error as error:
        raise ExtractError(f"{source.name} is damaged: {str(error).splitlines()[0]} Ask for it again.") from error
    texts = [
        _column_text(ColumnExpression(name), str(kind)).alias(f"c{i}")
        for i, (name, kind) in enumerate(zip(table.columns, table.types, strict=True))
    ]
    return Texts(tuple(table.columns), table.select(*texts))


def _column_text(column: Expression, kind: str) -> Expression:
    """One column of a Parquet file as as_text() would have it; a list is joined by ";"."""
    if kind == "BLOB":
        return FunctionExpression("hex", column)
    if kind.startswith("GEOMETRY"):
        return FunctionExpression("st_astext", column)
    if kind.startswith("TIMESTAMP") and "ZONE" not in kind:
        return FunctionExpression("strftime", column.cast("TIMESTAMP"), ConstantExpression(SECONDS))
    if kind in ("DOUBLE", "FLOAT"):
        whole = (column == FunctionExpression("trunc", column)) & (FunctionExpression("abs", column) < WHOLE)
        number = CaseExpression(whole, column.try_cast("BIGINT").cast("VARCHAR")).otherwise(column.cast("VARCHAR"))
        return CaseExpression(~FunctionExpression("isnan", column), number)
    if kind.endswith("[]"):
        return FunctionExpression("array_to_string", column.cast("VARCHAR[]"), ConstantExpression(";"))
    text = column.cast("VARCHAR")
    return CaseExpression(text != ConstantExpression(""), text)


def _excel(con: duckdb.DuckDBPyConnection, source: Source, shape: FileShape) -> Texts:
    try:
        with CalamineWorkbook.from_path(str(source.path)) as book:
            rows = list(_sheet(book, source, shape).iter_rows())
    except PasswordError as error:
        raise ExtractError(f"{source.name} is protected by a password. Save it without one.") from error
    except CalamineError as error:
        raise ExtractError(
            f"{source.name} cannot be read as a workbook: {error}. Open it in Excel, and save it again."
        ) from error
    first = shape.skip + (0 if shape.header else 1)
    header = shape.header or _header(rows[shape.skip : first], source, shape)
    records = [row[: len(header)] for row in rows[first:]]
    while records and _empty(records[-1]):
        records.pop()
    empty = [first + 1 + i for i, row in enumerate(records) if _empty(row)]
    return Texts(header, con.from_arrow(text_table((r for r in records if not _empty(r)), len(header))), empty)


def _sheet(book: CalamineWorkbook, source: Source, shape: FileShape) -> CalamineSheet:
    """The sheet that is stated, else the first that is not hidden."""
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    names = [sheet.name for sheet in sheets]
    if not names or (shape.sheet and shape.sheet not in names):
        raise ExtractError(
            f"{source.name} has no sheet {shape.sheet or 'of cells'!r}; it has {_listed(names)}."
            + did_you_mean(shape.sheet or "", names)
        )
    shown = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    return book.get_sheet_by_name(shape.sheet or [*shown, *names][0])


def _header(rows: list[list[Any]], source: Source, shape: FileShape) -> tuple[str, ...]:
    """The names in the header row; what stands to the right of the last one belongs to no column."""
    names = [(as_text(cell) or "").strip() for cell in rows[0]] if rows else []
    while names and not names[-1]:
        names.pop()
    if not names:
        raise ExtractError(
            f"{source.name} has no header: row {shape.skip + 1} of its sheet is empty. Choose another sheet in the "
            "mapping's [file], or state with skip how many rows stand above the header."
        )
    return tuple(names)


def _empty(row: Sequence[Any]) -> bool:
    return not any(cell != "" and not (isinstance(cell, str) and not cell.strip()) for cell in row)


def _sqlite(con: duckdb.DuckDBPyConnection, source: Source, shape: FileShape) -> Texts:
    listing, whole = (
        (queries_dir() / "build" / f"sqlite_{name}.sql").read_text(encoding="utf-8") for name in ("tables", "whole")
    )
    try:
        with closing(sqlite3.connect(_read_only(source.path), uri=True)) as base:
            ((found,),) = base.execute(whole).fetchall()
            if found != "ok":
                raise ExtractError(f"{source.name} is damaged or was cut off on its way. Ask for it to be sent again.")
            tables = dict(base.execute(listing).fetchall())
            # Its own decoder would quote the cell that it cannot read.
            base.text_factory = lambda cell: cell.decode(shape.encoding)
            cursor = base.execute(tables[_table(tables, source, shape)])
            header = tuple(str(column[0]) for column in cursor.description)
            return Texts(header, con.from_arrow(text_table(cursor, len(header))))
    except (UnicodeError, LookupError) as error:
        raise ExtractError(f"{source.name} cannot be decoded: {error}. State its encoding in the mapping.") from error
    except sqlite3.Error as error:
        raise ExtractError(f"{source.name} cannot be read as a database: {error}. Ask for it again.") from error


def _read_only(path: Path) -> str:
    """How to open a database without writing to it; one that is alone is read as it lies, on whatever disk."""
    journal = path.with_name(path.name + "-wal")
    alone = not journal.is_file() or journal.stat().st_size == 0
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"


def _table(tables: dict[str, str], source: Source, shape: FileShape) -> str:
    if shape.table in tables:
        return shape.table
    if shape.table is None and len(tables) == 1:
        return next(iter(tables))
    lacks = f"has no table {shape.table!r}; it has" if shape.table else f"holds {len(tables)} tables:"
    raise ExtractError(
        f"{source.name} {lacks} {_listed(list(tables))}. State one as table in the mapping's [file]."
        + did_you_mean(shape.table or "", tables)
    )


def _listed(names: list[str]) -> str:
    return ", ".join(repr(n) for n in names[:12]) + (", …" if len(names) > 12 else "") or "none"
