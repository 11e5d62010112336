"""Names for squares: the national grid reference that is on every map, and the area the square lies in."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import shapely
import shapely.geometry

NATIONAL_GRID = "EPSG:27700"
# The letters of the grid run from the north-west, without I.
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
SQUARE = 100_000


def reference(easting: int, northing: int, side: int) -> str:
    """
    The grid reference of a square by its south-west corner: four figures for a kilometre, six for less.

    >>> reference(382000, 395000, 1000), reference(382500, 395000, 500)
    ('SJ8295', 'SJ825950')
    """
    east, north = easting // SQUARE, northing // SQUARE
    # Counted in squares of 500 km from the false origin, which lies in square S.
    large = LETTERS[17 - 5 * (north // 5) + east // 5]
    small = LETTERS[20 - 5 * (north % 5) + east % 5]
    unit, digits = (1000, 2) if side >= 1000 else (100, 3)
    return f"{large}{small}{easting % SQUARE // unit:0{digits}d}{northing % SQUARE // unit:0{digits}d}"


def name_squares(cells: pd.DataFrame, side: int, crs: str, areas: Mapping[str, Any]) -> Sequence[str]:
    """A name for every cell (x, y): its reference, and the area nearest to its middle."""
    references = [
        reference(x, y, side) if crs == NATIONAL_GRID else f"{x}, {y}"
        for x, y in zip(cells["x"], cells["y"], strict=True)
    ]
    if not areas["features"] or cells.empty:
        return references
    outlines = shapely.STRtree([shapely.geometry.shape(each["geometry"]) for each in areas["features"]])
    nearest = outlines.nearest(shapely.points(cells["x"] + side / 2, cells["y"] + side / 2))
    labels = [each["properties"]["label"] for each in areas["features"]]
    return [f"{labels[i]} {name}" for i, name in zip(nearest, references, strict=True)]
