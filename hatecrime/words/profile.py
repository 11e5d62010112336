"""What is happening in one place, and how two places differ, in plain words."""

import math
from datetime import date

import pandas as pd
from babel.dates import format_date

from hatecrime.dictionary import code_list
from hatecrime.i18n import LOCALES, MISSING, _, language, ngettext, number, percent
from hatecrime.periods import Period
from hatecrime.stats.change import Change
from hatecrime.words import numbers
from hatecrime.words.numbers import SMALL, incidents, join, sentences

# With fewer in all a change over four years cannot be seen.
FEWEST_OVER_YEARS = 20


def question(name: str) -> str:
    """The title of the page."""
    return _("What is happening in {place}?").format(place=name)


def question_of_two(one: str, other: str) -> str:
    """The title of the page where two places are compared."""
    return _("What is happening in {one}, and in {other}?").format(one=one, other=other)


def no_place() -> str:
    """Where the data have no places at all."""
    return _("No incident has a known place of this kind, so there is nothing to show of one.")


def count(n: int, name: str, period: Period, change: Change, provisional: int = 0) -> str:
    """
    How many, and whether that is a change.

    >>> from hatecrime.stats.change import compare
    >>> count(0, "Hale", Period(date(2016, 4, 1), date(2017, 3, 31)), compare(0, 0))
    'No incident is recorded in Hale (2016/17). None was recorded a year earlier either.'
    """
    said = numbers.change(change)
    if not n:
        message = _("No incident is recorded in {place} ({period}).")
        return sentences(message.format(place=name, period=period.label()), said)
    message = ngettext(
        "{incidents} is recorded in {place} ({period}).", "{incidents} are recorded in {place} ({period}).", n
    )
    said_n = message.format(incidents=incidents(n), place=name, period=period.label())
    return sentences(said_n, said, numbers.provisional(provisional))


def silence() -> str:
    """What no record can mean."""
    return _("That can mean that nothing happened, or that nobody reported it: ask the people who live there.")


def rate(rate_: float, low: float, high: float, against: Change | None, population: float = math.nan) -> str:
    """
    How much that is for those who live there, and beside all others in view.

    >>> from hatecrime.stats.change import compare
    >>> rate(4.5, 3.9, 5.2, compare(600, 120, 200_000, 10_000))[:73]
    'That is 4.5 per 1,000 residents (95% interval 3.9 to 5.2), 4.0 times the '
    """
    if population == 0:
        return _("Nobody is counted as living there, so no rate is given.")
    if not rate_ >= 0:
        return _("How many people live there is not known, so no rate is given.")
    values = {"rate": number(rate_, 1), "low": number(low, 1), "high": number(high, 1)}
    if against is None or against.reason:
        return _("That is {rate} per 1,000 residents (95% interval {low} to {high}).").format(**values)
    message = {
        "more": _(
            "That is {rate} per 1,000 residents (95% interval {low} to {high}), {ratio} times the rate of the other"
            " places in view: clearly more."
        ),
        "fewer": _(
            "That is {rate} per 1,000 residents (95% interval {low} to {high}), {ratio} times the rate of the other"
            " places in view: clearly fewer."
        ),
        "unclear": _(
            "That is {rate} per 1,000 residents (95% interval {low} to {high}), not clearly different from the other"
            " places in view."
        ),
    }[against.direction]
    return message.format(ratio=number(against.ratio, 1), **values)


def stands_out(mixes: list[pd.DataFrame]) -> str:
    """What is commoner here than elsewhere, of all kinds that were tested; each has label, share, elsewhere, clear."""
    rows = pd.concat(mixes, ignore_index=True)
    if rows.empty or rows["elsewhere"].isna().all():
        return ""
    clear = rows[rows["clear"]]
    if clear.empty:
        return _("No strand or crime type has clearly a larger share here than elsewhere.")
    parts = [
        _("{name} ({here}, elsewhere {elsewhere})").format(
            name=row["label"], here=percent(row["share"] / 100), elsewhere=percent(row["elsewhere"] / 100)
        )
        for row in clear.to_dict("records")
    ]
    return _("A larger share than elsewhere: {names}.").format(names=join(parts))


def few(n: int, strands: pd.DataFrame, crime_types: pd.DataFrame) -> str:
    """
    What so few incidents are, in place of charts; each frame has label and n.

    >>> race = pd.DataFrame({"label": ["Race"], "n": [4]})
    >>> few(4, race, pd.DataFrame({"label": ["Public order", "Other"], "n": [3, 1]}))
    '4 incidents: too few to show as shares. By strand: Race (4). By crime type: Public order (3) and Other (1).'
    """
    return sentences(
        _("{incidents}: too few to show as shares.").format(incidents=incidents(n)),
        _("By strand: {names}.").format(names=_listed(strands)) if strands["n"].sum() else "",
        _("By crime type: {names}.").format(names=_listed(crime_types)) if crime_types["n"].sum() else "",
    )


