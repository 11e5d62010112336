"""Where a record happened: coordinates into the snapshot's own system, points into the areas of their day."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from hatecrime.extracts.areas import Area, Areas
from hatecrime.extracts.errors import ExtractError, did_you_mean
from hatecrime.extracts.mapping import Point
from hatecrime.extracts.staging import Staged

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]
Found = dict[str, tuple[NDArray[np.int32], list[str]]]
OUTSIDE_MARGIN = 50_000.0
NESTING = ("ward", "locality", "district", "force")


def locate(con: duckdb.DuckDBPyConnection, staged: Staged, areas: Areas, crs: str, day: str | None) -> pa.Table:
    """One row per staged row: easting, northing and, where outlines are known, point_<level>.

    `day` names the column that says which areas were valid; without one, all areas count.
    """
    columns = con.table(staged.table).select("x", "y", *([day] if day else [])).fetchnumpy()
    x, y = (np.ma.filled(columns[a].astype(float), np.nan) for a in ("x", "y"))
    point = staged.mapping.point
    assert point is not None
    easting, northing = _to_map(x, y, point, crs)
    _check_within(point, areas, staged)
    fault = _faults(x, y, easting, northing, point, areas, crs)
    for reason, rows in fault.items():
        shown = _shown(rows, x, y)
        fresh = shown[~shown["row"].isin(staged.rows_with(reason))]
        staged.refuse(fresh, reason, f"{point.x}, {point.y}", whole=False)
        easting[rows], northing[rows] = np.nan, np.nan
    days = np.ma.filled(columns[day].astype("datetime64[D]"), np.datetime64("NaT")) if day else None
    return _table(easting, northing, in_areas(easting, northing, days, areas))


def in_areas(easting: Floats, northing: Floats, days: Days | None, areas: Areas) -> Found:
    """The area of each level that held each point on its day: index into the codes, -1 for none.

    Points are sorted once by easting, so each outline only meets the points of its bounding box.
    """
    order = np.argsort(easting, kind="stable")
    x, y = easting[order], northing[order]
    on = None if days is None else days[order]
    settled = {level: np.zeros(easting.size, bool) for level in areas.shapes}
    found = {}
    for level, shapes in areas.shapes.items():
        if shapes:
            index = np.full(easting.size, -1, np.int32)
            open_ = np.flatnonzero(~settled[level])
            here = x[open_], y[open_], None if on is None else on[open_]
            for number, (area, shape) in enumerate(shapes):
                index[open_[_inside(*here, area, shape)]] = number
            codes = [area.area_code for area, _shape in shapes]
            _settle(settled, level, index, codes, areas)
            unsorted = np.empty_like(index)
            unsorted[order] = index
            found[level] = (unsorted, codes)
    return found


def _settle(settled: dict[str, Flags], level: str, index: NDArray[np.int32], codes: list[str], areas: Areas) -> None:
    """Points in an area whose line names the coarser areas need no search there; statistical areas nest in nothing."""
    coarser = areas.levels()[areas.levels().index(level) + 1 :]
    if level in NESTING:
        for other in coarser:
            named = np.array([*(other in areas.line(code) for code in codes), False])
            settled[other] |= named[index]


def _inside(x: Floats, y: Floats, days: Days | None, area: Area, shape: shapely.Geometry) -> NDArray[np.intp]:
    left, bottom, right, top = shape.bounds
    start, end = np.searchsorted(x, [left, np.nextafter(right, np.inf)])
    near = np.flatnonzero((y[start:end] >= bottom) & (y[start:end] <= top)) + start
    if days is not None and area.valid_from:
        near = near[days[near] >= np.datetime64(area.valid_from)]
    if days is not None and area.valid_to:
        near = near[days[near] <= np.datetime64(area.valid_to)]
    return near[shapely.intersects_xy(shape, x[near], y[near])]


def _check_within(point: Point, areas: Areas, staged: Staged) -> None:
    if point.within and point.within not in areas.by_code:
        raise ExtractError(
            f"The mapping {staged.mapping.name!r} wants points within {point.within!r}, which is no area."
            + did_you_mean(point.within, areas.by_code)
        )


def _to_map(x: Floats, y: Floats, point: Point, crs: str) -> tuple[Floats, Floats]:
    try:
        same = CRS(point.crs) == CRS(crs)
        move = Transformer.from_crs(point.crs, crs, always_xy=True)
    except CRSError as error:
        raise ExtractError(
            f"The coordinate system {point.crs!r} (or the snapshot's {crs!r}) is not known: {error}. "
            'Use a code such as "EPSG:4326" or "EPSG:27700".'
        ) from error
    if same:
        return x.copy(), y.copy()
    easting, northing = move.transform(x, y)
    lost = ~(np.isfinite(easting) & np.isfinite(northing))
    easting[lost], northing[lost] = np.nan, np.nan
    return easting, northing


def _faults(
    x: Floats, y: Floats, easting: Floats, northing: Floats, point: Point, areas: Areas, crs: str
) -> dict[str, Flags]:
    """Points that cannot be right, by reason; each point has one reason at most."""
    given = np.isfinite(x) & np.isfinite(y)
    half = np.isfinite(x) ^ np.isfinite(y)
    zero = given & (x == 0) & (y == 0)
    outside = given & ~zero & (~_in_use(easting, northing, crs) | _degrees(x, y, point))
    extent = areas.extent(point.within) if point.within else None
    beyond = _beyond(easting, northing, given & ~zero & ~outside, extent)
    swapped = _swapped(x, y, outside | beyond, point, crs, extent)
    return {
        "bad_coordinate": half,
        "no_location": zero,
        "coordinates_swapped": swapped,
        "outside_projection": outside & ~swapped,
        "outside_area": beyond & ~swapped,
    }


def _beyond(easting: Floats, northing: Floats, among: Flags, extent: shapely.Geometry | None) -> Flags:
    """Which of some points lie outside the area that the mapping states; none where it states none."""
    found = np.zeros(easting.size, bool)
    if extent is not None:
        shapely.prepare(extent)
        found[among] = ~shapely.intersects_xy(extent, easting[among], northing[among])
    return found


def _degrees(x: Floats, y: Floats, point: Point) -> Flags:
    """Longitude and latitude where metres were stated: they would all fall beside the false origin."""
    if CRS(point.crs).is_geographic:
        return np.zeros(x.size, bool)
    with np.errstate(invalid="ignore"):
        return (np.abs(x) <= 180) & (np.abs(y) <= 90)


def _swapped(x: Floats, y: Floats, suspect: Flags, point: Point, crs: str, extent: shapely.Geometry | None) -> Flags:
    """Suspects that would be in place if their two coordinates changed places."""
    found = np.zeros(x.size, bool)
    rows = np.flatnonzero(suspect)
    if rows.size:
        easting, northing = _to_map(y[rows], x[rows], point, crs)
        fits = _in_use(easting, northing, crs) & ~_degrees(y[rows], x[rows], point)
        if extent is not None:
            fits &= shapely.intersects_xy(extent, easting, northing)
        found[rows] = fits
    return found


def _in_use(easting: Floats, northing: Floats, crs: str) -> Flags:
    """Whether points lie where the coordinate system is meant to be used, with a margin at its edge."""
    left, bottom, right, top = _bounds(CRS(crs))
    with np.errstate(invalid="ignore"):
        return (
            (easting >= left - OUTSIDE_MARGIN)
            & (easting <= right + OUTSIDE_MARGIN)
            & (northing >= bottom - OUTSIDE_MARGIN)
            & (northing <= top + OUTSIDE_MARGIN)
        )


def _bounds(crs: CRS) -> tuple[float, float, float, float]:
    use = crs.area_of_use
    if use is None:
        return (-np.inf, -np.inf, np.inf, np.inf)
    move = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    return move.transform_bounds(use.west, use.south, use.east, use.north)


def _shown(rows: Flags, x: Floats, y: Floats) -> pd.DataFrame:
    index = np.flatnonzero(rows)
    return pd.DataFrame({"row": index, "value": [f"{_told(x[i])}, {_told(y[i])}" for i in index]})


def _told(value: float) -> str:
    return f"{value:.10g}" if np.isfinite(value) else ""


def _table(easting: Floats, northing: Floats, found: Found) -> pa.Table:
    columns = {
        "easting": pa.array(easting, from_pandas=True),
        "northing": pa.array(northing, from_pandas=True),
    }
    for level, (index, codes) in found.items():
        keys = pa.array(index, mask=index < 0)
        columns[f"point_{level}"] = pa.DictionaryArray.from_arrays(keys, codes)
    return pa.table(columns)
