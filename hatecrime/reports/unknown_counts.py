"""Incidents by place, month, strand and crime group: what the search for unknown hotspots looks through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hatecrime.database import Snapshot, fetch
from hatecrime.dictionary import code_list
from hatecrime.filters import Filters
from hatecrime.periods import Period, months
from hatecrime.reports.places import district_of
from hatecrime.shape.areas import areas

Array = NDArray[np.float64]

FLAGS = ("school", "transport", "night_time", "online", "repeat_victim", "young")
ALL = "all"
# Who is counted where a strand has a population of its own.
STRAND_GROUPS: Mapping[str, tuple[str, ...]] = {
    "race": ("mixed", "asian", "black", "other_ethnicity"),
    "religion": ("muslim", "jewish", "hindu", "sikh", "buddhist"),
    "disability": ("disabled",),
    "sexual_orientation": ("gay_lesbian", "bisexual", "other_orientation"),
    "transgender": ("trans",),
}
# The first that the snapshot holds for these places is used; True where a low value means much deprivation.
DEPRIVATION: Mapping[str, bool] = {
    "imd_score": False,
    "imd_rank": True,
    "imd_decile": True,
    "imd_proportion": False,
    "imd_extent": False,
}


@dataclass(frozen=True)
class Part:
    """One kind of incident: of a strand, of a crime group, of both together, or (all empty) every incident."""

    strand: str = ""
    crime_group: str = ""

    @property
    def code(self) -> str:
        """
        Its name in keys and links.

        >>> Part("disability", "violence").code, Part().code
        ('disability.violence', 'all')
        """
        return ".".join(filter(None, [self.strand, self.crime_group])) or ALL

    @property
    def parts(self) -> int:
        """How narrow it is: 0 for all incidents, 2 for a strand within a crime group."""
        return bool(self.strand) + bool(self.crime_group)

    def overlaps(self, other: "Part") -> bool:
        """Whether the two can hold the same incidents for the same reason: one names what the other does, or all."""
        if not (self.parts and other.parts):
            return True
        same = (self.strand and self.strand == other.strand, self.crime_group and self.crime_group == other.crime_group)
        return any(same)


@dataclass(frozen=True)
class Window:
    """Months from first up to, not including, last, counted from the first month held."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """Its months."""
        return self.last - self.first

    def earlier(self, months: int) -> "Window":
        """As long, so many months before."""
        return Window(self.first - months, self.last - months)


@dataclass(frozen=True, eq=False)
class Counts:
    """
    What is recorded in each place and month.

    places has area_code, label, parent, geometry, valid_from and shown (lies in the area of the filters), in the order
    of the arrays. by_part is (part, place, month) summed up over the months, and so are flags: of each flag, how many
    carry it and for how many it is known; other is all other crime, where it is held, and strands then names those of
    the incidents that the list is about.
    """

    places: gpd.GeoDataFrame
    months: tuple[date, ...]
    parts: tuple[Part, ...]
    by_part: Array
    flags: Mapping[str, tuple[Array, Array]]
    school_or_young: Array
    other: Array | None
    strands: tuple[str, ...]
    population: Mapping[str, Array]
    deprivation: tuple[str, Array] | None

    @cached_property
    def shown(self) -> NDArray[np.bool_]:
        """Which places the list is about; the others are what they are compared with."""
        return self.places["shown"].to_numpy(dtype=bool)

    def of_parts(self, window: Window) -> Array:
        """Incidents by part and place."""
        return over(self.by_part, window)

    def total(self, window: Window) -> Array:
        """Incidents by place."""
        return np.asarray(self.of_parts(window)[0])


def over(summed: Array, window: Window) -> Array:
    """What a window holds of counts that are summed up over the months."""
    return np.asarray(summed[..., window.last] - summed[..., window.first])


def counted(snapshot: Snapshot, filters: Filters, level: str, period: Period) -> Counts:
    """Everything up to the end of the period, for the places of a level around the area of the filters."""
    places = _places(snapshot, filters, level, period)
    rows = fetch(
        snapshot,
        "unknown/counts",
        _surroundings(snapshot, filters).but(start=None, finish=period.finish),
        level=level,
        young=list(code_list("age_band").children("under_18")),
    )
    rows, other = _hate_and_other(rows, filters)
    first = _first_month(rows, period)
    held = tuple(months(Period(first, period.finish)))
    grid = _Grid(places, held)
    parts = _parts(rows)
    return Counts(
        places=places,
        months=held,
        parts=parts,
        by_part=np.stack([grid.summed(_of(rows, part)) for part in parts]),
        flags={flag: (grid.summed(rows, flag), grid.summed(rows, f"{flag}_known")) for flag in FLAGS},
        school_or_young=grid.summed(rows, "school_or_young"),
        other=None if other is None else grid.summed(other),
        strands=filters.strands if other is None else tuple(_strands()),
        population=_populations(snapshot, level, period, places),
        deprivation=_deprivation(snapshot, period, places),
    )


def points(snapshot: Snapshot, filters: Filters, level: str, period: Period, strands: tuple[str, ...]) -> pd.DataFrame:
    """Places to the metre of the incidents counted, with those of the period (n), those before, and the first day."""
    asked = _surroundings(snapshot, filters).but(start=None, finish=period.finish, strands=strands)
    return fetch(snapshot, "unknown/points", asked, level=level, start=period.start)


class _Grid:
    """Lays rows out by place and month."""

    def __init__(self, places: pd.DataFrame, held: tuple[date, ...]) -> None:
        self._places = {code: i for i, code in enumerate(places["area_code"])}
        self._months = {month: i for i, month in enumerate(held)}

    def summed(self, rows: pd.DataFrame, column: str = "n") -> Array:
        """(place, month + 1): before the first month, after it, after the second …"""
        cells = np.zeros((len(self._places), len(self._months) + 1))
        place, month = rows["area"].map(self._places), pd.to_datetime(rows["month"]).dt.date.map(self._months)
        known = (place.notna() & month.notna()).to_numpy()
        where = (place[known].astype(int).to_numpy(), month[known].astype(int).to_numpy() + 1)
        np.add.at(cells, where, rows[column].to_numpy(dtype=float)[known])
        return cells.cumsum(axis=1)


def _surroundings(snapshot: Snapshot, filters: Filters) -> Filters:
    return filters.but(area=district_of(snapshot, filters.area))


def _places(snapshot: Snapshot, filters: Filters, level: str, period: Period) -> gpd.GeoDataFrame:
    around = areas(snapshot, level, period.finish, district_of(snapshot, filters.area))
    shown = areas(snapshot, level, period.finish, filters.area)["area_code"]
    listed = fetch(snapshot, "areas/listed").set_index("area_code")["valid_from"]
    began = listed.reindex(around["area_code"]).to_numpy()
    return around.assign(shown=around["area_code"].isin(shown), valid_from=began)


def _hate_and_other(rows: pd.DataFrame, filters: Filters) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Records without a strand are other crime where they are most of what is held; else they are part of it."""
    with_strand = rows["strand_mask"] > 0
    hate, other = rows[with_strand], rows[~with_strand]
    if filters.strands or hate.empty or other["n"].sum() < hate["n"].sum():
        return rows, None
    return hate, other


