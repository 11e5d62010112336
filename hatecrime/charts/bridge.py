"""From one total to another, step by step: what is taken off and what is added."""

import altair as alt
import pandas as pd

from hatecrime.charts.theme import Look, finish

STEP = 44


def bridge(frame: pd.DataFrame, look: Look, *, measure: str, alt_text: str) -> alt.LayerChart:
    """
    One bar per step, in the order of frame: totals stand on zero, steps hang between them.

    frame has label, n, start, end and is_total.
    """
    rows = frame.assign(
        figure=[_signed(n, is_total) for n, is_total in zip(frame["n"], frame["is_total"], strict=True)],
        reach=frame[["start", "end"]].max(axis=1),
    )
    top = float(rows["reach"].max()) or 1.0
    y = alt.Y(
        "label:N",
        title=None,
        sort=rows["label"].tolist(),
        axis=alt.Axis(
            labelColor=look.text,
            labelFontSize=look.font_size,
            labelLimit=330,
            domain=False,
            ticks=False,
            grid=False,
        ),
    )
    x = alt.X("start:Q", title=None, axis=None, scale=alt.Scale(domain=[0, top * 1.15], nice=False))
    tooltip = [alt.Tooltip("label:N", title=" "), alt.Tooltip("n:Q", title=measure, format=",")]
    base = alt.Chart(rows).encode(y=y, x=x, tooltip=tooltip)
    bars = base.mark_bar(height={"band": 0.6}).encode(
        x2="end:Q", color=alt.condition("datum.is_total", alt.value(look.main), alt.value(look.before))
    )
    # A step of none has no bar: a line keeps its place.
    edges = base.mark_tick(thickness=2, size=26, color=look.before).encode(x="end:Q")
    figures = base.mark_text(align="left", dx=8, color=look.text, fontSize=look.font_size)
    chart = alt.layer(bars, edges, figures.encode(x="reach:Q", text="figure:N"))
    return finish(chart.properties(height=alt.Step(STEP)), look, alt_text)


def _signed(n: float, is_total: bool) -> str:
    if is_total or n == 0:
        return f"{n:,.0f}"
    return f"{'+' if n > 0 else '−'}{abs(n):,.0f}"
