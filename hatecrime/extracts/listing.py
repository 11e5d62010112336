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
from hatecrime.extracts.store import plain_words
from hatecrime.extracts.unpack import is_archive, is_junk, members, without_companions

LISTING = "extracts.toml"
DEFAULT_CRS = "EPSG:27700"
KEYS = {"file", "mapping", "member", "received", "complete_from", "complete_to"}
USE = 'Use a code such as "EPSG:27700", the British National Grid.'


@dataclass(frozen=True)
class Extract:
    """One file to load, or one member of a zip.

    From complete_from to complete_to it holds every record of its source: earlier ones that it lacks were withdrawn.
    """

    file: Path
    mapping: Mapping
    received: dt.date | None = None
    complete_from: dt.date | None = None
    complete_to: dt.date | None = None
    member: str | None = None

    @property
    def name(self) -> str:
        """The file as a person knows it: "archive.zip/2022-05/street.csv"."""
        return f"{self.file.name}/{self.member}" if self.member else self.file.name


@dataclass(frozen=True)
class Listing:
    """All files of one build, and what holds for all of them."""

    extracts: tuple[Extract, ...]
    crs: str = DEFAULT_CRS
    synthetic: bool = False


def read_listing(folder: Path, name: str = LISTING) -> Listing:
    """Read DIR/extracts.toml; raises ExtractError where a key, a file or a mapping is missing."""
    path = folder / name
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
    with plain_words(path):
        extracts = tuple(e for entry in entries for e in _entry(entry, folder, path))
    if not extracts:
        raise ExtractError(f"{path} lists no file. Add an [[extract]] with file and mapping.")
    _once(extracts, path)
    synthetic = document.get("synthetic", False)
    if not isinstance(synthetic, bool):
        raise ExtractError(f"synthetic in {path} must be true or false, without quotation marks.")
    return Listing(extracts, _crs(document.get("crs"), extracts), synthetic)


def single(file: Path, mapping: Path) -> Listing:
    """A listing of one file, for a dry run; a zip of several is a listing of all of them."""
    found = read_mapping(mapping)
    extracts = tuple(Extract(file, found, member=member) for member in _members(file, found.file.member))
    return Listing(extracts, _crs(None, extracts))


def _entry(entry: dict[str, Any], folder: Path, path: Path) -> list[Extract]:
    _only(entry, KEYS, path)
    for key in ("file", "mapping"):
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise ExtractError(f'An [[extract]] in {path} needs file = "…" and mapping = "…".')
    member = entry.get("member")
    if member is not None and (not isinstance(member, str) or not member):
        raise ExtractError(f"member in {path} must be the name of a file in the zip, or a pattern, in quotation marks.")
    received = _day(entry, "received", path)
    complete = _period(entry, path)
    mapping = read_mapping(find_mapping(entry["mapping"], folder))
    return [
        Extract(file, mapping, received, *complete, member=inside)
        for file in _files(folder, entry["file"], path)
        for inside in _members(file, member or mapping.file.member)
    ]


def _day(entry: dict[str, Any], key: str, path: Path) -> dt.date | None:
    day = entry.get(key)
    if day is not None and not isinstance(day, dt.date):
        raise ExtractError(f"{key} in {path} must be a date such as 2017-04-30, without quotation marks.")
    return day.date() if isinstance(day, dt.datetime) else day


def _period(entry: dict[str, Any], path: Path) -> tuple[dt.date | None, dt.date | None]:
    start, end = _day(entry, "complete_from", path), _day(entry, "complete_to", path)
    if (start is None) != (end is None):
        raise ExtractError(f"{entry['file']!r} in {path} needs both complete_from and complete_to, or neither.")
    if start and end and start > end:
        raise ExtractError(f"{entry['file']!r} in {path} is complete from {start} to {end}, which lies before it.")
    return start, end


def _files(folder: Path, pattern: str, path: Path) -> list[Path]:
    """The file of that name, every file directly in the folder of that name, or every file that fits the pattern."""
    exact = folder / pattern
    if exact.is_file():
        return [exact]
    found = exact.iterdir() if exact.is_dir() else _fitting(folder, pattern)
    names = [str(p) for p in found if p.is_file() and not is_junk(p.name)]
    files = [Path(name) for name in sorted(without_companions(names))]
    if not files:
        what = "that folder holds no file" if exact.is_dir() else "there is no such file"
        raise ExtractError(f"{path} lists {pattern!r}, but {what}. Check its name and folder.")
    return files


def _fitting(folder: Path, pattern: str) -> list[Path]:
    start = Path((folder / pattern).anchor) if Path(pattern).is_absolute() else folder
    try:
        return list(start.glob(str(Path(pattern).relative_to(Path(pattern).anchor))))
    except (ValueError, IndexError, NotImplementedError):
        return []


def _members(file: Path, pattern: str | None) -> list[str | None]:
    """What is loaded of a file: of a zip each member that fits; a zip of one file is as good as that file."""
    if not is_archive(file) or not file.is_file() or file.stat().st_size == 0:
        return [None]
    found = members(file, pattern)
    return [None] if len(found) == 1 and pattern is None else list(found)


def _once(extracts: tuple[Extract, ...], path: Path) -> None:
    """The same file through the same mapping twice would count every record without a reference twice."""
    listed = sorted((str(e.file.resolve()), e.member or "", e.mapping.name) for e in extracts)
    for (file, member, mapping), again in pairwise(listed):
        if (file, member, mapping) == again:
            name = f"{Path(file).name}/{member}" if member else Path(file).name
            raise ExtractError(f"{path} lists {name} twice through the mapping {mapping!r}. List it once.")


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
