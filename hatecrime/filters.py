"""What a page, a query and a link share: which incidents are looked at."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hatecrime.dictionary import CodeList, UnknownCode, code_list
from hatecrime.i18n import _
from hatecrime.periods import Period, months

BASES = ("recorded", "occurred")
AREA_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")

Codes = Callable[[str], CodeList]

# Field, its name in a link, the list its codes come from.
_CODED = (
    ("kinds", "kind", "kind"),
    ("crime_types", "crime_type", "crime_type"),
    ("strands", "strand", "strand"),
    ("channels", "channel", "channel"),
    ("location_types", "location_type", "location_type"),
)


@dataclass(frozen=True)
class Filters:
    """The shared filters; empty means all. Dates are inclusive and on the basis."""

    area: str | None = None
    start: date | None = None
    finish: date | None = None
    basis: str = "recorded"
    kinds: tuple[str, ...] = ()
    crime_types: tuple[str, ...] = ()
    strands: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    location_types: tuple[str, ...] = ()
    online: bool | None = None

    def __post_init__(self) -> None:
        if self.basis not in BASES:
            sentence = _("The basis is “recorded” or “occurred”, not “{basis}”.")
            raise ValueError(sentence.format(basis=self.basis))

    @property
    def period(self) -> Period | None:
        """The period, where both its ends are set."""
        return Period(self.start, self.finish) if self.start and self.finish else None

    def months(self) -> list[date]:
        """The first day of every month of the period; none while an end is open."""
        return months(self.period) if self.period else []

    def but(self, **changes: Any) -> "Filters":
        """The same filters with some of them changed."""
        return replace(self, **changes)

    def during(self, period: Period) -> "Filters":
        """The same filters over another period."""
        return replace(self, start=period.start, finish=period.finish)

    def to_struct(self, codes: Codes = code_list) -> dict[str, Any]:
        """
        The form in which the queries take them, groups of codes expanded to everything below them.

        >>> Filters(crime_types=("criminal_damage_arson",)).to_struct()["crime_types"]
        ['criminal_damage_arson', 'criminal_damage', 'arson']
        """
        return {
            "area": self.area,
            "start": self.start,
            "finish": self.finish,
            "basis": self.basis,
            "kinds": _expanded(self.kinds, codes("kind")),
            "crime_types": _expanded(self.crime_types, codes("crime_type")),
            "channels": _expanded(self.channels, codes("channel")),
            "location_types": _expanded(self.location_types, codes("location_type")),
            "strand_mask": _mask(self.strands, codes("strand")),
            "online": self.online,
        }

    def to_query(self) -> dict[str, str]:
        """
        The form in which a link carries them: what is set, in plain codes and ISO dates.

        >>> Filters(area="E08000009", start=date(2016, 4, 1), strands=("race", "religion")).to_query()
        {'area': 'E08000009', 'from': '2016-04-01', 'strand': 'race,religion'}
        """
        query = {
            "area": self.area or "",
            "from": self.start.isoformat() if self.start else "",
            "to": self.finish.isoformat() if self.finish else "",
            "basis": self.basis if self.basis != BASES[0] else "",
            **{name: ",".join(getattr(self, field)) for field, name, _list in _CODED},
            "online": {True: "yes", False: "no", None: ""}[self.online],
        }
        return {name: value for name, value in query.items() if value}

    @classmethod
    def from_query(
        cls, query: Mapping[str, str], codes: Codes = code_list, areas: Iterable[str] | None = None
    ) -> "tuple[Filters, list[str]]":
        """
        The filters of a link, and a plain sentence for each value that could not be used.

        A value that cannot be used is left out; names that are no filter are passed over. areas, where
        given, are the areas that exist.
        """
        reader = _Reader(query)
        filters = cls(
            area=reader.area(None if areas is None else frozenset(areas)),
            start=reader.day("from"),
            finish=reader.day("to"),
            basis=reader.choice("basis", {base: base for base in BASES}) or BASES[0],
            online=reader.choice("online", {"yes": True, "no": False}),
            **{field: reader.codes(name, codes(list_name)) for field, name, list_name in _CODED},
        )
        if filters.start and filters.finish and filters.finish < filters.start:
            reader.problems.append(_("The link's period ends before it starts, so it is left out."))
            filters = filters.but(start=None, finish=None)
        return filters, reader.problems


class _Reader:
    """Reads the values of a link one by one and notes what it had to leave out."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self.query = query
        self.problems: list[str] = []

    def area(self, known: frozenset[str] | None) -> str | None:
        text = self.query.get("area", "")
        if not text:
            return None
        if AREA_CODE.fullmatch(text) and (known is None or text in known):
            return text
        self._refuse(_("The link names an area that does not exist: “{value}”."), text)
        return None

    def day(self, name: str) -> date | None:
        text = self.query.get(name, "")
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            sentence = _("The link has a date that cannot be read: “{value}”. Dates look like 2016-06-23.")
            self._refuse(sentence, text)
            return None

    def choice(self, name: str, choices: Mapping[str, Any]) -> Any:
        text = self.query.get(name, "")
        if text and text not in choices:
            self._refuse(_("The link has an unknown choice: “{value}”."), text)
        return choices.get(text)

    def codes(self, name: str, known: CodeList) -> tuple[str, ...]:
        asked = tuple(dict.fromkeys(code for code in self.query.get(name, "").split(",") if code))
        usable = tuple(code for code in asked if code in known and _can_filter(code, known))
        for code in asked:
            if code not in usable:
                self._refuse(_("The link has a filter that cannot be used: “{value}”."), code)
        return usable

    def _refuse(self, sentence: str, value: str) -> None:
        self.problems.append(sentence.format(value=value[:40]))


def _expanded(chosen: tuple[str, ...], known: CodeList) -> list[str] | None:
    if not chosen:
        return None
    return list(dict.fromkeys(code for each in chosen for code in known.children(each)))


def _mask(strands: tuple[str, ...], known: CodeList) -> int:
    mask = 0
    for strand in strands:
        if not _can_filter(strand, known):
            sentence = _("“{code}” is a part of a strand; filter by the whole strand.")
            raise UnknownCode(sentence.format(code=strand))
        mask |= known.bit(strand)
    return mask


def _can_filter(code: str, known: CodeList) -> bool:
    """A mask knows strands only, not their parts."""
    return known.name != "strand" or bool(known[code].extras.get("bit"))
