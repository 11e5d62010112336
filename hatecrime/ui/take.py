"""Pictures to share: each chart as a file for a slide or a report, with its words, and what to write beside it."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from hatecrime.i18n import _, language
from hatecrime.reports.pictures import FORMATS, Drawn, Panel, Picture
from hatecrime.ui.records import offer
from hatecrime.ui.session import gate


def take_picture(chart: Drawn | Sequence[Drawn | Panel], caption: str, key: str, finding: str = "") -> None:
    """
    A button that opens the three formats and the text alternative; several charts go as one file.

    finding is its title; the last sentence above it, where none is given.
    """
    box = st.popover(_("Take this picture"), icon=":material/image:", key=f"{key}_take", on_change="rerun")
    # What is not open costs nothing.
    if not box.open:
        return
    picture = Picture(_several(chart), finding or _title(caption), caption)
    with box:
        st.caption(_("With its title, caption, source and marking, on white. Made when you ask for it."))
        for ending, label in _labels().items():
            write, mime = FORMATS[ending]
            made = partial(write, picture, language=language())
            # The caption says what is shown.
            offer(label, made, f"{key}.{ending}", mime, filters="", key=f"{key}_take_{ending}")
        st.caption(_("In words, for those who do not see it. It is in the file too."))
        st.code(picture.alt_text, language=None, wrap_lines=True)


def _labels() -> dict[str, str]:
    return {
        "png": _("PNG, for slides and documents"),
        "svg": _("SVG, to be enlarged or edited"),
        "pdf": _("PDF, for print"),
    }


def _several(chart: Drawn | Sequence[Drawn | Panel]) -> tuple[Drawn | Panel, ...]:
    return tuple(chart) if isinstance(chart, Sequence) else (chart,)


def _title(caption: str) -> str:
    """The finding that stands above the picture, else the first sentence of its caption."""
    said = gate().findings
    return said[-1] if said else caption.partition(". ")[0]
