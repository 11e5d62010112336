"""The real public files that tests are checked against. They are no part of the project: tests that need them skip
where the folder is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hatecrime.extracts.build import build
from hatecrime.extracts.report import BuildReport, ExtractReport
from hatecrime.settings import root

FOLDER = Path(os.environ.get("HATECRIME_SHARED") or root().parent / "shared" / "data")

needs_shared_data = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the real public files are not in {FOLDER}; HATECRIME_SHARED may name another folder"
)


def shared(path: str) -> Path:
    """A file of the shared folder."""
    return FOLDER / path


def build_shared(folder: Path, *files: tuple[str, str], top: str = "") -> BuildReport:
    """A snapshot of shared files, each with the mapping it is read through."""
    entries = [f"[[extract]]\nfile = '{shared(file)}'\nmapping = '{mapping}'\n" for file, mapping in files]
    extracts = folder / "extracts"
    extracts.mkdir(parents=True)
    (extracts / "extracts.toml").write_text("\n".join([top, *entries]), encoding="utf-8")
    return build(extracts, folder / "store")


def adds_up(extract: ExtractReport) -> bool:
    """Whether every record that was read is kept, refused or folded into another."""
    return extract.read == extract.kept + sum(extract.refused.values()) + extract.collapsed
