"""Unknown hotspots: the planted one is found and explained, decisions are kept, and odd filters are told in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from hatecrime.register import open_register
from hatecrime.register.decisions import Decision, decide, history, in_force
from hatecrime.settings import root
from hatecrime.ui.decisions import KINDS, kind_name, sentence
from hatecrime.ui.unknown_card import figures
from tests import toy
from tests.pages.test_gate import TRAFFORD, Visit, claims, headings, visit

__all__ = ["visit"]

PAGE = "pages/spot/unknown.py"
PLANTED = "2016-17-Q4:ward:E05000822:hidden:disability.criminal_damage_arson"


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A register that no other test writes to."""
    file = tmp_path / "register.sqlite"
    monkeypatch.setenv("HATECRIME_REGISTER_URL", f"sqlite:///{file}")
    yield file


@pytest.fixture
def page(app: AppTest, register: Path) -> AppTest:
    return app.run().switch_page(PAGE).run()


def html(app: AppTest) -> list[str]:
    return [each.proto.body for each in app.get("html")]


def cards(app: AppTest) -> list[str]:
    return [body for body in html(app) if "<h4" in body]


def open_form(app: AppTest, key: str = PLANTED) -> AppTest:
    app.session_state[f"decide_{key}"] = True
    return app.run()


def fill(
    app: AppTest, kind: str | None, owner: str = "", note: str = "", due: date | None = None, turn: int = 0
) -> None:
    form = f"{PLANTED}_{turn}"
    app.selectbox(key=f"kind_{form}").set_value(kind)
    app.text_input(key=f"owner_{form}").set_value(owner)
    app.text_area(key=f"note_{form}").set_value(note)
    app.date_input(key=f"due_{form}").set_value(due)
    app.button(key=f"save_{form}").click().run()


def test_the_planted_hotspot_is_first_with_its_reason_and_how_sure_it_is(page: AppTest) -> None:
    assert not page.exception
    first = cards(page)[0]
    assert "1. Broadheath" in first
    assert "criminal damage and arson with disability hostility" in first
    assert "●●●" in first and "confident" in first
    assert "Were its" in first and "would be" in first
    assert "95% interval" in first


def test_the_answer_counts_the_entries_and_says_what_chance_would_bring(page: AppTest) -> None:
    said = " ".join(html(page))
    assert "Entries: 1 confident, " in said
    assert any("Chance alone would make" in caption.value for caption in page.caption)


def test_entries_to_watch_are_folded_until_they_are_asked_for(page: AppTest) -> None:
    before = len(cards(page))
    page.session_state["unknown_watch"] = True
    page.run()
    assert not page.exception
    assert len(cards(page)) > before


def test_every_entry_leads_to_the_map_and_the_profile_with_the_filters_that_show_it(page: AppTest) -> None:
    found = re.findall(r'<a href="([^"]*)"', cards(page)[0])
    addresses = [urlsplit(unescape(address)) for address in found]
    assert [address.path for address in addresses] == ["hotspots", "place"]
    for address in addresses:
        assert parse_qs(address.query) == {
            "area": ["E08000009"],
            "level": ["ward"],
            "place": ["E05000822"],
            "strand": ["disability"],
            "crime_type": ["criminal_damage_arson"],
            "from": ["2016-04-01"],
            "to": ["2017-03-31"],
        }


def test_in_a_meeting_three_entries_stand_large_and_the_forms_are_folded(page: AppTest) -> None:
    page.session_state["show"] = "meeting"
    page.run()
    assert not page.exception
    assert len(cards(page)) == 3
    assert not page.text_area


@pytest.mark.parametrize("level", ["ward", "locality", "lsoa"])
def test_every_level_of_trafford_has_its_list(page: AppTest, level: str) -> None:
    page.session_state["level"] = level
    page.run()
    assert not page.exception
    assert cards(page)


@pytest.mark.parametrize("area", ["W92000004", "W06000015", "E05000829", "all"])
def test_areas_of_every_kind_are_answered_in_words(page: AppTest, area: str) -> None:
    page.selectbox(key="area").set_value(area).run()
    assert not page.exception
    assert "nan" not in " ".join(html(page))


