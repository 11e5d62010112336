"""Months in a row: lines from zero, the same month a year earlier, events as context, provisional months marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from hatecrime.charts.theme import Look, finish

MOST_LINES = 4
HEIGHT = 380
PANEL_HEIGHT = 170
DASH = [5, 4]
# The part of the width that is left free at the right for the names of the lines.
ROOM_FOR_NAMES = 0.17
EVENT_ROWS = 3


@dataclass(frozen=True)
class Titles:
    """The words of a trend chart, already in the reader's language."""

    measure: str
    month: str = "Month"
    before: str = ""
    provisional: str = "provisional"
    status: str = "Status"
    final: str = "final"


def lines(
    frame: pd.DataFrame,
    look: Look,
    titles: Titles,
    *,
    alt_text: str,
    value: str = "n",
    series: str | None = None,
    before: str | None = None,
    events: pd.DataFrame | None = None,
    breaks: pd.DataFrame | None = None,
    decimals: int = 0,
) -> alt.LayerChart:
    """
    One line, or up to four, by month.

    frame has month, the value and provisional; series names the column that tells lines apart; before names the
    value of the same month a year earlier, drawn in grey. events has starts_on, ends_on and label; breaks has
    happened_on and label. A provisional month is hollow and reached by a dashed line.
    """
    rows = _rows(frame, titles)
    if series and rows[series].nunique() > MOST_LINES:
        raise ValueError(f"More than {MOST_LINES} lines cannot be told apart; use panels().")
    x = _months(rows, look, named=series is not None or before is not None)
    y = _amounts(rows, titles, [value] + ([before] if before else []), decimals, height=look.height(HEIGHT))
    colour = _colours(rows, series, look)
    base = alt.Chart(rows).encode(x=x, y=y)
    layers = _context(events, breaks, look, y.scale.domain[1] if len(rows) else 1)
    if before:
        layers.append(_earlier(base, look, before))
        layers.append(_name(rows, look, before, titles.before, look.muted))
    layers += _line(rows, base, look, colour, value, series)
    layers.append(_points(base, look, colour, value, before, series, titles, decimals))
    if series:
        layers.append(_names(rows, look, colour, value, series, y.scale.domain[1]))
    chart = alt.layer(*layers).properties(height=look.height(HEIGHT))
    return finish(chart, look, alt_text)


def panels(
    frame: pd.DataFrame,
    look: Look,
    titles: Titles,
    *,
    series: str,
    alt_text: str,
    value: str = "n",
    before: str | None = None,
    events: pd.DataFrame | None = None,
    decimals: int = 0,
) -> list[alt.LayerChart]:
    """
    One small chart per series, in the order of their totals: where more than four lines would be a tangle.

    alt_text has a place {name} for the series. Each panel has a scale of its own, from zero.
    """
    order = frame.groupby(series, observed=True)[value].sum().sort_values(ascending=False, kind="stable").index
    return [
        _panel(frame[frame[series] == name], look, titles, str(name), alt_text, value, before, events, decimals)
        for name in order
    ]


def _panel(
    frame: pd.DataFrame,
    look: Look,
    titles: Titles,
    name: str,
    alt_text: str,
    value: str,
    before: str | None,
    events: pd.DataFrame | None,
    decimals: int,
) -> alt.LayerChart:
    rows = _rows(frame, titles)
    y = _amounts(rows, titles, [value] + ([before] if before else []), decimals, PANEL_HEIGHT, title=False)
    base = alt.Chart(rows).encode(x=_months(rows, look, named=False, every=12), y=y)
    layers = _context(events, None, look, y.scale.domain[1], named=False)
    if before:
        layers.append(_earlier(base, look, before))
    layers += _line(rows, base, look, alt.value(look.main), value, None)
    layers.append(_points(base, look, alt.value(look.main), value, before, None, titles, decimals, size=22))
    title = alt.TitleParams(name, fontSize=look.font_size + 1, fontWeight=600, offset=8)
    chart = alt.layer(*layers).properties(height=look.height(PANEL_HEIGHT), title=title)
    return finish(chart, look, alt_text.format(name=name))


def _rows(frame: pd.DataFrame, titles: Titles) -> pd.DataFrame:
    known = frame.assign(month=pd.to_datetime(frame["month"]))
    if "provisional" not in known:
        known["provisional"] = False
    words = {True: titles.provisional, False: titles.final}
    return known.assign(status=known["provisional"].map(words)).sort_values("month", kind="stable")


