"""A map of thousands of cells in a browser: outlines come once, figures alone with every change."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocket, expect

from hatecrime.charts.theme import LIGHT
from hatecrime.settings import root
from tests.browser.conftest import free_port, wait_for

pytestmark = pytest.mark.browser

SECONDS = 30_000
CELLS = 4000
MOST_SENT = 150_000
CHANGES = 7


class Heard:
    """Bytes that came in over the websocket, and the outlines that a server was asked for."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self.outlines: list[str] = []
        page.on("websocket", lambda socket: self._listen(socket))
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.responseReceived", lambda answer: self._fetched(answer["response"]))

    def _fetched(self, answer: dict[str, Any]) -> None:
        if "/geometry/" in answer["url"] and not answer["fromDiskCache"]:
            self.outlines.append(answer["url"])

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._frame)

    def _frame(self, payload: str | bytes) -> None:
        self.bytes += len(payload)


@pytest.fixture(scope="module")
def map_page(sample_store: Path) -> Iterator[str]:
    """A page that holds nothing but a map of hexagons and the control that changes its figures."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "tests/browser/map_page.py", "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    environment = {**os.environ, "HATECRIME_STORE": str(sample_store), "PYTHONPATH": str(root())}
    process = subprocess.Popen(command, cwd=root(), env=environment, stdout=subprocess.DEVNULL)
    wait_for(f"http://127.0.0.1:{port}/_stcore/health")
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)


def opened(page: Page, address: str) -> Heard:
    heard = Heard(page)
    page.goto(address)
    page.wait_for_function(f"{_DRAWN}.length > {CELLS}", timeout=SECONDS)
    expect(page.get_by_text("Drawn 0 of")).to_be_visible(timeout=SECONDS)
    return heard


def changed(page: Page, figures: int) -> float:
    """Seconds from the change of the control until the fills of the map are others."""
    before = page.evaluate(_FILLS)
    page.get_by_role("spinbutton").fill(str(figures))
    started = time.perf_counter()
    page.keyboard.press("Enter")
    drawn = f"(before) => {_DRAWN}.length > {CELLS} && {_FILLS} !== before"
    page.wait_for_function(drawn, arg=before, timeout=SECONDS, polling=10)
    taken = time.perf_counter() - started
    expect(page.get_by_text(f"Drawn {figures} of")).to_be_visible(timeout=SECONDS)
    page.wait_for_timeout(300)
    return taken


def test_a_change_sends_figures_alone_and_outlines_are_fetched_once(
    map_page: str, page: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    heard = opened(page, map_page)
    changed(page, 1)
    sent, taken = heard.bytes, []
    for figures in range(2, 2 + CHANGES):
        taken.append(changed(page, figures))
    sent = (heard.bytes - sent) // CHANGES
    with capsys.disabled():
        print(f"\n  a change of {page.evaluate(f'{_DRAWN}.length')} shapes: {sent / 1000:.0f} kB,", end=" ")
        print(f"median {sorted(taken)[CHANGES // 2] * 1000:.0f} ms [{min(taken) * 1000:.0f}-{max(taken) * 1000:.0f}]")
    assert sent < MOST_SENT
    assert len(heard.outlines) == 1


def test_a_click_on_a_cell_tells_the_page_which_and_outlines_it(map_page: str, page: Page) -> None:
    opened(page, map_page)
    page.locator(".mark-shape path").nth(CELLS // 2).click(force=True)
    picked = page.get_by_text(re.compile(r"picked -?\d+,-?\d+\."))
    expect(picked).to_be_visible(timeout=SECONDS)
    expect(page.locator(f".mark-shape path[stroke='{LIGHT.accent}']")).to_have_count(1, timeout=SECONDS)


_DRAWN = "document.querySelectorAll('.mark-shape path')"
_FILLS = f"[...{_DRAWN}].map((each) => each.getAttribute('fill')).join('')"
