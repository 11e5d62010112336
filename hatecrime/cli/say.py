"""What the commands share: options, the snapshot, how they refuse and how they print."""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from hatecrime.database import DataError, Snapshot, count, fetch, open_newest
from hatecrime.dictionary import UnknownCode
from hatecrime.extracts.errors import ExtractError
from hatecrime.filters import Filters
from hatecrime.i18n import MISSING, _, number
from hatecrime.periods import quarter_number, year_label
from hatecrime.settings import SettingsError, default_store

REFUSED, WRONG_USAGE = 1, 2


class Audience(StrEnum):
    """Who will see the figures."""

    analyst = "analyst"
    partner = "partner"
    public = "public"


class Basis(StrEnum):
    """The date that counts."""

    recorded = "recorded"
    occurred = "occurred"


Store = Annotated[Path | None, typer.Option(help="Folder of snapshots; its newest whole one is used.")]
Area = Annotated[str | None, typer.Option(help="Code of an area.")]
From = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")]
To = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")]
OnBasis = Annotated[Basis, typer.Option(help="By the date recorded or the date it happened.")]
ForAudience = Annotated[Audience, typer.Option(help="Who will see the figures.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what can go wrong into a sentence and an exit code."""
    try:
        yield
    except (DataError, ExtractError, SettingsError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(REFUSED) from None
    except OSError as error:
        sentence = _("{path} cannot be used: {reason}.")
        typer.echo(sentence.format(path=error.filename or MISSING, reason=error.strerror), err=True)
        raise typer.Exit(REFUSED) from None
    except (UnknownCode, ValueError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(WRONG_USAGE) from None


def snapshot_of(store: Path | None) -> Snapshot:
    """The newest whole snapshot of a store."""
    return open_newest(store or default_store())


def checked(filters: Filters, snapshot: Snapshot) -> Filters:
    """The filters, if the snapshot knows their area and their period does not end before it starts."""
    if filters.start and filters.finish and filters.finish < filters.start:
        raise ValueError(_("--to is before --from."))
    listed = fetch(snapshot, "areas/listed")["area_code"]
    # An area can be on record without being listed: a code that a source gave, but no outline.
    if filters.area in (None, *listed) or count(snapshot, Filters(area=filters.area))["n"].iloc[0]:
        return filters
    raise ValueError(_("There is no area “{area}” in the snapshot.").format(area=filters.area))


def day(moment: datetime | None) -> date | None:
    """The day of an option."""
    return moment.date() if moment else None


def filters_as_json(filters: Filters) -> dict[str, Any]:
    """All the filters, those that are not set too, under the names that links use."""
    return {
        "area": filters.area,
        "from": filters.start.isoformat() if filters.start else None,
        "to": filters.finish.isoformat() if filters.finish else None,
        "basis": filters.basis,
        "kind": list(filters.kinds),
        "crime_type": list(filters.crime_types),
        "strand": list(filters.strands),
        "channel": list(filters.channels),
        "location_type": list(filters.location_types),
        "online": filters.online,
    }


def written(dimension: str, value: Any) -> Any:
    """
    A value of a dimension as programs read it.

    >>> written("quarter", pd.Timestamp(2016, 4, 1)), written("month", pd.Timestamp(2016, 7, 1))
    ('2016/17 Q1', '2016-07')
    """
    if pd.isna(value):
        return None
    if dimension == "month":
        return f"{value:%Y-%m}"
    if dimension == "quarter":
        return quarter_name(value.date())
    if dimension == "year":
        return year_label(value.date())
    if dimension == "rolling":
        return f"{value:%Y-%m}/{value + pd.DateOffset(months=11):%Y-%m}"
    return int(value) if dimension == "calendar_year" else value


def quarter_name(first: date) -> str:
    """A quarter as programs read it."""
    return f"{year_label(first)} Q{quarter_number(first)}"


def print_json(answer: dict[str, Any]) -> None:
    """One object; what is not a number is null."""
    typer.echo(json.dumps(_plain(answer), ensure_ascii=False, allow_nan=False))


def print_table(frame: pd.DataFrame) -> None:
    """A table for people: texts on the left, numbers on the right."""
    cells = [[_cell(value) for value in row] for row in frame.itertuples(index=False)]
    rows = [list(map(str, frame.columns)), *cells]
    widths = [max(len(row[i]) for row in rows) for i in range(len(frame.columns))]
    numeric = [pd.api.types.is_numeric_dtype(kind) for kind in frame.dtypes]
    for row in rows:
        padded = [
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, numeric, strict=True)
        ]
        typer.echo("  ".join(padded).rstrip())


def _cell(value: Any) -> str:
    if pd.isna(value):
        return "–"
    if isinstance(value, float) and not value.is_integer():
        return number(value, 2) if math.isfinite(value) else "∞"
    return number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _plain(value: Any) -> Any:
    """Only what JSON has: no dates, no nan, no types of pandas."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "item"):
        value = value.item()
    if value is None or pd.isna(value) or value in (math.inf, -math.inf):
        return None
    return value.date().isoformat() if isinstance(value, datetime) else value
