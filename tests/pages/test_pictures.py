"""Pictures to share: under each picture for who looks alone, none in a meeting, and noted when one is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from hatecrime.charts import theme
from hatecrime.register import open_register
from hatecrime.ui import sidebar
from tests.pages import sharing
from tests.pages.sharing import as_partner, everything, table

TAKE, TAB = "Take this picture", "Picture"
HOTSPOTS, TRENDS = "pages/spot/hotspots.py", "pages/spot/trends.py"
Files = dict[str, Callable[[], str | bytes]]


@pytest.fixture(autouse=True)
def sample(sample_store: Path) -> Path:
    return sample_store


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    """What is offered, by file name: what Streamlit would call when a browser asks."""
    offered: Files = {}

    def button(_label: str, data: Callable[[], str | bytes], file_name: str, **_how: Any) -> None:
        offered[file_name] = data

    monkeypatch.setattr(st, "download_button", button)
    return offered


def buttons(app: AppTest) -> int:
    return sum(each.proto.popover.label == TAKE for each in app.get("popover"))


def pictures(app: AppTest) -> int:
    return sum(tab.label == TAB for tab in app.tabs)


def asked(app: AppTest, key: str) -> AppTest:
    """The page with the popover of one picture open."""
    app.session_state[f"{key}_take"] = True
    return app.run()


def written(drawn: str | bytes) -> list[str]:
    root = ElementTree.fromstring(drawn)
    return [text for each in root.iter("{http://www.w3.org/2000/svg}text") if (text := "".join(each.itertext()))]


def title(drawn: str | bytes) -> str:
    return str(ElementTree.fromstring(drawn)[0].text)


@pytest.mark.parametrize("page", ["pages/spot/overview.py", HOTSPOTS, "pages/spot/when.py", "pages/about/data.py"])
def test_each_picture_of_an_analyst_can_be_taken(app: AppTest, page: str) -> None:
    app.switch_page(page).run()
    assert not app.exception
    assert buttons(app) == pictures(app) > 0


@pytest.mark.parametrize("page", ["glance", "places", "support"])
def test_each_picture_of_a_partner_can_be_taken(monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    app = as_partner(monkeypatch, table(everything()), page)
    assert not app.exception
    assert buttons(app) == pictures(app) > 0


def test_in_a_meeting_there_is_none_to_take(app: AppTest) -> None:
    app.session_state["show"] = "meeting"
    app.run()
    assert pictures(app) > 0 and buttons(app) == 0


def test_what_is_not_open_offers_no_file(app: AppTest, files: Files) -> None:
    app.run()
    assert files and all(name.endswith(".csv") for name in files)
    asked(app, "overview_map")
    assert {f"overview_map.{ending}" for ending in ("png", "svg", "pdf")} <= set(files)


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_picture_that_is_asked_for_is_noted_once_and_none_before(app: AppTest, files: Files, ending: str) -> None:
    asked(app, "overview_months")
    before = open_register().verify().rows
    files[f"overview_months.{ending}"]()
    assert open_register().verify().rows == before + 1
    entry = open_register().last(1)[0]
    assert (entry.event, entry.audience) == ("export", "analyst")
    assert entry.detail.startswith(f"overview_months.{ending}, ")


def test_a_partner_is_noted_as_one_and_the_picture_is_marked_so(monkeypatch: pytest.MonkeyPatch, files: Files) -> None:
    app = asked(as_partner(monkeypatch, table(everything()), "places"), "shared_places")
    assert not app.exception
    drawn = files["shared_places.svg"]()
    assert open_register().last(1)[0].audience == "partner"
    assert {"OFFICIAL", "Made for partners: protected figures."} <= set(written(drawn))


def test_a_withheld_place_is_hatched_in_the_picture_and_its_figure_is_nowhere(
    monkeypatch: pytest.MonkeyPatch, files: Files
) -> None:
    """Withheld is what the ward of another map shows: were its figure given, it would be found."""
    shown, hidden = (
        _places(monkeypatch, files, {"E05000819": 1819, "E05000825": 1825, "E05000824": n}) for n in (1777, None)
    )
    assert "1,777" in " ".join(written(shown)) and "1,777" not in str(hidden) and "1777" not in str(hidden)
    assert "withheld [c]" in written(hidden) and "withheld [c]" not in written(shown)


def test_a_withheld_bar_has_a_symbol_in_the_picture_and_no_length(
    monkeypatch: pytest.MonkeyPatch, files: Files
) -> None:
    asked(as_partner(monkeypatch, table(everything()), "glance"), "incidents_strand")
    drawn = files["incidents_strand.svg"]()
    said = written(drawn)
    assert all(any(each.startswith(figure) for each in said) for figure in ("[c]", "302"))
    assert not {"null", "NaN", "undefined"} & set(re.findall(r"\w+", str(drawn)))


def test_what_is_looked_at_stands_in_the_picture(app: AppTest, files: Files) -> None:
    app.multiselect(key="strand").set_value(["transgender"]).run()
    asked(app, "overview_months")
    assert "Transgender identity" in " ".join(written(files["overview_months.svg"]()))


@pytest.mark.parametrize(
    ("page", "key", "finding"),
    [
        ("pages/spot/overview.py", "overview_map", "Most in "),
        (HOTSPOTS, "hotspots", "Clifford and "),
        (HOTSPOTS, "held_up", "The 10% of the land"),
        (HOTSPOTS, "spread", "80% of incidents"),
        ("pages/spot/when.py", "when_hours", "of those with a known time"),
        ("pages/report/quarterly.py", "strand_bridge", "incidents"),
    ],
)
def test_the_title_is_what_this_picture_shows(app: AppTest, files: Files, page: str, key: str, finding: str) -> None:
    asked(app.switch_page(page).run(), key)
    said = title(files[f"{key}.svg"]())
    assert finding in said and not said.endswith("?")


def test_panels_go_as_one_picture(app: AppTest, files: Files) -> None:
    app.switch_page(TRENDS).run()
    app.session_state["split"] = "strand"
    asked(app.run(), "trends")
    said = written(files["trends.svg"]())
    assert {"Race", "Religion", "Disability", "OFFICIAL-SENSITIVE"} <= set(said)


@pytest.mark.parametrize(
    ("page", "key"), [(HOTSPOTS, "hotspots"), ("pages/spot/when.py", "when_hours"), (TRENDS, "trends")]
)
def test_a_dark_screen_gives_the_same_picture(
    app: AppTest, files: Files, monkeypatch: pytest.MonkeyPatch, page: str, key: str
) -> None:
    light = asked(app.switch_page(page).run(), key) and _drawing(files, key)
    monkeypatch.setattr(sidebar, "LOOKS", {"light": theme.DARK})
    dark = app.run() and _drawing(files, key)
    assert light == dark
    assert theme.LIGHT.main in light and theme.DARK.ground not in light


def _places(monkeypatch: pytest.MonkeyPatch, files: Files, counts: dict[str, int | None]) -> str:
    cells = table([*sharing.incidents(), *sharing.wards(counts)])
    asked(as_partner(monkeypatch, cells, "places"), "shared_places")
    return str(files["shared_places.svg"]())


def _drawing(files: Files, key: str) -> str:
    """The picture without the moment it was taken at and the numbers that clips are given."""
    drawn = re.sub(r"clip\d+", "clip", str(files[f"{key}.svg"]()))
    return re.sub(r"Taken away on [^<]*", "", drawn)
