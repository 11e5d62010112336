"""Whether one count differs from another by more than chance."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from hatecrime.stats.intervals import clopper_pearson

Method = Literal["exact", "log"]
Reason = Literal["", "missing", "none_at_all", "none_before"]
Direction = Literal["more", "fewer", "unclear"]


@dataclass(frozen=True)
class Change:
    """
    Two counts compared. ratio, low and high compare the rates (count by exposure) of now and before.

    reason is empty where a percentage can be given, else "none_before" (from nothing to something),
    "none_at_all" (nothing in either) or "missing" (one of the counts is not known).
    """

    before: float
    now: float
    ratio: float
    low: float
    high: float
    reason: Reason

    @property
    def difference(self) -> float:
        """Events more (or, below 0, fewer) than before."""
        return self.now - self.before

    @property
    def percent(self) -> float:
        """The change as a share of what was before: 0.25 is a quarter more; nan where there is a reason."""
        return math.nan if self.reason else self.ratio - 1

    @property
    def direction(self) -> Direction:
        """ "more" or "fewer" where the interval leaves out no change, else "unclear"."""
        if self.low > 1:
            return "more"
        return "fewer" if self.high < 1 else "unclear"


def compare(
    before: float | None,
    now: float | None,
    exposure_before: float = 1,
    exposure_now: float = 1,
    confidence: float = 0.95,
    method: Method = "exact",
) -> Change:
    """
    Has the count changed by more than chance?

    ratio = (now / exposure_now) / (before / exposure_before).
    exact: given before + now, now is binomial; its Clopper-Pearson limits p become p/(1 - p), by exposure.
    log: ratio × exp(∓ z √(1/before + 1/now)); with a count of 0 the exact limits are given instead.

    Parameters: before and now, events, None or nan where not known; exposures, days, people or whatever
    both counts grow with, above 0; confidence between 0 and 1.
    Result: a Change; 0 <= low <= ratio <= high, where high can be infinite; all nan where a count is missing.
    Misleads when events come in bunches (the true interval is wider), when recording changed in between,
    and when the pair was picked because it looked striking.
    Reference: Przyborowski and Wilenski 1940, Biometrika 31, 313-323; Rothman, Greenland and Lash,
    Modern Epidemiology, for the log method.

    >>> referendum = compare(1546, 2241, method="log")
    >>> [round(value, 3) for value in (referendum.ratio, referendum.low, referendum.high)]
    [1.45, 1.359, 1.547]
    """
    if exposure_before <= 0 or exposure_now <= 0:
        raise ValueError("An exposure must be above 0.")
    if _unknown(before) or _unknown(now):
        return Change(_number(before), _number(now), math.nan, math.nan, math.nan, "missing")
    before, now, weight = _number(before), _number(now), exposure_before / exposure_now
    if before < 0 or now < 0:
        raise ValueError("A count cannot be negative.")
    limits = _log_limits if method == "log" and before and now else _exact_limits
    low, high = limits(before, now, confidence)
    if before:
        return Change(before, now, weight * now / before, low * weight, high * weight, "")
    if now:
        return Change(before, now, math.inf, low * weight, high * weight, "none_before")
    return Change(before, now, math.nan, low * weight, high * weight, "none_at_all")


def compare_rows(before: pd.Series, now: pd.Series, confidence: float = 0.95) -> pd.DataFrame:
    """
    Which areas, strands or crime types have changed by more than chance?

    compare() for each label; a label that only one of the two has counts 0 in the other.

    Parameters: before and now, events, one row per label, the labels as index.
    Result: one row per label of either, in the order of now, then before; columns before, now, difference,
    ratio, low, high, percent (a share), direction, reason.
    Misleads when many rows are looked through: of 20 without change, one is outside its 95% interval.
    Reference: as compare.

    >>> rows = compare_rows(pd.Series({"North": 20, "South": 4}), pd.Series({"North": 60}))
    >>> rows[["before", "now", "direction"]].to_dict("index")["North"]
    {'before': 20.0, 'now': 60.0, 'direction': 'more'}
    """
    labels = now.index.append(before.index.difference(now.index, sort=False))
    pairs = zip(before.reindex(labels, fill_value=0), now.reindex(labels, fill_value=0), strict=True)
    columns = ["before", "now", "difference", "ratio", "low", "high", "percent", "direction", "reason"]
    changes = [compare(then, today, confidence=confidence) for then, today in pairs]
    rows = [[getattr(change, column) for column in columns] for change in changes]
    return pd.DataFrame(rows, columns=columns, index=labels)


def seeming(total: ArrayLike, confidence: float = 0.95) -> NDArray[np.float64]:
    """
    How likely is it that a count seems to have changed though nothing has?

    now is binomial, of total and 1/2; chance = 2 P(now <= k) with the largest k for which P(now <= k) < (1 -
    confidence) / 2: the exact interval of the ratio leaves out 1 there and, above total - k, likewise.

    Parameters: total, events of both periods together, any shape, 0 or more, nan where not known; confidence between
    0 and 1; both periods are equally long.
    Result: probabilities, the shape of total, below 1 - confidence; 0 where so few events cannot show any change.
    Misleads when events come in bunches: more places then seem to have changed.
    Reference: as compare; Agresti and Coull 1998, American Statistician 52, 119-126, on what exact intervals attain.

    >>> seeming([5, 6, 40]).round(4).tolist()
    [0.0, 0.0312, 0.0385]
    """
    tail = (1 - confidence) / 2
    each, where = np.unique(np.asarray(total, dtype=float), return_inverse=True)
    chance = 2 * stats.binom.cdf(stats.binom.ppf(tail, each, 0.5) - 1, each, 0.5)
    return np.asarray(chance[where].reshape(np.shape(total)), dtype=float)


Limits = Callable[[float, float, float], tuple[float, float]]


def _exact_limits(before: float, now: float, confidence: float) -> tuple[float, float]:
    share = clopper_pearson(now, before + now, confidence)
    return _odds(float(share.low)), _odds(float(share.high))


def _log_limits(before: float, now: float, confidence: float) -> tuple[float, float]:
    reach = stats.norm.ppf((1 + confidence) / 2) * math.sqrt(1 / before + 1 / now)
    return now / before * math.exp(-reach), now / before * math.exp(reach)


def _odds(share: float) -> float:
    return math.inf if share == 1 else share / (1 - share)


def _unknown(count: float | None) -> bool:
    return bool(pd.isna(count))


def _number(count: float | None) -> float:
    return math.nan if count is None or _unknown(count) else float(count)
