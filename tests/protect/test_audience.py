"""What the settings may offer, and what they are refused for."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from hatecrime.protect import audience as module
from hatecrime.protect.audience import audience
from hatecrime.protect.table import COLUMNS, withheld_too
from hatecrime.settings import SettingsError

OFFER = {"measure": "incidents", "level": "district", "period": ["month", "year"], "by": ["kind"]}
USUAL: dict[str, Any] = {"method": "suppress", "threshold": 5, "zeros": True, "rounding": 1, "offer": [OFFER]}


@pytest.fixture
def stated(monkeypatch):
    """Make these the settings of an audience."""

    def state(raw: dict[str, Any]) -> None:
        made = type("Stated", (), {"audiences": {"partner": raw}})
        monkeypatch.setattr(module, "settings", lambda: made)

    return state


def test_an_offer_of_several_periods_is_one_offer_each(stated):
    stated(USUAL)
    assert [(offer.period, offer.shown) for offer in audience("partner").offers] == [
        ("month", ("", "kind")),
        ("year", ("", "kind")),
    ]


@pytest.mark.parametrize(("zeros", "first"), [(True, 1), (False, 0)])
def test_zeros_are_withheld_unless_they_are_shown(stated, zeros, first):
    stated({**USUAL, "zeros": zeros})
    assert list(audience("partner").withheld) == list(range(first, 5))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"method": "hope"}, "must be one of exact, suppress, cell_key"),
        ({"threshold": 2}, "at least 3"),
        ({"threshold": "5"}, "whole number"),
        ({"zeros": 1}, "true or false"),
        ({"rounding": 0}, "at least 1"),
        ({"rounding": 10, "threshold": 4}, "look like 0"),
        ({"method": "cell_key", "rounding": 5}, "perturbs every count"),
        ({"treshold": 5}, "does not know treshold"),
        ({"offer": {}}, "list of tables"),
        ({"offer": [{**OFFER, "level": "lsoa"}]}, "must be one of region"),
        ({"offer": [{**OFFER, "measure": "referrals", "level": "ward"}]}, "must be one of force, district"),
        ({"offer": [{**OFFER, "period": "week"}]}, "must be one of month"),
        ({"offer": [{**OFFER, "by": [["kind", "strand"]]}]}, "must be one of kind"),
        ({"offer": [{**OFFER, "by": "kind"}]}, "one at a time"),
        ({"offer": [{**OFFER, "by": ["kind", "kind"]}]}, "twice"),
        ({"offer": [OFFER, OFFER]}, "offered twice"),
        ({"offer": [{**OFFER, "colour": "red"}]}, "does not know colour"),
    ],
)
def test_what_would_not_protect_is_refused_in_words(stated, change, said):
    stated({**USUAL, **change})
    with pytest.raises(SettingsError, match=said) as refused:
        audience("partner")
    assert "“partner”" in str(refused.value)


@pytest.mark.parametrize("name", ["analyst", "", "admin"])
def test_an_audience_that_is_not_protected_has_no_shared_table(name):
    with pytest.raises(SettingsError, match="partner, public"):
        audience(name)


def test_the_shipped_audiences_withhold_below_five():
    assert [(name, audience(name).threshold, audience(name).method) for name in ("partner", "public")] == [
        ("partner", 5, "suppress"),
        ("public", 5, "suppress"),
    ]


def test_the_public_gets_no_strand_below_a_force_and_no_month_below_one():
    for offer in audience("public").offers:
        assert offer.level == "force" or ("strand" not in offer.by and offer.period != "month")


def one_cell(n: int | None) -> pd.DataFrame:
    row = ("incidents", "ward", "E05000001", "year", pd.Timestamp(2016, 4, 1), "", "", n, "" if n else "c")
    return pd.DataFrame([row], columns=list(COLUMNS)).astype({"n": "Int64", "symbol": "str"})


def test_what_partners_are_not_shown_is_withheld_from_the_public_too() -> None:
    assert withheld_too(one_cell(10), one_cell(12), ("public", "partner"))["n"].tolist() == [10]
    table = withheld_too(one_cell(10), one_cell(None), ("public", "partner"))
    assert table["n"].isna().all()
    assert table["symbol"].tolist() == ["c"]


def test_the_public_cannot_be_offered_what_partners_are_not_offered() -> None:
    with pytest.raises(SettingsError, match="what “partner” is not offered: incidents ward year"):
        withheld_too(one_cell(10), one_cell(12).iloc[:0], ("public", "partner"))
