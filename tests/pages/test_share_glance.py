"""At a glance, for partners: figures that are shown are those of the shared table, withheld ones are said to be so."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from hatecrime import database
from hatecrime.database import newest
from hatecrime.ui import share_data
from tests.pages import sharing
from tests.pages.sharing import TRAFFORD, as_partner, everything, incidents, metrics, said, specs, table


@pytest.fixture(autouse=True)
def sample(sample_store: Path) -> Path:
    return sample_store


def glance(monkeypatch: pytest.MonkeyPatch, cells: list[sharing.Cell], **query: str) -> AppTest:
    return as_partner(monkeypatch, table(cells), "glance", **query)


def test_the_answer_says_the_year_and_the_quarter_against_those_a_year_earlier(monkeypatch: pytest.MonkeyPatch) -> None:
    app = glance(monkeypatch, everything())
    assert not app.exception
    assert "389 incidents are recorded for Trafford (2016/17). That is 59 (18%) more than a year earlier" in said(app)
    assert "80 incidents are recorded for Trafford (Q4 2016/17)" in said(app)
    assert metrics(app) == {"2016/17": "389", "Q4 2016/17": "80"}


def test_a_withheld_figure_is_said_in_words_and_shown_as_its_symbol(monkeypatch: pytest.MonkeyPatch) -> None:
    app = glance(monkeypatch, incidents(year=None))
    assert not app.exception
    assert "For Trafford (2016/17) the figure is not shown, to protect people" in said(app)
    assert metrics(app)["2016/17"] == "[c]"


def test_a_change_from_a_withheld_figure_is_withheld_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    app = glance(monkeypatch, incidents(before=None))
    assert "389 incidents are recorded for Trafford (2016/17). A year earlier the figure is not shown" in said(app)
    assert "18%" not in said(app)


def test_a_withheld_bar_has_its_symbol_and_no_length_and_a_zero_is_a_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    app = glance(monkeypatch, incidents())
    rows = {row["label"]: row for spec in specs(app) for row in sharing.rows_of(spec) if "figure" in row}
    assert (rows["Religion"]["n"], rows["Religion"]["figure"].split(" ")[0]) == (None, "[c]")
    assert (rows["Disability"]["n"], rows["Disability"]["figure"].split(" ")[0]) == (0, "0")


def test_a_withheld_quarter_is_a_gap_with_a_mark_and_never_a_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    app = glance(monkeypatch, incidents(quarters=[94, None, None, 86, 112, 106, 85, 80]), step="quarter")
    spec = next(spec for spec in specs(app) if any("earlier" in row for row in sharing.rows_of(spec)))
    quarters = {row["label"]: row["n"] for row in sharing.rows_of(spec) if "earlier" in row}
    assert quarters["Q2 2015/16"] is None and quarters["Q1 2015/16"] == 94
    assert [row["mark"] for row in sharing.rows_of(spec) if "mark" in row] == ["[c]"]
    assert "2 of 8 figures withheld" in said(app)


def test_every_picture_has_words_and_a_table_and_the_key_names_every_symbol(monkeypatch: pytest.MonkeyPatch) -> None:
    app = glance(monkeypatch, everything())
    charts = app.get("vega_lite_chart")
    assert len(charts) == 2 and all(len(chart.proto.alt) > 20 for chart in charts)
    assert len([tab for tab in app.tabs if tab.label == "Table"]) == 2
    assert "What the symbols mean" in said(app) and "withheld to protect people: from 1 to 4" in said(app)


def test_a_page_without_a_symbol_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    app = glance(monkeypatch, [cell for cell in incidents() if cell[5] == ""])
    assert "Every figure on this page is shown" in said(app)
    assert "Only totals are shared for Trafford (2016/17)" in said(app)


def test_everything_withheld_still_gives_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [(*cell[:-1], None) for cell in incidents()]
    app = glance(monkeypatch, cells)
    assert not app.exception
    assert set(metrics(app).values()) == {"[c]"}
    assert "Strand: no figure can be shown" in said(app)


def test_a_single_figure_gives_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    app = glance(monkeypatch, incidents()[:1])
    assert not app.exception
    assert "There is no figure from a year earlier to compare with." in said(app)


def test_nothing_shared_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    app = glance(monkeypatch, [])
    assert not app.exception and not specs(app)
    assert "No figures are shared with you." in said(app)


def test_a_measure_that_is_not_shared_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    app = glance(monkeypatch, sharing.referrals())
    assert "These figures are not shared with you." in said(app)


def test_what_an_address_asks_for_and_is_not_offered_is_named_and_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    query = {"area": "E06000000", "span": "week", "at": "1999-01", "part": "strand.<b>x</b>", "step": "hour"}
    app = glance(monkeypatch, everything(), **query)
    assert not app.exception
    assert said(app).count("which is not offered; this is shown instead.") == len(query)
    assert app.session_state["area"] == TRAFFORD and metrics(app)["2016/17"] == "389"
    app.segmented_control(key="step").set_value("year").run()
    assert said(app).count("which is not offered; this is shown instead.") == len(query) - 1


@pytest.mark.parametrize("text", ["quarter", "Quarter", "QUARTER"])
def test_an_address_may_hold_a_code_or_a_label(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    app = glance(monkeypatch, everything(), span=text)
    assert app.session_state["span"] == "quarter"
    assert "not offered" not in said(app)


def test_where_a_year_is_shared_in_parts_they_are_those_of_the_latest_year(monkeypatch: pytest.MonkeyPatch) -> None:
    app = glance(monkeypatch, incidents(), span="quarter", at="2017-01")
    assert not app.exception
    assert "What follows is about 2016/17" in said(app) and "Strand: Race is the highest figure shown (302)" in said(
        app
    )


def test_parts_that_are_shared_for_a_later_period_only_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    app = glance(monkeypatch, incidents(), span="quarter", at="2015-07")
    assert "Only totals are shared for Trafford (Q2 2015/16)" in said(app)
    assert "More is shared for these periods: 12 months." in said(app)


def test_a_part_of_the_trend_is_that_part(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [("incidents", "district", TRAFFORD, "quarter", "2017-01-01", "strand", "race", 61)]
    app = glance(monkeypatch, [*incidents(), *cells], part="strand.race", step="quarter")  # type: ignore[list-item]
    assert any(row.get("n") == 61 for spec in specs(app) for row in sharing.rows_of(spec))
    assert "Incidents: Race" in said(app)


def test_no_live_query_over_records_is_run_for_a_partner(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object, **_values: object) -> None:
        raise AssertionError("a page for partners counts records")

    monkeypatch.setattr("hatecrime.ui.data._count", refuse)
    monkeypatch.setattr("hatecrime.ui.data._count_referrals", refuse)
    for page in ("glance", "places", "support"):
        app = as_partner(monkeypatch, table(everything()), page)
        assert not app.exception, page


def test_somebody_limited_to_areas_gets_these_and_what_lies_in_them(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "shared", lambda _snapshot, _audience: table(everything()))
    sharing.forget()
    path = newest(sample)
    inside = share_data._within(path, "partner", (TRAFFORD,))
    assert set(inside["area"]) == {TRAFFORD, *sharing.WARDS}
    assert share_data._within(path, "partner", ("W92000004",))["area"].unique().tolist() == [sharing.NORTH_WALES]
    assert share_data._within(path, "partner", ("nowhere",)).empty
    assert len(share_data._within(path, "partner", ())) == len(everything())


def test_welsh_and_a_meeting_see_the_same_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    app = glance(monkeypatch, everything(), lang="cy", show="meeting")
    assert not app.exception
    assert "389" in metrics(app).values()
