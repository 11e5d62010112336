"""Copies of a CSV file that the parser can follow, and the places of its empty lines.

Used only where the first reading failed: a file may mix its line ends, and a quotation mark that is never closed
swallows every record after it.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

MOST_LINES = 200
BLOCK = 1 << 20
LINE_FEED, RETURN = b"\n\r"
RETURNS = b"\r\r"


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


def with_plain_preamble(path: Path, skip: int, quote: str, scratch: Path) -> Path:
    """The file itself, or a copy where what stands above the header would upset the parser: a quotation mark that
    joins lines which are to be skipped, or lines that end in another way than the header does."""
    with _text(path) as old:
        above, header = [old.readline() for _line in range(skip)], old.readline()
        end = _line_end(header)
        if not header or not any((quote and quote in line) or _line_end(line) != end for line in above):
            return path
        copy = scratch / f"{path.stem}-plain{path.suffix}"
        with copy.open("w", encoding="utf-8", errors="surrogateescape", newline="") as new:
            new.writelines((line.replace(quote, "") if quote else line).rstrip("\r\n") + end for line in above)
            new.write(header)
            shutil.copyfileobj(old, new, BLOCK)
    return copy


def _line_end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def with_open_quotes_cut(path: Path, delimiter: str, columns: int, scratch: Path, quote: str = '"') -> Path:
    """A copy in which a line that opens a quotation mark for good is one faulty record, and the next line is read
    again; the number of records before it stays the same."""
    if not quote:
        return path
    faulty = f"{quote}{quote}x" + delimiter * (columns - 1) + "\n"
    copy = scratch / f"{path.stem}-quotes{path.suffix}"
    with _text(path) as old, copy.open("w", encoding="utf-8", errors="surrogateescape", newline="") as new:
        for record in _records(old, delimiter, columns, quote):
            new.write(faulty if record is None else record)
    return copy


def empty_lines(path: Path, delimiter: str, quote: str = '"', skip: int = 0) -> list[int]:
    """Numbers of the empty lines, which are no records, from line `skip` + 1; a quoted line break counts as none."""
    if not _may_have_empty_lines(path):
        return []
    with _text(path) as stream:
        for _line in range(skip):
            stream.readline()
        return [n for n, row in enumerate(csv_rows(stream, delimiter, quote), start=skip + 1) if not row]


def _may_have_empty_lines(path: Path) -> bool:
    with path.open("rb") as stream:
        before: bytes = b""
        while block := stream.read(BLOCK):
            text = before + block
            letters = np.frombuffer(text, np.uint8)
            ends = np.flatnonzero(letters[:-1] == LINE_FEED)
            after = letters[ends + 1]
            if ((after == LINE_FEED) | (after == RETURN)).any() or (not ends.size and RETURNS in text):
                return True
            before = block[-1:]
    return False


def csv_rows(stream: Iterable[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    """The rows of a CSV file; without a quotation mark nothing in it is quoted."""
    if quote:
        return csv.reader(stream, delimiter=delimiter, quotechar=quote)
    return csv.reader(stream, delimiter=delimiter, quoting=csv.QUOTE_NONE)


def _text(path: Path) -> io.TextIOWrapper:
    return path.open(encoding="utf-8", errors="surrogateescape", newline="")


def _records(lines: Iterable[str], delimiter: str, columns: int, quote: str) -> Iterator[str | None]:
    """Records as they stand in the file; None for a line whose quotation marks cannot be closed."""
    source = iter(lines)
    ahead: deque[str] = deque()
    while line := ahead.popleft() if ahead else next(source, ""):
        record, taken = line, 0
        state = _state(record, delimiter, quote)
        while state == "open" and taken < MOST_LINES:
            if taken == len(ahead) and (more := next(source, "")):
                ahead.append(more)
            if taken == len(ahead):
                break
            record += ahead[taken]
            taken += 1
            if quote in ahead[taken - 1]:
                state = _state(record, delimiter, quote, columns)
        if state == "whole":
            for _taken in range(taken):
                ahead.popleft()
        yield record if state == "whole" else None


def _state(record: str, delimiter: str, quote: str, columns: int | None = None) -> str:
    """whole, open (a quotation mark waits for its partner) or wrong; with `columns`, that many must come out."""
    if quote not in record:
        return "whole"
    closed = re.sub(rf"{re.escape(quote)}[ ]+(?={re.escape(delimiter)}|[\r\n]|$)", lambda _end: quote, record)
    try:
        lines = io.StringIO(closed, newline="")
        rows = list(csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=True, skipinitialspace=True))
    except csv.Error as error:
        return "open" if "unexpected end" in str(error) else "wrong"
    return "whole" if columns is None or [len(row) for row in rows] == [columns] else "wrong"
