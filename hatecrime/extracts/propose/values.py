"""What the values of a column are: numbers, flags, codes of areas, postcodes, points."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from hatecrime.dictionary import code_list
from hatecrime.extracts.mapping import NO, YES
from hatecrime.extracts.propose.sampling import SampledColumn

MOSTLY = 0.8
NEARLY_ALL = 0.9
NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
POSTCODE = re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}")
TIME = re.compile(r"([01]?\d|2[0-3]):?[0-5]\d(:[0-5]\d)?")
WKT = re.compile(r"(SRID=\d+;)?POINT ?Z? ?\([-\d. ]+\)", re.IGNORECASE)
WKB = re.compile(r"0[01]0[01]0000[02]0[0-9A-F]{32,48}", re.IGNORECASE)
AREA_CODES = {
    "ward": re.compile(r"[EW]05\d{6}"),
    "lsoa": re.compile(r"[EW]01\d{6}"),
    "district": re.compile(r"(E0[6-9]|W06)\d{6}"),
    "force": re.compile(r"(E23|W15)\d{6}"),
    "region": re.compile(r"(E12|W92|E92)\d{6}"),
}
UNIQUE = ("district", "force", "region")
BODY = re.compile(r"\s+(police|constabulary|((county|city|borough) )?council)$", re.IGNORECASE)
YEAR = re.compile(r"(19|20)\d{2}(-\d{2}.*)?")


def share(counts: Counter[str], fits: Callable[[str], object]) -> float:
    """The share of cells whose value fits."""
    total = counts.total()
    return sum(n for value, n in counts.items() if fits(value)) / total if total else 0.0


def are_numbers(counts: Counter[str]) -> bool:
    return share(counts, NUMBER.fullmatch) >= NEARLY_ALL


def have_thousands(counts: Counter[str]) -> bool:
    """Whether numbers are written with commas between the thousands."""
    return any("," in value and NUMBER.fullmatch(value) for value in counts)


def are_flags(counts: Counter[str]) -> bool:
    return bool(counts) and share(counts, lambda value: value.casefold() in {*YES, *NO}) >= NEARLY_ALL


def are_times(counts: Counter[str]) -> bool:
    return share(counts, TIME.fullmatch) >= NEARLY_ALL


def are_postcodes(counts: Counter[str]) -> bool:
    return share(counts, POSTCODE.fullmatch) >= MOSTLY


def are_points(counts: Counter[str]) -> bool:
    """Points in well-known text or well-known binary."""
    return share(counts, lambda value: WKT.fullmatch(value) or WKB.fullmatch(value)) >= NEARLY_ALL


def are_years(counts: Counter[str]) -> bool:
    return share(counts, YEAR.fullmatch) >= NEARLY_ALL


def area_level(counts: Counter[str]) -> str | None:
    """The level whose codes most values are."""
    shares = {level: share(counts, pattern.fullmatch) for level, pattern in AREA_CODES.items()}
    level = max(shares, key=lambda each: shares[each])
    return level if shares[level] >= MOSTLY else None


def are_area_codes(counts: Counter[str]) -> bool:
    """Codes of areas of one level or of several."""
    pattern = re.compile(r"[A-Z]\d{8}(-\w+)?|[KJN]\d{8}")
    return share(counts, pattern.fullmatch) >= MOSTLY


def are_listed(counts: Counter[str]) -> bool:
    """Whether the list of areas has most of the codes."""
    return share(counts, code_list("area").find) >= 0.5


def tell_apart(column: SampledColumn) -> bool:
    """Whether nearly every filled cell has a value of its own, as references have."""
    return 0 < column.filled <= 2 * len(column.counts)


def known_areas(counts: Counter[str], level: str) -> dict[str, str]:
    """Names of areas and the codes that the list of areas has for them at a level, "Gwent Police" for Gwent too.

    Only of levels at which names do not repeat: there is a Priory ward in many towns.
    """
    if level not in UNIQUE:
        return {}
    areas = code_list("area")
    found: dict[str, str] = {}
    for name in counts:
        for text in (name, BODY.sub("", name)):
            code = areas.find(text)
            if code and areas[code].extras.get("level") == level:
                found.setdefault(name, code)
    return found


def range_of(counts: Counter[str]) -> tuple[float, float] | None:
    """The smallest and largest number, those that stand for nothing (0, -1) left aside."""
    numbers = [float(v.replace(",", "")) for v in counts if NUMBER.fullmatch(v)]
    told = sorted(n for n in numbers if n not in (0.0, -1.0))
    if not told:
        return None
    # One slip in a hundred does not move the range.
    edge = len(told) // 100
    return told[edge], told[-1 - edge]
