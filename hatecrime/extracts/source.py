"""Open what was sent: unpack, decode, read the header, and match it to the mapping."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from hatecrime.extracts.errors import ExtractError, did_you_mean
from hatecrime.extracts.mapping import Mapping

GEO_SUFFIXES = {".geojson", ".json", ".topojson", ".gpkg", ".shp", ".fgb", ".kml"}
BLOCK = 1 << 20
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
DELIMITERS = (";", "\t", "|", ",")


@dataclass(frozen=True)
class Source:
    """A plain file that is ready to be read, and where each column of the mapping stands in it."""

    path: Path
    name: str
    sha256: str
    format: str
    header: tuple[str, ...] = ()
    position: dict[str, int] | None = None

    def with_header(self, header: tuple[str, ...], mapping: Mapping) -> Source:
        """The same file once its header is known; raises ExtractError where it does not fit the mapping."""
        return replace(self, header=header, position=match_header(header, mapping, self.name))

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
    plain = path if mapping.file.format == "geo" else _unpack(path, scratch)
    kind = mapping.file.format or ("geo" if plain.suffix.lower() in GEO_SUFFIXES else "csv")
    if kind == "geo":
        return Source(plain, path.name, digest, "geo")
    _refuse_workbook(plain, path.name)
    plain = _as_utf8(plain, mapping.file.encoding, scratch)
    return Source(plain, path.name, digest, "csv").with_header(_header(plain, path.name, mapping), mapping)


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
    others = [d for d in DELIMITERS if len(header) == 1 and d in header[0] and d != mapping.file.delimiter]
    if others:
        hint += f" Its columns seem to be separated by {others[0]!r}: state it as delimiter in the mapping's [file]."
    return (
        f"The header of {file} does not fit the mapping {mapping.name!r}: it lacks {names}.{hint} "
        f"Its columns are: {shown or 'none'}. Choose another mapping, or change the source column's name in it."
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
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise ExtractError(
            f"{path.name} cannot be unpacked: {error}. Ask for it to be sent again, as a plain zip without a password."
        ) from error


def _refuse_workbook(path: Path, name: str) -> None:
    with path.open("rb") as stream:
        if stream.read(4) in WORKBOOKS:
            raise ExtractError(f"{name} is a workbook, not a CSV file. Save the sheet as CSV UTF-8, and load that.")


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
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
            header = next(csv.reader(stream, delimiter=mapping.file.delimiter), None)
    except csv.Error as error:
        raise ExtractError(f"The first line of {name} cannot be read: {error}. Is it a CSV file?") from error
    if not header or not any(h.strip() for h in header):
        raise ExtractError(f"{name} has no header: its first line is empty. Export it with the names of the columns.")
    if any("\udc80" <= letter <= "\udcff" for h in header for letter in h):
        raise wrong_encoding(name, 1)
    return tuple(h.strip() for h in header)


def wrong_encoding(name: str, line: int) -> ExtractError:
    """What to say of a file whose bytes are not UTF-8."""
    return ExtractError(
        f"{name} is not written in UTF-8: see line {line}. State its encoding in the mapping, for example "
        '[file] encoding = "windows-1252" for a file from Excel, or "utf-16".'
    )