def test_areas_known_by_a_code_are_named_by_their_ward(page: AppTest) -> None:
    page.session_state["level"] = "lsoa"
    page.run()
    assert "1. E01006090 (Broadheath)</h4>" in cards(page)[0]
    assert "E01006090 (Broadheath) has 4 incidents" in cards(page)[0]


def test_another_quarter_gives_the_list_of_then(page: AppTest) -> None:
    page.selectbox(key="quarter").set_value("2016/17-Q3").run()
    assert not page.exception
    assert "January 2016 to December 2016" in " ".join(each.value for each in page.caption)


def test_filters_that_leave_nothing_say_so(page: AppTest) -> None:
    page.multiselect(key="strand").set_value(["transgender"])
    page.multiselect(key="crime_type").set_value(["arson"]).run()
    assert not page.exception
    assert not cards(page)


class TestFiltersThatNarrow:
    def test_they_are_named_above_the_answer_with_a_way_back_to_the_whole_list(self, page: AppTest) -> None:
        whole = cards(page)[0]
        assert not [button for button in page.button if button.label == "Show the whole list"]
        page.multiselect(key="strand").set_value(["disability"])
        page.multiselect(key="crime_type").set_value(["criminal_damage_arson"]).run()
        said = next(each.value for each in page.markdown if "This is not the whole list" in each.value)
        assert "Criminal damage and arson" in said and "Disability" in said
        assert cards(page)[0] != whole
        next(button for button in page.button if button.label == "Show the whole list").click().run()
        assert not page.exception
        assert cards(page)[0] == whole
        assert not [each for each in page.markdown if "This is not the whole list" in each.value]

    def test_the_way_back_keeps_the_area_and_the_period(self, page: AppTest) -> None:
        page.selectbox(key="area").set_value("W92000004").run()
        page.multiselect(key="strand").set_value(["race"]).run()
        next(button for button in page.button if button.label == "Show the whole list").click().run()
        assert page.session_state["area"] == "W92000004"


class TestTraining:
    def test_what_to_put_there_is_beside_the_place(self, page: AppTest) -> None:
        assert list(page.dataframe[0].value.columns)[:3] == ["rank", "label", "put"]

    def test_what_no_record_tells_has_no_column_and_is_not_what_the_order_rests_on(
        self, tmp_path: Path, register: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows = [{"ward": code, "recorded_on": date(2016, 7, 1), "strands": ["race"]} for code in "AAAABBC"]
        areas = [{"area_code": code, "level": "ward", "name_en": f"Ward {code}"} for code in "ABC"]
        toy.snapshot(tmp_path, area=areas, incident=rows).close()
        monkeypatch.setenv("HATECRIME_STORE", str(tmp_path))
        monkeypatch.chdir(root())
        app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=60).run().switch_page(PAGE).run()
        assert not app.exception
        columns = set(app.dataframe[0].value.columns)
        assert {"rank", "label", "put", "n"} <= columns
        assert not {"school", "young", "school_or_young", "share", "low", "high"} & columns
        notes = " ".join(each.value for each in app.caption)
        assert "Places with most incidents come first: the records do not say" in notes


