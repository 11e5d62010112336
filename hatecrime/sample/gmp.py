"""Trafford's incidents as Greater Manchester Police might send them: points, UK dates, labels."""

from pathlib import Path

import numpy as np

from hatecrime.sample.calibration import Recipe, day
from hatecrime.sample.centres import Centres
from hatecrime.sample.draw import Codes, Flags, Numbers, chance, positions
from hatecrime.sample.faults import (
    FOLDED,
    LOADS,
    ROW,
    VALUE,
    Fault,
    Plan,
    contradicted,
    cut,
    earlier,
    lower,
    overfull,
    put,
    put_cells,
    repeated,
    restyle,
    swap,
)
from hatecrime.sample.files import Extract, Table, dates, flags, labels, times
from hatecrime.sample.geometry import Points
from hatecrime.sample.incidents import Incidents, draw_month, months_of, weights
from hatecrime.sample.places import carried

UK = "%d/%m/%Y"
KIND = ("Crime", "Non-crime incident")

_NO_OUTCOME = {"Outcome": "", "Outcome date": ""}
FAULTS = [
    Fault("missing strand", "Hate strand", 6, LOADS, None, put(Hate_strand="")),
    Fault("two strands typed as Race/Religion", "Hate strand", 5, LOADS, None, put(Hate_strand="Race/Religion")),
    Fault("code in lower case", "Offence code", 5, LOADS, None, lower("Offence code"), needs="Offence code"),
    Fault("date in another style", "Date recorded", 8, LOADS, None, restyle("Date recorded", UK, "%Y-%m-%d")),
    Fault(
        "aggravated offence without race or religion",
        "Hate strand",
        4,
        LOADS,
        None,
        put(
            Record_type=KIND[0],
            Offence_group="Violence with injury",
            Offence_code="8P",
            Hate_strand="Homophobic",
        ),
    ),
    Fault(
        "crime recorded as a non-crime incident",
        "Record type",
        4,
        LOADS,
        None,
        put(Record_type=KIND[1], Offence_group="Public order", Offence_code="9A"),
    ),
    Fault("unknown ward", "Ward code", 3, VALUE, "unknown_area", put(Ward_code="E05999999")),
    Fault("ward of another era", "Ward code", 3, VALUE, "area_wrong_era", put(Ward_code="E05015259")),
    Fault("coordinates swapped", "Easting", 4, VALUE, "coordinates_swapped", swap("Easting", "Northing")),
    Fault("coordinates 0, 0", "Easting", 4, VALUE, "no_location", put(Easting="0", Northing="0")),
    Fault(
        "point outside the borough",
        "Easting",
        3,
        VALUE,
        "outside_area",
        put(Easting="390050", Northing="402050"),
    ),
    Fault(
        "end before start",
        "To date",
        3,
        VALUE,
        "end_before_start",
        earlier("To date", "From date", 1, UK, {"To time": "12:00"}),
    ),
    Fault(
        "outcome before the record",
        "Outcome date",
        3,
        VALUE,
        "outcome_before_recorded",
        earlier("Outcome date", "Date recorded", 5, UK, {"Outcome": "Charge or summons"}),
    ),
    Fault("unreadable time of the event", "From date", 2, VALUE, "bad_date", put(From_date="00/00/2015")),
    Fault("unknown label", "Reported how", 3, VALUE, "unknown_label", put(Reported_how="Walk-in kiosk")),
    Fault(
        "unreadable date recorded",
        "Date recorded",
        3,
        ROW,
        "bad_date",
        put_cells({"Date recorded": "31/02/2016", **_NO_OUTCOME}),
    ),
    Fault(
        "date recorded in the future",
        "Date recorded",
        3,
        ROW,
        "future_date",
        put_cells({"Date recorded": "01/02/2018", **_NO_OUTCOME}),
    ),
    Fault(
        "no date recorded",
        "Date recorded",
        2,
        ROW,
        "missing_required",
        put_cells({"Date recorded": "", **_NO_OUTCOME}),
    ),
    Fault("reference used again, same row", "Crime number", 5, FOLDED, None, edit=repeated),
    Fault(
        "reference used again, other row",
        "Crime number",
        3,
        ROW,
        "duplicate_ref",
        edit=contradicted("Location type", "Street", "Dwelling"),
    ),
    Fault("row cut short", "", 3, ROW, "too_few_columns", edit=cut),
    Fault("row with a stray comma", "", 2, ROW, "too_many_columns", edit=overfull),
]


def write(recipe: Recipe, path: Path, points: Points, centres: Centres) -> Extract:
    """The whole file, month by month."""
    plan = Plan(FAULTS, recipe.rng("trafford", "faults"), len(recipe.months))
    pull, hotspot = _pull(recipe, points), Hotspot(recipe, points)
    with Extract(path, plan) as extract:
        number = 1
        for month, a_month in months_of(recipe, recipe.figures["trafford"]["records_a_month"]):
            drawn = draw_month(recipe, "trafford", month, a_month)
            rng = recipe.rng("trafford", "places", month)
            lsoa = positions(rng, pull, len(drawn))
            hotspot.plant(rng, month, drawn, lsoa)
            first, count = points.first[lsoa], points.count[lsoa]
            xy = points.xy[(first + np.floor(rng.random(len(drawn)) * count)).astype(int)]
            centre = centres.report(rng, drawn, xy)
            extract.add(
                _layout(
                    recipe.labels["gmp"],
                    drawn,
                    number,
                    xy,
                    centre,
                    _strands(recipe, rng, drawn, lsoa, points),
                )
            )
            number += len(drawn)
    return extract


