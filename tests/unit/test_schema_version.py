"""Whoever changes what a snapshot holds raises its version, so that no code reads a snapshot of another shape."""

from hashlib import sha256

from hatecrime.dictionary import SCHEMA_VERSION, code_list, tables
from hatecrime.settings import queries_dir

# What version 2 holds. After a change on purpose: raise SCHEMA_VERSION, then put both numbers here.
VERSION, FINGERPRINT = 2, "3b6d5ca1953c2af7"


def test_a_snapshot_holds_what_its_version_says():
    assert (SCHEMA_VERSION, fingerprint()) == (VERSION, FINGERPRINT), "raise SCHEMA_VERSION in hatecrime/dictionary.py"


def fingerprint() -> str:
    """Of the tables and their columns, the bits of the strands, and the statements of the views and macros."""
    parts = [*columns(), *bits(), *statements("macros"), *statements("incident_strand")]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


def columns() -> list[str]:
    return [
        f"{column.table}.{column.name} {column.type} {column.codes} {column.required} {column.derived}"
        for members in tables().values()
        for column in members
    ]


def bits() -> list[str]:
    return [f"{code.code} {code.extras['bit']}" for code in code_list("strand").values() if code.extras["bit"]]


def statements(name: str) -> list[str]:
    """The lines of a query that do something."""
    text = (queries_dir() / "build" / f"{name}.sql").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("--")]
