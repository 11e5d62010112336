"""A whole build against the least that DuckDB needs for the same rows: a typed read_csv into a file."""

from __future__ import annotations

import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import duckdb

from hatecrime.extracts.build import build
from hatecrime.settings import data_dir

OUTLINES = ("trafford_district", "trafford_localities", "trafford_wards", "trafford_lsoas")
TYPES = {"Date recorded": "DATE", "Outcome date": "DATE", "Easting": "DOUBLE", "Northing": "DOUBLE"}


def run(rows: int, runs: int) -> None:
    """Print the median of each side, their ratio, and the most memory that a build took."""
    with tempfile.TemporaryDirectory(prefix="hatecrime-bench-") as folder:
        os.environ["HATECRIME_KEY_FILE"] = f"{folder}/key"
        extracts = enlarged(Path(folder), rows)
        bare, whole = [], []
        for n in range(runs):
            bare.append(_alone(_bare, extracts / "incidents.csv", Path(folder) / f"bare{n}.duckdb"))
            whole.append(_alone(build, extracts, Path(folder) / f"store{n}"))
    low, high = (statistics.median(seconds for seconds, _peak in side) for side in (bare, whole))
    print(f"build of {rows:,} incidents with mapping, checks, rejects, repeats, pseudonyms, strands and areas")
    print(f"  bare typed read_csv into a file: {low:6.2f} s    build: {high:6.2f} s    ratio {high / low:.2f}")
    print(f"  peak memory of the process of a build: {max(peak for _seconds, peak in whole):.2f} GB")


def _alone(work: Callable[..., object], *given: Path) -> tuple[float, float]:
    """Seconds and gigabytes of some work in a process of its own, so that neither side inherits memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, work, *given).result()


def _measured(work: Callable[..., object], *given: Path) -> tuple[float, float]:
    started = time.perf_counter()
    work(*given)
    return time.perf_counter() - started, _peak()


def _peak() -> float:
    """Gigabytes that this process took at most, as Linux tells; getrusage() counts what its parent took as well."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024**2


def enlarged(folder: Path, rows: int, spread: int = 0) -> Path:
    """The sample's Trafford incidents over and over, each time with other references, in the order of their recording
    as a police system writes them, and their outlines. Each is moved by up to so many metres either way."""
    target = folder / "extracts"
    target.mkdir()
    sample = data_dir() / "sample"
    with duckdb.connect() as con:
        con.execute(
            "create macro moved(metres, axis, reference, copy) as "
            f"(try_cast(metres as integer) + hash(axis, reference, copy) % {2 * spread + 1} - {spread})::varchar"
        )
        con.execute(
            """
            copy (
                select s.* replace (
                    s."Crime number" || '/' || copy as "Crime number",
                    coalesce(moved(s."Easting", 'e', s."Crime number", copy), s."Easting") as "Easting",
                    coalesce(moved(s."Northing", 'n', s."Crime number", copy), s."Northing") as "Northing"
                )
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
