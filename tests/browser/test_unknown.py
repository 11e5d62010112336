"""The list of unknown hotspots in a browser: a decision is kept, and an entry leads to the map that shows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SECONDS = 60_000


def opened(page: Page, address: str) -> Page:
    """The page when its script has run to the end: the foot is always drawn last."""
    page.goto(address)
    expect(page.get_by_role("button", name="Copy link")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=SECONDS)
    return page


def test_a_decision_is_recorded_and_still_there_after_a_reload(
    start: Callable[..., str], page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HATECRIME_REGISTER_URL", f"sqlite:///{tmp_path / 'register.sqlite'}")
    dashboard = start()
    opened(page, f"{dashboard}/unknown")
    expect(page.get_by_role("heading", name="1. Broadheath")).to_be_visible(timeout=SECONDS)

    page.get_by_text("Record a decision").first.click()
    page.get_by_role("combobox", name="What was decided").click()
    page.get_by_role("option", name="Training or school work there").click()
    page.get_by_role("textbox", name="Who does it").fill("Schools officer")
    page.get_by_role("textbox", name="Note").fill("Sessions in two schools")
    page.get_by_role("button", name="Save the decision").click()
    decided = re.compile("Decided: Training or school work there.*Schools officer.*Sessions in two schools")
    expect(page.get_by_text(decided)).to_be_visible(timeout=SECONDS)

    opened(page, page.url)
    expect(page.get_by_text(decided)).to_be_visible(timeout=SECONDS)
    expect(page.get_by_text("Change the decision")).to_have_count(1)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_show_on_the_map_opens_it_with_the_place_and_the_filters_of_the_entry(dashboard: str, page: Page) -> None:
    opened(page, f"{dashboard}/unknown")
    page.get_by_role("link", name="Show on the map").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Where is most", timeout=SECONDS)
    expect(page.get_by_role("heading", name=re.compile("Broadheath: 15 incidents"))).to_be_visible(timeout=SECONDS)
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_test_id("stMultiSelect").nth(2)).to_contain_text("Disability")


@pytest.mark.parametrize(
    ("button", "name"),
    [
        ("Download the list (CSV)", "unknown-ward-2016-17-Q4.csv"),
        ("Download this table (CSV)", "training-ward-2016-17-Q4.csv"),
    ],
)
def test_the_list_and_the_table_are_taken_away_with_their_footer(
    dashboard: str, page: Page, button: str, name: str
) -> None:
    opened(page, f"{dashboard}/unknown")
    with page.expect_download(timeout=SECONDS) as taken:
        page.get_by_role("button", name=button).click()
    said = Path(taken.value.path()).read_text(encoding="utf-8-sig")
    assert taken.value.suggested_filename == name
    assert "Broadheath" in said
    assert "April 2016 to March 2017" in said.split("\n\n")[-1]
