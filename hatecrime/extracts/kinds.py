"""What kind of file something is: by what the mapping states, by its ending, and by how it begins."""

from __future__ import annotations

import re
from pathlib import Path

from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.mapping import FileShape

ENDINGS = {
    "excel": (".xlsx", ".xlsm", ".xls", ".ods", ".xlsb"),
    "parquet": (".parquet", ".pq", ".geoparquet"),
    "json": (".json", ".jsonl", ".ndjson"),
    "sqlite": (".sqlite", ".sqlite3", ".db"),
    "geo": (".geojson", ".topojson", ".gpkg", ".shp", ".fgb", ".kml"),
}
HEAD = 1 << 16
MAP_LAYER = re.compile(rb'\{.*"type"\s*:\s*"(FeatureCollection|Feature|Topology)"', re.S)
WEB_PAGE = re.compile(rb"\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body|table|meta)\b", re.I | re.S)
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
WORKBOOK = "a workbook"
BEGINNINGS = (
    (b"PK\x03\x04", WORKBOOK),
    (b"\xd0\xcf\x11\xe0", WORKBOOK),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a packed file"),
    (b"7z\xbc\xaf\x27\x1c", "a packed file"),
    (b"Rar!", "a packed file"),
)
BELONGING = {"excel": WORKBOOK, "parquet": "a Parquet file", "sqlite": "an SQLite database"}


def kind_of(path: Path, shape: FileShape) -> str:
    """csv, excel, parquet, json, sqlite or geo; a file of an unknown ending is taken for CSV."""
    if shape.format:
        return shape.format
    kind = next((kind for kind, endings in ENDINGS.items() if path.suffix.lower() in endings), "csv")
    return "geo" if kind == "json" and MAP_LAYER.match(_head(path).lstrip(b"\xef\xbb\xbf \t\r\n")) else kind


def is_topology(path: Path) -> bool:
    """Whether a map layer in JSON is TopoJSON."""
    return b'"Topology"' in _head(path)


def check_kind(path: Path, name: str, kind: str) -> None:
    """Raises ExtractError where a file is plainly something else than it is taken for."""
    head = _head(path)
    found = next((words for beginning, words in BEGINNINGS if head.startswith(beginning)), None)
    if WEB_PAGE.match(head.lstrip(b"\xef\xbb\xbf")):
        raise ExtractError(
            f"{name} is a web page, whatever its name ends in. Open it, and save the table as CSV UTF-8."
        )
    if found in ("a PDF document", "a packed file"):
        raise ExtractError(f"{name} is {found}. Ask for the table itself, as CSV or Excel; to pack it, use zip.")
    if kind in BELONGING and found != BELONGING[kind]:
        raise ExtractError(f"{name} is not {BELONGING[kind]}, but {found or 'something else'}.{_instead(found)}")
    if kind == "excel":
        _refuse_encrypted(path, name, head)
    if kind in ("csv", "json") and found:
        raise ExtractError(f"{name} is {found}, not {kind.upper()}.{_instead(found)}")


def _instead(found: str | None) -> str:
    """What to state in the mapping; text of whatever kind may be CSV."""
    kind = next((kind for kind, words in BELONGING.items() if words == found), "csv")
    last = ', with its delimiter (often "\\t")' if kind == "csv" else ""
    return f' State format = "{kind}"{last} in the mapping\'s [file], or ask for the file to be exported again.'


def _refuse_encrypted(path: Path, name: str, head: bytes) -> None:
    if head.startswith(b"\xd0\xcf\x11\xe0") and ENCRYPTED in path.read_bytes():
        raise ExtractError(f"{name} is protected by a password. Open it in Excel, remove the password, and save it.")


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(HEAD)
