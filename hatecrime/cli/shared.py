"""hatecrime count for an audience that may not see exact figures: a selection from the shared table."""

import pandas as pd

from hatecrime.database import NotShared, Snapshot, fetch, shared
from hatecrime.filters import Filters
from hatecrime.i18n import _
from hatecrime.protect.audience import CHARACTERISTICS, PERIODS
from hatecrime.shape.shared import cells


def shared_count(
    snapshot: Snapshot, audience: str, filters: Filters, by: tuple[str, ...], level: str | None
) -> pd.DataFrame:
    """Incidents of the shared table: columns by…, n, symbol. NotShared says what else could be asked for."""
    period, characteristic = _asked(by), next((each for each in by if each in CHARACTERISTICS["incidents"]), "")
    _only_places_and_times(filters)
    table = shared(snapshot, audience)
    level = _level_of(snapshot, filters.area) if filters.area else level
    areas = [filters.area] if filters.area else None
    found = cells(table, measure="incidents", level=level or "", period=period, by=characteristic, areas=areas)
    if found.empty:
        raise NotShared(_("This is not shared. Shared are: {offers}.").format(offers=_offered(table)))
    found = found[_inside(found["start"], filters)].rename(columns={"start": period, "code": characteristic})
    if "area" not in by and not filters.area:
        raise NotShared(_("Shared figures are by area: add --by area, or --area with a code."))
    return found[[*by, "n", "symbol"]].reset_index(drop=True)


def _asked(by: tuple[str, ...]) -> str:
    """The period of a question of at most an area, a period and a characteristic."""
    periods = [each for each in by if each in PERIODS]
    others = [each for each in by if each not in (*PERIODS, "area", *CHARACTERISTICS["incidents"])]
    characteristics = len(by) - len(periods) - len(others) - ("area" in by)
    if len(periods) != 1 or others or characteristics > 1:
        sentence = _("Shared figures are by one of {periods}, by area, and by at most one of {characteristics}.")
        known = {"periods": ", ".join(PERIODS), "characteristics": ", ".join(CHARACTERISTICS["incidents"])}
        raise NotShared(sentence.format(**known))
    return periods[0]


def _only_places_and_times(filters: Filters) -> None:
    if filters != Filters(area=filters.area, start=filters.start, finish=filters.finish):
        raise NotShared(_("Shared figures can be narrowed by area and period only."))


def _level_of(snapshot: Snapshot, area: str) -> str:
    listed = fetch(snapshot, "areas/listed")
    return str(listed.loc[listed["area_code"] == area, "level"].iloc[0])


def _inside(starts: pd.Series, filters: Filters) -> pd.Series:
    """Periods that start within the dates asked for."""
    first = pd.Timestamp(filters.start or pd.Timestamp.min)
    return starts.between(first, pd.Timestamp(filters.finish or pd.Timestamp.max))


def _offered(table: pd.DataFrame) -> str:
    offers = table.loc[table["measure"] == "incidents", ["level", "period", "by"]].drop_duplicates()
    return "; ".join(" ".join(filter(None, row)) for row in offers.itertuples(index=False))
