"""The bridge between two totals: totals stand on zero, steps hang between them."""

import pandas as pd

from hatecrime.charts.bridge import bridge
from hatecrime.charts.theme import LIGHT


def steps(*rows: tuple[str, int, int, int, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["label", "n", "start", "end", "is_total"])


def drawn(frame: pd.DataFrame) -> dict[str, dict[str, object]]:
    chart = bridge(frame, LIGHT, measure="Count", alt_text="Said.").to_dict()
    return {row["label"]: row for rows in chart["datasets"].values() for row in rows}


def test_steps_say_their_sign_and_totals_do_not() -> None:
    rows = drawn(steps(("Incidents", 85, 0, 85, True), ("without", -5, 85, 80, False), ("extra", 9, 80, 89, False)))
    assert [rows[name]["figure"] for name in ("Incidents", "without", "extra")] == ["85", "−5", "+9"]


def test_a_step_of_none_keeps_its_place() -> None:
    rows = drawn(steps(("Incidents", 85, 0, 85, True), ("without", 0, 85, 85, False)))
    assert rows["without"]["figure"] == "0"
    assert rows["without"]["reach"] == 85


def test_a_bridge_over_nothing_is_drawn() -> None:
    assert drawn(steps(("Incidents", 0, 0, 0, True)))["Incidents"]["figure"] == "0"
