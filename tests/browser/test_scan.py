"""
What the browser of a partner or of the public is sent holds no small count and nothing of a single record.

Every page that they have is opened and its controls are changed; websocket frames, HTTP bodies, files, addresses and
the text of the page are taken apart. The same scan of an analyst's pages finds both, so it can fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page

from hatecrime.database import newest, open_snapshot, shared
from hatecrime.dictionary import tables
from hatecrime.protect.audience import audience
from hatecrime.words.shared import meaning
from tests.browser.menu import menu
from tests.browser.wire import Found, Sent

pytestmark = pytest.mark.browser

SECONDS = 30_000
ANALYST_PAGES = ("", "centres", "referrals")
# Of a control with more values than this, so many are tried, spread over all of them.
MOST_VALUES = 4
KEY = ["measure", "level", "area", "period", "start", "by", "code"]

# Columns whose numbers count nobody: people who live somewhere, rates and their limits, places on a screen, colours.
COUNTS_NOBODY = {"population", "rate", "shown_rate", "low", "high", "foot", "class", "entry", "slot"}
# Figures beside a picture that count places, and not people.
COUNTS_PLACES = {"Withheld", "Without any"}
# Tables of records, and of them the columns that a shared figure may have too: areas, sources, codes.
RECORDS = ("incident", "incident_strand", "referral", "stop_search", "centre_contact", "centre_survey", "reject")
OF_AREAS = {"district", "force", "region", "ward", "locality", "label", "source"}
OF_PLACES = re.compile(r"of \d+, counted by")
FIGURE = re.compile(r"\d{1,3}(?:,\d{3})*|\d+")
PHRASES = re.compile(r"[.,;:()\n·](?=\s|$)|[()\n]")
# A day, as a chart reads it out.
DAY = re.compile(r"\b[A-Z][a-z]{2} \d{2}$")


def record_fields() -> set[str]:
    """The columns by which one record can be told from another, as data/dictionary.csv declares them."""
    columns = [column for name in RECORDS for column in tables()[name]]
    return {column.name for column in columns if column.codes is None} - OF_AREAS


class Scan:
    """Looks through what was sent, with what the store really holds beside it."""

    def __init__(self, store: Path, name: str) -> None:
        snapshot = open_snapshot(newest(store))
        self.threshold = audience(name).threshold
        self.shared = shared(snapshot, name).set_index(KEY)
        cursor = snapshot.connection.cursor()
        found = "select ref from incident union select ref from referral union select incident_ref from referral"
        self.refs = {ref for (ref,) in cursor.execute(found).fetchall() if ref}
        places = "select distinct easting, northing from incident where easting is not null"
        self.points = {(round(x), round(y)) for x, y in cursor.execute(places).fetchall()}
        # Sentences that explain figures and fields hold numbers of their own.
        fields = [column.sentence() for columns in tables().values() for column in columns]
        self.explained = [meaning("c", audience(name).withheld), *fields]
        self.compared = 0

    def small_counts(self, sent: Sent) -> list[str]:
        """Counts below the threshold, in tables and in words."""
        found = [self._small(table) for table in sent.tables]
        return [each for some in found for each in some] + [each for t in set(sent.texts) for each in self._said(t)]

    def records(self, sent: Sent) -> list[str]:
        """Columns of records, references, and places of single records."""
        fields = record_fields()
        found = [f"{t.where}: {name}" for t in sent.tables for name in t.columns if name in fields]
        found += [f"{t.where}: a place of a record" for t in sent.tables if self._places(t)]
        words = (word for text in {*sent.texts, *sent.addresses} for word in re.findall(r"\w+", text))
        cells = (str(cell) for t in sent.tables for values in t.columns.values() for cell in values)
        return found + [f"a reference: {each}" for each in self.refs.intersection([*words, *cells])]

    def not_as_shared(self, sent: Sent) -> list[str]:
        """Counts that differ from the shared table, or that it withholds."""
        return [each for t in sent.tables if {*KEY, "n"} <= set(t.columns) for each in self._differences(t)]

    def _small(self, table: Found) -> Iterator[str]:
        for name, values in table.columns.items():
            if name not in COUNTS_NOBODY and not name.startswith("__index"):
                for value in values:
                    if any(self._is_small(figure) for figure in _figures(value)):
                        yield f"{table.where}: {name} {value}"

    def _said(self, text: str) -> Iterator[str]:
        """A figure at the end of a phrase, or before what is counted."""
        before = ""
        for phrase in map(str.strip, PHRASES.split(OF_PLACES.sub("", text))):
            last = re.search(r"(?:^|\s)(\d[\d,]*)$", DAY.sub("", phrase))
            counted = re.search(r"(?:^|\s)(\d[\d,]*) (?:incident|referral|people|person)", phrase)
            small = any(each and self._is_small(each.group(1)) for each in (last, counted))
            explained = not phrase[0:1].isdigit() and any(phrase in each for each in self.explained)
            if small and before not in COUNTS_PLACES and not explained:
                yield f"said: {phrase[:80]}"
            before = phrase or before

    def _is_small(self, figure: str) -> bool:
        return 0 < int(figure.replace(",", "") or 0) < self.threshold

    def _places(self, table: Found) -> bool:
        columns = [[_whole(value) for value in values] for values in table.columns.values()]
        pairs = ((x, y) for a in columns for b in columns if a is not b for x, y in zip(a, b, strict=True) if x and y)
        return not self.points.isdisjoint(pairs)

    def _differences(self, table: Found) -> Iterator[str]:
        rows = pd.DataFrame(table.columns)
        rows = rows.assign(start=pd.to_datetime(rows["start"]).dt.tz_localize(None)).dropna(subset=["n", "start"])
        real = rows.join(self.shared["n"].rename("real"), on=KEY)
        self.compared += len(real)
        for row in real[real["n"].astype("Float64").ne(real["real"].astype("Float64")).fillna(True)].itertuples():
            yield f"{row.area} {row.period} {row.start} {row.by} {row.code}: {row.n}, shared is {row.real}"


def _figures(value: Any) -> list[str]:
    """The whole numbers that a cell states: its value, or the figures of a text such as 12 (9)."""
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int | float):
        return [str(int(value))] if value == value and float(value).is_integer() else []
    parts = re.split(r"[\s()]+", value) if isinstance(value, str) and re.fullmatch(r"[\d,\s()\[\]a-z–]+", value) else []
    return [part for part in parts if FIGURE.fullmatch(part)]


def _whole(value: Any) -> int | None:
    """A number as large as a coordinate, to the metre."""
    return round(value) if isinstance(value, int | float) and 1000 < abs(value) < 10_000_000 else None


# The place of an option in its list, and the size of the list; a long one holds only what is in view.
_PLACE = """(option) => {
    const all = [...option.closest('[role=listbox]').querySelectorAll('[role=option]')];
    const place = option.getAttribute('aria-posinset'), size = option.getAttribute('aria-setsize');
    return [place ? Number(place) - 1 : all.indexOf(option), size ? Number(size) : all.length];
}"""


class Visit:
    """One browser page that goes through pages and controls and keeps what it is sent."""

    def __init__(self, page: Page, dashboard: str, view: str) -> None:
        self.page, self.dashboard, self.view, self.sent = page, dashboard, view, Sent()
        self.sent.listen(page)
        self.changes: dict[str, int] = {}

    def open(self, name: str) -> None:
        """A page by its address, to the end of its run."""
        # Of a run that is cut off by leaving its page nobody hears the end.
        self.sent.runs = self.sent.starts
        with self._a_run():
            self.page.goto(f"{self.dashboard}/{name}?view={self.view}")
        self.page.get_by_role("button", name="Copy link").wait_for(timeout=SECONDS)
        self.page.wait_for_timeout(300)
        self.sent.read(self.page)

    def menu(self) -> list[str]:
        """Every page one has, as its address names it."""
        return [urlsplit(address).path.strip("/") for _name, address in menu(self.page)]

    def change_everything(self) -> None:
        """The pictures; every control through its values; then how the figures were made, then the files."""
        # First, because a meeting, which the switches end in, has none to take.
        self._take_pictures()
        lists, switches = self.page.get_by_test_id("stSelectbox"), self.page.get_by_test_id("stButtonGroup")
        for i in range(lists.count()):
            self._go_through(lists.nth(i))
        for i in range(switches.count()):
            self._press(switches.nth(i))
        for button in self.page.get_by_text("How this is made").all():
            with self._a_run():
                button.click()
        self.sent.read(self.page)
        self._take_files()

    def _go_through(self, box: Locator) -> None:
        """Through a list from its first value on, in steps where it is long, and back to where it was."""
        name, field = box.locator("label").inner_text(), box.locator("input")
        if field.is_disabled():
            return
        first, size = self._picked(name, field, 0)
        for target in range(step := ceil(size / MOST_VALUES), size, step):
            self._picked(name, field, target)
        # Back to where it was, so that the next list is that of the same page.
        self._picked(name, field, first)

    def _picked(self, name: str, field: Locator, target: int) -> tuple[int, int]:
        with self._a_run():
            found = self._pick(field, target)
        self._note(name)
        return found

    def _pick(self, field: Locator, target: int) -> tuple[int, int]:
        """Pick the value at a place in the list; gives the place of the one before, and how many there are."""
        # A list closes when the page scrolls, and the browser says that it scrolled only after it did.
        field.scroll_into_view_if_needed()
        self.page.wait_for_timeout(100)
        field.click()
        now = self.page.locator("[role=option][data-focused]")
        now.wait_for(timeout=SECONDS)
        place, size = now.evaluate(_PLACE)
        for _each in range(abs(target - place)):
            self.page.keyboard.press("ArrowDown" if target > place else "ArrowUp")
        self.page.keyboard.press("Enter")
        self.page.get_by_role("listbox").wait_for(state="detached", timeout=SECONDS)
        return place, size

    def _press(self, group: Locator) -> None:
        """Every button of a switch but those that change who is looking or the language."""
        names = [button.inner_text() for button in group.get_by_role("radio").all()]
        if {"Partner", "Cymraeg"} & set(names):
            return
        for name in names:
            button = group.get_by_role("radio", name=name, exact=True)
            if button.count() and button.get_attribute("aria-checked") != "true":
                with self._a_run():
                    button.click()
                self._note(", ".join(names))

    def _take_pictures(self) -> None:
        """Every picture of the page, as a drawing: the other formats are made from it."""
        for button in self.page.get_by_role("button", name="Take this picture").all():
            if not button.is_visible():
                continue
            with self._a_run():
                button.click()
            drawing = self.page.get_by_role("button", name="SVG", exact=False)
            drawing.wait_for(timeout=SECONDS)
            self._take(drawing)
            with self._a_run():
                self.page.keyboard.press("Escape")
            drawing.wait_for(state="detached", timeout=SECONDS)

    def _take_files(self) -> None:
        if not self.page.get_by_role("button", name="Download").count():
            return
        self.page.get_by_role("button", name="Download").click()
        for button in self.page.get_by_test_id("stDownloadButton").locator("button").all():
            self._take(button)
        self.page.keyboard.press("Escape")

    def _take(self, button: Locator) -> None:
        with self.page.expect_download(timeout=SECONDS) as download:
            button.click()
        self.sent.file(download.value.suggested_filename, Path(download.value.path()).read_bytes())
        self.sent.addresses.append(download.value.url)

    def _note(self, control: str) -> None:
        self.changes[control] = self.changes.get(control, 0) + 1
        self.sent.read(self.page)

    def _a_run(self) -> _Run:
        return _Run(self.page, self.sent)


class _Run:
    """Waits until the dashboard has run once more; a control that changes nothing does not make it run."""

    def __init__(self, page: Page, sent: Sent) -> None:
        self.page, self.sent = page, sent

    def __enter__(self) -> None:
        self.before = self.sent.starts

    def __exit__(self, *_error: object) -> None:
        self._until(lambda: self.sent.starts > self.before, 30)
        self._until(lambda: self.sent.runs >= self.sent.starts, 500)

    def _until(self, done: Callable[[], bool], times: int) -> None:
        for _wait in range(times):
            if done():
                return
            self.page.wait_for_timeout(20)


@pytest.fixture(scope="module")
def scan(sample_store: Path) -> Scan:
    return Scan(sample_store, "partner")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 2400}, locale="en-GB", accept_downloads=True)
    yield context.new_page()
    context.close()


def say(capsys: pytest.CaptureFixture[str], *lines: str) -> None:
    with capsys.disabled():
        print("", *lines, sep="\n  ")


def drawn(sent: Sent) -> list[str]:
    """The figures written into pictures that were taken."""
    return [figure for table in sent.tables for each in table.columns.get("drawn", ()) for figure in _figures(each)]


def few(found: Iterable[str]) -> str:
    return "; ".join(sorted(set(found))[:8])


@pytest.mark.parametrize("name", ["partner", "public"])
def test_nobody_but_an_analyst_is_sent_a_small_count_or_anything_of_a_record(
    name: str, dashboard: str, page: Page, sample_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scan, visit = Scan(sample_store, name), Visit(page, dashboard, name)
    visit.open("")
    pages = visit.menu()
    for each in pages:
        visit.open(each)
        visit.change_everything()
    small, records, different = (look(visit.sent) for look in (scan.small_counts, scan.records, scan.not_as_shared))
    changes = ", ".join(f"{control} {n}" for control, n in visit.changes.items())
    say(
        capsys,
        f"{name}, {len(pages)} pages: {visit.sent.summary()}",
        f"changed: {changes}",
        f"{scan.compared:,} counts as shared",
    )
    assert not small, few(small)
    assert not records, few(records)
    assert not different, few(different)
    assert {"", "places", "support"} <= set(pages)
    assert len(visit.changes) >= 5 and scan.compared > 100
    # Each page with figures has at least one, the public fewer than partners; and figures are written in some of them.
    say(capsys, f"{len(drawn(visit.sent))} figures written in pictures")
    assert visit.sent.pictures >= {"partner": 8, "public": 4}[name] and drawn(visit.sent)


def test_the_scan_of_an_analyst_finds_both(
    dashboard: str, page: Page, scan: Scan, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = Visit(page, dashboard, "analyst")
    for name in ANALYST_PAGES:
        visit.open(name)
    small, records = scan.small_counts(visit.sent), scan.records(visit.sent)
    say(capsys, f"analyst: {visit.sent.summary()}", f"{len(small)} small counts, {len(records)} traces of records")
    assert small and records


@pytest.mark.parametrize("name", ["overview", "hotspots", "trends", "referrals", "centres", "quarterly", "data"])
def test_a_link_to_a_page_of_analysts_gives_a_partner_words_and_no_figure(
    dashboard: str, page: Page, name: str
) -> None:
    sent = Sent()
    sent.listen(page)
    page.goto(f"{dashboard}/{name}?view=partner")
    page.get_by_text("This page is for analysts.").wait_for(timeout=SECONDS)
    assert sent.tables == []


def test_the_scan_reads_what_it_is_given(scan: Scan) -> None:
    """One small count, one reference, one place and one withheld figure, each where a leak could be."""
    cell = scan.shared[scan.shared["n"].isna()].head(1).reset_index()
    sent = Sent()
    sent.tables.append(Found("chart", {"figure": ["12 (9)", "[c] (3)"], "population": [2, 3]}))
    sent.tables.append(Found("points", {"x": [next(iter(scan.points))[0]], "y": [next(iter(scan.points))[1]]}))
    sent.tables.append(Found("trend", {name: cell[name].tolist() for name in KEY} | {"n": [7]}))
    sent.texts += ["Race 30, Religion 2.", "For Sale, 3 incidents are recorded.", f"made from {next(iter(scan.refs))}"]
    assert len(scan.small_counts(sent)) == 3
    assert len(scan.records(sent)) == 2
    assert len(scan.not_as_shared(sent)) == 1


def test_the_scan_reads_a_picture_but_for_its_scales(scan: Scan) -> None:
    drawing = """<svg xmlns="http://www.w3.org/2000/svg"><title>Race, 4 incidents are recorded</title>
        <text class="words">Recorded: 2</text><g>
        <g class="mark-group role-axis"><g class="mark-text role-axis-label"><text>1</text></g></g>
        <g class="mark-group role-legend"><text>2</text></g>
        <g class="mark-text role-mark"><text>40 (3)</text><text>120</text></g></g></svg>"""
    sent = Sent()
    sent.file("places.svg", drawing.encode())
    assert drawn(sent) == ["40", "3", "120"]
    assert scan.small_counts(sent)[0] == "places.svg: drawn 40 (3)"
    assert len(scan.small_counts(sent)) == 3
