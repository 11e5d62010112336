"""What the quality page is made of: how complete, valid, timely, unique and consistent each source is."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from hatecrime import database
from hatecrime.charts import bars, strips
from hatecrime.i18n import MISSING, _, number, percent
from hatecrime.periods import Period
from hatecrime.shape import quality as shape
from hatecrime.ui.data import SNAPSHOTS_OPEN, fetch, limited
from hatecrime.ui.data_view import reading_table, table
from hatecrime.ui.page import Fact, note, section
from hatecrime.ui.picture import Table, caption, picture, share, text, whole
from hatecrime.ui.session import gate
from hatecrime.ui.sidebar import area_name, basis_name
from hatecrime.words import quality as words
from hatecrime.words.findings import range_of

# Beyond so many sources, sources stand one under the other and fields side by side.
MOST_COLUMNS = 6


@dataclass(frozen=True, eq=False)
class Measured:
    """All that is measured: months over all the time there is, the rest over the period of the filters."""

    period: Period
    incidents: pd.DataFrame
    referrals: pd.DataFrame
    complete: pd.DataFrame
    referred: pd.DataFrame
    lags: pd.DataFrame
    extracts: pd.DataFrame
    found: pd.DataFrame
    refused: pd.DataFrame

    @property
    def both(self) -> pd.DataFrame:
        """Completeness of incidents and referrals together."""
        return pd.concat([self.complete, self.referred], ignore_index=True)

    @property
    def errors(self) -> int:
        """Records that contradict themselves."""
        return int(self.found.loc[self.found["severity"] == "error", "n"].sum())


def measured() -> Measured:
    """Every measure of this page, for the period of the filters and all areas."""
    period = gate().period
    incidents, referrals = shape.incident_months(fetch), fetch("quality/referrals")
    return Measured(
        period=period,
        incidents=incidents,
        referrals=referrals,
        complete=_complete(incidents, period, shape.INCIDENT_FIELDS),
        referred=_complete(referrals, period, shape.REFERRAL_FIELDS),
        lags=shape.lags(fetch, period),
        extracts=fetch("quality/extracts"),
        found=_findings(gate().snapshot, gate().audience, gate().user.areas),
        refused=fetch("quality/refused", target=None, most=0),
    )


@st.cache_data(max_entries=SNAPSHOTS_OPEN, show_spinner=False)
def _findings(path: Path, audience: str, areas: tuple[str, ...]) -> pd.DataFrame:
    """Only the counts are kept: what the checks find can be long."""
    return shape.findings(partial(database.fetch, limited(path, audience, areas), audience=audience))


def say_scope() -> None:
    """Where the page does not follow the filters, it says so."""
    note(
        _("All areas and all kinds of records are measured together: of the filters, only the period applies here."),
        _("What was refused and what the checks find is counted over all that is loaded."),
    )


def answer(of: Measured) -> str:
    """The weakest point, what was refused, and what is to be mended."""
    weakest = shape.weakest(of.both)
    read, refused = int(of.extracts["rows_read"].sum()), int(of.extracts["rows_refused"].sum())
    return words.answer(weakest, read, refused, of.errors, of.period.label())


def facts(of: Measured) -> list[Fact]:
    """Complete, valid, in time, consistent: one figure each, with what it rests on."""
    sent = of.both[of.both["sent"]]
    filled, due = int(sent["filled"].sum()), int(sent["due"].sum())
    read, refused = int(of.extracts["rows_read"].sum()), int(of.extracts["rows_refused"].sum())
    slow = shape.of_sources(of.lags)
    late, dated = int(slow["late"].sum()), int(slow["dated"].sum())
    checks = of.found["check"].nunique()
    return [
        Fact(_("Fields filled"), words.figure(filled, due), _("of those that a source sends at all")),
        Fact(_("Rows not refused"), words.figure(read - refused, read), _("of {n} read").format(n=number(read))),
        Fact(
            _("Recorded late"),
            words.figure(late, dated),
            _("after more than {days} days, of {n}").format(days=shape.LATE, n=number(dated)),
        ),
        Fact(_("To be mended"), number(of.errors), _("found by {n} checks").format(n=number(checks))),
    ]


def draw_completeness(of: Measured) -> None:
    """Each field of each source's incidents."""
    if of.complete.empty:
        note(_("No incident was recorded in {period}.").format(period=of.period.label()))
        return
    said = words.least_complete(*_where(of.complete, "source"))
    draw_strips(of.complete, "source", _("Source"), said, "completeness", [of.incidents])
    note(
        words.never_sent(of.complete),
        _(
            "Crime type is asked of crimes alone, sub-strand of incidents against a strand whose parts are monitored"
            " everywhere, a centre of those reported through one. Outcomes of the latest months are still to come."
        ),
    )


