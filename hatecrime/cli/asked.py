"""Whether a snapshot can answer what a command asks for: its level, its days. What it cannot is wrong usage."""

from datetime import date

from hatecrime.database import DataError, Snapshot, count, fetch
from hatecrime.dictionary import code_list
from hatecrime.filters import Filters
from hatecrime.i18n import _, month_year
from hatecrime.shape.choices import SHAPES


def check_level(level: str, snapshot: Snapshot, cells: bool = False) -> None:
    """
    Refuse a level that does not exist, or of which nothing is loaded though of others there is.

    Squares and hexagons are levels where a command has cells.
    """
    shapes = SHAPES if cells else ()
    known = (*code_list("area_level"), *shapes)
    if level not in known:
        sentence = _("There is no level “{level}”; there are {levels}.")
        raise ValueError(sentence.format(level=level, levels=", ".join(known)))
    loaded = _loaded(snapshot)
    if loaded and level not in (*loaded, *shapes):
        sentence = _("No areas of the level “{level}” are loaded; there are: {levels}.")
        raise ValueError(sentence.format(level=level, levels=", ".join((*loaded, *shapes))))


def check_days(filters: Filters, snapshot: Snapshot) -> None:
    """Refuse a period in which the snapshot has nothing: its silence would pass for an answer."""
    first, last = _ends(snapshot)
    if (filters.start and filters.start > last) or (filters.finish and filters.finish < first):
        raise ValueError(no_incident(snapshot))


def no_incident(snapshot: Snapshot) -> str:
    """That there is nothing to look at, and when there would be."""
    first, last = map(month_year, _ends(snapshot))
    return _("No incident fits what is asked for; the data run from {first} to {last}.").format(first=first, last=last)


def _loaded(snapshot: Snapshot) -> list[str]:
    """The levels with outlines or incidents: a list of names alone tells nothing of places."""
    listed = fetch(snapshot, "areas/listed")
    placed = fetch(snapshot, "hotspots/levels", Filters()).query("placed > 0")["level"]
    known = {*listed.loc[listed["has_outline"].astype(bool), "level"], *placed}
    return [level for level in code_list("area_level") if level in known]


def _ends(snapshot: Snapshot) -> tuple[date, date]:
    """The first day of the first month that has an incident, and the last day of the data."""
    months, last = count(snapshot, Filters(), ("month",))["month"].dropna(), snapshot.facts.data_to
    if months.empty or last is None:
        raise DataError(_("The snapshot has no incidents."))
    return months.min().date(), last
