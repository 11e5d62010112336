"""Approximate outlines made from carried figures, and the points at which incidents are placed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from hatecrime.sample.draw import Reals
from hatecrime.sample.places import FORCES, LOCALITIES, TRAFFORD, carried

GRID = 100  # metres between the points at which an incident can be placed
MARGIN = 3  # metres a point keeps from the edge of its cell, so that rounding never moves it out
SQUARE = 5_000


@dataclass(frozen=True)
class Points:
    """Places at which incidents can be put, grouped by LSOA."""

    lsoa: list[str]
    ward: list[str]
    first: Reals
    count: Reals
    xy: Reals


def trafford_cells() -> pd.DataFrame:
    """Cells of LSOA and ward: a tessellation of the LSOA centroids, clipped to a hull around them.

    Venues count as further centroids, so that each lies in its own LSOA and ward;
    an LSOA can straddle two wards.
    """
    seeds = pd.concat([carried("trafford_lsoas"), carried("anchors")], ignore_index=True)
    places = shapely.MultiPoint(seeds[["easting", "northing"]].to_numpy(float))
    hull = shapely.concave_hull(places, ratio=0.25).buffer(700, quad_segs=3).simplify(60)
    cells = shapely.get_parts(shapely.voronoi_polygons(places, extend_to=hull, ordered=True))
    seeds["geometry"] = _whole_metres(shapely.intersection(cells, hull))
    return _dissolve(seeds, ["lsoa", "ward"])


def trafford_outlines() -> dict[str, pd.DataFrame]:
    """Trafford's outlines by level: lsoa, ward, locality and district."""
    cells, best_fit, wards = trafford_cells(), carried("trafford_lsoas"), carried("trafford_wards")
    lsoa = _dissolve(cells, "lsoa").merge(best_fit).rename(columns={"lsoa": "area_code", "ward": "parent"})
    ward = _dissolve(cells, "ward").merge(wards, left_on="ward", right_on="code")
    ward = ward.rename(columns={"ward": "area_code", "locality": "parent"})
    locality = _dissolve(ward.assign(area_code=ward.parent)).assign(parent=TRAFFORD)
    locality["name"] = locality.area_code.map(LOCALITIES)
    district = _dissolve(ward.assign(area_code=TRAFFORD)).assign(name="Trafford", parent="E23000005")
    return {
        "lsoa": lsoa.assign(name=lsoa.area_code),
        "ward": ward,
        "locality": locality,
        "district": district,
    }


def wales_outlines() -> dict[str, pd.DataFrame]:
    """Outlines of the Welsh authorities, from 5 km squares, and of the forces they make up."""
    squares, names = carried("wales_squares"), carried("welsh_authorities")
    x, y = squares.easting_km.to_numpy() * 1_000, squares.northing_km.to_numpy() * 1_000
    boxes = shapely.box(x, y, x + SQUARE, y + SQUARE)
    merged = _dissolve(pd.DataFrame({"area_code": squares.authority, "geometry": boxes}))
    smooth = shapely.coverage_simplify(merged.geometry.to_numpy(), tolerance=5_100)
    merged["geometry"] = _whole_metres(smooth)
    authority = merged.merge(names, left_on="area_code", right_on="code")
    authority = authority.assign(name=authority.name_en, parent=authority.force)
    force = _dissolve(authority.assign(area_code=authority.force)).assign(parent="W92000004")
    force["name"] = [FORCES[code][0] for code in force.area_code]
    force["name_cy"] = [FORCES[code][1] for code in force.area_code]
    return {"district": authority, "force": force}


def snap_points(cells: pd.DataFrame) -> Points:
    """Points of a regular grid inside each cell; the cell's own inner point where the grid misses it."""
    groups = [_inside(geometry) for geometry in cells.geometry]
    count = np.array([len(group) for group in groups], dtype=float)
    return Points(list(cells.lsoa), list(cells.ward), np.cumsum(count) - count, count, np.concatenate(groups))


def write_outlines(path: Path, outlines: pd.DataFrame, level: str) -> int:
    """One GeoJSON file, a feature a line; the number of features."""
    features = [_feature(row, level) for row in outlines.sort_values("area_code").to_dict("records")]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    head = f'{{"type":"FeatureCollection","name":"{path.stem}","crs":{json.dumps(crs)},"features":['
    path.write_text("\n".join([head, ",\n".join(features), "]}", ""]), "utf-8")
    return len(features)


def _feature(row: dict[Any, Any], level: str) -> str:
    properties = {
        "Data status": "SYNTHETIC",
        "area_code": row["area_code"],
        "level": level,
        "name": row["name"],
        "name_cy": row.get("name_cy", ""),
        "parent": row["parent"],
        "outline": "approximate",
    }
    geometry = {"type": row["geometry"].geom_type, "coordinates": _coordinates(row["geometry"])}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))


def _coordinates(geometry: BaseGeometry) -> list[Any]:
    if geometry.geom_type == "MultiPolygon":
        return [_coordinates(part) for part in geometry.geoms]
    rings = [geometry.exterior, *geometry.interiors]
    return [[[int(x), int(y)] for x, y in ring.coords] for ring in rings]


def _dissolve(parts: pd.DataFrame, by: str | list[str] = "area_code") -> pd.DataFrame:
    merged = parts.groupby(by).geometry.agg(lambda group: shapely.union_all(group.to_numpy()))
    merged = merged.map(lambda geometry: shapely.normalize(shapely.orient_polygons(geometry)))
    return merged.reset_index()


def _whole_metres(geometries: Iterable[BaseGeometry]) -> Any:
    """Rounded coordinates: shared corners round alike, so that neighbours still meet."""
    return shapely.transform(np.asarray(geometries), np.round)


def _inside(cell: BaseGeometry) -> Reals:
    inner = cell.buffer(-MARGIN)
    west, south, east, north = inner.bounds
    xs = np.arange(west // GRID * GRID + GRID / 2, east, GRID)
    ys = np.arange(south // GRID * GRID + GRID / 2, north, GRID)
    grid = np.array([(x, y) for y in ys for x in xs]).reshape(-1, 2)
    kept = grid[shapely.contains_xy(inner, grid)] if len(grid) else grid
    return kept if len(kept) else np.round(np.array(inner.point_on_surface().coords))
