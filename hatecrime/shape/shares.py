"""Parts of totals by quarter, each with its interval."""

import numpy as np
import pandas as pd

from hatecrime.periods import quarter_label
from hatecrime.stats.intervals import wilson

# A percentage of fewer says more about chance than about anything else.
FEWEST = 10


def by_quarter(frame: pd.DataFrame, part: str, total: str) -> pd.DataFrame:
    """
    period, label, part, total, and share, low and high in percent, missing where the total is below ten.

    frame has period (the first day of a quarter) and the two named columns; every quarter between the first and
    the last one has a row.
    """
    known = frame.dropna(subset="period").set_index("period")[[part, total]].set_axis(["part", "total"], axis=1)
    if known.empty:
        return pd.DataFrame(columns=["period", "label", "part", "total", "share", "low", "high"])
    quarters = pd.date_range(known.index.min(), known.index.max(), freq="QS")
    rows = known.reindex(quarters, fill_value=0).rename_axis("period").reset_index()
    rows = rows.assign(label=[quarter_label(day.date()) for day in rows["period"]])
    return rows.assign(**_percentages(rows["part"], rows["total"]))


def spans(rows: pd.DataFrame, since: pd.Timestamp) -> pd.DataFrame:
    """All quarters before a day as one, and all from it on: first and last label, part, total, share, low, high."""
    halves = [half for half in (rows[rows["period"] < since], rows[rows["period"] >= since]) if len(half)]
    ends = [(half["label"].iloc[0], half["label"].iloc[-1], half["part"].sum(), half["total"].sum()) for half in halves]
    joined = pd.DataFrame(ends, columns=["first", "last", "part", "total"])
    return joined.assign(**_percentages(joined["part"], joined["total"]))


def _percentages(part: pd.Series, total: pd.Series) -> dict[str, np.ndarray]:
    interval = wilson(part.to_numpy(dtype=float), total.to_numpy(dtype=float))
    enough = total.to_numpy() >= FEWEST
    named = {"share": interval.estimate, "low": interval.low, "high": interval.high}
    return {name: np.where(enough, 100 * values, np.nan) for name, values in named.items()}
