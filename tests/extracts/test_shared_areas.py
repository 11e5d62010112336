"""Real outlines, names and populations of areas."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from tests.extracts.workshop import HEADER, INCIDENTS, Built, Workshop
from tests.shared_data import build_shared, needs_shared_data, shared

pytestmark = [needs_shared_data, pytest.mark.shared_data]

POINTS = INCIDENTS + '[point]\nx = "X"\ny = "Y"\ncrs = "EPSG:4326"\n'


def loaded(folder: Path, *files: tuple[str, str]) -> Built:
    report = build_shared(folder, *files)
    return Built(report, Path(report.snapshot))


def outlined(built: Built, level: str) -> dict[str, shapely.Geometry]:
    rows = built.rows("area", "area_code", "level", "geometry")
    return {code: shapely.from_wkb(shape) for code, at, shape in rows if at == level and shape is not None}


@pytest.mark.parametrize(
    ("file", "mapping", "level", "areas", "outline"),
    [
        ("ward_2017_trafford_ward_full_resolution.geojson", "ons_wards_full", "ward", 21, "full"),
        ("ward_2017_trafford_ward_generalised.geojson", "ons_wards", "ward", 21, "generalised"),
        ("ward_2023_trafford_ward_generalised.geojson", "ons_wards", "ward", 21, "generalised"),
        ("ward_2017_gm_ward_generalised.geojson", "ons_wards", "ward", 215, "generalised"),
        ("lsoa_2011_trafford_lsoa_generalised.geojson", "ons_lsoas", "lsoa", 138, "generalised"),
        ("lsoa_2021_trafford_lsoa_generalised.geojson", "ons_lsoas", "lsoa", 139, "generalised"),
        ("local_authority_2016_gm_local_authority_generalised.geojson", "ons_districts", "district", 10, "generalised"),
        ("ltla24_wales_22.geojson", "ons_districts", "district", 22, "generalised"),
        ("wales_lad_bilingual.json", "welsh_authorities", "district", 22, "generalised"),
        ("wales_lad_bilingual_topo.json", "welsh_authorities", "district", 22, "generalised"),
        ("pfa20_england_wales.geojson", "police_force_areas", "force", 43, "generalised"),
        (
            "council_defined_2023_trafford_localities_generalised_resolution.geojson",
            "localities",
            "locality",
            4,
            "generalised",
        ),
    ],
)
def test_every_family_of_outlines_loads_whole_and_valid(
    tmp_path: Path, file: str, mapping: str, level: str, areas: int, outline: str
) -> None:
    built = loaded(tmp_path, (f"boundaries/{file}", mapping))
    shapes = outlined(built, level)
    assert built.extract.kept == len(shapes) == areas
    assert all(shape.is_valid and shape.area > 0 for shape in shapes.values())
    assert Counter(built.column("area", "outline"))[outline] == areas
    expected = gpd.read_file(shared(f"boundaries/{file}"))
    if expected.crs is None:
        expected = expected.set_crs("EPSG:4326")
    area = expected.to_crs("EPSG:27700").make_valid(method="structure", keep_collapsed=False).area.sum()
    assert sum(s.area for s in shapes.values()) == pytest.approx(area)


def test_full_resolution_wins_over_generalised_whichever_comes_first(tmp_path: Path) -> None:
    full = ("boundaries/ward_2017_trafford_ward_full_resolution.geojson", "ons_wards_full")
    coarse = ("boundaries/ward_2017_trafford_ward_generalised.geojson", "ons_wards")
    one = outlined(loaded(tmp_path / "a", full, coarse), "ward")
    other = outlined(loaded(tmp_path / "b", coarse, full), "ward")
    assert one.keys() == other.keys()
    assert all(one[code].equals(other[code]) for code in one)
    assert shapely.get_num_coordinates(list(one.values())).sum() > 10_000


def test_a_point_gets_the_ward_of_its_own_era(tmp_path: Path, own_key: Path) -> None:
    """The same place the day before and the day that the wards of May 2023 came."""
    workshop = Workshop(tmp_path)
    rows = "1,Crime,03/05/2023,-2.3079,53.4655\n2,Crime,04/05/2023,-2.3079,53.4655\n"
    workshop.add(HEADER.strip() + ",X,Y\n" + rows, POINTS)
    for year in (2017, 2023):
        file = shared(f"boundaries/ward_{year}_trafford_ward_generalised.geojson")
        workshop.listed.append(f"[[extract]]\nfile = '{file}'\nmapping = 'ons_wards'\n")
    built = workshop.build()
    assert built.column("incident", "ward") == ["E05000829", "E05015247"]
    assert set(built.rows("incident", "locality", "district")) == {("E08000009-north", "E08000009")}


def test_both_eras_hold_21_wards_that_cover_the_same_borough(tmp_path: Path) -> None:
    files = [(f"boundaries/ward_{year}_trafford_ward_generalised.geojson", "ons_wards") for year in (2017, 2023)]
    built = loaded(tmp_path, *files)
    starts = dict(built.rows("area", "area_code", "valid_from"))
    shapes = outlined(built, "ward")
    old = [s for code, s in shapes.items() if starts[code].year == 2004]
    new = [s for code, s in shapes.items() if starts[code].year == 2023]
    assert len(old) == len(new) == 21
    apart = shapely.union_all(old).symmetric_difference(shapely.union_all(new)).area
    assert apart < 0.01 * shapely.union_all(new).area


def test_welsh_authorities_have_both_names_and_their_force(tmp_path: Path) -> None:
    built = loaded(tmp_path, ("boundaries/wales_lad_bilingual.json", "welsh_authorities"))
    names = {code: (en, cy) for code, en, cy in built.rows("area", "area_code", "name_en", "name_cy")}
    assert names["W06000001"] == ("Isle of Anglesey", "Ynys Môn")
    assert names["W06000015"] == ("Cardiff", "Caerdydd")
    parents = dict(built.rows("area", "area_code", "parent"))
    assert parents["W06000022"] == "W15000002"


def test_both_ways_of_writing_the_welsh_outlines_give_the_same_ground(tmp_path: Path) -> None:
    files = {"plain": "boundaries/wales_lad_bilingual.json", "topo": "boundaries/wales_lad_bilingual_topo.json"}
    loads = {way: loaded(tmp_path / way, (file, "welsh_authorities")) for way, file in files.items()}
    plain, topo = (outlined(built, "district") for built in loads.values())
    assert plain.keys() == topo.keys()
    for code, shape in plain.items():
        assert shape.symmetric_difference(topo[code]).area < 0.05 * shape.area


def test_localities_get_the_codes_of_the_list(tmp_path: Path) -> None:
    file = "boundaries/council_defined_2023_trafford_localities_generalised_resolution.geojson"
    built = loaded(tmp_path, (file, "localities"))
    assert sorted(outlined(built, "locality")) == [
        "E08000009-central",
        "E08000009-north",
        "E08000009-south",
        "E08000009-west",
    ]


class TestTwoErasOfOutputAreas:
    """One output area of 2011 is two since 2021; all others kept code and ground."""

    OLD = "boundaries/lsoa_2011_trafford_lsoa_generalised.geojson"
    NEW = "boundaries/lsoa_2021_trafford_lsoa_generalised.geojson"
    SPLIT, PARTS = "E01006185", ("E01034000", "E01034001")

    def inside(self, code: str) -> tuple[float, float]:
        layer = gpd.read_file(shared(self.NEW)).set_index("area_code")
        point = layer.geometry[code].representative_point()
        return point.x, point.y

    def built(self, folder: Path, *files: str) -> Built:
        workshop = Workshop(folder)
        rows = [f"{n},Crime,01/06/2022,{x},{y}" for n, (x, y) in enumerate(map(self.inside, self.PARTS))]
        workshop.add("\n".join([HEADER.strip() + ",X,Y", *rows, ""]), POINTS)
        for file in files:
            workshop.listed.append(f"[[extract]]\nfile = '{shared(file)}'\nmapping = 'ons_lsoas'\n")
        return workshop.build()

    def test_both_layers_load_together_and_a_code_of_both_is_one_area(self, tmp_path: Path, own_key: Path) -> None:
        built = self.built(tmp_path, self.OLD, self.NEW)
        codes = [code for code, level in built.rows("area", "area_code", "level") if level == "lsoa"]
        files = [set(gpd.read_file(shared(file))["area_code"]) for file in (self.OLD, self.NEW)]
        assert len(codes) == len(set(codes)) == 140 and set(codes) == files[0] | files[1]
        assert files[0] - files[1] == {self.SPLIT} and files[1] - files[0] == set(self.PARTS)
        assert {e.kept for e in built.report.extracts if e.table == "area"} == {138, 139}

    def test_where_they_differ_the_layer_that_is_listed_later_stands(self, tmp_path: Path, own_key: Path) -> None:
        new_last = self.built(tmp_path / "a", self.OLD, self.NEW)
        old_last = self.built(tmp_path / "b", self.NEW, self.OLD)
        assert new_last.column("incident", "lsoa") == list(self.PARTS)
        assert old_last.column("incident", "lsoa") == [self.SPLIT] * 2
        ground = outlined(new_last, "lsoa")
        for code, shape in outlined(self.built(tmp_path / "c", self.NEW), "lsoa").items():
            assert ground[code].equals(shape)


class TestLookUpsOfAreas:
    LSOAS = "boundaries/lookups*lsoa_to_ward_best-fit_lookup.csv"

    def test_each_output_area_of_both_years_lies_in_its_authority(self, tmp_path: Path) -> None:
        built = loaded(tmp_path, (self.LSOAS, "lsoa_lookup"))
        new = pd.read_csv(shared("boundaries/lookups_2021_lsoa_to_ward_best-fit_lookup.csv"))
        old = pd.read_csv(shared("boundaries/lookups_lsoa_to_ward_best-fit_lookup.csv"))
        expected = dict(zip(old["lsoa11cd"], old["lad17cd"], strict=True)) | dict(
            zip(new["lsoa21cd"], new["lad22cd"], strict=True)
        )
        rows = built.rows("area", "area_code", "level", "parent", "name_en")
        assert {code: parent for code, level, parent, _name in rows if level == "lsoa"} == expected
        assert [extract.kept for extract in built.report.extracts] == [1702, 1673]
        names = {code: name for code, _level, _parent, name in rows}
        assert names["E01004861"] == "Bolton 033A"
        assert {names[code] for code in set(old["lsoa11cd"]) - set(new["lsoa21cd"])} == set(old["lsoa11cd"]) - set(
            new["lsoa21cd"]
        )

    def test_a_record_with_an_output_area_alone_gets_its_authority_and_no_ward(
        self, tmp_path: Path, own_key: Path
    ) -> None:
        workshop = Workshop(tmp_path)
        workshop.add(HEADER.strip() + ",LSOA\n1,Crime,01/06/2024,E01004861\n", INCIDENTS + 'lsoa = "LSOA"\n')
        workshop.listed.append(f"[[extract]]\nfile = '{shared(self.LSOAS)}'\nmapping = 'lsoa_lookup'\n")
        found = workshop.build().rows("incident", "lsoa", "ward", "district", "force")
        assert found == [("E01004861", None, "E08000001", "E23000005")]

    def test_wards_outside_trafford_get_the_authority_that_their_outlines_lack(self, tmp_path: Path) -> None:
        path = "boundaries/lookups_lsoa_to_ward_best-fit_lookup.csv"
        outlines = ("boundaries/ward_2017_gm_ward_generalised.geojson", "ons_wards")
        built = loaded(tmp_path, outlines, (path, "ward_lookup"))
        file = pd.read_csv(shared(path)).drop_duplicates("wd17cd")
        rows = built.rows("area", "area_code", "level", "parent", "geometry")
        parents = {code: parent for code, level, parent, shape in rows if level == "ward" and shape is not None}
        assert len(parents) == 215
        outside = file[file["lad17nm"] != "Trafford"]
        assert {c: parents[c] for c in outside["wd17cd"]} == dict(
            zip(outside["wd17cd"], outside["lad17cd"], strict=True)
        )
        assert parents["E05000829"] == "E08000009-north"

    def test_each_authority_lies_in_its_police_force_area(self, tmp_path: Path) -> None:
        path = "boundaries/lookup_ltla24_csp24_pfa24.csv"
        built, file = loaded(tmp_path, (path, "authority_force_lookup")), pd.read_csv(shared(path))
        rows = built.rows("area", "area_code", "level", "parent")
        assert {code: parent for code, level, parent in rows if level == "district"} == dict(
            zip(file["ltla24_code"], file["pfa24_code"], strict=True)
        )
        assert built.extract.kept == len(file) == 332


class TestPopulations:
    @pytest.fixture(scope="class")
    def populations(self, own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
        return loaded(tmp_path_factory.mktemp("people"), ("populations/mid-year*.csv", "mid_year_estimates"))

    def test_every_row_of_all_four_files_is_there(self, populations: Built) -> None:
        expected: Counter[tuple[str, int, str, int]] = Counter()
        groups = {"Persons": "all", "Females": "female", "Males": "male"}
        for file in sorted(shared("populations").glob("mid-year*.csv")):
            read = pd.read_csv(file)
            sex = read["sex"] if "sex" in read else read["gender"]
            for code, period, s, n in zip(read["area_code"], read["period"], sex, read["all_ages"], strict=True):
                expected[code, int(period[:4]), groups[s], n] += 1
        rows = populations.rows("area_population", "area_code", "year", "population_group", "n")
        assert Counter(rows) == expected

    def test_females_and_males_add_up_to_everyone(self, populations: Built) -> None:
        table = populations.table("area_population").pivot_table(
            index=["area_code", "year"], columns="population_group", values="n", aggfunc="sum"
        )
        assert (table["female"] + table["male"] == table["all"]).all()

    def test_trafford_in_2024_is_the_published_figure(self, populations: Built) -> None:
        rows = populations.rows("area_population", "area_code", "year", "population_group", "n")
        wards = [n for code, year, group, n in rows if code.startswith("E05015") and year == 2024 and group == "all"]
        assert len(wards) == 21 and sum(wards) == 241_025
