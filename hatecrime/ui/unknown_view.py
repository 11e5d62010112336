"""The list of hotspots that nobody knew of: the quarter and the places it is about, its entries, where to train."""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from hatecrime.dictionary import code_list
from hatecrime.filters import Filters
from hatecrime.i18n import MISSING, _, language, ngettext, number, speaking
from hatecrime.periods import Period, latest, quarter_label, quarter_number, quarter_of, year_label
from hatecrime.reports.quarterly import latest_quarter
from hatecrime.reports.unknown import Unknown, unknown
from hatecrime.shape.choices import SHAPES
from hatecrime.shape.labels import label_of
from hatecrime.ui.choices import LINK, choose, pick
from hatecrime.ui.data import limited, snapshot
from hatecrime.ui.decisions import Decided, decided_about, draw_decision
from hatecrime.ui.marks import escape_markdown
from hatecrime.ui.page import note, section
from hatecrime.ui.picture import decimal, text, whole
from hatecrime.ui.places import level_title, levels, outlines
from hatecrime.ui.records import offer, to_csv
from hatecrime.ui.session import gate
from hatecrime.ui.sidebar import EVERYWHERE, area_name, basis_name, clear_conditions, conditions, describe
from hatecrime.ui.unknown_card import near, place_and_finding, write_card
from hatecrime.words import unknown as words

QUARTERS = 8
TOP = 3
FOLDED = "watch"
MAP, PROFILE = "hotspots", "place"


@dataclass(frozen=True)
class Chosen:
    """The level of the places, the quarter that ends the 12 months, and the quarters that can be chosen as codes."""

    level: str
    quarter: str
    quarters: tuple[str, ...]
    filters: Filters

    def key_in(self, key: str, quarter: str) -> str:
        """The name that an entry has on the list of another quarter."""
        return _in_key(quarter) + key.removeprefix(_in_key(self.quarter))


def choose_list() -> Chosen | None:
    """What the list is about; nothing where there are no incidents. The period of the sidebar does not count here."""
    latest_one = latest_quarter(snapshot())
    if latest_one is None:
        return None
    quarters = _quarters(latest_one)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        offered = tuple(level for level in levels() if level not in SHAPES)
        level = choose(_("Places"), "level", offered, level_title)
    with right:
        title, codes = _("12 months to the end of"), tuple(quarters)
        quarter = pick(title, "quarter", codes, lambda code: quarter_label(quarters[code].start), codes[0]) or codes[0]
    filters = gate().filters.during(latest("12m", quarters[quarter].finish))
    return Chosen(level, quarter, codes, filters)


def listed(chosen: Chosen) -> Unknown:
    """The list, kept for all who look at the same."""
    session = gate()
    with st.spinner(_("Every place is compared with all others…")):
        who = (session.audience, session.user.areas)
        found = _listed(session.snapshot, *who, chosen.filters, chosen.level, language())
    return replace(found, entries=_named(found.entries, chosen), training=_named(found.training, chosen))


@st.cache_data(max_entries=40, show_spinner=False)
def _listed(path: Path, audience: str, areas: tuple[str, ...], filters: Filters, level: str, language: str) -> Unknown:
    # The language is a parameter because the sentences are in it, and the result is kept.
    with speaking(language):
        return unknown(limited(path, audience, areas), filters, level)


def draw_narrowed(chosen: Chosen) -> None:
    """What the shared filters leave out of the list, and a way back to the whole: a link may have set them unseen."""
    left = conditions(chosen.filters)
    if not left:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="unknown_narrowed"):
        said = _("This is not the whole list: it is made of these incidents only, as the filters say: {conditions}.")
        st.markdown(escape_markdown(said.format(conditions=" · ".join(left))), width="stretch")
        st.button(_("Show the whole list"), on_click=clear_conditions, key="unknown_widen")


def answer(found: Unknown) -> str:
    """How many entries of each sureness, and the first that is news in its own sentence."""
    if found.entries.empty:
        made = ngettext(
            "Nothing stands out that was not known; {n} comparison was made.",
            "Nothing stands out that was not known; {n} comparisons were made.",
            found.tested,
        )
        return made.format(n=number(found.tested))
    n = {sure: number((found.entries["sure"] == sure).sum()) for sure in words.sureness()}
    counts = _("Entries: {confident} confident, {likely} likely, {watch} to watch.").format(**n)
    news = found.entries[~found.entries["known"] & (found.entries["sure"] != FOLDED)]
    first = news["reason"].iloc[0] if len(news) else _("Nothing stands out for sure that was not known.")
    return f"{first} {counts}"


