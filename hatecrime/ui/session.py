"""What one run of the dashboard is about: the snapshot, the filters, the audience and the look."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from hatecrime.access import User
from hatecrime.charts.theme import Look
from hatecrime.database import Facts
from hatecrime.filters import Filters
from hatecrime.i18n import _
from hatecrime.periods import Period
from hatecrime.ui.refusal import refuse


@dataclass(frozen=True)
class Session:
    """Made by the frame at the start of a run; pages read it and never change it."""

    snapshot: Path
    facts: Facts
    filters: Filters
    user: User
    # What is shown: as the user, or less where an analyst looks as somebody else.
    audience: str
    look: Look
    # The first day of the data.
    first: date
    # What this run has drawn, for the foot of the page: file name -> table.
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    # What this run has said, for the titles of its pictures: the last sentence above one is what it shows.
    findings: list[str] = field(default_factory=list)

    @property
    def period(self) -> Period:
        """The period of the filters, which the frame always closes."""
        if self.filters.period is None:
            raise ValueError("The frame closes every period.")
        return self.filters.period

    @property
    def is_meeting(self) -> bool:
        """Whether the page is drawn for a room: larger, with the detail folded away."""
        return self.look.density == "meeting"


# A page is run inside `opened`, so a page started by any other way finds nothing here and is refused.
_session: ContextVar[Session | None] = ContextVar("session", default=None)


@contextmanager
def opened(session: Session) -> Iterator[Session]:
    """Open the gate for as long as the page runs."""
    token = _session.set(session)
    try:
        yield session
    finally:
        _session.reset(token)


def gate() -> Session:
    """The session of this run; without the frame there is none, and nothing is shown."""
    session = _session.get()
    if session is None:
        refuse(
            _("This page opens from the dashboard only."),
            _("Start at the first page and choose it in the menu; a shared link does so by itself."),
        )
    return session
