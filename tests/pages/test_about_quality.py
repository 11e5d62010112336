"""The quality page: its figures are those of the snapshot, and every empty state is a sentence."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from hatecrime.settings import root
from tests import toy
from tests.pages.looking import asked, figures

PAGE = "pages/about/quality.py"
BOTH_DAYS = {"recorded_on": date(2017, 3, 5), "occurred_from": datetime(2017, 3, 4), "victim_sex": "male"}


def opened(app: AppTest) -> AppTest:
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    shown = [element.proto.body for element in app.get("html")]
    shown += [element.value for kind in ("caption", "markdown", "subheader") for element in app.get(kind)]
    return "\n".join(shown)


def cells(app: AppTest) -> list[list[str]]:
    return [[str(value) for value in row] for table in app.table for row in table.value.to_numpy().tolist()]


@pytest.fixture
def toy_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The dashboard on a store of a few literal rows."""

    def start(**rows: Any) -> AppTest:
        toy.write(tmp_path / "hatecrime-toy.duckdb", **rows)
        monkeypatch.setenv("HATECRIME_STORE", str(tmp_path))
        monkeypatch.chdir(root())
        return opened(AppTest.from_file(str(root() / "dashboard.py"), default_timeout=60).run())

    return start


def test_the_answer_names_the_weakest_point_of_the_period(app: AppTest, sample_store: Path) -> None:
    rows = "from incident where source = 'gmp' and recorded_on between '2016-04-01' and '2017-03-31'"
    filled, due = asked(sample_store, f"select count(victim_ethnicity), count(*) {rows}")
    said = texts(opened(app))
    assert f"ethnicity in what gmp sends: it is filled in {filled / due:.0%} of {due:,} records (2016/17;" in said


def test_the_figures_are_those_of_the_snapshot(app: AppTest, sample_store: Path) -> None:
    shown = figures(opened(app))
    (lost,) = asked(
        sample_store,
        "select count(*) from incident where kind = 'non_crime' and offence_code is not null"
        " or kind = 'crime' and crime_type = 'anti_social_behaviour'",
    )
    assert int(shown["To be mended"]) > lost > 0
    assert shown["Rows not refused"] == ">99%"


def test_a_check_shows_what_it_finds_and_a_rule_what_it_refused(app: AppTest, sample_store: Path) -> None:
    rows = cells(opened(app))
    (found,) = asked(sample_store, "select count(*) from incident where strand_mask = 0 and source = 'gmp'")
    (refused,) = asked(sample_store, "select count(*) from reject where reason = 'end_before_start' and extract_id = 8")
    strand = "The record has no strand, so it is in the total and in none of the strands."
    assert [strand, "to be looked at", "gmp", str(found)] in rows
    assert ["The incident ends before it starts.", "to be mended", "gmp", "none", str(refused)] in rows


def test_forces_stand_beside_the_caution_about_missing_flags(app: AppTest) -> None:
    said = texts(opened(app))
    assert "A low count can be a missing flag rather than a low number" in said
    assert "Least complete: ethnicity in Gwent" in said


def test_a_field_that_never_comes_is_called_not_sent(app: AppTest) -> None:
    assert "wales never sends: ward and point on the map." in texts(opened(app))


def test_every_source_stands_beside_the_others(app: AppTest) -> None:
    (table,) = [each.value for each in opened(app).table if "Of each source" in each.value.columns]
    assert {"gmp", "wales", "victim_support"} <= set(table.columns)
    assert table["Measure"].nunique() == 5


def test_another_measure_can_be_followed_by_month(app: AppTest) -> None:
    opened(app).selectbox(key="measure").set_value("lag_90").run()
    assert not app.exception
    assert "Days to record, 90% within, January 2017: gmp" in texts(app)


def test_a_measure_that_no_source_sends_enough_of_is_no_line(app: AppTest) -> None:
    opened(app).selectbox(key="measure").set_value("centre").run()
    assert not app.exception
    assert "Fewer than two months have enough records" in texts(app)


