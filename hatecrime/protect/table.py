"""The shared table: all that a protected audience can reach, and nothing else."""

from datetime import date

import numpy as np
import pandas as pd

from hatecrime.i18n import _
from hatecrime.protect.audience import Audience
from hatecrime.protect.cell_key import perturbed, without
from hatecrime.protect.cells import Counts, System, system
from hatecrime.protect.plan import YEAR
from hatecrime.protect.suppress import rounded, suppressed
from hatecrime.settings import SettingsError

WITHHELD = "c"
COLUMNS = ("measure", "level", "area", "period", "start", "by", "code", "n", "symbol")


def shared_table(
    audience: Audience, counts: Counts, areas: pd.DataFrame, complete_to: date | None, secret: bytes
) -> pd.DataFrame:
    """
    One row for each cell that is offered: the columns of COLUMNS, in the order of the offers.

    n is <NA> and symbol "c" where the cell is withheld, for whatever reason. See cells.system() for what is given, and
    suppress.suppressed() for the secret.
    """
    cells = system(audience, counts, areas, complete_to)
    return _as_offered(audience, cells, _shown(audience, cells, secret))


def withheld_too(table: pd.DataFrame, trusted: pd.DataFrame, names: tuple[str, str]) -> pd.DataFrame:
    """
    The table without what a more trusted audience is not shown either.

    Partners see what the public sees as well, so nothing may be in the table of the public that theirs withholds. names
    are those of the two audiences. Raises SettingsError where the first is offered what the second is not.
    """
    cell = [name for name in COLUMNS if name not in ("n", "symbol")]
    symbols = table[cell].merge(trusted[[*cell, "symbol"]], how="left", on=cell)["symbol"]
    beyond = table.loc[symbols.isna().to_numpy(), ["measure", "level", "period", "by"]].drop_duplicates()
    if len(beyond):
        sentence = _(
            "data/settings.toml offers the audience “{name}” what “{trusted}” is not offered: {tables}. "
            "Offer it to both."
        )
        tables = "; ".join(" ".join(filter(None, row)) for row in beyond.itertuples(index=False))
        raise SettingsError(sentence.format(name=names[0], trusted=names[1], tables=tables))
    hidden = table["n"].isna().to_numpy() | (symbols == WITHHELD).to_numpy()
    n = without(table["n"].fillna(0).to_numpy("int64"), hidden)
    return table.assign(n=n.array, symbol=np.where(hidden, WITHHELD, table["symbol"])).astype({"symbol": "str"})


def _shown(audience: Audience, cells: System, secret: bytes) -> pd.Series:
    """n of every cell as it may be seen: suppressed first, rounded after."""
    if audience.method == "cell_key":
        return perturbed(cells.n, cells.cells["key"].to_numpy("int64"), audience)
    hidden = np.zeros(len(cells.n), dtype=bool)
    if audience.method == "suppress":
        hidden = suppressed(cells, audience, secret=secret).hidden
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