def _months(rows: pd.DataFrame, look: Look, named: bool, every: int = 0) -> alt.X:
    """Explicit first and last day, so that nothing jumps; ticks on the first months of quarters or years."""
    if rows.empty:
        return alt.X("month:T", title=None)
    first, last = rows["month"].min(), rows["month"].max()
    span = max((last - first).days, 28)
    end = last + pd.Timedelta(days=round(span * (ROOM_FOR_NAMES if named else 0.03)))
    start = first - pd.Timedelta(days=round(span * 0.01))
    ticks = _ticks(first, last, every or _every(span, look))
    axis = alt.Axis(format="%b %Y", values=ticks, labelAngle=0, grid=False, labelFlush=False, labelOverlap=True)
    return alt.X("month:T", title=None, scale=alt.Scale(domain=[_day(start), _day(end)], nice=False), axis=axis)


def _every(span: int, look: Look) -> int:
    months = span / 30 * (1.4 if look.density == "meeting" else 1)
    return 1 if months <= 8 else 3 if months <= 26 else 6 if months <= 62 else 12


def _ticks(first: pd.Timestamp, last: pd.Timestamp, every: int) -> list[alt.DateTime]:
    months = pd.date_range(first, last, freq="MS")
    # Financial years start in April, and so do the ticks.
    fitting = [month for month in months if (month.month - 4) % min(every, 12) == 0]
    return [_day(month) for month in fitting or months[:1]]


def _day(day: pd.Timestamp) -> alt.DateTime:
    """A local date: Vega's utc units would move it by an hour, and by a month, in British summer."""
    return alt.DateTime(year=day.year, month=day.month, date=day.day)


