"""Names for squares: the national grid reference that is on every map, and the area the square lies in."""

import geopandas as gpd
import pandas as pd
import shapely

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


def point_name(easting: float, northing: float, crs: str) -> str:
    """
    Where a point is, to 100 metres: the square of the national grid, or its coordinates.

    >>> point_name(382544, 395081, NATIONAL_GRID)
    'SJ825950'
    """
    if crs == NATIONAL_GRID:
        return reference(int(easting), int(northing), 100)
    return f"{easting:.0f}, {northing:.0f}"


def name_cells(cells: pd.DataFrame, side: int, crs: str, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Adds named, the area nearest to the middle (x, y) of each cell, and label: that with a grid reference.

    areas has label and geometry.
    """
    corners = zip(cells["x"] - side / 2, cells["y"] - side / 2, strict=True)
    references = [
        reference(round(x), round(y), side) if crs == NATIONAL_GRID else f"{x:.0f}, {y:.0f}" for x, y in corners
    ]
    if areas.empty or cells.empty:
        return cells.assign(named=references, label=references)
    outlines = shapely.STRtree(areas.geometry.to_numpy())
    nearest = outlines.nearest(shapely.points(cells["x"], cells["y"]))
    named = areas["label"].to_numpy()[nearest].tolist()
    return cells.assign(named=named, label=[f"{name} {at}" for name, at in zip(named, references, strict=True)])
