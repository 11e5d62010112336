"""When incidents happen, whether they come back nearby, and where they clustered for a time, in plain words."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
from babel.dates import get_day_names

from hatecrime.i18n import LOCALES, _, language, month_year, ngettext, number, percent
from hatecrime.periods import quarter_label
from hatecrime.shape.when import NEAR_DAYS, NEAR_METRES, Clusters, Repeats, Times
from hatecrime.stats.change import Change
from hatecrime.stats.clock import Spell
from hatecrime.stats.knox import Knox
from hatecrime.words.numbers import SMALL, join, km, sentences

# Fewer than one for every hour of the day tell nothing of hours.
FEWEST = 24
LEVEL = 0.05
DAYS_A_YEAR = 365.25
HIGHEST_SHARE = 0.5
# Below this many pairs expected, none or three of them is chance.
FEWEST_PAIRS = 3
# Midnight against the hours around it: times as many as no evening has.
HEAPED = 2
# A cluster over so much of a period, of so many months or quarters at least, did not come and go.
LASTING, LONG = 0.75, 4


def day_names(short: bool = False) -> list[str]:
    """
    The days of the week in the language in use, Monday first.

    >>> day_names(short=True)[:2]
    ['Mon', 'Tue']
    """
    names = get_day_names("abbreviated" if short else "wide", "stand-alone", LOCALES[language()])
    return [names[i] for i in range(7)]


def hour(position: int) -> str:
    """
    >>> hour(8), hour(24)
    ('08:00', '00:00')
    """
    return f"{position % 24:02d}:00"


def times(found: Times) -> str:
    """The hours and the days that hold more than an even spread would put there."""
    if found.known < FEWEST:
        message = ngettext(
            "{n} incident has a known time: too few to say at which hours they happen.",
            "{n} incidents have a known time: too few to say at which hours they happen.",
            found.known,
        )
        return message.format(n=number(found.known))
    return sentences(_hours(found.hours), _days(found.days))


def stands_out(spell: Spell | None) -> bool:
    """Whether hours or days hold more than chance would put there."""
    return spell is not None and spell.p <= LEVEL


def hours_of(spell: Spell) -> str:
    """
    The hours in short.

    >>> from hatecrime.stats.clock import busiest
    >>> hours_of(busiest([0] * 22 + [9, 9]))
    '22:00–00:00'
    """
    return "–".join(map(hour, spell.positions))


def days_of(spell: Spell, short: bool = False) -> str:
    """
    The days, one or from the first to the last.

    >>> from hatecrime.stats.clock import busiest
    >>> weekend = busiest([1, 1, 1, 1, 1, 30, 30])
    >>> days_of(weekend), days_of(weekend, short=True)
    ('Saturday and Sunday', 'Sat–Sun')
    """
    names = day_names(short)
    first, last = (names[position % 7] for position in (spell.first, spell.first + spell.length - 1))
    if spell.length == 1:
        return first
    if short:
        return f"{first}–{last}"
    return join([first, last]) if spell.length == 2 else _("{first} to {last}").format(first=first, last=last)


def _hours(spell: Spell | None) -> str:
    if spell is None or not stands_out(spell):
        return _("No hours of the day stand out: an even spread over the day could look like this by chance.")
    message = _(
        "{share} of those with a known time happen from {first} to {last} (95% interval {low} to {high}); an even"
        " spread over the day would put {even} there."
    )
    first, after = spell.positions
    return message.format(first=hour(first), last=hour(after), **_shares(spell))


def _days(spell: Spell | None) -> str:
    if spell is None:
        return ""
    if not stands_out(spell):
        return _("No day of the week stands out.")
    message = _("{days}: {share} (95% interval {low} to {high}), where an even spread over the week would put {even}.")
    return message.format(days=days_of(spell), **_shares(spell))


def _shares(spell: Spell) -> dict[str, str]:
    values = {"share": spell.share.estimate, "low": spell.share.low, "high": spell.share.high, "even": spell.even}
    return {name: percent(float(value)) for name, value in values.items()}


def readings(found: Times) -> list[str]:
    """What the hours point to, where that is evident: night life, journeys to and from school."""
    if found.known < FEWEST:
        return []
    night = _(
        "Friday and Saturday nights, from 20:00 to 04:00, have {ratio} times as many as other nights (95% interval"
        " {low} to {high}): ask licensed premises, taxis and night transport."
    )
    school = _(
        "The hours of journeys to and from school (08:00 to 09:00 and 15:00 to 17:00) have {ratio} times as many on"
        " weekdays as at weekends (95% interval {low} to {high}): ask schools and transport."
    )
    said = [
        message.format(ratio=number(change.ratio, 1), low=number(change.low, 1), high=number(change.high, 1))
        for change, message in ((found.nights, night), (found.school, school))
        if change is not None and _evident(change)
    ]
    return [*said, _midnight()] if _evident(found.midnight) and found.midnight.ratio >= HEAPED else said


def _midnight() -> str:
    return _("Far more are at 00:00 than in the hours around it: midnight is often put where the hour is not known.")


def _evident(change: Change) -> bool:
    return change.direction == "more" and not change.reason and change.before + change.now >= SMALL


def repeats(found: Repeats) -> str:
    """Whether an incident is followed by others nearby, beyond chance."""
    near = found.close
    if near.events < 2:
        return _(
            "Whether incidents come back nearby cannot be said: fewer than two of them have a known place and day."
        )
    if found.places == 1:
        return _(
            "All {n} incidents stand at one place, so nothing can be said about whether they come back nearby."
        ).format(n=number(near.events))
    values = _pairs(near)
    if repeat(found):
        message = _(
            "After an incident, another within {metres} and {days} days is {ratio} times as likely as chance alone"
            " would make it (95% interval {low} to {high})."
        )
    elif max(float(near.by_margins[0, 0]), float(near.expected[0, 0])) < FEWEST_PAIRS:
        message = _(
            "Too few lie close together to say whether they come back: {observed} pairs within {metres} and {days}"
            " days, where chance alone would give {expected}."
        )
    else:
        message = _(
            "No sign that incidents come back nearby: {observed} pairs within {metres} and {days} days, where chance"
            " alone would give {expected} (ratio {ratio}, 95% interval {low} to {high})."
        )
    return message.format(**values)


def repeat(found: Repeats) -> bool:
    """Whether more follow nearby than chance would have it."""
    near = found.close
    return bool(near.events > 1 and found.places > 1 and near.p[0, 0] <= LEVEL and near.ratio_low[0, 0] > 1)


def _pairs(near: Knox) -> dict[str, str]:
    expected = near.expected[0, 0] or near.by_margins[0, 0]
    return {
        "metres": km(NEAR_METRES),
        "days": number(NEAR_DAYS),
        "observed": number(int(near.observed[0, 0])),
        "expected": number(float(expected), 1),
        "ratio": number(float(near.ratio[0, 0]), 1),
        "low": number(float(near.ratio_low[0, 0]), 1),
        "high": number(float(near.ratio_high[0, 0]), 1),
    }


def same_place(found: Repeats, total: int) -> str:
    """How many of all incidents could be compared, and how far "the same place" can be trusted."""
    if not found.close.events:
        return ""
    stand = _(
        "{n} of {total} incidents have a point and a day. They stand at {places} points, and {sharing} of them share"
        " theirs with another."
    ).format(
        n=number(found.close.events),
        total=number(total),
        places=number(found.places),
        sharing=number(found.sharing),
    )
    if found.sharing <= HIGHEST_SHARE * found.close.events:
        return sentences(
            stand, _("“The same place” means the same point, which can be that of a postcode or a street.")
        )
    return sentences(
        stand,
        _(
            "That many seldom have the same address: the points are likely to be those of postcodes, streets or small"
            " areas, and “the same place” means no more than that."
        ),
    )


def band_of_metres(edges: Sequence[float], position: int) -> str:
    """
    >>> band_of_metres((0, 100, 200), 0), band_of_metres((0, 100, 200), 1), band_of_metres((0, 100, 200), 2)
    ('same place', 'up to 100 m', '100 m to 200 m')
    """
    if not edges[position]:
        return _("same place")
    if position == 0 or not edges[position - 1]:
        return _("up to {metres}").format(metres=km(edges[position]))
    return _("{first} to {last}").format(first=km(edges[position - 1]), last=km(edges[position]))


def band_of_days(edges: Sequence[float], position: int) -> str:
    """
    >>> band_of_days((7, 14), 0), band_of_days((7, 14), 1)
    ('0 to 7 days', '8 to 14 days')
    """
    first = edges[position - 1] + 1 if position else 0
    return _("{first} to {last} days").format(first=number(first), last=number(edges[position]))


def clusters(found: Clusters) -> str:
    """The strongest cluster and how often chance alone would give one like it; or that there is none."""
    clear = found.clear()
    if clear.empty:
        return _no_cluster(found)
    first = clear.iloc[0]
    message = _("{names}, {span}: {n} incidents where {expected} were to be expected.")
    if len(clear) > 1:
        others = ngettext("{n} other cluster stands out.", "{n} other clusters stand out.", len(clear) - 1)
        more = others.format(n=number(len(clear) - 1))
    else:
        more = ""
    said = message.format(
        names=join(list(first["labels"])),
        span=span_of(first["first"], first["last"], found.step),
        n=number(first["n"]),
        expected=number(first["expected"], 1),
    )
    as_strong = round(first["p"] * (found.simulations + 1)) - 1
    seldom = recurrence(first["recurrence"], as_strong == 0) if found.spells == "now" else ""
    return sentences(said, _by_chance(as_strong, found.simulations), seldom, _all_along(found), more)


def _by_chance(as_strong: int, maps: int) -> str:
    if not as_strong:
        return _("None of {maps} maps drawn by chance has a cluster as strong.").format(maps=number(maps))
    return ngettext(
        "{n} of {maps} maps drawn by chance has a cluster as strong.",
        "{n} of {maps} maps drawn by chance have a cluster as strong.",
        as_strong,
    ).format(n=number(as_strong), maps=number(maps))


def _all_along(found: Clusters) -> str:
    """What lasts from the first month to the last is where, not when."""
    first = found.clear().iloc[0]
    if (
        found.base != "people"
        or found.steps < LONG
        or _steps(first["first"], first["last"], found.step) < LASTING * found.steps
    ):
        return ""
    return _(
        "It lasts nearly all through, so it is a place with more than its residents lead one to expect; “Each place's"
        " own share” shows what is unusual for a place."
    )


def _steps(first: date, last: date, step: str) -> int:
    """Months, or quarters, from one to another, both inside."""
    apart = 12 * (last.year - first.year) + last.month - first.month
    return (apart if step == "month" else apart // 3) + 1


def _no_cluster(found: Clusters) -> str:
    if not found.tested:
        return _("Nothing can be compared: of these places and times no two differ in what is expected.")
    none = _("No cluster stands out by more than chance: {n} combinations of places and times were looked through.")
    said = none.format(n=number(found.tested))
    if found.rows.empty:
        return said
    first = found.rows.iloc[0]
    strongest = _("The strongest ({names}, {span}) is what chance alone would give in {share} of maps.")
    return sentences(
        said,
        strongest.format(
            names=join(list(first["labels"])),
            span=span_of(first["first"], first["last"], found.step),
            share=percent(float(first["p"])),
        ),
    )


def recurrence(days: float, at_least: bool = False) -> str:
    """
    How seldom chance would give a cluster as strong, when somebody looks every quarter; at_least: or more seldom.

    >>> recurrence(12 * 365.25)
    'Looking every quarter, chance alone would show one as strong once in 12 years.'
    """
    years = round(days / DAYS_A_YEAR)
    if years < 1:
        return _("Looking every quarter, chance alone would show one as strong about once a year or more often.")
    if at_least:
        message = ngettext(
            "Looking every quarter, chance alone would show one as strong at most once a year.",
            "Looking every quarter, chance alone would show one as strong at most once in {n} years.",
            years,
        )
        return message.format(n=number(years))
    message = ngettext(
        "Looking every quarter, chance alone would show one as strong once a year.",
        "Looking every quarter, chance alone would show one as strong once in {n} years.",
        years,
    )
    return message.format(n=number(years))


def span_of(first: date, last: date, step: str = "month") -> str:
    """
    >>> span_of(date(2016, 6, 1), date(2016, 8, 1)), span_of(date(2016, 7, 1), date(2016, 7, 1), "quarter")
    ('June 2016 to August 2016', 'Q2 2016/17')
    """
    name = month_year if step == "month" else quarter_label
    if first == last:
        return name(first)
    return _("{first} to {last}").format(first=name(first), last=name(last))


def how_expected(found: Clusters) -> str:
    """What the clusters are compared with."""
    if found.base == "people":
        what = _(
            "Expected: the residents of each place, times what is recorded everywhere in the same month or quarter."
        )
    else:
        what = _(
            "Expected: each place's own share of all incidents since {since}, times what is recorded everywhere in the"
            " same month or quarter."
        ).format(since=month_year(found.since))
    return sentences(what, _("So a time that is high everywhere is no cluster; Trends shows those."))


def cluster_name(rank: int, labels: Sequence[str]) -> str:
    """
    A cluster as the legend of its map calls it, after its number.

    >>> cluster_name(1, ["Clifford", "Longford"])
    'Clifford and Longford'
    """
    return join(list(labels), limit=2) if rank else _("in no cluster")


def table_of(rows: pd.DataFrame, step: str) -> pd.DataFrame:
    """The clusters as people read them: number, places, span and what chance would do."""
    return pd.DataFrame(
        {
            "rank": range(1, len(rows) + 1),
            "places": [join(list(labels), limit=5) for labels in rows["labels"]],
            "span": [span_of(row.first, row.last, step) for row in rows[["first", "last"]].itertuples(index=False)],
            "n": rows["n"].astype("int64"),
            "expected": rows["expected"].astype("float64"),
            "ratio": rows["ratio"].astype("float64"),
            "p": rows["p"].astype("float64"),
            "years": rows["recurrence"].astype("float64") / DAYS_A_YEAR,
        }
    )
