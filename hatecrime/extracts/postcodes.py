"""The look-up from postcodes to places: read before the records, terminated postcodes included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pandas as pd
from duckdb import CaseExpression, ColumnExpression
from numpy.typing import NDArray

from hatecrime.dictionary import code_list, tables
from hatecrime.extracts.staging import Staged
from hatecrime.extracts.terms import call

POSTCODE = "postcode"
UK = r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}|GIR0AA"


@dataclass(frozen=True)
class Postcodes:
    """Where each postcode is; `areas` holds, by level, an index into the codes for each postcode, -1 for none."""

    known: pd.Index = field(default_factory=lambda: pd.Index([], dtype="object"))
    easting: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    northing: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    areas: dict[str, tuple[NDArray[np.int32], list[str]]] = field(default_factory=dict)

    def find(self, texts: Sequence[str | None]) -> NDArray[np.intp]:
        """The position of each postcode, spaces apart; -1 for one that is not known."""
        return self.known.get_indexer(pd.Series(texts, dtype="object").str.replace(" ", ""))


def read_postcodes(extracts: Sequence[duckdb.DuckDBPyRelation]) -> Postcodes:
    """The places of all postcodes that were loaded; where one comes twice, the later extract stands."""
    if not extracts:
        return Postcodes()
    levels = [c.name for c in tables()[POSTCODE] if c.name in code_list("area_level")]
    frame = pd.concat([each.df() for each in extracts], ignore_index=True)
    frame = frame.assign(key=frame[POSTCODE].str.replace(" ", "")).drop_duplicates("key", keep="last")
    frame = frame.reindex(columns=["key", "easting", "northing", *levels])
    areas = {}
    for level in levels:
        index, codes = pd.factorize(frame[level])
        areas[level] = (index.astype(np.int32), [str(code) for code in codes])
    easting, northing = (frame[axis].to_numpy(np.float64, na_value=np.nan) for axis in ("easting", "northing"))
    return Postcodes(pd.Index(frame["key"], dtype="object"), easting, northing, areas)


def spell_alike(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Write the postcodes of a look-up in one way, "M33 7SY", however the file spaces them."""
    letters = call("regexp_replace", call("upper", ColumnExpression(POSTCODE)), "[^A-Z0-9]", "", "g")
    spaced = call("regexp_replace", letters, "(...)$", r" \1")
    fits = call("regexp_full_match", letters, UK)
    con.table(staged.table).update({POSTCODE: CaseExpression(fits, spaced).otherwise(letters)})
