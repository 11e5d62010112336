"""Texts, numbers and dates in the language of whoever is reading.

Message ids are English; a message without a translation stays English. Catalogues are read at run time from
hatecrime/locale/<language>/LC_MESSAGES/hatecrime.po, so nothing has to be compiled. `just texts` collects new messages.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

LOCALES = {"en": "en_GB", "cy": "cy"}
MISSING = "–"
SAYS = "-- Says: "

_language: ContextVar[str] = ContextVar("language", default="en")


def use(language: str) -> None:
    """Speak this language from here on, for this visitor alone; an unknown one gives English."""
    _language.set(language if language in LOCALES else "en")


def language() -> str:
    """The language in use: "en" or "cy"."""
    return _language.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language inside a `with` block: for a document that must be in both."""
    token = _language.set(language if language in LOCALES else "en")
    try:
        yield
    finally:
        _language.reset(token)


def _(message: str) -> str:
    """The message in the language in use."""
    # gettext answers an empty message with the catalogue's header.
    return _catalogue(language()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """The message in the form that goes with n."""
    return _catalogue(language()).ngettext(singular, plural, n)


def number(n: float | None, decimals: int = 0) -> str:
    """
    A number with thousands separators and a fixed number of decimals; a dash where there is none.

    >>> number(12345.678, 1)
    '12,345.7'
    """
    if n is None or math.isnan(n):
        return MISSING
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(n, format=pattern, locale=_locale())


def percent(share: float | None, decimals: int = 0) -> str:
    """
    A share between 0 and 1 as a percentage; a dash where there is none.

    >>> percent(0.3149)
    '31%'
    """
    if share is None or math.isnan(share):
        return MISSING
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "") + "%"
    return format_percent(share, format=pattern, locale=_locale())


def date_long(day: date) -> str:
    """
    >>> date_long(date(2016, 6, 23))
    '23 June 2016'
    """
    return format_date(day, "d MMMM y", locale=_locale())


def month_year(day: date) -> str:
    """
    >>> month_year(date(2016, 6, 23))
    'June 2016'
    """
    return format_date(day, "MMMM y", locale=_locale())


def _locale() -> str:
    return LOCALES[language()]


@lru_cache
def _catalogue(language: str) -> NullTranslations:
    path = Path(__file__).parent / "locale" / language / "LC_MESSAGES" / "hatecrime.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def said_by_query(source: BinaryIO, *_given: object, **_options: object) -> Iterator[tuple[int, str, str, list[str]]]:
    """The sentence in the header of a check, for Babel's extraction (babel.cfg)."""
    for number, line in enumerate(source.read().decode("utf-8").splitlines(), start=1):
        if line.startswith(SAYS):
            yield number, "_", line.removeprefix(SAYS), []
