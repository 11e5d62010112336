"""Tables to take away, safe to open in a spreadsheet."""

import pandas as pd

from hatecrime.shape.cells import without_formulas


def to_csv(frame: pd.DataFrame) -> bytes:
    """The rows as CSV; with a byte-order mark, Excel reads ŵ and ŷ."""
    return without_formulas(frame).to_csv(index=False).encode("utf-8-sig")
