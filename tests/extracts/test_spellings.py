"""Large files: their few texts are staged as numbers, and nothing in the snapshot may tell."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from hatecrime.dictionary import tables
from hatecrime.extracts import spellings
from hatecrime.extracts.build import build
from hatecrime.settings import data_dir
from tests.extracts.workshop import HEADER, INCIDENTS, Workshop

OWN = ("snapshot",)  # the name of a snapshot is its own


@pytest.fixture
def every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spellings, "LARGE", 0)


def contents(path: Path) -> dict[str, pd.DataFrame]:
    with duckdb.connect(str(path), read_only=True) as con:
        return {name: con.table(name).df() for name in tables() if name not in OWN}


def lines(kinds: list[str]) -> str:
    return HEADER + "".join(f"r{n},{kind},01/05/2016\n" for n, kind in enumerate(kinds))


def test_the_sample_gives_the_same_snapshot_when_its_files_are_taken_for_large_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = contents(Path(build(data_dir() / "sample", tmp_path / "plain").snapshot))
    monkeypatch.setattr(spellings, "LARGE", 0)
    large = contents(Path(build(data_dir() / "sample", tmp_path / "large").snapshot))
    for name, frame in plain.items():
        pd.testing.assert_frame_equal(frame, large[name], obj=name)


@pytest.mark.usefixtures("every_file_is_large")
def test_a_text_that_no_sample_showed_is_read_all_the_same(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spellings, "SAMPLES", 1)
    monkeypatch.setattr(spellings, "SAMPLE", 200)
    built = workshop.add(lines(["Crime"] * 50 + ["Non-crime"] * 3 + ["Rumour"]), INCIDENTS + VALUES).build()
    assert built.column("incident", "kind") == ["crime"] * 50 + ["non_crime"] * 3
    assert built.reasons == {"unknown_label": 1}
    assert [value for _line, _column, value, *_rest in built.rejects] == ["Rumour"]


@pytest.mark.usefixtures("every_file_is_large")
def test_a_column_of_too_many_texts_stays_a_column_of_texts(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spellings, "MOST", 2)
    monkeypatch.setattr(spellings, "SAMPLES", 1)
    monkeypatch.setattr(spellings, "SAMPLE", 100)
    built = workshop.add(lines(["Crime"] * 10 + ["Non-crime", "crime", "CRIME"]), INCIDENTS + VALUES).build()
    assert built.column("incident", "kind") == ["crime"] * 10 + ["non_crime", "crime", "crime"]


@pytest.mark.usefixtures("every_file_is_large")
@pytest.mark.parametrize("kinds", [[], ["Crime"], ["", ""]])
def test_no_record_one_record_and_empty_cells_are_no_trouble(workshop: Workshop, kinds: list[str]) -> None:
    built = workshop.add(lines(kinds), INCIDENTS + VALUES).build()
    assert built.extract.read == len(kinds)
    assert built.extract.kept == kinds.count("Crime")


VALUES = """
[values.kind]
"Crime" = "crime"
"Non-crime" = "non_crime"
"""
