"""The scan statistic against what other programs, and papers, found in the field's test sets."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from hatecrime.stats.scan import scan

Numbers = NDArray[Any]

# Leukaemia in eight counties of New York, 1978-82, by tract, cases in whole numbers: Turnbull and others 1990,
# American Journal of Epidemiology 132, S136-143; Waller and Gotway 2004. Found by SaTScan 9.6 on a plane of degrees and
# 9.3.1 on the globe, as printed among the tests of the R package smerc: LLR, cases, expected, relative risk, tracts.
PLANE = [
    (14.083511, 100, 58.28, 1.87, "1-3 11-17 35-40 43-53 55"),
    (9.019716, 38, 17.79, 2.22, "84-90 92"),
    (6.114140, 64, 40.85, 1.64, "110-127 131-134 138-142 215-220"),
    (4.651839, 25, 12.82, 1.99, "62 64 65 67"),
    (3.363518, 12, 5.14, 2.37, "265-267 281"),
    (3.209485, 11, 4.61, 2.41, "159 166 167"),
]
GLOBE = [
    (14.780276, 106, 62.13, 1.87, "1-3 5 10-17 35-40 43-55"),
    (8.287056, 42, 21.24, 2.06, "85-93"),
    (7.199672, 44, 23.83, 1.92, "111-119 122-126 219 220"),
    (4.651839, 25, 12.82, 1.99, "62 64 65 67"),
    (3.773422, 10, 3.65, 2.78, "120 121 131 132 138 139"),
    (3.209485, 11, 4.61, 2.41, "159 166 167"),
]
AT_MOST_A_TENTH = [
    (11.577255, 85, 49.71, 1.84, "1-6 9-18 35-38 47-52"),
    *PLANE[1:4],
    (4.169203, 28, 15.54, 1.84, "41 43-46 53 54"),
    *PLANE[4:],
]


def new_york() -> pd.DataFrame:
    return pd.read_csv(Path(__file__).parent / "published" / "new_york_leukaemia.csv")


def tracts(written: str) -> list[int]:
    ends = [[int(end) for end in part.split("-")] for part in written.split()]
    return [tract for each in ends for tract in range(each[0], each[-1] + 1)]


@pytest.mark.parametrize(
    ("published", "choices"),
    [(PLANE, {}), (GLOBE, {"geographic": True}), (AT_MOST_A_TENTH, {"most": 0.1})],
    ids=["plane", "globe", "at most a tenth"],
)
def test_the_published_clusters_of_leukaemia_in_new_york_are_found(
    published: list[tuple[float, int, float, float, str]], choices: dict[str, Any]
) -> None:
    map_ = new_york()
    found = scan(map_["longitude"], map_["latitude"], map_["cases"], map_["people"], simulations=0, **choices)
    for cluster, (llr, cases, expected, ratio, places) in zip(found.clusters[: len(published)], published, strict=True):
        assert map_["tract"].iloc[list(cluster.places)].tolist() == tracts(places)
        assert cluster.llr == pytest.approx(llr, abs=1e-6)
        assert cluster.cases == cases
        assert (cluster.expected, cluster.ratio) == (
            pytest.approx(expected, abs=0.005),
            pytest.approx(ratio, abs=0.005),
        )


def test_chance_gives_such_clusters_as_seldom_as_published() -> None:
    map_ = new_york()
    found = scan(map_["longitude"], map_["latitude"], map_["cases"], map_["people"], seed=1)
    p = [cluster.p for cluster in found.clusters[:6]]
    # With 999 maps each is known to within about 0.03; SaTScan gives the first from a fitted curve, 0.00015.
    assert p[0] == 0.001
    assert p[1:] == pytest.approx([0.016, 0.248, 0.645, 0.965, 0.982], abs=0.04)


def test_the_published_clusters_of_sudden_infant_deaths_in_north_carolina_are_found() -> None:
    # Wu, Chu, Shete and Chen 2021, International Journal of Health Geographics 20, 45, table 1: cases by 1,000.
    at, cases, births = north_carolina()
    high = scan(at[:, 0], at[:, 1], cases, births, geographic=True, most=0.25, seed=1)
    low = scan(at[:, 0], at[:, 1], cases, births, geographic=True, most=0.25, direction="low", seed=1)
    published = [(4, 5.12), (6, 3.76), (14, 1.10)]
    for cluster, (counties, incidence) in zip([*high.clusters[:2], low.clusters[0]], published, strict=True):
        assert len(cluster.places) == counties
        assert 1000 * cases[list(cluster.places)].sum() / births[list(cluster.places)].sum() == pytest.approx(
            incidence, abs=0.005
        )
        assert cluster.p <= 0.005


def north_carolina() -> tuple[Numbers, Numbers, Numbers]:
    """The counties' middles, sudden infant deaths 1974-78 and live births, from libpysal."""
    import libpysal

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outlines = libpysal.io.open(libpysal.examples.get_path("sids2.shp"))
        at = np.array([outline.centroid for outline in outlines])
    table = libpysal.io.open(libpysal.examples.get_path("sids2.dbf"))
    return at, np.array(table.by_col("SID74")), np.array(table.by_col("BIR74"))
