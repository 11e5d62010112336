"""The words and tables of the report on the quality of referral data, as one HTML document."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

from hatecrime.dictionary import code_list
from hatecrime.i18n import MISSING, _, date_long, language, month_year, ngettext, number, percent
from hatecrime.reports.handover import Part, Rows, document
from hatecrime.reports.referral_quality import CONTACT_DAYS, MOST_LINES, ReferralQuality, by_month
from hatecrime.settings import settings
from hatecrime.shape.quality import BY_RULE, weakest
from hatecrime.words import findings
from hatecrime.words import quality as words
from hatecrime.words.numbers import SMALL

Section = tuple[str, Iterable[Part]]


def to_html(report: ReferralQuality, footer: Iterable[str] = ()) -> str:
    """The whole document, in the language in use; footer: the lines that go with everything taken away."""
    notice = settings().synthetic_notice[language()] if report.facts.synthetic else ""
    title = _("Quality of the referral data of {source}, {period}")
    title = title.format(source=report.source, period=report.period.span())
    sections = [
        _received(report),
        _complete(report),
        _timely(report),
        _self_referrals(report),
        _refused(report),
        _contradictions(report),
        _months(report),
        _reading(report),
    ]
    return document(language(), title, _lead(report), sections, notice, footer)


def _lead(report: ReferralQuality) -> list[str]:
    received = ngettext(
        "{n} referral was received in {period}.", "{n} referrals were received in {period}.", report.received
    )
    contacts = _of_all(report)
    in_time = findings.in_time(int(contacts["in_time"].sum()), int(contacts["agreed"].sum()), CONTACT_DAYS)
    least = weakest(report.complete)
    refused = report.refused.loc[~report.refused["reason"].isin(BY_RULE), "n"]
    mended = int(refused.sum()) + int(report.checks.loc[report.checks["severity"] == "error", "n"].sum())
    to_mend = ngettext(
        "{n} row, value or contradiction is to be mended.",
        "{n} rows, values or contradictions are to be mended.",
        mended,
    )
    return [
        received.format(n=number(report.received), period=report.period.span()),
        words.least_complete(least, "" if least is None else least["source"]) + ".",
        in_time + ".",
        to_mend.format(n=number(mended)),
    ]


def _of_all(report: ReferralQuality) -> pd.DataFrame:
    """The rows of contacts that are about a whole source."""
    return report.contacts[report.contacts["month"].isna()]


def _received(report: ReferralQuality) -> Section:
    rows = [
        {
            "file": row["file"],
            "source": row["source"],
            "received": _day(row["received_on"]),
            "covers": _span(row["first_on"], row["last_on"]),
            **{name: number(row[name]) for name in ("rows_read", "rows_kept", "rows_refused", "rows_collapsed")},
        }
        for row in report.extracts.to_dict("records")
    ]
    columns = {
        "file": _("Extract"),
        "source": _("Source"),
        "received": _("Received"),
        "covers": _("Covers"),
        "rows_read": _("Rows read"),
        "rows_kept": _("Rows kept"),
        "rows_refused": _("Rows refused"),
        "rows_collapsed": _("Rows folded"),
    }
    figures = frozenset({"rows_read", "rows_kept", "rows_refused", "rows_collapsed"})
    return _("What was received"), [Rows(_("Extracts of referrals, whole"), columns, rows, figures)]


def _complete(report: ReferralQuality) -> Section:
    rows = [
        {
            "field": words.field_name(row["field"]),
            "source": row["source"],
            "filled": number(row["filled"]),
            "due": number(row["due"]),
            "share": words.figure(row["filled"], row["due"], row["sent"]),
            "range": _range(row["low"], row["high"]) if row["sent"] else MISSING,
        }
        for row in report.complete.to_dict("records")
    ]
    columns = {
        "field": _("Field"),
        "source": _("Source"),
        "filled": _("Filled"),
        "due": _("Of"),
        "share": _("Share"),
        "range": _("95% interval"),
    }
    asked = _(
        "A field is asked of those referrals only that can have it: a police reference of referrals by the police, a"
        " first contact of people who agreed and could be reached, needs of people who are supported, a reason of"
        " closed cases."
    )
    figures = frozenset({"filled", "due", "share", "range"})
    return _("How complete the referrals are"), [asked, Rows(_("Fields filled"), columns, rows, figures)]


def _timely(report: ReferralQuality) -> Section:
    rows = [
        {
            "source": row["source"],
            **{name: number(row[name]) for name in ("n", "agreed", "unknown", "contacted", "in_time")},
            "share": words.figure(row["in_time"], row["agreed"]),
            "range": _range(row["in_time_low"], row["in_time_high"]),
            "half": number(row["days_median"]),
            "most": number(row["days_90"]),
        }
        for row in _of_all(report).to_dict("records")
    ]
    columns = {
        "source": _("Source"),
        "n": _("Referrals"),
        "agreed": _("Agreed to contact"),
        "unknown": _("Consent not recorded"),
        "contacted": _("Agreed and reached"),
        "in_time": _("Within {days} working days").format(days=CONTACT_DAYS),
        "share": _("Share"),
        "range": _("95% interval"),
        "half": _("Days, half within"),
        "most": _("Days, 90% within"),
    }
    figures = frozenset(columns) - {"source"}
    said = _("Only people whose consent is recorded count as having agreed; contacts of others are not counted here.")
    return _("How soon people were contacted"), [
        said,
        Rows(_("Working days to the first contact"), columns, rows, figures),
    ]


def _self_referrals(report: ReferralQuality) -> Section:
    earlier = report.period.previous_year()
    if report.before is None:
        said = _("No referrals from {period} are known, so there is no baseline to compare with.")
        compared = said.format(period=earlier.span())
    else:
        compared = words.self_share(report.own[:2], report.before[:2], report.period.span())
    routeless = report.own.received - report.own.routed
    message = ngettext(
        "{n} referral of {period} has no route and is left out of the share.",
        "{n} referrals of {period} have no route and are left out of the share.",
        routeless,
    )
    left_out = message.format(n=number(routeless), period=report.period.span())
    pairs = [(report.period.span(), report.own), (earlier.span(), report.before)]
    rows = [
        {
            "period": name,
            "total": number(pair.received),
            "unknown": number(pair.received - pair.routed),
            "own": number(pair.own),
            "share": words.figure(pair.own, pair.routed),
            "basis": findings.basis_of_share(pair.own, pair.routed) if pair.routed else MISSING,
        }
        for name, pair in pairs
        if pair is not None
    ]
    columns = {
        "period": _("Period"),
        "total": _("Referrals"),
        "unknown": _("Route not recorded"),
        "own": _("Self-referrals"),
        "share": _("Share of those with a route"),
        "basis": _("Basis"),
    }
    figures = frozenset({"total", "unknown", "own", "share"})
    table = Rows(_("Self-referrals, beside the same time a year earlier"), columns, rows, figures)
    return _("Self-referrals against the baseline"), [compared, left_out, table]


def _refused(report: ReferralQuality) -> Section:
    if report.refused.empty:
        return _("What was refused"), [_("No row and no value was refused.")]
    reasons = code_list("reject_reason")
    rows = [
        {
            "file": row["file"],
            "reason": reasons.label(row["reason"], language()),
            "what": _("row") if row["row_refused"] else _("value"),
            "column": row["source_column"] if pd.notna(row["source_column"]) else MISSING,
            "n": number(row["n"]),
            "lines": row["lines"],
            "mend": reasons[row["reason"]].extras.get(f"mend_{language()}") or reasons[row["reason"]].extras["mend_en"],
        }
        for row in report.refused.to_dict("records")
    ]
    columns = {
        "reason": _("Reason"),
        "file": _("Extract"),
        "what": _("Refused"),
        "column": _("Column"),
        "n": _("Number"),
        "lines": _("Lines"),
        "mend": _("How to mend it"),
    }
    explained = _(
        "Counted over the whole of each extract, because what was refused often has no day. Lines are those of the"
        " file, the header being line 1; of each reason up to {n} are listed."
    ).format(n=number(MOST_LINES))
    return _("What was refused, and where to mend it"), [
        explained,
        Rows(_("Rows and values refused"), columns, rows, frozenset({"n"})),
    ]


def _contradictions(report: ReferralQuality) -> Section:
    rows = [
        {
            "says": _(row["says"]),
            "kind": words.severity_name(row["severity"]),
            "n": number(row["n"]) if row["n"] else _("none"),
            "lines": row["lines"] or MISSING,
        }
        for row in report.checks.to_dict("records")
    ]
    columns = {"says": _("Check"), "kind": _("Kind"), "n": _("Referrals"), "lines": _("Lines")}
    failed = int((report.checks["n"] > 0).sum())
    said = words.consistency(failed, len(report.checks), []) + "."
    caption = _("Checks on the referrals received in the period")
    return _("What contradicts itself"), [said, Rows(caption, columns, rows, frozenset({"n"}))]


def _months(report: ReferralQuality) -> Section:
    if report.months.empty:
        return _("Month by month"), [_("No referral was received in the period.")]
    rows = [_month(row) for row in by_month(report).to_dict("records")]
    columns = {
        "month": _("Month"),
        "source": _("Source"),
        "n": _("Referrals"),
        "complete": _("Fields filled"),
        "whole": _("Without a refused value"),
        "in_time": _("Within {days} working days").format(days=CONTACT_DAYS),
        "own": _("Self-referrals"),
    }
    figures = frozenset(columns) - {"month", "source"}
    return _("Month by month"), [Rows(_("Every source, month by month"), columns, rows, figures)]


def _month(row: dict[str, Any]) -> dict[str, str]:
    return {
        "month": month_year(row["month"]),
        "source": row["source"],
        "n": number(row["n"]),
        "complete": words.figure(int(row["filled"]), int(row["due"])),
        "whole": words.figure(row["whole"], row["n"]),
        "in_time": words.figure(int(row["in_time"]), int(row["agreed"])),
        "own": words.figure(row["own"], row["route"]),
    }


def _reading(report: ReferralQuality) -> Section:
    made = _("Made from snapshot {name}, complete to {day}.")
    return _("How to read this"), [
        made.format(name=report.facts.name, day=_day(report.facts.complete_to)),
        _("The figures are counts, and no record of a person is here; lines help only those who hold the file."),
        _("Counts are exact, for the service that sent the data; small ones are not for publication."),
        _("Where fewer than {n} referrals stand behind a share, the counts are given instead.").format(n=number(SMALL)),
        _("Working days leave out weekends and bank holidays. Of the latest referrals some have yet to be contacted."),
    ]


def _range(low: float, high: float) -> str:
    if pd.isna(low):
        return MISSING
    return _("{first} to {last}").format(first=percent(low, 1), last=percent(high, 1))


def _span(first: Any, last: Any) -> str:
    if pd.isna(first) or pd.isna(last):
        return MISSING
    return _("{first} to {last}").format(first=_day(first), last=_day(last))


def _day(day: date | None) -> str:
    return MISSING if day is None or pd.isna(day) else date_long(day)
