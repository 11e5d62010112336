"""Short texts that several pages share: titles of trend charts, notes beside figures, text alternatives."""

import pandas as pd

from hatecrime.charts.trend import Titles
from hatecrime.i18n import _, number
from hatecrime.stats.change import Change
from hatecrime.ui.compared import change_note

MOST_READ_OUT = 12


def titles(measure: str) -> Titles:
    """The words of a trend chart."""
    return Titles(
        measure=measure,
        month=_("Month"),
        before=_("a year earlier"),
        provisional=_("provisional"),
        status=_("Status"),
        final=_("final"),
    )


def against(change: Change) -> str:
    """A figure's note: what it was a year earlier, and the change with its interval."""
    if change.reason == "missing":
        return _("no figure from a year earlier")
    text = _("{before} a year earlier; {change}")
    return text.format(before=number(change.before), change=change_note(change))


def alt_of(rows: pd.DataFrame, finding: str, value: str = "n", decimals: int = 0) -> str:
    """A text alternative that reads out the largest figures."""
    read = rows.nlargest(MOST_READ_OUT, value)
    figures = [f"{label} {number(n, decimals)}" for label, n in zip(read["label"], read[value], strict=True)]
    return f"{finding}: {', '.join(figures)}."
