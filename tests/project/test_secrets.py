"""No secret in what the program prints or logs, whatever goes wrong: the key, the secrets of sign-in, passwords."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME, XSRF_COOKIE_NAME
from typer.testing import CliRunner
from websockets.sync.client import connect

from hatecrime.cli import app
from hatecrime.settings import data_dir, root
from tests.browser.conftest import free_port, wait_for

KEY = b"KEY-0123456789-abcdefghijklmnopqrstuvwxyz-KEY"
COOKIE_SECRET = "COOKIE-0123456789-abcdefghijklmnopqrstuvwxyz"
CLIENT_SECRET = "CLIENT-0123456789-abcdefghijklmnopqrstuvwxyz"
PASSWORD = "PASSWORD-0123456789"
RUN_SECONDS = 30


def found_in(text: str, *more: str) -> list[str]:
    """The secrets that stand in a text, as they are or in another spelling."""
    spellings = {"key": [KEY.decode(), KEY.hex(), base64.b64encode(KEY).decode()[:40], repr(KEY)[2:-1]]}
    for secret in (COOKIE_SECRET, CLIENT_SECRET, PASSWORD, *more):
        spellings[secret] = [secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode()[:-4]]
    return [name for name, each in spellings.items() if any(spelling in text for spelling in each)]


@pytest.fixture
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program finds its secrets: in a file, and in an address."""
    key = tmp_path / "key"
    key.write_bytes(KEY)
    monkeypatch.setenv("HATECRIME_KEY_FILE", str(key))
    monkeypatch.setenv("HATECRIME_REGISTER_URL", f"postgresql://hatecrime:{PASSWORD}@127.0.0.1:9/register")
    monkeypatch.chdir(root())
    return key


def said_by(*arguments: str) -> str:
    """All that a command prints; it ends, well or badly, and without a traceback."""
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    assert done.output.strip() and isinstance(done.exception, SystemExit | None), done.exception
    return done.output


def test_the_search_finds_a_secret_in_every_spelling() -> None:
    spellings = [KEY.decode(), KEY.hex(), base64.b64encode(KEY).decode(), f"x{PASSWORD}x"]
    assert [len(found_in(text)) for text in spellings] == [1, 1, 1, 1]
    assert found_in("nothing") == []


