"""Where, and when, incidents cluster by more than chance: Kulldorff's scan statistic."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

from hatecrime.stats.scan_windows import AT_ONCE, Circles, Floats, Places, Spans, Spell

Direction = Literal["high", "low", "both"]
Progress = Callable[[float], object]

# Ratios and likelihoods closer than this are ties: sums of the same numbers in another order differ by less.
TIE = 1e-9
# A share of the expected at most this small, or this near to all, is rounding.
NOTHING = 1e-13
MOST_NORTH, MOST_EAST = 90, 360


@dataclass(frozen=True)
class Cluster:
    """
    A circle of places, over a span of time steps, with more (or fewer) cases than expected.

    centre and places are positions in the input; radius is in metres for longitude and latitude, else in the
    unit of x and y; first and last are the first and the last time step inside; size is the share of all people.
    ratio is the relative risk, (cases/expected) inside by the same outside, infinite where nothing is outside.
    p is nan without simulations, recurrence (days) where the days between looks are not given.
    """

    centre: int
    radius: float
    places: tuple[int, ...]
    first: int
    last: int
    size: float
    cases: float
    expected: float
    ratio: float
    llr: float
    p: float
    recurrence: float


@dataclass(frozen=True)
class Scan:
    """
    Clusters from the most likely on, none sharing a place with a more likely one.

    cases is the number reckoned with, left_out those that could not be: with no place, or where nobody was
    expected. tested counts the windows looked through; maxima are the highest ratios of the simulated maps.
    """

    clusters: tuple[Cluster, ...]
    cases: float
    left_out: float
    tested: int
    maxima: Floats

    def below(self, level: float = 0.05) -> tuple[Cluster, ...]:
        """The clusters that chance alone would hardly give."""
        return tuple(cluster for cluster in self.clusters if cluster.p <= level)


def scan(
    x: ArrayLike,
    y: ArrayLike,
    cases: ArrayLike,
    population: ArrayLike | None = None,
    expected: ArrayLike | None = None,
    *,
    geographic: bool = False,
    most: float = 0.5,
    direction: Direction = "high",
    spell: Spell = "retrospective",
    shortest: int = 1,
    longest: float = 0.5,
    by_centre: bool = True,
    simulations: int = 999,
    seed: int = 0,
    days_between: float = math.nan,
    progress: Progress | None = None,
) -> Scan:
    """
    Which circle of places, in which span of time, has more cases than chance would give, and how sure is that?

    LLR = c ln(c/E) + (C - c) ln((C - c)/(C - E)) where c/E > (C - c)/(C - E), else 0, for every circle centred
    on a place; c cases of C, E expected, scaled to sum to C. p = (1 + simulated maxima >= LLR)/(1 + simulations),
    with C cases dealt out at random by the expected (multinomial). recurrence = days_between / p.

    Parameters: x and y of each place: metres, or with geographic=True degrees of longitude and latitude (great
    circle, a sphere of 6,371,008.8 m); cases by place, or by place and time step, 0 or more, fractions allowed;
    population, people, and expected, cases, each by place or by place and time step: with population alone the
    expected follow it, with expected alone they measure a circle's size, with both the population measures it.
    most, the largest share of that size in a circle. direction, rates to look for. spell, "prospective" for
    spans that reach the last time step; shortest, time steps; longest, time steps if whole, else a share of the
    study. by_centre, whether what comes second is sought among the best circle of each centre, or among all circles.
    simulations, 0 for none; seed; days_between looks; progress is called with the share done.
    Places as far as each other, to within 1e-10 of the widest distance, join together. nan is left out.
    Result: a Scan. LLR above 0; p from 1/(1 + simulations) to 1; ties go to the smaller population, then fewer
    places, then the westernmost.
    Misleads where the real shape is long, as along a road: the circle takes in quiet places; where cases come
    in bunches; and a circle is a region to look at, not an address: not every place in it is hot.
    Reference: Kulldorff 1997, Communications in Statistics 26, 1481-1496; Kulldorff 2001, JRSS A 164, 61-72, in
    time. As in SaTScan the circles centre on places, and what comes second is the best circle of its centre; other
    programs take, as by_centre=False does, the best of all circles that are left.

    >>> found = scan([0, 1, 2, 3], [0, 0, 0, 0], [8, 1, 1, 2], [100, 100, 100, 100], seed=1)
    >>> found.clusters[0].places, round(found.clusters[0].llr, 4)
    ((0,), 4.6029)
    """
    _check(x, y, geographic, most, direction, spell)
    study = _Study.of(x, y, cases, population, expected, direction)
    circles = Circles.around(study.x, study.y, study.size, most, geographic)
    spans = Spans.within(study.cases.shape[1], spell, shortest, longest)
    best = _best_spans(study, circles, spans)
    maxima = _simulated(study, circles, spans, simulations, seed, progress)
    chosen = _without_overlap(circles, best, by_centre)
    return Scan(
        clusters=tuple(_cluster(circle, study, circles, spans, best, maxima, days_between) for circle in chosen),
        cases=study.total,
        left_out=study.left_out,
        tested=len(circles.centre) * spans.count,
        maxima=maxima,
    )


def expected_by_strata(cases: ArrayLike, population: ArrayLike) -> NDArray[np.float64]:
    """
    How many cases would each place have, if every kind of resident had the rate of that kind everywhere?

    Indirect standardisation: expected = Σ over strata of population × (all cases / all people of the stratum).

    Parameters: cases and population, people, by place and stratum (an age band, a sex), or by place, stratum
    and time step, of one shape; nan, in either, is left out of both.
    Result: cases, by place, or by place and time step; they sum to the cases of the strata that have people.
    Misleads where a stratum is so small that its rate is one place's own.
    Reference: Breslow and Day 1987, volume II, section 2.3; the covariates of SaTScan's Poisson model.

    >>> expected_by_strata([[1, 0], [3, 4]], [[100, 50], [100, 50]])
    array([4., 4.])
    """
    events, people = np.asarray(cases, dtype=float), np.asarray(population, dtype=float)
    if events.shape != people.shape or events.ndim not in (2, 3):
        raise ValueError("Cases and population are by place and stratum (and time step), of one shape.")
    known = np.isfinite(events) & np.isfinite(people)
    events, people = np.where(known, events, 0), np.where(known, people, 0)
    elsewhere = tuple(axis for axis in range(events.ndim) if axis != 1)
    base = people.sum(axis=elsewhere, keepdims=True)
    rate = events.sum(axis=elsewhere, keepdims=True) / np.where(base > 0, base, np.inf)
    return np.asarray((people * rate).sum(axis=1))


@dataclass(frozen=True)
class _Study:
    """
    The map from west to east, so that neither ties nor draws by chance depend on the order of the rows.

    cases and share (of all expected) are by place and time step; place holds each one's position in the input.
    """

    x: Floats
    y: Floats
    cases: Floats
    share: Floats
    size: Floats
    place: Places
    total: float
    left_out: float
    direction: Direction

    @classmethod
    def of(
        cls,
        x: ArrayLike,
        y: ArrayLike,
        cases: ArrayLike,
        population: ArrayLike | None,
        expected: ArrayLike | None,
        direction: Direction,
    ) -> "_Study":
        east, north, events = _row(x), _row(y), _by_step(cases)
        base = expected if expected is not None else population
        if base is None:
            raise ValueError("A scan needs a population or expected cases.")
        due = np.broadcast_to(_by_step(base), events.shape)
        people = due if population is None else np.broadcast_to(_by_step(population), events.shape)
        usable = (np.isfinite(east) & np.isfinite(north))[:, None] & np.isfinite(events)
        usable &= np.isfinite(due) & (due > 0)
        kept = np.where(usable, events, 0)
        due, people = np.where(usable, due, 0), np.nan_to_num(people).sum(axis=1)
        placed = np.flatnonzero(np.isfinite(east) & np.isfinite(north))
        keys = [*kept[placed].T, *due[placed].T, people[placed], north[placed], east[placed]]
        place = placed[np.lexsort(keys)]
        return cls(
            x=east[place],
            y=north[place],
            cases=kept[place],
            share=_shares(due[place]),
            size=_shares(people[place]),
            place=place,
            total=float(kept.sum()),
            left_out=float(np.nansum(events) - kept.sum()),
            direction=direction,
        )

    def departs(self, cases: Floats, expected: Floats) -> NDArray[np.bool_]:
        """Where the cases are on the side that is looked for, by more than rounding."""
        high, low = cases > expected * (1 + TIE), cases < expected * (1 - TIE)
        return high if self.direction == "high" else low if self.direction == "low" else high | low


@dataclass(frozen=True)
class _Best:
    """For each circle, its most likely span of time."""

    llr: Floats
    span: Places
    cases: Floats
    expected: Floats


def _best_spans(study: _Study, circles: Circles, spans: Spans) -> _Best:
    m = len(circles.centre) if spans.count else 0
    best = _Best(np.zeros(m), np.zeros(m, dtype=np.intp), np.zeros(m), np.zeros(m))
    if not m:
        return best
    for own, places, last in circles.by_centre(spans.rows):
        cases = spans.totals(np.cumsum(study.cases[places], axis=0)[last])
        share = spans.totals(np.cumsum(study.share[places], axis=0)[last])
        llr = _llr(cases, share, study)
        # The first of those that tie, which is the shortest and then the earliest.
        span = np.argmax(llr >= llr.max(axis=1, keepdims=True) * (1 - TIE), axis=1)
        rows = np.arange(len(span))
        best.llr[own], best.span[own] = llr[rows, span], span
        best.cases[own], best.expected[own] = cases[rows, span], share[rows, span] * study.total
    return best


def _llr(cases: Floats, share: Floats, study: _Study) -> Floats:
    total, expected = study.total, share * study.total
    inside = (share > NOTHING) & (share < 1 - NOTHING) & study.departs(cases, expected)
    due, rest = np.where(inside, expected, 1), np.where(inside, total - expected, 1)
    outside = np.maximum(total - cases, 0)
    return np.where(inside, xlogy(cases, cases / due) + xlogy(outside, outside / rest), 0)


def _simulated(
    study: _Study, circles: Circles, spans: Spans, simulations: int, seed: int, progress: Progress | None
) -> Floats:
    """The highest ratio of each simulated map."""
    highest = np.zeros(simulations)
    total = max(1, round(study.total))
    if not (study.total and len(circles.centre) and spans.count):
        return highest
    rng = np.random.default_rng(seed)
    counts = np.arange(total + 1)
    table = xlogy(counts, counts) + xlogy(total - counts, total - counts) - total * math.log(total)
    at_once = max(8, AT_ONCE // (circles.order.shape[1] * (study.cases.shape[1] + 1)))
    blocks = sum(1 for _block in circles.by_centre(spans.rows))
    for start in range(0, simulations, at_once):
        own = highest[start : start + at_once]
        dealt = rng.multinomial(total, study.share.ravel(), size=len(own)).T
        maps = np.ascontiguousarray(dealt).reshape(*study.share.shape, len(own))
        for done, llr in enumerate(_ratios(maps, table, study, circles, spans)):
            np.maximum(own, llr, out=own)
            if progress and not done % 64:
                progress((start + len(own) * done / blocks) / simulations)
    if progress:
        progress(1.0)
    return highest


def _ratios(maps: NDArray[np.int64], table: Floats, study: _Study, circles: Circles, spans: Spans) -> Iterator[Floats]:
    """
    The highest ratio of each map, around each centre in turn.

    With s = E/C, LLR = table[c] + c ln((1 - s)/s) - C ln(1 - s): one look-up and two sums for each window.
    """
    total = len(table) - 1
    for _own, places, last in circles.by_centre(spans.rows):
        inside = np.cumsum(maps[places], axis=0)[last]
        run = np.zeros((len(last), maps.shape[1] + 1, maps.shape[2]), dtype=np.int64)
        np.cumsum(inside, axis=1, out=run[:, 1:])
        share = spans.totals(np.cumsum(study.share[places], axis=0)[last])
        real = (share > NOTHING) & (share < 1 - NOTHING)
        share = np.where(real, share, 0.5)
        slope, base = np.log1p(-share) - np.log(share), -total * np.log1p(-share)
        highest = np.zeros(maps.shape[2])
        for span, (first, last_step) in enumerate(zip(spans.first, spans.last, strict=True)):
            rows = real[:, span]
            cases = run[:, last_step + 1] - run[:, first]
            llr = np.take(table, cases)
            llr += cases * slope[:, span, None]
            llr += base[:, span, None]
            llr *= study.departs(cases, share[:, span, None] * total) & rows[:, None]
            np.maximum(highest, llr.max(axis=0), out=highest)
        yield highest


def _without_overlap(circles: Circles, best: _Best, by_centre: bool) -> list[int]:
    """The most likely circle, then the most likely of those that share no place with it, and so on."""
    rank, chosen = circles.ranks(), []
    # How far the circles of each centre may reach before they touch a place that is taken.
    free = np.full(len(rank), len(rank))
    left = np.arange(len(best.llr))
    if by_centre and len(left):
        left = np.unique([_likeliest(own, circles, best) for own in circles.of_each_centre()]).astype(np.intp)
    left = left[best.llr[left] > TIE]
    while len(left):
        circle = _likeliest(left, circles, best)
        chosen.append(circle)
        np.minimum(free, rank[:, circles.places(circle)].min(axis=1), out=free)
        left = left[circles.last[left] < free[circles.centre[left]]]
    return chosen


def _likeliest(among: Places, circles: Circles, best: _Best) -> int:
    llr = best.llr[among]
    return _smallest(among[llr >= llr.max() * (1 - TIE)], circles)


def _smallest(ties: Places, circles: Circles) -> int:
    """The fewest people, then the fewest places, then those farthest west."""
    for measure in (np.round(circles.size, 9), circles.last):
        ties = ties[measure[ties] == measure[ties].min()]
    return min(ties.tolist(), key=lambda tie: sorted(circles.places(tie).tolist()))


def _cluster(
    circle: int, study: _Study, circles: Circles, spans: Spans, best: _Best, maxima: Floats, days: float
) -> Cluster:
    cases, expected, llr = (float(part[circle]) for part in (best.cases, best.expected, best.llr))
    outside, span = max(study.total - cases, 0.0), best.span[circle]
    p = float((1 + (maxima >= llr * (1 - TIE)).sum()) / (1 + len(maxima))) if len(maxima) else math.nan
    return Cluster(
        centre=int(study.place[circles.centre[circle]]),
        radius=float(circles.radius[circle]),
        places=tuple(sorted(study.place[circles.places(circle)].tolist())),
        first=int(spans.first[span]),
        last=int(spans.last[span]),
        size=float(circles.size[circle]),
        cases=cases,
        expected=expected,
        ratio=cases / expected / (outside / (study.total - expected)) if outside > TIE else math.inf,
        llr=llr,
        p=p,
        recurrence=days / p,
    )


def _check(x: ArrayLike, y: ArrayLike, geographic: bool, most: float, direction: str, spell: str) -> None:
    """What would give an answer to another question."""
    if not 0 < most <= 1:
        raise ValueError(f"most is a share above 0 and up to 1, such as 0.5 for 50%, not {most}.")
    if direction not in get_args(Direction) or spell not in get_args(Spell):
        raise ValueError(f"There is no direction {direction!r} or no spell {spell!r}.")
    east, north = _row(x), _row(y)
    if len(east) != len(north):
        raise ValueError(f"There are {len(east)} x and {len(north)} y.")
    if geographic and ((np.abs(north) > MOST_NORTH) | (np.abs(east) > MOST_EAST)).any():
        raise ValueError("x is the longitude and y the latitude, in degrees: one beyond 90 or 360 was given.")


def _row(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=float).reshape(-1)


def _by_step(values: ArrayLike) -> Floats:
    by_place = np.asarray(values, dtype=float)
    if (by_place < 0).any():
        raise ValueError("Cases, people and expected cases cannot be negative.")
    return by_place[:, None] if by_place.ndim == 1 else by_place


def _shares(values: Floats) -> Floats:
    total = values.sum()
    return np.asarray(values / total if total > 0 else values)
