"""The marks of Markdown, in words that come from data or from an address."""

import re


def escape_markdown(text: str) -> str:
    """Names from the data stay words: no mark in them becomes a link or a heading."""
    return re.sub(r"([\\`*_\[\]<>#:$~|])", r"\\\1", text)
