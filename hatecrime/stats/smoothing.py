"""Rates of small places, drawn towards what is usual as far as their size demands."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, stats

from hatecrime.stats.neighbours import Neighbours

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Smoothed:
    """
    A smoothed rate for each place and the range it lies in, per person; nan where the rate has no meaning.

    weight is how far the place speaks for itself, 0 not at all to 1 alone; overall is the rate it is drawn to and
    variance that of true rates around it: one value each, or one for each place.
    """

    rate: Floats
    low: Floats
    high: Floats
    weight: Floats
    overall: float | Floats
    variance: float | Floats


def empirical_bayes(count: ArrayLike, population: ArrayLike, confidence: float = 0.95) -> Smoothed:
    """
    How high is the rate of each place, when the rates of small places are mostly chance?

    rate = w r + (1 - w) m, with r = x / n, m = Σ x / Σ n, w = v / (v + m / n) and v = Σ n (r - m)² / Σ n - m / n̄,
    0 where that is negative. It is the mean of the gamma distribution with shape m² / v + x and rate m / v + n,
    whose quantiles are the range; v counts there as at least m / Σ n, for no rate is surer than the overall one.

    Parameters: count (areas,), events, and population, people, nan where missing; confidence between 0 and 1.
    Result: a Smoothed, per person, low <= rate <= high. nan where population is 0 or a figure is missing.
    Misleads where places really differ: a true extreme is drawn to the middle. The range takes m and v as known,
    so it is somewhat too narrow with few areas.
    Reference: Marshall 1991, Applied Statistics 40, 283-294; for the range Clayton and Kaldor 1987, Biometrics 43,
    671-681.

    >>> smoothed = empirical_bayes([0, 3, 40], [100, 1000, 10_000])
    >>> (1000 * smoothed.rate).round(2)
    array([3.87, 3.87, 3.87])
    >>> (1000 * empirical_bayes([0, 30, 40], [100, 1000, 10_000]).rate).round(1)
    array([ 3.4, 27.5,  4. ])
    """
    x, n, known = _known(count, population)
    people = float(n[known].sum())
    overall = float(x[known].sum()) / people if people else float("nan")
    squares = float((n[known] * (x[known] / n[known] - overall) ** 2).sum())
    variance = max(squares / people - overall * float(known.sum()) / people, 0.0) if people else float("nan")
    return _smoothed(x, n, overall, variance, people, confidence)


def spatial_empirical_bayes(
    count: ArrayLike, population: ArrayLike, neighbours: Neighbours, confidence: float = 0.95
) -> Smoothed:
    """
    How high is the rate of each place, drawn towards the rate around it?

    As empirical_bayes, with m, v and n̄ of the place and its neighbours instead of those of all places.

    Parameters: count (areas,), events, and population, people, nan where missing; neighbours, of as many areas;
    confidence between 0 and 1.
    Result: a Smoothed, per person, low <= rate <= high, overall and variance for each area. nan where population is
    0 or a figure is missing; such areas are no one's neighbours.
    Misleads at sharp edges: a quiet place beside a busy one is drawn up. Few neighbours make v unsure, and it is
    often 0: the place then takes the rate around it.
    Reference: Marshall 1991, Applied Statistics 40, 283-294, as in esda's Spatial_Empirical_Bayes.

    >>> from hatecrime.stats.neighbours import in_grid
    >>> row = in_grid(range(4), [0] * 4, "square")
    >>> (1000 * spatial_empirical_bayes([0, 1, 9, 90], [100, 100, 1000, 1000], row).rate).round(1)
    array([ 5. ,  8.3, 10.1, 88.8])
    """
    x, n, known = _known(count, population)
    around = _around(neighbours, known)
    events, people, areas = around @ np.where(known, x, 0), around @ np.where(known, n, 0), around @ known.astype(float)
    some = np.where(known, people, np.nan)
    overall = events / some
    squares = around @ np.where(known, x * x / np.where(known, n, 1), 0) - 2 * overall * events + overall**2 * people
    variance = np.maximum(squares / some - overall * areas / some, 0)
    return _smoothed(x, n, overall, variance, some, confidence)


def _known(count: ArrayLike, population: ArrayLike) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Events and people, nan in both where either is missing or nobody lives there; and where they are not."""
    x, n = np.broadcast_arrays(np.asarray(count, dtype=float), np.asarray(population, dtype=float))
    if (x < 0).any():
        raise ValueError("A count cannot be negative.")
    known = np.isfinite(x) & np.isfinite(n) & (n > 0)
    return np.where(known, x, np.nan), np.where(known, n, np.nan), known


def _around(neighbours: Neighbours, known: NDArray[np.bool_]) -> sparse.csr_array:
    """The links with each place itself, without the places that are not known."""
    if len(known) != neighbours.links.shape[0]:
        raise ValueError(f"There are {len(known)} counts for {neighbours.links.shape[0]} places.")
    itself = sparse.eye_array(len(known), format="csr")
    return (neighbours.links + itself) @ sparse.diags_array(known.astype(float))


def _smoothed(
    x: Floats, n: Floats, overall: float | Floats, variance: float | Floats, people: float | Floats, confidence: float
) -> Smoothed:
    m, v = np.asarray(overall), np.asarray(variance)
    weight = v / (np.where(v > 0, v, 1) + m / n)
    rate = weight * x / n + (1 - weight) * m
    low, high = _range(x, n, m, np.maximum(v, m / people), people, confidence)
    return Smoothed(rate, np.minimum(low, rate), np.maximum(high, rate), weight, overall, variance)


def _range(
    x: Floats, n: Floats, m: Floats, v: Floats, people: float | Floats, confidence: float
) -> tuple[Floats, Floats]:
    """Where nothing happened at all: from 0 to the exact Poisson limit of no event among all those people."""
    tail, some = (1 - confidence) / 2, m > 0
    prior = m / np.where(some, v, 1)
    shape, scale = np.where(some, m * prior + x, 1 + x), 1 / np.where(some, prior + n, people + 0 * n)
    low, high = stats.gamma.ppf([[tail], [1 - tail]], shape, scale=scale)
    return np.where(some, low, 0 * n), high
