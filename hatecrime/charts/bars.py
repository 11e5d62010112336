"""Horizontal bars: how much of each, with its interval, labelled directly."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from hatecrime.charts.theme import Look, finish

STEP = 34
ROOM_FOR_LABELS = 1.22


def bars(
    frame: pd.DataFrame,
    look: Look,
    *,
    measure: str,
    alt_text: str,
    value: str = "n",
    decimals: int = 0,
    unit: str = "",
    low: str | None = None,
    high: str | None = None,
    before: str | None = None,
    before_title: str = "",
    note: str | None = None,
    emphasis: str | None = None,
    interval_title: str = "",
) -> alt.LayerChart:
    """
    One bar per row of frame, in its order, from zero.

    frame has label and the value; low and high name the columns of its interval, drawn as a line through the end of
    the bar; before names what it is compared with, drawn as a tick; note names a text that stands after the figure;
    emphasis is the one label drawn in full colour, the others turn grey.
    """
    rows = _rows(frame, value, decimals, unit, note)
    ends = [column for column in (value, high, before) if column]
    top = float(rows[ends].max().max()) if len(rows) else 0.0
    x = alt.X(
        f"{value}:Q", title=None, axis=None, scale=alt.Scale(domain=[0, (top or 1) * ROOM_FOR_LABELS], nice=False)
    )
    y = alt.Y("label:N", title=None, sort=rows["label"].tolist(), axis=_label_axis(look))
    tooltip = _tooltip(measure, value, decimals, low, high, before, before_title, interval_title)
    base = alt.Chart(rows).encode(y=y, tooltip=tooltip)
    layers = [base.mark_bar(height={"band": 0.62}, cornerRadiusEnd=2).encode(x=x, color=_colour(look, emphasis))]
    if before:
        layers.append(_ticks(base, look, before))
    if low and high:
        layers.append(_intervals(base, look, low, high))
    layers.append(_figures(base, look, high or value, before))
    chart = alt.layer(*layers).properties(height=alt.Step(round(STEP * look.font_size / 13)))
    return finish(chart, look, alt_text)


def _rows(frame: pd.DataFrame, value: str, decimals: int, unit: str, note: str | None) -> pd.DataFrame:
    figures = frame[value].map(lambda number: "–" if pd.isna(number) else f"{number:,.{decimals}f}{unit}")
    if note:
        figures = figures + "  " + frame[note].fillna("").astype(str)
    return frame.assign(figure=figures.astype(str))


def _label_axis(look: Look) -> alt.Axis:
    return alt.Axis(
        labelColor=look.text, labelFontSize=look.font_size, labelLimit=230, domain=False, ticks=False, grid=False
    )


def _colour(look: Look, emphasis: str | None) -> Any:
    if emphasis is None:
        return alt.value(look.main)
    return alt.condition(alt.datum.label == emphasis, alt.value(look.main), alt.value(look.before))


def _ticks(base: alt.Chart, look: Look, before: str) -> alt.Chart:
    """Two tones, so that the tick stands out on the bar as well as beside it."""
    return base.mark_tick(thickness=3, size=24, color=look.accent, opacity=1).encode(x=f"{before}:Q")


def _intervals(base: alt.Chart, look: Look, low: str, high: str) -> alt.LayerChart:
    line = {"x": alt.X(f"{low}:Q"), "x2": alt.X2(f"{high}:Q")}
    halo = base.mark_rule(strokeWidth=4, color=look.ground).encode(**line)
    return alt.layer(halo, base.mark_rule(strokeWidth=1.6, color=look.muted).encode(**line))


def _figures(base: alt.Chart, look: Look, end: str, before: str | None) -> alt.Chart:
    ends = [f"datum['{end}'] || 0"] + ([f"datum['{before}'] || 0"] if before else [])
    farthest = f"max({', '.join(ends)})" if before else ends[0]
    return (
        base.transform_calculate(end=farthest)
        .mark_text(align="left", dx=8, color=look.text, fontSize=look.font_size)
        .encode(x="end:Q", text="figure:N")
    )


def _tooltip(
    measure: str,
    value: str,
    decimals: int,
    low: str | None,
    high: str | None,
    before: str | None,
    before_title: str,
    interval_title: str,
) -> Sequence[alt.Tooltip]:
    number = f",.{decimals}f"
    shown = [alt.Tooltip("label:N", title=" "), alt.Tooltip(f"{value}:Q", title=measure, format=number)]
    if before:
        shown.append(alt.Tooltip(f"{before}:Q", title=before_title, format=number))
    if low and high:
        shown += [
            alt.Tooltip(f"{low}:Q", title=f"{interval_title} ≥", format=f",.{max(decimals, 1)}f"),
            alt.Tooltip(f"{high}:Q", title=f"{interval_title} ≤", format=f",.{max(decimals, 1)}f"),
        ]
    return shown
