"""How much lies in how few places: a rising curve beside what chance alone would draw."""

import altair as alt
import pandas as pd

from hatecrime.charts.theme import Look, finish

HEIGHT = 300


def curve(
    frame: pd.DataFrame,
    look: Look,
    *,
    places: str,
    incidents: str,
    observed: str,
    chance: str,
    alt_text: str,
) -> alt.LayerChart:
    """
    Places from those with most incidents down, against the share of incidents that they hold together.

    frame has places, share, low and high in percent, by rising places: what is observed, and the range that chance
    alone would give. places and incidents title the axes; observed and chance are written at the line and the band.
    """
    whole = alt.Scale(domain=[0, 100], nice=False)
    axis = alt.Axis(labelExpr="datum.label + '%'", tickCount=5, domain=False, ticks=False)
    base = alt.Chart(frame).encode(x=alt.X("places:Q", title=places, scale=whole, axis=axis))
    band = base.mark_area(color=look.before, opacity=0.35).encode(
        y=alt.Y("low:Q", title=incidents, scale=whole, axis=axis), y2="high:Q"
    )
    line = base.mark_line(color=look.main, strokeWidth=look.thickness).encode(
        y=alt.Y("share:Q", title=incidents, scale=whole, axis=axis),
        tooltip=[
            alt.Tooltip("places:Q", title=places, format=".0f"),
            alt.Tooltip("share:Q", title=incidents, format=".0f"),
            alt.Tooltip("low:Q", title=chance, format=".0f"),
            alt.Tooltip("high:Q", title=" ", format=".0f"),
        ],
    )
    names = _names(frame, look, observed, chance)
    chart = alt.layer(band, line, *names).properties(height=look.height(HEIGHT))
    return finish(chart, look, alt_text)


def _names(rows: pd.DataFrame, look: Look, observed: str, chance: str) -> list[alt.Chart]:
    """The line's name above it and the band's below it, where there is room: a third of the way along."""
    if rows.empty:
        return []
    at = rows.iloc[[(rows["places"] - 35).abs().to_numpy().argmin()]]
    base = alt.Chart(at).encode(x="places:Q")
    above = base.mark_text(
        align="right", baseline="bottom", dx=-8, dy=-4, color=look.text, fontSize=look.font_size, fontWeight=600
    ).encode(y="share:Q", text=alt.value(observed))
    below = base.mark_text(align="left", baseline="top", dx=10, dy=8, color=look.muted, fontSize=look.font_size).encode(
        y="low:Q", text=alt.value(chance)
    )
    return [above, below]
