"""Planted faults: what real extracts get wrong, each in a known number of rows."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import numpy as np

Table = dict[str, list[str]]
Change = Callable[[Table, int], None]
Edit = Callable[[str, list[str]], list[str]]

LOADS, VALUE, ROW, FOLDED = "loads", "value_refused", "row_refused", "row_folded"


@dataclass(frozen=True)
class Fault:
    """One kind of fault: where it shows, how many rows have it, what a loader must do about it."""

    name: str
    column: str
    rows: int
    effect: str
    reason: str | None
    change: Change | None = None
    edit: Edit | None = None
    needs: str | None = None


class Plan:
    """The faults of one file, spread over its chunks; each row gets one at most."""

    def __init__(self, faults: list[Fault], rng: np.random.Generator, chunks: int) -> None:
        each = [fault for fault in faults for _ in range(fault.rows)]
        chunk = np.sort(rng.integers(0, chunks, len(each)))
        self._rng = rng
        self._due = [(int(at), each[i]) for at, i in zip(chunk, rng.permutation(len(each)), strict=True)]
        self._chunk = 0
        self._faults = faults
        self.planted: Counter[str] = Counter()

    def change_cells(self, table: Table) -> dict[int, Edit]:
        """Plant this chunk's faults in cells; the edits still to make to whole lines are returned by row."""
        free, edits = self._rng.permutation(len(next(iter(table.values())))).tolist(), dict[int, Edit]()
        waiting = []
        for at, fault in self._due:
            row = self._row(table, fault, free) if at <= self._chunk else None
            if row is None:
                waiting.append((at, fault))
                continue
            free.remove(row)
            self.planted[fault.name] += 1
            if fault.change:
                fault.change(table, row)
            if fault.edit:
                edits[row] = fault.edit
        self._due, self._chunk = waiting, self._chunk + 1
        return edits

    def change_lines(self, lines: list[str], edits: dict[int, Edit], header: list[str]) -> list[str]:
        """Plant this chunk's faults in whole lines."""
        for row in sorted(edits, reverse=True):
            lines[row : row + 1] = edits[row](lines[row], header)
        return lines

    def truth(self) -> list[dict[str, object]]:
        """What was planted, for truth.json."""
        left_out = ("change", "edit", "needs")
        rows = [asdict(fault) | {"rows": self.planted[fault.name]} for fault in self._faults]
        return [{key: value for key, value in row.items() if key not in left_out} for row in rows]

    @staticmethod
    def _row(table: Table, fault: Fault, free: list[int]) -> int | None:
        return next((row for row in free if not fault.needs or table[fault.needs][row]), None)


def put(**cells: str) -> Change:
    """Overwrite cells; in the names of columns a space is written _."""
    return put_cells({name.replace("_", " "): value for name, value in cells.items()})


def put_cells(cells: dict[str, str]) -> Change:
    """Overwrite cells of the row."""

    def change(table: Table, row: int) -> None:
        for column, value in cells.items():
            table[column][row] = value

    return change


def lower(column: str) -> Change:
    """The code typed in lower case."""

    def change(table: Table, row: int) -> None:
        table[column][row] = table[column][row].lower()

    return change


def swap(first: str, second: str) -> Change:
    """Two cells in one another's place."""

    def change(table: Table, row: int) -> None:
        table[first][row], table[second][row] = table[second][row], table[first][row]

    return change


def restyle(column: str, old: str, new: str) -> Change:
    """A date in another style than the rest of the column."""

    def change(table: Table, row: int) -> None:
        table[column][row] = datetime.strptime(table[column][row], old).strftime(new)

    return change


def earlier(column: str, than: str, days: int, style: str, cells: dict[str, str] | None = None) -> Change:
    """A date set some days before another one of the row, with other cells overwritten."""

    def change(table: Table, row: int) -> None:
        put_cells(cells or {})(table, row)
        before = datetime.strptime(table[than][row], style) - timedelta(days=days)
        table[column][row] = before.strftime(style)

    return change


def repeated(line: str, _header: list[str]) -> list[str]:
    """The same row twice."""
    return [line, line]


def contradicted(column: str, one: str, other: str) -> Edit:
    """The row again with the same reference and another value in a column."""

    def edit(line: str, header: list[str]) -> list[str]:
        cells, at = line.split(","), header.index(column)
        cells[at] = other if cells[at] == one else one
        return [line, ",".join(cells)]

    return edit


def cut(line: str, header: list[str]) -> list[str]:
    """The row broken off half-way."""
    return [",".join(line.split(",")[: len(header) // 2])]


def overfull(line: str, _header: list[str]) -> list[str]:
    """The row with a stray comma at its end."""
    return [line + ",x"]
