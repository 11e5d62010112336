"""The layers of a map in Vega-Lite. They name outlines and tables, which are given later and change by themselves."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hatecrime.charts.map_classes import Swatches
from hatecrime.charts.theme import Look

Layer = dict[str, Any]

# Names of outlines and of tables in a specification.
AREAS, GROUND = "areas", "ground"
VALUES, CLASSES, PICKED, MARKS, LETTERS, NAMES = "values", "classes", "picked", "marks", "letters", "names"
SAID = "said"
FEATURES = {"type": "json", "property": "features"}
SELECTION = "pick"
# Above so many areas a screen reader is given the text alternative and the table, not each area.
MOST_READ_OUT = 500
MOST_LINED = 3000
# Lines around areas that stand out: whole, broken, dotted.
DASHES = ([1, 0], [5, 3], [1, 2])
# Room for the entries of a legend in a row, in pixels, and the most of them.
LEGEND_WIDE, MOST_COLUMNS = 560, 6
CHARACTER = 0.56


@dataclass(frozen=True)
class Tip:
    """One line of a tooltip: column, title, and number format ("" for text)."""

    column: str
    title: str
    format: str = ""


def legend(look: Look, labels: Sequence[str], title: str = " ") -> dict[str, Any]:
    """A legend above the map, as large as the look asks for."""
    wide = max((len(label) for label in labels), default=0) * look.legend_size * CHARACTER + 2 * look.legend_size
    return {
        "title": title,
        # What a screen reader would say by itself are the numbers of the colours.
        "description": title,
        "orient": "top",
        "direction": "horizontal",
        "columns": max(1, min(MOST_COLUMNS, int(LEGEND_WIDE / wide))),
        "symbolType": "square",
        "symbolSize": round((look.legend_size + 2) ** 2),
        "labelFontSize": look.legend_size,
        "titleFontSize": look.legend_size,
        "titleLimit": LEGEND_WIDE,
        "labelLimit": LEGEND_WIDE,
    }


def ground(look: Look) -> Layer:
    """Areas as quiet ground for what is drawn over them."""
    style = {"type": "geoshape", "fill": look.none, "stroke": look.outline, "strokeWidth": 0.8, "aria": False}
    return {"data": {"name": GROUND}, "mark": style}


def fills(
    look: Look, colours: Swatches, measure: str, tips: Sequence[Tip], rows: int, otherwise: str, clicked: bool
) -> Layer:
    """The areas that have a row, each in the colour of its class. otherwise is what the others of them are called."""
    many = rows > MOST_READ_OUT
    style = {
        "type": "geoshape",
        "stroke": look.outline,
        # Lines around thousands of cells would be all that is seen.
        "strokeWidth": 0 if rows > MOST_LINED else 0.25 if many else 0.8,
        "aria": not many,
    }
    columns = list(dict.fromkeys(["slot", "label", *(tip.column for tip in tips)]))
    said = f"{json.dumps(measure)} + ': ' + datum.class + (datum.label ? '; ' + datum.label : '')"
    layer: Layer = {
        "data": {"name": AREAS},
        "transform": [
            _looked_up("id", VALUES, "id", columns),
            {"filter": "isValid(datum.slot)"},
            {**_looked_up("slot", CLASSES, "slot", ["class"]), "default": otherwise},
            *([] if many else [{"calculate": said, "as": "said"}]),
        ],
        "mark": style,
        "encoding": {"color": _colour(look, colours, measure), "tooltip": [_tooltip(tip) for tip in tips]},
    }
    if not many:
        layer["encoding"]["description"] = {"field": "said", "type": "nominal"}
    if clicked:
        layer["params"] = [{"name": SELECTION, "select": {"type": "point", "fields": ["id"]}}]
    return layer


def picked(look: Look) -> list[Layer]:
    """Two lines, one of the ground's colour beneath, so that the outline shows on any fill."""
    return [
        {
            "data": {"name": AREAS},
            "transform": [_looked_up("id", PICKED, "id", ["outlined"]), {"filter": "datum.outlined"}],
            "mark": {**_LINE, "stroke": stroke, "strokeWidth": wide},
        }
        for stroke, wide in ((look.ground, 6), (look.accent, 3.2))
    ]


