"""
Grid cells: places without borders that mean anything. Which cell a point is in never depends on what is counted.

A square of column c and row r begins at (c, r) times its size. Hexagons have a corner to the north and flat sides to
the east and west, as far apart as their size; column and row are axial: each row begins half a cell further east than
the one below it, so that (c, r) lies beside (c±1, r), (c, r±1), (c+1, r-1) and (c-1, r+1).
"""

import math

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

Integers = NDArray[np.integer]
Floats = NDArray[np.floating]

ROOT_3 = math.sqrt(3)
# An outline is long; what is cut by it is cut by a strip of it.
STRIPS = 16
# Corners around a middle, eastwards in halves of the size, northwards in halves of it or, for hexagons, of a side.
SQUARE = ((-1, -1), (1, -1), (1, 1), (-1, 1))
HEXAGON = ((0, 2), (-1, 1), (-1, -1), (0, -2), (1, -1), (1, 1))


def cell_ids(columns: pd.Series, rows: pd.Series) -> pd.Series:
    """What cells are called in links and outlines: "column,row"."""
    return columns.astype("int64").astype("str") + "," + rows.astype("int64").astype("str")


def cover(outline: shapely.Geometry, size: float, shape: str) -> pd.DataFrame:
    """
    The cells that an area lies in, whatever is recorded there: column, row, their middle x, y, and area_km2, the part
    of each within the area. shape is "square" or "hexagon", size the metres between opposite sides.

    A cell that has no more than an edge in common with the area is none of them.
    """
    columns, rows = _around(outline, size, shape)
    x, y = middles(columns, rows, size, shape)
    cells = polygons(columns, rows, size, shape)
    # A cell that no border runs through is inside or outside as a whole, and its middle says which.
    cut = _cut(outline, cells)
    inside = shapely.contains_xy(outline, x, y) * shapely.area(cells)
    inside[cut] = _areas_within(outline, cells[cut])
    found = pd.DataFrame({"column": columns, "row": rows, "x": x, "y": y, "area_km2": inside / 1e6})
    return found[found["area_km2"] > 0].reset_index(drop=True)


def middles(columns: ArrayLike, rows: ArrayLike, size: float, shape: str) -> tuple[Floats, Floats]:
    """The middles of cells."""
    east, north = _halves(np.asarray(columns), np.asarray(rows), shape)
    return east * (size / 2), north * _half_side(size, shape)


def polygons(columns: ArrayLike, rows: ArrayLike, size: float, shape: str) -> NDArray[np.object_]:
    """The outlines of cells. Neighbours share their corners to the last digit."""
    corners = np.array(SQUARE if shape == "square" else HEXAGON)
    middle = np.stack(_halves(np.asarray(columns), np.asarray(rows), shape), axis=-1)
    return shapely.polygons((middle[:, None, :] + corners) * (size / 2, _half_side(size, shape)))


def _halves(columns: Integers, rows: Integers, shape: str) -> tuple[Integers, Integers]:
    """Middles in whole numbers, of which sums are exact."""
    if shape == "square":
        return 2 * columns + 1, 2 * rows + 1
    return 2 * columns + rows, 3 * rows


def _half_side(size: float, shape: str) -> float:
    return size / 2 if shape == "square" else size / (2 * ROOT_3)


def _around(outline: shapely.Geometry, size: float, shape: str) -> tuple[Integers, Integers]:
    """Every cell of the rectangle around an area, and some beyond it."""
    if outline.is_empty:
        return np.zeros(0, "int64"), np.zeros(0, "int64")
    west, south, east, north = outline.bounds
    high = size if shape == "square" else size * ROOT_3 / 2
    up = np.arange(math.floor(south / high) - 1, math.ceil(north / high) + 2)
    across = np.arange(math.floor(west / size) - 1, math.ceil(east / size) + 2)
    columns, rows = np.meshgrid(across, up)
    # Hexagons lean to the east with each row; begun so much further west, they stay in the rectangle.
    return (columns - (0 if shape == "square" else rows // 2)).ravel(), rows.ravel()


def _cut(outline: shapely.Geometry, cells: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which cells the border of an area runs through or touches."""
    lines = shapely.boundary(outline)
    shapely.prepare([lines, outline])
    return np.asarray(shapely.intersects(lines, cells))


def _areas_within(outline: shapely.Geometry, cells: NDArray[np.object_]) -> Floats:
    """How much of each cell is within an area; cells that are near each other in the list are so on the ground."""
    inside = np.zeros(len(cells))
    for strip in np.array_split(np.arange(len(cells)), STRIPS):
        if not strip.size:
            continue
        piece = shapely.intersection(outline, shapely.box(*shapely.total_bounds(cells[strip])))
        inside[strip] = shapely.area(shapely.intersection(piece, cells[strip]))
    return inside
