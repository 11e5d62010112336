"""Places beside chance, beside their residents and beside their neighbours: what a hotspot map shows."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import ndimage

from hatecrime.shape import areas as shape_areas
from hatecrime.stats import emerging, prediction, smoothing
from hatecrime.stats.change import seeming
from hatecrime.stats.concentration import ChanceSpread, spread_by_chance
from hatecrime.stats.intervals import clopper_pearson
from hatecrime.stats.local import (
    GetisOrd,
    LocalMoran,
    getis_ord,
    getis_ord_permuted,
    local_moran,
    local_moran_permuted,
    significant,
)
from hatecrime.stats.neighbours import Neighbours

# With fewer places a comparison of each with all says nothing.
FEWEST_PLACES = 10
PER = 1000
SHARE_OF_AREA = 0.1
MAP = "map"


@dataclass(frozen=True)
class HeldUp(prediction.BackTest):
    """How the map of the year before did, and how many places were significant clusters in it."""

    clusters: int


def counted_areas(counts: pd.DataFrame, areas: pd.DataFrame, people: pd.DataFrame, outlined: bool) -> pd.DataFrame:
    """
    A row for every area: id, label, named, parent, area_km2, x, y, n, before, population, rate, low and high.

    counts has area_code, n and before; areas what shape.areas.measured gives; people area_code and n. Where areas are
    outlined, one without an outline and without a record is left out: nothing was sent of it.
    """
    found = counts.dropna(subset=["area_code"]).set_index("area_code")
    both = found[["n", "before"]].reindex(areas["area_code"]).fillna(0).astype("int64")
    known = areas.drop(columns="outline").assign(n=both["n"].to_numpy(), before=both["before"].to_numpy())
    known["named"] = known["label"]
    if outlined:
        known = known[areas["x"].notna() | (known[["n", "before"]] > 0).any(axis=1)]
    table = shape_areas.rates(known, people)
    return table.rename(columns={"area_code": "id"}).reset_index(drop=True)


def counted_cells(counts: pd.DataFrame, cover: pd.DataFrame) -> pd.DataFrame:
    """
    A row for every cell of a cover: id, label, named, column, row, area_km2, x, y, n and before.

    cover has all but n and before; counts has these, by column and row. Nobody knows how many people live in a cell:
    population and rate are missing.
    """
    found = counts.dropna(subset=["column"]).astype({"column": "int64", "row": "int64"})
    both = cover.merge(found, on=["column", "row"], how="left")
    known = both.assign(**both[["n", "before"]].fillna(0).astype("int64"))
    nobody = dict.fromkeys(["population", "rate", "low", "high"], np.nan)
    return known.assign(**nobody)


def with_change(table: pd.DataFrame) -> pd.DataFrame:
    """
    Adds ratio of n to before, its ratio_low and ratio_high, and direction: "more", "fewer" or "unclear".

    The limits are those of stats.change.compare, for all places at once.
    """
    now, before = table["n"].to_numpy(float), table["before"].to_numpy(float)
    share = clopper_pearson(now, now + before)
    ratio, low, high = (_odds(part) for part in (share.estimate, share.low, share.high))
    direction = np.select([low > 1, high < 1], ["more", "fewer"], "unclear")
    return table.assign(ratio=ratio, ratio_low=low, ratio_high=high, direction=direction)


def changed_by_chance(table: pd.DataFrame) -> float:
    """How many places with_change would give a direction had none of them changed; table has n and before."""
    return float(seeming(table["n"].to_numpy(float) + table["before"].to_numpy(float)).sum())


def _odds(share: ArrayLike) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.asarray(share) / (1 - np.asarray(share))


def with_smoothed(table: pd.DataFrame) -> pd.DataFrame:
    """
    Adds smoothed, smoothed_low and smoothed_high, per 1,000 people: rates drawn towards that of all places, the more
    the fewer people live there. table has n and population; without people a place has none.
    """
    found = smoothing.empirical_bayes(table["n"].to_numpy(float), table["population"].to_numpy(float))
    return table.assign(smoothed=found.rate * PER, smoothed_low=found.low * PER, smoothed_high=found.high * PER)


def peaks(table: pd.DataFrame) -> pd.DataFrame:
    """
    The square cells of a surface than which no cell around is higher, in areas that hold an incident.

    table has column, row, named, n and density. An area into which a neighbour's incidents spill over has no peak.
    """
    if table.empty:
        return table
    column, row = (table[axis].to_numpy() - table[axis].min() for axis in ("column", "row"))
    ground = np.full((row.max() + 1, column.max() + 1), -np.inf)
    ground[row, column] = table["density"]
    highest = ndimage.maximum_filter(ground, size=3, mode="constant", cval=-np.inf)[row, column]
    holds = table.groupby("named")["n"].transform("sum") > 0
    return table[holds & (table["density"] > 0) & (table["density"] >= highest)]


def value_of(table: pd.DataFrame) -> str:
    """The column in which places are compared with their neighbours: smoothed rates where people are counted."""
    return "smoothed" if table["population"].notna().any() else "n"


def with_clusters(
    table: pd.DataFrame, neighbours: Neighbours, permutations: int = 0, seed: int = 0
) -> tuple[pd.DataFrame, int]:
    """
    Adds z, p, adjusted and cluster ("hot", "cold" or "") by Gi*, and how many places were tested.

    Exact without permutations, else by so many of them. None is hot or cold of fewer places than FEWEST_PLACES.
    """
    values = table[value_of(table)].to_numpy(float)
    if np.isfinite(values).sum() < FEWEST_PLACES:
        return _untested(table), 0
    found = _getis_ord(values, neighbours, permutations, seed)
    verdicts = significant(found.z, found.p)
    columns = {"z": found.z, "p": found.p, "adjusted": verdicts.adjusted, "cluster": verdicts.kind}
    return table.assign(**columns), verdicts.tested


def with_unlike(
    table: pd.DataFrame, neighbours: Neighbours, permutations: int = 0, seed: int = 0
) -> tuple[pd.DataFrame, int]:
    """
    Adds z, p, adjusted and quadrant by local Moran: "high-high", "low-low", "high-low" (high among low), "low-high",
    or "" where chance explains it; and how many places were tested. Permutations as for with_clusters.
    """
    values = table[value_of(table)].to_numpy(float)
    if np.isfinite(values).sum() < FEWEST_PLACES:
        return _untested(table).assign(quadrant=""), 0
    found = _local_moran(values, neighbours, permutations, seed)
    verdicts = significant(found.z, found.p)
    quadrant = np.where(verdicts.kind == "", "", found.quadrant)
    columns = {"z": found.z, "p": found.p, "adjusted": verdicts.adjusted, "quadrant": quadrant}
    return table.assign(**columns), verdicts.tested


def with_emerging(table: pd.DataFrame, series: pd.DataFrame, neighbours: Neighbours) -> pd.DataFrame:
    """
    Adds emerging, the class of each place by the published definitions, and trend, the p of its Mann-Kendall test.

    series has a row for each id of the table, in its order, and a column for each time step, in order.
    """
    if len(table) < FEWEST_PLACES or series.shape[1] < emerging.LEAST_STEPS:
        return table.assign(emerging="not_enough", trend=np.nan)
    found = [getis_ord(series.iloc[:, step].to_numpy(float), neighbours) for step in range(series.shape[1])]
    verdicts = np.column_stack([significant(each.z, each.p).kind for each in found])
    classes = emerging.classify(verdicts, np.column_stack([each.z for each in found]))
    return table.assign(emerging=classes.kind, trend=classes.trend.p)


def by_chance(table: pd.DataFrame, simulations: int = 200, seed: int = 0) -> tuple[ChanceSpread, str]:
    """
    How concentrated as few incidents would be by chance, and by what chance goes: "people" where they are known, "land"
    for cells, of which those at the border are cut, else "" (alike for all places).
    """
    counts = table["n"].to_numpy(float)
    if table["population"].fillna(0).sum() > 0:
        weights, by = table["population"].fillna(0).to_numpy(float), "people"
    elif "column" in table and table["area_km2"].sum() > 0:
        weights, by = table["area_km2"].to_numpy(float), "land"
    else:
        weights, by = None, ""
    return spread_by_chance(counts, weights, simulations=simulations, seed=seed), by


def held_up(table: pd.DataFrame, neighbours: Neighbours, seed: int = 0) -> HeldUp | None:
    """
    Whether clusters made from the year before would have found this period's incidents, beside naive forecasts.

    table has n, before, population and area_km2. None where there is too little to rank.
    """
    if len(table) < FEWEST_PLACES or not table["before"].sum() or not table["n"].sum():
        return None
    before, area = table["before"].to_numpy(float), table["area_km2"].to_numpy(float)
    people = table["population"].to_numpy(float)
    has_people = np.isfinite(people).any()
    earlier = getis_ord(smoothing.empirical_bayes(before, people).rate if has_people else before, neighbours)
    scores = {MAP: earlier.z, "before": before / area}
    if has_people:
        scores["population"] = people / area
    later = table["n"].to_numpy(float)
    test = prediction.back_test(scores, later, area, SHARE_OF_AREA, model=MAP, earlier=before, seed=seed)
    clusters = int((significant(earlier.z, earlier.p).kind == "hot").sum())
    return HeldUp(**vars(test), clusters=clusters)


def _local_moran(values: np.ndarray, neighbours: Neighbours, permutations: int, seed: int) -> LocalMoran:
    if permutations:
        return local_moran_permuted(values, neighbours, permutations=permutations, seed=seed)
    return local_moran(values, neighbours)


def _getis_ord(values: np.ndarray, neighbours: Neighbours, permutations: int, seed: int) -> GetisOrd:
    if permutations:
        return getis_ord_permuted(values, neighbours, permutations=permutations, seed=seed)
    return getis_ord(values, neighbours)


def _untested(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(z=np.nan, p=np.nan, adjusted=np.nan, cluster="")
