"""The synthetic sample: repeatable, stamped, in the calibrated ranges, with every planted signal in it."""

import csv
import json
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from hatecrime.sample import MAPPINGS, places, write

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
MEGABYTE = 1_000_000
ENCODINGS = {"wales_incidents.csv": "utf-8-sig", "referrals.csv": "cp1252"}
HATED = "Rac|Faith|Relig|Hil|Cref|Gypsy"
FORTNIGHT = pd.Timedelta(days=14)


def read(folder: Path, name: str) -> pd.DataFrame:
    """A file as a person would see it, without the lines that have too many or too few cells."""
    with (folder / name).open(encoding=ENCODINGS.get(name, "utf-8"), newline="") as file:
        header, *rows = csv.reader(file)
    return pd.DataFrame([row for row in rows if len(row) == len(header)], columns=header)


def trafford(folder: Path) -> pd.DataFrame:
    """Trafford's incidents once each, with the day recorded and the ward the point falls in."""
    table = read(folder, "gmp_incidents.csv").drop_duplicates("Crime number")
    table["on"] = pd.to_datetime(table["Date recorded"], format="%d/%m/%Y", errors="coerce")
    wards = json.loads((folder / "trafford_wards.geojson").read_text("utf-8"))["features"]
    tree = shapely.STRtree([shapely.geometry.shape(ward["geometry"]) for ward in wards])
    points = shapely.points(table[["Easting", "Northing"]].astype(float).to_numpy())
    row, ward = tree.query(points, predicate="within")
    codes = np.array([ward["properties"]["area_code"] for ward in wards])
    return table.assign(ward=pd.Series(codes[ward], index=table.index[row]))


def wales(folder: Path) -> pd.DataFrame:
    """Welsh incidents once each, with the day recorded and all strands in one column."""
    table = read(folder, "wales_incidents.csv").drop_duplicates("Reference")
    table["on"] = pd.to_datetime(table["Date recorded"], format="%Y-%m-%d", errors="coerce")
    return table.assign(strands=table["Strand 1"] + ";" + table["Strand 2"])


def referrals(folder: Path) -> pd.DataFrame:
    """Referrals once each, with the day received."""
    table = read(folder, "referrals.csv").drop_duplicates("Referral ID")
    return table.assign(on=pd.to_datetime(table["Date received"], format="%d/%m/%Y", errors="coerce"))


def fortnights(days: pd.Series) -> tuple[int, int]:
    """Records in the fortnight before 24 June 2016 and in the one from that day."""
    first = pd.Timestamp("2016-06-24")
    return int(days.between(first - FORTNIGHT, first, "left").sum()), int(
        days.between(first, first + FORTNIGHT, "left").sum()
    )


def by_strand(folder: Path, wanted: bool) -> pd.Series:
    """Days recorded of all records that carry (or lack) race and religion."""
    gmp, welsh = trafford(folder), wales(folder)
    return pd.concat(
        [
            gmp.loc[gmp["Hate strand"].str.contains(HATED) == wanted, "on"],
            welsh.loc[welsh.strands.str.contains(HATED) == wanted, "on"],
        ]
    )


def ratio_interval(before: int, after: int) -> tuple[float, float]:
    """95 % interval of the ratio of two counts over equal times."""
    half = 1.96 * np.sqrt(1 / before + 1 / after)
    return after / before * np.exp(-half), after / before * np.exp(half)


def self_share(folder: Path) -> tuple[float, float]:
    """Share of self-referrals before and from January 2016."""
    table = referrals(folder)
    alone = table.Route.isin(["Self-referral", "Online form"])
    late = table.on >= "2016-01-01"
    return float(alone[~late].mean()), float(alone[late].mean())


def hotspot_by_year(folder: Path) -> pd.Series:
    """Criminal damage with disability hostility in the planted ward by financial year."""
    table = trafford(folder)
    planted = table[
        (table.ward == "E05000822")
        & (table["Offence group"] == "Criminal damage")
        & table["Hate strand"].str.contains("Disablist")
    ]
    return planted.groupby(financial_year(planted.on)).size().reindex(range(2013, 2017), fill_value=0)


def financial_year(days: pd.Series) -> pd.Series:
    """The year in which the financial year of each day begins."""
    return days.dt.year - (days.dt.month < 4)


