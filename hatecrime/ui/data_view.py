"""What the data page is made of: extracts, what was refused and how to mend it, checks, the snapshot itself."""

from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from hatecrime import database
from hatecrime.charts import bars
from hatecrime.dictionary import code_list
from hatecrime.i18n import MISSING, _, date_long, language, month_year, number
from hatecrime.shape.edges import edges
from hatecrime.shape.labels import name_in_language, with_labels
from hatecrime.ui.choices import pick
from hatecrime.ui.data import fetch, snapshot
from hatecrime.ui.marks import escape_markdown
from hatecrime.ui.page import Fact, note, section
from hatecrime.ui.phrases import alt_of, part
from hatecrime.ui.picture import Table, picture, text, whole
from hatecrime.ui.records import offer, to_csv
from hatecrime.ui.session import gate
from hatecrime.ui.sidebar import area_name
from hatecrime.words import findings, loaded
from hatecrime.words.edges import near_edges

ROWS_SHOWN = 500
# Counts are hidden for partners and the public; analysts see exact ones.
OF_PROTECTED_FIGURES = ("c3",)
ROWS_TAKEN_AWAY = 100_000


def extracts() -> pd.DataFrame:
    """One row per extract, with what became of its rows."""
    return fetch("extracts/loaded")


def checks() -> pd.DataFrame:
    """One row per check: name, says, severity and the number of records it finds."""
    names = [name for name in database.query_names() if name.startswith("checks/")]
    queries = [database.read_query(name) for name in names]
    found = [(query.name, _(query.says), query.severity, len(fetch(query.name))) for query in queries]
    return pd.DataFrame(found, columns=["name", "says", "severity", "n"]).sort_values("n", ascending=False)


def facts(found: pd.DataFrame) -> list[Fact]:
    """Rows read, kept and refused, and what is wrong in rows that were kept."""
    read, kept = int(found["rows_read"].sum()), int(found["rows_kept"].sum())
    refused = int(found["rows_refused"].sum())
    folded_note = _("and {folded}").format(folded=loaded.folded(found))
    return [
        Fact(_("Rows read"), number(read), _("in {n} extracts").format(n=number(len(found)))),
        Fact(_("Rows kept"), number(kept), part(kept, read)),
        Fact(_("Rows refused"), number(refused), folded_note),
        Fact(_("Values refused"), number(found["values_refused"].sum()), _("in rows that are kept")),
    ]


def draw_refusals() -> None:
    """What was refused, by reason, with how to mend it."""
    counts = fetch("extracts/reject_counts")
    found = counts[counts["refusals"] > 0]
    if found.empty:
        note(_("No row and no value was refused."))
        return
    rows = with_labels(found, "reason", "reject_reason").assign(mend=found["reason"].map(how_to_mend))
    by_reason = rows.groupby(["reason", "label"], as_index=False)[["refusals", "records"]].sum()
    by_reason = by_reason.sort_values("refusals", ascending=False, kind="stable")
    by_reason = by_reason.assign(note=[_rows_among(row) for row in by_reason.to_dict("records")])
    said = findings.refusal(by_reason["label"].tolist())
    drawn = bars.bars(
        by_reason,
        gate().look,
        value="refusals",
        note="note",
        measure=_("Refusals"),
        alt_text=alt_of(by_reason, said, "refusals"),
    )
    columns = {
        "file": text(_("Extract")),
        "label": text(_("Reason")),
        "source_column": text(_("Column")),
        "records": whole(_("Rows refused")),
        "refused_values": whole(_("Values refused")),
        "mend": text(_("How to mend it")),
    }
    what = _("Rows and values refused, by reason, in all extracts. Snapshot {name}.").format(name=gate().facts.name)
    picture(drawn, Table(rows, columns), what, "refusals", [counts], finding=said)


