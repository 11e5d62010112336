"""Maps on the national grid: areas or cells in a few stated classes of one hue, named, one of them outlined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import shapely
import shapely.geometry

from hatecrime.charts.classes import Classes
from hatecrime.charts.theme import Look, finish

HEIGHT = 560
SMALL_HEIGHT = 300
MOST_NAMES = 45
# How wide a character is beside its height, roughly, in the fonts in use.
CHARACTER = 0.56

Collection = Mapping[str, Any]


@dataclass(frozen=True)
class Tip:
    """One line of a tooltip: column, title, and number format ("" for text)."""

    column: str
    title: str
    format: str = ""


def choropleth(
    collection: Collection,
    values: pd.DataFrame,
    look: Look,
    classes: Classes,
    *,
    value: str,
    measure: str,
    alt_text: str,
    tips: Sequence[Tip] = (),
    picked: str | None = None,
    missing: str = "No figure",
    ground: Collection | None = None,
    names: bool = True,
    small: bool = False,
) -> alt.LayerChart:
    """
    Areas filled by class; clicking one selects it (selection "pick", field "id").

    values has id, label and the value; areas without a value are hatched out as missing. ground is drawn beneath,
    for cells that leave most of an area empty. picked is outlined. small leaves out names and the click.
    """
    height = look.height(SMALL_HEIGHT if small else HEIGHT)
    rows = _classed(values, classes, value, missing)
    fields = ["label", "class", *dict.fromkeys(tip.column for tip in tips)]
    layers = [_ground(ground, look)] if ground else []
    layers.append(_fills(collection, rows, look, classes, fields, measure, tips, missing, small))
    if picked is not None:
        layers += _outline(collection, picked, look)
    if names and not small:
        layers.append(_names(collection, rows, look, value, picked, height))
    chart = alt.layer(*layers).project(type="identity", reflectY=True).properties(height=height)
    return finish(chart, look, alt_text)


def points_over(
    collection: Collection,
    points: pd.DataFrame,
    look: Look,
    *,
    alt_text: str,
    tips: Sequence[Tip] = (),
    kinds: Mapping[str, str] | None = None,
    incidents: pd.DataFrame | None = None,
    rings: Sequence[int] = (),
    names: bool = True,
) -> alt.LayerChart:
    """
    Places on a quiet map of areas: reporting centres over incidents, with rings at distances in metres.

    points has id, label, x, y and kind (a key of kinds, which gives its name); incidents has x, y and n.
    Clicking a place selects it (selection "pick", field "id").
    """
    height = look.height(HEIGHT)
    layers = [_ground(collection, look)]
    if incidents is not None and len(incidents):
        layers.append(_dots(incidents, look))
    for metres in rings:
        layers.append(_ground(_circles(points, metres), look, ring=True))
    if names:
        none = pd.DataFrame({"id": [], "n": []})
        layers.append(_names(collection, none, look, "n", None, height, faint=True))
    layers.append(_places(points, look, tips, kinds or {}))
    chart = alt.layer(*layers).project(type="identity", reflectY=True).properties(height=height)
    return finish(chart, look, alt_text)


def _classed(values: pd.DataFrame, classes: Classes, value: str, missing: str) -> pd.DataFrame:
    numbers = values[value].astype(float).map(classes.of)
    labels = [missing if pd.isna(i) else classes.labels[int(i)] for i in numbers]
    return values.assign(**{"class": labels})


def _fills(
    collection: Collection,
    rows: pd.DataFrame,
    look: Look,
    classes: Classes,
    fields: Sequence[str],
    measure: str,
    tips: Sequence[Tip],
    missing: str,
    small: bool,
) -> alt.Chart:
    colour = alt.Color(
        "class:N",
        title=measure,
        scale=alt.Scale(domain=[*classes.labels, missing], range=[*_ramp(look, classes), look.ground]),
        legend=None if small else _legend(rows, missing, classes),
    )
    tooltip = [alt.Tooltip("label:N", title=" ")] + [
        alt.Tooltip(f"{tip.column}:Q", title=tip.title, format=tip.format)
        if tip.format
        else alt.Tooltip(f"{tip.column}:N", title=tip.title)
        for tip in tips
    ]
    chart = (
        alt.Chart(_inline(collection))
        .transform_lookup(lookup="id", from_=alt.LookupData(rows[["id", *fields]], "id", list(fields)))
        .mark_geoshape(stroke=look.outline, strokeWidth=0.8)
        .encode(color=colour, tooltip=tooltip)
    )
    if small:
        return chart
    return chart.add_params(alt.selection_point(name="pick", fields=["id"], empty=True))


def _legend(rows: pd.DataFrame, missing: str, classes: Classes) -> alt.Legend:
    shown = [*classes.labels] + ([missing] if (rows["class"] == missing).any() else [])
    return alt.Legend(
        orient="top", direction="horizontal", values=shown, symbolType="square", symbolSize=220, columns=6
    )


def _ramp(look: Look, classes: Classes) -> list[str]:
    """Strong colours for the upper classes whatever their number; zero has the colour of nothing."""
    steps = len(classes.labels) - classes.has_zero
    spread = {1: [2], 2: [1, 3], 3: [1, 2, 4], 4: [0, 1, 2, 4], 5: [0, 1, 2, 3, 4]}.get(steps, [])
    return [look.none] * classes.has_zero + [look.ramp[i] for i in spread]


def _outline(collection: Collection, picked: str, look: Look) -> list[alt.Chart]:
    """Two lines, one of the ground's colour beneath, so that the outline shows on any fill."""
    found = [feature for feature in collection["features"] if feature["id"] == picked]
    if not found:
        return []
    data = _inline({"type": "FeatureCollection", "features": found})
    style = {"filled": False, "strokeJoin": "round", "tooltip": None}
    return [
        alt.Chart(data).mark_geoshape(stroke=look.ground, strokeWidth=6, **style),
        alt.Chart(data).mark_geoshape(stroke=look.accent, strokeWidth=3.2, **style),
    ]


