"""Old snapshots go when there are more than are to be kept; nothing else ever does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hatecrime.database import newest
from hatecrime.extracts import store as stores
from hatecrime.settings import settings
from tests.extracts.workshop import HEADER, Workshop

GOOD = HEADER + "1,Crime,01/02/2016\n2,Crime,02/02/2016\n"


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    yield lambda most: monkeypatch.setattr(stores, "settings", lambda: replace(settings(), keep_snapshots=most))


@pytest.mark.parametrize("most", [1, 2, 3])
def test_so_many_snapshots_are_kept_as_are_set_the_newest_first(workshop: Workshop, keeping: Any, most: int) -> None:
    keeping(most)
    workshop.add(GOOD)
    made = [workshop.build().path.name for _time in range(5)]
    assert workshop.snapshots() == made[-most:]


def test_fewer_than_are_to_be_kept_all_stay(workshop: Workshop, keeping: Any) -> None:
    keeping(9)
    workshop.add(GOOD)
    made = [workshop.build().path.name for _time in range(3)]
    assert workshop.snapshots() == made


def test_files_of_other_names_stay(workshop: Workshop, keeping: Any) -> None:
    keeping(1)
    workshop.store.mkdir()
    others = [
        "hatecrime-2016.duckdb",
        "hatecrime-20160623-070000-000000.duckdb.bak",
        "hatecrime-20161399-070000-000000.duckdb",
        "copy of hatecrime-20160623-070000-000000.duckdb",
        "notes.txt",
    ]
    for name in others:
        (workshop.store / name).write_text("not ours")
    folder = workshop.store / "hatecrime-20160101-070000-000000.duckdb"
    folder.mkdir()
    link = workshop.store / "hatecrime-20160102-070000-000000.duckdb"
    link.symlink_to(workshop.store / "notes.txt")
    workshop.add(GOOD).build()
    made = workshop.build().path.name
    assert workshop.snapshots() == sorted([*others, folder.name, link.name, made])


def test_a_snapshot_that_cannot_be_deleted_does_not_fail_the_build(
    workshop: Workshop, keeping: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping(1)
    first = workshop.add(GOOD).build()

    def refuse(*_given: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        second = workshop.build()
    assert workshop.snapshots() == [first.path.name, second.path.name]
    third = workshop.build()
    assert workshop.snapshots() == [third.path.name]


def test_the_one_just_made_is_live_even_where_the_clock_was_set_back(workshop: Workshop, keeping: Any) -> None:
    keeping(2)
    first = workshop.add(GOOD).build()
    future = first.path.with_name("hatecrime-20991231-235959-000000.duckdb")
    first.path.rename(future)
    second = workshop.build()
    assert second.path.name == "hatecrime-20991231-235959-000001.duckdb"
    assert newest(workshop.store) == second.path
    third = workshop.build()
    assert workshop.snapshots() == [second.path.name, third.path.name]
    assert second.column("snapshot", "name") == [second.path.stem]


def test_a_store_that_cannot_flush_its_folder_publishes_all_the_same(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_disk = stores._to_disk

    def refuse(path: Path) -> None:
        if path.is_dir():
            raise OSError(22, "Invalid argument")
        to_disk(path)

    monkeypatch.setattr(stores, "_to_disk", refuse)
    made = workshop.add(GOOD).build()
    assert workshop.snapshots() == [made.path.name]


def test_a_failed_build_deletes_nothing(workshop: Workshop, keeping: Any) -> None:
    workshop.add(GOOD)
    made = [workshop.build().path.name for _time in range(3)]
    keeping(1)
    workshop.add(b"", file="empty.csv")
    with pytest.raises(Exception, match="is empty"):
        workshop.build()
    assert workshop.snapshots() == made
