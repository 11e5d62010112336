"""A quarter beside the same quarter last year and the year to date, with checks that they agree."""

import math
from datetime import date
from io import StringIO

import pandas as pd
import pytest

from hatecrime.filters import Filters
from hatecrime.periods import Period
from hatecrime.reports.export import to_csv
from hatecrime.reports.quarterly import latest_quarter, quarter_from, quarterly
from tests import toy

Q2 = Period(date(2016, 7, 1), date(2016, 9, 30))
Q2_DAY, Q1_DAY = date(2016, 8, 1), date(2016, 5, 1)
Q2_DAY_BEFORE, Q1_DAY_BEFORE = date(2015, 8, 1), date(2015, 5, 1)


def incidents(day, n, **columns) -> list[dict]:
    return [{"recorded_on": day, **columns}] * n


@pytest.fixture
def opened(tmp_path):
    here = {"district": "D"}
    return toy.snapshot(
        tmp_path,
        area=[{"area_code": "D", "level": "district", "name_en": "Trafford"}],
        incident=[
            *incidents(Q2_DAY, 6, strands=["race", "religion"], crime_type="violence_with_injury", **here),
            *incidents(Q2_DAY, 3, strands=["race"], crime_type="public_order", kind="non_crime", **here),
            *incidents(Q2_DAY, 1, strands=[], outcome="1", **here),
            *incidents(Q1_DAY, 4, strands=["disability"], **here),
            *incidents(Q2_DAY_BEFORE, 5, strands=["race"], **here),
            *incidents(Q1_DAY_BEFORE, 2, **here),
            *incidents(date(2015, 3, 31), 9, **here),
            *incidents(date(2016, 10, 1), 9, **here),
            *incidents(Q2_DAY, 50),
        ],
        referral=[{"received_on": Q2_DAY, **here}, {"received_on": Q2_DAY_BEFORE, **here}],
    )


@pytest.fixture
def report(opened):
    return quarterly(opened, Q2, Filters(area="D"))


def row(table: pd.DataFrame, code: str) -> list:
    return table.set_index("code").loc[code, ["now", "before", "to_date", "to_date_before"]].tolist()


def test_the_total_stands_beside_last_year_and_the_year_to_date(report):
    assert report.total[["now", "before", "to_date", "to_date_before"]].tolist() == [10, 5, 14, 7]
    assert report.total["percent"] == 1.0
    assert report.total["low"] < 2 < report.total["high"]
    assert report.area_label == "Trafford"


def test_each_table_has_the_codes_that_occur_in_the_order_of_the_list(report):
    assert report.tables["kind"]["code"].tolist() == ["crime", "non_crime"]
    assert report.tables["strand"]["label"].tolist() == ["Race", "Religion", "Disability", "Not recorded"]
    assert row(report.tables["strand"], "race") == [9, 5, 9, 5]
    assert row(report.tables["crime_group"], "violence") == [6, 0, 6, 0]
    assert row(report.tables["outcome_group"], "charged_summonsed") == [1, 0, 1, 0]


def test_a_code_of_another_period_alone_is_kept_with_zero(report):
    assert row(report.tables["strand"], "disability") == [0, 0, 4, 0]


def test_the_bridge_leads_from_incidents_to_strands(report):
    bridge = report.bridge

    assert (bridge.total, bridge.without, bridge.extra, bridge.in_strands) == (10, 1, 6, 15)
    assert bridge.total - bridge.without + bridge.extra == bridge.in_strands


def test_all_tables_agree(report):
    assert len(report.checks) == 9
    assert all(check.agrees for check in report.checks)


def test_referrals_are_counted_where_the_area_has_any(report, opened):
    assert report.referrals[["now", "before"]].tolist() == [1, 1]
    assert quarterly(opened, Q2, Filters(area="elsewhere")).referrals is None


def test_an_area_without_incidents_is_zeros_that_agree(opened):
    empty = quarterly(opened, Q2, Filters(area="elsewhere"))

    assert empty.total["now"] == 0
    assert empty.total["reason"] == "none_at_all"
    assert all(table.empty for table in empty.tables.values())
    assert all(check.agrees for check in empty.checks)


def test_other_filters_hold_and_the_period_does_not(opened):
    asked = Filters(area="D", kinds=("crime",), start=date(2000, 1, 1), finish=date(2000, 1, 2))

    assert quarterly(opened, Q2, asked).total["now"] == 7


def test_no_percentage_is_given_across_a_break_in_the_series(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        incident=[*incidents(Q2_DAY, 6), *incidents(Q2_DAY_BEFORE, 3)],
        series_break=[{"break_id": "b", "happened_on": date(2016, 1, 1), "reason_en": "New rules"}],
    )

    broken = quarterly(opened, Q2)

    assert math.isnan(broken.total["percent"])
    assert broken.total["reason"] == "series_break"
    assert broken.tables["kind"]["percent"].isna().all()
    assert broken.breaks["reason_en"].tolist() == ["New rules"]


def test_a_break_before_both_quarters_hides_nothing(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        incident=[*incidents(Q2_DAY, 6), *incidents(Q2_DAY_BEFORE, 3)],
        series_break=[{"break_id": "b", "happened_on": date(2015, 7, 1), "reason_en": "New rules"}],
    )

    assert quarterly(opened, Q2).total["percent"] == 1.0


def test_the_file_says_what_it_is_before_its_figures(report, opened):
    text = to_csv(report, opened.facts)
    block = [line for line in text.splitlines() if line.lstrip('"').startswith("#")]

    assert "SYNTHETIC" in block[0]
    assert "Trafford" in block[1]
    assert any("date recorded" in line for line in block)


def test_the_file_holds_every_figure_in_one_table(report, opened):
    text = to_csv(report, opened.facts)
    body = "\n".join(line for line in text.splitlines() if not line.lstrip('"').startswith("#"))
    table = pd.read_csv(StringIO(body))

    assert table.groupby("table")["now"].sum()["kind"] == table.query("table == 'total'")["now"].item() == 10
    assert set(table["table"]) == {"total", "referrals", *report.tables}


def test_figures_that_are_not_synthetic_are_not_called_so(report, opened):
    real = opened.facts.__class__(**{**vars(opened.facts), "synthetic": False})

    assert "SYNTHETIC" not in to_csv(report, real)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2016/17-Q1", date(2016, 4, 1)),
        ("2016/17-Q4", date(2017, 1, 1)),
        ("1999/00-Q3", date(1999, 10, 1)),
    ],
)
def test_a_quarter_is_read_as_it_is_written(text, first):
    assert quarter_from(text).start == first


@pytest.mark.parametrize("text", ["2016/17-Q5", "2016/18-Q1", "2016-Q1", "Q1 2016/17", ""])
def test_what_is_no_quarter_is_refused(text):
    with pytest.raises(ValueError, match="2016/17-Q4"):
        quarter_from(text)


@pytest.mark.parametrize(
    ("complete_to", "first"),
    [(date(2017, 3, 31), date(2017, 1, 1)), (date(2017, 2, 28), date(2016, 10, 1)), (None, None)],
)
def test_the_latest_quarter_is_a_complete_one(tmp_path, complete_to, first):
    found = latest_quarter(toy.snapshot(tmp_path, snapshot=[{"complete_to": complete_to}]))

    assert (found.start if found else None) == first
