"""A newcomer's path: send a file nobody has mapped, correct one label, load it, and see it on the map."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SECONDS = 60_000
HEADER = "Reference no,Crime or incident,Reported on,Offence,Motivation,X coordinate,Y coordinate,Officer in the case\n"
STRANDS = ("Homophobic", "Ableism", "Transphobic", "Homophobic")
# One in four in Hale Barns, the others in Clifford.
POINTS = ("377950,385650", "382450,395350", "382450,395350", "382450,395350")
UNMAPPED = HEADER + "".join(
    f"A{n},Crime,28/{n % 12 + 1:02}/2016,Public order,{STRANDS[n % 4]},{POINTS[n % 4]},PC {n} Example\n"
    for n in range(60)
)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of extracts that nobody else writes to."""
    monkeypatch.setenv("HATECRIME_EXTRACTS", str(tmp_path / "extracts"))
    return tmp_path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "anyshire.csv"
    path.write_text(UNMAPPED, encoding="utf-8")
    return path


def send(page: Page, dashboard: str, file: Path) -> None:
    """The Data page, drawn to its end, with a file in its box."""
    page.goto(f"{dashboard}/data")
    expect(page.get_by_role("button", name="Copy link")).to_be_visible(timeout=SECONDS)
    page.locator("input[type=file]").set_input_files(file)


def test_a_newcomer_uploads_a_file_corrects_a_label_and_sees_it_on_the_map(
    start: Callable[..., str], page: Page, asked: list[str], own: Path, file: Path
) -> None:
    dashboard = start(own / "store")
    send(page, dashboard, file)
    expect(page.get_by_text("1 label is not recognised")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_text("60 rows read: 60 would be kept, 0 refused. 15 more values")).to_be_visible(timeout=SECONDS)
    assert not (own / "extracts").exists()

    expect(page.get_by_role("button", name="Load the file")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=SECONDS)
    page.get_by_role("combobox", name="What “Ableism” means").click()
    page.keyboard.type("Disab")
    expect(page.get_by_role("option").filter(has_text="Disability").first).to_be_visible(timeout=SECONDS)
    page.keyboard.press("Enter")
    # The list stays open, for a label can mean several strands; nothing else can be reached until it is left.
    page.keyboard.press("Tab")
    expect(page.get_by_text("Check it again before you load the file.")).to_be_visible(timeout=SECONDS)
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text(re.compile("^60 rows read: 60 would be kept, 0 refused.$"))).to_be_visible(timeout=SECONDS)

    page.evaluate("window.sameDocument = true")
    page.get_by_role("button", name="Load the file").click()
    expect(page.get_by_text("The new snapshot is shown: 60 records of “anyshire”.").first).to_be_visible(
        timeout=SECONDS
    )
    expect(page.get_by_text("SYNTHETIC DATA")).to_have_count(0)
    assert (own / "extracts" / "anyshire.csv").read_text(encoding="utf-8") == UNMAPPED

    page.get_by_role("link", name="See it on the map").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Where is most", timeout=SECONDS)
    place = page.locator("path[aria-roledescription='geoshape'][aria-label^='Incidents: 45;']")
    expect(place).to_have_attribute("aria-label", re.compile("Clifford"), timeout=SECONDS)
    assert page.evaluate("window.sameDocument") is True
    expect(page.get_by_test_id("stException")).to_have_count(0)
    host = urlsplit(dashboard).netloc
    assert {urlsplit(a).netloc for a in asked if urlsplit(a).scheme in ("http", "https", "ws")} == {host}


def test_a_file_that_cannot_be_read_is_refused_in_words_and_the_page_goes_on(
    start: Callable[..., str], page: Page, own: Path
) -> None:
    broken = own / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 cut off")
    send(page, start(), broken)
    expect(page.get_by_role("alert").filter(has_text="broken.xlsx")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_role("button", name="Load the file")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert not (own / "extracts").exists()
