"""Data and method: every row is accounted for, every refusal can be looked at, every term is explained."""

import re
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.looking import asked, figures

DATA, METHOD = "pages/about/data.py", "pages/about/method.py"


def answer(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def test_the_data_page_says_how_many_points_lie_near_an_edge(app: AppTest, sample_store: Path) -> None:
    app.switch_page(DATA).run()
    (placed,) = asked(sample_store, "select count(*) from incident where ward is not null and easting is not null")
    (facts,) = [each.value for each in app.markdown if "The snapshot" in each.value or "Coordinates:" in each.value]
    assert re.search(rf"Ward: [\d,]+ of {placed:,} points lie within 200 m of the edge of their area\.", facts)


def test_the_figures_are_those_of_the_snapshot(app: AppTest, sample_store: Path) -> None:
    app.switch_page(DATA).run()
    assert not app.exception
    (refused,) = asked(sample_store, "select count(distinct (extract_id, line)) from reject where row_refused")
    read, kept = asked(sample_store, "select sum(rows_read), sum(rows_kept) from extract")
    assert figures(app)["Rows read"] == f"{read:,}"
    assert figures(app)["Rows kept"] == f"{kept:,}"
    assert figures(app)["Rows refused"] == str(refused)


def test_every_row_is_accounted_for(app: AppTest) -> None:
    app.switch_page(DATA).run()
    assert "Every row is accounted for." in answer(app)


def test_a_reason_chosen_shows_its_rows_and_how_to_mend_them(app: AppTest, sample_store: Path) -> None:
    app.switch_page(DATA).run()
    app.selectbox(key="reason").set_value("coordinates_swapped").run()
    assert not app.exception
    (table,) = [each.value for each in app.dataframe if {"line", "value", "mend"} <= set(each.value.columns)]
    (n,) = asked(sample_store, "select count(*) from reject where reason = 'coordinates_swapped'")
    assert len(table) == n > 0
    assert any(each.value.startswith("**") and "." in each.value for each in app.markdown)


def test_a_check_chosen_shows_its_records(app: AppTest, sample_store: Path) -> None:
    app.switch_page(DATA).run()
    app.selectbox(key="check").set_value("checks/strand_missing").run()
    assert not app.exception
    (n,) = asked(sample_store, "select count(*) from incident where coalesce(strand_mask, 0) = 0")
    assert any(len(each.value) == n and "incident_id" in each.value for each in app.dataframe)


def test_what_was_refused_can_be_taken_away(app: AppTest) -> None:
    app.switch_page(DATA).run()
    assert any(each.proto.label == "Download what was refused (CSV)" for each in app.get("download_button"))


def test_the_method_says_what_every_figure_rests_on(app: AppTest, sample_store: Path) -> None:
    app.switch_page(METHOD).run()
    assert not app.exception
    (n,) = asked(sample_store, "select count(*) from incident")
    assert f"Every figure rests on {n:,} incidents recorded between" in answer(app)


def test_the_method_explains_the_terms_in_a_table(app: AppTest) -> None:
    app.switch_page(METHOD).run()
    terms = {term for table in app.table for term in table.value.iloc[:, 0]}
    assert {"Incident", "Strand", "Snapshot", "95% interval"} <= terms


def test_only_breaks_of_areas_that_people_here_know_are_listed(app: AppTest) -> None:
    app.switch_page(METHOD).run()
    text = " ".join(str(value) for table in app.table for value in table.value.to_numpy().ravel())
    assert "Trafford" in text
    assert "E23000001" not in text


@pytest.mark.parametrize("page", [DATA, METHOD])
def test_an_empty_period_changes_nothing(app: AppTest, page: str) -> None:
    app.session_state["period"] = "dates"
    app.session_state["from"], app.session_state["to"] = date(2013, 4, 1), date(2013, 4, 1)
    app.multiselect(key="crime_type").set_value(["arson"])
    app.switch_page(page).run()
    assert not app.exception


@pytest.mark.parametrize("page", [DATA, METHOD])
def test_welsh_is_spoken_without_a_fault(app: AppTest, page: str) -> None:
    app.session_state["lang"] = "cy"
    app.switch_page(page).run()
    assert not app.exception
