"""Samples of whatever is not CSV: workbooks, Parquet, JSON, SQLite and map layers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook, SheetTypeEnum

from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.mapping import FileShape
from hatecrime.extracts.records import lists_of_records, read_records
from hatecrime.extracts.source import Source
from hatecrime.extracts.staging import sql
from hatecrime.extracts.tabular import as_text
from hatecrime.extracts.unpack import check_workbook

Read = tuple[FileShape, Sequence[str], Sequence[Sequence[str]], bool, bool]
OUTLINES = ("Polygon", "MultiPolygon")
PREAMBLE = 50
WIDE = 0.7


def read_other(file: Path, kind: str, rows: int) -> Read:
    """Shape, header, rows as texts, whether these are all rows, and whether the file holds outlines."""
    readers: dict[str, Callable[[Path, int], Read]] = {
        "excel": _excel,
        "parquet": _parquet,
        "json": _json,
        "sqlite": _sqlite,
        "geo": _layer,
    }
    try:
        return readers[kind](file, rows)
    except ExtractError:
        raise
    except Exception as error:
        raise ExtractError(
            f"{file.name} cannot be read: it is damaged, or not what its ending says. Ask for it to be sent again."
        ) from error


def _excel(file: Path, rows: int) -> Read:
    """The first sheet with a table in it, which begins at the first row that is nearly as wide as the widest."""
    check_workbook(file)
    with closing(CalamineWorkbook.from_path(str(file))) as book:
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        for name in names:
            cells = islice(book.get_sheet_by_name(name).iter_rows(), rows + PREAMBLE)
            lines = [_texts(row) for row in cells]
            widths = [sum(map(bool, line)) for line in lines]
            if len(lines) < 2 or max(widths) < 2:
                continue
            skip = next(place for place, width in enumerate(widths) if width >= WIDE * max(widths))
            named = [place for place, cell in enumerate(lines[skip]) if cell]
            shape = FileShape(format="excel", sheet=name if name != names[0] else None, skip=skip)
            body = [[line[place] for place in named] for line in lines[skip + 1 :] if any(line)]
            return shape, [lines[skip][place] for place in named], body, len(lines) < rows, False
    raise ExtractError(f"{file.name} has no sheet with a table in it.")


def _parquet(file: Path, rows: int) -> Read:
    source = pq.ParquetFile(file)
    batch = next(source.iter_batches(batch_size=rows), None)
    lines = [_texts(row.values()) for row in batch.to_pylist()] if batch is not None else []
    return FileShape(format="parquet"), source.schema_arrow.names, lines, len(lines) >= source.metadata.num_rows, False


def _json(file: Path, rows: int) -> Read:
    """The first list of records in the document, and the dotted path to it."""
    found = lists_of_records(file)
    shape = FileShape(format="json", records=found[0] if found else None)
    header, cells = read_records(Source(file, file.name, "json"), shape, ())
    lines = [_texts(row) for row in islice(cells, rows)]
    return shape, header, lines, len(lines) < rows, False


def _sqlite(file: Path, rows: int) -> Read:
    """The table with most columns."""
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as base:
        tables = dict(base.execute(sql("sqlite_tables")).fetchall())
        if not tables:
            raise ExtractError(f"{file.name} holds no table.")
        cursors = {name: base.execute(reading) for name, reading in tables.items()}
        name = max(cursors, key=lambda each: len(cursors[each].description))
        lines = [_texts(row) for row in cursors[name].fetchmany(rows)]
        header = [str(column[0]) for column in cursors[name].description]
    table = name if len(tables) > 1 else None
    return FileShape(format="sqlite", table=table), header, lines, len(lines) < rows, False


def _layer(file: Path, rows: int) -> Read:
    layer = gpd.read_file(file, rows=rows)
    shapes = layer.geometry.dropna()
    table = layer.drop(columns=layer.geometry.name)
    header = [str(name) for name in table.columns]
    lines = [_texts(row) for row in table.itertuples(index=False)]
    if len(shapes) and shapes.geom_type.eq("Point").all():
        header = [*header, "geometry"]
        points = layer.to_crs("EPSG:4326").geometry if layer.crs else layer.geometry
        lines = [[*line, "" if point is None else point.wkt] for line, point in zip(lines, points, strict=True)]
    outlines = bool(len(shapes)) and bool(shapes.geom_type.isin(OUTLINES).all())
    return FileShape(format="geo"), header, lines, len(lines) < rows, outlines


def _texts(row: Iterable[Any]) -> list[str]:
    """A row as the texts that a mapping meets."""
    return [(as_text(value) or "").strip() if not isinstance(value, list) else _joined(value) for value in row]


def _joined(values: list[Any]) -> str:
    return ";".join(as_text(value) or "" for value in values)
