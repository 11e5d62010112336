"""How the reporting centres cover a period's incidents: reach, use, and places without a centre."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from hatecrime.database import Snapshot, count, fetch
from hatecrime.filters import Filters
from hatecrime.reports.places import district_of
from hatecrime.settings import settings
from hatecrime.shape.areas import areas, per_area
from hatecrime.shape.labels import name_in_language
from hatecrime.stats.coverage import Coverage, cover
from hatecrime.stats.expected import Surprise, share_out, surprise


@dataclass(frozen=True)
class CentreCoverage:
    """
    The reporting centres beside the incidents of a period.

    centres has a row for each centre that was open in the period: what centres/open and centres/reports give,
    with label, nearest (incidents nearest to it), expected (reports, were they to follow these) and verdict;
    only centres open at the period's end count for cover, nearest and expected.
    surprises holds the same reports beside those expected, by label, for the words.
    places has area_code, label, parent, n (incidents) and centres (open at the end); without names those
    that have none.
    """

    centres: pd.DataFrame
    points: pd.DataFrame
    cover: Coverage
    surprises: dict[str, Surprise]
    places: pd.DataFrame
    without: list[str]

    @property
    def open_centres(self) -> int:
        """Centres open at the end of the period."""
        return int(self.centres["open_at_end"].sum())


def coverage(
    snapshot: Snapshot,
    filters: Filters,
    bands: tuple[int, ...] | None = None,
    detour: float | None = None,
) -> CentreCoverage:
    """
    The incidents of the filters' area beside its centres; a part of an authority has those of all of it.

    Bands and detour are those of the settings where left out.
    """
    centres = _centres(snapshot, filters)
    points = fetch(snapshot, "incidents/points", filters)
    is_open = centres["open_at_end"]
    covered = _cover(snapshot, filters, points, centres[is_open], bands, detour)
    centres.loc[is_open, "nearest"] = covered.per_centre
    surprises = _surprises(centres[is_open])
    centres["expected"] = centres["label"].map({label: found.expected for label, found in surprises.items()})
    centres["verdict"] = centres["label"].map({label: found.verdict for label, found in surprises.items()})
    places = _places(snapshot, filters, centres[is_open])
    without = places.loc[places["centres"] == 0, "label"].tolist()
    return CentreCoverage(centres, points, covered, surprises, places, without)


def _centres(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    asked: dict[str, Any] = {
        "area": district_of(snapshot, filters.area),
        "start": filters.start,
        "finish": filters.finish,
    }
    opened = fetch(snapshot, "centres/open", **asked)
    used = fetch(snapshot, "centres/reports", snapshot.everywhere(filters), **asked)
    both = opened.merge(used[["centre_id", *used.columns.difference(opened.columns)]], on="centre_id")
    return both.assign(label=_labels(both), nearest=float("nan"))


def _labels(centres: pd.DataFrame) -> pd.Series:
    """Names, with the postcode where two centres share one."""
    names = name_in_language(centres)
    shared = names.duplicated(keep=False)
    return names.mask(shared, names + ", " + centres["postcode"].fillna(centres["centre_id"]))


def _cover(
    snapshot: Snapshot,
    filters: Filters,
    points: pd.DataFrame,
    centres: pd.DataFrame,
    bands: tuple[int, ...] | None,
    detour: float | None,
) -> Coverage:
    place = ["easting", "northing"]
    covered = cover(
        points[place],
        centres[place],
        bands or settings().coverage_bands,
        weights=points["n"],
        detour=detour or settings().detour,
    )
    everywhere = int(count(snapshot, filters)["n"].iloc[0])
    return replace(covered, unplaced=float(everywhere - points["n"].sum()))


def _surprises(centres: pd.DataFrame) -> dict[str, Surprise]:
    """Each centre's reports beside its share of all, were they to follow the incidents nearest to it."""
    expected = share_out(float(centres["reports"].sum()), centres["nearest"])
    rows = zip(centres["label"], centres["reports"], expected, strict=True)
    return {label: surprise(float(reports), float(share)) for label, reports, share in rows}


def _places(snapshot: Snapshot, filters: Filters, centres: pd.DataFrame) -> pd.DataFrame:
    """The localities in view, or the authorities where there are none, with incidents and open centres."""
    on = filters.finish or snapshot.facts.complete_to or date.max
    within = district_of(snapshot, filters.area)
    level = "locality"
    places = areas(snapshot, level, on, within)
    if places.empty:
        level = "district"
        places = areas(snapshot, level, on, within)
    incidents = per_area(count(snapshot, filters, ("area",), level=level), places)
    here = incidents["area_code"].map(centres[level].value_counts())
    return incidents.assign(centres=here.fillna(0).astype("int64"))
