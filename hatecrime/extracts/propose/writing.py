"""The text of a proposed mapping: TOML with a remark on every line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import tomlkit

from hatecrime.extracts.mapping import FileShape
from hatecrime.extracts.propose.draft import Draft
from hatecrime.extracts.propose.fields import Line
from hatecrime.extracts.propose.proposal import ProposedLabel
from hatecrime.i18n import _

PLAIN = FileShape()


def written(made: Draft, shape: FileShape, remarks: Iterable[str]) -> str:
    """The whole mapping."""
    parts = [
        [f"# {remark}" for remark in remarks],
        _top(made),
        _file(shape),
        ["[columns]", *(_column(line) for line in made.lines)],
        _strands(made),
        _point(made),
        _record(made),
        *_values(made),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _top(made: Draft) -> list[str]:
    return [
        _remarked(f"title = {toml(made.title)}", _("guessed from the name of the file")),
        _remarked(
            f"source = {toml(made.source)}", _("guessed: a short name for who sends the file, the same each time")
        ),
        f"table = {toml(made.table)}",
    ]


def _file(shape: FileShape) -> list[str]:
    """What differs from a plain CSV file in UTF-8."""
    named = {
        "encoding": shape.encoding if shape.encoding != PLAIN.encoding else None,
        "delimiter": shape.delimiter if shape.delimiter != PLAIN.delimiter else None,
        "quote": shape.quote if shape.quote != PLAIN.quote else None,
        "skip": shape.skip or None,
        "header": list(shape.header) or None,
        "sheet": shape.sheet,
        "table": shape.table,
        "records": shape.records,
        "member": shape.member,
        "format": shape.format if shape.format == "geo" else None,
    }
    lines = [f"{key} = {toml(value)}" for key, value in named.items() if value is not None]
    return ["[file]", *lines] if lines else []


def _column(line: Line) -> str:
    text = f"{line.target} = {toml(line.value)}  # {_verdict(line.sure, line.why)}"
    return f"# {text}" if line.left_open else text


def _strands(made: Draft) -> list[str]:
    if not made.strands and not made.flags:
        return []
    lines = ["[strands]"]
    if made.strands:
        names = list(made.strands) if len(made.strands) > 1 else made.strands[0]
        lines.append(f"from = {toml(names)}  # {_verdict(made.sure_strands, made.why_strands)}")
    if made.split:
        why = _verdict(False, _("told from cells with several labels."))
        lines.append(_remarked(f"split = {toml(list(made.split))}", why))
    if made.flags:
        lines.append(_remarked(f"flags = {toml(made.flags)}", _verdict(False, _("columns named like strands."))))
    return lines


def _point(made: Draft) -> list[str]:
    if made.place is None:
        return []
    mark = "# " if made.place.left_open else ""
    lines = [f"{mark}{key} = {toml(value)}" for key, value in made.place.lines.items()]
    if made.place.left_open:
        lines.append('# crs = "EPSG:…"')
    return [f"# {_verdict(made.place.sure, made.place.why)}", f"{mark}[point]", *lines]


def _record(made: Draft) -> list[str]:
    if not made.merges:
        return []
    why = _("rows share a reference and differ; merge makes one record of them, keep counts each.")
    return ["[record]", f'repeats = "merge"  # {_verdict(False, why)}']


def _values(made: Draft) -> Iterator[list[str]]:
    """Labels that are a code or a label of ours need no line."""
    for target in dict.fromkeys(label.target for label in made.labels):
        asked = [label for label in made.labels if label.target == target and not label.sure]
        if asked:
            lines = [_label(label, made.reasons.get((target, label.label), "")) for label in asked]
            if target in made.otherwise:
                lines.append(f"otherwise = {toml(made.otherwise[target])}")
            yield [f"[values.{target}]", *dict.fromkeys(lines)]


def _label(label: ProposedLabel, why: str) -> str:
    if label.codes is None:
        return _remarked(f'# {toml(label.label)} = ""', _("not recognised: say which code it means"))
    codes = list(label.codes) if len(label.codes) > 1 else "".join(label.codes)
    return _remarked(f"{toml(label.label)} = {toml(codes)}", _verdict(False, why))


def _verdict(sure: bool, why: str) -> str:
    word = _("recognised") if sure else _("guessed")
    return f"{word}: {why}"


def _remarked(line: str, remark: str) -> str:
    return f"{line}  # {remark}"


def toml(value: Any) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    return str(tomlkit.item(value).as_string())


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare else toml(name)
