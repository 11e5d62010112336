"""Find and read a mapping file, refusing whatever it does not know (docs/mappings.md)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Dict
from pathlib import Path

from hatecrime.dictionary import CodeList, Column, code_list, tables
from hatecrime.extracts.checked import Checked, Part
from hatecrime.extracts.errors import ExtractError, did_you_mean
from hatecrime.extracts.mapping import OTHERWISE, STRAND, Mapping, plain
from hatecrime.extracts.mapping_fields import read_fields
from hatecrime.extracts.mapping_parts import (
    STRAND_TABLES,
    check_whole,
    read_headers,
    read_look_ups,
    read_only,
    read_point,
    read_record,
    read_shape,
    read_strands,
    read_unpivot,
)
from hatecrime.settings import data_dir

Codes = tuple[str, ...]
BOOKKEEPING = ("extract", "reject", "extract_change", "extract_quarter", "incident_month")
SECTIONS = {
    "title",
    "source",
    "table",
    "file",
    "headers",
    "only",
    "unpivot",
    "columns",
    "strands",
    "look_up",
    "values",
    "point",
    "record",
}


def find_mapping(name: str, beside: Path | None = None) -> Path:
    """The file of a mapping given by its name in data/mappings, with or without .toml, or by a path.

    Raises ExtractError naming the closest shipped mappings where there is none.
    """
    stem = name.removesuffix(".toml")
    shipped = data_dir() / "mappings" / f"{stem}.toml"
    own = [*([beside / name] if beside else []), Path(name)]
    # A name with its end is a file first: a mapping of one's own may be called like a shipped one.
    for path in (*own, shipped) if name != stem else (shipped, *own):
        if path.is_file():
            return path
    known = [p.stem for p in (data_dir() / "mappings").glob("*.toml")]
    bare = Path(stem).name == stem
    missing = f"neither a file of that path nor data/mappings/{stem}.toml" if bare else "no file has that path"
    raise ExtractError(f"There is no mapping {name!r}: {missing}." + did_you_mean(stem, known))


def read_mapping(path: Path) -> Mapping:
    """Read and check one mapping file; raises ExtractError that says which key is wrong and how to mend it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExtractError(f"The mapping {path.name} is not saved as UTF-8: {error}.") from error
    return mapping_from_text(path, text)


def mapping_from_text(path: Path, text: str) -> Mapping:
    """A mapping that may not be saved yet: `path` is where it would lie, beside the files it looks labels up in."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExtractError(f"The mapping {path.name} is not valid TOML: {error}.") from error
    return _mapping(Checked(path.name), path, document)


def _mapping(check: Checked, path: Path, document: Part) -> Mapping:
    check.keys(document, "the mapping", SECTIONS)
    table = check.text(document, "table", "the mapping")
    if table not in loadable():
        raise check.wrong(f"table = {table!r} is not a table that extracts fill.", table, loadable())
    columns = {c.name: c for c in tables()[table] if not c.derived}
    values, otherwise = _values(check, document, columns, table)
    fields, strands = read_fields(check, document, columns), read_strands(check, document, table)
    repeats, take = read_record(check, document, table, fields)
    mapping = Mapping(
        name=path.stem,
        title=check.optional_text(document, "title", "the mapping") or path.stem,
        source=check.text(document, "source", "the mapping"),
        table=table,
        fields=fields,
        file=read_shape(check, document),
        strands=strands,
        values=values,
        otherwise=otherwise,
        point=read_point(check, document, columns),
        repeats=repeats,
        take=take,
        headers=read_headers(check, document),
        only=read_only(check, document),
        unpivot=read_unpivot(check, document),
        files=read_look_ups(check, document, fields, strands, path.parent),
    )
    check_whole(check, mapping)
    return mapping


def _values(
    check: Checked, document: Part, columns: Dict[str, Column], table: str
) -> tuple[dict[str, dict[str, Codes]], dict[str, Codes]]:
    known = {name: c.codes for name, c in columns.items() if c.type.startswith("VARCHAR")}
    if table in STRAND_TABLES:
        known[STRAND] = STRAND
    listed: dict[str, dict[str, Codes]] = {}
    otherwise: dict[str, Codes] = {}
    for target, labels in check.section(document, "values", known, "has no labels to translate").items():
        place = f"[values.{target}]"
        if not isinstance(labels, dict):
            raise check.wrong(f'{place} must be a list of "label" = "code" lines.')
        named = known[target]
        codes = code_list(named) if named else None
        found = {plain(label): _codes(check, labels, label, codes, place) for label in labels}
        if OTHERWISE in found:
            otherwise[target] = found.pop(OTHERWISE)
        listed[target] = found
    return listed, otherwise


def _codes(check: Checked, labels: Part, label: str, codes: CodeList | None, place: str) -> Codes:
    """The codes behind a label; an empty text means no value, on purpose."""
    given = tuple(code for code in check.texts(labels, label, place) if code)
    for code in given:
        if codes is not None and code not in codes:
            fault = f"{place} {label!r} = {code!r} is not a code of data/codes/{codes.name}.csv."
            raise check.wrong(fault, code, codes)
    return given


def loadable() -> tuple[str, ...]:
    """The tables that extracts may fill."""
    return tuple(
        name
        for name, columns in tables().items()
        if name not in BOOKKEEPING and any(c.name == "extract_id" for c in columns)
    )
