"""Queries for pages: gated, cached by snapshot, query and filters, and remembering how they were made."""

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from hatecrime import database
from hatecrime.database import Snapshot
from hatecrime.filters import Filters
from hatecrime.ui.session import gate

KEPT = 500
SNAPSHOTS_OPEN = 4


def snapshot() -> Snapshot:
    """The open snapshot of this run, as far as its user may look; for reports and the like."""
    session = gate()
    return limited(session.snapshot, session.audience, session.user.areas)


def limited(path: Path, audience: str, areas: tuple[str, ...]) -> Snapshot:
    """The snapshot for users of an audience and some areas. What is kept of it is kept under both."""
    return open_once(path).limited(audience, areas)


@st.cache_resource(max_entries=SNAPSHOTS_OPEN, show_spinner=False)
def open_once(path: Path) -> Snapshot:
    """One read-only connection per file, shared by every visitor; each query takes its own cursor."""
    return database.open_snapshot(path)


def fetch(name: str, filters: Filters | None = None, **values: Any) -> pd.DataFrame:
    """The rows of queries/<name>.sql, for the shared filters if no others are given."""
    session = gate()
    filters = filters or session.filters
    frame = _fetch(session.snapshot, name, filters, session.audience, session.user.areas, tuple(values.items()))
    return _remember(frame, name, filters, values)


def count(by: tuple[str, ...] = (), filters: Filters | None = None, level: str | None = None) -> pd.DataFrame:
    """Incidents by up to three dimensions: one row per combination that occurs, with n."""
    session = gate()
    filters = filters or session.filters
    frame = _count(session.snapshot, filters, by, level, session.audience, session.user.areas)
    return _remember(frame, "incidents/count", filters, {"by": by, "level": level})


def count_referrals(by: tuple[str, ...] = (), filters: Filters | None = None) -> pd.DataFrame:
    """Referrals by up to three dimensions: one row per combination that occurs, with n."""
    session = gate()
    filters = filters or session.filters
    frame = _count_referrals(session.snapshot, filters, by, session.audience, session.user.areas)
    return _remember(frame, "referrals/count", filters, {"by": by})


# Audience and areas are part of every key, so nobody is given what was fetched for somebody who may see more.


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _fetch(
    path: Path,
    name: str,
    filters: Filters,
    audience: str,
    areas: tuple[str, ...],
    values: tuple[tuple[str, Any], ...],
) -> pd.DataFrame:
    return database.fetch(limited(path, audience, areas), name, filters, audience, **dict(values))


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _count(
    path: Path, filters: Filters, by: tuple[str, ...], level: str | None, audience: str, areas: tuple[str, ...]
) -> pd.DataFrame:
    return database.count(limited(path, audience, areas), filters, by, level, audience)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _count_referrals(
    path: Path, filters: Filters, by: tuple[str, ...], audience: str, areas: tuple[str, ...]
) -> pd.DataFrame:
    return database.count_referrals(limited(path, audience, areas), filters, by, audience)


def _remember(frame: pd.DataFrame, query: str, filters: Filters, values: dict[str, Any]) -> pd.DataFrame:
    """Note on the frame how it was made; plain values, because frames and their notes go to the browser."""
    given = {name: _plain(value) for name, value in values.items() if value not in (None, ())}
    made = {"query": query, "filters": filters.to_query(), "values": given, "rows": len(frame)}
    frame.attrs["made"] = made
    return frame


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
