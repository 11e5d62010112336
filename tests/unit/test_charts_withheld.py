"""Charts in which something is withheld: a gap, a hatching or a symbol stands for it, never a length or a colour."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hatecrime.charts import bars, maps
from hatecrime.charts.classes import natural
from hatecrime.charts.gaps import Words, gaps
from hatecrime.charts.hatching import hatch
from hatecrime.charts.theme import DARK, LIGHT

WORDS = Words("Incidents", "Period", "a year earlier")


def quarters(n: list[float | None], symbols: list[str]) -> pd.DataFrame:
    starts = pd.date_range("2016-04-01", periods=len(n), freq="QS")
    ends = starts + pd.offsets.QuarterEnd()
    return pd.DataFrame(
        {"start": starts, "finish": ends, "label": [f"Q{i}" for i in range(len(n))], "n": n, "symbol": symbols}
    ).assign(before=float("nan"))


def squares(*ids: str) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "id": each,
            "properties": {"label": each},
            "geometry": {"type": "Polygon", "coordinates": [[[i, 0], [i + 1, 0], [i + 1, 1], [i, 1], [i, 0]]]},
        }
        for i, each in enumerate(ids)
    ]
    return {"type": "FeatureCollection", "features": features}


def marks(spec: dict[str, Any]) -> list[str]:
    return [layer["mark"]["type"] for layer in spec["layer"]]


def test_a_run_of_withheld_periods_is_one_band_with_its_symbol() -> None:
    frame = quarters([30, None, None, 28, None], ["", "c", "c", "", "c"])
    spec = gaps(frame, LIGHT, WORDS, alt_text="Three are withheld.").to_dict()
    bands = [row for rows in spec["datasets"].values() for row in rows if "mark" in row]
    assert [row["mark"] for row in bands] == ["[c]", "[c]"]
    assert spec["description"] == "Three are withheld."


def test_without_a_withheld_period_there_is_no_band() -> None:
    assert "rect" not in marks(gaps(quarters([30, 0], ["", ""]), DARK, WORDS, alt_text="x").to_dict())


def test_all_withheld_one_and_none_at_all_can_be_drawn() -> None:
    hidden = gaps(quarters([None, None], ["c", "c"]), LIGHT, WORDS, alt_text="x").to_dict()
    assert marks(hidden)[0] == "rect"
    assert gaps(quarters([7], [""]), LIGHT, WORDS, alt_text="x").to_dict()
    assert gaps(quarters([], []), LIGHT, WORDS, alt_text="x").to_dict()


def test_a_withheld_bar_is_a_symbol_and_a_zero_is_a_zero() -> None:
    frame = pd.DataFrame({"label": ["Race", "Faith", "Other"], "n": [12.0, None, 0.0], "mark": ["12", "[c]", "0"]})
    spec = bars.bars(frame, LIGHT, measure="Incidents", alt_text="x", withheld="mark").to_dict()
    (rows,) = spec["datasets"].values()
    assert [(row["n"], row["figure"]) for row in rows] == [(12.0, "12"), (None, "[c]"), (0.0, "0")]
    assert [tip["field"] for tip in spec["layer"][0]["encoding"]["tooltip"]] == ["label", "figure"]


def test_bars_that_are_all_withheld_can_be_drawn() -> None:
    frame = pd.DataFrame({"label": ["Race"], "n": [float("nan")], "mark": ["[c]"]})
    assert bars.bars(frame, LIGHT, measure="Incidents", alt_text="x", withheld="mark").to_dict()


LEGEND: dict[str, Any] = {"orient": "top", "symbolSize": 220}


def test_hatching_covers_the_withheld_areas_and_no_other() -> None:
    layer = hatch(squares("a", "b", "c"), frozenset({"b"}), LIGHT, "withheld [c]", LEGEND)
    assert layer is not None
    (feature,) = layer["data"]["values"]["features"]
    across = [x for line in feature["geometry"]["coordinates"] for x, _y in line]
    assert min(across) >= 1 - 1e-9 and max(across) <= 2 + 1e-9
    assert layer["encoding"]["stroke"]["scale"]["domain"] == ["withheld [c]"]


def test_without_a_withheld_area_there_is_nothing_to_hatch() -> None:
    assert hatch(squares("a"), frozenset(), LIGHT, "withheld [c]", LEGEND) is None
    assert hatch(squares(), frozenset({"b"}), LIGHT, "withheld [c]", LEGEND) is None


def test_a_withheld_area_is_in_no_class_of_the_map() -> None:
    values = pd.DataFrame({"id": ["a", "b"], "label": ["A", "B"], "n": [8.0, float("nan")]})
    options: dict[str, Any] = {"hatched": frozenset({"b"}), "hatched_name": "withheld [c]"}
    drawn = maps.choropleth(
        squares("a", "b"), values, LIGHT, natural([8.0]), value="n", measure="Incidents", alt_text="x", **options
    ).inline()
    classes = {row["slot"]: row["class"] for row in drawn["datasets"]["classes"]}
    found = {row["id"]: classes.get(row["slot"]) for row in drawn["datasets"]["values"]}
    assert found == {"a": "8", "b": None}
    (looked_up,) = [
        each for layer in drawn["layer"] for each in layer.get("transform", []) if each.get("lookup") == "slot"
    ]
    assert looked_up["default"] == "withheld [c]"
