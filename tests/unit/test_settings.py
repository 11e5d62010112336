from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from hatecrime import settings as s


def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("HATECRIME_HOME", str(tmp_path))


def test_the_shipped_settings_are_usable() -> None:
    shipped = s.settings()
    assert shipped.language == "en"
    assert shipped.provisional_months == 2
    assert shipped.coverage_bands == (800, 1600, 3200)
    assert shipped.detour == 1.3
    assert set(shipped.synthetic_notice) == {"en", "cy"}


def test_settings_cannot_be_changed_while_the_dashboard_runs() -> None:
    with pytest.raises(FrozenInstanceError):
        s.settings().language = "cy"  # type: ignore[misc]


def test_folders_are_found_beside_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HATECRIME_HOME", raising=False)
    monkeypatch.delenv("HATECRIME_STORE", raising=False)
    assert (s.data_dir() / "dictionary.csv").exists()
    assert s.queries_dir() == s.root() / "queries"
    assert s.default_store() == s.root() / "data" / "store"


def test_another_home_and_another_store_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HATECRIME_STORE", raising=False)
    monkeypatch.setenv("HATECRIME_HOME", str(tmp_path))
    assert s.default_store() == tmp_path / "data" / "store"
    monkeypatch.setenv("HATECRIME_STORE", str(tmp_path / "elsewhere"))
    assert s.default_store() == tmp_path / "elsewhere"


def test_a_missing_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HATECRIME_HOME", str(tmp_path))
    with pytest.raises(s.SettingsError, match="There is no"):
        s.settings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("language = ", "not valid TOML"),
        ('language = "en"', "lacks the setting 'provisional_months'"),
        ('language = "en"\nprovisional_months = "two"', "wrong kind"),
    ],
)
def test_a_broken_file_says_what_to_mend(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home(tmp_path, monkeypatch, text)
    with pytest.raises(s.SettingsError, match=message):
        s.settings()
