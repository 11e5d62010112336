"""Counts in the snapshot of the sample equal counts made straight from its CSV files, without the engine."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from hatecrime.database import newest
from hatecrime.dictionary import code_list
from hatecrime.settings import data_dir

SAMPLE = data_dir() / "sample"
RECEIVED = dt.date(2017, 4, 30)
Row = dict[str, str]


def day(text: str) -> dt.date | None:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return dt.datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None


def rows_to_keep(file: str, ref: str, recorded: str, kind: str) -> Iterator[Row]:
    """Whole rows with a kind and a readable date that is not in the future; a reference counts once."""
    with (SAMPLE / file).open(encoding="utf-8-sig", newline="") as stream:
        header, *lines = list(csv.reader(stream))
    seen: set[str] = set()
    for line in lines:
        row = dict(zip(header, line, strict=False))
        if len(line) != len(header) or not (found := day(row[recorded])) or found > RECEIVED:
            continue
        if row[kind].strip() and row[ref] not in seen:
            seen.add(row[ref])
            yield {**row, "day": found.isoformat()}


def labels(mapping: str, target: str) -> dict[str, str]:
    values = tomllib.loads((data_dir() / "mappings" / f"{mapping}.toml").read_text())["values"][target]
    return {label.casefold(): code for label, code in values.items()}


def strands(row: Row, columns: list[str], names: dict[str, str]) -> set[str]:
    texts = [part.strip().casefold() for c in columns for part in row[c].replace("/", ";").split(";")]
    return {code_list("strand").group(names[text]) for text in texts if text in names}


@pytest.fixture(scope="module")
def kept() -> list[tuple[Row, str, set[str], str]]:
    """Every row to keep with its source, strands and crime type."""
    found = []
    for mapping, ref, kind, columns, offence in (
        ("sample_gmp_incidents", "Crime number", "Record type", ["Hate strand"], "Offence group"),
        ("sample_wales_incidents", "Reference", "Kind", ["Strand 1", "Strand 2"], "Offence type"),
    ):
        strand_names, type_names = labels(mapping, "strand"), labels(mapping, "crime_type")
        for row in rows_to_keep(f"{mapping.removeprefix('sample_')}.csv", ref, "Date recorded", kind):
            crime_type = type_names.get(row[offence].strip().casefold(), "")
            found.append((row, mapping, strands(row, columns, strand_names), crime_type))
    return found


@pytest.fixture(scope="module")
def snapshot(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy, because one process opens a file in one way only and other tests have it open."""
    copy = shutil.copy(newest(sample_store), tmp_path_factory.mktemp("copy"))
    with duckdb.connect(str(copy), read_only=True) as con:
        yield con


def counted(con: duckdb.DuckDBPyConnection, query: str) -> Counter[object]:
    return Counter(dict(con.execute(query).fetchall()))


def test_months_agree_with_the_files(kept, snapshot) -> None:
    expected = Counter(row["day"][:7] for row, *_rest in kept)
    found = counted(snapshot, "select strftime(recorded_on, '%Y-%m'), count(*) from incident group by all")
    assert found == expected
    assert len(expected) == 48


def test_strands_agree_with_the_files_and_add_to_more_than_the_total(kept, snapshot) -> None:
    expected = Counter(strand for _row, _source, found, _type in kept for strand in found)
    query = "select strand, count(distinct incident_id) from incident_strand group by all"
    assert counted(snapshot, query) == expected
    assert sum(expected.values()) > len(kept) - sum(1 for _r, _s, found, _t in kept if not found)


def test_crime_types_agree_with_the_files(kept, snapshot) -> None:
    expected = Counter(crime_type for *_rest, crime_type in kept)
    assert counted(snapshot, "select coalesce(crime_type, ''), count(*) from incident group by all") == expected


def test_welsh_authorities_agree_with_the_files(kept, snapshot) -> None:
    known = code_list("area")
    expected = Counter(
        code
        for row, source, *_rest in kept
        if source == "sample_wales_incidents" and (code := row["Local authority"].strip().upper()) in known
    )
    query = "select district, count(*) from incident where source = 'wales' and district is not null group by all"
    assert counted(snapshot, query) == expected


def test_wards_agree_with_a_join_of_the_points_to_the_outlines(kept, snapshot) -> None:
    """The second implementation is a geopandas spatial join of the file's points to the file's wards."""
    import geopandas as gpd

    wards = gpd.read_file(SAMPLE / "trafford_wards.geojson")
    rows = [row for row, source, *_rest in kept if source == "sample_gmp_incidents" and not row["Ward code"].strip()]
    points = gpd.GeoDataFrame(
        {"ref": range(len(rows))},
        geometry=gpd.points_from_xy([float(r["Easting"]) for r in rows], [float(r["Northing"]) for r in rows]),
        crs=wards.crs,
    )
    expected = Counter(gpd.sjoin(points, wards, predicate="intersects")["area_code"])
    gmp = [row for row, source, *_rest in kept if source == "sample_gmp_incidents"]
    stated = Counter(row["Ward code"] for row in gmp if row["Ward code"].strip())
    found = counted(
        snapshot, "select ward, count(*) from incident where source = 'gmp' and ward is not null group by all"
    )
    assert sum(stated.values()) < 10
    assert sum(abs(found[w] - expected[w]) for w in set(found) | set(expected)) <= sum(stated.values())


def test_every_extract_accounts_for_every_record(snapshot) -> None:
    rows = snapshot.execute("select file, rows_read, rows_kept, rows_refused, rows_collapsed from extract").fetchall()
    assert len(rows) == 16
    assert [file for file, read, keep, refused, folded in rows if read != keep + refused + folded] == []


def test_each_planted_fault_is_refused_for_its_reason(snapshot) -> None:
    truth = json.loads((SAMPLE / "truth.json").read_text())["files"]
    for refused, key in ((True, "refused"), (False, "values_refused")):
        query = (
            "select file || ' ' || reason, count(*) from reject join extract using (extract_id) "
            f"where row_refused = {refused} group by all"
        )
        planted = {f"{f} {r}": n for f, facts in truth.items() for r, n in facts.get(key, {}).items()}
        assert counted(snapshot, query) == Counter(planted)
    folded = counted(snapshot, "select file, rows_collapsed from extract where rows_collapsed > 0")
    assert folded == Counter({file: facts["folded"] for file, facts in truth.items() if facts.get("folded")})
