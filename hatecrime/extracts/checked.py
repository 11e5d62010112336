"""Take settings out of a TOML document, refusing whatever is not known in a sentence that says how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hatecrime.extracts.errors import ExtractError, did_you_mean

Part = dict[str, Any]
UNKNOWN = "is not a setting that is known"


class Checked:
    """Reads texts, lists, numbers and flags from the parts of one file; every fault names the file and the place."""

    def __init__(self, file: str) -> None:
        self.file = file

    def section(self, document: Part, name: str, known: Iterable[str] | None = None, fault: str = UNKNOWN) -> Part:
        """A section by its name, empty where it is left out; without `known`, its keys are the writer's own words."""
        part = document.get(name, {})
        if not isinstance(part, dict):
            raise self.wrong(f"[{name}] must be a section with one setting a line.")
        if known is not None:
            self.keys(part, f"[{name}]", known, fault)
        return part

    def keys(self, part: Part, place: str, known: Iterable[str], fault: str = UNKNOWN) -> None:
        """Refuse a key that is not known."""
        for key in part:
            if key not in known:
                raise self.wrong(f"{place} {key!r} {fault}.", key, known)

    def text(self, part: Part, key: str, place: str) -> str:
        """A text that must be given."""
        value = part.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f'{place} needs {key} = "…".')
        return value

    def optional_text(self, part: Part, key: str, place: str) -> str | None:
        """A text that may be left out but not left empty."""
        value = part.get(key)
        if value is not None and (not isinstance(value, str) or not value):
            raise self.wrong(f"{place} {key} must be a text in quotation marks.")
        return value

    def texts(self, part: Part, key: str, place: str) -> tuple[str, ...]:
        """One text or a list of texts; none where the key is left out."""
        value = part.get(key, [])
        several = [value] if isinstance(value, str) else value
        if not isinstance(several, list) or not all(isinstance(s, str) for s in several):
            raise self.wrong(f"{place} {key} must be a text in quotation marks or a list of such texts.")
        return tuple(several)

    def names(self, part: Part, key: str, place: str) -> tuple[str, ...]:
        """Texts that must be filled and differ from each other, such as the names of columns."""
        found = self.texts(part, key, place)
        for number, name in enumerate(found):
            if not name.strip():
                raise self.wrong(f"{place} {key} holds an empty name.")
            if name in found[:number]:
                raise self.wrong(f"{place} {key} names {name!r} twice.")
        return found

    def separators(self, part: Part, place: str) -> tuple[str, ...]:
        """What stands between several labels of one cell."""
        split = self.texts(part, "split", place)
        if "" in split:
            raise self.wrong(f'{place} split must name the character between two values, such as ";".')
        return split

    def lengths(self, part: Part, key: str, columns: int, place: str) -> tuple[int, ...]:
        """One number of characters for each source column; 0 leaves a column as it is."""
        value = part.get(key, [])
        several = [value] if isinstance(value, int) else value
        if not isinstance(several, list) or not all(type(n) is int and n >= 0 for n in several):
            raise self.wrong(f"{place} {key} must be a number of characters or a list of them.")
        if several and len(several) != columns:
            raise self.wrong(f"{place} {key} needs one number for each column of from.")
        return tuple(several)

    def count(self, part: Part, key: str, place: str, what: str) -> int:
        """A whole number from nought, in units of `what`; nought where the key is left out."""
        value = part.get(key, 0)
        if type(value) is not int or value < 0:
            raise self.wrong(f"{place} {key} must be a number of {what}, such as {key} = 3, without quotation marks.")
        return value

    def one_of(self, part: Part, key: str, known: Iterable[str], place: str) -> str | None:
        """A text out of a list, None where the key is left out."""
        value = part.get(key)
        if value is not None and (not isinstance(value, str) or value not in known):
            raise self.wrong(f"{place} {key} = {value!r} is not known.", str(value), known)
        return value

    def flag(self, part: Part, key: str, place: str) -> bool:
        """True or false; false where the key is left out."""
        value = part.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(f"{place} {key} must be true or false, without quotation marks.")
        return value

    def wrong(self, sentence: str, word: str = "", known: Iterable[str] = ()) -> ExtractError:
        """What to raise: the file, the fault, and the closest of the known words."""
        return ExtractError(f"The mapping {self.file} cannot be used: {sentence}{did_you_mean(word, known)}")
