"""What the tests of pages share."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from hatecrime.settings import root


@pytest.fixture
def app(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.chdir(root())
    return AppTest.from_file(str(root() / "dashboard.py"), default_timeout=60).run()
