"""Whether a number of reports, or their absence, is a surprise."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from hatecrime.stats.intervals import Numbers, poisson_interval

FEWEST_PLACES = 5
# How strongly a trait's part is held near 0; a prior deviation of one half on the log scale.
PENALTY = 4.0
NEWTON_STEPS = 12
LOG_LIMITS = (-30.0, 30.0)

Verdict = Literal["fewer", "as_expected", "more", "cannot_tell"]


@dataclass(frozen=True)
class Surprise:
    """
    Reports beside those expected. ratio, low and high are observed / expected with the exact interval;
    p_as_few and p_as_many, the chance of so few or so many.

    verdict: "fewer" or "more" than expected, "as_expected", or "cannot_tell" where so few were expected that
    even none at all would be no surprise.
    """

    observed: float
    expected: float
    ratio: float
    low: float
    high: float
    p_as_few: float
    p_as_many: float
    verdict: Verdict


def surprise(observed: float, expected: float, confidence: float = 0.95) -> Surprise:
    """
    Is the silence of a centre surprising? Are its reports more or fewer than expected?

    P(X <= observed) and P(X >= observed) for X Poisson with mean expected; for silence, exp(-expected).
    The verdict is "fewer" where the whole exact interval of observed / expected lies below 1.

    Parameters: observed, reports; expected, reports, 0 or more; confidence between 0 and 1.
    Result: a Surprise; chances between 0 and 1; ratio nan where nothing is expected. At 95% silence is
    a surprise from 3.69 expected reports, when its chance falls below 1 in 40.
    Misleads when reports come in bunches (silence is then more ordinary), when no return was sent (that is
    not a silence) and when expected leans on where incidents happen though people report elsewhere.
    Reference: Spiegelhalter 2005, Statistics in Medicine 24, 1185-1202: exact limits of observed / expected.

    >>> surprise(0, 4).verdict, round(surprise(0, 4).p_as_few, 3)
    ('fewer', 0.018)
    >>> surprise(0, 0.5).verdict
    'cannot_tell'
    """
    if observed < 0 or expected < 0:
        raise ValueError("Reports cannot be negative.")
    count = poisson_interval(observed, confidence, exact=True)
    ratio, low, high = (_over(value, expected) for value in (observed, count.low, count.high))
    return Surprise(
        observed=float(observed),
        expected=float(expected),
        ratio=ratio,
        low=low,
        high=high,
        p_as_few=float(stats.poisson.cdf(observed, expected)),
        p_as_many=float(stats.poisson.sf(observed - 1, expected)),
        verdict=_verdict(low, high, expected, confidence),
    )


def share_out(total: float, weights: pd.Series) -> pd.Series:
    """
    How many of all reports would each centre take if they followed the incidents nearest to it?

    expected = total × weight / sum of weights

    Parameters: total, reports of all centres together; weights, one row per centre, such as the incidents
    nearest to it (Coverage.per_centre), missing = 0.
    Result: reports, one row per centre, adding up to total; all 0 where there is no weight at all.
    Misleads when a centre serves a group rather than a neighbourhood.
    Reference: indirect standardisation, as in Breslow and Day 1987, volume II, section 2.3.

    >>> share_out(12, pd.Series({"Library": 300, "College": 100})).to_dict()
    {'Library': 9.0, 'College': 3.0}
    """
    amounts = weights.fillna(0).astype(float)
    whole = float(amounts.sum())
    return amounts * (total / whole) if whole else amounts * 0


def expected_from_others(count: ArrayLike, base: ArrayLike, traits: ArrayLike | None = None) -> NDArray[np.float64]:
    """
    How many incidents would a place have if it were like the other places, given what is known of it?

    Poisson regression with the base as offset: log E(count) = log base + a + Σ b × trait, each trait brought to mean 0
    and deviation 1, its b held near 0 (a penalty of 2 b²). No place takes part in the fit that its own value is from.

    Parameters: count, incidents, and base, such as residents, one value per place; traits (places, traits), nan taken
    as the mean; a place without base, or without a count, takes no part.
    Result: incidents, one value per place; nan without a base, and where fewer than 4 other places have one. Without
    traits, base × the rate of all the others.
    Misleads where what sets the place apart is not among the traits, and where many places are silent for one reason.
    Reference: McCullagh and Nelder 1989, Generalized Linear Models, chapter 6; le Cessie and van Houwelingen 1992,
    Applied Statistics 41, 191-201, for the penalty.

    >>> expected_from_others([10, 20, 30, 20, 2], [100, 200, 300, 200, 200]).round(1).tolist()
    [8.0, 15.5, 22.3, 15.5, 20.0]
    """
    x, people = np.asarray(count, dtype=float), np.asarray(base, dtype=float)
    known = np.isfinite(x) & np.isfinite(people) & (people > 0)
    expected = np.full(x.shape, np.nan)
    k = int(known.sum())
    if k < FEWEST_PLACES:
        return expected
    design = _design(traits, known)
    left_out = 1 - np.eye(k)
    fitted = _poisson_fits(x[known], people[known], design, left_out)
    expected[known] = people[known] * np.exp(np.clip((design * fitted).sum(axis=1), *LOG_LIMITS))
    return expected


def _design(traits: ArrayLike | None, known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """A column of ones, then the traits on one scale; a trait that is the same everywhere says nothing."""
    ones = np.ones((int(known.sum()), 1))
    if traits is None:
        return ones
    given = np.asarray(traits, dtype=float).reshape(len(known), -1)[known]
    told = given[:, np.isfinite(given).any(axis=0)]
    centred = np.nan_to_num(told - np.nanmean(told, axis=0)) if told.size else told
    spread = centred.std(axis=0)
    return np.hstack([ones, centred[:, spread > 0] / spread[spread > 0]])


def _poisson_fits(
    x: NDArray[np.float64], base: NDArray[np.float64], design: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Coefficients of one fit for each row of weights, by Newton's steps."""
    penalty = np.diag([0.0] + [PENALTY] * (design.shape[1] - 1))
    fitted = np.zeros((len(weights), design.shape[1]))
    fitted[:, 0] = np.log(np.maximum(weights @ x, 0.5) / (weights @ base))
    for _step in range(NEWTON_STEPS if design.shape[1] > 1 else 0):
        mean = weights * base * np.exp(np.clip(fitted @ design.T, *LOG_LIMITS))
        slope = (weights * x - mean) @ design - fitted @ penalty
        bend = np.einsum("fp,pi,pj->fij", mean, design, design, optimize=True) + penalty + 1e-9 * np.eye(len(penalty))
        step = np.linalg.solve(bend, slope[..., None])[..., 0]
        fitted += np.clip(step, -1, 1)
    return fitted


def _over(count: Numbers, expected: float) -> float:
    return float(count) / expected if expected else math.nan


def _verdict(low: float, high: float, expected: float, confidence: float) -> Verdict:
    if high < 1:
        return "fewer"
    if low > 1:
        return "more"
    silence_would_show = math.exp(-expected) < (1 - confidence) / 2
    return "as_expected" if silence_would_show else "cannot_tell"
