"""hatecrime propose and hatecrime check, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hatecrime.cli import app
from hatecrime.settings import data_dir

HEADER = "Crime number,Date recorded,Hate strand,Victim name\n"
CSV = HEADER + "A1,23/06/2016,Racist,Ann Other\nA2,24/06/2016,Zorblax,Bob Other\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HATECRIME_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("HATECRIME_STORE", str(tmp_path / "store"))
    made = tmp_path / "anyshire.csv"
    made.write_text(CSV)
    return made


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_propose_prints_a_mapping_with_a_remark_on_every_line(file: Path) -> None:
    result = run("propose", file)
    assert result.exit_code == 0
    assert 'ref = "Crime number"  # recognised' in result.output
    assert '"Racist" = "race"  # guessed' in result.output
    assert "Ann Other" not in result.output


def test_propose_writes_a_mapping_that_check_takes(file: Path, tmp_path: Path) -> None:
    written = run("propose", file, "--out", tmp_path / "ours.toml")
    assert written.exit_code == 0
    assert "hatecrime check" in written.output
    checked = run("check", file, "--mapping", tmp_path / "ours.toml")
    assert checked.exit_code == 0
    assert checked.output.startswith("2 rows read: 2 would be kept")
    assert "Hate strand: “Zorblax”" in checked.output
    assert "look personal and are not read: Victim name" in checked.output


def test_propose_never_writes_over_a_file(file: Path, tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text("mine")
    assert run("propose", file, "--out", tmp_path / "ours.toml").exit_code == 1
    assert (tmp_path / "ours.toml").read_text() == "mine"


def test_propose_says_that_a_date_column_is_still_needed(file: Path, tmp_path: Path) -> None:
    file.write_text("Crime number,Hate strand\nA1,Racist\nA2,Faith\n")
    result = run("propose", file, "--out", tmp_path / "ours.toml")
    assert "A date column is still needed: under [columns], say which column is recorded_on." in result.output
    assert "then try it" not in result.output
    assert "Every label" not in result.output


def test_propose_as_json_holds_no_value_of_the_file_but_labels(file: Path) -> None:
    answer = json.loads(run("propose", file, "--json").output)
    assert answer["table"] == "incident"
    assert {label["label"] for label in answer["labels"]} == {"Racist", "Zorblax"}
    assert "examples" not in answer["columns"][0]


def test_propose_says_first_that_a_shipped_mapping_fits() -> None:
    result = run("propose", data_dir() / "sample" / "centre_surveys.csv")
    assert "The shipped mapping sample_centre_surveys fits" in result.output


def test_check_tells_people_the_days_the_places_and_the_strands(file: Path) -> None:
    sample = data_dir() / "sample"
    result = run("check", sample / "gmp_incidents.csv", "--mapping", "sample_gmp_incidents", "--extracts", sample)
    assert result.exit_code == 0
    for words in ("Dates: 3 April 2013", "Rows refused:", "line ", "Ward 99%", "Strands", "Took "):
        assert words in result.output
    assert "No outlines were loaded" not in result.output
    assert "nan" not in result.output


def test_check_as_json_is_complete(file: Path) -> None:
    result = run("check", data_dir() / "sample" / "centre_surveys.csv", "--mapping", "sample_centre_surveys", "--json")
    (extract,) = json.loads(result.output)["extracts"]
    assert extract["read"] == extract["kept"] + sum(extract["refused"].values()) + extract["collapsed"]
    assert extract["columns"] == {"Data status": "not_named"}
    assert extract["areas"] is None


def test_what_cannot_be_read_is_refused_in_a_sentence(file: Path, tmp_path: Path) -> None:
    for words in (("propose", tmp_path / "none.csv"), ("check", file, "--mapping", "fbi")):
        result = run(*words)
        assert result.exit_code == 1
        assert "Traceback" not in result.output
