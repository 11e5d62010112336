"""Where things are, and what a deployment may change (data/settings.toml)."""

import os
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

MEGABYTE = 1 << 20


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
    snap_metres: int
    keep_years: int
    stated_columns: dict[str, str]
    keep_snapshots: int
    build_memory: int
    max_upload: int
    max_unpacked: int
    max_growth: int
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


def default_extracts() -> Path:
    """The folder that uploads go to and builds read: HATECRIME_EXTRACTS, else data/extracts."""
    extracts = os.environ.get("HATECRIME_EXTRACTS")
    return Path(extracts) if extracts else data_dir() / "extracts"


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
        snap_metres=_at_least(0, raw["privacy"]["snap_metres"]),
        keep_years=_at_least(0, raw["privacy"]["keep_years"]),
        stated_columns={str(column): str(reason) for column, reason in raw["privacy"]["stated"].items()},
        keep_snapshots=_at_least(1, raw["store"]["keep_snapshots"]),
        build_memory=_at_least(100, raw["store"]["build_megabytes"]) * MEGABYTE,
        max_upload=_at_least(1, raw["upload"]["max_megabytes"]) * MEGABYTE,
        max_unpacked=_at_least(1, raw["upload"]["max_unpacked_megabytes"]) * MEGABYTE,
        max_growth=_at_least(2, raw["upload"]["max_growth"]),
        synthetic_notice=dict(raw["synthetic_notice"]),
    )


def _at_least(least: int, value: object) -> int:
    """A whole number that is not too small."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ValueError(f"{value!r} must be a whole number of at least {least}")
    return value
