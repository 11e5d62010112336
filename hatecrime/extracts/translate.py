"""Labels to codes: each distinct label is looked up once, however many records carry it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

import duckdb
import pandas as pd
from duckdb import ColumnExpression

from hatecrime.dictionary import CodeList, Column, code_list
from hatecrime.extracts.areas import Areas
from hatecrime.extracts.errors import ExtractError, did_you_mean
from hatecrime.extracts.expressions import CONTEXT, FLAG, UNIT
from hatecrime.extracts.labels import Labels
from hatecrime.extracts.mapping import STRAND, Field, Mapping, Strands, plain
from hatecrime.extracts.staging import Staged

Codes = tuple[str, ...]
Member = tuple[str, str | None, str]
AGES = "age_band"
AGE_BAND = re.compile(r"under_(?P<below>\d+)|(?P<first>\d+)_(?P<last>\d+)|(?P<least>\d+)_plus")


@dataclass
class StrandSets:
    """Every combination of strands met in a build, numbered; a record holds the number of its combination."""

    numbers: dict[tuple[Member, ...], int] = field(default_factory=dict)

    def number(self, members: Iterable[Member]) -> int:
        key = tuple(dict.fromkeys(members))
        return self.numbers.setdefault(key, len(self.numbers) + 1)

    def frame(self) -> pd.DataFrame:
        rows = [(number, *member) for members, number in self.numbers.items() for member in members]
        frame = pd.DataFrame(rows, columns=["strand_set", "strand", "sub_strand", "label"])
        return frame.astype({"strand_set": "int32", "strand": "string", "sub_strand": "string", "label": "string"})


class Translator:
    """Looks labels of one mapping up: its own list first, then the code list in both languages, then `otherwise`.

    `labels` are what the codes of a partner stand for, by target column: they are turned into labels before that.
    """

    def __init__(self, mapping: Mapping, labels: Labels) -> None:
        self.mapping = mapping
        self.labels = labels
        self.used: set[tuple[str, str]] = set()
        self.partly: set[tuple[str, str]] = set()

    def clean(self, text: str) -> str:
        """Without space around it; empty where it spells "no value"."""
        stripped = text.strip()
        return "" if stripped.casefold() in self.mapping.file.empty else stripped

    def look_up(self, target: Field, text: str, areas: Areas) -> Codes | None:
        """The codes a text stands for, () where it means no value, None where it is unknown."""
        label = self.clean(text.partition(CONTEXT)[0])
        if not label:
            return ()
        if target.column.type == "BOOLEAN":
            return (label,) if target.contains or target.equals else _flag(target, label)
        if target.name in areas.levels():
            label = self.label(target.name, label)
            return self._named_area(target, label, text, areas) or self._area(target, label, areas)
        if not target.column.codes and target.name not in self.mapping.values:
            return tuple(found for found, _codes in self.several(target.name, None, label, target.split))
        parts = self.several(target.name, _codes_of(target), label, target.split)
        if all(codes is None for _label, codes in parts):
            return None
        if any(codes is None for _label, codes in parts):
            self.partly.add((target.name, text))
        return tuple(code for _label, codes in parts for code in codes or ())

    def label(self, target: str, text: str) -> str:
        """The label that a partner's code stands for; anything else stands for itself."""
        return self.labels.get(target, {}).get(plain(text), text)

    def several(
        self, target: str, codes: CodeList | None, text: str, split: Codes, coded: bool = True
    ) -> list[tuple[str, Codes | None]]:
        """Every label in a cell with its codes; a label that is listed whole is never split.

        `coded` says that a partner's code can stand in place of a label.
        """
        if coded and (label := self.label(target, text)) != text:
            return self.several(target, codes, label, split, coded=False)
        whole = self._codes(target, codes, text)
        if whole is None and codes is None and not coded:
            whole = (text.strip(),)  # without a list of codes, the label of a partner's code stands as it is
        listed = plain(text) in self.mapping.values.get(target, {})
        if not split or listed or (whole is not None and target not in self.mapping.otherwise):
            return [(text.strip(), whole)]
        parts = [p for p in text.split(split[0]) if p.strip()]
        return [found for part in parts for found in self.several(target, codes, part, split[1:], coded)]

    def _codes(self, target: str, codes: CodeList | None, text: str) -> Codes | None:
        label = plain(text)
        listed = self.mapping.values.get(target, {})
        if label in listed:
            self.used.add((target, label))
            return listed[label]
        found = (codes.find(text) or age_band(codes, label)) if codes else None
        if found:
            return (found,)
        return self.mapping.otherwise.get(target)

    def area_code(self, target: Field, text: str) -> str:
        """The code that a text of an area column stands for, whether or not there is such an area; empty for none."""
        label = self.label(target.name, self.clean(text))
        listed = self._codes(target.name, None, label)
        return label if listed is None else "".join(listed[:1])

    def _named_area(self, target: Field, label: str, text: str, areas: Areas) -> Codes | None:
        """The area of a name inside another on the day of the record; None where that is not one area alone."""
        listed = self._codes(target.name, None, label)
        if not target.by_name or listed == ():
            return None
        _name, era, parent = text.split(CONTEXT, 2)
        within = self._within(target, parent, areas)
        area = areas.named(target.name, listed[0] if listed else label, within, areas.day_of(target.name, era))
        return (area.area_code,) if area else None

    def _within(self, target: Field, parent: str, areas: Areas) -> str:
        """The code of the area in which a name is looked for; empty where it is not known."""
        above = self.mapping.target(target.within or "")
        if above:
            return "".join((self.look_up(above, parent, areas) or ())[:1])
        area = areas.find(target.within or "")
        if area is None:
            raise ExtractError(
                f"The mapping {self.mapping.name!r} looks names of areas up within {target.within!r}, which is no area."
                + did_you_mean(target.within or "", areas.by_code)
            )
        return area.area_code

    def _area(self, target: Field, text: str, areas: Areas) -> Codes | None:
        listed = self._codes(target.name, None, text)
        area = areas.find(self.area_code(target, text))
        if area and area.level == target.name:
            return (area.area_code,)
        return listed if listed == () else None

    def unused(self) -> list[str]:
        """Entries of the mapping that no label of the file needed."""
        listed = {(t, label) for t, labels in self.mapping.values.items() for label in labels}
        return [f"[values.{t}] {label!r}" for t, label in sorted(listed - self.used)]


