"""The steps of dashboard.py: language, snapshot, filters, banner. Everything a page may rely on is made here."""

import gc
from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st

from hatecrime import database, i18n
from hatecrime.database import NOT_RECORDED, Facts
from hatecrime.dictionary import code_list
from hatecrime.filters import Filters
from hatecrime.i18n import _, date_long
from hatecrime.settings import settings
from hatecrime.ui.choices import start_link
from hatecrime.ui.data import open_once
from hatecrime.ui.session import Session
from hatecrime.ui.sidebar import choose_filters, choose_language, choose_look
from hatecrime.ui.start import find_snapshot

OFFERED_LEVELS = ("region", "force", "district", "locality", "ward")


@st.cache_resource(show_spinner=False)
def freeze() -> None:
    """Streamlit collects garbage after every run; what the imports made need not be looked through each time."""
    gc.collect()
    gc.freeze()


def speak() -> None:
    """The language of this run, chosen at the head of the sidebar or by the link."""
    start_link()
    with st.sidebar:
        i18n.use(choose_language(settings().language))


def open_session() -> Session:
    """The snapshot, the shared filters and the look, for one run."""
    path = find_snapshot()
    facts = open_once(path).facts
    with st.sidebar:
        st.subheader(_("Filters"), anchor=False)
        first = _first_day(path, facts)
        filters = choose_filters(facts, _areas(path), first)
        look = choose_look()
        _about_the_data(facts)
    return Session(path, facts, filters, "analyst", look, first)


def banner(session: Session) -> None:
    """Made-up data say so on every page, before anything else."""
    if session.facts.synthetic:
        notice = settings().synthetic_notice
        st.html(_NOTICE.format(text=notice.get(i18n.language(), notice["en"])))


_NOTICE = (
    '<div role="note" style="background:#F46A25;color:#0b0c0c;padding:0.3rem 0.9rem;border-radius:4px;'
    'font-size:0.95rem;font-weight:600">{text}</div>'
)


def _about_the_data(facts: Facts) -> None:
    lines = []
    if facts.data_to:
        lines.append(_("Data to {date}").format(date=date_long(facts.data_to)))
    if facts.approximate:
        lines.append(_("Outlines of areas are approximate."))
    st.caption("  \n".join(lines))


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
    """The first month in the data; without any, the last complete day, so that periods still exist."""
    months = database.count(open_once(path), Filters(), ("month",))["month"]
    last = _facts.complete_to or _facts.data_to or date.min
    return last.replace(day=1) if months.empty else months.min().date()
