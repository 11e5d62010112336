"""Read a map layer: whatever GDAL knows, in the coordinate system of the snapshot."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.mapping import Mapping
from hatecrime.extracts.source import Source

LONGITUDE_LATITUDE = "EPSG:4326"
OUTLINES = ("Polygon", "MultiPolygon")


def read_layer(source: Source, mapping: Mapping, crs: str) -> tuple[pd.DataFrame, pd.Series]:
    """The columns of a layer as texts, and its valid outlines as WKB.

    A layer of points has the columns easting and northing besides its own. Raises ExtractError where the layer
    cannot be read or is not what the table needs.
    """
    layer = _in_place(_layer(source), source.name, crs)
    shapes = layer.geometry.make_valid(method="structure", keep_collapsed=False)
    if mapping.table == "area" and not shapes.dropna().geom_type.isin(OUTLINES).all():
        raise ExtractError(f"{source.name} holds points or lines, not outlines of areas. Ask for the outlines.")
    table = pd.DataFrame(layer.drop(columns=layer.geometry.name)).astype("string")
    if len(shapes) and shapes.geom_type.eq("Point").all():
        table = table.assign(easting=shapes.x.astype("string"), northing=shapes.y.astype("string"))
    return table, shapes.to_wkb()


def _layer(source: Source) -> gpd.GeoDataFrame:
    try:
        layer = gpd.read_file(source.path)
    except Exception as error:
        raise ExtractError(
            f"{source.name} cannot be read as a map layer: it is damaged or of an unknown kind. Ask for it as GeoJSON."
        ) from error
    if not isinstance(layer, gpd.GeoDataFrame):
        raise ExtractError(f"{source.name} holds no outlines. Ask for a map layer, such as GeoJSON.")
    return layer


def _in_place(layer: gpd.GeoDataFrame, name: str, crs: str) -> gpd.GeoDataFrame:
    """The layer in the coordinate system of the snapshot; one that names none is taken for longitude and latitude."""
    moved = (layer.set_crs(LONGITUDE_LATITUDE) if layer.crs is None else layer).to_crs(crs)
    if np.isinf(shapely.bounds(moved.geometry.to_numpy())).any():
        raise ExtractError(
            f"The outlines of {name} do not lie where their coordinate system puts them. "
            "Ask for the file with its coordinate system stated, or in longitude and latitude."
        )
    return moved
