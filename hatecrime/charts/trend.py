"""Months in a row: lines from zero beside a year earlier, events as context, provisional months marked."""

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
ROOM_ABOVE = 0.1
ROOM_FOR_EVENTS = 0.3
MIDDLE = pd.Timedelta(days=14)
# A single day would be thinner than a pixel.
THINNEST_EVENT = pd.Timedelta(days=5)
LATE = pd.Timedelta(days=75)


@dataclass(frozen=True)
class Titles:
    """The words of a trend chart, already in the reader's language."""

    measure: str
    month: str = "Month"
    before: str = ""
    provisional: str = "provisional"
    status: str = "Status"
    final: str = "final"
    series: str = " "


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

    frame has month, the value and provisional; series names the column that tells lines apart; before names
    the value of the same month a year earlier, drawn in grey. events has starts_on, ends_on and label; breaks
    has happened_on and label. A provisional month is hollow and reached by a dashed line.
    """
    rows = _rows(frame, titles)
    if series and rows[series].nunique() > MOST_LINES:
        raise ValueError(f"More than {MOST_LINES} lines cannot be told apart; use panels().")
    x = _months(rows, look, named=series is not None or before is not None)
    named_events = events is not None and len(events) > 0
    y = _height(rows, value, before, ROOM_FOR_EVENTS if named_events else ROOM_ABOVE, decimals, HEIGHT)
    scale = _scale(rows, series, look)
    base = alt.Chart(rows).encode(x=x, y=y.of(value))
    layers = _context(rows, events, breaks, look, y)
    if before:
        layers.append(_earlier(base, look, y, before))
    layers += _line(rows, base, look, scale, y, value, series)
    layers.append(_points(base, look, scale, y, value, before, series, titles, decimals))
    if series:
        layers.append(_names(rows, look, scale, y, value, series))
    else:
        layers.append(_ends(rows, look, y, value, before, titles))
    heading = alt.TitleParams(titles.measure, fontSize=look.font_size, fontWeight="normal", color=look.muted)
    chart = alt.layer(*layers).properties(height=look.height(HEIGHT), title=heading)
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
    y = _height(rows, value, None, ROOM_ABOVE, decimals, PANEL_HEIGHT)
    base = alt.Chart(rows).encode(x=_months(rows, look, named=False, every=12))
    layers = _context(rows, events, None, look, y, named=False)
    layers.append(_columns(base, look, y, value, before, titles, decimals))
    title = alt.TitleParams(name, fontSize=look.font_size + 1, fontWeight=600, offset=8)
    chart = alt.layer(*layers).properties(height=look.height(PANEL_HEIGHT), title=title)
    return finish(chart, look, alt_text.format(name=name))


def _rows(frame: pd.DataFrame, titles: Titles) -> pd.DataFrame:
    known = frame.assign(month=pd.to_datetime(frame["month"]))
    if "provisional" not in known:
        known["provisional"] = False
    words = {True: titles.provisional, False: titles.final}
    # A month's figure stands in its middle, so that an event is seen beside the months it falls in.
    known = known.assign(at=known["month"] + MIDDLE, status=known["provisional"].map(words))
    return known.sort_values("month", kind="stable")


def _months(rows: pd.DataFrame, look: Look, named: bool, every: int = 0) -> alt.X:
    """Explicit first and last day, so that nothing jumps; ticks on the first months of quarters or years."""
    if rows.empty:
        return alt.X("at:T", title=None)
    first, last = rows["month"].min(), rows["month"].max()
    span = max((last - first).days, 28)
    end = last + pd.Timedelta(days=31 + round(span * ROOM_FOR_NAMES * named))
    ticks = _ticks(first, last, every or _every(span, look))
    axis = alt.Axis(format="%b %Y", values=ticks, labelAngle=0, grid=False, labelFlush=False, labelOverlap=True)
    return alt.X("at:T", title=None, scale=alt.Scale(domain=[_day(first), _day(end)], nice=False), axis=axis)


def _every(span: int, look: Look) -> int:
    months = span / 30 * (1.4 if look.density == "meeting" else 1)
    return 1 if months <= 8 else 3 if months <= 26 else 6 if months <= 62 else 12


def _ticks(first: pd.Timestamp, last: pd.Timestamp, every: int) -> list[alt.DateTime]:
    months = pd.date_range(first, last, freq="MS")
    # Financial years start in April, and so do the ticks.
    fitting = [month for month in months if (month.month - 4) % min(every, 12) == 0]
    return [_day(month + MIDDLE) for month in fitting or months[:1]]


def _day(day: pd.Timestamp) -> alt.DateTime:
    """A local date: Vega's utc units would move it by an hour, and by a month, in British summer."""
    return alt.DateTime(year=day.year, month=day.month, date=day.day)


