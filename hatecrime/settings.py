"""Where things are, and what a deployment may change (data/settings.toml)."""

import os
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any


class SettingsError(Exception):
    """data/settings.toml cannot be used; the message says what to mend."""


@dataclass(frozen=True)
class Settings:
    """The settings of data/settings.toml, where each one is explained."""

    language: str
    provisional_months: int
    bank_holidays: str
    coverage_bands: tuple[int, ...]
    detour: float
    synthetic_notice: dict[str, str]


def root() -> Path:
    """The folder that holds data/ and queries/: HATECRIME_HOME, else the parent of the package."""
    home = os.environ.get("HATECRIME_HOME")
    return Path(home) if home else Path(__file__).resolve().parents[1]


def data_dir() -> Path:
    """Dictionary, code lists, mappings, settings, sample."""
    return root() / "data"


def queries_dir() -> Path:
    """Every SQL statement."""
    return root() / "queries"


def default_store() -> Path:
    """The folder of snapshots: HATECRIME_STORE, else data/store."""
    store = os.environ.get("HATECRIME_STORE")
    return Path(store) if store else data_dir() / "store"


def settings() -> Settings:
    """The settings in force; each file is read once."""
    return _read(data_dir() / "settings.toml")


@lru_cache
def _read(path: Path) -> Settings:
    try:
        return _settings(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise SettingsError(f"There is no {path}. Restore it, or point HATECRIME_HOME at the project.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from None
    except KeyError as error:
        raise SettingsError(f"{path} lacks the setting {error}. Add it as the shipped file has it.") from None
    except (TypeError, ValueError) as error:
        raise SettingsError(f"{path} has a value of the wrong kind: {error}.") from None


def _settings(raw: dict[str, Any]) -> Settings:
    return Settings(
        language=raw["language"],
        provisional_months=int(raw["provisional_months"]),
        bank_holidays=raw["bank_holidays"],
        coverage_bands=tuple(sorted(int(band) for band in raw["coverage"]["bands"])),
        detour=float(raw["coverage"]["detour"]),
        synthetic_notice=dict(raw["synthetic_notice"]),
    )