def draw_extracts(found: pd.DataFrame) -> None:
    """Every extract with what became of it."""
    section(loaded.account(found))
    rows = found.assign(
        holds=found["target"].str.replace("_", " "),
        covers=[_covers(first, last) for first, last in zip(found["first_on"], found["last_on"], strict=True)],
    )
    columns = {
        "file": text(_("Extract")),
        "holds": text(_("Holds")),
        "rows_read": whole(_("Read")),
        "rows_kept": whole(_("Kept")),
        "rows_refused": whole(_("Refused")),
        "rows_collapsed": whole(_("Folded")),
        "rows_updated": whole(_("Replaced earlier")),
        "rows_withdrawn": whole(_("Withdrew earlier")),
        "values_refused": whole(_("Values refused")),
        "covers": st.column_config.TextColumn(_("Covers"), width=210),
        "received_on": _day(_("Received")),
        "source": text(_("Source")),
        "mapping": text(_("Mapping")),
        "sha256": text(_("SHA-256")),
    }
    table(rows, columns, "extracts")


def draw_rejects(found: pd.DataFrame) -> None:
    """Each refused row or value, to look at and to take away."""
    section(_("Look at what was refused, and mend it"))
    files = dict(zip(found["extract_id"].astype(str), found["file"], strict=True))
    counts = fetch("extracts/reject_counts")
    left, right = st.columns(2)
    with left:
        ids = sorted({str(extract) for extract in counts["extract_id"]}, key=int)
        extract = pick(_("Extract"), "extract", ids, lambda code: files.get(code, code), placeholder=_("All"))
    with right:
        reason = pick(_("Reason"), "reason", sorted(counts["reason"].unique()), reason_name, placeholder=_("All"))
    wanted = {"extract_id": int(extract) if extract else None, "reason": reason}
    rows = _rejects(wanted, ROWS_SHOWN)
    if reason is None:
        _draw_how_to_mend(counts)
    else:
        st.markdown(_("**{reason}.** {mend}").format(reason=reason_name(reason), mend=how_to_mend(reason)))
    columns = {
        "file": text(_("Extract")),
        "line": whole(_("Line")),
        "what": text(_("Refused")),
        "source_column": text(_("Column")),
        "value": text(_("Value")),
        "label": text(_("Reason")),
    }
    st.dataframe(
        rows,
        hide_index=True,
        column_order=list(columns),
        column_config=columns,
        key="rejects_table",
        placeholder="",
        alt=_("What was refused, row by row"),
    )
    if len(rows) == ROWS_SHOWN:
        note(
            _("The first {n} are shown; the file holds up to {most}.").format(
                n=number(ROWS_SHOWN), most=number(ROWS_TAKEN_AWAY)
            )
        )
    taken = _rejects(wanted, ROWS_TAKEN_AWAY)
    offer(_("Download what was refused (CSV)"), partial(to_csv, taken), "rejects.csv", filters=_("what was refused"))


def _draw_how_to_mend(counts: pd.DataFrame) -> None:
    """Every reason that occurs, most first, with what to do about it."""
    rows = counts[counts["refusals"] > 0].groupby("reason", as_index=False)["refusals"].sum()
    rows = rows.sort_values("refusals", ascending=False)
    rows = rows.assign(label=rows["reason"].map(reason_name), mend=rows["reason"].map(how_to_mend))
    columns = {"label": _("Reason"), "refusals": _("Refused"), "mend": _("How to mend it")}
    reading_table(rows, columns, "how_to_mend")


def draw_checks(found: pd.DataFrame) -> None:
    """What the checks find in records that were kept, and the records themselves."""
    failed = found[found["n"] > 0]
    section(
        _("{failed} of {n} checks find records to look at").format(failed=number(len(failed)), n=number(len(found)))
        if len(failed)
        else _("No check finds anything")
    )
    severities = {"error": _("to be mended"), "warning": _("to be looked at"), "information": _("for information")}
    state = [_("✓ none") if n == 0 else number(n) for n in found["n"]]
    rows = found.assign(state=state, severity=found["severity"].map(severities).fillna(found["severity"]))
    reading_table(rows, {"says": _("Check"), "severity": _("Kind"), "state": _("Records")}, "checks")
    names = dict(zip(found["name"], found["says"], strict=True))
    chosen = pick(
        _("Look at the records of a check"), "check", failed["name"].tolist(), lambda name: names.get(name, name)
    )
    if chosen:
        records = fetch(chosen).head(ROWS_SHOWN)
        table(records, {column: column for column in records.columns}, "check_records")


