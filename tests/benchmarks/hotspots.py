"""What a map costs the server, from filters to a table of places, against the bare aggregates that it comes from."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import shapely

from hatecrime.database import Snapshot, fetch, newest, open_snapshot
from hatecrime.extracts.build import build
from hatecrime.filters import Filters
from hatecrime.periods import Period, latest
from hatecrime.settings import data_dir
from hatecrime.shape import areas, grid
from hatecrime.shape.hotspots import counted_areas, counted_cells
from tests.benchmarks.build import enlarged

SIZE = 200
# The sample's points lie on few places; moved by so many metres they fill the cells of the district.
SPREAD = 1500
POPULATIONS = '[[extract]]\nfile = "{file}"\nmapping = "sample_populations"\n'
BARE = {
    "ward": "select ward, count(*) from incident where {} group by all",
    "square": f"select floor(easting / {SIZE})::int, floor(northing / {SIZE})::int, count(*) from incident "
    "where {} group by all",
}
FIRST_DAY = date(2013, 4, 1)
LIMIT_MS = 300


@dataclass(frozen=True)
class Kept:
    """What a page keeps from one change of the filters to the next: areas with their outlines, people, cells."""

    snapshot: Snapshot
    wards: pd.DataFrame
    people: pd.DataFrame
    cells: pd.DataFrame


@dataclass(frozen=True)
class Case:
    """A period, its year before, and other filters, also as a person would write them."""

    title: str
    period: Period
    filters: Filters
    where: str

    @property
    def asked(self) -> Filters:
        """The shared filters of the page."""
        return self.filters.during(self.period)

    def before(self) -> Period:
        """The same period a year before."""
        return self.period.previous_year()


def run(rows: int, runs: int) -> None:
    """Print the median time of each map, warm, beside that of its bare aggregates, and their ratio."""
    with tempfile.TemporaryDirectory(prefix="hatecrime-bench-") as folder:
        os.environ["HATECRIME_KEY_FILE"] = f"{folder}/key"
        extracts = enlarged(Path(folder), rows, SPREAD)
        with (extracts / "extracts.toml").open("a") as listing:
            listing.write(POPULATIONS.format(file=data_dir() / "sample" / "populations.csv"))
        build(extracts, Path(folder) / "store")
        compare(Path(folder) / "store", runs)


def compare(store: Path, runs: int) -> None:
    """The same on a store that stands."""
    snapshot = open_snapshot(newest(store))
    kept = _kept(snapshot)
    print(f"maps of {_total(snapshot):,} incidents: a period and the same a year before, against two bare aggregates")
    for case in _cases(snapshot):
        for name, made in (("ward", _ward_map), ("square", _square_map)):
            bare, whole = _medians((partial(_bare, kept, name, case), partial(made, kept, case)), runs)
            times = f"bare: {bare:6.1f} ms    map: {whole:6.1f} ms    ratio {whole / bare:.2f}"
            print(f"  {name:6}  {case.title:20} {times}")
    print(
        f"  {len(kept.cells):,} cells of {SIZE} m cover the land; aims at 10 million incidents: ratio 2, {LIMIT_MS} ms"
    )
    snapshot.close()


def _cases(snapshot: Snapshot) -> tuple[Case, ...]:
    last = snapshot.facts.complete_to
    assert last
    year, whole = latest("12m", last), latest("all", last, FIRST_DAY)
    some = Filters(strands=("race", "religion"), crime_types=("public_order", "robbery"))
    written = "strand_mask & 3 > 0 and crime_type in ('public_order', 'robbery')"
    return (
        Case("12 months", year, Filters(), "true"),
        Case("12 months, filtered", year, some, written),
        Case("all", whole, Filters(), "true"),
    )


def _kept(snapshot: Snapshot) -> Kept:
    last = snapshot.facts.data_to
    assert last
    outlined = areas.areas(snapshot, "ward", last)
    people = fetch(snapshot, "areas/population", level="ward", year=last.year, population_group="all")
    land = shapely.union_all(outlined.geometry.dropna().to_numpy())
    cells = grid.cover(land, SIZE, "square")
    named = cells.assign(id=grid.cell_ids(cells["column"], cells["row"]), label="")
    return Kept(snapshot, areas.measured(outlined), people, named)


def _ward_map(kept: Kept, case: Case) -> pd.DataFrame:
    earlier = case.before()
    counts = fetch(
        kept.snapshot,
        "hotspots/areas",
        case.asked,
        level="ward",
        before_start=earlier.start,
        before_finish=earlier.finish,
    )
    return counted_areas(counts, kept.wards, kept.people, outlined=True)


def _square_map(kept: Kept, case: Case) -> pd.DataFrame:
    earlier = case.before()
    counts = fetch(
        kept.snapshot,
        "hotspots/cells",
        case.asked,
        size=SIZE,
        shape="square",
        inside=None,
        before_start=earlier.start,
        before_finish=earlier.finish,
    )
    return counted_cells(counts, kept.cells)


def _bare(kept: Kept, name: str, case: Case) -> None:
    cursor = kept.snapshot.connection.cursor()
    for period in (case.period, case.before()):
        dates = f"recorded_on between date '{period.start}' and date '{period.finish}'"
        cursor.execute(BARE[name].format(f"{dates} and {case.where}")).df()


def _total(snapshot: Snapshot) -> int:
    return int(fetch(snapshot, "hotspots/areas", level="region", before_start=None, before_finish=None)["n"].sum())


def _medians(works: tuple[Callable[[], object], ...], runs: int) -> list[float]:
    """They take turns, so that whatever else the machine does falls on each; the first turn only warms."""
    times: list[list[float]] = [[] for _work in works]
    for _run in range(runs + 1):
        for work, taken in zip(works, times, strict=True):
            started = time.perf_counter()
            work()
            taken.append(1000 * (time.perf_counter() - started))
    return [statistics.median(taken[1:]) for taken in times]
