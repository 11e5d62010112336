"""What the page about one place is made of: its controls, its answer, its parts, and the same of a second place."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from hatecrime.i18n import _, language
from hatecrime.reports import pictures
from hatecrime.reports.profile import Profile, Sheets, differences
from hatecrime.reports.profile_document import differences_html, table_html, to_html
from hatecrime.reports.profile_panels import DECIMAL, FIGURE, TEXT, WHOLE, Panel, Tops, in_rows, panels, pictured
from hatecrime.settings import settings
from hatecrime.shape.choices import SHAPES, Choices
from hatecrime.ui.choices import choose, pick
from hatecrime.ui.made import how_made
from hatecrime.ui.page import answer, empty, facts, note, section
from hatecrime.ui.picture import caption, decimal, text, whole
from hatecrime.ui.place_choices import MOST_LISTED, PICKED
from hatecrime.ui.place_view import facts_of
from hatecrime.ui.places import Places, level_name, level_title, levels, places
from hatecrime.ui.profile_data import profiles, sheets
from hatecrime.ui.records import offer
from hatecrime.ui.session import gate
from hatecrime.ui.take import take_picture
from hatecrime.words import profile as words

WITH = "with"
CAVEATS = ("c1", "c2", "c4", "c6", "c7")
COLUMNS: Mapping[str, Any] = MappingProxyType({TEXT: text, FIGURE: text, WHOLE: whole, DECIMAL: decimal})
# What belongs to the screen is not printed, and what is left is made as wide as a page of A4 holds.
PRINT = """<style>
.profile table { width: 100%; border-collapse: collapse; font-size: 0.9rem }
.profile th, .profile td { text-align: left; padding: 0.15rem 0.6rem 0.15rem 0; vertical-align: top;
  border-bottom: 1px solid rgba(128, 128, 128, 0.35); font-weight: normal }
.profile thead th { opacity: 0.75 } .profile .figure { text-align: right; white-space: nowrap }
@page { size: A4 portrait; margin: 8mm }
@media print {
  section[data-testid="stSidebar"], header[data-testid="stHeader"], [data-testid="stElementToolbar"],
  [data-testid="stButtonGroup"], [data-testid="stPopover"], [data-testid="stDownloadButton"],
  [data-testid="stExpander"], [role="tablist"], .st-key-place_controls, .st-key-place_taken { display: none !important }
  [data-testid="stMainBlockContainer"] { width: 1310px !important; max-width: none !important; padding: 0 !important;
    zoom: 0.55 }
  [data-testid="stVerticalBlock"] { gap: 0.3rem !important }
  [data-testid="stHorizontalBlock"] { display: flex !important; flex-wrap: nowrap !important }
  [data-testid="stColumn"] { min-width: 0 !important; flex: 1 1 0 !important }
  [data-testid="stColumn"], [data-testid="stElementContainer"], [data-testid="stLayoutWrapper"] {
    margin-bottom: 0.15rem !important }
  [data-testid="stVegaLiteChart"] svg { width: 100% !important; height: auto !important; max-height: 190px }
  h3, table, [data-testid="stVegaLiteChart"] { break-inside: avoid }
}
</style>"""


def choose_level() -> str:
    """How the land is cut into places that people know; a square has no neighbours to speak of."""
    offered = tuple(level for level in levels() if level not in SHAPES)
    return choose(_("Places"), "level", offered, level_title)


def choose_places(level: str) -> tuple[Places, list[str]]:
    """The places of a level, and the one or two that are shown."""
    found = places(Choices(level))
    if found.table.empty:
        empty(words.no_place())
    labels = _labels(found)
    codes = _listed(found, labels)
    highest = str(found.table.loc[found.table["n"].idxmax(), "id"])
    left, right = st.columns(2)
    with left:
        picked = pick(_("Place"), PICKED, codes, labels.__getitem__, highest) or highest
    others = tuple(code for code in codes if code != picked)
    with right:
        other = pick(_("Compare with"), WITH, others, labels.__getitem__, placeholder=_("Nothing"))
    return found, [picked, *([other] if other else [])]


def profiles_of(found: Places, codes: list[str]) -> tuple[Sheets, list[Profile]]:
    """What is counted, and the profiles cut out of it."""
    counted = sheets(found.level)
    return counted, profiles(found, counted, codes)


def title_of(shown: Sequence[Profile]) -> str:
    """The question of the page."""
    if len(shown) == 1:
        return words.question(shown[0].label)
    return words.question_of_two(shown[0].label, shown[1].label)


def sentences_of(it: Profile) -> list[str]:
    """The answer about one place."""
    said = [words.count(it.n, it.label, it.period, it.now, int(it.months["provisional"].sum()))]
    if not it.n:
        return [*said, words.silence()]
    said.append(words.rate(it.rate, it.low, it.high, it.against, it.population))
    return said if words.is_few(it.n) else [*said, words.stands_out([it.strands, it.crime_types])]


def draw_answer(shown: Sequence[Profile], found: Places) -> None:
    """The answer, and the four figures of each place."""
    for it in shown:
        answer(*sentences_of(it))
    for it in shown:
        row = found.table.loc[found.table["id"] == it.code].iloc[0]
        given = facts_of(row, found)
        for column, fact in zip(st.columns(len(given)), given, strict=True):
            with column:
                facts(fact)


def draw(shown: Sequence[Profile], counted: Sheets, found: Places) -> None:
    """All parts of one place, or of two side by side on the same scales; then the tables, and what can be taken."""
    st.html(PRINT)
    tops = Tops.of(shown)
    parts = [panels(it, gate().look, tops) for it in shown]
    if len(shown) == 2:
        _draw_differences(*shown)
    drawn, tabled = st.tabs([_("Picture"), _("Table")])
    with drawn:
        _draw_parts(parts, shown)
    with tabled:
        _draw_tables(parts, shown)
    missing = _missing(shown, found)
    note(*missing)
    _draw_taken(shown, parts, counted, missing)
    gate().tables["place"] = _taken(parts, shown)


def _labels(found: Places) -> dict[str, str]:
    """Names; where two places share one, with the code."""
    table = found.table
    twice = table["label"].duplicated(keep=False)
    names = table["label"].where(~twice, table["label"] + " (" + table["id"] + ")")
    return dict(zip(table["id"], names, strict=True))


def _listed(found: Places, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Those with most incidents where there are too many for a list, and whichever the address names."""
    table = found.table
    listed = table.nlargest(MOST_LISTED, "n")["id"].tolist() if len(table) > MOST_LISTED else table["id"].tolist()
    named = {st.session_state.get(key) or st.query_params.get(key) for key in (PICKED, WITH)}
    listed += [code for code in named if code in labels and code not in listed]
    return tuple(sorted(listed, key=labels.__getitem__))


