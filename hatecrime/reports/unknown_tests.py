"""The tests behind the list of unknown hotspots: what each kind compares, in a window of months."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hatecrime.reports.unknown_counts import ALL, FLAGS, Array, Counts, Part, Window, over
from hatecrime.stats.expected import FEWEST_PLACES, expected_from_others
from hatecrime.stats.intervals import poisson_interval
from hatecrime.stats.neighbours import touching
from hatecrime.stats.standing_out import ALONE, Excess, funnel, grown, unlike_elsewhere

HIDDEN, NEW, PER_RESIDENT, QUIET = "hidden", "new", "per_resident", "quiet"
REPEAT_VICTIMS, REPEAT_PLACE, SHARE = "repeat_victims", "repeat_place", "share"
KINDS = (HIDDEN, NEW, PER_RESIDENT, QUIET, REPEAT_VICTIMS, REPEAT_PLACE, SHARE)
SHARES = tuple(flag for flag in FLAGS if flag != "repeat_victim")
# Of so many places, one trait for the expected number can be told from chance.
PLACES_PER_TRAIT = 5
QUARTER, YEAR = 3, 12
# Fewer incidents than this are not worth naming, however rare they are.
LEAST = 3

Index = NDArray[np.int64]
COLUMNS = ("observed", "expected", "ratio", "low", "high", "p", "size")


@dataclass(frozen=True)
class _Rows:
    """Tests of one kind: which item (a part, a flag or a base) in which place."""

    items: Index
    places: Index


@dataclass(frozen=True)
class _Kind:
    """What a kind tests, how, and what its items are called."""

    rows: Callable[[Counts, Window], _Rows]
    excess: Callable[[Counts, Window, _Rows], Excess]
    code: Callable[[Counts, int], str]


def all_tests(counts: Counts, window: Window) -> pd.DataFrame:
    """Every test of the window: kind, item, code, place, then the fields of Excess. One row per test."""
    found = []
    for name, kind in _KINDS.items():
        rows = kind.rows(counts, window)
        if len(rows.items):
            codes = [kind.code(counts, item) for item in rows.items.tolist()]
            where = {"kind": name, "item": rows.items, "code": codes, "place": rows.places}
            found.append(pd.DataFrame({**where, **_columns(kind.excess(counts, window, rows))}))
    empty = pd.DataFrame(columns=["kind", "item", "code", "place", *COLUMNS])
    return pd.concat(found, ignore_index=True) if found else empty


def chances(counts: Counts, window: Window, tests: pd.DataFrame) -> "pd.Series[float]":
    """The same tests in another window: p of each, 1 where that window has nothing to compare with."""
    p = pd.Series(1.0, index=tests.index)
    for name, part in tests.groupby("kind"):
        kind = _KINDS.get(str(name))
        if kind is None or window.first < 0 or (name == NEW and past(window).first < 0):
            continue
        rows = _Rows(part["item"].to_numpy(dtype=np.int64), part["place"].to_numpy(dtype=np.int64))
        p[part.index] = kind.excess(counts, window, rows).p
    return p


def at_points(points: pd.DataFrame, counts: Counts, window: Window) -> pd.DataFrame:
    """A test for each point: has it more of its area's incidents than it had of those before the period?"""
    places = pd.Series(np.arange(len(counts.places)), index=counts.places["area_code"])
    place = points["area"].map(places)
    known = points[place.notna()].assign(place=place[place.notna()].astype("int64"))
    known = known[np.isin(known["place"], _comparable(counts, window))].reset_index(drop=True)
    of_area = known.groupby("place")[["n", "before"]].transform("sum")
    rest = of_area - known[["n", "before"]]
    excess = grown(known["n"], known["before"], rest["n"], rest["before"], LEAST)
    codes = known["easting"].astype(str) + "_" + known["northing"].astype(str)
    return known.assign(kind=REPEAT_PLACE, item=known.index, code=codes, **_columns(excess))


