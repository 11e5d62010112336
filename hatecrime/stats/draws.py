"""How often chance alone gives a sum as high, or as low, when values are drawn from those there are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, sparse

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Waves = NDArray[np.complex128]

# Beyond so many drawn the time is felt, and the sum is close to distributions that are quicker.
MOST_DRAWN = 100
# How many sums are told apart: fewer, the more are drawn.
COARSEST, FINEST = 2**11, 2**15
WORK = FINEST * 10**2
# What rounding leaves of a difference of nothing, as a share of the greatest value; and of a chance of nothing.
ROUNDING = 1e-7
LEAST = 1e-14


def two_sided(values: ArrayLike, drawn: sparse.csr_array, others: bool = False) -> Floats:
    """
    Had the values been dealt out by chance, how often would the sum of as many as here be as extreme?

    p = 2 min(P(S >= s), P(S <= s)), at most 1, with S the sum of k of the n values and every choice of k as likely
    as any other. The chances are exact, from e_k / C(n, k), where e_k, the sum over all choices of the product of
    exp(i t x), comes from k e_k = Σ_j (-1)^(j-1) e_(k-j) p_j with p_j the sum of exp(i t j x) (Newton).

    Parameters: values (n,), all there are; drawn (m, n), which are in each sum, 1 where one is; others, whether sum i
    is drawn from all values but value i, which it does not hold (m = n then). Values that are not whole multiples of
    one step, as counts are, or whose sums do not fit, are rounded so that sums go up to 2,000 if many are drawn, else
    to as much as 32,000.
    Result: p (m,), from 1e-14 to 1; nan where more than 100, or none, are drawn.
    Misleads when values that lie together are not like those drawn from all over: neighbours often are not.
    Reference: Mielke and Berry 2007, Permutation Methods, on such tests; Macdonald 1995, Symmetric Functions and
    Hall Polynomials, on the identities.

    >>> two_sided([0, 0, 1, 5], sparse.csr_array([[0, 0, 1, 1]])).round(4)  # One of six pairs gives 6.
    array([0.3333])
    """
    number = np.diff(drawn.indptr)
    p = np.full(len(number), np.nan)
    asked = (number > 0) & (number <= MOST_DRAWN)
    if not asked.any():
        return p
    most = int(number[asked].max())
    units = _in_units(np.asarray(values, dtype=float), most, COARSEST if others else FINEST)
    sums = _Sums.of(units, most)
    reached = np.rint(drawn @ units).astype(np.int64)
    for each in np.unique(number[asked]).tolist():
        own = np.flatnonzero(number == each)
        left_out = units[own] if others else np.full(len(own), -1)
        for one in np.unique(left_out).tolist():
            at = own[left_out == one]
            p[at] = _beyond(sums.chances(each, one), reached[at])
    return p


def _in_units(x: Floats, most: int, finest: int) -> Whole:
    """As whole numbers from 0 on, of which the greatest sum of so many is not too high."""
    lifted = x - x.min()
    greatest = np.sort(lifted)[-most:].sum()
    if not greatest:
        return np.zeros(len(x), dtype=np.int64)
    least = greatest / (max(COARSEST, min(finest, WORK // most**2)) - most)
    return np.rint(lifted / _common_step(lifted, least)).astype(np.int64)


def _common_step(lifted: Floats, least: float) -> float:
    """The greatest step of which all values are whole multiples, as counts are of 1; the least if it were smaller."""
    step = lifted[lifted > 0].min()
    while step > least:
        # What is left of the values after whole steps is a multiple of every common step: Euclid's algorithm.
        left = np.abs(lifted - step * np.rint(lifted / step)).max()
        if left <= ROUNDING * lifted.max():
            return float(step)
        step = left
    return least


@dataclass(frozen=True)
class _Sums:
    """mean[k] is the mean of exp(-i t S) over all draws of k of the n values, for t of 2π/size times 0, 1, 2, …"""

    n: int
    size: int
    mean: list[Waves]

    @classmethod
    def of(cls, units: Whole, most: int) -> "_Sums":
        """For up to so many drawn."""
        n, size = len(units), fft.next_fast_len(int(np.sort(units)[-most:].sum()) + 2, real=True)
        once = fft.fft(np.bincount(units, minlength=size).astype(float))
        waves = np.arange(size // 2 + 1)
        power = [once[(j * waves) % size] for j in range(most + 1)]
        mean = [np.ones(len(waves), dtype=complex)]
        for k in range(1, most + 1):
            # C(n, k - j) / C(n, k) / k, so that every term stays within reason.
            weight, total = 1 / (n - k + 1), np.zeros(len(waves), dtype=complex)
            for j in range(1, k + 1):
                total += weight * mean[k - j] * power[j]
                weight *= -(k - j) / (n - k + j + 1)
            mean.append(total)
        return cls(n, size, mean)

    def chances(self, k: int, left_out: int) -> Floats:
        """The chance of each sum of k values; with one value left out, unless it is -1."""
        return np.asarray(fft.irfft(self.mean[k] if left_out < 0 else self._without(k, left_out), self.size))

    def _without(self, k: int, unit: int) -> Waves:
        """What is left when the factor of one value is taken out of the product: Σ_j (-x)^j e_(k-j)."""
        wave = np.exp(-2j * np.pi * unit / self.size * np.arange(self.size // 2 + 1))
        # C(n, k - j) / C(n - 1, k) times the wave to the power j.
        factor, total = np.full(len(wave), self.n / (self.n - k), dtype=complex), np.zeros(len(wave), dtype=complex)
        for j in range(k + 1):
            total += factor * self.mean[k - j]
            factor *= wave * (-(k - j) / (self.n - k + j + 1))
        return total


def _beyond(chances: Floats, reached: Whole) -> Floats:
    above, below = np.cumsum(chances[::-1])[::-1][reached], np.cumsum(chances)[reached]
    return np.asarray(np.clip(2 * np.minimum(above, below), LEAST, 1))
