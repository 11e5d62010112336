"""Run a named query on a snapshot, for an audience. Whatever a page draws came through here."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from hatecrime.access import lies_in
from hatecrime.dictionary import NOT_RECORDED, SCHEMA_VERSION, code_list
from hatecrime.filters import Filters
from hatecrime.i18n import _
from hatecrime.key import read_key
from hatecrime.protect.audience import audience, more_trusted
from hatecrime.protect.plan import needed
from hatecrime.protect.table import shared_table, withheld_too
from hatecrime.queries import Query, read_query
from hatecrime.queries import query_names as query_names

DATES = ("month", "quarter", "year")
INCIDENT_DIMENSIONS = (
    *DATES,
    "calendar_year",
    "kind",
    "crime_type",
    "crime_group",
    "strand",
    "sub_strand",
    "channel",
    "location_type",
    "outcome",
    "outcome_group",
    "online",
    "area",
    "grid",
    "centre_id",
    "source",
    "hour",
    "weekday",
)
REFERRAL_DIMENSIONS = (
    *DATES,
    "calendar_year",
    "route",
    "route_group",
    "strand",
    "status",
    "district",
    "force",
    "language",
    "need",
)
MOST_DIMENSIONS = 3
CELL_SIZE = re.compile(r"[1-9][0-9]{0,6}")

# A snapshot is complete in itself: nothing is ever fetched to read it.
_CONFIG: Mapping[str, str] = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


class DataError(Exception):
    """The data cannot be had; the message says what, where, and how to mend it."""


class NoSnapshot(DataError):
    """There is no snapshot to serve."""


class BadSnapshot(DataError):
    """The file is no snapshot, not a whole one, or one of another version of the program."""


class NotShared(DataError):
    """The audience may see the shared table only, and this is not in it."""


class NotInScope(DataError):
    """The user is limited to certain areas, and this is about others."""


@dataclass(frozen=True)
class Facts:
    """What a snapshot says about itself."""

    name: str
    schema_version: int
    crs: str
    data_to: date | None
    complete_to: date | None
    synthetic: bool
    approximate: bool


@dataclass(frozen=True, eq=False)
class Snapshot:
    """
    An open snapshot. The connection is never used itself: every query takes a cursor of its own.

    audience and areas are those of the user for whom it is open: whatever is asked of it keeps to them.
    """

    path: Path
    facts: Facts
    connection: duckdb.DuckDBPyConnection = field(repr=False)
    audience: str = "analyst"
    areas: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What tells it from every other snapshot; results are cached under it."""
        return self.facts.name

    def limited(self, audience: str, areas: tuple[str, ...]) -> "Snapshot":
        """The same snapshot for a user who may see less."""
        return replace(self, audience=audience, areas=areas)

    def everywhere(self, filters: Filters) -> Filters:
        """The filters without their area, as far as the user may look."""
        return filters if self.areas else filters.but(area=None)

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()


@dataclass(frozen=True)
class Provenance:
    """How a figure was made: the query, what was bound to it, the snapshot, and the extracts behind it."""

    query: Query
    values: dict[str, Any]
    snapshot: str
    extracts: pd.DataFrame


def newest(store: Path) -> Path:
    """The newest whole snapshot of a folder; files that cannot be used are passed over."""
    snapshot = open_newest(store)
    snapshot.close()
    return snapshot.path


def open_newest(store: Path) -> Snapshot:
    """Open the newest whole snapshot of a folder. The folder is listed again until it stays as it is, because a build
    may have deleted what was listed."""
    refused: list[str] = []
    listed: list[Path] | None = None
    while (found := sorted(store.glob("hatecrime-*.duckdb"), reverse=True)) != listed:
        listed, refused = found, []
        for path in found:
            try:
                return open_snapshot(path)
            except (BadSnapshot, NoSnapshot) as error:
                refused.append(str(error))
    command = f"hatecrime build --extracts data/sample --store {store}"
    sentence = _("There is no snapshot in {store}. Make one with: {command}")
    raise NoSnapshot(" ".join([sentence.format(store=store, command=command), *refused]))


def open_snapshot(path: Path) -> Snapshot:
    """Open one snapshot, read-only."""
    if not path.is_file():
        raise NoSnapshot(_("There is no snapshot {path}. Build it or name another.").format(path=path))
    try:
        connection = duckdb.connect(str(path), read_only=True, config=dict(_CONFIG))
        try:
            return Snapshot(path, _facts(path, connection), connection)
        except Exception:
            connection.close()
            raise
    except (duckdb.Error, IndexError) as error:
        raise _bad(path, error) from None


