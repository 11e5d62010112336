"""
Colours, sizes and fonts of every chart.

The colours are those of the Government Analysis Function, and each is named for what it means here. A chart
never picks a colour of its own: it takes a Look, so light and dark, analyst and meeting are one code path.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

import altair as alt
from babel.dates import get_day_names, get_month_names

Mode = Literal["light", "dark"]
Density = Literal["analyst", "meeting"]

FONT = "'Source Sans', 'Source Sans 3', Arial, sans-serif"
LOCALES = {"en": "en_GB", "cy": "cy"}


@dataclass(frozen=True)
class Look:
    """How a chart is drawn. Colours are hex strings, sizes pixels."""

    mode: Mode
    ground: str
    text: str
    muted: str
    grid: str
    main: str
    before: str
    pale: str
    accent: str
    series: tuple[str, ...]
    ramp: tuple[str, ...]
    fewer: str
    more: str
    outline: str
    shade: str
    none: str
    density: Density = "analyst"
    language: str = "en"

    def drawn_for(self, density: str, language: str) -> "Look":
        """The same colours for a density and a language."""
        return replace(self, density="meeting" if density == "meeting" else "analyst", language=language)

    @property
    def font_size(self) -> int:
        """Of axis labels and text in the chart."""
        return 17 if self.density == "meeting" else 13

    @property
    def legend_size(self) -> int:
        """Of the legend of a map, by which it is read: from the back of a room in a meeting."""
        return 22 if self.density == "meeting" else 13

    @property
    def thickness(self) -> float:
        """Of lines that carry data."""
        return 3.5 if self.density == "meeting" else 2.5

    def height(self, analyst: int) -> int:
        """The height of a chart: a meeting reads it from across a room."""
        return round(analyst * 1.3) if self.density == "meeting" else analyst


# Dark blue carries the finding; grey is what it is compared with; orange marks what is selected.
# Ramps hold five steps of one hue, pale to strong on light, deep to bright on dark: strong always means more.
LIGHT = Look(
    mode="light",
    ground="#ffffff",
    text="#0b0c0c",
    muted="#505a5f",
    grid="#e4e8eb",
    main="#12436D",
    before="#8a949b",
    pale="#ccd3d8",
    accent="#F46A25",
    series=("#12436D", "#28A197", "#801650", "#F46A25"),
    ramp=("#e3edf7", "#b5d1ec", "#6BACE6", "#2073BC", "#12436D"),
    fewer="#28A197",
    more="#801650",
    outline="#8a949b",
    shade="#3D3D3D",
    none="#f3f5f7",
)
DARK = Look(
    mode="dark",
    ground="#12171c",
    text="#f0f3f5",
    muted="#b4bec6",
    grid="#2c363f",
    main="#6BACE6",
    before="#87939d",
    pale="#3d4a55",
    accent="#F9A36F",
    series=("#6BACE6", "#4CC2B7", "#E08BB5", "#F9A36F"),
    ramp=("#1d3040", "#1f4f78", "#2073BC", "#6BACE6", "#cfe5f8"),
    fewer="#4CC2B7",
    more="#E08BB5",
    outline="#5d6a75",
    shade="#cfd8df",
    none="#1c242c",
)
LOOKS: Mapping[str, Look] = MappingProxyType({"light": LIGHT, "dark": DARK})


def mix(colour: str, ground: str, part: float) -> str:
    """
    A colour over a ground.

    >>> mix("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(a * part + b * (1 - part)):02x}" for a, b in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def finish(chart: alt.TopLevelMixin, look: Look, alt_text: str) -> Any:
    """The chart with its text alternative, and the look as configuration: the last step of every chart."""
    return chart.properties(description=alt_text).configure(**configuration(look))


def configuration(look: Look) -> dict[str, Any]:
    """The look as a Vega-Lite configuration; month and day names are those of the language."""
    size = look.font_size
    return {
        "background": look.ground,
        "font": FONT,
        "locale": {"time": time_locale(look.language)},
        "view": {"stroke": None},
        "axis": {
            "labelColor": look.muted,
            "titleColor": look.muted,
            "labelFontSize": size,
            "titleFontSize": size,
            "titleFontWeight": "normal",
            "gridColor": look.grid,
            "domainColor": look.grid,
            "tickColor": look.grid,
            "labelPadding": 6,
            "labelLimit": 260,
        },
        "legend": {
            "labelColor": look.text,
            "titleColor": look.muted,
            "labelFontSize": size,
            "titleFontSize": size,
            "titleFontWeight": "normal",
            "titleLimit": 420,
            "labelLimit": 260,
            "symbolStrokeColor": look.outline,
        },
        "header": {
            "labelColor": look.text,
            "labelFontSize": size + 1,
            "labelFontWeight": 600,
            "labelAnchor": "start",
            "title": None,
        },
        "title": {"color": look.text, "fontSize": size + 2, "anchor": "start"},
        "text": {"color": look.text, "fontSize": size},
    }


@lru_cache
def time_locale(language: str) -> dict[str, Any]:
    """Names of months and days for Vega's axes and tooltips."""
    locale = LOCALES.get(language, "en_GB")
    months, short = (get_month_names(width, "stand-alone", locale) for width in ("wide", "abbreviated"))
    days, short_days = (get_day_names(width, "stand-alone", locale) for width in ("wide", "abbreviated"))
    sunday_first = (6, 0, 1, 2, 3, 4, 5)
    return {
        "dateTime": "%d %B %Y %H:%M",
        "date": "%d/%m/%Y",
        "time": "%H:%M",
        "periods": ["am", "pm"],
        "months": [_capital(months[i]) for i in range(1, 13)],
        "shortMonths": [_capital(short[i]) for i in range(1, 13)],
        "days": [_capital(days[i]) for i in sunday_first],
        "shortDays": [_capital(short_days[i]) for i in sunday_first],
    }


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
