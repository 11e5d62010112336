"""What is said of a file on its way in: what was recognised, what a trial run would keep, what is shown now."""

from collections.abc import Sequence
from datetime import date

from hatecrime.dictionary import code_list
from hatecrime.extracts.report import ExtractReport, Trial
from hatecrime.i18n import _, date_long, language, ngettext, number, percent
from hatecrime.words.numbers import sentences

# What the build calls its last part.
WRITING = "snapshot"


def recognised(sure: int, guessed: int, unknown: int) -> str:
    """
    How much of a file's columns is understood.

    >>> recognised(8, 1, 2)
    '8 columns are recognised. 1 is guessed: look at it. 2 are not recognised and not stored.'
    """
    return sentences(
        ngettext("{n} column is recognised.", "{n} columns are recognised.", sure).format(n=number(sure)),
        _guessed(guessed),
        ngettext("{n} is not recognised and not stored.", "{n} are not recognised and not stored.", unknown).format(
            n=number(unknown)
        )
        if unknown
        else "",
    )


def labels(unknown: int, guessed: int, seen: bool) -> str:
    """
    A heading: how many labels nobody has said the meaning of, and how many were guessed; that there are no more is
    said only where a dry run of the whole file has `seen` it.

    >>> labels(0, 0, True)
    'Every label is recognised.'
    >>> labels(0, 0, False)
    'Whether every label has a meaning shows when the file is checked.'
    >>> labels(1, 2, True)
    '1 label is not recognised: say what it means. 2 are guessed: look at them.'
    """
    if not unknown and not guessed and seen:
        return _("Every label is recognised.")
    return sentences(
        ngettext(
            "{n} label is not recognised: say what it means.",
            "{n} labels are not recognised: say what they mean.",
            unknown,
        ).format(n=number(unknown))
        if unknown
        else _("Every label has a meaning.")
        if seen
        else _("Whether every label has a meaning shows when the file is checked."),
        _guessed(guessed),
    )


def _guessed(n: int) -> str:
    if not n:
        return ""
    return ngettext("{n} is guessed: look at it.", "{n} are guessed: look at them.", n).format(n=number(n))


def trial(reports: Sequence[ExtractReport]) -> str:
    """What a build would make of a file, in one sentence."""
    read, kept = sum(r.read for r in reports), sum(r.kept for r in reports)
    refused, folded = sum(sum(r.refused.values()) for r in reports), sum(r.collapsed for r in reports)
    values = sum(sum(r.values_refused.values()) for r in reports)
    return sentences(_would(read, kept, refused, folded), _values(values))


def loaded(kept: int, title: str) -> str:
    """
    What is shown after a file was loaded.

    >>> loaded(264, "Incidents, Anyshire")
    'The new snapshot is shown: 264 records of “Incidents, Anyshire”.'
    """
    message = ngettext(
        "The new snapshot is shown: {n} record of “{title}”.",
        "The new snapshot is shown: {n} records of “{title}”.",
        kept,
    )
    return message.format(n=number(kept), title=title)


def _would(read: int, kept: int, refused: int, folded: int) -> str:
    """
    >>> _would(266, 264, 2, 0)
    '266 rows read: 264 would be kept, 2 refused.'
    >>> _would(1, 0, 0, 1)
    '1 row read: 0 would be kept, 0 refused, 1 folded into another.'
    """
    rows = ngettext("{n} row read", "{n} rows read", read).format(n=number(read))
    if folded:
        message = _("{rows}: {kept} would be kept, {refused} refused, {folded} folded into another.")
    else:
        message = _("{rows}: {kept} would be kept, {refused} refused.")
    return message.format(rows=rows, kept=number(kept), refused=number(refused), folded=number(folded))


def _values(n: int) -> str:
    if not n:
        return ""
    message = ngettext(
        "{n} more value would be left empty in a row that is kept.",
        "{n} more values would be left empty in rows that are kept.",
        n,
    )
    return message.format(n=number(n))


def progress(what: str) -> str:
    """
    What a build is doing: a file is read, or the snapshot is written.

    >>> progress("incidents.csv")
    'Reading incidents.csv'
    """
    return _("Writing the snapshot") if what == WRITING else _("Reading {file}").format(file=what)


def reach(trial: Trial) -> str:
    """Which days a file covers, and how much of it can be placed."""
    return sentences(_days(trial), _places(trial))


def _days(trial: Trial) -> str:
    if not trial.first_on or not trial.last_on:
        return ""
    first, last = (date_long(date.fromisoformat(day)) for day in (trial.first_on, trial.last_on))
    return _("Dates: {first} to {last}.").format(first=first, last=last)


def _places(trial: Trial) -> str:
    """The share of the records that would be kept whose area is known, by kind of area, and that have a point."""
    if trial.areas is None:
        return ""
    levels = code_list("area_level")
    told = [f"{levels.label(code, language())} {percent(trial.areas[code])}" for code in levels if trial.areas[code]]
    told += [_("a point {share}").format(share=percent(trial.areas["placed"]))] if trial.areas["placed"] else []
    return _("Places known: {places}.").format(places=", ".join(told) or _("none"))