def _draw_differences(one: Profile, other: Profile) -> None:
    section(words.compared(differences(one, other), one.label, other.label))
    st.html(f'<div class="profile">{differences_html(one, other)}</div>')


def _draw_parts(parts: Sequence[Sequence[Panel]], shown: Sequence[Profile]) -> None:
    if len(shown) == 2:
        for column, it in zip(st.columns(2, gap="large"), shown, strict=True):
            column.subheader(it.label, anchor=False, divider="gray")
    for row in in_rows(parts):
        for side, (column, its) in enumerate(zip(st.columns(2, gap="large"), row, strict=True)):
            with column:
                for part in its:
                    _draw_part(part, f"place_{side}_{part.key}")


def _draw_part(part: Panel, key: str) -> None:
    st.subheader(part.heading, anchor=False)
    gate().findings.append(part.heading)
    if part.chart is not None:
        _draw_chart(part.chart, key)
    elif not part.said and len(part.table):
        st.html(f'<div class="profile">{table_html(part.table, part.columns)}</div>')
    if part.said:
        st.caption(part.said) if part.chart is not None else st.text(part.said)


def _draw_chart(chart: alt.LayerChart, key: str) -> None:
    """Streamlit names a chart for screen readers by a parameter of its own, and warns where both are given."""
    said, bare = chart.description, chart.copy(deep=False)
    bare.description = alt.Undefined
    st.altair_chart(bare, theme=None, key=key, alt=said)


def _draw_tables(parts: Sequence[Sequence[Panel]], shown: Sequence[Profile]) -> None:
    for number, (column, its) in enumerate(zip(st.columns(len(parts), gap="large"), parts, strict=True)):
        with column:
            st.subheader(shown[number].label, anchor=False)
            for part in its:
                columns = {name: COLUMNS[kind](title) for name, (title, kind) in part.columns.items()}
                st.caption(part.heading)
                st.dataframe(
                    part.table,
                    hide_index=True,
                    column_order=list(columns),
                    column_config=columns,
                    height="content",
                    key=f"place_table_{number}_{part.key}",
                )


def _missing(shown: Sequence[Profile], found: Places) -> list[str]:
    said: list[str] = []
    for it in shown:
        of_it = words.caveats(it.n, it.without_strand, it.without_point, 0, found.total, level_name(found.level))
        said += [f"{it.label}: {sentence}" if len(shown) > 1 else sentence for sentence in of_it]
    return said + words.caveats(0, 0, 0, found.unplaced, found.total, level_name(found.level))


def _draw_taken(
    shown: Sequence[Profile], parts: Sequence[Sequence[Panel]], counted: Sheets, missing: Sequence[str]
) -> None:
    line = caption(_("Profile of a place"), area=", ".join(it.label for it in shown))
    st.caption(line)
    if gate().is_meeting:
        return
    title = title_of(shown)
    lead = [" ".join(filter(None, sentences_of(it))) for it in shown]
    notice = settings().synthetic_notice[language()] if counted.facts.synthetic else ""

    def write(footer: Sequence[str]) -> str:
        return to_html(title, lead, shown, parts, [line, *missing], notice, footer)

    with st.container(key="place_taken"):
        with st.container(horizontal=True, vertical_alignment="center"):
            offer(_("On one page, HTML"), write, "place.html", "text/html", key="place_page")
            take_picture(_pictured(shown, parts), line, "place", title)
        note(_("To print this page, use the browser's own command: it prints the figures, without the controls."))
        frames = [counted.months, counted.strands, counted.crime_types, counted.hours, counted.outcomes, counted.marks]
        how_made(frames, CAVEATS, "place")


def _pictured(shown: Sequence[Profile], parts: Sequence[Sequence[Panel]]) -> list[pictures.Panel]:
    """Of one place in the order of the page; of two, each chart beside its twin."""
    names = [it.label if len(shown) > 1 else "" for it in shown]
    drawn = [pictured(its, name) for its, name in zip(parts, names, strict=True)]
    if len({len(its) for its in drawn}) > 1:
        return [each for its in drawn for each in its]
    return [each for row in zip(*drawn, strict=True) for each in row]


def _taken(parts: Sequence[Sequence[Panel]], shown: Sequence[Profile]) -> pd.DataFrame:
    """One table of everything, a row for each figure."""
    kept = ["place", "part", "label", "n", "share", "low", "high", "elsewhere", "rate"]
    rows = [
        part.table.assign(place=it.label, part=part.heading).reindex(columns=kept)
        for it, its in zip(shown, parts, strict=True)
        for part in its
        if len(part.table)
    ]
    return pd.concat([each.astype({"n": "Float64"}) for each in rows], ignore_index=True)
