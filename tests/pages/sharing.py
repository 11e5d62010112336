"""A small table of shared figures made by hand, and the dashboard as a partner sees it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from hatecrime import database
from hatecrime.settings import root
from hatecrime.ui import share_data

TRAFFORD, NORTH_WALES = "E08000009", "W15000001"
WARDS = {"E05000819": 40, "E05000825": 53, "E05000824": None, "E05000826": 0, "E05000838": 17}
QUARTERS = pd.date_range("2015-04-01", "2017-01-01", freq="QS")
COLUMNS = ["measure", "level", "area", "period", "start", "by", "code", "n"]

Cell = tuple[str, str, str, str, str, str, str, int | None]


def table(cells: Iterable[Cell]) -> pd.DataFrame:
    """The shared table of these cells; None is withheld."""
    rows = pd.DataFrame(list(cells), columns=COLUMNS)
    n = pd.array([pd.NA if each is None else each for each in rows["n"]], dtype="Int64")
    symbol = ["c" if each else "" for each in pd.isna(n)]
    return rows.assign(start=pd.to_datetime(rows["start"]), n=n, symbol=symbol)


def incidents(year: int | None = 389, before: int | None = 330, quarters: list[int | None] | None = None) -> list[Cell]:
    """Trafford: two years in total, by kind and by strand, and eight quarters."""
    whole = ("incidents", "district", TRAFFORD)
    counts = quarters or [94, 91, 64, 86, 112, 106, 85, 80]
    cells: list[Cell] = [(*whole, kind, "2016-04-01", "", "", year) for kind in ("rolling", "year")]
    cells += [(*whole, kind, "2015-04-01", "", "", before) for kind in ("rolling", "year")]
    cells += [(*whole, "quarter", str(at.date()), "", "", n) for at, n in zip(QUARTERS, counts, strict=True)]
    for start, codes in (("2016-04-01", {"race": 302, "religion": None, "disability": 0}), ("2015-04-01", {"race": 9})):
        cells += [(*whole, "rolling", start, "strand", code, n) for code, n in codes.items()]
    return cells


def wards(counts: dict[str, int | None] | None = None) -> list[Cell]:
    """Five wards of Trafford in one year."""
    counts = WARDS if counts is None else counts
    return [("incidents", "ward", ward, "rolling", "2016-04-01", "", "", n) for ward, n in counts.items()]


def referrals() -> list[Cell]:
    """North Wales: two years, and one of them by route."""
    whole = ("referrals", "force", NORTH_WALES)
    cells: list[Cell] = [(*whole, "year", "2016-04-01", "", "", 316), (*whole, "year", "2015-04-01", "", "", None)]
    routes = {"police": 261, "self_referral": 45, "other_route": None}
    return [*cells, *((*whole, "year", "2016-04-01", "route_group", code, n) for code, n in routes.items())]


def everything() -> list[Cell]:
    return [*incidents(), *wards(), *referrals()]


def as_partner(monkeypatch: pytest.MonkeyPatch, shared: pd.DataFrame, page: str, **query: str) -> AppTest:
    """A page as somebody sees it who looks as a partner, and to whom these figures are given."""
    monkeypatch.chdir(root())
    monkeypatch.setattr(database, "shared", lambda _snapshot, _audience: shared)
    forget()
    app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=60)
    app.session_state["view"] = "partner"
    app.query_params.update(query)
    app.run()
    return app if page == "glance" else app.switch_page(f"pages/share/{page}.py").run()


def forget() -> None:
    """No table of another test is kept."""
    share_data._whole.clear()
    share_data._within.clear()


def specs(app: AppTest) -> list[dict[str, Any]]:
    """What is sent of every chart, the rows in their place."""
    return [_whole(chart.proto) for chart in app.get("vega_lite_chart")]


def _whole(proto: Any) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(proto.spec)
    sent = {each.name: _rows(each.data.data) for each in proto.datasets}
    return {**spec, "datasets": spec.get("datasets", {}) | sent}


def _rows(arrow: bytes) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pa.ipc.open_stream(arrow).read_all().to_pylist()
    return rows


def said(app: AppTest) -> str:
    """Everything in words: answers, headings, notes, markdown."""
    shown = [*app.title, *app.subheader, *app.markdown, *app.caption]
    return "\n".join([*(each.value for each in shown), *(each.proto.body for each in app.get("html"))])


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def rows_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows behind every layer of a chart."""
    return [row for rows in spec.get("datasets", {}).values() for row in rows if isinstance(row, dict)]
