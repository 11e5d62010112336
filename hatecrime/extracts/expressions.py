"""The columns of a staging table as expressions over one source.

Built from the mapping by DuckDB's expression interface, so no text of a partner's file or mapping ever becomes SQL.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from collections.abc import Mapping as Dict
from functools import reduce

import duckdb
import numpy as np
from duckdb import (
    CaseExpression,
    CoalesceOperator,
    ColumnExpression,
    ConstantExpression,
    Expression,
    StarExpression,
)

from hatecrime.dictionary import Column
from hatecrime.extracts.mapping import DATE_PARTS, NO, NUMERIC_FORMATS, YES, Field, Mapping, Point, Strands
from hatecrime.extracts.terms import call, first, nothing, number_in
from hatecrime.extracts.times import in_years, moment_of

SPACE = " \t\r\n\u00a0"
UNIT = "\x1f"  # between the columns of a strand text
FLAG = "\x1e"  # before the number of a strand's own column in a strand text
CONTEXT = "\x1d"  # between the name of an area and what tells it from others of that name
TYPE_REASONS = {
    "DATE": "bad_date",
    "TIMESTAMP": "bad_date",
    "INTEGER": "bad_number",
    "BIGINT": "bad_number",
    "DOUBLE": "bad_number",
}
STEPS = ("trimmed", "clean", "item", "text", "moment", "part", "number", "value", "failed")
Eras = Dict[str, tuple[dt.date, ...]]


class Parts:
    """The columns of the staging table as expressions over one source.

    `eras` are the days on which areas of a level begin or end, for names that mean another area since. What is needed
    more than once is a column of an earlier step, because the database would compute it each time.
    """

    def __init__(
        self,
        mapping: Mapping,
        column: Callable[[str], Expression | None],
        eras: Eras,
        outlined: bool = False,
    ) -> None:
        self.mapping = mapping
        self.column = column
        self.outlined = outlined
        self.eras = eras
        self.sources: dict[str, int] = {}
        self.steps: dict[str, dict[str, Expression]] = {step: {} for step in STEPS}
        self.texts = {f.name: self.text_once(f) for f in mapping.fields}
        self.values = {f.name: self.keep("value", f.name, self.value(f)) for f in mapping.fields}
        self.place(mapping.point)
        self.final = self.columns()

    def over(self, rows: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """The staging table made of rows of the source."""
        for step, made in self.steps.items():
            if made:
                named = (value.alias(f"{step} {name}") for name, value in made.items())
                rows = rows.select(StarExpression(), *named)
        return rows.select(*(value.alias(name) for name, value in self.final.items()))

    def keep(self, step: str, name: str, made: Expression) -> Expression:
        """Have something computed in a step, once, and refer to it."""
        self.steps[step][name] = made
        return ColumnExpression(f"{step} {name}")

    def columns(self) -> dict[str, Expression]:
        """Typed values, the strand text, and the raw texts where something could not be parsed."""
        made = self.values | {f.name: self.named_area(f) for f in self.mapping.fields if f.by_name}
        if self.mapping.strands:
            made["strand_text"] = self.strand_text(self.mapping.strands)
        if self.mapping.table == "area":
            made["geometry"] = ColumnExpression("geometry") if self.outlined else nothing("BLOB")
        for field_ in self.mapping.fields:
            if field_.create_area:
                made[f"{field_.name}_name"] = _prefixed(field_.area_prefix, self.clean(field_.create_area))
        made["raw"] = self.raw()
        return self.wanted(made) if self.mapping.only else made

    def wanted(self, made: dict[str, Expression]) -> dict[str, Expression]:
        """Nothing but why it was passed over is known of a row that [only] does not want."""
        texts = [self.clean(column) for column in self.mapping.only]
        fits = []
        for number, (text, words) in enumerate(zip(texts, self.mapping.only.values(), strict=True)):
            plain = first(_plain(text), ConstantExpression(""))
            fits.append(self.keep("part", f"fits {number}", _among(plain, words)))
        index = [CaseExpression(~fit, ConstantExpression(number)) for number, fit in enumerate(fits)]
        value = [CaseExpression(~fit, text) for fit, text in zip(fits, texts, strict=True)]
        whole = reduce(lambda a, b: a & b, fits)
        kept = {name: CaseExpression(whole, value) for name, value in made.items()}
        return kept | {"passed_over": first(*index), "passed_value": first(*value)}

    def place(self, point: Point | None) -> None:
        """The coordinates as numbers and the postcode in its usual spelling, where the mapping names them."""
        if point is None:
            return
        for axis, source in zip(("x", "y"), point.axes or (), strict=False):
            given = self.joined((source,), "")
            self.texts[axis] = self.clean(source) if self.mapping.file.empty else _trimmed(given)
            texts = [self.texts[axis]] if self.mapping.file.empty else [given, self.texts[axis]]
            numbers = (_without(point.thousands, text).try_cast("DOUBLE") for text in texts)
            number = self.keep("part", axis, CoalesceOperator(*numbers))
            plain = CaseExpression(~call("contains", given, "_"), number)
            self.values[axis] = _within(self.keep("number", axis, plain), (-np.inf, np.inf))
            self.values[axis] = self.keep("value", axis, self.values[axis])
        if point.postcode:
            plain = self.keep("part", "postcode", _letters(self.clean(point.postcode)))
            self.values["point_postcode"] = call("regexp_replace", _filled(plain), "(.)(...)$", r"\1 \2")

    def parsed(self) -> list[str]:
        """Names whose text can fail to parse, in the order of the raw list."""
        return list(self.reasons())

    def reasons(self) -> dict[str, str]:
        """Why a text that cannot be parsed is refused, by name; every other text can stand as it is."""
        found = {"x": "bad_coordinate", "y": "bad_coordinate"}
        for field_ in self.mapping.fields:
            reason = "bad_date" if field_.date_part else TYPE_REASONS.get(field_.column.type)
            found |= {field_.name: reason} if reason else {}
        return {name: found[name] for name in self.texts if name in found}

    def raw(self) -> Expression:
        names = self.parsed()
        if not names:
            return nothing("VARCHAR[]")
        failed = reduce(lambda a, b: a | b, [self.keep("failed", n, self.failed(n)) for n in names])
        return CaseExpression(failed, call("list_value", *(self.texts[n] for n in names)))

    def failed(self, name: str) -> Expression:
        """Whether there is a text without a value; the text is only looked at where there is no value."""
        lacking = CaseExpression(self.values[name].isnull(), self.texts[name] != ConstantExpression(""))
        return lacking.otherwise(ConstantExpression(False))

    def text_once(self, field_: Field) -> Expression:
        """The text of a field, computed once; or only where it is asked for, if the cells can be read as they are."""
        return self.text(field_) if self.readable(field_) else self.keep("text", field_.name, self.text(field_))

    def readable(self, field_: Field) -> bool:
        """Whether a time that is read from the untouched cells is the one that the cleaned text would give.

        Then only the cells that cannot be read so are cleaned. For this the expressions of the cleaned text name no
        part of it twice: the database would compute such a part for every row.
        """
        written = field_.formats and not field_.timezone and not {*NUMERIC_FORMATS} & {*field_.formats}
        plain = not (field_.reshaped or field_.date_part or field_.value is not None or self.mapping.file.empty)
        return bool(field_.column.type in ("DATE", "TIMESTAMP") and written and plain)

    def text(self, field_: Field) -> Expression:
        """The text of a field; one that is looked up stays as it came, because its few spellings are cleaned there."""
        if field_.value is not None:
            return ConstantExpression(field_.value)
        if self.mapping.looks_up(field_.name) and not field_.reshaped:
            return self.joined(field_.sources, " ")
        if self.readable(field_):
            return _trimmed(call("concat_ws", " ", *(_trimmed(self.joined((s,), "")) for s in field_.sources)))
        parts = [self.clean(s) for s in field_.sources]
        if field_.first:
            parts = [call("left", p, n) if n else p for p, n in zip(parts, field_.first, strict=True)]
        if field_.zeros:
            parts = [_zeros_before(p, n) if n else p for p, n in zip(parts, field_.zeros, strict=True)]
        if field_.coalesce:
            parts = [first(*parts)]
        whole = parts[0] if len(parts) == 1 else _filled(call("concat_ws", " ", *parts))
        return _prefixed(field_.prefix, self.first_item(field_, whole) if field_.first_of else whole)

    def first_item(self, field_: Field, text: Expression) -> Expression:
        """The first item of a list that is filled; mostly it is the very first, which is found faster."""
        item = self.keep("item", field_.name, call("trim", call("split_part", text, field_.first_of, 1), SPACE))
        later = _filled(call("trim", call("regexp_extract", text, _later_item(field_.first_of), 1), SPACE))
        return CaseExpression(item != ConstantExpression(""), item).otherwise(later)

    def value(self, field_: Field) -> Expression:
        """What the text of a field stands for: a number, a date, yes or no, or a text that is looked up."""
        text = self.texts[field_.name]
        if field_.date_part:
            moment = self.keep("moment", field_.name, moment_of(field_, text))
            text = self.keep("part", field_.name, call(DATE_PARTS[field_.date_part], moment).cast("VARCHAR"))
        elif field_.contains or field_.equals:
            text = self.keep("part", field_.name, _plain(text))
        if field_.contains:
            return _told(text, reduce(lambda a, b: a | b, (call("contains", text, w) for w in field_.contains)))
        if field_.equals:
            return _told(text, _among(text, field_.equals))
        return text if self.mapping.looks_up(field_.name) else self.typed(field_, text)

    def typed(self, field_: Field, text: Expression) -> Expression:
        kind = field_.column.type
        if self.readable(field_):
            given = call("concat_ws", " ", *(self.joined((s,), "") for s in field_.sources))
            times = (call("try_strptime", each, list(field_.formats)).cast("TIMESTAMP") for each in (given, text))
            return in_years(self.keep("moment", field_.name, CoalesceOperator(*times))).cast(kind)
        if kind in ("DATE", "TIMESTAMP"):
            return moment_of(field_, text).cast(kind)
        if kind in ("INTEGER", "BIGINT", "DOUBLE"):
            number = self.keep("number", field_.name, number_in(_without(field_.thousands, text), kind))
            return _within(number, _limits(field_.column)).try_cast(kind)
        return text

    def named_area(self, field_: Field) -> Expression:
        """The name of an area with the era of the record and the name of the area it lies in."""
        text = self.values[field_.name]
        above = self.mapping.target(field_.within or "")
        parent = nothing("VARCHAR") if above is None else self.values[above.name]
        if above and above.by_name:
            parent = self.named_area(above)
        told = (first(part, ConstantExpression("")) for part in (self.era(field_.name), parent))
        return CaseExpression(text.isnotnull(), call("concat_ws", CONTEXT, text, *told))

    def era(self, level: str) -> Expression:
        """How many times the areas of a level had changed by the day of the record."""
        day, changes = self.mapping.day, self.eras.get(level, ())
        if day is None or not changes:
            return nothing("VARCHAR")
        on = self.values[day].cast("DATE")
        passed = (CaseExpression(on >= ConstantExpression(c), ConstantExpression(1)) for c in changes)
        number = reduce(lambda a, b: a + b, (p.otherwise(ConstantExpression(0)) for p in passed))
        return CaseExpression(on.isnotnull(), number.cast("VARCHAR"))

    def strand_text(self, strands: Strands) -> Expression:
        """All that a record says of its strands as one text; of a strand's own column, its number where it says yes."""
        if not strands.flags:
            return self.joined(strands.sources, UNIT)
        columns = [c for s in strands.sources if (c := self.column(s)) is not None]
        flags = [self.strand_flag(number, self.clean(source)) for number, source in enumerate(strands.flags)]
        return _filled(self.keep("value", "strands", call("concat_ws", UNIT, *columns, *flags)))

    def strand_flag(self, number: int, cell: Expression) -> Expression:
        """The number of a strand's own column where its cell says yes or counts some; beside the cell where unclear."""
        amount = self.keep("part", f"amount {number}", _amount(cell))
        word = self.keep("part", f"word {number}", call("lower", cell))
        none = ConstantExpression(0.0)
        unread = call("concat", f"{FLAG}{number}=", cell)
        return (
            CaseExpression(cell.isnull() | (amount == none) | call("list_contains", list(NO), word), nothing("VARCHAR"))
            .when((amount > none) | call("list_contains", list(YES), word), ConstantExpression(f"{FLAG}{number}"))
            .otherwise(unread)
        )

    def joined(self, sources: tuple[str, ...], separator: str) -> Expression:
        """Several columns as one text, untouched."""
        columns = [nothing("VARCHAR") if (c := self.column(s)) is None else c for s in sources]
        return columns[0] if len(columns) == 1 else _filled(call("concat_ws", separator, *columns))

    def clean(self, source: str) -> Expression:
        """The text of a column without space around it; nothing where it is empty or spells "no value"."""
        number = str(self.sources.setdefault(source, len(self.sources)))
        text = self.keep("trimmed", number, _spaceless(self.joined((source,), "")))
        filled = text != ConstantExpression("")
        if self.mapping.file.empty:
            filled &= ~call("list_contains", list(self.mapping.file.empty), call("lower", text))
        return self.keep("clean", number, CaseExpression(filled, text))


