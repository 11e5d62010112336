"""Reporting centres over incidents: how far it is to the nearest one, and what lies beyond every reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import shapely
import shapely.geometry

from hatecrime.charts import maps
from hatecrime.charts.theme import Look, finish, mix

# How much of the main colour a distance has, nearest first.
TINTS = (0.34, 0.2, 0.09)
# Letters on one line beside a mark, and the largest type: larger names would cover their neighbours.
LONG_NAME, LARGEST_NAME = 20, 14
# Nearer than this, in metres east and north, two names would lie on each other: one goes to the left.
CROWDED_EAST, CROWDED_NORTH = 2500, 600
# What the name of a centre covers on the map, in metres to the right and up or down.
NAME_WIDE, NAME_HIGH = 4500, 450


@dataclass(frozen=True)
class Reach:
    """A distance on the map: what it is called, and the radius in metres that stands for it."""

    name: str
    radius: float


def coverage(
    ground: maps.Collection,
    borders: maps.Collection,
    incidents: pd.DataFrame,
    places: pd.DataFrame,
    look: Look,
    reaches: Sequence[Reach],
    kinds: Mapping[str, str],
    *,
    alt_text: str,
    tips: Sequence[maps.Tip] = (),
) -> alt.LayerChart:
    """
    Places over incidents, on the area within each reach of one of the centres.

    ground and borders are collections of areas, fine and coarse, the coarse ones named; incidents has x, y, n and
    beyond (whether it is out of every reach); places has id, label, x, y, is_centre and kind, a key of kinds, which
    gives its name; reaches come nearest first.
    """
    height = look.height(maps.HEIGHT)
    centres = places[places["is_centre"]]
    layers = [
        _ground(ground, look),
        *_reached(ground, centres, look, reaches),
        alt.Chart(_inline(borders)).mark_geoshape(filled=False, stroke=look.muted, strokeWidth=1.4),
    ]
    if len(incidents):
        layers.append(_incidents(incidents, look))
    layers += [
        *_border_names(borders, centres, look),
        _marks(places, look, kinds, tips),
        *_centre_names(centres, look),
    ]
    # Each layer has scales of its own, so that the three legends of the marks become one.
    apart: dict[str, Any] = dict.fromkeys(("color", "fill", "stroke", "shape", "size"), "independent")
    chart = alt.layer(*layers).resolve_scale(**apart).project(type="identity", reflectY=True)
    return finish(chart.properties(height=height), look, alt_text)


def _reached(ground: maps.Collection, centres: pd.DataFrame, look: Look, reaches: Sequence[Reach]) -> list[alt.Chart]:
    """Where a centre is within reach, each distance without the nearer ones."""
    whole = shapely.union_all([shapely.geometry.shape(each["geometry"]) for each in ground["features"]])
    sites = shapely.MultiPoint(_pairs(centres))
    nearer, features = shapely.Polygon(), []
    for reach in reaches:
        disc = shapely.buffer(sites, reach.radius, quad_segs=24)
        disc = disc if whole.is_empty else shapely.intersection(disc, whole)
        features.append(_feature(shapely.difference(disc, nearer), reach.name))
        nearer = disc
    names = [reach.name for reach in reaches]
    tints = [mix(look.main, look.none, tint) for tint in TINTS[: len(names)]]
    data = alt.InlineData(values={"type": "FeatureCollection", "features": features}, format=_features())
    fill = alt.Color(
        "properties.reach:N",
        scale=alt.Scale(domain=names, range=tints),
        legend=alt.Legend(title=None, orient="bottom", direction="horizontal", symbolType="square", symbolSize=220),
    )
    return [alt.Chart(data).mark_geoshape(stroke=None).encode(color=fill)]


def _ground(collection: maps.Collection, look: Look) -> alt.Chart:
    return alt.Chart(_inline(collection)).mark_geoshape(fill=look.none, stroke=look.outline, strokeWidth=0.8)


def _inline(collection: maps.Collection) -> alt.InlineData:
    values = {"type": "FeatureCollection", "features": collection["features"]}
    return alt.InlineData(values=values, format=_features())


def _feature(area: Any, name: str) -> dict[str, Any]:
    rounded = shapely.set_precision(area, 1)
    return {"type": "Feature", "properties": {"reach": name}, "geometry": shapely.geometry.mapping(rounded)}


def _features() -> alt.DataFormat:
    return alt.DataFormat(property="features", type="json")


def _incidents(incidents: pd.DataFrame, look: Look) -> alt.Chart:
    """Small marks; those out of reach stand out, as their place on bare ground says too."""
    return (
        alt.Chart(incidents[["x", "y", "n", "beyond"]])
        .mark_circle(opacity=0.75, stroke=look.ground, strokeWidth=0.4)
        .encode(
            longitude="x:Q",
            latitude="y:Q",
            size=alt.Size("n:Q", scale=alt.Scale(domain=[1, 20], range=[22, 260]), legend=None),
            color=alt.condition("datum.beyond", alt.value(look.accent), alt.value(look.muted)),
        )
    )


def _marks(places: pd.DataFrame, look: Look, kinds: Mapping[str, str], tips: Sequence[maps.Tip]) -> alt.Chart:
    """Kinds differ by shape and by fill, not by colour alone."""
    names = list(kinds.values())
    styles = {
        "used": ("circle", look.main, look.ground),
        "unused": ("circle", look.ground, look.main),
        "candidate": ("diamond", look.ground, look.text),
    }
    shapes, fills, strokes = zip(*(styles[kind] for kind in kinds), strict=True)
    rows = places.assign(kind_name=places["kind"].map(dict(kinds)))
    tooltip = [alt.Tooltip("label:N", title=" "), *(_tip(tip) for tip in tips)]
    return (
        alt.Chart(rows)
        .mark_point(filled=True, opacity=1, strokeWidth=2.2)
        .encode(
            longitude="x:Q",
            latitude="y:Q",
            size=alt.condition("datum.is_centre", alt.value(190), alt.value(70)),
            shape=alt.Shape("kind_name:N", scale=alt.Scale(domain=names, range=list(shapes)), legend=_legend()),
            fill=alt.Fill("kind_name:N", scale=alt.Scale(domain=names, range=list(fills)), legend=_legend()),
            stroke=alt.Stroke("kind_name:N", scale=alt.Scale(domain=names, range=list(strokes)), legend=_legend()),
            tooltip=tooltip,
        )
    )


def _tip(tip: maps.Tip) -> alt.Tooltip:
    if tip.format:
        return alt.Tooltip(f"{tip.column}:Q", title=tip.title, format=tip.format)
    return alt.Tooltip(f"{tip.column}:N", title=tip.title)


def _legend() -> alt.Legend:
    return alt.Legend(title=None, orient="top", direction="horizontal", symbolSize=110)


def _border_names(borders: maps.Collection, centres: pd.DataFrame, look: Look) -> list[alt.Chart]:
    """The names of the coarse areas, each where it has most room between the centres."""
    taken = shapely.union_all(
        [shapely.box(x - NAME_HIGH, y - NAME_HIGH, x + NAME_WIDE, y + NAME_HIGH) for x, y in _pairs(centres)]
    )
    rows = []
    for each in borders["features"]:
        area = shapely.geometry.shape(each["geometry"])
        free = shapely.difference(area, taken)
        middle = shapely.maximum_inscribed_circle(area if free.is_empty else free, tolerance=100).centroid
        rows.append({"label": each["properties"]["label"], "x": middle.x, "y": middle.y})
    style: dict[str, Any] = {"fontSize": look.font_size + 3, "fontWeight": 600, "baseline": "middle"}
    shown = pd.DataFrame(rows, columns=["label", "x", "y"])
    base = alt.Chart(shown).encode(longitude="x:Q", latitude="y:Q", text="label:N")
    halo = base.mark_text(stroke=look.ground, strokeWidth=4, strokeJoin="round", opacity=0.7, **style)
    return [halo, base.mark_text(color=look.muted, **style)]


def _pairs(places: pd.DataFrame) -> list[tuple[float, float]]:
    return list(places[["x", "y"]].dropna().itertuples(index=False, name=None))


def short(name: str) -> str:
    """
    The part of a name that people use.

    >>> short("Genie Network, 229 Winchester Road"), short("1 Roebuck Lane (name not published)")
    ('Genie Network', '1 Roebuck Lane')
    """
    return name.split(",")[0].split(" (")[0]


def in_two_lines(name: str) -> str:
    """
    A long name broken at the space nearest its middle, so that it reaches less far over its neighbours.

    >>> in_two_lines("Genie Network"), in_two_lines("Partington Library and Wellbeing Centre")
    ('Genie Network', 'Partington Library\\nand Wellbeing Centre')
    """
    spaces = [i for i, letter in enumerate(name) if letter == " "]
    if len(name) <= LONG_NAME or not spaces:
        return name
    middle = min(spaces, key=lambda i: abs(i - len(name) / 2))
    return f"{name[:middle]}\n{name[middle + 1 :]}"


def _centre_names(centres: pd.DataFrame, look: Look) -> list[alt.Chart]:
    """Names beside the marks, to the left where another centre is close by on the right."""
    rows = centres.assign(
        name=[in_two_lines(short(label)) for label in centres["label"]],
        left=[_is_crowded(x, y, centres) for x, y in zip(centres["x"], centres["y"], strict=True)],
        broken=[len(short(label)) > LONG_NAME for label in centres["label"]],
    )
    drawn = []
    size = min(look.font_size - 1, LARGEST_NAME)
    for (left, broken), named in rows.groupby(["left", "broken"]):
        base = alt.Chart(named[["x", "y", "name"]]).encode(longitude="x:Q", latitude="y:Q", text="name:N")
        style: dict[str, Any] = {
            "align": "right" if left else "left",
            "dx": -11 if left else 11,
            "dy": -size / 2 if broken else 0,
            "fontSize": size,
            "lineBreak": "\n",
            "baseline": "middle",
            "limit": 240,
        }
        drawn.append(base.mark_text(stroke=look.ground, strokeWidth=3.5, strokeJoin="round", opacity=0.85, **style))
        drawn.append(base.mark_text(color=look.text, fontWeight=600, **style))
    return drawn


def _is_crowded(x: float, y: float, centres: pd.DataFrame) -> bool:
    east, north = centres["x"] - x, (centres["y"] - y).abs()
    return bool(((east > 0) & (east < CROWDED_EAST) & (north < CROWDED_NORTH)).any())