def translate(con: duckdb.DuckDBPyConnection, staged: Staged, translator: Translator, areas: Areas) -> dict[str, str]:
    """Write one look-up table per translated column (<name>__from, <name>__code) and record unknown labels.

    Result: target column → name of its look-up table.
    """
    made = {}
    for target in staged.mapping.fields:
        if not staged.mapping.looks_up(target.name):
            continue
        texts = staged.texts(con, target.name)
        found = {text: translator.look_up(target, text, areas) for text in texts}
        made[target.name] = f"codes_{staged.extract_id}_{target.name}"
        _write(con, staged, made[target.name], target.column, found)
        unknown = [text for text, codes in found.items() if codes is None]
        required = target.column.required
        staged.refuse(_rows(con, staged, target.name, unknown), _reason(target, areas), target.told, required)
        partly = [text for text in texts if (target.name, text) in translator.partly]
        staged.refuse(_rows(con, staged, target.name, partly), "unknown_label", target.told, whole=False)
        if required:
            void = _rows(con, staged, target.name, [text for text, codes in found.items() if codes == ()])
            staged.refuse(void, "missing_required", target.told, whole=True)
    return made


def translate_strands(
    con: duckdb.DuckDBPyConnection, staged: Staged, translator: Translator, sets: StrandSets
) -> str | None:
    """Write the look-up table from strand text to (strand_set, strand_mask) and record unknown labels."""
    if not staged.mapping.strands:
        return None
    rows, unknown = [], []
    texts = staged.texts(con, "strand_text")
    for text in texts:
        members, missed = _strands(translator, code_list(STRAND), text, staged.mapping.strands)
        rows.append((text, sets.number(members) if members else None, strand_mask(members)))
        if missed:
            unknown.append(text)
    _refuse_flags(con, staged, texts)
    name = f"strands_{staged.extract_id}"
    frame = pd.DataFrame(rows, columns=["strand_text__from", "strand_set", "strand_mask"])
    frame = frame.astype({"strand_text__from": "string", "strand_set": "Int32", "strand_mask": "int32"})
    _as_staged(con, staged, con.from_df(frame), "strand_text").create(name)
    source = " + ".join(staged.mapping.strands.sources)
    rows_unknown = _rows(con, staged, "strand_text", unknown)
    told = rows_unknown["value"].map(lambda text: UNIT.join(_cells(text)[0]))
    staged.refuse(rows_unknown.assign(value=told), "unknown_label", source, whole=False)
    return name


def each_once(members: Iterable[Member]) -> list[Member]:
    """Each strand and sub-strand once, under its first label; a strand gives way to a part of it."""
    given = list(members)
    detailed = {strand for strand, sub, _label in given if sub}
    labels: dict[tuple[str, str | None], str] = {}
    for strand, sub, label in given:
        if sub or strand not in detailed:
            labels.setdefault((strand, sub), label)
    return [(strand, sub, label) for (strand, sub), label in labels.items()]


def strand_mask(members: Iterable[Member]) -> int:
    """The bits of the strands, put together."""
    return reduce(or_, (code_list(STRAND).bit(strand) for strand, _sub, _label in members), 0)


def with_code(
    relation: duckdb.DuckDBPyRelation, look_up: duckdb.DuckDBPyRelation, name: str
) -> duckdb.DuckDBPyRelation:
    """Beside each record what its text of a column stands for."""
    return relation.join(look_up, ColumnExpression(name) == ColumnExpression(f"{name}__from"), how="left")


