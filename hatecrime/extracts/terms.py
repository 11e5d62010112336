"""What expressions over the database are made of."""

from __future__ import annotations

from typing import Any

import duckdb
from duckdb import CaseExpression, CoalesceOperator, ConstantExpression, Expression, FunctionExpression


def call(name: str, *given: Any) -> Expression:
    return FunctionExpression(name, *(g if isinstance(g, Expression) else ConstantExpression(g) for g in given))


def nothing(kind: str | duckdb.sqltypes.DuckDBPyType) -> Expression:
    """No value, of a type."""
    return ConstantExpression(None).cast(kind)


def first(*choices: Expression) -> Expression:
    """The first choice that is not null."""
    return CoalesceOperator(*choices)


def number_in(text: Expression, kind: str) -> Expression:
    """The number that a text spells, nothing where it spells none."""
    shape = r"[+-]?\d+(\.0+)?" if kind != "DOUBLE" else r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
    return CaseExpression(call("regexp_full_match", text, shape), text).try_cast("DOUBLE")
