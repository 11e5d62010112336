"""hatecrime quality: how far the figures can be relied on, source by source."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from hatecrime.cli.say import (
    AsJson,
    Audience,
    ForAudience,
    From,
    Store,
    To,
    day,
    print_json,
    print_table,
    refusing,
    snapshot_of,
    written,
)
from hatecrime.database import DataError, Snapshot, fetch, only_analysts, read_query
from hatecrime.i18n import LOCALES, _, speaking
from hatecrime.periods import Period, latest
from hatecrime.reports.footer import footer
from hatecrime.reports.referral_document import to_html
from hatecrime.reports.referral_quality import referral_quality, sources
from hatecrime.settings import settings
from hatecrime.shape import quality as shape
from hatecrime.words import quality as words

SHOWN = ["source", "field", "filled", "due", "share"]
CHECKED = ["check", "severity", "source", "n", "refused"]
MADE_OF = ("filled", "due", "share", "low", "high", "sent")


def quality(
    store: Store = None,
    start: From = None,
    finish: To = None,
    referrals: Annotated[Path | None, typer.Option(help="Write the report on referrals to this HTML file.")] = None,
    source: Annotated[str | None, typer.Option(help="The source whose referrals are reported on.")] = None,
    language: Annotated[str | None, typer.Option(help="Language of the report: en or cy.")] = None,
    audience: ForAudience = Audience.analyst,
    as_json: AsJson = False,
) -> None:
    """How complete, valid, timely, unique and consistent the records of each source are."""
    with refusing():
        only_analysts(audience.value)
        snapshot = snapshot_of(store)
        period = _period(snapshot, day(start), day(finish))
        found = _measured(snapshot, period)
        if referrals:
            _write(snapshot, period, referrals, source, language or settings().language, audience.value)
    if as_json:
        report = str(referrals) if referrals else None
        print_json({"snapshot": snapshot.name, **_ends(period), **_as_json(found), "referral_report": report})
        return
    read, refused, errors = found["totals"]
    typer.echo(words.answer(shape.weakest(found["complete"]), read, refused, errors, period.label()))
    print_table(found["complete"][SHOWN])
    print_table(found["checks"][CHECKED].query("n > 0"))
    if referrals:
        typer.echo(_("Written to {folder}.").format(folder=referrals))


def _period(snapshot: Snapshot, start: date | None, finish: date | None) -> Period:
    """The last 12 complete months where no day is given; an open end is that of the data."""
    last = finish or snapshot.facts.complete_to or snapshot.facts.data_to
    if last is None:
        raise DataError(_("The snapshot has no incident, so its months are not known: give --from and --to."))
    if start and last < start:
        raise ValueError(_("--to is before --from."))
    return Period(start, last) if start else Period(min(latest("12m", last).start, last), last)


def _measured(snapshot: Snapshot, period: Period) -> dict[str, Any]:
    run = partial(fetch, snapshot)
    incidents, referrals, extracts = shape.incident_months(run), run("quality/referrals"), run("quality/extracts")
    complete = pd.concat(
        [
            shape.completeness(shape.during(months, period), fields, ("source",), months).assign(table=table)
            for table, months, fields in (
                ("incident", incidents, shape.INCIDENT_FIELDS),
                ("referral", referrals, shape.REFERRAL_FIELDS),
            )
        ],
        ignore_index=True,
    )
    late, found = shape.lags(run, period), shape.findings(run)
    errors = int(found.loc[found["severity"] == "error", "n"].sum())
    return {
        "totals": (int(extracts["rows_read"].sum()), int(extracts["rows_refused"].sum()), errors),
        "complete": complete,
        "sources": shape.by_source(extracts, complete, late, found),
        "forces": _forces(incidents, period),
        "months": shape.by_month(shape.during(incidents, period), late, shape.INCIDENT_FIELDS),
        "checks": shape.checked(found, run("quality/refused", target=None, most=0)),
    }


def _forces(incidents: pd.DataFrame, period: Period) -> pd.DataFrame:
    fields = {field: shape.INCIDENT_FIELDS[field] for field in shape.OF_A_FORCE}
    known = incidents.dropna(subset="force")
    return shape.completeness(shape.during(known, period), fields, ("force",), known)


def _write(snapshot: Snapshot, period: Period, path: Path, source: str | None, language: str, audience: str) -> None:
    if language not in LOCALES:
        raise ValueError(_("The language is en or cy, not “{language}”.").format(language=language))
    report = referral_quality(snapshot, period, _source(sources(fetch(snapshot, "quality/extracts")), source))
    with speaking(language):
        lines = footer(snapshot.facts, audience, f"{report.source} · {period.span()}")
        path.write_text(to_html(report, lines), encoding="utf-8")


def _source(known: list[str], asked: str | None) -> str:
    """The one asked for; without a name the only one there is."""
    if not known:
        raise DataError(_("No referral is loaded, so there is nothing to report on."))
    if asked is None and len(known) > 1:
        raise ValueError(_("Name one source with --source: {known}.").format(known=", ".join(known)))
    if asked is not None and asked not in known:
        said = _("There are no referrals of {source}. Sources of referrals: {known}.")
        raise ValueError(said.format(source=asked, known=", ".join(known)))
    return asked or known[0]


def _ends(period: Period) -> dict[str, str]:
    return {"from": period.start.isoformat(), "to": period.finish.isoformat()}


def _as_json(found: dict[str, Any]) -> dict[str, Any]:
    months = found["months"].assign(month=[written("month", day) for day in pd.to_datetime(found["months"]["month"])])
    checks = found["checks"].assign(says=[_(read_query(check).says) for check in found["checks"]["check"]])
    return {
        "sources": found["sources"].to_dict("records"),
        "completeness": found["complete"][["table", "source", "field", *MADE_OF]].to_dict("records"),
        "forces": found["forces"][["force", "field", *MADE_OF]].to_dict("records"),
        "months": months.to_dict("records"),
        "checks": checks.to_dict("records"),
    }
