"""hatecrime when: hours, near repeats and clusters for people and for programs, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hatecrime.cli import app

TRAFFORD = ("--area", "E08000009")


def answer(store: Path, *options: str) -> Any:
    return CliRunner().invoke(app, ["when", "--store", str(store), *options])


def told(store: Path, *options: str) -> dict[str, Any]:
    found = answer(store, "--json", *options)
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def test_every_known_hour_is_in_the_grid(sample_store: Path) -> None:
    times = told(sample_store, *TRAFFORD)["times"]
    grid = times["by_hour_and_weekday"]
    assert [len(grid), len(grid[0])] == [24, 7]
    assert sum(map(sum, grid)) == times["known"] <= times["total"]


def test_people_read_one_sentence_of_each(sample_store: Path) -> None:
    said = answer(sample_store, *TRAFFORD).stdout.splitlines()
    found = told(sample_store, *TRAFFORD)
    assert said == [found["times"]["finding"], found["repeats"]["finding"], found["clusters"]["finding"]]


def test_a_place_that_is_high_for_its_residents_is_no_cluster_by_its_own_share(sample_store: Path) -> None:
    people = told(sample_store, *TRAFFORD)["clusters"]["rows"]
    own = told(sample_store, *TRAFFORD, "--base", "own")["clusters"]["rows"]
    assert people[0]["labels"] == ["Clifford"]
    assert people[0]["p"] == 0.001
    assert all(row["p"] > 0.01 for row in own if row["labels"] == ["Clifford"])


def test_a_seed_repeats_itself(sample_store: Path) -> None:
    assert told(sample_store, *TRAFFORD, "--seed", "5") == told(sample_store, *TRAFFORD, "--seed", "5")


def test_incidents_without_points_have_hours_and_clusters_and_no_near_repeats(sample_store: Path) -> None:
    found = told(sample_store, "--area", "W92000004", "--level", "district")
    assert found["repeats"]["finding"].startswith("Whether incidents come back nearby cannot be said")
    assert found["clusters"]["rows"]


@pytest.mark.parametrize(("options", "code"), [(["--base", "guess"], 2), (["--audience", "partner"], 1)])
def test_what_cannot_be_given_is_refused_in_words(sample_store: Path, options: list[str], code: int) -> None:
    found = answer(sample_store, *options)
    assert found.exit_code == code
    assert "Traceback" not in found.output
    assert found.output.strip()
