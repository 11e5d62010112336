"""What a dry run says of a file besides the counts: examples, columns, days, areas and strands."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from hatecrime.dictionary import code_list
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.listing import Extract, Listing, read_listing
from hatecrime.extracts.mapping import STRAND
from hatecrime.extracts.personal import PEOPLE
from hatecrime.extracts.personal_headers import looks_like
from hatecrime.extracts.propose.sampling import take_sample
from hatecrime.extracts.report import BuildReport, Example, ExtractReport, Trial
from hatecrime.extracts.staging import sql
from hatecrime.extracts.store import CONFIG, snapshots

EXAMPLES = 3
UNKNOWN = ("unknown_label", "unknown_area")
MISPLACED = ("unknown_area", "area_wrong_era", "unknown_postcode")
OUTLINES = ("area", "postcode")
Row = dict[str, Any]


def beside(tried: Listing, extracts: Path | None) -> Listing:
    """The extracts to be tried, behind the outlines and postcodes that a folder lists."""
    if extracts is None:
        return tried
    known = read_listing(extracts)
    placing = tuple(each for each in known.extracts if each.mapping.table in OUTLINES)
    return replace(known, extracts=(*placing, *tried.extracts))


def told(report: BuildReport, listing: Listing, store: Path | None, begun: float) -> BuildReport:
    """The report of a dry run that began at `begun`, with what its snapshot says of the last file of the listing."""
    last = listing.extracts[-1].file
    found, earlier = _Snapshot(Path(report.snapshot)), _earlier(store)
    outlines = any(each.mapping.table == "area" for each in listing.extracts)
    reports = [
        _tried(report.extracts[number], number + 1, extract, found, earlier, outlines)
        for number, extract in enumerate(listing.extracts)
        if extract.file == last
    ]
    seconds = round(time.monotonic() - begun, 1)
    return BuildReport(
        "", [replace(r, trial=replace(r.trial, seconds=seconds)) for r in reports if r.trial], report.edges
    )


class _Snapshot:
    """The answers of one snapshot that a dry run is told from."""

    def __init__(self, path: Path) -> None:
        with duckdb.connect(str(path), read_only=True, config=CONFIG) as con:
            self.extracts, self.rejects, self.areas, self.strands = (
                con.execute(sql(f"trial_{name}")).df().to_dict("records")
                for name in ("extracts", "rejects", "areas", "strands")
            )


def _earlier(store: Path | None) -> _Snapshot | None:
    """The newest snapshot of a store, where there is one that can be read."""
    known = snapshots(store) if store and store.is_dir() else []
    try:
        return _Snapshot(known[-1]) if known else None
    except duckdb.Error:
        # One of another version has nothing to compare with.
        return None


def _tried(
    report: ExtractReport,
    number: int,
    extract: Extract,
    found: _Snapshot,
    earlier: _Snapshot | None,
    outlines: bool,
) -> ExtractReport:
    (own,) = [row for row in found.extracts if row["extract_id"] == number]
    rejects = [row for row in found.rejects if row["extract_id"] == number]
    trial = Trial(
        examples=_examples(rejects),
        labels=_labels(rejects),
        columns=_passed_over(report, extract),
        first_on=_day(own["first_on"]),
        last_on=_day(own["last_on"]),
        areas=_areas(found.areas, number),
        unknown_areas=sum(row["n"] for row in rejects if row["reason"] in MISPLACED),
        outlines=outlines,
        strands=_strands(found.strands, number) if extract.mapping.strands else None,
        strands_before=_before(earlier, own) if extract.mapping.strands else None,
        seconds=0.0,
    )
    return replace(report, trial=trial)


def _examples(rejects: Sequence[Row]) -> dict[str, list[Example]]:
    """Up to three for each reason, of rows and of values: the commonest first, each value once before any again."""
    found: dict[str, list[Example]] = {}
    often = sorted(rejects, key=lambda row: -row["n"])
    for turn in range(EXAMPLES):
        for row in often:
            shown = found.setdefault(row["reason"], [])
            same = sum(example.row == row["row_refused"] for example in shown)
            if turn < len(row["lines"]) and same < EXAMPLES:
                value = row["value"] if isinstance(row["value"], str) else None
                shown.append(Example(int(row["lines"][turn]), row["source_column"] or "", value, row["row_refused"]))
    return found


def _labels(rejects: Iterable[Row]) -> dict[str, dict[str, int]]:
    """Labels that nobody knows, by column, the commonest first."""
    found: dict[str, dict[str, int]] = {}
    for row in sorted(rejects, key=lambda row: -row["n"]):
        if row["reason"] in UNKNOWN and isinstance(row["value"], str):
            found.setdefault(row["source_column"], {})[row["value"]] = int(row["n"])
    return found


def _passed_over(report: ExtractReport, extract: Extract) -> dict[str, str]:
    """Why each column that is not read is not read."""
    empty = _empty_columns(extract.file)
    judged = extract.mapping.table in PEOPLE
    return {
        column: "looks_personal" if judged and looks_like(column) else "empty" if column in empty else "not_named"
        for column in report.ignored_columns
    }


def _empty_columns(file: Path) -> frozenset[str]:
    try:
        return frozenset(column.name for column in take_sample(file).columns if not column.counts)
    except ExtractError:
        # The file was read through its mapping; that it cannot be read without one is no fault of it.
        return frozenset()


def _areas(rows: Iterable[Row], number: int) -> dict[str, float] | None:
    """The share of the kept records that are known at each level of areas, and that have a point."""
    counted = next((row for row in rows if row["extract_id"] == number), None)
    if counted is None:
        return None
    return {name: counted[name] / counted["n"] for name in (*code_list("area_level"), "placed")}


def _strands(rows: Iterable[Row], number: int) -> dict[str, float]:
    """The share of the records that carry each strand; a record counts in each of its strands."""
    strands = code_list(STRAND)
    own = [row for row in rows if row["extract_id"] == number]
    total = sum(row["n"] for row in own)
    tops = [code for code in strands if strands.group(code) == code]
    found = {code: sum(row["n"] for row in own if int(row["mask"]) & strands.bit(code)) for code in tops}
    none = sum(row["n"] for row in own if not row["mask"])
    return {code: n / total for code, n in {**found, "none": none}.items() if n} if total else {}


def _before(earlier: _Snapshot | None, own: Row) -> dict[str, float] | None:
    """The strands of the last load of the same source into the same table."""
    same = [
        row["extract_id"]
        for row in (earlier.extracts if earlier else [])
        if (row["source"], row["target"]) == (own["source"], own["target"]) and row["rows_kept"]
    ]
    return _strands(earlier.strands, same[-1]) if earlier and same else None


def _day(value: Any) -> str | None:
    return None if value is None or value != value else f"{value:%Y-%m-%d}"
