"""Changes to the text of a mapping, one at a time, that keep its remarks.

Every function takes the whole text and gives the whole text back. A target is a name in `targets(table)`: a column of
the table, "strand", or "point.x" and its like.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import tomlkit
from tomlkit import TOMLDocument

from hatecrime.extracts.mapping import STRAND, plain

POINT = "point."
POINT_KEYS = ("x", "y", "geometry", "postcode")


def with_column(text: str, source: str, target: str | None, beside: Mapping[str, Any] | None = None) -> str:
    """Read `target` from the column `source`, which is taken away from wherever it was read before; None leaves it
    unread. `beside` is what a column of the table takes besides the name, such as the formats of dates."""
    document = tomlkit.parse(text)
    _forget(document, source)
    if target is not None:
        _give(document, source, target, beside or {})
    return _written(document)


def with_value(text: str, target: str, value: str) -> str:
    """Give every row the same value of a target."""
    document = tomlkit.parse(text)
    _section(document, "columns")[target] = _inline({"value": value})
    return _written(document)


def with_formats(text: str, target: str, formats: Sequence[str]) -> str:
    """State how the dates of a target are written; none takes the statement away."""
    document = tomlkit.parse(text)
    columns = _section(document, "columns")
    given = columns.get(target)
    if given is None:
        return text
    if not isinstance(given, MutableMapping):
        columns[target] = given = _inline({"from": given})
    given.pop("formats", None)
    if formats:
        given["formats"] = list(formats)
    return _written(document)


def with_label(text: str, target: str, label: str, codes: Sequence[str] | None) -> str:
    """Say which codes a label means: none of them for no value on purpose, None to leave it undecided."""
    document = tomlkit.parse(text)
    labels = _section(_section(document, "values"), target)
    for same in [key for key in labels if plain(key) == plain(label)]:
        del labels[same]
    if codes is not None:
        labels[label] = list(codes) if len(codes) > 1 else "".join(codes)
    return _without_remark(_written(document), label)


def with_setting(text: str, key: str, value: str) -> str:
    """Set one of the lines at the top, such as title or source."""
    document = tomlkit.parse(text)
    document[key] = value
    return _written(document)


def with_crs(text: str, crs: str) -> str:
    """State what the coordinates are measured in, such as "EPSG:27700"."""
    document = tomlkit.parse(text)
    _section(document, "point")["crs"] = crs
    return _written(document)


def _give(document: TOMLDocument, source: str, target: str, beside: Mapping[str, Any]) -> None:
    if target == STRAND:
        strands = _section(document, "strands")
        strands["from"] = _with(strands.get("from"), source)
    elif target.startswith(POINT):
        _section(document, "point")[target.removeprefix(POINT)] = source
    else:
        _section(document, "columns")[target] = _inline({"from": source, **beside}) if beside else source


def _forget(document: TOMLDocument, source: str) -> None:
    columns = _section(document, "columns")
    for target in [name for name, given in columns.items() if source in _sources(given)]:
        _take(columns, target, source)
    strands = document.get("strands")
    if strands is not None:
        _take_from(strands, "from", source)
        strands.get("flags", {}).pop(source, None)
        if not strands.get("from") and not strands.get("flags"):
            del document["strands"]
    point = document.get("point")
    if point is not None:
        for key in [key for key in POINT_KEYS if point.get(key) == source]:
            del point[key]
        if not any(key in point for key in POINT_KEYS):
            del document["point"]


def _take(columns: MutableMapping[str, Any], target: str, source: str) -> None:
    """Without `source`; what goes with the columns one by one cannot stand when one of them goes."""
    given = columns[target]
    left = [name for name in _sources(given) if name != source]
    if not left:
        del columns[target]
        return
    if isinstance(given, MutableMapping):
        for counted in ("first", "zeros", "formats"):
            given.pop(counted, None)
        given["from"] = left if len(left) > 1 else left[0]
    else:
        columns[target] = left if len(left) > 1 else left[0]


def _take_from(part: MutableMapping[str, Any], key: str, source: str) -> None:
    left = [name for name in _listed(part.get(key)) if name != source]
    if left:
        part[key] = left if len(left) > 1 else left[0]
    else:
        part.pop(key, None)


def _with(given: Any, source: str) -> Any:
    names = [*_listed(given), source]
    return names if len(names) > 1 else names[0]


def _sources(given: Any) -> list[str]:
    return _listed(given.get("from") if isinstance(given, MutableMapping) else given)


def _listed(given: Any) -> list[str]:
    return [] if given is None else [str(given)] if isinstance(given, str) else [str(g) for g in given]


def _section(document: MutableMapping[str, Any], name: str) -> Any:
    if name not in document:
        document[name] = tomlkit.table(is_super_table=name == "values")
    return document[name]


def _inline(values: dict[str, Any]) -> Any:
    table = tomlkit.inline_table()
    table.update(values)
    return table


def _written(document: TOMLDocument) -> str:
    return tomlkit.dumps(document)


def _without_remark(text: str, label: str) -> str:
    """The remark that nobody has said yet what a label means goes with the question."""
    asked = f"# {tomlkit.string(label).as_string()} = "
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(asked))
