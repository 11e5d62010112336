"""hatecrime doctor: is everything there that a dashboard needs?"""

import platform
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import typer

from hatecrime.cli.say import REFUSED, AsJson, Store, print_json
from hatecrime.database import DataError, fetch, open_newest, query_names, read_query
from hatecrime.dictionary import tables
from hatecrime.i18n import MISSING, _, number
from hatecrime.settings import SettingsError, default_store, settings

LIBRARIES = ("streamlit", "duckdb", "pandas", "altair", "geopandas", "shapely", "scipy")


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    name: str
    ok: bool
    detail: str


def doctor(store: Store = None, as_json: AsJson = False) -> None:
    """Look at the settings, the dictionary, the store, its newest snapshot and the libraries."""
    findings = list(_findings(store or default_store()))
    if as_json:
        print_json({"ok": all(f.ok for f in findings), "findings": [asdict(f) for f in findings]})
    else:
        for finding in findings:
            typer.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.name}: {finding.detail}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(REFUSED)


def _findings(store: Path) -> Iterator[Finding]:
    yield _look(_("Settings"), lambda: _("language {language}").format(language=settings().language))
    yield _look(_("Dictionary"), lambda: _("{n} tables").format(n=number(len(tables()))))
    yield _look(_("Snapshot"), lambda: _snapshot(store))
    yield from _data_checks(store)
    yield _look(_("Versions"), _versions)


def _look(name: str, at: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, at())
    except (DataError, SettingsError, OSError, ValueError) as error:
        return Finding(name, False, str(error))


def _snapshot(store: Path) -> str:
    snapshot = open_newest(store)
    facts, path = snapshot.facts, snapshot.path
    snapshot.close()
    return _("{path}, complete to {day}").format(path=path, day=facts.complete_to or MISSING)


def _data_checks(store: Path) -> Iterator[Finding]:
    """What the checks on the data find: worth knowing, and no fault of the installation."""
    try:
        snapshot = open_newest(store)
    except (DataError, ValueError):
        return
    for name in query_names():
        if name.startswith("checks/"):
            rows = len(fetch(snapshot, name))
            yield Finding(name, True, f"{number(rows)} × {_(read_query(name).says)}" if rows else "0")
    snapshot.close()


def _versions() -> str:
    libraries = (f"{name} {version(name)}" for name in LIBRARIES)
    return ", ".join([f"Python {platform.python_version()}", *libraries])
