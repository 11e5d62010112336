"""Columns that no file has: what stands side by side as rows, and the coordinates in a geometry."""

from __future__ import annotations

import re
from contextlib import suppress

import duckdb
import numpy as np
import pyarrow as pa
import shapely
from duckdb import ColumnExpression, ConstantExpression, Expression, FunctionExpression
from duckdb.func import ARROW, SPECIAL

from hatecrime.extracts.mapping import GEOMETRY, Mapping
from hatecrime.extracts.source import Source

HEX = re.compile(r"(0[xX]|\\x)?(0[01][0-9a-fA-F]{8,})")
SPATIAL_REFERENCE = re.compile(r"\s*SRID=\d+;", re.I)
SHOWN = 60


def shaped(
    con: duckdb.DuckDBPyConnection, rows: duckdb.DuckDBPyRelation, source: Source, mapping: Mapping
) -> duckdb.DuckDBPyRelation:
    """The rows of a file with the columns that the mapping makes beside them, numbered on from its own.

    A layer has the coordinates of its geometry already.
    """
    position = source.position or {}
    if mapping.point and mapping.point.geometry and source.format != "geo":
        both = _coordinates_of(con, _column(position[mapping.point.geometry]))
        axes = [FunctionExpression("list_extract", both, ConstantExpression(axis)) for axis in (1, 2)]
        rows = _beside(rows, axes, position[GEOMETRY[0]])
    if mapping.unpivot:
        names = ConstantExpression(list(mapping.unpivot.columns))
        cells = FunctionExpression("list_value", *(_column(position[name]) for name in mapping.unpivot.columns))
        pairs = [FunctionExpression("unnest", each) for each in (names, cells)]
        rows = _beside(rows, pairs, position[mapping.unpivot.into[0]])
    return rows


def _beside(rows: duckdb.DuckDBPyRelation, made: list[Expression], first: int) -> duckdb.DuckDBPyRelation:
    named = (expression.alias(f"c{first + i}") for i, expression in enumerate(made))
    return rows.select(*map(ColumnExpression, rows.columns), *named)


def coordinates(texts: pa.ChunkedArray) -> pa.Array:
    """The two coordinates of each point in WKB as hexadecimal digits, or in WKT, as texts.

    Whatever is no point stays as it is, so that it is refused as what it is.
    """
    values = np.array(texts.to_pylist(), dtype=object)
    points = _points(values)
    void = shapely.is_empty(points)
    placed = points.copy()
    placed[void] = None
    x, y = shapely.get_x(placed), shapely.get_y(placed)
    return pa.array(
        [
            None if value is None or nothing else [repr(a), repr(b)] if a == a else [value[:SHOWN]] * 2
            for value, nothing, a, b in zip(values, void.tolist(), x.tolist(), y.tolist(), strict=True)
        ],
        pa.list_(pa.string()),
    )


def _column(index: int) -> Expression:
    return ColumnExpression(f"c{index}")


def _coordinates_of(con: duckdb.DuckDBPyConnection, column: Expression) -> Expression:
    """DuckDB has no reader of WKB and WKT of its own."""
    with suppress(duckdb.NotImplementedException):  # An earlier extract had it made.
        con.create_function("coordinates_of", coordinates, ["VARCHAR"], "VARCHAR[]", type=ARROW, null_handling=SPECIAL)
    return FunctionExpression("coordinates_of", column)


def _points(values: np.ndarray) -> np.ndarray:
    digits = [HEX.fullmatch(value.strip()) if value else None for value in values]
    binary = np.array([found[2] if found else None for found in digits], dtype=object)
    words = np.array(
        [
            None if value is None or found else SPATIAL_REFERENCE.sub("", value)
            for value, found in zip(values, digits, strict=True)
        ],
        dtype=object,
    )
    found = shapely.from_wkb(binary, on_invalid="ignore")
    return np.where(shapely.is_missing(found), shapely.from_wkt(words, on_invalid="ignore"), found)
