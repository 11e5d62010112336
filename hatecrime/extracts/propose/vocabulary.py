"""The words by which columns and labels are known: data/recognise.toml, the code lists, and the shipped mappings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

from hatecrime.dictionary import code_list
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.mapping import STRAND, plain
from hatecrime.extracts.mapping import Mapping as LoadedMapping
from hatecrime.extracts.mapping_file import read_mapping
from hatecrime.settings import data_dir

Words = tuple[str, ...]
ANY = "any"
SURE, NEARLY, CLOSE, CLOSE_ENOUGH = 1.0, 0.5, 0.55, 0.9
NESTED = 0.95  # "id" is a better reference than "location.street.id"
LONG_ENOUGH = 5


def words(text: str) -> Words:
    """The words of a header or label: without capitals, accents, figures and marks.

    >>> words("DateRecorded_2 (Cofnodwyd)")
    ('date', 'recorded', 'cofnodwyd')
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    letters = "".join(c for c in normalize("NFKD", spaced) if not combining(c))
    return tuple(re.findall(r"[^\W\d_]+", letters.casefold()))


def phrase(text: str) -> str:
    """A label as labels are compared: words and figures with one space between."""
    letters = "".join(c for c in normalize("NFKD", text) if not combining(c))
    return " ".join(re.findall(r"[^\W_]+", letters.casefold()))


@dataclass(frozen=True)
class Likeness:
    """How well a header fits a target, and the word that made it so."""

    score: float
    word: str = ""
    sure: bool = False


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All the words."""

    headers: Mapping[str, Mapping[str, tuple[Words, ...]]]
    cues: Mapping[str, tuple[Words, ...]]
    point: Mapping[str, tuple[Words, ...]]
    day: frozenset[str]
    made: frozenset[str]
    time: frozenset[str]
    status: frozenset[str]
    kinds: frozenset[str]
    empty: frozenset[str]
    others: frozenset[str]
    synonyms: Mapping[str, Mapping[str, str]]
    mapped: Mapping[str, Mapping[str, tuple[Words, str]]]

    def likeness(self, header: str, table: str, target: str) -> Likeness:
        """How well a header fits a column of a table."""
        own = self.headers.get(table, {}).get(target, ())
        shared = self.headers[ANY].get(target, ())
        return like(header, (*own, *shared, tuple(target.split("_"))))


def vocabulary() -> Vocabulary:
    """The words in force; the files are read once."""
    return _read(data_dir())


def like(header: str, known: Sequence[Words]) -> Likeness:
    """How well a header fits one of several names."""
    branch, dot, leaf = header.rpartition(".")
    if dot and branch and not leaf[:1].isdigit():
        # "location.latitude" is known by its last part where the whole is not.
        inner = like(leaf, known)
        nested = replace(inner, score=NESTED * inner.score)
        return max(nested, like(header.replace(".", " "), known), key=lambda each: each.score)
    given = words(header)
    joined = "".join(given)
    best = Likeness(0.0)
    for place, name in enumerate(known):
        if "".join(name) == joined:
            # Of two headers that are both known, the one named first in the list is the better.
            return Likeness(SURE - min(place, 100) / 1000, " ".join(name), True)
        best = max(best, _part(name, given), key=lambda each: each.score)
    return best


def _part(name: Words, given: Words) -> Likeness:
    """A name that is part of the header, or is spelled nearly like it."""
    whole, known = " ".join(given), " ".join(name)
    if f" {known} " in f" {whole} " and (len(name) > 1 or len(known) >= LONG_ENOUGH):
        return Likeness(NEARLY + 0.4 * len(known) / len(whole), known)
    if len(known) > LONG_ENOUGH and abs(len(known) - len(whole)) < 3:
        ratio = SequenceMatcher(None, known, whole).ratio()
        if ratio >= CLOSE_ENOUGH:
            return Likeness(CLOSE, known)
    return Likeness(0.0)


@lru_cache
def _read(folder: Path) -> Vocabulary:
    path = folder / "recognise.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ExtractError(f"{path} cannot be read: {error}. Restore the file that came with the dashboard.") from error
    return Vocabulary(
        headers={table: _names(columns) for table, columns in raw["columns"].items()},
        cues={table: tuple(map(words, cues)) for table, cues in raw["cues"].items()},
        point=_names(raw["point"]),
        day=frozenset(raw["moment"]["day"]),
        made=frozenset(raw["moment"]["made"]),
        time=frozenset(raw["moment"]["time"]),
        status=frozenset(raw["status"]["words"]),
        kinds=frozenset(raw["kinds"]["words"]),
        others=frozenset(raw["others"]["words"]),
        empty=frozenset(phrase(word) for word in raw["empty"]["words"]),
        synonyms={name: _synonyms(name, known) for name, known in raw["labels"].items()},
        mapped=_mapped(folder / "mappings"),
    )


def _names(columns: Mapping[str, list[str]]) -> dict[str, tuple[Words, ...]]:
    return {target: tuple(map(words, names)) for target, names in columns.items()}


def _synonyms(name: str, known: Mapping[str, Any]) -> dict[str, str]:
    """Phrase → code: the labels of the list itself, then the words that stand for them."""
    codes = code_list(name)
    made = {phrase(word): code for code, each in known.items() for word in each}
    labels = {phrase(label): code for code in codes for label in codes[code].labels.values() if label}
    return {**labels, **made}


def _mapped(folder: Path) -> dict[str, dict[str, tuple[Words, str]]]:
    """List → label → codes and the shipped mapping that says so; what two of them contradict is left out."""
    found: dict[str, dict[str, tuple[Words, str]]] = {}
    contradicted: set[tuple[str, str]] = set()
    for path in sorted(folder.glob("*.toml")):
        mapping = _loaded(path)
        for target, labels in mapping.values.items() if mapping else ():
            listed = found.setdefault(_list_of(mapping, target), {}) if mapping else {}
            for label, codes in labels.items():
                if listed.setdefault(label, (codes, path.stem))[0] != codes:
                    contradicted.add((_list_of(mapping, target) if mapping else "", label))
    for name, label in contradicted:
        del found[name][label]
    return found


def _loaded(path: Path) -> LoadedMapping | None:
    try:
        return read_mapping(path)
    except ExtractError:
        # A mapping that is being worked on is no reason not to propose another.
        return None


def _list_of(mapping: LoadedMapping, target: str) -> str:
    """The code list behind a target; areas share one, whatever their level."""
    if target == STRAND:
        return STRAND
    field = mapping.target(target)
    return (field.column.codes if field else None) or "area"


def known_label(mapped: Mapping[str, tuple[Words, str]], label: str) -> tuple[Words, str] | None:
    """What a shipped mapping says of a label."""
    return mapped.get(plain(label))
