"""Real incident files, each counted straight from the file beside the snapshot."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from hatecrime.settings import data_dir
from tests.extracts.workshop import Built
from tests.shared_data import adds_up, build_shared, needs_shared_data, shared

pytestmark = [needs_shared_data, pytest.mark.shared_data]


def loaded(folder: Path, file: str, mapping: str) -> Built:
    report = build_shared(folder, (file, mapping))
    return Built(report, Path(report.snapshot))


def source(file: str) -> pd.DataFrame:
    return pd.read_csv(shared(file), dtype=str, keep_default_na=False, low_memory=False)


class TestFbi:
    FILE = "incidents/fbi_hate_crime_1999-2020.zip"

    @pytest.fixture(scope="class")
    def fbi(self, own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
        return loaded(tmp_path_factory.mktemp("fbi"), self.FILE, "fbi")

    @pytest.fixture(scope="class")
    def file(self) -> pd.DataFrame:
        return source(self.FILE)

    def test_every_incident_is_kept_and_nothing_is_refused(self, fbi: Built) -> None:
        assert fbi.extract.kept == fbi.extract.read == 162_010
        assert fbi.extract.values_refused == {}
        assert fbi.extract.unused_entries == []

    def test_years_equal_a_count_from_the_file(self, fbi: Built, file: pd.DataFrame) -> None:
        years = Counter(day.year for day in fbi.column("incident", "recorded_on"))
        assert years == Counter(int(year) for year in file["DATA_YEAR"])
        assert sorted(years) == list(range(1999, 2021))
        assert years[2001] == 9_730

    def test_980_incidents_have_more_than_one_bias(self, fbi: Built, file: pd.DataFrame) -> None:
        per_incident = Counter(fbi.column("incident_strand", "incident_id"))
        assert sum(1 for n in per_incident.values() if n > 1) == 980
        assert file["BIAS_DESC"].str.contains(";").sum() == 980

    def test_every_bias_is_its_own_sub_strand(self, fbi: Built, file: pd.DataFrame) -> None:
        named = [b.strip() for cell in file["BIAS_DESC"] for b in cell.split(";")]
        counted = Counter(fbi.column("incident_strand", "label"))
        assert counted == Counter(b for b in named if not b.startswith("Unknown"))
        pairs = set(fbi.rows("incident_strand", "strand", "sub_strand"))
        assert len(pairs) == len(counted) == 34
        assert ("gender", "female") in pairs and ("gender", "male") in pairs

    def test_states_become_regions_with_their_names(self, fbi: Built, file: pd.DataFrame) -> None:
        expected = Counter("US-" + state for state in file["STATE_ABBR"])
        assert Counter(fbi.column("incident", "region")) == expected
        areas = dict(fbi.rows("area", "area_code", "name_en"))
        assert areas["US-CA"] == "California" and areas["US-GM"] == "Guam"

    def test_the_crime_type_is_that_of_the_first_offence_that_says_something(
        self, fbi: Built, file: pd.DataFrame
    ) -> None:
        first = [next((o for o in cell.split(";") if o != "Not Specified"), None) for cell in file["OFFENSE_NAME"]]
        counted = Counter(fbi.column("incident", "crime_type"))
        assert counted["arson"] == first.count("Arson")
        assert counted["public_order"] == first.count("Intimidation")
        assert counted[None] == first.count(None)


class TestLosAngeles:
    FILE = "incidents/lapd_hate_crime_records.csv"

    @pytest.fixture(scope="class")
    def lapd(self, own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
        return loaded(tmp_path_factory.mktemp("lapd"), self.FILE, "lapd")

    @pytest.fixture(scope="class")
    def file(self) -> pd.DataFrame:
        return source(self.FILE)

    def test_all_577_rows_are_accounted_for(self, lapd: Built) -> None:
        assert lapd.extract.read == 577
        assert adds_up(lapd.extract)
        assert lapd.extract.kept == 577

    def test_days_are_the_local_ones_and_times_those_of_the_time_column(self, lapd: Built, file: pd.DataFrame) -> None:
        assert Counter(map(str, lapd.column("incident", "recorded_on"))) == Counter(file["Date Rp Td"].str[:10])
        moments = file["Date Occ"].str[:10] + " " + file["Time Occ"].str[:2] + ":" + file["Time Occ"].str[2:] + ":00"
        assert Counter(map(str, lapd.column("incident", "occurred_from"))) == Counter(moments)

    def test_motives_come_out_of_the_codes(self, lapd: Built, file: pd.DataFrame) -> None:
        codes = [set(cell.split()) for cell in file["Mo Codes"]]
        subs = Counter(lapd.column("incident_strand", "sub_strand"))
        assert subs["black"] == sum("1514" in c for c in codes)
        assert subs["jewish"] == sum("1528" in c for c in codes)
        assert subs["gay"] == sum("1536" in c for c in codes)
        racial = {str(n) for n in range(1511, 1521)} | {"2055"}
        masks = lapd.column("incident", "strand_mask")
        assert sum(mask & 1 for mask in masks) == sum(bool(c & racial) for c in codes)
        motives = {str(n) for n in range(1505, 1540)} | {str(n) for n in range(2053, 2059)}
        assert masks.count(0) == sum(not c & motives for c in codes)

    def test_the_list_of_codes_of_the_police_gives_the_same_motives(self, lapd: Built, tmp_path: Path) -> None:
        """The shipped mapping says what the codes mean; here the labels of the published list say it."""
        built = loaded(tmp_path, self.FILE, str(self.mapping_by_label(tmp_path)))
        assert built.rows("incident", "ref", "strand_mask") == lapd.rows("incident", "ref", "strand_mask")
        subs = [Counter(each.column("incident_strand", "sub_strand")) for each in (built, lapd)]
        assert subs[0] == subs[1]
        assert ("Bias: Anti-Jewish",) in built.rows("incident_strand", "label")
        assert "[values.strand] 'bias: anti-black or african american'" in built.extract.unused_entries

    def mapping_by_label(self, folder: Path) -> Path:
        """The shipped mapping with labels in place of codes; the list spells one label in two ways.

        Two labels that say what a suspect was ("Transgender", "Bisexual") would be taken for strands: they mean none.
        """
        with shared("incidents/mo_codes_matched.csv").open(encoding="utf-8-sig", newline="") as stream:
            labels = {(code, label.strip()) for code, label in csv.reader(stream)}
        head, _mark, rest = (
            (data_dir() / "mappings" / "lapd.toml").read_text(encoding="utf-8").partition("[values.strand]\n")
        )
        listed, _mark, tail = rest.partition("\n\n")
        meant = dict(line.split(" = ") for line in listed.splitlines())
        lines = [f'"{label}" = {meant[quoted]}' for code, label in sorted(labels) if (quoted := f'"{code}"') in meant]
        look_up = '[look_up.strand]\nfile = "mo_codes_matched.csv"\nfrom = "code"\nto = "label"\n'
        look_up += 'header = ["code", "label"]\n'
        mapping = folder / "by_label.toml"
        suspects = ['"Transgender" = ""', '"Bisexual" = ""']
        listed = "\n".join([*lines, *suspects, f"otherwise = {meant['otherwise']}"])
        mapping.write_text(f"{head}{look_up}\n[values.strand]\n{listed}\n\n{tail}", encoding="utf-8")
        return mapping

    def test_alone_they_are_measured_in_metres_of_their_own_zone(self, lapd: Built) -> None:
        assert lapd.column("snapshot", "crs") == ["EPSG:26911"]
        places = lapd.rows("incident", "easting", "northing")
        assert all(330_000 < e < 400_000 and 3_720_000 < n < 3_820_000 for e, n in places)

    def test_beside_british_records_they_are_off_the_map_and_said_to_be(self, tmp_path: Path) -> None:
        british = ("street/2022-05-south-wales-street.csv", "police_uk_street")
        report = build_shared(tmp_path, (self.FILE, "lapd"), british)
        first = report.extracts[0]
        assert first.kept == 577
        assert first.values_refused == {"outside_projection": 577}

    def test_an_age_of_nought_is_not_known(self, lapd: Built, file: pd.DataFrame) -> None:
        bands = Counter(lapd.column("incident", "victim_age_band"))
        ages = pd.to_numeric(file["Vict Age"])
        assert bands[None] == (ages == 0).sum()
        assert bands["18_24"] == ages.between(18, 24).sum()
        assert bands["65_plus"] == (ages >= 65).sum()
        assert "under_18" not in bands

    def test_divisions_are_localities(self, lapd: Built, file: pd.DataFrame) -> None:
        assert Counter(lapd.column("incident", "locality")) == Counter("LAPD-" + name for name in file["Area Name"])


class TestAustin:
    FILE = "incidents/austin_hate_crimes_2017-2025.csv"

    @pytest.fixture(scope="class")
    def austin(self, own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
        return loaded(tmp_path_factory.mktemp("austin"), self.FILE, "austin")

    @pytest.fixture(scope="class")
    def file(self) -> pd.DataFrame:
        return source(self.FILE)

    def test_both_ways_of_writing_dates_are_read(self, austin: Built, file: pd.DataFrame) -> None:
        expected = Counter(f"{d[6:10]}-{d[:2]}-{d[3:5]}" for d in file["Date of Incident"])
        assert Counter(map(str, austin.column("incident", "recorded_on"))) == expected
        assert austin.extract.values_refused == {}

    def test_the_two_offences_of_one_incident_number_are_both_kept(self, austin: Built) -> None:
        assert austin.extract.kept == austin.extract.read == 266
        repeated = [ref for ref, n in Counter(austin.column("incident", "ref")).items() if n > 1]
        types = [t for t, ref in austin.rows("incident", "crime_type", "ref") if ref in repeated]
        assert sorted(types) == ["violence", "violence_with_injury"]

    def test_biases_joined_by_semicolon_or_stroke_are_parted(self, austin: Built, file: pd.DataFrame) -> None:
        assert file["Bias"].nunique() == 36
        several = [n for n in Counter(austin.column("incident_strand", "incident_id")).values() if n > 1]
        joined = file["Bias"].str.contains(";") | (file["Bias"] == "Anti-White/Anti-Hispanic or Latino")
        assert len(several) == joined.sum() == 7
        assert austin.column("incident", "strand_mask").count(0) == 0

    def test_spellings_of_one_bias_are_one_sub_strand(self, austin: Built, file: pd.DataFrame) -> None:
        black = file["Bias"].str.contains("Anti-Black")
        assert austin.column("incident_strand", "sub_strand").count("black") == black.sum() == 69

    def test_council_districts_are_wards_with_names(self, austin: Built, file: pd.DataFrame) -> None:
        expected = Counter("AUS-" + d if d else None for d in file["Council District"])
        assert Counter(austin.column("incident", "ward")) == expected
        assert dict(austin.rows("area", "area_code", "name_en"))["AUS-9"] == "Council District 9"
        assert "AUS-" not in austin.column("area", "area_code")


def test_the_three_american_files_share_one_snapshot(tmp_path: Path) -> None:
    files = ((TestFbi.FILE, "fbi"), (TestLosAngeles.FILE, "lapd"), (TestAustin.FILE, "austin"))
    report = build_shared(tmp_path, *files)
    with duckdb.connect(report.snapshot, read_only=True) as connection:
        counted = dict(connection.sql("select source, count(*) from incident group by source").fetchall())
    assert counted == {"fbi": 162_010, "lapd": 577, "austin": 266}
