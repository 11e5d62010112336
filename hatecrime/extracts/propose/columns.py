"""Which column of a file goes to which column of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hatecrime.dictionary import Column, code_list, tables
from hatecrime.extracts.mapping import STRAND
from hatecrime.extracts.personal import PEOPLE
from hatecrime.extracts.personal_headers import looks_like
from hatecrime.extracts.propose import values
from hatecrime.extracts.propose.labels import MOST, known_share, meaning, parts_of, separators
from hatecrime.extracts.propose.proposal import STRAND_TABLES
from hatecrime.extracts.propose.sampling import Sample, SampledColumn
from hatecrime.extracts.propose.vocabulary import Likeness, Vocabulary, words
from hatecrime.i18n import _

ENOUGH = 0.5
BY_VALUES = 0.7
FEWEST_KNOWN = 0.1
MOST_KINDS = 6
NOT_BY_VALUES = ("kind", "age_band", "population_group", "area_level", "outline", "reported_to_police", "language")
PSEUDONYMS = ("ref", "incident_ref")
CUE = 0.7


@dataclass(frozen=True)
class Match:
    """One column of the file given to one target, and why."""

    source: str
    target: str
    score: float
    why: str
    sure: bool


def personal(sample: Sample, table: str) -> dict[str, str]:
    """Columns that look as if they named a person, and as what; they are left out on purpose."""
    if table not in PEOPLE:
        return {}
    return {name: sort for name in sample.header if (sort := looks_like(name))}


def matches(sample: Sample, table: str, vocabulary: Vocabulary) -> list[Match]:
    """The best target for each column, each target given once; the surest first."""
    barred = {name for name in personal(sample, table) if name.strip()}
    wanted = [
        c for c in tables()[table] if not c.derived and c.name not in ("source", "easting", "northing", "geometry")
    ]
    candidates = [
        match
        for column in sample.columns
        if column.name
        for match in _matches(column, table, wanted, vocabulary)
        if column.name not in barred or match.target in PSEUDONYMS
    ]
    return _each_once(candidates)


def _each_once(candidates: Iterable[Match]) -> list[Match]:
    """Greedily from the best; of several label columns alike ("Strand 1", "Strand 2") all go to the strands."""
    taken: dict[str, Match] = {}
    found: list[Match] = []
    used: set[str] = set()
    for match in sorted(candidates, key=lambda each: -each.score):
        first = taken.get(match.target)
        alike = first is not None and match.target == STRAND and words(first.source) == words(match.source)
        if match.source not in used and (first is None or alike):
            taken.setdefault(match.target, match)
            used.add(match.source)
            found.append(match)
    return found


def _matches(column: SampledColumn, table: str, wanted: Sequence[Column], vocabulary: Vocabulary) -> Iterable[Match]:
    others = not vocabulary.others.isdisjoint(words(column.name))
    for target in wanted:
        likeness = vocabulary.likeness(column.name, table, target.name)
        if others and not likeness.sure and (target.name.startswith("victim_") or not likeness.score):
            continue
        match = _match(column, target, likeness, vocabulary)
        if match and match.score >= ENOUGH:
            yield match
    if table in STRAND_TABLES and column.counts:
        likeness = vocabulary.likeness(column.name, table, STRAND)
        match = _labelled(column, STRAND, STRAND, likeness, vocabulary)
        if match and match.score >= ENOUGH:
            yield match


def _match(column: SampledColumn, target: Column, likeness: Likeness, vocabulary: Vocabulary) -> Match | None:
    """What name and values say together; None where the values cannot be what the target holds."""
    if not column.counts:
        why = _("The name is known; here the column is empty.")
        return Match(column.name, target.name, likeness.score, why, False) if likeness.sure else None
    if target.name in code_list("area_level"):
        return _area(column, target.name, likeness, vocabulary)
    if target.codes == "kind" and not likeness.score and _tells_kinds(column, vocabulary):
        why = _("Its labels tell crimes from other incidents.")
        return Match(column.name, target.name, BY_VALUES, why, False)
    if target.codes:
        return _labelled(column, target.name, target.codes, likeness, vocabulary)
    if not likeness.score or not _possible(column, target):
        return None
    return Match(column.name, target.name, likeness.score, _by_name(likeness), likeness.sure)


def _possible(column: SampledColumn, target: Column) -> bool:
    counts = column.counts
    if target.name == "year":
        return values.are_years(counts)
    if target.type in ("DATE", "TIMESTAMP"):
        return column.dates is not None or column.epoch is not None
    if target.type in ("INTEGER", "BIGINT", "DOUBLE"):
        return values.are_numbers(counts)
    if target.type == "BOOLEAN":
        return values.are_flags(counts)
    if target.name in ("ref", "centre_id", "venue_id"):
        return column.dates is None and (target.name == "centre_id" or values.tell_apart(column))
    if target.name == "area_code":
        return values.are_area_codes(counts) or not values.are_numbers(counts)
    if target.name == "postcode":
        return values.are_postcodes(counts)
    if target.name == "name_en":
        return not values.are_numbers(counts) and not values.are_area_codes(counts)
    return True


def _tells_kinds(column: SampledColumn, vocabulary: Vocabulary) -> bool:
    """Whether there are few labels, nearly all of them speak of crimes or of incidents, and some of each."""
    if len(column.counts) > MOST_KINDS:
        return False
    told = {
        label: meaning(vocabulary, "kind", label).codes
        for label in column.counts
        if not vocabulary.kinds.isdisjoint(words(label))
    }
    share = values.share(column.counts, lambda label: told.get(label))
    return share >= values.NEARLY_ALL and {("crime",), ("non_crime",)} <= set(told.values())


def _area(column: SampledColumn, level: str, likeness: Likeness, vocabulary: Vocabulary) -> Match | None:
    found = values.area_level(column.counts)
    if found:
        if found != level:
            return None
        why = _("Its values are codes of this level of areas.")
        return Match(column.name, level, max(BY_VALUES, 1.1 * likeness.score), why, likeness.score > 0)
    if not likeness.score or column.dates or values.are_area_codes(column.counts):
        return None
    named = values.known_areas(column.counts, level)
    if not named and (not likeness.sure or not _could_be_places(column, vocabulary)):
        return None
    return Match(column.name, level, 0.85 * likeness.score, _by_name(likeness), False)


def _could_be_places(column: SampledColumn, vocabulary: Vocabulary) -> bool:
    """Codes or names, and not how far a case has got: open, closed, unable to contact."""
    states = values.share(column.counts, lambda value: not vocabulary.status.isdisjoint(words(value)))
    return states < ENOUGH and values.share(column.counts, _like_a_place) >= ENOUGH


def _like_a_place(value: str) -> bool:
    return any(letter.isupper() or letter.isdigit() for letter in value)


def _labelled(
    column: SampledColumn, target: str, codes: str, likeness: Likeness, vocabulary: Vocabulary
) -> Match | None:
    """A coded column is known by its name, by its labels, or best by both."""
    by_values = codes not in NOT_BY_VALUES
    if column.dates or (not likeness.score and not (by_values and _few_words(column))):
        return None
    labels = parts_of(vocabulary, codes, column.counts, separators(vocabulary, codes, column.counts))
    known = known_share(vocabulary, codes, labels)
    telling = any(len(label) > 2 and not label.isdigit() for label in labels)
    if not likeness.score:
        if known < values.MOSTLY or len(labels) < 2 or not telling:
            return None
        why = _("Its labels say so: {n} in 100 are known.").format(n=round(100 * known))
        return Match(column.name, target, ENOUGH + 0.05 * known, why, False)
    if known < FEWEST_KNOWN and not likeness.sure:
        return None
    why = _("{name} {n} in 100 of its labels are known.").format(name=_by_name(likeness), n=round(100 * known))
    return Match(column.name, target, 0.7 * likeness.score + 0.5 * known, why, likeness.sure and known > ENOUGH)


def _few_words(column: SampledColumn) -> bool:
    """Whether a column could be known by its labels alone: there are few, and they are no numbers or flags."""
    counts = column.counts
    return 1 < len(counts) <= MOST and not values.are_flags(counts) and not values.are_numbers(counts)


def _by_name(likeness: Likeness) -> str:
    if likeness.sure:
        return _("The name is known.")
    return _("The name holds or resembles “{word}”.").format(word=likeness.word)
