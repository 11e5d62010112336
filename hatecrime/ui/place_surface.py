"""Surfaces over the cells of the hotspots page: how densely incidents lie, and beside what is beneath them."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from hatecrime.filters import Filters
from hatecrime.i18n import _
from hatecrime.shape import areas as shape_areas
from hatecrime.stats.density import Cells, RelativeRisk, Surface, density, relative_risk
from hatecrime.ui.data import count, fetch, open_once
from hatecrime.ui.places import Places, day, inside_land
from hatecrime.ui.session import gate

# Beyond so many, incidents are gathered in cells of a sixteenth of their reach before the surface is drawn.
MOST_POINTS = 40_000
FINE = 16
PEOPLE_LEVELS = ("lsoa", "ward", "district")


def density_of(found: Places) -> Surface:
    """Incidents per km² around each cell."""
    points = _points(found)
    return density(points["x"], points["y"], cells_of(found), found.choices.bandwidth, points["n"])


def risk_of(found: Places) -> tuple[RelativeRisk, str]:
    """Incidents beside the people beneath them, or beside all hate crime where it is looked at in part; what it is."""
    points, cells, session = _points(found), cells_of(found), gate()
    everything = _unconditional(session.filters)
    if everything != session.filters and count(filters=everything)["n"].sum():
        base = _points(found, rest_of=True)
        said = _("The base: all other hate crime of the area and period.")
    else:
        base = _people(session.snapshot, found.table, day(), session.filters.area)
        said = _("The base: residents, spread evenly over the smallest areas whose number is known.")
    bandwidth = found.choices.bandwidth
    risk = relative_risk(points["x"], points["y"], base["x"], base["y"], cells, bandwidth, points["n"], base["n"])
    return risk, said


def cells_of(found: Places) -> Cells:
    """The square cells of the page as a grid."""
    table, size = found.table, found.choices.size
    column, row = table["column"].to_numpy(), table["row"].to_numpy()
    west, south = (int(axis.min()) if len(table) else 0 for axis in (column, row))
    return Cells(
        x=table["x"].to_numpy(float),
        y=table["y"].to_numpy(float),
        column=(column - west).astype("int64"),
        row=(row - south).astype("int64"),
        share=(table["area_km2"] * 1e6 / size**2).to_numpy(float),
        size=float(size),
        left=float(west * size),
        bottom=float(south * size),
        columns=int((column - west).max(initial=-1)) + 1,
        rows=int((row - south).max(initial=-1)) + 1,
    )


def _points(found: Places, rest_of: bool = False) -> pd.DataFrame:
    """Where incidents are and how many; rest_of: those of the area and period that the other filters leave out."""
    filters = gate().filters
    now = _gathered(found, filters)
    if not rest_of:
        return now
    everything = _gathered(found, _unconditional(filters))
    both = everything.merge(now, on=["x", "y"], how="left", suffixes=("", "_now"))
    return both.assign(n=(both["n"] - both["n_now"].fillna(0)).clip(lower=0))[["x", "y", "n"]]


def _unconditional(filters: Filters) -> Filters:
    """The area and the period alone."""
    return Filters(area=filters.area, start=filters.start, finish=filters.finish, basis=filters.basis)


def _gathered(found: Places, filters: Filters) -> pd.DataFrame:
    fine = max(found.choices.bandwidth // FINE, 1) if found.total > MOST_POINTS else 1
    rows = fetch(
        "hotspots/cells",
        filters,
        size=fine,
        shape="square",
        inside=inside_land(),
        before_start=None,
        before_finish=None,
    )
    rows = rows.dropna(subset=["column"])
    return pd.DataFrame({"x": (rows["column"] + 0.5) * fine, "y": (rows["row"] + 0.5) * fine, "n": rows["n"]})


@st.cache_data(max_entries=20, show_spinner=False)
def _people(path: Path, cells: pd.DataFrame, on: date, within: str | None) -> pd.DataFrame:
    """The people of each cell: those of the area that its middle lies in, by its share of that area's land."""
    points = shapely.points(cells["x"], cells["y"])
    n = np.zeros(len(cells))
    for level in PEOPLE_LEVELS:
        areas = shape_areas.areas(open_once(path), level, on, within)
        counted = fetch("areas/population", level=level, year=on.year, population_group="all").dropna(subset=["n"])
        people = counted.set_index("area_code")["n"]
        known = areas[areas.geometry.notna() & areas["area_code"].isin(people.index)]
        if known.empty:
            continue
        cell, area = shapely.STRtree(known.geometry.to_numpy()).query(points, predicate="intersects").reshape(2, -1)
        land = np.bincount(area, cells["area_km2"].to_numpy()[cell], len(known))
        each = people.reindex(known["area_code"]).to_numpy(float) / np.where(land > 0, land, np.nan)
        np.add.at(n, cell, np.nan_to_num(each[area]) * cells["area_km2"].to_numpy()[cell])
        break
    return pd.DataFrame({"x": cells["x"], "y": cells["y"], "n": n})