def _trimmed(text: Expression) -> Expression:
    """A text without space around it, and empty where there is none."""
    return call("trim", text, SPACE)


def _spaceless(text: Expression) -> Expression:
    """A text without space around it; few have any, and looking for it is faster than taking it off."""
    spaced = reduce(lambda a, b: a | b, (call("contains", text, space) for space in SPACE))
    return CaseExpression(spaced, call("trim", text, SPACE)).otherwise(text)


def _told(text: Expression, holds: Expression) -> Expression:
    """Yes or no in words, because flags are looked up; nothing where there is no text."""
    yes = CaseExpression(holds, ConstantExpression("true")).otherwise(ConstantExpression("false"))
    return CaseExpression(text.isnotnull(), yes)


def _plain(text: Expression) -> Expression:
    """A text as words of a mapping are compared with it (see mapping.plain); few have more than single spaces."""
    wide = reduce(lambda a, b: a | b, (call("contains", text, space) for space in ("  ", "\t", "\r", "\n", "\u00a0")))
    single = call("trim", call("regexp_replace", text, f"[{SPACE}]+", " ", "g"))
    return call("lower", CaseExpression(wide, single).otherwise(text))


def _among(plain: Expression, words: tuple[str, ...]) -> Expression:
    return call("list_contains", list(words), plain)


