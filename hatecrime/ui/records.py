"""Tables to take away, safe to open in a spreadsheet."""

import pandas as pd

# What a spreadsheet takes for the start of a formula.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(frame: pd.DataFrame) -> bytes:
    """The rows as CSV; with a byte-order mark, Excel reads ŵ and ŷ."""
    return without_formulas(frame).to_csv(index=False).encode("utf-8-sig")


def without_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts that a spreadsheet would run begin with an apostrophe, which makes them words; figures stay figures."""
    texts = frame.select_dtypes(["object", "str"]).columns
    return frame.assign(**{column: frame[column].map(_harmless) for column in texts})


def _harmless(value: object) -> object:
    """
    >>> _harmless("=1+1"), _harmless("-12.5"), _harmless("Sale")
    ("'=1+1", '-12.5', 'Sale')
    """
    if not isinstance(value, str) or not value.startswith(STARTS_A_FORMULA) or _is_number(value):
        return value
    return f"'{value}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
