"""Cells that a spreadsheet shows and never runs."""

import re

import pandas as pd

# What a spreadsheet takes for the start of a formula, in any width of letters.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?(\d[\d,]*(\.\d*)?|\.\d+)([eE][+-]?\d+)?%?")


def without_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts that a spreadsheet would run begin with an apostrophe, which makes them words; figures stay figures."""
    texts = frame.select_dtypes(["object", "str", "string", "category"]).columns
    made = frame.assign(**{column: frame[column].astype(object).map(harmless) for column in texts})
    return made.set_axis([harmless(column) for column in frame.columns], axis=1)


def harmless(value: object) -> object:
    """
    >>> harmless("=1+1"), harmless("-12.5"), harmless("Sale")
    ("'=1+1", '-12.5', 'Sale')
    """
    if not isinstance(value, str) or not value.startswith(STARTS_A_FORMULA) or NUMBER.fullmatch(value):
        return value
    return f"'{value}"
