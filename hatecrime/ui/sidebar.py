"""The shared filters, drawn once by the frame: area, period, what, more. All of them are in the address."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import streamlit as st

from hatecrime import periods
from hatecrime.access import AUDIENCES
from hatecrime.charts.theme import LOOKS, Look
from hatecrime.database import Facts
from hatecrime.dictionary import code_list
from hatecrime.filters import Filters
from hatecrime.i18n import LOCALES, _, date_long, language
from hatecrime.periods import Period
from hatecrime.ui.choices import choose, pick, pick_day, pick_several

LANGUAGES = {"en": "English", "cy": "Cymraeg"}
PREFERRED_AREA = "E08000009"
EVERYWHERE = "all"
OWN_DATES = "dates"
FIRST_AREA = "first area"


def choose_language(default: str) -> str:
    """English or Welsh, each by its own name."""
    return choose(
        "Language · Iaith",
        "lang",
        tuple(LOCALES),
        LANGUAGES.__getitem__,
        default,
        label_visibility="collapsed",
    )


def choose_look() -> Look:
    """An analyst's density or a meeting's calm; light or dark as the browser has it."""
    density = choose(_("Show for"), "show", ("analyst", "meeting"), _density_name, label_visibility="collapsed")
    look = LOOKS.get(st.context.theme.type or "light", LOOKS["light"])
    return look.drawn_for(density, language())


def _density_name(code: str) -> str:
    return {"analyst": _("Analyst"), "meeting": _("Meeting")}[code]


def choose_view() -> str:
    """What an analyst looks as: exact figures, or what a partner or the public is shown."""
    return choose(_("Look as"), "view", AUDIENCES, lambda code: audience_name(code).capitalize())


def audience_name(code: str) -> str:
    """Who is looking, in words."""
    return {"analyst": _("analyst"), "partner": _("partner"), "public": _("public")}[code]


def choose_filters(facts: Facts, areas: pd.DataFrame, first: date, scope: tuple[str, ...] = ()) -> Filters:
    """
    The controls of the shared filters. areas: code and level, in the order offered; first: first day; scope: the areas
    that the user is limited to, of which one is always chosen.
    """
    area = _choose_area(areas, scope)
    period = _choose_period(facts, first)
    kinds = pick_several(_("Kind"), "kind", tuple(code_list("kind")), _label("kind"), placeholder=_("All"))
    crime_types = pick_several(
        _("Crime type"),
        "crime_type",
        tuple(code_list("crime_type")),
        _label("crime_type"),
        placeholder=_("All"),
    )
    strands = pick_several(_("Strand"), "strand", _strands(), _label("strand"), placeholder=_("All"))
    with st.expander(_("More")):
        channels = pick_several(
            _("Channel"), "channel", tuple(code_list("channel")), _label("channel"), placeholder=_("All")
        )
        basis = choose(_("Count by"), "basis", ("recorded", "occurred"), _basis_name, width="stretch")
        online = choose(_("Online"), "online", ("any", "yes", "no"), _online_name, width="stretch")
    return Filters(
        area=None if area == EVERYWHERE else area,
        start=period.start,
        finish=period.finish,
        basis=basis,
        kinds=kinds,
        crime_types=crime_types,
        strands=strands,
        channels=channels,
        online={"yes": True, "no": False}.get(online),
    )


def clear_filters() -> None:
    """Back to what a first visit shows; a callback."""
    clear_conditions()
    st.session_state.update(area=st.session_state[FIRST_AREA], period=next(iter(periods.names())), basis="recorded")


def clear_conditions() -> None:
    """All incidents of the area and the period; a callback."""
    st.session_state.update(kind=[], crime_type=[], strand=[], channel=[], online="any")


def area_name(code: str | None) -> str:
    """The name people use for an area; no code is everywhere."""
    areas = code_list("area")
    if code is None or code == EVERYWHERE:
        return _("All areas")
    return areas.label(code, language()) if code in areas else code


def data_to(facts: Facts) -> str:
    """How far the data reach."""
    if facts.data_to is None:
        return _("No incident is loaded")
    return _("Data to {date}").format(date=date_long(facts.data_to))


def basis_name(basis: str) -> str:
    """The basis as it stands in a caption."""
    return _("by date recorded") if basis == "recorded" else _("by date it happened")


def describe(filters: Filters) -> str:
    """The filters in force, in words."""
    span = [filters.period.span()] if filters.period else []
    return " · ".join([area_name(filters.area), *span, *conditions(filters)])


def conditions(filters: Filters) -> list[str]:
    """Which incidents, of an area and a period, in words; nothing where all are."""
    chosen = {"kind": filters.kinds, "crime_type": filters.crime_types, "strand": filters.strands}
    chosen["channel"] = filters.channels
    parts = [", ".join(map(_label(name), codes)) for name, codes in chosen.items() if codes]
    if filters.online is not None:
        parts.append(_("online only") if filters.online else _("not online"))
    return parts


def _choose_area(areas: pd.DataFrame, scope: tuple[str, ...]) -> str:
    codes = tuple(dict.fromkeys([*scope, *areas["area_code"]])) if scope else (EVERYWHERE, *areas["area_code"])
    levels = dict(zip(areas["area_code"], areas["level"], strict=True))

    def label(code: str) -> str:
        level = levels.get(code)
        return f"{area_name(code)} ({_label('area_level')(level).lower()})" if level else area_name(code)

    st.session_state[FIRST_AREA] = first = scope[0] if scope else default_area(areas)
    return pick(_("Area"), "area", codes, label, first) or (first if scope else EVERYWHERE)


def default_area(areas: pd.DataFrame) -> str:
    """Trafford where the data have it, else the area with the most incidents among the largest ones."""
    if PREFERRED_AREA in set(areas["area_code"]):
        return PREFERRED_AREA
    if areas.empty:
        return EVERYWHERE
    rank = areas["level"].map(lambda level: int(code_list("area_level")[level].extras["rank"]))
    return str(areas[rank == rank.max()].sort_values("n").iloc[-1]["area_code"])


def _choose_period(facts: Facts, first: date) -> Period:
    names = (*periods.names(), OWN_DATES)
    today = facts.complete_to or first
    if "period" not in st.session_state and {"from", "to"} & set(st.query_params):
        st.session_state["period"] = OWN_DATES
    name = pick(_("Period"), "period", names, _period_name, names[0])
    period = _own_dates(first, today) if name == OWN_DATES else periods.latest(name or names[0], today, first)
    st.caption(_("{from_} to {to}").format(from_=date_long(period.start), to=date_long(period.finish)))
    return period


def _own_dates(first: date, today: date) -> Period:
    year = periods.latest("12m", today)
    last = max(today, first)
    start = pick_day(_("From"), "from", max(year.start, first), first, last)
    finish = pick_day(_("To"), "to", today, first, last)
    return Period(min(start, finish), max(start, finish))


def _period_name(name: str) -> str:
    return periods.names().get(name) or _("Own dates")


def _basis_name(code: str) -> str:
    return {"recorded": _("Date recorded"), "occurred": _("Date it happened")}[code]


def _online_name(code: str) -> str:
    return {"any": _("Any"), "yes": _("Yes"), "no": _("No")}[code]


def _strands() -> tuple[str, ...]:
    """Whole strands: the filter is a mask, and a mask has no bits for their parts."""
    return tuple(code for code, strand in code_list("strand").items() if strand.extras.get("bit"))


def _label(list_name: str) -> Callable[[str], str]:
    return lambda code: code_list(list_name).label(code, language())
