"""Writing extracts: text tables chunk by chunk, with planted faults, in the encoding a source would use."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pandas as pd

from hatecrime.sample.draw import Codes, Days, Flags
from hatecrime.sample.faults import Plan

Table = dict[str, list[str]]
STATUS = "Data status"
STAMP = "SYNTHETIC"


class Extract:
    """A CSV file written a chunk at a time, so that a large sample never sits in memory."""

    def __init__(self, path: Path, plan: Plan, encoding: str = "utf-8") -> None:
        self.plan = plan
        self.rows = 0
        self._header = ""
        self._file = path.open("w", encoding=encoding, newline="")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def add(self, table: Table) -> None:
        """Append the rows of one chunk."""
        stamped = {STATUS: [STAMP] * len(next(iter(table.values()))), **table}
        if not self._header:
            self._header = ",".join(stamped)
            self._file.write(self._header + "\n")
        edits = self.plan.change_cells(stamped)
        lines = self.plan.change_lines(list(map(",".join, zip(*stamped.values(), strict=True))), edits, list(stamped))
        self.rows += len(lines)
        self._file.writelines(line + "\n" for line in lines)


def write_table(path: Path, table: pd.DataFrame) -> int:
    """A small table, stamped, as CSV; the number of rows."""
    stamped = table.copy()
    stamped.insert(0, STATUS, STAMP)
    stamped.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    return len(stamped)


def labels(codes: Codes, names: Mapping[str, str]) -> list[str]:
    """The source's labels of our codes; nothing stays nothing."""
    known = {"": "", **names}
    return [known[code] for code in codes.tolist()]


def dates(days: Days, style: str) -> list[str]:
    """Dates in a style of strftime; a missing day is an empty cell."""
    return _written(days.astype("datetime64[D]"), style)


def times(moments: Days, style: str) -> list[str]:
    """Dates and times, or times alone, in a style of strftime."""
    return _written(moments.astype("datetime64[m]"), style)


def flags(values: Flags, yes: str, no: str) -> list[str]:
    """A yes or no in the source's words."""
    return [yes if value else no for value in values.tolist()]


def _written(moments: Days, style: str) -> list[str]:
    """Each different moment is written once: there are far fewer of them than rows."""
    different, where = np.unique(moments, return_inverse=True)
    text = ["" if moment is None else moment.strftime(style) for moment in different.tolist()]
    return [text[i] for i in where.tolist()]
