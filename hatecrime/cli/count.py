"""hatecrime count: incidents by up to three dimensions."""

from typing import Annotated

import pandas as pd
import typer

from hatecrime import database
from hatecrime.cli.say import (
    Area,
    AsJson,
    Audience,
    Basis,
    ForAudience,
    From,
    OnBasis,
    Store,
    To,
    checked,
    day,
    filters_as_json,
    print_json,
    print_table,
    refusing,
    snapshot_of,
    written,
)
from hatecrime.cli.shared import shared_count
from hatecrime.database import Snapshot
from hatecrime.dictionary import code_list
from hatecrime.filters import Filters
from hatecrime.i18n import _, number
from hatecrime.shape.labels import label_of, name_in_language

DEFAULT_LEVEL = "district"
DIMENSIONS = ", ".join(database.INCIDENT_DIMENSIONS)

Codes = list[str] | None


def count(
    store: Store = None,
    by: Annotated[Codes, typer.Option(help=f"Up to three of: {DIMENSIONS}.")] = None,
    area: Area = None,
    level: Annotated[str | None, typer.Option(help="Level of areas, or metres of a grid.")] = None,
    start: From = None,
    finish: To = None,
    basis: OnBasis = Basis.recorded,
    strand: Annotated[Codes, typer.Option(help="A strand; may be given again.")] = None,
    crime_type: Annotated[Codes, typer.Option(help="A crime type or group; may be given again.")] = None,
    kind: Annotated[Codes, typer.Option(help="crime or non_crime.")] = None,
    channel: Annotated[Codes, typer.Option(help="How it was reported; may be given again.")] = None,
    location_type: Annotated[Codes, typer.Option(help="Kind of place; may be given again.")] = None,
    online: Annotated[bool | None, typer.Option("--online/--offline", help="Online, or not.")] = None,
    audience: ForAudience = Audience.analyst,
    as_json: AsJson = False,
) -> None:
    """Count incidents. A record counts once in the total and once in each of its strands."""
    dimensions = tuple(name.replace("-", "_") for name in by or ())
    level = level or (DEFAULT_LEVEL if "area" in dimensions else None)
    filters = Filters(
        area=area,
        start=day(start),
        finish=day(finish),
        basis=basis.value,
        kinds=tuple(kind or ()),
        crime_types=tuple(crime_type or ()),
        strands=tuple(strand or ()),
        channels=tuple(channel or ()),
        location_types=tuple(location_type or ()),
        online=online,
    )
    with refusing():
        snapshot = snapshot_of(store)
        filters = checked(filters, snapshot)
        frame, total = _counted(snapshot, audience, filters, dimensions, level)
        frame = _readable(frame, dimensions, snapshot)
    if not as_json:
        print_table(frame)
        if total is not None:
            typer.echo(_("Total: {n}").format(n=number(total)))
        return
    print_json(
        {
            "snapshot": snapshot.name,
            "filters": filters_as_json(filters),
            "by": list(dimensions),
            "level": level,
            "rows": frame.to_dict("records"),
            "total": total,
        }
    )


def _counted(
    snapshot: Snapshot, audience: Audience, filters: Filters, by: tuple[str, ...], level: str | None
) -> tuple[pd.DataFrame, int | None]:
    """The counts and their total; only analysts have one, since shared figures are not added up."""
    if audience is not Audience.analyst:
        return shared_count(snapshot, audience.value, filters, by, level or DEFAULT_LEVEL), None
    frame = database.count(snapshot, filters, by, level)
    return frame, int(database.count(snapshot, filters)["n"].iloc[0])


def _readable(frame: pd.DataFrame, by: tuple[str, ...], snapshot: Snapshot) -> pd.DataFrame:
    """Dates as people write them, and the names of areas beside their codes."""
    shown = pd.DataFrame({name: [written(name, value) for value in frame[name]] for name in by})
    if "area" in by:
        listed = database.fetch(snapshot, "areas/listed")
        names = dict(zip(listed["area_code"], name_in_language(listed), strict=True))
        codes = code_list("area")
        shown["label"] = [names.get(code) or label_of(code, codes) for code in shown["area"]]
    if not by:
        return frame
    shown["n"] = frame["n"].astype(object).where(frame["n"].notna(), None)
    return shown.assign(symbol=frame["symbol"].to_numpy()) if "symbol" in frame else shown
