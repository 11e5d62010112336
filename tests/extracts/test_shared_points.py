"""Street-level crime, burglary points and stop and search, each counted straight from the files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
import pytest

from tests.extracts.workshop import Built
from tests.shared_data import adds_up, build_shared, needs_shared_data, shared

pytestmark = [needs_shared_data, pytest.mark.shared_data]

NOT_THE_SAME_NAME = {
    "Anti-social behaviour": "anti_social_behaviour",
    "Bicycle theft": "bicycle_theft",
    "Burglary": "burglary",
    "Criminal damage and arson": "criminal_damage_arson",
    "Drugs": "drugs",
    "Other crime": "other",
    "Other theft": "other_theft",
    "Possession of weapons": "weapons",
    "Public order": "public_order",
    "Robbery": "robbery",
    "Shoplifting": "shoplifting",
    "Theft from the person": "theft_from_person",
    "Vehicle crime": "vehicle_crime",
    "Violence and sexual offences": "violence",
}


def loaded(folder: Path, *files: tuple[str, str]) -> Built:
    report = build_shared(folder, *files)
    return Built(report, Path(report.snapshot))


def source(file: str) -> pd.DataFrame:
    read = pd.read_csv(shared(file), dtype=str, keep_default_na=False)
    return read.rename(columns={"longitude": "Longitude", "latitude": "Latitude"})


def months_and_types(built: Built) -> Counter[tuple[str, str]]:
    rows = built.rows("incident", "recorded_on", "crime_type")
    assert {day.day for day, _type in rows} == {1}
    return Counter((f"{day:%Y-%m}", crime_type) for day, crime_type in rows)


class TestGwent:
    """Twelve months, each a file."""

    @pytest.fixture(scope="class")
    def gwent(self, own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
        return loaded(
            tmp_path_factory.mktemp("gwent"),
            ("street/gwent_2021/*.csv", "police_uk_street"),
            ("boundaries/wales_lad_bilingual.json", "welsh_authorities"),
        )

    @pytest.fixture(scope="class")
    def file(self) -> pd.DataFrame:
        months = sorted(shared("street/gwent_2021").glob("*.csv"))
        return pd.concat([source(f"street/gwent_2021/{m.name}") for m in months], ignore_index=True)

    @pytest.fixture(scope="class")
    def last(self, file: pd.DataFrame) -> pd.DataFrame:
        """The file as it stands once a crime that is listed again counts in its latest month only."""
        return file[(file["Crime ID"] == "") | ~file["Crime ID"].duplicated(keep="last")]

    def test_months_and_crime_types_equal_a_count_from_the_files(self, gwent: Built, last: pd.DataFrame) -> None:
        expected = Counter((m, NOT_THE_SAME_NAME[t]) for m, t in zip(last["Month"], last["Crime type"], strict=True))
        assert months_and_types(gwent) == expected

    def test_only_the_ten_crimes_listed_again_are_folded(self, gwent: Built, file: pd.DataFrame) -> None:
        months = [e for e in gwent.report.extracts if e.mapping == "police_uk_street"]
        assert all(adds_up(month) for month in months)
        assert sum(m.read for m in months) == len(file) == 60_863
        assert sum(m.collapsed for m in months) == sum(m.updated for m in months) == 10
        assert sum(sum(m.refused.values()) + sum(m.values_refused.values()) for m in months) == 0

    def test_no_row_without_a_crime_id_is_lost(self, gwent: Built, file: pd.DataFrame) -> None:
        assert gwent.column("incident", "ref").count(None) == (file["Crime ID"] == "").sum() == 17_574

    def test_anti_social_behaviour_is_no_crime(self, gwent: Built) -> None:
        counted = Counter(gwent.rows("incident", "kind", "crime_type"))
        assert {t for (kind, t) in counted if kind == "non_crime"} == {"anti_social_behaviour"}
        assert ("crime", "anti_social_behaviour") not in counted

    def test_output_areas_stand_as_the_file_gives_them_english_ones_too(self, gwent: Built, last: pd.DataFrame) -> None:
        assert Counter(gwent.column("incident", "lsoa")) == Counter(c or None for c in last["LSOA code"])
        names = dict(gwent.rows("area", "area_code", "name_en"))
        assert names["W01001440"] == "Blaenau Gwent 001A"
        assert any(code.startswith("E01") for code in names)

    def test_the_month_is_whole_to_its_last_day(self, gwent: Built) -> None:
        assert [str(d) for d in gwent.column("snapshot", "complete_to")] == ["2021-12-31"]

    def test_authorities_have_the_points_inside_their_outlines(self, gwent: Built, last: pd.DataFrame) -> None:
        outlines = gpd.read_file(shared("boundaries/wales_lad_bilingual.json")).to_crs("EPSG:27700")
        outlines.geometry = outlines.make_valid()
        placed = last[last["Longitude"] != ""]
        x, y = (placed[axis].astype(float) for axis in ("Longitude", "Latitude"))
        points = gpd.GeoSeries.from_xy(x, y, crs="EPSG:4326")
        inside = gpd.sjoin(points.to_frame("geometry").to_crs("EPSG:27700"), outlines, predicate="intersects")
        assert not inside.index.duplicated().any()
        counted = Counter(gwent.column("incident", "district"))
        assert counted.pop(None) == len(last) - len(inside)
        assert counted == Counter(inside["LAD13CD"])

    def test_no_outcome_is_claimed_where_none_is_known(self, gwent: Built, last: pd.DataFrame) -> None:
        outcomes = Counter(gwent.column("incident", "outcome"))
        said = Counter(last["Last outcome category"])
        assert outcomes["18"] == said["Investigation complete; no suspect identified"]
        assert outcomes[None] == said[""] + said["Unable to prosecute suspect"] + said["Status update unavailable"]

    def test_there_are_no_strands(self, gwent: Built) -> None:
        assert gwent.column("incident_strand", "strand") == []
        assert set(gwent.column("incident", "strand_mask")) == {0}


class TestSouthWales:
    """One month whose headers are in lower case."""

    FILE = "street/2022-05-south-wales-street.csv"

    @pytest.fixture(scope="class")
    def month(self, own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
        return loaded(tmp_path_factory.mktemp("south"), (self.FILE, "police_uk_street"))

    def test_crime_types_equal_a_count_from_the_file(self, month: Built) -> None:
        file = source(self.FILE)
        expected = Counter(("2022-05", NOT_THE_SAME_NAME[t]) for t in file["Crime type"])
        assert months_and_types(month) == expected
        assert month.extract.kept == len(file) == 11_401

    def test_448_have_no_place_and_count_all_the_same(self, month: Built) -> None:
        assert month.column("incident", "easting").count(None) == 448
        assert Counter(month.column("incident", "location_precision"))["snapped"] == 11_401 - 448

    def test_the_force_comes_with_its_nation(self, month: Built) -> None:
        assert set(month.rows("incident", "force", "region")) == {("W15000003", "W92000004")}


class TestBurglaries:
    """Three years of points on the wards of their time, in full resolution."""

    @pytest.fixture(scope="class")
    def burglaries(self, own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
        return loaded(
            tmp_path_factory.mktemp("burglaries"),
            ("street/gmp_burglary_2016-02_2019-01.csv", "gmp_burglary_points"),
            ("boundaries/ward_2017_trafford_ward_full_resolution.geojson", "ons_wards_full"),
        )

    @pytest.fixture(scope="class")
    def wards(self) -> gpd.GeoDataFrame:
        return gpd.read_file(shared("boundaries/ward_2017_trafford_ward_full_resolution.geojson")).to_crs("EPSG:27700")

    @pytest.fixture(scope="class")
    def points(self) -> gpd.GeoDataFrame:
        file = pd.read_csv(shared("street/gmp_burglary_2016-02_2019-01.csv"))
        places = gpd.GeoSeries.from_xy(file["Longitude"], file["Latitude"], crs="EPSG:4326").to_crs("EPSG:27700")
        return gpd.GeoDataFrame(file, geometry=places)

    def test_each_ward_and_month_equals_a_spatial_join(
        self, burglaries: Built, wards: gpd.GeoDataFrame, points: gpd.GeoDataFrame
    ) -> None:
        joined = gpd.sjoin(points, wards, predicate="within")
        expected = Counter(zip(joined["area_code"], joined["Month"], strict=True))
        rows = burglaries.rows("incident", "ward", "recorded_on")
        assert Counter((ward, f"{day:%Y-%m}") for ward, day in rows if ward) == expected
        assert len({ward for ward, _month in expected}) == 21

    def test_the_wards_add_up_to_the_points_inside_the_borough(
        self, burglaries: Built, wards: gpd.GeoDataFrame, points: gpd.GeoDataFrame
    ) -> None:
        in_wards = sum(ward is not None for ward in burglaries.column("incident", "ward"))
        assert in_wards == points.within(wards.union_all()).sum() > 0

    def test_all_92666_records_are_kept(self, burglaries: Built) -> None:
        assert burglaries.extract.kept == burglaries.extract.read == 92_666

    def test_the_line_above_a_ward_follows_from_it(self, burglaries: Built) -> None:
        rows = burglaries.rows("incident", "ward", "locality", "district", "force", "region")
        above = {ward: line for ward, *line in rows if ward}
        assert above["E05000829"] == ["E08000009-north", "E08000009", "E23000005", "E12000002"]


class TestStopAndSearch:
    FILES = (
        "stop_and_search/gmp_stop_and_search_2016-03_2019-02.csv",
        "stop_and_search/2019-06-greater-manchester-stop-and-search.csv",
    )

    @pytest.fixture(scope="class")
    def searches(self, own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
        return loaded(tmp_path_factory.mktemp("searches"), *((f, "police_uk_stop_search") for f in self.FILES))

    @pytest.fixture(scope="class")
    def file(self) -> pd.DataFrame:
        return pd.concat([source(f) for f in self.FILES], ignore_index=True)

    def test_exact_repeats_are_kept(self, searches: Built, file: pd.DataFrame) -> None:
        assert [e.kept for e in searches.report.extracts] == [9_421, 907]
        assert file.duplicated().sum() >= 766 + 61
        assert all(e.values_refused == {} for e in searches.report.extracts)

    def test_times_are_local_across_the_start_of_june(self, searches: Built, file: pd.DataFrame) -> None:
        local = pd.to_datetime(file["Date"], utc=True).dt.tz_convert(ZoneInfo("Europe/London")).dt.tz_localize(None)
        assert Counter(searches.column("stop_search", "searched_on")) == Counter(local.dt.to_pydatetime())
        june = [t for t in searches.column("stop_search", "searched_on") if (t.year, t.month) == (2019, 6)]
        assert len(june) == 907

    def test_both_codings_of_ethnicity_meet_in_one_list(self, searches: Built, file: pd.DataFrame) -> None:
        counted = Counter(searches.column("stop_search", "self_ethnicity"))
        said = file["Self-defined ethnicity"]
        assert counted["white_british"] == said.str.contains("White British|English/Welsh").sum()
        assert counted["asian_pakistani"] == said.str.contains("Pakistani").sum()
        assert counted["not_stated"] == said.isin(["Not Stated (NS)", "Other ethnic group - Not stated"]).sum()
        assert counted[None] == (said == "").sum()

    def test_both_codings_of_outcomes_meet_in_one_list(self, searches: Built, file: pd.DataFrame) -> None:
        counted = Counter(searches.column("stop_search", "outcome"))
        assert counted["arrest"] == file["Outcome"].isin(["Arrest", "Suspect arrested"]).sum()
        assert counted["no_further_action"] == file["Outcome"].str.contains("no further action").sum()
        assert None not in counted

    def test_an_unanswered_flag_is_neither_yes_nor_no(self, searches: Built, file: pd.DataFrame) -> None:
        linked = Counter(searches.column("stop_search", "outcome_linked"))
        said = Counter(file["Outcome linked to object of search"])
        assert linked == {True: said["True"], False: said["False"], None: said[""]}

    def test_only_those_with_a_place_are_on_the_map(self, searches: Built, file: pd.DataFrame) -> None:
        assert searches.column("stop_search", "easting").count(None) == (file["Latitude"] == "").sum() == 107
