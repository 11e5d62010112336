"""What kind of hotspot a place has been over time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Flags = NDArray[np.bool_]

PATTERNS = (
    "new",
    "consecutive",
    "intensifying",
    "persistent",
    "diminishing",
    "sporadic",
    "oscillating",
    "historical",
)
SIGNS = ("hot", "cold")
NONE = "none"
NOT_ENOUGH = "not_enough"
CLASSES = (*(f"{pattern}_{sign}" for sign in SIGNS for pattern in PATTERNS), NONE)

LEAST_STEPS = 10


@dataclass(frozen=True)
class Trend:
    """
    A trend per series. s, pairs that rise less pairs that fall; tau, s over the pairs that are not tied (Kendall's
    tau-b); z and two-sided p.
    """

    s: NDArray[np.float64]
    tau: NDArray[np.float64]
    z: NDArray[np.float64]
    p: NDArray[np.float64]


@dataclass(frozen=True)
class Emerging:
    """
    What each place has been. kind: one of CLASSES, or "not_enough". hot, cold and known: steps. since: the step,
    from 0, at which the present unbroken run of hot (or cold) steps began; -1 where the final step is neither.
    """

    kind: NDArray[np.str_]
    hot: NDArray[np.int64]
    cold: NDArray[np.int64]
    known: NDArray[np.int64]
    since: NDArray[np.int64]
    trend: Trend


def mann_kendall(values: ArrayLike) -> Trend:
    """
    Does a series rise or fall over time, whatever the shape of the rise?

    S = Σ sign(later - earlier) over all pairs; Var S = (n (n - 1)(2n + 5) - Σ t (t - 1)(2t + 5)) / 18 with t the
    sizes of the ties; z = (S - sign S) / √Var S; p two-sided from the normal distribution.

    Parameters: values (series, steps), any unit, oldest first; nan where a step is not known: it is left out.
    Result: a Trend, one value per series. All steps equal: tau nan, z 0, p 1. Fewer than two known: all but s nan.
    Misleads where neighbouring steps share data (moving sums): p is then far too small; and within ten steps
    only a steep trend shows.
    Reference: Mann 1945, Econometrica 13, 245-259; Kendall 1975; Gilbert 1987, chapter 16, for ties.

    >>> trend = mann_kendall([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]])
    >>> float(trend.s[0]), round(float(trend.z[0]), 2)
    (45.0, 3.94)
    """
    series = np.atleast_2d(np.asarray(values, dtype=float))
    known = np.isfinite(series)
    s, alike = _pairs(series)
    n = known.sum(axis=1).astype(float)
    ties = np.where(known, (alike - 1) * (2 * alike + 5), 0).sum(axis=1)
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    z = np.divide(s - np.sign(s), np.sqrt(variance), out=np.zeros(len(s)), where=variance > 0)
    z[n < 2] = np.nan
    return Trend(s, _tau(s, n, np.where(known, alike - 1, 0).sum(axis=1)), z, 2 * stats.norm.sf(np.abs(z)))


def classify(verdicts: ArrayLike, z: ArrayLike, level: float = 0.05) -> Emerging:
    """
    What kind of hotspot is each place: new, lasting, fading, on and off, or gone?

    For hot; cold is the mirror. The first that fits, in this order:
    new: hot in the final step and never before. consecutive: hot in an unbroken run of two steps or more up to the
    final one, never before it, and in less than 90% of steps. intensifying, persistent, diminishing: hot in 90% of
    steps or more and in the final one, z rising (p < level), without trend, or falling. sporadic: hot in the final
    step and on and off before, in less than 90%, never cold. oscillating: the same, but cold at some earlier step.
    historical: not hot in the final step, though in 90% or more. none: any other.

    Where the published definitions leave a choice:
    persistent does not name the final step there; here it must be hot, or a place that has just stopped being
    hot would be called persistent, and historical would be left with next to nothing.
    A place that was cold and is hot in the final step alone is new, not oscillating, for new is tested first; it is
    also new, not historical_cold, when it was cold in 90% before: what it is now comes first.
    Trend means z itself moving up or down; for cold, intensifying is z falling.
    A step that is not known counts neither as hot nor as a break nor among the 90%; where the final step is not
    known, or fewer than ten are, the place is "not_enough".

    Parameters: verdicts (places, steps), "hot", "cold" or "", after correction for the number of tests;
    z (places, steps), Gi* of the same, nan where not known; oldest step first; level, of the trend, 0 to 1.
    Result: an Emerging, one value per place. It does not depend on the order of places.
    Misleads where counts are thin (monthly wards of a borough): hardly a step reaches significance and nearly all is
    none. A cold place may be one where people do not report.
    Reference: Esri, How Emerging Hot Spot Analysis works; Ord and Getis 1995 for Gi*; Mann 1945 for the trend.

    >>> place = classify([[""] * 9 + ["hot"]], [[0.1] * 9 + [4.0]])
    >>> str(place.kind[0]), int(place.since[0])
    ('new_hot', 9)
    """
    scores = np.atleast_2d(np.asarray(z, dtype=float))
    seen = np.asarray(verdicts, dtype=np.str_).reshape(scores.shape)
    known = np.isfinite(scores)
    hot, cold = ((seen == sign) & known for sign in SIGNS)
    trend, steps = mann_kendall(scores), known.sum(axis=1)
    rising, falling = (np.asarray((sign * trend.z > 0) & (trend.p < level)) for sign in (1, -1))
    warm = _patterns(hot, cold, known, rising, falling)
    cool = _patterns(cold, hot, known, falling, rising)
    enough = (steps >= LEAST_STEPS) & _final(known)
    return Emerging(
        kind=_first_that_fits(warm, cool, enough),
        hot=hot.sum(axis=1),
        cold=cold.sum(axis=1),
        known=steps,
        since=np.where(_final(hot), _run_from(hot, known), np.where(_final(cold), _run_from(cold, known), -1)),
        trend=trend,
    )


def _pairs(series: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """S of each series, and for each value how many of its series equal it, itself included."""
    s, alike = np.zeros(len(series)), np.ones(series.shape)
    for lag in range(1, series.shape[1]):
        earlier, later = series[:, :-lag], series[:, lag:]
        s += (later > earlier).sum(axis=1) - (later < earlier).sum(axis=1)
        alike[:, lag:] += later == earlier
        alike[:, :-lag] += later == earlier
    return s, alike


def _tau(s: NDArray[np.float64], n: NDArray[np.float64], tied: NDArray[np.float64]) -> NDArray[np.float64]:
    """Tau-b: time itself has no ties, so only the values' ties shrink the denominator; tied counts each pair twice."""
    pairs = n * (n - 1) / 2
    room = np.sqrt(pairs * (pairs - tied / 2))
    return np.divide(s, room, out=np.full(len(s), np.nan), where=room > 0)


