"""Labels to codes: each distinct label is looked up once, however many records carry it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb
import pandas as pd
from duckdb import ColumnExpression, ConstantExpression

from hatecrime.dictionary import CodeList, Column, code_list
from hatecrime.extracts.areas import Areas
from hatecrime.extracts.mapping import STRAND, Field, Mapping
from hatecrime.extracts.staging import UNIT, Staged

Codes = tuple[str, ...]


@dataclass
class StrandSets:
    """Every combination of strands met in a build, numbered; a record holds the number of its combination."""

    numbers: dict[tuple[tuple[str, str | None, str], ...], int] = field(default_factory=dict)

    def number(self, members: Iterable[tuple[str, str | None, str]]) -> int:
        key = tuple(dict.fromkeys(members))
        return self.numbers.setdefault(key, len(self.numbers) + 1)

    def frame(self) -> pd.DataFrame:
        rows = [(number, *member) for members, number in self.numbers.items() for member in members]
        return pd.DataFrame(rows, columns=["strand_set", "strand", "sub_strand", "label"])


class Translator:
    """Looks labels of one mapping up: its own list first, then the code list in both languages, then `otherwise`."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.used: set[tuple[str, str]] = set()

    def codes(self, target: str, codes: CodeList | None, text: str) -> Codes | None:
        """The codes a label stands for, () where it means no value on purpose, None where it is unknown."""
        label = text.strip().casefold()
        listed = self.mapping.values.get(target, {})
        if label in listed:
            self.used.add((target, label))
            return listed[label]
        found = codes.find(text) if codes else None
        if found:
            return (found,)
        return self.mapping.otherwise.get(target)

    def several(self, target: str, codes: CodeList | None, text: str, split: Codes) -> list[tuple[str, Codes | None]]:
        """Every label in a cell with its codes; a label that is listed whole is never split."""
        whole = self.codes(target, codes, text)
        listed = text.strip().casefold() in self.mapping.values.get(target, {})
        if not split or listed or (whole is not None and target not in self.mapping.otherwise):
            return [(text.strip(), whole)]
        parts = [p for p in text.split(split[0]) if p.strip()]
        return [found for part in parts for found in self.several(target, codes, part, split[1:])]

    def unused(self) -> list[str]:
        """Entries of the mapping that no label of the file needed."""
        listed = {(t, label) for t, labels in self.mapping.values.items() for label in labels}
        return [f"[values.{t}] {label!r}" for t, label in sorted(listed - self.used)]


def translate(
    con: duckdb.DuckDBPyConnection, staged: Staged, translator: Translator, areas: Areas
) -> dict[str, str]:
    """Write one look-up table per translated column (<name>__from, <name>__code) and record unknown labels.

    Result: target column → name of its look-up table.
    """
    made = {}
    for target in staged.mapping.fields:
        is_area = target.name in areas.levels()
        if not (is_area or target.column.codes or target.name in staged.mapping.values):
            continue
        labels = _distinct(con, staged, target.name)
        found = _look_up(translator, target, labels, areas if is_area else None)
        made[target.name] = f"codes_{staged.extract_id}_{target.name}"
        _write(con, made[target.name], target.column, found)
        unknown = [text for text, codes in found.items() if codes is None]
        reason = "unknown_area" if is_area else "unknown_label"
        staged.refuse(_rows(con, staged, target.name, unknown), reason, target.told, target.column.required)
    return made


def translate_strands(
    con: duckdb.DuckDBPyConnection, staged: Staged, translator: Translator, sets: StrandSets
) -> str | None:
    """Write the look-up table from strand text to (strand_set, strand_mask) and record unknown labels."""
    if not staged.mapping.strands:
        return None
    strands = code_list(STRAND)
    rows, unknown = [], []
    for text in _distinct(con, staged, "strand_text"):
        members, missed = _strands(translator, strands, text, staged.mapping.strands.split)
        mask = 0
        for strand, _sub, _label in members:
            mask |= strands.bit(strand)
        rows.append((text, sets.number(members) if members else None, mask))
        if missed:
            unknown.append(text)
    name = f"strands_{staged.extract_id}"
    frame = pd.DataFrame(rows, columns=["strand_text__from", "strand_set", "strand_mask"])
    _create(con, name, frame.astype({"strand_text__from": "string", "strand_set": "Int32", "strand_mask": "int32"}))
    source = " + ".join(staged.mapping.strands.sources)
    staged.refuse(_rows(con, staged, "strand_text", unknown), "unknown_label", source, whole=False)
    return name


def _strands(
    translator: Translator, strands: CodeList, text: str, split: Codes
) -> tuple[list[tuple[str, str | None, str]], bool]:
    members: list[tuple[str, str | None, str]] = []
    missed = False
    for cell in text.split(UNIT):
        for label, codes in translator.several(STRAND, strands, cell, split):
            missed = missed or codes is None
            for code in codes or ():
                strand = strands.group(code)
                members.append((strand, None if code == strand else code, label))
    return list({(s, sub): (s, sub, label) for s, sub, label in reversed(members)}.values())[::-1], missed


def _look_up(
    translator: Translator, target: Field, labels: list[str], areas: Areas | None
) -> dict[str, Codes | None]:
    codes = code_list(target.column.codes) if target.column.codes else None
    found: dict[str, Codes | None] = {}
    for text in labels:
        area = areas.find(text) if areas else None
        if area:
            found[text] = (area.area_code,) if area.level == target.name else None
            continue
        parts = translator.several(target.name, codes, text, target.split)
        known = tuple(code for _label, some in parts for code in some or ())
        found[text] = known if known or any(some is not None for _label, some in parts) else None
    return found


def _write(con: duckdb.DuckDBPyConnection, name: str, column: Column, found: dict[str, Codes | None]) -> None:
    many = column.type.endswith("[]")
    values = [list(codes) if many else (codes[0] if codes else None) for codes in (c or () for c in found.values())]
    frame = pd.DataFrame({f"{column.name}__from": pd.Series(list(found), dtype="string")})
    frame[f"{column.name}__code"] = pd.Series(values, dtype="object" if many else "string")
    _create(con, name, frame)


def _create(con: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    con.from_df(frame).create(name)


def _distinct(con: duckdb.DuckDBPyConnection, staged: Staged, name: str) -> list[str]:
    column = ColumnExpression(name)
    rows = con.table(staged.table).filter(column.isnotnull()).select(column).distinct().fetchall()
    return sorted(str(row[0]) for row in rows)


def _rows(con: duckdb.DuckDBPyConnection, staged: Staged, name: str, texts: list[str]) -> pd.DataFrame:
    if not texts:
        return pd.DataFrame({"row": [], "value": []})
    column = ColumnExpression(name)
    hit = con.table(staged.table).filter(column.isin(*(ConstantExpression(t) for t in texts)))
    return hit.select(ColumnExpression("rowid").alias("row"), column.alias("value")).df()

