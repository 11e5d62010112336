"""A whole snapshot made from a few literal rows, with every table the dictionary declares."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from hatecrime.database import Snapshot, open_snapshot
from hatecrime.dictionary import SCHEMA_VERSION, code_list, tables
from hatecrime.settings import queries_dir

Row = Mapping[str, Any]
Strand = str | tuple[str, str]

DEFAULTS: dict[str, dict[str, Any]] = {
    "incident": {"source": "toy", "kind": "crime", "recorded_on": date(2016, 7, 1), "extract_id": 1},
    "referral": {"source": "toy", "received_on": date(2016, 7, 1), "extract_id": 1},
    "area": {"name_en": "Somewhere"},
    "area_population": {"year": 2016, "population_group": "all", "base": "mid_year"},
    "reporting_centre": {"name_en": "A centre"},
    "candidate_venue": {"name_en": "A venue"},
    "extract": {"file": "toy.csv", "mapping": "toy", "target": "incident", "source": "toy"},
    "snapshot": {
        "name": "toy",
        "schema_version": SCHEMA_VERSION,
        "crs": "EPSG:27700",
        "data_to": date(2017, 3, 31),
        "complete_to": date(2017, 3, 31),
        "synthetic": True,
        "approximate": False,
    },
}
NUMBERED = {"incident": "incident_id", "referral": "referral_id", "extract": "extract_id"}


def snapshot(folder: Path, **rows: Iterable[Row]) -> Snapshot:
    """
    The snapshot with these rows, by table, open for reading.

    An incident or referral takes strands=["race", ("religion", "muslim")] besides its columns.
    """
    return open_snapshot(write(folder / "hatecrime-toy.duckdb", **rows))


def write(path: Path, **rows: Iterable[Row]) -> Path:
    """The same, as a file."""
    connection = duckdb.connect(str(path))
    connection.execute("begin")
    for table in tables():
        _create(connection, table)
    for table, given in {"snapshot": [{}], **rows}.items():
        for number, row in enumerate(given, start=1):
            _insert(connection, table, number, row)
    macros = (queries_dir() / "build" / "macros.sql").read_text(encoding="utf-8")
    for statement in connection.extract_statements(macros):
        connection.execute(statement)
    connection.execute("commit")
    connection.close()
    return path


def _create(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    columns = ", ".join(f'"{column.name}" {column.type}' for column in tables()[table])
    connection.execute(f'create table "{table}" ({columns})')


def _insert(connection: duckdb.DuckDBPyConnection, table: str, number: int, row: Row) -> None:
    values = {**DEFAULTS.get(table, {}), **row}
    strands = values.pop("strands", ())
    if table in NUMBERED:
        values.setdefault(NUMBERED[table], number)
    if table in ("incident", "referral"):
        values.setdefault("strand_mask", _mask(strands))
    _append(connection, table, values)
    if table == "incident":
        for strand, sub_strand in map(_pair, strands):
            parts = {"incident_id": values["incident_id"], "strand": strand, "sub_strand": sub_strand}
            _append(connection, "incident_strand", parts)


def _append(connection: duckdb.DuckDBPyConnection, table: str, values: Mapping[str, Any]) -> None:
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" for _ in values)
    connection.execute(f'insert into "{table}" ({columns}) values ({marks})', list(values.values()))


def _mask(strands: Iterable[Strand]) -> int:
    mask = 0
    for strand, _sub_strand in map(_pair, strands):
        mask |= code_list("strand").bit(strand)
    return mask


def _pair(strand: Strand) -> tuple[str, str | None]:
    return (strand, None) if isinstance(strand, str) else strand
