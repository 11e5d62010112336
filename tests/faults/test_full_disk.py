"""No room, no permission, no memory: a sentence says so, the last snapshot stays live, and the next build works."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hatecrime.database import newest
from hatecrime.extracts import build as engine
from hatecrime.extracts import store as stores
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.listing import read_listing
from tests.extracts.workshop import HEADER, Workshop
from tests.faults.conftest import Builder
from tests.faults.test_kills import LARGE, SMALL, counted

KILOBYTE, MEGABYTE = 1 << 10, 1 << 20
NOBODY = 65534
GOOD = HEADER + "1,Crime,01/02/2016\n2,Crime,02/02/2016\n"


def left_alone(store: Path, live: str, incidents: int) -> None:
    """The live snapshot is the only thing in the store, and it is whole."""
    assert [str(path) for path in store.iterdir()] == [live]
    assert counted(store) == incidents


def test_a_limit_on_the_size_of_files_is_told_wherever_it_strikes(
    builder: Builder, listing: Callable[[str, int], Path], tmp_path: Path, tell: Callable[[str], None]
) -> None:
    extracts, store = listing("extracts", SMALL), tmp_path / "store"
    live = builder(extracts, store)["snapshot"]
    size = Path(live).stat().st_size
    limits = [KILOBYTE, *range(4 * KILOBYTE, size, size // 24)]
    for limit in limits:
        refused = builder(extracts, store, limits={"RLIMIT_FSIZE": limit})
        assert refused["escaped"] is None and not refused["killed"], (limit, refused)
        assert "A file would grow larger than is allowed" in str(refused["refused"]), (limit, refused)
        left_alone(store, live, SMALL)
    tell(f"Builds refused at {len(limits)} limits on the size of files; none lost.")
    assert builder(listing("next", LARGE), store)["snapshot"]
    assert counted(store) == LARGE


def test_too_few_open_files_are_told(builder: Builder, listing: Callable[[str, int], Path], tmp_path: Path) -> None:
    extracts, store = listing("extracts", SMALL), tmp_path / "store"
    assert builder(extracts, store)["snapshot"]
    for most in range(6, 14):
        done = builder(extracts, store, limits={"RLIMIT_NOFILE": most})
        assert done["escaped"] is None and not done["killed"], (most, done)
        if done["refused"]:
            assert "Too many files are open" in done["refused"]
            assert counted(store) == SMALL
    last = builder(listing("next", LARGE), store)["snapshot"]
    assert newest(store) == Path(last)
    assert list(store.glob(".building-*")) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A disk of the size that is asked for."""
    mounted: list[Path] = []

    def mount(size: str) -> Path:
        folder = tmp_path / f"disk{len(mounted)}"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("This account may not mount a small disk.")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_and_leaves_the_live_snapshot(
    builder: Builder,
    listing: Callable[[str, int], Path],
    small_disk: Callable[[str], Path],
    tell: Callable[[str], None],
) -> None:
    extracts, large = listing("extracts", SMALL), listing("large", LARGE)
    store = small_disk("64m") / "store"
    live = Path(builder(extracts, store)["snapshot"])
    room = live.stat().st_size
    shares = [0.0, 0.01, 0.1, 0.25, 0.5, 0.7, 0.9, 0.99]
    for share in shares:
        free = _fill_up_to(store, int(room * share))
        done = builder(large, store)
        assert done["escaped"] is None and not done["killed"], (share, done)
        assert f"The disk is full ({store}" in str(done["refused"]), (share, free, done)
        left_alone(store, str(live), SMALL)
    tell(f"Builds refused on a disk that was full at {len(shares)} degrees; none lost.")
    _filler(store).unlink()
    assert builder(large, store)["snapshot"]
    assert counted(store) == LARGE


def _filler(store: Path) -> Path:
    return store.parent / "filler"


def _fill_up_to(store: Path, room: int) -> int:
    """Leave so many bytes free on the disk of the store."""
    _filler(store).unlink(missing_ok=True)
    free = shutil.disk_usage(store).free
    with _filler(store).open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, free - room)
    return shutil.disk_usage(store).free


def test_a_disk_that_can_only_be_read_is_told(
    builder: Builder, listing: Callable[[str, int], Path], small_disk: Callable[[str], Path]
) -> None:
    disk = small_disk("64m")
    live = builder(listing("extracts", SMALL), disk / "store")["snapshot"]
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    refused = builder(listing("large", LARGE), disk / "store")["refused"]
    assert "The disk can be read but not written" in refused and "another disk" in refused
    left_alone(disk / "store", live, SMALL)


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that every account may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can build as another account.")
def test_an_account_without_permission_is_told(
    builder: Builder, listing: Callable[[str, int], Path], open_to_all: Path
) -> None:
    extracts, store = open_to_all / "extracts", open_to_all / "store"
    shutil.copytree(listing("extracts", SMALL), extracts)
    live = builder(extracts, store)["snapshot"]
    for folder, mode in ((store, 0o755), (store, 0o700), (extracts, 0o700)):
        folder.chmod(mode)
        done = builder(extracts, store, user=NOBODY)
        assert done["escaped"] is None, done
        assert "This account has no permission" in done["refused"]
        left_alone(store, live, SMALL)


def test_a_build_that_needs_more_memory_than_there_is_is_told(
    builder: Builder, listing: Callable[[str, int], Path], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    live = builder(listing("small", SMALL), store)["snapshot"]
    large = listing("large", 40_000)
    done = builder(large, store, config={"memory_limit": "3MB"})
    assert done["escaped"] is None and not done["killed"]
    assert "There is not enough memory" in done["refused"]
    left_alone(store, live, SMALL)
    assert builder(large, store)["snapshot"]


@pytest.mark.parametrize("code", sorted(stores.FAULTS), ids=lambda code: errno.errorcode[code])
def test_what_the_system_refuses_is_told_in_plain_words(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    good = workshop.add(GOOD).build()

    def refuse(*_given: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(engine._Build, "_write_context", refuse)
    with pytest.raises(ExtractError) as told:
        workshop.build()
    what, mend = stores.FAULTS[code]
    assert str(told.value) == f"{what} ({workshop.store}). {mend}, then try again."
    assert workshop.snapshots() == [good.path.name]


def test_a_build_of_a_listing_that_is_not_saved_yet_is_refused_in_plain_words_too(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.add(GOOD).listing("\n".join(workshop.listed))

    def refuse(*_given: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(engine._Build, "_write_context", refuse)
    with pytest.raises(ExtractError, match="The disk is full"):
        engine.build_listing(read_listing(workshop.folder), workshop.store)
    assert workshop.snapshots() == []


def test_a_working_folder_that_cannot_be_removed_does_not_undo_a_build(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *_given, **_options: None)
        made = workshop.add(GOOD).build()
    assert len(workshop.snapshots()) == 2
    assert newest(workshop.store) == made.path
    again = workshop.build()
    assert workshop.snapshots() == [made.path.name, again.path.name]
