"""extracts.toml: which files are loaded, through which mappings."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from hatecrime.extracts.errors import ExtractError, did_you_mean
from hatecrime.extracts.mapping import Mapping
from hatecrime.extracts.mapping_file import find_mapping, read_mapping

DEFAULT_CRS = "EPSG:27700"
USE = 'Use a code such as "EPSG:27700", the British National Grid.'


@dataclass(frozen=True)
class Extract:
    """One file to load."""

    file: Path
    mapping: Mapping
    received: dt.date | None = None


@dataclass(frozen=True)
class Listing:
    """All files of one build, and what holds for all of them."""

    extracts: tuple[Extract, ...]
    crs: str = DEFAULT_CRS
    synthetic: bool = False


def read_listing(folder: Path) -> Listing:
    """Read DIR/extracts.toml; raises ExtractError where a key, a file or a mapping is missing."""
    path = folder / "extracts.toml"
    if not path.is_file():
        raise ExtractError(
            f"There is no {path}. Write one that names each file and its mapping, for example:\n"
            '[[extract]]\nfile = "incidents.csv"\nmapping = "sample_gmp_incidents"'
        )
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExtractError(f"{path} is not valid TOML: {error}.") from error
    _only(document, {"crs", "synthetic", "extract"}, path)
    entries = document.get("extract", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ExtractError(f"{path} must name each file under [[extract]], in two pairs of brackets.")
    extracts = tuple(e for entry in entries for e in _entry(entry, folder, path))
    if not extracts:
        raise ExtractError(f"{path} lists no file. Add an [[extract]] with file and mapping.")
    _once(extracts, path)
    synthetic = document.get("synthetic", False)
    if not isinstance(synthetic, bool):
        raise ExtractError(f"synthetic in {path} must be true or false, without quotation marks.")
    return Listing(extracts, _crs(document.get("crs"), extracts), synthetic)


def single(file: Path, mapping: Path) -> Listing:
    """A listing of one file, for a dry run."""
    extracts = (Extract(file, read_mapping(mapping)),)
    return Listing(extracts, _crs(None, extracts))


def _entry(entry: dict[str, Any], folder: Path, path: Path) -> list[Extract]:
    _only(entry, {"file", "mapping", "received"}, path)
    pattern, name, received = entry.get("file"), entry.get("mapping"), entry.get("received")
    if not isinstance(pattern, str) or not isinstance(name, str) or not pattern or not name:
        raise ExtractError(f'An [[extract]] in {path} needs file = "…" and mapping = "…".')
    if isinstance(received, dt.datetime):
        received = received.date()
    if received is not None and not isinstance(received, dt.date):
        raise ExtractError(f"received in {path} must be a date such as 2017-04-30, without quotation marks.")
    files = _files(folder, pattern)
    if not files:
        raise ExtractError(f"{path} lists {pattern!r}, but there is no such file. Check its name and folder.")
    mapping = read_mapping(find_mapping(name, folder))
    return [Extract(file, mapping, received) for file in files]


def _files(folder: Path, pattern: str) -> list[Path]:
    exact = folder / pattern
    if exact.is_file():
        return [exact]
    start = Path(exact.anchor) if Path(pattern).is_absolute() else folder
    try:
        return sorted(p for p in start.glob(str(Path(pattern).relative_to(Path(pattern).anchor))) if p.is_file())
    except (ValueError, IndexError, NotImplementedError):
        return []


def _once(extracts: tuple[Extract, ...], path: Path) -> None:
    """The same file through the same mapping twice would count every record without a reference twice."""
    listed = sorted((str(e.file.resolve()), e.mapping.name) for e in extracts)
    for (file, mapping), again in pairwise(listed):
        if (file, mapping) == again:
            raise ExtractError(f"{path} lists {Path(file).name} twice through the mapping {mapping!r}. List it once.")


def _crs(stated: object, extracts: tuple[Extract, ...]) -> str:
    """The coordinate system of the snapshot: the stated one, else the one that all files with places wish for."""
    placed = [e.mapping for e in extracts if e.mapping.point or e.mapping.table == "area"]
    wished = {(m.point.map_crs if m.point else None) or DEFAULT_CRS for m in placed}
    crs = stated if isinstance(stated, str) else wished.pop() if len(wished) == 1 else DEFAULT_CRS
    if stated is not None and not isinstance(stated, str):
        raise ExtractError(f"crs = {stated!r} of the snapshot must be a text. {USE}")
    try:
        metres = CRS(crs).is_projected and all(a.unit_name == "metre" for a in CRS(crs).axis_info)
    except CRSError as error:
        raise ExtractError(f"The coordinate system {crs!r} of the snapshot is not known: {error}. {USE}") from error
    if not metres:
        raise ExtractError(f"The coordinate system {crs!r} of the snapshot does not measure in metres. {USE}")
    return crs


def _only(part: dict[str, Any], known: set[str], path: Path) -> None:
    for key in part:
        if key not in known:
            raise ExtractError(f"{path} has an unknown key {key!r}.{did_you_mean(key, known)}")
