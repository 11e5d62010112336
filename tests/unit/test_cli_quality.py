"""hatecrime quality, as a script sees it."""

import json
from datetime import date, datetime

import pytest
from typer.testing import CliRunner, Result

from hatecrime.cli import app
from tests import toy

INCIDENT = {"recorded_on": date(2016, 7, 1), "victim_sex": "female", "force": "W15000001", "extract_id": 1}
REFERRAL = {"received_on": date(2016, 7, 1), "route": "self", "strands": ["race"], "extract_id": 2}
EXTRACTS = [
    {"rows_read": 14, "rows_kept": 12, "rows_refused": 2, "rows_collapsed": 0},
    {"target": "referral", "source": "centre", "rows_read": 1, "rows_kept": 1, "rows_refused": 0},
]


@pytest.fixture
def store(tmp_path):
    incidents = [*[INCIDENT] * 11, {**INCIDENT, "victim_sex": None, "outcome_on": date(2016, 6, 1)}]
    folder = tmp_path / "store"
    folder.mkdir()
    toy.write(folder / "hatecrime-1.duckdb", incident=incidents, referral=[REFERRAL], extract=EXTRACTS)
    return folder


def run(store, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["quality", "--store", str(store), *arguments])


def answer(store, *arguments: str) -> dict:
    result = run(store, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_one_json_object_holds_every_measure(store):
    found = answer(store)

    assert (found["snapshot"], found["from"], found["to"]) == ("toy", "2016-04-01", "2017-03-31")
    (sex,) = [row for row in found["completeness"] if row["field"] == "sex"]
    assert (sex["source"], sex["filled"], sex["due"]) == ("toy", 11, 12)
    (month,) = found["months"]
    assert (month["month"], month["n"], month["extract_id"]) == ("2016-07", 12, 1)
    assert {row["force"] for row in found["forces"]} == {"W15000001"}
    (check,) = [row for row in found["checks"] if row["check"] == "checks/outcome_before_recorded"]
    assert (check["source"], check["n"], check["refused"]) == ("toy", 1, 0)
    assert {row["source"] for row in found["sources"]} == {"toy", "centre"}
    assert found["referral_report"] is None


def test_a_person_reads_the_weakest_point_first(store):
    result = run(store)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("The weakest point is sex in what toy sends")
    assert "checks/outcome_before_recorded" in result.output


def test_the_period_narrows_what_is_measured(store):
    assert answer(store, "--from", "2016-08-01", "--to", "2016-08-31")["completeness"] == []


def test_the_report_is_written_in_the_language_asked_for(store, tmp_path):
    out = tmp_path / "report.html"
    found = answer(store, "--referrals", str(out), "--language", "cy")
    assert found["referral_report"] == str(out)
    assert '<html lang="cy">' in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("named", [(), ("--source", "nobody")])
def test_of_several_sources_of_referrals_one_is_to_be_named(store, tmp_path, named):
    several = [*EXTRACTS, {**EXTRACTS[1], "source": "helpline"}]
    (store / "hatecrime-1.duckdb").unlink()
    toy.write(store / "hatecrime-1.duckdb", incident=[INCIDENT], referral=[REFERRAL], extract=several)
    out = tmp_path / "report.html"

    refused = run(store, "--referrals", str(out), *named)
    assert refused.exit_code == 2
    assert "centre, helpline" in refused.output
    assert not out.exists()
    assert run(store, "--referrals", str(out), "--source", "helpline").exit_code == 0
    assert "Quality of the referral data of helpline" in out.read_text(encoding="utf-8")


def test_without_referrals_no_report_is_written(tmp_path):
    toy.write(tmp_path / "hatecrime-1.duckdb", incident=[INCIDENT], extract=EXTRACTS[:1])
    result = run(tmp_path, "--referrals", str(tmp_path / "report.html"))
    assert result.exit_code == 1
    assert not (tmp_path / "report.html").exists()


def test_a_snapshot_without_incidents_asks_for_the_period(tmp_path):
    rows = {"snapshot": [{"data_to": None, "complete_to": None}], "referral": [REFERRAL], "extract": EXTRACTS}
    toy.write(tmp_path / "hatecrime-1.duckdb", **rows)
    assert run(tmp_path).exit_code == 1
    assert answer(tmp_path, "--from", "2016-07-01", "--to", "2016-07-31")["months"] == []


@pytest.mark.parametrize(
    "arguments",
    [("--from", "2017-01-01", "--to", "2016-01-01"), ("--referrals", "x.html", "--language", "fr"), ("--from", "July")],
)
def test_what_cannot_be_understood_is_wrong_usage(store, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    assert run(store, *arguments).exit_code == 2


def test_only_analysts_see_exact_figures(store):
    assert run(store, "--audience", "public").exit_code == 1


def test_lags_are_given_by_source(store, tmp_path):
    rows = [{**INCIDENT, "occurred_from": datetime(2016, 6, 29)}] * 10
    toy.write(tmp_path / "hatecrime-1.duckdb", incident=rows, extract=EXTRACTS[:1])
    (source,) = answer(tmp_path)["sources"]
    assert (source["lag_median"], source["late"]) == (2, 0)
