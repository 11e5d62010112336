"""Two builds at once, readers while builds publish, and files that change while they are read."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hatecrime.database import count, open_newest, open_snapshot
from hatecrime.extracts import build as engine
from hatecrime.extracts.build import build
from hatecrime.extracts.errors import ExtractError
from hatecrime.filters import Filters
from hatecrime.settings import settings
from tests.extracts.workshop import HEADER, Workshop
from tests.faults.conftest import Builder
from tests.faults.inputs import FILES, MAPPINGS, packed
from tests.faults.test_kills import LARGE, SMALL, counted

GOOD = HEADER + "1,Crime,01/02/2016\n2,Crime,02/02/2016\n"
PUBLISHED = 20


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """A build stops in the middle (first event set) until it is let go (second event)."""
    reached, let_go = threading.Event(), threading.Event()
    write = engine._Build._write_records

    def waiting(self: engine._Build) -> None:
        reached.set()
        assert let_go.wait(60)
        write(self)

    monkeypatch.setattr(engine._Build, "_write_records", waiting)
    return reached, let_go


def test_a_second_build_says_since_when_the_first_has_been_running_and_disturbs_nothing(
    workshop: Workshop, held: tuple[threading.Event, threading.Event]
) -> None:
    reached, let_go = held
    workshop.add(GOOD).listing("\n".join(workshop.listed))
    made: list[str] = []
    first = threading.Thread(target=lambda: made.append(build(workshop.folder, workshop.store).snapshot))
    first.start()
    assert reached.wait(60)
    today = time.strftime("%d %B %Y")
    with pytest.raises(ExtractError, match=rf"Another build has been running in .* since \d\d:\d\d:\d\d on {today}"):
        build(workshop.folder, workshop.store)
    let_go.set()
    first.join(60)
    assert workshop.snapshots() == [Path(made[0]).name]
    assert counted(workshop.store) == 2
    build(workshop.folder, workshop.store)
    assert len(workshop.snapshots()) == 2


def test_a_killed_build_locks_nothing_and_its_folder_goes_with_the_next_build(
    builder: Builder, listing: Callable[[str, int], Path], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    assert builder(listing("small", SMALL), store, wait_for="checkpoint", delay=0.0)["killed"]
    (left,) = store.iterdir()
    assert left.name.startswith(".building-")
    assert builder(listing("large", LARGE), store)["snapshot"]
    assert [path.suffix for path in store.iterdir()] == [".duckdb"]


def test_builds_that_start_together_succeed_or_say_that_one_is_running(
    listing: Callable[[str, int], Path], tmp_path: Path
) -> None:
    extracts, store = listing("small", SMALL), tmp_path / "store"
    said: list[str] = []

    def start() -> None:
        try:
            said.append(build(extracts, store).snapshot)
        except ExtractError as error:
            said.append(str(error))

    threads = [threading.Thread(target=start) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    published = sorted(each for each in said if each.endswith(".duckdb"))
    assert published and [str(path) for path in sorted(store.iterdir())] == published
    assert all("Another build has been running" in each for each in said if each not in published)
    assert len(said) == 4


def test_two_stores_are_built_at_once(
    workshop: Workshop, tmp_path: Path, held: tuple[threading.Event, threading.Event]
) -> None:
    reached, let_go = held
    workshop.add(GOOD).listing("\n".join(workshop.listed))
    first = threading.Thread(target=lambda: build(workshop.folder, workshop.store))
    second = threading.Thread(target=lambda: build(workshop.folder, tmp_path / "another"))
    first.start()
    assert reached.wait(60)
    second.start()
    let_go.set()
    first.join(60)
    second.join(60)
    assert counted(workshop.store) == counted(tmp_path / "another") == 2


@pytest.mark.parametrize("kept", [1, 5])
def test_a_reader_counts_without_an_error_while_builds_publish_and_prune(
    builder: Builder,
    listing: Callable[[str, int], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tell: Callable[[str], None],
    kept: int,
) -> None:
    store, extracts = tmp_path / "store", [listing("small", SMALL), listing("large", LARGE)]
    assert builder(extracts[0], store, keep=kept)["snapshot"]
    counts: list[int] = []
    errors: list[Exception] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                counts.append(counted_again(store))
            except Exception as error:
                errors.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(PUBLISHED):
        assert builder(extracts[number % 2], store, keep=kept)["snapshot"]
    stop.set()
    reader.join(60)
    assert errors == []
    assert set(counts) == {SMALL, LARGE}
    assert len(list(store.iterdir())) == kept
    tell(f"Reads while {PUBLISHED} builds published and {kept} were kept: {len(counts)}, without an error.")


def counted_again(store: Path) -> int:
    """Count twice in one snapshot that may be deleted in between: it stays what it is."""
    snapshot = open_newest(store)
    try:
        first, second = (int(count(snapshot, Filters())["n"].item()) for _time in range(2))
    finally:
        snapshot.close()
    assert first == second
    return first


def test_an_open_snapshot_can_be_read_on_when_its_file_is_gone(workshop: Workshop) -> None:
    made = workshop.add(GOOD).build()
    snapshot = open_snapshot(made.path)
    for _time in range(settings().keep_snapshots):
        workshop.build()
    assert not made.path.exists()
    assert int(count(snapshot, Filters())["n"].item()) == 2
    snapshot.close()


def test_a_file_that_grows_while_it_is_read_is_refused_or_accounted_for(workshop: Workshop) -> None:
    """Whatever moment the file is read at, the account holds; usually the build says that the file has changed."""
    rows = "".join(f"{n},Crime,{n % 28 + 1:02}/02/2016\n" for n in range(20_000))
    workshop.add(HEADER + rows).listing("\n".join(workshop.listed))
    stop = threading.Event()

    def append() -> None:
        number = 0
        while not stop.is_set():
            with (workshop.folder / "incidents.csv").open("a") as stream:
                stream.write(f"new{number},Crime,03/02/2016\n")
            number += 1
            time.sleep(0.002)

    writer = threading.Thread(target=append)
    writer.start()
    try:
        with pytest.raises(ExtractError, match=r"incidents\.csv .*chang"):
            build(workshop.folder, workshop.store)
    finally:
        stop.set()
        writer.join(60)
    assert workshop.snapshots() == []
    assert build(workshop.folder, workshop.store).extracts[0].read > 20_000


@pytest.mark.parametrize("cut", range(1, 21))
def test_an_upload_that_is_cut_off_is_accounted_for(workshop: Workshop, cut: int) -> None:
    whole = HEADER + "1,Crime,01/02/2016\n2,Crime,02/02/2016\n"
    made = workshop.add(whole[:-cut]).build()
    told = made.extract
    assert told.read == told.kept + sum(told.refused.values()) + told.collapsed
    assert 1 <= told.read <= 2
    assert set(told.refused) <= {"too_few_columns", "bad_date", "missing_required"}


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["excel", "json", "parquet", "sqlite"])
def test_an_upload_of_another_kind_that_is_cut_off_is_refused(workshop: Workshop, kind: str, share: float) -> None:
    name, mapping, make = FILES[kind]
    content = make()
    with pytest.raises(ExtractError):
        workshop.add(content[: int(len(content) * share)], MAPPINGS[mapping], file=name).build()
    assert workshop.snapshots() == []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_packed_upload_that_is_cut_off_is_refused(workshop: Workshop, tmp_path: Path, share: float) -> None:
    content = packed("incidents.csv", GOOD.encode() * 50)
    with pytest.raises(ExtractError, match=r"incidents\.zip cannot be unpacked"):
        workshop.add(content[: int(len(content) * share)], file="incidents.zip").build()
    assert workshop.snapshots() == []
