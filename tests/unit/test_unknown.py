"""Unknown hotspots: the planted one is found, samples of nothing give none, and odd snapshots give sensible words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from hatecrime.database import NotShared, Snapshot, newest, open_snapshot
from hatecrime.filters import Filters
from hatecrime.periods import Period
from hatecrime.reports.unknown import ENTRY, Unknown, unknown
from hatecrime.reports.unknown_counts import Part
from hatecrime.reports.unknown_training import TRAINING
from tests import toy
from tests.benchmarks.null_sample import PLANTED, confident, listed, rank

YEAR = Period(date(2016, 4, 1), date(2017, 3, 31))
BROADHEATH = "2016-17-Q4:ward:E05000822:hidden:disability.criminal_damage_arson"
# Each sample takes about three seconds; `python -m tests.benchmarks.null_sample` asks a hundred.
NULL_SEEDS, PLANTED_SEEDS = range(1, 7), range(1, 3)


@pytest.fixture(scope="module")
def snapshot(sample_store: Path) -> Iterator[Snapshot]:
    found = open_snapshot(newest(sample_store))
    yield found
    found.close()


@pytest.fixture(scope="module")
def found(snapshot: Snapshot) -> Unknown:
    return unknown(snapshot, Filters(), "ward")


def ward(code: str, column: float = 0, **more: Any) -> dict[str, Any]:
    outline = shapely.box(1000 * column, 0, 1000 * (column + 1), 1000)
    return {"area_code": code, "level": "ward", "name_en": f"Ward {code}", "geometry": outline.wkb, **more}


def people(n: int, *codes: str) -> list[dict[str, Any]]:
    return [{"area_code": code, "n": n} for code in codes]


def incidents(n: int, code: str | None, on: date = date(2016, 7, 1), **more: Any) -> list[dict[str, Any]]:
    return [{"ward": code, "recorded_on": on, **more} for _each in range(n)]


def test_the_planted_hotspot_comes_first_with_its_reason(found: Unknown) -> None:
    first = found.entries.iloc[0]

    assert (first["key"], first["sure"], first["label"]) == (BROADHEATH, "confident", "Broadheath")
    assert first["reason"].startswith(
        "Broadheath has 15 incidents of criminal damage and arson with disability hostility."
    )
    assert first["low"] > 1
    assert first["low"] < first["ratio"] < first["high"]
    assert first["query"]["strand"] == "disability"
    assert first["since"] == date(2016, 4, 1)


def test_what_the_planted_hotspot_does_to_its_parts_is_said_under_it(found: Unknown) -> None:
    of_ward = found.entries[(found.entries["area"] == PLANTED[0]) & found.entries["kind"].isin(["hidden", "new"])]

    assert len(of_ward) == 1
    assert any(text.startswith("disability hostility: 16") for text in of_ward["also"].iloc[0])


def test_what_is_near_is_near_and_nearest_first(found: Unknown) -> None:
    near = found.entries.iloc[0]["near"]

    assert near[0]["kind"] == "centre"
    venues = [each["metres"] for each in near if each["kind"] == "venue"]
    assert venues == sorted(venues)
    assert max(each["metres"] for each in near) <= 2000


def test_the_same_list_has_the_same_keys_and_each_only_once(snapshot: Snapshot, found: Unknown) -> None:
    again = unknown(snapshot, Filters(), "ward")

    assert again.entries["key"].tolist() == found.entries["key"].tolist()
    assert found.entries["key"].is_unique
    assert found.entries["rank"].tolist() == list(range(1, len(found.entries) + 1))


def test_a_place_that_has_always_been_so_is_known_and_never_confident(found: Unknown) -> None:
    known = found.entries[found.entries["known"]]

    assert set(known["label"]) == {"Bucklow-St Martins", "Clifford"}
    assert (known["sure"] != "confident").all()
    assert known["reason"].str.endswith("this is no news.").all()


def test_silence_is_said_to_mean_fear_perhaps_and_what_was_expected_from(found: Unknown) -> None:
    quiet = found.entries[found.entries["kind"] == "quiet"]["reason"]

    assert quiet.str.contains("Silence may mean fear, not safety.").all()
    assert quiet.str.contains("residents by strand").all()


def test_the_list_says_how_much_was_looked_at(found: Unknown) -> None:
    assert found.tested > 500
    assert 0 < found.by_chance < 0.05 * found.tested
    assert found.notes[0].startswith(f"{found.tested} comparisons were made.")


def test_training_is_ranked_by_what_happens_to_the_young(found: Unknown) -> None:
    training = found.training.set_index("label")

    assert training["school_or_young"].is_monotonic_decreasing
    assert (training["school_or_young"] <= training["school"] + training["young"]).all()
    assert training.at["Broadheath", "strand"] == "disability"
    assert "which stands out here" in training.at["Broadheath", "put"]
    assert tuple(found.training.columns) == TRAINING


@pytest.mark.parametrize("level", ["lsoa", "locality", "district", "force", "region"])
def test_every_level_has_a_list(snapshot: Snapshot, level: str) -> None:
    assert tuple(unknown(snapshot, Filters(), level).entries.columns) == ENTRY


def test_a_part_of_the_borough_is_listed_beside_all_of_it(snapshot: Snapshot, found: Unknown) -> None:
    part = unknown(snapshot, Filters(area="E08000009-south"), "ward")

    assert part.entries["key"].iloc[0] == BROADHEATH
    assert set(part.entries["key"]) <= set(found.entries["key"]) | set(part.entries["key"][part.entries["p"] < 0.05])
    assert 0 < part.tested < found.tested
    assert len(part.training) < len(found.training)
    both = part.entries.merge(found.entries, on="key")
    assert both["p_x"].to_numpy() == pytest.approx(both["p_y"].to_numpy())


def test_a_filter_is_part_of_the_key(snapshot: Snapshot) -> None:
    keys = unknown(snapshot, Filters(strands=("disability",)), "ward").entries["key"]

    assert keys.str.startswith("2016-17-Q4;strand=disability:ward:").all()


def test_only_analysts_see_the_list(snapshot: Snapshot) -> None:
    with pytest.raises(NotShared):
        unknown(snapshot.limited("partner", ()), Filters(), "ward")


@pytest.mark.parametrize("seed", NULL_SEEDS)
def test_a_sample_in_which_nothing_is_planted_has_no_confident_entry(seed: int) -> None:
    nothing = listed(seed, signals=False)

    assert nothing.tested > 300
    assert confident(nothing) == []
    assert rank(nothing) is None


@pytest.mark.parametrize("seed", PLANTED_SEEDS)
def test_the_hotspot_is_found_whatever_the_seed(seed: int) -> None:
    assert rank(listed(seed, signals=True)) in (1, 2, 3)


def test_a_kind_that_is_commoner_than_elsewhere_is_hidden_in_a_usual_total(tmp_path: Path) -> None:
    usual = [row for code in "ABCDE" for row in incidents(20, code, strands=["race"])]
    odd = incidents(8, "F", strands=["disability"]) + incidents(12, "F", strands=["race"])
    opened = toy.snapshot(tmp_path, area=[ward(code, i) for i, code in enumerate("ABCDEF")], incident=[*usual, *odd])

    first = unknown(opened, Filters(), "ward").entries.iloc[0]

    assert (first["area"], first["kind"], first["code"], first["sure"]) == ("F", "hidden", "disability", "confident")
    assert first["observed"] == 8


def test_what_happened_mostly_in_the_last_quarter_is_said_to_have(tmp_path: Path) -> None:
    usual = [row for code in "ABCDE" for row in incidents(20, code, strands=["race"])]
    late = [
        row
        for n, on in ((2, date(2016, 7, 1)), (9, date(2017, 2, 1)))
        for row in incidents(n, "F", on, strands=["sex"])
    ]
    odd = [{**row, "strands": ["disability"]} for row in late] + incidents(12, "F", strands=["race"])
    opened = toy.snapshot(tmp_path, area=[ward(code, i) for i, code in enumerate("ABCDEF")], incident=[*usual, *odd])

    reasons = unknown(opened, Filters(), "ward").entries.set_index("code")["reason"]

    assert reasons["disability"].endswith("9 of the 11 are in the last three months.")


def test_a_place_that_grows_while_others_do_not_is_newly_emerging(tmp_path: Path) -> None:
    before = [row for code in "ABCDEF" for row in incidents(20, code, date(2015, 4, 1))]
    now = [row for code in "ABCDE" for row in incidents(20, code)]
    grown = [row for month, n in ((5, 5), (8, 10), (11, 20)) for row in incidents(n, "F", date(2016, month, 1))]
    grown += incidents(30, "F", date(2017, 2, 1))
    areas = [ward(code, i) for i, code in enumerate("ABCDEF")]
    opened = toy.snapshot(tmp_path, area=areas, incident=[*before, *now, *grown])

    first = unknown(opened, Filters(), "ward").entries.iloc[0]

    assert (first["area"], first["kind"], first["code"], first["sure"]) == ("F", "new", "all", "confident")
    assert "after 20 in the same months before" in first["reason"]


def test_what_grew_and_then_fell_is_not_emerging(tmp_path: Path) -> None:
    before = [row for code in "ABCDEF" for row in incidents(20, code, date(2015, 4, 1))]
    now = [row for code in "ABCDE" for row in incidents(20, code)]
    fallen = [row for month, n in ((5, 40), (8, 15), (11, 10)) for row in incidents(n, "F", date(2016, month, 1))]
    areas = [ward(code, i) for i, code in enumerate("ABCDEF")]
    opened = toy.snapshot(tmp_path, area=areas, incident=[*before, *now, *fallen])

    assert "new" not in set(unknown(opened, Filters(), "ward").entries["kind"])


def test_an_area_that_did_not_exist_before_has_not_emerged(tmp_path: Path) -> None:
    before = [row for code in "ABCDE" for row in incidents(20, code, date(2015, 4, 1))]
    now = [row for code in "ABCDEF" for row in incidents(20, code)]
    areas = [ward(code, i) for i, code in enumerate("ABCDE")] + [ward("F", 5, valid_from=date(2016, 5, 1))]
    opened = toy.snapshot(tmp_path, area=areas, incident=[*before, *now])

    assert "new" not in set(unknown(opened, Filters(), "ward").entries["kind"])


def test_one_place_again_and_again_is_found_by_what_was_there_before(tmp_path: Path) -> None:
    spread = [
        {"ward": "A", "recorded_on": date(year, 7, 1), "easting": 10.0 * i, "northing": 500.0}
        for year in (2015, 2016)
        for i in range(40)
    ]
    again = incidents(12, "A", easting=77.0, northing=700.0)
    venue = {"venue_id": "v", "venue_type": "school_college", "easting": 77.0, "northing": 1000.0}
    opened = toy.snapshot(tmp_path, area=[ward("A"), ward("B", 1)], incident=spread + again, candidate_venue=[venue])

    entry = unknown(opened, Filters(), "ward").entries.set_index("kind").loc["repeat_place"]

    assert (entry["code"], entry["observed"], entry["since"]) == ("77_700", 12, date(2016, 7, 1))
    assert [each["metres"] for each in entry["near"]] == [300]


def test_places_with_equal_counts_have_no_hotspot(tmp_path: Path) -> None:
    codes = "ABCDEFGH"
    rows = [row for code in codes for year in (2015, 2016) for row in incidents(15, code, date(year, 7, 1))]
    areas = [ward(code, i) for i, code in enumerate(codes)]
    opened = toy.snapshot(tmp_path, area=areas, area_population=people(1000, *codes), incident=rows)

    assert unknown(opened, Filters(), "ward").entries.empty


def test_a_silent_place_among_busy_ones_is_quiet_and_an_empty_place_is_left_out(tmp_path: Path) -> None:
    codes = "ABCDEFGHIJ"
    rows = [row for code in codes[:9] for row in incidents(30, code)]
    areas = [ward(code, i) for i, code in enumerate([*codes, "Z"])]
    population = [*people(1000, *codes), *people(0, "Z")]
    opened = toy.snapshot(tmp_path, area=areas, area_population=population, incident=rows)

    listed_ = unknown(opened, Filters(), "ward")

    quiet = listed_.entries[listed_.entries["kind"] == "quiet"]
    assert quiet["area"].tolist() == ["J"]
    assert (quiet["observed"].iloc[0], quiet["sure"].iloc[0]) == (0, "confident")
    assert "Places without residents are left out where residents are the measure." in listed_.notes


def test_deprivation_and_all_other_crime_tell_what_to_expect_where_they_are_held(tmp_path: Path) -> None:
    codes = "ABCDEFGHIJKLMNOPQRST"
    crime = [row for i, code in enumerate(codes) for row in incidents(20 + 2 * i, code, easting=9.0, northing=9.0)]
    hate = [row for i, code in enumerate(codes[:19]) for row in incidents(10 + i, code, strands=["race"])]
    opened = toy.snapshot(
        tmp_path,
        area=[ward(code, i) for i, code in enumerate(codes)],
        area_population=people(1000, *codes),
        area_measure=[{"area_code": c, "year": 2015, "measure": "imd_score", "value": i} for i, c in enumerate(codes)],
        incident=[*crime, *hate],
    )

    listed_ = unknown(opened, Filters(), "ward")

    quiet = listed_.entries[listed_.entries["kind"] == "quiet"].iloc[0]
    assert (quiet["area"], quiet["observed"]) == ("T", 0)
    assert quiet["expected"] > 20
    assert "from residents, deprivation, all other crime and the places beside it." in quiet["reason"]
    assert set(listed_.entries["kind"]) == {"quiet"}
    assert quiet["query"]["strand"].startswith("race,religion")
    assert any("taken as all other crime" in note for note in listed_.notes)


def test_a_user_of_one_borough_has_its_list(snapshot: Snapshot, found: Unknown) -> None:
    own = unknown(snapshot.limited("analyst", ("E08000009",)), Filters(area="E08000009"), "ward")

    assert own.entries["key"].tolist() == found.entries["key"].tolist()


def odd_snapshots() -> dict[str, dict[str, Any]]:
    here: dict[str, Any] = {"easting": 500.0, "northing": 500.0}
    return {
        "no incident": {"area": [ward("A"), ward("B", 1)]},
        "no place": {"incident": incidents(5, "A")},
        "four incidents in one ward": {"area": [ward("A"), ward("B", 1)], "incident": incidents(4, "A")},
        "a single place": {"area": [ward("A")], "incident": incidents(40, "A", strands=["race"], school=True, **here)},
        "all at one point": {"area": [ward("A"), ward("B", 1)], "incident": incidents(40, "A", **here)},
        "outside every area": {"area": [ward("A"), ward("B", 1)], "incident": incidents(40, None, **here)},
        "no outlines": {
            "area": [{**ward(code), "geometry": None} for code in "ABCDEFGHIJ"],
            "area_population": people(100, *"ABCDEFGHIJ"),
            "incident": [row for code in "ABCDEFGHIJ" for row in incidents(12, code)],
        },
        "nobody lives there": {
            "area": [ward(code, i) for i, code in enumerate("ABCDEF")],
            "area_population": people(0, *"ABCDEF"),
            "incident": incidents(40, "A"),
        },
    }


@pytest.mark.parametrize("name", odd_snapshots())
def test_an_odd_snapshot_has_a_list_with_words_and_no_confident_entry(tmp_path: Path, name: str) -> None:
    found = unknown(toy.snapshot(tmp_path, **odd_snapshots()[name]), Filters(), "ward")

    assert confident(found) == []
    assert found.notes
    assert all(found.notes)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(area="nowhere"),
        Filters(strands=("sex_work",)),
        Filters(start=date(2030, 1, 1)),
        Filters(finish=date(1999, 1, 1)),
        Filters(start=date(2016, 4, 15), finish=date(2016, 4, 20)),
        Filters(start=date(2010, 1, 1)),
        Filters(basis="occurred"),
    ],
)
def test_whatever_the_filters_there_is_a_list(snapshot: Snapshot, filters: Filters) -> None:
    found = unknown(snapshot, filters, "ward")

    assert tuple(found.entries.columns) == ENTRY
    assert confident(found) in ([], [BROADHEATH], [key for key in confident(found) if "E05000822" in key])
    assert all(found.notes)


def test_days_within_months_are_said_to_be_whole_months(snapshot: Snapshot) -> None:
    found = unknown(snapshot, Filters(start=date(2016, 4, 15), finish=date(2016, 6, 20)), "ward")

    assert found.period == Period(date(2016, 4, 1), date(2016, 6, 30))
    assert "The list is of whole months: April 2016 to June 2016." in found.notes


def test_a_snapshot_without_incidents_says_so(tmp_path: Path) -> None:
    opened = toy.snapshot(tmp_path, snapshot=[{"data_to": None, "complete_to": None}])

    found = unknown(opened, Filters(), "ward")

    assert (found.period, found.notes) == (None, ("The snapshot has no incidents.",))


@pytest.mark.parametrize(
    ("one", "other", "overlaps"),
    [
        (Part("race"), Part("race", "violence"), True),
        (Part("race"), Part("", "violence"), False),
        (Part("race", "violence"), Part("", "violence"), True),
        (Part(), Part("race"), True),
    ],
)
def test_parts_overlap_where_one_names_what_the_other_does(one: Part, other: Part, overlaps: bool) -> None:
    assert one.overlaps(other) is overlaps
    assert other.overlaps(one) is overlaps


def test_what_no_record_tells_of_schools_is_missing_and_not_none(tmp_path: Path) -> None:
    areas = [ward("A"), ward("B", 1)]
    silent, told = (
        incidents(5, "A") + incidents(4, "B"),
        incidents(5, "A", school=False) + incidents(4, "B", school=True),
    )
    (tmp_path / "silent").mkdir()
    (tmp_path / "told").mkdir()

    unknown_ = unknown(toy.snapshot(tmp_path / "silent", area=areas, incident=silent), Filters(), "ward").training
    known = unknown(toy.snapshot(tmp_path / "told", area=areas, incident=told), Filters(), "ward").training
    assert unknown_[["school", "young", "school_or_young", "share"]].isna().all(axis=None)
    assert known.set_index("area")["school"].to_dict() == {"A": 0, "B": 4}
    assert known["young"].isna().all()
