"""Every source beside the others, by five measures."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from hatecrime.i18n import MISSING, _, number, percent
from hatecrime.shape import quality as shape
from hatecrime.ui.data_view import reading_table, table
from hatecrime.ui.page import note, section
from hatecrime.ui.picture import share, text, whole
from hatecrime.ui.quality_view import Measured
from hatecrime.words import quality as words
from hatecrime.words.numbers import SMALL

# Beyond so many sources they stand one under the other, in a table that scrolls.
MOST_SIDE_BY_SIDE = 7


def draw_sources(of: Measured) -> None:
    """Complete, valid, in time, each record once, without contradictions: source by source."""
    rows = shape.by_source(of.extracts, of.both, of.lags, of.found)
    section(words.sources(rows))
    if len(rows) <= MOST_SIDE_BY_SIDE:
        _draw_side_by_side(rows)
    else:
        table(rows, {"source": text(_("Source")), **_columns()}, "sources")
    note(
        _("Fields filled: of the fields the source sends, in {period}.").format(period=of.period.label()),
        _("Days to record: from the incident to its record. No share is given of fewer than {n} records.").format(
            n=number(SMALL)
        ),
    )


def _draw_side_by_side(rows: pd.DataFrame) -> None:
    """Measures down, sources across: as many columns as there are sources, so nothing is cut off."""
    names = _names()
    shown = pd.DataFrame(
        [
            {"kind": kind, "measure": title, **dict(zip(rows["source"], map(write, rows[column]), strict=True))}
            for column, (kind, title, write) in names.items()
        ]
    )
    columns = {"kind": _("Measure"), "measure": _("Of each source"), **{source: source for source in rows["source"]}}
    reading_table(shown, columns, "sources")


def _names() -> dict[str, tuple[str, str, Callable[[Any], str]]]:
    """Each column with the measure it belongs to, its name, and how it is written."""
    complete, valid, timely = _("Complete"), _("Valid"), _("In time")
    once, consistent = _("Each once"), _("Consistent")
    return {
        "complete": (complete, _("Fields filled"), _share),
        "accepted": (valid, _("Rows not refused"), _share),
        "whole": (valid, _("Rows without a refused value"), _share),
        "lag_median": (timely, _("Days to record, half within"), _count),
        "lag_90": (timely, _("Days to record, 90% within"), _count),
        "late_share": (timely, _("Recorded after {days} days").format(days=shape.LATE), _share),
        "wait_last": (timely, _("Days from last record to receipt"), _count),
        "rows_collapsed": (once, _("Rows folded"), _count),
        "repeated": (once, _("References used twice"), _count),
        "error": (consistent, _("To be mended"), _count),
        "warning": (consistent, _("To be looked at"), _count),
        "information": (consistent, _("For information"), _count),
    }


def _columns() -> dict[str, Any]:
    return {column: (share if write is _share else whole)(title) for column, (_kind, title, write) in _names().items()}


def _share(value: Any) -> str:
    return MISSING if pd.isna(value) else percent(value, 1)


def _count(value: Any) -> str:
    return MISSING if pd.isna(value) else number(value)
