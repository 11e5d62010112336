"""What only a browser shows: drawn charts, clicks on a map, links, and that nothing leaves the machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.menu import go, headings

pytestmark = pytest.mark.browser

PAGES = (
    "",
    "hotspots",
    "when",
    "trends",
    "referrals",
    "centres",
    "quarterly",
    "data",
    "method",
    "data_protection",
    "unknown",
    "place",
)
WITH_CHARTS = PAGES[:7]
SECONDS = 30_000


def opened(page: Page, address: str) -> Page:
    """The page when its script has run to the end: the foot is always drawn last."""
    page.goto(address)
    expect(page.get_by_role("button", name="Copy link")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=SECONDS)
    return page


def area_of(page: Page) -> Locator:
    """The area in the shared filters."""
    return page.get_by_test_id("stSidebar").get_by_test_id("stSelectbox").first.locator("input")


def outside(asked: list[str], dashboard: str) -> list[str]:
    host = urlsplit(dashboard).netloc
    return [a for a in asked if urlsplit(a).scheme in ("http", "https", "ws", "wss") and urlsplit(a).netloc != host]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_by_deep_link_as_the_first_request_of_a_fresh_process(
    start: Callable[..., str], page: Page, asked: list[str], name: str
) -> None:
    """The frame stands around it: navigation, the synthetic banner, and no error."""
    dashboard = start()
    opened(page, f"{dashboard}/{name}")
    expect(page.get_by_role("note").first).to_contain_text("SYNTHETIC DATA")
    expect(headings(page).filter(has_text="Spot")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert outside(asked, dashboard) == []


def test_the_first_visit_after_installing_builds_the_sample_and_shows_it(
    start: Callable[..., str], page: Page, tmp_path: Path
) -> None:
    opened(page, start(tmp_path / "store"))
    expect(page.locator("[role='graphics-document']").first).to_be_visible(timeout=SECONDS)
    assert len(list((tmp_path / "store").glob("hatecrime-*.duckdb"))) == 1


@pytest.mark.parametrize("name", WITH_CHARTS)
def test_charts_are_drawn_and_say_in_words_what_they_show(dashboard: str, page: Page, name: str) -> None:
    opened(page, f"{dashboard}/{name}")
    charts = page.locator("[role='graphics-document']")
    expect(charts.first).to_be_visible(timeout=SECONDS)
    said = [charts.nth(i).get_attribute("aria-label") or "" for i in range(charts.count())]
    assert all(len(words) > 20 and words != "Vega visualization" for words in said), said


def test_clicking_a_ward_on_the_map_makes_the_page_follow(dashboard: str, page: Page, asked: list[str]) -> None:
    opened(page, f"{dashboard}/hotspots")
    shapes = page.locator("[role='graphics-document'] path[aria-roledescription='geoshape']")
    expect(shapes.first).to_be_visible(timeout=SECONDS)
    before = page.locator("[role='graphics-document']").count()
    ward = page.locator("path[aria-roledescription='geoshape'][aria-label*='Clifford']").first
    ward.click(force=True)
    expect(page.get_by_role("heading", name="Clifford").first).to_be_visible(timeout=SECONDS)
    expect(page.locator("[role='graphics-document']").nth(before)).to_be_visible(timeout=SECONDS)
    assert outside(asked, dashboard) == []


def test_a_shared_link_opens_every_page_with_its_filters(dashboard: str, page: Page) -> None:
    for name in PAGES[:7]:
        opened(page, f"{dashboard}/{name}?area=W06000015&strand=Race")
        expect(area_of(page)).to_have_value(re.compile("Cardiff"))
        expect(page.get_by_test_id("stSidebar").get_by_test_id("stMultiSelect").nth(2)).to_contain_text("Race")


def test_going_to_another_page_and_another_language_keeps_the_filters(dashboard: str, page: Page) -> None:
    opened(page, f"{dashboard}/?area=W06000015")
    go(page, "Spot", "Trends")
    page.wait_for_url("**/trends*", timeout=SECONDS)
    expect(page.get_by_role("heading", level=1)).to_contain_text("rising", timeout=SECONDS)
    expect(area_of(page)).to_have_value(re.compile("Cardiff"))
    page.get_by_text("Cymraeg", exact=True).click()
    expect(area_of(page)).to_have_value(re.compile("Caerdydd"), timeout=SECONDS)


def test_a_choice_is_in_the_address_and_survives_a_reload(dashboard: str, page: Page) -> None:
    opened(page, f"{dashboard}/trends")
    area_of(page).click()
    area_of(page).fill("Cardiff")
    expect(page.get_by_role("option").first).to_contain_text("Cardiff")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('Cardiff')", timeout=SECONDS)
    opened(page, page.url)
    expect(area_of(page)).to_have_value(re.compile("Cardiff"))


def test_an_address_with_nonsense_still_opens_the_page(dashboard: str, page: Page) -> None:
    opened(page, f"{dashboard}/hotspots?area=%00nowhere&strand=%F0%9F%92%A5&period=never&lang=klingon&from=2016-99-99")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_link_made_of_codes_stays_in_the_address_and_survives_a_reload(dashboard: str, page: Page) -> None:
    opened(page, f"{dashboard}/hotspots?level=square&measure=cluster&strand=disability")
    for _look in ("opened", "reloaded"):
        expect(page).to_have_url(re.compile("level=Squares.*measure=Clusters.*strand=Disability"), timeout=SECONDS)
        expect(page.get_by_role("radio", name="Squares")).to_be_checked()
        expect(page.get_by_role("radio", name="Clusters")).to_be_checked()
        expect(page.get_by_test_id("stSidebar").get_by_test_id("stMultiSelect").nth(2)).to_contain_text("Disability")
        page.reload()
        expect(page.get_by_role("button", name="Copy link")).to_be_visible(timeout=SECONDS)
