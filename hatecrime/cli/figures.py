"""hatecrime figures: a quarter's figures, with proof that they agree."""

from dataclasses import asdict
from typing import Annotated, Any

import pandas as pd
import typer

from hatecrime.cli.say import (
    Area,
    AsJson,
    Audience,
    Basis,
    ForAudience,
    OnBasis,
    Store,
    checked,
    print_json,
    print_table,
    quarter_name,
    refusing,
    snapshot_of,
)
from hatecrime.database import NoSnapshot, Snapshot, only_analysts
from hatecrime.filters import Filters
from hatecrime.i18n import _
from hatecrime.periods import Period
from hatecrime.reports.export import to_csv
from hatecrime.reports.footer import footer
from hatecrime.reports.quarterly import Quarterly, latest_quarter, quarter_from, quarterly
from hatecrime.words import quarterly as words

SHOWN = ["label", "now", "before", "difference", "to_date", "to_date_before"]


def figures(
    store: Store = None,
    quarter: Annotated[str | None, typer.Option(help="Such as 2016/17-Q4; the latest, if left out.")] = None,
    area: Area = None,
    basis: OnBasis = Basis.recorded,
    audience: ForAudience = Audience.analyst,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print one table as CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """One quarter beside the same quarter last year and the year to date."""
    with refusing():
        only_analysts(audience.value)
        snapshot = snapshot_of(store)
        filters = checked(Filters(area=area, basis=basis.value), snapshot)
        report = quarterly(snapshot, _period(quarter, snapshot), filters)
    if as_csv:
        shown = f"{report.area_label} · {report.quarter.label()}"
        typer.echo(to_csv(report, snapshot.facts, footer(snapshot.facts, audience.value, shown)), nl=False)
    elif as_json:
        print_json({"snapshot": snapshot.name, **_as_json(report)})
    else:
        _print(report)


def _period(quarter: str | None, snapshot: Snapshot) -> Period:
    period = quarter_from(quarter) if quarter else latest_quarter(snapshot)
    if period is None:
        sentence = _("The snapshot {name} has no incidents, so it has no quarter.")
        raise NoSnapshot(sentence.format(name=snapshot.name))
    return period


def _as_json(report: Quarterly) -> dict[str, Any]:
    return {
        "quarter": quarter_name(report.quarter.start),
        "area": report.filters.area,
        "label": report.area_label,
        "basis": report.filters.basis,
        "total": report.total.to_dict(),
        "referrals": None if report.referrals is None else report.referrals.to_dict(),
        "tables": {name: table.to_dict("records") for name, table in report.tables.items()},
        "bridge": asdict(report.bridge),
        "checks": [{**asdict(check), "agrees": check.agrees} for check in report.checks],
        "breaks": report.breaks.to_dict("records"),
    }


def _print(report: Quarterly) -> None:
    typer.echo(f"{report.area_label}, {report.quarter.label()}\n")
    single = [row for row in (report.total, report.referrals) if row is not None]
    for table in (pd.DataFrame(single).infer_objects(), *report.tables.values()):
        print_table(table[SHOWN])
        typer.echo()
    typer.echo(words.bridge(report.bridge))
    typer.echo(words.verdict(report.checks))
