"""What a trial run says of a file: what would be kept, what would be refused and why, what is passed over."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from hatecrime.dictionary import code_list
from hatecrime.extracts.mapping import STRAND
from hatecrime.extracts.report import Example, ExtractReport, Trial
from hatecrime.i18n import MISSING, _, language, number, percent
from hatecrime.ui.data_view import how_to_mend, reason_name
from hatecrime.ui.marks import escape_markdown
from hatecrime.ui.page import note
from hatecrime.words import uploaded

EXAMPLES = 3


def draw_report(reports: Sequence[ExtractReport]) -> None:
    """One sentence first, then whatever needs looking at."""
    if not reports:
        return
    st.markdown(f"**{escape_markdown(uploaded.trial(reports))}**")
    for report in reports:
        if len(reports) > 1:
            st.markdown(f"**{escape_markdown(report.file)}**")
        if report.trial:
            _draw(report, report.trial)


def _draw(report: ExtractReport, trial: Trial) -> None:
    note(uploaded.reach(trial))
    rows = _refusals(report, trial)
    if not rows.empty:
        _table(rows)
    if trial.strands:
        with st.expander(_("Strands of the records")):
            _table(_strands(trial.strands, trial.strands_before))
    if trial.columns:
        with st.expander(_("Columns that are not read: {n}").format(n=number(len(trial.columns)))):
            _table(_columns(trial.columns))
    if report.unused_entries:
        with st.expander(
            _("Lines of the mapping that no label needed: {n}").format(n=number(len(report.unused_entries)))
        ):
            st.markdown("\n".join(f"- {escape_markdown(entry)}" for entry in report.unused_entries))


def _refusals(report: ExtractReport, trial: Trial) -> pd.DataFrame:
    """By reason: how many rows and values, examples, and how to mend it; the most frequent first."""
    counted = [(reason, n, True) for reason, n in report.refused.items()]
    counted += [(reason, n, False) for reason, n in report.values_refused.items()]
    rows = [
        {
            _("Reason"): reason_name(reason),
            _("Refused"): _amount(n, row),
            _("For example"): "; ".join(map(_example, _of(trial.examples.get(reason, []), row))) or MISSING,
            _("How to mend it"): how_to_mend(reason),
        }
        for reason, n, row in sorted(counted, key=lambda each: -each[1])
    ]
    return pd.DataFrame(rows)


def _amount(n: int, row: bool) -> str:
    return (_("rows: {n}") if row else _("values: {n}")).format(n=number(n))


def _of(examples: Sequence[Example], row: bool) -> list[Example]:
    return [example for example in examples if example.row == row][:EXAMPLES]


def _example(example: Example) -> str:
    told = _("withheld or empty") if example.value is None else f"“{example.value}”"
    return _("line {line}: {value}").format(line=example.line, value=told)


def _strands(now: dict[str, float], before: dict[str, float] | None) -> pd.DataFrame:
    """The share of each strand, beside that of the last load of the same sender where there is one."""
    rows = [
        {
            _("Strand"): _strand(code),
            _("This file"): percent(share, 1),
            _("Last load of this sender"): percent(before.get(code, 0.0), 1) if before else MISSING,
        }
        for code, share in sorted(now.items(), key=lambda each: -each[1])
    ]
    return pd.DataFrame(rows)


def _strand(code: str) -> str:
    return _("No strand") if code == "none" else code_list(STRAND).label(code, language())


def _columns(columns: dict[str, str]) -> pd.DataFrame:
    why = {
        "not_named": _("The mapping does not name it."),
        "looks_personal": _("It looks personal."),
        "empty": _("It is empty."),
    }
    rows = [{_("Column"): column, _("Why"): why.get(reason, reason)} for column, reason in columns.items()]
    return pd.DataFrame(rows)


def _table(rows: pd.DataFrame) -> None:
    st.table(rows.map(lambda value: escape_markdown(str(value))), hide_index=True, border="horizontal")
