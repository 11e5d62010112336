"""What all tests share: a key of their own, and one store built from the bundled sample."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hatecrime.extracts.build import build
from hatecrime.settings import data_dir


@pytest.fixture(scope="session", autouse=True)
def own_key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test reads or makes the key of a deployment; it decides what is withheld, so it is the same in each run."""
    key = tmp_path_factory.mktemp("key") / "key"
    key.write_bytes(bytes(range(32)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HATECRIME_KEY_FILE", str(key))
        yield key


@pytest.fixture(scope="session", autouse=True)
def own_register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test writes to the register of a deployment."""
    file = tmp_path_factory.mktemp("register") / "register.sqlite"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HATECRIME_REGISTER_URL", f"sqlite:///{file}")
        yield file


@pytest.fixture(scope="session")
def sample_store(own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with one snapshot of the bundled sample; HATECRIME_STORE points at it."""
    store = tmp_path_factory.mktemp("store")
    build(data_dir() / "sample", store)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HATECRIME_STORE", str(store))
        yield store


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the tests of faults and of protection tried, whatever process they ran in."""
    reports = [r for each in ("passed", "failed") for r in terminalreporter.getreports(each)]
    said = [pair for report in reports if report.when == "call" for pair in report.user_properties]
    for kind, title in (("tried", "Faults tried"), ("attacked", "Attacks tried")):
        told = [str(sentence) for name, sentence in said if name == kind]
        if told:
            terminalreporter.section(title)
            for sentence in told:
                terminalreporter.write_line(sentence)
