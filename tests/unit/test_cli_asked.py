"""What a snapshot cannot answer is said by every command that looks at places or times, and never passes for calm."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hatecrime.cli import app
from hatecrime.settings import root
from tests.extracts.workshop import INCIDENTS, Workshop, square

PLACES = ("hotspots", "when")
MAPPING = INCIDENTS + '[point]\nx = "X"\ny = "Y"\ncrs = "EPSG:27700"\n[strands]\nfrom = "Strand"\n'
EMPTY_WARD, QUIET_MONTH = "E05000811", ("--from", "2015-09-01", "--to", "2015-09-30")
DATA_RUN = "No incident fits what is asked for; the data run from April 2015 to December 2016."


@pytest.fixture(scope="module")
def store(own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve wards in a row, a square kilometre each, and incidents in all but the last; none in September 2015."""
    made = Workshop(tmp_path_factory.mktemp("wards"))
    wards = [
        {"area_code": f"E050008{n:02}", "name": f"Ward {n}", "level": "ward", "geometry": square(1000 * n, 0)}
        for n in range(12)
    ]
    days = [f"0{day}/{month:02}/{year}" for year in (2015, 2016) for month in (4, 6, 12) for day in (1, 2)]
    rows = [f"{day[3:]}{n}{day[:2]},crime,{day},{1000 * n + 500},500,race" for day in days for n in range(11)]
    made.add_areas("wards.gpkg", wards)
    made.add("Ref,Kind,Recorded,X,Y,Strand\n" + "\n".join(rows) + "\n", MAPPING)
    made.build()
    return made.store


@pytest.fixture(scope="module")
def nothing(own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Workshop(tmp_path_factory.mktemp("nothing")).add("Ref,Kind,Recorded\n")
    made.build()
    return made.store


def run(store: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [words[0], "--store", str(store), *words[1:]])


def told(found: Result, code: int) -> str:
    """What is said, in one sentence and without a traceback."""
    assert found.exit_code == code, found.output
    assert not found.stdout
    assert len(found.stderr.splitlines()) == 1
    return found.stderr.strip()


@pytest.mark.parametrize(("command", "level"), [("when", "moon"), ("when", "square"), ("hotspots", "moon")])
def test_a_level_that_does_not_exist_is_wrong_usage(store: Path, command: str, level: str) -> None:
    assert told(run(store, command, "--level", level), 2).startswith(f"There is no level “{level}”; there are lsoa,")


def test_only_a_map_of_cells_has_squares_among_its_levels(store: Path) -> None:
    assert told(run(store, "hotspots", "--level", "moon"), 2).endswith("region, square, hexagon.")
    assert told(run(store, "when", "--level", "moon"), 2).endswith("force, region.")


@pytest.mark.parametrize("command", PLACES)
@pytest.mark.parametrize("level", ["lsoa", "district"])
def test_a_level_of_which_nothing_is_loaded_is_named(store: Path, command: str, level: str) -> None:
    said = told(run(store, command, "--level", level), 2)
    assert said.startswith(f"No areas of the level “{level}” are loaded; there are: ward")


@pytest.mark.parametrize("command", PLACES)
@pytest.mark.parametrize(
    "days",
    [
        ("--from", "2010-01-01", "--to", "2010-12-31"),
        ("--to", "2015-03-31"),
        ("--from", "2017-01-01"),
        ("--json", "--to", "2015-03-31"),
    ],
    ids=["before", "until before", "after", "for programs"],
)
def test_a_period_outside_the_data_is_refused_with_the_days_of_the_data(
    store: Path, command: str, days: Sequence[str]
) -> None:
    assert told(run(store, command, *days), 2) == DATA_RUN


@pytest.mark.parametrize("command", PLACES)
@pytest.mark.parametrize("days", [("--to", "2015-04-30"), ("--from", "2016-12-01")], ids=["first", "last"])
def test_the_first_and_the_last_month_of_the_data_are_answered(store: Path, command: str, days: Sequence[str]) -> None:
    found = run(store, command, *days)
    assert found.exit_code == 0
    assert DATA_RUN not in found.output


@pytest.mark.parametrize("command", PLACES)
@pytest.mark.parametrize("selection", [("--area", EMPTY_WARD), QUIET_MONTH], ids=["place", "month"])
def test_a_quiet_place_or_month_is_an_answer_and_no_finding(
    store: Path, command: str, selection: Sequence[str]
) -> None:
    found = run(store, command, *selection)
    assert found.exit_code == 0
    assert DATA_RUN in found.stdout.splitlines()
    assert "stands out" not in found.stdout


def test_programs_are_not_told_either_that_nothing_stands_out_where_nothing_is(store: Path) -> None:
    when = json.loads(run(store, "when", *QUIET_MONTH, "--json").stdout)
    assert {when[part]["finding"] for part in ("times", "repeats", "clusters")} == {DATA_RUN}
    hotspots = json.loads(run(store, "hotspots", *QUIET_MONTH, "--json").stdout)
    assert (hotspots["incidents"], hotspots["finding"]) == (0, "No incident is recorded (September 2015).")


@pytest.mark.parametrize("command", PLACES)
def test_a_snapshot_without_incidents_is_said_to_have_none(nothing: Path, command: str) -> None:
    found = run(nothing, command)
    assert told(found, 1) == "The snapshot has no incidents."


def test_incidents_without_any_place_have_hours_and_no_quiet_places(own_key: Path, tmp_path: Path) -> None:
    made = Workshop(tmp_path).add("Ref,Kind,Recorded\n1,crime,01/04/2015\n2,crime,05/05/2015\n")
    made.build()
    when, hotspots = (run(made.store, command) for command in PLACES[::-1])
    assert (when.exit_code, hotspots.exit_code) == (0, 0)
    assert "known time: too few" in when.stdout
    assert "stands out" not in when.stdout + hotspots.stdout
    refused = run(made.store, "hotspots", "--level", "square")
    assert told(refused, 2) == "No outline is known here, so there is no land to cut into cells."


@pytest.mark.parametrize("level", ["square", "hexagon"])
def test_cells_too_large_to_compare_are_refused(store: Path, level: str) -> None:
    said = told(run(store, "hotspots", "--level", level, "--size", "100000"), 2)
    assert said == "Cells of 100,000 m are too large: fewer than 10 cover this area; ask for smaller ones."


def test_cells_of_a_size_chosen_here_are_never_refused_for_it(store: Path) -> None:
    found = run(store, "hotspots", "--level", "square", "--area", EMPTY_WARD)
    assert found.exit_code == 0


def test_where_too_few_are_compared_that_is_said_once(store: Path) -> None:
    found = run(store, "hotspots", "--area", "E05000803")
    assert found.stdout.count("With fewer than 10 places") == 1


def test_beside_a_map_of_cells_the_list_says_that_it_is_of_wards(store: Path) -> None:
    cells, wards = (run(store, "hotspots", "--level", level) for level in ("square", "ward"))
    assert cells.stdout.splitlines()[0].startswith("The list is of wards,")
    assert "The list is of wards" not in wards.stdout
    assert json.loads(run(store, "hotspots", "--level", "square", "--json").stdout)["entries_level"] == "ward"


def test_the_package_itself_can_be_run() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "hatecrime", "--help"], cwd=root(), capture_output=True, text=True, check=False
    )
    assert made.returncode == 0
    assert "Usage: hatecrime" in made.stdout
