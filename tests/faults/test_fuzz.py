"""Whatever bytes are sent, they are read or refused in a sentence; nothing else escapes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hatecrime.extracts.build import check
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.listing import read_listing
from hatecrime.extracts.mapping_file import read_mapping
from tests.extracts.workshop import INCIDENTS
from tests.faults import inputs

TIMES = int(os.environ.get("HATECRIME_FUZZ", "1"))


def tried(target: str, given_by: st.SearchStrategy[bytes], examples: int, run: Callable[[bytes], Any]) -> str:
    """Run a target on so many inputs; says how many there were and what became of them."""
    outcome: Counter[str] = Counter()

    @settings(
        max_examples=examples * TIMES,
        deadline=None,
        derandomize=TIMES == 1,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(given_by)
    def one(content: bytes) -> None:
        try:
            run(content)
            outcome["accepted"] += 1
        except ExtractError as refusal:
            assert str(refusal).strip()
            outcome["refused"] += 1

    one()
    return f"Fuzzed {target}: {outcome.total()} inputs, {outcome['accepted']} accepted, {outcome['refused']} refused."


def test_any_mapping_is_read_or_refused(tmp_path: Path, tell: Callable[[str], None]) -> None:
    path = tmp_path / "mapping.toml"

    def run(content: bytes) -> None:
        path.write_bytes(content)
        read_mapping(path)

    tell(tried("mappings", inputs.any_mapping(), 1500, run))


def test_any_listing_is_read_or_refused(tmp_path: Path, tell: Callable[[str], None]) -> None:
    (tmp_path / "incidents.csv").write_bytes(inputs.CSV)
    (tmp_path / "0.toml").write_text(INCIDENTS)

    def run(content: bytes) -> None:
        (tmp_path / "extracts.toml").write_bytes(content)
        read_listing(tmp_path)

    tell(tried("listings", inputs.any_listing(), 500, run))


@pytest.mark.parametrize("kind", inputs.FILES)
def test_any_file_is_read_or_refused_and_every_record_accounted_for(
    kind: str, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    name, mapping, whole = inputs.FILES[kind]
    (tmp_path / "mapping.toml").write_text(inputs.MAPPINGS[mapping])

    def run(content: bytes) -> None:
        (tmp_path / name).write_bytes(content)
        accounted(check(tmp_path / name, str(tmp_path / "mapping.toml")))

    run(whole())
    mutations = inputs.mutated(whole())
    tell(tried(kind, mutations | inputs.workbooks() if kind == "excel" else mutations, 40, run))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_any_zip_is_read_or_refused_and_nothing_is_written_beside_it(
    tmp_path: Path, tell: Callable[[str], None]
) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "mapping.toml").write_text(INCIDENTS)

    def run(content: bytes) -> None:
        (folder / "sent.zip").write_bytes(content)
        try:
            accounted(check(folder / "sent.zip", str(folder / "mapping.toml")))
        finally:
            found = {path.name for path in tmp_path.rglob("*") if path.is_file()}
            assert found == {"sent.zip", "mapping.toml"}

    tell(tried("zips", inputs.zips(), 80, run))


@pytest.mark.parametrize("kind", inputs.FILES)
def test_bytes_without_sense_are_read_or_refused_under_any_ending(
    kind: str, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    name, mapping, _whole = inputs.FILES[kind]
    (tmp_path / "mapping.toml").write_text(inputs.MAPPINGS[mapping])

    def run(content: bytes) -> None:
        (tmp_path / name).write_bytes(content)
        accounted(check(tmp_path / name, str(tmp_path / "mapping.toml")))

    others = [make() for other, (_name, _mapping, make) in inputs.FILES.items() if other != kind]
    tell(tried(f"{kind} from other bytes", st.one_of(st.sampled_from(others), st.binary(max_size=300)), 15, run))


def accounted(report: Any) -> None:
    for told in report.extracts:
        assert told.read == told.kept + sum(told.refused.values()) + told.collapsed