def about(chosen: Chosen) -> str:
    """What the page and its files show, in words."""
    return f"{describe(chosen.filters)} · {level_title(chosen.level)} · {basis_name(chosen.filters.basis)}"


def decisions(found: Unknown, chosen: Chosen) -> Decided:
    """What was decided about the entries, on this list and on those of other quarters."""
    keys = [chosen.key_in(key, quarter) for key in found.entries["key"] for quarter in chosen.quarters]
    decided = decided_about(keys)
    if decided.fault:
        st.warning(_("What was decided cannot be shown. {reason}").format(reason=decided.fault))
    return decided


def draw_list(found: Unknown, chosen: Chosen, decided: Decided) -> None:
    """The entries: the surest in view, those to watch folded; in a meeting the first three."""
    note(_comparisons(found), _("The period in the sidebar does not count here: the list is made once a quarter."))
    if found.entries.empty:
        return
    entries = found.entries
    draw = partial(_draw_entries, chosen=chosen, decided=decided)
    if gate().is_meeting:
        draw(entries.head(TOP))
        _fold(entries.iloc[TOP:], draw, ngettext("{n} more entry", "{n} more entries", len(entries) - TOP), "rest")
    else:
        for sure, meaning in words.sureness().items():
            _draw_group(entries[entries["sure"] == sure], sure, meaning, draw)
    name = f"unknown-{chosen.level}-{_in_key(chosen.quarter)}.csv"
    taken = partial(to_csv, _to_take(entries, decided))
    offer(_("Download the list (CSV)"), taken, name, filters=about(chosen), key="take_list")


def draw_notes(found: Unknown) -> None:
    """What must be known to read the list, beside the number of comparisons that stands above it."""
    rest = [each for each in found.notes if each != _comparisons(found)]
    if rest:
        note(*rest)


def draw_training(found: Unknown, chosen: Chosen) -> None:
    """Where training and sessions in schools are worth most, as a table to take away."""
    if found.training.empty:
        return
    section(_("Where to tailor training and school inputs"))
    rows = _training(found.training)
    columns = {name: column for name, column in _training_columns().items() if name in rows}
    first = [f"- **{escape_markdown(row.label)}**: {escape_markdown(row.put)}" for row in rows.head(TOP).itertuples()]
    st.markdown("\n".join(first))
    note(words.training_order(*(found.training[flag].notna().any() for flag in ("school", "young"))))
    if not gate().is_meeting:
        st.dataframe(rows, hide_index=True, column_config=columns, placeholder=MISSING, key="training")
    name = f"training-{chosen.level}-{_in_key(chosen.quarter)}.csv"
    offer(_("Download this table (CSV)"), partial(to_csv, rows), name, filters=about(chosen), key="take_training")


def _comparisons(found: Unknown) -> str:
    return words.comparisons(found.tested, found.by_chance, found.found)


def _quarters(latest_one: Period) -> dict[str, Period]:
    """Up to eight quarters, the latest first, as far as the data reach, by their codes."""
    first = min(quarter_of(gate().first).start, latest_one.start)
    starts = [day.date() for day in pd.date_range(first, latest_one.start, freq="QS")]
    return {_code(start): quarter_of(start) for start in reversed(starts[-QUARTERS:])}


def _code(start: date) -> str:
    return f"{year_label(start)}-Q{quarter_number(start)}"


def _in_key(quarter: str) -> str:
    """A quarter as keys of entries and names of files have it."""
    return quarter.replace("/", "-")


def _named(rows: pd.DataFrame, chosen: Chosen) -> pd.DataFrame:
    """The rows with names that say where a place is: areas that have only a code, with the ward they lie in."""
    if chosen.level != "lsoa":
        return rows
    wards = _wards(chosen)
    named = rows["area"].map(lambda area: f"{area} ({area_name(wards[area])})" if wards.get(area) else area)
    if "reason" in rows:
        told = zip(rows["reason"], rows["area"], named, strict=True)
        rows = rows.assign(reason=[reason.replace(area, name, 1) for reason, area, name in told])
    return rows.assign(label=named)


