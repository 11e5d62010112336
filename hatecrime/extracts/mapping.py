"""A mapping: how one source's columns and labels become ours, read from TOML (docs/mappings.md)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hatecrime.dictionary import Column, tables
from hatecrime.extracts.errors import ExtractError, did_you_mean
from hatecrime.settings import data_dir

OTHERWISE = "otherwise"
STRAND = "strand"
STRAND_TABLES = ("incident", "referral")
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
    first: int | None = None
    prefix: str = ""
    thousands: str = ""
    true: tuple[str, ...] = YES
    false: tuple[str, ...] = NO
    split: tuple[str, ...] = ()
    optional: bool = False
    create_area: str | None = None

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


def find_mapping(name: str, beside: Path | None = None) -> Path:
    """The file of a mapping given by its name in data/mappings or by a path.

    Raises ExtractError naming the closest shipped mappings where there is none.
    """
    shipped = data_dir() / "mappings" / f"{name}.toml"
    candidates = [shipped, *([beside / name] if beside else []), Path(name)]
    for path in candidates:
        if path.is_file():
            return path
    known = [p.stem for p in (data_dir() / "mappings").glob("*.toml")]
    raise ExtractError(
        f"There is no mapping {name!r}: neither a file of that path nor data/mappings/{name}.toml."
        + did_you_mean(name, known)
    )


def read_mapping(path: Path) -> Mapping:
    """Read and check one mapping file; raises ExtractError that says which key is wrong and how to mend it."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ExtractError(f"The mapping {path.name} is not valid TOML: {error}.") from error
    except UnicodeDecodeError as error:
        raise ExtractError(f"The mapping {path.name} is not saved as UTF-8: {error}.") from error
    return _Reader(path.name).mapping(path.stem, document)


