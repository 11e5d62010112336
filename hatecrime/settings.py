"""Where things are, and what a deployment may change (data/settings.toml)."""

import os
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

MEGABYTE = 1 << 20
AUDIENCES = ("analyst", "partner", "public")
# What a role at the provider can stand for; an empty text is nothing.
ROLES = (*AUDIENCES, "lead", "admin", "")
# The browser keeps a sign-in for thirty days at most.
LONGEST_SIGN_IN_HOURS = 720


class SettingsError(Exception):
    """data/settings.toml cannot be used; the message says what to mend."""


@dataclass(frozen=True)
class AccessRules:
    """The [access] part of the settings: what a sign-in must say, and how long it holds."""

    roles_claim: str
    areas_claim: str
    default_audience: str
    areas_required: tuple[str, ...]
    hours: float
    allow_without_sign_in_beyond_loopback: bool
    # Names of roles at the provider -> ours; an empty text is a role that means nothing here.
    roles: dict[str, str]
    # Subject -> {"roles": […], "areas": […]}, for those whose sign-in has no such claims.
    people: dict[str, dict[str, Any]]


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
    audiences: dict[str, dict[str, Any]]
    access: AccessRules
    register_required: str
    # Audience -> the marking of what it takes away; an empty text is none.
    classification: dict[str, str]


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


def default_register() -> str:
    """The address of the register: HATECRIME_REGISTER_URL, else a file in data/register."""
    given = os.environ.get("HATECRIME_REGISTER_URL")
    return given or f"sqlite:///{data_dir() / 'register' / 'register.sqlite'}"


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
        audiences=dict(raw.get("audience", {})),
        access=_access(raw["access"]),
        register_required=_one_of(("always", "signed_in"), raw["register"]["required"]),
        classification={audience: str(raw["export"]["classification"][audience]) for audience in AUDIENCES},
    )


def _access(raw: dict[str, Any]) -> AccessRules:
    return AccessRules(
        roles_claim=_text(raw["roles_claim"]),
        areas_claim=_text(raw["areas_claim"]),
        default_audience=_one_of(("", "partner", "public"), raw["default_audience"]),
        areas_required=tuple(_one_of(AUDIENCES, each) for each in raw["areas_required"]),
        hours=_hours(raw["hours"]),
        allow_without_sign_in_beyond_loopback=_one_of((True, False), raw["allow_without_sign_in_beyond_loopback"]),
        roles={name: _one_of(ROLES, role) for name, role in raw["roles"].items()},
        people={subject: _person(person) for subject, person in raw["people"].items()},
    )


def _person(raw: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(raw, dict) or not raw.keys() <= {"roles", "areas"}:
        raise ValueError(f"{raw!r} must hold roles and areas, and nothing else")
    return raw


def _hours(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= LONGEST_SIGN_IN_HOURS:
        raise ValueError(f"{value!r} must be a number of hours up to {LONGEST_SIGN_IN_HOURS}")
    return float(value)


def _one_of(choices: tuple[Any, ...], value: Any) -> Any:
    if not any(value is each or (isinstance(value, str) and value == each) for each in choices):
        raise ValueError(f"{value!r} must be one of {', '.join(map(repr, choices))}")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{value!r} must be a text")
    return value


def _at_least(least: int, value: object) -> int:
    """A whole number that is not too small."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ValueError(f"{value!r} must be a whole number of at least {least}")
    return value
