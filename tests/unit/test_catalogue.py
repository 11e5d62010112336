"""The Welsh catalogue: every text of the dashboard is in it, with the same places to fill, and nothing else is."""

from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po

from hatecrime import database, i18n
from hatecrime.settings import root

SOURCES = ("hatecrime", "pages")
CATALOGUE = Path(i18n.__file__).parent / "locale" / "cy" / "LC_MESSAGES" / "hatecrime.po"
# 0 for any other number, then 1, 2, 3 and 6.
NUMBERS = (0, 1, 2, 3, 6)


def test_every_text_of_the_code_is_in_welsh() -> None:
    translated = {key_of(message.id) for message in catalogue() if all(forms(message))}
    assert sorted(texts() - translated) == []


def test_every_text_in_welsh_is_used() -> None:
    assert sorted({key_of(message.id) for message in catalogue() if message.id} - texts()) == []
    assert not catalogue().obsolete


def test_no_translation_is_a_guess() -> None:
    assert not [message.id for message in catalogue() if message.id and message.fuzzy]


def test_every_form_fills_the_places_of_its_message() -> None:
    for message in catalogue():
        if not message.id:
            continue
        singular, plural = (message.id, message.id) if isinstance(message.id, str) else message.id
        for number, form in zip(NUMBERS, forms(message), strict=False):
            assert places(form) == places(singular if number == 1 else plural), (number, form)


def test_counts_have_a_form_for_every_kind_of_number() -> None:
    assert catalogue().num_plurals == len(NUMBERS)
    for message in catalogue():
        assert len(forms(message)) == (1 if isinstance(message.id, str) else len(NUMBERS)), message.id


@pytest.mark.parametrize(("n", "form"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 0), (6, 4), (7, 0), (100, 0), (102, 0)])
def test_each_number_finds_its_form(n: int, form: int) -> None:
    for message in catalogue():
        if isinstance(message.id, tuple):
            with i18n.speaking("cy"):
                assert i18n.ngettext(*message.id, n) == forms(message)[form]


def test_translations_start_and_end_as_their_message_does() -> None:
    for message in catalogue():
        if not message.id:
            continue
        singular = message.id if isinstance(message.id, str) else message.id[0]
        for form in forms(message):
            assert form.strip() and form[: len(form) - len(form.lstrip())] == indent(singular), form
            assert form.endswith((".", "?")) == singular.endswith((".", "?")), form


@cache
def catalogue() -> Catalog:
    """The Welsh catalogue as it is stored."""
    with CATALOGUE.open("rb") as source:
        return read_po(source, locale="cy")


@cache
def texts() -> frozenset[str | tuple[str, ...]]:
    """Every text that the code asks for, and what the checks say, which the data page asks for by name."""
    found = [text[2] for source in SOURCES for text in extract_from_dir(root() / source)]
    found += [text[1] for text in extract_from_file("python", root() / "dashboard.py")]
    names = [name for name in database.query_names() if name.startswith("checks/")]
    found += [database.read_query(name).says for name in names]
    return frozenset(map(key_of, found))


def key_of(text: str | list[str] | tuple[str, ...]) -> str | tuple[str, ...]:
    return text if isinstance(text, str) else tuple(text)


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def indent(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def places(text: str) -> set[str]:
    return {name for _literal, name, _format, _conversion in Formatter().parse(text) if name}
