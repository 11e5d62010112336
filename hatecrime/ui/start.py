"""The snapshot a run shows: the newest of the store, or one built from the sample where there is none."""

from pathlib import Path
from threading import Lock

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from hatecrime import database
from hatecrime.database import NoSnapshot
from hatecrime.extracts.build import build
from hatecrime.i18n import _
from hatecrime.settings import data_dir, default_store
from hatecrime.ui.refusal import refuse

LOOK_AGAIN_SECONDS = 10


def find_snapshot() -> Path:
    """The newest whole snapshot; builds the sample first where the store has no file at all."""
    store = default_store()
    try:
        if not _newest(store).exists():  # A build has deleted it since it was looked up.
            look_again()
        return _newest(store)
    except NoSnapshot as nothing:
        if any(store.glob("hatecrime-*.duckdb")) or not (_sample() / "extracts.toml").is_file():
            refuse(_("There is no data to show."), str(nothing))
        return _build_sample(store)


def look_again() -> None:
    """Forget which snapshot is the newest: one has just been built."""
    _newest.clear()


@st.cache_data(ttl=LOOK_AGAIN_SECONDS, max_entries=4, show_spinner=False)
def _newest(store: Path) -> Path:
    return database.newest(store)


def _sample() -> Path:
    return data_dir() / "sample"


def _build_sample(store: Path) -> Path:
    place = st.empty()
    with place.container(border=True, width=720):
        st.subheader(_("Building the bundled sample"), anchor=False)
        bar = st.progress(0.0, _("This takes a few seconds, once."))
    with _one_at_a_time():
        try:
            if not any(store.glob("hatecrime-*.duckdb")):
                build(_sample(), store, lambda share, what: _show(bar, share, what))
            made = database.newest(store)
        except Exception as error:  # A visitor reads a sentence and not a traceback, whatever went wrong.
            place.empty()
            refuse(_("The bundled sample could not be built."), str(error))
    place.empty()
    return made


@st.cache_resource(show_spinner=False)
def _one_at_a_time() -> Lock:
    """Of two first visitors, one builds and the other waits."""
    return Lock()


def _show(bar: DeltaGenerator, share: float, what: str) -> None:
    bar.progress(min(share, 1.0), what)
