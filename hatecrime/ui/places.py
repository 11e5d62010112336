"""Incidents by place: the levels that fit the data, counts and rates for every area, outlines to draw."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from hatecrime.database import NOT_RECORDED
from hatecrime.dictionary import code_list
from hatecrime.filters import Filters
from hatecrime.i18n import _, language, speaking
from hatecrime.shape import areas as shape_areas
from hatecrime.shape import grid
from hatecrime.shape.labels import in_list_order, with_labels
from hatecrime.stats.intervals import wilson
from hatecrime.ui.data import count, fetch, open_once
from hatecrime.ui.grid_names import name_squares
from hatecrime.ui.session import gate
from hatecrime.ui.sidebar import area_name

AREA_LEVELS = ("ward", "locality", "lsoa", "district", "force", "region")
# Sides in metres. Finer cells hold so few incidents that a map of them shows chance.
MOST = 0.5
GRIDS = {"grid_1km": 1000, "grid_500m": 500}


@dataclass(frozen=True)
class Places:
    """Incidents of the shared filters by place; table has one row per place, those without incidents too."""

    level: str
    table: pd.DataFrame
    shapes: Mapping[str, Any]
    ground: Mapping[str, Any] | None
    total: int
    unplaced: int
    made: tuple[pd.DataFrame, ...]

    @property
    def has_rates(self) -> bool:
        """Whether any place has a population to count against."""
        return bool(self.table["rate"].notna().any())

    def label(self, code: str | None) -> str:
        """The name of one of the places."""
        names = dict(zip(self.table["id"], self.table["label"], strict=True))
        return str(names.get(code, code))


def level_name(level: str) -> str:
    """The noun for a place of a level, as it stands in a sentence."""
    if level in GRIDS:
        return {"grid_1km": _("1 km square"), "grid_500m": _("500 m square")}[level]
    return code_list("area_level").label(level, language()).lower()


def level_title(level: str) -> str:
    """The level as a control names it, in short."""
    short = {"lsoa": _("LSOA"), "grid_1km": _("1 km"), "grid_500m": _("500 m")}
    return short.get(level) or level_name(level).capitalize()


def levels() -> tuple[str, ...]:
    """The levels at which these incidents differ by place, the most telling first."""
    filters = gate().filters
    found = {level: count(("area",), filters, level) for level in AREA_LEVELS}
    known = [level for level in AREA_LEVELS if _known(found[level], "area") > 1]
    # A map of a few of the incidents is not where to begin: levels that most of them have come first.
    areas = tuple(sorted(known, key=lambda level: _placed(found[level]) < MOST))
    has_points = _known(count(("grid",), filters, "1000"), "grid") > 1
    return areas + (tuple(GRIDS) if has_points and "ward" in areas else ()) or (_own_level(),)


def _own_level() -> str:
    """The level of the area itself, where nothing finer is recorded."""
    area = gate().filters.area
    listed = code_list("area")
    return listed[area].extras["level"] if area and area in listed else "district"


def places(level: str) -> Places:
    """The incidents of the shared filters and of the same period a year earlier, by places of a level."""
    return _cells(level) if level in GRIDS else _areas(level)


def by_place(level: str, dimension: str, filters: Filters | None = None) -> pd.DataFrame:
    """Counts by a dimension for every place of a level: id, the dimension, n."""
    column, size = _column(level)
    return count((column, dimension), filters, size).rename(columns={column: "id"})


def profile(level: str, picked: str | None, dimension: str, list_name: str) -> pd.DataFrame:
    """
    What one place's incidents are, beside all: label, n, share, low, high, overall (in percent).

    Shares are of incidents, so those of strands add to more than 100.
    """
    found = by_place(level, dimension)
    everywhere = found.groupby(dimension)["n"].sum()
    total = count()
    here = found[found["id"] == picked].set_index(dimension)["n"].reindex(everywhere.index, fill_value=0)
    kinds = by_place(level, "kind")
    n_here = int(kinds.loc[kinds["id"] == picked, "n"].sum())
    interval = wilson(here.clip(upper=n_here).to_numpy(), n_here)
    rows = pd.DataFrame(
        {
            dimension: everywhere.index,
            "n": here.to_numpy(),
            "share": interval.estimate * 100,
            "low": interval.low * 100,
            "high": interval.high * 100,
            "overall": everywhere.to_numpy() * 100 / max(int(total["n"].sum()), 1),
        }
    )
    rows = with_labels(in_list_order(rows[rows[dimension] != NOT_RECORDED], dimension, list_name), dimension, list_name)
    rows.attrs["made"] = found.attrs["made"]
    return rows.reset_index(drop=True)


def _column(level: str) -> tuple[str, str]:
    return ("grid", str(GRIDS[level])) if level in GRIDS else ("area", level)


def _known(counts: pd.DataFrame, column: str) -> int:
    return int((counts[column] != NOT_RECORDED).sum())


def _placed(counts: pd.DataFrame) -> float:
    """The share of incidents whose area is known."""
    known = counts.loc[counts["area"] != NOT_RECORDED, "n"].sum()
    return float(known / max(counts["n"].sum(), 1))


def _areas(level: str) -> Places:
    session = gate()
    on = session.filters.finish or session.first
    found, before = _now_and_before("area", level)
    people = fetch("areas/population", level=level, year=on.year, population_group="all")
    table, shapes = _drawn(session.snapshot, level, on, session.filters.area, language(), found, before, people)
    total = int(found["n"].sum())
    unplaced = total - int(table["n"].sum())
    ground = _ground(level, on, alone=len(table) == 1)
    return Places(level, table, shapes, ground, total, unplaced, (found, before, people))


def _ground(level: str, on: date, alone: bool) -> Mapping[str, Any] | None:
    """What is drawn and named beneath: wards under areas known by code only, neighbours around one alone."""
    session = gate()
    if level == "lsoa":
        return _wards()
    if not alone or session.filters.area is None:
        return None
    region = code_list("area").group(session.filters.area)
    return outlines(session.snapshot, level, on, region, language())[1]


def _drawn(
    path: Path,
    level: str,
    on: date,
    within: str | None,
    language: str,
    found: pd.DataFrame,
    before: pd.DataFrame,
    people: pd.DataFrame,
) -> tuple[pd.DataFrame, Mapping[str, Any]]:
    listed, shapes = outlines(path, level, on, within, language)
    now = shape_areas.per_area(found, listed)
    then = shape_areas.per_area(before, listed)
    table = shape_areas.rates(shape_areas.compare(now, then), people).rename(columns={"area_code": "id"})
    # Of an area without an outline and without a record nothing was sent: that is not a place without incidents.
    outlined = {each["id"] for each in shapes["features"]}
    if outlined:
        table = table[table["id"].isin(outlined) | (table[["n", "before"]] > 0).any(axis=1)].reset_index(drop=True)
    if level == "lsoa":
        table["label"] = [
            f"{code} ({area_name(ward)})" for code, ward in zip(table["id"], table["parent"], strict=True)
        ]
        shapes = _labelled(shapes, table)
    return table, shapes


@st.cache_data(max_entries=60, show_spinner=False)
def outlines(
    path: Path, level: str, on: date, within: str | None, language: str
) -> tuple[pd.DataFrame, Mapping[str, Any]]:
    """The areas of a level on a day, without geometry, and the same as features to draw."""
    # The language is a parameter because the labels are in it, and the result is kept.
    with speaking(language):
        found = shape_areas.areas(open_once(path), level, on, within)
    return pd.DataFrame(found.drop(columns="geometry")), shape_areas.features(found)


def _cells(level: str) -> Places:
    session, size = gate(), GRIDS[level]
    found, before = _now_and_before("grid", str(size))
    cells = grid.cells(found, size)
    squares = grid.squares(cells, session.facts.crs)
    wards = _wards()
    earlier = cells["grid"].map(before.set_index("grid")["n"]).fillna(0).astype("int64")
    table = pd.DataFrame({"id": cells["grid"], "n": cells["n"], "before": earlier})
    table["label"] = name_squares(cells, size, session.facts.crs, wards)
    # Nobody knows how many people live in a square.
    table[["population", "rate", "low", "high"]] = float("nan")
    total = int(found["n"].sum())
    placed = int(cells["n"].sum())
    shapes = _labelled(shape_areas.features(squares), table)
    return Places(level, table, shapes, wards, total, total - placed, (found, before))


def _wards() -> Mapping[str, Any]:
    session = gate()
    on = session.filters.finish or session.first
    return outlines(session.snapshot, "ward", on, session.filters.area, language())[1]


def _labelled(shapes: Mapping[str, Any], table: pd.DataFrame) -> dict[str, Any]:
    """The same shapes with the labels of the table."""
    labels = dict(zip(table["id"], table["label"], strict=True))
    features = [{**each, "properties": {"label": labels[each["id"]]}} for each in shapes["features"]]
    return {"type": "FeatureCollection", "features": features}


def _now_and_before(column: str, level: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    filters = gate().filters
    period = filters.period
    if period is None:
        raise ValueError("Places are compared over a period; these filters have none.")
    return count((column,), level=level), count((column,), filters.during(period.previous_year()), level)
