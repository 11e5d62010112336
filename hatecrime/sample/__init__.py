"""A believable synthetic set of extracts: Trafford and the four Welsh forces, April 2013 to March 2017.

Everything is a pure function of the seed, the scale and whether signals are planted. `calibration.toml` holds
the figures it is calibrated to, `carried/` the places it happens in.
"""

import json
from pathlib import Path
from typing import Any

from hatecrime.sample import centres, gmp, reference, wales
from hatecrime.sample.calibration import Recipe, recipe
from hatecrime.sample.geometry import (
    snap_points,
    trafford_cells,
    trafford_outlines,
    wales_outlines,
    write_outlines,
)
from hatecrime.sample.referrals import SupportCentre
from hatecrime.sample.truth import truth

SEED = 2017
MAPPINGS = {
    "trafford_district.geojson": "sample_areas",
    "trafford_localities.geojson": "sample_areas",
    "trafford_wards.geojson": "sample_areas",
    "trafford_lsoas.geojson": "sample_areas",
    "wales_forces.geojson": "sample_areas",
    "wales_authorities.geojson": "sample_areas",
    "populations.csv": "sample_populations",
    "gmp_incidents.csv": "sample_gmp_incidents",
    "wales_incidents.csv": "sample_wales_incidents",
    "referrals.csv": "sample_referrals",
    "reporting_centres.csv": "sample_reporting_centres",
    "candidate_venues.csv": "sample_candidate_venues",
    "centre_contacts.csv": "sample_centre_contacts",
    "centre_surveys.csv": "sample_centre_surveys",
    "court_results.csv": "sample_court_results",
    "stop_search.csv": "sample_stop_search",
}
README = """# SYNTHETIC sample

Made up by `hatecrime sample --seed {seed}`{options}.
No row describes a real incident, person, contact or search.
Every file says so in its column "Data status" and in `extracts.toml`.

- Volumes, mixes, seasons, lags and outcomes follow published figures where there are any.
- Areas, their names and populations are real, and so are the names and places of the reporting centres and
  venues; what is said about their hours, leads, contacts, reports and users is made up.
- Outlines are approximate: a tessellation of LSOA centroids for Trafford, 5 km squares for Wales.
- `truth.json` names every planted signal and fault. It is not an extract.

Contains National Statistics data and OS data © Crown copyright and database right, under the Open Government
Licence v3.
"""


def write(out: Path, seed: int, scale: float = 1.0, signals: bool = True) -> dict[str, Any]:
    """Write the whole sample into a folder; what was planted is returned and written to truth.json."""
    out.mkdir(parents=True, exist_ok=True)
    asked = recipe(seed, scale, signals)
    rows = _outlines(out)
    points, open_centres = snap_points(trafford_cells()), centres.open_centres(asked)
    trafford = gmp.write(asked, out / "gmp_incidents.csv", points, open_centres)
    support = SupportCentre(asked, out / "referrals.csv")
    with support.extract:
        welsh, welsh_rows = wales.write(asked, out / "wales_incidents.csv", support.hear)
    rows |= centres.write(open_centres, out) | reference.write(asked, out, points)
    extracts = {"gmp_incidents.csv": trafford, "wales_incidents.csv": welsh, "referrals.csv": support.extract}
    planted = truth(asked, extracts, rows, welsh_rows)
    _describe(asked, out, planted)
    return planted


def _outlines(out: Path) -> dict[str, int]:
    trafford, welsh = trafford_outlines(), wales_outlines()
    files = {
        "trafford_district": (trafford["district"], "district"),
        "trafford_localities": (trafford["locality"], "locality"),
        "trafford_wards": (trafford["ward"], "ward"),
        "trafford_lsoas": (trafford["lsoa"], "lsoa"),
        "wales_forces": (welsh["force"], "force"),
        "wales_authorities": (welsh["district"], "district"),
    }
    return {
        f"{name}.geojson": write_outlines(out / f"{name}.geojson", outlines, level)
        for name, (outlines, level) in files.items()
    }


def _describe(asked: Recipe, out: Path, planted: dict[str, Any]) -> None:
    """The files that say what the sample is and how to load it."""
    options = ("" if asked.scale == 1 else f" at scale {asked.scale:g}") + ("" if asked.signals else " without signals")
    (out / "README.md").write_text(README.format(seed=asked.seed, options=options), "utf-8")
    (out / "truth.json").write_text(json.dumps(planted, indent=1) + "\n", "utf-8")
    received = asked.figures["received"]
    entries = [
        f'[[extract]]\nfile = "{file}"\nmapping = "{mapping}"\nreceived = {received}\n'
        for file, mapping in MAPPINGS.items()
    ]
    made = f'# SYNTHETIC: made up by "hatecrime sample --seed {asked.seed}"'
    head = f'{made}\nsynthetic = true\ncrs = "EPSG:27700"\n'
    (out / "extracts.toml").write_text("\n".join([head, *entries]), "utf-8")
