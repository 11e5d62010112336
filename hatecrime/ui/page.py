"""The anatomy of a page, the same everywhere: question, answer, picture beside facts, parts, foot."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from hatecrime.i18n import _, number
from hatecrime.ui.choices import link
from hatecrime.ui.marks import escape_markdown
from hatecrime.ui.records import offer, to_csv
from hatecrime.ui.session import Session, gate
from hatecrime.ui.sidebar import basis_name, clear_filters, data_to, describe

# The widest line that is read with ease.
READABLE = 900


@dataclass(frozen=True)
class Fact:
    """One figure that matters: what it is, the figure, and its interval or its n."""

    label: str
    value: str
    note: str = ""


def open_page(question: str) -> Session:
    """The question the page answers, as its title; gives the session."""
    session = gate()
    st.title(question, anchor=False)
    return session


def answer(*sentences: str) -> None:
    """The answer in one or two plain sentences, right under the question."""
    size = "1.45rem" if gate().is_meeting else "1.15rem"
    text = " ".join(sentence for sentence in sentences if sentence)
    gate().findings.append(text)
    st.html(f'<p style="font-size:{size};line-height:1.5;max-width:62rem;margin:0">{escape(text)}</p>')


def beside() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Room for a picture, and beside it room for the facts."""
    picture, facts = st.columns([3, 1], gap="large")
    return picture, facts


def facts(*given: Fact) -> None:
    """Three or four figures that matter, one under the other."""
    for fact in given:
        with st.container(gap=None):
            st.metric(fact.label, fact.value)
            if fact.note:
                st.caption(fact.note)


def section(finding: str) -> None:
    """A part of the page; its heading says what it finds."""
    st.space("small")
    st.subheader(finding, anchor=False)
    gate().findings.append(finding)


def detail(finding: str) -> DeltaGenerator:
    """A part for analysts: open on their screens, folded away in a meeting."""
    if gate().is_meeting:
        return st.expander(finding)
    section(finding)
    return st.container()


def note(*sentences: str) -> None:
    """A caveat or a reading aid, in small."""
    st.caption(" ".join(sentences), width=READABLE)


def leads(*given: tuple[str, str]) -> None:
    """Where to look next: pages, each with the sentence that says why. Filters go along."""
    for page, why in given:
        with st.container(border=True, gap="xsmall"):
            st.markdown(escape_markdown(why))
            st.page_link(page, icon=":material/arrow_forward:")


def empty(what: str = "") -> NoReturn:
    """Nothing matches the filters: say so, say which filters, and offer to clear them."""
    session = gate()
    with st.container(border=True, width=720):
        st.subheader(what or _("No incidents match these filters."), anchor=False)
        st.markdown(_("They are: {filters}.").format(filters=describe(session.filters)))
        st.markdown(_("Choose a longer period, a larger area or fewer conditions in the sidebar."))
        st.button(_("Clear the filters"), on_click=clear_filters, type="primary")
    foot()
    st.stop()


def foot(about: str = "") -> None:
    """What the page rests on, its address, and its tables to take away; about is what it shows, if not the filters."""
    session = gate()
    st.space("medium")
    with st.container(border=True):
        st.caption(" · ".join(_basis_of_the_page(session, about)))
        with st.container(horizontal=True):
            with st.popover(_("Copy link"), icon=":material/link:"):
                st.caption(_("This address opens the page with the same filters."))
                st.code(link(), language=None, wrap_lines=True)
            _downloads(session, about)


def _basis_of_the_page(session: Session, about: str) -> Sequence[str]:
    facts, filters = session.facts, session.filters
    parts = [
        data_to(facts),
        about or f"{describe(filters)} · {basis_name(filters.basis)}",
        _("the latest two months are provisional"),
        {"analyst": _("for analysts: exact figures"), "partner": _("for partners: protected figures")}.get(
            session.audience, _("for the public: protected figures")
        ),
        _("snapshot {name}").format(name=facts.name),
    ]
    if facts.synthetic:
        parts.append(_("SYNTHETIC: made-up data"))
    return parts


def _downloads(session: Session, about: str) -> None:
    if not session.tables:
        return
    with st.popover(_("Download"), icon=":material/download:"):
        for name, table in session.tables.items():
            label = _("{name}: {rows} rows, CSV").format(name=name, rows=number(len(table)))
            offer(label, partial(to_csv, table), f"{name}.csv", filters=about or None, key=f"download_{name}")
