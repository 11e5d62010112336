"""What reports need to know of an area besides its code."""

import pandas as pd

from hatecrime.database import Snapshot, fetch
from hatecrime.i18n import _
from hatecrime.shape.labels import name_in_language

FINER_THAN_DISTRICT = ("lsoa", "ward", "locality")


def area_label(snapshot: Snapshot, area: str | None) -> str:
    """The name of an area in the language in use; its code where the snapshot does not have it."""
    if area is None:
        return _("All areas")
    found = _listed(snapshot, area)
    return str(name_in_language(found).iloc[0]) if len(found) else area


def is_finer_than_district(snapshot: Snapshot, area: str | None) -> bool:
    """Whether the area is a part of a local authority."""
    return bool(_listed(snapshot, area)["level"].isin(FINER_THAN_DISTRICT).any())


def district_of(snapshot: Snapshot, area: str | None) -> str | None:
    """The local authority around an area that is a part of one; any other area as it is."""
    while is_finer_than_district(snapshot, area):
        parent = _listed(snapshot, area)["parent"].iloc[0]
        if pd.isna(parent):
            return area
        area = str(parent)
    return area


def _listed(snapshot: Snapshot, area: str | None) -> pd.DataFrame:
    listed = fetch(snapshot, "areas/listed")
    return listed[listed["area_code"] == area]