def _cells(text: str) -> tuple[list[str], list[tuple[int, str]]]:
    """The labels in a strand text, and what strands' own columns say, each by its number; nothing for a plain yes."""
    cells = [cell for cell in text.split(UNIT) if not cell.startswith(FLAG)]
    flags = (cell[1:].partition("=") for cell in text.split(UNIT) if cell.startswith(FLAG))
    return cells, [(int(number), cell) for number, _mark, cell in flags]


def _refuse_flags(con: duckdb.DuckDBPyConnection, staged: Staged, texts: list[str]) -> None:
    """Cells of the strands' own columns that are neither yes nor no nor a number."""
    for number, column in enumerate(staged.mapping.strands.flags if staged.mapping.strands else ()):
        unread = {text: cell for text in texts for n, cell in _cells(text)[1] if n == number and cell}
        rows = _rows(con, staged, "strand_text", list(unread))
        staged.refuse(rows.assign(value=rows["value"].map(unread)), "bad_flag", column, whole=False)


def _strands(translator: Translator, strands: CodeList, text: str, stated: Strands) -> tuple[list[Member], bool]:
    members: list[Member] = []
    cells, flags = _cells(text)
    found: list[tuple[str, Codes | None]]
    found = [(column, codes) for n, (column, codes) in enumerate(stated.flags.items()) if (n, "") in flags]
    for cell in filter(None, map(translator.clean, cells)):
        found += translator.several(STRAND, strands, cell, stated.split)
    for label, codes in found:
        for code in codes or ():
            strand = strands.group(code)
            members.append((strand, None if code == strand else code, label))
    return each_once(members), any(codes is None for _label, codes in found)


def age_band(codes: CodeList, label: str) -> str | None:
    """The narrowest band that holds an age in years."""
    if codes.name != AGES or not re.fullmatch(r"\d{1,3}", label):
        return None
    limits = {code: _limits(code) for code in codes}
    fitting = [code for code, (low, high) in limits.items() if low <= int(label) <= high]
    return min(fitting, key=lambda code: limits[code][1] - limits[code][0], default=None)


def _limits(band: str) -> tuple[int, int]:
    found = AGE_BAND.fullmatch(band)
    if found is None:
        return 1, 0
    ends = {name: int(age) for name, age in found.groupdict().items() if age}
    return ends.get("first", ends.get("least", 0)), ends.get("last", ends.get("below", 1000) - 1)


def _flag(target: Field, text: str) -> Codes | None:
    word = text.casefold()
    return ("true",) if word in target.true else ("false",) if word in target.false else None


def _codes_of(target: Field) -> CodeList | None:
    return code_list(target.column.codes) if target.column.codes else None


def _reason(target: Field, areas: Areas) -> str:
    if target.column.type == "BOOLEAN":
        return "bad_flag"
    return "unknown_area" if target.name in areas.levels() else "unknown_label"


def _write(
    con: duckdb.DuckDBPyConnection, staged: Staged, name: str, column: Column, found: dict[str, Codes | None]
) -> None:
    """Texts and what they stand for; a column of codes has the whole list as its type, as the snapshot has it."""
    given = [codes or () for codes in found.values()]
    if column.type.endswith("[]"):
        values = pd.Series([list(codes) for codes in given], dtype="object")
    else:
        single = [codes[0] if codes else None for codes in given]
        values = pd.Series(single, dtype=pd.CategoricalDtype(code_list(column.codes)) if column.codes else "string")
    texts = pd.Series(list(found), dtype="string")
    frame = pd.DataFrame({f"{column.name}__from": texts, f"{column.name}__code": values})
    _as_staged(con, staged, con.from_df(frame), column.name).create(name)


def _as_staged(
    con: duckdb.DuckDBPyConnection, staged: Staged, look_up: duckdb.DuckDBPyRelation, name: str
) -> duckdb.DuckDBPyRelation:
    """A look-up whose texts have the type of the staged column, so that both are compared as they are stored."""
    rows = con.table(staged.table)
    kind = rows.types[rows.columns.index(name)]
    text, *codes = look_up.columns
    return look_up.select(ColumnExpression(text).cast(kind).alias(text), *map(ColumnExpression, codes))


def _rows(con: duckdb.DuckDBPyConnection, staged: Staged, name: str, texts: list[str]) -> pd.DataFrame:
    if not texts:
        return pd.DataFrame({"row": [], "value": []})
    value = ColumnExpression(name).cast("VARCHAR").alias("value")
    rows = con.table(staged.table).select(ColumnExpression("rowid").alias("row"), value)
    wanted = con.from_df(pd.DataFrame({"wanted": pd.Series(texts, dtype="string")}))
    return rows.join(wanted, ColumnExpression("value") == ColumnExpression("wanted"), how="semi").df()
