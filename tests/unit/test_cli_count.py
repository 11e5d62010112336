"""hatecrime count, figures, review-centres and doctor, as a script sees them."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner, Result

from hatecrime.cli import app
from tests import toy


@pytest.fixture
def store(tmp_path):
    toy.write(
        tmp_path / "hatecrime-1.duckdb",
        area=[{"area_code": "D", "level": "district", "name_en": "Trafford"}],
        incident=[
            {"recorded_on": date(2016, 7, 1), "strands": ["race", "religion"], "district": "D"},
            {"recorded_on": date(2016, 7, 31), "strands": ["race"], "district": "D"},
            {"recorded_on": date(2016, 10, 1), "strands": [], "kind": "non_crime"},
        ],
        reporting_centre=[{"centre_id": "c", "district": "D"}],
    )
    return tmp_path


def run(store, *arguments: str) -> Result:
    return CliRunner().invoke(app, [arguments[0], "--store", str(store), *arguments[1:]])


def answer(store, *arguments: str) -> dict:
    result = run(store, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_one_json_object_holds_the_rows_and_the_total(store):
    found = answer(store, "count", "--by", "strand")

    assert found["snapshot"] == "toy"
    assert found["by"] == ["strand"]
    assert found["rows"] == [
        {"strand": "race", "n": 2},
        {"strand": "religion", "n": 1},
        {"strand": "not_recorded", "n": 1},
    ]
    assert found["total"] == 3


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("month", ["2016-07", "2016-10"]),
        ("quarter", ["2016/17 Q2", "2016/17 Q3"]),
        ("year", ["2016/17"]),
        ("calendar_year", [2016]),
    ],
)
def test_periods_are_written_for_programs(store, by, names):
    assert [row[by] for row in answer(store, "count", "--by", by)["rows"]] == names


def test_areas_have_their_code_and_their_name(store):
    rows = answer(store, "count", "--by", "area", "--level", "district")["rows"]

    assert rows == [
        {"area": "D", "label": "Trafford", "n": 2},
        {"area": "not_recorded", "label": "Not recorded", "n": 1},
    ]


def test_every_option_narrows_the_count(store):
    assert answer(store, "count", "--from", "2016-07-31", "--to", "2016-09-30")["total"] == 1
    assert answer(store, "count", "--kind", "non_crime")["total"] == 1
    assert answer(store, "count", "--strand", "race", "--strand", "religion")["total"] == 2
    assert answer(store, "count", "--area", "D")["total"] == 2
    assert answer(store, "count", "--basis", "occurred", "--from", "2016-01-01")["total"] == 0


def test_the_filters_are_stated_with_the_answer(store):
    filters = answer(store, "count", "--from", "2016-07-01", "--crime-type", "arson")["filters"]

    assert filters["from"] == "2016-07-01"
    assert filters["to"] is None
    assert filters["crime_type"] == ["arson"]
    assert filters["basis"] == "recorded"


def test_people_get_a_table_and_the_total(store):
    output = run(store, "count", "--by", "kind").output

    assert output.splitlines() == ["kind       n", "crime      2", "non_crime  1", "Total: 3"]


def test_partners_get_the_shared_counts_with_their_symbols(store):
    found = answer(store, "count", "--by", "quarter", "--by", "area", "--audience", "partner")

    assert found["total"] is None
    assert [(row["quarter"], row["area"], row["n"], row["symbol"]) for row in found["rows"]] == [
        ("2016/17 Q2", "D", None, "c"),
        ("2016/17 Q3", "D", 0, ""),
        ("2016/17 Q4", "D", 0, ""),
    ]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--by", "strand"], "by one of month, quarter, year, rolling"),
        (["--by", "month", "--by", "outcome"], "at most one of"),
        (["--by", "quarter"], "add --by area"),
        (["--by", "quarter", "--by", "area", "--level", "lsoa"], "Shared are: district month"),
        (["--by", "quarter", "--by", "area", "--strand", "race"], "narrowed by area and period only"),
    ],
)
def test_what_is_not_shared_is_refused_in_words(store, asked, said):
    result = run(store, "count", *asked, "--audience", "partner")

    assert result.exit_code == 1
    assert said in result.output


@pytest.mark.parametrize("audience", ["partner", "public"])
@pytest.mark.parametrize("command", ["figures", "review-centres"])
def test_another_audience_is_refused_with_the_reason(store, command, audience):
    result = run(store, command, "--audience", audience, "--json")

    assert result.exit_code == 1
    assert audience in result.output
    assert "rows" not in result.output


def test_no_snapshot_is_refused_with_the_way_out(tmp_path):
    result = run(tmp_path, "count")

    assert result.exit_code == 1
    assert "hatecrime build" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["count", "--by", "colour"],
        ["count", "--by", "area", "--level", "galaxy"],
        ["count", "--strand", "muslim"],
        ["count", "--crime-type", "piracy"],
        ["count", "--area", "E99"],
        ["count", "--from", "1 July"],
        ["count", "--from", "2016-07-02", "--to", "2016-07-01"],
        ["count", "--audience", "everybody"],
        ["figures", "--quarter", "Q4"],
        ["count", "--nonsense"],
    ],
)
def test_wrong_usage_is_told_from_refusal(store, arguments):
    result = run(store, *arguments)

    assert result.exit_code == 2
    assert result.output.strip()


def test_figures_hold_every_table_and_its_checks(store):
    found = answer(store, "figures", "--quarter", "2016/17-Q2", "--area", "D")

    assert found["quarter"] == "2016/17 Q2"
    assert (found["area"], found["label"]) == ("D", "Trafford")
    assert found["total"]["now"] == 2
    assert found["bridge"] == {"total": 2, "without": 0, "extra": 1, "in_strands": 3}
    assert all(check["agrees"] for check in found["checks"])


def test_figures_are_of_the_latest_complete_quarter_if_none_is_named(store):
    assert answer(store, "figures")["quarter"] == "2016/17 Q4"


@pytest.mark.parametrize("quarter", ["2016-Q1", "2016/18-Q1", "2016/17-Q5", "0000/01-Q1", "9999/00-Q4"])
def test_a_quarter_that_is_none_is_wrong_usage(store, quarter):
    result = run(store, "figures", "--quarter", quarter)

    assert result.exit_code == 2
    assert "2016/17-Q4" in result.output


@pytest.mark.parametrize("level", ["0", "-5", "12.5", "metres", "99999999999999999999"])
def test_a_cell_of_no_sensible_size_is_wrong_usage(store, level):
    assert run(store, "count", "--by", "grid", "--level", level).exit_code == 2


def test_a_sample_that_cannot_be_written_is_refused_with_its_folder(tmp_path):
    (tmp_path / "taken").write_text("a file")
    result = CliRunner().invoke(app, ["sample", "--out", str(tmp_path / "taken"), "--scale", "0.01"])

    assert result.exit_code == 1
    assert str(tmp_path / "taken") in result.output


def test_the_doctor_speaks_even_where_nothing_is_in_place(store, tmp_path, monkeypatch):
    monkeypatch.setenv("HATECRIME_HOME", str(tmp_path / "elsewhere"))
    result = run(store, "doctor")

    assert result.exit_code == 1
    assert "FAIL  Snapshot" in result.output


def test_figures_as_csv_are_a_block_and_a_table(store):
    output = run(store, "figures", "--csv").output

    assert output.lstrip('"').startswith("# SYNTHETIC")
    assert '\n"table","code","label","now",' in output


def test_the_review_of_centres_is_of_the_last_year(store):
    found = answer(store, "review-centres", "--area", "D")

    assert (found["filters"]["from"], found["filters"]["to"]) == ("2016-04-01", "2017-03-31")
    assert found["open_centres"] == 1
    assert [centre["centre_id"] for centre in found["centres"]] == ["c"]


def test_the_doctor_passes_a_sound_store(store):
    found = answer(store, "doctor")

    assert found["ok"]
    assert {"Settings", "Dictionary", "Snapshot", "Versions"} <= {item["name"] for item in found["findings"]}


def test_the_doctor_says_what_is_missing(tmp_path):
    result = run(tmp_path, "doctor")

    assert result.exit_code == 1
    assert "FAIL  Snapshot" in result.output
