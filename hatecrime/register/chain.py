"""
A chain of entries: each holds the hash of the one before it, so that none can change unnoticed.

The hash of an entry is SHA-256 over the JSON of all its other columns: names sorted, no spaces, ASCII.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

# What stands before the first entry.
ORIGIN = "0" * 64

Kind = Literal["edited", "removed", "reordered", "inserted"]


class Entry(NamedTuple):
    """A row of the access log."""

    id: int
    at: str
    subject: str
    audience: str
    event: str
    page: str
    filters: str
    detail: str
    previous_hash: str = ORIGIN
    hash: str = ""

    def sealed(self) -> "Entry":
        """The same entry with its hash."""
        return self._replace(hash=digest(self))


class Head(NamedTuple):
    """How many entries there must be, and the hash of the last of them."""

    rows: int = 0
    hash: str = ORIGIN


@dataclass(frozen=True)
class Verdict:
    """
    What was found: rows read, the hash of the last, and the first entry at fault with what was done to it.

    Of a removed entry, broken is the number it had.
    """

    rows: int
    last_hash: str
    broken: int | None = None
    why: Kind | None = None

    @property
    def ok(self) -> bool:
        """Whether every entry is as it was written, and none is missing or added."""
        return self.broken is None


def digest(entry: Entry, number: int | None = None) -> str:
    """The hash of an entry, or the one that it would have under another number."""
    columns = entry._asdict() | {"id": entry.id if number is None else number}
    del columns["hash"]
    # A tampered column can hold what is no text; that must give another hash and no fault.
    text = json.dumps(columns, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=repr)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def first_fault(entries: Iterable[Entry], head: Head) -> int | None:
    """
    The place, counted from 1, at which the chain does not hold; None where all of it does.

    Entries come in the order of their numbers. Nothing is kept of them, so a long log needs no memory.
    """
    place, last = 0, ORIGIN
    for place, entry in enumerate(entries, start=1):
        if place > head.rows or entry.id != place or entry.previous_hash != last or not _is_whole(entry):
            return place
        last = entry.hash
    if place < head.rows:
        return place + 1
    return None if last == head.hash else max(place, 1)


def explain(entries: Sequence[Entry], head: Head, place: int) -> tuple[int, Kind]:
    """The number of the entry at fault at a place that first_fault gave, and what was done to it."""
    if place > len(entries):
        return place, "removed"
    entry = entries[place - 1]
    if entry.id != place:
        return (place, "removed") if entry.id > place else (entry.id, "inserted")
    if _is_whole(entry):
        return _explain_whole(entries, head, place)
    return _explain_moved(entries, entry)


def _explain_whole(entries: Sequence[Entry], head: Head, place: int) -> tuple[int, Kind]:
    """An entry that is right in itself but does not follow the one before it, or is too many."""
    entry = entries[place - 1]
    if place > head.rows:
        return place, "inserted"
    # Whichever of the two the rest of the chain does not know was made anew, with a hash of its own.
    known = entries[place].previous_hash if place < len(entries) else head.hash
    return (place - 1 if known == entry.hash and place > 1 else place), "edited"


def _explain_moved(entries: Sequence[Entry], entry: Entry) -> tuple[int, Kind]:
    """An entry whose hash is not its own: it was written so, under another number, or never."""
    home = next((n for n in _numbers(entries) if digest(entry, n) == entry.hash), None)
    has_other_home = any(other is not entry and digest(other, entry.id) == other.hash for other in entries)
    if home is None:
        return entry.id, "inserted" if has_other_home else "edited"
    if home > entry.id:
        return entry.id, "reordered" if has_other_home else "removed"
    # It belongs further up. Either its place there is taken by an entry that was put in, or it is a copy.
    is_copy = entries[home - 1].hash == entry.hash
    return (entry.id if is_copy else home), "inserted"


def _numbers(entries: Sequence[Entry]) -> Iterator[int]:
    """Numbers that an entry can have had; one more than there are, as one may be missing."""
    return iter(range(1, len(entries) + 2))


def _is_whole(entry: Entry) -> bool:
    return digest(entry) == entry.hash
