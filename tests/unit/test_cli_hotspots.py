"""hatecrime hotspots: the list for people and for programs, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hatecrime.cli import app

FIELDS = {
    *("rank", "key", "kind", "code", "area", "label", "sure", "p", "observed", "expected"),
    *("ratio", "low", "high", "since", "reason", "near"),
}


def answer(store: Path, *options: str) -> Any:
    return CliRunner().invoke(app, ["hotspots", "--store", str(store), *options])


def listed(store: Path, *options: str) -> dict[str, Any]:
    found = answer(store, "--json", *options)
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def test_programs_get_every_field_of_the_planted_hotspot_first(sample_store: Path) -> None:
    found = listed(sample_store)

    first = found["entries"][0]
    assert set(first) >= FIELDS
    assert (first["label"], first["sure"], first["since"]) == ("Broadheath", "confident", "2016/17 Q1")
    assert (found["level"], found["period"]) == ("ward", {"from": "2016-04-01", "to": "2017-03-31"})
    assert (found["filters"]["from"], found["filters"]["to"]) == ("2016-04-01", "2017-03-31")
    assert found["tested"] > found["unusual"] > 0


def test_the_list_is_as_long_as_asked_for(sample_store: Path) -> None:
    every = listed(sample_store, "--top", "0")["entries"]

    assert listed(sample_store, "--top", "2")["entries"] == every[:2]
    assert len(every) > 10


def test_training_names_places_with_what_to_put_there(sample_store: Path) -> None:
    rows = listed(sample_store, "--top", "1")["training"]

    assert len(rows) == 21
    assert all(row["put"] for row in rows)


def test_a_level_an_area_a_period_and_codes_limit_the_list(sample_store: Path) -> None:
    by = ["--level", "lsoa", "--area", "E05000822", "--from", "2016-04-01", "--to", "2017-03-31"]
    found = listed(sample_store, *by, "--strand", "disability", "--crime-type", "criminal_damage", "--kind", "crime")

    assert (found["level"], found["filters"]["strand"]) == ("lsoa", ["disability"])
    assert len(found["training"]) <= 9


def test_people_get_the_reasons_and_what_the_words_mean(sample_store: Path) -> None:
    text = answer(sample_store, "--top", "3").stdout

    assert "Broadheath has 15 incidents of criminal damage and arson with disability hostility." in text
    assert "Near: " in text
    assert "confident: over all that was looked at" in text
    assert "Where to tailor training and school inputs" in text


def test_where_there_is_no_place_to_compare_nothing_is_said_to_be_quiet(sample_store: Path) -> None:
    found = answer(sample_store, "--area", "E05000824", "--level", "district")

    assert found.exit_code == 0
    assert found.stdout == "There is no place of this kind in the area.\n"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--audience", "partner"], 1),
        (["--audience", "public", "--json"], 1),
        (["--level", "street"], 2),
        (["--area", "nowhere"], 2),
        (["--strand", "nonsense"], 2),
        (["--from", "2017-03-31", "--to", "2016-04-01"], 2),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_sentence(sample_store: Path, options: list[str], code: int) -> None:
    found = answer(sample_store, *options)

    assert found.exit_code == code
    assert found.stderr.strip()
    assert "Traceback" not in found.stderr


def test_a_folder_without_a_snapshot_is_refused(tmp_path: Path) -> None:
    assert answer(tmp_path).exit_code == 1


def test_the_places_come_with_their_choices_and_whether_they_hold(sample_store: Path) -> None:
    found = listed(sample_store, "--area", "E08000009")
    assert len(found["places"]) == 21
    assert sum(place["n"] for place in found["places"]) == found["incidents"] - found["unplaced"]
    assert found["choices"]["tested"] == 21
    assert found["held_up"]["scores"]["map"]["pai"]["low"] <= found["held_up"]["scores"]["map"]["pai"]["estimate"]
    assert 0 < found["concentration"]["least_places"] <= 1


@pytest.mark.parametrize("level", ["square", "hexagon"])
def test_cells_are_counted_whole(sample_store: Path, level: str) -> None:
    found = listed(sample_store, "--area", "E08000009", "--level", level, "--size", "500")
    assert found["choices"]["size"] == 500
    assert sum(place["n"] for place in found["places"]) == found["incidents"] - found["unplaced"]
    assert {place["rate"] for place in found["places"]} == {None}


def test_lots_are_drawn_with_a_stated_seed(sample_store: Path) -> None:
    once, again = (listed(sample_store, "--area", "E08000009", "--permutations", "99", "--seed", "3") for _ in range(2))
    assert once["places"] == again["places"]
    assert "99 random rearrangements (seed 3)" in " ".join(once["choices"]["how"])