def _ground(collection: Collection, look: Look, ring: bool = False) -> alt.Chart:
    chart = alt.Chart(_inline(collection))
    if ring:
        return chart.mark_geoshape(filled=False, stroke=look.main, strokeWidth=1, strokeDash=[4, 3], opacity=0.8)
    return chart.mark_geoshape(fill=look.none, stroke=look.outline, strokeWidth=0.8)


def _dots(incidents: pd.DataFrame, look: Look) -> alt.Chart:
    return (
        alt.Chart(incidents)
        .mark_circle(color=look.before, opacity=0.55, stroke=None)
        .encode(
            longitude="x:Q",
            latitude="y:Q",
            size=alt.Size("n:Q", scale=alt.Scale(domain=[1, 20], range=[14, 160]), legend=None),
        )
    )


def _circles(points: pd.DataFrame, metres: int) -> dict[str, Any]:
    circles = shapely.buffer(shapely.points(points["x"], points["y"]), metres, quad_segs=12)
    features = [{"type": "Feature", "geometry": shapely.geometry.mapping(circle)} for circle in circles]
    return {"type": "FeatureCollection", "features": features}


def _places(points: pd.DataFrame, look: Look, tips: Sequence[Tip], kinds: Mapping[str, str]) -> alt.Chart:
    """Kinds differ by shape as well as by colour."""
    names = list(kinds.values())
    shown = points.assign(kind_name=points["kind"].map(kinds)) if "kind" in points else points.assign(kind_name="")
    shapes_ = ["circle", "triangle-up", "square", "diamond"][: len(names)]
    tooltip = [alt.Tooltip("label:N", title=" ")] + [
        alt.Tooltip(f"{tip.column}:Q", title=tip.title, format=tip.format)
        if tip.format
        else alt.Tooltip(f"{tip.column}:N", title=tip.title)
        for tip in tips
    ]
    legend = alt.Legend(orient="top", direction="horizontal", symbolSize=160, title=None)
    return (
        alt.Chart(shown)
        .mark_point(filled=True, size=170, opacity=1, stroke=look.ground, strokeWidth=1.5)
        .encode(
            longitude="x:Q",
            latitude="y:Q",
            color=alt.Color("kind_name:N", scale=alt.Scale(domain=names, range=_kind_colours(look, names)), legend=legend),
            shape=alt.Shape("kind_name:N", scale=alt.Scale(domain=names, range=shapes_), legend=legend),
            tooltip=tooltip,
        )
        .add_params(alt.selection_point(name="pick", fields=["id"], empty=True))
    )


def _kind_colours(look: Look, names: Sequence[str]) -> list[str]:
    return [look.main, look.accent, look.more, look.fewer][: len(names)]


def _names(
    collection: Collection,
    rows: pd.DataFrame,
    look: Look,
    value: str,
    picked: str | None,
    height: int,
    faint: bool = False,
) -> alt.LayerChart:
    """Names where they fit: what is picked first, then the highest, then from the largest down."""
    size = look.font_size - (1 if look.density == "meeting" else 2)
    shown = pd.DataFrame(_fitting(collection, rows, value, picked, height, size), columns=["id", "label", "x", "y"])
    base = alt.Chart(shown).encode(longitude="x:Q", latitude="y:Q", text="label:N")
    style = {"fontSize": size, "lineBreak": "\n", "baseline": "middle"}
    halo = base.mark_text(stroke=look.ground, strokeWidth=3.5, strokeJoin="round", opacity=0.85, **style)
    return alt.layer(halo, base.mark_text(color=look.muted if faint else look.text, **style))


def _fitting(
    collection: Collection, rows: pd.DataFrame, value: str, picked: str | None, height: int, size: int
) -> list[tuple[str, str, float, float]]:
    features = collection["features"]
    if not features:
        return []
    metres = _metres_per_pixel(collection, height)
    amount = dict(zip(rows["id"], rows[value].astype(float).fillna(0), strict=True))
    order = sorted(features, key=lambda f: (f["id"] != picked, -amount.get(f["id"], 0)))[:MOST_NAMES]
    taken: list[tuple[float, float, float, float]] = []
    fitting = []
    for feature in order:
        label, (x, y) = feature["properties"]["label"], _middle(feature)
        wide, high = len(label) * size * CHARACTER * metres / 2, size * 1.2 * metres / 2
        box = (x - wide, y - high, x + wide, y + high)
        if not any(_overlap(box, other) for other in taken):
            taken.append(box)
            fitting.append((feature["id"], label, x, y))
    return fitting


def _metres_per_pixel(collection: Collection, height: int) -> float:
    _west, south, _east, north = shapely.geometry.shape(_all(collection)).bounds
    return max((north - south) / height, 1.0)


def _all(collection: Collection) -> dict[str, Any]:
    return {"type": "GeometryCollection", "geometries": [each["geometry"] for each in collection["features"]]}


def _middle(feature: Mapping[str, Any]) -> tuple[float, float]:
    """A point well inside the area, to write its name at."""
    point = shapely.geometry.shape(feature["geometry"]).representative_point()
    return point.x, point.y


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _inline(collection: Collection) -> alt.InlineData:
    return alt.InlineData(values=dict(collection), format=alt.DataFormat(property="features", type="json"))
