"""What stands out among many places and many kinds of incident, and how sure that is given how much was looked at."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.special import gammaln

from hatecrime.stats.intervals import clopper_pearson

Array = NDArray[np.float64]

CONFIDENT, LIKELY, WATCH = "confident", "likely", "watch"
# Stricter than the usual 5%: a list is made for several levels, quarter after quarter.
FAMILY_ERROR, FALSE_DISCOVERY, ALONE = 0.02, 0.10, 0.05
WINSORISED = 0.1
# Stands for a count of none where a number is divided by it: none seen is not the same as impossible.
HALF = 0.5


@dataclass(frozen=True)
class Excess:
    """
    Counts beside what would be expected, one value for each test. ratio = observed / expected, with its interval.

    p is the chance of so many or more; size, the largest chance up to 5% that the test can come out with at all: 0
    where even the most extreme count would be no surprise, so that there is nothing to test.
    """

    observed: Array
    expected: Array
    ratio: Array
    low: Array
    high: Array
    p: Array
    size: Array


@dataclass(frozen=True)
class Funnel:
    """
    Counts beside expected counts, allowing for places that differ steadily.

    z is the distance in standard deviations, p_more and p_fewer the chance of one so far up or down; between is the
    variance between places on the scale of z before it was allowed for (0: no more than chance).
    """

    z: Array
    p_more: Array
    p_fewer: Array
    between: float


@dataclass(frozen=True)
class Sureness:
    """
    How sure each of many findings is: "confident", "likely", "watch" or "".

    tested counts the tests that could have found something, by_chance those of them that chance alone would be expected
    to bring below 5%; limit has the largest p that each word takes in.
    """

    sure: NDArray[np.str_]
    tested: int
    by_chance: float
    limit: dict[str, float]


def unlike_elsewhere(
    part: ArrayLike,
    whole: ArrayLike,
    rest_part: ArrayLike,
    rest_whole: ArrayLike,
    least: int = 1,
    confidence: float = 0.95,
) -> Excess:
    """
    Is one kind of incident commoner in a place than its own total and the mix elsewhere would explain?

    Given the place's total, the total elsewhere and all incidents of the kind, the place's incidents of the kind are
    hypergeometric; p = P(X >= part). expected = whole × rest_part / rest_whole, with a half for no rest_part. The
    interval takes the place's part of all of the kind as binomial (Clopper and Pearson).

    Parameters: part and rest_part, incidents of the kind in the place and elsewhere; whole and rest_whole, incidents of
    every kind there; of shapes that broadcast, 0 <= part <= whole; least, the fewest incidents worth naming (p is 1
    below); confidence between 0 and 1.
    Result: an Excess, each of the common shape, counts or ratios; expected nan where there is no elsewhere, high inf
    where the kind is nowhere else; p between 0 and 1.
    Misleads when incidents come in bunches (one offender, many records), and says nothing about the total.
    Reference: Fisher 1935, The logic of inductive inference, JRSS 98, 39-82.

    >>> found = unlike_elsewhere(6, 20, 4, 200)
    >>> float(found.expected), float(found.ratio), round(float(found.p), 6)
    (0.4, 15.0, 4.4e-05)
    """
    x, n, a, m = _floats(part, whole, rest_part, rest_whole)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.where(m > 0, n * np.maximum(a, HALF) / m, np.nan)
        share = clopper_pearson(x, x + a, confidence)
        low, high = (_odds(np.asarray(limit)) * m / n for limit in (share.low, share.high))
        ratio = x / expected
    p, size = _hypergeometric(x, n, x + a, n + m, least)
    return Excess(x, expected, ratio, low, high, p, size)


def grown(
    now: ArrayLike,
    before: ArrayLike,
    rest_now: ArrayLike,
    rest_before: ArrayLike,
    least: int = 1,
    confidence: float = 0.95,
) -> Excess:
    """
    Has a place more than its own past explains, given how everywhere else changed?

    Given the four margins, now is hypergeometric; p = P(X >= now). expected = before × rest_now / rest_before, with a
    half for a count of none. The interval of the ratio is that of the odds ratio, exp(log ∓ z √Σ 1/(n + ½)), each count
    plus a half.

    Parameters: now and before, incidents of the place in two periods; rest_now and rest_before, elsewhere; of shapes
    that broadcast, 0 or more; least, the fewest incidents now that are worth naming (p is 1 below); confidence between
    0 and 1.
    Result: an Excess, each of the common shape, counts or ratios; p between 0 and 1.
    Misleads when recording began or changed in one place alone, and when few incidents elsewhere stand for everywhere.
    Reference: Fisher 1935; Gart 1966, Biometrika 53, 471-475, for the half.

    >>> found = grown(30, 10, 300, 300)
    >>> float(found.expected), float(found.ratio), round(float(found.p), 5)
    (10.0, 3.0, 0.00156)
    """
    x, b, a, c = _floats(now, before, rest_now, rest_before)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.maximum(b, HALF) * np.maximum(a, HALF) / np.maximum(c, HALF)
        ratio = x / expected
    halves = [each + HALF for each in (x, b, a, c)]
    middle = np.log(halves[0] * halves[3] / (halves[1] * halves[2]))
    reach = stats.norm.ppf((1 + confidence) / 2) * np.sqrt(sum(1 / each for each in halves))
    p, size = _hypergeometric(x, x + b, x + a, x + b + a + c, least)
    return Excess(x, expected, ratio, np.exp(middle - reach), np.exp(middle + reach), p, size)


def funnel(observed: ArrayLike, expected: ArrayLike) -> Funnel:
    """
    Which places have more or fewer than expected, beyond the steady differences between places?

    z = 2 (√observed - √expected), whose variance is 1 by chance alone. Between places, on the scale of √(ratio):
    τ² = max(0, (k φ - (k - 1)) / (Σw - Σw²/Σw)) with w = 4 expected and φ the mean of z², the outer tenths of z pulled
    in to the tenth; then z / √(1 + w τ²) is held against Student's t with k - 1 degrees of freedom, and never below the
    exact Poisson chance.

    Parameters: observed and expected, incidents, one value per place; nan or expected 0 leaves a place out.
    Result: a Funnel; p between 0 and 1, 1 where a place is left out, z nan there.
    Misleads with few places, whose steady differences cannot be told from chance: with fewer than 4 every p is 1.
    Reference: Spiegelhalter 2005, Statistics in Medicine 24, 1185-1202.

    >>> even = funnel([20, 22, 19, 21, 60], [20, 20, 20, 20, 20])
    >>> int(even.p_more.argmin()), bool(even.p_more.min() < 0.05)
    (4, True)
    """
    x, e = _floats(observed, expected)
    known = np.isfinite(x) & np.isfinite(e) & (e > 0)
    plain = np.where(known, 2 * (np.sqrt(np.where(known, x, 0)) - np.sqrt(np.where(known, e, 0))), np.nan)
    k = int(known.sum())
    if k < 4:
        return Funnel(plain, np.ones(x.shape), np.ones(x.shape), 0.0)
    w = 4 * e[known]
    between = _between(plain[known], w)
    z = plain.copy()
    z[known] = plain[known] / np.sqrt(1 + w * between)
    p_more, p_fewer = np.ones(x.shape), np.ones(x.shape)
    p_more[known] = np.maximum(stats.t.sf(z[known], k - 1), stats.poisson.sf(x[known] - 1, e[known]))
    p_fewer[known] = np.maximum(stats.t.cdf(z[known], k - 1), stats.poisson.cdf(x[known], e[known]))
    return Funnel(z, p_more, p_fewer, between)


def how_sure(p: ArrayLike, size: ArrayLike) -> Sureness:
    """
    How sure is each of many findings, given that so many were looked for?

    "confident": Holm's step-down at 2% (the chance that any such word is wrong is at most 1 in 50); else "likely":
    Benjamini and Hochberg at 10% (of those, at most 1 in 10 is expected to be wrong); else "watch": p < 5% alone.

    Parameters: p, one chance per test; size, the largest chance up to 5% that each can come out with (Excess.size), 0
    where there was nothing to test: such tests are not counted, which does not depend on what was observed.
    Result: a Sureness; sure has the shape of p, by_chance is a number of tests, limits are between 0 and 1.
    Misleads when the list of tests was drawn up after looking at the counts, or other lists were tried before.
    Reference: Holm 1979, Scandinavian Journal of Statistics 6, 65-70; Benjamini and Hochberg 1995, JRSS B 57, 289-300;
    Tarone 1990, Biometrics 46, 515-522, for leaving out what cannot be found.

    >>> how_sure([1e-6, 0.004, 0.03, 0.2, 0.6], [0.05] * 5).sure.tolist()
    ['confident', 'confident', 'likely', '', '']
    """
    chances, sizes = _floats(p, size)
    testable = (sizes > 0) & np.isfinite(chances)
    kept = chances[testable]
    words = np.full(chances.shape, "", dtype="<U9")
    found = np.where(kept < ALONE, WATCH, "").astype("<U9")
    if len(kept):
        found[(stats.false_discovery_control(kept) <= FALSE_DISCOVERY) & (kept < ALONE)] = LIKELY
        found[_holm(kept) <= FAMILY_ERROR] = CONFIDENT
    words[testable] = found
    return Sureness(words, len(kept), float(sizes[testable].sum()), _limits(kept, found))


def _limits(p: Array, found: NDArray[np.str_]) -> dict[str, float]:
    """The largest chance that each word takes in, or would have taken in."""
    confident = max([FAMILY_ERROR / max(len(p), 1), *p[found == CONFIDENT].tolist()])
    return {CONFIDENT: confident, LIKELY: max([confident, *p[found == LIKELY].tolist()]), WATCH: ALONE}


def _between(z: Array, w: Array) -> float:
    k = len(z)
    low, high = np.quantile(z, [WINSORISED, 1 - WINSORISED])
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    return max(0.0, (k * phi - (k - 1)) / float(w.sum() - (w**2).sum() / w.sum()))


def _holm(p: Array) -> Array:
    """Adjusted chances, in the order given."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * (len(p) - np.arange(len(p))))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1)
    return adjusted


