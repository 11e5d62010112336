"""Strips of cells: how complete each thing is in each group, one hue, the figure printed in every cell."""

import altair as alt
import numpy as np
import pandas as pd

from hatecrime.charts.theme import Look, finish

STEP = 34
# Whole percentages from which the next stronger shade holds.
CLASSES = (50, 75, 95)
CLASS_NAMES = ("0–49%", "50–74%", "75–94%", "95–100%")
# The steps of the ramp on which a figure can be read, in one colour or the other, light and dark.
STEPS = (0, 1, 3, 4)
MOST_LEVEL_NAMES = 7


def strips(
    frame: pd.DataFrame, look: Look, *, measure: str, none: str, alt_text: str, legend: bool = True
) -> alt.LayerChart:
    """
    One row of cells per `row`, one cell per `column`, in the order of the frame; stronger means more complete.

    frame has row, column, share (0 to 1, missing where there is none), figure (what the cell says) and note (for the
    tooltip); none names the shade of a missing share.
    """
    names = [none, *CLASS_NAMES]
    rows = frame.assign(shade=[names[number] for number in _classes(frame["share"])])
    columns = list(dict.fromkeys(rows["column"]))
    base = alt.Chart(rows).encode(
        x=alt.X("column:N", title=None, sort=columns, axis=_heads(look, len(columns))),
        y=alt.Y("row:N", title=None, sort=list(dict.fromkeys(rows["row"])), axis=_labels(look)),
        tooltip=[
            alt.Tooltip("row:N", title=" "),
            alt.Tooltip("column:N", title=" "),
            alt.Tooltip("note:N", title=measure),
        ],
    )
    shades = alt.Scale(domain=names, range=[look.none, *(look.ramp[step] for step in STEPS)])
    shown = alt.Legend(title=measure, orient="bottom", direction="horizontal", columns=0) if legend else None
    cells = base.mark_rect(stroke=look.ground, strokeWidth=2).encode(
        color=alt.Color("shade:N", scale=shades, legend=shown)
    )
    # On the two strongest shades the ground's colour is read, on the others the text's.
    strong = alt.FieldOneOfPredicate(field="shade", oneOf=list(CLASS_NAMES[2:]))
    figures = base.mark_text(fontSize=look.font_size).encode(
        text="figure:N", color=alt.condition(strong, alt.value(look.ground), alt.value(look.text))
    )
    chart = alt.layer(cells, figures).properties(height=alt.Step(round(STEP * look.font_size / 13)))
    return finish(chart, look, alt_text)


def _classes(shares: pd.Series) -> np.ndarray:
    """The number of the class of each share as it is printed, 0 where it is missing."""
    whole = (shares.astype(float) * 100).round()
    return np.where(whole.isna(), 0, np.searchsorted(CLASSES, whole.fillna(0), side="right") + 1)


def _heads(look: Look, columns: int) -> alt.Axis:
    level = columns <= MOST_LEVEL_NAMES
    return alt.Axis(
        orient="top",
        labelAngle=0 if level else -40,
        labelColor=look.text,
        labelFontSize=look.font_size,
        labelLimit=220,
        domain=False,
        ticks=False,
    )


def _labels(look: Look) -> alt.Axis:
    return alt.Axis(
        labelColor=look.text, labelFontSize=look.font_size, labelLimit=320, labelPadding=10, domain=False, ticks=False
    )
