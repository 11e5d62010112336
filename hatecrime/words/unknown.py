"""Why a place is on the list of unknown hotspots, how sure that is, and what it is worth: in plain words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hatecrime.dictionary import code_list
from hatecrime.i18n import _, language, ngettext, number
from hatecrime.words.numbers import incidents, join, km, sentences

# Of fewer incidents it is not said when they happened.
FEWEST_LATE = 5


@dataclass(frozen=True)
class Finding:
    """
    What one entry rests on.

    kind, strand, crime_group and flag are codes; label names the place; whole counts all its incidents, or those for
    which the flag is known; before, those of a period earlier; late, those of its last three months, where it is of a
    year or more; using names what the expected number was drawn from; at,
    the grid reference of a point; known, whether the place stood out in the same way in the years before.
    """

    kind: str
    label: str
    observed: float
    expected: float
    low: float
    high: float
    whole: float
    strand: str = ""
    crime_group: str = ""
    flag: str = ""
    before: float = math.nan
    late: float = math.nan
    using: tuple[str, ...] = ()
    known: bool = False
    at: str = ""


def kinds() -> dict[str, str]:
    """The kinds of entry, in the order of the list of kinds, with what people read."""
    return {
        "hidden": _("Hot for one kind of incident, not in its total beside other places"),
        "new": _("Newly emerging"),
        "per_resident": _("Hot for its residents"),
        "quiet": _("Quiet where more would be expected"),
        "repeat_victims": _("Repeat victims"),
        "repeat_place": _("One place again and again"),
        "share": _("A setting stands out"),
    }


def sureness() -> dict[str, str]:
    """How sure an entry is: the word, with what it means."""
    return {
        "confident": _("confident: over all that was looked at, the chance of any such entry by accident is below 2%"),
        "likely": _("likely: of the entries marked so or better, at most one in ten is expected to be an accident"),
        "watch": _("watch: alone it would be unusual, but among so many comparisons some look like this by chance"),
    }


def sure_word(sure: str) -> str:
    """The word alone."""
    return {"confident": _("confident"), "likely": _("likely"), "watch": _("watch")}[sure]


def what(strand: str = "", crime_group: str = "", flag: str = "") -> str:
    """
    What the incidents of an entry have in common.

    >>> what("disability", "criminal_damage_arson"), what(flag="school"), what()
    ('criminal damage and arson with disability hostility', 'in or near a school', 'all incidents')
    """
    if flag:
        return _settings()[flag]
    hostility = _("{strand} hostility").format(strand=_lower("strand", strand)) if strand else ""
    group = _lower("crime_type", crime_group) if crime_group else ""
    if hostility and group:
        return _("{crime} with {hostility}").format(crime=group, hostility=hostility)
    return hostility or group or _("all incidents")


def reason(found: Finding) -> str:
    """
    Why the place is on the list, in a few sentences.

    >>> reason(Finding("hidden", "Broadheath", 14, 0.6, 9.7, 73, 32, "disability", "criminal_damage_arson"))[:88]
    'Broadheath has 14 incidents of criminal damage and arson with disability hostility. Were'
    """
    known = _("It stood out in the same way in the years before, so this is no news.") if found.known else ""
    return sentences(_REASONS[found.kind](found), _late(found), known)


def also(found: Finding) -> str:
    """
    A further finding of the same place, in short.

    >>> also(Finding("hidden", "Hale", 5, 0.9, 1, 9, 13, "disability"))
    'disability hostility: 5 (about 0.9 if it were like other places)'
    """
    message = _("{what}: {n} ({expected} if it were like other places)")
    if found.kind == "new":
        message = _("{what}: {n}, up from {before} ({expected} if it had changed as elsewhere)")
    return _filled(message, found)


def comparisons(tested: int, by_chance: float, found: int) -> str:
    """
    How much was looked through, and what chance alone would bring.

    >>> comparisons(959, 23.4, 34)[:99]
    '959 comparisons were made. Chance alone would make about 23 of them look unusual (below 1 in 20; co'
    """
    if not tested:
        return _("No comparison could be made: there are too few incidents, or nothing to compare them with.")
    made = ngettext("{n} comparison was made.", "{n} comparisons were made.", tested).format(n=number(tested))
    chance = _(
        "Chance alone would make {chance} of them look unusual (below 1 in 20; counts are whole numbers, so most "
        "comparisons can do so only more rarely than that); {found} do."
    )
    return sentences(made, chance.format(chance=_about(by_chance), found=number(found)))


def expected_from(using: Sequence[str]) -> str:
    """
    What the number of incidents to be expected of a place was drawn from.

    >>> expected_from(["religion", "deprivation", "neighbours"])
    'residents, residents by strand (religion), deprivation and the places beside it'
    """
    strands = [_lower("strand", each) for each in using if each in code_list("strand")]
    named = [
        _("residents"),
        _("residents by strand ({strands})").format(strands=join(strands, len(strands))) if strands else "",
        _("deprivation") if "deprivation" in using else "",
        _("all other crime") if "other_crime" in using else "",
        _("the places beside it") if "neighbours" in using else "",
    ]
    present = [each for each in named if each]
    return join(present, len(present))


def near(label: str, metres: float) -> str:
    """
    >>> near("Sale Library", 430)
    'Sale Library (430 m)'
    """
    return _("{name} ({distance})").format(name=label, distance=km(metres))


def training(either: int, strand: str, stands_out: bool) -> str:
    """
    What to put into a place's schools and training.

    >>> training(5, "race", True)
    'Sessions in schools and with youth services on race hostility, which stands out here.'
    >>> training(1, "", False)
    'Too little is recorded here to tell what a session should be about; use what is said for all places together.'
    """
    if not strand:
        return _(
            "Too little is recorded here to tell what a session should be about; use what is said for all places"
            " together."
        )
    whom = _("Sessions in schools and with youth services") if either else _("Sessions for staff who meet the public")
    message = (
        _("{sessions} on {hostility}, which stands out here.")
        if stands_out
        else _("{sessions} on {hostility}, the commonest here.")
    )
    return message.format(sessions=whom, hostility=what(strand))


def training_order(school: bool, young: bool) -> str:
    """
    Which places come first, by what the records tell: whether it was at school, and whether a victim was under 18.

    >>> training_order(False, True)
    'Places with most victims under 18 come first; the records do not say what was in or near a school.'
    """
    if school and young:
        return _("Places with most incidents in or near a school, or with a victim under 18, come first.")
    if school:
        return _("Places with most incidents in or near a school come first; the records give no age of a victim.")
    if young:
        return _("Places with most victims under 18 come first; the records do not say what was in or near a school.")
    return _(
        "Places with most incidents come first: the records do not say what was in or near a school or had a victim"
        " under 18."
    )


def _late(found: Finding) -> str:
    """
    When, where most of it is recent.

    >>> _late(Finding("hidden", "Hale", 25, 0.9, 1, 9, 84, late=22))
    '22 of the 25 are in the last three months.'
    """
    if not found.late >= max(FEWEST_LATE, found.observed / 2):
        return ""
    message = _("{late} of the {n} are in the last three months.")
    if found.late == found.observed:
        message = _("All {n} are in the last three months.")
    return message.format(late=number(found.late), n=number(found.observed))


def _hidden(found: Finding) -> str:
    message = _(
        "{label} has {some}. Were its {whole} in all like those elsewhere, {expected} would be; its total "
        "does not stand out beside other places."
    )
    return _filled(message, found)


def _new(found: Finding) -> str:
    message = _(
        "{label} has {some}, after {before} in the same months before, and they rise through the period. Had "
        "they changed as elsewhere, there would be {expected}."
    )
    return _filled(message, found)


def _per_resident(found: Finding) -> str:
    message = _(
        "{label} has {some}; for its residents, {expected} would be expected. Those present need not be those who "
        "live there: town centres draw people."
    )
    return _filled(message, found)


def _quiet(found: Finding) -> str:
    message = _(
        "{label} has {some}, where {expected} would be expected from {using}. Silence may mean fear, not safety."
    )
    return _filled(message, found)


def _repeat_victims(found: Finding) -> str:
    message = _(
        "In {label}, the victim of {n} of {whole} had been recorded in the 12 months before; elsewhere that would be "
        "{expected} of as many."
    )
    return _filled(message, found)


def _repeat_place(found: Finding) -> str:
    message = _(
        "{some} in {label} were recorded at one place ({at}), out of {whole}; from what was recorded at it before, "
        "{expected} would be expected. One point can stand for several addresses."
    )
    return _filled(message, found)


def _share(found: Finding) -> str:
    message = _("In {label}, {n} of {whole} happened {what}; elsewhere that would be {expected} of as many.")
    if found.flag == "young":
        message = _("In {label}, {n} of {whole} had a victim under 18; elsewhere that would be {expected}.")
    return _filled(message, found)


_REASONS = {
    "hidden": _hidden,
    "new": _new,
    "per_resident": _per_resident,
    "quiet": _quiet,
    "repeat_victims": _repeat_victims,
    "repeat_place": _repeat_place,
    "share": _share,
}


def _filled(message: str, found: Finding) -> str:
    of_what = what(found.strand, found.crime_group, found.flag)
    return message.format(
        label=found.label,
        n=number(found.observed),
        some=_some(found, of_what),
        what=of_what,
        whole=incidents(found.whole) if found.flag else number(found.whole),
        before=number(found.before),
        expected=_about(found.expected),
        using=expected_from(found.using),
        at=found.at,
    )


def _some(found: Finding, of_what: str) -> str:
    """Incidents, and of what unless they are all."""
    counted = incidents(found.observed)
    return _("{incidents} of {what}").format(incidents=counted, what=of_what) if _is_part(found) else counted


def _is_part(found: Finding) -> bool:
    return bool(found.strand or found.crime_group)


def _about(n: float) -> str:
    """
    A number that is no count: no more exact than it can be.

    >>> _about(0.0), _about(0.03), _about(1.27), _about(23.4)
    ('none', 'fewer than 0.1', 'about 1.3', 'about 23')
    """
    if n == 0:
        return _("none")
    if n < 0.1:
        return _("fewer than {n}").format(n=number(0.1, 1))
    return _("about {n}").format(n=number(n, 0 if n >= 10 else 1))


def _settings() -> dict[str, str]:
    return {
        "school": _("in or near a school"),
        "transport": _("on public transport"),
        "night_time": _("in the night-time economy"),
        "online": _("online"),
        "young": _("victim under 18"),
        "repeat_victim": _("victim recorded before"),
    }


def _lower(list_name: str, code: str) -> str:
    codes = code_list(list_name)
    label = codes.label(code, language()) if code in codes else code
    return label[:1].lower() + label[1:]