def _pull(recipe: Recipe, points: Points) -> list[float]:
    """Weight of each LSOA: residents, more where few are White, more in town centres."""
    wards = carried("trafford_wards")
    factor = weights(recipe.figures["trafford"]["ward_factor"], list(wards.code))
    pull = dict(zip(wards.code, wards.mid_2016 * (1 + 4 * wards.non_white_2011 / 100) * factor, strict=True))
    return [pull[ward] / points.ward.count(ward) for ward in points.ward]


class Hotspot:
    """Moves criminal damage into one ward as disability hostility, as many as planted.

    The borough's totals by crime type stay as they are: only ward by crime type by strand shows it.
    """

    def __init__(self, recipe: Recipe, points: Points) -> None:
        ward = recipe.figures["signals"]["hotspot"]["ward"]
        self._recipe = recipe
        self._cells = np.array([i for i, code in enumerate(points.ward) if code == ward])
        self._owed = 0.0

    def plant(self, rng: np.random.Generator, month: np.datetime64, drawn: Incidents, lsoa: Numbers) -> None:
        """Change this month's records in place; what the month is too short of is owed by the next."""
        self._owed += hotspot_records(self._recipe, month)
        damage = rng.permutation(np.flatnonzero(drawn.crime_type == "criminal_damage"))
        moved = damage[: int(self._owed)]
        self._owed -= len(moved)
        lsoa[moved] = self._cells[positions(rng, [1.0] * len(self._cells), len(moved))]
        drawn.strands[moved] = "disability"
        drawn.offence[moved] = "58D"


def hotspot_records(recipe: Recipe, month: np.datetime64) -> float:
    """Records a month that the planted ward takes, rising through the last months."""
    planted = recipe.figures["signals"]["hotspot"]
    first = day(planted["first_month"]).astype("datetime64[M]")
    span = (recipe.months[-1] - first).astype(int)
    after = np.interp((month - first).astype(int), [0, span], planted["a_month_after"])
    a_month = planted["a_month_before"] if month < first else float(after)
    return float(a_month * recipe.scale * recipe.signals)


def _strands(recipe: Recipe, rng: np.random.Generator, drawn: Incidents, lsoa: Numbers, points: Points) -> list[str]:
    """The strands in one cell; antisemitism is likelier where more Jewish people live."""
    jewish = set(carried("trafford_wards").query("jewish_2021 > 300").code)
    there = np.array([ward in jewish for ward in points.ward])[lsoa]
    religion = np.where(there & chance(rng, 0.4, len(drawn)), "jewish", drawn.religion)
    gypsy = chance(rng, recipe.figures["rates"]["gypsy_if_race"], len(drawn))
    names = recipe.labels["gmp"]["strand"]
    return [";".join(names[part] for part in parts) for parts in strand_parts(drawn.strands, religion, gypsy)]


def strand_parts(strands: Codes, religion: Codes, gypsy: Flags) -> list[list[str]]:
    """Strands of each record as the finest codes known."""
    together = zip(strands.tolist(), religion.tolist(), gypsy.tolist(), strict=True)
    return [
        [
            belief if part == "religion" else "gypsy_roma_traveller" if part == "race" and gypsy_ else part
            for part in label.split("+")
        ]
        for label, belief, gypsy_ in together
    ]


def _layout(
    names: dict[str, dict[str, str]],
    drawn: Incidents,
    number: int,
    xy: Numbers,
    centre: Codes,
    strands: list[str],
) -> Table:
    n = len(drawn)
    channel = np.where(centre != "", "reporting_centre", drawn.channel)
    return {
        "Crime number": [f"SYN-GMP-{i:06d}" for i in range(number, number + n)],
        "Record type": flags(drawn.crime, *KIND),
        "Date recorded": dates(drawn.recorded, UK),
        "From date": dates(drawn.from_, UK),
        "From time": times(drawn.from_, "%H:%M"),
        "To date": dates(drawn.to, UK),
        "To time": times(drawn.to, "%H:%M"),
        "Offence group": labels(drawn.crime_type, names["crime_type"]),
        "Offence code": drawn.offence.tolist(),
        "Hate strand": strands,
        "Reported how": labels(channel, names["channel"]),
        "Centre": centre.tolist(),
        "Location type": labels(drawn.location, names["location_type"]),
        "Easting": list(map(str, xy[:, 0].astype(int).tolist())),
        "Northing": list(map(str, xy[:, 1].astype(int).tolist())),
        "Ward code": [""] * n,
        "Online": flags(drawn.flags["online"], "Y", "N"),
        "Public transport": flags(drawn.flags["transport"], "Y", "N"),
        "Night-time economy": flags(drawn.flags["night_time"], "Y", "N"),
        "School": flags(drawn.flags["school"], "Y", "N"),
        "Mate crime": flags(drawn.flags["mate_crime"], "Y", "N"),
        "Repeat victim": flags(drawn.flags["repeat_victim"], "Y", "N"),
        "Outcome": labels(drawn.outcome, names["outcome"]),
        "Outcome date": dates(drawn.outcome_on, UK),
        "Uplift": flags(drawn.flags["uplift"], "Y", "N"),
        "Victim age": labels(drawn.age_band, names["age_band"]),
        "Victim sex": labels(drawn.sex, names["sex"]),
        "Victim ethnicity": labels(drawn.ethnicity, names["ethnicity"]),
    }
