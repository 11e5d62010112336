"""The documents say what is there: every field about people, every setting, every variable, every link."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from hatecrime.dictionary import columns
from hatecrime.i18n import speaking
from hatecrime.settings import data_dir, root
from hatecrime.words.data_protection import table_names

DOCUMENTS = sorted([root() / "README.md", *(root() / "docs").glob("*.md")])
FIELDS = re.compile(r"<!-- fields -->\n(.*?)\n<!-- end -->", re.S)
LINK = re.compile(r"\]\(([^)#]*)(?:#([^)]*))?\)")


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def fields() -> str:
    """The fields of every table about people, as the document has them."""
    with speaking("en"):
        rows = [
            f"| {name} | `{table}.{column.name}` | {column.sentence('en')} |"
            for table, name in table_names().items()
            for column in columns(table)
        ]
    return "\n".join(["| Records | Field | What it holds |", "|---|---|---|", *rows])


def settings_by_name(raw: dict[str, object]) -> Iterator[str]:
    """Names of settings; what is a heading for others is none, unless nothing stands under it as shipped."""
    for name, value in raw.items():
        parts = [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, dict) and part]
        if not parts:
            yield name
        for part in parts:
            yield from settings_by_name(part)


def anchors(path: Path) -> set[str]:
    """The addresses of the headings of a document."""
    headings = re.findall(r"^#+ (.*)$", text(path), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_fields_held_about_people_are_those_of_the_dictionary() -> None:
    found = FIELDS.search(text(root() / "docs" / "data-protection.md"))
    assert found
    assert found[1] == fields(), "docs/data-protection.md is out of date; put fields() between its two marks"


def test_every_setting_is_explained_in_a_document_or_beside_it() -> None:
    shipped = text(data_dir() / "settings.toml")
    comments = "\n".join(line for line in shipped.splitlines() if line.startswith("#"))
    beside = set(re.findall(r"(?:^|\n)#[^\n]*\n\[?([\w.]+)", shipped))
    said = "\n".join([comments, *map(text, DOCUMENTS)])
    names = set(settings_by_name(tomllib.loads(shipped)))
    assert len(names) > 30
    languages = {"en", "cy"}
    assert [name for name in sorted(names - beside - languages) if not re.search(rf"\b{name}\b", said)] == []


def test_every_variable_that_the_program_reads_is_in_a_document() -> None:
    program = "\n".join(map(text, (root() / "hatecrime").rglob("*.py")))
    said = "\n".join(map(text, DOCUMENTS))
    read = set(re.findall(r"\bHATECRIME_[A-Z_]+", program))
    assert read and [name for name in sorted(read) if name not in said] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    broken = []
    for to, anchor in LINK.findall(text(document)):
        if to.startswith(("http://", "https://", "mailto:")):
            continue
        place = (document.parent / to).resolve() if to else document
        if not place.exists() or (anchor and anchor not in anchors(place)):
            broken.append(f"{to}#{anchor}")
    assert broken == []


def test_files_that_the_threat_model_names_exist() -> None:
    named = re.findall(r"`((?:hatecrime|tests|pages)/[\w/*.]+\.py)`", text(root() / "docs" / "security.md"))
    assert len(named) > 10
    assert [name for name in named if not list(root().glob(name))] == []