class _Reader:
    """Turns the TOML document into a Mapping, refusing any key or value it does not know."""

    def __init__(self, file: str) -> None:
        self.file = file

    def mapping(self, name: str, document: dict[str, Any]) -> Mapping:
        self.keys(document, "the mapping", {"title", "source", "table", "file", "columns", "strands", "values",
                                            "point", "record"})
        table = self.text(document, "table", "the mapping")
        if table not in tables():
            raise self.wrong(f"table = {table!r} is not a table of data/dictionary.csv.", table, tables())
        columns = {c.name: c for c in tables()[table] if not c.derived}
        values, otherwise = self.values(document.get("values", {}), columns)
        record = self.section(document, "record", {"repeats"})
        repeats = record.get("repeats", "refuse")
        if repeats not in ("refuse", "keep"):
            raise self.wrong(f"[record] repeats = {repeats!r} must be \"refuse\" or \"keep\".")
        return Mapping(
            name=name,
            title=str(document.get("title", name)),
            source=self.text(document, "source", "the mapping"),
            table=table,
            fields=self.fields(document.get("columns", {}), columns),
            file=self.shape(document),
            strands=self.strands(document, table),
            values=values,
            otherwise=otherwise,
            point=self.point(document, columns),
            repeats=repeats,
        )

    def shape(self, document: dict[str, Any]) -> FileShape:
        part = self.section(document, "file", {"format", "encoding", "delimiter", "empty"})
        if part.get("format") not in (None, "csv", "geo"):
            raise self.wrong(f"[file] format = {part['format']!r} must be \"csv\" or \"geo\".")
        return FileShape(
            format=part.get("format"),
            encoding=part.get("encoding", "utf-8"),
            delimiter=part.get("delimiter", ","),
            empty=tuple(str(e).casefold() for e in part.get("empty", ())),
        )

    def fields(self, part: dict[str, Any], columns: dict[str, Column]) -> tuple[Field, ...]:
        for target in part:
            if target not in columns:
                raise self.wrong(f"[columns] {target} is not a column of the table.", target, columns)
        return tuple(self.field(columns[target], given) for target, given in part.items())

    def field(self, column: Column, given: Any) -> Field:
        if isinstance(given, str):
            given = {"from": given}
        place = f"[columns] {column.name}"
        if not isinstance(given, dict):
            raise self.wrong(f"{place} must be a source column's name or a table such as {{ from = \"…\" }}.")
        self.keys(given, place, {"from", "value", "formats", "precision", "timezone", "first", "prefix",
                                 "thousands", "true", "false", "split", "optional", "create_area"})
        if ("from" in given) == ("value" in given):
            raise self.wrong(f"{place} needs either from = \"source column\" or value = \"constant\".")
        return Field(
            column=column,
            sources=_texts(given.get("from")),
            value=None if "value" not in given else _plain(given["value"]),
            formats=_texts(given.get("formats")) or DEFAULT_FORMATS.get(column.type, ()),
            month_only=given.get("precision") == "month",
            timezone=given.get("timezone"),
            first=given.get("first"),
            prefix=given.get("prefix", ""),
            thousands=given.get("thousands", ""),
            true=tuple(t.casefold() for t in _texts(given.get("true"))) or YES,
            false=tuple(t.casefold() for t in _texts(given.get("false"))) or NO,
            split=_texts(given.get("split")),
            optional=bool(given.get("optional", False)),
            create_area=given.get("create_area"),
        )

    def strands(self, document: dict[str, Any], table: str) -> Strands | None:
        if "strands" not in document:
            return None
        if table not in STRAND_TABLES:
            raise self.wrong(f"[strands] goes with the tables {' and '.join(STRAND_TABLES)} only.")
        part = self.section(document, "strands", {"from", "split"})
        if not part.get("from"):
            raise self.wrong("[strands] needs from = \"source column\" or a list of them.")
        return Strands(_texts(part["from"]), _texts(part.get("split")))

    def point(self, document: dict[str, Any], columns: dict[str, Column]) -> Point | None:
        if "point" not in document:
            return None
        if "easting" not in columns:
            raise self.wrong("[point] is given, but the table holds no coordinates.")
        part = self.section(document, "point", {"x", "y", "crs", "map_crs", "within", "precision"})
        return Point(**{**part, "x": self.text(part, "x", "[point]"), "y": self.text(part, "y", "[point]")})

    def values(self, part: dict[str, Any], columns: dict[str, Column]) -> tuple[dict[str, Any], dict[str, Any]]:
        known = {*columns, STRAND}
        listed: dict[str, dict[str, tuple[str, ...]]] = {}
        otherwise: dict[str, tuple[str, ...]] = {}
        for target, labels in part.items():
            if target not in known:
                raise self.wrong(f"[values.{target}] belongs to no column of the table.", target, known)
            if not isinstance(labels, dict):
                raise self.wrong(f"[values.{target}] must be a list of \"label\" = \"code\" lines.")
            codes = {label.strip().casefold(): _codes(code) for label, code in labels.items()}
            if OTHERWISE in codes:
                otherwise[target] = codes.pop(OTHERWISE)
            listed[target] = codes
        return listed, otherwise

    def section(self, document: dict[str, Any], name: str, known: set[str]) -> dict[str, Any]:
        part = document.get(name, {})
        if not isinstance(part, dict):
            raise self.wrong(f"[{name}] must be a section with one setting a line.")
        self.keys(part, f"[{name}]", known)
        return part

    def keys(self, part: dict[str, Any], place: str, known: set[str]) -> None:
        for key in part:
            if key not in known:
                raise self.wrong(f"{place} has an unknown key {key!r}.", key, known)

    def text(self, part: dict[str, Any], key: str, place: str) -> str:
        value = part.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"{place} needs {key} = \"…\".")
        return value

    def wrong(self, sentence: str, word: str = "", known: Any = ()) -> ExtractError:
        return ExtractError(f"The mapping {self.file} cannot be used: {sentence}{did_you_mean(word, known)}")


def _texts(given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(str(g) for g in given)


def _codes(given: Any) -> tuple[str, ...]:
    return tuple(c for c in _texts(given) if c)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
