"""What the latest load changed in the figures of its source: in a sentence, by field, and by quarter."""

import pandas as pd
import streamlit as st

from hatecrime.charts import bars
from hatecrime.dictionary import Column, tables
from hatecrime.i18n import _, language, number
from hatecrime.periods import quarter_label
from hatecrime.ui.choices import pick
from hatecrime.ui.data import fetch
from hatecrime.ui.data_view import reading_table
from hatecrime.ui.marks import escape_markdown
from hatecrime.ui.page import note, section
from hatecrime.ui.phrases import alt_of
from hatecrime.ui.picture import Table, picture, text, whole
from hatecrime.ui.session import gate
from hatecrime.words import loaded

# More bars than this no longer fit on a screen; the table has every quarter.
QUARTERS_SHOWN = 12
# The strands of an incident stand in a table of their own.
ELSEWHERE = "incident_strand"


def draw() -> None:
    """The part of the data page on what was sent again."""
    section(_("What the latest load changed"))
    found = fetch("extracts/changes")
    if found.empty:
        note(_("No source has sent more than one extract, so no figure was changed by a later one."))
        return
    extract = _chosen(found)
    own = found[found["extract_id"] == extract]
    moved = fetch("extracts/quarters_moved", extract_id=extract)
    st.markdown(escape_markdown(loaded.changed(own, len(moved))))
    _draw_fields(own)
    _draw_quarters(moved, own.iloc[0])


def _chosen(found: pd.DataFrame) -> int:
    """The extract to look at: the one received last, unless another one is picked."""
    extracts = found.drop_duplicates("extract_id").sort_values(["received_on", "extract_id"], na_position="first")
    names = dict(zip(extracts["extract_id"].astype(str), extracts["file"], strict=True))
    ids = list(names)[::-1]
    if len(ids) == 1:
        return int(ids[0])
    chosen = pick(_("Extract that changed figures"), "changed_by", ids, lambda each: names.get(each, each), ids[0])
    return int(chosen or ids[0])


def _draw_fields(own: pd.DataFrame) -> None:
    fields = own[(own["change"] == "changed") & own["field"].notna()].sort_values("n", ascending=False, kind="stable")
    if fields.empty:
        return
    known = {column.name: column for column in [*tables()[ELSEWHERE], *tables()[own.iloc[0]["target"]]]}
    rows = fields.assign(
        name=fields["field"].str.replace("_", " "),
        meaning=[_meaning(known.get(field)) for field in fields["field"]],
        records=fields["n"].map(number),
    )
    columns = {"name": _("Column"), "meaning": _("What it holds"), "records": _("Records changed")}
    reading_table(rows, columns, "changed_fields")


def _meaning(column: Column | None) -> str:
    return column.sentence(language()) if column else ""


def _draw_quarters(moved: pd.DataFrame, extract: pd.Series) -> None:
    if moved.empty:
        return
    rows = moved.assign(
        label=moved["quarter_start"].dt.date.map(quarter_label),
        note=["(" + _signed(difference) + ")" for difference in moved["difference"]],
    )
    shown = rows.tail(QUARTERS_SHOWN)
    drawn = bars.bars(
        shown,
        gate().look,
        value="n_after",
        before="n_before",
        note="note",
        measure=_("Records after"),
        before_title=_("Records before"),
        noun=_("Quarter"),
        alt_text=alt_of(shown, _("Records in the quarters that moved"), "n_after"),
    )
    columns = {
        "label": text(_("Quarter")),
        "n_before": whole(_("Before")),
        "n_after": whole(_("After")),
        "difference": whole(_("Difference")),
    }
    picture(drawn, Table(rows, columns), _caption(extract, len(rows)), "quarters_moved", [moved])


def _caption(extract: pd.Series, quarters: int) -> str:
    what = _("Records of {source} in the quarters that {file} moved: before it (pale) and after it. Snapshot {name}.")
    said = what.format(source=extract["source"], file=extract["file"], name=gate().facts.name)
    if quarters <= QUARTERS_SHOWN:
        return said
    return " ".join([said, _("The picture shows the latest {n}.").format(n=number(QUARTERS_SHOWN))])


def _signed(difference: int) -> str:
    return ("+" if difference > 0 else "−") + number(abs(difference))
