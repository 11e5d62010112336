"""hatecrime hotspots: where most is recorded, what stands out that totals hide, and where to put training."""

from typing import Annotated, Any

import pandas as pd
import typer

from hatecrime.cli import places
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
    print_table,
    quarter_name,
    refusing,
    snapshot_of,
)
from hatecrime.database import Snapshot, only_analysts
from hatecrime.filters import Filters
from hatecrime.i18n import _
from hatecrime.reports.hotspots import Hotspots, hotspots_of
from hatecrime.reports.unknown import Unknown, unknown
from hatecrime.shape.choices import SEED, SHAPES, Choices
from hatecrime.words import unknown as words

Codes = list[str] | None
SHOWN = ["rank", "label", "finding", "what", "sure", "observed", "expected", "since"]
TRAINING_SHOWN = ["rank", "label", "n", "school", "young", "put"]


def hotspots(
    store: Store = None,
    level: Annotated[str, typer.Option(help="Places: ward, lsoa, locality, district, square or hexagon.")] = "ward",
    size: Annotated[int, typer.Option(min=0, help="Metres across a square or hexagon; 0 to have it chosen.")] = 0,
    permutations: Annotated[
        int, typer.Option(min=0, max=9999, help="Random draws for clusters; 0: all there are.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="Of whatever is drawn by chance.")] = SEED,
    area: Area = None,
    start: From = None,
    finish: To = None,
    strand: Annotated[Codes, typer.Option(help="A strand; may be given again.")] = None,
    crime_type: Annotated[Codes, typer.Option(help="A crime type or group; may be given again.")] = None,
    kind: Annotated[Codes, typer.Option(help="crime or non_crime.")] = None,
    top: Annotated[int, typer.Option(min=0, help="Entries to list at most; 0 for all.")] = 20,
    audience: ForAudience = Audience.analyst,
    as_json: AsJson = False,
) -> None:
    """Where most is recorded, what stands out that nobody knew of, how sure that is, and where to tailor training."""
    with refusing():
        only_analysts(audience.value)
        asked = Filters(
            area=area,
            start=day(start),
            finish=day(finish),
            strands=tuple(strand or ()),
            crime_types=tuple(crime_type or ()),
            kinds=tuple(kind or ()),
        )
        snapshot = snapshot_of(store)
        filters = checked(asked, snapshot)
        check_days(filters, snapshot)
        check_level(level, snapshot, cells=True)
        listed_level = "ward" if level in SHAPES else level
        found = unknown(snapshot, filters, listed_level)
        filters = filters.during(found.period) if found.period else filters
        choices = Choices(level, size=size, permutations=permutations, seed=seed)
        mapped = hotspots_of(snapshot, filters, choices) if found.period else None
    listed = found.entries.head(top or None)
    if as_json:
        answer = {"snapshot": snapshot.name, "filters": filters_as_json(filters), "level": level}
        answer["entries_level"] = listed_level
        print_json({**answer, **_as_json(found, listed), **(places.as_json(mapped) if mapped else {})})
        return
    if level in SHAPES:
        typer.echo(_("The list is of wards, because cells have no residents and no name; the cells come after it."))
    _print(found, listed)
    if mapped and len(mapped.table):
        _print_places(mapped, snapshot)


def _print_places(mapped: Hotspots, snapshot: Snapshot) -> None:
    if mapped.total:
        places.show(mapped)
    else:
        typer.echo(no_incident(snapshot))


def _as_json(found: Unknown, listed: pd.DataFrame) -> dict[str, Any]:
    entries = listed.to_dict("records")
    return {
        "period": {"from": str(found.period.start), "to": str(found.period.finish)} if found.period else None,
        "tested": found.tested,
        "unusual": found.found,
        "by_chance": round(found.by_chance, 1),
        "entries": [{**entry, "since": quarter_name(entry["since"])} for entry in entries],
        "training": found.training.to_dict("records"),
        "notes": list(found.notes),
    }


def _print(found: Unknown, listed: pd.DataFrame) -> None:
    for note in found.notes:
        typer.echo(note)
    if listed.empty:
        # Where nothing was compared the notes say why, and silence is no finding.
        if found.tested:
            typer.echo(_("Nothing stands out."))
        return
    typer.echo()
    finding, sure = listed["kind"].map(words.kinds()), listed["sure"].map(words.sure_word)
    print_table(listed.assign(finding=finding, sure=sure, since=listed["since"].map(quarter_name))[SHOWN])
    typer.echo()
    for entry in listed.itertuples():
        near = ", ".join(words.near(each["label"], each["metres"]) for each in entry.near)
        typer.echo(f"{entry.rank}. {entry.reason}" + (" " + _("Near: {names}.").format(names=near) if near else ""))
    typer.echo("\n" + "\n".join(words.sureness().values()) + "\n")
    typer.echo(_("Where to tailor training and school inputs") + "\n")
    print_table(found.training[TRAINING_SHOWN])
