"""Whatever leaves the dashboard by a button is marked at its foot and noted in the access log."""

from __future__ import annotations

import html
import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from hatecrime.register import open_register

pytestmark = pytest.mark.browser
PATIENCE = 60_000


def ways_out(page: Page, element: str) -> list[str]:
    """What the buttons of the first such element say, as far as they can be seen."""
    box = page.get_by_test_id("stFullScreenFrame").filter(has=page.get_by_test_id(element)).first
    expect(box).to_be_visible(timeout=PATIENCE)
    box.hover()
    expect(box.get_by_test_id("stElementToolbar").first).to_be_visible()
    return [said(button) for button in box.locator("[data-testid=stElementToolbar] button").all()]


def said(button: Locator) -> str:
    return (button.get_attribute("aria-label") or "").partition(":")[0] if button.is_visible() else ""


@pytest.fixture
def opened(page: Page, dashboard: str) -> Page:
    page.goto(dashboard)
    expect(page.get_by_role("button", name="Download", exact=False).last).to_be_visible(timeout=PATIENCE)
    return page


def test_charts_and_tables_offer_no_file_of_their_own(opened: Page) -> None:
    chart = ways_out(opened, "stVegaLiteChart")
    assert "Fullscreen" in chart
    assert not {"Download as PNG", "Copy Vega-Lite spec"} & set(chart)
    opened.get_by_role("tab", name="Table").first.click()
    table = ways_out(opened, "stDataFrame")
    assert "Fullscreen" in table
    assert "Download as CSV" not in table


def test_the_data_behind_a_chart_cannot_be_taken_from_its_own_table(opened: Page) -> None:
    ways_out(opened, "stVegaLiteChart")
    opened.get_by_role("button", name="Show data").first.click()
    assert "Download as CSV" not in ways_out(opened, "stDataFrame")


def test_a_download_is_marked_and_noted_and_does_not_run_the_page_again(opened: Page) -> None:
    before = open_register().verify().rows
    opened.get_by_role("button", name="Download").last.click()
    button = opened.get_by_test_id("stDownloadButton").first.get_by_role("button")
    with opened.expect_download() as given:
        button.click()
    text = given.value.path().read_text("utf-8-sig")
    assert "\n\n# OFFICIAL-SENSITIVE\n" in text
    entry = open_register().last(1)[0]
    assert open_register().verify().rows == before + 1
    assert (entry.event, entry.page) == ("export", "/")
    assert entry.detail.startswith(f"{given.value.suggested_filename}, ")
    assert json.loads(entry.filters)["area"] == "E08000009"
    # The list of files would have closed, had the page run again.
    expect(button).to_be_visible()


def test_a_picture_is_marked_and_noted_and_says_what_it_shows(opened: Page) -> None:
    before = open_register().verify().rows
    opened.get_by_role("button", name="Take this picture").first.click()
    kinds = {"PNG": b"\x89PNG", "SVG": b"<svg", "PDF": b"%PDF"}
    for kind, begins in kinds.items():
        with opened.expect_download() as given:
            opened.get_by_role("button", name=f"{kind}, ").click()
        body = given.value.path().read_bytes()
        assert body.startswith(begins)
        assert given.value.suggested_filename.endswith(f".{kind.lower()}")
        if kind == "SVG":
            drawn = body.decode()
    assert open_register().verify().rows >= before + len(kinds)
    assert open_register().last(1)[0].event == "export"
    said = opened.get_by_test_id("stCode").first.inner_text()
    assert re.search(r'<desc id="description">([^<]+)', drawn).group(1).split() == said.split()  # type: ignore[union-attr]
    finding = re.search(r'<title id="title">([^<]+)', drawn)
    assert finding and opened.get_by_text(html.unescape(finding.group(1)), exact=True).first.is_visible()
    assert ">OFFICIAL-SENSITIVE</text>" in drawn and ">SYNTHETIC DATA." in drawn
