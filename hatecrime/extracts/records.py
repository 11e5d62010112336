"""JSON as records: nested values are named with dots, as in "location.latitude"."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hatecrime.extracts.errors import ExtractError, did_you_mean
from hatecrime.extracts.mapping import FileShape
from hatecrime.extracts.source import Source

JOINED = ";"
SCALARS = (str, int, float, bool, type(None))
Row = dict[str, Any]


def read_records(
    source: Source, shape: FileShape, wanted: Sequence[str]
) -> tuple[tuple[str, ...], Iterator[list[Any]]]:
    """The header and the rows of a JSON file; `wanted` may name columns inside lists, such as "tags.0".

    An answer without any record has every column. Raises ExtractError where the file holds no list of records.
    """
    found = _found(_document(source, shape), source, shape)
    records = [_record(value, number, source, shape) for number, value in enumerate(found, start=1)]
    if not records:
        return tuple(wanted), iter(())
    rows = [dict(_flat(record)) for record in records]
    header = _header(rows)
    dug = [name for name in wanted if name not in header and any(_dig(r, name.split("."))[0] for r in records)]
    cells = (
        [*(r.get(n) for n in header), *(_dig(record, n.split("."))[1] for n in dug)]
        for r, record in zip(rows, records, strict=True)
    )
    return (*header, *dug), cells


def lists_of_records(path: Path) -> list[str]:
    """Where lists of records stand in a JSON file, by the dotted path to each; none where the file is such a list."""
    return _lists(_document(Source(path, path.name, "json"), FileShape()))


def _document(source: Source, shape: FileShape) -> Any:
    """The whole of the file; numbers stay as they are written. One record on each line is read as a list of them."""
    content = source.path.read_bytes()
    try:
        stated = shape.encoding if shape.encoding.lower() not in ("utf-8", "utf8") else json.detect_encoding(content)
        text = content.decode(stated).removeprefix("\ufeff")
        return _parsed(text)
    except (UnicodeError, LookupError) as error:
        raise ExtractError(f"{source.name} cannot be decoded: {error}. State its encoding in the mapping.") from error
    except RecursionError as error:
        raise ExtractError(f"{source.name} nests too deeply to be a list of records.") from error
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return _lines(text, source)
        raise ExtractError(
            f"{source.name} is not valid JSON: {error}. It may have been cut short; ask for it again."
        ) from error


def _lines(text: str, source: Source) -> list[Any]:
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            found += [_parsed(line)] if line.strip() else []
        except json.JSONDecodeError as error:
            raise ExtractError(f"{source.name} is not valid JSON: line {number} is no record of its own.") from error
    return found


def _parsed(text: str) -> Any:
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=lambda _name: None)


def _found(document: Any, source: Source, shape: FileShape) -> list[Any]:
    """The list of records at the path that the mapping states."""
    found = document
    for index, step in enumerate((shape.records or "").split(".") if shape.records else []):
        known = found.keys() if isinstance(found, dict) else ()
        if step not in known and not isinstance(found, list):
            place = "top" if index == 0 else "next level"
            raise ExtractError(
                f"{source.name} has nothing at records = {shape.records!r}: at the {place} there is no {step!r}."
                + did_you_mean(step, known)
                + _hint(document)
            )
        found = _dig(found, [step], flat=False)[1]
    if found is None and shape.records:
        return []
    if isinstance(found, dict) and not shape.records and not _lists(document):
        return [found]
    if not isinstance(found, list):
        raise ExtractError(f"{source.name} holds no list of records there.{_hint(document)}")
    return found


def _record(value: Any, number: int, source: Source, shape: FileShape) -> Row:
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and shape.header and len(value) == len(shape.header):
        return dict(zip(shape.header, value, strict=True))
    raise ExtractError(
        f"{source.name} is not a list of records: number {number} has no named values. "
        "If each is a list of values, name them in order as header in the mapping's [file]."
    )


def _flat(record: Row, before: str = "") -> Iterator[tuple[str, Any]]:
    """Names and values; what is nested is named with dots, a list of plain values is joined."""
    for key, value in record.items():
        name = f"{before}{key}"
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        else:
            yield name, _plain(value)


def _plain(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    if all(isinstance(each, SCALARS) for each in value):
        return JOINED.join(_spelled(each) for each in value if each is not None)
    return json.dumps(value, ensure_ascii=False)


def _spelled(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _header(rows: list[Row]) -> list[str]:
    """Every name that occurs; one that is empty wherever it is not nested stands for what is nested in it."""
    names: dict[str, bool] = {}
    for row in rows:
        for name, value in row.items():
            names[name] = names.get(name, False) or value is not None
    parents = {name[:i] for name in names for i, letter in enumerate(name) if letter == "."}
    return [name for name, filled in names.items() if filled or name not in parents]


def _dig(value: Any, path: list[str], flat: bool = True) -> tuple[bool, Any]:
    """Whether there is something at a path, and what; without a number in the path, all of a list."""
    if not path or value is None:
        return True, _plain(value) if flat and not isinstance(value, dict) else value
    step, *rest = path
    if isinstance(value, dict):
        return _dig(value[step], rest, flat) if step in value else (False, None)
    if not isinstance(value, list):
        return False, None
    if step.isdecimal():
        return _dig(value[int(step)], rest, flat) if int(step) < len(value) else (True, None)
    each = [_dig(item, path, flat) for item in value]
    found = [item for there, item in each if there and item is not None]
    return any(there for there, _item in each), _plain(found) if flat else found


def _hint(document: Any) -> str:
    lists = _lists(document)
    return f" State records = {' or '.join(repr(name) for name in lists[:3])} in the mapping's [file]." if lists else ""


def _lists(value: Any, before: str = "", depth: int = 3) -> list[str]:
    """Where lists of records stand in a document."""
    if not isinstance(value, dict) or not depth:
        return []
    own = [f"{before}{k}" for k, v in value.items() if isinstance(v, list) and v and isinstance(v[0], dict | list)]
    return own + [name for k, v in value.items() for name in _lists(v, f"{before}{k}.", depth - 1)]
