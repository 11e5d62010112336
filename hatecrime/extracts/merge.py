"""Several rows of one record, one per arrest, victim or strand: folded into one by the rules of the mapping."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce

import duckdb
import pandas as pd
import pyarrow as pa
from duckdb import CaseExpression, CoalesceOperator, ColumnExpression, ConstantExpression, Expression, StarExpression

from hatecrime.extracts.expressions import CONTEXT
from hatecrime.extracts.mapping import Field
from hatecrime.extracts.repeats import repeated_references
from hatecrime.extracts.staging import Staged
from hatecrime.extracts.terms import call, nothing
from hatecrime.extracts.translate import StrandSets, each_once, strand_mask, with_code

PLAIN = ("first", "last")
STRAND_TEXT = "strand_text"
YES = "true"
SEVERAL = "\x1c"  # between texts that were put together
PLACE = (("x", "y"), ("point_postcode",))
Rule = Callable[[Expression, Expression], Expression]


def merge_repeats(
    con: duckdb.DuckDBPyConnection,
    staged: Staged,
    look_ups: dict[str, str],
    strands: str | None,
    sets: StrandSets,
) -> bool:
    """Within one extract: rows that share a reference become one, at the place of the first. Says whether any did.

    Rows that were refused take no part. A value that gives way to another one is put on record.
    """
    merge = _Merge(con, staged, look_ups, strands)
    if not merge.find_rows():
        return False
    merge.take()
    merge.record_values()
    merge.unite(sets)
    merge.write()
    return True


class _Merge:
    """One merge: the rows that share a reference, the record that comes of them, and where it goes."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, staged: Staged, look_ups: dict[str, str], strands: str | None
    ) -> None:
        self.con = con
        self.staged = staged
        self.look_ups = look_ups
        self.strands = strands
        self.key = staged.mapping.key or ""
        self.columns = con.table(staged.table).columns
        self.place = [axes for axes in PLACE if set(axes) <= set(self.columns)]
        self.rows = f"sharing_{staged.extract_id}"
        self.record = f"merged_{staged.extract_id}"

    def fields(self) -> Iterator[tuple[Field, str]]:
        """Every column but the reference, with its rule."""
        for field in self.staged.mapping.fields:
            if field.name != self.key:
                yield field, self.staged.mapping.take.get(field.name, "first")

    def value(self, name: str) -> Expression:
        """What a text means; nothing where it is unknown or means nothing."""
        if name not in self.look_ups:
            return ColumnExpression(name)
        code = ColumnExpression(f"{name}__code")
        field = self.staged.mapping.target(name)
        many = field is not None and field.column.type.endswith("[]")
        return CaseExpression(call("len", code) > ConstantExpression(0), code) if many else code

    def find_rows(self) -> bool:
        """Set the rows that take part aside, each value beside its translation."""
        taking = self._taking_part()
        repeated = repeated_references(self.con, taking, self.key)
        if not repeated.num_rows:
            return False
        relation = taking.join(
            self.con.from_arrow(repeated), ColumnExpression(self.key) == ColumnExpression("repeated_ref"), how="semi"
        )
        for name, look_up in self.look_ups.items():
            relation = with_code(relation, self.con.table(look_up), name)
        if self.strands:
            relation = with_code(relation, self.con.table(self.strands), STRAND_TEXT)
        relation.create(self.rows)
        return True

    def _taking_part(self) -> duckdb.DuckDBPyRelation:
        row = ColumnExpression("rowid").alias("row")
        rows = self.con.table(self.staged.table).select(row, StarExpression(exclude=["raw"]))
        refused = pa.table({"refused_row": pa.array(sorted(self.staged.refused_rows), pa.int64())})
        same = ColumnExpression("row") == ColumnExpression("refused_row")
        return rows.join(self.con.from_arrow(refused), same, how="anti") if refused.num_rows else rows

    def take(self) -> None:
        """One row per record: the row it stands in, and of each column the text and the value that stand."""
        row = ColumnExpression("row")
        taken = [ColumnExpression(self.key).alias("merged_ref"), call("min", row).alias("merged_row")]
        for field, rule in self.fields():
            text, value = ColumnExpression(field.name), self.value(field.name)
            taken.append(self.taken(rule, text, value).alias(f"taken_{field.name}"))
            if rule in PLAIN:
                taken.append(self.taken(rule, value, value).alias(f"value_{field.name}"))
            if rule == "all":
                taken.append(_parts(CaseExpression(value.isnotnull(), text)).alias(f"parts_{field.name}"))
        if self.strands:
            text = CaseExpression(ColumnExpression("strand_set").isnotnull(), ColumnExpression(STRAND_TEXT))
            taken += [_joined(text).alias(f"taken_{STRAND_TEXT}"), _parts(text).alias(f"parts_{STRAND_TEXT}")]
        for axes in self.place:
            taken += [_first(ColumnExpression(axis), _filled(axes)).alias(f"taken_{axis}") for axis in axes]
        self.con.table(self.rows).aggregate(taken, self.key).create(self.record)

    def taken(self, rule: str, wanted: Expression, value: Expression) -> Expression:
        """`wanted` of the row whose value stands."""
        rules: dict[str, Rule] = {
            "first": _first,
            "last": lambda each, known: call("arg_max", CaseExpression(known, each), ColumnExpression("row")),
            "earliest": lambda each, known: call("arg_min", CaseExpression(known, each), value),
            "latest": lambda each, known: call("arg_max", CaseExpression(known, each), value),
            "any": lambda each, known: CoalesceOperator(
                _first(each, value.cast("VARCHAR") == ConstantExpression(YES)), _first(each, known)
            ),
            "all": lambda each, known: _joined(CaseExpression(known, each)),
        }
        return rules[rule](wanted, value.isnotnull())

    def record_values(self) -> None:
        """Put on record what gave way, where the rule says which row counts and not what to make of the values."""
        same = ColumnExpression(self.key) == ColumnExpression("merged_ref")
        both = self.con.table(self.rows).join(self.con.table(self.record), same)
        for field, rule in self.fields():
            if rule in PLAIN:
                # What tells areas of one name apart stands behind the name.
                told = call("split_part", ColumnExpression(field.name).cast("VARCHAR"), CONTEXT, 1)
                lost = both.filter(self.value(field.name) != ColumnExpression(f"value_{field.name}"))
                self._record(lost, told, field.told)
        for axes in self.place:
            # The place of a record is kept as exactly as the mapping says, so it is not told here.
            apart = [ColumnExpression(axis) != ColumnExpression(f"taken_{axis}") for axis in axes]
            lost = both.filter(_filled(axes) & reduce(lambda a, b: a | b, apart))
            self._record(lost, nothing("VARCHAR"), ", ".join(map(self.staged.mapping.told, axes)))

    def _record(self, lost: duckdb.DuckDBPyRelation, told: Expression, column: str) -> None:
        rows = lost.select(ColumnExpression("row"), told.alias("value")).order("row").df()
        self.staged.refuse(rows, "merged_value", column, whole=False)

    def unite(self, sets: StrandSets) -> None:
        """Give every new combination of texts, of strands and of lists, its meaning: the union of theirs."""
        if self.strands:
            known = dict(self.con.table(self.strands).select("strand_text__from", "strand_set").fetchall())
            rows = [(text, *_united(sets, (known[t] for t in several))) for text, several in self._new(STRAND_TEXT)]
            frame = pd.DataFrame(rows, columns=["strand_text__from", "strand_set", "strand_mask"])
            self._add(self.strands, frame)
        for field, rule in self.fields():
            if rule == "all" and field.name in self.look_ups:
                look_up = self.look_ups[field.name]
                lists = dict(self.con.table(look_up).fetchall())
                union = [
                    (text, list(dict.fromkeys(code for t in several for code in lists[t])))
                    for text, several in self._new(field.name)
                ]
                self._add(look_up, pd.DataFrame(union, columns=[f"{field.name}__from", f"{field.name}__code"]))

    def _new(self, name: str) -> list[tuple[str, list[str]]]:
        """Every text that was put together out of several, with its parts."""
        text, parts = ColumnExpression(f"taken_{name}"), ColumnExpression(f"parts_{name}")
        several = self.con.table(self.record).filter(call("len", parts) > ConstantExpression(1))
        return sorted(several.select(text, parts).distinct().fetchall())

    def _add(self, look_up: str, frame: pd.DataFrame) -> None:
        if len(frame):
            self.con.from_df(frame).insert_into(look_up)

    def write(self) -> None:
        """The staging table again, with every record in its first row; the other rows count as folded."""
        same = ColumnExpression("row") == ColumnExpression("merged_row")
        row = ColumnExpression("rowid").alias("row")
        table = self.con.table(self.staged.table).select(row, StarExpression())
        both = table.join(self.con.table(self.record), same, how="left")
        merged = [name for name in both.columns if name.startswith("taken_")]
        both.order("row").select(*(self._column(name, merged) for name in self.columns)).create(
            f"{self.staged.table}_one"
        )
        others = self.con.table(self.rows).join(self.con.table(self.record), same, how="anti").select("row")
        self.staged.collapsed_rows.update(others.fetchnumpy()["row"].tolist())
        self.staged.move_to(f"{self.staged.table}_one")

    def _column(self, name: str, merged: list[str]) -> Expression:
        own = ColumnExpression(name)
        if f"taken_{name}" not in merged:
            return own
        stands = ColumnExpression("merged_row").isnotnull()
        return CaseExpression(stands, ColumnExpression(f"taken_{name}")).otherwise(own).alias(name)


def _first(wanted: Expression, known: Expression) -> Expression:
    return call("arg_min", CaseExpression(known, wanted), ColumnExpression("row"))


def _filled(columns: tuple[str, ...]) -> Expression:
    """Whether all of some columns are filled: coordinates stand together."""
    return reduce(lambda a, b: a & b, (ColumnExpression(name).isnotnull() for name in columns))


def _parts(text: Expression) -> Expression:
    """The distinct texts, in the order of the alphabet."""
    return call("list_sort", call("list_distinct", call("list", text)))


def _joined(text: Expression) -> Expression:
    """The distinct texts in one; a single one stays as it is, and none is none."""
    joined = call("array_to_string", _parts(text), SEVERAL)
    return CaseExpression(joined != ConstantExpression(""), joined)


def _united(sets: StrandSets, numbers: Iterable[int]) -> tuple[int, int]:
    """Number and mask of the combination of several combinations; a strand gives way to a part of it."""
    by_number = {number: members for members, number in sets.numbers.items()}
    members = each_once(member for number in numbers for member in by_number[number])
    return sets.number(members), strand_mask(members)
