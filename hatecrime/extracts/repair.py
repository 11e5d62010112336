"""Copies of a CSV file that the parser can follow, and the places of its empty lines.

Used only where the first reading failed: a file may mix its line ends, and a quotation mark that is never closed
swallows every record after it.
"""

from __future__ import annotations

import csv
import io
import mmap
import re
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

MOST_LINES = 200
BLOCK = 1 << 20
EMPTY_LINES = (b"\n\n", b"\n\r")
LINE_ENDS_OLD = (b"\r\r",)


def with_plain_line_ends(path: Path, scratch: Path) -> Path:
    """A copy in which every line ends with a line feed."""
    copy = scratch / f"{path.stem}-lines{path.suffix}"
    with path.open("rb") as old, copy.open("wb") as new:
        after_return = False
        while block := old.read(BLOCK):
            text = block[1:] if after_return and block.startswith(b"\n") else block
            after_return = block.endswith(b"\r")
            new.write(text.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    return copy


def with_open_quotes_cut(path: Path, delimiter: str, columns: int, scratch: Path) -> Path:
    """A copy in which a line that opens a quotation mark for good is one faulty record, and the next line is read
    again; the number of records before it stays the same."""
    faulty = '""x' + delimiter * (columns - 1) + "\n"
    copy = scratch / f"{path.stem}-quotes{path.suffix}"
    with _text(path) as old, copy.open("w", encoding="utf-8", errors="surrogateescape", newline="") as new:
        for record in _records(old, delimiter, columns):
            new.write(faulty if record is None else record)
    return copy


def empty_lines(path: Path, delimiter: str) -> list[int]:
    """Numbers of the empty lines, which are no records; the header is line 1, a quoted line break counts as none."""
    with path.open("rb") as raw, mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ) as content:
        pairs = EMPTY_LINES if content.find(b"\n") >= 0 else LINE_ENDS_OLD
        if not any(content.find(pair) >= 0 for pair in pairs):
            return []
    with _text(path) as stream:
        return [number for number, row in enumerate(csv.reader(stream, delimiter=delimiter), start=1) if not row]


def _text(path: Path) -> io.TextIOWrapper:
    return path.open(encoding="utf-8", errors="surrogateescape", newline="")


def _records(lines: Iterable[str], delimiter: str, columns: int) -> Iterator[str | None]:
    """Records as they stand in the file; None for a line whose quotation marks cannot be closed."""
    source = iter(lines)
    ahead: deque[str] = deque()
    while line := ahead.popleft() if ahead else next(source, ""):
        record, taken = line, 0
        state = _state(record, delimiter)
        while state == "open" and taken < MOST_LINES:
            if taken == len(ahead) and (more := next(source, "")):
                ahead.append(more)
            if taken == len(ahead):
                break
            record += ahead[taken]
            taken += 1
            if '"' in ahead[taken - 1]:
                state = _state(record, delimiter, columns)
        if state == "whole":
            for _taken in range(taken):
                ahead.popleft()
        yield record if state == "whole" else None


def _state(record: str, delimiter: str, columns: int | None = None) -> str:
    """whole, open (a quotation mark waits for its partner) or wrong; with `columns`, that many must come out."""
    if '"' not in record:
        return "whole"
    closed = re.sub(rf'"[ ]+(?={re.escape(delimiter)}|[\r\n]|$)', '"', record)
    try:
        lines = io.StringIO(closed, newline="")
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True))
    except csv.Error as error:
        return "open" if "unexpected end" in str(error) else "wrong"
    return "whole" if columns is None or [len(row) for row in rows] == [columns] else "wrong"
