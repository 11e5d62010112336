"""Incidents of the four Welsh forces in one file: authorities instead of points, ISO dates, two languages."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from hatecrime.sample.calibration import Recipe
from hatecrime.sample.draw import Codes, Days, Flags, chance, pick
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
)
from hatecrime.sample.files import Extract, Table, dates, flags, labels, times
from hatecrime.sample.gmp import strand_parts
from hatecrime.sample.incidents import Incidents, draw_month, months_of, weights
from hatecrime.sample.places import carried

ISO, ISO_TIME = "%Y-%m-%d", "%Y-%m-%dT%H:%M"
PREFIX = {"W15000001": "NW", "W15000002": "GW", "W15000003": "SW", "W15000004": "DP"}
BILINGUAL_FORCES = ("W15000001", "W15000004")
WELSH_LABELS = 0.15
KIND, KIND_WELSH = ("Crime", "Incident"), ("Trosedd", "Digwyddiad")

_NO_OUTCOME = {"Outcome": "", "Outcome date": ""}
FAULTS = [
    Fault("missing strand", "Strand 1", 15, LOADS, None, put_cells({"Strand 1": "", "Strand 2": ""})),
    Fault(
        "two strands typed as Race/Religion",
        "Strand 1",
        6,
        LOADS,
        None,
        put_cells({"Strand 1": "Race/Religion", "Strand 2": ""}),
    ),
    Fault("code in lower case", "Local authority", 8, LOADS, None, lower("Local authority")),
    Fault("date in another style", "Date recorded", 10, LOADS, None, restyle("Date recorded", ISO, "%d/%m/%Y")),
    Fault(
        "aggravated offence without race or religion",
        "Strand 1",
        8,
        LOADS,
        None,
        put_cells(
            {
                "Kind": KIND[0],
                "Offence type": "Harassment",
                "Offence code": "8M",
                "Strand 1": "Disability",
                "Strand 2": "",
            }
        ),
    ),
    Fault(
        "crime recorded as a non-crime incident",
        "Kind",
        6,
        LOADS,
        None,
        put_cells({"Kind": KIND[1], "Offence type": "Public order", "Offence code": "9A"}),
    ),
    Fault(
        "unknown authority",
        "Local authority",
        4,
        VALUE,
        "unknown_area",
        put_cells({"Local authority": "W06000017"}),
    ),
    Fault("neither yes nor no", "Online", 3, VALUE, "bad_flag", put(Online="maybe")),
    Fault("end before start", "To", 4, VALUE, "end_before_start", earlier("To", "From", 1, ISO_TIME)),
    Fault(
        "outcome before the record",
        "Outcome date",
        5,
        VALUE,
        "outcome_before_recorded",
        earlier("Outcome date", "Date recorded", 5, ISO, {"Outcome": "1"}),
    ),
    Fault("unknown label", "Location type", 5, VALUE, "unknown_label", put_cells({"Location type": "See log"})),
    Fault(
        "unreadable date recorded",
        "Date recorded",
        4,
        ROW,
        "bad_date",
        put_cells({"Date recorded": "June 2015?", **_NO_OUTCOME}),
    ),
    Fault(
        "date recorded in the future",
        "Date recorded",
        4,
        ROW,
        "future_date",
        put_cells({"Date recorded": "2018-02-01", **_NO_OUTCOME}),
    ),
    Fault("no kind", "Kind", 2, ROW, "missing_required", put(Kind="")),
    Fault("reference used again, same row", "Reference", 8, FOLDED, None, edit=repeated),
    Fault(
        "reference used again, other row",
        "Reference",
        4,
        ROW,
        "duplicate_ref",
        edit=contradicted("Location type", "Street", "Dwelling"),
    ),
    Fault("row cut short", "", 4, ROW, "too_few_columns", edit=cut),
    Fault("row with a stray comma", "", 3, ROW, "too_many_columns", edit=overfull),
]


@dataclass(frozen=True)
class Known:
    """What a referral service is told about a month's incidents."""

    ref: list[str]
    recorded: Days
    crime: Flags
    strands: list[list[str]]
    authority: Codes


