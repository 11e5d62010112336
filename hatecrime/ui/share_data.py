"""The one table of figures that a partner or the public is given, and who may see which part of it."""

from pathlib import Path

import pandas as pd
import streamlit as st

from hatecrime import database
from hatecrime.access import lies_in
from hatecrime.i18n import _
from hatecrime.protect.audience import Audience, audience
from hatecrime.ui.data import SNAPSHOTS_OPEN, open_once
from hatecrime.ui.session import gate

SCOPES_KEPT = 32


def shared() -> pd.DataFrame:
    """The figures shared with the audience of this run, in the areas of its user. Never to be changed in place."""
    session = gate()
    with st.spinner(_("Preparing the figures that can be shared; this happens once for new data.")):
        return _within(session.snapshot, session.audience, session.user.areas)


def rules() -> Audience:
    """How the figures of this run are protected."""
    return audience(gate().audience)


@st.cache_resource(max_entries=SCOPES_KEPT, show_spinner=False)
def _within(path: Path, audience: str, areas: tuple[str, ...]) -> pd.DataFrame:
    """The rows of the areas and of what lies in them; without areas all of them."""
    whole = _whole(path, audience)
    if not areas:
        return whole
    inside = {area for area in whole["area"].unique() if lies_in(area, areas)}
    return whole[whole["area"].isin(inside)].reset_index(drop=True)


@st.cache_resource(max_entries=2 * SNAPSHOTS_OPEN, show_spinner=False)
def _whole(path: Path, audience: str) -> pd.DataFrame:
    return database.shared(open_once(path), audience)
