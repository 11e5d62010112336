"""The cell-key method: the errors of the package, the same for the same records, and no single record shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from cell_key_perturbation.create_perturbed_table import create_perturbed_table
from hypothesis import given
from hypothesis import strategies as st

from hatecrime.database import Snapshot, shared
from hatecrime.protect.audience import audience as shipped
from hatecrime.protect.cell_key import bounds, errors, perturbed, table
from hatecrime.protect.table import shared_table
from tests.protect.tables import AREAS, LAST_DAY, audience, counts

WHO = audience(("district", "year", ("strand",)), method="cell_key")


def test_the_package_gives_the_same_counts_from_the_records():
    draw = np.random.default_rng(1)
    records = pd.DataFrame({"area": draw.choice(list("ABCDE"), 3000, p=[0.6, 0.3, 0.09, 0.008, 0.002])})
    records["strand"] = draw.choice(["race", "religion"], 3000)
    records["record_key"] = draw.integers(0, 256, 3000)
    theirs = create_perturbed_table(records, table(), ["area"], ["strand"], "record_key", threshold=WHO.threshold)

    ours = records.groupby(["area", "strand"], as_index=False).agg(n=("record_key", "size"), key=("record_key", "sum"))
    shown = perturbed(ours["n"].to_numpy(), ours["key"].to_numpy(), WHO)

    joined = theirs.merge(ours.assign(shown=shown.array), on=["area", "strand"])
    assert len(joined) == len(ours) == 10
    assert joined["pre_sdc_count"].max() > 750
    assert joined["count"].equals(joined["shown"])


@given(st.lists(st.integers(0, 255), min_size=1, max_size=1200))
def test_the_same_records_have_the_same_error_in_any_order(keys):
    n = np.array([len(keys)])
    assert errors(n, np.array([sum(keys)])) == errors(n, np.array([sum(reversed(keys))]))
    assert abs(errors(n, np.array([sum(keys)]))).max() <= 3


def test_two_tables_that_differ_in_one_record_do_not_tell_its_contribution():
    keys = np.arange(256)
    for n in (8, 40, 900):
        without = perturbed(np.full(256, n), keys, WHO)
        with_one = perturbed(np.full(256, n + 1), keys + 77, WHO)
        (low, high), (low_before, high_before) = bounds(with_one, WHO), bounds(without, WHO)
        least, most = np.maximum(low - high_before, 0), high - low_before
        assert (least < most).all()
        assert ((least == 0) & (most >= 2)).mean() > 0.9


def test_the_errors_cancel_out_and_no_count_turns_negative():
    drawn = table()
    beyond = drawn[drawn["pcv"] >= 3]
    assert beyond.groupby("pcv")["pvalue"].mean().eq(0).all()
    assert (drawn["pcv"] + drawn["pvalue"] >= 0).all()
    assert beyond["pvalue"].value_counts(normalize=True).max() < 0.5


def test_a_table_published_by_cell_key_shows_no_small_count():
    listed = [("A", 0, "crime", ("race",), "A1")] * 30 + [("B", 0, "crime", ("religion",), "B1")] * 2
    made = shared_table(WHO, counts(listed, WHO), AREAS, LAST_DAY, b"")
    shown = made["n"].dropna()
    assert not shown.between(1, WHO.threshold - 1).any()
    assert (made["symbol"] == "c").equals(made["n"].isna())


def test_the_sample_can_be_shared_by_cell_key(sample: Snapshot, monkeypatch):
    who = replace(shipped("partner"), method="cell_key")
    monkeypatch.setattr("hatecrime.database.audience", lambda _name: who)
    made, exact = shared(sample, "partner"), len(shared(sample, "partner"))
    assert len(made) == exact
    borough = made[(made["area"] == "E08000009") & (made["period"] == "year") & (made["by"] == "")]
    assert borough["n"].notna().all()
