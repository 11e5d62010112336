"""What an extract changed: counted by field, and the quarters whose figures moved."""

from datetime import date

from hatecrime.database import fetch
from tests import toy

EXTRACTS = [{}, {"file": "again.csv", "received_on": date(2017, 4, 30), "rows_updated": 5, "rows_withdrawn": 1}]
CHANGES = [
    {"extract_id": 2, "change": "withdrawn", "n": 1},
    {"extract_id": 2, "change": "changed", "field": "kind", "n": 3},
    {"extract_id": 2, "change": "changed", "n": 4},
    {"extract_id": 2, "change": "new", "n": 0},
]
QUARTERS = [
    {"extract_id": 2, "quarter_start": date(2016, 7, 1), "n_before": 0, "n_after": 2},
    {"extract_id": 2, "quarter_start": date(2016, 4, 1), "n_before": 5, "n_after": 4},
    {"extract_id": 2, "quarter_start": date(2016, 1, 1), "n_before": 7, "n_after": 7},
    {"extract_id": 3, "quarter_start": date(2016, 1, 1), "n_before": 1, "n_after": 2},
]


def test_every_change_stands_with_its_extract_and_the_total_before_its_fields(tmp_path):
    opened = toy.snapshot(tmp_path, extract=EXTRACTS, extract_change=CHANGES)
    found = fetch(opened, "extracts/changes")

    assert found["change"].tolist() == ["changed", "changed", "new", "withdrawn"]
    assert found["field"].isna().tolist() == [True, False, True, True]
    assert found["n"].tolist() == [4, 3, 0, 1]
    assert set(found["file"]) == {"again.csv"}


def test_a_snapshot_in_which_nothing_was_sent_again_has_no_changes(tmp_path):
    assert fetch(toy.snapshot(tmp_path, extract=EXTRACTS), "extracts/changes").empty


def test_only_quarters_of_that_extract_whose_figures_moved_are_given_in_order(tmp_path):
    opened = toy.snapshot(tmp_path, extract=EXTRACTS, extract_quarter=QUARTERS)
    found = fetch(opened, "extracts/quarters_moved", extract_id=2)

    assert found["quarter_start"].dt.date.tolist() == [date(2016, 4, 1), date(2016, 7, 1)]
    assert found["difference"].tolist() == [-1, 2]


def test_an_extract_that_moved_nothing_has_no_quarters(tmp_path):
    opened = toy.snapshot(tmp_path, extract=EXTRACTS, extract_quarter=QUARTERS)

    assert fetch(opened, "extracts/quarters_moved", extract_id=1).empty


def test_each_extract_says_what_it_replaced_and_withdrew(tmp_path):
    found = fetch(toy.snapshot(tmp_path, extract=EXTRACTS), "extracts/loaded")

    assert found.loc[1, ["rows_updated", "rows_withdrawn"]].tolist() == [5, 1]
