"""A population file of one's own: as the document shows it, and as propose recognises it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hatecrime.extracts.propose import Proposal, propose
from hatecrime.settings import root
from tests.extracts.workshop import Built, Workshop

DOCUMENT = root() / "docs" / "mappings.md"
EXAMPLE = re.compile(r"Say `residents\.csv`.*?```\n(.*?)```.*?```toml\n(.*?)```", re.S)
EVERYBODY = [("E05000819", 2016, "all", 11200, "mid_year"), ("E05000820", 2016, "all", 9700, "mid_year")]


def loaded(folder: Path, table: str, mapping: str) -> Built:
    return Workshop(folder).add(table, mapping, "residents.csv").build()


def people(made: Built) -> list[tuple[object, ...]]:
    return sorted(made.rows("area_population", "area_code", "year", "population_group", "n", "base"))


def documented() -> tuple[str, str]:
    found = EXAMPLE.search(DOCUMENT.read_text(encoding="utf-8"))
    assert found, "docs/mappings.md shows no mapping for residents.csv"
    return found[1], found[2]


def proposed(folder: Path, text: str, name: str = "residents.csv") -> Proposal:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return propose(file)


def test_the_mapping_that_the_document_shows_loads_the_file_that_it_shows(own_key: Path, tmp_path: Path) -> None:
    assert people(loaded(tmp_path, *documented())) == EVERYBODY


def test_the_mapping_that_is_proposed_loads_the_same(own_key: Path, tmp_path: Path) -> None:
    table, _mapping = documented()
    made = proposed(tmp_path, table)
    assert (made.table, made.needed) == ("area_population", ())
    assert people(loaded(tmp_path, table, made.text)) == EVERYBODY


def test_a_column_that_says_who_is_counted_is_read(tmp_path: Path) -> None:
    made = proposed(tmp_path, "Ward code,Sex,Year,Residents\nE05000819,Female,2016,10\nE05000819,Male,2016,20\n")
    assert 'population_group = "Sex"' in made.text
    assert "everyone" not in made.text


@pytest.mark.parametrize(
    "text",
    [
        "Ward code,Number\nE05000819,10\nE05000820,20\n",
        "Ward name,Remark,Residents\nAltrincham,ok,yes\nBowdon,ok,no\n",
        "Ward code,Hate strand\nE05000819,Racist\nE05000820,Faith\n",
    ],
    ids=["numbers of nobody knows what", "no number", "strands"],
)
def test_what_does_not_speak_of_people_is_still_taken_for_incidents(tmp_path: Path, text: str) -> None:
    made = proposed(tmp_path, text, "anyshire.csv")
    assert (made.table, made.needed) == ("incident", ("recorded_on",))


def test_people_with_a_date_of_recording_are_incidents(tmp_path: Path) -> None:
    text = "Ward code,Date recorded,Residents\nE05000819,23/06/2016,10\nE05000820,24/06/2016,20\n"
    assert proposed(tmp_path, text).table == "incident"
