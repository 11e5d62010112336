"""What the trends page is made of: its controls, and one picture of the months, whole or split."""

from typing import Any

import pandas as pd
import streamlit as st

from hatecrime.charts import trend
from hatecrime.database import NOT_RECORDED
from hatecrime.dictionary import code_list
from hatecrime.filters import Filters
from hatecrime.i18n import _, month_year, number
from hatecrime.shape.labels import label_of
from hatecrime.stats.change import compare
from hatecrime.ui.choices import choose
from hatecrime.ui.months import breaks, monthly, shaded_events, window
from hatecrime.ui.page import Fact, facts, note
from hatecrime.ui.phrases import against, titles
from hatecrime.ui.picture import Table, caption, month, picture, text, whole
from hatecrime.ui.places import AREA_LEVELS, level_name, levels
from hatecrime.ui.session import gate

WHOLE = "whole"
BACK = ("12", "24", "36", "all")
# Code list by which each split takes its labels.
SPLITS = {"strand": "strand", "crime_type": "crime_type", "kind": "kind"}
MOST_PANELS = 12


def choose_months() -> tuple[Filters, str]:
    """The controls above the picture: how far back, and what the lines are."""
    left, right = st.columns([5, 2])
    with left:
        areas = tuple(level for level in levels() if level in AREA_LEVELS and level != "lsoa")
        split = choose(_("Lines"), "split", (WHOLE, *SPLITS, *areas[:2]), _split_name)
    with right:
        back = choose(_("Months shown"), "back", BACK, _back_name, default="36")
    session = gate()
    return session.filters.during(window(session.period.finish, back, session.first)), split


def months_of(filters: Filters, split: str) -> pd.DataFrame:
    """Months by the split, with a label for each line."""
    if split == WHOLE:
        return monthly(filters)
    by = split if split in SPLITS else "area"
    months = monthly(filters, (by,), None if split in SPLITS else split)
    codes = code_list(SPLITS.get(split, "area"))
    labels = {code: label_of(code, codes) for code in months[by].unique()}
    known = months[months[by] != NOT_RECORDED] if split not in SPLITS else months
    known = known.assign(label=known[by].map(labels))
    known.attrs["made"] = months.attrs["made"]
    return known


def draw_months(months: pd.DataFrame, filters: Filters, split: str, said: str) -> None:
    """One chart, or one small chart per line where there are more than a few."""
    period = filters.period
    if period is None:
        return
    changed = breaks(period, filters.area)
    shown = _largest(months) if split != WHOLE else months
    picture(
        _chart(shown, filters, split, said, changed),
        Table(shown, _columns(split)),
        caption(_("Incidents recorded each month"), period=period, more=_reading(split, months)),
        "trends",
        [months],
        ("c1", "c4", "c6", "c10", *(("c2",) if split == "strand" else ()), *(("c9",) if len(changed) else ())),
    )
    for change in changed.itertuples():
        note(_("{mark} {reason}").format(mark=change.label, reason=change.reason))


def draw_facts(months: pd.DataFrame) -> None:
    """The latest settled month, the latest of all, and the highest."""
    settled, latest = months[~months["provisional"]], months.iloc[-1]
    shown = []
    if len(settled):
        shown.append(_fact_of(settled.iloc[-1], _("latest settled month")))
    if latest["provisional"]:
        shown.append(_fact_of(latest, _("provisional")))
    highest = months.sort_values("n").iloc[-1]
    # No interval: a month picked for being high would look like a change.
    shown.append(Fact(month_year(highest["month"]), number(highest["n"]), _("the highest month shown")))
    facts(*shown)


def _fact_of(row: pd.Series, what: str) -> Fact:
    earlier = None if pd.isna(row["last_year"]) else row["last_year"]
    return Fact(month_year(row["month"]), number(row["n"]), f"{what}; {against(compare(earlier, row['n']))}")


def _chart(months: pd.DataFrame, filters: Filters, split: str, said: str, changed: pd.DataFrame) -> Any:
    look, words, events = gate().look, titles(_("Incidents")), shaded_events(filters.period)  # type: ignore
    if split == WHOLE:
        return trend.lines(months, look, words, before="last_year", events=events, breaks=changed, alt_text=said)
    return trend.panels(
        months, look, words, series="label", before="last_year", events=events, alt_text="{name}. " + said
    )


def _largest(months: pd.DataFrame) -> pd.DataFrame:
    totals = months.groupby("label")["n"].sum().nlargest(MOST_PANELS)
    shown = months[months["label"].isin(totals.index)]
    return shown.assign(_order=shown["label"].map({label: i for i, label in enumerate(totals.index)})).sort_values(
        ["_order", "month"], kind="stable"
    )


def _reading(split: str, months: pd.DataFrame) -> str:
    """How to read the picture, for its caption."""
    events = _("Shaded: events, as context")
    if split == WHOLE:
        return ". ".join([_("Grey: the same month a year earlier"), events])
    parts = [events, _("Each panel has a scale of its own, from zero; hollow: provisional")]
    left_out = months["label"].nunique() - MOST_PANELS
    if left_out > 0:
        parts.append(_("The {n} smallest are not drawn").format(n=left_out))
    return ". ".join(parts)


def _columns(split: str) -> dict[str, Any]:
    columns = {"month": month(_("Month"))}
    if split != WHOLE:
        columns["label"] = text(_split_name(split))
    return {**columns, "n": whole(_("Incidents")), "last_year": whole(_("A year earlier"))}


def _split_name(split: str) -> str:
    names = {WHOLE: _("Total"), "strand": _("Strand"), "crime_type": _("Crime type"), "kind": _("Kind")}
    return names.get(split) or level_name(split).capitalize()


def _back_name(back: str) -> str:
    return _("All") if back == "all" else back
