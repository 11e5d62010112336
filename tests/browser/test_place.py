"""The profile of a place on paper: one page of A4, from the dashboard and from the file it gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.test_dashboard import opened

pytestmark = pytest.mark.browser

A4 = (595, 842)


def printed(page: Page) -> list[tuple[int, int]]:
    """The sizes of the pages that come out of a printer, in points."""
    pdf = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    assert len(boxes) == len(re.findall(rb"/Type\s*/Page\b", pdf)), "a page has a size of its own"
    return [(round(float(width)), round(float(height))) for width, height in boxes]


@pytest.mark.parametrize("place", ["Clifford", "Bucklow-St%20Martins"])
def test_one_place_is_printed_on_one_page(dashboard: str, page: Page, place: str) -> None:
    opened(page, f"{dashboard}/place?place={place}")
    page.wait_for_timeout(2000)
    assert printed(page) == [A4]


def test_the_file_prints_on_one_page_too_and_says_for_whom_it_is(dashboard: str, page: Page, tmp_path: Path) -> None:
    opened(page, f"{dashboard}/place?place=Clifford")
    with page.expect_download() as download:
        page.get_by_role("button", name="On one page, HTML").click()
    file = tmp_path / "place.html"
    download.value.save_as(file)
    page.goto(file.as_uri())
    assert printed(page) == [A4]
    assert "OFFICIAL" in page.locator("footer").inner_text()
    assert page.locator("img[alt]").count() == 6
