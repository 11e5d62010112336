"""The areas of a build: the bundled code list, completed and outlined by what partners send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from unicodedata import combining, normalize

import duckdb
import numpy as np
import pandas as pd
import shapely

from hatecrime.dictionary import code_list
from hatecrime.extracts.staging import Staged

OUTLINE_RANK = {"full": 0, "generalised": 1, "approximate": 2}


@dataclass(frozen=True)
class Area:
    """One area, valid between two dates."""

    area_code: str
    level: str
    name_en: str
    name_cy: str | None = None
    parent: str | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    geometry: bytes | None = None
    outline: str | None = None
    extract_id: int | None = None


class Areas:
    """All areas by code. An outline from an extract completes a listed area; the exacter outline wins."""

    def __init__(self) -> None:
        # Outlines that gave way to exacter ones of the same areas.
        self.coarser: dict[str, Area] = {}
        self.by_code = {
            c.code: Area(
                c.code, c.extras["level"], c.label(), c.labels.get("cy") or None, c.parent, c.valid_from, c.valid_to
            )
            for c in code_list("area").values()
        }

    def add(self, given: Iterable[Area]) -> None:
        for area in given:
            known = self.by_code.get(area.area_code)
            self._keep_coarser(known, area)
            self.by_code[area.area_code] = _completed(known, area) if known else area
        for made in ("shapes", "eras", "by_name", "extents"):
            self.__dict__.pop(made, None)

    def _keep_coarser(self, known: Area | None, given: Area) -> None:
        if known is None or not known.geometry or not given.geometry or known.extract_id == given.extract_id:
            return
        finer, coarser = sorted((known, given), key=_rank)
        if _rank(finer) < _rank(coarser):
            earlier = self.coarser.get(given.area_code)
            goes_on = earlier is not None and earlier.extract_id == coarser.extract_id
            self.coarser[given.area_code] = _completed(earlier, coarser) if earlier and goes_on else coarser

    def add_named(self, codes: Iterable[tuple[str, str | None]], level: str) -> None:
        """Areas that an extract names but no list or outline holds."""
        self.add(Area(code, level, name or code) for code, name in codes if code not in self.by_code)

    def find(self, code: str) -> Area | None:
        """The area of a code, whatever its case."""
        return self.by_code.get(code) or self.by_code.get(code.upper()) or self.by_code.get(code.lower())

    def named(self, level: str, name: str, within: str, on: dt.date | None) -> Area | None:
        """The area of a level that a name means inside another area on a day; None where there is none, or several.

        Where none of that name was valid on the day, the one of another time is given, so that it can be refused.
        """
        known = [a for a in self.by_name.get((level, _spelled(name)), ()) if self._lies_in(a, within)]
        valid = [a for a in known if on and (a.valid_from or on) <= on <= (a.valid_to or on)]
        found = valid or known
        return found[0] if len(found) == 1 else None

    @cached_property
    def eras(self) -> dict[str, tuple[dt.date, ...]]:
        """The days on which areas of each level begin, or are gone, in order."""
        changes: dict[str, set[dt.date]] = {level: set() for level in self.levels()}
        for area in self.by_code.values():
            ended = [area.valid_to + dt.timedelta(days=1)] if area.valid_to and area.valid_to < dt.date.max else []
            changes.get(area.level, set()).update([*([area.valid_from] if area.valid_from else []), *ended])
        return {level: tuple(sorted(days)) for level, days in changes.items()}

    def day_of(self, level: str, era: str) -> dt.date | None:
        """A day of an era, which is told by how many changes lie before it; None where the day is not known."""
        if not era:
            return None
        days, passed = self.eras[level], int(era)
        return days[passed - 1] if passed else days[0] - dt.timedelta(days=1)

    @cached_property
    def by_name(self) -> dict[tuple[str, str], list[Area]]:
        """Areas by level and name, in either language."""
        found: dict[tuple[str, str], list[Area]] = {}
        for area in self.by_code.values():
            for name in {_spelled(n) for n in (area.name_en, area.name_cy) if n}:
                found.setdefault((area.level, name), []).append(area)
        return found

    @cached_property
    def extents(self) -> dict[str, shapely.Geometry | None]:
        """Outlines that were asked for, because putting one together takes long."""
        return {}

    def _lies_in(self, area: Area, code: str) -> bool:
        """By the list where that says what is above the area, else by the middle of its outline."""
        above = self.by_code.get(code)
        line = self.line(area.area_code)
        if above is None or above.level in line:
            return above is not None and line[above.level] == above.area_code
        if area.geometry is None:
            return False
        if code not in self.extents:
            self.extents[code] = self.extent(code)
        extent = self.extents[code]
        return extent is not None and bool(extent.intersects(shapely.from_wkb(area.geometry).representative_point()))

    def levels(self) -> tuple[str, ...]:
        """Levels, finest first."""
        ranks = code_list("area_level")
        return tuple(sorted(ranks, key=lambda level: int(ranks[level].extras["rank"])))

    def frame(self) -> pd.DataFrame:
        return pd.DataFrame([a.__dict__ for a in self.by_code.values()]).sort_values(["level", "area_code"])

    def line(self, code: str) -> dict[str, str]:
        """The code of the area and of every area above it, by level."""
        found: dict[str, str] = {}
        area = self.by_code.get(code)
        while area and area.level not in found:
            found[area.level] = area.area_code
            area = self.by_code.get(area.parent or "")
        return found

    def lines(self) -> pd.DataFrame:
        """One row per area: area_code, then the code at each level it belongs to."""
        columns = ["area_code", *(f"line_{level}" for level in self.levels())]
        rows = [[code, *(self.line(code).get(level) for level in self.levels())] for code in self.by_code]
        return pd.DataFrame(rows, columns=columns, dtype="string")

    @cached_property
    def shapes(self) -> dict[str, list[tuple[Area, shapely.Geometry]]]:
        """Prepared outlines by level."""
        found: dict[str, list[tuple[Area, shapely.Geometry]]] = {level: [] for level in self.levels()}
        for area in self.by_code.values():
            if area.geometry is not None and area.level in found:
                shape = _prepared(area.geometry)
                found[area.level].append((area, shape))
        return found

    def extent(self, code: str) -> shapely.Geometry | None:
        """The outline of an area: its own, else that of everything inside it; None where nothing is outlined."""
        own = self.by_code.get(code)
        if own and own.geometry is not None:
            return _prepared(own.geometry)
        inside = [s for shapes in self.shapes.values() for a, s in shapes if code in self.line(a.area_code).values()]
        return _prepared(shapely.to_wkb(shapely.union_all(np.array(inside)))) if inside else None

    @property
    def approximate(self) -> bool:
        return any(a.outline == "approximate" for a in self.by_code.values())


def _prepared(outline: bytes) -> shapely.Geometry:
    """An outline ready for many searches; the first completes the preparation, which threads must not do at once."""
    shape = shapely.from_wkb(outline)
    shapely.prepare(shape)
    shapely.intersects_xy(shape, 0.0, 0.0)
    return shape


def staged_areas(con: duckdb.DuckDBPyConnection, staged: Staged, look_ups: dict[str, str]) -> list[Area]:
    """The areas of one staged extract, with its labels looked up."""
    rows = con.table(staged.table).df()
    for name, look_up in look_ups.items():
        codes = con.table(look_up).df().set_index(f"{name}__from")[f"{name}__code"]
        rows[name] = rows[name].map(codes)
    known = {f for f in Area.__dataclass_fields__ if f in rows.columns}
    kept = rows[~rows.index.isin(staged.refused_rows)]
    return [
        Area(**{k: _value(record[k]) for k in known}, extract_id=staged.extract_id)  # type: ignore[arg-type]
        for record in kept.to_dict("records")
    ]


def _spelled(name: str) -> str:
    """A name as it is compared: partners leave out accents, apostrophes and hyphens, and write & for and."""
    letters = normalize("NFKD", name.casefold().replace("&", " and "))
    plain = "".join(c if c.isalnum() else " " if c.isspace() or c in "-/" else "" for c in letters if not combining(c))
    return " ".join(plain.split())


def _value(value: object) -> object:
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return bytes(value) if isinstance(value, bytearray | memoryview) else value


def _rank(area: Area) -> int:
    return OUTLINE_RANK.get(area.outline or "", 3)


def _completed(known: Area, given: Area) -> Area:
    if known.geometry and given.geometry and known.extract_id == given.extract_id:
        parts = shapely.from_wkb([known.geometry, given.geometry])
        given = replace(given, geometry=shapely.to_wkb(shapely.union_all(parts)))
    exacter = _rank(given) <= _rank(known)
    better = given if given.geometry is not None and (known.geometry is None or exacter) else known
    return replace(
        known,
        name_cy=known.name_cy or given.name_cy,
        parent=known.parent or given.parent,
        valid_from=known.valid_from or given.valid_from,
        valid_to=known.valid_to or given.valid_to,
        geometry=better.geometry,
        outline=better.outline,
        extract_id=better.extract_id,
    )