def draw_forces(of: Measured) -> None:
    """What each force records about the victim and the hostility."""
    fields = {field: shape.INCIDENT_FIELDS[field] for field in shape.OF_A_FORCE}
    known = of.incidents.dropna(subset="force")
    found = _complete(known, of.period, fields, "force")
    if found.empty:
        section(_("No record names a police force, so forces cannot be compared"))
        note(words.missing_flag())
        return
    found = found.assign(force=[area_name(code) for code in found["force"]])
    said = words.least_complete(*_where(found, "force"))
    section(said)
    st.markdown(words.missing_flag())
    draw_strips(found, "force", _("Police force"), said, "completeness_by_force", [of.incidents], by_field=False)


def draw_timeliness(of: Measured) -> None:
    """How late incidents are recorded, by source."""
    slow = shape.of_sources(of.lags)
    said = words.timeliness(slow, shape.LATE)
    section(said)
    known = slow.dropna(subset="late_share")
    if known.empty:
        note(_("A source must send both the day of the incident and the day of the record."))
        return
    rows = known.assign(
        label=known["source"],
        note=[_("({part} of {n})").format(part=number(r.late), n=number(r.dated)) for r in known.itertuples()],
        **{name: 100 * known[f"late_{name}"] for name in ("share", "low", "high")},
    )
    read = ", ".join(f"{row.label} {row.share:.1f}%" for row in rows.itertuples())
    drawn = bars.bars(
        rows,
        gate().look,
        value="share",
        decimals=1,
        unit="%",
        low="low",
        high="high",
        note="note",
        measure=_("Percent recorded after {days} days").format(days=shape.LATE),
        interval_title=_("95% interval"),
        alt_text=f"{said}: {read}.",
    )
    columns = {
        "label": text(_("Source")),
        "dated": whole(_("Incidents with both days")),
        "lag_median": whole(_("Days, half within")),
        "lag_90": whole(_("Days, 90% within")),
        "late_share": share(_("After {days} days").format(days=shape.LATE)),
        "late_low": share(_("95% from")),
        "late_high": share(_("95% to")),
        "wait_median": whole(_("Days from record to receipt, half within")),
        "wait_90": whole(_("Days from record to receipt, 90% within")),
    }
    what = _("Incidents recorded more than {days} days after they happened, as a share of those with both days")
    shown = caption(what.format(days=shape.LATE), area=area_name(None), period=of.period, basis=_basis())
    picture(drawn, Table(rows, columns), shown, "lateness", [of.lags])
    note(_("An extract of several years makes the days from record to receipt long without anybody being slow."))


def draw_validity(of: Measured) -> None:
    """What became of the rows of each extract."""
    sums = shape.validity(of.extracts).sum(numeric_only=True)
    section(words.validity(*(int(sums[name]) for name in ("rows_read", "rows_refused", "touched", "rows_collapsed"))))
    by_extract = shape.validity(of.extracts, "extract_id")
    rows = of.extracts[["extract_id", "source", "file"]].merge(by_extract, on="extract_id")
    columns = {
        "source": text(_("Source")),
        "file": text(_("Extract")),
        "rows_read": whole(_("Read")),
        "accepted": share(_("Not refused")),
        "whole": share(_("No value refused")),
        "rows_refused": whole(_("Refused")),
        "values_refused": st.column_config.NumberColumn(_("Values refused"), format="localized"),
        "rows_collapsed": whole(_("Folded")),
    }
    table(rows, columns, "validity")
    note(_("Why they were refused, line by line, stands on the page Data."))


