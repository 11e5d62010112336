"""The answer of the data page: what was loaded, what was refused, and whether every row is accounted for."""

import pandas as pd

from hatecrime.i18n import _, ngettext, number
from hatecrime.words.numbers import sentences


def answer(extracts: pd.DataFrame, checks: pd.DataFrame) -> str:
    """
    What the extracts held and what became of it; extracts as extracts/loaded gives them, checks with n.

    >>> row = {"rows_read": [10], "rows_kept": [8], "rows_refused": [1], "rows_collapsed": [1], "values_refused": [0]}
    >>> answer(pd.DataFrame(row), pd.DataFrame({"n": [0]}))[:55]
    '1 extract is loaded: 10 rows read, 8 kept, 1 refused an'
    """
    if extracts.empty:
        return _("No extract is loaded.")
    return sentences(_rows(extracts), _values(extracts), account(extracts), _checks(checks))


def account(extracts: pd.DataFrame) -> str:
    """
    Whether read is kept, refused and folded rows together, in every extract.

    >>> row = {"file": ["a"], "rows_read": [3], "rows_kept": [1], "rows_refused": [1], "rows_collapsed": [0]}
    >>> account(pd.DataFrame(row))
    'The rows of a do not add up: 1 of 3 is not accounted for.'
    """
    missing = extracts["rows_read"] - extracts[["rows_kept", "rows_refused", "rows_collapsed"]].sum(axis=1)
    if not missing.any():
        return _("Every row is accounted for.")
    worst = extracts.loc[missing.abs().idxmax()]
    lost = int(missing.abs().max())
    message = ngettext(
        "The rows of {file} do not add up: {n} of {read} is not accounted for.",
        "The rows of {file} do not add up: {n} of {read} are not accounted for.",
        lost,
    )
    return message.format(file=worst["file"], n=number(lost), read=number(worst["rows_read"]))


def _rows(extracts: pd.DataFrame) -> str:
    message = ngettext(
        "{n} extract is loaded: {read}, {kept} kept, {refused} refused and {folded} folded into identical ones.",
        "{n} extracts are loaded: {read}, {kept} kept, {refused} refused and {folded} folded into identical ones.",
        len(extracts),
    )
    read = int(extracts["rows_read"].sum())
    return message.format(
        n=number(len(extracts)),
        read=ngettext("{n} row read", "{n} rows read", read).format(n=number(read)),
        kept=number(extracts["rows_kept"].sum()),
        refused=number(extracts["rows_refused"].sum()),
        folded=number(extracts["rows_collapsed"].sum()),
    )


def _values(extracts: pd.DataFrame) -> str:
    values = int(extracts["values_refused"].sum())
    if not values:
        return ""
    message = ngettext(
        "{n} more value is refused in a row that is kept.", "{n} more values are refused in rows that are kept.", values
    )
    return message.format(n=number(values))


def _checks(checks: pd.DataFrame) -> str:
    failed = int((checks["n"] > 0).sum())
    if not failed:
        return ngettext("The one check finds nothing.", "All {n} checks find nothing.", len(checks)).format(
            n=number(len(checks))
        )
    message = ngettext(
        "{failed} of {n} checks finds records to look at.", "{failed} of {n} checks find records to look at.", failed
    )
    return message.format(failed=number(failed), n=number(len(checks)))
