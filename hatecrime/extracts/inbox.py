"""Keep a file that somebody sent, with its mapping, list it and build: all of it, or nothing."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit import TOMLDocument

from hatecrime.extracts.build import Progress, build_listing, check_listing
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.listing import DEFAULT_CRS, LISTING, Listing, read_listing, single
from hatecrime.extracts.mapping import Mapping
from hatecrime.extracts.mapping_file import find_mapping, read_mapping
from hatecrime.extracts.report import BuildReport
from hatecrime.extracts.source import match_header
from hatecrime.extracts.store import locked, plain_words
from hatecrime.extracts.trial import beside
from hatecrime.settings import data_dir

# What other records are placed in and divided by: kept where a file is loaded on its own.
REFERENCE = ("area", "area_population", "area_measure", "postcode", "published_figure")
FRESH = "# Which files are loaded, and how each of them is read.\n"
CANDIDATE = ".extracts.toml.tmp"
MOST_NAMES = 10_000
MOST_LETTERS = 120


@dataclass(frozen=True)
class Sent:
    """A file that is to be loaded: where it lies for now, what it is called, and how it is read.

    `mapping` is the text of a mapping. `known_as` is the name under which that very text is known already.
    """

    path: Path
    name: str
    mapping: str
    known_as: str | None = None
    received: dt.date | None = None
    complete: tuple[dt.date, dt.date] | None = None
    made_up: bool = False

    @property
    def map_crs(self) -> str | None:
        """The map on which the records are drawn; None where they have no points."""
        point = tomllib.loads(self.mapping).get("point")
        return point.get("map_crs", DEFAULT_CRS) if isinstance(point, dict) else None


@dataclass(frozen=True)
class Known:
    """A mapping that fits a file: the name it is listed under, its text, and the file that was last read through it."""

    name: str
    mapping: Mapping
    text: str
    file: str | None = None
    received: dt.date | None = None


def plain_name(name: str) -> str:
    """A name as it can lie in any folder, whatever the sender called the file."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return re.sub(r"[^\w.() -]+", "_", last).strip(" .")[-MOST_LETTERS:] or "file"


def fitting(header: tuple[str, ...], shipped: str | None, extracts: Path) -> tuple[Known, ...]:
    """The mappings that the header of a file fits: those of files that were loaded before, and a shipped one."""
    used = {entry["mapping"]: entry for entry in _entries(extracts)}
    known = [_known(name, extracts, entry) for name, entry in reversed(used.items())]
    known += [_known(shipped, extracts, {})] if shipped and shipped not in used else []
    fits = [each for each in known if _fits(header, each.mapping)]
    # The one that reads the most of it; of two that read as much, the latest.
    return tuple(sorted(fits, key=lambda each: -len(each.mapping.source_columns())))


def base(extracts: Path) -> Path:
    """The folder whose listing a new file joins: that of the extracts where it has one, else the bundled sample."""
    return extracts if (extracts / LISTING).is_file() else _sample()


def listed(extracts: Path) -> Listing:
    """What a new file joins; raises ExtractError where it cannot be read."""
    return read_listing(base(extracts))


def is_apart(sent: Sent, extracts: Path) -> bool:
    """Whether the records are drawn on another map than what is listed, so that they can only stand alone."""
    return not _fits_map(sent, base(extracts))


def add(sent: Sent, extracts: Path, store: Path, alone: bool, progress: Progress) -> BuildReport:
    """Keep the file and its mapping in `extracts`, list them, and build.

    `alone` leaves out all other records that are listed; outlines and populations stay, and the listing as it was is
    kept under another name. Gives what became of the file. Raises ExtractError where the build is refused; then the
    folder is as it was.
    """
    with plain_words(extracts):
        extracts.mkdir(parents=True, exist_ok=True)
        with locked(extracts), _kept(sent, extracts) as entry:
            document = _document(sent, extracts, extracts, alone)
            _list(document, entry, sent.made_up)
            return _of(entry, _build(document, extracts, store, alone, progress))


def preview(sent: Sent, extracts: Path, store: Path | None = None) -> BuildReport:
    """What a build would say of the file, its records placed in the outlines that are listed; nothing is kept."""
    with plain_words(sent.path), tempfile.TemporaryDirectory(prefix="hatecrime-check-") as folder:
        tried = single(sent.path, _mapping(sent, extracts, Path(folder)))
        tried = replace(tried, extracts=tuple(replace(each, received=sent.received) for each in tried.extracts))
        return check_listing(beside(tried, _ground(sent, extracts)), store)


def _mapping(sent: Sent, extracts: Path, folder: Path) -> Path:
    """The mapping where it lies already, with the files it looks up beside it, or a copy for the trial."""
    if sent.known_as:
        return find_mapping(sent.known_as, extracts).resolve()
    copy = folder / f"{Path(plain_name(sent.name)).stem}.toml"
    copy.write_text(sent.mapping, encoding="utf-8")
    return copy


def _of(entry: dict[str, Any], report: BuildReport) -> BuildReport:
    """The part of a report that is about one entry of the listing; a packed file may hold several."""
    file, mapping = Path(entry["file"]).name, Path(entry["mapping"]).stem
    own = [e for e in report.extracts if e.mapping == mapping and e.file.partition("/")[0] == file]
    return BuildReport(report.snapshot, own)


def _entries(extracts: Path) -> list[dict[str, Any]]:
    """The listing of the extracts, entry by entry; none where there is no listing."""
    listed(extracts)
    path = extracts / LISTING
    return list(tomllib.loads(path.read_text(encoding="utf-8-sig"))["extract"]) if path.is_file() else []


