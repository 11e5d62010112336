import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from hatecrime.stats.coverage import NO_CENTRE, cover

BANDS = [800, 1600, 3200]
PLACE = st.tuples(st.integers(0, 20_000), st.integers(0, 20_000))
PLACES = st.lists(PLACE, min_size=1, max_size=40)


def test_bands_are_cumulative_and_hold_their_own_edge() -> None:
    near = cover([(0, 800), (0, 801), (0, 3200), (0, 3201)], [(0, 0)], BANDS)
    assert [band.n for band in near.bands] == [1, 2, 3]
    assert near.outside.n == 1
    assert near.outside.metres == 3200
    assert [band.share for band in near.bands] == [0.25, 0.5, 0.75]


@given(PLACES, PLACES)
def test_distances_equal_those_to_every_centre(points: list[tuple[int, int]], centres: list[tuple[int, int]]) -> None:
    near = cover(points, centres, BANDS)
    every = cdist(np.array(points, float), np.array(centres, float))
    np.testing.assert_allclose(near.distance, every.min(axis=1))
    np.testing.assert_allclose(every[np.arange(len(points)), near.nearest], near.distance)


@given(PLACES, PLACES)
def test_every_incident_is_counted_once(points: list[tuple[int, int]], centres: list[tuple[int, int]]) -> None:
    near = cover(points, centres, BANDS)
    assert near.bands[-1].n + near.outside.n == near.total == len(points)
    assert near.per_centre.sum() == len(points)
    assert len(near.per_centre) == len(centres)


@given(PLACES, PLACES, PLACE)
def test_one_more_centre_never_takes_coverage_away(
    points: list[tuple[int, int]], centres: list[tuple[int, int]], extra: tuple[int, int]
) -> None:
    fewer, more = cover(points, centres, BANDS), cover(points, [*centres, extra], BANDS)
    assert all(a.n <= b.n for a, b in zip(fewer.bands, more.bands, strict=True))
    assert more.median <= fewer.median


@given(PLACES, PLACES, st.integers(-9000, 9000))
def test_moving_the_whole_map_changes_nothing(
    points: list[tuple[int, int]], centres: list[tuple[int, int]], shift: int
) -> None:
    here, there = cover(points, centres, BANDS), cover(np.add(points, shift), np.add(centres, shift), BANDS)
    assert [band.n for band in here.bands] == [band.n for band in there.bands]


def test_a_weight_counts_as_that_many_incidents() -> None:
    one_by_one = cover([(0, 0)] * 3 + [(0, 5000)], [(0, 0)], BANDS)
    weighted = cover([(0, 0), (0, 5000)], [(0, 0)], BANDS, weights=[3, 1])
    assert weighted.bands == one_by_one.bands
    assert weighted.outside == one_by_one.outside
    assert weighted.per_centre.tolist() == [4]
    assert weighted.median == one_by_one.median == 0


def test_a_detour_makes_every_way_longer_and_is_stated() -> None:
    direct, by_foot = cover([(0, 700)], [(0, 0)], BANDS), cover([(0, 700)], [(0, 0)], BANDS, detour=1.3)
    assert by_foot.distance[0] == pytest.approx(1.3 * direct.distance[0])
    assert (direct.bands[0].n, by_foot.bands[0].n) == (1, 0)
    assert by_foot.detour == 1.3


def test_without_a_centre_everything_is_outside() -> None:
    near = cover([(0, 0), (5, 5)], [], BANDS)
    assert [band.n for band in near.bands] == [0, 0, 0]
    assert (near.outside.n, near.outside.share) == (2, 1)
    assert near.nearest.tolist() == [NO_CENTRE, NO_CENTRE]
    assert np.isinf(near.distance).all() and math.isinf(near.median)
    assert near.per_centre.tolist() == []


def test_without_an_incident_shares_are_unknown_not_0() -> None:
    near = cover([], [(0, 0), (9, 9)], BANDS)
    assert near.total == 0
    assert math.isnan(near.bands[0].share) and math.isnan(near.outside.share) and math.isnan(near.median)
    assert near.per_centre.tolist() == [0, 0]


def test_incidents_and_centres_without_a_place_are_left_out_and_counted() -> None:
    near = cover([(0, 0), (math.nan, 5)], [(math.nan, math.nan), (0, 100)], BANDS)
    assert (near.total, near.unplaced) == (1, 1)
    assert near.nearest.tolist() == [1, NO_CENTRE]
    assert math.isnan(near.distance[1])
    assert near.per_centre.tolist() == [0, 1]
