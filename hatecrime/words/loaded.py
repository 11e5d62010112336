"""The data page in words: what was loaded and refused, whether every row is accounted for, what a load changed."""

import pandas as pd

from hatecrime.i18n import _, date_long, ngettext, number
from hatecrime.words.numbers import sentences


def answer(extracts: pd.DataFrame, checks: pd.DataFrame) -> str:
    """
    What the extracts held and what became of it; extracts as extracts/loaded gives them, checks with n.

    >>> row = {"rows_read": [10], "rows_kept": [8], "rows_refused": [1], "rows_collapsed": [1]}
    >>> row |= {"rows_updated": [0], "rows_withdrawn": [0], "values_refused": [0]}
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


def changed(found: pd.DataFrame, quarters: int) -> str:
    """
    What one extract did to the records of its source, and in how many quarters the figures moved.

    found holds the rows of extracts/changes for one extract.

    >>> rows = {"change": ["new", "changed", "withdrawn"], "n": [9, 7, 3], "field": None}
    >>> changed(pd.DataFrame(rows).assign(file="a.csv", received_on=pd.Timestamp("2017-04-30")), 2)
    'The extract of 30 April 2017 (a.csv) brought 9 new records, changed 7 and withdrew 3; figures moved in 2 quarters.'
    """
    counts = found[found["field"].isna()].set_index("change")["n"]
    if not counts.any():
        return _("The extract {name} changed nothing.").format(name=_named(found.iloc[0]))
    new = int(counts.get("new", 0))
    return _("The extract {name} brought {new}, changed {changed} and withdrew {withdrawn}; {moved}.").format(
        name=_named(found.iloc[0]),
        new=ngettext("{n} new record", "{n} new records", new).format(n=number(new)) if new else _("no new record"),
        changed=_some(counts.get("changed", 0)),
        withdrawn=_some(counts.get("withdrawn", 0)),
        moved=_moved(quarters),
    )


def _named(extract: pd.Series) -> str:
    """
    >>> _named(pd.Series({"file": "a.csv", "received_on": None}))
    'a.csv'
    """
    if pd.isna(extract["received_on"]):
        return str(extract["file"])
    return _("of {date} ({file})").format(date=date_long(extract["received_on"]), file=extract["file"])


def _some(n: int) -> str:
    return number(n) if n else _("none")


def _moved(quarters: int) -> str:
    if not quarters:
        return _("the figure of no quarter moved")
    message = ngettext("figures moved in {n} quarter", "figures moved in {n} quarters", quarters)
    return message.format(n=number(quarters))


def _rows(extracts: pd.DataFrame) -> str:
    message = ngettext(
        "{n} extract is loaded: {read}, {kept} kept, {refused} refused and {folded}.",
        "{n} extracts are loaded: {read}, {kept} kept, {refused} refused and {folded}.",
        len(extracts),
    )
    read = int(extracts["rows_read"].sum())
    return message.format(
        n=number(len(extracts)),
        read=ngettext("{n} row read", "{n} rows read", read).format(n=number(read)),
        kept=number(extracts["rows_kept"].sum()),
        refused=number(extracts["rows_refused"].sum()),
        folded=folded(extracts),
    )


def folded(extracts: pd.DataFrame) -> str:
    """
    What became of the rows that are neither kept nor refused: a later extract may have replaced or withdrawn them.

    >>> folded(pd.DataFrame({"rows_collapsed": [9, 1], "rows_updated": [0, 6], "rows_withdrawn": [0, 2]}))
    '2 folded into others, 6 replaced and 2 withdrawn by a later extract'
    """
    updated, withdrawn = int(extracts["rows_updated"].sum()), int(extracts["rows_withdrawn"].sum())
    own = number(int(extracts["rows_collapsed"].sum()) - updated - withdrawn)
    if not updated + withdrawn:
        return _("{n} folded into others").format(n=own)
    message = _("{n} folded into others, {replaced} replaced and {withdrawn} withdrawn by a later extract")
    return message.format(n=own, replaced=number(updated), withdrawn=number(withdrawn))


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
