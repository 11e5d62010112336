"""A whole build against the least that DuckDB needs for the same rows: a typed read_csv into a file."""

from __future__ import annotations

import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from hatecrime.extracts.build import build
from hatecrime.settings import data_dir

OUTLINES = ("trafford_district", "trafford_localities", "trafford_wards", "trafford_lsoas")
TYPES = {"Date recorded": "DATE", "Outcome date": "DATE", "Easting": "DOUBLE", "Northing": "DOUBLE"}


def run(rows: int, runs: int) -> None:
    """Print the median of each side and their ratio."""
    with tempfile.TemporaryDirectory(prefix="hatecrime-bench-") as folder:
        os.environ["HATECRIME_KEY_FILE"] = f"{folder}/key"
        extracts = _extracts(Path(folder), rows)
        bare, whole = [], []
        for n in range(runs):
            bare.append(_seconds(lambda n=n: _bare(extracts / "incidents.csv", Path(folder) / f"bare{n}.duckdb")))
            whole.append(_seconds(lambda n=n: build(extracts, Path(folder) / f"store{n}")))
        low, high = statistics.median(bare), statistics.median(whole)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"build of {rows:,} incidents with mapping, checks, rejects, repeats, pseudonyms, strands and areas")
    print(f"  bare typed read_csv into a file: {low:6.2f} s    build: {high:6.2f} s    ratio {high / low:.2f}")
    print(f"  peak memory of this process: {peak:.2f} GB")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _extracts(folder: Path, rows: int) -> Path:
    """The sample's Trafford incidents over and over, each time with other references, in the order of their recording
    as a police system writes them, and their outlines."""
    target = folder / "extracts"
    target.mkdir()
    sample = data_dir() / "sample"
    with duckdb.connect() as con:
        con.execute(
            """
            copy (
                select s.* replace (s."Crime number" || '/' || copy as "Crime number")
                from read_csv($sample, all_varchar = true, ignore_errors = true, header = true) s,
                range($copies) t(copy)
                order by try_strptime(s."Date recorded", ['%d/%m/%Y', '%Y-%m-%d']), s."Crime number", copy
                limit $rows
            ) to '"""
            + str(target / "incidents.csv")
            + "' (header, delimiter ',')",
            {"sample": str(sample / "gmp_incidents.csv"), "copies": rows // 1300 + 1, "rows": rows},
        )
    listed = [(sample / f"{name}.geojson", "sample_areas") for name in OUTLINES]
    listed.append((target / "incidents.csv", "sample_gmp_incidents"))
    entries = (f'[[extract]]\nfile = "{file}"\nmapping = "{mapping}"\n' for file, mapping in listed)
    (target / "extracts.toml").write_text("synthetic = true\n" + "".join(entries))
    return target


def _bare(file: Path, into: Path) -> None:
    with duckdb.connect(str(into)) as con:
        con.execute(
            "create table incident as from read_csv($path, header = true, types = $types, dateformat = '%d/%m/%Y', "
            "store_rejects = true)",
            {"path": str(file), "types": TYPES},
        )
        con.execute("checkpoint")