def fetch(
    snapshot: Snapshot, name: str, filters: Filters | None = None, audience: str = "analyst", **values: Any
) -> pd.DataFrame:
    """
    The rows of queries/<name>.sql.

    Binds $filters and the lists of codes where the query declares them; every other parameter that it
    declares must be given, and nothing else may be.
    """
    if not read_query(name).for_everyone:
        only_analysts(audience if snapshot.audience == "analyst" else snapshot.audience)
    only_within(snapshot.areas, name, filters, values)
    with _cursor(snapshot) as cursor:
        statement = cursor.extract_statements(read_query(name).sql)[0]
        bound = _bound(name, set(statement.named_parameters), filters, values)
        cursor.execute(statement, bound)
        texts = [name for name, kind, *_rest in cursor.description if str(kind) == "VARCHAR"]
        return _clean(cursor.df(), texts)


def count(
    snapshot: Snapshot,
    filters: Filters,
    by: tuple[str, ...] = (),
    level: str | int | None = None,
    audience: str = "analyst",
) -> pd.DataFrame:
    """
    The number of incidents, by up to three dimensions: columns by…, n. Only what occurs has a row.

    level is the level of "area" or the metres of "grid". Without a dimension: one row.
    """
    _check(by, INCIDENT_DIMENSIONS, level)
    level = None if level is None else str(level)
    return _counted(snapshot, "incidents/count", filters, by, audience, level=level)


def count_referrals(
    snapshot: Snapshot, filters: Filters, by: tuple[str, ...] = (), audience: str = "analyst"
) -> pd.DataFrame:
    """The number of referrals, by up to three dimensions: columns by…, n. Only what occurs has a row."""
    _check(by, REFERRAL_DIMENSIONS)
    return _counted(snapshot, "referrals/count", filters, by, audience)


def shared(snapshot: Snapshot, audience_name: str) -> pd.DataFrame:
    """
    The shared table: every cell that a protected audience can reach, and nothing else. Slow: keep what it gives.
    Columns: hatecrime.protect.table.COLUMNS. n is <NA> where the cell is withheld, and symbol says so.
    """
    if snapshot.audience not in ("analyst", audience_name):
        only_analysts(snapshot.audience)
    whole = snapshot.limited("analyst", ())
    table = _shared(whole, audience_name)
    for name in more_trusted(audience_name):
        table = withheld_too(table, _shared(whole, name), (audience_name, name))
    return table


def _shared(snapshot: Snapshot, audience_name: str) -> pd.DataFrame:
    """What would be shared with one audience if there were no other."""
    chosen = audience(audience_name)
    counts = {
        (measure, level, by): fetch(snapshot, f"{measure}/cells", Filters(), level=level, by=by or None)
        for measure, level, by in needed(chosen)
    }
    return shared_table(chosen, counts, fetch(snapshot, "areas/listed"), snapshot.facts.complete_to, read_key())


def provenance(
    snapshot: Snapshot, name: str, filters: Filters | None = None, values: Mapping[str, Any] | None = None
) -> Provenance:
    """How the rows of a query were made, for people who want to follow a figure to its source."""
    query = read_query(name)
    extracts = fetch(snapshot, "extracts/loaded")
    used = extracts[extracts["target"].isin(query.tables)].reset_index(drop=True)
    bound = {} if filters is None else {key: value for key, value in filters.to_struct().items() if value}
    return Provenance(query, {**bound, **(values or {})}, snapshot.name, used)


def _facts(path: Path, connection: duckdb.DuckDBPyConnection) -> Facts:
    """What a snapshot says of itself: its version first, since another version may say the rest in other columns."""
    (version,) = connection.execute(read_query("about/version").sql).fetchall()[0]
    if version != SCHEMA_VERSION:
        raise _of_another_version(path, version)
    return Facts(*connection.execute(read_query("about/snapshot").sql).fetchall()[0])


