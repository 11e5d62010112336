"""Every count behind the offers of an audience, and the sums that tie them together: what an attacker can know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import sparse

from hatecrime.dictionary import NOT_RECORDED
from hatecrime.protect.audience import LEVELS, Audience
from hatecrime.protect.plan import YEAR, Calendar, Plan, Window, calendar, numbers, plans

Counts = Mapping[tuple[str, str, str], pd.DataFrame]
# Inside a coverage area an area without a record is a finding; outside it nothing is known of it.
COVERED_BY = "district"


@dataclass(frozen=True)
class System:
    """
    The cells, and what is known of their sums whatever is withheld: lower <= relations @ n <= upper.

    cells: one row per count, with the columns measure, level, area, start, months, by, code, n, key (sum of the
    record keys, where the method needs it), offered (it is part of the shared table) and known (an attacker knows it
    anyway: it cannot be other than 0, or it is published).
    relations: rows of 1 for parts and -1 for their total.
    """

    cells: pd.DataFrame
    relations: sparse.csr_array
    lower: np.ndarray
    upper: np.ndarray

    @property
    def n(self) -> np.ndarray:
        """The true counts."""
        return self.cells["n"].to_numpy("int64")

    def to_protect(self, audience: Audience) -> np.ndarray:
        """Which cells are small counts that nobody may work out."""
        small = np.isin(self.n, audience.withheld)
        return small & ~self.cells["known"].to_numpy(bool) & (self.cells["area"] != NOT_RECORDED).to_numpy()


@dataclass(frozen=True)
class _Block:
    """The counts of one level by one characteristic: an array of areas × windows × codes, and where it starts."""

    measure: str
    level: str
    by: str
    areas: tuple[str, ...]
    windows: tuple[Window, ...]
    codes: tuple[str, ...]
    n: np.ndarray
    key: np.ndarray
    offered: np.ndarray
    known: np.ndarray
    first: int

    @property
    def ids(self) -> np.ndarray:
        """The number of each cell in the system."""
        return self.first + np.arange(self.n.size).reshape(self.n.shape)

    def at(self, windows: tuple[Window, ...]) -> list[int]:
        """Where the windows lie."""
        place = {window: position for position, window in enumerate(self.windows)}
        return [place[window] for window in windows]

    def frame(self) -> pd.DataFrame:
        areas, windows, codes = (axis.ravel() for axis in np.indices(self.n.shape))
        starts = pd.DatetimeIndex([window.start for window in self.windows]).as_unit("us")
        return pd.DataFrame(
            {
                "measure": self.measure,
                "level": self.level,
                "area": np.array(self.areas, dtype=object)[areas],
                "start": starts[windows],
                "months": np.array([window.months for window in self.windows], dtype="int64")[windows],
                "by": self.by,
                "code": np.array(self.codes, dtype=object)[codes],
                "n": self.n.ravel(),
                "key": self.key.ravel(),
                "offered": self.offered.ravel(),
                "known": self.known.ravel(),
            }
        )


@dataclass(frozen=True)
class _Areas:
    """
    The areas of one level, as the counts need them.

    real: codes of areas; parent: place of each one's parent among the real areas of the next coarser level, or -1;
    valid: from and to, one row per area.
    """

    real: tuple[str, ...]
    parent: np.ndarray
    valid: pd.DataFrame


class _Rows:
    """Collects relations."""

    def __init__(self) -> None:
        self.columns: list[np.ndarray] = []
        self.signs: list[np.ndarray] = []
        self.sizes: list[np.ndarray] = []
        self.lower: list[np.ndarray] = []
        self.upper: list[np.ndarray] = []

    def add(self, parts: np.ndarray, total: np.ndarray, constant: np.ndarray, at_most: bool = False) -> None:
        """The parts (k × m) add up to the total (k) and a constant (k), or to at most that."""
        k, m = parts.shape
        self.columns.append(np.column_stack([parts, total]).ravel())
        self.signs.append(np.tile(np.r_[np.ones(m), -1.0], k))
        self.sizes.append(np.full(k, m + 1))
        self.lower.append(np.full(k, -np.inf) if at_most else constant.astype(float))
        self.upper.append(constant.astype(float))

    def system(self, cells: pd.DataFrame) -> System:
        if not self.columns:
            return System(cells, sparse.csr_array((0, len(cells))), np.empty(0), np.empty(0))
        ends = np.r_[0, np.cumsum(np.concatenate(self.sizes))]
        content = (np.concatenate(self.signs), np.concatenate(self.columns), ends)
        relations = sparse.csr_array(content, shape=(len(ends) - 1, len(cells)))
        return System(cells, relations, np.concatenate(self.lower), np.concatenate(self.upper))


def system(audience: Audience, counts: Counts, areas: pd.DataFrame, complete_to: date | None) -> System:
    """
    Every cell behind the offers, with its true count.

    counts: by (measure, level, characteristic), for all that plan.needed() names: columns month, area, code ("" for
    the total), n, and key. areas: the rows of queries/areas/listed.sql. complete_to: last complete day of the data.
    """
    rows, frames = _Rows(), [_no_cells()]
    for plan in plans(audience, _calendars(audience, counts, complete_to)):
        known = _areas(plan, counts, areas)
        blocks = _blocks(plan, counts, known, first=sum(map(len, frames)))
        for block in blocks.values():
            _periods(rows, block)
        _codes(rows, blocks)
        for by in {by for _level, by in blocks}:
            _nesting(rows, plan, blocks, by, known)
        frames += [block.frame() for block in blocks.values()]
    return rows.system(pd.concat(frames, ignore_index=True))


def _calendars(audience: Audience, counts: Counts, complete_to: date | None) -> dict[str, Calendar]:
    found = {}
    for measure in dict.fromkeys(offer.measure for offer in audience.offers):
        months = [frame["month"] for (each, _level, _by), frame in counts.items() if each == measure]
        known = None if complete_to is None else calendar(months, pd.Timestamp(complete_to))
        if known:
            found[measure] = known
    return found


def _no_cells() -> pd.DataFrame:
    texts = dict.fromkeys(("measure", "level", "area", "by", "code"), "object")
    rest = {"start": "datetime64[us]", "months": "int64", "n": "int64", "key": "int64", "offered": "bool"}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in {**texts, **rest, "known": "bool"}.items()})


def _areas(plan: Plan, counts: Counts, areas: pd.DataFrame) -> dict[str, _Areas]:
    """The areas of each level: those that hold a record, and those in a covered area."""
    level_of = dict(zip(areas["area_code"], areas["level"], strict=True))
    parent_of = dict(zip(areas["area_code"], areas["parent"], strict=True))
    found: dict[str, _Areas] = {}
    above = ""
    on_record = {level: set(counts[plan.measure, level, ""]["area"]) - {NOT_RECORDED} for level in plan.levels}
    covered = set().union(*on_record.values())
    for level in plan.levels:
        listed = areas[areas["level"] == level]
        inside = [code for code in listed["area_code"] if covered & _line_to(code, parent_of, level_of)]
        real = tuple(sorted({*inside, *on_record[level]}))
        places = {code: place for place, code in enumerate(found[above].real)} if above else {}
        parent = np.array([_place_above(code, parent_of, places) for code in real], dtype="int64")
        valid = listed.set_index("area_code")[["valid_from", "valid_to"]].reindex(real)
        found[level] = _Areas(real, parent, valid)
        above = level
    return found


def _line_to(code: str, parent_of: Mapping[str, str], level_of: Mapping[str, str]) -> set[str]:
    """The area and what it lies in, up to the level at which sources cover areas."""
    line: set[str] = set()
    while code in level_of and code not in line:
        line.add(code)
        if LEVELS.index(level_of[code]) <= LEVELS.index(COVERED_BY):
            break
        code = parent_of[code]
    return line


def _place_above(code: str, parent_of: Mapping[str, str], places: Mapping[str, int]) -> int:
    """The place of the nearest area above that is among the places, or -1."""
    seen: set[str] = set()
    while code in parent_of and code not in seen:
        seen.add(code)
        code = parent_of[code]
        if code in places:
            return places[code]
    return -1


def _blocks(plan: Plan, counts: Counts, known: Mapping[str, _Areas], first: int) -> dict[tuple[str, str], _Block]:
    """The counts of every level by every characteristic, coarsest level first."""
    blocks: dict[tuple[str, str], _Block] = {}
    for by in sorted({by for _level, by in plan.windows}):
        codes = _code_axis(plan, counts, by)
        above: np.ndarray | None = None
        for level in plan.levels:
            if (level, by) not in plan.windows:
                continue
            months = _by_month(plan, counts[plan.measure, level, by], known[level].real, codes)
            block = _block(plan, level, by, known[level], codes, _with_rest(months, known[level], above), first)
            blocks[level, by], above = block, months[0, :-1]
            first += block.n.size
    return blocks


def _code_axis(plan: Plan, counts: Counts, by: str) -> tuple[str, ...]:
    """The codes that occur anywhere; those of the records that state none come last."""
    found = {
        code for (m, _l, each), frame in counts.items() if (m, each) == (plan.measure, by) for code in frame["code"]
    }
    return (*sorted(found - {NOT_RECORDED}), *sorted(found & {NOT_RECORDED}))


def _by_month(plan: Plan, frame: pd.DataFrame, real: tuple[str, ...], codes: tuple[str, ...]) -> np.ndarray:
    """n and key by area, month and code; the last area holds the records without one."""
    months = plan.calendar.last - plan.calendar.first + 1
    found = np.zeros((2, len(real) + 1, months, len(codes)), dtype="int64")
    inside = frame[frame["month"].notna()]
    month = numbers(inside["month"]) - plan.calendar.first
    kept = (month >= 0) & (month < months)
    inside, month = inside[kept], month[kept]
    area = pd.Index([*real, NOT_RECORDED]).get_indexer(inside["area"])
    code = pd.Index(codes).get_indexer(inside["code"])
    for layer, values in enumerate(("n", "key")):
        np.add.at(found[layer], (area, month, code), inside[values].to_numpy("int64"))
    return found


def _with_rest(months: np.ndarray, areas: _Areas, above: np.ndarray | None) -> np.ndarray:
    """
    After the real areas, for each area above: what is in it but in none of its parts.

    A subtraction gives these away where all parts are shown. They say how many records state no area, and nothing of
    the people of a place, so they are not protected. Where there are none the attacker is taken to know it.
    """
    n = months[0, :-1]
    if above is None:
        return months[:, :-1]
    inside = np.zeros_like(above)
    placed = areas.parent >= 0
    np.add.at(inside, areas.parent[placed], n[placed])
    divided = np.isin(np.arange(len(above)), areas.parent)
    rest = np.maximum(above - inside, 0) * divided[:, None, None]
    return np.concatenate([months[:, :-1], np.stack([rest, np.zeros_like(rest)])], axis=1)


def _block(
    plan: Plan, level: str, by: str, areas: _Areas, codes: tuple[str, ...], months: np.ndarray, first: int
) -> _Block:
    windows = plan.windows[level, by]
    sums = np.concatenate([np.zeros_like(months[:, :, :1]), months.cumsum(axis=2)], axis=2)
    starts = np.array([window.first - plan.calendar.first for window in windows])
    ends = starts + [window.months for window in windows]
    n, key = sums[:, :, ends] - sums[:, :, starts]
    named = np.arange(len(n)) < len(areas.real)
    valid = np.zeros(n.shape[:2], dtype=bool)
    valid[named] = _valid(areas.valid, windows)
    existing = valid[:, :, None] | (n > 0)
    shown = np.array([window in plan.offered.get((level, by), ()) for window in windows])
    published = np.array([window.months == YEAR and window.start.month == 4 for window in windows])
    published = named[:, None] & published & (level == plan.levels[0] and by == "")
    return _Block(
        measure=plan.measure,
        level=level,
        by=by,
        areas=(*areas.real, *[NOT_RECORDED] * (len(n) - len(areas.real))),
        windows=windows,
        codes=codes,
        n=n,
        key=key,
        offered=existing & named[:, None, None] & shown[None, :, None],
        known=~existing | published[:, :, None],
        first=first,
    )


def _valid(valid: pd.DataFrame, windows: tuple[Window, ...]) -> np.ndarray:
    """Which areas exist on a day of which window; an open end has no limit."""
    start = np.array([window.start for window in windows], dtype="datetime64[us]")
    finish = np.array([window.finish for window in windows], dtype="datetime64[us]")
    opened = pd.to_datetime(valid["valid_from"]).to_numpy("datetime64[us]")[:, None]
    closed = pd.to_datetime(valid["valid_to"]).to_numpy("datetime64[us]")[:, None]
    return (np.isnat(opened) | (opened <= finish)) & (np.isnat(closed) | (closed >= start))


def _periods(rows: _Rows, block: _Block) -> None:
    """Quarters are the sums of their months, years those of their quarters, or of months where there are none."""
    held = set(block.windows)
    for length in (3, YEAR):
        for parts in (3, 1):
            whole = [w for w in block.windows if w.months == length > parts and held.issuperset(w.split(parts))]
            if not whole:
                continue
            pieces = np.array([block.at(window.split(parts)) for window in whole])
            _add(rows, block, block, (slice(None), pieces), (slice(None), block.at(tuple(whole))), axis=2)
            break


def _codes(rows: _Rows, blocks: dict[tuple[str, str], _Block]) -> None:
    """
    The codes of a characteristic add up to the total. An incident with several strands counts in each: by how much
    the strands exceed the total is taken as known, and none of them can exceed it.
    """
    for (level, by), block in blocks.items():
        if not by:
            continue
        total = blocks[level, ""]
        at = total.at(block.windows)
        whole, n = total.ids[:, at, 0], total.n[:, at, 0]
        excess = block.n.sum(axis=2) - n
        parts = block.ids.reshape(-1, len(block.codes))
        rows.add(parts, whole.ravel(), excess.ravel())
        several = (excess[:, :, None] > 0) & (block.n <= n[:, :, None])
        if several.any():
            wholes = np.broadcast_to(whole[:, :, None], block.n.shape)[several]
            rows.add(block.ids[several][:, None], wholes, np.zeros(len(wholes)), at_most=True)


def _nesting(
    rows: _Rows, plan: Plan, blocks: dict[tuple[str, str], _Block], by: str, known: Mapping[str, _Areas]
) -> None:
    """An area is the sum of those in it and of what is in it but in none of them."""
    levels = [level for level in plan.levels if (level, by) in blocks]
    for coarse, fine in pairwise(levels):
        above, below = blocks[coarse, by], blocks[fine, by]
        shared = tuple(window for window in below.windows if window in set(above.windows))
        real = len(known[fine].real)
        for place in np.unique(known[fine].parent[known[fine].parent >= 0]):
            children = np.r_[np.flatnonzero(known[fine].parent == place), real + place]
            _add_area(rows, below, children, above, place, shared)


def _add_area(
    rows: _Rows, below: _Block, children: np.ndarray, above: _Block, place: int, shared: tuple[Window, ...]
) -> None:
    inside, around = below.at(shared), above.at(shared)
    ids = below.ids[children][:, inside].reshape(len(children), -1).T
    constant = below.n[children][:, inside].sum(axis=0) - above.n[place][around]
    rows.add(ids, above.ids[place][around].ravel(), constant.ravel())


def _add(rows: _Rows, below: _Block, above: _Block, parts: tuple, whole: tuple, axis: int) -> None:
    ids = np.moveaxis(below.ids[parts], axis, -1)
    ids = ids.reshape(-1, ids.shape[-1])
    constant = below.n[parts].sum(axis=axis).ravel() - above.n[whole].ravel()
    rows.add(ids, above.ids[whole].ravel(), constant)
