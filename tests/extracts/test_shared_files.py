"""Every real file is read, unedited, by a mapping that is shipped; what is refused or left out is stated here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from hatecrime.extracts.propose import propose
from tests.shared_data import FOLDER, adds_up, build_shared, needs_shared_data, shared

pytestmark = [needs_shared_data, pytest.mark.shared_data]

# Published answers for checking statistics, and figures worked out from the other files: no extracts.
NOT_EXTRACTS = ("references", "computed")
# A list of codes, read beside the crimes that use it (test_shared_incidents.py).
LOOK_UPS = ("incidents/mo_codes_matched.csv",)

# Figures and places; the other kinds of file have tests of their own (test_propose.py).
RECOGNISED = ("census2021/", "populations/", "deprivation/", "centres/", "published/", "boundaries/lookup")
# One file gives two kinds of area.
ALSO_FIT = {"lsoa_lookup": ("ward_lookup",), "ward_lookup": ("lsoa_lookup",)}


@dataclass(frozen=True)
class Read:
    """Files that one mapping reads: records made of each row, and what is refused or left empty, by reason."""

    files: str
    mapping: str
    times: int = 1
    refused: dict[str, int] = field(default_factory=dict)
    values: dict[str, int] = field(default_factory=dict)

    @property
    def paths(self) -> list[str]:
        return sorted(str(path.relative_to(FOLDER)) for path in FOLDER.glob(self.files))


READ = (
    Read("incidents/fbi_hate_crime_1999-2020.zip", "fbi"),
    Read("incidents/lapd_hate_crime_records.csv", "lapd"),
    Read("incidents/austin_hate_crimes_2017-2025.csv", "austin"),
    Read("street/gwent_2021/*.csv", "police_uk_street"),
    Read("street/2022-05-south-wales-street.csv", "police_uk_street"),
    Read("street/gmp_burglary_2016-02_2019-01.csv", "gmp_burglary_points"),
    Read("stop_and_search/*.csv", "police_uk_stop_search"),
    Read("boundaries/ward_*_generalised.geojson", "ons_wards"),
    Read("boundaries/ward_*_full_resolution.geojson", "ons_wards_full"),
    Read("boundaries/lsoa_*.geojson", "ons_lsoas"),
    Read("boundaries/local_authority_*.geojson", "ons_districts"),
    Read("boundaries/ltla24_wales_22.geojson", "ons_districts"),
    Read("boundaries/wales_lad_bilingual*.json", "welsh_authorities"),
    Read("boundaries/pfa20_england_wales.geojson", "police_force_areas"),
    Read("boundaries/council_defined_*.geojson", "localities"),
    Read("boundaries/town_centres_*.geojson", "trafford_town_centres"),
    Read("boundaries/lookups_*.csv", "lsoa_lookup"),
    Read("boundaries/lookups_*.csv", "ward_lookup"),
    Read("boundaries/lookup_ltla24_csp24_pfa24.csv", "authority_force_lookup"),
    Read("census2021/*_ethnic_group_*.csv", "census_ethnicity"),
    Read("census2021/*_religion_*.csv", "census_religion"),
    Read("census2021/*_disability_*.csv", "census_disability"),
    Read("census2021/*_gender_identity_*.csv", "census_gender_identity"),
    Read("census2021/*_sexual_orientation_*.csv", "census_sexual_orientation"),
    # Each count stands beside a row with its percentage.
    Read(
        "populations/census2021_ethnicity_ltla21_ew.csv",
        "census_2021_ethnicity_authorities",
        refused={"passed_over": 6289},
    ),
    Read("populations/lad_census2011_*.csv", "census_2011_ethnicity_authorities", times=24),
    Read("populations/pfa_census2011_*.csv", "census_2011_ethnicity_forces", times=24),
    Read("populations/mid-year*.csv", "mid_year_estimates"),
    Read("populations/population*.csv", "mid_2020_totals"),
    Read("deprivation/imd2019_england_*.csv", "deprivation_england", times=16),
    Read("deprivation/imd2019_wales_*.csv", "deprivation_wales", times=27),
    Read("centres/trafford_libraries.csv", "trafford_libraries"),
    Read("centres/trafford_community_hubs.csv", "trafford_community_hubs"),
    Read("centres/trafford_leisure_centres.csv", "trafford_leisure_centres"),
    Read("centres/trafford_general_practices.csv", "trafford_general_practices"),
    Read("centres/trafford_schools_and_colleges.csv", "trafford_schools"),
    Read("centres/trafford_metrolink_stops.csv", "trafford_metrolink_stops"),
    # Without the postcodes beside them, no centre is on the map.
    Read("centres/*_as_published.csv", "reporting_centres", values={"unknown_postcode": 8}),
    Read("postcodes/trafford_postcodes.csv", "postcode_lookup"),
    # West Midlands Police has no figure for 2023/24; "700+" is no number.
    Read("published/pfa_*.csv", "published_force_totals", times=2, refused={"missing_required": 1}),
    Read("published/other_*.csv", "published_series", refused={"bad_number": 1}),
)


def every() -> Iterator[tuple[Read, str]]:
    for read in READ:
        yield from ((read, path) for path in read.paths)


def rows(path: Path) -> int:
    """Counted without the dashboard."""
    if path.suffix in (".geojson", ".json"):
        return len(gpd.read_file(path))
    return len(pd.read_csv(path, dtype=str, low_memory=False))


@pytest.mark.parametrize(
    ("read", "path"), every(), ids=lambda given: given if isinstance(given, str) else given.mapping
)
def test_every_row_is_kept_or_its_refusal_is_stated(tmp_path: Path, read: Read, path: str) -> None:
    (extract,) = build_shared(tmp_path, (path, read.mapping)).extracts
    assert extract.read == rows(shared(path)) * read.times > 0
    assert (extract.refused, extract.values_refused, extract.collapsed) == (read.refused, read.values, 0)
    assert extract.unknown_labels == {}
    assert adds_up(extract)


@pytest.mark.parametrize("read", [r for r in READ if r.files.startswith(RECOGNISED)], ids=lambda read: read.mapping)
def test_a_file_is_recognised_as_one_that_a_shipped_mapping_reads(read: Read) -> None:
    for path in read.paths:
        assert propose(shared(path)).fits in (read.mapping, *ALSO_FIT.get(read.mapping, ()))


def test_no_file_is_left_without_a_mapping() -> None:
    covered = {path for _read, path in every()} | set(LOOK_UPS)
    files = [path for path in FOLDER.rglob("*.*") if path.is_file() and path.suffix not in (".md", ".txt")]
    extracts = {
        str(path.relative_to(FOLDER)) for path in files if path.relative_to(FOLDER).parts[0] not in NOT_EXTRACTS
    }
    assert extracts == covered


def test_all_british_files_share_one_snapshot_and_what_two_of_them_give_counts_once(tmp_path: Path) -> None:
    """Ten crimes of Gwent are listed again in a later month; two files give the population of Trafford in 2020."""
    british = [(path, read.mapping) for read, path in every() if read.mapping not in ("fbi", "lapd", "austin")]
    extracts = build_shared(tmp_path, *british).extracts
    folded: Counter[str] = Counter()
    for extract in extracts:
        folded[extract.mapping] += extract.collapsed
    assert all(adds_up(extract) for extract in extracts) and len(extracts) == len(british) == 63
    assert +folded == {"police_uk_street": 10, "mid_year_estimates": 139}
    centres = next(extract for extract in extracts if extract.mapping == "reporting_centres")
    assert (centres.kept, centres.values_refused) == (8, {})
