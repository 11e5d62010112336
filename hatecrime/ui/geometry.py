"""
Outlines for maps, each at an address of its own: fetched once, kept by the browser, the same from any server.

They are public: borders, and the cells of a grid that cover a whole area whatever is recorded there.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit import config

from hatecrime.charts.maps import Collection, Outlines
from hatecrime.database import DataError, fetch
from hatecrime.dictionary import code_list
from hatecrime.i18n import _
from hatecrime.reports.hotspots import land_of
from hatecrime.settings import default_store
from hatecrime.shape import areas as shape_areas
from hatecrime.shape import grid
from hatecrime.ui.data import open_once

FOLDER = "geometry"
AREAS, EVERYWHERE = "areas", "all"
SHAPES = ("square", "hexagon")
SMALLEST, LARGEST = 50, 20_000
MOST_CELLS = 40_000
# A rectangle around places far apart holds many more cells than lie in them.
MOST_LOOKED_AT = 20 * MOST_CELLS
# What cells cover: the first of these levels that has outlines.
COVERED = ("ward", "district")
YEAR = 31536000
KEPT = f"private, max-age={YEAR}, immutable"
NAME = re.compile(r"hatecrime-[\w-]+")
FILES_KEPT, SNAPSHOTS_KEPT = 64, 8


def routes() -> list[Route]:
    """Where outlines are served, below the path that the dashboard is served under."""
    path = f"{_base()}/{FOLDER}/{{snapshot}}/{{kind}}/{{part}}/{{since}}/{{within}}.json"
    return [Route(path, _answer)]


def is_here(path: str) -> bool:
    """Whether a path is that of outlines."""
    return path.startswith(f"{_base()}/{FOLDER}/")


def links(addresses: Mapping[str, str]) -> dict[str, str]:
    """Addresses as a browser asks for them."""
    return {name: f"{_base()}/{address}" for name, address in addresses.items()}


def address_of_areas(path: Path, level: str, on: date, within: str | None) -> str:
    """Where the outlines of a level are: the same for all days between two changes of borders."""
    return f"{FOLDER}/{path.stem}/{AREAS}/{level}/{_since(path, on)}/{within or EVERYWHERE}.json"


def cells(path: Path, shape: str, size: int, on: date, within: str | None) -> Outlines | None:
    """All cells that cover the land of an area, by their address; none where there are too many. Ids: "column,row"."""
    covering = cover(path, shape, size, on, within)
    if covering is None:
        return None
    address = f"{FOLDER}/{path.stem}/{shape}/{size}/{_since(path, on)}/{within or EVERYWHERE}.json"
    return Outlines(address, partial(_drawn, covering, shape, size), _drawn(covering.head(1), shape, size))


def cover(path: Path, shape: str, size: int, on: date, within: str | None) -> pd.DataFrame | None:
    """The cells that cover the land of an area: id, column, row, x, y, area_km2; none where there are too many."""
    return _cover(path, shape, size, _since(path, on), within)


def outline_of(path: Path, on: date, within: str | None) -> shapely.Geometry:
    """One outline around an area, or around everywhere; empty where none is known."""
    return _land(path, _since(path, on), within)


@lru_cache(maxsize=FILES_KEPT)
def _cover(path: Path, shape: str, size: int, since: date, within: str | None) -> pd.DataFrame | None:
    land = _land(path, since, within)
    west, south, east, north = shapely.bounds(land)
    if land.area > MOST_CELLS * size**2 or (east - west) * (north - south) > MOST_LOOKED_AT * size**2:
        return None
    found = grid.cover(land, size, shape)
    return None if len(found) > MOST_CELLS else found.assign(id=grid.cell_ids(found["column"], found["row"]))


@lru_cache(maxsize=FILES_KEPT)
def _land(path: Path, since: date, within: str | None) -> shapely.Geometry:
    return land_of(open_once(path), since, within)


def _drawn(cells: pd.DataFrame, shape: str, size: int) -> Collection:
    """Cells as features, in whole metres."""
    outlines = grid.polygons(cells["column"].to_numpy(), cells["row"].to_numpy(), size, shape)
    corners = np.round(shapely.get_coordinates(outlines)).astype(int).reshape(len(cells), -1, 2).tolist()
    rings = zip(cells["id"], corners, strict=True)
    return _collected((code, {"type": "Polygon", "coordinates": [ring]}) for code, ring in rings)


def _areas(path: Path, level: str, since: date, within: str | None) -> Collection:
    found = shape_areas.features(shape_areas.areas(open_once(path), level, since, within))
    return _collected((each["id"], each["geometry"]) for each in found["features"])


def _collected(outlines: Iterable[tuple[str, Any]]) -> Collection:
    """Outlines with their id and nothing else."""
    features = [{"type": "Feature", "id": code, "properties": {}, "geometry": shape} for code, shape in outlines]
    return {"type": "FeatureCollection", "features": features}


def _since(path: Path, on: date) -> date:
    """The day of the last change of any border on or before a day; before all changes, the first day there is."""
    return max((day for day in _changes(path) if day <= on), default=date.min)


@lru_cache(maxsize=SNAPSHOTS_KEPT)
def _changes(path: Path) -> frozenset[date]:
    listed = _listed(path)
    ends = listed["valid_to"].dropna().dt.date.map(lambda day: day + timedelta(days=1))
    return frozenset([*listed["valid_from"].dropna().dt.date, *ends])


@lru_cache(maxsize=SNAPSHOTS_KEPT)
def _listed(path: Path) -> pd.DataFrame:
    return fetch(open_once(path), "areas/listed")


def _answer(request: Request) -> Response:
    """One file, packed where the browser can unpack it; it never changes, so it is not asked for again."""
    try:
        packed, mark = _file(**request.path_params)
    except (LookupError, ValueError, DataError):
        return PlainTextResponse(_("There are no such outlines."), status_code=404)
    unpacks = "gzip" in request.headers.get("accept-encoding", "")
    tag = f'"{mark}-gzip"' if unpacks else f'"{mark}"'
    headers = {"Cache-Control": KEPT, "ETag": tag, "Vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if unpacks:
        return Response(packed, media_type="application/json", headers={**headers, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(packed), media_type="application/json", headers=headers)


@lru_cache(maxsize=FILES_KEPT)
def _file(snapshot: str, kind: str, part: str, since: str, within: str) -> tuple[bytes, str]:
    """A packed file and its mark; whatever is not exactly an address of ours is a LookupError."""
    path = default_store() / f"{snapshot}.duckdb"
    if not NAME.fullmatch(snapshot) or not path.is_file():
        raise LookupError(snapshot)
    body = json.dumps(_asked(path, kind, part, since, within), separators=(",", ":")).encode()
    return gzip.compress(body, mtime=0), hashlib.sha256(body).hexdigest()[:32]


def _asked(path: Path, kind: str, part: str, since: str, within: str) -> Collection:
    day = date.fromisoformat(since)
    area = None if within == EVERYWHERE else within
    if since != day.isoformat() or day not in {date.min, *_changes(path)}:
        raise LookupError(since)
    if area and area not in set(_listed(path)["area_code"]):
        raise LookupError(within)
    if kind == AREAS and part in code_list("area_level"):
        return _areas(path, part, day, area)
    if kind not in SHAPES or not part.isdecimal() or not SMALLEST <= int(part) <= LARGEST or str(int(part)) != part:
        raise LookupError(kind, part)
    covering = _cover(path, kind, int(part), day, area)
    if covering is None:
        raise LookupError(part)
    return _drawn(covering, kind, int(part))


def _base() -> str:
    """The path that the dashboard is served under, with a slash before it, or nothing."""
    path = str(config.get_option("server.baseUrlPath")).strip("/")
    return f"/{path}" if path else ""
