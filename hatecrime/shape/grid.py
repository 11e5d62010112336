"""Grid cells: places without borders that mean anything."""

import geopandas as gpd
import pandas as pd
import shapely

from hatecrime.database import NOT_RECORDED
from hatecrime.i18n import _


def cells(counts: pd.DataFrame, size: int) -> pd.DataFrame:
    """A row for every cell with an incident: grid, n, and its corners x, y, x2, y2 in metres."""
    placed = counts[counts["grid"] != NOT_RECORDED].reset_index(drop=True)
    corner = placed["grid"].str.split(",", expand=True).reindex(columns=[0, 1]).astype("int64")
    x, y = corner[0], corner[1]
    return placed.assign(x=x, y=y, x2=x + size, y2=y + size)


def squares(cells: pd.DataFrame, crs: str) -> gpd.GeoDataFrame:
    """The cells as areas that can be drawn: area_code (the cell), label, parent, geometry."""
    labels = [_("Square at {x}, {y}").format(x=x, y=y) for x, y in zip(cells["x"], cells["y"], strict=True)]
    columns = pd.DataFrame({"area_code": cells["grid"], "label": labels, "parent": None})
    outlines = shapely.box(cells["x"], cells["y"], cells["x2"], cells["y2"])
    return gpd.GeoDataFrame(columns, geometry=outlines, crs=crs)
