"""From extracts to one read-only file: the newest whole one is live, and a failing build changes nothing."""

from __future__ import annotations

import stat
from pathlib import Path

import duckdb
import pytest

from hatecrime.database import newest
from hatecrime.dictionary import tables
from hatecrime.extracts import build as engine
from hatecrime.extracts.build import check
from hatecrime.extracts.errors import ExtractError
from tests.extracts.workshop import HEADER, INCIDENTS, Built, Workshop, square

GOOD = HEADER + "1,Crime,01/02/2016\n2,Crime,02/02/2016\n"
RICH = (
    INCIDENTS
    + """
ward = "Ward"
lsoa = { from = "Place", create_area = "Place name" }
[strands]
from = "Strand"
split = ";"
[point]
x = "X"
y = "Y"
crs = "EPSG:27700"
"""
)
RICH_HEADER = "Ref,Kind,Recorded,Ward,Place,Place name,Strand,X,Y\n"


def rich(workshop: Workshop) -> Workshop:
    """Extracts with something of everything: areas, created areas, strands, points, faults."""
    rows = "".join(
        f"{n % 90},{'Crime' if n % 3 else 'Odd'},{n % 28 + 1:02}/0{n % 9 + 1}/2016,,P{n % 7},Place {n % 5},"
        f"{'Race;Muslim' if n % 2 else 'Age'},{n * 10},{n * 7}\n"
        for n in range(300)
    )
    areas = [{"area_code": "A", "level": "ward", "name": "A", "geometry": square(0, 0)}]
    return workshop.add_areas("wards.gpkg", areas).add(RICH_HEADER + rows, RICH)


def contents(made: Built) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for the snapshot's own name."""
    found = {}
    for table, columns in tables().items():
        names = [c.name for c in columns if (table, c.name) != ("snapshot", "name")]
        found[table] = sorted(made.rows(table, *names), key=repr)
    return found


def test_a_snapshot_is_a_pure_function_of_its_extracts(workshop: Workshop) -> None:
    rich(workshop)
    assert contents(workshop.build()) == contents(workshop.build())


def test_every_table_of_the_dictionary_is_there_with_its_columns_and_types(workshop: Workshop) -> None:
    made = workshop.add(GOOD).build()
    with duckdb.connect(str(made.path), read_only=True) as connection:
        for table, columns in tables().items():
            relation = connection.table(table)
            types = ("VARCHAR" if kind.id == "enum" else str(kind) for kind in relation.types)
            assert dict(zip(relation.columns, types, strict=True)) == {c.name: c.type for c in columns}, table


def test_codes_and_areas_of_incidents_are_stored_as_numbers(workshop: Workshop) -> None:
    made = workshop.add(GOOD).build()
    with duckdb.connect(str(made.path), read_only=True) as connection:
        incident = connection.table("incident")
        stored = {name for name, kind in zip(incident.columns, incident.types, strict=True) if kind.id == "enum"}
    codes = {c.name for c in tables()["incident"] if c.codes and c.type == "VARCHAR"}
    levels = {"ward", "locality", "district", "force", "region"}
    assert stored >= codes | levels


def test_of_two_builds_in_a_row_the_newest_is_live(workshop: Workshop) -> None:
    first = workshop.add(GOOD).build()
    second = workshop.build()
    assert workshop.snapshots() == [first.path.name, second.path.name]
    assert newest(workshop.store) == second.path


def test_a_snapshot_can_be_read_and_not_written(workshop: Workshop) -> None:
    made = workshop.add(GOOD).build()
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o444
    assert workshop.snapshots() == [made.path.name]


def test_a_failing_build_leaves_the_last_snapshot_and_nothing_else(workshop: Workshop) -> None:
    good = workshop.add(GOOD).build()
    workshop.add(b"", file="empty.csv")
    with pytest.raises(ExtractError, match=r"empty\.csv is empty"):
        workshop.build()
    assert workshop.snapshots() == [good.path.name]
    assert newest(workshop.store) == good.path


