"""The steps of dashboard.py: language, snapshot, filters, page. All a page may rely on is made here."""

import gc
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from hatecrime import database, i18n
from hatecrime.access import User, lies_in
from hatecrime.database import NOT_RECORDED, DataError, Facts
from hatecrime.dictionary import code_list
from hatecrime.filters import Filters
from hatecrime.i18n import _
from hatecrime.periods import latest
from hatecrime.settings import settings
from hatecrime.ui import log
from hatecrime.ui.choices import start_link
from hatecrime.ui.data import open_once
from hatecrime.ui.records import hide_unmarked
from hatecrime.ui.refusal import refuse
from hatecrime.ui.session import Session, gate
from hatecrime.ui.sidebar import choose_filters, choose_language, choose_look, choose_view, data_to
from hatecrime.ui.sign_in import draw_user
from hatecrime.ui.start import find_snapshot

# A named icon would be fetched from another host.
ICON = str(Path(__file__).with_name("icon.svg"))
OFFERED_LEVELS = ("region", "force", "district", "locality", "ward")


@st.cache_resource(show_spinner=False)
def freeze() -> None:
    """Streamlit collects garbage after every run; what the imports made need not be looked through."""
    gc.collect()
    gc.freeze()


def run(page: StreamlitPage, own: bool) -> None:
    """Run a page; what cannot be shown is said in a sentence, with how to mend it. own: whether it is in one's menu."""
    session = gate()
    hide_unmarked()
    try:
        # A page that is not in one's menu says why and shows nothing, so there is no view to note.
        with log.viewing(session, f"/{page.url_path}") if own else nullcontext():
            page.run()
    except DataError as error:
        refuse(_("This page cannot be shown."), str(error))


@dataclass(frozen=True)
class Head:
    """The line above every page: the notice that data are made up, the density, the language."""

    notice: DeltaGenerator
    density: DeltaGenerator
    language: DeltaGenerator


def speak() -> Head:
    """The language of this run, as the link or the switch at the head of the page has it."""
    start_link()
    line = st.container(horizontal=True, vertical_alignment="center", gap="medium")
    head = Head(line.container(), line.container(width="content"), line.container(width="content"))
    with head.language:
        i18n.use(choose_language(settings().language))
    return head


def choose_audience(user: User) -> str:
    """What is shown: as the user, or less where an analyst looks as somebody else. Nobody else has the choice."""
    with st.sidebar:
        draw_user(user)
        return choose_view() if user.audience == "analyst" else user.audience


def open_session(head: Head, user: User, audience: str) -> Session:
    """The snapshot, the shared filters and the look, for one run."""
    path = find_snapshot()
    facts = open_once(path).facts
    first = _first_day(path, facts)
    with head.notice:
        _notice(facts)
    with head.density:
        look = choose_look()
    with st.sidebar:
        filters = _filters(facts, path, first, user, audience)
        _about_the_data(facts)
    return Session(path, facts, filters, user, audience, look, first)


def _notice(facts: Facts) -> None:
    """Made-up data say so on every page, before anything else."""
    if facts.synthetic:
        words = settings().synthetic_notice
        st.html(_NOTICE.format(text=escape(words.get(i18n.language(), words["en"]))))


_NOTICE = (
    '<div role="note" style="background:#F46A25;color:#0b0c0c;padding:0.3rem 0.8rem;border-radius:4px;'
    'font-size:0.95rem;font-weight:600">{text}</div>'
)


def _about_the_data(facts: Facts) -> None:
    lines = [data_to(facts)]
    if facts.approximate:
        lines.append(_("Outlines of areas are approximate."))
    st.caption("  \n".join(lines))


def _filters(facts: Facts, path: Path, first: date, user: User, audience: str) -> Filters:
    """The shared filters of analysts; the others choose on each page among what is shared with them."""
    if audience != "analyst":
        return Filters().during(latest("12m", facts.complete_to or first, first))
    areas = _areas(path)
    # .loc, because without any area the list is empty and would choose columns.
    inside = areas.loc[[lies_in(code, user.areas) for code in areas["area_code"]]]
    return choose_filters(facts, inside, first, user.areas)


@st.cache_data(max_entries=4, show_spinner=False)
def _areas(path: Path) -> pd.DataFrame:
    """Areas that have incidents, largest first, each with its level and its number of incidents."""
    found = [_areas_of(path, level) for level in OFFERED_LEVELS]
    return pd.concat(found, ignore_index=True)


def _areas_of(path: Path, level: str) -> pd.DataFrame:
    counted = database.count(open_once(path), Filters(), ("area",), level).rename(columns={"area": "area_code"})
    listed = code_list("area")
    known = counted["area_code"].ne(NOT_RECORDED) & counted["area_code"].isin(listed)
    areas = counted[known].assign(level=level)
    names = areas["area_code"].map(listed.label)
    return areas.iloc[names.argsort().to_numpy()]


@st.cache_data(max_entries=4, show_spinner=False)
def _first_day(path: Path, _facts: Facts) -> date:
    """The first month in the data; without any, that of the last day or of today, so that periods still exist."""
    months = database.count(open_once(path), Filters(), ("month",))["month"]
    last = _facts.complete_to or _facts.data_to or date.today()
    return last.replace(day=1) if months.empty else months.min().date()
