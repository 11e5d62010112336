"""Headings that say what a part of a page finds."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from hatecrime.i18n import _, ngettext, number, percent
from hatecrime.stats.change import compare
from hatecrime.stats.expected import Surprise
from hatecrime.stats.intervals import Interval, wilson
from hatecrime.words.numbers import SMALL, incidents, join, km, sentences

# From so many expected reports, none at all has a chance below 1 in 40.
SILENCE_TELLS = 3.69


def range_of(interval: Interval) -> str:
    """
    The interval of a share, in words.

    >>> range_of(wilson(20, 100))
    '95% interval 13.3% to 28.9%'
    """
    low, high = percent(float(interval.low), 1), percent(float(interval.high), 1)
    return _("95% interval {low} to {high}").format(low=low, high=high)


def share_of(part: float, total: float) -> str:
    """
    A share, and words where there are too few to give one.

    >>> share_of(30, 120), share_of(2, 7)
    ('25.0%', 'too few')
    """
    return percent(part / total, 1) if total >= SMALL else _("too few")


def basis_of_share(part: float, total: float) -> str:
    """
    What a share rests on.

    >>> basis_of_share(30, 120)
    '30 of 120, 95% interval 18.1% to 33.4%'
    >>> basis_of_share(2, 7)
    'fewer than 10, so no percentage is given'
    """
    if total < SMALL:
        return _("fewer than {n}, so no percentage is given").format(n=SMALL)
    values = {"part": number(part), "total": number(total), "range": range_of(wilson(part, total))}
    return _("{part} of {total}, {range}").format(**values)


def self_share(after: tuple[int, int], before: tuple[int, int], since: str) -> str:
    """
    Whether the share of self-referrals changed from a quarter on; each pair is self-referrals and all referrals.

    >>> self_share((228, 2034), (156, 2320), "Q1 2016/17")
    'Self-referrals are 11.2% since Q1 2016/17, up from 6.7% before'
    """
    if min(after[1], before[1]) < SMALL:
        return _("Self-referrals: too few referrals to compare before and since {since}").format(since=since)
    change = compare(before[0], after[0], before[1], after[1])
    messages = {
        "more": _("Self-referrals are {now} since {since}, up from {before} before"),
        "fewer": _("Self-referrals are {now} since {since}, down from {before} before"),
        "unclear": _("Self-referrals are {now} since {since}, no clear change from {before} before"),
    }
    shares = {"now": percent(after[0] / after[1], 1), "before": percent(before[0] / before[1], 1)}
    return messages[change.direction].format(since=since, **shares)


def in_time(part: int, due: int, days: int) -> str:
    """
    >>> in_time(1083, 1937, 2)
    '56% of those who agreed were reached within 2 working days'
    """
    if due < SMALL:
        return _("Too few agreed to be contacted to say how soon they were reached")
    message = ngettext(
        "{share} of those who agreed were reached within {days} working day",
        "{share} of those who agreed were reached within {days} working days",
        days,
    )
    return message.format(share=percent(part / due), days=number(days))


def satisfaction(satisfied: int, answers: int) -> str:
    """
    >>> satisfaction(268, 365), satisfaction(3, 4)
    ('73% of the 365 who answered were satisfied', 'Too few answered to say how satisfied people were')
    """
    if answers < SMALL:
        return _("Too few answered to say how satisfied people were")
    message = _("{share} of the {n} who answered were satisfied")
    return message.format(share=percent(satisfied / answers), n=number(answers))


def police_ratio(referrals: int, recorded: int) -> str:
    """
    >>> police_ratio(1750, 2941)
    'For every 100 incidents recorded, the police referred 60 people to support'
    """
    if recorded < SMALL:
        return _("Too few incidents are recorded to set referrals beside them")
    message = _("For every 100 incidents recorded, the police referred {n} people to support")
    return message.format(n=number(100 * referrals / recorded))


def centre_use(reports: int, centres: int, silent: int) -> str:
    """
    >>> centre_use(22, 8, 2)
    '8 open centres took 22 reports; 2 of them took none'
    """
    if centres == 0:
        return _("No centre is open")
    opened = ngettext("{n} open centre took", "{n} open centres took", centres).format(n=number(centres))
    taken = ngettext("{n} report", "{n} reports", reports).format(n=number(reports))
    if reports == 0:
        return _("{centres} no report").format(centres=opened)
    none = _("; {n} of them took none").format(n=number(silent)) if silent else ""
    return f"{opened} {taken}{none}"


def missed_strands(missed: pd.DataFrame, reports: int) -> str:
    """
    Which strands no centre took; missed has label, n (incidents) and expected (reports), most incidents first.

    >>> missed_strands(pd.DataFrame({"label": ["Disability"], "n": [30], "expected": [1.7]}), 22)
    'No centre took a report of disability; 30 incidents carry it'
    """
    if reports == 0:
        return _("The centres took no report, so strands cannot be compared")
    if missed.empty:
        return _("The centres took reports of every strand recorded around them")
    message = ngettext(
        "No centre took a report of {names}; {incidents} carry it",
        "No centre took a report of these strands: {names}; {numbers} incidents carry them",
        len(missed),
    )
    return message.format(
        names=_together(missed["label"].str.lower()),
        incidents=incidents(missed["n"].iloc[0]),
        numbers=_together(missed["n"].map(number)),
    )


def missed_strands_chance(missed: pd.DataFrame, span: str) -> str:
    """
    Whether it could be chance that no centre took these strands; missed as above, over the longest time there is.

    >>> missed_strands_chance(pd.DataFrame({"label": ["Disability"], "expected": [5.2]}), "2016/17")
    'In 2016/17 about 5.2 reports of disability were to be expected; that none came is unlikely to be chance.'
    """
    telling = missed[missed["expected"] >= SILENCE_TELLS]
    if len(telling):
        message = _("In {span} about {reports} were to be expected; that none came is unlikely to be chance.")
    else:
        telling = missed[missed["expected"] >= 1]
        message = _("In {span} about {reports} were to be expected; that none came can still be chance.")
    if telling.empty:
        return ""
    each = [
        _("{n} reports of {name}").format(n=number(expected, 1), name=label.lower())
        for label, expected in zip(telling["label"], telling["expected"], strict=True)
    ]
    return message.format(span=span, reports=_together(each))


def _together(names: Iterable[str]) -> str:
    return join(list(names), limit=5)


def uncovered(places: pd.DataFrame) -> str:
    """
    The places without an open centre; places has label, n and centres.

    >>> uncovered(pd.DataFrame({"label": ["North", "South"], "n": [120, 124], "centres": [4, 0]}))
    'South has 124 incidents and no open centre'
    """
    without = places[places["centres"] == 0].sort_values("n", ascending=False, kind="stable")
    if without.empty:
        return _("Every part of the area has an open centre")
    names, n = join(without["label"].tolist()), incidents(without["n"].sum())
    message = ngettext(
        "{names} has {incidents} and no open centre", "{names} have {incidents} and no open centre", len(without)
    )
    return message.format(names=names, incidents=n)


def candidates(found: pd.DataFrame, reach: float, beyond: float) -> str:
    """
    Which candidate would bring most within reach; found has label and gain, most first.

    >>> candidates(pd.DataFrame({"label": ["Hale Library"], "gain": [40]}), 1600, 205)
    'Hale Library would bring 40 of the 205 incidents beyond 1.6 km within it'
    """
    if found.empty:
        return _("No candidate venue is listed for this area")
    if beyond == 0 or found["gain"].iloc[0] == 0:
        return _("No candidate would bring more incidents within {distance}").format(distance=km(reach))
    message = _("{name} would bring {n} of the {incidents} beyond {distance} within it")
    values = {"name": found["label"].iloc[0], "n": number(found["gain"].iloc[0])}
    return message.format(distance=km(reach), incidents=incidents(beyond), **values)


def changed_rows(rows: pd.DataFrame) -> str:
    """
    Which rows of a table changed clearly; rows has label and direction.

    >>> changed_rows(pd.DataFrame({"label": ["Race", "Religion"], "direction": ["more", "unclear"]}))
    'More: Race. No other change is clear'
    """
    more, fewer = (_labels(rows, direction) for direction in ("more", "fewer"))
    if not more and not fewer:
        return _("No change is clear")
    said = sentences(
        _("More: {names}.").format(names=join(more)) if more else "",
        _("Fewer: {names}.").format(names=join(fewer)) if fewer else "",
    )
    return _("{changes} No other change is clear").format(changes=said)


def _labels(rows: pd.DataFrame, direction: str) -> list[str]:
    return rows.loc[rows["direction"] == direction, "label"].tolist()


def refusal(reasons: Sequence[str]) -> str:
    """
    >>> refusal(["The date cannot be read", "The area is not known"])
    'Refused most: The date cannot be read; The area is not known'
    """
    if not reasons:
        return _("Nothing was refused")
    return _("Refused most: {reasons}").format(reasons="; ".join(reasons[:2]))


def silence(reports: Mapping[str, Surprise], span: str) -> str:
    """
    Which centres took nothing over a longer time, and whether that is a surprise.

    >>> from hatecrime.stats.expected import surprise
    >>> silence({"Limelight": surprise(0, 4.1)}, "April 2015 to March 2017")
    'April 2015 to March 2017: Limelight took none where 4.1 were to be expected, which is unlikely to be chance.'
    """
    said = []
    for name, found in reports.items():
        if found.observed:
            continue
        if found.verdict == "fewer":
            message = _("{name} took none where {n} were to be expected, which is unlikely to be chance.")
        else:
            message = _("{name} took none, but only {n} were to be expected, so its silence says little.")
        said.append(message.format(name=name, n=number(found.expected, 1)))
    return _("{span}: {silences}").format(span=span, silences=" ".join(said)) if said else ""


def no_returns(names: Sequence[str]) -> str:
    """
    Centres that sent no return, which is not the same as no report.

    >>> no_returns(["Genie Network"])
    'Genie Network sent no return: its bar is what the police recorded, and it may have taken more.'
    """
    if not names:
        return ""
    message = ngettext(
        "{names} sent no return: its bar is what the police recorded, and it may have taken more.",
        "{names} sent no return: their bars are what the police recorded, and they may have taken more.",
        len(names),
    )
    return message.format(names=join(names))
