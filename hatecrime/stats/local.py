"""Where places and their neighbours together hold more, or less, than chance would put there."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, special, stats

from hatecrime.stats.draws import two_sided
from hatecrime.stats.neighbours import Neighbours

Floats = NDArray[np.float64]

# What rounding leaves of a variance of nothing, and of two equal sums added up in different orders.
ROUNDING = 1e-12
TIE = 1e-9
# Below this the skewed distribution is the normal one to more figures than are used.
SYMMETRIC = 1e-4


@dataclass(frozen=True)
class GetisOrd:
    """One z and one two-sided p for each place; nan where nothing could be reckoned."""

    z: Floats
    p: Floats


@dataclass(frozen=True)
class LocalMoran:
    """
    One value for each place; nan, and "" for the quadrant, where nothing could be reckoned.

    quadrant says how the place and its neighbours lie to the mean: high-high, low-low, high-low or low-high.
    """

    i: Floats
    z: Floats
    p: Floats
    quadrant: NDArray[np.str_]


@dataclass(frozen=True)
class Verdicts:
    """kind is "hot", "cold" or "" for each place; adjusted are the p that were judged; tested, how many places."""

    kind: NDArray[np.str_]
    adjusted: Floats
    tested: int


@dataclass(frozen=True)
class _Known:
    """The places whose value is known: where they stand among all n, their values and the links among them."""

    n: int
    at: NDArray[np.int64]
    x: Floats
    links: sparse.csr_array

    def by_value(self) -> "_Known":
        """In rising order: the same shuffles then meet the same values, in whatever order the rows came."""
        order = np.argsort(self.x, kind="stable")
        return _Known(self.n, self.at[order], self.x[order], self.links[order][:, order])

    def placed(self, found: ArrayLike) -> Floats:
        """Among all places, nan where the value is not known."""
        everywhere = np.full(self.n, np.nan)
        everywhere[self.at] = found
        return everywhere


@dataclass(frozen=True)
class _Sums:
    """Of each place: what is summed above its due, how many are drawn from how many, and the moments of those."""

    excess: Floats
    drawn: Floats
    among: int
    variance: Floats
    third: Floats


def getis_ord(values: ArrayLike, neighbours: Neighbours, star: bool = True) -> GetisOrd:
    """
    Do a place and its neighbours hold more, or less, than as many places anywhere would?

    z = (Σ x_j - k x̄) / (s √(k (n - k) / (n - 1))), over the k places that are i and its neighbours (Gi*). Without
    star, over the neighbours alone, with n, x̄ and s of all places but i (Gi). p is of both sides: how often k of the n
    values, drawn by chance, have a sum as extreme. For up to 100 places that is exact (`draws.two_sided`), else from
    the Pearson type III distribution with the skewness that such a sum has.

    Parameters: values (n,), counts or rates, nan where missing: left out of mean, variance and neighbours;
    neighbours, of as many places; star, whether the place itself is in the sum.
    Result: z without unit, the higher the hotter, and p between 0 and 1. All equal, or one place alone:
    z = 0 and p = 1. nan where the value is missing and, without star, where no neighbour has one.
    Misleads with raw rates of places of very different size, which must be smoothed first: `significant` gives
    figures. z is that of other programs; p is not, which take it from the normal distribution.
    Reference: Getis and Ord 1992, Geographical Analysis 24, 189-206; Ord and Getis 1995, the same 27, 286-306; for p
    Mielke and Berry 2007, Permutation Methods.

    >>> from hatecrime.stats.neighbours import in_grid
    >>> row = in_grid(range(6), [0] * 6, "square")
    >>> getis_ord([9, 8, 7, 1, 0, 2], row).z.round(2)
    array([ 1.76,  2.18,  0.52, -1.14, -2.18, -1.54])
    """
    known = _reckoned(values, neighbours)
    sums = _with_self(known) if star else _without_self(known)
    z, skewness = _standardised(sums)
    summed = known.links + sparse.eye_array(len(known.x), format="csr") if star else known.links
    p = two_sided(known.x, summed, others=not star)
    left = np.isnan(p)
    p[left] = _skewed(z[left], skewness[left])
    return GetisOrd(known.placed(z), known.placed(p))


def getis_ord_permuted(
    values: ArrayLike, neighbours: Neighbours, permutations: int = 999, seed: int = 1, star: bool = True
) -> GetisOrd:
    """
    Would shuffling the other places' values put as much, or as little, around this place?

    z as getis_ord. p = 2 (1 + the lesser of how many shuffles give as much or more, as little or less) /
    (permutations + 1), at most 1; the place keeps its own value, the others change places at random.

    Parameters: values, neighbours and star as for getis_ord; permutations, how many; seed, of the shuffling.
    Result: z, and p between 2 / (permutations + 1) and 1: the same for the same seed, in any order of rows.
    Misleads in large maps: the least possible p is 0.002 at 999, too coarse for `significant` to find a single
    place among more than 25. esda's own p_sim is not used: it is of one side, chosen after looking, and where
    shuffles equal what was seen, as zeros do, it calls the least possible sum extreme.
    Reference: Anselin 1995, Geographical Analysis 27, 93-115; Phipson and Smyth 2010 on the 1 that is added.

    >>> from hatecrime.stats.neighbours import in_grid
    >>> row = in_grid(range(6), [0] * 6, "square")
    >>> float(getis_ord_permuted([5, 5, 5, 5, 5, 5], row).p[0])
    1.0
    """
    analytic = getis_ord(values, neighbours, star)
    known = _reckoned(values, neighbours).by_value()
    if _all_equal(known.x):
        return analytic
    from esda.getisord import G_Local

    # A constant changes the rank of no sum and keeps the total, by which esda divides, above 0.
    lifted = known.x + np.ptp(known.x) - known.x.min()
    with _esda():
        found = G_Local(lifted, _graph(known), "B", permutations, star, n_jobs=1, seed=seed)
    p = known.placed(_permuted(found.Gs, found.sim))
    return GetisOrd(analytic.z, np.where(np.isnan(analytic.z), np.nan, p))


def local_moran(values: ArrayLike, neighbours: Neighbours) -> LocalMoran:
    """
    Is a place like its neighbours, both high or both low, or unlike them?

    I_i = (n - 1) d_i d̄_i / Σ d², with d the distance from the mean and d̄ the mean of the neighbours' d. The place
    keeps its value, so I rises and falls with the neighbours' sum: z is that of getis_ord without star, negative
    where the place itself lies below the mean, and p is the same, exact.

    Parameters: values (n,), counts or rates, nan where missing: left out altogether; neighbours, of as many places.
    Result: i, without unit, above 0 where a place and its neighbours lie on one side of the mean; z; p between 0 and
    1; quadrant. All equal: i = 0, z = 0, p = 1 and quadrant "". nan where the value is missing or no neighbour has one.
    Misleads when read as a list of hotspots: a significant high-low place is an exception among quiet ones, and
    low-low is as strong a finding as high-high.
    Reference: Anselin 1995, Geographical Analysis 27, 93-115; i and quadrant as in esda's Moran_Local.

    >>> from hatecrime.stats.neighbours import in_grid
    >>> row = in_grid(range(6), [0] * 6, "square")
    >>> [str(quadrant) for quadrant in local_moran([9, 8, 7, 1, 0, 2], row).quadrant]
    ['high-high', 'high-high', 'high-low', 'low-low', 'low-low', 'low-low']
    """
    around, known = getis_ord(values, neighbours, star=False), _reckoned(values, neighbours)
    return _moran(known, around.z * known.placed(np.sign(_deviations(known.x))), around.p)


def local_moran_permuted(
    values: ArrayLike, neighbours: Neighbours, permutations: int = 999, seed: int = 1
) -> LocalMoran:
    """
    Would shuffling the other places' values make this place as like its neighbours, or as unlike?

    i and quadrant as local_moran. z = (I - mean) / standard deviation of I over the shuffles; p of both sides as for
    getis_ord_permuted, through esda.

    Parameters: values and neighbours as for local_moran; permutations, how many; seed, of the shuffling.
    Result: as local_moran, with p between 2 / (permutations + 1) and 1: the same for the same seed, in any order of
    rows.
    Misleads in large maps, as getis_ord_permuted does: the least possible p is too coarse to find a single place.
    Reference: Anselin 1995, Geographical Analysis 27, 93-115, as in esda's Moran_Local.

    >>> from hatecrime.stats.neighbours import in_grid
    >>> row = in_grid(range(6), [0] * 6, "square")
    >>> float(local_moran_permuted([5, 5, 5, 5, 5, 5], row).p[0])
    1.0
    """
    known = _reckoned(values, neighbours).by_value()
    if _all_equal(known.x):
        return local_moran(values, neighbours)
    from esda.moran import Moran_Local

    with _esda():
        found = Moran_Local(known.x, _graph(known), permutations=permutations, n_jobs=1, seed=seed)
    z, p = _from_shuffles(found.Is, found.sim), _permuted(found.Is, found.sim)
    return _moran(known, known.placed(z), known.placed(p))


def false_discovery(p: ArrayLike) -> Floats:
    """
    With so many places tested at once, how much of what is found would be found by chance?

    Sorted p, adjusted p_(i) = the least of p_(j) m / j over j >= i, with m tests (Benjamini and Hochberg).

    Parameters: p (m,), between 0 and 1, nan where nothing was tested.
    Result: adjusted p, as many, nan where nothing was tested. Taking all that are at most 0.05 keeps the expected
    share of false ones among those taken at 0.05 or less.
    Misleads when maps are tried until one shows something: each map is corrected for its own places only.
    Reference: Benjamini and Hochberg 1995, JRSS B 57, 289-300; Caldas de Castro and Singer 2006 on local statistics.

    >>> false_discovery([0.01, 0.02, 0.9, np.nan])
    array([0.03, 0.03, 0.9 ,  nan])
    """
    adjusted = np.array(p, dtype=float)
    tested = ~np.isnan(adjusted)
    if tested.any():
        adjusted[tested] = stats.false_discovery_control(adjusted[tested])
    return adjusted


def significant(z: ArrayLike, p: ArrayLike, level: float = 0.05) -> Verdicts:
    """
    Which places are hot and which cold, when all were tested at once?

    Hot where z > 0 and the p that false_discovery adjusts is at most level; cold likewise where z < 0.

    Parameters: z and p (n,), as getis_ord gives them, nan where nothing was tested; level between 0 and 1.
    Result: Verdicts: "hot", "cold" or "" for each place, the adjusted p, and how many places were tested.
    Misleads when taken for surer than it is. Of 100 random maps of 400 cells that should show no verdict at most 5 do
    with the p of getis_ord, for Poisson counts (from 1 in 20 cells to 20 in each) and for counts that come in
    bunches (negative binomial, shape 0.1 and 0.5). Where places of few people lie together it is all of them with raw
    rates, and 12 with the same rates after empirical_bayes. With p from the normal distribution it is 14 with
    1 incident in a cell and 71 with 1 in 20 cells. "" is no finding, which is not the same as an ordinary place.
    Reference: Caldas de Castro and Singer 2006, Geographical Analysis 38, 180-208.

    >>> verdicts = significant([3.5, -0.4, np.nan], [0.0005, 0.7, np.nan])
    >>> [str(kind) for kind in verdicts.kind], verdicts.tested
    (['hot', '', ''], 2)
    """
    if not 0 < level < 1:
        raise ValueError(f"A level lies between 0 and 1, not at {level}.")
    score, adjusted = np.asarray(z, dtype=float), false_discovery(p)
    found = adjusted <= level
    kind = np.where(found & (score > 0), "hot", np.where(found & (score < 0), "cold", ""))
    return Verdicts(kind, adjusted, int((~np.isnan(adjusted)).sum()))


def _reckoned(values: ArrayLike, neighbours: Neighbours) -> _Known:
    x, links = np.asarray(values, dtype=float), neighbours.links
    if len(x) != links.shape[0]:
        raise ValueError(f"There are {len(x)} values for {links.shape[0]} places.")
    at = np.flatnonzero(np.isfinite(x))
    if len(at) < len(x):
        links = links[at][:, at]
    return _Known(len(x), at, x[at], links)


def _with_self(known: _Known) -> _Sums:
    d, n = _deviations(known.x), max(len(known.x), 1)
    drawn = np.diff(known.links.indptr) + 1.0
    every = np.ones(len(d))
    return _Sums(known.links @ d + d, drawn, n, every * (d**2).sum() / n, every * (d**3).sum() / n)


def _without_self(known: _Known) -> _Sums:
    """Mean, variance and third moment of all but i, from the sums over all."""
    d, others = _deviations(known.x), max(len(known.x) - 1, 1)
    degree = np.diff(known.links.indptr).astype(float)
    drawn = np.where(degree > 0, degree, np.nan)
    mean, square, cube = -d / others, ((d**2).sum() - d**2) / others, ((d**3).sum() - d**3) / others
    variance = square - mean**2
    variance[variance <= ROUNDING * (d**2).sum()] = 0
    return _Sums(known.links @ d - drawn * mean, drawn, others, variance, cube - 3 * mean * square + 2 * mean**3)


def _standardised(sums: _Sums) -> tuple[Floats, Floats]:
    """z, and the skewness of a sum of k values drawn without replacement from n; 0 where nothing varies."""
    k, n = sums.drawn, sums.among
    varies = (sums.variance > 0) & (k < n)
    variance = np.where(varies, sums.variance, 1)
    spread = np.sqrt(k * np.where(varies, n - k, 1) / max(n - 1, 1))
    z = np.where(varies, sums.excess / (np.sqrt(variance) * spread), 0 * k)
    skewness = sums.third / variance**1.5 * (n - 2 * k) / (max(n - 2, 1) * spread)
    return z, np.where(varies, skewness, 0)


def _skewed(z: Floats, skewness: Floats) -> Floats:
    """Twice the lesser tail of the Pearson type III distribution with mean 0 and variance 1, at most 1."""
    size = np.maximum(np.abs(skewness), SYMMETRIC)
    shape = 4 / size**2
    reached = np.maximum(shape + np.where(skewness < 0, -z, z) * 2 / size, 0)
    lesser = np.minimum(special.gammainc(shape, reached), special.gammaincc(shape, reached))
    normal = special.ndtr(-np.abs(z))
    return np.minimum(2 * np.where(np.abs(skewness) <= SYMMETRIC, normal, lesser), 1)


def _moran(known: _Known, z: Floats, p: Floats) -> LocalMoran:
    """i and the quadrant; nothing of any of them where no neighbour has a value."""
    d, degree = _deviations(known.x), np.diff(known.links.indptr)
    beside, high = known.links @ d / np.where(degree, degree, np.nan), d > 0
    i = (len(d) - 1) * d * beside / ((d**2).sum() or 1)
    kinds = np.select(
        [np.isnan(beside), beside > 0],
        ["", np.where(high, "high-high", "low-high")],
        np.where(high, "high-low", "low-low"),
    )
    quadrant = np.full(known.n, "", dtype=kinds.dtype)
    if not _all_equal(known.x):
        quadrant[known.at] = kinds
    reckoned = known.placed(np.where(degree, 1, np.nan))
    return LocalMoran(known.placed(i), z * reckoned, p * reckoned, quadrant)


def _deviations(x: Floats) -> Floats:
    """From the mean, after taking off the least: equal values give 0, not what rounding leaves."""
    lifted = x - x.min(initial=np.inf)
    return lifted - lifted.sum() / max(len(x), 1)


def _all_equal(x: Floats) -> bool:
    return len(x) < 3 or not np.ptp(x)


def _permuted(seen: Floats, shuffled: Floats) -> Floats:
    """Of both sides; a shuffle that equals what was seen, but for rounding, counts on both."""
    slack = TIE * np.abs(seen)
    above = (shuffled >= seen - slack).sum(axis=0)
    below = (shuffled <= seen + slack).sum(axis=0)
    return np.minimum(2 * (np.minimum(above, below) + 1) / (len(shuffled) + 1), 1)


def _from_shuffles(seen: Floats, shuffled: Floats) -> Floats:
    spread = shuffled.std(axis=0)
    return np.divide(seen - shuffled.mean(axis=0), spread, out=np.zeros(len(seen)), where=spread > ROUNDING)


def _graph(known: _Known) -> Any:
    from libpysal.graph import Graph

    return Graph.from_sparse(known.links)


@contextmanager
def _esda() -> Iterator[None]:
    """esda seeds and draws from numpy's shared generator: one at a time, and the generator left as it was found."""
    with _turn(), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        state = np.random.get_state()
        try:
            yield
        finally:
            np.random.set_state(state)


@cache
def _turn() -> Lock:
    return Lock()
