"""The shared table: all that a protected audience can reach, and nothing else."""

from datetime import date

import numpy as np
import pandas as pd

from hatecrime.protect.audience import Audience
from hatecrime.protect.cell_key import perturbed, without
from hatecrime.protect.cells import Counts, System, system
from hatecrime.protect.plan import YEAR
from hatecrime.protect.suppress import rounded, suppressed

WITHHELD = "c"
COLUMNS = ("measure", "level", "area", "period", "start", "by", "code", "n", "symbol")


def shared_table(audience: Audience, counts: Counts, areas: pd.DataFrame, complete_to: date | None) -> pd.DataFrame:
    """
    One row for each cell that is offered: the columns of COLUMNS, in the order of the offers.

    n is <NA> and symbol "c" where the cell is withheld, for whatever reason. See cells.system() for what is given.
    """
    cells = system(audience, counts, areas, complete_to)
    return _as_offered(audience, cells, _shown(audience, cells))


def _shown(audience: Audience, cells: System) -> pd.Series:
    """n of every cell as it may be seen: suppressed first, rounded after."""
    if audience.method == "cell_key":
        return perturbed(cells.n, cells.cells["key"].to_numpy("int64"), audience)
    hidden = np.zeros(len(cells.n), dtype=bool)
    if audience.method == "suppress":
        hidden = suppressed(cells, audience).hidden
    return without(rounded(cells.n, audience.rounding), hidden)


def _as_offered(audience: Audience, cells: System, shown: pd.Series) -> pd.DataFrame:
    """A year is a rolling year too, where both are offered: one cell, and so one figure."""
    known = cells.cells[["measure", "level", "area", "start", "months", "by", "code"]].assign(n=shown.array)
    known = known[cells.cells["offered"]]
    found = [_of_offer(known, offer.measure, offer.level, offer.period, offer.shown) for offer in audience.offers]
    made = pd.concat([known.iloc[:0].assign(period="", symbol=""), *found], ignore_index=True)[list(COLUMNS)]
    texts = dict.fromkeys(("measure", "level", "area", "period", "by", "code", "symbol"), "str")
    return made.astype({**texts, "n": "Int64"})


def _of_offer(known: pd.DataFrame, measure: str, level: str, period: str, shown: tuple[str, ...]) -> pd.DataFrame:
    length = {"month": 1, "quarter": 3}.get(period, YEAR)
    mine = known[
        (known["measure"] == measure)
        & (known["level"] == level)
        & (known["months"] == length)
        & known["by"].isin(shown)
    ]
    if period == "year":
        mine = mine[mine["start"].dt.month == 4]
    symbol = mine["n"].isna().map({True: WITHHELD, False: ""})
    return mine.assign(period=period, symbol=symbol).sort_values(["by", "area", "start", "code"])
