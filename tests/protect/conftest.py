"""What the tests of protection share: the sample as its counts, and the figures they print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hatecrime.database import Snapshot, newest, open_snapshot


@pytest.fixture(scope="module")
def sample(sample_store: Path) -> Iterator[Snapshot]:
    opened = open_snapshot(newest(sample_store))
    yield opened
    opened.close()


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Put a sentence into the summary at the end of the run, in whatever process the test runs."""
    return lambda sentence: record_property("attacked", sentence)
