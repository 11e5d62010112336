"""No version in use has a published weakness: what pip-audit finds for the declared dependencies and all they need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from threading import Thread

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from hatecrime.settings import root

LONGEST_SECONDS = 25
# A service that does not answer so soon is taken for one that cannot be reached.
SOCKET_SECONDS = "5"


@dataclass(frozen=True)
class Audit:
    """What an audit found: weaknesses by package and version; reached says whether any advisory could be read."""

    reached: bool
    weak: dict[str, list[str]]
    why_not: str = ""


def test_no_dependency_has_a_known_weakness(tmp_path: Path) -> None:
    """Without an advisory service nothing is known, which is said and is no failure."""
    found = audit(tmp_path, in_use(declared()))
    if not found.reached:
        pytest.skip(f"Dependencies NOT audited: {found.why_not}")
    assert found.weak == {}


def test_a_weakness_that_is_known_is_found(tmp_path: Path) -> None:
    with advisories(lambda name: [weakness(name)] if name == "duckdb" else []) as address:
        found = audit(tmp_path, {"duckdb": "0.1", "pandas": "3.1.0"}, "--osv-url", address)
    assert found == Audit(True, {"duckdb 0.1": ["PYSEC-0000-1"]})


def test_without_a_weakness_nothing_is_found(tmp_path: Path) -> None:
    with advisories(lambda _name: []) as address:
        assert audit(tmp_path, {"duckdb": "0.1"}, "--osv-url", address) == Audit(True, {})


@pytest.mark.parametrize("answer", [None, "<html>blocked</html>"], ids=["no service", "a proxy's refusal"])
def test_where_no_service_answers_nothing_is_called_safe(tmp_path: Path, answer: str | None) -> None:
    with advisories(lambda _name: [], answer) as address:
        found = audit(tmp_path, {"duckdb": "0.1"}, "--osv-url", address if answer else "http://127.0.0.1:9/")
    assert not found.reached and found.why_not


def test_what_is_audited_is_all_that_is_declared_and_all_that_it_needs() -> None:
    used = in_use(declared())
    assert {"streamlit", "duckdb", "authlib", "sqlalchemy"} <= set(used)
    assert "starlette" in used, "what Streamlit needs is in use as well"
    assert "pytest" not in used, "tools of development do not run where people's data are"


def audit(folder: Path, versions: dict[str, str], *options: str) -> Audit:
    """Ask an advisory service about exact versions; nothing is resolved, downloaded or installed."""
    pinned = folder / "versions.txt"
    pinned.write_text("".join(f"{name}=={version}\n" for name, version in sorted(versions.items())), encoding="utf-8")
    command = [sys.executable, "-m", "pip_audit", "-r", str(pinned), "--no-deps", "--disable-pip", "-s", "osv"]
    command += ["-f", "json", "--progress-spinner", "off", "--timeout", SOCKET_SECONDS]
    try:
        done = subprocess.run(
            [*command, "--cache-dir", str(folder / "cache"), *options],
            env={**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"} if options else None,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return Audit(False, {}, f"the advisory service did not answer in {LONGEST_SECONDS} seconds")
    return read(done.stdout) or Audit(False, {}, _said(done.stderr))


def read(report: str) -> Audit | None:
    """A report of pip-audit; None where there is none. What was skipped has not been audited."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        return None
    weak = {
        f"{each['name']} {each['version']}": [v["id"] for v in each["vulns"]] for each in packages if "vulns" in each
    }
    found = {name: ids for name, ids in weak.items() if ids}
    skipped = [f"{each['name']}: {each['skip_reason']}" for each in packages if "skip_reason" in each]
    return Audit(False, {}, "; ".join(skipped)) if skipped and not found else Audit(True, found)


def declared() -> list[str]:
    """What the project says it needs to run."""
    project = tomllib.loads((root() / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["dependencies"])


def in_use(needs: list[str]) -> dict[str, str]:
    """The installed versions of what is needed, and of all that this needs in turn."""
    found: dict[str, str] = {}
    waiting = [(Requirement(each), "") for each in needs]
    seen: set[tuple[str, str]] = set()
    while waiting:
        need, extra = waiting.pop()
        name = canonicalize_name(need.name)
        if need.marker and not need.marker.evaluate({"extra": extra}):
            continue
        for wanted in {"", *need.extras} - {done for known, done in seen if known == name}:
            seen.add((name, wanted))
            waiting += [(each, wanted) for each in _needs(name, found)]
    return found


def _needs(name: str, found: dict[str, str]) -> list[Requirement]:
    """What an installed package needs; its version is added to what was found."""
    try:
        installed = distribution(name)
    except PackageNotFoundError:
        return []
    found[name] = installed.version
    return [Requirement(each) for each in installed.requires or []]


def _said(error: str) -> str:
    lines = [line for line in error.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "pip-audit said nothing"


def weakness(name: str) -> dict[str, object]:
    """An advisory as the service sends it."""
    return {
        "id": "PYSEC-0000-1",
        "summary": "made up",
        "details": "made up",
        "affected": [{"package": {"name": name, "ecosystem": "PyPI"}, "versions": ["0.1"], "ranges": []}],
    }


@contextmanager
def advisories(known: Callable[[str], list[dict[str, object]]], instead: str | None = None) -> Iterator[str]:
    """A service of advisories on this machine; gives its address. instead: what it sends whatever is asked."""

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found = known(asked["package"]["name"])
            body = instead or json.dumps({"vulns": found} if found else {})
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_said: object) -> None:
            """Nothing: it would stand among what the tests print."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
