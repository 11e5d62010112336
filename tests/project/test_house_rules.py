"""The rules of this project that a machine can keep."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hatecrime.settings import root

ROOT = root()
SOURCE = [p for folder in ("hatecrime", "pages") for p in (ROOT / folder).rglob("*.py")] + [ROOT / "dashboard.py"]
TEXTS = ("*.py", "*.md", "*.toml", "*.sql", "*.sh", "*.yaml", "*.lock", "justfile", "run")


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def relative(paths: list[Path]) -> list[str]:
    return sorted(str(p.relative_to(ROOT)) for p in paths)


def tracked() -> list[Path]:
    """The project's own texts, without what tools and builds leave behind."""
    left = {".git", ".venv", "store", "extracts.d"}
    found = (p for pattern in TEXTS for p in ROOT.rglob(pattern) if p.is_file())
    return [p for p in found if not left & set(p.relative_to(ROOT).parts) and not p.name.startswith("uv.")]


def test_no_page_lies_directly_in_pages_where_it_would_bypass_the_frame() -> None:
    assert relative(list((ROOT / "pages").glob("*.py"))) == []


def test_a_page_fits_on_a_screen_and_a_module_in_a_head() -> None:
    assert relative([p for p in (ROOT / "pages").rglob("*.py") if lines(p) > 60]) == []
    assert relative([p for p in (ROOT / "hatecrime").rglob("*.py") if lines(p) > 400]) == []


def who_imports(name: str) -> set[str]:
    """The parts of the package that import a library."""
    line = re.compile(rf"^\s*(import|from) {name}", re.M)
    package = ROOT / "hatecrime"
    return {p.relative_to(package).parts[0] for p in package.rglob("*.py") if line.search(p.read_text())}


def test_only_the_frame_the_pages_and_the_ui_know_streamlit() -> None:
    assert who_imports("streamlit") == {"ui"}


def test_only_the_database_and_the_extracts_know_duckdb() -> None:
    assert who_imports("duckdb") == {"database.py", "extracts"}


def test_no_sql_is_formatted_in_python() -> None:
    formatted = re.compile(r"""f["']{1,3}\s*(select|insert|update|delete|create|with|copy)\s""", re.I)
    assert relative([p for p in SOURCE if formatted.search(p.read_text())]) == []


def test_every_query_opens_with_its_grain_its_source_and_its_caveat() -> None:
    wanted = ("-- One row is ", "-- From ", "-- Caveat")
    bare = [q for q in (ROOT / "queries").rglob("*.sql") if not all(f"\n{w}" in f"\n{q.read_text()}" for w in wanted)]
    assert relative(bare) == []


def test_nothing_names_a_registry_or_a_place_on_one_machine() -> None:
    registry = re.compile(r"(index-url|registry)\s*=\s*[\"']?https?:|https?://[^\s\"']+/simple\b")
    machine = re.compile(r"(?<![\w.])/(work|root|farm|home/\w+)/")
    own = Path(__file__)
    named = [
        p for p in tracked() if p != own and (registry.search(t := p.read_text(errors="replace")) or machine.search(t))
    ]
    assert relative(named) == []


def test_every_dependency_has_a_lower_bound_and_the_day_of_resolution_is_fixed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needs = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    assert [n for n in needs if ">=" not in n] == []
    assert project["tool"]["uv"]["exclude-newer"]


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("lint-imports",)],
    ids=lambda c: " ".join(c),
)
def test_the_checks_pass(command: tuple[str, ...]) -> None:
    program = Path(sys.executable).parent / command[0]
    done = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
