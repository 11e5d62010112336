"""Grids of figures: hours by weekday, and what follows nearby by distance and days between."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from hatecrime.charts.classes import natural
from hatecrime.charts.map_classes import swatches
from hatecrime.charts.theme import Look, finish, mix

# Heights in pixels: of a row, and of what stands above and below the rows.
ROW, BAND, AROUND = 30, 50, 110
# A figure of more digits would not fit its cell.
MOST_IN_A_CELL = MappingProxyType({"analyst": 999, "meeting": 99})
# From so many on, totals are written in thousands.
SHORT = 10_000


def clock(
    grid: np.ndarray,
    look: Look,
    *,
    days: Sequence[str],
    measure: str,
    hour: str,
    day: str,
    whole: str,
    alt_text: str,
    apart: Sequence[int] = (),
) -> alt.LayerChart:
    """
    Hours across, weekdays down, filled by how many; totals of each hour and each day stand at the edges.

    grid is by hour and weekday; days names these. The totals of the hours in apart are framed. hour, day and measure
    are words for the tooltip, whole is what totals are called.
    """
    rows = _cells(grid, days, whole)
    framed = rows["hour"].isin([_hour(position) for position in apart]) & (rows["day"] == whole)
    axes: dict[str, Any] = {
        "x": alt.X("hour:O", title=None, sort=[*map(_hour, range(24)), whole], axis=_axis(orient="top")),
        "y": alt.Y("day:O", title=None, sort=[*days, whole], axis=_axis()),
        "tooltip": [
            alt.Tooltip("day:N", title=day),
            alt.Tooltip("span:N", title=hour),
            alt.Tooltip("n:Q", title=measure, format=","),
        ],
    }
    layers = [*_filled(rows[~rows["total"]], look, axes, measure), *_totals(rows.assign(apart=framed), look, axes)]
    chart = alt.layer(*layers).properties(height=look.height(ROW * (len(days) + 1) + AROUND))
    return finish(chart, look, alt_text)


def bands(
    frame: pd.DataFrame,
    look: Look,
    *,
    far: Sequence[str],
    long: Sequence[str],
    distance: str,
    between: str,
    ratio: str,
    interval: str,
    observed: str,
    expected: str,
    names: tuple[str, str],
    alt_text: str,
) -> alt.LayerChart:
    """
    Distance down, days between across; in each cell how many times as many as by chance, with the interval.

    frame has far and long (labels, of those in far and long), ratio, low, high, observed, expected and clear. Cells
    that are clear have the colour of more, and ▲; names are those of the two kinds, clear and not. distance and
    between title the axes; ratio, interval, observed and expected are words for the tooltip.
    """
    colours = {True: mix(look.more, look.none, 0.85), False: look.none}
    rows = frame.assign(
        kind=[names[0] if clear else names[1] for clear in frame["clear"]],
        ink=[_ink(colours[bool(clear)], look) for clear in frame["clear"]],
        figure=[_figure(*row) for row in frame[["ratio", "clear"]].itertuples(index=False)],
        range=[_range(*row) for row in frame[["low", "high"]].itertuples(index=False)],
    )
    cells = alt.Chart(rows).encode(
        x=alt.X("long:O", title=between, sort=list(long), axis=_axis(orient="top", title=True)),
        y=alt.Y("far:O", title=distance, sort=list(far), axis=_axis(title=True)),
        tooltip=[
            alt.Tooltip("far:N", title=distance),
            alt.Tooltip("long:N", title=between),
            alt.Tooltip("figure:N", title=ratio),
            alt.Tooltip("range:N", title=interval),
            alt.Tooltip("observed:Q", title=observed, format=","),
            alt.Tooltip("expected:Q", title=expected, format=",.1f"),
        ],
    )
    scale = alt.Scale(domain=list(names), range=[colours[True], colours[False]])
    legend = alt.Legend(orient="bottom", direction="horizontal", symbolType="square", title=None, labelLimit=500)
    ink = alt.Color("ink:N", scale=None)
    chart = alt.layer(
        cells.mark_rect(stroke=look.grid, strokeWidth=1.5).encode(
            color=alt.Color("kind:N", scale=scale, legend=legend)
        ),
        cells.mark_text(fontSize=look.font_size + 2, fontWeight=600, dy=-8).encode(text="figure:N", color=ink),
        cells.mark_text(fontSize=look.font_size - 1, dy=11).encode(text="range:N", color=ink),
    ).properties(height=look.height(BAND * len(far) + AROUND))
    return finish(chart, look, alt_text)


def _filled(rows: pd.DataFrame, look: Look, axes: dict[str, Any], measure: str) -> list[alt.Chart]:
    """The cells in the colours of their classes, with their figures where these fit."""
    classes = natural(rows["n"].tolist())
    colours = swatches(classes, look)
    fills = [colours.colours[slot] for slot in colours.slots]
    found = [classes.of(value) or 0 for value in rows["n"]]
    named = rows.assign(
        **{"class": [classes.labels[each] for each in found]}, ink=[_ink(fills[each], look) for each in found]
    )
    base = alt.Chart(named).encode(**axes)
    legend = alt.Legend(orient="bottom", direction="horizontal", symbolType="square", title=measure)
    fill = alt.Color("class:N", scale=alt.Scale(domain=list(classes.labels), range=fills), legend=legend)
    cells = [base.mark_rect(stroke=look.ground, strokeWidth=1.5).encode(color=fill)]
    if rows["n"].max() <= MOST_IN_A_CELL[look.density]:
        figures = base.mark_text(fontSize=look.font_size - 2)
        cells.append(figures.encode(text="n:Q", color=alt.Color("ink:N", scale=None)))
    return cells


def _totals(rows: pd.DataFrame, look: Look, axes: dict[str, Any]) -> list[alt.Chart]:
    """The figures at the edges; those that stand out are framed, and bold."""
    edge = alt.Chart(rows[rows["total"]]).encode(**axes)
    apart, others = edge.transform_filter("datum.apart"), edge.transform_filter("!datum.apart")
    size = look.font_size - 2
    # A whole hour or day is a sum of many cells: past so many, thousands are written short.
    text = alt.Text("n:Q", format=".2~s" if rows["n"].max() >= SHORT else "d")
    return [
        apart.mark_rect(filled=False, stroke=look.text, strokeWidth=1.6),
        apart.mark_text(fontSize=size, fontWeight=700, color=look.text).encode(text=text),
        others.mark_text(fontSize=size, color=look.muted).encode(text=text),
    ]


def _cells(grid: np.ndarray, days: Sequence[str], whole: str) -> pd.DataFrame:
    """Every cell, and the totals of each hour and of each day; that of all would not fit its corner."""
    framed = np.zeros((25, len(days) + 1), dtype=np.int64)
    framed[:24, :-1] = grid
    framed[24], framed[:, -1] = framed[:24].sum(axis=0), framed[:, :-1].sum(axis=1)
    hours = [*map(_hour, range(24)), whole]
    spans = [*(f"{_hour(first)}:00–{_hour(first)}:59" for first in range(24)), whole]
    rows = pd.DataFrame(
        {
            "hour": np.repeat(hours, len(days) + 1),
            "span": np.repeat(spans, len(days) + 1),
            "day": [*days, whole] * 25,
            "n": framed.ravel(),
            "total": [at == 24 or on == len(days) for at in range(25) for on in range(len(days) + 1)],
        }
    )
    return rows[(rows["hour"] != whole) | (rows["day"] != whole)]


def _hour(position: int) -> str:
    return f"{position:02d}"


def _axis(orient: Literal["left", "top"] = "left", title: bool = False) -> alt.Axis:
    return alt.Axis(
        orient=orient,
        labelAngle=0,
        ticks=False,
        domain=False,
        labelOverlap=False,
        titlePadding=10 if title else 0,
    )


def _figure(ratio: float, clear: bool) -> str:
    if np.isnan(ratio):
        return "–"
    return f"{ratio:.1f}×" + (" ▲" if clear else "")


def _range(low: float, high: float) -> str:
    return "" if np.isnan(low) or np.isnan(high) else f"{low:.1f}–{high:.1f}"


def _ink(fill: str, look: Look) -> str:
    """Of the two inks the one that is read on a colour."""
    return max((look.text, look.ground), key=lambda ink: _contrast(fill, ink))


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
