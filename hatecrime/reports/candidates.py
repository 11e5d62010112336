"""Venues that could become reporting centres, and what each would bring within reach."""

import pandas as pd

from hatecrime.database import Snapshot, fetch
from hatecrime.filters import Filters
from hatecrime.reports.coverage import CentreCoverage
from hatecrime.reports.places import district_of
from hatecrime.shape.labels import name_in_language
from hatecrime.stats.coverage import cover


def candidates(snapshot: Snapshot, filters: Filters, found: CentreCoverage, reach: float) -> pd.DataFrame:
    """
    The candidate venues of the area, most gain first: what centres/candidates gives, with label and gain.

    gain: incidents of the period that no open centre is within reach of (metres, as found.cover measures it),
    and this venue would be. Gains of two venues overlap, so they do not add up.
    """
    venues = fetch(snapshot, "centres/candidates", area=district_of(snapshot, filters.area))
    beyond = found.points[found.cover.distance > reach]
    places, weights = beyond[["easting", "northing"]], beyond["n"]
    gains = [
        cover(places, [site], [reach], weights, found.cover.detour).bands[0].n
        for site in venues[["easting", "northing"]].astype("float64").to_numpy()
    ]
    rows = venues.assign(label=name_in_language(venues), gain=gains)
    return rows.sort_values("gain", ascending=False, kind="stable").reset_index(drop=True)
