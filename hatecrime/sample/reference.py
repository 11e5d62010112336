"""Tables beside the incidents: court results, stop and search, populations."""

from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import Transformer

from hatecrime.sample.calibration import Recipe
from hatecrime.sample.draw import Days, Reals, pick, positions
from hatecrime.sample.files import write_table
from hatecrime.sample.geometry import Points
from hatecrime.sample.places import TRAFFORD, WALES, carried

DRUGS_POWER = "Misuse of Drugs Act 1971 (section 23)"
THEFT_POWER = "Police and Criminal Evidence Act 1984 (section 1)"
# The seven-parameter shift to longitude and latitude: the same to the last digit on every machine.
NATIONAL_GRID = (
    "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy "
    "+towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m +no_defs"
)


def write(recipe: Recipe, out: Path, points: Points) -> dict[str, int]:
    """All of them; rows written by file."""
    return {
        "court_results.csv": write_table(out / "court_results.csv", _court(recipe)),
        "stop_search.csv": write_table(out / "stop_search.csv", _searches(recipe, points)),
        "populations.csv": write_table(out / "populations.csv", _populations()),
    }


def _court(recipe: Recipe) -> pd.DataFrame:
    """Prosecutions by quarter, force and strand; the share with an announced uplift grows."""
    rng, figures = recipe.rng("court"), recipe.figures["court"]
    rows: list[tuple[str, str, str, int, int, int]] = []
    for number, quarter in enumerate(recipe.months[::3]):
        for force, a_quarter in figures["completed_a_quarter"].items():
            for label, share in figures["strands"].items():
                completed = int(rng.poisson(a_quarter * share))
                convicted = int(rng.binomial(completed, figures["conviction_rate"]))
                uplift = int(rng.binomial(convicted, figures["uplift_by_year"][number // 4]))
                rows.append((f"{quarter}-01", force, label, completed, convicted, uplift))
    columns = ["Quarter starting", "Area code", "Strand", "Completed", "Convicted", "Uplift announced"]
    return pd.DataFrame(rows, columns=columns)


def _searches(recipe: Recipe, points: Points) -> pd.DataFrame:
    """Stop and search in Trafford in the columns of data.police.uk, the last two years."""
    rng, figures = recipe.rng("searches"), recipe.figures["searches"]
    months = recipe.months[figures["first_month"] :]
    n = int(rng.poisson(figures["a_month"] * len(months)))
    ethnicity = [pair.split("|") for pair in pick(rng, figures["ethnicity"], n).tolist()]
    latitude, longitude = _places(recipe, rng, points, n)
    looked_for, outcome = pick(rng, figures["object"], n), pick(rng, figures["outcome"], n)
    drugs, nothing = looked_for == "Controlled drugs", outcome == "A no further action disposal"
    columns = {
        "Type": pick(rng, figures["type"], n),
        "Date": _moments(rng, months, n),
        "Part of a policing operation": "False",
        "Policing operation": "",
        "Latitude": latitude,
        "Longitude": longitude,
        "Gender": pick(rng, figures["gender"], n),
        "Age range": pick(rng, figures["age_range"], n),
        "Self-defined ethnicity": [pair[0] for pair in ethnicity],
        "Officer-defined ethnicity": [pair[1] for pair in ethnicity],
        "Legislation": np.where(drugs, DRUGS_POWER, THEFT_POWER),
        "Object of search": looked_for,
        "Outcome": outcome,
        "Outcome linked to object of search": np.where(nothing, "", np.where(rng.random(n) < 0.7, "True", "False")),
        "Removal of more than just outer clothing": "False",
    }
    return pd.DataFrame(columns)


def _moments(rng: np.random.Generator, months: Days, n: int) -> list[str]:
    first, last = months[0].astype("datetime64[m]"), (months[-1] + 1).astype("datetime64[m]")
    at = np.sort(first + (rng.random(n) * (last - first).astype(int)).astype(int))
    return [f"{moment}:00+00:00" for moment in at.astype(str)]


def _places(recipe: Recipe, rng: np.random.Generator, points: Points, n: int) -> tuple[list[str], list[str]]:
    """Latitude and longitude of each search, a few of them unknown."""
    busy = recipe.figures["searches"]["busy_wards"]
    lsoa = positions(rng, [3.0 if ward in busy else 1.0 for ward in points.ward], n)
    xy = points.xy[(points.first[lsoa] + rng.random(n) * points.count[lsoa]).astype(int)]
    longitude, latitude = Transformer.from_crs(NATIONAL_GRID, "EPSG:4326", always_xy=True).transform(*xy.T)
    known = (rng.random(n) >= 0.04).tolist()
    return _degrees(latitude, known), _degrees(longitude, known)


def _degrees(values: Reals, known: list[bool]) -> list[str]:
    return [f"{value:.5f}" if kept else "" for value, kept in zip(values, known, strict=True)]


def _populations() -> pd.DataFrame:
    """Published figures by area, year and group, summed to localities, districts and forces."""
    old, new, wales = carried("trafford_wards"), carried("trafford_wards_2023"), carried("welsh_authorities")
    census = {
        "all": "census_2021",
        "muslim": "muslim_2021",
        "jewish": "jewish_2021",
        "disabled": "disabled_2021",
    }
    parts = [
        *_summed(old, "mid_2016", 2016, "mid_year", "all"),
        *(part for group, column in census.items() for part in _summed(old, column, 2021, "census_2021", group)),
        *_summed(new, "mid_2024", 2024, "mid_year", "all"),
        _rows(wales.code, wales.population_2011, 2011, "census_2011", "all"),
        _by(wales.assign(code=wales.force), "population_2011", 2011, "census_2011", "all"),
        _by(wales.assign(code=WALES), "population_2011", 2011, "census_2011", "all"),
        carried("area_populations")[["area_code", "year", "population_group", "n", "base"]],
    ]
    table = pd.concat(parts, ignore_index=True)
    table["n"] = [f"{n:,}" for n in table.n]
    table["source"] = "Published figure (ONS)"
    names = {
        "area_code": "Area code",
        "year": "Year",
        "population_group": "Group",
        "n": "People",
        "base": "Base",
    }
    return table.rename(columns=names | {"source": "Source"})


def _summed(wards: pd.DataFrame, column: str, year: int, base: str, group: str) -> list[pd.DataFrame]:
    return [
        _rows(wards.code, wards[column], year, base, group),
        _by(wards.assign(code=wards.locality), column, year, base, group),
        _by(wards.assign(code=TRAFFORD), column, year, base, group),
    ]


def _by(table: pd.DataFrame, column: str, year: int, base: str, group: str) -> pd.DataFrame:
    totals = table.groupby("code", as_index=False)[column].sum()
    return _rows(totals.code, totals[column], year, base, group)


def _rows(codes: pd.Series, people: pd.Series, year: int, base: str, group: str) -> pd.DataFrame:
    return pd.DataFrame({"area_code": codes, "year": year, "population_group": group, "n": people, "base": base})
