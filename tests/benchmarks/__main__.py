"""Run every benchmark and print its ratios."""

from __future__ import annotations

import argparse

from tests.benchmarks import build, hotspots, local, maps, protect

# A page takes a fraction of a second, so that a few runs more cost little and steady the median.
PAGE_RUNS = 15

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="incidents to build (default 1,000,000)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each side; the median counts")
    given = parser.parse_args()
    build.run(given.rows, given.runs)
    protect.run(max(given.runs, PAGE_RUNS))
    hotspots.run(given.rows, max(given.runs, PAGE_RUNS))
    local.run(max(given.runs, PAGE_RUNS))
    maps.run()
