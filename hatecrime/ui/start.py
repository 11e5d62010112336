"""The snapshot a run shows: the newest of the store, or one built from the bundled sample where there is none."""

from pathlib import Path

import streamlit as st

from hatecrime import database
from hatecrime.database import NoSnapshot
from hatecrime.extracts.build import build
from hatecrime.i18n import _
from hatecrime.settings import data_dir, default_store
from hatecrime.ui.refusal import refuse

LOOK_AGAIN_SECONDS = 10


def find_snapshot() -> Path:
    """The newest whole snapshot; builds the sample first where the store has none."""
    store = default_store()
    try:
        return _newest(store)
    except NoSnapshot as nothing:
        sample = data_dir() / "sample"
        if any(store.glob("hatecrime-*.duckdb")) or not (sample / "extracts.toml").is_file():
            refuse(_("There is no data to show."), str(nothing))
        _build_sample(sample, store)
        return database.newest(store)


@st.cache_data(ttl=LOOK_AGAIN_SECONDS, max_entries=4, show_spinner=False)
def _newest(store: Path) -> Path:
    return database.newest(store)


def _build_sample(sample: Path, store: Path) -> None:
    place = st.empty()
    with place.status(_("Building the bundled sample; this takes a few seconds …"), expanded=True) as status:
        try:
            bar = st.progress(0.0)
            build(sample, store, lambda share, what: bar.progress(min(share, 1.0), what) and None)
        except Exception as error:  # Whatever it is, a visitor reads a sentence and not a traceback.
            status.update(state="error")
            refuse(_("The bundled sample could not be built."), str(error))
    place.empty()
