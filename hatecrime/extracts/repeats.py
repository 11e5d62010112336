"""The same record again: within one file it is folded, between the files of one source the later version stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import duckdb
import pandas as pd
import pyarrow as pa
from duckdb import CoalesceOperator, ColumnExpression, ConstantExpression, Expression, StarExpression

from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.expressions import UNIT
from hatecrime.extracts.listing import Extract
from hatecrime.extracts.load import Loader
from hatecrime.extracts.mapping import DAY
from hatecrime.extracts.staging import Staged, sql
from hatecrime.extracts.terms import call, nothing

# What tells the records of a table without references apart from one file to the next. Of centre contacts everything
# does: several on one day are no mistake. Answers to a survey have nothing of the kind.
NATURAL_KEY = {
    "court_result": ("quarter_start", "area_code", "strand"),
    "area_population": ("area_code", "year", "population_group", "base"),
    "area_measure": ("area_code", "year", "measure"),
    "published_figure": ("series", "area_code", "period", "strand"),
    "postcode": ("postcode",),
    "centre_contact": ("centre_id", "happened_on", "contact_type", "reports", "staff_trained"),
}


@dataclass(frozen=True)
class Arrival:
    """One extract that was read, as far as other extracts of its source are concerned."""

    extract: Extract
    loader: Loader

    @property
    def staged(self) -> Staged:
        return self.loader.staged

    @property
    def kind(self) -> tuple[str, str]:
        """Extracts of one table and source hold versions of the same records."""
        return self.staged.mapping.table, self.staged.mapping.source

    @property
    def states_period(self) -> bool:
        """Whether it says of a period that it holds every record of it."""
        return self.extract.complete_from is not None


def fold_repeats(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Within one extract: identical rows of one reference count once; a row that differs is refused (or kept)."""
    key = staged.mapping.key
    if key is None:
        return
    repeated = repeated_references(con, con.table(staged.table), key)
    if not repeated.num_rows:
        return
    rows = _rows_of(con, staged, key, con.from_arrow(repeated))
    rows = rows[~rows["row"].isin(staged.refused_rows)].sort_values("row")
    content = rows.drop(columns="row").astype(str)
    staged.collapsed_rows.update(int(r) for r in rows.loc[content.duplicated(), "row"])
    if staged.mapping.repeats == "refuse":
        left = rows[~content.duplicated()]
        again = left[left[key].duplicated()]
        refused = pd.DataFrame({"row": again["row"], "value": None})
        staged.refuse(refused, "duplicate_ref", staged.mapping.told(key), whole=True)


def repeated_references(con: duckdb.DuckDBPyConnection, rows: duckdb.DuckDBPyRelation, key: str) -> pa.Table:
    """The references that stand in more than one of some rows, as repeated_ref.

    Their hashes are sorted first: sorting numbers takes a fraction of the time of counting texts.
    """
    rows.select(ColumnExpression(key).alias("ref")).create_view("references_now", replace=True)
    marks = con.sql(sql("reference_marks")).fetchnumpy()["mark"]
    marks.sort()
    con.register("marks_now", pa.table({"mark": marks[1:][marks[1:] == marks[:-1]]}))
    return con.sql(sql("repeated_refs")).to_arrow_table()


def resent(arrivals: Iterable[Arrival]) -> list[list[Arrival]]:
    """Extracts that share a table and a source with another one, group by group, the one that holds last at the end.

    Raises ExtractError where one states a period that means nothing, or would count records twice.
    """
    in_groups = groupby(sorted(arrivals, key=lambda a: a.kind), key=lambda a: a.kind)
    groups = [in_order(list(members)) for _kind, members in in_groups]
    for group in groups:
        _refuse_undated(group)
        _refuse_same_file(group)
    return [group for group in groups if len(group) > 1]


