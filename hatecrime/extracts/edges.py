"""Points near the edge of an area: an outline that was simplified may have given them to the wrong side.

A layer of outlines counts as generalised where its file name says so (as the Office for National Statistics marks its
files: BGC, BSC, BUC, or the word), where its mapping says so, or where its corners stand out so far that fine detail
must have been taken away: a quarter of the corners of an outline in full resolution stand out by 0.1 m or less over the
line between their neighbours, those of one that is drawn to 20 m by 30 m.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil

import numpy as np
import shapely
from numpy.typing import NDArray

from hatecrime.extracts.areas import Area, Areas
from hatecrime.extracts.locate import Days, Flags, Floats, Found, in_areas
from hatecrime.extracts.report import Edge, Move
from hatecrime.extracts.staging import Staged

# Metres to which the Office for National Statistics draws its outlines, by what stands in the name of a file.
NAMED = {
    r"(?<![a-z])b(fc|fe)(?![a-z])|full.?resolution": 0,
    r"(?<![a-z])bsc(?![a-z])|super.?generali[sz]ed": 200,
    r"(?<![a-z])buc(?![a-z])|ultra.?generali[sz]ed": 500,
    r"(?<![a-z])b(gc|ge)(?![a-z])|generali[sz]ed": 20,
}
# What a mapping that states no more than a kind means at least; an approximate outline may be off by a street or two.
STATED = {"generalised": 20, "approximate": 200}
STEPS = (20, 200, 500)
STANDS_OUT = 5.0
ENOUGH_CORNERS = 100
# Distances are measured for so many points of an extract; of more, for every second, third, … one.
MEASURED = 100_000
Index = NDArray[np.int32]
# From which area to which; None is outside them all.
Pair = tuple[str | None, str | None]


@dataclass(frozen=True)
class _Points:
    """True points, and the days on which they are looked for."""

    easting: Floats
    northing: Floats
    days: Days | None


@dataclass
class _Sum:
    """What was counted so far at one level."""

    points: int = 0
    near: int = 0
    sampled: bool = False
    moves: Counter[Pair] = field(default_factory=Counter)

    def add(self, other: _Sum) -> None:
        self.points += other.points
        self.near += other.near
        self.sampled |= other.sampled


class Edges:
    """The edges of all outlines of a build, and how many of its points lie near them."""

    def __init__(self, areas: Areas, files: Mapping[int, str]) -> None:
        """files: the name of the file of each extract that brought outlines."""
        in_use = [area for shapes in areas.shapes.values() for area, _shape in shapes]
        drawn = _drawn_to([*in_use, *areas.coarser.values()], files)
        self.twins = {level: _twins(areas, level) for level in areas.levels()}
        self.levels = {
            level: _Level([area for area, _shape in shapes], areas.coarser, drawn)
            for level, shapes in areas.shapes.items()
            if shapes
        }
        self.sums: dict[tuple[str, str], _Sum] = {}

    def look(self, staged: Staged, easting: Floats, northing: Floats, days: Days | None, found: Found) -> None:
        """Count the records of one extract that stand, where their points were found to lie."""
        stands = np.isfinite(easting)
        stands[[*staged.refused_rows, *staged.collapsed_rows]] = False
        points = _Points(easting, northing, days)
        for level, (index, codes) in found.items():
            if level in self.levels:
                total = self.sums.setdefault((staged.mapping.table, level), _Sum())
                total.add(self._near(level, points, index, codes, np.flatnonzero(stands & (index >= 0))))
                total.moves += self._moves(level, points, index, codes, stands)

    def told(self) -> list[Edge]:
        """One account for each table and level that has points."""
        return [self._edge(table, level, each) for (table, level), each in self.sums.items() if each.points]

    def _edge(self, table: str, level: str, counted: _Sum) -> Edge:
        edges = self.levels[level]
        moves = [Move(old, new, n) for (old, new), n in counted.moves.most_common()]
        changed = sum(counted.moves.values()) if self.twins[level].by_code else None
        return Edge(
            table, level, counted.points, counted.near, edges.metres, changed, edges.generalised, counted.sampled, moves
        )

    def _near(self, level: str, points: _Points, index: Index, codes: list[str], inside: NDArray[np.intp]) -> _Sum:
        edges, every = self.levels[level], max(1, ceil(inside.size / MEASURED))
        few = inside[::every]
        near = edges.near(points.easting[few], points.northing[few], edges.numbers(codes)[index[few]])
        return _Sum(inside.size, round(near / max(few.size, 1) * inside.size), every > 1)

    def _moves(self, level: str, points: _Points, index: Index, codes: list[str], stands: Flags) -> Counter[Pair]:
        """From which area the coarser outlines would have taken a point, and to which they would have given it."""
        twins = self.twins[level]
        if not twins.by_code:
            return Counter()
        coarse, names = in_areas(points.easting, points.northing, points.days, twins)[level]
        numbers = {code: number for number, code in enumerate(names)}
        fine = np.array([*(numbers.get(code, -1) for code in codes), -1])[index]
        differ = stands & (fine != coarse)
        known = [*names, None]
        return Counter((known[a], known[b]) for a, b in zip(fine[differ], coarse[differ], strict=True))


class _Level:
    """The edges of those areas of one level that are drawn to some metres only, or come in such an outline as well."""

    def __init__(
        self, used: list[Area], coarser: Mapping[str, Area], drawn: Mapping[tuple[int | None, str], int]
    ) -> None:
        self.generalised = any(drawn[_layer(area)] for area in used)
        doubtful = {
            area.area_code: max(drawn[_layer(a)] for a in (area, coarser.get(area.area_code, area))) for area in used
        }
        self.metres = max(doubtful.values())
        self.codes = [code for code, metres in doubtful.items() if metres]
        outlines = [area.geometry for area in used if doubtful[area.area_code]]
        lines, self.owner = _segments(shapely.from_wkb(np.array(outlines, object)))
        self.tree = shapely.STRtree(lines)

    def numbers(self, codes: list[str]) -> NDArray[np.intp]:
        """The numbers under which the areas of some codes own edges; -1 for those without."""
        known = {code: number for number, code in enumerate(self.codes)}
        return np.array([known.get(code, -1) for code in codes], np.intp)

    def near(self, easting: Floats, northing: Floats, given: NDArray[np.intp]) -> int:
        """How many points lie within the metres of an edge of the area that they were given."""
        if not self.codes:
            return 0
        points = shapely.points(easting, northing)
        point, line = self.tree.query(points, predicate="dwithin", distance=self.metres)
        return np.unique(point[given[point] == self.owner[line]]).size


def drawn_to(file: str, stated: str | None, outlines: NDArray[np.object_]) -> int:
    """Metres to which a layer is drawn, by its file's name, else its mapping and its corners; 0 in full resolution."""
    for pattern, metres in NAMED.items():
        if re.search(pattern, file, re.I):
            return metres
    corners = stands_out(outlines)
    measured = float(np.quantile(corners, 0.25)) if corners.size else 0.0
    if corners.size < ENOUGH_CORNERS or measured < STANDS_OUT:
        return STATED.get(stated or "", 0)
    return max([STATED.get(stated or "", STEPS[0]), *(step for step in STEPS if step <= measured)])