@pytest.mark.parametrize("step", ["_read_areas", "_loader", "_write_records", "_write_context", "_finish"])
def test_wherever_a_build_breaks_off_nothing_is_left_behind(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    good = workshop.add(GOOD).build()

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(engine._Build, step, full)
    with pytest.raises(ExtractError, match="The disk is full"):
        workshop.build()
    assert workshop.snapshots() == [good.path.name]


def test_a_database_that_gives_up_is_told_in_a_sentence(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> None:
        raise duckdb.InternalException("INTERNAL Error: no more\nand details")

    monkeypatch.setattr(engine._Build, "_write_records", full)
    with pytest.raises(ExtractError, match=r"The database refused the build: INTERNAL Error: no more$"):
        workshop.add(GOOD).build()


def test_a_store_that_is_a_file_is_refused(workshop: Workshop) -> None:
    workshop.store.write_text("not a folder")
    with pytest.raises(ExtractError, match="File exists"):
        workshop.add(GOOD).build()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_half_written_snapshot_is_passed_over(workshop: Workshop, share: float) -> None:
    whole = workshop.add(GOOD).build().path
    content = whole.read_bytes()
    (workshop.store / "hatecrime-99991231-235959-000000.duckdb").write_bytes(content[: int(len(content) * share)])
    assert newest(workshop.store) == whole


def test_a_file_that_is_no_database_is_passed_over(workshop: Workshop) -> None:
    whole = workshop.add(GOOD).build().path
    (workshop.store / "hatecrime-99991231-235959-000000.duckdb").write_bytes(b"not a database" * 1000)
    assert newest(workshop.store) == whole


def test_a_dry_run_says_the_same_and_keeps_nothing(workshop: Workshop) -> None:
    made = workshop.add(GOOD + "3,Odd,03/02/2016\n").build()
    tried = check(workshop.folder / "incidents.csv", str(workshop.folder / "0.toml"))
    assert tried.snapshot == ""
    assert tried.extracts == made.report.extracts
    assert workshop.snapshots() == [made.path.name]


def test_progress_goes_from_nothing_to_all(workshop: Workshop) -> None:
    workshop.add(GOOD, file="a.csv").add(HEADER, file="b.csv").build()
    said: list[tuple[float, str]] = []
    engine.build(workshop.folder, workshop.store, lambda share, what: said.append((share, what)))
    assert [what for _share, what in said][:2] == ["a.csv", "b.csv"]
    shares = [share for share, _what in said]
    assert shares == sorted(shares)
    assert shares[0] >= 0 and shares[-1] <= 1


def test_each_file_is_accounted_for_with_its_days(workshop: Workshop) -> None:
    made = workshop.add(GOOD + "3,Odd,03/02/2016\n", received="2016-06-30").build()
    columns = ("file", "target", "source", "rows_read", "rows_kept", "rows_refused", "values_refused")
    assert made.rows("extract", *columns) == [("incidents.csv", "incident", "test", 3, 2, 1, 0)]
    days = made.rows("extract", "first_on", "last_on", "received_on")[0]
    assert [str(day) for day in days] == ["2016-02-01", "2016-02-02", "2016-06-30"]


def test_synthetic_extracts_mark_the_snapshot(workshop: Workshop) -> None:
    assert workshop.add(GOOD).build().column("snapshot", "synthetic") == [False]
    workshop.top = "synthetic = true"
    assert workshop.build().column("snapshot", "synthetic") == [True]


def test_records_are_numbered_by_day(workshop: Workshop) -> None:
    made = workshop.add(HEADER + "1,Crime,03/02/2016\n2,Crime,01/02/2016\n3,Crime,02/02/2016\n").build()
    rows = sorted(made.rows("incident", "incident_id", "recorded_on", "line"))
    assert [(n, day.day, line) for n, day, line in rows] == [(1, 1, 3), (2, 2, 4), (3, 3, 2)]


def test_no_trace_of_a_build_is_left_in_the_folder_of_extracts(workshop: Workshop) -> None:
    workshop.add(GOOD.replace("2016\n2", "2016\r\n2"))
    workshop.listing("\n".join(workshop.listed))
    before = sorted(p.name for p in workshop.folder.iterdir())
    workshop.build()
    assert sorted(p.name for p in Path(workshop.folder).iterdir()) == before
