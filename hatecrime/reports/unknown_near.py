"""What is near a place: open reporting centres, and venues such as schools and libraries."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from hatecrime.database import Snapshot, fetch
from hatecrime.filters import Filters
from hatecrime.periods import Period
from hatecrime.reports.places import district_of
from hatecrime.reports.unknown_counts import Counts
from hatecrime.shape.labels import name_in_language

# About half an hour on foot; straight lines.
NEAR_METRES = 2000
MOST = 4
CENTRE, VENUE, SCHOOL = "centre", "venue", "school_college"


@dataclass(frozen=True, eq=False)
class Nearby:
    """Centres and venues with a position: kind, id, venue_type, label, easting, northing."""

    listed: pd.DataFrame

    def around(self, spot: tuple[float, float] | None, schools_first: bool = False) -> tuple[dict[str, Any], ...]:
        """The nearest with their metres: centres before venues, or schools before all others where asked for."""
        if spot is None or self.listed.empty:
            return ()
        away = self.listed[["easting", "northing"]].to_numpy(dtype=float) - np.array(spot)
        found = self.listed.assign(metres=np.hypot(*away.T).round())
        found = found[found["metres"] <= NEAR_METRES]
        first = (found["venue_type"] == SCHOOL) if schools_first else (found["kind"] == CENTRE)
        nearest = found.assign(first=~first).sort_values(["first", "metres", "label"], kind="stable")
        return tuple(nearest[["kind", "id", "venue_type", "label", "metres"]].head(MOST).to_dict("records"))


def nearby(snapshot: Snapshot, filters: Filters, period: Period) -> Nearby:
    """The open centres and the candidate venues around the area of the filters."""
    area = district_of(snapshot, filters.area)
    centres = fetch(snapshot, "centres/open", area=area, start=period.start, finish=period.finish)
    venues = fetch(snapshot, "centres/candidates", area=area)
    centres = centres[centres["open_at_end"]].assign(kind=CENTRE, id=lambda rows: rows["centre_id"])
    venues = venues.assign(kind=VENUE, id=lambda rows: rows["venue_id"])
    columns = ["kind", "id", "venue_type", "label", "easting", "northing"]
    listed = [rows.assign(label=name_in_language(rows))[columns] for rows in (centres, venues) if len(rows)]
    both = pd.concat(listed, ignore_index=True) if listed else pd.DataFrame(columns=columns)
    return Nearby(both.dropna(subset=["easting", "northing"]))


def middles(points: pd.DataFrame, counts: Counts) -> dict[str, tuple[float, float]]:
    """The middle of the incidents of each place in the period, or of the place itself where none has a point."""
    drawn = counts.places[counts.places.geometry.notna() & ~counts.places.geometry.is_empty]
    inside = shapely.point_on_surface(drawn.geometry.to_numpy())
    found = dict(zip(drawn["area_code"], zip(shapely.get_x(inside), shapely.get_y(inside), strict=True), strict=True))
    now = points[points["n"] > 0]
    weighted = now.assign(x=now["easting"] * now["n"], y=now["northing"] * now["n"])
    sums = weighted.groupby("area")[["x", "y", "n"]].sum()
    return {**found, **{str(row.Index): (row.x / row.n, row.y / row.n) for row in sums.itertuples()}}
