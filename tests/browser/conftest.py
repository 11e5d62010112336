"""A running dashboard on the sample, and a browser that keeps a list of everything it asks for."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from hatecrime.settings import root

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 60


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; .ci/run installs it")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield found
        found.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    found = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield found
    found.close()


@pytest.fixture
def asked(context: BrowserContext) -> list[str]:
    """The address of every request the browser makes."""
    addresses: list[str] = []
    context.on("request", lambda request: addresses.append(request.url))
    return addresses


@pytest.fixture
def page(context: BrowserContext, asked: list[str]) -> Page:
    return context.new_page()


@pytest.fixture(scope="session")
def start(sample_store: Path) -> Iterator[Callable[..., str]]:
    """Start a fresh dashboard on the sample's store or another one; gives its address."""
    running: list[subprocess.Popen[bytes]] = []

    def fresh(store: Path = sample_store, port: int | None = None, options: Sequence[str] = ()) -> str:
        port = port or free_port()
        command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.headless", "true"]
        command += ["--server.port", str(port), "--server.address", "127.0.0.1", *options]
        environment = {**os.environ, "HATECRIME_STORE": str(store)}
        running.append(subprocess.Popen(command, cwd=root(), env=environment, stdout=subprocess.DEVNULL))
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        return f"http://127.0.0.1:{port}"

    yield fresh
    for process in running:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def dashboard(start: Callable[..., str]) -> str:
    """One dashboard for all tests that do not need a fresh one."""
    return start()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(address)
