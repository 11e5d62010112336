"""What is worked out from the shared table."""

from __future__ import annotations

import pandas as pd
import pytest

from hatecrime.database import NotShared, Snapshot, count, count_referrals, fetch, shared
from hatecrime.filters import Filters
from hatecrime.shape.shared import cells, change, change_percent, periods, rank, share_percent, symbols, total

NOW = pd.Series([12, None, 8, 0], dtype="Int64")
BEFORE = pd.Series([10, 6, None, 0], dtype="Int64")


def test_nothing_is_worked_out_from_a_withheld_count():
    assert change(NOW, BEFORE).tolist() == [2, pd.NA, pd.NA, 0]
    assert change_percent(NOW, BEFORE).tolist() == [20.0, pd.NA, pd.NA, pd.NA]
    assert share_percent(NOW, pd.Series([48, 48, None, 0])).tolist() == [25.0, pd.NA, pd.NA, pd.NA]


def test_a_list_with_a_gap_has_no_ranks():
    assert rank(pd.Series([5, 9, 9])).tolist() == [3, 1, 1]
    assert rank(pd.Series([5, None, 9], dtype="Int64")).isna().all()


def test_a_total_of_withheld_cells_is_withheld():
    assert total(pd.DataFrame({"n": pd.Series([5, 7], dtype="Int64")})) == 12
    assert total(pd.DataFrame({"n": NOW})) is pd.NA
    assert total(pd.DataFrame({"n": NOW.iloc[:0]})) == 0


def test_cells_are_selected_by_what_is_offered(sample: Snapshot):
    table = shared(sample, "partner")
    asked = {"measure": "incidents", "level": "district", "period": "year", "by": "strand"}
    found = cells(table, **asked, areas=["E08000009"], codes=["race"], start=pd.Timestamp("2016-04-01"))
    assert len(found) == 1
    assert cells(table, **{**asked, "by": "outcome"}).empty
    assert periods(table, "incidents", "ward") == ("year", "rolling")
    assert periods(table, "referrals", "ward") == ()
    assert symbols(cells(table, **asked)) == ("c",)


def test_the_cells_are_counted_as_analysts_count_them(sample: Snapshot):
    for by in ("kind", "strand", "crime_group"):
        whole = count(sample, Filters(), ("month", "area", by), level="district")
        ours = fetch(sample, "incidents/cells", Filters(), level="district", by=by)
        assert ours["n"].sum() == whole["n"].sum()
        assert ours.groupby("code")["n"].sum().to_dict() == whole.groupby(by)["n"].sum().to_dict()
    for by in ("route_group", "strand"):
        whole = count_referrals(sample, Filters(), ("month", "district", by))
        ours = fetch(sample, "referrals/cells", Filters(), level="district", by=by)
        assert ours.groupby("code")["n"].sum().to_dict() == whole.groupby(by)["n"].sum().to_dict()


@pytest.mark.parametrize("audience", ["partner", "public", "", "admin"])
def test_nobody_but_an_analyst_runs_a_query_over_records(sample: Snapshot, audience: str):
    with pytest.raises(NotShared):
        count(sample, Filters(), audience=audience)
    with pytest.raises(NotShared):
        count_referrals(sample, Filters(), audience=audience)
    with pytest.raises(NotShared):
        fetch(sample, "incidents/cells", Filters(), audience=audience, level="ward", by=None)
    assert len(fetch(sample, "areas/listed", audience=audience))


def test_an_audience_does_not_read_the_table_of_another(sample: Snapshot):
    with pytest.raises(NotShared):
        shared(sample.limited("public", ()), "partner")
    assert len(shared(sample.limited("public", ()), "public"))
