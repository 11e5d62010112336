"""What the tests of faults share: a builder that can be killed, two small listings, and the counts they print."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hatecrime.settings import root
from tests.extracts.workshop import INCIDENTS, Workshop, square

MAPPING = (
    INCIDENTS
    + """
[strands]
from = "Strand"
split = ";"
[point]
x = "X"
y = "Y"
crs = "EPSG:27700"
[values.strand]
"Race" = "race"
"Age" = ""
"Muslim" = "muslim"
"""
)


class Builder:
    """Asks a warm process for builds."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.faults.preloaded"]
        self.process = subprocess.Popen(command, cwd=root(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, extracts: Path, store: Path, **asked: Any) -> dict[str, Any]:
        """Build, or be killed: see tests.faults.preloaded for what may be asked."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"extracts": str(extracts), "store": str(store), **asked}) + "\n")
        self.process.stdin.flush()
        return dict(json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=30)


@pytest.fixture(scope="session")
def builder(own_key: Path) -> Iterator[Builder]:
    made = Builder()
    yield made
    made.close()


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


@pytest.fixture
def listing(tmp_path: Path) -> Iterator[Any]:
    """Write a folder of extracts with so many incidents, in outlines, with strands and points."""

    def write(name: str, incidents: int) -> Path:
        made = Workshop(tmp_path / name)
        rows = "".join(
            f"{n},Crime,{n % 28 + 1:02}/0{n % 9 + 1}/2016,{('Race;Muslim', 'Age')[n % 2]},{n % 990},{n % 970}\n"
            for n in range(incidents)
        )
        made.add_areas("wards.gpkg", [{"area_code": "A", "level": "ward", "name": "A", "geometry": square(0, 0)}])
        made.add("Ref,Kind,Recorded,Strand,X,Y\n" + rows, MAPPING)
        made.listing("\n".join(made.listed))
        return made.folder

    yield write


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Put a sentence into the summary at the end of the run, in whatever process the test runs."""
    return lambda sentence: record_property("tried", sentence)
