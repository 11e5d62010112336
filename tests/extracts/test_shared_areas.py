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