def _wards(chosen: Chosen) -> dict[str, str]:
    session = gate()
    on = chosen.filters.finish or session.first
    table = outlines(session.snapshot, chosen.level, on, session.filters.area, language())[0]
    return dict(zip(table["area_code"], table["parent"], strict=True))


def _draw_group(entries: pd.DataFrame, sure: str, meaning: str, draw: Any) -> None:
    if entries.empty:
        return
    n = number(len(entries))
    if sure == FOLDED:
        _fold(entries, draw, _("To watch: {n}"), FOLDED, meaning)
        return
    section({"confident": _("Confident: {n}"), "likely": _("Likely: {n}")}[sure].format(n=n))
    note(meaning)
    draw(entries)


def _fold(entries: pd.DataFrame, draw: Any, title: str, key: str, meaning: str = "") -> None:
    """Entries that are drawn when they are asked for."""
    if entries.empty:
        return
    box = st.expander(title.format(n=number(len(entries))), key=f"unknown_{key}", on_change="rerun")
    if box.open:
        with box:
            if meaning:
                note(meaning)
            draw(entries)


def _draw_entries(entries: pd.DataFrame, chosen: Chosen, decided: Decided) -> None:
    for entry in entries.to_dict("records"):
        with st.container(border=True, gap="small"):
            before = {quarter: chosen.key_in(entry["key"], quarter) for quarter in chosen.quarters}
            write_card(entry, gate().look, _links(entry, chosen), decided.said(before, chosen.quarter))
            draw_decision(entry["key"], chosen.quarter, entry["reason"], decided)


def _links(entry: dict[str, Any], chosen: Chosen) -> dict[str, str]:
    """
    Where the place is shown among all others in view, with the filters that tell what the entry is about.

    These are plain addresses: a page that is opened from the menu keeps the filters that were chosen.
    """
    filters = {name: value.split(",") for name, value in entry["query"].items()}
    place = {"area": chosen.filters.area or EVERYWHERE, "level": chosen.level, "place": entry["area"]}
    query = urlencode({**filters, **place, **_shown_as()}, doseq=True)
    return {
        _("Show on the map"): f"{MAP}?{query}",
        _("Open the place profile"): f"{PROFILE}?{query}",
    }


def _shown_as() -> dict[str, list[str]]:
    """The language and the density of this view, where they are not those of a first visit."""
    return {name: labels for name, labels in st.session_state[LINK].items() if name in ("lang", "show")}


def _to_take(entries: pd.DataFrame, decided: Decided) -> pd.DataFrame:
    """The list as a file has it, with what was decided."""
    rows = []
    for entry in entries.to_dict("records"):
        place, finding = place_and_finding(entry)
        kept = ("rank", "sure", "known", "observed", "expected", "ratio", "low", "high", "reason")
        words_of = {"place": place, "finding": finding, "since": quarter_label(entry["since"])}
        more = {"also": "; ".join(entry["also"]), "near": near(entry["near"])}
        made = decided.by_key.get(entry["key"])
        rows.append({**{name: entry[name] for name in kept}, **words_of, **more, **Decided.columns(made)})
    return pd.DataFrame(rows)


def _training(training: pd.DataFrame) -> pd.DataFrame:
    strands = code_list("strand")
    rows = training.assign(
        strand=[label_of(code, strands) if code else "" for code in training["strand"]],
        near=[near(each) for each in training["near"]],
        **{name: training[name] * 100 for name in ("share", "low", "high")},
    )
    return rows[list(_training_columns())].dropna(axis="columns", how="all")


def _counts(title: str) -> Any:
    """A column of counts as wide as its title."""
    return st.column_config.NumberColumn(title, format="localized")


def _training_columns() -> dict[str, Any]:
    return {
        "rank": whole(_("Rank")),
        "label": text(_("Place")),
        "put": text(_("What to put there")),
        "school_or_young": _counts(_("School or under 18")),
        "n": whole(_("Incidents")),
        "share": decimal(_("Share, %")),
        "low": decimal(_("95% from")),
        "high": decimal(_("95% to")),
        "school": _counts(_("In or near a school")),
        "young": _counts(_("Victim under 18")),
        "strand": text(_("Strand")),
        "strand_n": _counts(_("Of this strand")),
        "near": text(_("Near")),
    }
