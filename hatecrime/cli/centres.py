"""hatecrime review-centres: reach and use of the reporting centres."""

from dataclasses import asdict
from typing import Any

import typer

from hatecrime.cli.say import (
    Area,
    AsJson,
    Audience,
    ForAudience,
    From,
    Store,
    To,
    checked,
    day,
    filters_as_json,
    print_json,
    print_table,
    refusing,
    snapshot_of,
)
from hatecrime.database import Facts, only_analysts
from hatecrime.filters import Filters
from hatecrime.periods import latest
from hatecrime.reports.coverage import CentreCoverage, coverage
from hatecrime.words import centres as words

LISTED = [
    "centre_id",
    "label",
    "locality",
    "open_at_end",
    "reports",
    "nearest",
    "expected",
    "verdict",
    "returns_sent",
    "last_contact_on",
    "last_visit_on",
    "last_training_on",
    "last_return_on",
    "last_report_on",
    "answers",
    "satisfied",
]
SHOWN = ["label", "reports", "nearest", "expected", "verdict", "returns_sent"]


def review_centres(
    store: Store = None,
    area: Area = None,
    start: From = None,
    finish: To = None,
    audience: ForAudience = Audience.analyst,
    as_json: AsJson = False,
) -> None:
    """Which incidents are near an open centre, which places have none, and which centres are silent."""
    with refusing():
        only_analysts(audience.value)
        snapshot = snapshot_of(store)
        asked = Filters(area=area, start=day(start), finish=day(finish))
        filters = _last_year(checked(asked, snapshot), snapshot.facts)
        found = coverage(snapshot, filters)
    if as_json:
        print_json({"snapshot": snapshot.name, "filters": filters_as_json(filters), **_as_json(found)})
        return
    typer.echo(words.answer(found.cover, found.open_centres, found.without, found.surprises))
    print_table(found.centres[SHOWN])
    print_table(found.places[["label", "n", "centres"]])


def _last_year(filters: Filters, facts: Facts) -> Filters:
    """The last 12 complete months where no first day is given."""
    if filters.start or facts.complete_to is None:
        return filters
    year = latest("12m", filters.finish or facts.complete_to)
    return filters.but(start=year.start, finish=filters.finish or year.finish)


def _as_json(found: CentreCoverage) -> dict[str, Any]:
    return {
        "open_centres": found.open_centres,
        "incidents": found.cover.total,
        "unplaced": found.cover.unplaced,
        "detour": found.cover.detour,
        "bands": [asdict(band) for band in found.cover.bands],
        "outside": asdict(found.cover.outside),
        "median_metres": found.cover.median,
        "centres": found.centres[LISTED].to_dict("records"),
        "places": found.places.to_dict("records"),
        "without": found.without,
    }