class TestDecisions:
    def test_one_is_saved_and_shown_with_who_when_and_what(self, page: AppTest) -> None:
        open_form(page)
        fill(page, "training", "Schools officer", "Sessions in two schools", date(2017, 6, 30))
        assert not page.exception
        (kept,) = in_force(open_register())
        assert (kept.key, kept.decision, kept.owner, kept.due) == (
            PLANTED,
            "training",
            "Schools officer",
            date(2017, 6, 30),
        )
        assert (kept.subject, kept.quarter) == ("local", "2016/17-Q4")
        assert "Broadheath" in kept.what
        said = cards(page)[0]
        for words in ("Training or school work there", "local", "Schools officer", "30 June 2017", "Sessions in two"):
            assert words in said

    def test_a_correction_is_a_new_line_and_the_old_one_stays_in_the_history(self, page: AppTest) -> None:
        open_form(page)
        fill(page, "training", "Schools officer")
        # A browser keeps the form open; here it is opened again.
        open_form(page)
        fill(page, "known", "Neighbourhood team", turn=1)
        made = history(open_register(), PLANTED)
        assert [each.decision for each in made] == ["known", "training"]
        assert "Known already" in cards(page)[0] and "Training or school" not in cards(page)[0]
        open_form(page)
        listed = next(each.value for each in page.markdown if "newest first" in each.value)
        assert "Training or school work there" in listed

    def test_nothing_is_saved_before_something_is_chosen(self, page: AppTest) -> None:
        open_form(page)
        fill(page, None, "Somebody")
        assert [each.value for each in page.warning] == ["Choose what was decided."]
        assert in_force(open_register()) == []

    @pytest.mark.parametrize(
        ("owner", "note", "field"),
        [
            ("Schools officer", "The victim is Mrs Jane Smith", "Note"),
            ("Schools officer", "Call 07700 900123 first", "Note"),
            ("PC 12345", "Sessions in two schools", "Who does it"),
        ],
    )
    def test_what_names_a_person_is_not_saved_and_what_was_typed_stays(
        self, page: AppTest, owner: str, note: str, field: str
    ) -> None:
        open_form(page)
        fill(page, "training", owner, note)
        assert in_force(open_register()) == []
        assert next(each.value for each in page.warning).startswith(f"{field} looks as if it held a person's name")
        assert page.text_area(key=f"note_{PLANTED}_0").value == note

    def test_what_was_typed_stays_where_the_register_cannot_be_written(
        self, page: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        open_form(page)
        folder = tmp_path / "a folder"
        folder.mkdir()
        monkeypatch.setenv("HATECRIME_REGISTER_URL", f"sqlite:///{folder}")
        fill(page, "tasking", "Sergeant", "Evenings")
        assert not page.exception
        assert any("What you typed is still here." in each.value for each in page.error)
        assert page.text_area(key=f"note_{PLANTED}_0").value == "Evenings"
        assert cards(page)

    def test_those_of_an_earlier_list_are_told_on_the_next(self, page: AppTest) -> None:
        earlier = PLANTED.replace("Q4", "Q3")
        decide(open_register(), "ana", earlier, "2016/17-Q3", "what stood there", "look_closer")
        page.run()
        assert "On the list of Q3 2016/17: Look closer first (ana" in cards(page)[0]

    def test_marks_in_a_note_stay_words(self, page: AppTest) -> None:
        decide(open_register(), "ana", PLANTED, "2016/17-Q4", "what stood there", "none", "<b>bold</b> [x](http://y)")
        page.run()
        assert "&lt;b&gt;bold" in cards(page)[0]

    def test_every_kind_has_a_name(self) -> None:
        assert len({kind_name(kind) for kind in KINDS}) == len(KINDS)

    def test_without_owner_day_and_note_the_sentence_is_short(self) -> None:
        made = Decision(1, "2017-05-02T10:00:00.000000Z", "ana", "k", "2016/17-Q4", "w", "none")
        assert sentence(made) == "Nothing now (ana, 2 May 2017)."


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_ratio_that_cannot_be_given_is_left_out(value: float) -> None:
    said = figures({"observed": 3, "expected": 0.0, "ratio": value, "low": value, "high": value})
    assert said == "3 recorded, 0 expected"


def test_a_store_without_incidents_says_so(tmp_path: Path, register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.snapshot(tmp_path).close()
    monkeypatch.setenv("HATECRIME_STORE", str(tmp_path))
    monkeypatch.chdir(root())
    app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=60).run().switch_page(PAGE).run()
    assert not app.exception
    assert not cards(app)


@pytest.mark.parametrize("area", [TRAFFORD, "E05000822"])
def test_somebody_limited_to_an_area_gets_its_list_and_no_other_place(visit: Visit, register: Path, area: str) -> None:
    app = visit(claims("analyst", areas=[area]), "unknown")
    assert not app.exception
    if area == TRAFFORD:
        assert "Broadheath" in cards(app)[0]
    assert "Cardiff" not in " ".join(html(app))


@pytest.mark.parametrize("role", ["partner", "public"])
def test_it_is_not_for_partners_nor_the_public(visit: Visit, register: Path, role: str) -> None:
    app = visit(claims(role), "unknown")
    assert headings(app) == ["This page is for analysts."]
    assert not cards(app)
