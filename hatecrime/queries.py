"""The SQL files of queries/, and what their headers say."""

import re
from dataclasses import dataclass

from hatecrime.dictionary import tables
from hatecrime.settings import queries_dir


@dataclass(frozen=True)
class Query:
    """A file of queries/: its text, and what its header says."""

    name: str
    sql: str
    grain: str
    source: str
    caveat: str
    given: str
    severity: str
    says: str
    seen_by: str

    @property
    def for_everyone(self) -> bool:
        """Whether it tells of public things only, and of no record."""
        return self.seen_by == "everyone."

    @property
    def is_filtered(self) -> bool:
        """Whether it follows the shared filters, and with them the area."""
        return self._declares("$filters")

    @property
    def names_area(self) -> bool:
        """Whether it takes an area of its own, beside that of the shared filters."""
        return self._declares("$area")

    def _declares(self, parameter: str) -> bool:
        return any(parameter in line for line in self.sql.splitlines() if not line.startswith("--"))

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables the header names as its source."""
        words = set(re.findall(r"\w+", self.source))
        return tuple(table for table in tables() if table in words)


def read_query(name: str) -> Query:
    """One file of queries/, by its path without the ending."""
    path = queries_dir() / f"{name}.sql"
    if not re.fullmatch(r"\w+/\w+", name) or not path.is_file():
        raise ValueError(f"There is no query {name!r} in {queries_dir()}.")
    sql = path.read_text(encoding="utf-8")
    return Query(name, sql, **_header(sql))


def query_names() -> list[str]:
    """Every query that fetch() can run."""
    folder = queries_dir()
    paths = sorted(path.relative_to(folder).with_suffix("") for path in folder.glob("*/*.sql"))
    return [path.as_posix() for path in paths if path.parts[0] != "build"]


def _header(sql: str) -> dict[str, str]:
    """The parts of a header; a line that starts none of them goes on with the one before."""
    starts = {
        "One row is ": "grain",
        "From ": "source",
        "Caveat: ": "caveat",
        "Given ": "given",
        "Severity: ": "severity",
        "Says: ": "says",
        "Seen by: ": "seen_by",
    }
    parts, current = dict.fromkeys(starts.values(), ""), ""
    for line in sql.splitlines():
        if not line.startswith("-- "):
            break
        text = line.removeprefix("-- ")
        opening = next((start for start in starts if text.startswith(start)), "")
        current = starts.get(opening, current)
        if current:
            parts[current] = " ".join(filter(None, [parts[current], text.removeprefix(opening)]))
    return parts
