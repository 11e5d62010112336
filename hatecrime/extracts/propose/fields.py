"""How a matched column is written in [columns]: its formats, separators and what else its values ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hatecrime.dictionary import Column, code_list
from hatecrime.extracts.mapping import DEFAULT_FORMATS
from hatecrime.extracts.propose import values
from hatecrime.extracts.propose.columns import Match
from hatecrime.extracts.propose.dates import DAY_FIRST, MONTH_FIRST, Dates
from hatecrime.extracts.propose.labels import separators
from hatecrime.extracts.propose.sampling import Sample, SampledColumn
from hatecrime.extracts.propose.vocabulary import Vocabulary, words
from hatecrime.i18n import _

UTC = frozenset({"Z", "+00:00", "+0000"})
LONDON = "Europe/London"
CODE, NAME = ("code", "cd"), ("name", "nm")
MOMENTS = ("DATE", "TIMESTAMP")


@dataclass(frozen=True)
class Line:
    """One line of [columns]: the target, what stands behind the equals sign, and the remark."""

    target: str
    value: Any
    why: str
    sure: bool
    sources: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    left_open: bool = False


@dataclass(frozen=True)
class Reader:
    """Writes the lines of one table for one file."""

    sample: Sample
    vocabulary: Vocabulary
    matched: Mapping[str, Match]
    prefix: str
    order: str | None = field(default=None)

    def line(self, match: Match, column: Column) -> Line:
        """The line of a match."""
        source = self.sample.column(match.source)
        line = Line(match.target, match.source, match.why, match.sure, (match.source,))
        if column.name in code_list("area_level"):
            return self._area(line, source)
        if column.type in MOMENTS:
            return self._moment(line, source, column.type)
        if column.name == "year":
            dated = any("-" in value for value in source.counts)
            return replace(line, value={"from": match.source, "first": 4}) if dated else line
        if column.type in ("INTEGER", "BIGINT", "DOUBLE") and values.have_thousands(source.counts):
            return replace(line, value={"from": match.source, "thousands": ","})
        split = separators(self.vocabulary, column.codes, source.counts) if column.codes else ()
        return replace(line, value={"from": match.source, "split": list(split)}) if split else line

    def chosen(self, source: SampledColumn) -> Line:
        """How a column is read where a person says that it holds days."""
        return self._moment(Line("", source.name, "", False, (source.name,)), source, "DATE")

    def _moment(self, line: Line, source: SampledColumn, type_: str) -> Line:
        dates = source.dates or source.epoch
        if dates is None:
            return line
        if dates.tie and self.order:
            dates = dates.in_order(self.order)
        time = self._time_beside(source) if type_ == "TIMESTAMP" else None
        given, formats = _written(source, dates, time)
        doubt = _doubts(dates, self.order)
        sure = line.sure and not doubt
        why = " ".join([line.why, *doubt])
        plain = set(formats) <= set(DEFAULT_FORMATS[type_]) and len(given) == 1
        if not plain and "timezone" not in given:
            given["formats"] = list(formats)
        if dates.month_only:
            given["precision"] = "month"
        sources = (source.name, *([time.name] if time else []))
        return replace(
            line, value=source.name if plain else given, why=why, sure=sure, sources=sources, formats=formats
        )

    def _time_beside(self, day: SampledColumn) -> SampledColumn | None:
        """The column of times that goes with a column of days: the same name but for "date" and "time"."""
        known = self.vocabulary
        stem = [word for word in words(day.name) if word not in known.day]
        for column in self.sample.columns:
            named = set(words(column.name))
            rest = [word for word in words(column.name) if word not in known.time]
            if named & known.time and rest == stem and values.are_times(column.counts):
                return column
        return None

    def _area(self, line: Line, source: SampledColumn) -> Line:
        if values.area_level(source.counts):
            return line if values.are_listed(source.counts) else self._created(line, source)
        if values.known_areas(source.counts, line.target):
            return replace(line, why=_("{why} Names are turned into codes below.").format(why=line.why), sure=False)
        named = not values.are_numbers(source.counts)
        if line.target == "ward" and named:
            return self._ward_by_name(line, source.name)
        area: Any = source.name if named else {"from": source.name, "prefix": f"{source.name} "}
        given = {"from": source.name, "prefix": f"{self.prefix}-", "create_area": area}
        why = _("{why} Nobody knows these areas, so they are created as the file names them.").format(why=line.why)
        return replace(line, value=given, why=why, sure=False)

    def _created(self, line: Line, source: SampledColumn) -> Line:
        """Codes that no list knows yet: with the names beside them, where the file has a column of names."""
        stem = {word for word in words(source.name) if word not in CODE}
        named = (
            c.name for c in self.sample.columns if {*words(c.name)} - {*NAME} == stem and {*words(c.name)} & {*NAME}
        )
        given = {"from": source.name, "create_area": next(named, source.name)}
        why = _("{why} Codes that no outline knows are created as the file names them.").format(why=line.why)
        return replace(line, value=given, why=why, sure=False)

    def _ward_by_name(self, line: Line, source: str) -> Line:
        """Names of wards repeat, so they need the authority in which they are looked for."""
        if "district" in self.matched:
            given = {"from": source, "by": "name", "within": "district"}
            return replace(line, value=given, why=_("Wards by name, each looked for in its own authority."), sure=False)
        why = _("Names of wards repeat: say within which authority they are looked for, then take the mark # away.")
        given = {"from": source, "by": "name", "within": "E08000009"}
        return replace(line, value=given, why=why, sure=False, left_open=True)


def order_of(sample: Sample, sources: Iterable[str]) -> str | None:
    """Day before month or the reverse, where one of the columns settles it and none contradicts."""
    found = {dates.order for name in sources if (dates := sample.column(name).dates) and dates.order}
    return found.pop() if len(found) == 1 else None


def _written(source: SampledColumn, dates: Dates, time: SampledColumn | None) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What stands in the line besides the formats, and the formats."""
    if time is not None:
        return _with_time(source, dates, time)
    if not dates.offsets:
        return {"from": source.name}, dates.formats
    if dates.midnight and dates.first:
        return {"from": source.name, "first": dates.first}, _days(dates)
    if dates.offsets <= UTC:
        return {"from": source.name, "timezone": LONDON}, ()
    seconds = len("YYYY-MM-DDTHH:MM:SS")
    return {"from": source.name, "first": seconds}, tuple(f.partition(".")[0] for f in dates.formats)


