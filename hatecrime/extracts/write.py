"""Write finished records to the tables of a snapshot.

Columns of codes are stored as numbers beside the list of their codes, which is smaller and faster to count.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import reduce

import duckdb
import numpy as np
import pandas as pd
from duckdb import ColumnExpression, ConstantExpression, Expression

from hatecrime.dictionary import code_list, tables
from hatecrime.extracts.areas import Areas
from hatecrime.extracts.load import Loader, Rows
from hatecrime.extracts.report import Edge
from hatecrime.extracts.staging import sql
from hatecrime.extracts.terms import Types, enumerated, nothing

SNAPSHOT = "snapshot"
SLICE = 16 * 122_880  # whole row groups of the database, so that its threads have as much to do each
Held = tuple[Loader, Rows]
Numbered = tuple[Loader, Rows, Rows]


def create_empty(con: duckdb.DuckDBPyConnection, table: str, areas: Areas | None = None) -> None:
    """An empty table of the snapshot with the columns that the dictionary declares; with `areas`, its columns of codes
    and of areas hold numbers."""
    coded = _code_types(con, table, areas) if areas else {}
    columns = (nothing(coded.get(c.name, c.type)).alias(c.name) for c in tables()[table])
    con.sql(sql("one_row")).select(*columns).limit(0).create(f"{SNAPSHOT}.{table}")


def write_edges(con: duckdb.DuckDBPyConnection, edges: Sequence[Edge]) -> None:
    """What was found of points near the edges of areas, as a remark on the table of areas."""
    said = json.dumps([asdict(each) for each in edges])
    *_header, statement = sql("edges").splitlines()
    con.execute(statement.replace("'edges'", str(ConstantExpression(said))))


def insert_frame(con: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Append rows of a frame whose columns carry the dictionary's names."""
    insert_rows(con, con.from_df(frame), table)


def insert_rows(con: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation, table: str) -> None:
    """Append rows to a table of the snapshot; columns that are absent stay empty."""
    relation.select(*as_declared(con, relation, table)).insert_into(f"{SNAPSHOT}.{table}")


def as_declared(con: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation, table: str) -> list[Expression]:
    """The columns of a table of the snapshot, typed; those that the relation lacks are empty."""
    made = con.table(f"{SNAPSHOT}.{table}")
    given = set(relation.columns)
    values = (ColumnExpression(name) if name in given else ConstantExpression(None) for name in made.columns)
    return [v.cast(kind).alias(name) for v, name, kind in zip(values, made.columns, made.types, strict=True)]


def write_numbered(con: duckdb.DuckDBPyConnection, table: str, held: Sequence[Held], areas: Areas) -> None:
    """Write records of all extracts, numbered by day, extract and line.

    They are written a slice at a time, so that memory does not grow with the extracts. A whole slice whose records come
    in the order of their days is not sorted again; a small one is, because its joins may turn it round.
    """
    create_empty(con, table, areas)
    for parts in _slices(_numbered(held)):
        whole = united([loader.rows(rows, numbers) for loader, rows, numbers in parts])
        _loader, rows, numbers = parts[0]
        in_order = rows.size == SLICE and bool((np.diff(numbers) > 0).all())
        insert_rows(con, whole if in_order else whole.order(tables()[table][0].name), table)


def united(relations: Sequence[duckdb.DuckDBPyRelation]) -> duckdb.DuckDBPyRelation:
    """Records of several extracts under one another; a column that one of them lacks is empty there."""
    return reduce(lambda a, b: a.union_by_name(b), relations)


def _code_types(con: duckdb.DuckDBPyConnection, table: str, areas: Areas) -> Types:
    """The type of each column of codes."""
    codes = {c.name: list(code_list(c.codes)) for c in tables()[table] if c.codes and c.type == "VARCHAR"}
    for level in areas.levels():
        codes[level] = [area.area_code for area in areas.by_code.values() if area.level == level]
    known = [c.name for c in tables()[table] if codes.get(c.name)]
    return enumerated(con, {name: codes[name] for name in known})


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
