"""Strips of cells: one hue, every figure printed, readable on its shade."""

from typing import Any

import pandas as pd
import pytest

from hatecrime.charts.strips import CLASS_NAMES, STEPS, strips
from hatecrime.charts.theme import DARK, LIGHT, Look

ROWS = pd.DataFrame(
    {
        "row": ["Sex", "Sex", "Ward", "Ward"],
        "column": ["gmp", "wales", "gmp", "wales"],
        "share": [0.494, 0.75, 0.997, None],
        "figure": ["49%", "75%", ">99%", "not sent"],
        "note": ["a", "b", "c", "d"],
    }
)


def drawn(rows: pd.DataFrame = ROWS, look: Look = LIGHT) -> dict[str, Any]:
    return strips(rows, look, measure="Filled", none="no share", alt_text="Sex least.").to_dict()


def data(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return next(iter(spec["datasets"].values()))


def test_a_share_is_shaded_as_it_is_printed() -> None:
    assert [row["shade"] for row in data(drawn())] == ["0–49%", "75–94%", "95–100%", "no share"]


@pytest.mark.parametrize(("share", "shade"), [(0.0, "0–49%"), (0.495, "50–74%"), (0.746, "75–94%"), (1.0, "95–100%")])
def test_a_share_at_the_edge_is_in_the_class_of_its_figure(share: float, shade: str) -> None:
    assert data(drawn(ROWS.assign(share=share)))[0]["shade"] == shade


def test_every_cell_prints_its_figure_in_the_order_of_the_table() -> None:
    spec = drawn()
    cells, figures = spec["layer"]
    assert figures["encoding"]["text"]["field"] == "figure"
    assert cells["encoding"]["y"]["sort"] == ["Sex", "Ward"]
    assert cells["encoding"]["x"]["sort"] == ["gmp", "wales"]


def test_the_chart_can_be_read_out() -> None:
    assert drawn()["description"] == "Sex least."


def test_nothing_to_draw_is_drawn_as_nothing() -> None:
    assert data(drawn(ROWS[:0].assign(share=pd.Series(dtype=float)))) == []


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.mode)
def test_every_figure_can_be_read_on_its_shade(look: Look) -> None:
    strong = CLASS_NAMES[2:]
    for name, step in zip(CLASS_NAMES, STEPS, strict=True):
        ink = look.ground if name in strong else look.text
        assert contrast(ink, look.ramp[step]) >= 4.5, name
    assert contrast(look.text, look.none) >= 4.5


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
