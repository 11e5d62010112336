"""Phrases for counts, shares, changes and lists of names."""

from collections.abc import Sequence

from hatecrime.i18n import _, language, ngettext, number, percent
from hatecrime.stats.change import Change

# Below this many cases a share or a change says more about chance than about anything else.
SMALL = 10
WELSH_VOWELS = "aâeêiîoôuûwŵyŷ"


def sentences(*parts: str) -> str:
    """The sentences that have something to say, one after the other."""
    return " ".join(part for part in parts if part)


def join(names: Sequence[str], limit: int = 3) -> str:
    """
    The names in one phrase; beyond the limit the rest is counted.

    >>> join(["Clifford", "Longford", "Sale"])
    'Clifford, Longford and Sale'
    >>> join(["Conwy", "Gwynedd", "Flintshire", "Powys", "Wrexham"])
    'Conwy, Gwynedd, Flintshire and 2 others'
    """
    shown = list(names)
    if len(shown) > limit + 1:
        rest = len(shown) - limit
        shown = [*shown[:limit], ngettext("{n} other", "{n} others", rest).format(n=number(rest))]
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {_and(shown[-1])} {shown[-1]}"


def incidents(n: float) -> str:
    """
    >>> incidents(1), incidents(1234)
    ('1 incident', '1,234 incidents')
    """
    return ngettext("{n} incident", "{n} incidents", int(n)).format(n=number(n))


def km(metres: float) -> str:
    """
    >>> km(800), km(3200)
    ('800 m', '3.2 km')
    """
    if metres < 1000:
        return _("{n} m").format(n=number(metres))
    return _("{n} km").format(n=number(metres / 1000, 1))


def share(part: float, total: float) -> str:
    """
    A part of a total: a percentage, or the counts themselves where there are few.

    >>> share(113, 365), share(3, 7), share(1, 365), share(0, 365)
    ('31%', '3 of 7', 'less than 1%', 'none')
    """
    if part == 0:
        return _("none")
    if total < SMALL:
        return _("{part} of {total}").format(part=number(part), total=number(total))
    if part / total < 0.01:
        return _("less than {share}").format(share=percent(0.01))
    if part < total and part / total > 0.99:
        return _("more than {share}").format(share=percent(0.99))
    return percent(part / total)


def change(difference: Change, since: str | None = None) -> str:
    """
    A sentence about how a count compares with another one.

    >>> from hatecrime.stats.change import compare
    >>> change(compare(300, 400))
    'That is 100 (33%) more than a year earlier (95% interval of the ratio 1.15 to 1.55).'
    >>> change(compare(300, 310))
    'That is no clear change from the 300 of a year earlier (95% interval of the ratio 0.88 to 1.22).'
    """
    values = {
        "since": since or _("a year earlier"),
        "before": number(difference.before),
        "now": number(difference.now),
        "interval": interval(difference),
        "amount": _amount(difference),
    }
    return _change_message(difference).format(**values)


def interval(difference: Change) -> str:
    """
    >>> from hatecrime.stats.change import compare
    >>> interval(compare(300, 400))
    '95% interval of the ratio 1.15 to 1.55'
    """
    # A third decimal where two would show a limit as the 1 it is not.
    decimals = 3 if 1 in (round(difference.low, 2), round(difference.high, 2)) else 2
    low, high = number(difference.low, decimals), number(difference.high, decimals)
    return _("95% interval of the ratio {low} to {high}").format(low=low, high=high)


def provisional(months: int) -> str:
    """
    A sentence that warns of the latest months inside a figure; none where there are none.

    >>> provisional(2)
    'The latest 2 months are provisional, so this can still change; Trends compares without them.'
    """
    if not months:
        return ""
    return ngettext(
        "The latest month is provisional, so this can still change; Trends compares without it.",
        "The latest {n} months are provisional, so this can still change; Trends compares without them.",
        months,
    ).format(n=number(months))


def too_small(difference: Change) -> bool:
    """Whether two counts are too small together to tell anything."""
    return difference.before + difference.now < SMALL


def _change_message(difference: Change) -> str:
    if difference.reason == "missing":
        return _("There is no figure from {since} to compare with.")
    if difference.reason == "none_at_all":
        return _("None was recorded {since} either.")
    if too_small(difference):
        return _("With {before} {since}, the numbers are too small to tell a change.")
    if difference.reason == "none_before":
        return _("None was recorded {since}, so it went from 0 to {now}, of which no percentage can be given.")
    if difference.direction == "more":
        return _("That is {amount} more than {since} ({interval}).")
    if difference.direction == "fewer":
        return _("That is {amount} fewer than {since} ({interval}).")
    return _("That is no clear change from the {before} of {since} ({interval}).")


def _amount(difference: Change) -> str:
    events = number(abs(difference.difference))
    if difference.reason or difference.before < SMALL:
        return events
    return _("{n} ({share})").format(n=events, share=percent(abs(difference.percent)))


def _and(name: str) -> str:
    if language() == "cy":
        return "ac" if name[:1].lower() in WELSH_VOWELS or _spoken_with_a_vowel(name) else "a"
    return _("and")


def _spoken_with_a_vowel(name: str) -> bool:
    """Whether a figure begins with a vowel in Welsh: un, wyth, un ar ddeg."""
    figure = name.split(" ")[0].replace(",", "")
    return figure.isdigit() and (figure.startswith("8") or figure in {"1", "11"})
