"""Areas whose figure is withheld: hatched, because no colour of a ramp may stand for what is not shown."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
import shapely.geometry

from hatecrime.charts.theme import Look

# Lines across the longer side of the map.
LINES = 90
# A square with three strokes, as a legend draws a symbol: from -1 to 1.
SYMBOL = "M-1,-1H1V1H-1ZM-1,0L0,-1M-1,1L1,-1M0,1L1,0"


def hatch(
    collection: Mapping[str, Any], ids: frozenset[str], look: Look, label: str, legend: Mapping[str, Any]
) -> dict[str, Any] | None:
    """
    Slanted lines over the areas of a feature collection whose id is given, and their entry in the legend.

    label is what the legend says, legend how large. None where no area is withheld.
    """
    shapes = [shapely.geometry.shape(each["geometry"]) for each in collection["features"] if each["id"] in ids]
    if not shapes:
        return None
    everything = [shapely.geometry.shape(each["geometry"]) for each in collection["features"]]
    lines = shapely.intersection(_strokes(shapely.total_bounds(everything)), shapely.union_all(shapes))
    feature = {"type": "Feature", "properties": {"withheld": label}, "geometry": shapely.geometry.mapping(lines)}
    # An empty title, so that it stands level with the classes beside it.
    drawn = {**legend, "title": " ", "symbolType": SYMBOL, "symbolStrokeWidth": 1.2, "symbolFillColor": look.ground}
    scale = {"domain": [label], "range": [look.before]}
    return {
        "data": {"values": _collected(feature), "format": {"type": "json", "property": "features"}},
        "mark": {"type": "geoshape", "filled": False, "strokeWidth": 1.1, "tooltip": None},
        "encoding": {"stroke": {"field": "properties.withheld", "type": "nominal", "scale": scale, "legend": drawn}},
    }


def _strokes(bounds: np.ndarray) -> shapely.MultiLineString:
    """Parallel lines at 45 degrees that cover the whole of a rectangle."""
    west, south, east, north = bounds
    step = max(east - west, north - south) / LINES * 1.6
    starts = np.arange(west - (north - south), east, step)
    return shapely.MultiLineString([((x, south), (x + north - south, north)) for x in starts])


def _collected(feature: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [feature]}
