"""Areas: where they are, how many incidents they have, and for how many people."""

import math
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hatecrime.database import Snapshot, fetch
from hatecrime.shape.labels import name_in_language
from hatecrime.stats import change, intervals

# An outline is simplified to about this many steps across the map.
STEPS = 1000
EQUAL_AREA = "EPSG:6933"


def areas(snapshot: Snapshot, level: str, on: date, within: str | None = None) -> gpd.GeoDataFrame:
    """The areas of a level that exist on a day: area_code, label, parent, outline, geometry."""
    frame = fetch(snapshot, "areas/valid", level=level, on=on, within=within)
    columns = frame.assign(label=name_in_language(frame))[["area_code", "label", "parent", "outline"]]
    return gpd.GeoDataFrame(columns, geometry=_outlines(frame["geometry"]), crs=snapshot.facts.crs)


def measured(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """The areas without geometry, with area_km2 and a point well inside: x, y; missing where there is no outline."""
    # Degrees are no measure of land: a projection that keeps its size is.
    land = areas.geometry.to_crs(EQUAL_AREA) if _decimals(areas) else areas.geometry
    inside = shapely.point_on_surface(areas.geometry.to_numpy())
    columns = {"area_km2": land.area.to_numpy() / 1e6, "x": shapely.get_x(inside), "y": shapely.get_y(inside)}
    return pd.DataFrame(areas.drop(columns="geometry")).assign(**columns)


def per_area(counts: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """A row for every area: area_code, label, parent, n; 0 where nothing was recorded."""
    found = counts.set_index("area")["n"]
    n = found.reindex(areas["area_code"]).fillna(0).astype("int64").to_numpy()
    return pd.DataFrame(areas[["area_code", "label", "parent"]]).assign(n=n)


def unplaced(counts: pd.DataFrame, areas: pd.DataFrame) -> int:
    """Incidents in none of these areas: without a place, or in an area that does not exist on that day."""
    return int(counts.loc[~counts["area"].isin(areas["area_code"]), "n"].sum())


def rates(frame: pd.DataFrame, population: pd.DataFrame, per: int = 1000) -> pd.DataFrame:
    """
    Adds population, rate, low and high to area_code and n.

    population has area_code and n; without people an area has no rate.
    """
    people = frame["area_code"].map(population.set_index("area_code")["n"]).astype("float64")
    rate = intervals.rate(frame["n"].to_numpy(), people.to_numpy(), per=per)
    return frame.assign(population=people, rate=rate.estimate, low=rate.low, high=rate.high)


def compare(now: pd.DataFrame, before: pd.DataFrame, by: str = "area_code") -> pd.DataFrame:
    """
    Two periods beside each other: the columns of now, with before, difference, ratio, low, high, percent,
    direction and reason. A row that only one of the two has counts 0 in the other.
    """
    rows = change.compare_rows(before.set_index(by)["n"], now.set_index(by)["n"])
    n = rows.pop("now").astype("int64")
    described = pd.concat([now, before]).drop(columns="n").drop_duplicates(by).set_index(by)
    whole = rows.astype({"before": "int64", "difference": "int64"})
    return described.reindex(rows.index).assign(n=n).join(whole).reset_index(names=by)


def features(areas: gpd.GeoDataFrame, tolerance: float | None = None) -> dict[str, Any]:
    """
    The outlines as GeoJSON for drawing: simplified together, so that neighbours still meet, and rounded.

    Coordinates stay in the areas' own projection; draw them with an identity projection, reflected in y.
    """
    drawn = areas[areas.geometry.notna() & ~areas.geometry.is_empty]
    outlines = _rounded(_simplified(drawn.geometry.to_numpy(), tolerance), _decimals(areas))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": row.area_code,
                "properties": {"area_code": row.area_code, "label": row.label},
                "geometry": outline,
            }
            for row, outline in zip(drawn.itertuples(), outlines, strict=True)
        ],
    }


def _outlines(wkb: pd.Series) -> np.ndarray:
    """Shapes, or None where an area has no outline; DuckDB gives a missing value in more than one form."""
    return shapely.from_wkb([bytes(each) if isinstance(each, bytes | bytearray) else None for each in wkb])


def _simplified(outlines: np.ndarray, tolerance: float | None) -> np.ndarray:
    if not len(outlines):
        return outlines
    west, south, east, north = shapely.total_bounds(outlines)
    return shapely.coverage_simplify(outlines, tolerance or max(east - west, north - south) / STEPS)


def _rounded(outlines: np.ndarray, decimals: int) -> list[dict[str, Any]]:
    return [_whole(shapely.geometry.mapping(outline), decimals) for outline in outlines]


def _whole(value: Any, decimals: int) -> Any:
    """Numbers rounded, whole metres as integers: a third of the text."""
    if isinstance(value, dict):
        return {key: _whole(each, decimals) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(each, decimals) for each in value]
    if isinstance(value, float):
        return round(value, decimals) if decimals else math.floor(value + 0.5)
    return value


def _decimals(areas: gpd.GeoDataFrame) -> int:
    """Metres need none, degrees need five to be as exact."""
    return 5 if areas.crs is not None and areas.crs.is_geographic else 0
