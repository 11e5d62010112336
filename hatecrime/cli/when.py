"""hatecrime when: at which hours, whether it comes back nearby, and clusters of places and months."""

from typing import Annotated, Any

import numpy as np
import typer

from hatecrime.cli.asked import check_days, check_level, no_incident
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
    refusing,
    snapshot_of,
)
from hatecrime.database import Facts, Snapshot, only_analysts
from hatecrime.filters import Filters
from hatecrime.i18n import _
from hatecrime.periods import latest
from hatecrime.reports.when import When, when_of
from hatecrime.shape.when import SEED, by_band
from hatecrime.words import when as words


def when(
    store: Store = None,
    level: Annotated[str, typer.Option(help="Level of the areas that are looked through for clusters.")] = "ward",
    base: Annotated[str, typer.Option(help="What is expected: by people, or by each place's own share.")] = "people",
    area: Area = None,
    start: From = None,
    finish: To = None,
    seed: Annotated[int, typer.Option(help="Of whatever is drawn by chance.")] = SEED,
    audience: ForAudience = Audience.analyst,
    as_json: AsJson = False,
) -> None:
    """At which hours and days it happens, whether it comes back nearby, and where it clustered for a time."""
    with refusing():
        only_analysts(audience.value)
        snapshot = snapshot_of(store)
        filters = checked(Filters(area=area, start=day(start), finish=day(finish)), snapshot)
        if base not in ("people", "own"):
            raise ValueError(_("The base is “people” or “own”, not “{base}”.").format(base=base))
        check_days(filters, snapshot)
        check_level(level, snapshot)
        filters = _closed(filters, snapshot.facts)
        found = when_of(snapshot, filters, level, "people" if base == "people" else "own", seed)
        said = _said(found, snapshot)
    if as_json:
        asked = {"filters": filters_as_json(filters), "level": level}
        print_json({"snapshot": snapshot.name, **asked, **_as_json(found, said)})
        return
    typer.echo("\n".join(dict.fromkeys(said.values())))


def _closed(filters: Filters, facts: Facts) -> Filters:
    """The last 12 complete months where no first day is given; an open end is that of the data."""
    last = filters.finish or facts.complete_to
    if last is None or (filters.start and filters.start > last):
        last = facts.data_to
    if filters.start or last is None:
        return filters.but(finish=last)
    return filters.during(latest("12m", last))


def _said(found: When, snapshot: Snapshot) -> dict[str, str]:
    """What is found of each; of no incident at all only that there is none."""
    if not found.times.total:
        return dict.fromkeys(("times", "repeats", "clusters"), no_incident(snapshot))
    return {
        "times": words.times(found.times),
        "repeats": words.repeats(found.repeats) if found.repeats else _("Too many pairs to compare with chance."),
        "clusters": words.clusters(found.clusters),
    }


def _as_json(found: When, said: dict[str, str]) -> dict[str, Any]:
    clusters = found.clusters
    rows = [{**row, "ids": list(row["ids"]), "labels": list(row["labels"])} for row in clusters.rows.to_dict("records")]
    return {
        "times": {
            "known": found.times.known,
            "total": found.times.total,
            # A list for each hour from midnight, Monday first.
            "by_hour_and_weekday": np.asarray(found.times.grid).tolist(),
            "finding": said["times"],
        },
        "repeats": _repeats(found, said["repeats"]),
        "clusters": {"finding": said["clusters"], "tested": clusters.tested, "rows": rows},
    }


def _repeats(found: When, said: str) -> dict[str, Any] | None:
    if found.repeats is None:
        return None
    bands = by_band(found.repeats.bands)
    bands["clear"] = bands["clear"].astype(bool)
    return {"finding": said, "bands": bands.to_dict("records")}
