"""Find and read a mapping file, refusing whatever it does not know (docs/mappings.md)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from hatecrime.dictionary import CodeList, Column, code_list, tables
from hatecrime.extracts.errors import ExtractError, did_you_mean
from hatecrime.extracts.mapping import (
    DEFAULT_FORMATS,
    NO,
    OTHERWISE,
    STRAND,
    YES,
    Field,
    FileShape,
    Mapping,
    Point,
    Strands,
    plain,
)
from hatecrime.settings import data_dir

BOOKKEEPING = ("extract", "reject", "extract_change", "extract_quarter", "incident_month")
STRAND_TABLES = ("incident", "referral")
FORMAT = re.compile(r"([^%]|%-?[dmyHIMSj]|%[aAbBfgpYzZ%])*")


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
        self.keys(
            document,
            "the mapping",
            {"title", "source", "table", "file", "columns", "strands", "values", "point", "record"},
        )
        table = self.text(document, "table", "the mapping")
        if table not in loadable():
            raise self.wrong(f"table = {table!r} is not a table that extracts fill.", table, loadable())
        columns = {c.name: c for c in tables()[table] if not c.derived}
        values, otherwise = self.values(document, columns, table)
        record = self.section(document, "record", {"repeats"})
        repeats = record.get("repeats", "refuse")
        if repeats not in ("refuse", "keep"):
            raise self.wrong(f'[record] repeats = {repeats!r} must be "refuse" or "keep".')
        return Mapping(
            name=name,
            title=self.optional_text(document, "title", "the mapping") or name,
            source=self.text(document, "source", "the mapping"),
            table=table,
            fields=self.fields(document, columns),
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
            raise self.wrong(f'[file] format = {part["format"]!r} must be "csv" or "geo".')
        delimiter = self.optional_text(part, "delimiter", "[file]") or ","
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise self.wrong(f'[file] delimiter = {delimiter!r} must be one character, such as "," or ";".')
        return FileShape(
            format=part.get("format"),
            encoding=self.optional_text(part, "encoding", "[file]") or "utf-8",
            delimiter=delimiter,
            empty=tuple(e.strip().casefold() for e in self.texts(part, "empty", "[file]")),
        )

    def fields(self, document: dict[str, Any], columns: dict[str, Column]) -> tuple[Field, ...]:
        part = self.section(document, "columns", set(columns), "is not a column of the table")
        lacking = [c.name for c in columns.values() if c.required and c.name not in part and c.name != "source"]
        if lacking:
            raise self.wrong(f"[columns] lacks {', '.join(lacking)}, without which no record can be kept.")
        return tuple(self.field(columns[target], given) for target, given in part.items())

    def field(self, column: Column, given: Any) -> Field:
        if isinstance(given, str):
            given = {"from": given}
        place = f"[columns] {column.name}"
        if not isinstance(given, dict):
            raise self.wrong(f'{place} must be a source column\'s name or a table such as {{ from = "…" }}.')
        self.keys(
            given,
            place,
            {
                "from",
                "value",
                "formats",
                "precision",
                "timezone",
                "first",
                "zeros",
                "prefix",
                "thousands",
                "true",
                "false",
                "split",
                "optional",
                "create_area",
            },
        )
        if ("from" in given) == ("value" in given):
            raise self.wrong(f'{place} needs either from = "source column" or value = "constant".')
        sources = self.texts(given, "from", place)
        if "from" in given and not all(sources or ("",)):
            raise self.wrong(f"{place} from must name a source column, or several in a list.")
        area, prefix = self.named_area(given, place)
        return Field(
            column=column,
            sources=sources,
            value=self.constant(column, given, place),
            formats=self.formats(given, place) or DEFAULT_FORMATS.get(column.type, ()),
            month_only=self.one_of(given, "precision", ("month",), place) == "month",
            timezone=self.one_of(given, "timezone", available_timezones() if "timezone" in given else (), place),
            first=self.lengths(given, "first", len(sources), place),
            zeros=self.lengths(given, "zeros", len(sources), place),
            prefix=self.optional_text(given, "prefix", place) or "",
            thousands=self.optional_text(given, "thousands", place) or "",
            true=tuple(t.casefold() for t in self.texts(given, "true", place)) or YES,
            false=tuple(t.casefold() for t in self.texts(given, "false", place)) or NO,
            split=self.separators(given, place),
            optional=self.flag(given, "optional", place),
            create_area=area,
            area_prefix=prefix,
        )

    def constant(self, column: Column, given: dict[str, Any], place: str) -> str | None:
        if "value" not in given:
            return None
        value = _spelled(given["value"])
        codes = code_list(column.codes) if column.codes else None
        if codes and not codes.find(value):
            raise self.wrong(f"{place}: value = {value!r} is not in data/codes/{codes.name}.csv.", value, codes)
        return value

    def named_area(self, given: dict[str, Any], place: str) -> tuple[str | None, str]:
        area = given.get("create_area")
        if area is None or isinstance(area, str):
            return area, ""
        if not isinstance(area, dict):
            raise self.wrong(f"{place} create_area must be the source column that holds the area's name.")
        self.keys(area, f"{place} create_area", {"from", "prefix"})
        return self.text(area, "from", f"{place} create_area"), self.optional_text(area, "prefix", place) or ""

    def strands(self, document: dict[str, Any], table: str) -> Strands | None:
        if "strands" not in document:
            return None
        if table not in STRAND_TABLES:
            raise self.wrong(f"[strands] goes with the tables {' and '.join(STRAND_TABLES)} only.")
        part = self.section(document, "strands", {"from", "split"})
        sources = self.texts(part, "from", "[strands]")
        if not sources:
            raise self.wrong('[strands] needs from = "source column" or a list of them.')
        return Strands(sources, self.separators(part, "[strands]"))

    def point(self, document: dict[str, Any], columns: dict[str, Column]) -> Point | None:
        if "point" not in document:
            return None
        if "easting" not in columns:
            raise self.wrong("[point] is given, but the table holds no coordinates.")
        part = self.section(document, "point", {"x", "y", "crs", "map_crs", "within", "precision"})
        self.one_of(part, "precision", code_list("location_precision"), "[point]")
        for key in ("x", "y"):
            self.text(part, key, "[point]")
        return Point(**{key: self.text(part, key, "[point]") for key in part})

    def values(
        self, document: dict[str, Any], columns: dict[str, Column], table: str
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        known = {name: c.codes for name, c in columns.items() if c.type.startswith("VARCHAR")}
        if table in STRAND_TABLES:
            known[STRAND] = STRAND
        listed: dict[str, dict[str, tuple[str, ...]]] = {}
        otherwise: dict[str, tuple[str, ...]] = {}
        for target, labels in self.section(document, "values", set(known), "has no labels to translate").items():
            place = f"[values.{target}]"
            if not isinstance(labels, dict):
                raise self.wrong(f'{place} must be a list of "label" = "code" lines.')
            named = known[target]
            codes = code_list(named) if named else None
            found = {plain(label): self.codes(labels, label, codes, place) for label in labels}
            if OTHERWISE in found:
                otherwise[target] = found.pop(OTHERWISE)
            listed[target] = found
        return listed, otherwise

    def codes(self, labels: dict[str, Any], label: str, codes: CodeList | None, place: str) -> tuple[str, ...]:
        """The codes behind a label; an empty text means no value, on purpose."""
        given = tuple(code for code in self.texts(labels, label, place) if code)
        for code in given:
            if codes is not None and code not in codes:
                fault = f"{place} {label!r} = {code!r} is not a code of data/codes/{codes.name}.csv."
                raise self.wrong(fault, code, codes)
        return given

    def section(
        self, document: dict[str, Any], name: str, known: set[str], fault: str = "is not a setting that is known"
    ) -> dict[str, Any]:
        part = document.get(name, {})
        if not isinstance(part, dict):
            raise self.wrong(f"[{name}] must be a section with one setting a line.")
        self.keys(part, f"[{name}]", known, fault)
        return part

    def keys(
        self, part: dict[str, Any], place: str, known: set[str], fault: str = "is not a setting that is known"
    ) -> None:
        for key in part:
            if key not in known:
                raise self.wrong(f"{place} {key!r} {fault}.", key, known)

    def text(self, part: dict[str, Any], key: str, place: str) -> str:
        value = part.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f'{place} needs {key} = "…".')
        return value

    def optional_text(self, part: dict[str, Any], key: str, place: str) -> str | None:
        value = part.get(key)
        if value is not None and (not isinstance(value, str) or not value):
            raise self.wrong(f"{place} {key} must be a text in quotation marks.")
        return value

    def texts(self, part: dict[str, Any], key: str, place: str) -> tuple[str, ...]:
        value = part.get(key, [])
        several = [value] if isinstance(value, str) else value
        if not isinstance(several, list) or not all(isinstance(s, str) for s in several):
            raise self.wrong(f"{place} {key} must be a text in quotation marks or a list of such texts.")
        return tuple(several)

    def formats(self, given: dict[str, Any], place: str) -> tuple[str, ...]:
        formats = self.texts(given, "formats", place)
        for text in formats:
            if "%" not in text or not FORMAT.fullmatch(text):
                raise self.wrong(f'{place} format {text!r} is not a way of writing dates, such as "%d/%m/%Y".')
        return formats

    def separators(self, part: dict[str, Any], place: str) -> tuple[str, ...]:
        split = self.texts(part, "split", place)
        if "" in split:
            raise self.wrong(f'{place} split must name the character between two values, such as ";".')
        return split

    def lengths(self, part: dict[str, Any], key: str, columns: int, place: str) -> tuple[int, ...]:
        """One number of characters for each source column; 0 leaves a column as it is."""
        value = part.get(key, [])
        several = [value] if isinstance(value, int) else value
        if not isinstance(several, list) or not all(type(n) is int and n >= 0 for n in several):
            raise self.wrong(f"{place} {key} must be a number of characters or a list of them.")
        if several and len(several) != columns:
            raise self.wrong(f"{place} {key} needs one number for each column of from.")
        return tuple(several)

    def one_of(self, part: dict[str, Any], key: str, known: Any, place: str) -> str | None:
        value = part.get(key)
        if value is not None and (not isinstance(value, str) or value not in known):
            raise self.wrong(f"{place} {key} = {value!r} is not known.", str(value), known)
        return value

    def flag(self, part: dict[str, Any], key: str, place: str) -> bool:
        value = part.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(f"{place} {key} must be true or false, without quotation marks.")
        return value

    def wrong(self, sentence: str, word: str = "", known: Any = ()) -> ExtractError:
        return ExtractError(f"The mapping {self.file} cannot be used: {sentence}{did_you_mean(word, known)}")


def loadable() -> tuple[str, ...]:
    """The tables that extracts may fill."""
    return tuple(
        name
        for name, columns in tables().items()
        if name not in BOOKKEEPING and any(c.name == "extract_id" for c in columns)
    )


def _spelled(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
