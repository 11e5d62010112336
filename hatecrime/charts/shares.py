"""Shares by quarter, each with its interval, and the share of longer spans behind them."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from hatecrime.charts.quarters import quarter_axis
from hatecrime.charts.theme import Look, finish

HEIGHT = 280
LEAST_TOP = 10


def shares(
    frame: pd.DataFrame,
    look: Look,
    *,
    measure: str,
    part: str,
    total: str,
    interval: str,
    alt_text: str,
    spans: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """
    One point per period with its interval, from zero; a period with too few to give a share shows as a gap.

    frame has label (quarter and year, with a space between them), part, total, and share, low and high in percent,
    missing where there were too few; spans has first and last (labels), share, low and high: a band each.
    part, total and interval are the titles of the tooltip.
    """
    rows = frame.assign(range=[_range(low, high) for low, high in zip(frame["low"], frame["high"], strict=True)])
    labels = rows["label"].tolist()
    x = alt.X("label:O", title=None, scale=alt.Scale(domain=labels), axis=quarter_axis(labels))
    base = alt.Chart(rows).encode(x=x, y=_percent(rows))
    tooltip = [
        alt.Tooltip("label:N", title=" "),
        alt.Tooltip("share:Q", title=measure, format=".1f"),
        alt.Tooltip("range:N", title=interval),
        alt.Tooltip("part:Q", title=part, format=","),
        alt.Tooltip("total:Q", title=total, format=","),
    ]
    layers = _spans(spans, labels, look) if spans is not None and len(spans) else []
    layers.append(base.mark_rule(strokeWidth=1.6, color=look.muted).encode(y="low:Q", y2="high:Q"))
    layers.append(base.mark_point(filled=True, size=70, opacity=1, color=look.main).encode(tooltip=tooltip))
    chart = alt.layer(*layers).properties(height=look.height(HEIGHT))
    return finish(chart, look, alt_text)


def _range(low: float, high: float) -> str:
    return "–" if pd.isna(low) else f"{low:.1f}–{high:.1f}"


def _percent(rows: pd.DataFrame) -> alt.Y:
    top = rows["high"].max()
    top = max(float(top) * 1.08, LEAST_TOP) if pd.notna(top) else 100.0
    axis = alt.Axis(labelExpr="datum.label + '%'", tickCount=5, domain=False, ticks=False)
    return alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, min(top, 100.0)], nice=False), axis=axis)


def _spans(spans: pd.DataFrame, labels: Sequence[str], look: Look) -> list[alt.Chart]:
    base = alt.Chart(spans).encode(
        x=alt.X("first:O", scale=alt.Scale(domain=list(labels)), bandPosition=0),
        x2=alt.X2("last:O", bandPosition=1),
    )
    band = base.mark_rect(color=look.main, opacity=0.14).encode(y="low:Q", y2="high:Q")
    return [band, base.mark_rule(color=look.main, strokeWidth=1.5).encode(y="share:Q")]
