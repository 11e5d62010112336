"""Quarters in a row: columns from zero, one of them chosen, the same quarter of other years beside it."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from hatecrime.charts.theme import Look, finish

HEIGHT = 300


def quarters(
    frame: pd.DataFrame, look: Look, *, measure: str, interval: str, alt_text: str, provisional: str
) -> alt.LayerChart:
    """
    One column per quarter with its interval.

    frame has label (quarter and year, with a space between them), n, low, high, role ("chosen", "same" for that
    quarter of other years, "other") and provisional. measure, interval and provisional are words for the tooltip.
    """
    rows = frame.assign(
        range=[f"{low:,.0f}–{high:,.0f}" for low, high in zip(frame["low"], frame["high"], strict=True)],
        status=frame["provisional"].map({True: provisional, False: ""}),
        figure=[f"{n:,.0f}" for n in frame["n"]],
    )
    labels = rows["label"].tolist()
    top = float(rows["high"].max()) if len(rows) else 1.0
    base = alt.Chart(rows).encode(
        x=alt.X(
            "label:O",
            title=None,
            scale=alt.Scale(domain=labels, paddingInner=0.25),
            axis=quarter_axis(labels),
        ),
        y=alt.Y("n:Q", title=None, axis=None, scale=alt.Scale(domain=[0, top * 1.12 or 1], nice=False)),
        tooltip=[
            alt.Tooltip("label:N", title=" "),
            alt.Tooltip("n:Q", title=measure, format=","),
            alt.Tooltip("range:N", title=interval),
            alt.Tooltip("status:N", title=" "),
        ],
    )
    colour = alt.Scale(domain=["chosen", "same", "other"], range=[look.main, look.ramp[2], look.before])
    columns = base.mark_bar(cornerRadiusEnd=2).encode(
        color=alt.Color("role:N", scale=colour, legend=None),
        opacity=alt.condition("datum.role == 'other'", alt.value(0.55), alt.value(1)),
    )
    # An outline as well as the tooltip: on paper and for a room nothing hovers.
    unsettled = base.transform_filter("datum.provisional").mark_bar(
        fill=look.ground, fillOpacity=0.45, stroke=look.text, strokeDash=[4, 3], strokeWidth=1.5
    )
    lines = base.mark_rule(color=look.text, strokeWidth=1.4).encode(y="low:Q", y2="high:Q")
    figures = base.mark_text(dy=-7, baseline="bottom", color=look.text, fontSize=look.font_size)
    chart = alt.layer(columns, unsettled, lines, figures.encode(y="high:Q", text="figure:N"))
    return finish(chart.properties(height=look.height(HEIGHT)), look, alt_text)


def quarter_axis(labels: Sequence[str]) -> alt.Axis:
    """Each quarter by its number; the year stands under the first one shown of every year."""
    years = [label.split(" ")[-1] for label in labels]
    firsts = [label for i, label in enumerate(labels) if i == 0 or years[i] != years[i - 1]]
    # Two years side by side would run into each other.
    firsts = firsts[1:] if firsts[1:2] == list(labels[1:2]) else firsts
    shown = f"indexof({firsts}, datum.value) >= 0 ? split(datum.value, ' ') : split(datum.value, ' ')[0]"
    return alt.Axis(labelAngle=0, labelExpr=shown, ticks=False, labelOverlap=True)