@dataclass(frozen=True)
class _Height:
    """The vertical scale: every layer takes the same one, or Vega would merge them into something else."""

    top: float
    decimals: int
    pixels: int

    def of(self, column: str) -> alt.Y:
        """The channel of a column on this scale, from zero."""
        axis = alt.Axis(
            format=f",.{self.decimals}f",
            tickMinStep=0 if self.decimals else 1,
            tickCount=max(3, self.pixels // 75),
            domain=False,
            ticks=False,
        )
        return alt.Y(
            f"{column}:Q",
            title=None,
            scale=alt.Scale(domain=[0, self.top], nice=False, zero=True),
            axis=axis,
        )


def _height(rows: pd.DataFrame, value: str, before: str | None, room: float, decimals: int, pixels: int) -> _Height:
    """A scale that ends above the highest figure, with room for what stands there."""
    highest = rows[[value] + ([before] if before else [])].max().max() if len(rows) else 0
    top = float(highest) * (1 + room) if pd.notna(highest) and highest > 0 else 1.0
    return _Height(top, decimals, pixels)


def _scale(rows: pd.DataFrame, series: str | None, look: Look) -> alt.Scale | None:
    """A colour for every line, in the order in which they come."""
    if series is None:
        return None
    names = list(dict.fromkeys(rows[series]))
    return alt.Scale(domain=names, range=list(look.series[: len(names)]))


def _paint(channel: Any, series: str | None, scale: alt.Scale | None, look: Look) -> Any:
    return alt.value(look.main) if series is None else channel(f"{series}:N", scale=scale, legend=None)


def _line(
    rows: pd.DataFrame,
    base: alt.Chart,
    look: Look,
    scale: alt.Scale | None,
    y: _Height,
    value: str,
    series: str | None,
) -> list[alt.Chart]:
    encoded: dict[str, Any] = {
        "y": y.of(value),
        "color": _paint(alt.Color, series, scale, look),
    }
    style: dict[str, Any] = {"strokeWidth": look.thickness, "interpolate": "linear"}
    final = base.transform_filter("!datum.provisional").mark_line(**style)
    # The dashed part starts at the last final month, so that the line does not break.
    firsts = rows.loc[rows["provisional"], "month"]
    if firsts.empty:
        return [final.encode(**encoded)]
    bridge = rows[rows["month"] >= firsts.min() - pd.DateOffset(months=1)]
    dashed = alt.Chart(bridge).mark_line(strokeDash=DASH, **style)
    return [final.encode(**encoded), dashed.encode(x="at:T", **encoded)]


def _columns(
    base: alt.Chart,
    look: Look,
    y: _Height,
    value: str,
    before: str | None,
    titles: Titles,
    decimals: int,
) -> alt.Chart:
    """A thin column for each month, hollow where provisional: small counts jump too much for a line."""
    hollow = alt.condition("datum.provisional", alt.value(look.ground), alt.value(look.main))
    return base.mark_bar(size=3.2, stroke=look.main, strokeWidth=1).encode(
        y=y.of(value), color=hollow, tooltip=_tooltip(titles, value, before, None, decimals)
    )


def _tooltip(titles: Titles, value: str, before: str | None, series: str | None, decimals: int) -> list[alt.Tooltip]:
    number = f",.{decimals}f"
    tooltip = [alt.Tooltip("month:T", title=titles.month, format="%B %Y")]
    if series:
        tooltip.append(alt.Tooltip(f"{series}:N", title=titles.series))
    tooltip.append(alt.Tooltip(f"{value}:Q", title=titles.measure, format=number))
    if before:
        tooltip.append(alt.Tooltip(f"{before}:Q", title=titles.before, format=number))
    return [*tooltip, alt.Tooltip("status:N", title=titles.status)]


def _points(
    base: alt.Chart,
    look: Look,
    scale: alt.Scale | None,
    y: _Height,
    value: str,
    before: str | None,
    series: str | None,
    titles: Titles,
    decimals: int,
) -> alt.Chart:
    hollow = alt.condition("datum.provisional", alt.value(look.ground), _paint(alt.Fill, series, scale, look))
    return base.mark_point(size=42, strokeWidth=1.8, opacity=1, filled=False).encode(
        y=y.of(value),
        stroke=_paint(alt.Stroke, series, scale, look),
        fill=hollow,
        tooltip=_tooltip(titles, value, before, series, decimals),
    )


def _earlier(base: alt.Chart, look: Look, y: _Height, before: str) -> alt.Chart:
    return base.mark_line(strokeWidth=1.5, color=look.before).encode(y=y.of(before))


def _ends(rows: pd.DataFrame, look: Look, y: _Height, value: str, before: str | None, titles: Titles) -> alt.Chart:
    """What stands at the end of the lines: that the last months are provisional, which line is earlier."""
    last = rows.tail(1)
    ends = []
    if len(last) and last["provisional"].any():
        ends.append((last["at"].iloc[0], float(last[value].iloc[0]), titles.provisional))
    if before and len(last) and pd.notna(last[before].iloc[0]):
        ends.append((last["at"].iloc[0], float(last[before].iloc[0]), titles.before))
    shown = pd.DataFrame(sorted(ends, key=lambda end: end[1]), columns=["at", "height", "name"])
    shown["height"] = _spread(shown["height"].tolist(), _line_of_text(y, look))
    mark = alt.Chart(shown).mark_text(align="left", dx=10, color=look.muted, fontSize=look.font_size)
    return mark.encode(x="at:T", y=y.of("height"), text="name:N")


def _line_of_text(y: _Height, look: Look) -> float:
    """The height of a line of text, in units of the scale."""
    return y.top * look.font_size * 1.35 / look.height(y.pixels)


def _names(rows: pd.DataFrame, look: Look, scale: alt.Scale | None, y: _Height, value: str, series: str) -> alt.Chart:
    """Names at the ends of the lines, moved apart where they would overlap."""
    last = rows[rows["month"] == rows["month"].max()].dropna(subset=[value]).sort_values(value)
    last = last.assign(height=_spread(last[value].tolist(), _line_of_text(y, look)))
    mark = alt.Chart(last).mark_text(align="left", dx=10, fontSize=look.font_size, fontWeight=600)
    colour = _paint(alt.Color, series, scale, look)
    return mark.encode(x="at:T", y=y.of("height"), text=f"{series}:N", color=colour)


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
    rows: pd.DataFrame,
    events: pd.DataFrame | None,
    breaks: pd.DataFrame | None,
    look: Look,
    y: _Height,
    named: bool = True,
) -> list[alt.Chart]:
    """What lies behind the lines: shaded events and marked changes in recording."""
    layers: list[alt.Chart] = []
    if rows.empty:
        return layers
    if events is not None and len(events):
        layers += _events(events, look, y, named, rows["month"].max() + pd.offsets.MonthEnd())
    if breaks is not None and len(breaks):
        layers += _breaks(breaks, look, y)
    return layers


