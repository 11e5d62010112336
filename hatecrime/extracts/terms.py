"""What expressions over the database are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import duckdb
import pandas as pd
from duckdb import CaseExpression, CoalesceOperator, ConstantExpression, Expression, FunctionExpression

Types = Mapping[str, duckdb.sqltypes.DuckDBPyType]


def call(name: str, *given: Any) -> Expression:
    return FunctionExpression(name, *(g if isinstance(g, Expression) else ConstantExpression(g) for g in given))


def nothing(kind: str | duckdb.sqltypes.DuckDBPyType) -> Expression:
    """No value, of a type."""
    return ConstantExpression(None).cast(kind)


def enumerated(con: duckdb.DuckDBPyConnection, texts: Mapping[str, Sequence[str]]) -> Types:
    """A type for each column that holds numbers beside a list of texts; the database makes it from a frame."""
    if not texts:
        return {}
    frame = pd.DataFrame({name: pd.Categorical([], categories=list(found)) for name, found in texts.items()})
    coded = con.from_df(frame)
    return dict(zip(coded.columns, coded.types, strict=True))


def members(kind: duckdb.sqltypes.DuckDBPyType) -> list[str]:
    """The texts of a type that holds numbers beside a list of texts."""
    return cast(list[str], dict(kind.children)["values"])


def first(*choices: Expression) -> Expression:
    """The first choice that is not null."""
    return CoalesceOperator(*choices)


def number_in(text: Expression, kind: str) -> Expression:
    """The number that a text spells, nothing where it spells none."""
    shape = r"[+-]?\d+(\.0+)?" if kind != "DOUBLE" else r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
    return CaseExpression(call("regexp_full_match", text, shape), text).try_cast("DOUBLE")
