"""What goes with every answer: headers that bind the browser, and the way back to a page after signing in."""

import base64
import hashlib
import re
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from hatecrime.ui.doors import is_encrypted, sign_in_is_set_up
from hatecrime.ui.geometry import is_here as is_geometry

BACK = "hatecrime_back"
BACK_SECONDS = 600
LONGEST_WAY_BACK = 2000
FAILED = "sign_in"
# A path of this site and no other: "//host" and "/\host" would lead elsewhere.
WAY_BACK = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
YEAR = 31536000


class Headers:
    """Security headers on every answer; what is kept is the program's own files, and outlines by a browser alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._fixed = {**_FIXED, "Content-Security-Policy": content_policy(_page())}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers as the answer starts."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def bound(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._fixed)
                if "/static/" not in scope["path"] and not _is_outlines(scope["path"], message["status"]):
                    headers["Cache-Control"] = "no-store"
                if is_encrypted():
                    headers["Strict-Transport-Security"] = f"max-age={YEAR}"
                    message["headers"] = [_secured(name, value) for name, value in message["headers"]]
            await send(message)

        await self._app(scope, receive, bound)


class WayBack:
    """
    Streamlit leads everybody to the first page after signing in. The address that was asked for is kept for ten
    minutes in a cookie and put in its place; what went wrong at the provider is said on the page to sign in.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note where somebody wanted to go, and lead there when the provider has sent them back."""
        if scope["type"] != "http" or scope["method"] != "GET" or not sign_in_is_set_up():
            await self._app(scope, receive, send)
            return
        request = Request(scope)

        async def leading(message: Message) -> None:
            if message["type"] == "http.response.start":
                _lead(request, message)
            await send(message)

        await self._app(scope, receive, leading)


def content_policy(page: str) -> str:
    """What a page may load: from this host alone, and of the scripts inside it only those that Streamlit ships."""
    inside = " ".join(f"'sha256-{_digest(script)}'" for script in re.findall(r"<script>(.*?)</script>", page, re.S))
    return "; ".join(
        [
            "default-src 'self'",
            # Vega turns the expressions of a chart into functions.
            f"script-src 'self' 'unsafe-eval' {inside}".strip(),
            # Streamlit and Vega write styles as they draw.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def way_back(kept: str) -> str:
    """The kept address where it is one of this site, else the first page; a cookie can be written by anybody."""
    path = unquote(kept)
    return path if len(path) <= LONGEST_WAY_BACK and WAY_BACK.fullmatch(path) else "/"


def _is_outlines(path: str, status: int) -> bool:
    """Whether an answer is outlines, which never change at their address; that there are none may change."""
    return is_geometry(path) and status in (200, 304)


def _lead(request: Request, message: Message) -> None:
    headers, path = MutableHeaders(scope=message), request.url.path
    if path.endswith("/oauth2callback"):
        if _signed_in(headers):
            headers["Location"] = way_back(request.cookies.get(BACK, ""))
        elif {"code", "error"} & set(parse_qs(request.url.query)):
            headers["Location"] = f"{headers['Location']}?{FAILED}=failed"
    elif path.endswith("/auth/login") and message["status"] >= 400:
        message["status"] = 302
        headers["Location"] = f"../?{FAILED}=failed"
    elif "text/html" in headers.get("content-type", "") and "/auth/" not in path and message["status"] == 200:
        wanted = quote(path + (f"?{request.url.query}" if request.url.query else ""), safe="")
        if len(wanted) <= LONGEST_WAY_BACK and f"{FAILED}%3D" not in wanted:
            headers.append("Set-Cookie", f"{BACK}={wanted}; Path=/; HttpOnly; SameSite=Lax; Max-Age={BACK_SECONDS}")


def _signed_in(headers: MutableHeaders) -> bool:
    """Whether an answer sets the cookie of a sign-in; one that takes it away gives it no value."""
    set_here = [cookie for cookie in headers.getlist("set-cookie") if cookie.startswith(f"{USER_COOKIE_NAME}=")]
    return any(not re.match(r'[^=]+=("")?;', cookie) for cookie in set_here)


def _secured(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    wanting = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return name, value + b"; Secure" if wanting else value


def _page() -> str:
    """The one page of Streamlit, whose own script is allowed by its digest."""
    return (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
