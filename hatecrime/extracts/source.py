"""Open what was sent: unpack, decode, read the header, and match it to the mapping."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from hatecrime.extracts.errors import ExtractError, did_you_mean
from hatecrime.extracts.mapping import Mapping

GEO_SUFFIXES = {".geojson", ".json", ".topojson", ".gpkg", ".shp", ".fgb", ".kml"}
BLOCK = 1 << 20


@dataclass(frozen=True)
class Source:
    """A plain file that is ready to be read, and where each column of the mapping stands in it."""

    path: Path
    name: str
    sha256: str
    format: str
    header: tuple[str, ...] = ()
    position: dict[str, int] | None = None

    def ignored(self) -> list[str]:
        """Columns of the file that no mapping names; they are never stored."""
        used = set((self.position or {}).values())
        return [h for i, h in enumerate(self.header) if i not in used and h.strip()]


def open_source(path: Path, mapping: Mapping, scratch: Path) -> Source:
    """Unpack and decode `path` where needed and match its header; raises ExtractError with what to mend."""
    if not path.is_file():
        raise ExtractError(f"There is no file {path}. Check its name and folder.")
    if path.stat().st_size == 0:
        raise ExtractError(f"{path.name} is empty (0 bytes). Ask for it to be sent again.")
    digest = _sha256(path)
    plain = _unpack(path, scratch)
    kind = mapping.file.format or ("geo" if plain.suffix.lower() in GEO_SUFFIXES else "csv")
    if kind == "geo":
        return Source(plain, path.name, digest, "geo")
    plain = _as_utf8(plain, mapping.file.encoding, scratch)
    header = _header(plain, path.name, mapping)
    return Source(plain, path.name, digest, "csv", header, match_header(header, mapping, path.name))


def match_header(header: tuple[str, ...], mapping: Mapping, file: str) -> dict[str, int]:
    """Position of each source column; spelling counts first, then letters and digits alone.

    Raises ExtractError naming the missing columns and what the file has instead.
    """
    loose = {_letters(h): i for i, h in reversed(list(enumerate(header)))}
    found: dict[str, int] = {}
    missing: list[str] = []
    for wanted in mapping.source_columns():
        if wanted in header:
            found[wanted] = header.index(wanted)
        elif _letters(wanted) in loose and _letters(wanted):
            found[wanted] = loose[_letters(wanted)]
        elif wanted not in mapping.optional_columns():
            missing.append(wanted)
    if missing:
        raise ExtractError(_mismatch(missing, header, mapping, file))
    return found


def _mismatch(missing: list[str], header: tuple[str, ...], mapping: Mapping, file: str) -> str:
    names = ", ".join(repr(m) for m in missing)
    hint = "".join(did_you_mean(m, [h for h in header if h.strip()]) for m in missing[:3])
    shown = ", ".join(repr(h) for h in header[:12]) + (", …" if len(header) > 12 else "")
    return (
        f"The header of {file} does not fit the mapping {mapping.name!r}: it lacks {names}.{hint} "
        f"Its first line reads: {shown}. Choose another mapping, or change the source column's name in it."
    )


def _letters(text: str) -> str:
    return re.sub(r"[^0-9a-z\u00c0-\uffff]", "", text.casefold())


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unpack(path: Path, scratch: Path) -> Path:
    if path.suffix.lower() != ".zip":
        return path
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX")]
            if len(members) != 1:
                listed = ", ".join(m.filename for m in members[:5]) or "none"
                raise ExtractError(
                    f"{path.name} holds {len(members)} files ({listed}). Unpack it and list each file on its own."
                )
            target = scratch / f"{path.stem}-{Path(members[0].filename).name}"
            with archive.open(members[0]) as packed, target.open("wb") as plain:
                shutil.copyfileobj(packed, plain, BLOCK)
            return target
    except (zipfile.BadZipFile, EOFError) as error:
        raise ExtractError(f"{path.name} is not a whole zip file: {error}. Ask for it to be sent again.") from error


def _as_utf8(path: Path, encoding: str, scratch: Path) -> Path:
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig"):
        return path
    target = scratch / f"{path.stem}-utf8{path.suffix}"
    try:
        with path.open(encoding=encoding, newline="") as old, target.open("w", encoding="utf-8", newline="") as new:
            shutil.copyfileobj(old, new, BLOCK)
    except LookupError as error:
        raise ExtractError(
            f"The mapping states encoding = {encoding!r}, which is not known. "
            'Use "utf-8", "windows-1252", "latin-1" or "utf-16".'
        ) from error
    except UnicodeError as error:
        raise ExtractError(
            f"{path.name} is not written in {encoding}: {error}. State another encoding in the mapping's [file]."
        ) from error
    return target


def _header(path: Path, name: str, mapping: Mapping) -> tuple[str, ...]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            header = next(csv.reader(stream, delimiter=mapping.file.delimiter), None)
    except UnicodeDecodeError as error:
        raise ExtractError(
            f"{name} is not written in UTF-8: {error}. State its encoding in the mapping, for example "
            '[file] encoding = "windows-1252".'
        ) from error
    except csv.Error as error:
        raise ExtractError(f"The first line of {name} cannot be read: {error}.") from error
    if not header or not any(h.strip() for h in header):
        raise ExtractError(f"{name} has no header: its first line is empty.")
    return tuple(h.strip() for h in header)
