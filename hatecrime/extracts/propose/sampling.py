"""Some twenty thousand rows of a file, taken from all over it, and the shape they were read in."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import IO

from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.kinds import ENDINGS, check_kind, kind_of
from hatecrime.extracts.mapping import FileShape
from hatecrime.extracts.personal_cells import identifies
from hatecrime.extracts.propose.dates import Dates, dates_of, epoch_of
from hatecrime.extracts.propose.formats import read_other
from hatecrime.extracts.unpack import gunzip, is_archive, members, take_out

ROWS = 20_000
BLOCKS = 10
HEAD = 1 << 20
DELIMITERS = (",", ";", "\t", "|")
QUOTES = ('"', "'")
LOOKED_AT = 200
PREAMBLE = 30
COMMON = 0.8
FIGURES = frozenset("0123456789@")


@dataclass(frozen=True, eq=False)
class SampledColumn:
    """A column by its header and the values that were met in it, with how often each was."""

    name: str
    values: tuple[str, ...]

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(v for v in self.values if v)

    @property
    def filled(self) -> int:
        return self.counts.total()

    @cached_property
    def dates(self) -> Dates | None:
        """How its dates are written, where it holds dates."""
        return dates_of(self.counts)

    @cached_property
    def epoch(self) -> Dates | None:
        """Its numbers taken for seconds since 1970; only a name can say that they are."""
        return epoch_of(self.counts)


@dataclass(frozen=True)
class Sample:
    """What was read, and how; `whole` where every row was."""

    shape: FileShape
    columns: tuple[SampledColumn, ...]
    whole: bool
    outlines: bool = False

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def width(self) -> int:
        return len(self.columns)

    @property
    def rows(self) -> int:
        return len(self.columns[0].values) if self.columns else 0

    def column(self, name: str) -> SampledColumn:
        return next(column for column in self.columns if column.name == name)


def take_sample(file: Path) -> Sample:
    """Read a sample of the file; raises ExtractError where there is nothing in it that could be a table."""
    if not file.is_file():
        raise ExtractError(f"There is no file {file}. Check its name and folder.")
    if file.stat().st_size == 0:
        raise ExtractError(f"{file.name} is empty (0 bytes). Ask for it to be sent again.")
    with tempfile.TemporaryDirectory(prefix="hatecrime-propose-") as folder:
        plain, member = _unpacked(file, Path(folder))
        kind = "csv" if member else kind_of(plain, FileShape())
        if kind != "csv":
            check_kind(plain, file.name, kind)
            return _sample(*read_other(plain, kind, ROWS))
        if not member:
            check_kind(plain, file.name, kind)
        with _opened(plain, member) as (stream, size):
            return _csv(stream, size, file.name)


def _unpacked(file: Path, scratch: Path) -> tuple[Path, str | None]:
    """The file itself, or what is packed in it; a CSV file in a zip stays there and is named besides."""
    if file.suffix.lower() == ".gz":
        return gunzip(file, scratch), None
    if not is_archive(file):
        return file, None
    first = members(file, None)[0]
    packed = any(Path(first).suffix.lower() in endings for endings in ENDINGS.values())
    return (take_out(file, first, scratch), None) if packed else (file, first)


@contextmanager
def _opened(file: Path, member: str | None) -> Iterator[tuple[IO[bytes], int]]:
    """The bytes of the file, or of one in a zip, and how many there are."""
    if member is None:
        with file.open("rb") as stream:
            yield stream, file.stat().st_size
        return
    with zipfile.ZipFile(file) as archive, archive.open(member) as packed:
        yield packed, archive.getinfo(member).file_size


def _csv(stream: IO[bytes], size: int, name: str) -> Sample:
    head = stream.read(HEAD)
    encoding = _encoding(head)
    blocks = [head, *_blocks(stream, size, encoding)]
    if encoding == "utf-8" and not all(map(_is_utf8, blocks)):
        encoding = "windows-1252"
    codec = ("utf-16-be" if head.startswith(b"\xfe\xff") else "utf-16-le") if encoding == "utf-16" else encoding
    text = _text(head, codec).removeprefix("\ufeff")
    shape = _shape(text, encoding)
    if shape is None:
        raise ExtractError(f"{name} holds no table that can be read: it has no two rows with the same columns.")
    rows = _parsed(text if len(head) >= size else text.rpartition("\n")[0], shape)
    header, rows = rows[shape.skip], rows[shape.skip + 1 :]
    if _is_data(header, rows):
        rows = [header, *rows]
        header = [f"column {number}" for number, _cell in enumerate(header, start=1)]
        shape = replace(shape, header=tuple(header))
    for block in blocks[1:]:
        whole_lines = _text(block, codec).partition("\n")[2].rpartition("\n")[0]
        rows += _parsed(whole_lines, shape)
    return _sample(shape, header, [row for row in rows if len(row) == len(header)], len(head) >= size, False)


def _sample(
    shape: FileShape, header: Sequence[str], rows: Sequence[Sequence[str]], whole: bool, outlines: bool
) -> Sample:
    """Spread over all that was read, so that a long file counts from its first row to its last."""
    step = max(1, -(-len(rows) // ROWS))
    cells = list(zip(*rows[::step], strict=True)) or [()] * len(header)
    columns = [
        SampledColumn(name.strip(), tuple(cell.strip() for cell in values))
        for name, values in zip(header, cells, strict=True)
    ]
    return Sample(shape, tuple(columns), whole and step == 1, outlines)


def _blocks(stream: IO[bytes], size: int, encoding: str) -> list[bytes]:
    """Parts of the rest of the file at even distances; empty where the head was all of it."""
    if size <= HEAD:
        return []
    width = 2 if encoding.startswith("utf-16") else 1
    length = min(HEAD // 2, (size - HEAD) // BLOCKS + 1)
    found = []
    for number in range(BLOCKS):
        start = HEAD + (size - HEAD - length) * number // max(1, BLOCKS - 1)
        stream.seek(start - start % width)
        found.append(stream.read(length - length % width))
    return found


def _encoding(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if head[1:200:2].count(0) > len(head[1:200:2]) // 2:
        return "utf-16-le"
    if head[:200:2].count(0) > len(head[:200:2]) // 2:
        return "utf-16-be"
    return "utf-8"


def _is_utf8(block: bytes) -> bool:
    """Whether the block is UTF-8, apart from a letter cut in two at either end."""
    whole = block.lstrip(bytes(range(0x80, 0xC0)))
    for cut in range(4):
        try:
            whole[: len(whole) - cut].decode("utf-8")
        except UnicodeDecodeError as error:
            if error.start < len(whole) - 4:
                return False
        else:
            return True
    return False


def _text(block: bytes, codec: str) -> str:
    return block.decode(codec, errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def _shape(text: str, encoding: str) -> FileShape | None:
    """The separator with which most lines have as many cells as each other, and where the table begins."""
    found: list[tuple[float, int, FileShape]] = []
    for delimiter in DELIMITERS:
        for quote in QUOTES if f"{delimiter}'" in text[:10_000] else QUOTES[:1]:
            shape = FileShape(format="csv", encoding=encoding, delimiter=delimiter, quote=quote)
            widths = [len(row) for row in _parsed(text[:HEAD], shape, LOOKED_AT)]
            filled = [width for width in widths if width]
            if not filled:
                continue
            width, lines = Counter(filled).most_common(1)[0]
            skip = next(number for number, cells in enumerate(widths) if cells == width)
            if width > 1 and skip < PREAMBLE:
                found.append((lines / len(filled), width, replace(shape, skip=skip)))
    steady = [each for each in found if each[0] >= COMMON] or found
    if steady:
        return max(steady, key=lambda each: (each[1], each[0]))[2]
    one_column = FileShape(format="csv", encoding=encoding)
    return one_column if text.strip() else None


def _parsed(text: str, shape: FileShape, limit: int | None = None) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text), delimiter=shape.delimiter, quotechar=shape.quote or None)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if limit and len(rows) >= limit:
                break
    except csv.Error:
        return rows
    return rows


def _is_data(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is no header: it identifies somebody, or has a number where numbers stand below."""
    # "Dr No" and "Date of birth" are names of columns; a telephone number or an e-mail address is none.
    if any(identifies(cell) and FIGURES & set(cell) for cell in header):
        return True
    below = rows[:LOOKED_AT]
    for place, cell in enumerate(header):
        cells = [row[place] for row in below if len(row) == len(header) and row[place].strip()]
        numbers = sum(c.strip().replace(".", "", 1).isdigit() for c in cells)
        short_of_a_name = cell.strip().replace(".", "", 1).isdigit() and len(header) < 10
        if short_of_a_name and cells and numbers >= COMMON * len(cells):
            return True
    return False
