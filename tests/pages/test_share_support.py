"""Support, for partners: referrals by quarter, route and strand as far as they are shared."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import sharing
from tests.pages.sharing import as_partner, everything, incidents, metrics, said, table


@pytest.fixture(autouse=True)
def sample(sample_store: Path) -> Path:
    return sample_store


def support(monkeypatch: pytest.MonkeyPatch, cells: list[sharing.Cell], **query: str) -> AppTest:
    return as_partner(monkeypatch, table(cells), "support", **query)


def test_an_area_without_referrals_gives_way_to_one_that_has_them_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    app = support(monkeypatch, everything())
    assert not app.exception
    assert "Figures are not shared for Trafford, so what follows is about North Wales." in said(app)
    assert metrics(app) == {"2016/17": "316"}


def test_routes_are_said_and_a_withheld_one_has_its_symbol(monkeypatch: pytest.MonkeyPatch) -> None:
    app = support(monkeypatch, everything())
    assert "Route: Police is the highest figure shown (261)" in said(app)
    tables = [frame.value for frame in app.dataframe]
    routes = next(each for each in tables if "Self-referral" in each["label"].tolist())
    assert routes["shown"].tolist() == ["261", "45", "[c]"]


def test_the_year_before_is_withheld_and_so_is_the_change(monkeypatch: pytest.MonkeyPatch) -> None:
    app = support(monkeypatch, everything())
    assert "316 people were referred to support (North Wales, 2016/17). A year earlier the figure is not shown" in said(
        app
    )
    assert "by date received" in said(app)


def test_where_referrals_are_not_shared_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    app = support(monkeypatch, incidents())
    assert not app.exception
    assert "These figures are not shared with you." in said(app)
