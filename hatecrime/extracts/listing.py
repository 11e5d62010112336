"""extracts.toml: which files are loaded, through which mappings."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path

from hatecrime.extracts.errors import ExtractError, did_you_mean
from hatecrime.extracts.mapping import Mapping, find_mapping, read_mapping

DEFAULT_CRS = "EPSG:27700"


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
    extracts = tuple(e for entry in document.get("extract", []) for e in _entry(entry, folder, path))
    if not extracts:
        raise ExtractError(f"{path} lists no file. Add an [[extract]] with file and mapping.")
    return Listing(extracts, _crs(document.get("crs"), extracts), bool(document.get("synthetic", False)))


def single(file: Path, mapping: Path) -> Listing:
    """A listing of one file, for a dry run."""
    extracts = (Extract(file, read_mapping(mapping)),)
    return Listing(extracts, _crs(None, extracts))


def _entry(entry: dict[str, object], folder: Path, path: Path) -> list[Extract]:
    _only(entry, {"file", "mapping", "received"}, path)
    pattern, name, received = entry.get("file"), entry.get("mapping"), entry.get("received")
    if not isinstance(pattern, str) or not isinstance(name, str):
        raise ExtractError(f"An [[extract]] in {path} needs file = \"…\" and mapping = \"…\".")
    if received is not None and not isinstance(received, dt.date):
        raise ExtractError(f"received in {path} must be a date such as 2017-04-30, without quotation marks.")
    files = _files(folder, pattern)
    if not files:
        raise ExtractError(f"{path} lists {pattern!r}, but there is no such file. Check its name and folder.")
    mapping = read_mapping(find_mapping(name, folder))
    return [Extract(file, mapping, received) for file in files]


def _files(folder: Path, pattern: str) -> list[Path]:
    given = Path(pattern)
    if given.is_absolute():
        return sorted(Path(given.anchor).glob(str(given.relative_to(given.anchor))))
    exact = folder / given
    return [exact] if exact.is_file() else sorted(p for p in folder.glob(pattern) if p.is_file())


def _crs(stated: object, extracts: tuple[Extract, ...]) -> str:
    if stated is not None:
        return str(stated)
    wished = {e.mapping.point.map_crs for e in extracts if e.mapping.point and e.mapping.point.map_crs}
    return wished.pop() if len(wished) == 1 else DEFAULT_CRS


def _only(part: dict[str, object], known: set[str], path: Path) -> None:
    for key in part:
        if key not in known:
            raise ExtractError(f"{path} has an unknown key {key!r}.{did_you_mean(key, known)}")
