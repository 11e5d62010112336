"""What a map of thousands of cells costs: the time of the server, and how much a browser is sent."""

from __future__ import annotations

import statistics
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa

from hatecrime.charts import maps
from hatecrime.charts.classes import natural
from hatecrime.charts.theme import LIGHT
from hatecrime.database import newest
from hatecrime.extracts.build import build
from hatecrime.settings import data_dir
from hatecrime.ui import geometry

AREA, DAY = "E08000009", date(2017, 3, 31)
# Metres between opposite sides, for some 5,000, 10,000 and 20,000 hexagons.
SIZES = (160, 113, 80)
RUNS = 9


def run() -> None:
    """
    Print how long a map takes to make and how large its tables are, for thousands of cells.

    The time until a browser has drawn it is printed by tests/browser/test_maps.py.
    """
    with TemporaryDirectory(prefix="hatecrime-bench-") as folder:
        build(data_dir() / "sample", Path(folder))
        for size in SIZES:
            _print(newest(Path(folder)), size)


def _print(path: Path, size: int) -> None:
    cells, drawn = geometry.cover(path, "hexagon", size, DAY, AREA), geometry.cells(path, "hexagon", size, DAY, AREA)
    if cells is None or drawn is None:
        raise RuntimeError("The sample has too much land.")
    figures = cells.assign(n=np.random.default_rng(size).poisson(1, len(cells)))
    taken = []
    for _run in range(RUNS):
        started = time.perf_counter()
        spec = _drawn(drawn, figures).spec(geometry.links({"areas": drawn.address}))
        sent = sum(pa.Table.from_pandas(table).nbytes for table in spec["datasets"].values())
        taken.append(time.perf_counter() - started)
    print(f"  {len(cells):6,} hexagons: {statistics.median(taken) * 1000:5.0f} ms, {sent / 1000:5.0f} kB of tables")


def _drawn(drawn: maps.Outlines, figures: pd.DataFrame) -> maps.Map:
    return maps.choropleth(
        drawn,
        figures,
        LIGHT,
        natural(figures["n"].tolist()),
        value="n",
        measure="Incidents",
        alt_text="Made-up figures.",
        tips=[maps.Tip("n", "Incidents", ",")],
        named=0,
    )
