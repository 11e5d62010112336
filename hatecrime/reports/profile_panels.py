"""The parts of a place's profile, each a finding with its chart, sentence or table: for the page and for paper."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import altair as alt
import numpy as np
import pandas as pd

from hatecrime.charts import bars
from hatecrime.charts.columns import columns
from hatecrime.charts.theme import Look
from hatecrime.dictionary import code_list
from hatecrime.i18n import MISSING, _, language, number, percent
from hatecrime.periods import quarter_label
from hatecrime.reports import pictures
from hatecrime.reports.profile import Profile
from hatecrime.reports.unknown_near import NEAR_METRES
from hatecrime.stats.change import Change, compare
from hatecrime.stats.clock import Spell
from hatecrime.words import profile as words
from hatecrime.words import when
from hatecrime.words.numbers import join, sentences, too_small

# How a column is read: words, whole numbers, numbers with a decimal, and figures that are already words.
TEXT, WHOLE, DECIMAL, FIGURE = "text", "whole", "decimal", "figure"
# Tables are of different heights; these stand under one another.
LEFT, RIGHT = ("outcomes", "neighbours"), ("marks", "near", "residents")
MOST_BARS = 5
MOST_ROWS = 8
BAR = 29

Columns = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Panel:
    """
    One part of a profile: a heading that is its finding, then a chart, a sentence or, where there is neither, a table.

    columns are those of the table that are read: title and kind by name.
    """

    key: str
    heading: str
    table: pd.DataFrame
    columns: Columns
    chart: alt.LayerChart | None = None
    said: str = ""


@dataclass(frozen=True)
class Tops:
    """Where the scales end, so that places beside each other can be compared."""

    ends: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, profiles: Sequence[Profile]) -> "Tops":
        """The highest of what is drawn of any of them."""
        found = [_ends(each) for each in profiles if not words.is_few(each.n)]
        return cls({key: max(ends[key] for ends in found) for key in (found[0] if found else {})})

    def end(self, key: str) -> float | None:
        """The end of one scale; none where nothing is drawn."""
        return self.ends.get(key) or None


def panels(it: Profile, look: Look, tops: Tops) -> list[Panel]:
    """All parts, in the order in which they are read; few incidents are told and not drawn."""
    return [
        _months(it, look, tops),
        _quarters(it, look, tops),
        *_mixes(it, look, tops),
        *_times(it, look, tops),
        _outcomes(it),
        *([_marks(it)] if it.n else []),
        _neighbours(it),
        _near(it),
        _residents(it),
    ]


def in_rows(parts: Sequence[Sequence[Panel]]) -> list[tuple[Sequence[Panel], Sequence[Panel]]]:
    """
    What stands left and right, row by row: of one place the tables in two stacks under the rest; of two places what
    shows the same, side by side.
    """
    if len(parts) == 2:
        return _pairs(*parts)
    told = [part for part in parts[0] if part.key not in (*LEFT, *RIGHT)]
    rows: list[tuple[Sequence[Panel], Sequence[Panel]]] = [
        (told[i : i + 1], told[i + 1 : i + 2]) for i in range(0, len(told), 2)
    ]
    left, right = ([part for part in parts[0] if part.key in keys] for keys in (LEFT, RIGHT))
    return [*rows, (left, right)]


def _pairs(one: Sequence[Panel], other: Sequence[Panel]) -> list[tuple[Sequence[Panel], Sequence[Panel]]]:
    """In the order of the keys of either; a part that only one of them has stands alone."""
    keys = dict.fromkeys(part.key for part in (*one, *other))
    return [([part for part in one if part.key == key], [part for part in other if part.key == key]) for key in keys]


def drawn(rows: pd.DataFrame) -> pd.DataFrame:
    """Of a mix the commonest of all, and whatever stands out here."""
    return rows[(np.arange(len(rows)) < MOST_BARS) | rows["clear"].to_numpy(bool)]


def pictured(parts: Iterable[Panel], name: str = "") -> list[pictures.Panel]:
    """What is drawn of them, with the words around it; name is that of the place, where two are shown."""
    return [
        pictures.Panel(part.chart, f"{name}. {part.heading}" if name else part.heading, part.said)
        for part in parts
        if part.chart is not None
    ]


def _ends(it: Profile) -> dict[str, float]:
    return {
        "months": _highest(it.months[["n", "last_year"]]),
        "quarters": _highest(it.quarters[["n"]]),
        "strand": _highest(drawn(it.strands)[["high", "elsewhere"]]),
        "crime_type": _highest(drawn(it.crime_types)[["high", "elsewhere"]]),
        "hours": float(it.times.grid.sum(axis=1).max()),
        "days": float(it.times.grid.sum(axis=0).max()),
    }


def _highest(rows: pd.DataFrame) -> float:
    highest = rows.max().max()
    return 0.0 if pd.isna(highest) else float(highest)


def _months(it: Profile, look: Look, tops: Tops) -> Panel:
    heading = _("By month: {finding}").format(finding=words.months(it.months))
    rows = it.months.assign(label=[words.short_month(day) for day in it.months["month"]])
    shown: Columns = {
        "label": (_("Month"), TEXT),
        "n": (_("Incidents"), WHOLE),
        "last_year": (_("A year earlier"), WHOLE),
    }
    if words.is_few(it.n):
        return Panel("months", heading, rows[rows["n"] > 0], shown, said=_month_by_month(rows))
    chart = columns(
        rows,
        look,
        measure=_("Incidents"),
        noun=_("Month"),
        alt_text=_alt(heading, rows),
        before="last_year",
        before_title=_("A year earlier"),
        provisional=_("provisional"),
        top=tops.end("months"),
    )
    return Panel("months", heading, rows, shown, chart, _("Dash: the same month a year earlier. Dashed: provisional."))


def _month_by_month(rows: pd.DataFrame) -> str:
    some = rows[rows["n"] > 0]
    names = [f"{label} ({number(n)})" for label, n in zip(some["label"], some["n"], strict=True)]
    return join(names, limit=len(names)) + "." if names else ""


def _quarters(it: Profile, look: Look, tops: Tops) -> Panel:
    rows = it.quarters.assign(label=[quarter_label(day) for day in it.quarters["quarter"]])
    last = str(rows["label"].iloc[-1]) if len(rows) else ""
    heading = _("By quarter: {finding}").format(finding=words.quarters(it.trend, it.latest, last))
    shown: Columns = {"label": (_("Quarter"), TEXT), "n": (_("Incidents"), WHOLE)}
    if rows["n"].sum() < words.FEWEST_OVER_YEARS:
        return Panel("quarters", heading, rows[rows["n"] > 0], shown, said=_month_by_month(rows))
    chart = columns(
        rows,
        look,
        measure=_("Incidents"),
        noun=_("Quarter"),
        alt_text=_alt(heading, rows),
        provisional=_("provisional"),
        top=tops.end("quarters"),
    )
    said = words.latest_quarter(it.latest, last, len(rows) - 1) if it.latest else ""
    key = _("Strong: the quarters of the period. Dashed: provisional.")
    return Panel("quarters", heading, rows, shown, chart, sentences(said, key))


def _mixes(it: Profile, look: Look, tops: Tops) -> list[Panel]:
    mixes = [("strand", _("Strands"), it.strands), ("crime_type", _("Crime types"), it.crime_types)]
    if words.is_few(it.n):
        told = words.few(it.n, it.strands, it.crime_types) if it.n else ""
        both = pd.concat([rows.assign(what=name) for _key, name, rows in mixes], ignore_index=True)
        shown: Columns = {"what": (" ", TEXT), "label": (_("Kind"), TEXT), "n": (_("Incidents"), WHOLE)}
        return [Panel("strand", _("Strands and crime types"), both, shown, said=told)] if told else []
    return [_mix(key, name, rows, look, tops) for key, name, rows in mixes]


def _mix(key: str, name: str, rows: pd.DataFrame, look: Look, tops: Tops) -> Panel:
    heading = words.mix(rows, name)
    rows = rows.assign(note=[f"({number(n)})" for n in rows["n"]])
    shown: Columns = {
        "label": (name, TEXT),
        "n": (_("Incidents"), WHOLE),
        "share": (_("Share, %"), DECIMAL),
        "low": (_("95% from"), DECIMAL),
        "high": (_("95% to"), DECIMAL),
        "elsewhere": (_("Elsewhere, %"), DECIMAL),
    }
    chart = bars.bars(
        drawn(rows),
        look,
        measure=_("Share of incidents"),
        noun=name,
        alt_text=_alt(heading, rows, "share", "%"),
        value="share",
        unit="%",
        low="low",
        high="high",
        interval_title=_("95% interval"),
        before="elsewhere",
        before_title=_("Elsewhere in view"),
        note="note",
        top=tops.end(key),
    ).properties(height=alt.Step(round(BAR * look.font_size / 13)))
    said = _("Dot and line: this place, with its 95% interval. Pale bar: elsewhere in view.")
    return Panel(key, heading, rows, shown, chart, said)


def _times(it: Profile, look: Look, tops: Tops) -> list[Panel]:
    if not it.n:
        return []
    hours = pd.DataFrame({"label": [f"{each:02d}" for each in range(24)], "n": it.times.grid.sum(axis=1)})
    days = pd.DataFrame({"label": when.day_names(short=True), "n": it.times.grid.sum(axis=0)})
    if words.is_few(it.times.known):
        shown: Columns = {"label": (_("Hour"), TEXT), "n": (_("Incidents"), WHOLE)}
        told = words.few_times(it.times.known, it.n)
        return [Panel("hours", _("Times"), hours, shown, said=told)]
    known = _("{known} of {total} have a known time.").format(known=number(it.times.known), total=number(it.n))
    by_hour = _("By hour: {finding}").format(finding=_standing_out(it, it.times.hours, when.hours_of))
    by_day = _("By day: {finding}").format(finding=_standing_out(it, it.times.days, when.days_of))
    return [
        _clock("hours", by_hour, _("Hour"), hours, known, look, tops),
        _clock("days", by_day, _("Day"), days, known, look, tops),
    ]


def _clock(key: str, heading: str, noun: str, rows: pd.DataFrame, said: str, look: Look, tops: Tops) -> Panel:
    shown: Columns = {"label": (noun, TEXT), "n": (_("Incidents"), WHOLE)}
    chart = columns(
        rows, look, measure=_("Incidents"), noun=noun, alt_text=_alt(heading, rows), top=tops.end(key), height=130
    )
    return Panel(key, heading, rows, shown, chart, said)


def _standing_out(it: Profile, spell: Spell | None, name: Callable[[Spell], str]) -> str:
    if it.times.known < when.FEWEST:
        return _("too few to tell")
    if spell is None or not when.stands_out(spell):
        return _("none stands out")
    return _("{when} stands out").format(when=name(spell))


def _outcomes(it: Profile) -> Panel:
    rows = it.outcomes[it.outcomes["n"] > 0].head(MOST_ROWS)
    shown: Columns = {"label": (_("Outcome"), TEXT), "n": (_("Crimes"), WHOLE), "read": (_("Share"), FIGURE)}
    few = words.is_few(int(it.outcomes["n"].sum()))
    if not few:
        shown = {**shown, "usual": (_("Elsewhere"), FIGURE)}
    rows = rows.assign(
        read=[MISSING if few else _range(*row) for row in rows[["share", "low", "high"]].itertuples(index=False)],
        usual=[percent(share / 100) for share in rows["elsewhere"]],
    )
    return Panel("outcomes", words.outcomes(it.outcomes, it.mature), rows, shown)


def _marks(it: Profile) -> Panel:
    rows = it.marks[it.marks["known"] > 0]
    few = words.is_few(it.n)
    rows = rows.assign(
        label=[words.mark_name(code) for code in rows["code"]],
        read=[
            _("{n} of {known}").format(n=number(row["n"]), known=number(row["known"]))
            if few
            else _range(row["share"], row["low"], row["high"])
            for row in rows.to_dict("records")
        ],
        usual=[percent(share / 100) for share in rows["elsewhere"]],
    )
    shown: Columns = {
        "label": (_("Marked as"), TEXT),
        "n": (_("Incidents"), WHOLE),
        "read": (_("Share"), FIGURE),
        "usual": (_("Elsewhere"), FIGURE),
    }
    return Panel("marks", _("Repeats, schools, transport, night and online"), rows, shown)


def _neighbours(it: Profile) -> Panel:
    rows = it.neighbours.head(MOST_ROWS)
    rates = {"rate": (_("Per 1,000"), DECIMAL)} if it.neighbours["rate"].notna().any() else {}
    rows = rows.assign(change=[_change(compare(row["before"], row["n"])) for row in rows.to_dict("records")])
    shown: Columns = {
        "label": (_("Place"), TEXT),
        "n": (_("Incidents"), WHOLE),
        **rates,
        "change": (_("On the year"), FIGURE),
    }
    return Panel("neighbours", words.neighbours(it.neighbours, it.n, it.touches), rows, shown)


def _near(it: Profile) -> Panel:
    rows = pd.DataFrame(
        [{"label": words.near(each["label"], each["kind"], each["venue_type"], each["metres"])} for each in it.near],
        columns=["label"],
    )
    said = "" if len(rows) else words.none_near(NEAR_METRES)
    shown: Columns = {"label": (_("From its middle, in a straight line"), TEXT)}
    return Panel("near", _("Reporting centres and venues near"), rows, shown, said=said)


def _residents(it: Profile) -> Panel:
    groups, bases = code_list("population_group"), code_list("population_base")
    order = {code: position for position, code in enumerate(groups)}
    rows = it.residents.assign(
        label=[groups.label(code, language()) if code in groups else code for code in it.residents["population_group"]],
        source=[
            f"{bases.label(base, language()) if base in bases else base}, {year}"
            if base == "mid_year"
            else (bases.label(base, language()) if base in bases else str(base))
            for base, year in zip(it.residents["base"], it.residents["year"], strict=True)
        ],
        order=it.residents["population_group"].map(order),
    ).sort_values("order", kind="stable")
    shown: Columns = {
        "label": (_("Residents"), TEXT),
        "n": (_("Number"), WHOLE),
        "source": (_("Counted in"), TEXT),
    }
    return Panel("residents", words.residents(rows, it.population), rows.head(MOST_ROWS), shown)


def _change(change: Change) -> str:
    if change.reason == "none_before" and not too_small(change):
        return _("from 0 to {n}").format(n=number(change.now))
    if words.too_small(change):
        return _("too few to tell")
    arrow = {"more": "▲", "fewer": "▼", "unclear": "≈"}[change.direction]
    return f"{arrow} {'+' if change.percent > 0 else '−' if change.percent < 0 else '±'}{percent(abs(change.percent))}"


def _range(share: float, low: float, high: float) -> str:
    if np.isnan(share):
        return MISSING
    return _("{share} ({low} to {high})").format(
        share=percent(share / 100), low=percent(low / 100), high=percent(high / 100)
    )


def _alt(heading: str, rows: pd.DataFrame, value: str = "n", unit: str = "") -> str:
    """The finding, and every figure that is drawn."""
    figures = [f"{label} {number(n)}{unit}" for label, n in zip(rows["label"], rows[value], strict=True)]
    return f"{heading}: {', '.join(figures)}."
