"""Quarterly: one quarter's figures, beside a year earlier, adding up."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from hatecrime.database import newest, open_snapshot
from tests.pages.looking import figures

PAGE = "pages/report/quarterly.py"


def recorded(store: Path, first: str, last: str) -> str:
    sql = "select count(*) from incident where district = 'E08000009' and recorded_on between ? and ?"
    cursor = open_snapshot(newest(store)).connection.cursor()
    return f"{cursor.execute(sql, [first, last]).fetchall()[0][0]:,}"


def test_the_latest_complete_quarter_comes_first_and_its_figures_are_those_of_the_snapshot(
    app: AppTest, sample_store: Path
) -> None:
    app.switch_page(PAGE).run()
    assert not app.exception
    assert figures(app)["Q4 2016/17"] == recorded(sample_store, "2017-01-01", "2017-03-31")
    assert figures(app)["Year to date"] == recorded(sample_store, "2016-04-01", "2017-03-31")


def test_another_quarter_can_be_chosen(app: AppTest, sample_store: Path) -> None:
    app.switch_page(PAGE).run()
    app.selectbox(key="quarter").set_value("2015/16-Q2").run()
    assert not app.exception
    assert figures(app)["Q2 2015/16"] == recorded(sample_store, "2015-07-01", "2015-09-30")
    assert figures(app)["Year to date"] == recorded(sample_store, "2015-04-01", "2015-09-30")


def test_the_tables_are_said_to_agree_with_a_mark_and_with_words(app: AppTest) -> None:
    app.switch_page(PAGE).run()
    lines = "\n".join(each.value for each in app.markdown)
    assert "✓ By crime type: " in lines
    assert "✗" not in lines
    assert any(each.value.startswith("All ") and "checks agree" in each.value for each in app.subheader)


def test_every_row_of_a_table_but_the_last_adds_up_to_the_last(app: AppTest) -> None:
    app.switch_page(PAGE).run()
    found = [each.value for each in app.dataframe if {"now", "before", "to_date"} <= set(each.value.columns)]
    tables = [table for table in found if table["label"].iloc[-1] == "All incidents"]
    assert len(tables) == 4
    for table in tables:
        for column in ("now", "before", "to_date", "to_date_before"):
            assert table[column].iloc[:-1].sum() == table[column].iloc[-1]


def test_the_first_quarter_of_the_data_is_compared_with_nothing(app: AppTest) -> None:
    app.switch_page(PAGE).run()
    app.selectbox(key="quarter").set_value("2013/14-Q1").run()
    assert not app.exception
    assert any("no figure from a year earlier" in each.value for each in app.caption)


def test_no_match_gives_the_empty_state(app: AppTest) -> None:
    app.selectbox(key="area").set_value("E05000829")
    app.multiselect(key="strand").set_value(["transgender"])
    app.multiselect(key="crime_type").set_value(["arson"]).run()
    app.switch_page(PAGE).run()
    assert not app.exception
    assert "No incidents match these filters." in [each.value for each in app.subheader]


def test_the_shared_period_does_not_move_the_quarter(app: AppTest, sample_store: Path) -> None:
    app.selectbox(key="period").set_value("all").run()
    app.switch_page(PAGE).run()
    assert figures(app)["Q4 2016/17"] == recorded(sample_store, "2017-01-01", "2017-03-31")


def test_the_figures_can_be_taken_away(app: AppTest) -> None:
    app.switch_page(PAGE).run()
    assert any(each.proto.label == "Download these figures (CSV)" for each in app.get("download_button"))
