"""What is noted in the register: every view before it is shown, and every file before it is given."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial

import streamlit as st

from hatecrime.access import User
from hatecrime.i18n import _
from hatecrime.register import Register, RegisterError, open_register
from hatecrime.register.log import Event
from hatecrime.settings import default_register, settings
from hatecrime.ui.choices import LINK
from hatecrime.ui.refusal import refuse
from hatecrime.ui.session import Session

# In the browser session: the page of this run, and what was noted last of each kind, so that nothing is noted twice.
ON_VIEW = "on view"
LAST = "noted"

Filters = dict[str, str]


@dataclass(frozen=True)
class OnView:
    """The path of a page, and the choices that every page shares."""

    page: str
    shared: frozenset[str]


@contextmanager
def viewing(session: Session, page: str) -> Iterator[None]:
    """
    Note a view before the page runs, and the page's own choices (a quarter, a place) once it has read them.

    page: its path in the address. Where the view cannot be noted, those of whom it must be known do not get it.
    """
    st.session_state[ON_VIEW] = OnView(page, frozenset(st.session_state[LINK]))
    who = (session.user.subject, session.audience, page)
    given = session.filters.to_query()
    with _known(session.user):
        if _once("page", *who, given, session.facts.name):
            st.session_state[LAST]["choices"] = {}
    yield
    chosen = _own_choices()
    with _known(session.user):
        if chosen != st.session_state.get(LAST, {}).get("choices", chosen):
            register().note("page", *who, given | chosen, session.facts.name)
            st.session_state[LAST]["choices"] = chosen


def register() -> Register:
    """The register of this deployment; raises RegisterError where it cannot be opened."""
    return _register(default_register())


def note_sign_in(subject: str, audience: str) -> None:
    """Note that somebody has signed in, once in a browser session; what is then shown to them is noted by itself."""
    with suppress(RegisterError):
        _once("sign_in", subject, audience, "", {}, "")


def note_refused(subject: str, audience: str, page: str, why: str) -> None:
    """Note an attempt that was refused; it stays refused whether or not it can be noted."""
    with suppress(RegisterError):
        _once("refused", subject, audience, page, {}, why)


def noting_export(session: Session, file_name: str) -> Callable[[], None]:
    """
    What notes that a file of this view is taken away: for a thread that knows nothing of this run.

    It raises RegisterError where the export must be known and cannot be noted, so that the file is not given.
    """
    who = (session.user.subject, session.audience, st.session_state[ON_VIEW].page)
    filters = session.filters.to_query() | _own_choices()
    return partial(_note_export, session.user, *who, filters, f"{file_name}, {session.facts.name}")


def _note_export(user: User, subject: str, audience: str, page: str, filters: Filters, detail: str) -> None:
    try:
        open_register().note("export", subject, audience, page, filters, detail)
    except RegisterError:
        if _must_be_known(user):
            raise


def _once(event: Event, subject: str, audience: str, page: str, filters: Filters, detail: str) -> bool:
    """Note what differs from the last of its kind in this browser session; says whether it did."""
    last = st.session_state.setdefault(LAST, {})
    noted = (subject, audience, page, filters, detail)
    if last.get(event) == noted:
        return False
    register().note(event, *noted)
    last[event] = noted
    return True


@contextmanager
def _known(user: User) -> Iterator[None]:
    """Where the register cannot be written: nothing is shown, or the person at this machine is warned."""
    try:
        yield
    except RegisterError as error:
        if _must_be_known(user):
            refuse(
                _("This page cannot be shown, because that cannot be noted."), _("Tell those who run this dashboard.")
            )
        st.warning(_("Who looks at what is not being noted. {reason}").format(reason=error))


def _must_be_known(user: User) -> bool:
    return settings().register_required == "always" or not user.is_local


def _own_choices() -> Filters:
    """What was chosen on the page itself, in the words that its link has."""
    shared = st.session_state[ON_VIEW].shared
    return {name: ", ".join(labels) for name, labels in st.session_state[LINK].items() if name not in shared}


@st.cache_resource(max_entries=2, show_spinner=False)
def _register(address: str) -> Register:
    return open_register(address)
