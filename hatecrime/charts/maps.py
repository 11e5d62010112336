"""Maps of areas or squares: a few stated classes of one hue, names people use, what is picked outlined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import shapely
import shapely.geometry

from hatecrime.charts.classes import Classes
from hatecrime.charts.hatching import hatch
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
    named: int = MOST_NAMES,
    small: bool = False,
    hatched: frozenset[str] = frozenset(),
    hatched_name: str = "",
) -> alt.LayerChart:
    """
    Areas filled by class; clicking one selects it (selection "pick", field "id").

    values has id, label and the value; an area without a value has the colour of the ground, and the legend
    says so. ground is drawn beneath, for squares that leave most of an area empty, and gives the names then.
    picked is outlined. named is how many names are written at most, the highest first. small has no click.
    hatched are the areas whose figure is withheld, hatched_name is what the legend calls them.
    """
    height = look.height(SMALL_HEIGHT if small else HEIGHT)
    rows = _classed(values, classes, value, missing)
    rows.loc[rows["id"].isin(hatched), "class"] = hatched_name
    fields = list(dict.fromkeys(["label", "class", *(tip.column for tip in tips)]))
    layers = [ground_layer(ground, look)] if ground else []
    layers.append(_fills(collection, rows, look, classes, fields, measure, tips, missing, small))
    if (lines := hatch(collection, hatched, look, hatched_name)) is not None:
        layers.append(lines)
    if picked is not None:
        layers += _outline(collection, picked, look)
    # Cells have no names people use; the areas beneath them have.
    named_areas = ground or collection
    layers += _names(named_areas, rows, look, value, picked, height, named, faint=ground is not None)
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
        # What is in no class, withheld or not known, has the colour of the ground.
        scale=alt.Scale(domain=[*classes.labels, missing], range=[*_ramp(look, classes), look.ground]),
        legend=_legend(rows, missing, classes),
    )
    tooltip = [_tooltip(tip) for tip in tips]
    chart = (
        alt.Chart(inline(collection))
        .transform_lookup(lookup="id", from_=alt.LookupData(rows[["id", *fields]], "id", list(fields)))
        .mark_geoshape(stroke=look.outline, strokeWidth=0.8)
        .encode(color=colour, tooltip=tooltip)
    )
    if small:
        return chart
    return chart.add_params(alt.selection_point(name="pick", fields=["id"], empty=True))


def _tooltip(tip: Tip) -> alt.Tooltip:
    if tip.format:
        return alt.Tooltip(f"{tip.column}:Q", title=tip.title, format=tip.format)
    return alt.Tooltip(f"{tip.column}:N", title=tip.title)


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
    data = inline({"type": "FeatureCollection", "features": found})
    style: dict[str, Any] = {"filled": False, "strokeJoin": "round", "tooltip": None}
    return [
        alt.Chart(data).mark_geoshape(stroke=look.ground, strokeWidth=6, **style),
        alt.Chart(data).mark_geoshape(stroke=look.accent, strokeWidth=3.2, **style),
    ]


def ground_layer(collection: Collection, look: Look) -> alt.Chart:
    """Areas as quiet ground for what is drawn over them."""
    return alt.Chart(inline(collection)).mark_geoshape(fill=look.none, stroke=look.outline, strokeWidth=0.8)


def _names(
    collection: Collection,
    rows: pd.DataFrame,
    look: Look,
    value: str,
    picked: str | None,
    height: int,
    most: int,
    faint: bool = False,
) -> list[alt.Chart]:
    """Names where they fit: what is picked first, then the highest, then from the largest down."""
    size = look.font_size - (1 if look.density == "meeting" else 2)
    shown = pd.DataFrame(
        _fitting(collection, rows, value, picked, height, size, most), columns=["id", "label", "x", "y"]
    )
    base = alt.Chart(shown).encode(longitude="x:Q", latitude="y:Q", text="label:N")
    style: dict[str, Any] = {"fontSize": size, "lineBreak": "\n", "baseline": "middle"}
    halo = base.mark_text(stroke=look.ground, strokeWidth=3.5, strokeJoin="round", opacity=0.85, **style)
    return [halo, base.mark_text(color=look.muted if faint else look.text, **style)]


def _fitting(
    collection: Collection,
    rows: pd.DataFrame,
    value: str,
    picked: str | None,
    height: int,
    size: int,
    most: int,
) -> list[tuple[str, str, float, float]]:
    features = collection["features"]
    if not features:
        return []
    metres = _metres_per_pixel(collection, height)
    amount = dict(zip(rows["id"], rows[value].astype(float).fillna(0), strict=True))
    order = sorted(features, key=lambda f: (f["id"] != picked, -amount.get(f["id"], 0)))[:most]
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


def inline(collection: Collection) -> alt.InlineData:
    """A feature collection in the form Altair draws."""
    return alt.InlineData(values=dict(collection), format=alt.DataFormat(property="features", type="json"))
