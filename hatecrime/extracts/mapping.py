"""A mapping: how one source's columns and labels become ours (docs/mappings.md)."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from unicodedata import normalize

from hatecrime.dictionary import Column, code_list

OTHERWISE = "otherwise"
STRAND = "strand"
DEFAULT_FORMATS = {
    "DATE": ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"),
    "TIMESTAMP": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"),
}
YES = ("y", "yes", "true", "t", "1", "ie", "oes", "ydy")
NO = ("n", "no", "false", "f", "0", "na", "nac oes", "nac ydy")


@dataclass(frozen=True)
class Field:
    """One target column and where its value comes from."""

    column: Column
    sources: tuple[str, ...] = ()
    value: str | None = None
    formats: tuple[str, ...] = ()
    month_only: bool = False
    timezone: str | None = None
    first: tuple[int, ...] = ()
    zeros: tuple[int, ...] = ()
    prefix: str = ""
    thousands: str = ""
    true: tuple[str, ...] = YES
    false: tuple[str, ...] = NO
    split: tuple[str, ...] = ()
    optional: bool = False
    create_area: str | None = None
    area_prefix: str = ""

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def told(self) -> str:
        """The source columns as a person reads them, or the target where a constant was given."""
        return " + ".join(self.sources) or self.name


@dataclass(frozen=True)
class Strands:
    """Where the strands of a record stand, and what separates several in one cell."""

    sources: tuple[str, ...]
    split: tuple[str, ...] = ()


@dataclass(frozen=True)
class Point:
    """Where the coordinates stand and what they are measured in."""

    x: str
    y: str
    crs: str = "EPSG:4326"
    map_crs: str | None = None
    within: str | None = None
    precision: str | None = None


@dataclass(frozen=True)
class FileShape:
    """What kind of file the mapping fits."""

    format: str | None = None
    encoding: str = "utf-8"
    delimiter: str = ","
    empty: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file."""

    name: str
    title: str
    source: str
    table: str
    fields: tuple[Field, ...]
    file: FileShape = FileShape()
    strands: Strands | None = None
    values: Dict[str, Dict[str, tuple[str, ...]]] = field(default_factory=dict)
    otherwise: Dict[str, tuple[str, ...]] = field(default_factory=dict)
    point: Point | None = None
    repeats: str = "refuse"

    def looks_up(self, name: str) -> bool:
        """Whether the distinct texts of a column are looked up: codes, flags, areas, and what [values] lists."""
        field_ = self.target(name)
        return field_ is not None and bool(
            field_.column.codes
            or field_.column.type == "BOOLEAN"
            or name in self.values
            or name in code_list("area_level")
        )

    def source_columns(self) -> tuple[str, ...]:
        """Every source column that is read, once each; nothing else in the file is ever stored."""
        names = [s for f in self.fields for s in (*f.sources, *([f.create_area] if f.create_area else []))]
        names += self.strands.sources if self.strands else ()
        names += [self.point.x, self.point.y] if self.point else []
        return tuple(dict.fromkeys(names))

    def optional_columns(self) -> frozenset[str]:
        """Source columns that the header may lack."""
        needed = {s for f in self.fields if not f.optional for s in f.sources}
        return frozenset(s for f in self.fields if f.optional for s in f.sources if s not in needed)

    def target(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)

    def told(self, name: str) -> str:
        """The source columns behind a column of the staging table, as a person reads them."""
        field_ = self.target(name)
        if field_:
            return field_.told
        return {"x": self.point.x, "y": self.point.y}.get(name, name) if self.point else name


def plain(label: str) -> str:
    """A label as it is compared: without regard to case, to spaces around it and to how many stand inside."""
    return " ".join(normalize("NFC", label).casefold().split())
