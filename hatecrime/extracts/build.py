"""Build one dated, read-only snapshot from a folder of extracts.

The live snapshot is never touched: everything happens under a temporary name, which is renamed at the end.
"""

from __future__ import annotations

import calendar
import datetime as dt
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from hatecrime.dictionary import SCHEMA_VERSION, tables
from hatecrime.extracts import personal
from hatecrime.extracts.areas import Areas, staged_areas
from hatecrime.extracts.changes import Changes, settle_extracts
from hatecrime.extracts.edges import Edges
from hatecrime.extracts.labels import read_labels
from hatecrime.extracts.listing import Extract, Listing, read_listing, single
from hatecrime.extracts.load import PSEUDONYMS, Loader
from hatecrime.extracts.locate import grid_side, locate
from hatecrime.extracts.mapping import Mapping
from hatecrime.extracts.mapping_file import find_mapping
from hatecrime.extracts.merge import merge_repeats
from hatecrime.extracts.postcodes import Postcodes, read_postcodes, spell_alike
from hatecrime.extracts.pseudonym import pads, read_key
from hatecrime.extracts.repeats import Arrival, fold_repeats, in_order
from hatecrime.extracts.report import BuildReport, Edge, ExtractReport, all_rejects, report_on
from hatecrime.extracts.retention import DATED, Retention, retain
from hatecrime.extracts.rules import apply_rules, refuse_future
from hatecrime.extracts.source import open_source, unchanged
from hatecrime.extracts.staging import Staged, sql, stage
from hatecrime.extracts.store import CONFIG, building, plain_words, publish
from hatecrime.extracts.translate import StrandSets, Translator, translate, translate_strands
from hatecrime.extracts.trial import beside, told
from hatecrime.extracts.working_days import contact_working_days
from hatecrime.extracts.write import SNAPSHOT, create_empty, insert_frame, insert_rows, write_edges, write_numbered
from hatecrime.settings import MEGABYTE, data_dir, settings

SHOWN = 60
MONTH_END_SLACK = dt.timedelta(days=3)
MADE_AT_THE_END = (*DATED, "incident_month", "incident_strand")
BUNDLED = {
    "calendar_event": "calendar.csv",
    "series_break": "series_breaks.csv",
    "published_figure": "published_figures.csv",
}
Progress = Callable[[float, str], None]


def build(extracts: Path, store: Path, progress: Progress = lambda _share, _what: None) -> BuildReport:
    """Build a snapshot from extracts/extracts.toml into `store`.

    `progress` is called with the share done (0 to 1) and what is being done. Raises ExtractError with what is wrong,
    where, and how to mend it; the newest snapshot of the store stays as it was.
    """
    with plain_words(store):
        return build_listing(read_listing(extracts), store, progress)


def check(file: Path, mapping: str, extracts: Path | None = None, store: Path | None = None) -> BuildReport:
    """What a build would say of one file; nothing is kept.

    The outlines and postcodes that `extracts` lists are loaded first, so that records are placed as they would be. The
    strands are compared with the last load of the same source in `store`.
    """
    with plain_words(file):
        return check_listing(beside(single(file, find_mapping(mapping)), extracts), store)


def check_listing(listing: Listing, store: Path | None = None) -> BuildReport:
    """What a build would say of the last file of a listing, or of all members of its zip; nothing is kept."""
    begun = time.monotonic()
    with plain_words(listing.extracts[-1].file), tempfile.TemporaryDirectory(prefix="hatecrime-check-") as folder:
        report = build_listing(listing, Path(folder))
        return told(report, listing, store, begun)


def build_listing(listing: Listing, store: Path, progress: Progress = lambda _share, _what: None) -> BuildReport:
    """Build what a listing names into `store`, whether or not the listing is saved anywhere."""
    with plain_words(store), building(store) as made:
        report = _Build(made, listing, made.parent, progress).run()
        return BuildReport(str(publish(made, store)), report.extracts, report.edges)