def few_times(known: int, of: int) -> str:
    """Why no hours are drawn."""
    message = _("{known} of {incidents} have a known time: too few to show by hour and day.")
    return message.format(known=number(known), incidents=incidents(of))


def months(rows: pd.DataFrame) -> str:
    """
    A heading: the month with most; rows has month and n.

    >>> months(pd.DataFrame({"month": pd.to_datetime(["2016-06-01", "2016-07-01"]), "n": [3, 9]}))
    'Most in Jul 2016 (9)'
    """
    most = rows["n"].max() if len(rows) else 0
    if not most:
        return _("No month has an incident")
    names = [short_month(day) for day in rows.loc[rows["n"] == most, "month"]]
    return _("Most in {names} ({n})").format(names=join(names), n=number(most))


def quarters(trend_: Change | None, latest: Change | None, name: str) -> str:
    """
    A heading: the trend over the years, and whether the latest quarter is unlike all before it.

    >>> from hatecrime.stats.change import compare
    >>> quarters(compare(110, 113), compare(154, 39, 11, 1), "Q1 2016/17")
    'Q1 2016/17 has clearly more than any quarter before it (39)'
    """
    if latest is None:
        return trend(trend_)
    message = {
        "more": _("{quarter} has clearly more than any quarter before it ({n})"),
        "fewer": _("{quarter} has clearly fewer than any quarter before it ({n})"),
    }[latest.direction]
    said = message.format(quarter=name, n=number(latest.now))
    if trend_ is None or trend_.direction == "unclear" or _few_over_years(trend_):
        return said
    return "; ".join([trend(trend_), said])


def latest_quarter(latest: Change, name: str, before: int) -> str:
    """
    How far the latest quarter is from so many before it, with its interval.

    >>> from hatecrime.stats.change import compare
    >>> latest_quarter(compare(154, 39, 11, 1), "Q1 2016/17", 11)
    'Q1 2016/17 has 2.8 times as many as the 11 quarters before it on average (exact 95% interval 1.9 to 4.0).'
    """
    message = _(
        "{quarter} has {ratio} times as many as the {n} quarters before it on average"
        " (exact 95% interval {low} to {high})."
    )
    if not latest.before:
        message = _("{quarter} has {now}; the {n} quarters before it have none.")
    return message.format(
        quarter=name,
        now=number(latest.now),
        n=number(before),
        **{end: number(getattr(latest, end), 1) for end in ("ratio", "low", "high") if latest.before},
    )


def trend(change: Change | None) -> str:
    """
    A heading: whether the last whole years of final quarters have more than as many before them.

    >>> from hatecrime.stats.change import compare
    >>> trend(compare(40, 90)), trend(compare(1, 2)), trend(None)
    ('More than in the years before', 'Too few to tell a trend', 'Too few quarters to tell a trend')
    """
    if change is None:
        return _("Too few quarters to tell a trend")
    if _few_over_years(change):
        return _("Too few to tell a trend")
    return {
        "more": _("More than in the years before"),
        "fewer": _("Fewer than in the years before"),
        "unclear": _("No clear trend over the years"),
    }[change.direction]


def mix(rows: pd.DataFrame, what: str) -> str:
    """A heading: which share is larger here than elsewhere."""
    names = rows.loc[rows["clear"], "label"].tolist()
    if not names:
        return (
            _("{what}: no clear difference from elsewhere").format(what=what)
            if rows["elsewhere"].notna().any()
            else what
        )
    text = ngettext("{what}: {names} stands out", "{what}: {names} stand out", len(names))
    return text.format(what=what, names=join(names))


def outcomes(rows: pd.DataFrame, period: Period) -> str:
    """A heading: how many of the outcomes that had time to come are a charge."""
    n = int(rows["n"].sum())
    if not n:
        return _("No outcome is known yet ({period})").format(period=period.span())
    charged = int(rows.loc[rows["code"] == "charged_summonsed", "n"].sum())
    message = ngettext(
        "{part} of {n} crime recorded {period} led to a charge or summons",
        "{part} of {n} crimes recorded {period} led to a charge or summons",
        n,
    )
    return message.format(part=number(charged), n=number(n), period=period.span())


def mark_name(code: str) -> str:
    """What an incident can be marked as."""
    return {
        "repeat_victim": _("Repeat victim"),
        "school": _("In or near a school"),
        "transport": _("Public transport"),
        "night_time": _("Night-time economy"),
        "online": _("Online"),
    }[code]


def near(name: str, kind: str, venue_type: str | None, metres: float) -> str:
    """A centre or a venue that could be one, with its distance."""
    distance = numbers.km(metres)
    if kind == "centre":
        return _("{name} (reporting centre), {distance}").format(name=name, distance=distance)
    types = code_list("venue_type")
    what = types.label(venue_type, language()).lower() if venue_type and venue_type in types else _("venue")
    return _("{name} ({what}), {distance}").format(name=name, what=what, distance=distance)


