"""Columns from zero, each under its label: months, quarters, hours or days, beside the same a year earlier."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from hatecrime.charts.quarters import quarter_axis
from hatecrime.charts.theme import Look, finish

HEIGHT = 170
# More figures than this above columns side by side would run into each other.
MOST_FIGURES = 16
ROOM_ABOVE = 1.2


def columns(
    frame: pd.DataFrame,
    look: Look,
    *,
    measure: str,
    noun: str,
    alt_text: str,
    before: str | None = None,
    before_title: str = "",
    provisional: str = "",
    top: float | None = None,
    height: int = HEIGHT,
) -> alt.LayerChart:
    """
    One column per row of frame, in its order, from zero.

    frame has label and n; before names what it is compared with, a dash across the column; strong (True where a column
    is what the page is about, the others are pale) and provisional (drawn hollow) may be there too. A label can be two
    words, the second a year: it stands under the first of each. top is the end of the scale, where several share one.
    """
    rows = _rows(frame, provisional)
    labels = rows["label"].tolist()
    ends = ["n", *([before] if before else [])]
    highest = top or float(rows[ends].max().max() if len(rows) else 0) or 1.0
    scale = alt.Scale(domain=[0, highest * ROOM_ABOVE], nice=False)
    base = alt.Chart(rows).encode(
        x=alt.X("label:O", title=None, scale=alt.Scale(domain=labels, paddingInner=0.2), axis=quarter_axis(labels)),
        tooltip=_tooltip(measure, noun, before, before_title, bool(provisional)),
    )
    length = {"y": alt.Y("n:Q", title=None, axis=None, scale=scale)}
    layers: list[Any] = [
        base.mark_bar(cornerRadiusEnd=2).encode(
            color=alt.condition("datum.strong", alt.value(look.main), alt.value(look.before)), **length
        ),
        # An outline as well as the tooltip: on paper nothing hovers.
        base.transform_filter("datum.provisional")
        .mark_bar(fill=look.ground, fillOpacity=0.55, stroke=look.main, strokeDash=[3, 2], strokeWidth=1.4)
        .encode(**length),
    ]
    if before:
        layers += _dashes(base, look, before, scale)
    if len(rows) <= MOST_FIGURES:
        layers.append(_figures(base, look, ends, scale))
    return finish(alt.layer(*layers).properties(height=look.height(height)), look, alt_text)


def _rows(frame: pd.DataFrame, provisional: str) -> pd.DataFrame:
    usual = {"strong": True, "provisional": False}
    rows = frame.assign(**{name: value for name, value in usual.items() if name not in frame})
    return rows.assign(status=rows["provisional"].map({True: provisional, False: ""}))


def _dashes(base: alt.Chart, look: Look, before: str, scale: alt.Scale) -> list[alt.Chart]:
    """Twice, the ground's colour beneath, so that a dash shows on the column as well as above it."""
    dash = base.transform_filter(f"isValid(datum['{before}'])").encode(y=alt.Y(f"{before}:Q", axis=None, scale=scale))
    return [
        dash.mark_tick(thickness=4.5, color=look.ground, bandSize=22),
        dash.mark_tick(thickness=2.2, color=look.text, bandSize=22),
    ]


def _figures(base: alt.Chart, look: Look, ends: Sequence[str], scale: alt.Scale) -> alt.Chart:
    """The figures, above whatever reaches highest."""
    reach = "max(" + ", ".join(f"datum['{column}'] || 0" for column in ends) + ")"
    text = base.transform_calculate(end=reach).mark_text(
        dy=-5, baseline="bottom", color=look.text, fontSize=look.font_size - 1
    )
    return text.encode(y=alt.Y("end:Q", axis=None, scale=scale), text=alt.Text("n:Q", format=","))


def _tooltip(measure: str, noun: str, before: str | None, before_title: str, has_status: bool) -> list[alt.Tooltip]:
    shown = [alt.Tooltip("label:N", title=noun), alt.Tooltip("n:Q", title=measure, format=",")]
    if before:
        shown.append(alt.Tooltip(f"{before}:Q", title=before_title, format=","))
    return [*shown, *([alt.Tooltip("status:N", title=" ")] if has_status else [])]
