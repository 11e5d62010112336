"""Whom the dashboard answers: without sign-in this machine alone. Looked at at the start, at each request, each run."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from google.protobuf.message import DecodeError
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.errors import StreamlitSecretNotFoundError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.starlette import starlette_websocket as cookies
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from hatecrime.access import AccessRefused, User, is_over, user_from
from hatecrime.i18n import _
from hatecrime.settings import settings

SHORTEST_SECRET = 32
# A proxy says by these that somebody else is asking.
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


class Closed(Exception):
    """The dashboard answers nobody; the message says why and how to mend it."""


def sign_in_is_set_up() -> bool:
    """Whether the secrets have [auth]. Secrets that cannot be read raise Closed: they may have held it."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        if any(Path(path).exists() for path in config.get_option("secrets.files")):
            raise Closed(_("The file of secrets cannot be read, so nobody can sign in. Mend it.")) from None
        return False


def check() -> None:
    """Raise Closed where people could reach the dashboard who should not, or could forge a sign-in."""
    if not sign_in_is_set_up():
        if _only_this_machine() and not _is_here(config.get_option("server.address")):
            raise Closed(
                _(
                    "The dashboard would answer other machines, and nobody has to sign in. Set up sign-in "
                    "(docs/sign-in.md), or start it with --server.address 127.0.0.1, or allow this in "
                    "data/settings.toml under [access]."
                )
            )
    elif len(_auth().get("cookie_secret", "")) < SHORTEST_SECRET:
        raise Closed(
            _("cookie_secret in [auth] is missing or too short: sign-ins could be forged. See docs/sign-in.md.")
        )


def check_at_start() -> None:
    """End the program with a sentence where it must not be served."""
    try:
        check()
    except Closed as closed:
        raise SystemExit(str(closed)) from None


def providers() -> list[str | None]:
    """The names of the providers to sign in with; None is the one that needs no name."""
    auth = _auth()
    named: list[str | None] = [name for name, part in auth.items() if isinstance(part, Mapping) and "client_id" in part]
    return [None, *named] if "client_id" in auth else named


def is_encrypted() -> bool:
    """Whether people reach the dashboard by https, as the address that they come back to says."""
    return sign_in_is_set_up() and urlsplit(str(_auth().get("redirect_uri", ""))).scheme == "https"


class Doors:
    """The same at each request, whichever way the server was started; files go to those who are signed in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass; answer the rest with a sentence."""
        refused = _refused(HTTPConnection(scope)) if scope["type"] in ("http", "websocket") else ""
        if not refused:
            await self._app(scope, _heard(receive) if scope["type"] == "websocket" else receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await PlainTextResponse(refused, status_code=403)(scope, receive, send)


def _heard(receive: Receive) -> Receive:
    """What a browser says over its websocket, without the wish to empty what is kept ready for everybody."""

    async def heard() -> Message:
        while True:
            message = await receive()
            if not _empties_caches(message.get("bytes") or b""):
                return message

    return heard


def _empties_caches(said: bytes) -> bool:
    try:
        return BackMsg.FromString(said).WhichOneof("type") == "clear_cache"
    except DecodeError:
        return False


def _refused(asked: HTTPConnection) -> str:
    """Why a request is refused, or an empty text."""
    try:
        if not sign_in_is_set_up():
            return "" if not _only_this_machine() or _comes_from_here(asked) else _("Only this machine is answered.")
    except Closed as closed:
        return str(closed)
    path = asked.url.path.removeprefix("/" + config.get_option("server.baseUrlPath").strip("/")).lstrip("/")
    if path.startswith(("media/", "geometry/", "_stcore/metrics")):
        return "" if _who(asked) else _("Sign in first.")
    if path.startswith("_stcore/upload_file/"):
        user = _who(asked)
        return "" if user and "admin" in user.rights else _("Only those who load data send files.")
    return ""


def _who(asked: HTTPConnection) -> User | None:
    """Who is signed in, as the signed cookie says; nobody where it is missing, tampered with or too old."""
    signed = cookies._get_signed_cookie_with_chunks(asked.cookies, USER_COOKIE_NAME)
    try:
        claims: dict[str, Any] = json.loads(signed or b"null")
        rules = settings().access
        over = is_over(claims, rules, datetime.now(UTC))
        return None if over else user_from(claims, rules)
    except (ValueError, AttributeError, AccessRefused):
        return None


def _auth() -> Mapping[str, Any]:
    found = st.secrets["auth"]
    return found if isinstance(found, Mapping) else {}


def _only_this_machine() -> bool:
    return not settings().access.allow_without_sign_in_beyond_loopback


def _comes_from_here(asked: HTTPConnection) -> bool:
    """
    The other end is this machine, no proxy speaks for somebody else, and the name asked for is this machine's: a page
    of another site could otherwise give its own name to this address and read along.
    """
    client = asked.client.host if asked.client else ""
    named = urlsplit(f"//{asked.headers.get('host', '')}").hostname
    return _is_here(client) and _is_here(named) and not any(name in asked.headers for name in FORWARDED)


def _is_here(address: str | None) -> bool:
    """
    Whether an address is this machine's own, and not one that others reach as well; none stands for all.

    >>> [_is_here(each) for each in ("127.0.0.1", "localhost", "::1", "0.0.0.0", None, "unix:///run/app")]
    [True, True, True, False, False, False]
    """
    try:
        return address == "localhost" or ip_address(address or "").is_loopback
    except ValueError:
        return False
