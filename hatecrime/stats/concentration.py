"""How much of the whole lies in few places."""

from dataclasses import dataclass

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