def _later_item(separator: str) -> str:
    mark = re.escape(separator)
    return rf"(?s)^(?:\s*{mark})*(.*?)(?:{mark}|$)"


def _amount(cell: Expression) -> Expression:
    return CaseExpression(call("regexp_full_match", cell, r"\d+(\.\d+)?"), cell).try_cast("DOUBLE")


def _letters(text: Expression) -> Expression:
    return call("regexp_replace", call("upper", text), "[^A-Z0-9]", "", "g")


def _without(mark: str, text: Expression) -> Expression:
    return call("replace", text, mark, "") if mark else text


def _limits(column: Column) -> tuple[float, float]:
    """The smallest and the largest number a column can hold: counts start at nought, a scale says where it ends."""
    scale = re.fullmatch(r"(\d+) to (\d+)", column.unit or "")
    if scale:
        return float(scale[1]), float(scale[2])
    return (-np.inf if column.type == "DOUBLE" else 0.0), np.inf


def _within(number: Expression, limits: tuple[float, float]) -> Expression:
    return CaseExpression(call("isfinite", number) & number.between(*limits), number)


def _zeros_before(text: Expression, length: int) -> Expression:
    short = call("length", text) < ConstantExpression(length)
    return CaseExpression(short, call("lpad", text, length, "0")).otherwise(text)


def _prefixed(prefix: str, text: Expression) -> Expression:
    return CaseExpression(text.isnotnull(), call("concat", prefix, text)) if prefix else text


def _filled(text: Expression) -> Expression:
    return CaseExpression(text != ConstantExpression(""), text)
