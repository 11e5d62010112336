"""The code lists, the calendar, the series breaks and the published figures that are shipped."""

import csv
from collections import Counter
from datetime import date
from itertools import combinations

import pytest

from hatecrime.dictionary import Code, code_list, columns
from hatecrime.settings import data_dir

LISTS = sorted(path.stem for path in (data_dir() / "codes").glob("*.csv"))
LABELLED = [name for name in LISTS if name != "area"]
STRANDS = ("race", "religion", "sexual_orientation", "disability", "transgender")
OUTSIDE_THE_LIST = {"K04000001", "E23000001"}  # England and Wales; the Metropolitan Police


def _rows(name: str) -> list[dict[str, str]]:
    with (data_dir() / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _areas(level: str) -> list[Code]:
    return [area for area in code_list("area").values() if area.extras["level"] == level]


def _wards(on: date) -> dict[str, str]:
    return {ward.code: ward.label() for ward in _areas("ward") if ward.is_valid(on)}


@pytest.mark.parametrize("name", LISTS)
def test_no_code_is_listed_twice(name: str) -> None:
    codes = [row["code"] for row in _rows(f"codes/{name}.csv")]
    assert [code for code, n in Counter(codes).items() if n > 1] == []


@pytest.mark.parametrize("name", LISTS)
def test_every_parent_is_in_the_list(name: str) -> None:
    codes = code_list(name)
    assert [code.code for code in codes.values() if code.parent and code.parent not in codes] == []


@pytest.mark.parametrize("name", LABELLED)
def test_every_code_has_a_label_in_both_languages(name: str) -> None:
    for code in code_list(name).values():
        assert code.labels["en"].strip() and code.labels["cy"].strip(), code.code


@pytest.mark.parametrize("name", LABELLED)
def test_every_label_leads_back_to_its_code(name: str) -> None:
    codes = code_list(name)
    for code in codes.values():
        assert {codes.find(label) for label in code.labels.values()} == {code.code}


def test_strands_have_bits_that_are_distinct_powers_of_two_and_sub_strands_have_none() -> None:
    strands = code_list("strand").values()
    bits = [int(code.extras["bit"]) for code in strands if not code.parent]
    assert sorted(bits) == [2**power for power in range(10)]
    assert {code.extras["bit"] for code in strands if code.parent} == {""}
    assert {code.extras["monitored"] for code in strands} == {"central", "local"}


def test_the_five_strands_that_every_force_returns_are_monitored_centrally() -> None:
    central = [
        code.code for code in code_list("strand").values() if code.extras["monitored"] == "central" and not code.parent
    ]
    assert tuple(central) == STRANDS


def test_every_aggravated_offence_has_plain_equivalents_of_the_same_crime_type() -> None:
    offences = code_list("offence_code")
    aggravated = [code for code in offences.values() if code.extras["aggravated"] == "yes"]
    assert [code.code for code in aggravated] == ["8P", "105B", "8M", "9B", "58J"]
    for code in aggravated:
        plain = [offences[each] for each in code.extras["equivalent"].split()]
        assert plain and {each.extras["aggravated"] for each in plain} == {"no"}
        assert {each.extras["crime_type"] for each in plain} == {code.extras["crime_type"]}
    assert {code.extras["crime_type"] for code in offences.values()} <= set(code_list("crime_type"))


def test_all_outcome_types_are_listed_and_grouped() -> None:
    outcomes = code_list("outcome")
    types = [code for code in outcomes if code[0].isdigit()]
    assert set(types) == {*map(str, range(1, 23)), "1A", "2A", "3A"}
    assert {code for code in types if outcomes.group(code) == code} == {"19"}
    assert outcomes.children("evidential_victim_does_not_support")[1:] == ("14", "16")
    assert "22" not in outcomes.valid(date(2019, 3, 31)) and "22" in outcomes.valid(date(2019, 4, 1))


def test_every_reason_for_refusal_says_how_to_mend_it_in_both_languages() -> None:
    for reason in code_list("reject_reason").values():
        assert reason.extras["mend_en"].endswith(".") and reason.extras["mend_cy"].endswith(".")


def test_there_are_ten_caveats() -> None:
    assert list(code_list("caveat")) == [f"c{n}" for n in range(1, 11)]


def test_area_levels_rank_from_the_finest_to_the_widest() -> None:
    levels = code_list("area_level").values()
    assert [(code.code, int(code.extras["rank"])) for code in levels] == [
        ("lsoa", 1),
        ("ward", 2),
        ("locality", 3),
        ("district", 4),
        ("force", 5),
        ("region", 6),
    ]


def test_an_area_lies_in_an_area_of_the_next_wider_level() -> None:
    areas, levels = code_list("area"), code_list("area_level")
    rank = {area.code: int(levels[area.extras["level"]].extras["rank"]) for area in areas.values()}
    for area in areas.values():
        assert rank[area.parent] > rank[area.code] if area.parent else rank[area.code] == 6


def test_trafford_has_21_wards_before_may_2023_and_21_others_since() -> None:
    before, since = _wards(date(2023, 5, 3)), _wards(date(2023, 5, 4))
    assert len(before) == len(since) == 21
    assert not before.keys() & since.keys()
    assert before["E05000819"] == "Altrincham" and before["E05000839"] == "Village"
    assert since["E05015247"] == "Gorse Hill & Cornbrook" and since["E05015259"] == "Urmston"


def test_the_ward_codes_are_alphabetical_but_for_st_marys_before_sale_moor() -> None:
    before = _wards(date(2016, 6, 23))
    assert before["E05000834"] == "St Mary's" and before["E05000835"] == "Sale Moor"
    regular = [name for code, name in sorted(before.items()) if code != "E05000834"]
    assert regular == sorted(regular)


def test_wards_of_the_same_name_never_exist_on_the_same_day() -> None:
    same = [pair for pair in combinations(_areas("ward"), 2) if pair[0].label() == pair[1].label()]
    assert len(same) == 10
    for old, new in same:
        assert old.valid_to and new.valid_from and old.valid_to < new.valid_from


@pytest.mark.parametrize(
    ("on", "counts"),
    [
        (date(2016, 6, 23), {"central": 5, "north": 4, "south": 7, "west": 5}),
        (date(2026, 6, 23), {"central": 5, "north": 5, "south": 7, "west": 4}),
    ],
)
def test_each_locality_has_its_wards_of_the_era(on: date, counts: dict[str, int]) -> None:
    found = Counter(ward.parent for ward in _areas("ward") if ward.is_valid(on))
    assert found == {f"E08000009-{locality}": n for locality, n in counts.items()}


def test_wales_has_22_authorities_in_four_forces() -> None:
    authorities = [area for area in _areas("district") if area.code.startswith("W")]
    assert len(authorities) == 22
    assert not {"W06000007", "W06000017"} & {area.code for area in authorities}
    assert Counter(area.parent for area in authorities) == {
        "W15000001": 6,
        "W15000002": 5,
        "W15000003": 7,
        "W15000004": 4,
    }


def test_every_area_of_wales_has_a_welsh_name() -> None:
    areas = code_list("area")
    assert [code for code in areas.children("W92000004") if not areas[code].labels["cy"]] == []
    assert areas.label("W06000001", "cy") == "Ynys Môn"


def test_greater_manchester_has_ten_districts() -> None:
    districts = [area.label() for area in _areas("district") if area.parent == "E23000005"]
    assert len(districts) == 10 and "Trafford" in districts


@pytest.mark.parametrize(
    ("file", "table"),
    [
        ("calendar.csv", "calendar_event"),
        ("series_breaks.csv", "series_break"),
        ("published_figures.csv", "published_figure"),
    ],
)
def test_a_reference_file_has_the_columns_of_its_table_and_no_required_value_is_empty(file: str, table: str) -> None:
    rows = _rows(file)
    told = [column for column in columns(table) if not column.derived]
    assert list(rows[0]) == [column.name for column in told]
    for column in told:
        assert not column.required or all(row[column.name] for row in rows), column.name


@pytest.mark.parametrize(
    ("event", "start", "end"),
    [
        ("nhcaw-2015", "2015-10-10", "2015-10-17"),
        ("nhcaw-2016", "2016-10-08", "2016-10-15"),
        ("nhcaw-2026", "2026-10-10", "2026-10-17"),
        ("refugee-week-2016", "2016-06-20", "2016-06-26"),
        ("refugee-week-2026", "2026-06-15", "2026-06-21"),
        ("gm-hate-crime-week-2018", "2018-02-05", "2018-02-11"),
        ("gm-hate-crime-week-2026", "2026-02-02", "2026-02-08"),
        ("carers-week-2016", "2016-06-06", "2016-06-12"),
        ("inter-faith-week-2016", "2016-11-13", "2016-11-20"),
        ("diwali-2026", "2026-11-08", "2026-11-08"),
        ("eu-referendum-2016", "2016-06-24", "2016-08-31"),
    ],
)
def test_the_calendar_has_the_known_dates(event: str, start: str, end: str) -> None:
    found = {row["event_id"]: (row["starts_on"], row["ends_on"]) for row in _rows("calendar.csv")}
    assert found[event] == (start, end)


def test_calendar_events_are_single_named_in_both_languages_and_end_after_they_start() -> None:
    rows = _rows("calendar.csv")
    assert len({row["event_id"] for row in rows}) == len(rows)
    for row in rows:
        assert date.fromisoformat(row["starts_on"]) <= date.fromisoformat(row["ends_on"]), row["event_id"]
        assert row["name_en"] and row["name_cy"], row["event_id"]
        assert row["event_type"] in code_list("event_type")


def test_triggers_and_nothing_else_are_shaded_behind_trends() -> None:
    for row in _rows("calendar.csv"):
        assert row["shade_trend"] == ("true" if row["event_type"] == "trigger" else "false"), row["event_id"]


def test_series_breaks_are_dated_in_order_and_explained_in_both_languages() -> None:
    rows = _rows("series_breaks.csv")
    days = [date.fromisoformat(row["happened_on"]) for row in rows]
    assert days == sorted(days) and date(2023, 5, 4) in days
    for row in rows:
        assert row["reason_en"] and row["reason_cy"]
        assert not row["area_code"] or row["area_code"] in {*code_list("area"), *OUTSIDE_THE_LIST}


def test_published_strands_of_2015_16_add_to_more_than_the_total() -> None:
    figures = {
        row["strand"]: int(row["n"])
        for row in _rows("published_figures.csv")
        if (row["series"], row["area_code"], row["period"]) == ("recorded_hate_crime", "K04000001", "2015/16")
    }
    assert figures[""] == 62_518
    assert sum(figures[strand] for strand in STRANDS) == 65_500


def test_a_published_figure_is_given_once_for_a_known_area_and_strand() -> None:
    rows = _rows("published_figures.csv")
    keys = Counter((row["series"], row["area_code"], row["period"], row["strand"]) for row in rows)
    assert max(keys.values()) == 1
    assert {row["strand"] for row in rows} <= {"", *code_list("strand")}
    assert {row["area_code"] for row in rows} <= {*code_list("area"), *OUTSIDE_THE_LIST}