def _events(events: pd.DataFrame, look: Look, y: _Height, named: bool, last: pd.Timestamp) -> list[alt.Chart]:
    starts, ends = pd.to_datetime(events["starts_on"]), pd.to_datetime(events["ends_on"])
    shown = events.assign(starts_on=starts, ends_on=ends.clip(lower=starts + THINNEST_EVENT, upper=last))
    shown = shown[shown["starts_on"] < last].sort_values("starts_on").reset_index(drop=True)
    # Names of neighbours stand in different rows.
    shown["row"] = [y.top * (0.97 - 0.065 * (i % EVENT_ROWS)) for i in range(len(shown))]
    shown["late"] = shown["starts_on"] > last - LATE
    base = alt.Chart(shown).encode(x="starts_on:T", tooltip=[alt.Tooltip("label:N", title=" ")])
    bands = base.mark_rect(color=look.shade, opacity=0.13).encode(x2="ends_on:T")
    return [bands, *_event_names(base, look, y)] if named else [bands]


def _event_names(base: alt.Chart, look: Look, y: _Height) -> list[alt.Chart]:
    """To the right of an event; to the left of one so late that its name would not fit."""
    style: dict[str, Any] = {"fontSize": look.font_size - 2, "color": look.muted}
    early = base.transform_filter("!datum.late").mark_text(align="left", dx=4, **style)
    late = base.transform_filter("datum.late").mark_text(align="right", dx=-4, **style)
    return [names.encode(y=y.of("row"), text="label:N") for names in (early, late)]


def _breaks(breaks: pd.DataFrame, look: Look, y: _Height) -> list[alt.Chart]:
    shown = breaks.assign(happened_on=pd.to_datetime(breaks["happened_on"]), top=y.top * 0.04)
    base = alt.Chart(shown).encode(x="happened_on:T", tooltip=[alt.Tooltip("label:N", title=" ")])
    rule = base.mark_rule(strokeDash=[2, 3], strokeWidth=1.5, color=look.muted)
    name = base.mark_text(align="left", dx=5, fontSize=look.font_size - 2, color=look.muted, limit=240)
    return [rule, name.encode(y=y.of("top"), text="label:N")]
