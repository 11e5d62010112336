"""Outlines at their addresses: what they hold, that they are kept, and that nothing but an address is answered."""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from starlette.applications import Starlette
from starlette.types import Message

from hatecrime.database import newest
from hatecrime.ui import answers, doors, geometry

TRAFFORD, DAY = "E08000009", date(2017, 3, 31)


@pytest.fixture
def path(sample_store: Path) -> Path:
    return newest(sample_store)


def get(address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """What the server answers, as a browser gets it."""
    served = answers.Headers(doors.Doors(Starlette(routes=geometry.routes())))
    sent: list[Message] = []
    given = {"host": "localhost", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": f"/{address}",
        "query_string": b"",
        "client": ("127.0.0.1", 1),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(served(scope, receive, send))
    found = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(each.get("body", b"") for each in sent[1:])


def test_areas_come_with_their_code_and_nothing_else(path: Path) -> None:
    status, _headers, body = get(geometry.address_of_areas(path, "ward", DAY, TRAFFORD))
    features = json.loads(body)["features"]
    assert status == 200 and len(features) == 21
    assert {name for each in features for name in each} == {"type", "id", "properties", "geometry"}
    assert not any(each["properties"] for each in features)


def test_a_browser_keeps_them_and_a_proxy_does_not(path: Path) -> None:
    address = geometry.address_of_areas(path, "ward", DAY, TRAFFORD)
    _status, headers, packed = get(address, accept_encoding="gzip, br")
    assert headers["cache-control"] == "private, max-age=31536000, immutable"
    assert headers["content-encoding"] == "gzip" and "default-src 'self'" in headers["content-security-policy"]
    assert gzip.decompress(packed) == get(address)[2]
    assert headers["etag"] != get(address)[1]["etag"] and not headers["etag"].startswith("W/")
    status, again, nothing = get(address, accept_encoding="gzip", if_none_match=headers["etag"])
    assert (status, nothing, again["etag"]) == (304, b"", headers["etag"])


def test_another_server_gives_the_same_bytes(path: Path) -> None:
    address = geometry.address_of_areas(path, "ward", DAY, TRAFFORD)
    one = get(address, accept_encoding="gzip")
    geometry._file.cache_clear()
    assert get(address, accept_encoding="gzip") == one


def test_days_without_a_change_of_borders_between_them_share_an_address(path: Path) -> None:
    one, other = (geometry.address_of_areas(path, "ward", date(2017, month, 1), None) for month in (2, 3))
    assert one == other
    assert geometry.address_of_areas(path, "ward", date(1900, 1, 1), None).split("/")[4] == "0001-01-01"


@pytest.mark.parametrize("shape", geometry.SHAPES)
def test_cells_cover_the_whole_land_whatever_is_recorded(path: Path, shape: str) -> None:
    drawn = geometry.cells(path, shape, 500, DAY, TRAFFORD)
    covering = geometry.cover(path, shape, 500, DAY, TRAFFORD)
    assert drawn is not None and covering is not None
    features = json.loads(get(drawn.address)[2])["features"]
    assert features == drawn.load()["features"]
    assert [each["id"] for each in features] == covering["id"].tolist()
    outlines = shapely.union_all([shapely.geometry.shape(each["geometry"]) for each in features])
    land = geometry.outline_of(path, DAY, TRAFFORD)
    assert land.difference(outlines.buffer(2)).area == 0
    assert all(isinstance(x, int) for x in features[0]["geometry"]["coordinates"][0][0])


def test_more_cells_than_can_be_drawn_are_none(path: Path) -> None:
    assert geometry.cells(path, "square", 50, DAY, None) is None
    assert geometry.cover(path, "square", 50, DAY, TRAFFORD) is None


@pytest.mark.parametrize(
    "wrong",
    [
        "nowhere/areas/ward/{since}/all",
        "..%2F..%2Fetc/areas/ward/{since}/all",
        "{name}/areas/street/{since}/all",
        "{name}/areas/ward/2017-03-31/all",
        "{name}/areas/ward/yesterday/all",
        "{name}/areas/ward/{since}/E99999999",
        "{name}/triangle/500/{since}/all",
        "{name}/square/0500/{since}/E08000009",
        "{name}/square/1/{since}/E08000009",
        "{name}/square/50/{since}/all",
        "{name}/hexagon/1e3/{since}/E08000009",
    ],
)
def test_nothing_but_an_address_of_ours_is_answered(path: Path, wrong: str) -> None:
    name, since = geometry.address_of_areas(path, "ward", DAY, None).split("/")[1::3]
    status, headers, _body = get("geometry/" + wrong.format(name=name, since=since) + ".json")
    assert (status, headers["cache-control"]) == (404, "no-store")


def test_addresses_lie_below_the_path_of_the_dashboard(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geometry.config, "get_option", lambda _name: "/hate-crime/")
    assert geometry.links({"areas": "geometry/a.json"}) == {"areas": "/hate-crime/geometry/a.json"}
    assert geometry.routes()[0].path.startswith("/hate-crime/geometry/")
    assert geometry.is_here("/hate-crime/geometry/a.json") and not geometry.is_here("/geometry/a.json")


def test_a_snapshot_that_is_gone_has_no_outlines_any_more(path: Path) -> None:
    gone = geometry.address_of_areas(path, "ward", DAY, None).replace(path.stem, "hatecrime-19990101-000000-000000")
    assert get(gone)[0] == 404
