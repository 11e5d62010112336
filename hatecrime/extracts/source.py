"""Open what was sent: unpack, decode, read the header, and match it to the mapping."""

from __future__ import annotations

import csv
import glob
import hashlib
import re
import shutil
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from hatecrime.extracts.errors import ExtractError, did_you_mean
from hatecrime.extracts.kinds import check_kind, kind_of
from hatecrime.extracts.mapping import GEOMETRY, FileShape, Mapping
from hatecrime.extracts.personal_cells import identifies
from hatecrime.extracts.repair import csv_rows, with_plain_preamble
from hatecrime.extracts.unpack import (
    COMPANIONS,
    SHAPE,
    check_workbook,
    gunzip,
    is_archive,
    members,
    take_out,
)

BLOCK = 1 << 20
RECENT = 3.0  # seconds: a file written so lately may change again without its times telling
DELIMITERS = (";", "\t", "|", ",")
UTF_8 = ("utf-8", "utf8", "utf-8-sig")

Stamp = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Source:
    """A plain file that is ready to be read, and where each column of the mapping stands in it."""

    path: Path
    name: str
    format: str
    header: tuple[str, ...] = ()
    position: dict[str, int] | None = None
    sent: Path | None = None
    stamp: Stamp = ()
    fingerprint: Future[str] = field(default_factory=Future)

    @property
    def sha256(self) -> str:
        """What tells the file that was sent from every other, in hexadecimal digits; made while the file is read."""
        return self.fingerprint.result()

    def with_header(self, header: tuple[str, ...], mapping: Mapping) -> Source:
        """The same file once its header is known; raises ExtractError where it does not fit the mapping."""
        return replace(self, header=header, position=match_header(header, mapping, self.name))

    def ignored(self) -> list[str]:
        """Columns of the file that no mapping names; they are never stored."""
        used = set((self.position or {}).values())
        return [h for i, h in enumerate(self.header) if i not in used and h.strip()]


def open_source(path: Path, mapping: Mapping, scratch: Path, member: str | None = None) -> Source:
    """Unpack and decode `path` where needed and match the header of a CSV file; that of any other is known once it is
    read. `member` is the file to take out of a zip of several. Raises ExtractError with what to mend."""
    name = f"{path.name}/{member}" if member else path.name
    if not path.is_file():
        raise ExtractError(f"There is no file {path}. Check its name and folder.")
    if path.stat().st_size == 0:
        raise ExtractError(f"{path.name} is empty (0 bytes). Ask for it to be sent again.")
    stamp = _stamp(path)
    fingerprint = _beside(path)
    plain = _unpacked(path, mapping.file.member, member, scratch)
    if plain.stat().st_size == 0:
        raise ExtractError(f"{name} holds an empty file (0 bytes). Ask for it to be sent again.")
    kind = kind_of(plain, mapping.file)
    check_kind(plain, name, kind)
    if kind == "excel":
        check_workbook(plain)
    source = Source(plain, name, kind, sent=path, stamp=stamp, fingerprint=fingerprint)
    return _open_csv(source, mapping, scratch) if kind == "csv" else source


def unchanged(source: Source) -> None:
    """Raises ExtractError where a file was written to while it was read: its records may be of two minds.

    Where size and times tell nothing, or have changed without the content, the content decides.
    """
    if source.sent is None:
        return
    try:
        stamp = _stamp(source.sent)
        doubtful = stamp != source.stamp or any(time.time() - written / 1e9 < RECENT for _s, written, _i in stamp)
        same = not doubtful or _sha256(source.sent) == source.sha256
    except FileNotFoundError:
        same = False
    if not same:
        raise ExtractError(f"{source.name} was changed while it was read; build again once it is complete.")


def match_header(header: tuple[str, ...], mapping: Mapping, file: str) -> dict[str, int]:
    """Position of each source column: by its spelling, else by letters and digits alone, else by the other spellings
    that the mapping's [headers] gives, in order. Columns that are made on reading come after those of the file.

    Raises ExtractError naming the missing columns and what the file has instead, or two columns that fit one name.
    """
    made = made_columns(mapping)
    found: dict[str, int] = {}
    missing: list[str] = []
    for wanted in _wanted(mapping):
        place = _place(wanted, header, mapping, file)
        if place is not None:
            found[wanted] = place
        elif wanted not in mapping.optional_columns():
            missing.append(wanted)
    if missing:
        raise ExtractError(_mismatch(missing, header, mapping, file))
    return found | {name: len(header) + index for index, name in enumerate(made)}


def made_columns(mapping: Mapping) -> tuple[str, ...]:
    """Columns that no file has and that are made on reading: from a geometry, and by [unpivot]."""
    coordinates = GEOMETRY if mapping.point and mapping.point.geometry else ()
    return (*coordinates, *(mapping.unpivot.into if mapping.unpivot else ()))


def wanted_columns(mapping: Mapping) -> tuple[str, ...]:
    """Every name that a column which is read may have in a file."""
    return tuple(s for wanted in _wanted(mapping) for s in (wanted, *mapping.headers.get(wanted, ())))


def _wanted(mapping: Mapping) -> tuple[str, ...]:
    """The columns that are read, as the mapping spells them."""
    made = made_columns(mapping)
    own = [name for name in mapping.source_columns() if name not in made]
    own += mapping.unpivot.columns if mapping.unpivot else ()
    own += [mapping.point.geometry] if mapping.point and mapping.point.geometry else []
    return tuple(dict.fromkeys(own))