def outlined(look: Look, names: Mapping[str, str], title: str, rows: int) -> list[Layer]:
    """A line around each area that stands out, whole, broken or dotted as its sign is the first, second or third."""
    shown = legend(look, list(names.values()), title)
    dash = {
        "field": "sign",
        "type": "nominal",
        "scale": {"domain": list(names), "range": [list(each) for each in DASHES[: len(names)]]},
        "legend": {**shown, "symbolType": "stroke", "symbolStrokeColor": look.text, "symbolStrokeWidth": 2.2}
        | {"labelExpr": _in_words(names)},
    }
    marked = [_looked_up("id", MARKS, "id", ["sign"]), {"filter": "isValid(datum.sign)"}]
    many = rows > MOST_READ_OUT
    beneath = {**_LINE, "stroke": look.ground, "strokeWidth": 3.6}
    above = {**_LINE, "stroke": look.text, "strokeWidth": 1.3 if many else 1.8}
    drawn = {"data": {"name": AREAS}, "transform": marked, "mark": above, "encoding": {"strokeDash": dash}}
    # Within small cells a second line would leave no room for their colour.
    return [drawn] if many else [{"data": {"name": AREAS}, "transform": marked, "mark": beneath}, drawn]


def signs(look: Look, names: Mapping[str, str], title: str, size: float, above: float) -> list[Layer]:
    """A sign at the middle of each area that stands out, and in the legend what it means. above: pixels higher."""
    entries = {sign: f"{sign}  {words}" for sign, words in names.items()}
    colour = {
        "field": "sign",
        "type": "nominal",
        "scale": {"domain": list(names), "range": [look.text]},
        # The sign itself stands in the words; a patch of colour beside it would mean nothing.
        "legend": {**legend(look, list(entries.values()), title), "symbolSize": 1, "symbolOpacity": 0}
        | {"labelExpr": _in_words(entries)},
    }
    halo, text = _texts(look, MARKS, "sign", size, {"dy": -above, "fontWeight": 700})
    return [halo, {**text, "encoding": {**text["encoding"], "color": colour}}]


def letters(look: Look, size: float, above: float) -> list[Layer]:
    """The letter of its class at the middle of each area."""
    return _texts(look, LETTERS, "letter", size, {"dy": -above, "fontWeight": 700})


def names(look: Look, size: int, faint: bool) -> list[Layer]:
    """Names of areas; faint where they only say where something is."""
    halo, text = _texts(look, NAMES, "label", size, {"lineBreak": "\n"})
    return [halo, {**text, "mark": {**text["mark"], "color": look.muted}}] if faint else [halo, text]


def said() -> Layer:
    """What the map says in words, for screen readers alone."""
    mark = {"type": "text", "text": "", "tooltip": None}
    return {"data": {"name": SAID}, "mark": mark, "encoding": {"description": {"field": "said", "type": "nominal"}}}


def _texts(look: Look, table: str, column: str, size: float, style: dict[str, Any]) -> list[Layer]:
    """Words at x and y on a halo of the ground's colour, so that they can be read on any fill."""
    places = {
        "longitude": {"field": "x", "type": "quantitative"},
        "latitude": {"field": "y", "type": "quantitative"},
        "text": {"field": column, "type": "nominal"},
    }
    mark = {"type": "text", "fontSize": size, "baseline": "middle", "aria": False, "tooltip": None, **style}
    halo = {"stroke": look.ground, "strokeWidth": 3.5, "strokeJoin": "round", "opacity": 0.85}
    return [
        {"data": {"name": table}, "mark": {**mark, **each}, "encoding": places} for each in (halo, {"color": look.text})
    ]


def _colour(look: Look, colours: Swatches, measure: str) -> dict[str, Any]:
    """Fixed colours; which of them the legend shows, and what it calls them, is in the table of classes."""
    all_colours = [*colours.colours, look.ground]
    entries = "pluck(data('classes'), 'entry')[indexof(pluck(data('classes'), 'slot'), datum.value)]"
    shown = {"values": {"expr": "pluck(data('classes'), 'slot')"}, "labelExpr": entries}
    return {
        "field": "slot",
        "type": "nominal",
        "scale": {"domain": list(range(len(all_colours))), "range": all_colours},
        "legend": {**legend(look, colours.entries, measure), **shown},
    }


def _looked_up(key: str, table: str, its_key: str, columns: Sequence[str]) -> dict[str, Any]:
    return {"lookup": key, "from": {"data": {"name": table}, "key": its_key, "fields": list(columns)}}


def _in_words(names: Mapping[str, str]) -> str:
    return f"({json.dumps(dict(names), ensure_ascii=False)})[datum.value]"


def _tooltip(tip: Tip) -> dict[str, Any]:
    if tip.format:
        return {"field": tip.column, "type": "quantitative", "title": tip.title, "format": tip.format}
    return {"field": tip.column, "type": "nominal", "title": tip.title}


_LINE: Mapping[str, Any] = {
    "type": "geoshape",
    "filled": False,
    "strokeJoin": "round",
    "tooltip": None,
    "aria": False,
}