def _patterns(on: Flags, opposite: Flags, known: Flags, stronger: Flags, weaker: Flags) -> list[Flags]:
    """For each of PATTERNS, in their order, which places fit; "on" is hot, or cold for the mirror."""
    times, steps, now = on.sum(axis=1), known.sum(axis=1), _final(on)
    # In whole numbers: 0.9 of n steps would be at the mercy of rounding.
    mostly = np.asarray(10 * times >= 9 * steps)
    run = (on & (np.arange(on.shape[1]) >= _run_from(on, known)[:, None])).sum(axis=1)
    return [
        now & (times == 1),
        # A run of one is new, which comes first.
        now & (run == times) & ~mostly,
        now & mostly & stronger,
        now & mostly & ~stronger & ~weaker,
        now & mostly & weaker,
        now & ~mostly & ~opposite.any(axis=1),
        now & ~mostly & opposite.any(axis=1),
        ~now & mostly,
    ]


def _run_from(on: Flags, known: Flags) -> NDArray[np.int64]:
    """The first step that is on after the last break; the number of steps where there is none."""
    steps = np.arange(on.shape[1])
    broken = np.where(known & ~on, steps, -1).max(axis=1, initial=-1)
    after = on & (steps > broken[:, None])
    return np.where(after, steps, on.shape[1]).min(axis=1, initial=on.shape[1])


def _final(flags: Flags) -> Flags:
    return flags[:, -1] if flags.shape[1] else np.zeros(len(flags), dtype=bool)


def _first_that_fits(warm: list[Flags], cool: list[Flags], enough: Flags) -> NDArray[np.str_]:
    fits, names = [~enough], [NOT_ENOUGH]
    for pattern, *both in zip(PATTERNS, warm, cool, strict=True):
        fits += both
        names += [f"{pattern}_{sign}" for sign in SIGNS]
    return np.select(fits, names, default=NONE).astype(np.str_)
