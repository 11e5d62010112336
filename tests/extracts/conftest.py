"""What the tests of the extracts engine share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.extracts.workshop import Built, Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


@pytest.fixture
def built(workshop: Workshop) -> Iterator[Callable[..., Built]]:
    """Build one file through one mapping."""
    yield lambda content, *given, **options: workshop.add(content, *given, **options).build()
