"""What the data-protection page is made of: answers, who sees what, and what is held, field by field."""

import pandas as pd
import streamlit as st

from hatecrime.access import AUDIENCES
from hatecrime.dictionary import columns
from hatecrime.i18n import MISSING, _, date_long, language, number
from hatecrime.protect.audience import audience
from hatecrime.settings import settings
from hatecrime.ui.choices import pick
from hatecrime.ui.data import fetch
from hatecrime.ui.data_view import reading_table
from hatecrime.ui.doors import sign_in_is_set_up
from hatecrime.ui.marks import escape_markdown
from hatecrime.ui.page import READABLE, section
from hatecrime.ui.session import gate
from hatecrime.words import data_protection as words
from hatecrime.words.data_protection import Held


def held() -> Held | None:
    """What the snapshot holds, for analysts of all areas; how much that is, is for nobody else."""
    session = gate()
    if session.audience != "analyst" or session.user.areas:
        return None
    return Held(fetch("about/held"), fetch("about/filled"))


def draw_answers(found: Held | None) -> None:
    """Each question with its answer; all of them are a table to take away."""
    answers = words.answers(found, gate().facts, settings(), sign_in_is_set_up())
    for question, answer in answers:
        section(question)
        st.markdown(escape_markdown(answer), width=READABLE)
    gate().tables["data_protection"] = pd.DataFrame(answers, columns=["question", "answer"])


def draw_audiences() -> None:
    """Who sees what: one's own audience, and those that see less."""
    section(_("Who sees what?"))
    mine = AUDIENCES[AUDIENCES.index(gate().audience) :]
    rows = words.audiences([audience(name) for name in mine if name != "analyst"], "analyst" in mine)
    titles = {"who": _("Who"), "sees": _("What they see"), "finest": _("Smallest area and shortest period")}
    reading_table(rows, titles, "audiences")


def draw_tables(found: Held | None) -> None:
    """The tables about people; how many records and from when to when, where that may be seen."""
    section(_("Which records can be held?") if found is None else _("Which records are held?"))
    rows = pd.DataFrame({"held_in": list(words.table_names()), "name": list(words.table_names().values())})
    titles = {"name": _("Records")}
    if found is not None:
        rows = rows.merge(found.tables, on="held_in", how="left")
        rows = rows.assign(**{day: rows[day].map(_day) for day in ("first_on", "last_on")}, n=rows["n"].map(number))
        titles |= {"n": _("Number"), "first_on": _("First day"), "last_on": _("Last day")}
    reading_table(rows, titles, "tables_held")


def draw_fields(found: Held | None) -> None:
    """The fields of a table that is chosen; all of them are in the file to take away."""
    section(_("Which fields do they have?"))
    names = words.table_names()
    table = pick(_("Records"), "held", list(names), lambda name: names[name], words.INCIDENT) or words.INCIDENT
    every = pd.concat([_fields(name) for name in names], ignore_index=True)
    titles = {"field": _("Field"), "meaning": _("What it holds")}
    shown = every[every["held_in"] == table]
    if found is not None:
        titles |= {"filled": _("Filled in")}
        every = every.merge(found.fields, on=["held_in", "field"])
        shown = shown.merge(found.fields.assign(filled=found.fields["filled"].map(number)), on=["held_in", "field"])
    reading_table(shown, titles, "fields")
    gate().tables["fields"] = every


def _fields(table: str) -> pd.DataFrame:
    rows = [(table, column.name, column.sentence(language())) for column in columns(table)]
    return pd.DataFrame(rows, columns=["held_in", "field", "meaning"])


def _day(day: pd.Timestamp) -> str:
    return MISSING if pd.isna(day) else date_long(day)