def _hypergeometric(x: Array, n: Array, of_kind: Array, everything: Array, least: int) -> tuple[Array, Array]:
    """The chance of x or more of the kind among n drawn from everything, and the largest such chance up to 5%."""

    def chance(at: Array) -> Array:
        return _as_many(at, n, of_kind, everything)

    whole, most = np.maximum(everything, 1), np.minimum(n, of_kind)
    mean = n * of_kind / whole
    deviation = np.sqrt(mean * (1 - n / whole) * (everything - of_kind) / np.maximum(everything - 1, 1))
    # The least count that is a surprise lies above the median and, by Cantelli's inequality, below five deviations.
    low = np.minimum(np.maximum(np.floor(mean), least), most + 1)
    high = np.maximum(np.minimum(np.ceil(mean + 5 * deviation) + 1, most + 1), low)
    while (low < high).any():
        middle = np.floor((low + high) / 2)
        surprising = chance(middle) <= ALONE
        low, high = np.where((low < high) & ~surprising, middle + 1, low), np.where(surprising, middle, high)
    p = np.where(x >= least, chance(x), 1.0)
    return np.clip(p, 0, 1), np.where(low <= most, chance(low), 0.0)


def _as_many(x: Array, n: Array, of_kind: Array, everything: Array) -> Array:
    """P(X >= x). Like scipy's hypergeom.sf, which takes a thousand times as long among tens of thousands."""
    above = x > n * of_kind / np.maximum(everything, 1)
    upper = _tail(np.where(above, x, np.inf), n, of_kind, everything, 1)
    lower = _tail(np.where(above, -np.inf, x - 1), n, of_kind, everything, -1)
    return np.where(above, upper, 1 - lower)


