"""The sections of a mapping file besides [columns] and [values]: the file, its rows, strands, place and repeats."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Dict
from pathlib import Path
from typing import Any

from hatecrime.dictionary import Column, code_list
from hatecrime.extracts.checked import Checked, Part
from hatecrime.extracts.mapping import (
    OWN_KEY,
    STRAND,
    Field,
    FileShape,
    LookUp,
    Mapping,
    Point,
    Strands,
    Unpivot,
    plain,
)

FORMATS = ("csv", "excel", "parquet", "json", "sqlite", "geo")
GOES_WITH = {
    "encoding": ("csv", "json", "geo"),
    "delimiter": ("csv",),
    "quote": ("csv",),
    "skip": ("csv", "excel"),
    "header": ("csv", "excel", "json"),
    "sheet": ("excel",),
    "table": ("sqlite", "geo"),
    "records": ("json",),
}
STRAND_TABLES = ("incident", "referral")
REPEATS = ("refuse", "keep", "merge")
TAKE = ("first", "last", "earliest", "latest", "any", "all")
DATES = ("DATE", "TIMESTAMP")


def read_shape(check: Checked, document: Part) -> FileShape:
    """The [file] section."""
    part = check.section(document, "file", {"format", "empty", "member", *GOES_WITH})
    kind = part.get("format")
    if kind is not None and kind not in FORMATS:
        known = ", ".join(f'"{f}"' for f in FORMATS)
        raise check.wrong(f"[file] format = {kind!r} must be one of {known}.", str(kind), FORMATS)
    for key, kinds in GOES_WITH.items():
        if key in part and kind is not None and kind not in kinds:
            raise check.wrong(f'[file] {key} has no meaning for format = "{kind}"; it goes with {" and ".join(kinds)}.')
    return FileShape(
        format=kind,
        encoding=check.optional_text(part, "encoding", "[file]") or "utf-8",
        delimiter=_delimiter(check, part, "[file]"),
        quote=_quote(check, part),
        empty=tuple(e.strip().casefold() for e in check.texts(part, "empty", "[file]")),
        skip=check.count(part, "skip", "[file]", "lines"),
        header=check.names(part, "header", "[file]"),
        sheet=check.optional_text(part, "sheet", "[file]"),
        table=check.optional_text(part, "table", "[file]"),
        records=check.optional_text(part, "records", "[file]"),
        member=check.optional_text(part, "member", "[file]"),
    )


def _delimiter(check: Checked, part: Part, place: str) -> str:
    delimiter = check.optional_text(part, "delimiter", place) or ","
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise check.wrong(f'{place} delimiter = {delimiter!r} must be one character, such as "," or ";".')
    return delimiter


def _quote(check: Checked, part: Part) -> str:
    quote = part.get("quote", '"')
    if not isinstance(quote, str) or len(quote) > 1 or quote in ("\r", "\n"):
        raise check.wrong(f'[file] quote = {quote!r} must be one character, or "" where nothing is quoted.')
    if quote == part.get("delimiter", ","):
        raise check.wrong(f"[file] quote and delimiter are both {quote!r}, so columns cannot be told apart.")
    return quote


def read_unpivot(check: Checked, document: Part) -> Unpivot | None:
    """The [unpivot] section."""
    if "unpivot" not in document:
        return None
    part = check.section(document, "unpivot", {"columns", "into"})
    columns, into = check.names(part, "columns", "[unpivot]"), check.names(part, "into", "[unpivot]")
    if not columns:
        raise check.wrong('[unpivot] needs columns = ["…", "…"], the columns that become rows.')
    if len(into) != 2:
        raise check.wrong('[unpivot] needs into = ["…", "…"]: a name for the headers and a name for the cells.')
    for name in into:
        if name in columns:
            raise check.wrong(f"[unpivot] makes {name!r}, which is a column of the file already. Choose another name.")
    return Unpivot(columns, (into[0], into[1]))


def read_only(check: Checked, document: Part) -> dict[str, tuple[str, ...]]:
    """The [only] section: which values are wanted, as they are compared, by source column."""
    part = check.section(document, "only")
    found = {column: tuple(map(plain, check.texts(part, column, "[only]"))) for column in part}
    for column, wanted in found.items():
        if not wanted:
            raise check.wrong(f"[only] {column!r} lists no value, so that no row would be left.")
    return found


def read_headers(check: Checked, document: Part) -> dict[str, tuple[str, ...]]:
    """The [headers] section: other spellings of a source column, by the spelling used in the mapping."""
    part = check.section(document, "headers")
    found = {column: check.names(part, column, "[headers]") for column in part}
    for column, others in found.items():
        if not others:
            raise check.wrong(f'[headers] {column!r} needs another spelling, such as ["{column} 2"].')
        for other in set(others) & set(found):
            raise check.wrong(f"[headers] {other!r} is a spelling of {column!r}, and a column of its own.")
    return found


def read_look_ups(
    check: Checked, document: Part, fields: tuple[Field, ...], strands: Strands | None, folder: Path
) -> dict[str, LookUp]:
    """The [look_up.…] sections: files of codes, by target column."""
    texts = [f.name for f in fields if f.sources and f.column.type.startswith("VARCHAR")]
    known = [*texts, STRAND] if strands and strands.sources else texts
    given = check.section(document, "look_up", known, "is not a column under [columns] that holds labels")
    return {target: _look_up(check, part, f"[look_up.{target}]", folder) for target, part in given.items()}


def _look_up(check: Checked, part: Any, place: str, folder: Path) -> LookUp:
    if not isinstance(part, dict):
        raise check.wrong(f'{place} must say file = "…", from = "…" and to = "…".')
    check.keys(part, place, {"file", "from", "to", "header", "delimiter", "encoding"})
    file, code, label = (check.text(part, key, place) for key in ("file", "from", "to"))
    header = check.names(part, "header", place)
    for name in (code, label):
        if header and name not in header:
            raise check.wrong(f"{place} reads {name!r}, which header does not list.", name, header)
    if code == label:
        raise check.wrong(f"{place} from and to are both {code!r}: name the column of codes and that of labels.")
    encoding = check.optional_text(part, "encoding", place) or "utf-8"
    shape = FileShape(encoding=encoding, delimiter=_delimiter(check, part, place), header=header)
    return LookUp(file, code, label, shape, folder)


def read_strands(check: Checked, document: Part, table: str) -> Strands | None:
    """The [strands] section."""
    if "strands" not in document:
        return None
    if table not in STRAND_TABLES:
        raise check.wrong(f"[strands] goes with the tables {' and '.join(STRAND_TABLES)} only.")
    part = check.section(document, "strands", {"from", "split", "flags"})
    sources, flags = check.names(part, "from", "[strands]"), _flags(check, part)
    if not sources and not flags:
        raise check.wrong(
            '[strands] needs from = "source column" or a list of them, or flags = { "source column" = "strand" }.'
        )
    if "split" in part and not sources:
        raise check.wrong("[strands] split goes with from: a column under flags says yes or no.")
    return Strands(sources, check.separators(part, "[strands]"), flags)


def _flags(check: Checked, part: Part) -> dict[str, tuple[str, ...]]:
    place = "[strands.flags]"
    given = part.get("flags", {})
    if not isinstance(given, dict):
        raise check.wrong(f'{place} must say which column means which strand, such as {{ "Racial" = "race" }}.')
    found = {column: check.names(given, column, place) for column in given}
    strands = code_list(STRAND)
    for column, codes in found.items():
        if not codes or not column.strip():
            raise check.wrong(f"{place} {column!r} needs the code of a strand.")
        for code in codes:
            if code not in strands:
                raise check.wrong(
                    f"{place} {column!r} = {code!r} is not a code of data/codes/strand.csv.", code, strands
                )
    return found


def read_point(check: Checked, document: Part, columns: Dict[str, Column]) -> Point | None:
    """The [point] section."""
    if "point" not in document:
        return None
    if "easting" not in columns:
        raise check.wrong("[point] is given, but the table holds no coordinates.")
    known = {"x", "y", "crs", "map_crs", "within", "precision", "thousands", "geometry", "postcode", "snap"}
    part = check.section(document, "point", known)
    check.one_of(part, "precision", code_list("location_precision"), "[point]")
    texts = {key: check.text(part, key, "[point]") for key in part if key != "snap"}
    if "x" in part or "y" in part or not {"geometry", "postcode"} & set(part):
        for key in ("x", "y"):
            check.text(part, key, "[point]")
    if "geometry" in part and "x" in part:
        raise check.wrong("[point] has geometry and x and y; state one of them.")
    if "thousands" in part and "x" not in part:
        raise check.wrong("[point] thousands goes with x and y, which are not given.")
    return Point(**texts, snap=check.count(part, "snap", "[point]", "metres"))


def read_record(check: Checked, document: Part, table: str, fields: tuple[Field, ...]) -> tuple[str, dict[str, str]]:
    """The [record] section: what becomes of repeats, and which value of merged rows stands."""
    part = check.section(document, "record", {"repeats", "take"})
    repeats = part.get("repeats", "refuse")
    if repeats not in REPEATS:
        raise check.wrong(f'[record] repeats = {repeats!r} must be "refuse", "keep" or "merge".', str(repeats), REPEATS)
    key = OWN_KEY.get(table, "ref")
    if repeats == "merge" and key not in [f.name for f in fields]:
        raise check.wrong(f'[record] repeats = "merge" needs {key} under [columns], which says what belongs together.')
    given = part.get("take", {})
    if not isinstance(given, dict):
        raise check.wrong('[record.take] must be a section with lines such as outcome_on = "latest".')
    if given and repeats != "merge":
        raise check.wrong('[record.take] goes with repeats = "merge" only.')
    mapped = {f.name: f.column for f in fields if f.name != key}
    check.keys(given, "[record.take]", mapped, "is not a column under [columns] whose rows could differ")
    return repeats, {name: _taken(check, given, mapped[name]) for name in given}


def _taken(check: Checked, given: Part, column: Column) -> str:
    rule = check.text(given, column.name, "[record.take]")
    fits = {
        "any": column.type == "BOOLEAN",
        "all": column.type.endswith("[]"),
        "earliest": column.type in DATES,
        "latest": column.type in DATES,
    }
    needs = {"any": "yes or no", "all": "a list"}
    check.one_of(given, column.name, TAKE, "[record.take]")
    if not fits.get(rule, True):
        raise check.wrong(f'[record.take] {column.name} = "{rule}" needs {needs.get(rule, "a date")}, which it is not.')
    return rule


def check_whole(check: Checked, mapping: Mapping) -> None:
    """What the sections say of each other's columns."""
    read = set(mapping.source_columns())
    unpivot = mapping.unpivot
    if unpivot:
        for name in unpivot.columns:
            if name in read:
                raise check.wrong(f"{name!r} becomes rows by [unpivot], so nothing else can read it.")
        if not read & set(unpivot.into):
            raise check.wrong(f"[unpivot] makes {' and '.join(map(repr, unpivot.into))}, but nothing reads them.")
    known = read | set(unpivot.columns if unpivot else ()) | _named_places(mapping)
    for column in mapping.headers:
        if column not in known:
            raise check.wrong(f"[headers] {column!r} is not a column that the mapping reads.", column, known)
    _refuse_unlisted(check, mapping, known)


def _named_places(mapping: Mapping) -> set[str]:
    return {mapping.point.geometry} if mapping.point and mapping.point.geometry else set()


def _refuse_unlisted(check: Checked, mapping: Mapping, names: Iterable[str]) -> None:
    """A header that the mapping states must have every column that the mapping reads."""
    made = {*(mapping.unpivot.into if mapping.unpivot else ()), *(mapping.point.axes or () if mapping.point else ())}
    stated = mapping.file.header
    for name in sorted(set(names) - made - mapping.optional_columns()):
        if stated and name not in stated:
            raise check.wrong(f"[file] header lacks {name!r}, which the mapping reads.", name, stated)
