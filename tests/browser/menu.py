"""The menu of pages: headings above the page, each of which opens a list."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


def links(page: Page) -> Locator:
    """The pages of the heading that is open."""
    return page.get_by_test_id("stTopNavDropdownLink")


def menu(page: Page) -> list[tuple[str, str]]:
    """Every page one has: its name and its address."""
    # While the browser measures the headings, one stands for all that may not fit.
    expect(headings(page).filter(has_text=re.compile(r"\d+ more$"))).to_have_count(0)
    found = []
    for heading in headings(page).all():
        heading.click()
        expect(links(page).first).to_be_visible()
        for link in links(page).all():
            # Before the name stands the sign, which an icon font draws from its own name.
            found.append((link.inner_text().splitlines()[-1], link.get_attribute("href") or ""))
        page.keyboard.press("Escape")
        expect(links(page)).to_have_count(0)
    return found


def headings(page: Page) -> Locator:
    """What stands above the page, each with an arrow."""
    return page.get_by_test_id("stTopNavSection")


def go(page: Page, heading: str, name: str) -> None:
    """Open a page as a person does."""
    headings(page).filter(has_text=heading).click()
    links(page).filter(has_text=re.compile(f"{name}$")).click()
