"""The few spellings of a large file's texts, so that staging holds a number for each text and not the text itself.

They are learnt from samples spread over the file. What the samples did not show is held beside the record until the
whole file is read; then it joins the list.
"""

from __future__ import annotations

from functools import reduce
from pathlib import Path

import duckdb
from duckdb import CaseExpression, ColumnExpression, ConstantExpression, Expression, StarExpression

from hatecrime.extracts.terms import Types, call, enumerated, members

LARGE = 32 << 20
SAMPLES = 4096
SAMPLE = 4096
MOST = 5000
UNLISTED = "unlisted"


def sampled(path: Path, scratch: Path) -> Path:
    """A file of whole lines from places spread evenly over another one, without its first line."""
    size, target = path.stat().st_size, scratch / f"{path.stem}-sample.csv"
    with path.open("rb") as whole, target.open("wb") as part:
        for place in range(SAMPLES):
            whole.seek(place * size // SAMPLES)
            _broken, *lines = whole.read(SAMPLE).splitlines(keepends=True) or [b""]
            part.writelines(lines[:-1])
    return target


def listed(con: duckdb.DuckDBPyConnection, rows: duckdb.DuckDBPyRelation) -> Types:
    """The type of each column that has few texts, by the texts met in some rows."""
    met = con.from_arrow(rows.to_arrow_table())
    names = [name for name, kind in zip(rows.columns, rows.types, strict=True) if str(kind) == "VARCHAR"]
    texts = {name: _texts(met, ColumnExpression(name)) for name in names}
    return enumerated(con, {name: found for name, found in texts.items() if 0 < len(found) <= MOST})


def numbered(rows: duckdb.DuckDBPyRelation, types: Types) -> duckdb.DuckDBPyRelation:
    """The rows with numbered texts; a text without a number stands in the list `unlisted`, in the order of `types`."""
    tried = (ColumnExpression(name).try_cast(kind).alias(_tried(name)) for name, kind in types.items())
    missed = (ColumnExpression(_tried(name)).isnull() & ColumnExpression(name).isnotnull() for name in types)
    rest = call("list_value", *map(ColumnExpression, types))
    columns = (ColumnExpression(_tried(name) if name in types else name).alias(name) for name in rows.columns)
    unlisted = CaseExpression(reduce(lambda a, b: a | b, missed), rest)
    return rows.select(StarExpression(), *tried).select(*columns, unlisted.alias(UNLISTED))


def completed(con: duckdb.DuckDBPyConnection, name: str, types: Types) -> str:
    """A table made of numbered rows in which every text has a number; a column of too many texts holds texts again."""
    rest = con.table(name).filter(ColumnExpression(UNLISTED).isnotnull())
    found = {column: _texts(rest, _unlisted(types, column)) for column in types}
    known = {column: {*members(kind)} for column, kind in types.items()}
    whole = {column: known[column].union(texts) for column, texts in found.items()}
    lacking = {column: sorted(texts) for column, texts in whole.items() if texts != known[column]}
    if not lacking:
        return name
    kinds = enumerated(con, {column: texts for column, texts in lacking.items() if len(texts) <= MOST})
    stated = ColumnExpression(UNLISTED).isnotnull()
    made: dict[str, Expression] = {}
    for column in con.table(name).columns:
        own = ColumnExpression(column)
        if column in lacking:
            text = CaseExpression(stated, _unlisted(types, column)).otherwise(own.cast("VARCHAR"))
            own = text.cast(kinds.get(column, "VARCHAR"))
        made[column] = own
    con.table(name).select(*(value.alias(c) for c, value in made.items() if c != UNLISTED)).create(f"{name}_listed")
    con.execute(f'drop table "{name}"')  # a name of our own; names cannot be bound
    return f"{name}_listed"


def _texts(rows: duckdb.DuckDBPyRelation, text: Expression) -> list[str]:
    found = rows.select(text.alias("text")).filter(ColumnExpression("text").isnotnull()).distinct()
    return sorted(text for (text,) in found.limit(MOST + 1).fetchall())


def _unlisted(types: Types, column: str) -> Expression:
    return call("list_extract", ColumnExpression(UNLISTED), ConstantExpression([*types].index(column) + 1))


def _tried(name: str) -> str:
    return f"tried {name}"
