"""
The list of unknown hotspots on samples in which nothing is planted, and on samples with the planted hotspot.

Places of the sample differ steadily in how many they draw, so that a list without a confident entry is no accident of
everything being even. Run: uv run python -m tests.benchmarks.null_sample --seeds 100 --planted 10
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from hatecrime.database import newest, open_snapshot
from hatecrime.extracts.build import build
from hatecrime.filters import Filters
from hatecrime.reports.unknown import Unknown, unknown
from hatecrime.sample import MAPPINGS, write

FILES = (
    "trafford_district.geojson",
    "trafford_localities.geojson",
    "trafford_wards.geojson",
    "trafford_lsoas.geojson",
    "populations.csv",
    "gmp_incidents.csv",
)
# Records dated later than this are refused, as in the whole sample.
RECEIVED = "received = 2017-04-30"
PLANTED = ("E05000822", "disability.criminal_damage_arson")


def listed(seed: int, signals: bool, level: str = "ward") -> Unknown:
    """The list of one sample, of the files that it needs."""
    with tempfile.TemporaryDirectory(prefix="hatecrime-null-") as folder:
        extracts, store = Path(folder) / "extracts", Path(folder) / "store"
        write(extracts, seed, signals=signals)
        entries = (f'[[extract]]\nfile = "{file}"\nmapping = "{MAPPINGS[file]}"\n{RECEIVED}\n' for file in FILES)
        head = 'synthetic = true\ncrs = "EPSG:27700"\n'
        (extracts / "extracts.toml").write_text(head + "".join(entries), encoding="utf-8")
        build(extracts, store)
        snapshot = open_snapshot(newest(store))
        try:
            return unknown(snapshot, Filters(), level)
        finally:
            snapshot.close()


def confident(found: Unknown) -> list[str]:
    """The keys of its confident entries."""
    return found.entries.loc[found.entries["sure"] == "confident", "key"].tolist()


def rank(found: Unknown) -> int | None:
    """Where the planted hotspot stands; None where it is not on the list."""
    is_it = (found.entries["area"] == PLANTED[0]) & (found.entries["code"] == PLANTED[1])
    ranks = found.entries.loc[is_it, "rank"]
    return int(ranks.iloc[0]) if len(ranks) else None


def run(seeds: range, planted: range, level: str) -> None:
    """Print each null list that is not free of confident entries, the count of those that are, and each rank."""
    free = 0
    for seed in seeds:
        keys = confident(listed(seed, signals=False, level=level))
        free += not keys
        if keys:
            print(f"seed {seed}, nothing planted: {keys}", flush=True)
    print(f"{free} of {len(seeds)} null samples have no confident entry ({level})", flush=True)
    for seed in planted:
        found = listed(seed, signals=True, level=level)
        print(f"seed {seed}, planted: rank {rank(found)}, confident {confident(found)}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=1, help="first seed (default 1)")
    parser.add_argument("--seeds", type=int, default=100, help="null samples (default 100)")
    parser.add_argument("--planted", type=int, default=10, help="samples with the hotspot (default 10)")
    parser.add_argument("--level", default="ward")
    given = parser.parse_args()
    run(range(given.first, given.first + given.seeds), range(given.first, given.first + given.planted), given.level)
