"""The [columns] of a mapping file: one target column each, and where its value comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Dict
from zoneinfo import available_timezones

from hatecrime.dictionary import Column, code_list
from hatecrime.extracts.checked import Checked, Part
from hatecrime.extracts.mapping import DATE_PARTS, DEFAULT_FORMATS, NO, NUMERIC_FORMATS, YES, Field, plain

FORMAT = re.compile(r"([^%]|%-?[dmyHIMSj]|%[aAbBfgpYzZ%])*")
HOUR = re.compile("%-?[HI]")
SETTINGS = {
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
    "coalesce",
    "first_of",
    "date_part",
    "contains",
    "equals",
    "by",
    "within",
    "create_area",
}
TELL_YES = frozenset(("contains", "equals"))
BY = ("code", "name")


def read_fields(check: Checked, document: Part, columns: Dict[str, Column]) -> tuple[Field, ...]:
    """Every field of [columns]; raises ExtractError where one is wrong or a needed one is missing."""
    part = check.section(document, "columns", set(columns), "is not a column of the table")
    lacking = [c.name for c in columns.values() if c.required and c.name not in part and c.name != "source"]
    if lacking:
        raise check.wrong(f"[columns] lacks {', '.join(lacking)}, without which no record can be kept.")
    fields = tuple(_field(check, columns[target], given) for target, given in part.items())
    for field in fields:
        _refuse_parent(check, field, fields)
    return fields


def _field(check: Checked, column: Column, given: object) -> Field:
    if isinstance(given, str):
        given = {"from": given}
    place = f"[columns] {column.name}"
    if not isinstance(given, dict):
        raise check.wrong(f'{place} must be a source column\'s name or a table such as {{ from = "…" }}.')
    check.keys(given, place, SETTINGS)
    if ("from" in given) == ("value" in given):
        raise check.wrong(f'{place} needs either from = "source column" or value = "constant".')
    sources = check.texts(given, "from", place)
    if "from" in given and not all(sources or ("",)):
        raise check.wrong(f"{place} from must name a source column, or several in a list.")
    area, prefix = _named_area(check, given, place)
    date_part = check.one_of(given, "date_part", DATE_PARTS, place)
    made = Field(
        column=column,
        sources=sources,
        value=_constant(check, column, given, place),
        formats=_formats(check, given, place) or _usual_formats(column, given),
        month_only=check.one_of(given, "precision", ("month",), place) == "month",
        timezone=check.one_of(given, "timezone", available_timezones() if "timezone" in given else (), place),
        first=check.lengths(given, "first", len(sources), place),
        zeros=check.lengths(given, "zeros", len(sources), place),
        prefix=check.optional_text(given, "prefix", place) or "",
        thousands=check.optional_text(given, "thousands", place) or "",
        true=tuple(t.casefold() for t in check.texts(given, "true", place)) or YES,
        false=tuple(t.casefold() for t in check.texts(given, "false", place)) or NO,
        split=check.separators(given, place),
        optional=check.flag(given, "optional", place),
        coalesce=check.flag(given, "coalesce", place),
        first_of=check.optional_text(given, "first_of", place) or "",
        date_part=date_part,
        contains=_words(check, given, "contains", place),
        equals=_words(check, given, "equals", place),
        by_name=check.one_of(given, "by", BY, place) == "name",
        within=check.optional_text(given, "within", place),
        create_area=area,
        area_prefix=prefix,
    )
    _refuse_nonsense(check, made, given, place)
    return made


def _constant(check: Checked, column: Column, given: Part, place: str) -> str | None:
    if "value" not in given:
        return None
    value = _spelled(given["value"])
    codes = code_list(column.codes) if column.codes else None
    if codes and not codes.find(value):
        raise check.wrong(f"{place}: value = {value!r} is not in data/codes/{codes.name}.csv.", value, codes)
    return value


def _spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _named_area(check: Checked, given: Part, place: str) -> tuple[str | None, str]:
    area = given.get("create_area")
    if area is None or isinstance(area, str):
        return area, ""
    if not isinstance(area, dict):
        raise check.wrong(f"{place} create_area must be the source column that holds the area's name.")
    check.keys(area, f"{place} create_area", {"from", "prefix"})
    return check.text(area, "from", f"{place} create_area"), check.optional_text(area, "prefix", place) or ""


def _formats(check: Checked, given: Part, place: str) -> tuple[str, ...]:
    formats = check.texts(given, "formats", place)
    for text in formats:
        if text not in NUMERIC_FORMATS and ("%" not in text or not FORMAT.fullmatch(text)):
            raise check.wrong(
                f'{place} format {text!r} is not a way of writing dates, such as "%d/%m/%Y".', text, NUMERIC_FORMATS
            )
    return formats


def _usual_formats(column: Column, given: Part) -> tuple[str, ...]:
    """A time with its offset from UTC needs no format; other dates are taken as computers write them."""
    if "timezone" in given:
        return ()
    usual = DEFAULT_FORMATS.get("TIMESTAMP" if "date_part" in given else column.type, ())
    return tuple(filter(HOUR.search, usual)) if given.get("date_part") == "hour" else usual


def _words(check: Checked, given: Part, key: str, place: str) -> tuple[str, ...]:
    words = tuple(map(plain, check.texts(given, key, place)))
    if key in given and not all(words or ("",)):
        raise check.wrong(f"{place} {key} must name a word, or several in a list; none of them may be empty.")
    return words


def _refuse_nonsense(check: Checked, field: Field, given: Part, place: str) -> None:
    """Refuse settings that are each known but cannot go together."""
    for fault in (*_faults_of_texts(field, given), *_faults_of_dates(field, given), *_faults_of_areas(field)):
        raise check.wrong(f"{place} {fault}.")


def _faults_of_texts(field: Field, given: Part) -> Iterator[str]:
    tells = sorted(TELL_YES & set(given))
    if field.value is not None and set(given) - {"value", "create_area"}:
        yield "is a constant, so nothing but value has any use"
    if field.coalesce and len(field.sources) < 2:
        yield "coalesce needs several columns in from, of which the first that is filled is read"
    if field.first_of and field.split:
        yield "takes one item by first_of and several by split; state one of them"
    if field.first_of and field.column.type.endswith("[]"):
        yield "holds a list, of which first_of would keep one item; use split"
    if len(tells) > 1:
        yield "has both contains and equals; state one of them"
    if tells and field.column.type != "BOOLEAN":
        yield f"is not yes or no, so {tells[0]} cannot fill it"
    if tells and {"true", "false", "split"} & set(given):
        yield f"is decided by the words of {tells[0]}, so true, false and split have no use"


def _faults_of_dates(field: Field, given: Part) -> Iterator[str]:
    dated = field.column.type in DEFAULT_FORMATS
    if {"formats", "timezone"} & set(given) and not dated and not field.date_part:
        yield "has formats or timezone, but is neither a date nor part of one"
    if not field.date_part:
        return
    if dated:
        yield "is a date itself, so date_part does not go with it"
    if field.date_part == "hour":
        lacking = [f for f in field.formats if f not in NUMERIC_FORMATS and not HOUR.search(f)]
        yield from (f"reads the hour, which the format {f!r} does not have" for f in lacking)
    if field.column.type == "BOOLEAN" and not field.equals:
        yield "is yes or no, so date_part needs equals beside it"
    if not all(e.isdecimal() and str(int(e)) == e for e in field.equals):
        yield 'compares a part of a date, which is a whole number: write equals = ["22", "8"]'


def _faults_of_areas(field: Field) -> Iterator[str]:
    if field.within and not field.by_name:
        yield 'has within, which goes with by = "name" only'
    if not field.by_name:
        return
    if field.name not in code_list("area_level"):
        yield 'is not a level of areas, so by = "name" does not go with it'
    if not field.within:
        yield 'needs within beside by = "name", because names of areas repeat: an area code, or a level'
    if field.create_area:
        yield 'makes areas from codes, so create_area does not go with by = "name"'


def _refuse_parent(check: Checked, field: Field, fields: tuple[Field, ...]) -> None:
    """A level named in `within` must be a coarser one, and be read from the file too."""
    levels = code_list("area_level")
    if not field.within or field.within not in levels:
        return
    if int(levels[field.within].extras["rank"]) <= int(levels[field.name].extras["rank"]):
        raise check.wrong(f"[columns] {field.name} within = {field.within!r} must be a level above {field.name}.")
    if field.within not in [other.name for other in fields]:
        raise check.wrong(f"[columns] {field.name} within = {field.within!r} needs that column under [columns] too.")