def _with_time(source: SampledColumn, dates: Dates, time: SampledColumn) -> tuple[dict[str, Any], tuple[str, ...]]:
    clock = _clock(time.counts)
    given: dict[str, Any] = {"from": [source.name, time.name]}
    if dates.first:
        given["first"] = [dates.first, 0]
    if clock == "%H%M":
        given["zeros"] = [0, 4]
    return given, tuple(f"{day} {clock}" for day in (_days(dates) if dates.first else dates.formats))


def _clock(counts: Counter[str]) -> str:
    usual = counts.most_common(1)[0][0]
    return "%H%M" if ":" not in usual else "%H:%M" + ":%S" * (usual.count(":") - 1)


def _days(dates: Dates) -> tuple[str, ...]:
    """The formats up to where the time begins."""
    cut = (f.partition("T%H")[0].partition(" %H")[0].partition(" %I")[0] for f in dates.formats)
    return tuple(dict.fromkeys(cut))


def _doubts(dates: Dates, order: str | None) -> list[str]:
    """What a person should look at before trusting the dates."""
    doubts = []
    if dates.tie and order is None:
        doubts.append(
            _("No value tells day from month: {formats} fits as well as {other}.").format(
                formats=" ".join(dates.formats), other=" ".join(dates.other)
            )
        )
    if dates.tie and order in (DAY_FIRST, MONTH_FIRST):
        doubts.append(_("Day and month in the order of the other dates of the file."))
    if len({f.find("%d") < f.find("%m") for f in dates.formats if not f.startswith("%Y")}) > 1:
        doubts.append(_("Some values put the day first and some the month: dates up to the 12th may be read wrongly."))
    if len(dates.formats) > 1:
        doubts.append(_("Several ways of writing dates."))
    if dates.offsets and not dates.midnight:
        doubts.append(
            _("Times carry their offset from UTC; they are read as times in London.")
            if dates.offsets <= UTC
            else _("Times carry their offset from UTC; they are read as local times.")
        )
    if dates.formats[0].startswith("epoch"):
        doubts.append(_("Seconds since 1970."))
    return doubts