def _first_month(rows: pd.DataFrame, period: Period) -> date:
    first = pd.to_datetime(rows["month"]).min()
    return period.start if pd.isna(first) else min(first.date(), period.start)


def _parts(rows: pd.DataFrame) -> tuple[Part, ...]:
    """Every incident, then each strand, each crime group, and each pair that occurs."""
    strands = [code for code in _strands() if (rows["strand_mask"] & _bit(code)).any()]
    groups = sorted(rows["crime_group"].dropna().unique())
    pairs = [Part(strand, group) for strand in strands for group in groups]
    pairs = [pair for pair in pairs if len(_of(rows, pair))]
    return (Part(), *(Part(strand) for strand in strands), *(Part("", group) for group in groups), *pairs)


def _of(rows: pd.DataFrame, part: Part) -> pd.DataFrame:
    if part.strand:
        rows = rows[(rows["strand_mask"] & _bit(part.strand)) > 0]
    return rows[rows["crime_group"] == part.crime_group] if part.crime_group else rows


def _strands() -> list[str]:
    known = code_list("strand")
    return [code for code in known if known[code].extras.get("bit")]


def _bit(strand: str) -> int:
    return code_list("strand").bit(strand)


def _populations(snapshot: Snapshot, level: str, period: Period, places: pd.DataFrame) -> dict[str, Array]:
    """Residents of each place, all and those whom a strand is about; a group only where it is published for all."""
    found = {ALL: _people(snapshot, level, period, places, ALL)}
    for strand, groups in STRAND_GROUPS.items():
        each = [_people(snapshot, level, period, places, group) for group in groups]
        published = [people for people in each if len(people) and np.isfinite(people).all()]
        if published:
            found[strand] = np.sum(published, axis=0)
    return found


def _people(snapshot: Snapshot, level: str, period: Period, places: pd.DataFrame, group: str) -> Array:
    rows = fetch(snapshot, "areas/population", level=level, year=period.finish.year, population_group=group)
    return _aligned(rows.set_index("area_code")["n"], places)


def _deprivation(snapshot: Snapshot, period: Period, places: pd.DataFrame) -> tuple[str, Array] | None:
    rows = fetch(snapshot, "unknown/measures", measures=list(DEPRIVATION), year=period.finish.year)
    for measure, low_is_deprived in DEPRIVATION.items():
        values = _aligned(rows[rows["measure"] == measure].set_index("area_code")["value"], places)
        if len(values) and np.isfinite(values).mean() > 0.5:
            return measure, -values if low_is_deprived else values
    return None


def _aligned(values: "pd.Series[Any]", places: pd.DataFrame) -> Array:
    return places["area_code"].map(values).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
