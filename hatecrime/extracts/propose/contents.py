"""Columns known by what is in them alone, where their names say nothing: a guess each, and said to be one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from hatecrime.dictionary import tables
from hatecrime.extracts.personal_headers import looks_like
from hatecrime.extracts.propose import values
from hatecrime.extracts.propose.columns import Match
from hatecrime.extracts.propose.sampling import Sample, SampledColumn
from hatecrime.extracts.propose.vocabulary import Vocabulary, words
from hatecrime.i18n import _

STAND_IN = {"recorded_on": "occurred_from", "name_en": "area_code", "received_on": "first_attempt_on"}
SCORE = 0.3
MOMENTS = ("DATE", "TIMESTAMP")
NUMBERED = frozenset({"id", "ref", "reference", "no", "number", "code", "urn", "age", "count", "year", "total"})
EASTINGS, NORTHINGS = (80_000.0, 656_000.0), (5_000.0, 1_220_000.0)
# No force and no country of the kingdom is wider than this: records of one sender lie closer together.
NARROW_METRES, NARROW_DEGREES = 300_000.0, 10.0
EXACT = re.compile(r"-?\d{1,3}\.\d{3,}")


def needed_days(table: str, given: Iterable[str]) -> list[str]:
    """The days that no record of a table can do without and that no column gives yet."""
    there = set(given)
    return [
        c.name for c in tables()[table] if c.required and not c.derived and c.type in MOMENTS and c.name not in there
    ]


def day_by_content(sample: Sample, table: str, found: Sequence[Match], vocabulary: Vocabulary) -> list[Match]:
    """The needed day of a table from a column of dates whose name nobody knows: the likeliest by its words.

    Where another day can stand in, only a column whose name speaks of recording takes its place.
    """
    given, used = {match.target for match in found}, {match.source for match in found}
    free = [c for c in sample.columns if c.name and c.name not in used and c.dates and not looks_like(c.name)]
    telling = [c for c in free if not vocabulary.made.isdisjoint(words(c.name))]
    for target in needed_days(table, given)[:1]:
        likely = telling if STAND_IN.get(target) in given else [*telling, *free]
        if likely:
            return [Match(likely[0].name, target, SCORE, _day_why(bool(telling), len(free)), False)]
    return []


def _day_why(telling: bool, free: int) -> str:
    if telling:
        return _("Its values are dates, and its name speaks of when a record is made.")
    if free > 1:
        return _("Its values are dates: the first of several columns of dates.")
    return _("Its values are dates, and no other column can be the day.")


def numbers_of_points(sample: Sample, used: Iterable[str]) -> Iterable[tuple[SampledColumn, SampledColumn]]:
    """Pairs of columns that nothing else claims and whose numbers could be points, those named like x and y first."""
    claimed = set(used)
    free = [c for c in sample.columns if c.name and c.name not in claimed and _could_be(c)]
    named = [(x, y) for x in free for y in free if _axis(x.name) == "x" and _axis(y.name) == "y"]
    places = {c.name: place for place, c in enumerate(sample.columns)}
    beside = [(a, b) for a, b in pairwise(free) if places[b.name] - places[a.name] == 1 and not _axis(a.name)]
    return [pair for pair in (*named, *beside) if _are_metres(*pair) or _are_degrees(*pair)]


def _could_be(column: SampledColumn) -> bool:
    return values.are_numbers(column.counts) and NUMBERED.isdisjoint(words(column.name)) and not looks_like(column.name)


def _axis(name: str) -> str | None:
    for word in words(name):
        if word == "x" or word.startswith(("east", "lon", "lng")):
            return "x"
        if word == "y" or word.startswith(("north", "lat")):
            return "y"
    return None


def _are_metres(x: SampledColumn, y: SampledColumn) -> bool:
    return _narrow(x, EASTINGS, NARROW_METRES) and _narrow(y, NORTHINGS, NARROW_METRES)


def _are_degrees(x: SampledColumn, y: SampledColumn) -> bool:
    """Degrees have places behind the point; ages and counts, which lie in the same range, have none."""
    exact = all(values.share(c.counts, EXACT.fullmatch) >= values.MOSTLY for c in (x, y))
    wide = (-180.0, 180.0)
    return exact and _narrow(x, wide, NARROW_DEGREES) and _narrow(y, wide, NARROW_DEGREES)


def _narrow(column: SampledColumn, limits: tuple[float, float], most: float) -> bool:
    found = values.range_of(column.counts)
    return found is not None and limits[0] <= found[0] <= found[1] <= limits[1] and found[1] - found[0] <= most


def crs_of(column: SampledColumn) -> str | None:
    """What the numbers of one axis can be measured in: degrees, or metres of the British National Grid."""
    found = values.range_of(column.counts) if values.are_numbers(column.counts) else None
    if found is None:
        return None
    if found[0] >= -180 and found[1] <= 180:
        return "EPSG:4326"
    return "EPSG:27700" if found[0] >= NORTHINGS[0] and found[1] <= NORTHINGS[1] else None
