"""What a build says of each extract."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from hatecrime.extracts.staging import Staged


@dataclass(frozen=True)
class Example:
    """One refused value, None where it was missing or could tell who somebody is; whether its row was refused."""

    line: int
    column: str
    value: str | None
    row: bool


@dataclass(frozen=True)
class Trial:
    """What a dry run says of a file besides the counts. Shares are between 0 and 1, dates as the calendar writes them.

    `columns` says why each column that is not read is passed over: not_named, looks_personal or empty.
    `areas` is None for tables without areas, `strands_before` where no earlier load of the source was found.
    """

    examples: dict[str, list[Example]]
    labels: dict[str, dict[str, int]]
    columns: dict[str, str]
    first_on: str | None
    last_on: str | None
    areas: dict[str, float] | None
    unknown_areas: int
    outlines: bool
    strands: dict[str, float] | None
    strands_before: dict[str, float] | None
    seconds: float


@dataclass(frozen=True)
class ExtractReport:
    """Counts for one file: read = kept + refused (by reason) + collapsed."""

    file: str
    mapping: str
    table: str
    read: int
    kept: int
    refused: dict[str, int]
    collapsed: int
    updated: int
    withdrawn: int
    values_refused: dict[str, int]
    unknown_labels: dict[str, list[str]]
    unused_entries: list[str]
    ignored_columns: list[str]
    # What became of the records is the same whether it was tried or done.
    trial: Trial | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Move:
    """How many points coarser outlines would take from one area and give to another; None is outside them all."""

    area: str | None
    to: str | None
    points: int


@dataclass(frozen=True)
class Edge:
    """How many points of one table lie near the edge of the area of a level that they were given.

    `metres` is what the outlines are drawn to, 0 in full resolution; `generalised` is said of those that are used.
    `changed` counts the points that a coarser outline of the same areas would have given to others, as `moves` lists;
    None where no coarser one was loaded. `sampled` says that `near` is reckoned from a part of the points.
    """

    table: str
    level: str
    points: int
    near: int
    metres: int
    changed: int | None
    generalised: bool
    sampled: bool = False
    moves: list[Move] = field(default_factory=list)


@dataclass(frozen=True)
class BuildReport:
    """What was built, and from what."""

    snapshot: str
    extracts: list[ExtractReport] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "snapshot": self.snapshot,
            "extracts": [_plain(e) for e in self.extracts],
            "edges": [asdict(each) for each in self.edges],
        }


def _plain(report: ExtractReport) -> dict[str, Any]:
    """As JSON: what a dry run alone says stands beside the counts."""
    flat = asdict(report)
    return flat | (flat.pop("trial") or {})


def report_on(staged: Staged, unused: list[str]) -> ExtractReport:
    """Count what happened to the records and values of one extract."""
    rejects = all_rejects(staged)
    rows, values = rejects[rejects["row_refused"]], _of_kept(rejects[~rejects["row_refused"]], staged)
    refused = _by_reason(rows)
    unknown = rejects[rejects["reason"].isin(["unknown_label", "unknown_area"])]
    return ExtractReport(
        file=staged.source.name,
        mapping=staged.mapping.name,
        table=staged.mapping.table,
        read=staged.read,
        kept=staged.read - sum(refused.values()) - len(staged.collapsed_rows),
        refused=refused,
        collapsed=len(staged.collapsed_rows),
        updated=staged.updated,
        withdrawn=staged.withdrawn,
        values_refused=_by_reason(values),
        unknown_labels={str(c): sorted(set(g["value"].dropna())) for c, g in unknown.groupby("source_column")},
        unused_entries=unused,
        ignored_columns=staged.source.ignored(),
    )


def all_rejects(staged: Staged) -> pd.DataFrame:
    """Every refusal of one extract: row, line, source_column, value, reason, row_refused."""
    columns = ["row", "line", "source_column", "value", "reason", "row_refused"]
    parts = [r.reindex(columns=columns) for r in staged.rejects if len(r)]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return found.astype({"row_refused": bool})


def _of_kept(values: pd.DataFrame, staged: Staged) -> pd.DataFrame:
    """Those in rows that are neither refused nor folded. A value that gave way stands in a folded row: its record is
    kept all the same."""
    folded = values["row"].isin(staged.collapsed_rows) & values["reason"].ne("merged_value")
    return values[~folded & ~values["row"].isin(staged.refused_rows)]


def _by_reason(rejects: pd.DataFrame) -> dict[str, int]:
    return {str(reason): int(n) for reason, n in rejects.groupby("reason").size().items()}