class _Build:
    """One build, from listing to finished file."""

    def __init__(self, path: Path, listing: Listing, scratch: Path, progress: Progress) -> None:
        self.path = path
        self.listing = listing
        self.scratch = scratch
        self.progress = progress
        memory = f"{settings().build_memory // MEGABYTE}MB"
        self.con = duckdb.connect(config={"memory_limit": memory, **CONFIG, "temp_directory": str(scratch / "spill")})
        self.areas = Areas()
        self.edges = Edges(self.areas, {})
        self.postcodes = Postcodes()
        self.retention = Retention()
        self.sets = StrandSets()
        self.pads = pads(read_key())
        self.done: list[tuple[Extract, Staged, Translator]] = []
        self.arrivals: list[Arrival] = []

    def run(self) -> BuildReport:
        try:
            self._open()
            self._create_tables()
            self._read_areas()
            self._read_postcodes()
            self._read_records()
            changes = self._settle()
            self._write_records()
            self._write_context()
            self._withhold()
            reports = [report_on(staged, translator.unused()) for _e, staged, translator in self.done]
            self._write_account(reports, changes)
        finally:
            self.con.close()
        edges = self.edges.told()
        self._finish(edges)
        return BuildReport("", reports, edges)

    def _open(self) -> None:
        """Staging happens in memory (spilling beside the snapshot); only finished tables reach the file."""
        self.con.execute(sql("session"))
        self.con.execute(sql("pseudonym"))
        self.con.execute(sql("attach"), {"path": str(self.path)})

    def _create_tables(self) -> None:
        for table in tables():
            if table not in MADE_AT_THE_END:
                create_empty(self.con, table)

    def _read_areas(self) -> None:
        """Outlines first: every other extract is located in them."""
        for extract in self._extracts("area"):
            staged, translator = self._stage(extract)
            look_ups = translate(self.con, staged, translator, self.areas)
            self.areas.add(staged_areas(self.con, staged, look_ups))
        self.edges = Edges(self.areas, {staged.extract_id: staged.source.name for _e, staged, _t in self.done})

    def _read_postcodes(self) -> None:
        """Then postcodes, which place records that have no coordinates."""
        for extract in self._extracts("postcode"):
            staged, translator = self._stage(extract)
            spell_alike(self.con, staged)
            self._create_named_areas(staged, translator)
            self.arrivals.append(Arrival(extract, self._loader(extract, staged, translator)))
        loaders = [arrival.loader for arrival in in_order(self.arrivals)]
        self.postcodes = read_postcodes([each.rows(each.kept()) for each in loaders])

    def _read_records(self) -> None:
        others = [table for table in tables() if table not in ("area", "postcode")]
        for extract in self._extracts(*others):
            staged, translator = self._stage(extract)
            self._create_named_areas(staged, translator)
            self.arrivals.append(Arrival(extract, self._loader(extract, staged, translator)))

    def _settle(self) -> Changes:
        """Every extract is read, so a later one can replace and withdraw what an earlier one of its source brought."""
        return settle_extracts(self.con, self.arrivals, self.sets)

    def _extracts(self, *kinds: str) -> list[Extract]:
        return [e for e in self.listing.extracts if e.mapping.table in kinds]

    def _stage(self, extract: Extract) -> tuple[Staged, Translator]:
        number = len(self.done) + 1
        self.progress(len(self.done) / (len(self.listing.extracts) + 1), extract.name)
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            copies = Path(folder)
            source = open_source(extract.file, extract.mapping, copies, extract.member)
            staged = stage(self.con, number, extract.mapping, source, self.listing.crs, copies, self.areas.eras)
            unchanged(source)
        personal.refuse_columns(staged)
        personal.refuse_cells(self.con, staged)
        translator = Translator(extract.mapping, read_labels(extract.mapping, extract.file))
        self.done.append((extract, staged, translator))
        return staged, translator

    def _loader(self, extract: Extract, staged: Staged, translator: Translator) -> Loader:
        """Check, locate and translate one extract. Its rows are taken later."""
        day = staged.mapping.day
        if day:
            # Without a stated day of receipt, what lies after the day of the build cannot have been recorded either.
            refuse_future(self.con, staged, day, extract.received or dt.datetime.now(dt.UTC).date())
        look_ups = translate(self.con, staged, translator, self.areas)
        apply_rules(self.con, staged, self.areas, look_ups)
        strands = translate_strands(self.con, staged, translator, self.sets)
        if staged.mapping.repeats != "merge":
            fold_repeats(self.con, staged)
        elif merge_repeats(self.con, staged, look_ups, strands, self.sets):
            apply_rules(self.con, staged, self.areas, look_ups)
        located = self._located(staged, day)
        self._write_lines()
        return Loader(self.con, staged, self.areas, look_ups, strands, self.pads, located)

    def _located(self, staged: Staged, day: str | None) -> pa.Table | None:
        if staged.mapping.point:
            look = partial(self.edges.look, staged)
            return locate(self.con, staged, self.areas, self.listing.crs, day, self.postcodes, look)
        if staged.mapping.table == "referral" and staged.has("first_contact_on"):
            return pa.table({"contact_working_days": contact_working_days(self.con, staged)})
        return None

    def _create_named_areas(self, staged: Staged, translator: Translator) -> None:
        for target in staged.mapping.fields:
            if target.create_area:
                standing = staged.standing(self.con)
                rows = standing.select(target.name, f"{target.name}_name").distinct().fetchall()
                named = sorted((translator.area_code(target, text or ""), name or "") for text, name in rows)
                self.areas.add_named([(code, name) for code, name in named if code], target.name)

    def _write_lines(self) -> None:
        """The line of areas above each area as far as this extract knows them, for the join in Loader."""
        self.con.from_df(self.areas.lines()).create(f"area_lines_{len(self.done)}")

    def _write_records(self) -> None:
        """All at the end, when no extract can replace a record of an earlier one any more."""
        self.progress(len(self.done) / (len(self.done) + 1), "snapshot")
        create_empty(self.con, "incident_month", self.areas)
        loaders = [arrival.loader for arrival in self.arrivals]
        self.retention = retain(self.con, loaders)
        for table, held in self.retention.held.items():
            write_numbered(self.con, table, held, self.areas)
        sets = self.retention.held_labels(self.con, self.sets.frame())
        self.con.from_df(sets).create(f"{SNAPSHOT}.strand_set")
        for loader in loaders:
            if loader.table not in DATED:
                insert_rows(self.con, loader.rows(loader.kept()), loader.table)

    def _withhold(self) -> None:
        """Of what was refused, nothing is told that must not be held."""
        for _extract, staged, _translator in self.done:
            self.retention.withhold(self.con, staged)
            personal.withhold(staged)

    def _write_context(self) -> None:
        insert_frame(self.con, "area", self.areas.frame())
        for table, file in BUNDLED.items():
            insert_frame(self.con, table, pd.read_csv(data_dir() / file, dtype="string"))

    def _write_account(self, reports: list[ExtractReport], changes: Changes) -> None:
        """Which extracts were loaded, what was refused, and up to which day the snapshot reaches."""
        first_last = {row[0]: row[1:] for row in self.con.execute(sql("extract_dates")).fetchall()}
        account = [
            _account(e, s, r, self.listing.synthetic, first_last.get(s.extract_id, (None, None)))
            | {"rows_aggregated": self.retention.aggregated.get(s.extract_id, 0)}
            for (e, s, _t), r in zip(self.done, reports, strict=True)
        ]
        insert_frame(self.con, "extract", pd.DataFrame(account))
        for _extract, staged, _translator in self.done:
            insert_frame(self.con, "reject", _rejects(staged))
        insert_frame(self.con, "extract_change", changes.records)
        insert_frame(self.con, "extract_quarter", changes.quarters)
        insert_frame(self.con, "snapshot", pd.DataFrame([self._facts()]))

    def _facts(self) -> dict[str, object]:
        ((last,),) = self.con.execute(sql("last_day")).fetchall()
        months = any(_month_only(s.mapping) for _e, s, _t in self.done if s.mapping.table == "incident")
        data_to = _month_end(last) if last and months else last
        return {
            "name": self.path.stem,
            "schema_version": SCHEMA_VERSION,
            "crs": self.listing.crs,
            "data_to": data_to,
            "complete_to": _complete_to(data_to) if data_to else None,
            "synthetic": self.listing.synthetic,
            "approximate": self.areas.approximate,
            "retained_from": self.retention.first,
            "snapped_to": max(grid_side(e.mapping) for e in self.listing.extracts) or None,
        }

    def _finish(self, edges: list[Edge]) -> None:
        """Views and macros are made in the file itself, so that they hold under any name it is given."""
        with duckdb.connect(str(self.path), config=CONFIG) as con:
            for name in ("incident_strand", "macros"):
                for statement in duckdb.extract_statements(sql(name)):
                    con.execute(statement)
            write_edges(con, edges)
            con.execute("checkpoint")


