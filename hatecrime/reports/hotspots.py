"""One call for the places of a level: counts, rates, clusters and change, each choice stated, and whether they hold."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from hatecrime.database import Snapshot, count, fetch
from hatecrime.filters import Filters
from hatecrime.i18n import _, number
from hatecrime.periods import Period
from hatecrime.shape import grid, hotspots
from hatecrime.shape.areas import areas, measured
from hatecrime.shape.choices import MOST_CELLS, Choices, sane_size, sizes
from hatecrime.shape.grid_names import name_cells
from hatecrime.stats.concentration import ChanceSpread, Spread, spread
from hatecrime.stats.neighbours import Neighbours, in_grid, nearest, touching
from hatecrime.words import places as words

# What people have outlines for, from the finest: the land is their sum.
LAND = ("ward", "district", "force")


@dataclass(frozen=True)
class Hotspots:
    """
    The places of a level in a period: table has a row for each, with what shape.hotspots adds.

    choices are those made; how says each in a sentence. held is whether clusters of the year before would have found
    these incidents, None where that cannot be tested. by_chance is how concentrated they would be if chance followed
    by: "people", "land" or "" (alike for all places).
    """

    table: pd.DataFrame
    choices: Choices
    how: tuple[str, ...]
    said: str
    tested: int
    total: int
    unplaced: int
    held: hotspots.HeldUp | None
    spread: Spread
    by_chance: ChanceSpread
    by: str


def hotspots_of(snapshot: Snapshot, filters: Filters, choices: Choices) -> Hotspots:
    """
    The places of the choices' level in the area and the period of the filters, beside the same period a year before.

    A size of 0 is chosen here. The period of the filters must be closed.
    """
    if filters.period is None:
        raise ValueError("Places are compared over a period; these filters have none.")
    table, around, total, choices = _counted(snapshot, filters, filters.period, choices)
    table = hotspots.with_change(hotspots.with_smoothed(table))
    table, tested = hotspots.with_clusters(table, around, choices.permutations, choices.seed)
    counts = table["n"].to_numpy(float)
    by_chance, by = hotspots.by_chance(table, seed=choices.seed)
    return Hotspots(
        table=table,
        choices=choices,
        how=tuple(words.how_compared(choices, hotspots.value_of(table), tested, len(around.islands))),
        said=words.clusters(table, tested, choices.level) if total else _nothing(filters.period),
        tested=tested,
        total=total,
        unplaced=total - int(counts.sum()),
        held=hotspots.held_up(table, around, choices.seed),
        spread=spread(counts),
        by_chance=by_chance,
        by=by,
    )


def _nothing(period: Period) -> str:
    return _("No incident is recorded ({period}).").format(period=period.label())


def _counted(
    snapshot: Snapshot, filters: Filters, period: Period, choices: Choices
) -> tuple[pd.DataFrame, Neighbours, int, Choices]:
    earlier = period.previous_year()
    before: dict[str, Any] = {"before_start": earlier.start, "before_finish": earlier.finish}
    if not choices.has_cells:
        found = areas(snapshot, choices.level, period.finish, filters.area)
        counts = fetch(snapshot, "hotspots/areas", filters, level=choices.level, **before)
        people = fetch(
            snapshot,
            "areas/population",
            level=choices.level,
            year=period.finish.year,
            population_group=choices.base,
        )
        table = hotspots.counted_areas(counts, measured(found), people, outlined=bool(found.geometry.notna().any()))
        outlines = found.set_index("area_code").geometry.reindex(table["id"])
        return table, _around(table, choices, touching(outlines.to_numpy())), int(counts["n"].sum()), choices
    return _counted_cells(snapshot, filters, period, choices)


def _counted_cells(
    snapshot: Snapshot, filters: Filters, period: Period, choices: Choices
) -> tuple[pd.DataFrame, Neighbours, int, Choices]:
    level, named = land_areas(snapshot, period.finish, filters.area)
    land = shapely.union_all(named.geometry.to_numpy())
    if land.is_empty:
        raise ValueError(_("No outline is known here, so there is no land to cut into cells."))
    asked = choices.size
    choices = replace(choices, size=_size(snapshot, filters, level, land.area / 1e6, choices.size))
    cover = grid.cover(land, choices.size, choices.level)
    if choices.size == asked and len(cover) < hotspots.FEWEST_PLACES:
        message = _("Cells of {asked} m are too large: fewer than {fewest} cover this area; ask for smaller ones.")
        raise ValueError(message.format(asked=number(asked), fewest=number(hotspots.FEWEST_PLACES)))
    cover = cover.assign(id=grid.cell_ids(cover["column"], cover["row"]))
    earlier = period.previous_year()
    counts = fetch(
        snapshot,
        "hotspots/cells",
        filters,
        size=choices.size,
        shape=choices.level,
        inside=inside(filters, level),
        before_start=earlier.start,
        before_finish=earlier.finish,
    )
    names = name_cells(cover, choices.size, snapshot.facts.crs, named)
    table = hotspots.counted_cells(counts, names)
    beside = in_grid(table["column"], table["row"], choices.level)
    total = int(count(snapshot, filters)["n"].iloc[0])
    return table, _around(table, choices, beside), total, choices


def _size(snapshot: Snapshot, filters: Filters, level: str, km2: float, asked: int) -> int:
    """Metres across a cell: what is asked for, if not too fine, else what suits the incidents on the land."""
    offered = sizes(km2)
    if not asked:
        known = fetch(snapshot, "hotspots/levels", filters).set_index("level")["placed"]
        return sane_size(km2, int(known[level]), offered)
    if km2 * 1e6 / asked**2 > MOST_CELLS:
        message = _("Cells of {asked} m are too many for this area; ask for {least} m or more, or a smaller area.")
        raise ValueError(message.format(asked=asked, least=number(offered[0])))
    return asked


def _around(table: pd.DataFrame, choices: Choices, beside: Neighbours) -> Neighbours:
    return beside if choices.neighbours == "touching" else nearest(table["x"], table["y"], choices.reach)


def inside(filters: Filters, level: str) -> str | None:
    """The level of areas that a point must lie in to count, where it is not limited to one of them already."""
    return None if filters.area else level


def land_areas(snapshot: Snapshot, on: date, within: str | None) -> tuple[str, gpd.GeoDataFrame]:
    """The areas that make the land, of the finest level that people have names for, and that level."""
    for level in LAND:
        found = areas(snapshot, level, on, within)
        found = found[found.geometry.notna()]
        if len(found):
            break
    return level, found


def land_of(snapshot: Snapshot, on: date, within: str | None) -> shapely.Geometry:
    """One outline around an area, or around everywhere; empty where none is known."""
    return shapely.union_all(land_areas(snapshot, on, within)[1].geometry.to_numpy())
