"""How complete the referrals are, and the report on them to hand over."""

from collections.abc import Sequence
from functools import partial

from hatecrime.database import Snapshot
from hatecrime.i18n import _, number
from hatecrime.periods import Period
from hatecrime.reports.referral_document import to_html
from hatecrime.reports.referral_quality import CONTACT_DAYS, referral_quality, sources
from hatecrime.shape import quality as shape
from hatecrime.ui.choices import pick
from hatecrime.ui.data import fetch, snapshot
from hatecrime.ui.page import Fact, beside, facts, note, section
from hatecrime.ui.quality_view import Measured, draw_strips
from hatecrime.ui.records import offer
from hatecrime.words import findings
from hatecrime.words import quality as words


def draw_referrals(of: Measured) -> None:
    """Each field of the referrals, how soon people were contacted, and the report."""
    if of.referrals.empty:
        section(_("No referral is loaded"))
        note(_("Once an extract of referrals is loaded, its quality stands here, with a report to hand over."))
        return
    if of.referred.empty:
        section(_("No referral was received in {period}").format(period=of.period.label()))
        return
    weakest = shape.weakest(of.referred)
    said = words.least_complete(weakest, "" if weakest is None else str(weakest["source"]))
    section(_("Referrals. {finding}").format(finding=said))
    left, right = beside()
    with left:
        basis = _("by date received")
        draw_strips(of.referred, "source", _("Source"), said, "referral_completeness", [of.referrals], basis=basis)
    with right:
        facts(*_figures(of))
    _offer_report(of.period, sources(of.extracts))


def _figures(of: Measured) -> list[Fact]:
    start, finish = of.period.start, of.period.finish
    contacts = fetch("quality/contacts", start=start, finish=finish, days=CONTACT_DAYS)
    sums = contacts[contacts["month"].isna()][["in_time", "agreed"]].sum()
    in_time, due = int(sums["in_time"]), int(sums["agreed"])
    months = shape.during(of.referrals, of.period)
    whole, n = int(months["whole"].sum()), int(months["n"].sum())
    return [
        Fact(_("Referrals"), number(n), _("received in {period}").format(period=of.period.label())),
        Fact(_("No value refused"), words.figure(whole, n), findings.basis_of_share(whole, n)),
        Fact(_("In 2 working days"), findings.share_of(in_time, due), findings.basis_of_share(in_time, due)),
    ]


def _offer_report(period: Period, known: list[str]) -> None:
    if not known:
        return
    source = known[0]
    if len(known) > 1:
        source = pick(_("Service that sent the referrals"), "referral_source", known, str, default=source) or source
    offer(
        _("Download the report on referrals, {period}").format(period=period.span()),
        partial(_report, snapshot(), period, source),
        "referral-quality.html",
        "text/html",
        filters=f"{source} · {period.span()}",
    )
    note(_("One file for the service that sent the data: counts and the lines to mend, no record of a person."))


def _report(opened: Snapshot, period: Period, source: str, lines: Sequence[str]) -> str:
    return to_html(referral_quality(opened, period, source), lines)