def stands_out(outlines: NDArray[np.object_]) -> Floats:
    """How far each corner stands out over the line between its two neighbours, in metres."""
    rings = shapely.get_parts(shapely.boundary(outlines))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    before, corner, after = xy[:-2], xy[1:-1], xy[2:]
    base, leg = after - before, corner - before
    width = np.hypot(*base.T)
    whole = (ring[:-2] == ring[2:]) & (width > 0)
    return np.abs(base[:, 0] * leg[:, 1] - base[:, 1] * leg[:, 0])[whole] / width[whole]


def _segments(outlines: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Every straight piece of some outlines, and the number of the outline that it belongs to."""
    rings, owner = shapely.get_parts(shapely.boundary(outlines), return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[:-1] == ring[1:]
    return shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)[joined]), owner[ring[:-1][joined]]


def _layer(area: Area) -> tuple[int | None, str]:
    return area.extract_id, area.level


def _drawn_to(outlined: Iterable[Area], files: Mapping[int, str]) -> dict[tuple[int | None, str], int]:
    """Metres to which each layer is drawn; a layer is what one extract brought of one level."""
    layers: dict[tuple[int | None, str], list[Area]] = {}
    for area in outlined:
        layers.setdefault(_layer(area), []).append(area)
    return {
        layer: drawn_to(
            files.get(layer[0] or 0, ""),
            members[0].outline,
            shapely.from_wkb(np.array([area.geometry for area in members], object)),
        )
        for layer, members in layers.items()
    }


def _twins(areas: Areas, level: str) -> Areas:
    """The coarser outlines of a level alone, to find points in them as in any other areas."""
    twins = Areas()
    twins.by_code = {code: area for code, area in areas.coarser.items() if area.level == level}
    return twins
