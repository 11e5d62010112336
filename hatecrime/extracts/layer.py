"""Read a map layer: whatever GDAL knows, in the coordinate system of the snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from hatecrime.extracts.errors import ExtractError, did_you_mean
from hatecrime.extracts.kinds import is_topology
from hatecrime.extracts.mapping import FileShape, Mapping
from hatecrime.extracts.source import UTF_8, Source
from hatecrime.extracts.tabular import Texts, text_table
from hatecrime.extracts.unpack import SHAPE

LONGITUDE_LATITUDE = "EPSG:4326"
OUTLINES = ("Polygon", "MultiPolygon")
GEOJSON = (".geojson", ".json")


def read_layer(con: duckdb.DuckDBPyConnection, source: Source, mapping: Mapping, crs: str) -> Texts:
    """The columns of a layer as texts and, beside them, its valid outlines as WKB in the column `geometry`.

    A layer of points has the columns easting and northing besides its own; where the mapping reads its geometry, the
    coordinates follow in the system that the mapping states. Raises ExtractError where the layer cannot be read or is
    not what the table needs.
    """
    layer = _layer(source, mapping.file)
    if not isinstance(layer, gpd.GeoDataFrame):
        return _without_places(con, layer, source, mapping)
    moved = _in_place(layer, source.name, crs)
    shapes = moved.geometry.make_valid(method="structure", keep_collapsed=False)
    if mapping.table == "area" and not shapes.dropna().geom_type.isin(OUTLINES).all():
        raise ExtractError(f"{source.name} holds points or lines, not outlines of areas. Ask for the outlines.")
    columns = pd.DataFrame(layer.drop(columns=layer.geometry.name))
    if len(shapes) and shapes.geom_type.dropna().eq("Point").all():
        columns = columns.assign(easting=shapes.x, northing=shapes.y)
    header = tuple(str(name) for name in columns.columns)
    if mapping.point and mapping.point.geometry:
        header = (*header, mapping.point.geometry)
        columns = pd.concat([columns, _own_coordinates(layer, source, mapping.point.crs)], axis=1)
    texts = text_table(_rows(columns), columns.shape[1])
    outlines = pa.array(shapes.to_wkb().to_numpy(object), pa.binary(), from_pandas=True)
    return Texts(header, con.from_arrow(texts.append_column("geometry", outlines)), outlined=True)


def _without_places(con: duckdb.DuckDBPyConnection, table: pd.DataFrame, source: Source, mapping: Mapping) -> Texts:
    if mapping.table == "area" or (mapping.point and mapping.point.geometry):
        raise ExtractError(f"{source.name} holds no outlines or points. Ask for a map layer, such as GeoJSON.")
    texts = text_table(_rows(table), table.shape[1])
    return Texts(tuple(str(name) for name in table.columns), con.from_arrow(texts))


def _rows(columns: pd.DataFrame) -> Any:
    return zip(*(columns.iloc[:, i].astype(object).tolist() for i in range(columns.shape[1])), strict=True)


def _own_coordinates(layer: gpd.GeoDataFrame, source: Source, crs: str) -> pd.DataFrame:
    """The name of the geometry as an empty column, then the coordinates; a record may lack its point."""
    shapes = layer.geometry.explode() if layer.geom_type.eq("MultiPoint").any() else layer.geometry
    if len(shapes) != len(layer) or not shapes.dropna().geom_type.eq("Point").all():
        raise ExtractError(f"{source.name} holds outlines or lines, not one point for each record. Ask for the points.")
    moved = shapes.set_axis(layer.index).set_crs(layer.crs or LONGITUDE_LATITUDE).to_crs(crs)
    return pd.DataFrame({"name": None, "x": moved.x, "y": moved.y}, index=layer.index)


def _layer(source: Source, shape: FileShape) -> pd.DataFrame:
    try:
        if source.path.suffix.lower() in (".parquet", ".pq", ".geoparquet"):
            return gpd.read_parquet(source.path)
        return gpd.read_file(source.path, layer=_name(source, shape.table), **_options(source.path, shape.encoding))
    except ExtractError:
        raise
    except Exception as error:
        raise ExtractError(
            f"{source.name} cannot be read as a map layer: it is damaged or of an unknown kind. Ask for it as GeoJSON."
        ) from error


def _name(source: Source, table: str | None) -> str:
    names = [str(name) for name in gpd.list_layers(source.path)["name"]]
    if table in names or (table is None and len(names) == 1):
        return table or names[0]
    if not names:
        raise ExtractError(f"{source.name} holds no layer at all: it is damaged. Ask for it as GeoJSON.")
    lacks = f"has no layer {table!r}; it has" if table else f"holds {len(names)} layers:"
    raise ExtractError(
        f"{source.name} {lacks} {', '.join(repr(n) for n in names[:12])}. State one as table in the mapping's [file]."
        + did_you_mean(table or "", names)
    )


def _options(path: Path, encoding: str) -> dict[str, Any]:
    """Days and times as texts; those of GeoJSON, which has no days of its own, as they are written.

    Only a shapefile is in doubt about its letters.
    """
    if path.suffix.lower() in GEOJSON and not is_topology(path):
        return {"DATE_AS_STRING": "YES"}
    stated = path.suffix.lower() == SHAPE and encoding.lower() not in UTF_8
    return {"datetime_as_string": True} | ({"encoding": encoding} if stated else {})


def _in_place(layer: gpd.GeoDataFrame, name: str, crs: str) -> gpd.GeoDataFrame:
    """The layer in the coordinate system of the snapshot; one that names none is taken for longitude and latitude."""
    moved = (layer.set_crs(LONGITUDE_LATITUDE) if layer.crs is None else layer).to_crs(crs)
    if np.isinf(shapely.bounds(moved.geometry.to_numpy())).any():
        raise ExtractError(
            f"The outlines of {name} do not lie where their coordinate system puts them. "
            "Ask for the file with its coordinate system stated, or in longitude and latitude."
        )
    return moved
