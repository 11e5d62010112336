"""How a figure was made, from the query to the extracts: folded under every picture."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from hatecrime import database
from hatecrime.dictionary import code_list
from hatecrime.filters import Filters
from hatecrime.i18n import _, language, number
from hatecrime.ui.data import fetch, open_once
from hatecrime.ui.session import gate

MOVED = "c8"
EXTRACT_COLUMNS = ("file", "rows_read", "rows_kept", "rows_refused")


def how_made(frames: Sequence[pd.DataFrame], caveats: Sequence[str], key: str) -> None:
    """The queries behind a figure, what was bound to them, the extracts they rest on, what to beware of."""
    name = f"{key}_made"
    box = st.expander(_("How this is made"), icon=":material/info:", type="compact", key=name, on_change="rerun")
    # What is folded away costs nothing.
    if not box.open:
        return
    with box:
        st.markdown("\n".join(f"- {code_list('caveat').label(each, language())}" for each in caveats if _holds(each)))
        for frame in frames:
            _query(frame.attrs["made"])
        st.caption(_("Snapshot {name}").format(name=gate().facts.name))


def _holds(caveat: str) -> bool:
    """That places are moved is said only where some of those in view were."""
    return caveat != MOVED or bool(fetch("hotspots/moved")["n"].item())


def _query(made: dict[str, Any]) -> None:
    filters, _problems = Filters.from_query(made["filters"])
    session = gate()
    found = database.provenance(open_once(session.snapshot), made["query"], filters, made["values"])
    st.markdown(
        _("**{query}**: one row is {grain} {rows} rows came back.").format(
            query=made["query"], grain=found.query.grain, rows=number(made["rows"])
        )
    )
    if found.values:
        st.markdown("\n".join(f"- `{name}` = {value}" for name, value in found.values.items()))
    st.code(found.query.sql, language="sql", height=220)
    # An extract's rows are those of all areas together.
    columns = EXTRACT_COLUMNS[:1] if session.user.areas else EXTRACT_COLUMNS
    st.dataframe(found.extracts[[*columns]], hide_index=True, column_config=_extract_columns())


def _extract_columns() -> dict[str, str]:
    return {
        "file": _("Extract"),
        "rows_read": _("Rows read"),
        "rows_kept": _("Kept"),
        "rows_refused": _("Refused"),
    }
