"""How far incidents are from the reporting centres that are open."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from hatecrime.stats.intervals import wilson

NO_CENTRE = -1


@dataclass(frozen=True)
class Band:
    """Incidents within so many metres of an open centre."""

    metres: float
    n: float
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Coverage:
    """
    Incidents by their distance from the nearest open centre.

    distance (metres, inf without a centre, nan without a place) and nearest (position of the centre, -1 for
    none) have one value per point; per_centre has one per centre: the incidents nearest to it.
    """

    distance: NDArray[np.float64]
    nearest: NDArray[np.int64]
    per_centre: NDArray[np.float64]
    total: float
    unplaced: float
    bands: tuple[Band, ...]
    outside: Band
    median: float
    detour: float


def cover(
    points: ArrayLike,
    centres: ArrayLike,
    bands: Sequence[float],
    weights: ArrayLike | None = None,
    detour: float = 1,
) -> Coverage:
    """
    What share of incidents lies within reach of an open reporting centre, and what is out of reach of all?

    distance = detour × the straight line to the nearest centre; a band holds distances up to its metres.

    Parameters: points (n, 2) and centres (m, 2), metres east and north in one projection, nan where a place
    is not known; bands, metres; weights (n,), incidents per point, 1 each where left out; detour, 1 for
    straight lines, about 1.3 for ways on foot.
    Result: a Coverage. total counts placed incidents alone, unplaced the others. Shares are between 0 and 1,
    of total, with Wilson's interval; bands are cumulative and the widest one + outside = total.
    Misleads where a river or motorway lies between; and people report where they feel safe, not where
    it is nearest.
    Reference: National Travel Survey, as quoted by Sustrans 2022: 80% of trips under a mile are walked.

    >>> near = cover([(0, 0), (0, 900), (0, 5000)], [(0, 0)], [800, 1600])
    >>> [band.n for band in near.bands], near.outside.n
    ([1.0, 2.0], 1.0)
    """
    places, sites = _pairs(points), _pairs(centres)
    amounts = np.ones(len(places)) if weights is None else np.asarray(weights, dtype=float)
    placed = np.asarray(np.isfinite(places).all(axis=1))
    distance, nearest = _nearest(places, sites, placed)
    distance = distance * detour
    total, limits = float(amounts[placed].sum()), sorted(bands)
    within = tuple(_band(limit, float(amounts[distance <= limit].sum()), total) for limit in limits)
    widest = limits[-1] if limits else 0.0
    return Coverage(
        distance=distance,
        nearest=nearest,
        per_centre=np.bincount(nearest[nearest >= 0], amounts[nearest >= 0], minlength=len(sites)).astype(float),
        total=total,
        unplaced=float(amounts[~placed].sum()),
        bands=within,
        outside=_band(widest, float(amounts[distance > widest].sum()), total),
        median=_weighted_median(distance[placed], amounts[placed]),
        detour=detour,
    )


def _pairs(values: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(values, dtype=float).reshape(-1, 2)


def _nearest(
    places: NDArray[np.float64], sites: NDArray[np.float64], placed: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    known = np.flatnonzero(np.isfinite(sites).all(axis=1))
    distance = np.where(placed, np.inf, np.nan)
    nearest = np.full(len(places), NO_CENTRE, dtype=np.int64)
    if len(known) and placed.any():
        distance[placed], found = cKDTree(sites[known]).query(places[placed])
        nearest[placed] = known[found]
    return distance, nearest


def _band(metres: float, n: float, total: float) -> Band:
    share = wilson(n, total)
    return Band(float(metres), n, float(share.estimate), float(share.low), float(share.high))


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """The least distance within which at least half of the incidents lie."""
    if not weights.sum():
        return float("nan")
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])
