"""Small shared tables from literal records, and an attacker who sees nothing but what is published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from hatecrime.dictionary import NOT_RECORDED
from hatecrime.protect.attack import Bounds, attack
from hatecrime.protect.audience import Audience, Offer
from hatecrime.protect.cells import System, system
from hatecrime.protect.plan import needed
from hatecrime.protect.suppress import known_bounds, suppressed

# District, month from April 2015, kind, strands, ward.
Record = tuple[str, int, str, tuple[str, ...], str]
LAST_DAY = date(2017, 3, 31)
AREAS = pd.DataFrame(
    [
        ("F", "force", None),
        *[(district, "district", "F") for district in ("A", "B", "C")],
        *[(f"{district}{n}", "ward", district) for district in ("A", "B", "C") for n in (1, 2, 3)],
    ],
    columns=["area_code", "level", "parent"],
).assign(valid_from=pd.NaT, valid_to=pd.NaT)


def audience(*offers: tuple[str, str, tuple[str, ...]], **changes: Any) -> Audience:
    """A protected audience with these offers of incidents: level, period, characteristics."""
    given = tuple(Offer("incidents", level, period, by) for level, period, by in offers)
    usual = {"method": "suppress", "threshold": 5, "zeros": True, "rounding": 1, "most_cells": 50_000}
    return Audience(name="partner", offers=given, **{**usual, **changes})


def counts(records: Iterable[Record], who: Audience, keys: Iterable[int] | None = None) -> dict[Any, pd.DataFrame]:
    """What queries/incidents/cells.sql would give."""
    rows = pd.DataFrame(list(records), columns=["district", "month", "kind", "strand", "ward"])
    rows["month"] = [pd.Timestamp(2015, 4, 1) + pd.DateOffset(months=int(n)) for n in rows["month"]]
    rows["month"] = pd.to_datetime(rows["month"])
    rows["force"] = "F"
    rows["key"] = np.arange(len(rows)) * 37 % 256 if keys is None else list(keys)
    found = {}
    for measure, level, by in needed(who):
        part = rows.explode("strand").fillna({"strand": NOT_RECORDED}) if by == "strand" else rows
        part = part.assign(area=part[level].replace("", NOT_RECORDED), code=part[by] if by else "")
        sums = part.groupby(["month", "area", "code"], as_index=False).agg(n=("key", "size"), key=("key", "sum"))
        found[measure, level, by] = sums.astype({"n": "int64", "key": "int64"})
    return found


def made(records: Iterable[Record], who: Audience) -> System:
    return system(who, counts(records, who), AREAS, LAST_DAY)


def small(cells: System, who: Audience) -> np.ndarray:
    """The cells that are to be protected."""
    return np.flatnonzero(cells.to_protect(who))


def attacked(cells: System, who: Audience, complementary: bool = True) -> Bounds:
    """Two plain programs for each small count."""
    hidden = suppressed(cells, who, complementary).hidden
    return attack(cells, *known_bounds(cells, who, hidden), small(cells, who))


def given_away(cells: System, who: Audience, enough: int | None = None) -> np.ndarray:
    """Whether each small count is bounded tightly by published totals alone, with nothing shown."""
    everything = np.ones(len(cells.n), dtype=bool)
    return attack(cells, *known_bounds(cells, who, everything), small(cells, who), enough).width < who.threshold
