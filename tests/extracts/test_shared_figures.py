"""Real populations, measures of deprivation and published figures, each counted straight from its file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from hatecrime.dictionary import code_list
from tests.extracts.workshop import Built
from tests.shared_data import adds_up, build_shared, needs_shared_data, shared

pytestmark = [needs_shared_data, pytest.mark.shared_data]

PEOPLE = ("area_code", "year", "population_group", "n", "base")
ENGLISH_RANKS = 32_844


def loaded(folder: Path, *files: tuple[str, str]) -> Built:
    report = build_shared(folder, *files)
    assert all(adds_up(extract) and extract.unused_entries == [] for extract in report.extracts)
    return Built(report, Path(report.snapshot))


def source(pattern: str) -> pd.DataFrame:
    files = sorted(shared(pattern).parent.glob(shared(pattern).name))
    return pd.concat([pd.read_csv(file) for file in files], ignore_index=True)


class TestCensus2021:
    @pytest.mark.parametrize(
        ("files", "mapping", "column", "groups", "rows"),
        [
            ("*ethnic_group*.csv", "census_ethnicity", "ethnic_group", 19, 2641 + 399),
            ("*religion*.csv", "census_religion", "religion", 9, 1251 + 189),
            ("*disability*.csv", "census_disability", "disability_category", 4, 556 + 84),
            ("*gender_identity*.csv", "census_gender_identity", "gender_identity", 6, 60),
            ("*sexual_orientation*.csv", "census_sexual_orientation", "sexual_orientation", 5, 50),
        ],
    )
    def test_every_count_of_every_file_is_there_under_a_group_of_its_own(
        self, tmp_path: Path, files: str, mapping: str, column: str, groups: int, rows: int
    ) -> None:
        built, file = loaded(tmp_path, (f"census2021/{files}", mapping)), source(f"census2021/{files}")
        kept = built.rows("area_population", *PEOPLE)
        assert len(kept) == len(file) == rows
        assert {(year, base) for _a, year, _g, _n, base in kept} == {(2021, "census_2021")}
        assert Counter((a, n) for a, _y, _g, n, _b in kept) == Counter(zip(file.area_code, file.value, strict=True))
        by_group = Counter[str]()
        for _area, _year, group, n, _base in kept:
            by_group[group] += n
        assert len(by_group) == groups
        assert sorted(by_group.values()) == sorted(file.groupby(column).value.sum())

    @pytest.mark.parametrize(
        ("mapping", "file", "area", "label", "group", "n"),
        [
            ("census_ethnicity", "population_ethnic_group_ward_trafford", "E05000819", "Chinese", "asian_chinese", 448),
            ("census_religion", "population_religion_ward_trafford", "E05000819", "Christian", "christian", 6043),
            ("census_disability", "disability_lsoa_trafford", "E01006109", "a lot", "disabled_limited_a_lot", 115),
            ("census_gender_identity", "gender_identity_la_gm", "E08000001", "Trans woman", "trans_woman", 296),
            ("census_sexual_orientation", "sexual_orientation_la_gm", "E08000001", "Gay", "gay_lesbian", 2807),
        ],
    )  # fmt: skip
    def test_a_label_means_its_group(
        self, tmp_path: Path, mapping: str, file: str, area: str, label: str, group: str, n: int
    ) -> None:
        read = source(f"census2021/2021_{file}.csv")
        (said,) = read[(read.area_code == area) & read.iloc[:, 5].str.contains(label, regex=False)].value
        kept = loaded(tmp_path, (f"census2021/2021_{file}.csv", mapping)).rows("area_population", *PEOPLE)
        assert (area, 2021, group, n, "census_2021") in kept and n == said

    def test_percentages_of_authorities_are_passed_over_and_counted(self, tmp_path: Path) -> None:
        path = "populations/census2021_ethnicity_ltla21_ew.csv"
        built, file = loaded(tmp_path, (path, "census_2021_ethnicity_authorities")), source(path)
        counts = file[file.ethnic_group.str.endswith("(number)")]
        assert built.reasons == {"passed_over": len(file) - len(counts)} == {"passed_over": 6289}
        assert Counter(built.rows("area_population", "area_code", "n")) == Counter(
            zip(counts.ltla21_code, counts.value.astype(int), strict=True)
        )
        irish = counts[counts.ethnic_group == "White: Irish (number)"].value.sum()
        kept = built.rows("area_population", "population_group", "n")
        assert sum(n for group, n in kept if group == "white_irish") == irish


class TestCensus2011:
    """One column for each group; five of them are sums of others."""

    WIDE = "Ethnic Group: "

    def wide(self, file: pd.DataFrame) -> pd.DataFrame:
        return file[[column for column in file if column.startswith(self.WIDE)]]

    def test_every_cell_of_every_force_becomes_a_record(self, tmp_path: Path) -> None:
        file = source("populations/pfa_census2011_demographics.csv")
        built = loaded(tmp_path, ("populations/pfa_census2011_demographics.csv", "census_2011_ethnicity_forces"))
        table = built.table("area_population").pivot(index="area_code", columns="population_group", values="n")
        assert table.shape == (43, 24) and built.extract.kept == 43 * 24
        assert sorted(table["all"]) == sorted(self.wide(file).iloc[:, 0])
        assert table.to_numpy().sum() == self.wide(file).to_numpy().sum()
        parts = table[["white", "mixed", "asian", "black", "other_ethnicity"]].sum(axis=1)
        assert (parts == table["all"]).all()
        assert table.loc["E23000005", "all"] == file.set_index("PFA16NM").loc["Greater Manchester"].iloc[0]

    def test_the_forces_are_those_whose_outlines_are_published(self, tmp_path: Path) -> None:
        built = loaded(
            tmp_path,
            ("populations/pfa_census2011_demographics.csv", "census_2011_ethnicity_forces"),
            ("boundaries/pfa20_england_wales.geojson", "police_force_areas"),
        )
        names = dict(built.rows("area", "area_code", "name_en"))
        spelled = {"London, City of": "City of London", "Metropolitan Police": "Metropolitan"}
        rows = built.rows("area_population", "area_code", "population_group", "n")
        everyone = {spelled.get(names[area], names[area]): n for area, group, n in rows if group == "all"}
        file = source("populations/pfa_census2011_demographics.csv")
        said = zip(file["PFA16NM"].str.replace("Avon &", "Avon and"), self.wide(file).iloc[:, 0], strict=True)
        assert everyone == dict(said)

    def test_names_of_authorities_are_looked_up_in_the_file_beside_and_merged_ones_in_the_mapping(
        self, tmp_path: Path
    ) -> None:
        path = "populations/lad_census2011_ethnicity_with_pfa.csv"
        built, file = loaded(tmp_path, (path, "census_2011_ethnicity_authorities")), source(path)
        table = built.table("area_population").pivot(index="area_code", columns="population_group", values="n")
        assert table.shape == (348, 24) and table.notna().all(axis=None)
        by_name = file.set_index("geography")["Ethnic Group: White: Irish; measures: Value"]
        later = source("populations/census2021_ethnicity_ltla21_ew.csv")
        code_of = dict(zip(later["ltla21_name"], later["ltla21_code"], strict=True))
        today = {code_of[name]: n for name, n in by_name.items() if name in code_of}
        assert len(today) == 322
        assert table["white_irish"][list(today)].to_dict() == today
        assert table["white_irish"]["E07000205"] == by_name["Suffolk Coastal"]
        assert table["white_irish"]["W06000016"] == by_name["Rhondda Cynon Taff"]

    def test_authorities_of_a_force_add_up_to_the_force(self, tmp_path: Path) -> None:
        files = {"lad_census2011_ethnicity_with_pfa.csv": "census_2011_ethnicity_authorities",
                 "pfa_census2011_demographics.csv": "census_2011_ethnicity_forces"}  # fmt: skip
        built = loaded(tmp_path, *((f"populations/{file}", mapping) for file, mapping in files.items()))
        rows = built.rows("area_population", "area_code", "n", "population_group")
        everyone = {area: n for area, n, group in rows if group == "all"}
        greater_manchester = [f"E080000{number:02}" for number in range(1, 11)]
        assert sum(everyone[area] for area in greater_manchester) == everyone["E23000005"]


class TestTotalsOf2020:
    @pytest.mark.parametrize(
        ("file", "area"),
        [
            ("population20_lsoa11_gm_wales_totals.csv", "lsoa11_code"),
            ("population_mid2020_ltla21_ew_single_year_age.csv", "ltla21_code"),
        ],
    )
    def test_the_total_of_every_area_is_there(self, tmp_path: Path, file: str, area: str) -> None:
        built, read = loaded(tmp_path, (f"populations/{file}", "mid_2020_totals")), source(f"populations/{file}")
        kept = dict(built.rows("area_population", "area_code", "n"))
        assert kept == dict(zip(read[area], read["total_population"].astype(int), strict=True))
        assert set(built.rows("area_population", "year", "population_group", "base")) == {(2020, "all", "mid_year")}

    def test_an_area_that_two_files_of_one_office_give_counts_once(self, tmp_path: Path) -> None:
        files = {"mid-year_population_estimates_all_geographies.csv": "mid_year_estimates",
                 "population20_lsoa11_gm_wales_totals.csv": "mid_2020_totals"}  # fmt: skip
        built = loaded(tmp_path, *((f"populations/{file}", mapping) for file, mapping in files.items()))
        rows = built.rows("area_population", "area_code", "year", "population_group")
        assert len(rows) == len(set(rows))
        assert [extract.collapsed for extract in built.report.extracts] == [138, 0]


class TestDeprivation:
    def test_each_rank_and_decile_of_an_english_lsoa_is_a_measure(self, tmp_path: Path) -> None:
        path = "deprivation/imd2019_england_lsoa11_gm.csv"
        built, file = loaded(tmp_path, (path, "deprivation_england")), source(path)
        table = built.table("area_measure").pivot(index="area_code", columns="measure", values="value")
        assert built.extract.kept == 1673 * 16 and table.shape == (1673, 16)
        expected = file.set_index("lsoa11_code").sort_index()
        assert table["imd_decile"].tolist() == expected["IMD_decile"].tolist()
        assert table["housing_services_rank"].tolist() == expected["Housing_and_Access_rank"].tolist()
        assert table["environment_decile"].tolist() == expected["Environment_decile"].tolist()
        assert table.to_numpy().sum() == expected.to_numpy().sum()
        assert table.filter(like="_rank").max(axis=None) <= ENGLISH_RANKS

    def test_each_score_proportion_and_extent_of_a_welsh_authority_is_a_measure(self, tmp_path: Path) -> None:
        path = "deprivation/imd2019_wales_ltla22.csv"
        built, file = loaded(tmp_path, (path, "deprivation_wales")), source(path)
        table = built.table("area_measure").pivot(index="area_code", columns="measure", values="value")
        assert table.shape == (22, 27)
        expected = file.set_index("ltla22_code").sort_index()
        assert table["imd_score"].tolist() == pytest.approx(expected["Score"].tolist())
        assert table["access_extent"].tolist() == pytest.approx(expected["Access_Extent"].tolist())
        assert table["crime_proportion"].tolist() == pytest.approx(expected["Crime_Proportion"].tolist())
        assert table.to_numpy().sum() == pytest.approx(expected.to_numpy().sum())

    def test_every_measure_has_a_name_in_both_languages(self, tmp_path: Path) -> None:
        measures = code_list("area_measure")
        for area, mapping in (("england_lsoa11_gm", "deprivation_england"), ("wales_ltla22", "deprivation_wales")):
            built = loaded(tmp_path / mapping, (f"deprivation/imd2019_{area}.csv", mapping))
            for measure in set(built.column("area_measure", "measure")):
                assert measures[measure].labels["en"] and measures[measure].labels["cy"]


class TestPublished:
    """A snapshot holds the figures that come with the dashboard too; they have no extract."""

    def figures(self, built: Built) -> list[tuple[str, str, str, str | None, int]]:
        rows = built.rows("published_figure", "extract_id", "series", "area_code", "period", "strand", "n")
        return [row[1:] for row in rows if row[0] is not None]

    def test_two_years_of_41_forces_and_one_figure_that_is_missing(self, tmp_path: Path) -> None:
        path = "published/pfa_hate_crime_totals_2023_24_and_2024_25.csv"
        built, file = loaded(tmp_path, (path, "published_force_totals")), source(path)
        kept = self.figures(built)
        assert built.extract.read == 82 and len(kept) == 81
        assert built.rejects == [(42, "crimes", None, "missing_required", True)]
        for period, column in (("2023/24", "hate_crimes_2023_24"), ("2024/25", "hate_crimes_2024_25")):
            said = file[column].dropna().astype(int)
            assert sorted(n for _s, _a, p, _st, n in kept if p == period) == sorted(said)
        assert ("recorded_hate_crime", "E23000005", "2023/24", None, 10_081) in kept
        assert ("recorded_hate_crime", "W15000003", "2024/25", None, 2_868) in kept
        assert len({area for _s, area, *_rest in kept}) == 41

    def test_34_figures_of_several_series_and_one_that_is_no_number(self, tmp_path: Path) -> None:
        path = "published/other_published_series.csv"
        built = loaded(tmp_path, (path, "published_series"))
        file = pd.read_csv(shared(path), dtype=str)
        kept = self.figures(built)
        numbers = file[file.value.str.isdecimal()]
        assert sorted(n for *_head, n in kept) == sorted(numbers.value.astype(int)) and len(kept) == 33
        assert built.rejects == [(25, "value", "700+", "bad_number", True)]
        assert ("force_freedom_of_information", "W15000004", "2021 (to Sep)", None, 229) in kept
        assert ("recorded_hate_crime_without_gmp", "K04000001", "2019/20", None, 105_090) in kept
        assert ("recorded_hate_crime", "E23000005", "2011/12", "race", 2_974) in kept
        assert ("recorded_hate_crime", "E23000005", "2011/12", None, 3_547) in kept
        assert sum(strand == "race" for *_head, strand, _n in kept) == file.series.eq("race hate crimes").sum()
