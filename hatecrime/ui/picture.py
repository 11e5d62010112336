"""A chart and its table: two tabs of one thing, with a caption and how it was made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from hatecrime.charts.maps import Map
from hatecrime.i18n import _, date_long
from hatecrime.periods import Period
from hatecrime.ui import geometry
from hatecrime.ui.made import how_made
from hatecrime.ui.session import gate
from hatecrime.ui.sidebar import area_name, basis_name, conditions
from hatecrime.ui.take import take_picture

# Streamlit hands the selected rows and marks to the page under these names.
Chart = alt.Chart | alt.LayerChart | Map
PANELS_IN_A_ROW = 3
# Up to so many rows a table is shown whole: a total below the fold is taken for missing.
ROWS_IN_VIEW = 22
Selected = Callable[[str | None], None]


@dataclass(frozen=True)
class Table:
    """The table twin of a chart: tidy rows, for each column shown its title and format; taken: those of its file."""

    frame: pd.DataFrame
    columns: dict[str, Any]
    ids: str | None = None
    taken: tuple[str, ...] = ()


def text(title: str) -> Any:
    """A column of words."""
    return st.column_config.TextColumn(title)


def whole(title: str) -> Any:
    """A column of counts, with thousands separators."""
    return st.column_config.NumberColumn(title, format="localized", width="small")


def decimal(title: str, decimals: int = 1) -> Any:
    """A column of rates or shares, with a fixed number of decimals."""
    return st.column_config.NumberColumn(title, format=f"%,.{decimals}f", width="small")


def share(title: str) -> Any:
    """A column of shares between 0 and 1, shown as percentages."""
    return st.column_config.NumberColumn(title, format="percent")


def month(title: str) -> Any:
    """A column of months."""
    return st.column_config.DateColumn(title, format="MMM YYYY")


def caption(
    measure: str, period: Period | None = None, area: str | None = None, more: str = "", basis: str = ""
) -> str:
    """
    Measure, conditions, area, period, basis and source in one line; what is not given is that of the filters.

    With a basis of its own it shows what the conditions of the filters are not about.
    """
    session = gate()
    period = period or session.filters.period
    of = [] if basis else conditions(session.filters)
    basis = basis or basis_name(session.filters.basis)
    parts = [measure, *of, area or area_name(session.filters.area), period.span() if period else "", basis]
    source = _("Source: the extracts")
    if session.facts.data_to:
        source = _("Source: extracts to {date}").format(date=date_long(session.facts.data_to))
    made_up = _("Synthetic data") if session.facts.synthetic else ""
    return ". ".join(part for part in (", ".join(filter(None, parts)), more, source, made_up) if part) + "."


def picture(
    chart: Chart | Sequence[Chart],
    table: Table,
    caption: str,
    key: str,
    made: Sequence[pd.DataFrame] = (),
    caveats: Sequence[str] = (),
    picked: str | None = None,
    on_pick: Selected | None = None,
    table_first: bool = False,
    finding: str = "",
) -> None:
    """
    Draw a chart with its table twin, caption and "How this is made".

    A list of charts is laid out side by side. Each carries its own text alternative (charts.theme.finish).
    With on_pick, clicking a mark (selection "pick" on the field "id") or a table row calls on_pick(id), or
    on_pick(None) when it is clicked away. finding is the title of its file, where that is not the last answer or
    heading above it.
    """
    session = gate()
    session.tables[key] = table.frame[list(table.taken or table.columns)]
    names = [_("Picture"), _("Table")]
    drawn, tabled = st.tabs(names) if not table_first else reversed(st.tabs(names[::-1]))
    with drawn:
        if isinstance(chart, Map | alt.TopLevelMixin):
            _chart(chart, key, on_pick)
        else:
            _panels(chart, key)
    with tabled:
        _table(table, key, picked, on_pick)
    st.caption(caption)
    if not session.is_meeting:
        take_picture(chart, caption, key, finding)
        how_made(made, caveats, key)


def _panels(charts: Sequence[Chart], key: str) -> None:
    """Small charts side by side, each as wide as there is room."""
    wide = 2 if gate().is_meeting else PANELS_IN_A_ROW
    for start in range(0, len(charts), wide):
        for place, i in zip(st.columns(wide), range(start, min(start + wide, len(charts))), strict=False):
            with place:
                _chart(charts[i], f"{key}_{i}", None)


def _chart(chart: Chart, key: str, on_pick: Selected | None) -> None:
    if on_pick is None or not _can_be_picked(chart):
        _draw(chart, key)
        return

    def tell() -> None:
        marks = st.session_state[key].selection.get("pick") or []
        on_pick(marks[0].get("id") if marks else None)
        # A new table is drawn with the row of the mark selected: Streamlit cannot change a selection.
        st.session_state[f"{key}_turn"] = st.session_state.get(f"{key}_turn", 0) + 1

    _draw(chart, key, on_select=tell, selection_mode="pick")


def _draw(chart: Chart, key: str, **selecting: Any) -> None:
    """The chart in its own look. Streamlit names it for screen readers by a parameter of its own."""
    if isinstance(chart, Map):
        spec = chart.spec(geometry.links(chart.addresses))
        st.vega_lite_chart(spec=spec, theme=None, key=key, alt=chart.name, **selecting)
        return
    said, chart = chart.description, chart.copy(deep=False)
    # Streamlit warns where both are given.
    chart.description = alt.Undefined
    st.altair_chart(chart, theme=None, key=key, alt=said, **selecting)


def _can_be_picked(chart: Chart) -> bool:
    """Whether its marks can be clicked: those of a map can, the bars of places without outlines cannot."""
    if isinstance(chart, Map):
        return chart.can_be_picked
    parts = (chart, *(chart.layer if isinstance(chart, alt.LayerChart) else ()))
    return any(part.params is not alt.Undefined for part in parts)


def _table(table: Table, key: str, picked: str | None, on_pick: Selected | None) -> None:
    shown: dict[str, Any] = {
        "hide_index": True,
        "column_order": list(table.columns),
        "column_config": table.columns,
        "height": "content" if len(table.frame) <= ROWS_IN_VIEW else "auto",
    }
    if on_pick is None or table.ids is None:
        st.dataframe(table.frame, key=f"{key}_table", **shown)
        return
    ids = table.frame[table.ids].tolist()
    table_key = f"{key}_table_{st.session_state.get(f'{key}_turn', 0)}"

    def tell() -> None:
        rows = st.session_state[table_key].selection.rows
        on_pick(ids[rows[0]] if rows else None)

    rows = [ids.index(picked)] if picked in ids else []
    st.dataframe(
        table.frame,
        key=table_key,
        on_select=tell,
        selection_mode="single-row",
        selection_default={"selection": {"rows": rows, "columns": [], "cells": []}},
        **shown,
    )
