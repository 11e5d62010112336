"""One call for the places of a level: counts, rates, clusters and change, each choice stated, and whether they hold."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
import shapely

from hatecrime.database import Snapshot, fetch
from hatecrime.filters import Filters
from hatecrime.periods import Period
from hatecrime.shape import grid, hotspots
from hatecrime.shape.areas import areas, measured
from hatecrime.shape.choices import Choices, sane_size, sizes
from hatecrime.stats.concentration import ChanceSpread, Spread, spread, spread_by_chance
from hatecrime.stats.neighbours import Neighbours, in_grid, nearest, touching
from hatecrime.stats.prediction import BackTest
from hatecrime.words import places as words

# What people have outlines for, from the finest: the land is their sum.
LAND = ("ward", "district", "force")


@dataclass(frozen=True)
class Hotspots:
    """
    The places of a level in a period: table has a row for each, with what shape.hotspots adds.

    choices are those made; how says each in a sentence. held is whether clusters of the year before would have found
    these incidents, None where that cannot be tested.
    """

    table: pd.DataFrame
    choices: Choices
    how: tuple[str, ...]
    said: str
    tested: int
    total: int
    unplaced: int
    held: BackTest | None
    spread: Spread
    by_chance: ChanceSpread


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
    return Hotspots(
        table=table,
        choices=choices,
        how=tuple(words.how_compared(choices, hotspots.value_of(table), tested, len(around.islands))),
        said=words.clusters(table, tested),
        tested=tested,
        total=total,
        unplaced=total - int(counts.sum()),
        held=hotspots.held_up(table, around, choices.seed),
        spread=spread(counts),
        by_chance=spread_by_chance(counts, seed=choices.seed),
    )


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
    land = land_of(snapshot, period.finish, filters.area)
    if not choices.size:
        known = fetch(snapshot, "hotspots/levels", filters).set_index("level")["placed"]
        km2 = land.area / 1e6
        on_land = next((int(known[level]) for level in LAND if known[level]), 0)
        choices = replace(choices, size=sane_size(km2, on_land, sizes(km2)))
    cover = grid.cover(land, choices.size, choices.level)
    ids = grid.cell_ids(cover["column"], cover["row"])
    counts = fetch(snapshot, "hotspots/cells", filters, size=choices.size, shape=choices.level, **before)
    table = hotspots.counted_cells(counts, cover.assign(id=ids, label=ids, named=ids))
    beside = in_grid(table["column"], table["row"], choices.level)
    return table, _around(table, choices, beside), int(counts["n"].sum()), choices


def _around(table: pd.DataFrame, choices: Choices, beside: Neighbours) -> Neighbours:
    return beside if choices.neighbours == "touching" else nearest(table["x"], table["y"], choices.reach)


def land_of(snapshot: Snapshot, on: date, within: str | None) -> shapely.Geometry:
    """One outline around an area, or around everywhere; empty where none is known."""
    for level in LAND:
        found = areas(snapshot, level, on, within).geometry.dropna()
        if len(found):
            return shapely.union_all(found.to_numpy())
    return shapely.Polygon()
