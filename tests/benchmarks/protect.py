"""What protection costs: a partner's first page against an analyst's, and the shared table, which is made once."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from hatecrime.database import newest, open_snapshot, shared
from hatecrime.extracts.build import build
from hatecrime.settings import data_dir, root

PAGE_SECONDS = 120


def run(runs: int) -> None:
    """Print the median time of each page, warm, their ratio, and the time of the shared table, cold."""
    with tempfile.TemporaryDirectory(prefix="hatecrime-bench-") as folder:
        os.environ["HATECRIME_KEY_FILE"] = f"{folder}/key"
        os.environ["HATECRIME_REGISTER_URL"] = f"sqlite:///{folder}/register.sqlite"
        os.environ["HATECRIME_STORE"] = f"{folder}/store"
        build(data_dir() / "sample", Path(folder) / "store")
        cold = {name: _cold(Path(folder) / "store", name) for name in ("partner", "public")}
        analyst, partner = _pages(("analyst", "partner"), runs)
    print("first page on the sample, run again as it is in a dashboard that has been used")
    print(f"  analyst: {analyst:6.3f} s    partner: {partner:6.3f} s    ratio {partner / analyst:.2f}")
    print(f"  shared table, once for each snapshot: partner {cold['partner']:.2f} s, public {cold['public']:.2f} s")


def _cold(store: Path, name: str) -> float:
    snapshot = open_snapshot(newest(store))
    started = time.perf_counter()
    shared(snapshot, name)
    return time.perf_counter() - started


def _pages(views: tuple[str, ...], runs: int) -> list[float]:
    """The two take turns, so that whatever else the machine does falls on both."""
    os.chdir(root())
    pages = [_opened(view) for view in views]
    times: list[list[float]] = [[] for _view in views]
    for _run in range(runs):
        for page, taken in zip(pages, times, strict=True):
            started = time.perf_counter()
            page.run()
            taken.append(time.perf_counter() - started)
    return [statistics.median(taken) for taken in times]


def _opened(view: str) -> AppTest:
    """The first page of an audience, twice: the first run fills the caches."""
    page = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=PAGE_SECONDS)
    page.session_state["view"] = view
    page.run()
    if page.run().exception:
        raise RuntimeError(f"The page of {view} cannot be measured: it fails.")
    return page
