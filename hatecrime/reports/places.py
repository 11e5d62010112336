"""What reports need to know of an area besides its code."""

import pandas as pd

from hatecrime.access import lies_in
from hatecrime.database import Snapshot, fetch
from hatecrime.i18n import _
from hatecrime.shape.labels import name_in_language

FINER_THAN_DISTRICT = ("lsoa", "ward", "locality")


def area_label(snapshot: Snapshot, area: str | None) -> str:
    """The name of an area in the language in use; its code where the snapshot does not have it."""
    if area is None:
        return _("All areas")
    listed = fetch(snapshot, "areas/listed")
    found = name_in_language(listed[listed["area_code"] == area])
    return str(found.iloc[0]) if len(found) else area


def district_of(snapshot: Snapshot, area: str | None) -> str | None:
    """The local authority around a part of one, as far as the user may look; any other area as it is."""
    listed = fetch(snapshot, "areas/listed").set_index("area_code")
    # One step up for each finer level and no more: in a faulty file, areas can lie in each other.
    for _step in FINER_THAN_DISTRICT:
        if area not in listed.index or listed.at[area, "level"] not in FINER_THAN_DISTRICT:
            break
        parent = listed.at[area, "parent"]
        if pd.isna(parent) or not lies_in(str(parent), snapshot.areas):
            break
        area = str(parent)
    return area