def test_the_report_on_referrals_can_be_taken_away(app: AppTest) -> None:
    labels = [each.proto.label for each in opened(app).get("download_button")]
    assert "Download the report on referrals, April 2016 to March 2017" in labels


def test_of_several_services_one_is_chosen_before_the_report_is_taken_away(toy_app) -> None:
    rows = [{"received_on": date(2017, 3, 5), "source": source} for source in ("centre", "helpline")]
    extracts = [{"source": row["source"], "target": "referral", "rows_read": 1, "rows_kept": 1} for row in rows]
    app = toy_app(incident=[BOTH_DAYS], referral=rows, extract=extracts)
    chosen = app.selectbox(key="referral_source")
    assert chosen.options == ["centre", "helpline"]
    chosen.set_value("helpline").run()
    assert not app.exception


def test_every_chart_has_a_table_and_a_text_alternative(app: AppTest) -> None:
    charts = opened(app).get("vega_lite_chart") or app.get("arrow_vega_lite_chart")
    assert len(charts) >= 4
    assert len([tab for tab in app.tabs if tab.label == "Table"]) == len(charts)


def test_a_period_without_records_is_said(app: AppTest) -> None:
    app.session_state["period"] = "dates"
    app.session_state["from"], app.session_state["to"] = date(2013, 4, 1), date(2013, 4, 2)
    said = texts(opened(app))
    assert "No referral was received in 1 April 2013 to 2 April 2013" in said or "too few records" in said


def test_welsh_is_spoken_without_a_fault(app: AppTest) -> None:
    app.session_state["lang"] = "cy"
    assert not opened(app).exception


def test_a_meeting_sees_it_without_a_fault(app: AppTest) -> None:
    app.session_state["show"] = "meeting"
    assert not opened(app).exception


def test_nothing_loaded_is_nothing_to_rely_on(toy_app) -> None:
    said = texts(toy_app())
    assert "No extract is loaded, so there is nothing to rely on yet." in said
    assert "No referral is loaded" in said


def test_no_referrals_and_no_forces_are_sentences(toy_app) -> None:
    said = texts(toy_app(incident=[BOTH_DAYS] * 12, extract=[{"rows_read": 12, "rows_kept": 12}]))
    assert "No referral is loaded" in said
    assert "No record names a police force, so forces cannot be compared" in said
    assert "it is filled in 100% of 12 records" in said


def test_one_month_alone_draws_no_trend(toy_app) -> None:
    said = texts(toy_app(incident=[BOTH_DAYS] * 12, extract=[{"rows_read": 12, "rows_kept": 12}]))
    assert "Fewer than two months have enough records, so there is no trend to draw." in said


def test_few_records_are_given_as_counts(toy_app) -> None:
    app = toy_app(incident=[BOTH_DAYS] * 3, extract=[{"rows_read": 3, "rows_kept": 3}])
    (frame,) = [each.value for each in app.dataframe if {"field", "figure"} <= set(each.value.columns)]
    assert frame.set_index("field").loc["sex", "figure"] == "3 of 3"
    assert "too few records came to say how complete they are" in texts(app)


def test_incidents_without_the_day_they_happened_have_no_lag(toy_app) -> None:
    rows = [{"recorded_on": date(2017, 3, 5)}] * 12
    said = texts(toy_app(incident=rows, extract=[{"rows_read": 12, "rows_kept": 12}]))
    assert "How soon incidents are recorded is not known" in said


def test_many_sources_stand_one_under_the_other(toy_app) -> None:
    sources = [f"force {n}" for n in range(9)]
    rows = [{**BOTH_DAYS, "source": source, "extract_id": n} for n, source in enumerate(sources, 1)]
    extracts = [{"source": source, "rows_read": 1, "rows_kept": 1} for source in sources]
    app = toy_app(incident=rows, extract=extracts)
    assert any({"source", "complete"} <= set(each.value.columns) and len(each.value) == 9 for each in app.dataframe)
