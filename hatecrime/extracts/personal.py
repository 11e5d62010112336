"""What must not be held: columns that look as if they named a person, and cells that look as if they did.

Only tables about people are judged. A header is judged by its words, a cell by its shape; words that a mapping or a
code list knows are never taken for a person. A name without a title cannot be told from any other word: that is why
the columns of names are refused as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb
import pandas as pd
from duckdb import ColumnExpression, ConstantExpression

from hatecrime.dictionary import code_list
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.expressions import CONTEXT, UNIT
from hatecrime.extracts.load import PSEUDONYMS
from hatecrime.extracts.locate import grid_side
from hatecrime.extracts.mapping import STRAND, Field, Mapping, plain
from hatecrime.extracts.personal_cells import (
    DAY,
    IDENTIFIER,
    NUMBER,
    is_narrative,
    looks_personal,
    spaced,
    spelled_plainly,
)
from hatecrime.extracts.personal_headers import looks_like
from hatecrime.extracts.staging import Staged
from hatecrime.settings import settings

PEOPLE = ("incident", "referral", "stop_search", "centre_contact", "centre_survey", "court_result")
PLACES = ("bad_coordinate", "coordinates_swapped", "outside_projection", "outside_area")


def refuse_columns(staged: Staged) -> None:
    """Stop where a mapping reads a column that looks as if it named a person, unless the settings state why."""
    mapping = staged.mapping
    if mapping.table not in PEOPLE:
        return
    for column in _judged_columns(mapping):
        met = _met(staged, column)
        sort = looks_like(column) or looks_like(met)
        if sort and not any(settings().stated_columns.get(f"{mapping.name}: {c}", "").strip() for c in (column, met)):
            raise ExtractError(
                f"The mapping {mapping.name!r} reads the column {met!r} of {staged.source.name}, which looks like "
                f"{sort}: it is not held. Take it out of the mapping; if it is harmless, state why in "
                f'data/settings.toml under [privacy.stated]: "{mapping.name}: {column}" = "the reason".'
            )


def refuse_cells(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Refuse the records of cells that look as if they named a person, and empty the cells before anyone reads them."""
    if staged.mapping.table not in PEOPLE:
        return
    for name, told, field in _judged_texts(staged.mapping):
        caught = [text for text in staged.texts(con, name) if _cell_looks_personal(staged.mapping, field, text)]
        if caught:
            hit = ColumnExpression(name).isin(*(ConstantExpression(text) for text in caught))
            rows = con.table(staged.table).filter(hit).select(ColumnExpression("rowid").alias("row")).df()
            staged.refuse(rows.assign(value=None), "looks_personal", told, whole=True)
            staged.empty(con, name, hit)


def withhold(staged: Staged) -> None:
    """Empty what was refused for another reason: what looks as if it named a person, and the true place of a record
    that is moved to its grid square."""
    if staged.mapping.table in PEOPLE:
        staged.rejects = [frame.assign(value=_without_personal(frame["value"])) for frame in staged.rejects]
    if grid_side(staged.mapping):
        moved = [frame["reason"].isin(PLACES) for frame in staged.rejects]
        staged.rejects = [f.assign(value=f["value"].mask(m)) for f, m in zip(staged.rejects, moved, strict=True)]


def _judged_columns(mapping: Mapping) -> Iterator[str]:
    """Source columns whose content could be held: a reference becomes a pseudonym, a postcode a place, and the name of
    an area is one."""
    free = {mapping.point.postcode} if mapping.point else set()
    for field in mapping.fields:
        free |= {field.create_area, *(field.sources if field.name in PSEUDONYMS else ())}
    held = {s for field in mapping.fields if field.name not in PSEUDONYMS for s in field.sources}
    held |= {*mapping.strands.sources, *mapping.strands.flags} if mapping.strands else set()
    for column in dict.fromkeys((*mapping.source_columns(), *(mapping.unpivot.columns if mapping.unpivot else ()))):
        if column in held or column not in free:
            yield column


def _met(staged: Staged, column: str) -> str:
    """A column as the header of the file spells it."""
    position = (staged.source.position or {}).get(column)
    return column if position is None or position >= len(staged.source.header) else staged.source.header[position]


def _judged_texts(mapping: Mapping) -> Iterator[tuple[str, str, Field | None]]:
    """Columns of the staging table that hold text: name, source columns as a person reads them, field if any."""
    for field in mapping.fields:
        if field.create_area:
            yield f"{field.name}_name", field.create_area, None
        text = field.column.type.startswith("VARCHAR") or field.column.type == "BOOLEAN"
        if text and field.value is None and field.name not in PSEUDONYMS:
            yield field.name, field.told, field
    if mapping.strands:
        yield "strand_text", " + ".join((*mapping.strands.sources, *mapping.strands.flags)), None


def _cell_looks_personal(mapping: Mapping, field: Field | None, text: str) -> bool:
    """Only words that nobody has listed are judged. Codes in a row may look like a phone number, and labels in a row
    like a narrative: these two are looked for in each label alone."""
    target, text = field.name if field else STRAND, text.partition(CONTEXT)[0]
    separators = field.split if field else (UNIT, *(mapping.strands.split if mapping.strands else ()))
    labels = [] if _known(mapping, target, text) else _parts(text, separators)
    unknown = [spelled_plainly(label) for label in labels if not _known(mapping, target, label)]
    both = [*unknown, *map(spaced, unknown)]
    if target not in code_list("area_level") and any(is_narrative(p) or NUMBER.search(p) for p in both):
        return True
    if any(DAY.fullmatch(label) for label in unknown):
        return True
    return any(IDENTIFIER.search(each) for each in (" ".join(unknown), *map(spaced, unknown)))


def _known(mapping: Mapping, target: str, text: str) -> bool:
    field = mapping.target(target)
    codes = STRAND if target == STRAND else field.column.codes if field else None
    return plain(text) in mapping.values.get(target, {}) or bool(codes and code_list(codes).find(text))


def _parts(text: str, separators: Iterable[str]) -> list[str]:
    parts = [text]
    for separator in separators:
        parts = [piece for part in parts for piece in part.split(separator)]
    return [part.strip() for part in parts if part.strip()]


def _without_personal(values: pd.Series) -> pd.Series:
    found = [value for value in values.dropna().unique() if looks_personal(str(value))]
    return values.astype("object").mask(values.isin(found), None)