def _bound(name: str, declared: set[str], filters: Filters | None, values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - declared
    if unknown:
        raise ValueError(f"queries/{name}.sql does not declare {_dollars(unknown)}.")
    known = {**_code_parameters(declared), **values}
    if "filters" in declared:
        known["filters"] = (filters or Filters()).to_struct()
    missing = declared - set(known)
    if missing:
        raise ValueError(f"queries/{name}.sql needs {_dollars(missing)}.")
    return known


def _code_parameters(declared: set[str]) -> dict[str, Any]:
    """What a query takes from the code lists, each only if it is asked for."""
    known: dict[str, Callable[[], Any]] = {
        "strands": _strands,
        "crime_groups": lambda: _groups("crime_type"),
        "outcome_groups": lambda: _groups("outcome"),
        "route_groups": lambda: _groups("referral_route"),
        "aggravated": _aggravated,
        "race_or_religion": lambda: code_list("strand").bit("race") | code_list("strand").bit("religion"),
    }
    return {name: make() for name, make in known.items() if name in declared}


def _strands() -> list[dict[str, Any]]:
    known = code_list("strand")
    return [{"code": code, "bit": known.bit(code)} for code in known if known[code].extras.get("bit")]


def _groups(list_name: str) -> list[dict[str, str]]:
    known = code_list(list_name)
    return [{"code": code, "group": known.group(code)} for code in known]


def _aggravated() -> list[str]:
    return [code.code for code in code_list("offence_code").values() if code.extras["aggravated"] == "yes"]


def _counted(
    snapshot: Snapshot, name: str, filters: Filters, by: tuple[str, ...], audience: str, **values: Any
) -> pd.DataFrame:
    places = [f"by{place}" for place in range(1, MOST_DIMENSIONS + 1)]
    asked = dict(zip_longest(places, by))
    frame = fetch(snapshot, name, filters, audience, **asked, **values)
    if not by:
        return pd.DataFrame({"n": [int(frame["n"].sum())]})
    frame = frame[[*places[: len(by)], "n"]].set_axis([*by, "n"], axis=1)
    for dimension in by:
        frame[dimension] = _dimension(dimension, frame[dimension])
    return frame


def _dimension(name: str, values: pd.Series) -> pd.Series:
    if name in DATES:
        return pd.to_datetime(values).astype("datetime64[us]")
    if name == "calendar_year":
        return values.astype("Int64")
    return values.astype("str").fillna(NOT_RECORDED)


def _check(by: tuple[str, ...], known: tuple[str, ...], level: str | int | None = None) -> None:
    for dimension in by:
        if dimension not in known:
            sentence = _("There is no dimension “{name}”; there are {known}.")
            raise ValueError(sentence.format(name=dimension, known=", ".join(known)))
    if len(by) > MOST_DIMENSIONS or len(set(by)) < len(by):
        raise ValueError(_("Up to three different dimensions can be counted at once."))
    if {"area", "grid"} <= set(by):
        raise ValueError(_("Areas and grid cells cannot be counted at once."))
    if "area" in by and level not in code_list("area_level"):
        levels = ", ".join(code_list("area_level"))
        raise ValueError(_("Counting by area needs a level: {levels}.").format(levels=levels))
    if "grid" in by and not CELL_SIZE.fullmatch(str(level)):
        raise ValueError(_("Counting by grid needs the size of a cell in whole metres."))


def _clean(frame: pd.DataFrame, texts: list[str]) -> pd.DataFrame:
    """Text as text, even where all of it is missing or the snapshot stores it as an enumeration."""
    coded = frame.select_dtypes("category").columns
    return frame.astype(dict.fromkeys((*texts, *coded), "str"))


def only_analysts(audience: str) -> None:
    """Refuse exact figures to anybody else."""
    if audience != "analyst":
        sentence = _("This is for analysts; the audience “{audience}” sees shared figures only.")
        raise NotShared(sentence.format(audience=audience))


def only_within(
    areas: tuple[str, ...], name: str, filters: Filters | None, values: Mapping[str, Any] | None = None
) -> None:
    """
    The one rule about places: who is limited to areas asks about those and what lies in them. What cannot be limited
    to an area is refused, unless it is for everyone.
    """
    query = read_query(name)
    if query.is_filtered:
        asked = [(filters or Filters()).area, *([(values or {}).get("area")] if query.names_area else [])]
        if not all(lies_in(area, areas) for area in asked):
            raise NotInScope(_("Your sign-in is limited to certain areas, and this is about others."))
    elif areas and not query.for_everyone:
        raise NotInScope(_("This is known for all areas together only, and your sign-in is limited to certain areas."))


@contextmanager
def _cursor(snapshot: Snapshot) -> Iterator[duckdb.DuckDBPyConnection]:
    cursor = snapshot.connection.cursor()
    try:
        yield cursor
    finally:
        cursor.close()


def _bad(path: Path, error: Exception) -> BadSnapshot:
    reason = str(error).splitlines()[0]
    sentence = _("{path} is not a whole snapshot ({reason}). Delete it, or build a new one.")
    return BadSnapshot(sentence.format(path=path, reason=reason))


def _of_another_version(path: Path, found: int) -> BadSnapshot:
    sentence = _(
        "{path} was built by another version of this program: its tables are version {found}, and version {wanted} is "
        "needed. Build it again from its extracts."
    )
    return BadSnapshot(sentence.format(path=path, found=found, wanted=SCHEMA_VERSION))


def _dollars(names: set[str]) -> str:
    return ", ".join(f"${name}" for name in sorted(names))
