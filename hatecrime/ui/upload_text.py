"""What the text of a mapping says, as far as the form shows it."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from hatecrime.dictionary import code_list
from hatecrime.extracts.mapping import OTHERWISE, STRAND, plain
from hatecrime.extracts.propose import Proposal, ProposedLabel
from hatecrime.extracts.report import ExtractReport

POINT_KEYS = ("x", "y", "geometry", "postcode")
JOINED = " + "


@dataclass(frozen=True)
class Said:
    """Targets by source column; constants, ways of writing dates and separators by target; codes by plain label."""

    columns: dict[str, str]
    constants: dict[str, str]
    formats: dict[str, tuple[str, ...]]
    labels: dict[tuple[str, str], tuple[str, ...]]
    split: dict[str, tuple[str, ...]]
    title: str
    source: str
    crs: str | None

    def sources(self, target: str) -> set[str]:
        """The columns from which a target is read."""
        return {source for source, each in self.columns.items() if each == target}

    @property
    def targets(self) -> set[str]:
        """What is read from some column."""
        return set(self.columns.values())


def said(text: str) -> Said:
    """Read the parts of a mapping that the form shows."""
    document = tomllib.loads(text)
    columns = document.get("columns", {})
    point = document.get("point", {})
    found = {source: target for target, given in columns.items() for source in _sources(given)}
    found |= dict.fromkeys(_several(document.get("strands", {}).get("from")), STRAND)
    split = {target: tuple(_several(g.get("split"))) for target, g in columns.items() if isinstance(g, dict)}
    found |= {point[key]: f"point.{key}" for key in POINT_KEYS if key in point}
    return Said(
        columns=found,
        constants={t: str(g["value"]) for t, g in columns.items() if isinstance(g, dict) and "value" in g},
        formats={t: tuple(_several(g.get("formats"))) for t, g in columns.items() if isinstance(g, dict)},
        labels={(t, plain(label)): _codes(codes) for t, label, codes in _values(document)},
        split=split | {STRAND: tuple(_several(document.get("strands", {}).get("split")))},
        title=str(document.get("title", "")),
        source=str(document.get("source", "")),
        crs=point.get("crs"),
    )


@dataclass(frozen=True)
class Labels:
    """Labels that nobody knows, those that were guessed, and those that are known."""

    unknown: tuple[ProposedLabel, ...] = ()
    guessed: tuple[ProposedLabel, ...] = ()
    known: tuple[ProposedLabel, ...] = ()


def labels(text: str, proposal: Proposal | None, reports: Iterable[ExtractReport]) -> Labels:
    """The labels of a file, as a trial run and the mapping have them, the most frequent of each column first."""
    document, mapping = tomllib.loads(text), said(text)
    met = {_key(each): each for each in (proposal.labels if proposal else ()) if each.target in mapping.targets}
    listed = [ProposedLabel(t, label, 0, codes, True) for t, label, codes in _values(document)]
    found = {_key(each): each for each in listed} | met
    unknown = {_key(each): found.get(_key(each), each) for each in _unknown(mapping, reports)}
    unknown = {key: each for key, each in unknown.items() if each.codes is None}
    rest = [each for key, each in found.items() if key not in unknown and each.codes is not None]
    return Labels(
        _ordered(unknown.values()),
        _ordered(each for each in rest if not each.sure),
        _ordered(each for each in rest if each.sure),
    )


def _unknown(mapping: Said, reports: Iterable[ExtractReport]) -> Iterator[ProposedLabel]:
    """What a trial run could not translate."""
    for report in reports:
        for told, counts in (report.trial.labels if report.trial else {}).items():
            target = mapping.columns.get(told.split(JOINED)[0])
            for value, n in counts.items() if target else ():
                for label in _parts(value, mapping.split.get(target or "", ())):
                    yield ProposedLabel(target or "", label, n, _meaning(target or "", label), False)


def _parts(cell: str, split: tuple[str, ...]) -> list[str]:
    """The labels of a cell that holds several."""
    pattern = "|".join(map(re.escape, split))
    return [part.strip() for part in re.split(pattern, cell) if part.strip()] if split else [cell]


def _meaning(target: str, label: str) -> tuple[str, ...] | None:
    """What a label of a cell with several means without being listed."""
    code = code_list(STRAND).find(label) if target == STRAND else None
    return (code,) if code else None


def _key(each: ProposedLabel) -> tuple[str, str]:
    return each.target, plain(each.label)


def _ordered(found: Iterable[ProposedLabel]) -> tuple[ProposedLabel, ...]:
    return tuple(sorted(found, key=lambda each: (each.target, -each.count, each.label)))


def _values(document: dict[str, Any]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (target, label, _codes(codes))
        for target, listed in document.get("values", {}).items()
        for label, codes in listed.items()
        if label != OTHERWISE
    ]


def _codes(given: Any) -> tuple[str, ...]:
    return tuple(code for code in _several(given) if code)


def _sources(given: Any) -> list[str]:
    return _several(given.get("from") if isinstance(given, dict) else given)


def _several(given: Any) -> list[str]:
    return [] if given is None else [given] if isinstance(given, str) else [str(each) for each in given]