def draw_checks(of: Measured) -> None:
    """What every check finds in the snapshot, and what was refused by the same rule before it got there."""
    rows = shape.checked(of.found, of.refused)
    failed = rows[rows["n"] > 0]
    worst = failed[failed["severity"].eq("error") & failed["source"].ne("")].groupby("source")["n"].sum()
    heading = words.consistency(
        failed["check"].nunique(), rows["check"].nunique(), worst.sort_values(ascending=False).index.tolist()
    )
    section(heading)
    columns = {"says": _("Check"), "kind": _("Kind"), "source": _("Source"), "kept": _("Records")}
    if failed["refused"].notna().any():
        columns["refused"] = _("Refused")
    if len(failed):
        reading_table(_said(failed), columns, "checks_that_find")
    rest = _said(rows[rows["n"] == 0])
    with st.expander(_("Checks that find nothing: {n}").format(n=number(rest["check"].nunique()))):
        note(_("Where a rule is kept by refusing, the records it turned away are counted beside it."))
        reading_table(rest, {**columns, "refused": _("Refused")}, "checks_that_pass")


def _said(rows: pd.DataFrame) -> pd.DataFrame:
    said = {check: _(database.read_query(check).says) for check in rows["check"].unique()}
    return rows.assign(
        says=rows["check"].map(said),
        kind=rows["severity"].map(words.severity_name),
        source=rows["source"].replace("", MISSING),
        kept=[_("none") if n == 0 else number(n) for n in rows["n"]],
        refused=[MISSING if pd.isna(n) else number(n) for n in rows["refused"]],
    )


def _complete(months: pd.DataFrame, period: Period, fields: Mapping[str, str], group: str = "source") -> pd.DataFrame:
    return shape.completeness(shape.during(months, period), fields, (group,), months)


def _where(found: pd.DataFrame, group: str) -> tuple[pd.Series | None, str]:
    weakest = shape.weakest(found)
    return weakest, "" if weakest is None else str(weakest[group])


def draw_strips(
    found: pd.DataFrame,
    group: str,
    group_title: str,
    said: str,
    key: str,
    made: list[pd.DataFrame],
    by_field: bool = True,
    basis: str = "",
) -> None:
    """Fields against sources or forces; whichever there are fewer of stand side by side."""
    rows = found.assign(
        name=[words.field_name(field) for field in found["field"]],
        figure=[words.figure(*cell) for cell in zip(found["filled"], found["due"], found["sent"], strict=True)],
    )
    rows["note"] = [_note(row) for row in rows.to_dict("records")]
    rows.loc[~rows["sent"], "share"] = float("nan")
    upright = by_field and rows[group].nunique() <= MOST_COLUMNS
    across = {"row": "name", "column": group} if upright else {"row": group, "column": "name"}
    cells = rows.assign(**{place: rows[column] for place, column in across.items()})
    cells = cells[["row", "column", "share", "figure", "note"]]
    read = "; ".join(f"{r[group]}, {r['name']}: {r['figure']}" for r in rows.to_dict("records"))
    drawn = strips.strips(cells, gate().look, measure=_("Filled"), none=_("no share"), alt_text=f"{said}. {read}.")
    columns = {
        group: text(group_title),
        "name": text(_("Field")),
        "filled": whole(_("Filled")),
        "due": whole(_("Of")),
        "share": share(_("Share")),
        "low": share(_("95% from")),
        "high": share(_("95% to")),
        "figure": text(_("In words")),
    }
    what = _("Records in which a field is filled, as a share of those that can have it")
    shown = caption(what, area=area_name(None), basis=basis or _basis(), more=_("Stronger: more complete"))
    picture(drawn, Table(rows, columns), shown, key, made)


def _note(row: dict[str, Any]) -> str:
    counts = _("{part} of {total}").format(part=number(row["filled"]), total=number(row["due"]))
    if pd.isna(row["share"]):
        return counts
    interval = shape.wilson(row["filled"], row["due"])
    return f"{counts}, {percent(row['share'], 1)} ({range_of(interval)})"


def _basis() -> str:
    return basis_name("recorded")
