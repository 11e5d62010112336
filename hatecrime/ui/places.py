"""Incidents by place: the levels that fit the data, and for each place its counts, its people and its neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import streamlit as st

from hatecrime.charts.maps import Outlines
from hatecrime.dictionary import code_list
from hatecrime.filters import Filters
from hatecrime.i18n import _, language, speaking
from hatecrime.reports.hotspots import inside, land_areas
from hatecrime.shape import areas as shape_areas
from hatecrime.shape.choices import HEXAGON, SHAPES, SQUARE, Choices
from hatecrime.shape.grid import cell_ids
from hatecrime.shape.grid_names import name_cells
from hatecrime.shape.hotspots import counted_areas, counted_cells
from hatecrime.stats.neighbours import Neighbours, in_grid, nearest, touching
from hatecrime.ui import geometry
from hatecrime.ui.data import count, fetch, open_once
from hatecrime.ui.session import gate
from hatecrime.ui.sidebar import area_name

AREA_LEVELS = ("ward", "locality", "lsoa", "district", "force", "region")
# A map of a few of the incidents is not where to begin: levels that most of them have come first.
MOST = 0.5
NAMING = ("ward", "district")
# What does not depend on the filters is kept once for all of them.
EVERYTHING = Filters()
NOTHING: Mapping[str, Any] = MappingProxyType({"type": "FeatureCollection", "features": ()})


@dataclass(frozen=True)
class Places:
    """
    Incidents of the shared filters by place; table has one row per place, those without incidents too: id, label, named
    (the area that people have a name for), n, before, area_km2, x, y, population, rate, low and high.
    """

    choices: Choices
    table: pd.DataFrame
    shapes: Mapping[str, Any] | Outlines
    ground: Mapping[str, Any] | None
    total: int
    made: tuple[pd.DataFrame, ...]

    @property
    def level(self) -> str:
        """The level of the places."""
        return self.choices.level

    @property
    def unplaced(self) -> int:
        """Incidents in none of the places."""
        return self.total - int(self.table["n"].sum())

    @property
    def has_rates(self) -> bool:
        """Whether any place has a population to count against."""
        return bool(self.table["rate"].notna().any())

    @property
    def has_outlines(self) -> bool:
        """Whether the places can be drawn."""
        return isinstance(self.shapes, Outlines) or bool(self.shapes["features"])

    def label(self, code: str | None) -> str:
        """The name of one of the places."""
        found = self.table.loc[self.table["id"] == code, "label"]
        return str(found.iloc[0]) if len(found) else str(code)


def level_name(level: str) -> str:
    """The noun for a place of a level, as it stands in a sentence."""
    if level in SHAPES:
        return {SQUARE: _("square"), HEXAGON: _("hexagon")}[level]
    return code_list("area_level").label(level, language()).lower()


def level_title(level: str) -> str:
    """The level as a control names it, in short."""
    short = {"lsoa": _("LSOA"), SQUARE: _("Squares"), HEXAGON: _("Hexagons")}
    return short.get(level) or level_name(level).capitalize()


def levels() -> tuple[str, ...]:
    """The levels at which incidents of this area differ by place, whatever the other filters; most telling first."""
    session = gate()
    known = fetch("hotspots/levels", Filters(area=session.filters.area)).set_index("level")
    differing = [level for level in AREA_LEVELS if known.loc[level, "places"] > 1]
    offered = sorted(differing, key=lambda level: known.loc[level, "placed"] < MOST * known.loc[level, "total"])
    if known.loc["point", "places"] > 1 and {"ward", "district"} & set(offered):
        offered += SHAPES
    return tuple(offered) or (_own_level(),)


def has_people(level: str) -> bool:
    """Whether it is known how many people live in the places of a level."""
    if level in SHAPES:
        return False
    people = fetch("areas/population", EVERYTHING, level=level, year=day().year, population_group="all")
    return bool(people["n"].notna().any())


def land() -> shapely.Geometry:
    """The outline of the area in view."""
    session = gate()
    return geometry.outline_of(session.snapshot, day(), session.filters.area)


def on_land() -> int:
    """Incidents of the shared filters that lie in the areas that name the land; all of them where there are none."""
    for level in NAMING:
        counts = fetch("hotspots/areas", level=level, **_before())
        if n := int(counts.dropna(subset=["area_code"])["n"].sum()):
            return n
    return int(counts["n"].sum())


def places(choices: Choices) -> Places:
    """The incidents of the shared filters and of the same period a year earlier, by place."""
    return _cells(choices) if choices.has_cells else _areas(choices)


def neighbours_of(found: Places) -> Neighbours:
    """Who is beside whom among the places, in the order of the table."""
    table, choices = found.table, found.choices
    if choices.has_cells and choices.neighbours == "touching":
        return in_grid(table["column"], table["row"], choices.level)
    if choices.neighbours == "nearest":
        return nearest(table["x"], table["y"], choices.reach)
    session = gate()
    drawn = _geometry(session.snapshot, choices.level, day(), session.filters.area)
    return touching(drawn.reindex(table["id"]).to_numpy())


def series(found: Places, filters: Filters, step: str) -> pd.DataFrame:
    """A row for each place in the order of the table, a column for each month, quarter or year, with its incidents."""
    choices = found.choices
    if choices.has_cells:
        rows = fetch("hotspots/cell_steps", filters, size=choices.size, shape=choices.level, step=step)
        rows = rows.dropna(subset=["column"]).assign(id=lambda each: cell_ids(each["column"], each["row"]))
    else:
        rows = fetch("hotspots/area_steps", filters, level=choices.level, step=step).rename(columns={"area_code": "id"})
    wide = rows.dropna(subset=["id", "step"]).pivot_table(index="id", columns="step", values="n", aggfunc="sum")
    return wide.reindex(index=found.table["id"], columns=_steps(filters, step)).fillna(0)


def _steps(filters: Filters, step: str) -> pd.DatetimeIndex:
    """The first day of each step of a period, those in which nothing was recorded too."""
    every = {"month": "MS", "quarter": "QS-JAN", "year": "YS-APR"}[step]
    return pd.date_range(filters.start, filters.finish, freq=every)


def day() -> date:
    """The day whose areas are drawn."""
    session = gate()
    return session.filters.finish or session.first


def _own_level() -> str:
    """The level of the area itself, where nothing finer is recorded."""
    area = gate().filters.area
    listed = code_list("area")
    return listed[area].extras["level"] if area and area in listed else "district"


def _areas(choices: Choices) -> Places:
    session, on, level = gate(), day(), choices.level
    listed, shapes = outlines(session.snapshot, level, on, session.filters.area, language())
    counts = fetch("hotspots/areas", level=level, **_before())
    people = fetch("areas/population", EVERYTHING, level=level, year=on.year, population_group=choices.base)
    table = counted_areas(counts, listed, people, outlined=bool(shapes["features"]))
    if level == "lsoa":
        wards = table["parent"].map(area_name)
        table["label"] = table["id"] + " (" + wards + ")"
        table["named"] = wards
    beneath = _beneath(level, on, alone=len(table) == 1)
    return Places(choices, table, shapes, beneath, int(counts["n"].sum()), (counts, people))


def _cells(choices: Choices) -> Places:
    session, on = gate(), day()
    within = session.filters.area
    covering = _named_cells(session.snapshot, choices.level, choices.size, on, within, language())
    counts = fetch("hotspots/cells", size=choices.size, shape=choices.level, inside=inside_land(), **_before())
    drawn = geometry.cells(session.snapshot, choices.level, choices.size, on, within) or NOTHING
    total = int(count().loc[0, "n"])
    return Places(choices, counted_cells(counts, covering), drawn, _named_ground(on), total, (counts,))


def inside_land() -> str | None:
    """The level of areas that a point must lie in to count; None where the filters see to that."""
    session = gate()
    return inside(session.filters, _land_level(session.snapshot, day(), session.filters.area))


@st.cache_data(max_entries=60, show_spinner=False)
def _land_level(path: Path, on: date, within: str | None) -> str:
    return land_areas(open_once(path), on, within)[0]


def _named_ground(on: date) -> Mapping[str, Any]:
    """The areas that name the land: wards, or authorities where there are none."""
    session = gate()
    found = (outlines(session.snapshot, level, on, session.filters.area, language())[1] for level in NAMING)
    return next((shapes for shapes in found if shapes["features"]), NOTHING)


def _beneath(level: str, on: date, alone: bool) -> Mapping[str, Any] | None:
    """What is drawn and named beneath: wards under areas known by code only, neighbours around one alone."""
    session = gate()
    if level == "lsoa":
        return _named_ground(on)
    if not alone or session.filters.area is None:
        return None
    region = code_list("area").group(session.filters.area)
    return outlines(session.snapshot, level, on, region, language())[1]


def _before() -> dict[str, Any]:
    earlier = gate().period.previous_year()
    return {"before_start": earlier.start, "before_finish": earlier.finish}


@st.cache_data(max_entries=60, show_spinner=False)
def outlines(
    path: Path, level: str, on: date, within: str | None, language: str
) -> tuple[pd.DataFrame, Mapping[str, Any]]:
    """The areas of a level on a day with their size and middle, and the same as features to draw."""
    # The language is a parameter because the labels are in it, and the result is kept.
    with speaking(language):
        found = shape_areas.areas(open_once(path), level, on, within)
    address = geometry.address_of_areas(path, level, on, within)
    return shape_areas.measured(found), {**shape_areas.features(found), "address": address}


@st.cache_resource(max_entries=60, show_spinner=False)
def _geometry(path: Path, level: str, on: date, within: str | None) -> gpd.GeoSeries:
    found = shape_areas.areas(open_once(path), level, on, within)
    return found.set_index("area_code").geometry


@st.cache_data(max_entries=30, show_spinner=False)
def _named_cells(path: Path, shape: str, size: int, on: date, within: str | None, language: str) -> pd.DataFrame:
    """The cells that cover the land, each with its name; none where there would be too many."""
    cells = geometry.cover(path, shape, size, on, within)
    if cells is None:
        return pd.DataFrame(columns=["id", "label", "named", "column", "row", "x", "y", "area_km2"])
    with speaking(language):
        named = land_areas(open_once(path), on, within)[1]
        return name_cells(cells, size, open_once(path).facts.crs, named)
