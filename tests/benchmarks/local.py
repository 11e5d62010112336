"""What hotspots cost: Gi* of a grid against esda's, which answers the same to twelve figures."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
from esda.getisord import G_Local
from libpysal.weights import W, lat2W

from hatecrime.stats.local import getis_ord
from hatecrime.stats.neighbours import in_grid

# Rows and columns: 2,000 and 20,000 cells.
SIZES = ((40, 50), (100, 200))
LIMIT_MS = 50


def run(runs: int) -> None:
    """Print the median times of both and their ratios, with and without finding the neighbours."""
    print("Gi* of counts in square cells, analytic (esda: G_Local with permutations=0)")
    for height, width in SIZES:
        _compare(height, width, runs)


def _compare(height: int, width: int, runs: int) -> None:
    rows, columns = (axis.ravel() for axis in np.mgrid[0:height, 0:width])
    values = np.random.default_rng(1).poisson(2, height * width).astype(float)
    found, theirs = in_grid(columns, rows, "square"), lat2W(height, width, rook=False)
    if not np.allclose(getis_ord(values, found).z, _esda(values, theirs), atol=1e-12):
        raise RuntimeError("esda gives other values: there is nothing to compare.")
    own_all, esda_all, own, esda = _medians(
        (
            lambda: getis_ord(values, in_grid(columns, rows, "square")).z,
            lambda: _esda(values, lat2W(height, width, rook=False)),
            lambda: getis_ord(values, found).z,
            lambda: _esda(values, theirs),
        ),
        runs,
    )
    print(f"  {height * width:6,} cells with neighbours: {_line(own_all, esda_all)} (aim: under {LIMIT_MS} ms)")
    print(f"  {height * width:6,} cells, neighbours given: {_line(own, esda)}")


def _esda(values: np.ndarray, weights: W) -> np.ndarray:
    return G_Local(values, weights, transform="B", permutations=0, star=True).Zs


def _medians(works: tuple[Callable[[], np.ndarray], ...], runs: int) -> list[float]:
    """All take turns, so that whatever else the machine does falls on each."""
    times: list[list[float]] = [[] for _work in works]
    for _run in range(runs):
        for work, taken in zip(works, times, strict=True):
            started = time.perf_counter()
            work()
            taken.append(1000 * (time.perf_counter() - started))
    return [statistics.median(taken) for taken in times]


def _line(own: float, esda: float) -> str:
    return f"own {own:7.2f} ms    esda {esda:7.2f} ms    ratio {own / esda:.4f}"