def _known(name: str, extracts: Path, entry: dict[str, Any]) -> Known:
    path = find_mapping(name, extracts)
    text = path.read_text(encoding="utf-8-sig")
    return Known(name, read_mapping(path), text, entry.get("file"), entry.get("received"))


def _fits(header: tuple[str, ...], mapping: Mapping) -> bool:
    try:
        match_header(header, mapping, "")
    except ExtractError:
        return False
    return True


@contextmanager
def _kept(sent: Sent, extracts: Path) -> Iterator[dict[str, Any]]:
    """The entry of the file in the listing. What was written goes again if anything fails."""
    written: list[Path] = []
    try:
        stem, suffix = _free_name(sent.name, extracts)
        file = extracts / f"{stem}{suffix}"
        with sent.path.open("rb") as old, file.open("xb") as new:
            written.append(file)
            file.chmod(0o600)  # the file may hold what no mapping names
            shutil.copyfileobj(old, new)
        mapping = sent.known_as or f"{stem}.toml"
        if not sent.known_as:
            with (extracts / mapping).open("x", encoding="utf-8") as text:
                written.append(extracts / mapping)
                text.write(sent.mapping)
        yield _entry(sent, file.name, mapping)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _free_name(name: str, extracts: Path) -> tuple[str, str]:
    """A name under which neither a file nor a mapping lies there: what was sent before is never overwritten."""
    stem, suffix = Path(plain_name(name)).stem, Path(plain_name(name)).suffix.lower()
    taken = {path.name.casefold() for path in extracts.iterdir()} | {LISTING}
    names = (stem, *(f"{stem}-{number}" for number in range(2, MOST_NAMES)))
    free = (n for n in names if not {f"{n}{suffix}".casefold(), f"{n}.toml".casefold()} & taken)
    return next(free), suffix


def _entry(sent: Sent, file: str, mapping: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"file": file, "mapping": mapping}
    if sent.received:
        entry["received"] = sent.received
    if sent.complete:
        entry["complete_from"], entry["complete_to"] = sent.complete
    return entry


def _document(sent: Sent, extracts: Path, place: Path, alone: bool) -> TOMLDocument:
    """The listing that the new file joins, as it reads from `place`."""
    folder = _ground(sent, extracts) if alone else base(extracts)
    if folder is None:
        return tomlkit.parse(FRESH)
    read_listing(folder)
    document = tomlkit.parse((folder / LISTING).read_text(encoding="utf-8-sig"))
    for entry in document.get("extract", []) if folder != place else []:
        _point_at(entry, folder, place)
    return _reference_only(document, place) if alone else document


def _ground(sent: Sent, extracts: Path) -> Path | None:
    """The folder whose outlines the records lie in: where they are drawn on another map, those of the sample."""
    return next((folder for folder in (base(extracts), _sample()) if _fits_map(sent, folder)), None)


def _fits_map(sent: Sent, folder: Path) -> bool:
    return sent.map_crs in (None, read_listing(folder).crs)


def _sample() -> Path:
    return data_dir() / "sample"


def _point_at(entry: Any, folder: Path, extracts: Path) -> None:
    entry["file"] = _way(folder / entry["file"], extracts)
    if (folder / entry["mapping"]).is_file():
        entry["mapping"] = _way(folder / entry["mapping"], extracts)


def _way(path: Path, extracts: Path) -> str:
    """How a listing names a file elsewhere: inside the project by the way there, else by the whole path."""
    home = data_dir().resolve()
    if extracts.resolve().is_relative_to(home) and path.resolve().is_relative_to(home):
        return Path(os.path.relpath(path.resolve(), extracts.resolve())).as_posix()
    return str(path.resolve())


def _reference_only(document: TOMLDocument, extracts: Path) -> TOMLDocument:
    """The same listing without records. Outlines and populations describe real places even in the sample."""
    fresh = tomlkit.parse(FRESH)
    if "crs" in document:
        fresh["crs"] = document["crs"]
    fresh["synthetic"] = False
    fresh["extract"] = tomlkit.aot()
    for entry in document.get("extract", []):
        if _table(entry["mapping"], extracts) in REFERENCE:
            fresh["extract"].append(dict(entry))
    return fresh


def _table(mapping: str, extracts: Path) -> object:
    return tomllib.loads(find_mapping(mapping, extracts).read_text(encoding="utf-8-sig")).get("table")


def _list(document: TOMLDocument, entry: dict[str, Any], made_up: bool) -> None:
    if made_up:
        document["synthetic"] = True
    document.setdefault("extract", tomlkit.aot()).append(entry)


def _build(document: TOMLDocument, extracts: Path, store: Path, alone: bool, progress: Progress) -> BuildReport:
    """Build from the new listing, which takes the place of the old one only when that has succeeded."""
    candidate = extracts / CANDIDATE
    try:
        _write(candidate, document)
        report = build_listing(read_listing(extracts, candidate.name), store, progress)
        if alone:
            _put_aside(extracts)
        candidate.replace(extracts / LISTING)
    finally:
        candidate.unlink(missing_ok=True)
    return report


def _put_aside(extracts: Path) -> None:
    """Keep the listing that another one replaces."""
    if (extracts / LISTING).is_file():
        stem, suffix = _free_name(f"earlier-{LISTING}", extracts)
        shutil.copyfile(extracts / LISTING, extracts / f"{stem}{suffix}")


def _write(path: Path, document: TOMLDocument) -> None:
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
