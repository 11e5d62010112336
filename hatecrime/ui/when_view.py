"""What the page about time is made of: hours and weekdays, what comes back nearby, the facts beside them."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from hatecrime.charts import clock
from hatecrime.i18n import _, number, percent
from hatecrime.shape import when
from hatecrime.shape.when import SEED, SIMULATIONS, Repeats, Times
from hatecrime.stats.change import Change
from hatecrime.stats.clock import Spell
from hatecrime.stats.knox import TooManyPairsError
from hatecrime.ui.data import count, fetch
from hatecrime.ui.page import Fact, detail, facts, note
from hatecrime.ui.picture import Table, caption, decimal, picture, text, whole
from hatecrime.ui.session import gate
from hatecrime.words import when as words
from hatecrime.words.findings import range_of
from hatecrime.words.numbers import share

# More incidents than this are shuffled only when somebody asks for it.
MOST_AT_ONCE = 5_000
ASKED = "repeats_asked"


def times() -> tuple[Times, pd.DataFrame]:
    """The incidents of the filters by hour and weekday, and the rows that they came from."""
    rows = count(("hour", "weekday"))
    return _times(rows, gate().period), rows


def repeats() -> tuple[Repeats | str | None, pd.DataFrame]:
    """What comes back nearby; a sentence where it cannot be reckoned, none where there are many and nobody asked."""
    events = fetch("hotspots/events")
    if len(events) > MOST_AT_ONCE and st.session_state.get(ASKED) != _asked_for():
        return None, events
    try:
        with st.spinner(_("Dealing the days out anew, {n} times…").format(n=number(SIMULATIONS))):
            return _repeats(events), events
    except TooManyPairsError as error:
        message = _(
            "{pairs} pairs lie near each other, more than can be compared with chance. Choose a smaller area or a"
            " shorter period."
        )
        return message.format(pairs=number(error.pairs)), events


def said_of(found: Repeats | str | None) -> str:
    """The answer about what comes back; nothing where it was not reckoned."""
    return words.repeats(found) if isinstance(found, Repeats) else found or ""


def draw_times(found: Times, rows: pd.DataFrame) -> None:
    """The grid of hours and weekdays with its table."""
    spell = found.hours if words.stands_out(found.hours) and found.known >= words.FEWEST else None
    chart = clock.clock(
        found.grid,
        gate().look,
        days=words.day_names(short=True),
        measure=_("Incidents"),
        hour=_("Hour"),
        day=_("Day"),
        whole=_("Sum"),
        alt_text=words.times(found),
        apart=[each % when.HOURS for each in range(*spell.positions)] if spell else [],
    )
    names = dict(enumerate(words.day_names()))
    table = pd.DataFrame(found.grid).rename(columns=str)
    table = table.assign(hour=[words.hour(each) for each in range(when.HOURS)], n=found.grid.sum(axis=1))
    columns = {
        "hour": text(_("Hour from")),
        **{str(each): whole(name) for each, name in names.items()},
        "n": whole(_("All")),
    }
    caveats = ("c1", "c4", "c7", *(("c5",) if gate().filters.basis == "recorded" else ()))
    line = caption(_("Incidents by hour and day of the week"), more=_how_timed(spell))
    picture(chart, Table(table, columns), line, "when_hours", [rows], caveats, finding=words.times(found))


def draw_facts(found: Times) -> None:
    """How many have a time, and what stands out."""
    known = Fact(
        _("With a known time"),
        share(found.known, found.total),
        _("{n} of {total}").format(n=number(found.known), total=number(found.total)),
    )
    if found.known < words.FEWEST:
        facts(known)
        return
    hours = _fact_of(_("Busiest hours"), found.hours, words.hours_of)
    days = _fact_of(_("Busiest days"), found.days, partial(words.days_of, short=True))
    facts(known, hours, days, _compared(_("Friday and Saturday nights"), _("other nights"), found.nights))


def draw_repeats(found: Repeats | str | None, events: pd.DataFrame, total: int) -> None:
    """Whether incidents come back nearby: by distance and days between, beside chance."""
    with detail(_("Do they come back nearby?")):
        if found is None:
            _offer(len(events))
        elif isinstance(found, str):
            st.markdown(found)
        else:
            st.markdown(words.repeats(found))
            if found.close.events > 1 and found.places > 1:
                _draw_bands(found, events)
                note(words.same_place(found, total))


def _draw_bands(found: Repeats, events: pd.DataFrame) -> None:
    bands = found.bands
    far = [words.band_of_metres(bands.metres, each) for each in range(len(bands.metres))]
    long = [words.band_of_days(bands.days, each) for each in range(len(bands.days))]
    rows = when.by_band(bands)
    rows = rows.assign(far=[far[each] for each in rows["row"]], long=[long[each] for each in rows["column"]])
    chart = clock.bands(
        rows,
        gate().look,
        far=far,
        long=long,
        distance=_("Distance"),
        between=_("Time between"),
        ratio=_("Times as many as by chance"),
        observed=_("Pairs"),
        expected=_("By chance"),
        interval=_("95% interval"),
        names=(_("▲ more than chance"), _("could be chance")),
        alt_text=words.repeats(found),
    )
    columns: dict[str, Any] = {
        "far": text(_("Distance")),
        "long": text(_("Time between")),
        "observed": whole(_("Pairs")),
        "expected": decimal(_("By chance")),
        "ratio": decimal(_("Times as many"), 2),
        "low": decimal(_("95% from"), 2),
        "high": decimal(_("95% to"), 2),
        "p": decimal(_("p, adjusted"), 3),
    }
    how = _(
        "Knox test: pairs of incidents, against the mean of {n} draws in which the days are dealt out anew among the"
        " places (seed {seed}); p for {bands} bands at once"
    ).format(n=number(SIMULATIONS), seed=SEED, bands=number(len(rows)))
    line = caption(_("Pairs of incidents by distance and time between them, against chance"), more=how)
    caveats = ("c7", "c8", *(("c5",) if gate().filters.basis == "recorded" else ()))
    picture(chart, Table(rows, columns), line, "when_repeats", [events], caveats, finding=words.repeats(found))


def _offer(events: int) -> None:
    st.markdown(
        _("{n} incidents have a point: comparing every pair with chance takes a while.").format(n=number(events))
    )
    st.button(_("Compare them"), on_click=_ask, args=(_asked_for(),), icon=":material/play_arrow:")


def _ask(what: str) -> None:
    """Called before the page is opened again: what is looked at must be given."""
    st.session_state[ASKED] = what


def _asked_for() -> str:
    session = gate()
    return f"{session.facts.name} {session.filters}"


@st.cache_data(max_entries=100, show_spinner=False)
def _times(rows: pd.DataFrame, period: Any) -> Times:
    return when.times(rows, period)


@st.cache_data(max_entries=50, show_spinner=False)
def _repeats(events: pd.DataFrame) -> Repeats:
    return when.repeats(events)


def _how_timed(spell: Spell | None) -> str:
    parts = [
        _("An incident that lasted, or is known only to within a day, counts where it began; a longer one has no time"),
        _("Framed: the hours that stand out ({n} random draws, seed {seed})").format(n=number(SIMULATIONS), seed=SEED)
        if spell
        else "",
    ]
    return ". ".join(filter(None, parts))


def _fact_of(label: str, spell: Spell | None, name: Any) -> Fact:
    if spell is None:
        return Fact(label, _("none"), _("the period is shorter than a week"))
    if not words.stands_out(spell):
        return Fact(label, _("none"), _("an even spread could look like this"))
    part = _("{share} of incidents, {range}; even: {even}").format(
        share=percent(float(spell.share.estimate)), range=range_of(spell.share), even=percent(spell.even)
    )
    return Fact(label, name(spell), part)


def _compared(label: str, others: str, change: Change | None) -> Fact:
    if change is None or change.reason:
        return Fact(label, _("too few"), _("to compare with {others}").format(others=others))
    note_ = _("times as many as {others}, by night; 95% interval {low} to {high}")
    return Fact(
        label,
        number(change.ratio, 2),
        note_.format(others=others, low=number(change.low, 2), high=number(change.high, 2)),
    )
