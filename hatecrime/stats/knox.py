"""Whether incidents follow one another close by and soon after: Knox's test for near repeats."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.spatial import cKDTree

from hatecrime.stats.intervals import poisson_interval

Floats = NDArray[np.float64]
Days = NDArray[np.float64] | NDArray[np.int32]
Counts = NDArray[np.int64]
Progress = Callable[[float], object]

METRES = (0, 100, 200, 400)
DAYS = (7, 14, 28)
# A distance of 100 m stays one of 100 m when the map is moved.
ROUNDING = 1e-9
# A few hundred megabytes, and half a minute with 999 permutations.
MOST_PAIRS = 5_000_000
# Pairs looked up at once: so many stay near the processor.
AT_ONCE = 250_000


class TooManyPairsError(ValueError):
    """More pairs of events lie near each other than can be shuffled in reasonable time."""

    def __init__(self, pairs: int, most: int) -> None:
        super().__init__(f"{pairs} pairs lie near each other, more than the {most} that can be tested.")
        self.pairs = pairs
        self.most = most


@dataclass(frozen=True)
class Knox:
    """
    Pairs of events by distance (rows) and days between (columns), beside what chance would give.

    metres and days hold the bands' upper edges, which belong to the band. observed counts pairs; expected is
    their mean over the permutations, low and high the middle 95% of these; by_margins is the expected without
    any permutation. ratio is observed / expected (by the margins where no permutation had a pair), ratio_low to
    ratio_high its own interval, nan where nothing is expected; p, one-sided, is for more than chance. events
    were reckoned with; left_out had no place or day.
    """

    metres: tuple[float, ...]
    days: tuple[float, ...]
    observed: Counts
    expected: Floats
    low: Floats
    high: Floats
    ratio: Floats
    ratio_low: Floats
    ratio_high: Floats
    p: Floats
    by_margins: Floats
    events: int
    left_out: int


def knox(
    x: ArrayLike,
    y: ArrayLike,
    day: ArrayLike,
    metres: Sequence[float] = METRES,
    days: Sequence[float] = DAYS,
    *,
    same_place: float = 0,
    permutations: int = 999,
    seed: int = 0,
    confidence: float = 0.95,
    most_pairs: int = MOST_PAIRS,
    progress: Progress | None = None,
) -> Knox:
    """
    After an incident, is another one nearby soon after more likely than chance would have it?

    observed = pairs at most so far and so many days apart; expected = their mean when the days are dealt out
    anew among the places. p = (1 + permutations with as many or more) / (1 + permutations).
    by_margins = pairs near in space × pairs near in time / all pairs. The ratio's interval is
    exp(ln ratio ∓ z s), s² the variance of ln(observed / by_margins) with pairs that share an event taken as
    dependent, and at least 1/observed; with nothing observed it is 0 to Poisson's upper limit / expected.

    Parameters: x and y, metres, and day, whole days or dates, one each per event, nan (or not a time) where
    not known; metres and days, upper edges of the bands, ascending, each band from above the edge before to
    its own edge inside (to a billionth of it); a first edge of 0 metres is the same place, that is up to
    same_place metres; the first of days starts at 0. permutations, 1 or more; seed; most_pairs near each other,
    beyond which TooManyPairsError is raised; progress is called with the share done.
    Result: a Knox, arrays of (metres, days). p from 1/(1 + permutations) to 1; low <= high.
    Misleads where "the same place" is only a snapped address, where recording is patchy in time and place at
    once, and when one of many bands is picked for its p; a pair is two reports, not one offender.
    Reference: Knox 1964, Applied Statistics 13, 25-29; Johnson and others 2007, J Quantitative Criminology 23,
    201-219; for the variance Aronow, Samii and Assenova 2015, Political Analysis 23, 564-577.

    >>> repeats = knox([0, 0, 900, 2000], [0, 0, 0, 0], [1, 3, 40, 80])
    >>> repeats.observed[0].tolist(), round(float(repeats.by_margins[0, 0]), 3)
    ([1, 0, 0], 0.167)
    """
    if permutations < 1:
        raise ValueError("The test needs one permutation at least.")
    events = _Events.of(x, y, day)
    pairs = _Pairs.near(events, _edges(metres, same_place), np.asarray(days, dtype=float), most_pairs)
    observed = pairs.tally(events.day)
    shuffled = np.empty((permutations, *observed.shape), dtype=np.int64)
    for turn, mixed in enumerate(_shuffles(events.day, permutations, seed)):
        shuffled[turn] = pairs.tally(mixed)
        if progress:
            progress((turn + 1) / permutations)
    expected = shuffled.mean(axis=0)
    by_margins, spread = _margins(events, pairs, observed)
    low, high = np.quantile(shuffled, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    # So rare that no permutation had one: the margins still tell what to expect.
    base = np.where(expected > 0, expected, np.where(by_margins > 0, by_margins, np.nan))
    ratio = observed / base
    ratio_low, ratio_high = _interval(ratio, observed, base, spread, confidence)
    return Knox(
        metres=tuple(float(edge) for edge in metres),
        days=tuple(float(edge) for edge in days),
        observed=observed,
        expected=expected,
        low=low,
        high=high,
        ratio=ratio,
        ratio_low=ratio_low,
        ratio_high=ratio_high,
        p=(1 + (shuffled >= observed).sum(axis=0)) / (1 + permutations),
        by_margins=by_margins,
        events=len(events.day),
        left_out=events.left_out,
    )


@dataclass(frozen=True)
class _Events:
    """What happened where and when, in an order of their own, so that shuffles do not depend on the input's."""

    x: Floats
    y: Floats
    day: Days
    left_out: int

    @classmethod
    def of(cls, x: ArrayLike, y: ArrayLike, day: ArrayLike) -> "_Events":
        east, north, when = (values.reshape(-1) for values in (_floats(x), _floats(y), _days(day)))
        known = np.isfinite(east) & np.isfinite(north) & np.isfinite(when)
        east, north, when = east[known], north[known], when[known]
        order = np.lexsort([when, north, east])
        return cls(east[order], north[order], _whole(when[order]), int((~known).sum()))


