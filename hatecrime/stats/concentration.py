"""How much of the whole lies in few places."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Concentration:
    """The areas with most incidents and what they hold of the total."""

    areas: tuple[str, ...]
    n: float
    total: float
    share: float
    tied_out: int


def top_share(counts: pd.Series, k: int) -> Concentration:
    """
    What share of all incidents lies in the k areas with most?

    The sum of the k highest counts / the sum of all. Areas without an incident are never among the k.

    Parameters: counts, incidents, one row per area with the area as index, missing = 0; k, areas, 1 or more.
    Result: at most k areas, the highest first; n and total, incidents; share between 0 and 1, nan of nothing;
    tied_out, areas left out although they have as many as the last one taken.
    Misleads with few incidents: chance alone puts much into few places (see share_by_chance).
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


def areas_for_share(counts: pd.Series, share: float = 0.5) -> int:
    """
    How few areas hold half of all incidents?

    The least k whose k highest counts add up to at least share × total.

    Parameters: counts, incidents, one row per area, missing = 0; share above 0, up to 1.
    Result: areas, 0 where there is no incident.
    Misleads as top_share does.
    Reference: as top_share.

    >>> areas_for_share(pd.Series([30, 1, 45, 24]))
    2
    """
    ranked = np.sort(counts.fillna(0).to_numpy(float))[::-1].cumsum()
    if not len(ranked) or ranked[-1] == 0:
        return 0
    return int(np.searchsorted(ranked, share * ranked[-1] * (1 - 1e-12))) + 1


def share_by_chance(total: int, weights: pd.Series, k: int, draws: int = 999, seed: int = 0) -> float:
    """
    What share would the k fullest areas hold if nothing but chance and their weight placed the incidents?

    The mean over draws of the top-k share of a multinomial with probabilities weights / sum(weights).

    Parameters: total, incidents; weights, one per area, 0 or more (ones, or people); k, areas; draws; seed.
    Result: a share, between k / areas (for equal weights) and 1; nan without incidents or weights.
    Misleads when weights are residents and incidents follow those who visit.
    Reference: Bernasco and Steenbeek 2017, Journal of Quantitative Criminology 33, 451-467.

    >>> round(share_by_chance(20, pd.Series([1] * 20), 3), 1)
    0.4
    """
    sizes = weights.fillna(0).to_numpy(float)
    if total < 1 or sizes.sum() == 0:
        return float("nan")
    drawn = np.random.default_rng(seed).multinomial(total, sizes / sizes.sum(), size=draws)
    return float(np.sort(drawn, axis=1)[:, ::-1][:, :k].sum(axis=1).mean() / total)
