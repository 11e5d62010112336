"""Take files out of archives, counting what comes out: a small file may hold more than any disk."""

from __future__ import annotations

import errno
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from hatecrime.extracts.errors import ExtractError
from hatecrime.settings import settings

BLOCK = 1 << 20
ENCRYPTED = 0x1
PACKED = {".zip", ".gz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".tgz"}
SHAPE = ".shp"
COMPANIONS = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qmd", ".xml"}
JUNK = {"thumbs.db", "desktop.ini"}
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    IndexError,  # a member without a name
    OSError,  # of these only EINVAL: the list of contents points to a place before the file
)


def is_archive(path: Path) -> bool:
    """Whether a file holds other files by its name."""
    return path.suffix.lower() == ".zip"


def is_junk(name: str) -> bool:
    """What a Mac or Windows leaves beside files."""
    parts = PurePosixPath(name).parts
    hidden = bool(parts) and parts[-1].startswith(".") and not parts[-1].startswith("..")
    return not parts or hidden or "__MACOSX" in parts or parts[-1].lower() in JUNK


def without_companions(names: list[str]) -> list[str]:
    """A shapefile is several files; the one that ends in .shp stands for all of them."""
    layers = {_stem(name) for name in names if name.lower().endswith(SHAPE)}
    return [n for n in names if _stem(n) not in layers or n.lower().endswith(SHAPE) or not _accompanies(n)]


def members(path: Path, pattern: str | None) -> list[str]:
    """The files in a zip that are to be loaded, sorted; raises ExtractError where none is or one must not be."""
    with _opened(path) as archive:
        inside = [m for m in archive.infolist() if not m.is_dir() and not is_junk(m.filename)]
    names = sorted(without_companions([m.filename for m in inside]))
    fitting = [n for n in names if pattern is None or fnmatch(n, pattern) or fnmatch(PurePosixPath(n).name, pattern)]
    if not fitting:
        what = f"no file that fits {pattern!r}" if pattern else "no file"
        raise ExtractError(f"{path.name} holds {what}; it holds {_listed(names)}. State another member, or none.")
    _check(path, [m for m in inside if _stem(m.filename) in {_stem(n) for n in fitting}])
    return fitting


def take_out(path: Path, member: str, scratch: Path) -> Path:
    """A copy of one file of a zip, with the companions of a shapefile beside it."""
    with _opened(path) as archive:
        taken = [m for m in archive.infolist() if m.filename == member]
        if member.lower().endswith(SHAPE):
            taken += [m for m in archive.infolist() if _accompanies(m.filename) and _stem(m.filename) == _stem(member)]
        for part in taken:
            with archive.open(part) as packed:
                _copy(packed, scratch / _name(part.filename, taken[0].filename), path)
    return scratch / _name(member, member)


def gunzip(path: Path, scratch: Path) -> Path:
    """A copy of what a .gz file holds."""
    target = scratch / path.stem
    with _in_words(path), gzip.open(path) as packed:
        _copy(packed, target, path)
    return target


def check_workbook(path: Path) -> None:
    """A workbook is a zip too; what it holds is counted before anything else opens it."""
    if zipfile.is_zipfile(path):
        with _opened(path) as archive:
            _check(path, archive.infolist(), nested=True)
            unpacked = 0
            for part in archive.infolist():
                with archive.open(part) as packed:
                    for block in iter(lambda stream=packed: stream.read(BLOCK), b""):  # type: ignore[misc]
                        unpacked = _counted(unpacked + len(block), path)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    with _in_words(path), zipfile.ZipFile(path) as archive:
        yield archive


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except DAMAGED as error:
        if getattr(error, "errno", None) not in (None, errno.EINVAL):
            raise
        raise ExtractError(
            f"{path.name} cannot be unpacked: {error}. Ask for it to be sent again, and without a password."
        ) from error


def _check(path: Path, parts: list[zipfile.ZipInfo], nested: bool = False) -> None:
    """What the list of contents gives away already."""
    for part in parts:
        if part.flag_bits & ENCRYPTED:
            raise ExtractError(f"{path.name} needs a password. Ask for a zip without one, or unpack it yourself.")
        if _leads_outside(part.filename):
            raise ExtractError(f"{path.name} holds {part.filename!r}, a path that leads outside it. Do not use it.")
        if PurePosixPath(part.filename).suffix.lower() in PACKED and not nested:
            raise ExtractError(
                f"{path.name} holds {part.filename}, which is packed again. Unpack the outer file first."
            )
    _counted(sum(part.file_size for part in parts), path)


def _leads_outside(name: str) -> bool:
    windows = PureWindowsPath(name)
    return ".." in windows.parts or windows.is_absolute() or bool(windows.drive) or name.startswith(("/", "\\"))


def _copy(packed: IO[bytes] | gzip.GzipFile, target: Path, path: Path) -> None:
    unpacked = 0
    with target.open("wb") as plain:
        while block := packed.read(BLOCK):
            unpacked = _counted(unpacked + len(block), path)
            plain.write(block)


def _counted(unpacked: int, path: Path) -> int:
    """The same number, as long as it is within what the settings allow."""
    most, growth = settings().max_unpacked, settings().max_growth
    if unpacked > most:
        raise ExtractError(
            f"{path.name} holds more than {most / BLOCK:,.0f} MB. Split it, or raise max_unpacked_megabytes in "
            "data/settings.toml."
        )
    if unpacked > BLOCK and unpacked > growth * path.stat().st_size:
        raise ExtractError(
            f"{path.name} grows to more than {growth} times its size, as traps do. If you trust it, raise max_growth "
            "in data/settings.toml."
        )
    return unpacked


def _stem(name: str) -> str:
    """The path without its ending; "wards.shp.xml" belongs to "wards" too."""
    stem = name.lower().removesuffix(".xml").removesuffix(SHAPE)
    return stem if stem != name.lower() else str(PurePosixPath(name.lower()).with_suffix(""))


def _accompanies(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in COMPANIONS


def _name(member: str, first: str) -> str:
    """The name of a copy: companions keep the stem of their layer, whatever its letters."""
    ending = PurePosixPath(member).name[len(PurePosixPath(first).stem) :]
    return PurePosixPath(first).stem + ending.lower()


def _listed(names: list[str]) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "") or "nothing"