def _amounts(
    rows: pd.DataFrame, titles: Titles, columns: Sequence[str], decimals: int, height: int, title: bool = True
) -> alt.Y:
    top = rows[list(columns)].max().max() if len(rows) else 0
    top = float(top) if pd.notna(top) and top > 0 else 1.0
    return alt.Y(
        f"{columns[0]}:Q",
        title=titles.measure if title else None,
        scale=alt.Scale(domain=[0, top * 1.12], nice=False, zero=True),
        axis=alt.Axis(
            format=f",.{decimals}f",
            tickMinStep=1 if decimals == 0 else 0,
            tickCount=max(3, height // 70),
            domain=False,
            ticks=False,
            titleAngle=0,
            titleAlign="left",
            titleAnchor="end",
            titleX=0,
            titleY=-14,
        ),
    )


def _colours(rows: pd.DataFrame, series: str | None, look: Look) -> Any:
    if series is None:
        return alt.value(look.main)
    names = list(dict.fromkeys(rows.sort_values(series, kind="stable")[series]))
    order = list(dict.fromkeys(rows[series])) or names
    scale = alt.Scale(domain=order, range=list(look.series[: len(order)]))
    return alt.Color(f"{series}:N", scale=scale, legend=None)


def _line(
    rows: pd.DataFrame, base: alt.Chart, look: Look, colour: Any, value: str, series: str | None
) -> list[alt.Chart]:
    detail = {"detail": f"{series}:N"} if series else {}
    style = {"strokeWidth": look.thickness, "interpolate": "linear"}
    final = base.transform_filter("!datum.provisional").mark_line(**style)
    # The dashed part starts at the last final month, so that the line does not break.
    firsts = rows.loc[rows["provisional"], "month"]
    if firsts.empty:
        return [final.encode(y=f"{value}:Q", color=colour, **detail)]
    bridge = rows[rows["month"] >= firsts.min() - pd.DateOffset(months=1)]
    dashed = alt.Chart(bridge).mark_line(strokeDash=DASH, **style)
    encoded = {"y": f"{value}:Q", "color": colour, **detail}
    return [final.encode(**encoded), dashed.encode(x="month:T", **encoded)]


def _points(
    base: alt.Chart,
    look: Look,
    colour: Any,
    value: str,
    before: str | None,
    series: str | None,
    titles: Titles,
    decimals: int,
    size: int = 42,
) -> alt.Chart:
    number = f",.{decimals}f"
    tooltip = [alt.Tooltip("month:T", title=titles.month, format="%B %Y")]
    if series:
        tooltip.append(alt.Tooltip(f"{series}:N", title=" "))
    tooltip.append(alt.Tooltip(f"{value}:Q", title=titles.measure, format=number))
    if before:
        tooltip.append(alt.Tooltip(f"{before}:Q", title=titles.before, format=number))
    tooltip.append(alt.Tooltip("status:N", title=titles.status))
    fill = alt.condition("datum.provisional", alt.value(look.ground), _fill(colour, look))
    stroke = alt.Stroke(**colour.to_dict()) if isinstance(colour, alt.Color) else colour
    return base.mark_point(size=size, strokeWidth=1.8, opacity=1, filled=False).encode(
        y=f"{value}:Q", stroke=stroke, fill=fill, tooltip=tooltip
    )


def _fill(colour: Any, look: Look) -> Any:
    if isinstance(colour, alt.Color):
        return alt.Fill(colour.shorthand, scale=colour.scale, legend=None)
    return alt.value(look.main)


def _earlier(base: alt.Chart, look: Look, before: str) -> alt.Chart:
    return base.mark_line(strokeWidth=1.8, color=look.before).encode(y=f"{before}:Q")


def _name(rows: pd.DataFrame, look: Look, value: str, name: str, colour: str) -> alt.Chart:
    last = rows[rows[value].notna()].tail(1).assign(_name=name)
    return (
        alt.Chart(last)
        .mark_text(align="left", dx=10, color=colour, fontSize=look.font_size)
        .encode(x="month:T", y=f"{value}:Q", text="_name:N")
    )


def _names(rows: pd.DataFrame, look: Look, colour: Any, value: str, series: str, top: float) -> alt.Chart:
    """Names at the ends of the lines, moved apart where they would overlap."""
    last = rows[rows["month"] == rows["month"].max()].dropna(subset=[value]).sort_values(value)
    gap = top * look.font_size * 1.35 / look.height(HEIGHT)
    last = last.assign(_height=_spread(last[value].tolist(), gap))
    return (
        alt.Chart(last)
        .mark_text(align="left", dx=10, fontSize=look.font_size, fontWeight=600)
        .encode(x="month:T", y="_height:Q", text=f"{series}:N", color=colour)
    )


def _spread(heights: Sequence[float], gap: float) -> list[float]:
    """
    Heights in rising order, moved up just enough to lie gap apart.

    >>> _spread([1.0, 1.5, 9.0], 2.0)
    [1.0, 3.0, 9.0]
    """
    spread: list[float] = []
    for height in heights:
        spread.append(max(height, spread[-1] + gap) if spread else height)
    return spread


def _context(
    events: pd.DataFrame | None, breaks: pd.DataFrame | None, look: Look, top: float, named: bool = True
) -> list[alt.Chart]:
    layers = []
    if events is not None and len(events):
        layers += _events(events, look, top, named)
    if breaks is not None and len(breaks):
        layers += _breaks(breaks, look, top)
    return layers


def _events(events: pd.DataFrame, look: Look, top: float, named: bool) -> list[alt.Chart]:
    shown = events.assign(
        starts_on=pd.to_datetime(events["starts_on"]),
        # A single day would be thinner than a pixel.
        ends_on=pd.to_datetime(events["ends_on"]) + pd.Timedelta(days=10),
    ).sort_values("starts_on")
    shown["row"] = [top * (0.985 - 0.06 * (i % EVENT_ROWS)) for i in range(len(shown))]
    tooltip = [
        alt.Tooltip("label:N", title=" "),
        alt.Tooltip("starts_on:T", title=" ", format="%-d %B %Y"),
    ]
    base = alt.Chart(shown).encode(x="starts_on:T", tooltip=tooltip)
    bands = base.mark_rect(color=look.shade, opacity=0.13).encode(x2="ends_on:T")
    if not named:
        return [bands]
    names = base.mark_text(align="left", dx=4, fontSize=look.font_size - 2, color=look.muted)
    return [bands, names.encode(y="row:Q", text="label:N")]


def _breaks(breaks: pd.DataFrame, look: Look, top: float) -> list[alt.Chart]:
    shown = breaks.assign(happened_on=pd.to_datetime(breaks["happened_on"]), top=top * 0.04)
    base = alt.Chart(shown).encode(x="happened_on:T", tooltip=[alt.Tooltip("label:N", title=" ")])
    rule = base.mark_rule(strokeDash=[2, 3], strokeWidth=1.5, color=look.muted)
    name = base.mark_text(align="left", dx=5, fontSize=look.font_size - 2, color=look.muted, limit=240)
    return [rule, name.encode(y="top:Q", text="label:N")]
