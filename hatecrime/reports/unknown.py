"""Hotspots and vulnerability that nobody knew of: a ranked list per quarter, and where to put training."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from hatecrime.database import Snapshot
from hatecrime.filters import Filters
from hatecrime.i18n import _
from hatecrime.periods import Period, latest, months, quarter_number, quarter_of, year_label
from hatecrime.reports import unknown_tests as kinds
from hatecrime.reports.quarterly import latest_quarter
from hatecrime.reports.unknown_counts import ALL, FLAGS, Counts, Part, Window, counted, over, points
from hatecrime.reports.unknown_near import Nearby, middles, nearby
from hatecrime.reports.unknown_training import TRAINING, training
from hatecrime.shape.grid_names import point_name
from hatecrime.stats.standing_out import ALONE, CONFIDENT, LIKELY, WATCH, Sureness, how_sure
from hatecrime.words import unknown as words

# A place that stood out in these years together is no news.
YEARS_BEFORE = 3
CLASSES = (CONFIDENT, LIKELY, WATCH)
ENTRY = (
    "rank",
    "key",
    "kind",
    "code",
    "strand",
    "crime_group",
    "area",
    "label",
    "what",
    "sure",
    "known",
    "p",
    "observed",
    "expected",
    "ratio",
    "low",
    "high",
    "since",
    "reason",
    "also",
    "near",
    "query",
)


@dataclass(frozen=True)
class Unknown:
    """
    What stands out, and where training is worth most.

    entries has the columns ENTRY, most to act on first: sure is "confident", "likely" or "watch"; known, whether the
    place stood out in the same way in the years before, so that it is no news and never more than "likely"; since, the
    first day of the quarter from which it would have been on the list, quarter after quarter; also, further findings of
    the same place, as texts; near, what is near (kind, id, venue_type, label, metres); query, the filters that show it,
    as in a link; key, the name under which decisions can be kept: the same entry has the same key whenever the list is
    made.
    training has the columns unknown_training.TRAINING. tested counts the comparisons made, found those that look
    unusual, by_chance how many of those chance alone would be expected to bring.
    """

    entries: pd.DataFrame
    training: pd.DataFrame
    tested: int
    found: int
    by_chance: float
    period: Period | None
    notes: tuple[str, ...]


def unknown(snapshot: Snapshot, filters: Filters, level: str) -> Unknown:
    """
    The list for the places of a level in the area of the filters, each compared with all others of the local authority
    around that area, or with all there are where the filters name none.

    The period is that of the filters in whole months, else the 12 months that end with the last complete quarter.
    """
    period = period_of(snapshot, filters)
    if period is None:
        return _nothing(_("The snapshot has no incidents."))
    counts = counted(snapshot, filters, level, period)
    if not counts.shown.any():
        return _nothing(_("There is no place of this kind in the area."), period)
    window = _window(counts, period)
    at = points(snapshot, filters, level, period, counts.strands)
    tests = pd.concat([kinds.all_tests(counts, window), kinds.at_points(at, counts, window)], ignore_index=True)
    sure = how_sure(tests["p"].to_numpy(dtype=float), tests["size"].to_numpy(dtype=float))
    standing = _standing(tests.assign(sure=sure.sure), counts, window, sure)
    places, spots = nearby(snapshot, filters, period), middles(at, counts)
    entries = _Entries(counts, window, filters, level, period, places, spots).made(standing)
    return Unknown(
        entries=entries,
        training=training(counts, window, entries, places, spots),
        tested=sure.tested,
        found=int((sure.sure != "").sum()),
        by_chance=sure.by_chance,
        period=period,
        notes=_notes(counts, window, filters, period, sure),
    )


def period_of(snapshot: Snapshot, filters: Filters) -> Period | None:
    """The whole months that the list is about; None in a snapshot without incidents."""
    quarter = latest_quarter(snapshot)
    if quarter is None:
        return None
    finish = filters.finish or (max(quarter.finish, filters.start) if filters.start else quarter.finish)
    finish = latest("12m", _month_end(finish)).finish
    start = filters.start or latest("12m", finish).start
    return Period(min(start, finish).replace(day=1), finish)


def _month_end(day: date) -> date:
    return months(Period(day, day + timedelta(days=31)))[1] - timedelta(days=1)


def _nothing(note: str, period: Period | None = None) -> Unknown:
    return Unknown(pd.DataFrame(columns=ENTRY), pd.DataFrame(columns=TRAINING), 0, 0, 0.0, period, (note,))


def _window(counts: Counts, period: Period) -> Window:
    return Window(counts.months.index(period.start), len(counts.months))


def _standing(tests: pd.DataFrame, counts: Counts, window: Window, sure: Sureness) -> pd.DataFrame:
    """The tests that stand out, with since and known; what emerged must have gone on rising."""
    found = tests[tests["sure"] != ""]
    falls = [
        kind == kinds.NEW and not kinds.rising(counts, window, item, place)
        for kind, item, place in zip(found["kind"], found["item"], found["place"], strict=True)
    ]
    found = found[~np.array(falls, dtype=bool)].copy()
    steady = found["kind"].isin([kinds.PER_RESIDENT, kinds.QUIET])
    known = steady & (kinds.chances(counts, _years_before(window), found) < ALONE)
    # However sure it is that such a place differs, that nobody knew of it is not.
    capped = found["sure"].mask(known & (found["sure"] == CONFIDENT), LIKELY)
    return found.assign(known=known, since=_since(found, counts, window, sure), sure=capped)


def _years_before(window: Window) -> Window:
    """Up to three years before the window; where there is not one, none that can be compared with."""
    first = window.first - kinds.YEAR * min(window.first // kinds.YEAR, YEARS_BEFORE)
    return Window(first, window.first) if first < window.first else window.earlier(kinds.YEAR)


def _since(found: pd.DataFrame, counts: Counts, window: Window, sure: Sureness) -> "pd.Series[Any]":
    """The first quarter from which each would have stood on the list, every quarter until now, at least as sure."""
    limit = found["sure"].map(sure.limit)
    earliest = pd.Series(window.last, index=found.index)
    alive, earlier = found, window.earlier(kinds.QUARTER)
    while len(alive) and earlier.first >= 0:
        alive = alive[kinds.chances(counts, earlier, alive) <= limit[alive.index]]
        earliest[alive.index] = earlier.last
        earlier = earlier.earlier(kinds.QUARTER)
    since = earliest.map(lambda last: quarter_of(counts.months[last - 1]).start)
    if "first_on" not in found:
        return since
    first = pd.to_datetime(found["first_on"]).map(lambda day: quarter_of(day.date()).start, na_action="ignore")
    return first.where(found["kind"] == kinds.REPEAT_PLACE, since)


@dataclass(frozen=True)
class _Entries:
    """Makes entries of what stands out."""

    counts: Counts
    window: Window
    filters: Filters
    level: str
    period: Period
    places: Nearby
    spots: dict[str, tuple[float, float]]

    def made(self, standing: pd.DataFrame) -> pd.DataFrame:
        """The entries in order; of findings that overlap in one place, the sharpest speaks and the others follow."""
        rows = list(self._in_order(standing).itertuples())
        groups = _merged([(row.place, self._part(row)) for row in rows])
        made = [
            self._entry(rank, rows[lead], [rows[other] for other in others])
            for rank, (lead, *others) in enumerate(groups, 1)
        ]
        return pd.DataFrame(made, columns=ENTRY)

    def _in_order(self, standing: pd.DataFrame) -> pd.DataFrame:
        by = standing.assign(
            _class=standing["sure"].map({word: i for i, word in enumerate(CLASSES)}),
            _area=self.counts.places["area_code"].to_numpy()[standing["place"].to_numpy(dtype=int)],
        )
        return by.sort_values(["_class", "known", "p", "_area", "kind", "code"], kind="stable").reset_index(drop=True)

    def _part(self, row: Any) -> Part | None:
        return self.counts.parts[row.item] if row.kind in (kinds.HIDDEN, kinds.NEW) else None

    def _entry(self, rank: int, row: Any, others: list[Any]) -> dict[str, Any]:
        area = self.counts.places["area_code"].iloc[row.place]
        found = self._finding(row)
        return {
            "rank": rank,
            "key": ":".join([self._named(), self.level, area, row.kind, row.code]),
            "area": area,
            "what": words.what(found.strand, found.crime_group, found.flag),
            "strand": found.strand,
            "crime_group": found.crime_group,
            "label": found.label,
            "reason": words.reason(found),
            "also": tuple(words.also(self._finding(other)) for other in others),
            "near": self.places.around(self._spot(row, area), found.flag in ("school", "young")),
            "query": self._query(area, found),
            "known": bool(row.known),
            **{name: getattr(row, name) for name in ("kind", "code", "sure", "since")},
            **{name: float(getattr(row, name)) for name in ("p", "observed", "expected", "ratio", "low", "high")},
        }

    def _named(self) -> str:
        """The quarter, or the months where they are no such 12, and whatever else the list is limited to."""
        finish = self.period.finish
        if self.period == latest("12m", finish) and quarter_of(finish).finish == finish:
            name = f"{year_label(finish)}-Q{quarter_number(finish)}".replace("/", "-")
        else:
            name = f"{self.period.start:%Y-%m}_{finish:%Y-%m}"
        limited = self.filters.but(area=None, start=None, finish=None).to_query()
        return ";".join([name, *(f"{field}={value}" for field, value in limited.items())])

    def _finding(self, row: Any) -> words.Finding:
        part = self._part(row) or Part()
        is_flag = row.kind in (kinds.SHARE, kinds.REPEAT_VICTIMS)
        if row.kind == kinds.QUIET and row.code != ALL:
            part = Part(row.code)
        return words.Finding(
            kind=row.kind,
            label=str(self.counts.places["label"].iloc[row.place]),
            observed=float(row.observed),
            expected=float(row.expected),
            low=float(row.low),
            high=float(row.high),
            whole=self._whole(row, is_flag),
            strand=part.strand,
            crime_group=part.crime_group,
            flag=FLAGS[row.item] if is_flag else "",
            before=self._before(row),
            late=self._late(row, is_flag),
            known=bool(row.known),
            at=self._at(row),
            using=tuple(kinds.traits(self.counts, self.window, row.code)[1]) if row.kind == kinds.QUIET else (),
        )

    def _whole(self, row: Any, is_flag: bool) -> float:
        if is_flag:
            return float(over(self.counts.flags[FLAGS[row.item]][1], self.window)[row.place])
        return float(self.counts.total(self.window)[row.place])

    def _before(self, row: Any) -> float:
        if row.kind != kinds.NEW:
            return math.nan
        return float(self.counts.of_parts(kinds.past(self.window))[row.item, row.place])

    def _late(self, row: Any, is_flag: bool) -> float:
        """Those of the last three months; of points, and of silence, it is not said."""
        if row.kind in (kinds.REPEAT_PLACE, kinds.QUIET) or self.window.length < kinds.YEAR:
            return math.nan
        late = Window(self.window.last - kinds.QUARTER, self.window.last)
        if is_flag:
            return float(over(self.counts.flags[FLAGS[row.item]][0], late)[row.place])
        return float(self.counts.of_parts(late)[row.item, row.place])

    def _at(self, row: Any) -> str:
        if row.kind != kinds.REPEAT_PLACE:
            return ""
        return point_name(float(row.easting), float(row.northing), str(self.counts.places.crs))

    def _spot(self, row: Any, area: str) -> tuple[float, float] | None:
        if row.kind == kinds.REPEAT_PLACE:
            return float(row.easting), float(row.northing)
        return self.spots.get(area)

    def _query(self, area: str, found: words.Finding) -> dict[str, str]:
        """The filters under which the entry's incidents can be looked at, as far as filters can tell them apart."""
        wanted = self.filters.during(self.period).but(area=area, strands=self.counts.strands)
        if found.strand:
            wanted = wanted.but(strands=(found.strand,))
        if found.crime_group:
            wanted = wanted.but(crime_types=(found.crime_group,))
        return (wanted.but(online=True) if found.flag == "online" else wanted).to_query()