def test_commands_that_fail_print_no_secret(tmp_path: Path, surroundings: Path) -> None:
    store, broken, listing = tmp_path / "store", tmp_path / "broken", tmp_path / "listing"
    for folder in (store, broken, listing):
        folder.mkdir()
    (broken / "hatecrime-20160623-070000-000000.duckdb").write_bytes(KEY)
    (listing / "extracts.toml").write_text('[[extract]]\nfile = "a.csv"\nmapping = "fbi"\n', encoding="utf-8")
    (listing / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    sample = str(data_dir() / "sample")
    for arguments in (
        ("build", "--extracts", sample, "--store", str(store)),
        ("build", "--extracts", str(tmp_path / "nowhere"), "--store", str(store)),
        ("build", "--extracts", str(listing), "--store", str(store)),
        ("check", f"{sample}/gmp_incidents.csv", "--mapping", "fbi"),
        ("check", str(surroundings), "--mapping", "fbi"),
        ("count", "--store", str(broken), "--by", "month"),
        ("doctor", "--store", str(broken)),
        ("log", "verify"),
        ("log", "show"),
    ):
        assert found_in(said_by(*arguments)) == [], arguments


def test_a_damaged_key_is_not_printed_as_it_is_refused(tmp_path: Path, surroundings: Path) -> None:
    surroundings.write_bytes(KEY[:31])
    said = said_by("build", "--extracts", str(data_dir() / "sample"), "--store", str(tmp_path / "store"))
    assert "is damaged (31 bytes)" in said
    assert KEY[:20].decode() not in said


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://hatecrime:{PASSWORD}@127.0.0.1:9/register",
        f"mysql://hatecrime:{PASSWORD}@127.0.0.1/register",
        f"postgresql://hatecrime:{PASSWORD}@127.0.0.1:not-a-port/register",
        f"postgresql://hatecrime:half:{PASSWORD}/half@127.0.0.1/register",
        f"postgresql://127.0.0.1:{PASSWORD}/register",
        f"{PASSWORD}",
        f"sqlite://hatecrime:{PASSWORD}@/nowhere/register",
    ],
)
def test_an_address_of_a_register_is_refused_without_its_password(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("HATECRIME_REGISTER_URL", address)
    assert found_in(said_by("log", "verify")) == []


@pytest.fixture
def dashboard(tmp_path: Path, sample_store: Path, surroundings: Path) -> Iterator[tuple[str, Path]]:
    """A dashboard with sign-in, whose provider and register cannot be reached; its address, and all that it prints."""
    port, log, secrets = free_port(), tmp_path / "log", tmp_path / "secrets.toml"
    address = f"http://127.0.0.1:{port}"
    secrets.write_text(
        f'[auth]\nredirect_uri = "{address}/oauth2callback"\ncookie_secret = "{COOKIE_SECRET}"\n'
        f'client_id = "hatecrime"\nclient_secret = "{CLIENT_SECRET}"\n'
        'server_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"\n',
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1", "--secrets.files", str(secrets)]
    # Stricter than it is run: all that any part of the program would ever say.
    command += ["--logger.level", "debug"]
    with log.open("wb") as printed:
        environment = {**os.environ, "PYTHONPATH": str(root())}
        process = subprocess.Popen(command, cwd=root(), env=environment, stdout=printed, stderr=subprocess.STDOUT)
        try:
            wait_for(f"{address}/_stcore/health")
            yield address, log
        finally:
            process.terminate()
            process.wait(timeout=20)


def test_a_dashboard_in_trouble_logs_no_secret(dashboard: tuple[str, Path]) -> None:
    address, log = dashboard
    signed_in = _cookie(
        {"origin": address, "sub": "a1", "name": "Ana", "roles": ["analyst", "admin"], "iat": time.time()}
    )
    for path in (
        "/",
        "/auth/login",
        "/oauth2callback?code=stolen&state=forged",
        "/oauth2callback?error=access_denied",
        "/auth/logout",
        "/media/nothing.csv",
        "/_stcore/upload_file/a/b",
        "/..%2f..%2f.streamlit/secrets.toml",
        "/.streamlit/secrets.toml",
        "/data/key",
    ):
        for cookie in ("", "forged", signed_in):
            assert found_in(_get(address + path, cookie)) == [], path
    for cookie, query, shown in (
        (signed_in, "area=nowhere", "cannot be noted"),
        (signed_in, "view=%00", "cannot be noted"),
        (signed_in[:-2], "", "Sign in with your organisation"),
        ("", "", "Sign in with your organisation"),
    ):
        sent = _run(address, cookie, query)
        assert shown in sent
        assert found_in(sent, signed_in) == []
    said = log.read_text(encoding="utf-8", errors="replace")
    assert said.strip(), "nothing was logged, so nothing was looked at"
    assert found_in(said, signed_in) == []


def _cookie(claims: dict[str, object]) -> str:
    whole = json.dumps({"is_logged_in": True, **claims})
    return create_signed_value(COOKIE_SECRET, USER_COOKIE_NAME, whole).decode()


def _get(address: str, cookie: str) -> str:
    """What is answered, headers and all."""
    headers = {"Cookie": f"{USER_COOKIE_NAME}={cookie}"} if cookie else {}
    opener = urllib.request.build_opener(_NoWayBack)
    try:
        with opener.open(urllib.request.Request(address, headers=headers), timeout=RUN_SECONDS) as answer:
            return f"{answer.headers}{answer.read().decode(errors='replace')}"
    except urllib.error.HTTPError as error:
        return f"{error.headers}{error.read().decode(errors='replace')}"


def _run(address: str, cookie: str, query: str) -> str:
    """One run of the first page, as a browser asks for it; all that is sent."""
    token = re.search(rf"{XSRF_COOKIE_NAME}=([^;]+)", _get(f"{address}/_stcore/health", ""))
    assert token
    cookies = f"{XSRF_COOKIE_NAME}={token[1]}; {USER_COOKIE_NAME}={cookie}"
    rerun = BackMsg(rerun_script=ClientState(query_string=query)).SerializeToString()
    sent: list[ForwardMsg] = []
    with connect(
        f"{address.replace('http', 'ws')}/_stcore/stream",
        origin=address,  # type: ignore[arg-type]
        subprotocols=["streamlit", token[1]],  # type: ignore[list-item]
        additional_headers={"Cookie": cookies},
    ) as socket:
        socket.send(rerun)
        while not sent or sent[-1].WhichOneof("type") != "script_finished":
            sent.append(ForwardMsg.FromString(socket.recv(timeout=RUN_SECONDS)))  # type: ignore[arg-type]
    return "".join(map(str, sent))


class _NoWayBack(urllib.request.HTTPRedirectHandler):
    """A way to the provider is answered and not gone."""

    def redirect_request(self, *_request: object) -> None:
        return None
