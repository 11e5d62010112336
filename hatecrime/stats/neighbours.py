"""Which places lie beside which."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.spatial import cKDTree

Index = NDArray[np.int64]

# Neighbours digitised apart leave gaps; this share of a usual area's side is bridged (2 m for a ward of 2 km).
GAP = 1e-3
# Places as far away as the nearest, but for rounding, are nearest too: so the order of rows decides nothing.
TIE = 1 + 1e-9

SQUARE = ((1, 0), (0, 1), (1, 1), (1, -1))
HEXAGON = ((1, 0), (0, 1), (1, -1))
OFFSETS = {"square": SQUARE, "hexagon": HEXAGON}


@dataclass(frozen=True)
class Neighbours:
    """
    Who is beside whom: links (n, n) holds a 1 where two places are neighbours, never on the diagonal.

    rule says how they were found: touching, square, hexagon, within or nearest. islands are the places that had
    no neighbour and were linked to their nearest. A place without outline or position has no link and is no island.
    """

    links: sparse.csr_array
    rule: str
    islands: tuple[int, ...]


def touching(outlines: ArrayLike) -> Neighbours:
    """
    Which areas share a border or a corner?

    Two areas are neighbours when their outlines are no further apart than 1/1000 of the side of a usual area
    (the root of the median area), so that borders digitised with small gaps still meet. Queen contiguity.

    Parameters: outlines (n,), shapely polygons in one projection, None or empty where an area has none.
    Result: Neighbours, as many rows as outlines. An area that touches none is linked to its nearest (to all that
    are equally near) and listed among the islands.
    Misleads where water, a motorway or a railway lies on the border: neighbours on the map may not meet.
    Reference: Cliff and Ord 1981, Spatial Processes, on the queen's case.

    >>> touching([shapely.box(0, 0, 1, 1), shapely.box(1, 1, 2, 2), shapely.box(5, 0, 6, 1)]).links.toarray()
    array([[0., 1., 0.],
           [1., 0., 1.],
           [0., 1., 0.]])
    """
    shapes = np.asarray(outlines, dtype=object)
    drawn = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    known = shapes[drawn]
    tree = shapely.STRtree(known)
    one, other = tree.query(known, predicate="dwithin", distance=_gap(known))
    alone = _alone(len(known), one, other)
    near_one, near_other = tree.query_nearest(known[alone], exclusive=True) if len(known) > 1 else _pairs([])
    one, other = np.r_[one, alone[near_one]], np.r_[other, near_other]
    return Neighbours(_links(len(shapes), drawn[one], drawn[other]), "touching", _islands(drawn, alone))


def in_grid(columns: ArrayLike, rows: ArrayLike, shape: str) -> Neighbours:
    """
    Which cells of a grid lie beside each other?

    Squares: the eight cells around (queen). Hexagons: the six around, (q ± 1, r), (q, r ± 1), (q + 1, r - 1)
    and (q - 1, r + 1) in axial coordinates.

    Parameters: columns and rows (n,), whole numbers, q and r for hexagons, each cell once; shape, "square" or
    "hexagon". Cells that are not listed are nobody's neighbours.
    Result: Neighbours, as many rows as cells. A cell with none beside it is linked to its nearest (to all that
    are equally near) and listed among the islands.
    Misleads when only cells with an incident are listed: empty cells are then missing from the comparison.
    Reference: Cliff and Ord 1981, Spatial Processes, on the queen's case; Sahr 2011 on axial coordinates.

    >>> in_grid([0, 1, 2], [0, 1, 1], "square").links.sum(axis=1)
    array([1., 2., 1.])
    >>> in_grid([0, 1, 2], [0, 1, 1], "hexagon").islands
    (0,)
    """
    if shape not in OFFSETS:
        raise ValueError(f"A cell is a square or a hexagon, not {shape!r}.")
    q, r = np.asarray(columns, dtype=np.int64), np.asarray(rows, dtype=np.int64)
    one, other = _beside(q, r, OFFSETS[shape])
    x, y = (q, r) if shape == "square" else (q + r / 2, r * np.sqrt(3) / 2)
    return _joined(x, y, one, other, shape)


def within(x: ArrayLike, y: ArrayLike, metres: float) -> Neighbours:
    """
    Which places lie within so many metres of each other?

    Two places are neighbours when the straight line between them is no longer than `metres`.

    Parameters: x and y (n,), metres east and north in one projection, nan where a place is not known.
    Result: Neighbours, as many rows as places. A place with none so near is linked to its nearest (to all that
    are equally near) and listed among the islands.
    Misleads when places differ in size: the middle of a large ward is far from its own edges.
    Reference: Getis and Ord 1992, Geographical Analysis 24, 189-206.

    >>> within([0, 30, 90], [0, 0, 0], 30).islands
    (2,)
    """
    known, points = _known(x, y)
    pairs = cKDTree(points).query_pairs(metres, output_type="ndarray") if len(known) else _pairs([]).T
    return _spread(_joined(points[:, 0], points[:, 1], pairs[:, 0], pairs[:, 1], "within"), known, np.size(x))


def nearest(x: ArrayLike, y: ArrayLike, k: int) -> Neighbours:
    """
    Which k places are nearest to each place?

    Two places are neighbours when either is among the k nearest of the other: symmetrised, so that being beside
    holds both ways and a place may have more than k. Places as near as the k-th count as well.

    Parameters: x and y (n,), metres east and north in one projection, nan where a place is not known; k, 1 or more.
    Result: Neighbours, as many rows as places; fewer than k only where there are not so many. No islands.
    Misleads in open country, where the k nearest may be many miles away.
    Reference: Getis and Ord 1996, in Longley and Batty, Spatial Analysis: Modelling in a GIS Environment.

    >>> nearest([0, 10, 30, 60], [0, 0, 0, 0], 1).links.sum(axis=1)
    array([1., 2., 2., 1.])
    """
    if k < 1:
        raise ValueError("At least one neighbour is needed.")
    known, points = _known(x, y)
    one, other = _nearest(points, np.arange(len(known)), k)
    return Neighbours(_links(np.size(x), known[one], known[other]), "nearest", ())


def _gap(known: NDArray[Any]) -> float:
    return GAP * float(np.sqrt(np.median(shapely.area(known)))) if len(known) else 0.0


def _beside(q: Index, r: Index, offsets: tuple[tuple[int, int], ...]) -> tuple[Index, Index]:
    """Pairs of cells that differ by one of the offsets; each cell is a number, sorted once and looked up."""
    if not len(q):
        return _pairs([])[0], _pairs([])[1]
    width = int(np.ptp(r)) + 3
    key = (q - q.min()) * width + (r - r.min() + 1)
    order = np.argsort(key)
    ranked = key[order]
    if (ranked[1:] == ranked[:-1]).any():
        raise ValueError("A cell is listed twice.")
    one, other = [], []
    for east, north in offsets:
        wanted = ranked + east * width + north
        at = np.minimum(np.searchsorted(ranked, wanted), len(ranked) - 1)
        found = ranked[at] == wanted
        one.append(order[found])
        other.append(order[at[found]])
    return np.concatenate(one), np.concatenate(other)


def _joined(x: NDArray[Any], y: NDArray[Any], one: Index, other: Index, rule: str) -> Neighbours:
    """The pairs as Neighbours, with places that are in no pair linked to their nearest."""
    alone = _alone(len(x), one, other)
    if len(alone):
        near_one, near_other = _nearest(np.column_stack([x, y]).astype(float), alone, 1)
        one, other = np.r_[one, near_one], np.r_[other, near_other]
    return Neighbours(_links(len(x), one, other), rule, _islands(np.arange(len(x)), alone))


def _spread(found: Neighbours, known: Index, n: int) -> Neighbours:
    """Neighbours among the known places, numbered as among all."""
    one, other = found.links.nonzero()
    return Neighbours(
        _links(n, known[one], known[other]), found.rule, tuple(int(known[island]) for island in found.islands)
    )


def _nearest(points: NDArray[np.float64], asked: Index, k: int) -> tuple[Index, Index]:
    """Pairs of each place that is asked for and its k nearest, ties with the last one included."""
    if len(points) < 2 or not len(asked):
        return _pairs([])[0], _pairs([])[1]
    tree, last = cKDTree(points), min(k, len(points) - 1)
    reach = tree.query(points[asked], k=[last + 1])[0][:, 0] * TIE
    found = tree.query_ball_point(points[asked], reach)
    counts = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
    return np.repeat(asked, counts), np.concatenate([np.asarray(near, dtype=np.int64) for near in found])


def _known(x: ArrayLike, y: ArrayLike) -> tuple[Index, NDArray[np.float64]]:
    points = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    known = np.flatnonzero(np.isfinite(points).all(axis=1))
    return known, points[known]


def _alone(n: int, one: Index, other: Index) -> Index:
    paired = np.zeros(n, dtype=bool)
    paired[one[one != other]] = paired[other[one != other]] = True
    return np.flatnonzero(~paired)


def _islands(known: Index, alone: Index) -> tuple[int, ...]:
    """A single place has none to be linked to."""
    return tuple(int(island) for island in known[alone]) if len(known) > 1 else ()


def _links(n: int, one: Index, other: Index) -> sparse.csr_array:
    """Each pair both ways, once."""
    apart = one != other
    rows, columns = np.r_[one[apart], other[apart]], np.r_[other[apart], one[apart]]
    links = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(n, n))
    links.data[:] = 1
    return links


def _pairs(pairs: list[tuple[int, int]]) -> Index:
    """Two rows of positions."""
    return np.asarray(pairs, dtype=np.int64).reshape(-1, 2).T
