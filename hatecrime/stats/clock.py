"""Whether incidents keep to certain hours of the day or days of the week."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

from hatecrime.stats.intervals import Interval, wilson

Floats = NDArray[np.float64]
Runs = list[tuple[int, int]]

# Ratios closer than this are ties: sums of the same numbers in another order differ by less.
TIE = 1e-9


@dataclass(frozen=True)
class Spell:
    """
    A run of hours, or of days, on a clock that goes round: position first, and as many as length.

    n of total fall into it, share is that with its interval, even the share that an even spread would put there.
    """

    first: int
    length: int
    n: int
    total: int
    share: Interval
    even: float
    p: float

    @property
    def positions(self) -> tuple[int, int]:
        """The first position inside, and the first one after it, not yet taken round the clock."""
        return self.first, self.first + self.length


def busiest(
    counts: ArrayLike, exposure: ArrayLike | None = None, longest: int = 8, simulations: int = 999, seed: int = 0
) -> Spell | None:
    """
    Which hours hold most beyond an even spread, and would chance alone make any hours stand out as much?

    LLR = c ln(c/E) + (C - c) ln((C - c)/(C - E)) where c > E, else 0, for every run of up to so many hours, c of C
    cases inside, E expected; p = (1 + simulated maxima >= LLR)/(1 + simulations), C dealt out at random.

    Parameters: counts by position on the clock, whole, 0 or more; exposure, any unit, how much time each position
    had, equal if not given; longest, positions in a run; simulations, 1 or more; seed.
    Result: the Spell with the highest LLR, of ties the shortest, then the earliest; none without counts, or where
    fewer than two positions had any time. p from 1/(1 + simulations) to 1; share with Wilson's 95% interval.
    Misleads where times are guesses, as in "about midnight"; and the share of hours picked for being the highest is
    a little too high.
    Reference: Kulldorff 1997, Communications in Statistics 26, 1481-1496, on a circle; Nagarwalla 1996, Statistics
    in Medicine 15, 845-850, for a span whose length is not fixed beforehand.

    >>> spell = busiest([1, 1, 9, 8, 1, 1], longest=3, seed=1)
    >>> spell.first, spell.length, spell.n, spell.p
    (2, 2, 17, 0.001)
    """
    n = np.asarray(counts, dtype=float)
    weight = np.ones(len(n)) if exposure is None else np.asarray(exposure, dtype=float)
    if (n < 0).any() or (weight < 0).any() or n.shape != weight.shape:
        raise ValueError("Counts and exposure are 0 or more, one each per position.")
    n = np.where(weight > 0, n, 0)
    total = int(n.sum())
    if not total or (weight > 0).sum() < 2:
        return None
    share = weight / weight.sum()
    runs = list(_runs(len(n), min(longest, len(n) - 1)))
    seen = _ratios(n[:, None], share, runs)[:, 0]
    dealt = np.random.default_rng(seed).multinomial(total, share, size=simulations).T.astype(float)
    chosen = int(np.argmax(seen >= seen.max() * (1 - TIE)))
    first, length = runs[chosen]
    inside = np.arange(first, first + length) % len(n)
    held = int(n[inside].sum())
    # Any run of no more than is expected is as good as any other.
    as_much = _ratios(dealt, share, runs).max(axis=0) >= seen[chosen] * (1 - TIE)
    return Spell(
        first=first,
        length=length,
        n=held,
        total=total,
        share=wilson(held, total),
        even=float(share[inside].sum()),
        p=float((1 + as_much.sum()) / (1 + simulations)),
    )


def _runs(size: int, longest: int) -> Iterator[tuple[int, int]]:
    """The shorter before the longer, then round the clock."""
    for length in range(1, longest + 1):
        for first in range(size):
            yield first, length


def _ratios(counts: Floats, share: Floats, runs: Runs) -> Floats:
    """By run and map, the log likelihood ratio; counts are by position and map."""
    inside = _sums(counts, runs)
    total = counts.sum(axis=0)
    due = _sums(share[:, None], runs) * total
    more = (inside > due * (1 + TIE)) & (due > 0) & (total - due > 0)
    due, rest = np.where(more, due, 1), np.where(more, total - due, 1)
    outside = np.maximum(total - inside, 0)
    return np.where(more, xlogy(inside, inside / due) + xlogy(outside, outside / rest), 0)


def _sums(values: Floats, runs: Runs) -> Floats:
    twice = np.cumsum(np.concatenate([np.zeros((1, values.shape[1])), values, values]), axis=0)
    first, length = np.array(runs).T
    return np.asarray(twice[first + length] - twice[first])
