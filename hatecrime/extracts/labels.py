"""Files of codes and labels that lie beside a mapping or an extract, for cells that hold codes."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from hatecrime.extracts.errors import ExtractError, did_you_mean
from hatecrime.extracts.mapping import LookUp, Mapping, plain

Labels = dict[str, dict[str, str]]
Meaning = Callable[[str], tuple[str, ...]]
HEADER_ROWS = 1


def read_labels(mapping: Mapping, extract: Path) -> Labels:
    """The label of each code, by target column; raises ExtractError where a file is missing or does not fit."""
    return {
        target: _labels(_find(look_up, extract), look_up, _meaning(mapping, target))
        for target, look_up in mapping.files.items()
    }


def _meaning(mapping: Mapping, target: str) -> Meaning:
    """What a label means by the mapping: the codes that it lists, else itself, but for capitals and spaces."""
    listed, rest = mapping.values.get(target, {}), mapping.otherwise.get(target)
    return lambda label: listed.get(plain(label), (plain(label),) if rest is None else rest)


def _find(look_up: LookUp, extract: Path) -> Path:
    folders = [f for f in (look_up.folder, extract.parent) if f is not None]
    for folder in folders:
        if (folder / look_up.file).is_file():
            return folder / look_up.file
    near = sorted({p.name for folder in folders if folder.is_dir() for p in folder.iterdir() if p.is_file()})
    raise ExtractError(
        f"There is no file {look_up.file!r}, in which the mapping looks codes up: neither beside the mapping nor "
        f"beside {extract.name}.{did_you_mean(look_up.file, near)}"
    )


def _labels(path: Path, look_up: LookUp, meaning: Meaning) -> dict[str, str]:
    """The first label of each code; a partner may list a code again in other words that mean the same."""
    header, rows = _table(path, look_up)
    place = [_position(name, header, path) for name in (look_up.code, look_up.label)]
    found: dict[str, str] = {}
    for line, row in rows:
        if len(row) != len(header):
            raise ExtractError(f"{path.name} has {len(row)} columns in line {line}, and {len(header)} in its header.")
        code, label = (row[at].strip() for at in place)
        if code and label and meaning(found.setdefault(plain(code), label)) != meaning(label):
            raise ExtractError(
                f"{path.name} has two labels for {code!r}: {found[plain(code)]!r} and, in line {line}, {label!r}. "
                "Leave the right one only, or list both under [values] with one meaning."
            )
    if not found:
        raise ExtractError(f"{path.name} holds no code with a label. Ask for it to be sent again.")
    return found


def _table(path: Path, look_up: LookUp) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and every filled row with its line."""
    shape = look_up.shape
    encoding = "utf-8-sig" if shape.encoding.lower().replace("_", "-") in ("utf-8", "utf8") else shape.encoding
    try:
        with path.open(encoding=encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=shape.delimiter, strict=True)
            rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except LookupError as error:
        raise ExtractError(f"The encoding {shape.encoding!r} of {path.name} is not known.") from error
    except UnicodeError as error:
        raise ExtractError(
            f"{path.name} is not written in {shape.encoding}: {error}. State its encoding beside file in the mapping."
        ) from error
    except csv.Error as error:
        raise ExtractError(f"{path.name} cannot be read as CSV: {error}. Save it as CSV UTF-8.") from error
    if shape.header:
        return list(shape.header), rows
    if not rows:
        raise ExtractError(f"{path.name} is empty. Ask for it to be sent again.")
    return [name.strip() for name in rows[0][1]], rows[HEADER_ROWS:]


def _position(name: str, header: list[str], path: Path) -> int:
    if name in header:
        return header.index(name)
    shown = ", ".join(map(repr, header))
    raise ExtractError(f"{path.name} has no column {name!r}.{did_you_mean(name, header)} Its columns are: {shown}.")
