"""What a proposal holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hatecrime.dictionary import tables
from hatecrime.extracts.mapping import STRAND, FileShape

POINT_TARGETS = ("point.x", "point.y", "point.geometry", "point.postcode")
STRAND_TABLES = ("incident", "referral")


@dataclass(frozen=True)
class ProposedColumn:
    """One column of the file and the target it was given: a column of the table, "strand" or "point.…".

    `examples` are for the screen alone and never written anywhere; they are withheld where they look personal.
    `as_day` is what stands beside the name where a person says that the column holds days, `crs` what its numbers are
    measured in where a person says that they are coordinates; both are told from all the values of the sample.
    """

    source: str
    examples: tuple[str, ...]
    target: str | None
    formats: tuple[str, ...]
    why: str
    sure: bool
    as_day: Mapping[str, Any] = field(default_factory=dict)
    crs: str | None = None


@dataclass(frozen=True)
class ProposedLabel:
    """One label of a coded column, how often it was met in the sample, and its codes: () means no value on purpose,
    None that nobody knows yet."""

    target: str
    label: str
    count: int
    codes: tuple[str, ...] | None
    sure: bool


@dataclass(frozen=True)
class Proposal:
    """A mapping as text, and all that it rests on."""

    text: str
    fits: str | None
    table: str
    shape: FileShape
    columns: tuple[ProposedColumn, ...]
    labels: tuple[ProposedLabel, ...]
    remarks: tuple[str, ...] = ()
    # Days that every record needs and that no column could be taken for.
    needed: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """All of it but the examples, which are for the screen."""
        flat = asdict(self)
        for column in flat["columns"]:
            del column["examples"]
        return flat


def targets(table: str) -> tuple[str, ...]:
    """Every target that a column of a file can be given in a table.

    >>> targets("centre_survey")
    ('centre_id', 'answered_on', 'score', 'would_use_again')
    """
    columns = [c for c in tables()[table] if not c.derived]
    placed = any(c.name == "easting" for c in columns)
    own = [c.name for c in columns if c.name not in ("source", "easting", "northing", "geometry")]
    strand = [STRAND] if table in STRAND_TABLES else []
    return (*own, *strand, *(POINT_TARGETS if placed else ()))
