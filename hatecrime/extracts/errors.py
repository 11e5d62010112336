"""What a load says when it cannot go on."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class ExtractError(Exception):
    """A load was refused. The message says what is wrong, where, and how to mend it."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint naming the closest known words, or an empty text."""
    close = get_close_matches(word, list(known), n=2, cutoff=0.6)
    return f" Did you mean {' or '.join(repr(c) for c in close)}?" if close else ""
