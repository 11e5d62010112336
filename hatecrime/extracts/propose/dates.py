"""How the dates of a column are written, told from all the values that were met."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

DAY_FIRST, MONTH_FIRST = "day", "month"
ENOUGH = 0.9
TIME = (
    r"(?:(?P<gap>[T ]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?P<part>\.\d+)?)?(?P<half> ?[AaPp][Mm])?)?"
)
OFFSET = r"(?P<offset> ?Z|[+-]\d{2}:?\d{2})?"
SHAPES = (
    (re.compile(rf"(?P<year>\d{{4}})(?P<a>[-/.])(?P<month>\d{{1,2}})(?P=a)(?P<day>\d{{1,2}}){TIME}{OFFSET}"), "ymd"),
    (re.compile(rf"(?P<one>\d{{1,2}})(?P<a>[-/. ])(?P<two>\d{{1,2}})(?P=a)(?P<year>\d{{4}}|\d{{2}}){TIME}"), "dmy"),
    (
        re.compile(rf"(?P<day>\d{{1,2}})(?P<a>[-/. ])(?P<name>[A-Za-z]{{3,9}})(?P=a)(?P<year>\d{{4}}|\d{{2}}){TIME}"),
        "dby",
    ),
    (re.compile(rf"(?P<name>[A-Za-z]{{3,9}})(?P<a>[ -])(?P<day>\d{{1,2}})(?P<b>,? )(?P<year>\d{{4}}){TIME}"), "bdy"),
    (re.compile(r"(?P<year>\d{4})(?P<a>[-/])(?P<month>\d{1,2})"), "ym"),
    (re.compile(r"(?P<name>[A-Za-z]{3,9})(?P<a>[- ])(?P<year>\d{4}|\d{2})"), "by"),
    (re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>[01]\d)(?P<day>[0-3]\d)"), "Ymd"),
)
SHORT = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONG = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
EPOCHS = (("epoch", range(9, 11)), ("epoch_ms", range(12, 14)))


@dataclass(frozen=True)
class Dates:
    """What was found: the formats, the most common first, and what may be wrong with them."""

    formats: tuple[str, ...]
    share: float
    order: str | None = None
    tie: bool = False
    month_only: bool = False
    midnight: bool = False
    offsets: frozenset[str] = frozenset()
    first: int = 0

    @property
    def other(self) -> tuple[str, ...]:
        """The same formats with day and month exchanged: what a tie could also mean."""
        return tuple(f.replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m") for f in self.formats)

    def in_order(self, order: str) -> Dates:
        """A tie settled by other columns of the same file."""
        written = DAY_FIRST if _day_first(self.formats) else MONTH_FIRST
        formats = self.formats if order == written else self.other
        return Dates(formats, self.share, order, True, self.month_only, self.midnight, self.offsets, self.first)


def dates_of(counts: Counter[str]) -> Dates | None:
    """The formats of a column, where nearly all of its values are dates."""
    total = counts.total()
    if not total:
        return None
    found = [(match, shape, n) for value, n in counts.items() for match, shape in _matches(value)]
    share = sum(n for _m, _s, n in found) / total
    if share < ENOUGH:
        return None
    numeric = [(int(m["one"]), int(m["two"])) for m, s, _n in found if s == "dmy"]
    first_days, second_days = any(a > 12 for a, _b in numeric), any(b > 12 for _a, b in numeric)
    orders = [DAY_FIRST] if first_days else []
    orders += [MONTH_FIRST] if second_days else []
    written = Counter[str]()
    for match, shape, n in found:
        for format_ in _formats(match, shape, orders or [DAY_FIRST]):
            written[format_] += n
    offsets = frozenset(offset for m, _s, _n in found if (offset := m.groupdict().get("offset")))
    return Dates(
        formats=tuple(format_ for format_, _n in written.most_common()),
        share=share,
        order=orders[0] if len(orders) == 1 else None,
        tie=bool(numeric) and not orders,
        month_only=all(s in ("ym", "by") for _m, s, _n in found),
        midnight=_all_midnight([m for m, _s, _n in found]),
        offsets=frozenset(offset.strip() for offset in offsets),
        first=_day_length([m for m, _s, _n in found]),
    )


def _matches(value: str) -> list[tuple[re.Match[str], str]]:
    for pattern, shape in SHAPES:
        match = pattern.fullmatch(value)
        if match and _possible(match):
            return [(match, shape)]
    return []


def _possible(match: re.Match[str]) -> bool:
    """Whether there can be such a date: a thirteenth month is some other kind of number."""
    parts = match.groupdict()
    name = (parts.get("name") or "jan").lower()
    one, two = int(parts.get("one") or 1), int(parts.get("two") or 1)
    return (
        (name in SHORT or name in LONG)
        and 1 <= int(parts.get("month") or 1) <= 12
        and 1 <= int(parts.get("day") or 1) <= 31
        and 1 <= min(one, two) <= 12
        and max(one, two) <= 31
        and int(parts.get("hour") or 0) <= 23
    )


def _formats(match: re.Match[str], shape: str, orders: list[str]) -> list[str]:
    parts = match.groupdict()
    between = parts.get("a") or ""
    year = "%Y" if len(parts["year"]) == 4 else "%y"
    name = "%b" if (parts.get("name") or "jan").lower() in SHORT else "%B"
    if shape == "dmy":
        days = [_numeric(between, year, order) for order in _fitting(parts, orders)]
    else:
        days = [
            {
                "ymd": f"%Y{between}%m{between}%d",
                "dby": f"%d{between}{name}{between}{year}",
                "bdy": f"{name}{between}%d{parts.get('b')}%Y",
                "ym": f"%Y{between}%m",
                "by": f"{name}{between}{year}",
                "Ymd": "%Y%m%d",
            }[shape]
        ]
    return [day + _time(parts) for day in days]


def _numeric(between: str, year: str, order: str) -> str:
    first, second = ("%d", "%m") if order == DAY_FIRST else ("%m", "%d")
    return f"{first}{between}{second}{between}{year}"


def _fitting(parts: dict[str, str | None], orders: list[str]) -> list[str]:
    """Where both orders occur in one column, each value stands only for the order it can be read in."""
    one, two = int(parts["one"] or 0), int(parts["two"] or 0)
    if len(orders) == 1:
        return orders
    return [DAY_FIRST] if one > 12 else [MONTH_FIRST] if two > 12 else []


def _time(parts: dict[str, str | None]) -> str:
    if not parts.get("hour"):
        return ""
    hour = "%I" if parts["half"] else "%H"
    second = ":%S" if parts["second"] else ""
    part = {0: "", 4: ".%g"}.get(len(parts["part"] or ""), ".%f")
    half = f"{' ' if ' ' in (parts['half'] or '') else ''}%p" if parts["half"] else ""
    return f"{parts['gap']}{hour}:%M{second}{part}{half}"


def _all_midnight(matches: list[re.Match[str]]) -> bool:
    """Whether times are stated and none of them says anything."""
    stated = [m.groupdict() for m in matches if m.groupdict().get("hour")]
    return bool(stated) and all(
        int(p["minute"]) == int(p["second"] or 0) == 0 and int(p["hour"]) == (12 if p["half"] else 0) for p in stated
    )


def _day_length(matches: list[re.Match[str]]) -> int:
    """How many characters the day takes where it always takes as many and a time follows; else 0."""
    lengths = {m.start("gap") for m in matches if m.groupdict().get("gap")}
    timed = all(m.groupdict().get("gap") for m in matches)
    return lengths.pop() if timed and len(lengths) == 1 else 0


def epoch_of(counts: Counter[str]) -> Dates | None:
    """Seconds or milliseconds since 1970, where nearly all values could be."""
    if not counts:
        return None
    for format_, lengths in EPOCHS:
        share = sum(n for value, n in counts.items() if value.isdigit() and len(value) in lengths) / counts.total()
        if share >= ENOUGH:
            return Dates((format_,), share)
    return None


def _day_first(formats: Iterable[str]) -> bool:
    return all("%m" not in f or f.find("%d") < f.find("%m") for f in formats if not f.startswith("%Y"))