def draw_snapshot() -> None:
    """What the snapshot says about itself."""
    facts = gate().facts
    section(_("The snapshot"))
    lines = [
        _("Name: {name}").format(name=facts.name),
        _("Data to {day}, complete to {complete}.").format(day=_long(facts.data_to), complete=_long(facts.complete_to)),
        _("Coordinates: {crs}. Layout: version {version}.").format(crs=facts.crs, version=facts.schema_version),
    ]
    if facts.approximate:
        lines.append(_("Outlines of areas are approximate, until official boundaries are loaded."))
    if said := near_edges(edges(snapshot())):
        lines.append(said)
    if facts.synthetic:
        lines.append(_("At least one extract is made up, so every page says so."))
    st.markdown("\n".join(f"- {line}" for line in lines))


def first_and_last(found: pd.DataFrame) -> tuple[date | None, date | None]:
    """The first and the last day in some extracts."""
    first, last = found["first_on"].min(), found["last_on"].max()
    return (None if pd.isna(first) else first.date(), None if pd.isna(last) else last.date())


def draw_breaks() -> None:
    """Every change in recording, with its day and where it holds."""
    found = fetch("calendar/breaks", start=None, finish=None, area=None)
    reasons = found.rename(columns={"reason_en": "name_en", "reason_cy": "name_cy"})
    known = found["area_code"].isna() | found["area_code"].isin(list(code_list("area")))
    rows = found.assign(
        on=[date_long(day) for day in found["happened_on"]],
        where=[area_name(None if pd.isna(code) else code) for code in found["area_code"]],
        reason=name_in_language(reasons),
    )
    columns = {"on": _("Day"), "where": _("Where"), "reason": _("What changed")}
    reading_table(rows[known], columns, "series_breaks")


def _rejects(wanted: dict[str, Any], limit: int) -> pd.DataFrame:
    rows = fetch("extracts/rejects", **wanted, limit=limit, offset=0)
    rows = with_labels(rows, "reason", "reject_reason").assign(mend=rows["reason"].map(how_to_mend))
    return rows.assign(what=rows["row_refused"].map({True: _("row"), False: _("value")}))


def table(rows: pd.DataFrame, columns: dict[str, Any], key: str) -> None:
    """Figures without a picture, to read and to take away."""
    gate().tables[key] = rows[list(columns)]
    st.dataframe(
        rows,
        hide_index=True,
        column_order=list(columns),
        column_config=columns,
        key=f"{key}_table",
        height="content",
        placeholder="–",
    )


def reading_table(rows: pd.DataFrame, columns: dict[str, str], key: str) -> None:
    """A table of sentences, which are never cut off; columns and their titles."""
    gate().tables[key] = rows[list(columns)]
    shown = rows[list(columns)].rename(columns=columns).map(lambda value: escape_markdown(str(value)))
    st.table(shown, hide_index=True, border="horizontal")


def _long(day: date | None) -> str:
    return MISSING if day is None else date_long(day)


def _covers(first: pd.Timestamp, last: pd.Timestamp) -> str:
    if pd.isna(first) or pd.isna(last):
        return MISSING
    return _("{first} to {last}").format(first=month_year(first.date()), last=month_year(last.date()))


def _day(title: str) -> Any:
    return st.column_config.DateColumn(title, format="D MMM YYYY")


def reason_name(code: str) -> str:
    """Why something was refused, in words."""
    return code_list("reject_reason").label(code, language())


def how_to_mend(code: str) -> str:
    """What to do about a refusal."""
    extras = code_list("reject_reason")[code].extras
    return extras.get(f"mend_{language()}") or extras["mend_en"]


def _rows_among(row: dict[str, Any]) -> str:
    return _("({n} rows)").format(n=number(row["records"])) if row["records"] else ""
