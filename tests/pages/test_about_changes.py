"""The data page says what the latest load changed, and is calm where nothing was sent again."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from hatecrime.settings import root
from tests.extracts.workshop import HEADER, INCIDENTS, Workshop
from tests.pages.looking import asked

DATA = "pages/about/data.py"
FIRST = HEADER + "".join(f"{n},Crime,{n:02}/{2 + n % 4:02}/2016\n" for n in range(1, 21))
AGAIN = (
    FIRST.replace("20,Crime,20/02/2016\n", "").replace("19,Crime,19/05", "19,non_crime,18/05") + "21,Crime,21/06/2016\n"
)
WHOLE = "complete_from = 2016-01-01\ncomplete_to = 2016-12-31\n"


def opened(folder: Path, monkeypatch: pytest.MonkeyPatch, *again: str) -> AppTest:
    """The data page on a store of one extract and of those that were sent again."""
    workshop = Workshop(folder).add(FIRST, INCIDENTS, "first.csv", "2016-07-01")
    for number, rows in enumerate(again):
        workshop.add(rows, INCIDENTS, f"again_{number}.csv", f"2016-1{number}-01")
        workshop.listed[-1] += WHOLE
    workshop.build()
    monkeypatch.chdir(root())
    monkeypatch.setenv("HATECRIME_STORE", str(workshop.store))
    app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=60).run()
    return app.switch_page(DATA).run()


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.markdown, *app.caption])


def test_nothing_sent_again_is_one_calm_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(tmp_path, monkeypatch)
    assert not app.exception
    assert "No source has sent more than one extract" in said(app)


def test_the_sentence_says_what_is_new_changed_and_withdrawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(tmp_path, monkeypatch, AGAIN)
    assert not app.exception
    assert (
        r"The extract of 1 October 2016 (again\_0.csv) brought 1 new record, changed 1 and withdrew 1; "
        "figures moved in 2 quarters." in said(app)
    )


def test_each_field_that_changed_stands_with_what_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(tmp_path, monkeypatch, AGAIN)
    (table,) = [each.value for each in app.table if "What it holds" in each.value.columns]
    assert table.to_numpy().tolist() == [
        ["kind", "Crime or non-crime incident.", "1"],
        ["recorded on", "Day the record was made; the default date for counting.", "1"],
    ]


def test_the_quarters_that_moved_are_those_of_the_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(tmp_path, monkeypatch, AGAIN)
    (table,) = [each.value for each in app.dataframe if "n_before" in each.value.columns]
    figures = table[["label", "n_before", "n_after", "difference"]].to_numpy().tolist()
    assert figures == [["Q4 2015/16", 10, 9, -1], ["Q1 2016/17", 10, 11, 1]]
    (after,) = asked(tmp_path / "store", "select count(*) from incident where recorded_on < date '2016-04-01'")
    assert after == figures[0][2]


def test_an_extract_that_says_the_same_changed_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(tmp_path, monkeypatch, FIRST)
    assert not app.exception
    assert r"The extract of 1 October 2016 (again\_0.csv) changed nothing." in said(app)


def test_an_earlier_load_can_be_picked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(tmp_path, monkeypatch, AGAIN, AGAIN)
    assert r"(again\_1.csv) changed nothing." in said(app)
    app.selectbox(key="changed_by").set_value("2").run()
    assert not app.exception
    assert r"(again\_0.csv) brought 1 new record" in said(app)


def test_welsh_is_spoken_without_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(tmp_path, monkeypatch, AGAIN)
    app.session_state["lang"] = "cy"
    assert not app.run().exception
