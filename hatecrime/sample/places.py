"""Areas and venues carried for the sample (carried/README.md names the sources)."""

from pathlib import Path

import pandas as pd

CARRIED = Path(__file__).parent / "carried"
TRAFFORD = "E08000009"
WALES = "W92000004"
FORCES = {
    "W15000001": ("North Wales", "Gogledd Cymru"),
    "W15000002": ("Gwent", "Gwent"),
    "W15000003": ("South Wales", "De Cymru"),
    "W15000004": ("Dyfed-Powys", "Dyfed-Powys"),
}
LOCALITIES = {f"{TRAFFORD}-{name.lower()}": name for name in ("Central", "North", "South", "West")}


def carried(name: str) -> pd.DataFrame:
    """One carried table, everything as written except numbers."""
    return pd.read_csv(CARRIED / f"{name}.csv", keep_default_na=False)