@dataclass(frozen=True)
class _Pairs:
    """Pairs of events within the widest distance, the nearest bands first; starts says where each band begins."""

    one: NDArray[np.int32]
    other: NDArray[np.int32]
    starts: NDArray[np.intp]
    days: Floats

    @classmethod
    def near(cls, events: _Events, edges: Floats, days: Floats, most: int) -> "_Pairs":
        if (np.diff(edges) <= 0).any() or (np.diff(days) <= 0).any() or not len(edges) or not len(days):
            raise ValueError("The edges of the bands go up, and there is one at least.")
        points = np.column_stack([events.x, events.y])
        one, other = _near(points, float(edges[-1]), most)
        distance = np.hypot(events.x[one] - events.x[other], events.y[one] - events.y[other])
        band = np.searchsorted(edges, distance)
        order = np.argsort(band, kind="stable")
        starts = np.searchsorted(band[order], np.arange(len(edges) + 1))
        inside = order[: starts[-1]]
        return cls(one[inside].astype(np.int32), other[inside].astype(np.int32), starts, days)

    def tally(self, day: Days) -> Counts:
        """Pairs by band of distance and of days between."""
        edges = self.days.astype(day.dtype)
        within = np.zeros((len(self.starts) - 1, len(edges)), dtype=np.int64)
        for row, (start, stop) in enumerate(pairwise(self.starts.tolist())):
            for begin in range(start, stop, AT_ONCE):
                apart = self.apart(day, slice(begin, min(begin + AT_ONCE, stop)))
                within[row] += [np.count_nonzero(apart <= edge) for edge in edges]
        return np.asarray(np.diff(within, axis=1, prepend=0))

    def apart(self, day: Days, which: slice) -> Days:
        return np.abs(np.take(day, self.one[which]) - np.take(day, self.other[which]))


