"""Grids of hours by weekday and of distance by days, on a few figures."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from hatecrime.charts.clock import _contrast, _ink, bands, clock
from hatecrime.charts.theme import DARK, LIGHT, Look

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
GRID = np.arange(168).reshape(24, 7)


def drawn(grid: np.ndarray = GRID, look: Look = LIGHT, **options: Any) -> dict[str, Any]:
    words = {"measure": "Incidents", "hour": "Hour", "day": "Day", "whole": "All", "alt_text": "Late most."}
    return clock(grid, look, days=DAYS, **{**words, **options}).to_dict()


def marks(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


def data(spec: dict[str, Any], layer: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(spec["datasets"][layer.get("data", spec.get("data"))["name"]])


def test_every_hour_of_every_day_has_a_cell_with_its_figure() -> None:
    spec = drawn()
    cells = data(spec, marks(spec, "rect")[0])
    assert len(cells) == 168
    assert cells.loc[(cells["hour"] == "23") & (cells["day"] == "Sun"), "n"].tolist() == [167]


def test_totals_stand_at_the_edges_and_add_up() -> None:
    spec = drawn()
    totals = data(spec, marks(spec, "text")[-1])
    assert totals.loc[totals["day"] == "All", "n"].sum() == GRID.sum()
    assert totals.loc[totals["hour"] == "All", "n"].tolist() == GRID.sum(axis=0).tolist()


def test_hours_that_stand_out_are_framed_and_bold_not_only_coloured() -> None:
    spec = drawn(apart=[22, 23, 0])
    totals = data(spec, marks(spec, "text")[-1])
    assert totals.loc[totals["apart"], "hour"].tolist() == ["00", "22", "23"]
    assert marks(spec, "rect")[-1]["mark"]["filled"] is False
    assert marks(spec, "text")[1]["mark"]["fontWeight"] == 700


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("grid", [GRID, GRID * 0, np.ones((24, 7), dtype=int), GRID * 10_000], ids=str)
def test_it_is_drawn_whatever_the_counts_in_either_theme(grid: np.ndarray, look: Look) -> None:
    spec = drawn(grid, look)
    assert spec["description"] == "Late most."
    assert spec["config"]["background"] == look.ground


def test_figures_that_would_not_fit_are_left_to_the_table() -> None:
    assert len(marks(drawn(), "text")) == 3
    assert len(marks(drawn(GRID * 10), "text")) == 2
    assert len(marks(drawn(look=LIGHT.drawn_for("meeting", "en")), "text")) == 2


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_figures_are_read_on_every_colour_of_the_ramp(look: Look) -> None:
    for fill in (look.none, *look.ramp):
        assert _contrast(fill, _ink(fill, look)) > 4.4


ROWS = pd.DataFrame(
    {
        "far": ["same place", "up to 100 m"],
        "long": ["0 to 7 days"] * 2,
        "ratio": [2.04, np.nan],
        "low": [1.3, np.nan],
        "high": [3.0, np.nan],
        "observed": [9, 0],
        "expected": [4.4, 0.0],
        "clear": [True, False],
    }
)


def banded(rows: pd.DataFrame = ROWS, look: Look = LIGHT) -> dict[str, Any]:
    return bands(
        rows,
        look,
        far=["same place", "up to 100 m"],
        long=["0 to 7 days"],
        distance="Distance",
        between="Time between",
        ratio="Times as many",
        interval="95% interval",
        observed="Pairs",
        expected="By chance",
        names=("▲ more than chance", "could be chance"),
        alt_text="They come back.",
    ).to_dict()


def test_a_band_with_more_than_chance_has_a_sign_beside_its_colour() -> None:
    spec = banded()
    rows = data(spec, spec["layer"][0])
    assert rows["figure"].tolist() == ["2.0× ▲", "–"]
    assert rows["range"].tolist() == ["1.3–3.0", ""]
    assert rows["kind"].tolist() == ["▲ more than chance", "could be chance"]


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_bands_are_drawn_without_rows_and_in_either_theme(look: Look) -> None:
    assert banded(ROWS.iloc[:0], look)["description"] == "They come back."
    rows = data(banded(look=look), banded(look=look)["layer"][0])
    assert len(set(rows["ink"])) <= 2
