"""Where a record happened: coordinates into the snapshot's own system, points into the areas of their day."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

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
from hatecrime.extracts.mapping import Mapping, Point
from hatecrime.extracts.postcodes import Postcodes
from hatecrime.extracts.staging import Staged
from hatecrime.settings import settings

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]
Result = TypeVar("Result")
Index = tuple[NDArray[np.int32], list[str]]
Found = dict[str, Index]
Look = Callable[[Floats, Floats, Days | None, Found], None]
OUTSIDE_MARGIN = 50_000.0
TOGETHER = 250_000
NESTING = ("ward", "locality", "district", "force")
FAULTS = ("bad_coordinate", "no_location", "coordinates_swapped", "outside_projection", "outside_area")
MOVED = ("incident", "stop_search")
VENUES = ("reporting_centre", "candidate_venue")
PRECISION = ("postcode", "grid")
BY_POSTCODE, GRID = range(2)
FIRST, LAST = dt.date.min, dt.date.max


def locate(
    con: duckdb.DuckDBPyConnection,
    staged: Staged,
    areas: Areas,
    crs: str,
    day: str | None,
    postcodes: Postcodes,
    look: Look,
) -> pa.Table:
    """One row per staged row: easting, northing, how they became known, and where known point_<level>.

    `day` names the column that says which areas were valid; without one, all areas count. Areas are found from the
    true point; only then is it moved to its grid square, where it is to be. `look` is shown the true points before.
    """
    point = staged.mapping.point
    assert point is not None
    days = staged.days(con).astype("datetime64[D]") if day else None
    easting, northing = _from_coordinates(con, staged, point, areas, crs)
    at = _from_postcodes(con, staged, point, postcodes, ~np.isfinite(easting))
    placed = at >= 0
    easting[placed], northing[placed] = postcodes.easting[at[placed]], postcodes.northing[at[placed]]
    found = in_areas(easting, northing, days, areas)
    look(easting, northing, days, found)
    found |= {level: _completed(found.get(level), level, at, days, postcodes, areas) for level in postcodes.areas}
    side = grid_side(staged.mapping)
    known = np.isfinite(easting)
    if side:
        easting, northing = _centre(easting, side), _centre(northing, side)
    how = np.where(known & bool(side), GRID, np.where(known & placed, BY_POSTCODE, -1))
    return _table(easting, northing, how, found)


def grid_side(mapping: Mapping) -> int:
    """Metres of the grid squares to whose centres the points of a mapping are moved; 0 where they stay as they are.

    Only places where something happened to people are moved: venues and postcodes are public.
    """
    if mapping.table not in MOVED or mapping.point is None:
        return 0
    return max(settings().snap_metres, mapping.point.snap)


def _from_coordinates(
    con: duckdb.DuckDBPyConnection, staged: Staged, point: Point, areas: Areas, crs: str
) -> tuple[Floats, Floats]:
    """Where the row itself says; nothing where it does not or cannot be right."""
    _check_within(point, areas, staged)
    if point.axes is None:
        return np.full(staged.rows, np.nan), np.full(staged.rows, np.nan)
    columns = con.table(staged.table).select("x", "y").fetchnumpy()
    x, y = (np.ma.filled(columns[a].astype(float), np.nan) for a in ("x", "y"))
    extent = areas.extent(point.within) if point.within else None
    together = _by_parts(lambda p: _judged(x[p], y[p], point, crs, extent), x.size)
    easting, northing = (np.concatenate([np.zeros(0), *(each[n] for each in together)]) for n in (0, 1))
    for reason in FAULTS:
        rows = np.concatenate([np.zeros(0, bool), *(fault[reason] for _e, _n, fault in together)])
        if not rows.any():
            continue
        shown = _shown(rows, x, y)
        fresh = shown[~shown["row"].isin(staged.rows_with(reason))]
        staged.refuse(fresh, reason, point.told, whole=False)
        easting[rows], northing[rows] = np.nan, np.nan
    return easting, northing


def _from_postcodes(
    con: duckdb.DuckDBPyConnection, staged: Staged, point: Point, postcodes: Postcodes, lacking: Flags
) -> NDArray[np.intp]:
    """The position of the postcode of each row that has no coordinates; -1 where there is none.

    A postcode that is not known is put on record; its text only for venues, because it can name a home.
    """
    at = np.full(staged.rows, -1, np.intp)
    if point.postcode is None:
        return at
    texts = con.table(staged.table).select("point_postcode").df()["point_postcode"]
    asked = lacking & texts.notna().to_numpy()
    at[asked] = postcodes.find(texts[asked])
    unknown = np.flatnonzero(asked & (at < 0))
    value = texts.iloc[unknown].to_numpy() if staged.mapping.table in VENUES else None
    rows = pd.DataFrame({"row": unknown}).assign(value=value)
    staged.refuse(rows, "unknown_postcode", point.postcode, whole=False)
    return at


def _completed(
    known: Index | None, level: str, at: NDArray[np.intp], days: Days | None, postcodes: Postcodes, areas: Areas
) -> Index:
    """The areas of a level by outline and, where outlines say nothing, by postcode, as far as valid on the day."""
    index, codes = known or (np.full(at.size, -1, np.int32), [])
    by_postcode, named = postcodes.areas[level]
    rows = np.flatnonzero((index < 0) & (at >= 0))
    number = by_postcode[at[rows]]
    rows, number = rows[number >= 0], number[number >= 0]
    first, last = _validity([areas.by_code.get(code) for code in named], level)
    fits = first[number] < last[number] if days is None else _between(first[number], days[rows], last[number])
    index[rows[fits]] = len(codes) + number[fits]
    return index, [*codes, *named]


def _validity(named: list[Area | None], level: str) -> tuple[Days, Days]:
    """The first and the last day of each area; an area of another level, or of none, is never valid."""
    never = (LAST, FIRST)
    spans = [(a.valid_from or FIRST, a.valid_to or LAST) if a and a.level == level else never for a in named]
    first, last = np.array(spans, "datetime64[D]").reshape(-1, 2).T
    return first, last


def _between(first: Days, day: Days, last: Days) -> Flags:
    return (first <= day) & (day <= last)


def _centre(axis: Floats, side: int) -> Floats:
    return (np.floor(axis / side) + 0.5) * side


def in_areas(easting: Floats, northing: Floats, days: Days | None, areas: Areas) -> Found:
    """The area of each level that held each point on its day: index into the codes, -1 for none."""
    levels = {level: [area.area_code for area, _shape in shapes] for level, shapes in areas.shapes.items() if shapes}
    found = _by_parts(lambda p: _among(easting[p], northing[p], None if days is None else days[p], areas), easting.size)
    none = np.zeros(0, np.int32)
    return {level: (np.concatenate([none, *(each[level] for each in found)]), codes) for level, codes in levels.items()}


def _by_parts(work: Callable[[slice], Result], size: int) -> list[Result]:
    """The results for some points at a time, on every processor there is."""
    parts = [slice(start, start + TOGETHER) for start in range(0, max(size, 1), TOGETHER)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, parts))


def _among(easting: Floats, northing: Floats, days: Days | None, areas: Areas) -> dict[str, NDArray[np.int32]]:
    """Points are sorted once by easting, so each outline only meets the points of its bounding box."""
    order = np.argsort(easting)
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
            _settle(settled, level, index, [area.area_code for area, _shape in shapes], areas)
            found[level] = np.empty_like(index)
            found[level][order] = index
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


def _judged(
    x: Floats, y: Floats, point: Point, crs: str, extent: shapely.Geometry | None
) -> tuple[Floats, Floats, dict[str, Flags]]:
    """Points on the map, and which of them cannot be right."""
    easting, northing = _to_map(x, y, point, crs)
    return easting, northing, _faults(x, y, easting, northing, point, crs, extent)


def _faults(
    x: Floats, y: Floats, easting: Floats, northing: Floats, point: Point, crs: str, extent: shapely.Geometry | None
) -> dict[str, Flags]:
    """Points that cannot be right, by reason; each point has one reason at most."""
    given = np.isfinite(x) & np.isfinite(y)
    half = np.isfinite(x) ^ np.isfinite(y)
    zero = given & (x == 0) & (y == 0)
    outside = given & ~zero & (~_in_use(easting, northing, crs) | _degrees(x, y, point))
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


def _table(easting: Floats, northing: Floats, how: NDArray[np.int64], found: Found) -> pa.Table:
    columns = {
        "easting": pa.array(easting, from_pandas=True),
        "northing": pa.array(northing, from_pandas=True),
        "point_precision": _coded(how.astype(np.int32), [*PRECISION]),
    }
    return pa.table(columns | {f"point_{level}": _coded(index, codes) for level, (index, codes) in found.items()})


def _coded(index: NDArray[np.int32], codes: list[str]) -> pa.DictionaryArray:
    keys = pa.array(index, mask=index < 0)
    return pa.DictionaryArray.from_arrays(keys, pa.array(codes, pa.string()))
