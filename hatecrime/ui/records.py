"""Files to take away: safe to open in a spreadsheet, marked at their foot, and noted before they are given."""

import csv
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from hatecrime.i18n import language, speaking
from hatecrime.reports.footer import as_comments, footer
from hatecrime.shape.cells import without_formulas
from hatecrime.ui.log import noting_export
from hatecrime.ui.session import gate
from hatecrime.ui.sidebar import basis_name, describe

# Makes the file from the lines of its footer.
Write = Callable[[Sequence[str]], str | bytes]

# Streamlit's own buttons on a chart give a file or a text that nobody marks or notes, and no setting takes them away.
_UNMARKED = ("Download as PNG", "Copy Vega-Lite spec")


def hide_unmarked() -> None:
    """Leave only the ways out that are marked and noted; data frames have theirs taken away in config.toml."""
    buttons = ", ".join(f'button[aria-label^="{name}"]' for name in _UNMARKED)
    st.html(f"<style>{buttons} {{ display: none }}</style>")


def offer(
    label: str,
    write: Write,
    file_name: str,
    mime: str = "text/csv",
    filters: str | None = None,
    key: str | None = None,
) -> None:
    """
    A button that gives a file. filters: what the file shows, in words; those of the page, if not given.

    The file is written when it is asked for and not before: only then is it there to be had, and noted. That happens
    on another thread, so what it needs of this visit is taken along.
    """
    session, spoken = gate(), language()
    shown = f"{describe(session.filters)} · {basis_name(session.filters.basis)}" if filters is None else filters
    note = noting_export(session, file_name)

    def made() -> str | bytes:
        note()
        with speaking(spoken):
            return write(footer(session.facts, session.audience, shown))

    st.download_button(
        label, made, file_name=file_name, mime=mime, icon=":material/download:", key=key, on_click="ignore"
    )


def to_csv(frame: pd.DataFrame, lines: Sequence[str] = ()) -> bytes:
    """
    The rows as CSV and, after an empty line, the lines of a footer; with a byte-order mark, Excel reads ŵ and ŷ.

    Texts are quoted, so that a # in one of them does not begin a comment.
    """
    rows = without_formulas(frame).to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    return (rows + ("\n" + as_comments(lines) if lines else "")).encode("utf-8-sig")