def past(window: Window) -> Window:
    """As long a window before, the same months of the year."""
    return window.earlier(YEAR * -(-window.length // YEAR))


def rising(counts: Counts, window: Window, part: int, place: int) -> bool:
    """Whether the counts of a part rise from quarter to quarter of the window, on the whole."""
    step = QUARTER if window.length % QUARTER == 0 and window.length > QUARTER else 1
    edges = np.arange(window.first, window.last + 1, step)
    steps = np.diff(counts.by_part[part, place, edges])
    return len(steps) < 2 or float((steps * (np.arange(len(steps)) - (len(steps) - 1) / 2)).sum()) > 0


def traits(counts: Counts, window: Window, base: str = ALL) -> tuple[Array, list[str]]:
    """What is known of each place that may explain its incidents (places, traits), and a name for each trait."""
    people, found = counts.population[ALL], {}
    groups = [base] if base != ALL else list(counts.population)
    with np.errstate(divide="ignore", invalid="ignore"):
        for group in groups:
            if group != ALL and group in counts.population:
                found[group] = np.log(counts.population[group] / people)
        if counts.deprivation:
            found["deprivation"] = counts.deprivation[1]
        if counts.other is not None:
            found["other_crime"] = np.log(over(counts.other, window) / people)
    if len(counts.places) > 1:
        found["neighbours"] = _beside(counts, counts.of_parts(window)[_part_of(counts, base)], people)
    kept = list(found)[: len(counts.places) // PLACES_PER_TRAIT]
    usable = [np.where(np.isfinite(found[name]), found[name], np.nan) for name in kept]
    return np.array(usable).reshape(len(kept), len(counts.places)).T, kept


def _beside(counts: Counts, n: Array, people: Array) -> Array:
    """How many more the neighbours of each place have than their residents would explain, on the log scale."""
    links = touching(counts.places.geometry.to_numpy()).links
    known = np.where(people > 0, people, 0)
    there, expected = links @ np.where(known > 0, n, 0), links @ known * (n.sum() / max(known.sum(), 1))
    return np.asarray(np.log((there + 1) / (expected + 1)))


def _hidden_rows(counts: Counts, window: Window) -> _Rows:
    """Every part in every place, but for places that stand out in total."""
    people = counts.population[ALL]
    base = people if np.isfinite(people).any() else np.ones(len(counts.places))
    hot = funnel(counts.total(window), _shared_out(counts.total(window), base)).p_more < ALONE
    return _crossed(np.arange(1, len(counts.parts)), np.flatnonzero(counts.shown & ~hot))


def _hidden(counts: Counts, window: Window, rows: _Rows) -> Excess:
    n = counts.of_parts(window)
    part, whole = n[rows.items, rows.places], n[0, rows.places]
    return unlike_elsewhere(part, whole, n[rows.items].sum(axis=1) - part, n[0].sum() - whole, LEAST)


def _new_rows(counts: Counts, window: Window) -> _Rows:
    if past(window).first < 0:
        return _crossed(np.arange(0), np.arange(0))
    return _crossed(np.arange(len(counts.parts)), _comparable(counts, window))


def _new(counts: Counts, window: Window, rows: _Rows) -> Excess:
    now, before = counts.of_parts(window), counts.of_parts(past(window))
    here, then = now[rows.items, rows.places], before[rows.items, rows.places]
    return grown(here, then, now[rows.items].sum(axis=1) - here, before[rows.items].sum(axis=1) - then, LEAST)


def _per_resident_rows(counts: Counts, _window: Window) -> _Rows:
    return _crossed(np.arange(1), np.flatnonzero(counts.shown & (counts.population[ALL] > 0)))


def _per_resident(counts: Counts, window: Window, rows: _Rows) -> Excess:
    n = counts.total(window)
    expected = _shared_out(n, counts.population[ALL])
    found = funnel(n, expected)
    return _beside_expected(n, expected, found.p_more, found.p_more < 1, rows.places)


def _bases(counts: Counts) -> list[str]:
    """All incidents, and each strand that occurs and whose people are counted here."""
    occurring = {part.strand for part in counts.parts}
    return [base for base in counts.population if base == ALL or base in occurring]


def _quiet_rows(counts: Counts, _window: Window) -> _Rows:
    if int((counts.population[ALL] > 0).sum()) < FEWEST_PLACES:
        return _crossed(np.arange(0), np.arange(0))
    return _crossed(np.arange(len(_bases(counts))), np.flatnonzero(counts.shown & (counts.population[ALL] > 0)))


def _quiet(counts: Counts, window: Window, rows: _Rows) -> Excess:
    by_base = [_quiet_of(counts, window, base) for base in _bases(counts)]
    columns = (np.stack([getattr(each, column) for each in by_base]) for column in COLUMNS)
    return Excess(*(column[rows.items, rows.places] for column in columns))


def _quiet_of(counts: Counts, window: Window, base: str) -> Excess:
    n = counts.of_parts(window)[_part_of(counts, base)]
    expected = expected_from_others(n, counts.population[ALL], traits(counts, window, base)[0])
    found = funnel(n, expected)
    # Where even none at all would be no surprise there is nothing to test.
    testable = (np.exp(-np.nan_to_num(expected)) <= ALONE) & (found.p_fewer < 1)
    return _beside_expected(n, expected, found.p_fewer, testable, np.arange(len(n)))


def _part_of(counts: Counts, base: str) -> int:
    return 0 if base == ALL else counts.parts.index(Part(base))


def _share_rows(flags: Sequence[str]) -> Callable[[Counts, Window], _Rows]:
    items = np.array([FLAGS.index(flag) for flag in flags])
    return lambda counts, _window: _crossed(items, np.flatnonzero(counts.shown))


def _share(counts: Counts, window: Window, rows: _Rows) -> Excess:
    flagged, known = (
        np.stack([over(counts.flags[flag][side], window) for flag in FLAGS])[rows.items] for side in (0, 1)
    )
    each = np.arange(len(rows.items))
    part, whole = flagged[each, rows.places], known[each, rows.places]
    return unlike_elsewhere(part, whole, flagged.sum(axis=1) - part, known.sum(axis=1) - whole, LEAST)


def _comparable(counts: Counts, window: Window) -> Index:
    """Places that are shown and were there before the period: one that is new has no past to compare with."""
    before = past(window)
    first = counts.months[max(before.first, 0)]
    began = pd.to_datetime(counts.places["valid_from"])
    return np.flatnonzero(counts.shown & ~(began > pd.Timestamp(first)).to_numpy())


def _shared_out(n: Array, base: Array) -> Array:
    """All incidents of the places with a base, spread by it."""
    known = base > 0
    whole = float(np.where(known, base, 0).sum())
    return np.where(known, base * (n[known].sum() / whole if whole else np.nan), np.nan)


def _beside_expected(n: Array, expected: Array, p: Array, testable: NDArray[np.bool_], places: Index) -> Excess:
    limits = poisson_interval(n, exact=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio, low, high = (np.asarray(each) / expected for each in (n, limits.low, limits.high))
    size = np.where(testable, ALONE, 0.0)
    return Excess(*(np.asarray(each)[places] for each in (n, expected, ratio, low, high, p, size)))


def _crossed(items: Index, places: Index) -> _Rows:
    return _Rows(np.repeat(items, len(places)), np.tile(places, len(items)))


def _columns(excess: Excess) -> dict[str, Array]:
    return {field.name: getattr(excess, field.name) for field in fields(excess)}


_KINDS: Mapping[str, _Kind] = {
    HIDDEN: _Kind(_hidden_rows, _hidden, lambda counts, item: counts.parts[item].code),
    NEW: _Kind(_new_rows, _new, lambda counts, item: counts.parts[item].code),
    PER_RESIDENT: _Kind(_per_resident_rows, _per_resident, lambda _counts, _item: ALL),
    QUIET: _Kind(_quiet_rows, _quiet, lambda counts, item: _bases(counts)[item]),
    REPEAT_VICTIMS: _Kind(_share_rows(["repeat_victim"]), _share, lambda _counts, item: FLAGS[item]),
    SHARE: _Kind(_share_rows(SHARES), _share, lambda _counts, item: FLAGS[item]),
}
