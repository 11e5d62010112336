"""Every view and every file that is taken away is in the access log once, and before it is shown or given."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pandas as pd
import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from hatecrime.access import LOCAL, User
from hatecrime.register import Entry, RegisterError, open_register
from hatecrime.settings import root
from hatecrime.ui import log
from hatecrime.ui.records import to_csv

TIMEOUT = 60
Made = Callable[[], str | bytes]


@pytest.fixture(autouse=True)
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HATECRIME_REGISTER_URL", f"sqlite:///{tmp_path / 'register.sqlite'}")
    return tmp_path / "register.sqlite"


@pytest.fixture
def app(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.chdir(root())
    return AppTest.from_file(str(root() / "dashboard.py"), default_timeout=TIMEOUT)


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Made]:
    """What makes each file that the last run offers, by the name of the file."""
    files: dict[str, Made] = {}
    drawn = streamlit.download_button

    def keep(label: str, data: Any, file_name: str, **options: Any) -> bool:
        files[file_name] = data
        return drawn(label, data, file_name=file_name, **options)

    monkeypatch.setattr(streamlit, "download_button", keep)
    return files


def entries() -> list[Entry]:
    """The whole log, in the order in which it was written."""
    return open_register().last(1000)[::-1]


def asked_for(make: Made) -> bytes:
    """The file as a click makes it: on a thread that knows nothing of the visit."""
    made: list[str | bytes] = []
    thread = Thread(target=lambda: made.append(make()))
    thread.start()
    thread.join()
    return made[0] if isinstance(made[0], bytes) else made[0].encode()


def warnings(app: AppTest) -> list[str]:
    return [each.value for each in app.warning if "not being noted" in each.value]


def break_register(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "no folder").write_text("")
    monkeypatch.setenv("HATECRIME_REGISTER_URL", f"sqlite:///{tmp_path / 'no folder' / 'register.sqlite'}")


def test_one_view_is_one_entry_with_who_what_and_from_which_snapshot(app: AppTest) -> None:
    app.run()
    (entry,) = entries()
    assert (entry.event, entry.subject, entry.audience, entry.page) == ("page", "local", "analyst", "/")
    assert json.loads(entry.filters) == {"area": "E08000009", "from": "2016-04-01", "to": "2017-03-31"}
    assert entry.detail.startswith("hatecrime-")
    assert open_register().verify().ok


def test_running_again_without_a_change_adds_nothing(app: AppTest) -> None:
    app.run()
    app.run()
    app.run()
    assert len(entries()) == 1


def test_another_filter_is_another_entry(app: AppTest) -> None:
    app.run()
    app.multiselect(key="strand").set_value(["disability"]).run()
    assert [json.loads(entry.filters).get("strand") for entry in entries()] == [None, "disability"]


def test_another_page_is_another_entry_and_so_is_coming_back(app: AppTest) -> None:
    app.run()
    app.switch_page("pages/spot/trends.py").run()
    app.switch_page("pages/spot/overview.py").run()
    assert [entry.page for entry in entries()] == ["/", "/trends", "/overview"]


def test_two_visits_are_two_entries(app: AppTest) -> None:
    app.run()
    AppTest.from_file(str(root() / "dashboard.py"), default_timeout=TIMEOUT).run()
    assert len(entries()) == 2


def test_what_is_chosen_on_the_page_itself_is_noted_once_and_so_is_going_back(app: AppTest) -> None:
    app.run()
    app.switch_page("pages/report/quarterly.py").run()
    before = len(entries())
    quarter = app.selectbox(key="quarter")
    first = quarter.value
    quarter.set_value("2015/16-Q4").run()
    app.run()
    app.selectbox(key="quarter").set_value(first).run()
    told = [json.loads(entry.filters).get("quarter", "") for entry in entries()[before:]]
    assert len(told) == 2
    assert told == ["Q4 2015/16", ""]


def test_a_file_is_noted_when_it_is_asked_for_and_not_before(app: AppTest, offered: dict[str, Made]) -> None:
    app.run()
    assert {entry.event for entry in entries()} == {"page"}
    asked_for(offered["overview_months.csv"])
    asked_for(offered["overview_months.csv"])
    exports = [entry for entry in entries() if entry.event == "export"]
    assert len(exports) == 2
    assert (exports[0].subject, exports[0].page) == ("local", "/")
    assert exports[0].detail.startswith("overview_months.csv, hatecrime-")
    assert json.loads(exports[0].filters)["area"] == "E08000009"


@pytest.mark.parametrize(
    ("page", "files"),
    [
        ("pages/report/quarterly.py", 1),
        ("pages/about/data.py", 1),
        ("pages/about/quality.py", 2),
        ("pages/review/centres.py", 1),
        ("pages/spot/hotspots.py", 1),
    ],
)
def test_every_file_that_is_offered_is_marked_at_its_foot(
    page: str, files: int, app: AppTest, offered: dict[str, Made]
) -> None:
    app.run()
    offered.clear()
    app.switch_page(page).run()
    assert not app.exception
    assert len(offered) >= files
    for name, make in offered.items():
        text = asked_for(make).decode("utf-8-sig")
        assert "OFFICIAL-SENSITIVE" in text, name
        assert "SYNTHETIC" in text and "Taken away on " in text and "for analysts: exact figures" in text, name
    noted = [entry.detail.partition(",")[0] for entry in entries() if entry.event == "export"]
    assert noted == list(offered)


def test_a_file_in_welsh_is_marked_in_welsh(app: AppTest, offered: dict[str, Made]) -> None:
    app.query_params["lang"] = "cy"
    app.run()
    text = asked_for(offered["overview_months.csv"]).decode("utf-8-sig")
    assert "DATA SYNTHETIG" in text
    assert "SYNTHETIC DATA" not in text


def test_who_sits_at_the_machine_is_warned_while_nothing_can_be_noted_and_goes_on(
    app: AppTest, offered: dict[str, Made], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_register(monkeypatch, tmp_path)
    app.run()
    assert not app.exception
    assert len(warnings(app)) == 1
    assert app.metric
    assert asked_for(offered["overview_months.csv"])


def test_views_are_noted_again_once_that_can_be_done(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        break_register(broken, tmp_path)
        app.run()
    app.run()
    assert not warnings(app)
    assert len(entries()) == 1


def test_where_it_must_be_known_a_view_that_cannot_be_noted_is_not_shown(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_register(monkeypatch, tmp_path)
    monkeypatch.setattr(log, "_must_be_known", lambda _user: True)
    app.run()
    assert not app.exception
    assert not app.metric and not app.get("vega_lite_chart") and not app.dataframe and not app.title
    assert "This page cannot be shown, because that cannot be noted." in [each.value for each in app.subheader]


def test_it_must_be_known_of_everybody_but_the_one_at_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    partner = User("p@x", "P", "partner", frozenset(), ())
    analyst = User("a@x", "A", "analyst", frozenset(), ())
    assert log._must_be_known(partner) and log._must_be_known(analyst)
    assert not log._must_be_known(LOCAL)


def test_where_it_must_be_known_a_file_that_cannot_be_noted_is_not_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_register(monkeypatch, tmp_path)
    partner = User("p@x", "P", "partner", frozenset(), ())
    with pytest.raises(RegisterError):
        log._note_export(partner, "p@x", "partner", "/", {}, "x.csv")


def test_nothing_of_an_address_but_known_choices_comes_into_the_log(app: AppTest, register: Path) -> None:
    """A link can hold anything: a token of a sign-in, say. What is no choice of the dashboard is not noted."""
    app.query_params.update(token="SECRET-1", area="SECRET-2", strand="SECRET-3", quarter="SECRET-4")
    app.run()
    app.switch_page("pages/report/quarterly.py").run()
    assert len(entries()) >= 2
    assert b"SECRET" not in b"".join(file.read_bytes() for file in register.parent.glob("register.sqlite*"))


def test_a_file_reads_back_in_pandas_with_its_foot_passed_over() -> None:
    frame = pd.DataFrame({"name": ["Flat #3", "Tŷ, Ddewi", None], "n": [1, 2, 3], "rate": [0.5, None, 2.0]})
    back = pd.read_csv(BytesIO(to_csv(frame, ["OFFICIAL", 'Shown: "a", =b'])), comment="#")
    pd.testing.assert_frame_equal(back, frame)


def test_without_a_foot_the_file_ends_with_its_rows() -> None:
    assert to_csv(pd.DataFrame({"n": [1]})).endswith(b'n"\n1\n')
