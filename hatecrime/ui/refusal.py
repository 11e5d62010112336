"""The page that is shown where none can be: what is wrong, and what to do."""

from typing import NoReturn

import streamlit as st


def refuse(what: str, mend: str) -> NoReturn:
    """Say what is wrong and how to mend it, and end the run."""
    with st.container(border=True, width=720):
        st.subheader(what, anchor=False)
        st.markdown(mend)
    st.stop()