def _near(points: Floats, reach: float, most: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Both ends of every pair within reach."""
    if len(points) < 2:
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    tree = cKDTree(points)
    # A little farther than asked for: the tree squares its distances, so the very edge could fall out.
    wide = np.nextafter(reach, np.inf) * (1 + 1e-12)
    pairs = (int(tree.count_neighbors(tree, wide)) - len(points)) // 2
    if pairs > most:
        raise TooManyPairsError(pairs, most)
    found = tree.query_pairs(wide, output_type="ndarray")
    return found[:, 0], found[:, 1]


def _shuffles(day: Days, permutations: int, seed: int) -> Iterator[Days]:
    rng = np.random.default_rng(seed)
    for _turn in range(permutations):
        yield rng.permutation(day)


def _margins(events: _Events, pairs: _Pairs, observed: Counts) -> tuple[Floats, Floats]:
    """
    Pairs expected when place and day have nothing to do with each other, and the variance of ln(observed by that).

    Each pair weighs 1/observed if near in both, less 1/near if near in space, less 1/soon if near in time, plus
    1/all: the variance is the sum of the products of the weights of every two pairs that share an event.
    """
    n = len(events.day)
    every = n * (n - 1) / 2
    soon_by_event = _soon(events.day, pairs.days)
    soon = soon_by_event.sum(axis=0) / 2
    expected, spread = np.zeros(observed.shape), np.full(observed.shape, np.nan)
    for row, (start, stop) in enumerate(pairwise(pairs.starts.tolist())):
        own, near = slice(start, stop), float(stop - start)
        near_by_event = _ends(pairs.one[own], pairs.other[own], n)
        band = np.searchsorted(pairs.days, pairs.apart(events.day, own))
        for column in np.flatnonzero(soon):
            expected[row, column] = near * soon[column] / every
            both = observed[row, column]
            if not both:
                continue
            chosen = band == column
            both_by_event = _ends(pairs.one[own][chosen], pairs.other[own][chosen], n)
            weight = both_by_event / both - near_by_event / near - soon_by_event[:, column] / soon[column]
            sharing = float(((weight + (n - 1) / every) ** 2).sum())
            spread[row, column] = sharing - _own(float(both), near, float(soon[column]), every)
    return expected, spread


def _own(both: float, near: float, soon: float, every: float) -> float:
    """The square of each pair's own weight, which counts once for both of its ends, summed over all pairs."""
    base = 1 / every
    kinds = [
        (both, 1 / both - 1 / near - 1 / soon + base),
        (near - both, base - 1 / near),
        (soon - both, base - 1 / soon),
        (every - near - soon + both, base),
    ]
    return sum(pairs * weight**2 for pairs, weight in kinds)


def _soon(day: Days, edges: Floats) -> Floats:
    """For each event, how many others lie in each band of days around it."""
    ordered = np.sort(day)
    after = np.searchsorted(ordered, day[:, None] + edges, side="right")
    before = np.searchsorted(ordered, day[:, None] - edges, side="left")
    within = after - before - 1
    return np.diff(within, axis=1, prepend=0).astype(float)


def _ends(one: NDArray[np.int32], other: NDArray[np.int32], n: int) -> Floats:
    return (np.bincount(one, minlength=n) + np.bincount(other, minlength=n)).astype(float)


def _interval(
    ratio: Floats, observed: Counts, base: Floats, spread: Floats, confidence: float
) -> tuple[Floats, Floats]:
    z = float(stats.norm.ppf((1 + confidence) / 2))
    least = 1 / np.maximum(observed, 1)
    reach = np.exp(z * np.sqrt(np.fmax(spread, least)))
    upper = np.asarray(poisson_interval(0, confidence).high) / base
    return ratio / reach, np.where(observed > 0, ratio * reach, upper)


def _edges(metres: Sequence[float], same_place: float) -> Floats:
    edges = np.asarray(metres, dtype=float)
    return np.where(edges == 0, same_place, edges) * (1 + ROUNDING)


def _days(values: ArrayLike) -> Floats:
    """Dates become days since 1970; a date that is not known becomes nan."""
    when = np.asarray(values)
    if not np.issubdtype(when.dtype, np.datetime64):
        return when.astype(float)
    return np.where(np.isnat(when), np.nan, when.astype("datetime64[D]").astype(float))


def _whole(day: Floats) -> Days:
    """Whole days from the first on take half the room, and half the time."""
    since = day - day.min() if len(day) else day
    return since.astype(np.int32) if (since == np.floor(since)).all() else day


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=float)
