"""A page of one control and one map of some 5,000 hexagons, to look at how much a browser is sent and how often."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import streamlit as st
from starlette.middleware import Middleware
from streamlit.starlette import App

from hatecrime.charts import maps
from hatecrime.charts.classes import natural
from hatecrime.charts.theme import LIGHT
from hatecrime.database import newest
from hatecrime.settings import default_store
from hatecrime.ui import geometry
from hatecrime.ui.answers import Headers
from hatecrime.ui.doors import Doors
from hatecrime.ui.picture import _chart

AREA, SIZE, DAY = "E08000009", 160, date(2017, 3, 31)
PICKED, SEEDS = "picked", 100


def draw() -> None:
    """Other figures for each number chosen; what is clicked is named and outlined."""
    st.set_page_config(layout="wide")
    seed = int(st.number_input("Figures", 0, SEEDS))
    path = newest(default_store())
    cells = geometry.cover(path, "hexagon", SIZE, DAY, AREA)
    drawn = geometry.cells(path, "hexagon", SIZE, DAY, AREA)
    if cells is None or drawn is None:
        raise RuntimeError("The sample has too much land.")
    values = figures(cells, seed)
    marks = maps.Marks(values.nlargest(40, "n").assign(sign="▲"), {"▲": "More than chance explains"}, outlined=True)
    chart = maps.choropleth(
        drawn,
        values,
        LIGHT,
        natural(values["n"].tolist()),
        value="n",
        measure="Incidents",
        alt_text=f"Figures {seed} of {len(values)} cells.",
        tips=[maps.Tip("label", "Near"), maps.Tip("n", "Incidents", ","), maps.Tip("before", "A year earlier", ",")],
        picked=st.session_state.get(PICKED),
        named=0,
        marks=marks,
    )
    _chart(chart, "map", _pick)
    st.write(f"Drawn {seed} of {len(values)}, picked {st.session_state.get(PICKED)}.")


def figures(cells: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Made-up figures for every cell: most have none or one."""
    numbers = np.random.default_rng(seed)
    n, before = numbers.poisson(numbers.gamma(0.5, 2, len(cells))), numbers.poisson(1, len(cells))
    near = pd.Categorical.from_codes(numbers.integers(0, 21, len(cells)), [f"Ward {i}" for i in range(21)])
    return cells[["id"]].assign(label=near, n=n, before=before)


def _pick(code: str | None) -> None:
    st.session_state[PICKED] = code


if __name__ == "__main__":
    draw()
else:
    app = App(__file__, routes=geometry.routes(), middleware=[Middleware(Headers), Middleware(Doors)])
