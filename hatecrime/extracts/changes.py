"""What each extract changed in the figures of its source: new, changed and withdrawn records, quarter by quarter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import duckdb
import pandas as pd
from duckdb import CaseExpression, ColumnExpression, ConstantExpression, Expression

from hatecrime.dictionary import tables
from hatecrime.extracts.repeats import Arrival, resent, settle
from hatecrime.extracts.staging import sql
from hatecrime.extracts.terms import call, nothing
from hatecrime.extracts.translate import StrandSets

STRAND = "strand"
COUNTED = ("new", "withdrawn")
# Where a record stands and the numbers that stand for its strands: they differ without anything having changed.
NOT_COMPARED = ("extract_id", "line", "record_key", "strand_set", "strand_mask")


@dataclass(frozen=True)
class Changes:
    """The rows of the tables extract_change and extract_quarter."""

    records: pd.DataFrame
    quarters: pd.DataFrame


def settle_extracts(con: duckdb.DuckDBPyConnection, arrivals: Iterable[Arrival], sets: StrandSets) -> Changes:
    """Let later extracts of a source replace and withdraw records of earlier ones, and put on record what that changed.

    Costs nothing for a source that sent one extract.
    """
    records = [pd.DataFrame(columns=["extract_id", "change", "field", "n"])]
    quarters = [pd.DataFrame(columns=["extract_id", "quarter_start", "n_before", "n_after"])]
    for group in resent(arrivals):
        numbers = {position: arrival.staged.extract_id for position, arrival in enumerate(group)}
        counts = settle(con, group)
        moved = con.execute(sql("resent_quarters")).df()
        quarters.append(moved.assign(extract_id=moved["position"].map(numbers)))
        found = pd.concat([_totals(counts), _changed(con, group, sets)], ignore_index=True)
        records.append(found.assign(extract_id=found["position"].map(numbers)))
    return Changes(_whole(records), _whole(quarters))


def _whole(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The filled parts as one, or the empty one that says which columns there are."""
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True).drop(columns="position") if filled else parts[0]


def _totals(counts: pd.DataFrame) -> pd.DataFrame:
    """New and withdrawn records of every extract but the first; nought is stated too."""
    later = counts[counts["position"] > 0]
    parts = [
        later[["position", change]].set_axis(["position", "n"], axis=1).assign(change=change) for change in COUNTED
    ]
    return pd.concat(parts, ignore_index=True).assign(field=None)


def _changed(con: duckdb.DuckDBPyConnection, group: list[Arrival], sets: StrandSets) -> pd.DataFrame:
    """How many records came out different, in all (field is empty) and by field."""
    found = {position: [0] for position in range(1, len(group))}
    names = _compared(group[0])
    if con.table("version").limit(1).fetchall():
        both = _side_by_side(con, _versions(con, group, names, sets), names)
        differ = [_differ(name) for name in names]
        counted = [reduce(lambda a, b: a | b, differ), *differ]
        position = ColumnExpression("position")
        counts = both.aggregate([position, *(call("count_if", each) for each in counted)], "position").fetchall()
        found |= {row[0]: list(row[1:]) for row in counts}
    rows = [
        (position, "changed", field, n)
        for position, counts in found.items()
        for field, n in zip([None, *names], counts, strict=False)
        if n or field is None
    ]
    return pd.DataFrame(rows, columns=["position", "change", "field", "n"])


def _compared(arrival: Arrival) -> list[str]:
    declared = [c.name for c in tables()[arrival.loader.table]]
    strands = [STRAND] if "strand_mask" in declared else []
    return [name for name in declared if name not in NOT_COMPARED] + strands


def _versions(
    con: duckdb.DuckDBPyConnection, group: list[Arrival], names: list[str], sets: StrandSets
) -> duckdb.DuckDBPyRelation:
    """The final values of every record that replaced another one or was replaced, in one table."""
    name = f"versions_{group[0].staged.extract_id}"
    types = {c.name: c.type for c in tables()[group[0].loader.table]}
    meanings = con.from_df(_meanings(sets))
    made = False
    for position, arrival in enumerate(group):
        wanted = con.sql(sql("resent_rows"), params={"position": position})
        if not wanted.limit(1).fetchall():
            continue
        final = arrival.loader.versions(wanted)
        if "strand_set" in final.columns:
            same = ColumnExpression("strand_set").cast("INTEGER") == ColumnExpression("strand_set_number")
            final = final.join(meanings, same, how="left")
        values = (_value(final, each, types.get(each, "VARCHAR")).alias(each) for each in names)
        rows = final.select(
            ConstantExpression(position).alias("held_position"), ColumnExpression("row").alias("held_row"), *values
        )
        if made:
            rows.insert_into(name)
        else:
            rows.create(name)
        made = True
    return con.table(name)


def _value(final: duckdb.DuckDBPyRelation, name: str, kind: str) -> Expression:
    given = set(final.columns)
    if name == STRAND and "strand_mask" in given:
        name = "strand_meaning" if "strand_meaning" in given else "strand_mask"
    return ColumnExpression(name).cast(kind) if name in given else nothing(kind)


def _meanings(sets: StrandSets) -> pd.DataFrame:
    """Each combination of strands by what it means, whatever labels the source used."""
    meanings = [
        (number, " ".join(sorted({f"{strand}/{sub or ''}" for strand, sub, _label in members})))
        for members, number in sets.numbers.items()
    ]
    frame = pd.DataFrame(meanings, columns=["strand_set_number", "strand_meaning"])
    return frame.astype({"strand_set_number": "int32", "strand_meaning": "string"})


def _side_by_side(
    con: duckdb.DuckDBPyConnection, versions: duckdb.DuckDBPyRelation, names: list[str]
) -> duckdb.DuckDBPyRelation:
    """One row per record that replaced another: its position, and every value before and after."""
    old, new = (
        versions.select(
            ColumnExpression("held_position").alias(f"{when}_held_position"),
            ColumnExpression("held_row").alias(f"{when}_held_row"),
            *(ColumnExpression(name).alias(f"{when}_{name}") for name in names),
        )
        for when in ("before", "after")
    )
    was = _same("old_position", "before_held_position") & _same("old_row", "before_held_row")
    now = _same("position", "after_held_position") & _same("row", "after_held_row")
    return con.table("version").join(old, was).join(new, now)


def _same(left: str, right: str) -> Expression:
    return ColumnExpression(left) == ColumnExpression(right)


def _differ(name: str) -> Expression:
    """Whether a value changed, was filled in or was taken away."""
    before, after = ColumnExpression(f"before_{name}"), ColumnExpression(f"after_{name}")
    both = before.isnotnull() & after.isnotnull()
    return CaseExpression(both, before != after).otherwise(before.isnotnull() | after.isnotnull())
