"""Whether a number of reports, or their absence, is a surprise."""

import math
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from scipy import stats

from hatecrime.stats.intervals import Numbers, poisson_interval

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


def _over(count: Numbers, expected: float) -> float:
    return float(count) / expected if expected else math.nan


def _verdict(low: float, high: float, expected: float, confidence: float) -> Verdict:
    if high < 1:
        return "fewer"
    if low > 1:
        return "more"
    silence_would_show = math.exp(-expected) < (1 - confidence) / 2
    return "as_expected" if silence_would_show else "cannot_tell"
