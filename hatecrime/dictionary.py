"""The tables of a snapshot and the lists of codes, as data/dictionary.csv and data/codes/ declare them."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from unicodedata import normalize

from hatecrime.i18n import _
from hatecrime.settings import data_dir

LANGUAGES = ("en", "cy")
# What stands for a code or an area that the record does not state.
NOT_RECORDED = "not_recorded"

# Raised with every change to what a snapshot holds, so that no code reads a snapshot of another shape: the tables of
# data/dictionary.csv, the bits of the strands, and the views and macros of queries/build/.
SCHEMA_VERSION = 2


class UnknownCode(KeyError):
    """A table, list or code that the dictionary does not have; the message says which."""

    def __str__(self) -> str:
        # KeyError would print the sentence in quotation marks.
        return str(self.args[0])


@dataclass(frozen=True)
class Column:
    """One column of one table."""

    table: str
    name: str
    type: str
    unit: str | None
    codes: str | None
    required: bool
    derived: bool
    sentences: Mapping[str, str] = field(hash=False)

    def sentence(self, lang: str = "en") -> str:
        """What the column means; in English where there is no translation."""
        return self.sentences.get(lang) or self.sentences["en"]


@dataclass(frozen=True)
class Code:
    """One row of a code list; `extras` holds the columns that only this list has."""

    code: str
    parent: str | None
    labels: Mapping[str, str] = field(hash=False)
    valid_from: date | None
    valid_to: date | None
    extras: Mapping[str, str] = field(hash=False)

    def label(self, lang: str = "en") -> str:
        """The label; in English where there is no translation."""
        return self.labels.get(lang) or self.labels["en"]

    def is_valid(self, on: date) -> bool:
        """Whether the code is in use on that day; an open end has no limit."""
        return (self.valid_from or date.min) <= on <= (self.valid_to or date.max)


class CodeList(Mapping[str, Code]):
    """The codes of one list, in the order of its file. It never changes once it is made."""

    def __init__(self, name: str, codes: Iterable[Code]) -> None:
        self.name = name
        self._codes = {code.code: code for code in codes}
        self._by_text = _by_text(self._codes.values())

    def __getitem__(self, code: str) -> Code:
        try:
            return self._codes[code]
        except KeyError:
            message = _("There is no code “{code}” in the list “{name}”.")
            raise UnknownCode(message.format(code=code, name=self.name)) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    def label(self, code: str, lang: str = "en") -> str:
        """The label of a code; in English where there is no translation."""
        return self[code].label(lang)

    def children(self, code: str) -> tuple[str, ...]:
        """The code and everything below it, in the order of the file."""
        top = self[code].code
        return tuple(each for each in self if top in self._line(each))

    def group(self, code: str) -> str:
        """The code at the top of the branch; a code without a parent is its own group."""
        return self._line(code)[-1]

    def valid(self, on: date) -> "CodeList":
        """The part of the list that is in use on that day."""
        return CodeList(self.name, (code for code in self.values() if code.is_valid(on)))

    def find(self, text: str) -> str | None:
        """
        The code that a text means: a code, or a label in English or Welsh, whatever its case.

        None where nothing matches, and where two codes share the label (a ward name of two eras).

        >>> code_list("strand").find(" CREFYDD ")
        'religion'
        """
        return self._by_text.get(_plain(text))

    def bit(self, code: str) -> int:
        """The bit of a strand in a mask; a sub-strand has the bit of its strand."""
        bit = self[self.group(code)].extras.get("bit")
        if not bit:
            raise UnknownCode(_("The list “{name}” has no bits.").format(name=self.name))
        return int(bit)

    def _line(self, code: str) -> tuple[str, ...]:
        """The code, its parent, its parent's parent …"""
        parent = self[code].parent
        return (code, *self._line(parent)) if parent in self._codes else (code,)


def tables() -> Mapping[str, tuple[Column, ...]]:
    """Every table of a snapshot and its columns, in order."""
    return _read_tables(data_dir() / "dictionary.csv")


def columns(table: str) -> tuple[Column, ...]:
    """
    The columns of one table, in order.

    >>> [column.name for column in columns("centre_survey")][:2]
    ['centre_id', 'answered_on']
    """
    try:
        return tables()[table]
    except KeyError:
        raise UnknownCode(_("There is no table “{table}”.").format(table=table)) from None


def code_list(name: str) -> CodeList:
    """
    One list of codes; "area" is a list too, with its names as labels and its level as an extra.

    >>> code_list("strand").label("disability", "cy")
    'Anabledd'
    """
    path = data_dir() / "codes" / f"{name}.csv"
    try:
        return _read_codes(path)
    except FileNotFoundError:
        raise UnknownCode(_("There is no list of codes “{name}”.").format(name=name)) from None


@lru_cache
def _read_tables(path: Path) -> Mapping[str, tuple[Column, ...]]:
    found = groupby(map(_column, _rows(path)), key=lambda column: column.table)
    return MappingProxyType({table: tuple(members) for table, members in found})


@lru_cache
def _read_codes(path: Path) -> CodeList:
    return CodeList(path.stem, map(_code, _rows(path)))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _column(row: dict[str, str]) -> Column:
    return Column(
        table=row["table"],
        name=row["column"],
        type=row["type"],
        unit=row["unit"] or None,
        codes=row["codes"] or None,
        required=row["required"] == "yes",
        derived=row["derived"] == "yes",
        sentences=MappingProxyType({lang: row[f"sentence_{lang}"] for lang in LANGUAGES}),
    )


def _code(row: dict[str, str]) -> Code:
    rest = dict(row)
    noun = "label" if "label_en" in rest else "name"
    return Code(
        code=rest.pop("code"),
        parent=rest.pop("parent") or None,
        labels=MappingProxyType({lang: rest.pop(f"{noun}_{lang}") for lang in LANGUAGES}),
        valid_from=_day(rest.pop("valid_from")),
        valid_to=_day(rest.pop("valid_to")),
        extras=MappingProxyType(rest),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _by_text(codes: Iterable[Code]) -> dict[str, str | None]:
    """Code by text; a label that two codes share leads nowhere, and a code goes before any label."""
    known = tuple(codes)
    found: dict[str, str | None] = {}
    for code in known:
        for text in {_plain(label) for label in code.labels.values() if label}:
            found[text] = None if text in found else code.code
    return found | {_plain(code.code): code.code for code in known}


def _plain(text: str) -> str:
    # A Welsh ŵ can arrive as one character or as w and an accent.
    return " ".join(normalize("NFC", text).casefold().split())
