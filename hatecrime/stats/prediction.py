"""Whether the places picked beforehand are where the next incidents were."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from hatecrime.stats.intervals import Interval, clopper_pearson

Verdict = Literal["better", "no_better", "worse", "cannot_tell"]
Floats = NDArray[np.float64]

CHANCE = "chance"
MODEL = "model"
LEAST_EVENTS = 30
# In share of incidents caught: a lead smaller than this would change no decision.
WORTHWHILE = 0.05


@dataclass(frozen=True)
class Accuracy:
    """
    What a choice of places caught. hit_rate, share of later incidents that lay in them; pai, how many times more
    than the same area would hold if all were alike; pei, share of what the best choice of that area would have
    caught; rri, the later hit rate over the earlier one, None where no earlier counts were given.
    """

    hit_rate: Interval
    pai: Interval
    pei: Interval
    rri: Interval | None
    caught: float
    events: float
    best: float
    share_of_area: float
    too_few: bool


@dataclass(frozen=True)
class Comparison:
    """The model's hit rate less the baseline's at the same area, in share of later incidents, and what it says."""

    baseline: str
    difference: Interval
    verdict: Verdict


@dataclass(frozen=True)
class BackTest:
    """The accuracy of every score by name, "chance" among them, and the model beside each of the others."""

    accuracy: Mapping[str, Accuracy]
    comparisons: tuple[Comparison, ...]
    events: float
    share_of_area: float
    too_few: bool


def choose(score: ArrayLike, area: ArrayLike, share_of_area: float = 0.1) -> Floats:
    """
    Which places would be picked, highest score first, until so much of the area is reached?

    Places of one score share what is left for them alike: chosen = (share × whole area - area of those above) /
    area of those equal, between 0 and 1. With places of one size it is the expected choice if ties fell by lot.

    Parameters: score (places,), any unit, higher first, nan last; area (places,), one unit, 0 or more; share_of_area
    between 0 and 1; for the top k of n places of one size, k / n.
    Result: the chosen part of each place, 0 to 1; the last one or the last tie is cut to fit the area exactly.
    Misleads where places differ in size and the score is a count: rank by count per area then.
    Reference: Chainey, Tompson and Uhlig 2008, Security Journal 21, 4-28, on fixed shares of the area.

    >>> choose([5, 1, 1, 0], [1, 1, 1, 1], share_of_area=0.5).tolist()
    [1.0, 0.5, 0.5, 0.0]
    """
    if not 0 <= share_of_area <= 1:
        raise ValueError(f"A share of the area lies between 0 and 1, not at {share_of_area}.")
    size = _sizes(area)
    ranks = -np.nan_to_num(np.asarray(score, dtype=float), nan=-np.inf)
    _, group = np.unique(ranks, return_inverse=True)
    alike = np.bincount(group, size)
    above = np.cumsum(alike) - alike
    left = share_of_area * size.sum() - above
    part = np.divide(left, alike, out=(left >= 0).astype(float), where=alike > 0)
    return np.asarray(np.clip(part, 0, 1)[group], dtype=float)


def accuracy(
    chosen: ArrayLike,
    later: ArrayLike,
    area: ArrayLike,
    earlier: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Accuracy:
    """
    Were the next incidents where the map said?

    hit rate = n / N; PAI = (n / N) / (a / A); PEI = PAI / the highest PAI of that area = n / n_max;
    RRI = (n₂ / N₂) / (n₁ / N₁). n of N incidents and a of A area lie in the chosen places; 2 is later, 1 earlier.
    n_max takes places by later incidents per area, the last in part. For places of unequal size that is the most
    that could be caught at all, so PEI is if anything too low; for equal ones it is exact.
    The hit rate's interval is exact (Clopper and Pearson); PAI and PEI are it times a constant, for area and n_max
    are taken as they are, PEI at most 1. RRI: ln RRI ± z √(1/n₂ - 1/N₂ + 1/n₁ - 1/N₁), with a half added to each.

    Parameters: chosen (places,), True or False, or the part of each that was chosen, 0 to 1; later and earlier,
    incidents, and area, one unit, (places,), 0 or more. A place whose later count or area is nan is left out; an
    earlier count of nan is 0.
    Result: an Accuracy; too_few where there are fewer than 30 later incidents: give the interval or nothing. All nan
    of no incidents; PAI nan of no area.
    Misleads when incidents come in bunches (the truth is then wider), when areas of very different sizes are
    compared (PAI rises as the area shrinks), and when choosing a place changed what was reported there.
    Reference: Chainey, Tompson and Uhlig 2008 for PAI; Levine 2008, Security Journal 21, 295-302, for RRI; Hunt 2016,
    University of Maryland, for PEI.

    >>> found = accuracy([True, False, False, False], [6, 3, 1, 0], [1, 1, 1, 1])
    >>> found.hit_rate.estimate, found.pai.estimate, found.pei.estimate, found.too_few
    (0.6, 2.4, 1.0, True)
    """
    part, events, size = (np.asarray(values, dtype=float) for values in (chosen, later, area))
    known = np.isfinite(events) & np.isfinite(size)
    part, events, size = part[known], events[known], _sizes(size[known])
    before = None if earlier is None else np.nan_to_num(np.asarray(earlier, dtype=float)[known])
    share = _over(float(part @ size), float(size.sum()))
    caught, total, best = float(part @ events), float(events.sum()), _most(events, size, share)
    hit_rate = _hit_rate(caught, total, confidence)
    return Accuracy(
        hit_rate=hit_rate,
        pai=_times(hit_rate, _over(1, share)),
        pei=_times(hit_rate, _over(total, best), most=1),
        rri=None if before is None else _ratio(caught, total, float(part @ before), float(before.sum()), confidence),
        caught=caught,
        events=total,
        best=best,
        share_of_area=share,
        too_few=total < LEAST_EVENTS,
    )


def back_test(
    scores: Mapping[str, ArrayLike],
    later: ArrayLike,
    area: ArrayLike,
    share_of_area: float = 0.1,
    model: str = MODEL,
    earlier: ArrayLike | None = None,
    confidence: float = 0.95,
    resamples: int = 4999,
    seed: int = 1,
) -> BackTest:
    """
    Does the map find more of the next incidents than last year's counts, the population or chance would?

    Each score chooses the same area (choose) and is measured (accuracy). difference = the model's hit rate - the
    baseline's, over the same later incidents; its interval is the range of that difference when the incidents are
    drawn anew with replacement, after adding half an incident that only the model caught and half that only the
    baseline caught, so that a handful of incidents cannot look like certainty.

    Parameters: scores, by name, (places,) each, higher first, nan last, one of them the model; every other is a
    baseline; "chance", all places alike, is added. later and earlier, incidents, area, share_of_area: as above.
    resamples, 1 or more; seed, of the draws.
    Result: a BackTest. verdict: "better" or "worse" where the interval lies above or below 0; "no_better" where it
    does not and the model leads by less than 0.05 at best; "cannot_tell" otherwise, and below 30 incidents.
    Misleads when the later period was looked at while the model was made.
    Reference: Chainey, Tompson and Uhlig 2008; Efron and Tibshirani 1993 for paired resampling; Agresti and Min
    2005, Statistics in Medicine 24, 729-740, for the halves.

    >>> test = back_test({"model": [9, 1, 0, 0], "last_year": [0, 0, 1, 9]}, [40, 5, 3, 2], [1, 1, 1, 1], 0.25)
    >>> [(beside.baseline, beside.verdict) for beside in test.comparisons]
    [('last_year', 'better'), ('chance', 'better')]
    """
    if model not in scores:
        raise ValueError(f"There is no score named {model}.")
    events, size = np.asarray(later, dtype=float), np.asarray(area, dtype=float)
    known = np.isfinite(events) & np.isfinite(size)
    events, size = events[known], size[known]
    before = None if earlier is None else np.asarray(earlier, dtype=float)[known]
    ranked = {name: np.asarray(score, dtype=float)[known] for name, score in scores.items()}
    ranked[CHANCE] = np.zeros(len(events))
    chosen = {name: choose(score, size, share_of_area) for name, score in ranked.items()}
    comparisons = tuple(
        _compare(name, chosen[model] - part, events, confidence, resamples, seed)
        for name, part in chosen.items()
        if name != model
    )
    measured = {name: accuracy(part, events, size, before, confidence) for name, part in chosen.items()}
    total = float(events.sum())
    return BackTest(measured, comparisons, total, float(share_of_area), total < LEAST_EVENTS)


def _sizes(area: ArrayLike) -> Floats:
    size = np.asarray(area, dtype=float)
    if not (size >= 0).all():
        raise ValueError("Every place needs an area of 0 or more.")
    return size


def _over(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _most(events: Floats, size: Floats, share: float) -> float:
    """The most incidents that so much of the area could have held."""
    if np.isnan(share):
        return float(events.sum())
    crowded = np.divide(events, size, out=np.full(len(size), np.inf), where=size > 0)
    return float(choose(crowded, size, min(share, 1)) @ events)


def _hit_rate(caught: float, total: float, confidence: float) -> Interval:
    # Parts of places may add up to a hair more than the whole.
    return clopper_pearson(min(caught, total), total, confidence) if total else _unknown()


def _unknown() -> Interval:
    return Interval(float("nan"), float("nan"), float("nan"))


def _times(interval: Interval, factor: float, most: float = np.inf) -> Interval:
    low, estimate, high = (
        float(np.minimum(value * factor, most)) for value in (interval.low, interval.estimate, interval.high)
    )
    return Interval(estimate, low, high)


def _ratio(caught: float, total: float, caught_before: float, total_before: float, confidence: float) -> Interval:
    if not total or not caught_before:
        return _unknown()
    estimate = (caught / total) / (caught_before / total_before)
    middle = (caught + 0.5) / (total + 0.5) / ((caught_before + 0.5) / (total_before + 0.5))
    spread = 1 / (caught + 0.5) - 1 / (total + 0.5) + 1 / (caught_before + 0.5) - 1 / (total_before + 0.5)
    reach = np.exp(stats.norm.ppf((1 + confidence) / 2) * np.sqrt(max(spread, 0)))
    return Interval(estimate, float(min(middle / reach, estimate)), float(max(middle * reach, estimate)))


def _compare(baseline: str, lead: Floats, events: Floats, confidence: float, resamples: int, seed: int) -> Comparison:
    """Lead: by how much more of each place the model chose than the baseline did, -1 to 1."""
    total = float(events.sum())
    if not total:
        return Comparison(baseline, _unknown(), "cannot_tell")
    estimate = float(lead @ events) / total
    low, high = _resampled(lead, events, confidence, resamples, seed)
    difference = Interval(estimate, min(low, estimate), max(high, estimate))
    return Comparison(baseline, difference, _verdict(low, high, total))


def _resampled(lead: Floats, events: Floats, confidence: float, resamples: int, seed: int) -> tuple[float, float]:
    # Places of one lead are one to the resampling: few numbers, and in an order of their own.
    values, group = np.unique(np.round(np.concatenate([lead, [-1, 1]]), 12), return_inverse=True)
    weights = np.bincount(group, np.concatenate([events, [0.5, 0.5]]))
    draws = max(round(float(events.sum())), 1)
    drawn = np.random.default_rng(seed).multinomial(draws, weights / weights.sum(), size=resamples)
    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn @ values / draws, [tail, 1 - tail])
    return float(low), float(high)


def _verdict(low: float, high: float, total: float) -> Verdict:
    if total < LEAST_EVENTS:
        return "cannot_tell"
    if low > 0:
        return "better"
    if high < 0:
        return "worse"
    return "no_better" if high < WORTHWHILE else "cannot_tell"
