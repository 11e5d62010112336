"""A report as one file that stands by itself."""

import csv
from collections.abc import Sequence

import pandas as pd

from hatecrime.database import Facts
from hatecrime.dictionary import code_list
from hatecrime.i18n import MISSING, _, date_long, language
from hatecrime.reports.footer import as_comments
from hatecrime.reports.quarterly import Quarterly
from hatecrime.settings import settings
from hatecrime.shape.cells import without_formulas
from hatecrime.shape.months import first_provisional
from hatecrime.words import quarterly as words

DECIMALS = 4
COLUMNS = (
    "table",
    "code",
    "label",
    "now",
    "before",
    "difference",
    "percent",
    "ratio",
    "low",
    "high",
    "reason",
    "to_date",
    "to_date_before",
)


def to_csv(report: Quarterly, facts: Facts, footer: Sequence[str] = ()) -> str:
    """
    Every table of the report under one row of column names, after lines that say what it is and before its footer.

    Those lines start with #, so that a program can pass over them; texts are quoted, so that no # in one counts.
    """
    rows = without_formulas(tidy(report).round(DECIMALS)).to_csv(
        index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC
    )
    foot = "\n" + as_comments(footer) if footer else ""
    return as_comments(header(report, facts)) + rows + foot


def tidy(report: Quarterly) -> pd.DataFrame:
    """All tables in one: the table's name, then a row's code, label, counts and change."""
    rows = [row for row in (report.total, report.referrals) if row is not None]
    single = pd.DataFrame(rows).infer_objects()
    tables = [table.assign(table=name) for name, table in report.tables.items()]
    return pd.concat([single.assign(table=single["code"]), *tables], ignore_index=True)[list(COLUMNS)]


def header(report: Quarterly, facts: Facts) -> list[str]:
    """What must be read with the figures."""
    title = _("Recorded hate crime and incidents: {area}, {quarter}")
    made = _("Snapshot {name}, complete to {day}.")
    caveats = code_list("caveat")
    lines = [
        settings().synthetic_notice[language()] if facts.synthetic else "",
        title.format(area=report.area_label, quarter=report.quarter.label()),
        made.format(name=facts.name, day=date_long(facts.complete_to) if facts.complete_to else MISSING),
        _("Counted by the date it happened.") if report.filters.basis == "occurred" else "",
        _("before: the same quarter last year. percent: the change as a share."),
        _("ratio: now divided by before, and its 95% interval from low to high."),
        words.bridge(report.bridge),
        words.verdict(report.checks),
        *(caveats.label(code, language()) for code in _caveats(report, facts)),
    ]
    return [line for line in lines if line]


def _caveats(report: Quarterly, facts: Facts) -> list[str]:
    holds = {
        "c1": True,
        "c2": True,
        "c4": True,
        "c5": report.filters.basis == "recorded",
        "c6": pd.Timestamp(report.quarter.finish) >= first_provisional(facts),
        "c7": report.total["now"] < 100,
        "c9": len(report.breaks) > 0,
    }
    return [code for code, held in holds.items() if held]
