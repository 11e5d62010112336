"""Data protection: what is held is what is said, and who may not see how much is not told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from hatecrime import settings as settings_module
from hatecrime.database import fetch, newest, open_snapshot
from hatecrime.dictionary import columns, tables
from hatecrime.extracts.personal import PEOPLE
from hatecrime.settings import root, settings
from hatecrime.words.data_protection import table_names
from tests import toy
from tests.pages.looking import asked
from tests.pages.sharing import said
from tests.pages.test_gate import Visit, claims, visit

__all__ = ["visit"]
PAGE = "pages/about/data_protection.py"


@pytest.fixture
def page(app: AppTest) -> AppTest:
    return app.switch_page(PAGE).run()


def table(app: AppTest, column: str) -> list[dict[str, str]]:
    """The one table with such a column, row by row, without the marks that keep words from becoming markdown."""
    (found,) = [each.value for each in app.table if column in each.value.columns]
    return found.map(lambda cell: cell.replace("\\", "")).to_dict("records")


def everything(app: AppTest) -> str:
    cells = " ".join(str(cell) for each in app.table for cell in each.value.to_numpy().ravel())
    return f"{said(app)}\n{cells}"


def test_an_analyst_is_told_how_much_is_held_and_it_is_what_the_snapshot_holds(
    page: AppTest, sample_store: Path
) -> None:
    assert not page.exception
    incidents, referrals = asked(
        sample_store, "select (select count(*) from incident), (select count(*) from referral)"
    )
    assert f"Held are: Incidents ({incidents:,}), Referrals to support ({referrals:,})" in everything(page)
    rows = {row["Records"]: row for row in table(page, "First day")}
    assert set(rows) == set(table_names().values())
    assert rows["Incidents"]["Number"] == f"{incidents:,}"
    assert (rows["Incidents"]["First day"], rows["Incidents"]["Last day"]) == ("1 April 2013", "31 March 2017")
    assert rows["Monthly counts of older incidents"]["Number"] == "0"


def test_every_field_of_a_chosen_table_is_listed_with_what_it_holds(page: AppTest, sample_store: Path) -> None:
    assert [row["Field"] for row in table(page, "Field")] == [column.name for column in columns("incident")]
    page.selectbox(key="held").set_value("referral").run()
    rows = {row["Field"]: row for row in table(page, "Field")}
    (contacted,) = asked(sample_store, "select count(first_contact_on) from referral")
    assert rows["first_contact_on"]["Filled in"] == f"{contacted:,}"
    assert rows["first_contact_on"]["What it holds"] == "First contact made."


def test_analysts_see_how_every_audience_is_protected(page: AppTest) -> None:
    rows = {row["Who"]: row for row in table(page, "Who")}
    assert list(rows) == ["Analysts", "Partners", "The public"]
    assert "Counts from 1 to 4 are never shown as such." in rows["Partners"]["What they see"]
    assert rows["Partners"]["Smallest area and shortest period"] == "Ward by financial year; Local authority by month"
    assert "rounded to the nearest 5" in rows["The public"]["What they see"]


@pytest.mark.parametrize(("role", "others"), [("partner", ["Partners", "The public"]), ("public", ["The public"])])
def test_others_are_told_what_is_public_and_never_how_much(
    visit: Visit, sample_store: Path, role: str, others: list[str]
) -> None:
    app = visit(claims(role), "data_protection")
    assert not app.exception
    assert [row["Who"] for row in table(app, "Who")] == others
    assert "you are shown counts of them" in everything(app)
    assert {"Number", "Filled in", "First day"}.isdisjoint({name for each in app.table for name in each.value.columns})
    snapshot = open_snapshot(newest(sample_store))
    counts = {*fetch(snapshot, "about/held")["n"], *fetch(snapshot, "about/filled")["filled"]}
    told = [f"{n:,}" for n in counts if n > 31 and f"{n:,}" in everything(app).split()]
    assert told == []


def test_an_analyst_of_some_areas_is_not_told_how_much_is_held_in_all(visit: Visit) -> None:
    app = visit(claims("analyst", areas=["E08000009"]), "data_protection")
    assert not app.exception
    assert "you are shown counts of them" in everything(app)


def test_whether_one_has_to_sign_in_is_said(page: AppTest, visit: Visit) -> None:
    assert "Sign-in is off, and only the machine on which the dashboard runs is answered." in everything(page)
    assert "Everybody has to sign in. A sign-in can be limited to certain areas; it ends after 10 hours." in everything(
        visit(claims("partner"), "data_protection")
    )


def test_the_settings_in_force_are_said(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Points are stored as they came" in everything(page)
    assert "No limit is set" in everything(page)
    other = replace(settings(), snap_metres=200, keep_years=3)
    monkeypatch.setattr(settings_module, "_read", lambda _path: other)
    page.run()
    assert "Points are moved to the centres of squares of 200 metres before they are stored." in everything(page)
    assert "Incidents recorded more than 3 years before the last day" in everything(page)


def test_an_empty_snapshot_holds_nothing_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = toy.snapshot(tmp_path)
    assert fetch(found, "about/held")["n"].tolist() == [0] * len(table_names())
    found.close()
    monkeypatch.setenv("HATECRIME_STORE", str(tmp_path))
    monkeypatch.chdir(root())
    app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=60).run().switch_page(PAGE).run()
    assert not app.exception
    assert "No record about a person is held." in everything(app)


def test_in_welsh_nothing_fails(app: AppTest) -> None:
    app.session_state["lang"] = "cy"
    assert not app.switch_page(PAGE).run().exception


def test_the_counts_of_one_record_and_of_months_are_told_apart(tmp_path: Path) -> None:
    snapshot = toy.snapshot(tmp_path, incident=[{"ref": "a", "strands": ["race"]}], incident_month=[{"n": 7}, {"n": 2}])
    n = fetch(snapshot, "about/held").set_index("held_in")["n"]
    assert (n["incident"], n["incident_month"], n["referral"]) == (1, 9, 0)
    filled = fetch(snapshot, "about/filled").set_index(["held_in", "field"])["filled"]
    assert (filled["incident", "ref"], filled["incident", "ward"], filled["referral", "ref"]) == (1, 0, 0)


def test_no_table_about_people_is_left_out_of_what_is_said(tmp_path: Path) -> None:
    """Those whose cells are judged, those that hang on incidents, and what was refused."""
    assert set(table_names()) == {*PEOPLE, "reject", *(name for name in tables() if name.startswith("incident_"))}
    snapshot = toy.snapshot(tmp_path)
    assert fetch(snapshot, "about/held")["held_in"].tolist() == list(table_names())
    fields = fetch(snapshot, "about/filled")
    assert list(zip(fields["held_in"], fields["field"], strict=True)) == [
        (name, column.name) for name in table_names() for column in columns(name)
    ]
