"""What the quarterly page is made of: the quarter, its tables, the bridge to the strands, the checks, the file."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from hatecrime.charts import bars, bridge, quarters
from hatecrime.database import Facts
from hatecrime.filters import Filters
from hatecrime.i18n import _, date_long, language, number, speaking
from hatecrime.periods import Period, quarter_label, quarter_number, quarter_of
from hatecrime.reports.export import to_csv
from hatecrime.reports.quarterly import Quarterly, latest_quarter, quarter_from, quarterly
from hatecrime.shape.labels import name_in_language
from hatecrime.shape.months import first_provisional
from hatecrime.stats.change import Change, compare
from hatecrime.stats.intervals import poisson_interval
from hatecrime.ui.choices import pick
from hatecrime.ui.data import count, fetch, limited, snapshot
from hatecrime.ui.months import unsettled
from hatecrime.ui.page import Fact, note, section
from hatecrime.ui.phrases import against, alt_of, change_in, limits
from hatecrime.ui.picture import Table, caption, picture, text, whole
from hatecrime.ui.records import offer
from hatecrime.ui.session import gate
from hatecrime.ui.sidebar import basis_name, describe
from hatecrime.words import findings
from hatecrime.words import quarterly as words
from hatecrime.words.numbers import too_small

QUARTERS_SHOWN = 13
# The report counts two financial years at most: eight quarters.
QUARTERS_COUNTED = 8
COUNTS = ("now", "before", "to_date", "to_date_before")
TABLES = ("kind", "crime_type", "strand", "channel", "outcome_group")


def choose_quarter() -> Period | None:
    """The quarter the page is about; the latest complete one to begin with, none where there are no incidents."""
    latest = latest_quarter(snapshot())
    if latest is None:
        return None
    first = quarter_of(gate().first).start
    starts = [day.date() for day in pd.date_range(first, max(latest.start, first), freq="QS")]
    codes = [_code(start) for start in reversed(starts)]
    chosen = pick(_("Quarter"), "quarter", codes, _name, codes[0], width=220)
    return quarter_from(chosen or codes[0])


def figures(quarter: Period) -> Quarterly:
    """The figures of the quarter for the shared filters, without their period."""
    session = gate()
    return _figures(session.snapshot, quarter, session.filters, session.audience, session.user.areas, language())


@st.cache_data(max_entries=60, show_spinner=False)
def _figures(
    path: Path, quarter: Period, filters: Filters, audience: str, areas: tuple[str, ...], language: str
) -> Quarterly:
    # The language is a parameter because the labels are in it, and the result is kept.
    with speaking(language):
        return quarterly(limited(path, audience, areas), quarter, filters)


def answer(report: Quarterly) -> str:
    """What the quarter and the year to date hold beside those of a year earlier."""
    row = report.total
    known = _reaches_back(report.quarter)
    to_date_known = _reaches_back(Period(_year_to_date(report).start, report.quarter.finish))
    return words.answer(
        report.quarter.label(),
        report.area_label,
        int(row["now"]),
        int(row["before"]) if known else None,
        int(row["to_date"]),
        int(row["to_date_before"]) if to_date_known else None,
        unsettled(report.quarter),
    )


def facts(report: Quarterly) -> list[Fact]:
    """The quarter, the year to date, the referrals, and whether all of it agrees."""
    row, open_months = report.total, unsettled(report.quarter)
    to_date = compare(row["to_date_before"], row["to_date"])
    agree = sum(check.agrees for check in report.checks)
    all_of_them = _("{agree} of {n}").format(agree=number(agree), n=number(len(report.checks)))
    return [
        Fact(report.quarter.label(), number(row["now"]), against(_change(row, report), open_months)),
        Fact(_("Year to date"), number(row["to_date"]), against(to_date, open_months)),
        _referrals(report),
        Fact(_("Checks that agree"), all_of_them, _("listed below")),
    ]


def draw_quarters(report: Quarterly, said: str) -> None:
    """The quarter among those before it."""
    filters = _since(report, QUARTERS_SHOWN)
    found = count(("quarter",), filters)
    starts = pd.date_range(filters.start, report.quarter.start, freq="QS")
    n = found.set_index("quarter")["n"].reindex(starts).fillna(0).astype("int64")
    interval = poisson_interval(n.to_numpy())
    rows = pd.DataFrame({"label": [quarter_label(day.date()) for day in starts], "n": n.to_numpy()})
    rows = rows.assign(
        low=interval.low,
        high=interval.high,
        role=[_role(day.date(), report.quarter) for day in starts],
        provisional=starts + pd.DateOffset(months=2) >= first_provisional(gate().facts),
    )
    drawn = quarters.quarters(
        rows,
        gate().look,
        measure=_("Incidents"),
        interval=_("95% interval"),
        provisional=_("provisional"),
        alt_text=alt_of(rows, said),
    )
    columns = {"label": text(_("Quarter")), "n": whole(_("Incidents"))}
    columns |= {"low": whole(_("95% from")), "high": whole(_("95% to"))}
    what = _(
        "Incidents by quarter; the one chosen stands out, that quarter of other years is tinted; lines: 95% interval"
    )
    picture(
        drawn,
        Table(rows, columns),
        caption(what, period=filters.period, more=_("Dashed: provisional") if rows["provisional"].any() else ""),
        "quarters",
        [found],
        ("c1", "c4", "c6", "c7"),
    )
    for changed in report.breaks.itertuples():
        reason = name_in_language(report.breaks.rename(columns={"reason_en": "name_en", "reason_cy": "name_cy"}))
        note(f"{date_long(changed.happened_on)}: {reason.loc[changed.Index]}")


def draw_tables(report: Quarterly) -> None:
    """Each breakdown beside the same quarter last year, with the year to date."""
    for name in TABLES:
        _draw_table(report, name)
        if name == "strand":
            draw_bridge(report)


def draw_bridge(report: Quarterly) -> None:
    """Why the strands add up to another number than the incidents."""
    steps = report.bridge
    section(_("From incidents to strands"))
    note(words.bridge(steps))
    rows = pd.DataFrame(
        [
            (_("Incidents"), steps.total, 0, steps.total, True),
            (_("without a recorded strand"), -steps.without, steps.total, steps.total - steps.without, False),
            (
                _("further strands of the same incidents"),
                steps.extra,
                steps.total - steps.without,
                steps.total - steps.without + steps.extra,
                False,
            ),
            (_("Strands counted"), steps.in_strands, 0, steps.in_strands, True),
        ],
        columns=["label", "n", "start", "end", "is_total"],
    )
    drawn = bridge.bridge(rows, gate().look, measure=_("Count"), alt_text=words.bridge(steps))
    made = fetch("incidents/strand_bridge", report.filters)
    columns = {"label": text(_("Step")), "n": whole(_("Count"))}
    what = caption(_("From incidents to strands, step by step"), period=report.quarter)
    picture(drawn, Table(rows, columns), what, "strand_bridge", [made], ("c2",), finding=words.bridge(steps))


def draw_checks(report: Quarterly) -> None:
    """Which tables agree, in words, and the figures as one file."""
    section(words.verdict(report.checks))
    lines = []
    for check in report.checks:
        values = {"name": check.name, "found": number(check.found), "expected": number(check.expected)}
        agrees, differs = (
            _("✓ {name}: {found}, as it must be"),
            _("✗ {name}: {found}, but it must be {expected}"),
        )
        lines.append((agrees if check.agrees else differs).format(**values))
    st.markdown("  \n".join(lines))
    name = f"hatecrime-{_code(report.quarter.start).replace('/', '-')}.csv"
    shown = f"{describe(report.filters.during(report.quarter))} · {basis_name(report.filters.basis)}"
    offer(_("Download these figures (CSV)"), partial(_file, report, gate().facts), name, filters=shown)


def _file(report: Quarterly, of: Facts, lines: Sequence[str]) -> bytes:
    return to_csv(report, of, lines).encode("utf-8-sig")


def _draw_table(report: Quarterly, name: str) -> None:
    rows = report.tables[name]
    said = _("{table}. {changes}").format(table=_table_name(name), changes=findings.changed_rows(rows))
    section(said)
    shown = rows[(rows[[*COUNTS]] != 0).any(axis=1)]
    drawn = bars.bars(
        shown.assign(note=[f"({number(n)})" for n in shown["before"]]),
        gate().look,
        value="now",
        before="before",
        before_title=_("A year earlier"),
        note="note",
        measure=_("Incidents"),
        alt_text=alt_of(shown, said, "now"),
    )
    # The rows of the strands add up to another number, by the bridge below them.
    whole_table = shown if name == "strand" else pd.concat([shown, report.total.to_frame().T])
    whole_table = whole_table.assign(
        change=[_change_with_interval(row, report) for row in whole_table.to_dict("records")]
    )
    what = _("Incidents beside the same quarter a year earlier, which the picture marks and gives in brackets")
    picture(
        drawn,
        Table(whole_table.astype(dict.fromkeys((*COUNTS, "difference"), "int64")), _columns(report)),
        caption(what, period=report.quarter),
        f"quarterly_{name}",
        [count(("quarter", name), _since(report, QUARTERS_COUNTED))],
        ("c2", "c7") if name == "strand" else ("c7",),
        table_first=_tables_first(),
    )
    if name == "outcome_group":
        note(_("Outcomes take time: the later an incident is recorded, the more often none is assigned yet."))


def _change_with_interval(row: Any, report: Quarterly) -> str:
    change = _change(row, report)
    if change.reason:
        return {"none_before": _("none before"), "none_at_all": "–", "missing": _("not comparable")}[change.reason]
    if too_small(change):
        return _("too few to tell")
    return _("{change} ({low} to {high})").format(change=change_in(change), **limits(change))


def _tables_first() -> bool:
    """Who checks figures reads the table, a room looks at the picture."""
    return not gate().is_meeting


def _columns(report: Quarterly) -> dict[str, Any]:
    quarter = report.quarter
    return {
        "label": text(" "),
        "now": whole(quarter.label()),
        "before": whole(quarter.previous_year().label()),
        "difference": whole(_("Difference")),
        "change": text(_("Change, 95% interval")),
        "to_date": whole(_("Year to date")),
        "to_date_before": whole(_("A year earlier")),
    }


def _table_name(name: str) -> str:
    names = {
        "kind": _("Crime and non-crime"),
        "crime_type": _("By crime type"),
        "strand": _("By strand"),
        "channel": _("By channel"),
        "outcome_group": _("By outcome"),
    }
    return names[name]


def _change(row: Any, report: Quarterly) -> Change:
    """The change of a row of the report; not known where the data do not reach back, or a break lies between."""
    known = row["before"] if _reaches_back(report.quarter) and row["reason"] != "series_break" else None
    return compare(known, row["now"])


def _referrals(report: Quarterly) -> Fact:
    row = report.referrals
    if row is None:
        return Fact(_("Referrals to support"), "–", _("none known for this area"))
    return Fact(_("Referrals to support"), number(row["now"]), against(_change(row, report)))


def _reaches_back(period: Period) -> bool:
    return period.previous_year().start >= gate().first.replace(day=1)


def _year_to_date(report: Quarterly) -> Period:
    start = report.quarter.start
    year = start.year if start.month >= 4 else start.year - 1
    return Period(start.replace(year=year, month=4), report.quarter.finish)


def _since(report: Quarterly, quarters: int) -> Filters:
    """The report's filters over so many quarters up to its own, as far as the data reach."""
    first = pd.Timestamp(report.quarter.start) - pd.DateOffset(months=3 * (quarters - 1))
    start = max(first.date(), min(quarter_of(gate().first).start, report.quarter.start))
    return report.filters.during(Period(start, report.quarter.finish))


def _role(start: Any, chosen: Period) -> str:
    if start == chosen.start:
        return "chosen"
    return "same" if quarter_number(start) == quarter_number(chosen.start) else "other"


def _code(start: Any) -> str:
    quarter, year = quarter_number(start), start.year if start.month >= 4 else start.year - 1
    return f"{year}/{(year + 1) % 100:02d}-Q{quarter}"


def _name(code: str) -> str:
    return quarter_label(quarter_from(code).start)
