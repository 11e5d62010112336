"""Horizontal bars: how much of each, with its interval, labelled directly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from hatecrime.charts.theme import Look, finish

STEP = 34
ROOM_FOR_LABELS = 1.22
# Where charts share a scale, they must share this as well.
SHARED_ROOM = 1.6
# In pixels: the narrowest place for bars, beside others on the smallest screen, and the least that a bar is left.
HALF_A_PAGE = 375
LEAST_BAR = 40
# Of the size of the type: a letter, on average.
LETTER = 0.56
# In multiples of the type: the longest labels of the code lists, whole.
LONGEST_LABEL = 33


def bars(
    frame: pd.DataFrame,
    look: Look,
    *,
    measure: str,
    alt_text: str,
    noun: str = " ",
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
    withheld: str | None = None,
    top: float | None = None,
) -> alt.LayerChart:
    """
    One bar per row of frame, in its order, from zero.

    frame has label and the value; low and high name the columns of its interval, drawn as a line;
    before names what it is compared with, drawn as a pale bar behind; note names a text that stands after the
    figure; emphasis is the one label drawn in full colour, the others turn grey; noun says what a label is;
    withheld names a text that stands in place of a figure that is missing; top is the highest of all, where several
    charts share a scale.
    """
    rows = _rows(frame, value, decimals, unit, note, withheld)
    ends = [column for column in (value, high, before) if column]
    shared, top = top is not None, max(float(rows[ends].max().max()) if len(rows) else 0.0, top or 0.0)
    room = SHARED_ROOM if shared else _room(rows, ends, top, look)
    x = _Length(top * room if top > 0 else 1.0)
    y = alt.Y("label:N", title=None, sort=rows["label"].tolist(), axis=_label_axis(look))
    tooltip = _tooltip(noun, measure, value, decimals, low, high, before, before_title, interval_title)
    if withheld:
        # A missing number would be called null.
        tooltip = [alt.Tooltip("label:N", title=noun), alt.Tooltip("figure:N", title=measure)]
    base = alt.Chart(rows).encode(y=y, tooltip=tooltip)
    layers: list[Any] = [_earlier(base, look, x, before)] if before else []
    if low and high and before:
        # A bar, a paler bar and a line on one another cannot be read: here the figure is a dot on its line.
        layers += [_interval(base, look.main, x, low, high), _dot(base, look, x, value)]
    else:
        thickness = {"band": 0.4 if before else 0.62}
        bar = base.mark_bar(height=thickness, cornerRadiusEnd=2)
        layers.append(bar.encode(x=x.of(value), color=_colour(look, emphasis)))
        if low and high:
            layers += [
                _interval(base, look.ground, x, low, high, 4),
                _interval(base, look.muted, x, low, high),
            ]
    layers.append(_figures(base, look, x, [column for column in ends if column in rows]))
    chart = alt.layer(*layers).properties(height=alt.Step(round(STEP * look.font_size / 13)))
    return finish(chart, look, alt_text)


@dataclass(frozen=True)
class _Length:
    """The horizontal scale, the same in every layer; the figures stand beside the bars, so it has no axis."""

    top: float

    def of(self, column: str) -> alt.X:
        """The channel of a column on this scale, from zero."""
        scale = alt.Scale(domain=[0, self.top], nice=False, zero=True)
        return alt.X(f"{column}:Q", title=None, axis=None, scale=scale)


def _rows(
    frame: pd.DataFrame, value: str, decimals: int, unit: str, note: str | None, withheld: str | None
) -> pd.DataFrame:
    figures = frame[value].map(lambda number: "–" if pd.isna(number) else f"{number:,.{decimals}f}{unit}")
    figures = figures.astype("str")
    if withheld:
        figures = figures.where(frame[value].notna(), frame[withheld])
    if note:
        figures = figures + "  " + frame[note].fillna("").astype(str)
    return frame.assign(figure=figures)


def _room(rows: pd.DataFrame, ends: Sequence[str], top: float, look: Look) -> float:
    """How much longer the scale is than its longest bar, so that no figure is cut off."""
    letter = LETTER * look.font_size
    labels = min(rows["label"].str.len().max() * letter, LONGEST_LABEL * look.font_size)
    drawn = max(HALF_A_PAGE - labels - 10, 3 * LEAST_BAR)
    left = (drawn - 12 - letter * rows["figure"].str.len()).clip(lower=LEAST_BAR)
    needed = rows[ends].max(axis=1).fillna(0) / top * (drawn / left)
    return max(ROOM_FOR_LABELS, float(needed.max()))


def _label_axis(look: Look) -> alt.Axis:
    return alt.Axis(
        labelColor=look.text,
        labelFontSize=look.font_size,
        labelLimit=LONGEST_LABEL * look.font_size,
        labelPadding=10,
        domain=False,
        ticks=False,
        grid=False,
    )


def _colour(look: Look, emphasis: str | None) -> Any:
    if emphasis is None:
        return alt.value(look.main)
    return alt.condition(alt.datum.label == emphasis, alt.value(look.main), alt.value(look.before))


def _earlier(base: alt.Chart, look: Look, x: _Length, before: str) -> alt.Chart:
    """A pale broad bar behind: what sticks out above, below or beyond is what it is compared with."""
    return base.mark_bar(height={"band": 0.78}, color=look.pale).encode(x=x.of(before))


def _interval(base: alt.Chart, colour: str, x: _Length, low: str, high: str, width: float = 1.8) -> alt.Chart:
    """Twice, the ground's colour beneath, so that the line shows on the bar as well as beyond it."""
    return base.mark_rule(strokeWidth=width, color=colour).encode(x=x.of(low), x2=alt.X2(high))


def _dot(base: alt.Chart, look: Look, x: _Length, value: str) -> alt.Chart:
    return base.mark_circle(size=110, color=look.main, opacity=1).encode(x=x.of(value))


def _figures(base: alt.Chart, look: Look, x: _Length, ends: Sequence[str]) -> alt.Chart:
    """The figures, beyond whatever reaches farthest."""
    reach = "max(" + ", ".join(f"datum['{column}'] || 0" for column in ends) + ")"
    text = base.transform_calculate(end=reach).mark_text(align="left", dx=8, color=look.text, fontSize=look.font_size)
    return text.encode(x=x.of("end"), text="figure:N")


def _tooltip(
    noun: str,
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
    shown = [alt.Tooltip("label:N", title=noun), alt.Tooltip(f"{value}:Q", title=measure, format=number)]
    if before:
        shown.append(alt.Tooltip(f"{before}:Q", title=before_title, format=number))
    if low and high:
        shown += [
            alt.Tooltip(f"{low}:Q", title=f"{interval_title} ≥", format=f",.{max(decimals, 1)}f"),
            alt.Tooltip(f"{high}:Q", title=f"{interval_title} ≤", format=f",.{max(decimals, 1)}f"),
        ]
    return shown
