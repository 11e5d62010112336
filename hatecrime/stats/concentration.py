"""How much of the whole lies in few places."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from hatecrime.stats.intervals import Interval

Floats = NDArray[np.float64]

MOST_POINTS = 400
TOP = 0.2
RANGE = (2.5, 97.5)


@dataclass(frozen=True)
class Concentration:
    """The areas with most incidents and what they hold of the total."""

    areas: tuple[str, ...]
    n: float
    total: float
    share: float
    tied_out: int


@dataclass(frozen=True)
class Spread:
    """
    How incidents are spread over places, from the fullest to the emptiest.

    places and incidents are the points of the curve, from 0 to 1: so great a share of places holds so great a share
    of incidents. least_places is the least share of places that holds `share` of the incidents, top_fifth what the
    fullest 20% of places hold. gini is 0 where all places have the same and near 1 where one has all; generalised,
    the same measured from the evenest spread that so few incidents allow. All nan where there is no incident.
    """

    places: Floats
    incidents: Floats
    share: float
    least_places: float
    top_fifth: float
    gini: float
    generalised: float
    total: float
    n: int


@dataclass(frozen=True)
class ChanceSpread:
    """
    What chance alone gives: the mean of each figure of Spread, and the range of 95 in 100 simulations.

    incidents is the curve, at those shares of places that places says: all, or 401 of them where there are more.
    """

    places: Floats = field(compare=False)
    incidents: Interval = field(compare=False)
    least_places: Interval
    top_fifth: Interval
    gini: Interval
    generalised: Interval
    simulations: int


def top_share(counts: pd.Series, k: int) -> Concentration:
    """
    What share of all incidents lies in the k areas with most?

    The sum of the k highest counts / the sum of all. Areas without an incident are never among the k.

    Parameters: counts, incidents, one row per area with the area as index, missing = 0; k, areas, 1 or more.
    Result: at most k areas, the highest first; n and total, incidents; share between 0 and 1, nan of nothing;
    tied_out, areas left out although they have as many as the last one taken.
    Misleads with few incidents: chance alone puts much into few places.
    Reference: Weisburd 2015, Criminology 53, 133-157, on the concentration of crime.

    >>> top_share(pd.Series({"Clifford": 30, "Hale": 1, "Gorse Hill": 45, "Sale": 24}), 2).share
    0.75
    """
    if k < 1:
        raise ValueError("At least one area is needed.")
    ranked = counts.fillna(0).sort_values(ascending=False, kind="stable")
    ranked = ranked[ranked > 0]
    top, rest = ranked.iloc[:k], ranked.iloc[k:]
    total = float(ranked.sum())
    tied_out = int((rest == top.iloc[-1]).sum()) if len(top) else 0
    share = float(top.sum()) / total if total else float("nan")
    return Concentration(tuple(map(str, top.index)), float(top.sum()), total, share, tied_out)


def spread(counts: ArrayLike, share: float = 0.8) -> Spread:
    """
    In how few places do most incidents happen?

    Places are ranked by count. least_places = the least k / n whose k fullest places hold share × total;
    gini G = Σ (n + 1 - 2 i) x_i / (n Σ x), i = 1 for the fullest; generalised = 1 - max(n / Σ x, 1) (1 - G).

    Parameters: counts (n,), incidents of every place there is, zeros included, missing = 0; share between 0 and 1.
    Result: a Spread, its shares between 0 and 1; the curve has n + 1 points. nan where there is no incident.
    Misleads when there are fewer incidents than places, or not many more: chance alone leaves most places empty.
    Compare with spread_by_chance. Leaving out empty places makes any spread look even.
    Reference: Weisburd 2015, Criminology 53, 133-157; Bernasco and Steenbeek 2017, Journal of Quantitative
    Criminology 33, 451-467, for the generalised Gini.

    >>> streets = spread([3, 1, 1, 0, 0, 0, 0, 0, 0, 0])
    >>> streets.least_places, streets.top_fifth, round(streets.gini, 2), round(streets.generalised, 2)
    (0.2, 0.8, 0.78, 0.56)
    """
    ranked, total = _ranked(counts, share)
    figures = _figures(ranked[np.newaxis, :], share)[:, 0]
    return Spread(
        places=np.linspace(0, 1, len(ranked) + 1),
        incidents=np.r_[0.0, np.cumsum(ranked)] / (total or np.nan),
        share=share,
        least_places=float(figures[0]),
        top_fifth=float(figures[1]),
        gini=float(figures[2]),
        generalised=float(figures[3]),
        total=total,
        n=len(ranked),
    )


def spread_by_chance(
    counts: ArrayLike, weights: ArrayLike | None = None, share: float = 0.8, simulations: int = 200, seed: int = 1
) -> ChanceSpread:
    """
    How concentrated would as few incidents be, had chance alone put them where they are?

    As many incidents are thrown at the places, each with the chance its weight gives it, again and again
    (multinomial); each time the figures of spread are formed.

    Parameters: counts (n,), as for spread; weights (n,), such as residents, missing = 0, alike for all where left out;
    share as for spread; simulations, how many; seed, of the simulation.
    Result: a ChanceSpread: the mean and the range of 95 in 100 of each figure. What was seen is more concentrated than
    chance where its least_places lies below the range, or its top_fifth or gini above. nan without incidents.
    Misleads where incidents come in bunches, as when one victim reports many: they are then fewer throws than counted.
    Reference: Levin, Rosenfeld and Deckard 2017, Journal of Quantitative Criminology 33, 635-647; Chalfin, Kaplan
    and Cuellar 2021, Journal of Research in Crime and Delinquency 58, 467-504.

    >>> evenly = [1] * 20
    >>> spread_by_chance(evenly).least_places.high < spread(evenly).least_places
    True
    """
    ranked, total = _ranked(counts, share)
    thrown = _thrown(round(total), _chances(weights, len(ranked)), simulations, seed)
    figures = _figures(thrown, share)
    means, (low, high) = figures.mean(axis=1), np.percentile(figures, RANGE, axis=1)
    least, top, gini, generalised = (Interval(*map(float, limits)) for limits in zip(means, low, high, strict=True))
    at, curve = _curve(thrown)
    return ChanceSpread(at, curve, least, top, gini, generalised, simulations)


def _curve(thrown: Floats) -> tuple[Floats, Interval]:
    """The shares of places at which the curve is read, and there its mean and range."""
    n = thrown.shape[1]
    at = np.unique(np.linspace(0, n, min(n, MOST_POINTS) + 1).round().astype(int))
    held = np.concatenate([np.zeros((len(thrown), 1)), np.cumsum(thrown, axis=1)], axis=1)[:, at]
    with np.errstate(invalid="ignore"):
        share = held / held[:, -1:]
    low, high = np.percentile(share, RANGE, axis=0)
    return at / max(n, 1), Interval(share.mean(axis=0), low, high)


def _ranked(counts: ArrayLike, share: float) -> tuple[Floats, float]:
    if not 0 < share <= 1:
        raise ValueError(f"A share lies between 0 and 1, not at {share}.")
    ranked = np.sort(np.nan_to_num(np.asarray(counts, dtype=float)))[::-1]
    if (ranked < 0).any():
        raise ValueError("A count cannot be negative.")
    return ranked, float(ranked.sum())


def _figures(ranked: Floats, share: float) -> Floats:
    """Four rows, as Spread names them, with a column for each row of counts, the fullest place first."""
    n = ranked.shape[1]
    held = np.cumsum(ranked, axis=1)
    total = held[:, -1] if n else np.zeros(len(ranked))
    if not n or not total.all():
        return np.full((4, len(ranked)), np.nan)
    least = (held < (share * total * (1 - 1e-12))[:, np.newaxis]).sum(axis=1) + 1
    gini = ranked @ (n + 1 - 2 * np.arange(1, n + 1)) / (n * total)
    generalised = np.maximum(1 - np.maximum(n / total, 1) * (1 - gini), 0)
    return np.stack([least / n, _top(held, TOP * n) / total, gini, generalised])


def _top(held: Floats, places: float) -> Floats:
    """What so many of the fullest places hold; of a broken number, the last one in proportion."""
    whole = int(places + 1e-9)
    before = held[:, whole - 1] if whole else np.zeros(len(held))
    following = held[:, min(whole, held.shape[1] - 1)]
    return before + (places - whole) * (following - before)


def _chances(weights: ArrayLike | None, n: int) -> Floats:
    given = np.ones(n) if weights is None else np.nan_to_num(np.asarray(weights, dtype=float))
    if len(given) != n:
        raise ValueError(f"There are {len(given)} weights for {n} places.")
    if (given < 0).any() or (n and not given.any()):
        raise ValueError("A weight cannot be negative, and one at least is above 0.")
    return np.sort(given) / given.sum() if n else given


def _thrown(total: int, chances: Floats, simulations: int, seed: int) -> Floats:
    if not len(chances):
        return np.zeros((simulations, 0))
    thrown = np.random.default_rng(seed).multinomial(total, chances, size=simulations)
    return np.sort(thrown, axis=1)[:, ::-1].astype(float)
