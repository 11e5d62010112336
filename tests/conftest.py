"""What all tests share: a key of their own, and one store built from the bundled sample."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hatecrime.extracts.build import build
from hatecrime.settings import data_dir


@pytest.fixture(scope="session", autouse=True)
def own_key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test reads or makes the key of a deployment."""
    key = tmp_path_factory.mktemp("key") / "key"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HATECRIME_KEY_FILE", str(key))
        yield key


@pytest.fixture(scope="session")
def sample_store(own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with one snapshot of the bundled sample; HATECRIME_STORE points at it."""
    store = tmp_path_factory.mktemp("store")
    build(data_dir() / "sample", store)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HATECRIME_STORE", str(store))
        yield store