def _tail(start: Array, n: Array, of_kind: Array, everything: Array, step: int) -> Array:
    """The sum of the chances of start and of every count beyond it, each of which is less than the one before."""
    left = everything - of_kind - n
    possible = (start >= np.maximum(0, -left)) & (start <= np.minimum(n, of_kind))
    k = np.where(possible, start, np.maximum(0, -left))
    term = np.where(possible, np.exp(_log_chance(k, n, of_kind, everything)), 0.0)
    total = term.copy()
    while (term > 1e-17 * total).any():
        up = (of_kind - k) * (n - k) / ((k + 1) * np.maximum(left + k + 1, 1))
        down = k * (left + k) / ((of_kind - k + 1) * (n - k + 1))
        term = term * np.where(term > 0, up if step > 0 else down, 0)
        total, k = total + term, k + np.where(term > 0, step, 0)
    return total


def _log_chance(k: Array, n: Array, of_kind: Array, everything: Array) -> Array:
    def ways(whole: Array, part: Array) -> Array:
        return np.asarray(gammaln(whole + 1) - gammaln(part + 1) - gammaln(whole - part + 1))

    return ways(of_kind, k) + ways(everything - of_kind, n - k) - ways(everything, n)


def _odds(share: Array) -> Array:
    return np.where(share >= 1, np.inf, share / (1 - np.minimum(share, 1)))


def _floats(*values: ArrayLike) -> tuple[Any, ...]:
    return np.broadcast_arrays(*(np.asarray(each, dtype=float) for each in values))
