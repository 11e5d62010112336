"""Which table a file is for, and which shipped mapping fits it already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from hatecrime.dictionary import tables
from hatecrime.extracts.errors import ExtractError, did_you_mean
from hatecrime.extracts.mapping import Mapping as LoadedMapping
from hatecrime.extracts.mapping import plain
from hatecrime.extracts.mapping_file import loadable, read_mapping
from hatecrime.extracts.propose import values
from hatecrime.extracts.propose.columns import CUE, Match, matches
from hatecrime.extracts.propose.contents import STAND_IN, day_by_content
from hatecrime.extracts.propose.labels import known_share
from hatecrime.extracts.propose.places import place
from hatecrime.extracts.propose.sampling import Sample
from hatecrime.extracts.propose.vocabulary import Vocabulary, words
from hatecrime.extracts.source import match_header
from hatecrime.settings import data_dir

GIVEN = ("source", "kind", "base", "level", "outline", "measure", "year", "source_note", "series")
MOST_CUES = 3
PEOPLE = "area_population"


def rank(
    sample: Sample, file: Path, vocabulary: Vocabulary, wanted: str | None
) -> list[tuple[str, float, list[Match]]]:
    """Tables that the file could fill, the best first, each with its matches; `wanted` alone where it is given."""
    if wanted is not None and wanted not in loadable():
        raise ExtractError(
            f"{wanted!r} is not a table that extracts fill.{did_you_mean(wanted, loadable())} "
            f"Choose one of: {', '.join(loadable())}."
        )
    if sample.outlines and wanted is None:
        return [("area", 1.0, matches(sample, "area", vocabulary))]
    named = [wanted] if wanted else [name for name in loadable() if name != "area"]
    # What is known by name comes first; what is in the columns decides only where names do not.
    for by_content in (False, True):
        found = [(name, *_score(sample, file, vocabulary, name, by_content)) for name in named]
        fitting = [each for each in found if each[1] > 0 or (wanted and by_content)]
        if fitting:
            break
    return sorted(fitting, key=lambda each: -each[1]) or [_nearest(sample, file, vocabulary)]


def _nearest(sample: Sample, file: Path, vocabulary: Vocabulary) -> tuple[str, float, list[Match]]:
    """Where nothing fits by itself: numbers of people by area, if the file speaks of people, else incidents."""
    found = matches(sample, PEOPLE, vocabulary)
    if {match.target for match in found} >= {"area_code", "n"} and _cues(sample, file, vocabulary, PEOPLE):
        return PEOPLE, sum(match.score for match in found), found
    return "incident", 0.0, matches(sample, "incident", vocabulary)


def _score(
    sample: Sample, file: Path, vocabulary: Vocabulary, table: str, by_content: bool
) -> tuple[float, list[Match]]:
    """How much of the file the table would take; nought where a column is lacking that no record can do without."""
    found = matches(sample, table, vocabulary)
    if by_content or not {match.target for match in found}.isdisjoint(STAND_IN.values()):
        found += day_by_content(sample, table, found, vocabulary)
    given = {match.target for match in found}
    for column in tables()[table]:
        needed = column.required and not column.derived and column.name not in (*given, *GIVEN)
        if needed and STAND_IN.get(column.name) not in given:
            return 0.0, found
    placed = any(c.name == "easting" for c in tables()[table]) and place(sample, vocabulary, "postcode" in given)
    cues = min(MOST_CUES, _cues(sample, file, vocabulary, table))
    return sum(match.score for match in found) + bool(placed) + CUE * cues, found


def _cues(sample: Sample, file: Path, vocabulary: Vocabulary, table: str) -> int:
    told = [f" {' '.join(words(text))} " for text in (*sample.header, file.stem)]
    return sum(any(f" {' '.join(cue)} " in text for text in told) for cue in vocabulary.cues.get(table, ()))


def fitting(sample: Sample, file: Path, vocabulary: Vocabulary) -> str | None:
    """The shipped mapping whose columns the file has; where several fit, the one that reads most of them, then the one
    with a name like that of the file."""
    best: tuple[tuple[int, float, bool, bool], str] | None = None
    for path in sorted((data_dir() / "mappings").glob("*.toml")):
        try:
            mapping = read_mapping(path)
            position = match_header(sample.header, mapping, path.name)
        except ExtractError:
            continue
        if _same_kind(sample, mapping):
            labels = _labels_known(sample, mapping, position, vocabulary)
            rank = (len(position), labels, path.stem in file.stem, not path.stem.startswith("sample_"))
            if labels >= values.MOSTLY and (best is None or rank > best[0]):
                best = rank, path.stem
    return best[1] if best else None


def _same_kind(sample: Sample, mapping: LoadedMapping) -> bool:
    if sample.outlines != (mapping.table == "area" and sample.shape.format == "geo"):
        return False
    if (mapping.file.format or sample.shape.format) != sample.shape.format:
        return False
    level = mapping.target("level")
    if sample.outlines and level and level.value:
        found = [values.area_level(c.counts) for c in sample.columns if c.counts]
        return level.value in found or not any(found)
    shape = sample.shape
    return shape.format != "csv" or (shape.delimiter, shape.skip) == (mapping.file.delimiter, mapping.file.skip)


def _labels_known(sample: Sample, mapping: LoadedMapping, position: Mapping[str, int], vocabulary: Vocabulary) -> float:
    """The share of the labels that the mapping and the code lists know, over all coded columns read as they stand."""
    shares = []
    for target in mapping.fields:
        codes, listed = target.column.codes, mapping.values.get(target.name, {})
        place = position.get(target.sources[0], sample.width) if len(target.sources) == 1 else sample.width
        if codes and place < sample.width and target.name not in mapping.otherwise:
            counts = _wanted(sample.columns[place].counts, mapping.only.get(target.sources[0]))
            known = sum(n for label, n in counts.items() if plain(label) in listed)
            if counts:
                share = max(known / counts.total(), known_share(vocabulary, codes, counts))
                shares.append(share)
    return sum(shares) / len(shares) if shares else 1.0


def _wanted(counts: Counter[str], only: tuple[str, ...] | None) -> Counter[str]:
    """The labels of rows that the mapping does not pass over."""
    return counts if only is None else Counter({label: n for label, n in counts.items() if plain(label) in only})
