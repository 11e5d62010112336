"""Codes with the words people read."""

import pandas as pd

from hatecrime.database import NOT_RECORDED
from hatecrime.dictionary import CodeList, code_list
from hatecrime.i18n import _, language


def with_labels(frame: pd.DataFrame, column: str, list_name: str) -> pd.DataFrame:
    """Adds `label`, in the language in use, for the codes of a column; an unlisted code is its own label."""
    codes = code_list(list_name)
    labels = {code: label_of(code, codes) for code in frame[column].unique()}
    return frame.assign(label=frame[column].map(labels).astype("str"))


def in_list_order(frame: pd.DataFrame, column: str, list_name: str) -> pd.DataFrame:
    """The rows in the order of the code list; codes that it does not have come last."""
    order = {code: position for position, code in enumerate(code_list(list_name))}
    position = frame[column].map(order).fillna(len(order))
    return frame.assign(_position=position).sort_values("_position", kind="stable").drop(columns="_position")


def label_of(code: str, codes: CodeList) -> str:
    """The label of one code."""
    if code == NOT_RECORDED:
        return _("Not recorded")
    return codes.label(code, language()) if code in codes else code


def name_in_language(frame: pd.DataFrame) -> pd.Series:
    """The names of a frame with name_en and name_cy; in English where there is no other."""
    english = frame["name_en"]
    return frame["name_cy"].fillna(english) if language() == "cy" else english