def none_near(metres: float) -> str:
    """Where nothing is near."""
    return _("No reporting centre and no venue within {distance} of its middle.").format(distance=numbers.km(metres))


def neighbours(rows: pd.DataFrame, n: int, touches: bool) -> str:
    """A heading: how the places around compare."""
    if rows.empty:
        return _("Which places lie around it is not known")
    if not touches:
        return _("It touches no other place; its nearest is shown")
    above = int((rows["n"] > n).sum())
    if not above:
        return _("As many as in any place around it, or more")
    message = ngettext("{n} of {total} places around it has more", "{n} of {total} places around it have more", above)
    return message.format(n=number(above), total=number(len(rows)))


def residents(rows: pd.DataFrame, population: float) -> str:
    """A heading: how many people live there."""
    if population == 0:
        return _("Nobody is counted as living there")
    if not population > 0:
        return _("How many people live there is not known")
    said = _("{n} residents").format(n=number(population))
    return said if len(rows) > 1 else _("{said}; of groups nothing is known").format(said=said)


def caveats(n: int, without_strand: int, without_point: int, unplaced: int, total: int, level: str) -> list[str]:
    """What is missing in these figures, a sentence each."""
    said = []
    if without_strand:
        message = _("{part} of {incidents} have no strand recorded and are in no share of a strand.")
        said.append(message.format(part=number(without_strand), incidents=incidents(n)))
    if without_point:
        message = _("{part} of {incidents} have no exact position.")
        said.append(message.format(part=number(without_point), incidents=incidents(n)))
    if unplaced:
        message = _("{part} of {incidents} in view have no known {level}: some of them may belong here.")
        said.append(message.format(part=number(unplaced), incidents=incidents(total), level=level))
    return said


def difference_name(what: str, label: str) -> str:
    """What two places are compared in."""
    return {
        "n": _("Incidents"),
        "rate": _("Per 1,000 residents"),
        "strand": _("Share: {name}").format(name=label),
        "crime_type": _("Share: {name}").format(name=label),
    }[what]


def compared_figure(what: str, value: float) -> str:
    """A figure of one of two places, as it is read."""
    if what in ("strand", "crime_type"):
        return percent(value / 100)
    return number(value, 1 if what == "rate" else 0)


def ratio(estimate: float, low: float, high: float) -> str:
    """
    >>> ratio(1.5, 1.2, 1.9), ratio(float("inf"), 1.2, float("inf"))
    ('1.5 (1.2 to 1.9)', '–')
    """
    if not estimate < float("inf"):
        return MISSING
    upper = number(high, 1) if high < float("inf") else "∞"
    return _("{share} ({low} to {high})").format(share=number(estimate, 1), low=number(low, 1), high=upper)


def verdict(direction: str, one: str, other: str) -> str:
    """
    What an interval of a ratio allows to say.

    >>> verdict("more", "Hale", "Sale"), verdict("unclear", "Hale", "Sale")
    ('more in Hale', 'no clear difference')
    """
    if direction == "unclear":
        return _("no clear difference")
    return _("more in {place}").format(place=one if direction == "more" else other)


def compared(rows: pd.DataFrame, one: str, other: str) -> str:
    """Two places in one sentence; rows has what, label and direction."""
    found = [
        _("{what}: {verdict}").format(
            what=difference_name(row["what"], row["label"]), verdict=verdict(row["direction"], one, other)
        )
        for row in rows.to_dict("records")
        if row["direction"] != "unclear"
    ]
    if not found:
        return _("{one} and {other} do not differ clearly in any of these figures.").format(one=one, other=other)
    return sentences("; ".join(found) + ".", by_chance(len(rows)))


def by_chance(n: int) -> str:
    """How many of so many comparisons chance alone would call clear."""
    return _("Of {n} comparisons, chance alone would call up to 1 in 20 clear.").format(n=number(n))


def too_small(change: Change) -> bool:
    """Whether a change is of too few to be given in percent."""
    return bool(change.reason) or numbers.too_small(change)


def short_month(day: date) -> str:
    """
    >>> short_month(date(2016, 4, 1))
    'Apr 2016'
    """
    return str(format_date(day, "MMM yyyy", locale=LOCALES[language()]))


def is_few(n: int) -> bool:
    """Whether so few are better told than drawn."""
    return n < SMALL


def _few_over_years(change: Change) -> bool:
    return change.before + change.now < FEWEST_OVER_YEARS


def _listed(rows: pd.DataFrame) -> str:
    some = rows[rows["n"] > 0]
    names = [f"{label} ({number(n)})" for label, n in zip(some["label"], some["n"], strict=True)]
    return join(names, limit=len(names))
