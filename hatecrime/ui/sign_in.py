"""Who is looking at this run: the one at this machine, or somebody signed in; for all others the page to sign in."""

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st
from streamlit.errors import StreamlitAuthError, StreamlitMissingAuthlibError

from hatecrime.access import LOCAL, AccessRefused, User, is_over, user_from
from hatecrime.i18n import _
from hatecrime.settings import settings
from hatecrime.ui.answers import FAILED
from hatecrime.ui.doors import Closed, check, providers, sign_in_is_set_up
from hatecrime.ui.log import note_refused, note_sign_in
from hatecrime.ui.refusal import refuse
from hatecrime.ui.sidebar import area_name, audience_name


def signed_in(keep_address: Callable[[], None]) -> User:
    """
    The user of this run. Where there is none, say why, offer to sign in and end the run; keep_address is called
    first, so that the address stays as it was asked for.
    """
    try:
        check()
        if not sign_in_is_set_up():
            return LOCAL
        return _from_claims()
    except Closed as closed:
        keep_address()
        refuse(_("The dashboard is closed."), str(closed))
    except AccessRefused as refused:
        keep_address()
        _refuse(refused)
    except _NotSignedIn as nobody:
        keep_address()
        _ask(str(nobody))
    raise AssertionError("A run without a user has ended.")


def draw_user(user: User) -> None:
    """Who is signed in, as what, for which areas, and the way out; on one's own machine, that nobody is."""
    if user.is_local:
        st.caption(_("Not signed in: open on this machine only, as analyst"))
        return
    with st.popover(f"{user.name} · {audience_name(user.audience)}", icon=":material/person:"):
        st.caption(_("Areas: {areas}").format(areas=", ".join(map(area_name, user.areas)) or _("all")))
        if "lead" in user.rights:
            st.caption(_("May sign off figures"))
        if "admin" in user.rights:
            st.caption(_("May load data"))
        st.button(_("Sign out"), on_click=st.logout, key="sign_out")


class _NotSignedIn(Exception):
    """Nobody is signed in; the message says what happened, if anything did."""


def _from_claims() -> User:
    rules, claims = settings().access, st.user.to_dict()
    # Exactly true: nothing else that a forged cookie or a header could hold counts.
    if claims.get("is_logged_in") is not True:
        failed = st.query_params.get(FAILED) == "failed"
        raise _NotSignedIn(_("The sign-in did not succeed. Try it again, or ask who runs it.") if failed else "")
    if is_over(claims, rules, datetime.now(UTC)):
        raise _NotSignedIn(_("Your sign-in has ended. Sign in again."))
    user = user_from(claims, rules)
    note_sign_in(user.subject, user.audience)
    return user


def _ask(what_happened: str) -> None:
    with st.container(border=True, width=720):
        st.title(_("Hate crime"), anchor=False)
        if what_happened:
            st.warning(what_happened)
        st.markdown(_("This dashboard is for people who have been given access. Sign in with your organisation."))
        for provider in providers():
            name = _("Sign in") if provider is None else _("Sign in with {provider}").format(provider=provider.title())
            if st.button(name, type="primary", key=f"sign_in_{provider}"):
                _start(provider)
    st.stop()


def _refuse(refused: AccessRefused) -> None:
    note_refused(str(st.user.get("sub", "")), "", "", str(refused))
    with st.container(border=True, width=720):
        st.subheader(_("Your sign-in gives no access here."), anchor=False)
        st.markdown(str(refused))
        st.button(_("Sign out"), on_click=st.logout, key="sign_out")
    st.stop()


def _start(provider: str | None) -> None:
    """Go to the provider. What is wrong with the secrets is for who runs this, not for a visitor to read."""
    try:
        st.login(provider)
    except (StreamlitAuthError, StreamlitMissingAuthlibError):
        st.error(_("Sign-in is not set up completely. Those who run this dashboard find how in docs/sign-in.md."))
