"""What the labels of a coded column mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from hatecrime.dictionary import code_list
from hatecrime.extracts.mapping import STRAND
from hatecrime.extracts.propose.vocabulary import Vocabulary, known_label, phrase
from hatecrime.extracts.translate import age_band
from hatecrime.i18n import _

Codes = tuple[str, ...]
MOST = 200
SEPARATORS = (";", "|", ",", "/", "+")
JOINED = re.compile(r"\s*(?:/|&|\+|,|;|\band\b|\ba\b)\s*")
BEHIND = re.compile(r"\s*[-–:]\s+|:\s*")
CENSUS = re.compile(r"\b([WMABO]\d{1,2}|NS)\b")
SHORTEST, CLOSE = 3, 0.88
PARTS_KNOWN = 0.6


@dataclass(frozen=True)
class Meaning:
    """The codes of a label and how they were found; none where nobody knows."""

    codes: Codes | None
    why: str = ""
    sure: bool = False
    strong: bool = False


UNKNOWN = Meaning(None)


@lru_cache(maxsize=20_000)
def meaning(vocabulary: Vocabulary, name: str, label: str) -> Meaning:
    """What a label means in a code list."""
    codes = code_list(name)
    found = codes.find(label) or age_band(codes, label)
    if found:
        return Meaning((found,), sure=True, strong=True)
    mapped = known_label(vocabulary.mapped.get(name, {}), label)
    if mapped:
        return Meaning(mapped[0], _("as in the mapping {name}").format(name=mapped[1]), strong=True)
    if phrase(label) in vocabulary.empty or not phrase(label):
        return Meaning((), _("it says that nothing is known"), strong=True)
    return _by_words(vocabulary, name, label)


def _by_words(vocabulary: Vocabulary, name: str, label: str) -> Meaning:
    synonyms = vocabulary.synonyms.get(name, {})
    label = _ages(label) if name == "age_band" else label
    exact = _synonym(synonyms, label)
    if exact:
        return Meaning((exact,), _("a known word"), strong=True)
    several = _several(synonyms, label) if name == STRAND else ()
    if several:
        return Meaning(several, _("several in one label"))
    held = _held(synonyms, label)
    if held:
        return Meaning((synonyms[held],), _("it holds “{word}”").format(word=held))
    close = get_close_matches(phrase(label), synonyms, n=1, cutoff=CLOSE)
    if close:
        return Meaning((synonyms[close[0]],), _("it is close to “{word}”").format(word=close[0]))
    return UNKNOWN


def _synonym(synonyms: Mapping[str, str], label: str) -> str | None:
    """The code of a label that is a known word, perhaps behind a heading ("Faith - Muslim") or a census code."""
    whole = synonyms.get(phrase(label))
    if whole:
        return whole
    census = CENSUS.search(label)
    if census and census[1].lower() in synonyms:
        return synonyms[census[1].lower()]
    heads = BEHIND.split(label)
    if len(heads) == 2 and phrase(heads[0]) in synonyms:
        # "Faith - other" is another faith, not just anything else.
        both = synonyms.get(f"{phrase(heads[1])} {phrase(heads[0])}") or synonyms.get(phrase(label))
        return both or synonyms.get(phrase(heads[1]))
    return None


def _ages(label: str) -> str:
    """Ways of writing an age band as our labels write it.

    >>> _ages("<18"), _ages("25-34"), _ages("65+")
    ('under 18', '25 to 34', '65 and over')
    """
    found = re.fullmatch(r"\s*(<)?\s*(\d+)\s*(?:[-–]\s*(\d+)|(\+))?\s*", label)
    if not found:
        return label
    under, first, last, over = found.groups()
    return f"under {first}" if under else f"{first} to {last}" if last else f"{first} and over" if over else label


def _several(synonyms: Mapping[str, str], label: str) -> Codes:
    parts = [part for part in JOINED.split(label) if part]
    codes = [_synonym(synonyms, part) for part in parts]
    return tuple(dict.fromkeys(c for c in codes if c)) if len(parts) > 1 and all(codes) else ()


def _held(synonyms: Mapping[str, str], label: str) -> str | None:
    """The longest known word that stands in the label."""
    padded = f" {phrase(label)} "
    held = [word for word in synonyms if len(word) >= SHORTEST and f" {word} " in padded]
    return max(held, key=len, default=None)


def separators(vocabulary: Vocabulary, name: str, counts: Counter[str]) -> Codes:
    """What stands between several labels in one cell, told from cells whose parts are known better than the whole."""
    # "Residence/Home" is one kind of place; only strands are joined by marks that stand inside other labels too.
    marks = SEPARATORS if name == STRAND else SEPARATORS[:2]
    found = [mark for mark in marks if _separates(vocabulary, name, counts, mark)]
    if not found and _codes_in_a_row(counts):
        return (" ",)
    return tuple(found)


def _separates(vocabulary: Vocabulary, name: str, counts: Counter[str], mark: str) -> bool:
    joined = [value for value in counts if mark in value and not meaning(vocabulary, name, value).strong]
    parts = Counter(part.strip() for value in joined for part in value.split(mark) if part.strip())
    if not parts:
        return False
    known = sum(n for part, n in parts.items() if meaning(vocabulary, name, part).strong)
    alone = sum(n for part, n in parts.items() if part in counts)
    needed = PARTS_KNOWN if mark in ",/+" else PARTS_KNOWN / 2
    return max(known, alone) >= needed * parts.total()


def _codes_in_a_row(counts: Counter[str]) -> bool:
    """Codes of figures of one length with spaces between: "0443 0906"."""
    rows = [value.split() for value in counts]
    several = [row for row in rows if len(row) > 1]
    lengths = {len(code) for row in rows for code in row if code.isdigit()}
    figures = all(code.isdigit() for row in rows for code in row)
    return bool(several) and figures and len(lengths) == 1


def parts_of(vocabulary: Vocabulary, name: str, counts: Counter[str], split: Codes) -> Counter[str]:
    """Every label with how often it was met; cells with several are taken apart, unless they are known as a whole."""
    for mark in split:
        made = Counter[str]()
        for value, n in counts.items():
            whole = mark not in value or meaning(vocabulary, name, value).strong
            for part in [value] if whole else value.split(mark):
                if part.strip():
                    made[part.strip()] += n
        counts = made
    return counts


def known_share(vocabulary: Vocabulary, name: str, counts: Counter[str]) -> float:
    """The share of cells whose label is known for certain or by a known word, those that say nothing left aside."""
    telling = {value: n for value, n in counts.most_common(MOST) if phrase(value) not in vocabulary.empty}
    known = sum(n for value, n in telling.items() if meaning(vocabulary, name, value).codes)
    return known / sum(telling.values()) if telling else 0.0
