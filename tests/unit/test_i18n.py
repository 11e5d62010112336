from datetime import date
from pathlib import Path
from string import Formatter
from threading import Thread

import numpy as np
import pytest
from babel.messages.pofile import read_po

from hatecrime import i18n
from hatecrime.i18n import _, date_long, language, month_year, ngettext, number, percent, speaking, use


def test_the_first_language_is_english() -> None:
    assert language() == "en"


def test_a_text_is_read_in_the_language_in_use() -> None:
    with speaking("cy"):
        assert _("Hotspots") == "Mannau problemus"
    assert _("Hotspots") == "Hotspots"


def test_a_text_without_translation_stays_english() -> None:
    with speaking("cy"):
        assert _("nobody has translated this") == "nobody has translated this"
        assert ngettext("{n} untranslated", "{n} untranslateds", 2) == "{n} untranslateds"


def test_an_empty_text_is_not_the_header_of_the_catalogue() -> None:
    with speaking("cy"):
        assert _("") == ""


@pytest.mark.parametrize(("n", "text"), [(0, "{n} digwyddiad"), (1, "{n} digwyddiad"), (2, "{n} ddigwyddiad")])
def test_welsh_counts_take_the_form_of_their_number(n: int, text: str) -> None:
    with speaking("cy"):
        assert ngettext("{n} incident", "{n} incidents", n) == text


def test_an_unknown_language_gives_english() -> None:
    with speaking("xx"):
        assert language() == "en"


def test_one_visitor_s_language_is_not_another_s() -> None:
    seen = []
    visitor = Thread(target=lambda: (use("cy"), seen.append(language())))
    visitor.start()
    visitor.join()
    assert seen == ["cy"]
    assert language() == "en"


@pytest.mark.parametrize(
    ("n", "decimals", "text"),
    [
        (0, 0, "0"),
        (1234567, 0, "1,234,567"),
        (1.4495, 2, "1.45"),
        (2, 2, "2.00"),
        (np.int64(12000), 0, "12,000"),
        (np.float64(0.96), 1, "1.0"),
        (None, 0, "–"),
        (float("nan"), 1, "–"),
    ],
)
def test_numbers_have_thousands_separators_and_fixed_decimals(n: float | None, decimals: int, text: str) -> None:
    assert number(n, decimals) == text
    with speaking("cy"):
        assert number(n, decimals) == text


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [(0.31, 0, "31%"), (0, 0, "0%"), (0.072, 1, "7.2%"), (2.5, 0, "250%"), (None, 0, "–")],
)
def test_shares_are_percentages(share: float | None, decimals: int, text: str) -> None:
    assert percent(share, decimals) == text


def test_dates_are_written_out() -> None:
    assert date_long(date(2016, 6, 3)) == "3 June 2016"
    assert month_year(date(2016, 6, 3)) == "June 2016"
    with speaking("cy"):
        assert date_long(date(2016, 6, 23)) == "23 Mehefin 2016"
        assert month_year(date(2016, 8, 1)) == "Awst 2016"


def test_a_translation_fills_the_same_places_as_its_message() -> None:
    for catalogue in (Path(i18n.__file__).parent / "locale").glob("*/LC_MESSAGES/hatecrime.po"):
        with catalogue.open("rb") as source:
            messages = [message for message in read_po(source) if message.id and message.string]
        assert messages
        for message in messages:
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            strings = [message.string] if isinstance(message.string, str) else list(message.string)
            known = set().union(*map(places, ids))
            assert all(places(string) <= known for string in strings), message.id


def places(text: str) -> set[str]:
    return {name for _literal, name, _format, _conversion in Formatter().parse(text) if name}
