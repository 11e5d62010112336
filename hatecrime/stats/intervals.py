"""How sure a count, a share or a rate is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Numbers = float | NDArray[np.float64]

BYAR_FROM = 10


@dataclass(frozen=True)
class Interval:
    """An estimate and the range the data are compatible with; numbers, or arrays of one shape."""

    estimate: Numbers
    low: Numbers
    high: Numbers


def poisson_interval(count: ArrayLike, confidence: float = 0.95, exact: bool = False) -> Interval:
    """
    How far could the count have come out differently, had chance fallen otherwise?

    Byar's approximation from 10 events: low = x (1 - 1/9x - z/(3 √x))³, high the same with x + 1 and + z.
    Exact below 10, or everywhere with exact=True: low = χ²(α/2; 2x)/2, high = χ²(1 - α/2; 2x + 2)/2.

    Parameters: count, events, any shape, 0 or more, nan where missing; confidence between 0 and 1.
    Result: events, the shape of count; 0 <= low <= estimate <= high; nan stays nan.
    Misleads when events come in bunches (one offender, one victim, one night): the truth is wider.
    Reference: Breslow and Day 1987, volume II, section 2.3; Public Health England's PHEindicatormethods.

    >>> interval = poisson_interval(20)
    >>> round(interval.low, 2), round(interval.high, 2)
    (12.21, 30.89)
    """
    x = _counts(count)
    low, high = _exact(x, confidence)
    if not exact:
        byar_low, byar_high = _byar(x, confidence)
        low, high = np.where(x < BYAR_FROM, low, byar_low), np.where(x < BYAR_FROM, high, byar_high)
    return _interval(x, low, high)


def rate(count: ArrayLike, population: ArrayLike, per: float = 1000, confidence: float = 0.95) -> Interval:
    """
    How many incidents for every 1,000 residents, and how sure is that?

    rate = per × count / population; the limits are those of poisson_interval, divided likewise.

    Parameters: count, events, and population, people, of shapes that broadcast; per, people.
    Result: events per `per` people, 0 <= low <= estimate <= high; nan where population is 0 or missing.
    Misleads where those present are not those who live there: town centres, stadiums, shopping centres.
    Reference: PHEindicatormethods, phe_rate.

    >>> wales = rate(2941, 3_063_456)
    >>> round(wales.estimate, 2), round(wales.low, 2), round(wales.high, 2)
    (0.96, 0.93, 1.0)
    """
    people = np.asarray(population, dtype=float)
    factor = per / np.where(people > 0, people, np.nan)
    events = poisson_interval(count, confidence)
    return _interval(events.estimate * factor, events.low * factor, events.high * factor)


def wilson(part: ArrayLike, total: ArrayLike, confidence: float = 0.95) -> Interval:
    """
    What share of the total is the part, and how sure is that?

    (2x + z² ∓ z √(z² + 4x(1 - x/n))) / (2(n + z²))

    Parameters: part and total, events, of shapes that broadcast, 0 <= part <= total, nan where missing.
    Result: shares, 0 <= low <= estimate <= high <= 1. Of nothing, the estimate is nan and the range 0 to 1.
    Misleads when the cases are not independent, as when one victim gives several answers.
    Reference: Wilson 1927, JASA 22, 209-212; Brown, Cai and DasGupta 2001.

    >>> half = wilson(5, 10)
    >>> round(half.low, 3), round(half.high, 3)
    (0.237, 0.763)
    """
    x, n = _parts(part, total)
    z = _z(confidence)
    share = _divide(x, n)
    missing = np.where(n == 0, 0, share)
    middle, reach = 2 * x + z**2, z * np.sqrt(z**2 + 4 * x * (1 - missing))
    low, high = (middle - reach) / (2 * (n + z**2)), (middle + reach) / (2 * (n + z**2))
    return _interval(share, np.clip(low, 0, 1), np.clip(high, 0, 1))


def clopper_pearson(part: ArrayLike, total: ArrayLike, confidence: float = 0.95) -> Interval:
    """
    What share of the total is the part, with a range that holds at least as often as it says?

    low = Beta(α/2; x, n - x + 1), high = Beta(1 - α/2; x + 1, n - x), the quantiles of the beta distribution.

    Parameters: part and total, events, of shapes that broadcast, 0 <= part <= total, nan where missing.
    Result: shares, 0 <= low <= estimate <= high <= 1. Of nothing, the estimate is nan and the range 0 to 1.
    Misleads as wilson does; it is wider than needed, which is right for a dip sample of a few cases.
    Reference: Clopper and Pearson 1934, Biometrika 26, 404-413.

    >>> sample = clopper_pearson(58, 60)
    >>> round(sample.low, 3), round(sample.high, 3)
    (0.885, 0.996)
    """
    x, n = _parts(part, total)
    tail = (1 - confidence) / 2
    low = np.where(x == 0, 0.0, stats.beta.ppf(tail, x, n - x + 1))
    high = np.where(x == n, 1.0, stats.beta.ppf(1 - tail, x + 1, n - x))
    return _interval(_divide(x, n), low, high)


def _exact(x: NDArray[np.float64], confidence: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    tail = (1 - confidence) / 2
    low = np.where(x == 0, 0.0, stats.chi2.ppf(tail, 2 * x) / 2)
    return low, stats.chi2.ppf(1 - tail, 2 * x + 2) / 2


def _byar(x: NDArray[np.float64], confidence: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    z = _z(confidence)
    safe, above = np.where(x > 0, x, np.nan), x + 1
    low = safe * (1 - 1 / (9 * safe) - z / (3 * np.sqrt(safe))) ** 3
    return np.maximum(low, 0), above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"Confidence lies between 0 and 1, not at {confidence}.")
    return float(stats.norm.ppf((1 + confidence) / 2))


def _counts(values: ArrayLike) -> NDArray[np.float64]:
    x = np.asarray(values, dtype=float)
    if (x < 0).any():
        raise ValueError("A count cannot be negative.")
    return x


def _parts(part: ArrayLike, total: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, n = np.broadcast_arrays(_counts(part), _counts(total))
    if (x > n).any():
        raise ValueError("A part cannot exceed its total.")
    return x, n


def _divide(x: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    return x / np.where(n > 0, n, np.nan)


def _interval(estimate: Numbers, low: Numbers, high: Numbers) -> Interval:
    """Numbers for numbers, arrays for arrays."""
    return Interval(*(float(v) if np.ndim(v) == 0 else np.asarray(v) for v in (estimate, low, high)))
