"""A mapping: how one source's columns and labels become ours (docs/mappings.md)."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import normalize

from hatecrime.dictionary import Column, code_list

OTHERWISE = "otherwise"
STRAND = "strand"
DEFAULT_FORMATS = {
    "DATE": ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"),
    "TIMESTAMP": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"),
}
NUMERIC_FORMATS = ("epoch", "epoch_ms", "excel")
DATE_PARTS = {
    "year": "year",
    "quarter": "quarter",
    "month": "month",
    "day": "day",
    "weekday": "isodow",
    "hour": "hour",
}
GEOMETRY = ("geometry x", "geometry y")  # columns that the reader of a file makes of its geometry
OWN_KEY = {"reporting_centre": "centre_id", "candidate_venue": "venue_id"}
# The day on which a record of a table is counted.
DAY = {
    "incident": "recorded_on",
    "referral": "received_on",
    "stop_search": "searched_on",
    "centre_contact": "happened_on",
    "centre_survey": "answered_on",
    "court_result": "quarter_start",
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
    coalesce: bool = False
    first_of: str = ""
    date_part: str | None = None
    contains: tuple[str, ...] = ()
    equals: tuple[str, ...] = ()
    by_name: bool = False
    within: str | None = None
    create_area: str | None = None
    area_prefix: str = ""

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def reshaped(self) -> bool:
        """Whether the value is not simply what the cells say."""
        early = self.first or self.zeros or self.prefix or self.coalesce or self.first_of
        return bool(early or self.date_part or self.contains or self.equals)

    @property
    def told(self) -> str:
        """The source columns as a person reads them, or the target where a constant was given."""
        return " + ".join(self.sources) or self.name


@dataclass(frozen=True)
class Strands:
    """Where the strands of a record stand, and what separates several in one cell."""

    sources: tuple[str, ...] = ()
    split: tuple[str, ...] = ()
    flags: Dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Point:
    """Where the place of a record stands, and what its coordinates are measured in."""

    x: str | None = None
    y: str | None = None
    geometry: str | None = None
    postcode: str | None = None
    thousands: str = ""
    snap: int = 0
    crs: str = "EPSG:4326"
    map_crs: str | None = None
    within: str | None = None
    precision: str | None = None

    @property
    def axes(self) -> tuple[str, str] | None:
        """The columns that hold the coordinates as texts; None where places are known by their postcode alone."""
        if self.geometry:
            return GEOMETRY
        return (self.x, self.y) if self.x and self.y else None

    @property
    def told(self) -> str:
        """The source columns of a place as a person reads them."""
        return self.geometry or ", ".join(c for c in (self.x, self.y) if c) or self.postcode or ""


@dataclass(frozen=True)
class FileShape:
    """What kind of file the mapping fits."""

    format: str | None = None
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    empty: tuple[str, ...] = ()
    skip: int = 0
    header: tuple[str, ...] = ()
    sheet: str | None = None
    table: str | None = None
    records: str | None = None
    member: str | None = None


@dataclass(frozen=True)
class Unpivot:
    """Columns side by side that are read as rows: `into` names the column of headers and the column of cells."""

    columns: tuple[str, ...]
    into: tuple[str, str]


@dataclass(frozen=True)
class LookUp:
    """A file beside the mapping or the extract that turns codes into labels."""

    file: str
    code: str
    label: str
    shape: FileShape = FileShape()
    folder: Path | None = None


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
    take: Dict[str, str] = field(default_factory=dict)
    headers: Dict[str, tuple[str, ...]] = field(default_factory=dict)
    only: Dict[str, tuple[str, ...]] = field(default_factory=dict)
    unpivot: Unpivot | None = None
    files: Dict[str, LookUp] = field(default_factory=dict)

    @property
    def key(self) -> str | None:
        """The column that tells the records of the table apart, where the file has it."""
        key = OWN_KEY.get(self.table, "ref")
        return key if self.target(key) else None

    @property
    def day(self) -> str | None:
        """The column that dates a record, where the file has it."""
        day = DAY.get(self.table)
        return day if day and self.target(day) else None

    def looks_up(self, name: str) -> bool:
        """Whether the distinct texts of a column are looked up: codes, flags, areas, and what the mapping lists."""
        field_ = self.target(name)
        return field_ is not None and bool(
            field_.column.codes
            or field_.column.type == "BOOLEAN"
            or name in self.values
            or name in self.files
            or name in code_list("area_level")
        )

    def source_columns(self) -> tuple[str, ...]:
        """Every source column that is read, once each; nothing else in the file is ever stored."""
        names = [s for f in self.fields for s in (*f.sources, *([f.create_area] if f.create_area else []))]
        names += (*self.strands.sources, *self.strands.flags) if self.strands else ()
        names += self.only
        if self.point:
            names += (*(self.point.axes or ()), *([self.point.postcode] if self.point.postcode else []))
        return tuple(dict.fromkeys(names))

    def optional_columns(self) -> frozenset[str]:
        """Source columns that the header may lack."""
        needed = {s for f in self.fields if not f.optional for s in f.sources}
        spared = [s for f in self.fields if f.optional for s in (*f.sources, f.create_area) if s]
        return frozenset(spared) - needed

    def target(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)

    def told(self, name: str) -> str:
        """The source columns behind a column of the staging table, as a person reads them."""
        field_ = self.target(name)
        if field_ or not self.point:
            return field_.told if field_ else name
        if name == "point_postcode":
            return self.point.postcode or name
        return {"x": self.point.x, "y": self.point.y}.get(name, name) or self.point.told


def plain(label: str) -> str:
    """A label as it is compared: without regard to case, to spaces around it and to how many stand inside."""
    return " ".join(normalize("NFC", label).casefold().split())
