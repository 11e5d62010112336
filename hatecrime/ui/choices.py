"""
Controls whose choice is in the address, so that every view is a link.

Streamlit writes a choice into the address by the label people read. A link must open in either language, so
what arrives is understood as a code or as a label in any language, once, before the control is drawn.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.state import get_session_state

from hatecrime.i18n import LOCALES, _, speaking
from hatecrime.ui.marks import escape_markdown

Label = Callable[[str], str]

LINK = "link"
LONGEST_SAID = 40


def start_link() -> None:
    """Forget the choices of the last run; the frame calls it before the first control."""
    st.session_state[LINK] = {}


def link() -> str:
    """The address of this view, as the controls drawn so far have made it."""
    address = (st.context.url or "").split("?")[0]
    query = urlencode(st.session_state.get(LINK, {}), doseq=True)
    return f"{address}?{query}" if query else address


def choose(title: str, key: str, codes: Sequence[str], label: Label, default: str = "", **options: Any) -> str:
    """One of a few, side by side; the first where no default is given."""
    default = default if default in codes else codes[0]
    _arrive(key, codes, label, default)
    chosen: str | None = st.segmented_control(
        title, codes, default=default, required=True, format_func=label, key=key, wrap=True, **_kept(key, options)
    )
    _say_what_is_not_offered(key)
    # An address that names the control and no choice takes the choice away, although one is required.
    value = default if chosen is None else chosen
    _remember(key, [value] if value != default else [], label)
    return value


def pick(
    title: str, key: str, codes: Sequence[str], label: Label, default: str | None = None, **options: Any
) -> str | None:
    """One of many, from a list one can search; None where nothing is picked."""
    index = codes.index(default) if default in codes else None
    _arrive(key, codes, label, default)
    value: str | None = st.selectbox(title, codes, index=index, format_func=label, key=key, **_kept(key, options))
    _say_what_is_not_offered(key)
    _remember(key, [value] if value is not None and value != default else [], label)
    return value


def pick_several(title: str, key: str, codes: Sequence[str], label: Label, **options: Any) -> tuple[str, ...]:
    """Any number of many; none picked stands for all."""
    _arrive(key, codes, label, several=True)
    value: list[str] = st.multiselect(title, codes, format_func=label, key=key, **_kept(key, options))
    _say_what_is_not_offered(key)
    _remember(key, value, label)
    return tuple(value)


def pick_day(title: str, key: str, default: date, first: date, last: date) -> date:
    """A day between two days, both inside."""
    if key not in st.session_state:
        texts = st.query_params.get_all(key)
        _pass_over(key, [text for text in texts if text and not _is_day(text, first, last)])
    limits = {"min_value": first, "max_value": last, "format": "DD/MM/YYYY"}
    value: date = st.date_input(title, default, key=key, **_kept(key, limits))
    _say_what_is_not_offered(key)
    return value


def _is_day(text: str, first: date, last: date) -> bool:
    try:
        return first <= date.fromisoformat(text) <= last
    except ValueError:
        return False


def _kept(key: str, options: dict[str, Any]) -> dict[str, Any]:
    return {
        "bind": "query-params",
        "persist_state": "session",
        "on_change": _forget,
        "args": (key,),
        **options,
    }


def _arrive(key: str, codes: Sequence[str], label: Label, default: str | None = None, several: bool = False) -> None:
    """Take what the address says at first; later keep what was chosen, as far as it can still be chosen."""
    if key in st.session_state:
        chosen = st.session_state[key]
        wanted = chosen if several else [chosen]
    else:
        texts = st.query_params.get_all(key)
        if {label(code) for code in codes}.issuperset(texts):
            return
        wanted = [understand(text, codes, label) for text in texts]
        _pass_over(key, [text for text, code in zip(texts, wanted, strict=True) if text and code is None])
        _write(key, [label(code) for code in wanted if code in codes])
        return
    possible = [code for code in wanted if code in codes]
    if several or possible:
        # Set again, it is written into the address in the language of now.
        st.session_state[key] = possible if several else possible[0]
    elif key in st.session_state:
        # Set and not left to the control, or the browser would go on showing what can no longer be chosen.
        st.session_state[key] = default if default in codes else None


def _write(key: str, labels: Sequence[str]) -> None:
    """Put what was understood where the control looks for it: what it cannot read it would take out of the address."""
    if labels:
        st.query_params[key] = list(labels)
        with get_session_state().query_params() as known:
            known.set_initial_query_params_from_current()


def understand(text: str, codes: Sequence[str], label: Label) -> str | None:
    """A code, or a label in any language, whole or without what stands in brackets."""
    if text in codes:
        return text
    for language in LOCALES:
        with speaking(language):
            labels = {code: label(code).casefold() for code in codes}
        for code, name in labels.items():
            if text.casefold() in (name, name.partition(" (")[0]):
                return code
    return None


def _pass_over(key: str, strange: Sequence[str]) -> None:
    st.session_state[_passed(key)] = strange[0] if strange else ""


def _say_what_is_not_offered(key: str) -> None:
    """What the address asked for in vain, until the control is changed."""
    if strange := st.session_state.get(_passed(key)):
        text = _("The address asks for “{value}”, which is not offered; this is shown instead.")
        st.caption(escape_markdown(text.format(value=strange[:LONGEST_SAID])))


def _passed(key: str) -> str:
    return f"{key}_passed_over"


def _forget(key: str) -> None:
    st.session_state[_passed(key)] = ""


def _remember(key: str, values: Sequence[str], label: Label) -> None:
    if values:
        st.session_state.setdefault(LINK, {})[key] = [label(value) for value in values]
