"""Whom the server answers at all, and what goes with every answer."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import HTTPConnection
from streamlit.errors import StreamlitSecretNotFoundError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.testing.v1 import AppTest

from hatecrime.access import User
from hatecrime.settings import root
from hatecrime.ui import answers, doors
from tests.pages.test_gate import AUTH, headings, shows_nothing


class TestDoors:
    @pytest.mark.parametrize("address", ["0.0.0.0", ""])
    def test_the_program_ends_with_a_sentence_where_others_would_be_answered(
        self, sample_store: Path, address: str
    ) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.headless", "true"]
        ended = subprocess.run(
            [*command, "--server.port", "0", "--server.address", address],
            cwd=root(),
            env={**os.environ, "PYTHONPATH": str(root())},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert ended.returncode != 0
        assert "The dashboard would answer other machines" in ended.stderr
        assert "Traceback" not in ended.stderr

    def test_each_run_refuses_as_well(self, app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(doors, "_is_here", lambda _address: False)
        app.run()
        assert headings(app) == ["The dashboard is closed."] and shows_nothing(app)

    def test_secrets_that_cannot_be_read_close_the_dashboard(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = tmp_path / "secrets.toml"
        broken.write_text("[auth\n", encoding="utf-8")
        monkeypatch.setattr(doors.config, "get_option", lambda _name: [str(broken)])
        monkeypatch.setattr(doors.st, "secrets", _NoSecrets())
        with pytest.raises(doors.Closed, match="cannot be read"):
            doors.check()

    @pytest.mark.parametrize("secret", ["", "short"])
    def test_a_secret_that_can_be_guessed_closes_the_dashboard(
        self, secret: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(doors.st, "secrets", {"auth": {**AUTH, "cookie_secret": secret}})
        with pytest.raises(doors.Closed, match="cookie_secret"):
            doors.check()

    @pytest.mark.parametrize(
        ("client", "headers", "answered"),
        [
            ("127.0.0.1", {"host": "localhost:8501"}, True),
            ("::1", {"host": "[::1]:8501"}, True),
            ("192.0.2.7", {"host": "localhost:8501"}, False),
            ("127.0.0.1", {"host": "rebound.example"}, False),
            ("127.0.0.1", {"host": "127.0.0.1.rebound.example"}, False),
            ("127.0.0.1", {}, False),
            ("127.0.0.1", {"host": "localhost", "x-forwarded-for": "192.0.2.7"}, False),
            ("127.0.0.1", {"host": "localhost", "forwarded": "for=192.0.2.7"}, False),
        ],
    )
    def test_without_sign_in_only_this_machine_is_answered_and_by_its_own_name(
        self, client: str, headers: dict[str, str], answered: bool
    ) -> None:
        assert (doors._refused(_request(client, headers)) == "") == answered

    def test_nobody_empties_what_is_kept_for_all_and_everything_else_is_heard(self) -> None:
        empty, run = BackMsg(clear_cache=True).SerializeToString(), BackMsg(app_heartbeat=True).SerializeToString()
        said = iter([{"type": "websocket.connect"}, *({"type": "websocket.receive", "bytes": b} for b in (empty, run))])

        async def receive() -> dict[str, object]:
            return next(said)

        heard = doors._heard(receive)
        assert asyncio.run(heard())["type"] == "websocket.connect"
        assert asyncio.run(heard())["bytes"] == run

    def test_files_are_for_those_who_are_signed_in_and_sent_by_those_who_load_data(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(doors.st, "secrets", {"auth": AUTH})
        here = {"host": "dashboard.example"}
        for who, media, upload in [(None, False, False), ("analyst", True, False), ("admin", True, True)]:
            user = who and User("a", "A", "analyst", frozenset({who}), ())
            monkeypatch.setattr(doors, "_who", lambda _asked, user=user: user)
            assert (doors._refused(_request("192.0.2.7", here, "/media/a.csv")) == "") == media
            assert (doors._refused(_request("192.0.2.7", here, "/geometry/a/areas/ward/b/all.json")) == "") == media
            assert (doors._refused(_request("192.0.2.7", here, "/_stcore/upload_file/a/b")) == "") == upload
            assert doors._refused(_request("192.0.2.7", here, "/trends")) == ""


class TestAnswers:
    @given(st.text(max_size=60))
    def test_the_way_back_never_leaves_this_site(self, kept: str) -> None:
        back = answers.way_back(kept)
        assert back.startswith("/") and not back.startswith(("//", "/\\")) and "\\" not in back and back.isascii()

    @pytest.mark.parametrize(
        ("kept", "back"),
        [
            ("%2Ftrends%3Farea%3DWales", "/trends?area=Wales"),
            ("", "/"),
            ("%2F%2Fevil.example", "/"),
            ("%2F%5Cevil.example", "/"),
            ("https%3A%2F%2Fevil.example", "/"),
            ("%2Ftrends%0D%0ASet-Cookie%3A%20a", "/"),
            ("%2F" + "a" * 3000, "/"),
        ],
    )
    def test_only_an_address_of_this_site_is_gone_back_to(self, kept: str, back: str) -> None:
        assert answers.way_back(kept) == back

    def test_scripts_of_other_hosts_and_frames_around_the_page_are_forbidden(self) -> None:
        policy = answers.content_policy("<script>\n  a = 1\n</script><script src='x'></script>")
        assert "'unsafe-inline'" not in policy.split("style-src")[0] and policy.count("sha256-") == 1
        assert "frame-ancestors 'none'" in policy and "http" not in policy


class _NoSecrets:
    def __contains__(self, _name: str) -> bool:
        raise StreamlitSecretNotFoundError("broken", error_id="broken")


def _request(client: str, headers: dict[str, str], path: str = "/") -> HTTPConnection:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection(
        {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": b"",
            "headers": raw,
            "client": (client, 1),
            "server": ("x", 80),
        }
    )