def write(recipe: Recipe, path: Path, tell: Callable[[np.datetime64, Known], None]) -> tuple[Extract, int]:
    """The whole file, telling the support centre of each month; and how many rows have Welsh labels."""
    plan = Plan(FAULTS, recipe.rng("wales", "faults"), len(recipe.months))
    figures = recipe.figures["wales"]
    records_a_month = [crimes / 12 / figures["crime_share"] for crimes in figures["crimes_a_year"]]
    number, welsh_rows = 1, 0
    with Extract(path, plan, encoding="utf-8-sig") as extract:
        for month, a_month in months_of(recipe, records_a_month):
            drawn = draw_month(recipe, "wales", month, a_month)
            rng, n = recipe.rng("wales", "places", month), len(drawn)
            force, authority = _place(recipe, rng, n)
            gypsy = chance(rng, recipe.figures["rates"]["gypsy_if_race"], n)
            strands = strand_parts(drawn.strands, drawn.religion, gypsy)
            welsh = np.isin(force, BILINGUAL_FORCES) & chance(rng, WELSH_LABELS, n)
            refs = [f"SYN-{PREFIX[code]}-{i:06d}" for i, code in enumerate(force.tolist(), number)]
            tell(month, Known(refs, drawn.recorded, drawn.crime, strands, authority))
            extract.add(_layout(recipe.labels["wales"], drawn, refs, force, authority, strands, welsh))
            number, welsh_rows = number + n, welsh_rows + int(welsh.sum())
    return extract, welsh_rows


def _place(recipe: Recipe, rng: np.random.Generator, n: int) -> tuple[Codes, Codes]:
    """Force by published share; authority within it by residents and urbanity."""
    figures, authorities = recipe.figures["wales"], carried("welsh_authorities")
    pull = authorities.population_2011 * weights(figures["urbanity"], list(authorities.code))
    within = pull / pull.groupby(authorities.force).transform("sum")
    share = within * authorities.force.map(figures["force_share"])
    authority = pick(rng, dict(zip(authorities.code, share, strict=True)), n)
    force = pd.Series(authority).map(authorities.set_index("code").force).to_numpy(dtype=str)
    return force, authority


def _layout(
    names: dict[str, dict[str, str]],
    drawn: Incidents,
    refs: list[str],
    force: Codes,
    authority: Codes,
    strands: list[list[str]],
    welsh: Flags,
) -> Table:
    spoken = [names["strand_welsh" if here else "strand"] for here in welsh.tolist()]
    kinds = [KIND_WELSH if here else KIND for here in welsh.tolist()]
    return {
        "Reference": refs,
        "Force": labels(force, names["force"]),
        "Kind": [pair[0] if crime else pair[1] for pair, crime in zip(kinds, drawn.crime.tolist(), strict=True)],
        "Date recorded": dates(drawn.recorded, ISO),
        "From": times(drawn.from_, ISO_TIME),
        "To": times(drawn.to, ISO_TIME),
        "Strand 1": [name[parts[0]] for name, parts in zip(spoken, strands, strict=True)],
        "Strand 2": [name[parts[1]] if len(parts) > 1 else "" for name, parts in zip(spoken, strands, strict=True)],
        "Local authority": authority.tolist(),
        "Offence type": labels(drawn.crime_type, names["crime_type"]),
        "Offence code": drawn.offence.tolist(),
        "Channel": labels(drawn.channel, names["channel"]),
        "Location type": labels(drawn.location, names["location_type"]),
        "Online": flags(drawn.flags["online"], "1", "0"),
        "Repeat victim": flags(drawn.flags["repeat_victim"], "1", "0"),
        "Outcome": drawn.outcome.tolist(),
        "Outcome date": dates(drawn.outcome_on, ISO),
        "Victim age": labels(drawn.age_band, names["age_band"]),
        "Victim sex": labels(drawn.sex, names["sex"]),
        "Victim ethnicity": labels(drawn.ethnicity, names["ethnicity"]),
    }