def _merged(findings: list[tuple[int, Part | None]]) -> list[list[int]]:
    """
    Positions of the findings (place, part) that belong together, in the order given, sharpest first: those of one place
    that can hold the same incidents, be it by way of a third.
    """
    groups: list[list[int]] = []
    for i, (place, part) in enumerate(findings):
        joined = [group for group in groups if any(_overlap(findings[each], (place, part)) for each in group)]
        groups = [group for group in groups if group not in joined]
        groups.append(sorted([i, *(each for group in joined for each in group)]))
    return sorted(groups)


def _overlap(one: tuple[int, Part | None], other: tuple[int, Part | None]) -> bool:
    return one[0] == other[0] and bool(one[1] and other[1] and one[1].overlaps(other[1]))


def _notes(counts: Counts, window: Window, filters: Filters, period: Period, sure: Sureness) -> tuple[str, ...]:
    return tuple(filter(None, _each_note(counts, window, filters, period, sure)))


def _each_note(counts: Counts, window: Window, filters: Filters, period: Period, sure: Sureness) -> Iterator[str]:
    yield words.comparisons(sure.tested, sure.by_chance, int((sure.sure != "").sum()))
    if (filters.start or period.start, filters.finish or period.finish) != (period.start, period.finish):
        yield _("The list is of whole months: {period}.").format(period=period.span())
    if counts.other is not None:
        yield _("Records without a strand are most of what is held, so they are taken as all other crime.")
    people = counts.population[ALL]
    if not (people > 0).any():
        yield _("Residents of these places are not held, so nothing is said of residents or of silence.")
    elif not (people > 0).all():
        yield _("Places without residents are left out where residents are the measure.")
    if (people > 0).sum() >= kinds.FEWEST_PLACES:
        using = words.expected_from(kinds.traits(counts, window)[1])
        yield _("What would be expected of a quiet place is drawn from {using}.").format(using=using)
    if kinds.past(window).first < 0:
        yield _("There is no earlier period of the same length, so nothing can be said to be newly emerging.")
    if len(counts.places) == 1:
        yield _("There is only one such place, so it can be compared with nothing.")
    unknown_flags = [flag for flag in FLAGS if not over(counts.flags[flag][1], window).any()]
    if unknown_flags and counts.total(window).any():
        named = ", ".join(words.what(flag=flag) for flag in unknown_flags)
        yield _("The records do not say, so it is not looked at: {what}.").format(what=named)
