"""Horizontal bars, on a table of three rows."""

from typing import Any

import pandas as pd
import pytest

from hatecrime.charts.bars import bars
from hatecrime.charts.theme import LIGHT

ROWS = pd.DataFrame(
    {
        "label": ["Race", "Religion", "Disability"],
        "n": [1302, 42, 0],
        "low": [1232.0, 30.3, 0.0],
        "high": [1375.0, 56.8, 3.7],
        "before": [1254, 29, 5],
        "note": ["(1,254)", "(29)", "(5)"],
    }
)


def drawn(rows: pd.DataFrame = ROWS, **options: Any) -> dict[str, Any]:
    return bars(rows, LIGHT, measure="Incidents", alt_text="Race most.", **options).to_dict()


def marks(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


def data(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return next(iter(spec["datasets"].values()))


def test_bars_start_at_zero() -> None:
    for layer in drawn(low="low", high="high")["layer"]:
        assert layer["encoding"]["x"]["scale"]["domain"][0] == 0
        assert layer["encoding"]["x"]["scale"]["zero"] is True


def test_every_layer_shares_one_scale_with_room_for_the_figures() -> None:
    ends = {layer["encoding"]["x"]["scale"]["domain"][1] for layer in drawn(before="before", note="note")["layer"]}
    assert len(ends) == 1
    assert ends.pop() > 1302


def test_bars_keep_the_order_of_the_table() -> None:
    assert marks(drawn(), "bar")[0]["encoding"]["y"]["sort"] == ["Race", "Religion", "Disability"]


def test_figures_stand_beside_the_bars_with_thousands_separators() -> None:
    assert [row["figure"] for row in data(drawn(note="note"))] == ["1,302  (1,254)", "42  (29)", "0  (5)"]


def test_the_year_before_is_a_broader_bar_and_not_only_another_colour() -> None:
    earlier, now = marks(drawn(before="before"), "bar")
    assert earlier["mark"]["height"]["band"] > now["mark"]["height"]["band"]
    assert earlier["encoding"]["x"]["field"] == "before"


def test_an_interval_is_drawn_and_told_in_the_tooltip() -> None:
    spec = drawn(low="low", high="high", interval_title="95% interval")
    assert marks(spec, "rule")[0]["encoding"]["x2"] == {"field": "high"}
    told = [tip["field"] for tip in marks(spec, "bar")[0]["encoding"]["tooltip"]]
    assert told == ["label", "n", "low", "high"]


def test_the_text_alternative_is_in_the_chart() -> None:
    assert drawn()["description"] == "Race most."


@pytest.mark.parametrize("rows", [ROWS.iloc[:0], ROWS.iloc[:1], ROWS.iloc[2:]], ids=["none", "one", "zero"])
def test_few_rows_or_none_still_give_a_chart(rows: pd.DataFrame) -> None:
    spec = drawn(rows, low="low", high="high", before="before")
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"][1] > 0


def test_a_missing_figure_is_a_dash() -> None:
    rows = ROWS.assign(n=[float("nan"), 42.0, 1.0])
    assert data(drawn(rows))[0]["figure"] == "–"


def test_a_long_figure_beside_the_longest_bar_gets_more_room() -> None:
    def room(note: str) -> float:
        spec = drawn(ROWS.assign(note=note), note="note")
        return float(marks(spec, "bar")[0]["encoding"]["x"]["scale"]["domain"][1])

    assert room("(though returns were sent)") > room("(1)")
