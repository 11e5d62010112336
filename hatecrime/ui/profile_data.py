"""The profile of a place for the shared filters: counted once for all places of a level, then cut out for each."""

from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from hatecrime.filters import Filters
from hatecrime.i18n import language, speaking
from hatecrime.reports.profile import Profile, Sheets, mature, profile_of, window
from hatecrime.reports.unknown_near import Nearby, nearby
from hatecrime.stats.neighbours import Neighbours
from hatecrime.ui.data import count, fetch, limited
from hatecrime.ui.places import EVERYTHING, Places, day, neighbours_of
from hatecrime.ui.session import gate


def sheets(level: str) -> Sheets:
    """Whatever is counted by place, of the shared filters."""
    session = gate()
    filters = session.filters
    outcome_period = mature(filters, session.facts)
    by = partial(_by_area, level)
    return Sheets(
        filters=filters,
        facts=session.facts,
        first=session.first,
        months=by(("month",), window(filters, session.first)),
        strands=by(("strand",)),
        crime_types=by(("crime_type",)),
        hours=by(("hour", "weekday")),
        outcomes=by(("outcome_group",), filters.during(outcome_period)),
        marks=fetch("profile/marks", level=level),
        mature=outcome_period,
    )


def profiles(found: Places, counted: Sheets, codes: list[str]) -> list[Profile]:
    """The profiles of some of the places."""
    return [_profile(found, counted, code) for code in codes]


def residents(code: str) -> pd.DataFrame:
    """Who lives in an area, by group."""
    return fetch("profile/residents", EVERYTHING, area=code, year=day().year)


def _by_area(level: str, by: tuple[str, ...], filters: Filters | None = None) -> pd.DataFrame:
    return count(("area", *by), filters, level)


def _near() -> Nearby:
    session = gate()
    return _kept_near(session.snapshot, session.filters, session.audience, session.user.areas, language())


@st.cache_data(max_entries=60, show_spinner=False)
def _kept_near(path: Path, filters: Filters, audience: str, areas: tuple[str, ...], language: str) -> Nearby:
    # The language is a parameter because the labels are in it, and the result is kept.
    if filters.period is None:
        raise ValueError("The frame closes every period.")
    with speaking(language):
        return nearby(limited(path, audience, areas), filters, filters.period)


def _key(found: Places) -> str:
    """What the places and their outlines follow from, beside the filters, and for whom."""
    session = gate()
    seen_by = (session.snapshot, session.audience, session.user.areas, language())
    return repr((seen_by, found.choices, session.filters.area, tuple(found.table["id"])))


def _counted_key(counted: Sheets) -> str:
    return repr(counted.filters)


@st.cache_data(max_entries=100, show_spinner=False, hash_funcs={Places: _key, Sheets: _counted_key})
def _profile(found: Places, counted: Sheets, code: str) -> Profile:
    return profile_of(counted, found.table, _around(found), _near(), residents(code), code)


@st.cache_resource(max_entries=20, show_spinner=False, hash_funcs={Places: _key})
def _around(found: Places) -> Neighbours:
    return neighbours_of(found)
