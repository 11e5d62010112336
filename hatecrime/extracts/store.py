"""The folder of snapshots: one build at a time works in it, publishes in one step, and lets old snapshots go."""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from hatecrime.extracts.errors import ExtractError
from hatecrime.settings import settings

WORKING = ".building-"
MOMENT = "%Y%m%d-%H%M%S-%f"
TICK = dt.timedelta(microseconds=1)
PUBLISHED = re.compile(r"hatecrime-(\d{8}-\d{6}-\d{6})\.duckdb")
BUILDING = re.compile(r"\.building-(\d{8}-\d{6}-\d{6})-.*")
# A snapshot is complete in itself: nothing is ever fetched to make it or to read it.
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
# What the system reports, and how to mend it.
FAULTS = {
    errno.ENOSPC: ("The disk is full", "Free some space"),
    errno.EDQUOT: ("The quota of this account is used up", "Delete files or ask for more room"),
    errno.EFBIG: ("A file would grow larger than is allowed", "Raise the limit (ulimit -f) or use another disk"),
    errno.EROFS: ("The disk can be read but not written", "Name a folder on another disk"),
    errno.EACCES: ("This account has no permission", "Let it read the extracts and write to the store"),
    errno.EPERM: ("This account has no permission", "Let it read the extracts and write to the store"),
    errno.EMFILE: ("Too many files are open", "Raise the limit (ulimit -n)"),
    errno.ENFILE: ("Too many files are open on this machine", "Close other programs"),
    errno.ENOMEM: ("There is not enough memory", "Close other programs, or list fewer files"),
    errno.EIO: ("The disk reports a fault", "Have it looked at, or name a folder on another disk"),
    errno.ENOLCK: ("The disk cannot lock a folder", "Name a folder on a disk of this machine"),
    errno.EBADF: ("The disk cannot lock a folder", "Name a folder on a disk of this machine"),
}


@contextmanager
def building(store: Path) -> Iterator[Path]:
    """Where to make the next snapshot: a path in a folder of its own in the store, which goes with the block.

    What dead builds left behind is removed first. Raises ExtractError while another build is running.
    """
    store.mkdir(parents=True, exist_ok=True)
    with locked(store):
        for left in store.glob(f"{WORKING}*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{WORKING}{_now():{MOMENT}}-", dir=store))
        try:
            yield folder / _next_name(store)
        finally:  # What cannot be removed now, the next build removes.
            shutil.rmtree(folder, ignore_errors=True)


def publish(made: Path, store: Path) -> Path:
    """Move a finished file into the store, so that readers see all of it or nothing; then let old ones go."""
    final = store / made.name
    made.chmod(0o444)
    _to_disk(made)
    made.replace(final)
    with suppress(OSError):  # Not every disk can; the snapshot is published all the same.
        _to_disk(store)
    for old in snapshots(store)[: -settings().keep_snapshots]:
        with suppress(OSError):
            old.unlink()
    return final


def snapshots(store: Path) -> list[Path]:
    """The snapshots that builds have published, the newest last. Files of other names are nobody's business here."""
    named = (path for path in store.glob("hatecrime-*.duckdb") if _moment(path.name, PUBLISHED))
    return sorted(path for path in named if path.is_file() and not path.is_symlink())


@contextmanager
def plain_words(store: Path) -> Iterator[None]:
    """Whatever the system or the database refuses becomes an ExtractError that says what, where and how to mend it."""
    try:
        yield
    except (OSError, MemoryError, duckdb.Error) as error:
        raise ExtractError(_sentence(error, store)) from error


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Hold the lock of a folder. It lies on the folder itself, so it leaves no file, and it dies with the process."""
    descriptor = os.open(store, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(descriptor, store)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, store: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        begun = [moment for path in store.glob(f"{WORKING}*") if (moment := _moment(path.name, BUILDING))]
        since = f" since {max(begun).astimezone():%H:%M:%S on %d %B %Y}" if begun else ""
        raise ExtractError(
            f"Another build has been running in {store}{since}. Wait until it is done, then build again."
        ) from None


def _next_name(store: Path) -> str:
    """Names sort by the time of publishing, even where the clock has been set back."""
    earlier = [moment for path in snapshots(store) if (moment := _moment(path.name, PUBLISHED))]
    return f"hatecrime-{max([_now(), *(moment + TICK for moment in earlier[-1:])]):{MOMENT}}.duckdb"


def _moment(name: str, pattern: re.Pattern[str]) -> dt.datetime | None:
    """
    >>> _moment("hatecrime-20160623-070000-000000.duckdb", PUBLISHED)
    datetime.datetime(2016, 6, 23, 7, 0, tzinfo=datetime.timezone.utc)
    >>> _moment("hatecrime-copy.duckdb", PUBLISHED)
    """
    found = pattern.fullmatch(name)
    with suppress(ValueError):
        return dt.datetime.strptime(found[1], MOMENT).replace(tzinfo=dt.UTC) if found else None
    return None


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _to_disk(path: Path) -> None:
    """Have the system write what it still holds back."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sentence(error: Exception, store: Path) -> str:
    code = _code(error)
    if code is None and isinstance(error, duckdb.Error):
        return f"The database refused the build: {str(error).splitlines()[0]}"
    what, mend = FAULTS.get(code or 0, (getattr(error, "strerror", None) or str(error), "Look at it"))
    return f"{what} ({getattr(error, 'filename', None) or store}). {mend}, then try again."


def _code(error: Exception) -> int | None:
    """The number of a fault; libraries that have only words for it use those of the system."""
    if isinstance(error, (MemoryError, duckdb.OutOfMemoryException)):
        return errno.ENOSPC if "max_temp_directory_size" in str(error) else errno.ENOMEM
    number = getattr(error, "errno", None)
    return number or next((code for code in FAULTS if os.strerror(code) in str(error)), None)
