"""Periods in a row where some figures are withheld: a gap in the line, shaded and marked, never a zero."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from hatecrime.charts.theme import Look, finish

HEIGHT = 360
ROOM_ABOVE = 1.12
# Names at the ends of the lines stand in this part of the width.
ROOM_FOR_NAMES = 0.13
# Up to so many figures stand beside their points.
MOST_FIGURES = 14
MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Words:
    """The words of the chart, already in the reader's language."""

    measure: str
    period: str
    before: str


def gaps(frame: pd.DataFrame, look: Look, words: Words, *, alt_text: str) -> alt.LayerChart:
    """
    One line from zero, the same period a year earlier in grey beneath it.

    frame has start and finish (first and last day of each period, in order), label, n and before (missing where
    withheld or not known) and symbol, which is empty where n is shown. A run of periods without a figure is one
    shaded band with its symbol.
    """
    rows = _rows(frame)
    x, y = _across(rows, look), _up(rows)
    tips = [
        alt.Tooltip("label:N", title=words.period),
        alt.Tooltip("figure:N", title=words.measure),
        alt.Tooltip("earlier:N", title=words.before),
    ]
    base = alt.Chart(rows).encode(x=x)
    layers = [*_bands(rows, look, words)] if rows["symbol"].ne("").any() else []
    layers.append(base.mark_line(strokeWidth=1.5, color=look.before).encode(y=y("before")))
    layers.append(base.mark_circle(size=22, opacity=1, color=look.before).encode(y=y("before")))
    layers.append(base.mark_line(strokeWidth=look.thickness, color=look.main).encode(y=y("n")))
    layers.append(base.mark_circle(size=64, opacity=1, color=look.main).encode(y=y("n"), tooltip=tips))
    if len(rows) <= MOST_FIGURES:
        layers += _figures(base, look, y)
    layers += _end(rows, look, y, words)
    heading = alt.TitleParams(words.measure, fontSize=look.font_size, fontWeight="normal", color=look.muted)
    return finish(alt.layer(*layers).properties(height=look.height(HEIGHT), title=heading), look, alt_text)


def _rows(frame: pd.DataFrame) -> pd.DataFrame:
    start, finish_ = pd.to_datetime(frame["start"]), pd.to_datetime(frame["finish"])
    known = frame.assign(start=start, finish=finish_, at=start + (finish_ - start) / 2)
    known["figure"] = [_written(n, symbol) for n, symbol in zip(known["n"], known["symbol"], strict=True)]
    known["earlier"] = [_written(n, symbol) for n, symbol in zip(known["before"], _earlier(known), strict=True)]
    return known.astype({"n": "float64", "before": "float64"})


def _earlier(rows: pd.DataFrame) -> pd.Series:
    return rows["before_symbol"] if "before_symbol" in rows else pd.Series("", index=rows.index)


def _written(n: Any, symbol: str) -> str:
    """A count, or the symbol that stands for it."""
    if pd.isna(n):
        return f"[{symbol}]" if symbol else "–"
    return f"{int(n):,}"


def _across(rows: pd.DataFrame, look: Look) -> alt.X:
    if rows.empty:
        return alt.X("at:T", title=None)
    first, last = rows["start"].min(), rows["finish"].max()
    end = last + (last - first) * ROOM_FOR_NAMES
    axis = alt.Axis(
        format="%b %Y", values=_ticks(rows, look), labelAngle=0, grid=False, labelFlush=False, labelOverlap=True
    )
    return alt.X("at:T", title=None, scale=alt.Scale(domain=[_day(first), _day(end)], nice=False), axis=axis)


def _ticks(rows: pd.DataFrame, look: Look) -> list[alt.DateTime]:
    """The beginnings of financial years, and of their quarters or halves where there is room."""
    months = (rows["finish"].max() - rows["start"].min()).days / 30 * (1.5 if look.density == "meeting" else 1)
    every = 3 if months <= 26 else 6 if months <= 50 else MONTHS_A_YEAR
    starts = [start for start in rows["start"] if (start.month - 4) % every == 0]
    return [_day(start) for start in starts or rows["start"].tolist()[:1]]


def _day(day: pd.Timestamp) -> alt.DateTime:
    """A local date: Vega's utc units would move it by an hour, and by a month, in British summer."""
    return alt.DateTime(year=day.year, month=day.month, date=day.day)


def _up(rows: pd.DataFrame) -> Any:
    highest = rows[["n", "before"]].max().max() if len(rows) else 0
    top = float(highest) * ROOM_ABOVE if pd.notna(highest) and highest > 0 else 1.0
    # Where nothing is shown there is no scale to read.
    axis = alt.Axis(format=",.0f", tickMinStep=1, tickCount=5, domain=False, ticks=False, labels=bool(highest > 0))

    def channel(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False, zero=True), axis=axis)

    return channel


def _bands(rows: pd.DataFrame, look: Look, words: Words) -> list[alt.Chart]:
    """One band for each run of withheld periods, with the symbol at its foot."""
    hidden = rows["symbol"].ne("")
    runs = (rows["symbol"] != rows["symbol"].shift()).cumsum()[hidden]
    shown = rows[hidden].groupby(runs).agg(start=("start", "min"), finish=("finish", "max"), symbol=("symbol", "first"))
    shown = shown.assign(mark=[f"[{symbol}]" for symbol in shown["symbol"]], at=_middle(shown), foot=0)
    tips = [alt.Tooltip("mark:N", title=words.measure)]
    base = alt.Chart(shown)
    band = base.mark_rect(color=look.pale, opacity=0.4).encode(x="start:T", x2="finish:T", tooltip=tips)
    mark = base.mark_text(baseline="bottom", dy=-5, color=look.muted, fontSize=look.font_size - 1)
    return [band, mark.encode(x="at:T", y=alt.Y("foot:Q"), text="mark:N")]


def _middle(spans: pd.DataFrame) -> pd.Series:
    return spans["start"] + (spans["finish"] - spans["start"]) / 2


def _figures(base: alt.Chart, look: Look, y: Any) -> list[alt.Chart]:
    """The figures beside their points, on the ground's colour where a line runs beneath."""
    shown = base.encode(y=y("n"), text=alt.Text("n:Q", format=","))
    style: dict[str, Any] = {"dy": -13, "fontSize": look.font_size}
    halo = shown.mark_text(stroke=look.ground, strokeWidth=4, strokeJoin="round", **style)
    return [halo, shown.mark_text(color=look.text, **style)]


def _end(rows: pd.DataFrame, look: Look, y: Any, words: Words) -> list[alt.Chart]:
    """Which line is the earlier one, said at its end."""
    last = rows.tail(1).dropna(subset="before").assign(name=words.before)
    if last.empty:
        return []
    name = alt.Chart(last).mark_text(align="left", dx=10, color=look.muted, fontSize=look.font_size)
    return [name.encode(x="at:T", y=y("before"), text="name:N")]
