"""What atheris runs: coverage-guided bytes for mappings, CSV files and zips. It ends its process, so it has one.

Run as: python -m tests.faults.atheris_target mapping|csv|zip -runs=1000 -max_total_time=20
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["hatecrime.extracts", "zipfile", "tomllib"]):
    from hatecrime.extracts.errors import ExtractError
    from hatecrime.extracts.mapping_file import read_mapping
    from hatecrime.extracts.source import open_source

from tests.extracts.workshop import INCIDENTS


def mapping(folder: Path) -> Callable[[bytes], None]:
    path = folder / "mapping.toml"

    def run(content: bytes) -> None:
        path.write_bytes(content)
        read_mapping(path)

    return run


def file(name: str) -> Callable[[Path], Callable[[bytes], None]]:
    def prepare(folder: Path) -> Callable[[bytes], None]:
        (folder / "mapping.toml").write_text(INCIDENTS)
        known = read_mapping(folder / "mapping.toml")
        scratch = folder / "scratch"
        scratch.mkdir()

        def run(content: bytes) -> None:
            (folder / name).write_bytes(content)
            open_source(folder / name, known, scratch)

        return run

    return prepare


TARGETS = {"mapping": mapping, "csv": file("incidents.csv"), "zip": file("incidents.zip")}


def refusing(run: Callable[[bytes], None]) -> Callable[[bytes], None]:
    def one(content: bytes) -> None:
        try:
            run(content)
        except ExtractError as refusal:
            assert str(refusal).strip()

    return one


if __name__ == "__main__":
    program, target, *options = sys.argv
    with tempfile.TemporaryDirectory() as made:
        atheris.Setup([program, *options], refusing(TARGETS[target](Path(made))))
        atheris.Fuzz()
