"""The attacker is given the whole shared table of the sample, and recovers nothing; without protection he does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hatecrime.database import Snapshot, _shared, fetch, shared
from hatecrime.filters import Filters
from hatecrime.protect.attack import attack
from hatecrime.protect.audience import Audience, audience
from hatecrime.protect.cells import System, system
from hatecrime.protect.plan import YEAR, needed
from hatecrime.protect.suppress import known_bounds, suppressed
from tests.protect.tables import given_away, small

AUDIENCES = ("partner", "public")
CELL = ["measure", "level", "area", "start", "months", "by", "code"]


def cells_of(snapshot: Snapshot, who: Audience) -> System:
    counts = {
        (measure, level, by): fetch(snapshot, f"{measure}/cells", Filters(), level=level, by=by or None)
        for measure, level, by in needed(who)
    }
    return system(who, counts, fetch(snapshot, "areas/listed"), snapshot.facts.complete_to)


def withheld(cells: System, table: pd.DataFrame) -> np.ndarray:
    """Which cells the published table does not show, by the table alone."""
    months = table["period"].map({"month": 1, "quarter": 3}).fillna(YEAR).astype("int64")
    shown = table.assign(months=months).loc[table["symbol"] == "", CELL].drop_duplicates().assign(shown=True)
    asked = cells.cells[CELL].astype(dict.fromkeys(("measure", "level", "area", "by", "code"), "str"))
    return asked.merge(shown, how="left", on=CELL)["shown"].isna().to_numpy()


@pytest.mark.parametrize("name", AUDIENCES)
def test_the_attacker_recovers_nothing_from_the_sample(
    sample: Snapshot, name: str, tell: Callable[[str], None]
) -> None:
    who, table = audience(name), shared(sample, name)
    cells = cells_of(sample, who)
    hidden, targets = withheld(cells, table), small(cells, who)

    known = known_bounds(cells, who, hidden)
    found = attack(cells, *known, targets, enough=who.threshold)
    some = np.random.default_rng(0).choice(targets, 40, replace=False)
    plain = attack(cells, *known, some)

    assert len(targets) > 100
    assert not given_away(cells, who, enough=who.threshold).any()
    assert hidden[targets].all()
    assert (found.width >= who.threshold).all()
    assert (plain.width >= who.threshold).all()
    tables = table[["measure", "level", "period", "by"]].drop_duplicates()
    small_counts = int(cells.cells["offered"].to_numpy()[targets].sum())
    tell(
        f"{name}: {len(tables)} tables, {len(table)} cells, {(table['symbol'] == 'c').sum()} withheld for "
        f"{small_counts} small counts and {len(targets) - small_counts} behind them, "
        f"{found.programs + plain.programs} programs: 0 recovered"
    )


@pytest.mark.parametrize("name", AUDIENCES)
def test_the_same_attacker_recovers_cells_where_only_the_small_ones_are_withheld(
    sample: Snapshot, name: str, tell: Callable[[str], None]
) -> None:
    who = replace(audience(name), rounding=1)
    cells = cells_of(sample, who)
    known = known_bounds(cells, who, suppressed(cells, who, complementary=False).hidden)
    found = attack(cells, *known, small(cells, who), enough=who.threshold)
    recovered = int((found.width == 0).sum())
    assert recovered > 0
    tell(f"{name} without complementary suppression: {recovered} recovered, {(found.width < 5).sum()} bounded")


def test_the_same_attacker_reads_everything_where_protection_is_off(sample: Snapshot) -> None:
    who = audience("partner")
    cells = cells_of(sample, who)
    nothing = ~cells.cells["offered"].to_numpy(bool)
    targets = small(cells, who)
    targets = targets[~nothing[targets]]
    assert (attack(cells, *known_bounds(cells, who, nothing), targets).width == 0).all()


@pytest.mark.parametrize("name", AUDIENCES)
def test_the_shared_table_holds_no_trace_of_what_is_withheld(sample: Snapshot, name: str) -> None:
    table = shared(sample, name)
    assert list(table.columns) == ["measure", "level", "area", "period", "start", "by", "code", "n", "symbol"]
    assert table.attrs == {}
    assert isinstance(table.index, pd.RangeIndex)
    assert (table["symbol"] == "c").equals(table["n"].isna())
    # Behind the mask of a nullable column lies a number too.
    assert set(table["n"].array._data[table["n"].isna().to_numpy()]) <= {0}
    small_ones = table["n"].dropna().between(1, audience(name).threshold - 1)
    assert not small_ones.any()


def test_the_public_sees_nothing_that_partners_do_not_see_exactly(sample: Snapshot) -> None:
    cell = [name for name in shared(sample, "public").columns if name not in ("n", "symbol")]
    both = shared(sample, "public").merge(shared(sample, "partner"), on=cell, how="left", suffixes=("", "_exact"))
    shown = both["n"].notna()
    assert 0 < shown.sum() < len(both)
    assert both.loc[shown, "n_exact"].notna().all()
    assert ((both["n"] - both["n_exact"])[shown].abs() <= 2).all()
    # Without the rule there would be such cells, so that the test can fail.
    assert (_shared(sample, "public")["n"].notna() & both["n_exact"].isna()).any()


@pytest.mark.parametrize("name", AUDIENCES)
def test_the_shared_table_is_the_same_every_time(sample: Snapshot, name: str) -> None:
    pd.testing.assert_frame_equal(shared(sample, name), shared(sample, name))


def test_a_partner_still_sees_the_months_of_a_borough_and_most_wards(sample: Snapshot) -> None:
    table = shared(sample, "partner")
    borough = table[(table["area"] == "E08000009") & (table["period"] == "month") & (table["by"] == "")]
    wards = table[(table["level"] == "ward") & (table["period"] == "rolling")]
    assert len(borough) == 48
    assert borough["n"].notna().all()
    assert wards["n"].notna().mean() > 0.7
