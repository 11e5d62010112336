"""Charts by quarter: shares with their intervals, and columns with one of them chosen."""

import json

import pandas as pd
import pytest

from hatecrime.charts.quarters import quarter_axis, quarters
from hatecrime.charts.shares import shares
from hatecrime.charts.theme import DARK, LIGHT, Look

WORDS = {"measure": "Percent", "part": "In time", "total": "All", "interval": "95% interval", "alt_text": "Said."}


def share_rows(**columns: object) -> pd.DataFrame:
    rows = {
        "label": ["Q3 2016/17", "Q4 2016/17", "Q1 2017/18"],
        "part": [8, 3, 30],
        "total": [20, 4, 60],
        "share": [40.0, None, 50.0],
        "low": [21.9, None, 37.7],
        "high": [61.3, None, 62.3],
    }
    return pd.DataFrame({**rows, **columns})


def values(chart: dict[str, object]) -> list[dict[str, object]]:
    return [row for rows in chart["datasets"].values() for row in rows]  # type: ignore[attr-defined]


@pytest.mark.parametrize("look", [LIGHT, DARK, LIGHT.drawn_for("meeting", "cy")])
def test_shares_start_at_zero_and_leave_room_for_the_widest_interval(look: Look) -> None:
    drawn = shares(share_rows(), look, **WORDS).to_dict()
    (domain,) = {
        json.dumps(layer["encoding"]["y"]["scale"]["domain"])
        for layer in drawn["layer"]
        if "scale" in layer["encoding"]["y"]
    }
    low, high = json.loads(domain)
    assert low == 0
    assert 62.3 < high <= 100
    assert drawn["description"] == "Said."


def test_a_quarter_with_too_few_has_no_point_and_no_interval() -> None:
    rows = {row["label"]: row for row in values(shares(share_rows(), LIGHT, **WORDS).to_dict()) if "share" in row}
    assert rows["Q4 2016/17"]["share"] is None
    assert rows["Q4 2016/17"]["range"] == "–"


def test_spans_lie_behind_the_points_from_their_first_to_their_last_quarter() -> None:
    spans = pd.DataFrame(
        {"first": ["Q3 2016/17"], "last": ["Q4 2016/17"], "share": [45.0], "low": [40.0], "high": [50.0]}
    )
    drawn = shares(share_rows(), LIGHT, spans=spans, **WORDS).to_dict()
    band = drawn["layer"][0]["encoding"]
    assert (band["x"]["field"], band["x2"]["field"]) == ("first", "last")
    assert (band["x"]["bandPosition"], band["x2"]["bandPosition"]) == (0, 1)


def test_quarters_of_which_none_has_a_share_are_drawn_without_one() -> None:
    nothing = {column: [None, None, None] for column in ("share", "low", "high")}
    assert shares(share_rows(**nothing).astype({"high": float}), LIGHT, **WORDS).to_dict()


def test_the_chosen_quarter_and_the_same_one_of_other_years_have_colours_of_their_own() -> None:
    rows = pd.DataFrame(
        {
            "label": ["Q4 2015/16", "Q1 2016/17", "Q4 2016/17"],
            "n": [64, 86, 85],
            "low": [49.3, 68.8, 67.9],
            "high": [81.7, 106.2, 105.1],
            "role": ["same", "other", "chosen"],
            "provisional": [False, False, True],
        }
    )
    words = {"measure": "Incidents", "interval": "95% interval", "provisional": "provisional", "alt_text": "Said."}
    drawn = quarters(rows, LIGHT, **words).to_dict()
    scale = drawn["layer"][0]["encoding"]["color"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True))["chosen"] == LIGHT.main
    assert len(set(scale["range"])) == 3
    assert drawn["layer"][0]["encoding"]["y"]["scale"]["domain"][0] == 0
    assert {row["status"] for row in values(drawn)} == {"", "provisional"}


def test_the_year_stands_once_under_its_first_quarter_and_never_twice_side_by_side() -> None:
    shown = quarter_axis(["Q4 2015/16", "Q1 2016/17", "Q2 2016/17"]).to_dict()["labelExpr"]
    assert "['Q1 2016/17']" in shown
    assert "Q4 2015/16" not in shown