def _place(wanted: str, header: tuple[str, ...], mapping: Mapping, file: str) -> int | None:
    for spelling in (wanted, *mapping.headers.get(wanted, ())):
        same = [i for i, h in enumerate(header) if h == spelling]
        alike = same or [i for i, h in enumerate(header) if _letters(h) == _letters(spelling) != ""]
        if len(alike) > 1:
            both = " and ".join(f"{header[i]!r} (column {i + 1})" for i in alike[:2])
            raise ExtractError(
                f"{file} has two columns that fit {wanted!r}: {both}. Rename one of them in the file, or name all "
                "columns in the mapping's [file] header and pass over the first row with skip."
            )
        if alike:
            return alike[0]
    return None


def _mismatch(missing: list[str], header: tuple[str, ...], mapping: Mapping, file: str) -> str:
    names = ", ".join(repr(m) for m in missing)
    if any(map(identifies, header)):
        return (
            f"{file} does not fit the mapping {mapping.name!r}: it lacks {names}. Its first line looks like a record "
            "and is not shown. If the file has no header, state its columns as header in the mapping's [file]."
        )
    hint = "".join(did_you_mean(m, [h for h in header if h.strip()]) for m in missing[:3])
    shown = ", ".join(repr(h) for h in header[:12]) + (", …" if len(header) > 12 else "")
    others = [d for d in DELIMITERS if len(header) == 1 and d in header[0] and d != mapping.file.delimiter]
    if others:
        hint += f" Its columns seem to be separated by {others[0]!r}: state it as delimiter in the mapping's [file]."
    if sum(not h.strip() for h in header) * 2 > len(header):
        hint += " There seem to be rows above the header: state how many as skip in the mapping's [file]."
    if "/" in file:
        hint += " To load only some files of the zip, name them with member."
    return (
        f"The header of {file} does not fit the mapping {mapping.name!r}: it lacks {names}.{hint} "
        f"Its columns are: {shown or 'none'}. Choose another mapping, or change the source column's name in it."
    )


def _letters(text: str) -> str:
    return re.sub(r"[^0-9a-z\u00c0-\uffff]", "", text.casefold())


def _parts(path: Path) -> list[Path]:
    """A file and what belongs to it: the companions of a shapefile, the journal of a database."""
    if path.suffix.lower() != SHAPE:
        return [path, *path.parent.glob(f"{glob.escape(path.name)}-wal")]
    beside = (p for p in path.parent.iterdir() if p.stem == path.stem and p.suffix.lower() in COMPANIONS)
    return [path, *sorted(beside)]


def _stamp(path: Path) -> Stamp:
    found = [part.stat() for part in _parts(path)]
    return tuple((f.st_size, f.st_mtime_ns, f.st_ino) for f in found)


def _beside(path: Path) -> Future[str]:
    """The fingerprint of a file, which another thread makes."""
    with_one = ThreadPoolExecutor(1)
    try:
        return with_one.submit(_sha256, path)
    finally:
        with_one.shutdown(wait=False)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    for part in _parts(path):
        with part.open("rb") as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
    return digest.hexdigest()


def _unpacked(path: Path, pattern: str | None, member: str | None, scratch: Path) -> Path:
    if path.suffix.lower() == ".gz":
        return gunzip(path, scratch)
    if not is_archive(path):
        return path
    found = [member] if member else members(path, pattern)
    if len(found) > 1:
        raise ExtractError(
            f"{path.name} holds {len(found)} files ({', '.join(found[:5])}). Say which with member, or list the zip "
            "in extracts.toml to load them all."
        )
    return take_out(path, found[0], scratch)


def _open_csv(source: Source, mapping: Mapping, scratch: Path) -> Source:
    plain = _as_utf8(source.path, source.name, mapping.file.encoding, scratch)
    plain = with_plain_preamble(plain, mapping.file.skip, mapping.file.quote, scratch)
    return replace(source, path=plain).with_header(_header(plain, source.name, mapping.file), mapping)


def _as_utf8(path: Path, name: str, encoding: str, scratch: Path) -> Path:
    if encoding.lower().replace("_", "-") in UTF_8:
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
            f"{name} is not written in {encoding}: {error}. State another encoding in the mapping's [file]."
        ) from error
    return target


def _header(path: Path, name: str, shape: FileShape) -> tuple[str, ...]:
    """The names of the columns: those that the mapping gives, else the first row after what is passed over."""
    first = _first_row(path, name, shape)
    if shape.header:
        if first and len(first) != len(shape.header):
            raise ExtractError(
                f"The mapping names {len(shape.header)} columns for {name}, but its first row has {len(first)}. "
                "Correct header in the mapping's [file]."
            )
        return shape.header
    if not any(h.strip() for h in first):
        raise ExtractError(
            f"{name} has no header: its {_ordinal(shape.skip)} line is empty. Export it with the names of the columns."
        )
    if any("\udc80" <= letter <= "\udcff" for h in first for letter in h):
        raise wrong_encoding(name, shape.skip + 1)
    return tuple(h.strip() for h in first)


def _first_row(path: Path, name: str, shape: FileShape) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
            for line in range(shape.skip):
                if not stream.readline():
                    raise ExtractError(f"{name} has {line} lines, fewer than skip = {shape.skip} in the mapping.")
            return next(csv_rows(stream, shape.delimiter, shape.quote), [])
    except csv.Error as error:
        raise ExtractError(f"The first line of {name} cannot be read: {error}. Is it a CSV file?") from error


def _ordinal(skip: int) -> str:
    return f"{skip + 1}th" if skip > 2 else ("first", "second", "third")[skip]


def wrong_encoding(name: str, line: int) -> ExtractError:
    """What to say of a file whose bytes are not UTF-8."""
    return ExtractError(
        f"{name} is not written in UTF-8: see line {line}. State its encoding in the mapping, for example "
        '[file] encoding = "windows-1252" for a file from Excel, or "utf-16".'
    )