def _account(
    extract: Extract, staged: Staged, report: ExtractReport, synthetic: bool, days: tuple[object, object]
) -> dict[str, object]:
    return {
        "extract_id": staged.extract_id,
        "file": staged.source.name,
        "mapping": staged.mapping.name,
        "target": staged.mapping.table,
        "source": staged.mapping.source,
        "sha256": staged.source.sha256,
        "rows_read": report.read,
        "rows_kept": report.kept,
        "rows_refused": sum(report.refused.values()),
        "rows_collapsed": report.collapsed,
        "values_refused": sum(report.values_refused.values()),
        "rows_updated": report.updated,
        "rows_withdrawn": report.withdrawn,
        "first_on": days[0],
        "last_on": days[1],
        "received_on": extract.received,
        "complete_from": extract.complete_from,
        "complete_to": extract.complete_to,
        "synthetic": synthetic,
    }


def _rejects(staged: Staged) -> pd.DataFrame:
    """Rejects as the snapshot keeps them; what could identify a person is not stored."""
    found = all_rejects(staged)
    lines = staged.lines
    own = found["line"].isna()
    found.loc[own, "line"] = lines[found.loc[own, "row"].astype(int)]
    references = [f for f in staged.mapping.fields if f.name in PSEUDONYMS]
    secret = [column for f in references for column in (f.told, *f.sources)]
    value = found["value"].astype("string").str.slice(0, SHOWN).mask(found["source_column"].isin(secret))
    return found.assign(value=value, extract_id=staged.extract_id).sort_values(["line", "source_column"])


def _month_only(mapping: Mapping) -> bool:
    recorded = mapping.target("recorded_on")
    return bool(recorded and recorded.month_only)


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _complete_to(day: dt.date) -> dt.date:
    """The last day of the last month that is covered whole; a month counts as whole from three days before its end,
    because the last days of a quiet area may hold no record."""
    end = _month_end(day)
    return end if end - day <= MONTH_END_SLACK else day.replace(day=1) - dt.timedelta(days=1)
