"""What goes with every file that leaves the dashboard: for whose eyes it is, what it shows, and when it was made."""

from collections.abc import Iterable
from datetime import UTC, datetime

from hatecrime import __version__
from hatecrime.database import Facts
from hatecrime.i18n import MISSING, _, date_long, language
from hatecrime.settings import settings

# Programs pass over a line that begins so, if they are told to; a spreadsheet shows it as words.
MARK = "#"


def footer(facts: Facts, audience: str, filters: str, at: datetime | None = None) -> list[str]:
    """The lines, in the language in use. filters: in words; at: when the file was asked for, in UTC; else now."""
    at = at or datetime.now(UTC)
    made = _("Snapshot {name}, complete to {day}.")
    taken = _("Taken away on {day} at {time} UTC. Version {version}.")
    lines = [
        settings().classification[audience],
        settings().synthetic_notice[language()] if facts.synthetic else "",
        _("Made {audience}.").format(audience=made_for(audience)),
        _("Shown: {filters}.").format(filters=filters) if filters else "",
        made.format(name=facts.name, day=date_long(facts.complete_to) if facts.complete_to else MISSING),
        taken.format(day=date_long(at.date()), time=f"{at:%H:%M}", version=__version__),
    ]
    return [line for line in lines if line]


def made_for(audience: str) -> str:
    """Whose eyes figures are for, and what that makes of them."""
    if audience == "analyst":
        return _("for analysts: exact figures")
    return _("for partners: protected figures") if audience == "partner" else _("for the public: protected figures")


def as_comments(lines: Iterable[str]) -> str:
    """
    Lines for a CSV file. Each stays one unquoted cell: programs that pass over comments know them by their first
    character, and no part of a line may become a cell of its own that a spreadsheet would run.

    >>> as_comments(["Race, religion", "=1"])
    '# Race; religion\\n# =1\\n'
    """
    return "".join(f"{MARK} {_one_cell(line)}\n" for line in lines)


def _one_cell(line: str) -> str:
    return " ".join(line.replace(",", ";").replace('"', "”").split())
