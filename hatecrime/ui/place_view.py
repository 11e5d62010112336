"""What the hotspots page is made of: its answer, its map with the table, and the figures beside it."""

from typing import Any

import pandas as pd
import streamlit as st

from hatecrime.i18n import MISSING, _, number, percent
from hatecrime.shape.edges import edges
from hatecrime.stats.change import compare
from hatecrime.stats.concentration import top_share
from hatecrime.stats.intervals import poisson_interval
from hatecrime.ui.data import snapshot
from hatecrime.ui.page import Fact, facts
from hatecrime.ui.phrases import before_and_interval, change_in
from hatecrime.ui.picture import Table, caption, decimal, picture, text, whole
from hatecrime.ui.place_choices import (
    PICKED,
    choose_details,
    choose_level,
    choose_measure,
    choose_place,
)
from hatecrime.ui.place_map import Shown, map_or_bars, shown
from hatecrime.ui.places import Places, has_people, level_name, places
from hatecrime.ui.session import gate
from hatecrime.words.edges import in_snapshot
from hatecrime.words.numbers import too_small

LEADERS = 3
# A table of more rows is in the download; the browser would be slow to take it.
MOST_ROWS = 500


def choose_places() -> tuple[Shown, str | None]:
    """The controls above the map: the places, what is shown of them, and the one in detail."""
    left, middle, right = st.columns([6, 2, 3], vertical_alignment="bottom")
    with left:
        level = choose_level()
    measure = choose_measure(level, has_rates=has_people(level))
    with middle, st.popover(_("Choices"), icon=":material/tune:", width="stretch"):
        choices = choose_details(level, measure)
    found = places(choices)
    with right:
        picked = choose_place(found)
    return shown(found, measure), picked


def draw_map(it: Shown, picked: str | None) -> None:
    """The map with its table; clicking in either picks a place."""
    found = it.found
    chart = map_or_bars(it, picked)
    what = _("{measure} by {level}").format(measure=it.title, level=level_name(found.level))
    more = " ".join(filter(None, [*it.how, _unplaced(found), _near_edges(found), _cut(it)]))
    line = caption(what, more=more.removesuffix("."))
    rows = it.table.sort_values([it.ranked, "n"], ascending=False, kind="stable").reset_index(drop=True)
    columns = _columns(it)
    table = Table(rows.head(MOST_ROWS), columns, ids="id")
    picture(chart, table, line, "hotspots", found.made, ("c1", "c4", "c7", "c8"), picked, _put)
    gate().tables["hotspots"] = rows[list(columns)]


def draw_facts(it: Shown, picked: str | None) -> None:
    """Three or four figures of the place that is picked, or of all of them."""
    row = it.table[it.table["id"] == picked]
    facts(*(facts_of(row.iloc[0], it.found) if len(row) else _facts_of_all(it.found)))


def _put(code: str | None) -> None:
    """A click on the map or in the table does what the control does, which is in the address."""
    if code is None:
        st.session_state.pop(PICKED, None)
    else:
        st.session_state[PICKED] = code


def _columns(it: Shown) -> dict[str, Any]:
    columns = {
        "label": text(level_name(it.found.level).capitalize()),
        "n": whole(_("Incidents")),
        "before": whole(_("A year earlier")),
    }
    if it.found.has_rates:
        columns |= {
            "population": whole(_("Residents")),
            "rate": decimal(_("Per 1,000"), 2),
            "low": decimal(_("95% from"), 2),
            "high": decimal(_("95% to"), 2),
        }
    return columns | {name: decimal(title, places) for name, (title, places) in it.columns.items()}


def _unplaced(found: Places) -> str:
    if not found.unplaced:
        return ""
    message = (
        _("{n} of {total} have no point on the land drawn and are left out.")
        if found.choices.has_cells
        else _("{n} of {total} have no known {level} and are not drawn.")
    )
    return message.format(n=number(found.unplaced), total=number(found.total), level=level_name(found.level))


def _near_edges(found: Places) -> str:
    """How many points of the snapshot might lie on the other side of a border, where borders are simplified."""
    return in_snapshot(edges(snapshot()), found.level)


def _cut(it: Shown) -> str:
    if len(it.table) <= MOST_ROWS:
        return ""
    return _("The table shows the {n} highest; all are in the download.").format(n=number(MOST_ROWS))


def _facts_of_all(found: Places) -> list[Fact]:
    table = found.table
    top = top_share(table.set_index("label")["n"], LEADERS)
    none = int((table["n"] == 0).sum())
    of_drawn = _("{names} (of the {n} drawn)").format(names=", ".join(map(str, top.areas)), n=number(top.total))
    leading = Fact(_("In the three highest"), percent(top.share), of_drawn)
    return [
        Fact(_("Incidents"), number(found.total), _unplaced(found)),
        # Three of thousands of cells say nothing.
        *([leading] if len(table) <= MOST_ROWS else []),
        Fact(_("Without any"), number(none), _of(len(table), found.level)),
    ]


def _of(n: int, level: str) -> str:
    return _("of {n}, counted by {level}").format(n=number(n), level=level_name(level))


def facts_of(row: pd.Series, found: Places) -> list[Fact]:
    """Four figures of one place: how many, of all, per resident, and the change on the year."""
    interval = poisson_interval(int(row["n"]))
    shown_ = [
        Fact(
            str(row["label"]),
            number(row["n"]),
            _("incidents; 95% interval {low} to {high}").format(
                low=number(float(interval.low)), high=number(float(interval.high))
            ),
        ),
        Fact(
            _("Of all in view"),
            percent(row["n"] / max(found.total, 1)),
            _("of {n}").format(n=number(found.total)),
        ),
    ]
    if pd.notna(row["rate"]):
        note = _("95% interval {low} to {high}; {n} residents").format(
            low=number(row["low"], 2), high=number(row["high"], 2), n=number(row["population"])
        )
        shown_.append(Fact(_("Per 1,000 residents"), number(row["rate"], 2), note))
    change = compare(int(row["before"]), int(row["n"]))
    few = not change.reason and too_small(change)
    note_ = _("{before} a year earlier: too few to tell").format(before=number(change.before))
    shown_.append(
        Fact(_("Change on the year"), MISSING, note_)
        if few
        else Fact(_("Change on the year"), change_in(change), before_and_interval(change))
    )
    return shown_
