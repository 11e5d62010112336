"""A curve of concentration beside what chance would draw."""

import pandas as pd
import pytest

from hatecrime.charts.curve import curve
from hatecrime.charts.theme import DARK, LIGHT, Look

ROWS = pd.DataFrame({"places": [0, 50, 100], "share": [0, 80, 100], "low": [0, 50, 100], "high": [0, 60, 100]})


def drawn(rows: pd.DataFrame = ROWS, look: Look = LIGHT) -> dict[str, object]:
    words = {"places": "Places", "incidents": "Incidents", "observed": "recorded", "chance": "by chance"}
    return curve(rows, look, alt_text="Half hold most.", **words).to_dict()


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.mode)
def test_line_and_band_are_named_beside_them_and_not_by_colour(look: Look) -> None:
    texts = [layer["encoding"]["text"]["value"] for layer in drawn(look=look)["layer"] if "text" in layer["encoding"]]
    assert texts == ["recorded", "by chance"]


def test_both_axes_run_from_nothing_to_all() -> None:
    line = drawn()["layer"][1]
    assert line["encoding"]["x"]["scale"]["domain"] == [0, 100]
    assert line["encoding"]["y"]["scale"]["domain"] == [0, 100]


def test_the_curve_can_be_read_out() -> None:
    assert drawn()["description"] == "Half hold most."


def test_nothing_to_draw_is_drawn_as_nothing() -> None:
    assert len(drawn(ROWS[:0])["layer"]) == 2