def in_order(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """As they are listed, but those that state when they were received are in that order among themselves."""
    dated = sorted((a for a in arrivals if a.extract.received), key=lambda a: (a.extract.received, a.staged.extract_id))
    following = iter(dated)
    return [next(following) if a.extract.received else a for a in arrivals]


def settle(con: duckdb.DuckDBPyConnection, group: list[Arrival]) -> pd.DataFrame:
    """Fold every record that a later extract replaces or withdraws, and count them for each extract.

    Leaves the tables held, fate and version. Result: position in the group, new, updated, withdrawn.
    """
    _hold(con, group)
    con.execute(sql("fate"))
    con.execute(sql("version"))
    fate = con.table("fate").select("position", "row").df()
    for position, rows in fate.groupby("position")["row"]:
        group[int(position)].staged.collapsed_rows.update(rows.tolist())
    counts = con.execute(sql("resent_counts"), {"extracts": len(group)}).df()
    for arrival, count in zip(group, counts.itertuples(), strict=True):
        arrival.staged.updated = int(count.updated)
        arrival.staged.withdrawn = int(count.withdrawn)
    return counts


def _hold(con: duckdb.DuckDBPyConnection, group: list[Arrival]) -> None:
    """Fill held and complete: what each extract of the group knows its records by, and what it says it holds whole."""
    con.execute(sql("held"))
    for position, arrival in enumerate(group):
        known, staged = _known(con, arrival), arrival.staged
        gone = staged.refused_rows | staged.collapsed_rows
        _held(_joined(con, known, gone, "anti"), position, kept=True).insert_into("held")
        if arrival.states_period and staged.refused_rows:
            _held(_joined(con, known, staged.refused_rows, "semi"), position, kept=False).insert_into("held")
    stated = [(n, a.extract) for n, a in enumerate(group) if a.states_period]
    complete = {
        "position": pa.array([n for n, _extract in stated], pa.int32()),
        "first_on": pa.array([extract.complete_from for _n, extract in stated], pa.date32()),
        "last_on": pa.array([extract.complete_to for _n, extract in stated], pa.date32()),
    }
    con.register("complete", pa.table(complete))


def _known(con: duckdb.DuckDBPyConnection, arrival: Arrival) -> duckdb.DuckDBPyRelation:
    """Row, key and day of every staged record."""
    staged = arrival.staged
    day = staged.mapping.day
    when = ColumnExpression(day).cast("DATE") if day else nothing("DATE")
    if staged.mapping.table in NATURAL_KEY:
        final = arrival.loader.versions()
        key = _natural_key(final, NATURAL_KEY[staged.mapping.table])
        return final.select(ColumnExpression("row"), key.alias("key"), when.alias("day"))
    own = staged.mapping.key
    key = ColumnExpression(own) if own else nothing("VARCHAR")
    row = ColumnExpression("rowid").alias("row")
    return con.table(staged.table).select(row, key.alias("key"), when.alias("day"))


def _natural_key(final: duckdb.DuckDBPyRelation, names: tuple[str, ...]) -> Expression:
    texts = (ColumnExpression(name).cast("VARCHAR") for name in names if name in final.columns)
    parts = (CoalesceOperator(text, ConstantExpression("")) for text in texts)
    return call("concat_ws", UNIT, *parts)


def _joined(
    con: duckdb.DuckDBPyConnection, known: duckdb.DuckDBPyRelation, rows: set[int], how: str
) -> duckdb.DuckDBPyRelation:
    """The records that are (semi), or are not (anti), among some rows."""
    if not rows and how == "anti":
        return known
    listed = con.from_arrow(pa.table({"listed_row": pa.array(sorted(rows), pa.int64())}))
    return known.join(listed, ColumnExpression("row") == ColumnExpression("listed_row"), how=how)


def _held(relation: duckdb.DuckDBPyRelation, position: int, kept: bool) -> duckdb.DuckDBPyRelation:
    columns = (ColumnExpression(name) for name in ("row", "key", "day"))
    return relation.select(ConstantExpression(position), *columns, ConstantExpression(kept))


def _refuse_undated(group: list[Arrival]) -> None:
    for arrival in group:
        if arrival.states_period and arrival.staged.mapping.table not in DAY:
            raise ExtractError(
                f"{arrival.staged.source.name} is listed with complete_from or complete_to, but records of the table "
                f"{arrival.staged.mapping.table!r} have no day. Leave the two out."
            )


def _refuse_same_file(group: list[Arrival]) -> None:
    """Without anything to tell records apart, the same file again would count each of them twice."""
    known: dict[tuple[str, str | None, str], Arrival] = {}
    for arrival in group:
        staged = arrival.staged
        if staged.mapping.key or staged.mapping.table in NATURAL_KEY or not staged.rows:
            continue
        first = known.setdefault((staged.source.sha256, arrival.extract.member, staged.mapping.name), arrival)
        if first is not arrival and not arrival.states_period:
            raise ExtractError(
                f"{staged.source.name} is the same file as {first.staged.source.name}: its records have no reference, "
                "so each would count twice. List it once, or state the period it holds whole with complete_from and "
                "complete_to."
            )


def _rows_of(con: duckdb.DuckDBPyConnection, staged: Staged, key: str, refs: duckdb.DuckDBPyRelation) -> pd.DataFrame:
    rows = con.table(staged.table).select(ColumnExpression("rowid").alias("row"), StarExpression(exclude=["raw"]))
    return rows.join(refs, ColumnExpression(key) == ColumnExpression("repeated_ref"), how="semi").df()