@pytest.fixture(scope="module")
def truth() -> dict:
    return json.loads((SAMPLE / "truth.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def null(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same sample without any signal, three times as large so that chance differences are small."""
    folder = tmp_path_factory.mktemp("null")
    write(folder, seed=5, scale=3, signals=False)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_committed_sample_is_what_its_seed_writes(tmp_path: Path, truth: dict) -> None:
    write(tmp_path, truth["seed"])
    assert contents(tmp_path) == contents(SAMPLE)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write(tmp_path / name, seed, scale=0.05)
    first, again, other = (contents(tmp_path / name) for name in "abc")
    assert first == again
    for name in ("gmp_incidents.csv", "wales_incidents.csv", "referrals.csv", "stop_search.csv"):
        assert first[name] != other[name]


@pytest.mark.parametrize("scale", [0, -1])
def test_a_scale_of_nothing_is_refused(tmp_path: Path, scale: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        write(tmp_path, 1, scale)


def test_a_sample_of_almost_nothing_is_still_whole(tmp_path: Path) -> None:
    planted = write(tmp_path, 1, scale=0.001)
    assert (tmp_path / "gmp_incidents.csv").read_text("utf-8").startswith("Data status,")
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in SAMPLE.iterdir()}
    assert planted["files"]["gmp_incidents.csv"]["rows"] < 20


def test_the_scale_multiplies_the_incidents(tmp_path: Path, truth: dict) -> None:
    rows = write(tmp_path, truth["seed"], scale=3)["files"]
    for name in ("gmp_incidents.csv", "wales_incidents.csv", "referrals.csv"):
        assert rows[name]["rows"] / truth["files"][name]["rows"] == pytest.approx(3, rel=0.1)


def test_the_committed_sample_is_small() -> None:
    assert sum(len(content) for content in contents(SAMPLE).values()) < 6 * MEGABYTE


@pytest.mark.parametrize("name", [name for name in MAPPINGS if name.endswith(".csv")])
def test_every_row_of_every_table_says_that_it_is_synthetic(name: str, truth: dict) -> None:
    lines = (SAMPLE / name).read_text(ENCODINGS.get(name, "utf-8")).splitlines()
    assert lines[0].startswith("Data status,")
    assert all(line.startswith("SYNTHETIC,") for line in lines[1:])
    assert len(lines) - 1 == truth["files"][name]["rows"]


@pytest.mark.parametrize("name", [name for name in MAPPINGS if name.endswith(".geojson")])
def test_every_outline_is_valid_approximate_and_in_whole_metres(name: str, truth: dict) -> None:
    layer = json.loads((SAMPLE / name).read_text("utf-8"))
    assert layer["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::27700"
    assert len(layer["features"]) == truth["files"][name]["rows"]
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in layer["features"]]
    assert all(shapely.is_valid(shapes))
    assert shapely.coverage_is_valid(np.array(shapes))
    assert np.array_equal(shapely.get_coordinates(shapes) % 1, np.zeros((shapely.count_coordinates(shapes), 2)))
    for feature in layer["features"]:
        assert feature["properties"]["Data status"] == "SYNTHETIC"
        assert feature["properties"]["outline"] == "approximate"


def test_the_listing_names_every_file_and_a_shipped_mapping() -> None:
    listing = tomllib.loads((SAMPLE / "extracts.toml").read_text("utf-8"))
    assert listing["synthetic"] is True
    described = {"extracts.toml", "README.md", "truth.json"}
    assert {entry["file"] for entry in listing["extract"]} == {p.name for p in SAMPLE.iterdir()} - described
    for entry in listing["extract"]:
        assert (SAMPLE.parent / "mappings" / f"{entry['mapping']}.toml").is_file()
        assert entry["received"].isoformat() == "2017-04-30"


def test_the_ward_of_every_point_is_where_it_was_put() -> None:
    table = trafford(SAMPLE)
    faulty = table.Easting.astype(int).isin([0, 390050]) | (table.Easting.astype(int) > table.Northing.astype(int))
    assert table.ward[~faulty].notna().all()
    assert table.ward[faulty].isna().all()
    assert table.ward.nunique() == 21


def test_volumes_are_in_the_calibrated_ranges() -> None:
    monthly = trafford(SAMPLE).groupby(pd.Grouper(key="on", freq="MS")).size()["2013-04":"2017-03"]
    assert len(monthly) == 48
    assert 25 <= monthly.mean() <= 35
    welsh = wales(SAMPLE)
    crimes = welsh[welsh.Kind.isin(["Crime", "Trosedd"])]
    yearly = crimes.groupby(financial_year(crimes.on)).size().loc[2013:2016]
    assert list(yearly) == pytest.approx([1877, 2259, 2405, 2941], rel=0.06)
    by_month = referrals(SAMPLE).groupby(pd.Grouper(key="on", freq="MS")).size()
    assert by_month.index[0] == pd.Timestamp("2014-05-01")
    assert 110 <= by_month["2015-04":"2017-03"].mean() <= 190


def test_strands_add_to_a_little_more_than_the_total() -> None:
    table = wales(SAMPLE)
    strands = table.strands.str.strip(";").str.split(";")
    assert 1.03 <= strands.map(len)[table.strands != ";"].mean() <= 1.07
    labels = {"race": "Race|Hil|Gypsy", "orientation": "orientation|rhywiol", "disability": "Disab|Anab"}
    share = {name: table.strands.str.contains(label).mean() for name, label in labels.items()}
    assert share == pytest.approx({"race": 0.70, "orientation": 0.14, "disability": 0.11}, abs=0.03)


def test_reports_come_a_day_late_with_a_long_tail() -> None:
    table = wales(SAMPLE)
    lag = (table.on - pd.to_datetime(table.From).dt.normalize()).dt.days
    lag = lag[lag.between(0, 400)]
    assert lag.median() == 1
    assert 4 < lag.mean() < 9
    assert 0.02 < (lag > 60).mean() < 0.045


def test_weekends_and_summers_are_busier() -> None:
    table = wales(SAMPLE)
    weekday = pd.to_datetime(table.From).dt.dayofweek.value_counts()
    assert weekday[[4, 5, 6]].mean() > 1.05 * weekday[[0, 1, 2, 3]].mean()
    month = table.on[table.on < "2016-04-01"].dt.month.value_counts()
    assert month[[6, 7, 8]].mean() > 1.1 * month[[12, 1, 2]].mean()


def test_police_referrals_name_an_incident_of_the_welsh_file() -> None:
    table = referrals(SAMPLE)
    police = table[table.Route.str.startswith("Police")]
    assert police["Police reference"].isin(wales(SAMPLE).Reference).mean() > 0.99
    assert (table["Police reference"][table.Route == "Self-referral"] == "").all()


def test_most_people_are_contacted_within_two_working_days() -> None:
    table = referrals(SAMPLE)
    made = pd.to_datetime(table["Contact date"], format="%d/%m/%Y", errors="coerce")
    both = table.on.notna() & made.notna()
    days = np.busday_count(table.on[both].to_numpy("datetime64[D]"), made[both].to_numpy("datetime64[D]"))
    assert 0.8 <= (days <= 2).mean() <= 0.9


def test_the_referendum_raises_race_and_religion_only() -> None:
    before, after = fortnights(by_strand(SAMPLE, wanted=True))
    low, high = ratio_interval(before, after)
    assert 1 < low < 1.45 < high
    low, high = ratio_interval(*fortnights(by_strand(SAMPLE, wanted=False)))
    assert low < 1 < high


def test_the_hotspot_grows_while_the_borough_does_not() -> None:
    by_year = hotspot_by_year(SAMPLE)
    assert by_year.loc[:2015].max() <= 6
    assert by_year[2016] >= 3 * by_year.loc[:2015].mean()
    table = trafford(SAMPLE)
    damage = table[table["Offence group"] == "Criminal damage"]
    borough = damage.groupby(financial_year(damage.on)).size()
    low, high = ratio_interval(int(borough.loc[2013:2015].sum() / 3), int(borough[2016]))
    assert low < 1 < high


def test_self_referrals_rise_from_january_2016() -> None:
    before, after = self_share(SAMPLE)
    assert before == pytest.approx(0.07, abs=0.015)
    assert after == pytest.approx(0.12, abs=0.015)


def test_disability_happens_but_no_centre_captures_it() -> None:
    table = trafford(SAMPLE)
    disability = table["Hate strand"].str.contains("Disablist")
    assert disability.sum() > 60
    assert not (disability & (table.Centre != "")).any()
    assert (table.Centre != "").sum() > 50


def test_no_centre_lies_in_the_south() -> None:
    assert centres_in_the_south(SAMPLE) == []
    south = trafford(SAMPLE).ward.isin(south_wards(SAMPLE))
    assert south.mean() > 0.2


def test_two_centres_are_silent_one_of_them_among_many_incidents(truth: dict) -> None:
    table = trafford(SAMPLE)
    reports = Counter(table.Centre[table.on >= "2015-04-01"])
    planted = truth["signals"]["silent_centres"]
    silent = {f"SYN-C{i}" for i in range(1, 9)} - set(reports)
    assert silent == {planted["silent_although_near"], planted["silent_as_expected"]}
    near, far = (incidents_near(table, at) for at in ((382708, 396106), (371822, 391293)))
    assert near > 5 * far


def test_a_return_of_nothing_differs_from_no_return(truth: dict) -> None:
    contacts = read(SAMPLE, "centre_contacts.csv")
    returns = contacts[contacts.Type == "Return"]
    assert (returns.Reports[returns["Centre ID"] == "SYN-C8"].eq("0")).any()
    assert truth["signals"]["silent_centres"]["sends_no_returns"] not in set(returns["Centre ID"])


def test_every_fault_is_planted_as_often_as_stated(truth: dict) -> None:
    for name in ("gmp_incidents.csv", "wales_incidents.csv", "referrals.csv"):
        stated = truth["files"][name]
        assert all(fault["rows"] > 0 for fault in stated["faults"])
        lines = (SAMPLE / name).read_text(ENCODINGS.get(name, "utf-8")).splitlines()
        cells = [len(next(csv.reader([line]))) for line in lines]
        assert sum(n < cells[0] for n in cells) == stated["refused"]["too_few_columns"]
        repeated = sum(n - 1 for n in Counter(line.split(",")[1] for line in lines).values())
        assert repeated == stated["folded"] + stated["refused"]["duplicate_ref"]
        assert len(lines) - len(set(lines)) == stated["folded"]
    gmp = read(SAMPLE, "gmp_incidents.csv")
    planted = {fault["name"]: fault["rows"] for fault in truth["files"]["gmp_incidents.csv"]["faults"]}
    assert (gmp["Hate strand"] == "").sum() == planted["missing strand"]
    assert (gmp["Hate strand"] == "Race/Religion").sum() == planted["two strands typed as Race/Religion"]
    assert (gmp["Easting"] == "0").sum() == planted["coordinates 0, 0"]
    assert gmp["Ward code"].ne("").sum() == planted["unknown ward"] + planted["ward of another era"]
    assert gmp["Date recorded"].str.endswith("2018").sum() == planted["date recorded in the future"]


def test_the_files_come_in_the_encodings_real_ones_come_in(truth: dict) -> None:
    assert (SAMPLE / "wales_incidents.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with pytest.raises(UnicodeDecodeError):
        (SAMPLE / "referrals.csv").read_text("utf-8")
    welsh = wales(SAMPLE)
    assert truth["welsh_labels"]["wales_incidents.csv"] > 100
    assert {"Hil", "Crefydd", "Anabledd"} <= set(welsh["Strand 1"])


def test_populations_add_up_from_wards_to_force() -> None:
    table = read(SAMPLE, "populations.csv")
    people = table.People.str.replace(",", "").astype(int)
    keys = zip(table["Area code"], table.Year, table.Group, strict=True)
    found = dict(zip(keys, people, strict=True))
    assert found["E08000009", "2016", "all"] == 234_673
    assert found["E08000009", "2024", "all"] == 241_025
    assert found["W92000004", "2011", "all"] == 3_063_456
    assert found["W15000003", "2011", "all"] == 1_283_651
    assert not table.duplicated(["Area code", "Year", "Group", "Base"]).any()
    assert table["Area code"].str.startswith("W06").sum() == 22


def test_courts_convict_no_more_than_were_completed() -> None:
    table = read(SAMPLE, "court_results.csv")
    completed, convicted, uplift = (table[c].astype(int) for c in ("Completed", "Convicted", "Uplift announced"))
    assert (convicted <= completed).all()
    assert (uplift <= convicted).all()
    assert len(table) == 16 * 5 * 5


def test_the_null_sample_has_no_signal(null: Path) -> None:
    assert json.loads((null / "truth.json").read_text("utf-8"))["signals"] == {}
    low, high = ratio_interval(*fortnights(by_strand(null, wanted=True)))
    assert low < 1.05 < high
    before, after = self_share(null)
    assert after == pytest.approx(before, abs=0.015)
    assert hotspot_by_year(null).max() <= 3
    table = trafford(null)
    assert (table["Hate strand"].str.contains("Disablist") & (table.Centre != "")).any()
    assert set(table.Centre) >= {f"SYN-C{i}" for i in range(1, 9)}
    assert centres_in_the_south(null) == ["SYN-V01"]


def south_wards(folder: Path) -> list[str]:
    wards = json.loads((folder / "trafford_wards.geojson").read_text("utf-8"))["features"]
    return [w["properties"]["area_code"] for w in wards if w["properties"]["parent"] == "E08000009-south"]


def centres_in_the_south(folder: Path) -> list[str]:
    """Centres inside the South locality, by the carried metres of their published places."""
    files = ["centres", "centre_in_south"]
    known = pd.concat(map(places.carried, files)).set_index("centre_id")
    opened = list(read(folder, "reporting_centres.csv")["Centre ID"])
    areas = json.loads((folder / "trafford_localities.geojson").read_text("utf-8"))["features"]
    south = next(a for a in areas if a["properties"]["area_code"] == "E08000009-south")
    shape = shapely.geometry.shape(south["geometry"])
    return [c for c in opened if shape.contains(shapely.Point(known.easting[c], known.northing[c]))]


def incidents_near(table: pd.DataFrame, at: tuple[int, int]) -> int:
    away = np.hypot(table.Easting.astype(int) - at[0], table.Northing.astype(int) - at[1])
    return int((away < 1_200).sum())
