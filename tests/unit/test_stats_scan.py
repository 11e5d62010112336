import math
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hatecrime.stats.scan import Cluster, Scan, expected_by_strata, scan

Numbers = NDArray[Any]

SQUARE = np.array([(0, 0), (0, 100), (100, 0), (100, 100)])


def look(at: Numbers, cases: Any, people: Any = None, **choices: Any) -> Scan:
    return scan(at[:, 0], at[:, 1], cases, people, **choices)


def likelihood(c: float, e: float, total: float) -> float:
    if c <= e * (1 + 1e-9):
        return 0.0
    outside = 0.0 if total - c < 1e-12 else (total - c) * math.log((total - c) / (total - e))
    return c * math.log(c / e) + outside


def apart(a: Numbers, b: Numbers, geographic: bool) -> float:
    """By the spherical law of cosines, for maps where it is accurate."""
    if not geographic:
        return math.dist(a, b)
    (east, north), (east_b, north_b) = np.radians(a), np.radians(b)
    cosine = math.sin(north) * math.sin(north_b) + math.cos(north) * math.cos(north_b) * math.cos(east - east_b)
    return 6_371_008.8 * math.acos(min(1, max(-1, cosine)))


def zones_by_hand(at: Numbers, people: Numbers, most: float, geographic: bool) -> dict[frozenset[int], set[int]]:
    """Every circle, taken one centre and one radius at a time, and around which places it can be drawn."""
    zones: dict[frozenset[int], set[int]] = {}
    for i, centre in enumerate(at):
        distances = [apart(centre, other, geographic) for other in at]
        for radius in distances:
            zone = frozenset(j for j, d in enumerate(distances) if d <= radius + 1e-3)
            if sum(people[j] for j in zone) <= most * people.sum() * (1 + 1e-9):
                zones.setdefault(zone, set()).add(i)
    return zones


def smallest_by_hand(at: Numbers, places: set[int], geographic: bool) -> float:
    """The radius of the smallest circle that holds these places and no other."""
    radii = []
    for centre in at:
        distances = [apart(centre, other, geographic) for other in at]
        radius = max(distances[i] for i in places)
        if {i for i, d in enumerate(distances) if d <= radius + 1e-3} == places:
            radii.append(radius)
    return min(radii)


def spans_by_hand(steps: int, prospective: bool, shortest: int, longest: int) -> list[tuple[int, int]]:
    spans = [(a, b) for a in range(steps) for b in range(a, steps) if shortest <= b - a + 1 <= longest]
    return [(a, b) for a, b in spans if b == steps - 1 or not prospective]


def clusters_by_hand(
    at: Numbers,
    cases: Numbers,
    people: Numbers,
    spans: list[tuple[int, int]],
    most: float,
    geographic: bool,
    by_centre: bool,
) -> list[tuple[set[int], int, int, float]]:
    """Every circle by every span, then the best of those that share no place with a better one."""
    total, due = cases.sum(), people * cases.sum() / people.sum()
    found = []
    zones = zones_by_hand(at, people.sum(axis=1), most, geographic)
    for zone in zones:
        rows = sorted(zone)
        for a, b in spans:
            llr = likelihood(cases[rows, a : b + 1].sum(), due[rows, a : b + 1].sum(), total)
            if llr > 1e-9:
                where = sorted(map(tuple, at[rows].tolist()))
                found.append(((-round(llr, 7), round(people[rows].sum(), 6), len(rows), where, b - a, a), zone, b, llr))
    found.sort(key=lambda window: window[0])
    if by_centre:
        firsts = [next((window for window in found if i in zones[window[1]]), None) for i in range(len(at))]
        found = [window for window in found if any(window is first for first in firsts)]
    chosen: list[tuple[set[int], int, int, float]] = []
    for key, zone, last, llr in found:
        if not any(zone & other for other, *_rest in chosen):
            chosen.append((set(zone), key[-1], last, llr))
    return chosen


def random_map(seed: int) -> tuple[Numbers, Numbers, Numbers, bool]:
    """Small maps with ties of distance, places on top of each other, nobody in some, none reported in others."""
    rng = np.random.default_rng(seed)
    n, steps, geographic = int(rng.integers(2, 9)), int(rng.choice([1, 1, 3, 4])), bool(seed % 3 == 0)
    at = rng.integers(0, 4, (n, 2)) * 1000.0
    if geographic:
        at = np.array([-2.4, 53.3]) + rng.integers(0, 50, (n, 2)) / 97
    people = rng.integers(0, 4, (n, steps)) * 100.0 + rng.integers(0, 2) * rng.random((n, steps))
    cases = np.where(people > 0, rng.integers(0, 9, (n, steps)), 0).astype(float)
    return at, cases + (people > 0) * (seed % 2) * rng.random((n, steps)).round(2), people, geographic


@pytest.mark.parametrize("by_centre", [True, False])
@pytest.mark.parametrize("seed", range(120))
def test_clusters_equal_those_found_one_circle_and_one_span_at_a_time(seed: int, by_centre: bool) -> None:
    at, cases, people, geographic = random_map(seed)
    steps, prospective, most = cases.shape[1], seed % 5 == 0, [0.5, 0.3, 1.0, 0.5][seed % 4]
    longest = max(1, steps // 2)
    found = look(
        at,
        cases if steps > 1 else cases[:, 0],
        people if steps > 1 else people[:, 0],
        geographic=geographic,
        most=most,
        spell="prospective" if prospective else "retrospective",
        by_centre=by_centre,
        simulations=0,
    )
    if not cases.sum():
        assert found.clusters == ()
        return
    spans = spans_by_hand(steps, prospective, 1, longest)
    by_hand = clusters_by_hand(at, cases, people, spans, most, geographic, by_centre)
    assert [c.llr for c in found.clusters] == pytest.approx([llr for *_rest, llr in by_hand], rel=1e-7)
    where = [tuple(map(tuple, at[list(c.places)].tolist())) for c in found.clusters]
    assert [sorted(w) for w in where] == [sorted(map(tuple, at[list(zone)].tolist())) for zone, *_rest in by_hand]
    assert [(c.first, c.last) for c in found.clusters] == [(first, last) for _zone, first, last, _llr in by_hand]
    for cluster in found.clusters:
        assert cluster.radius == pytest.approx(smallest_by_hand(at, set(cluster.places), geographic), abs=0.2)


def test_the_ratio_is_the_one_worked_by_hand() -> None:
    # 8 ln(8/3) + 4 ln(4/9), relative risk (8/3) / (4/9).
    cluster = scan([0, 1, 2, 3], [0] * 4, [8, 1, 1, 2], [5] * 4).clusters[0]
    assert cluster.llr == pytest.approx(8 * math.log(8 / 3) + 4 * math.log(4 / 9), rel=1e-12)
    assert (cluster.cases, cluster.expected, cluster.ratio) == (8, 3, pytest.approx(6))


def example(seed: int = 4, steps: int = 5) -> tuple[Numbers, Numbers, Numbers]:
    rng = np.random.default_rng(seed)
    at = rng.integers(0, 6, (14, 2)) * 500.0
    people = rng.integers(0, 5, 14) * 1000.0
    return at, rng.poisson(people[:, None] / 1000, (14, steps)).astype(float), people


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_the_rows_changes_nothing(seed: int) -> None:
    at, cases, people = example(seed)
    mixed = np.random.default_rng(seed).permutation(len(at))
    one = look(at, cases, people, simulations=49)
    other = look(at[mixed], cases[mixed], people[mixed], simulations=49)
    np.testing.assert_array_equal(one.maxima, other.maxima)
    assert positions(one, at) == positions(other, at[mixed])
    assert measures(one) == measures(other)


def test_places_on_one_spot_with_other_histories_can_come_in_any_order() -> None:
    at = np.zeros((4, 2))
    at[2:, 0] = [400, 900]
    people = np.array([[1, 3], [3, 1], [2, 2], [4, 4]]) * 100
    cases = np.array([[2, 9], [9, 2], [1, 1], [2, 2]])
    mixed = [1, 3, 0, 2]
    one, other = look(at, cases, people), look(at[mixed], cases[mixed], people[mixed])
    np.testing.assert_array_equal(one.maxima, other.maxima)
    assert measures(one) == measures(other)


def positions(found: Scan, at: Numbers) -> list[list[list[float]]]:
    return [[at[c.centre].tolist(), *sorted(at[list(c.places)].tolist())] for c in found.clusters]


def measures(found: Scan) -> list[Cluster]:
    return [replace(c, centre=0, places=(), recurrence=0) for c in found.clusters]


@pytest.mark.parametrize(("east", "north"), [(380_000, 390_000), (-1e6, 0.1), (1 / 3, 1e5 / 7)])
def test_moving_the_whole_map_changes_nothing(east: float, north: float) -> None:
    at, cases, people = example()
    here = look(at, cases, people, simulations=19)
    there = scan(at[:, 0] + east, at[:, 1] + north, cases, people, simulations=19)
    assert [c.places for c in there.clusters] == [c.places for c in here.clusters]
    assert [c.llr for c in there.clusters] == pytest.approx([c.llr for c in here.clusters])
    np.testing.assert_allclose(there.maxima, here.maxima)


def test_turning_the_globe_changes_nothing() -> None:
    at, cases, people = example()
    here = scan(at[:, 0] / 1e4, 53 + at[:, 1] / 1e4, cases, people, geographic=True, simulations=9)
    there = scan(at[:, 0] / 1e4 + 40, 53 + at[:, 1] / 1e4, cases, people, geographic=True, simulations=9)
    assert [c.places for c in there.clusters] == [c.places for c in here.clusters]


@pytest.mark.parametrize(
    ("there", "metres"),
    [((0, 1), 111_195.08), ((1e-6, 0), 0.11119508), ((0, 1e-7), 0.011119508), ((180, 0), math.pi * 6_371_008.8)],
)
def test_great_circles_are_exact_from_a_centimetre_to_half_the_globe(there: tuple[float, float], metres: float) -> None:
    found = scan([0, there[0]], [0, there[1]], [[4, 0], [4, 0]], [1, 1], geographic=True, most=1.0)
    pair = found.clusters[0]
    assert pair.places == (0, 1)
    assert pair.radius == pytest.approx(metres, rel=1e-6)


def test_places_equally_far_join_together() -> None:
    # From the corner 0 both neighbours are 100 m away: no circle holds it with only one of them.
    found = look(SQUARE, [5, 5, 0, 0], [1, 1, 1, 1], most=0.5)
    assert [c.places for c in found.clusters] == [(0,), (1,)]
    together = look(SQUARE, [5, 5, 0, 0], [1, 1, 1, 1], most=0.75)
    assert together.tested == 8


def test_places_on_the_same_spot_are_one() -> None:
    found = scan([0, 0, 9, 50], [0, 0, 0, 0], [6, 0, 1, 1], [1, 1, 2, 4])
    assert found.clusters[0].places == (0, 1)
    assert found.clusters[0].radius == 0


def test_a_place_with_too_many_people_is_in_no_circle() -> None:
    found = scan([0, 10, 20], [0, 0, 0], [30, 1, 2], [60, 20, 20])
    assert [c.places for c in found.clusters] == []
    assert scan([0, 10, 20], [0, 0, 0], [30, 1, 2], [60, 20, 20], most=0.6).clusters[0].places == (0,)


def test_the_population_measures_the_circle_even_where_cases_are_expected_otherwise() -> None:
    by_people = scan([0, 10, 20], [0, 0, 0], [30, 1, 2], [20, 40, 40], expected=[6, 2, 2])
    assert by_people.clusters[0].places == (0,)
    assert by_people.clusters[0].size == pytest.approx(0.2)
    assert scan([0, 10, 20], [0, 0, 0], [30, 1, 2], expected=[6, 2, 2]).clusters == ()


def test_expected_cases_are_scaled_to_the_cases() -> None:
    one, other = (look(SQUARE, [9, 1, 1, 1], expected=np.array([1, 2, 1, 2]) * k) for k in (1, 170))
    assert [c.llr for c in one.clusters] == pytest.approx([c.llr for c in other.clusters])
    assert one.clusters[0].expected == other.clusters[0].expected == pytest.approx(2)


def test_a_planted_hot_spot_is_found_in_its_place_and_time() -> None:
    rng = np.random.default_rng(3)
    at = np.array([(i % 7, i // 7) for i in range(49)]) * 300.0
    cases = rng.poisson(2, (49, 12))
    hot = [i for i in range(49) if math.dist(at[i], at[16]) <= 301]
    cases[hot, 7:10] += 4
    found = look(at, cases, np.full(49, 900), days_between=30, simulations=99)
    first = found.clusters[0]
    assert (first.centre, first.places, first.first, first.last) == (16, tuple(hot), 7, 9)
    assert (first.radius, first.p, first.recurrence) == (300, 0.01, 3000)
    assert found.below(0.01) == (first,)


def test_looking_ahead_keeps_to_spans_that_reach_the_last_step() -> None:
    at, cases, people = example()
    cases[3, 1] += 40
    alive = look(at, cases, people, spell="prospective", simulations=0)
    assert {c.last for c in alive.clusters} == {4}
    assert look(at, cases, people, simulations=0).clusters[0].last == 1


@pytest.mark.parametrize(("longest", "steps"), [(0.5, 2), (3, 3), (1.0, 5), (1, 1), (99, 5)])
def test_spans_are_as_long_as_asked_for_and_no_longer(longest: float, steps: int) -> None:
    at, cases, people = example()
    cases[:, :] = 0
    cases[2, :] = 5
    people[2] = 1
    found = look(at, cases, people, longest=longest, simulations=0)
    assert found.clusters[0].last - found.clusters[0].first + 1 == steps


def test_simulated_maps_are_dealt_out_by_the_expected_and_scanned_like_the_real_one() -> None:
    at, cases, people = example(7, steps=3)
    found = look(at, cases, people, simulations=12, seed=5)
    # From west to east, places on the same spot from the fewest people and cases on.
    order = np.lexsort([cases.sum(axis=1), people, at[:, 1], at[:, 0]])
    share = np.repeat(people[order, None] / people.sum() / 3, 3, axis=1)
    maps = np.random.default_rng(5).multinomial(int(cases.sum()), share.ravel(), size=12).reshape(12, 14, 3)
    tops = [look(at[order], each, people[order], simulations=0).clusters[0].llr for each in maps]
    np.testing.assert_allclose(found.maxima, tops)
    llr = found.clusters[0].llr
    assert found.clusters[0].p == (1 + sum(top >= llr for top in tops)) / 13


def test_the_same_seed_gives_the_same_and_another_seed_another_answer() -> None:
    at, cases, people = example()
    one, again, other = (look(at, cases, people, simulations=50, seed=seed).maxima for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_the_size_of_the_blocks_worked_on_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    at, cases, people = example()
    whole = look(at, cases, people, simulations=40)
    monkeypatch.setattr("hatecrime.stats.scan.AT_ONCE", 1)
    monkeypatch.setattr("hatecrime.stats.scan_windows.AT_ONCE", 1)
    bit_by_bit = look(at, cases, people, simulations=40)
    np.testing.assert_array_equal(bit_by_bit.maxima, whole.maxima)
    assert measures(bit_by_bit) == measures(whole)


def test_by_chance_alone_a_p_below_a_level_is_as_rare_as_the_level_says() -> None:
    rng = np.random.default_rng(11)
    ps = []
    for seed in range(300):
        at, people = rng.random((8, 2)), rng.integers(200, 900, 8)
        cases = rng.multinomial(60, people / people.sum())
        ps.append(look(at, cases, people, simulations=99, seed=seed).clusters[0].p)
    for level in (0.05, 0.2, 0.5, 0.8):
        share = np.mean(np.array(ps) <= level)
        assert abs(share - level) < 3.5 * math.sqrt(level * (1 - level) / 300)


def test_low_rates_are_found_when_they_are_asked_for() -> None:
    cases, people = [9, 10, 0, 11, 14], [10] * 5
    x, y = [0, 5, 10, 15, 20], [0] * 5
    low = scan(x, y, cases, people, direction="low").clusters[0]
    assert (low.places, low.ratio) == ((2,), 0)
    both = scan(x, y, cases, people, direction="both").clusters
    assert (both[0].places, both[0].llr) == ((2,), low.llr)
    assert all(c.ratio > 1 for c in scan(x, y, cases, people).clusters)


@pytest.mark.parametrize("direction", ["high", "low", "both"])
def test_equal_counts_give_no_cluster(direction: Any) -> None:
    found = look(SQUARE, np.full((4, 6), 0.1), np.full(4, 7), direction=direction, simulations=19)
    assert found.clusters == ()
    assert found.cases == pytest.approx(2.4)


@pytest.mark.parametrize("steps", [1, 4])
def test_no_cases_give_no_cluster(steps: int) -> None:
    found = look(SQUARE, np.zeros((4, steps)), np.full(4, 7))
    assert (found.clusters, found.cases, found.maxima.max()) == ((), 0, 0)


def test_one_place_no_place_and_no_people_give_no_cluster() -> None:
    assert scan([5], [5], [3], [100]).clusters == ()
    assert scan([], [], [], []).clusters == ()
    nobody = look(SQUARE, [1, 2, 0, 1], [0, 0, 0, 0])
    assert (nobody.clusters, nobody.cases, nobody.left_out) == ((), 0, 4)


def test_one_place_alone_can_be_hot_for_a_time() -> None:
    found = scan([5], [5], [[1, 1, 9, 1]], [100], most=1.0).clusters[0]
    assert (found.places, found.first, found.last, found.size) == ((0,), 2, 2, 1)


def test_all_cases_in_one_place() -> None:
    first = look(SQUARE, [12, 0, 0, 0], [5, 5, 5, 5]).clusters[0]
    assert (first.places, first.ratio, first.p) == ((0,), math.inf, 0.001)
    assert first.llr == pytest.approx(12 * math.log(4))


def test_all_places_on_one_spot_give_no_cluster() -> None:
    assert scan([1] * 5, [2] * 5, [9, 0, 0, 1, 0], [3] * 5, most=1.0).clusters == ()


def test_cases_where_nobody_lives_or_nothing_is_known_are_left_out_and_counted() -> None:
    x, y = [0, 100, 200, 300, np.nan, 500], [0, 0, 0, 0, 0, 0]
    found = scan(x, y, [8, 1, np.nan, 3, 5, 2], [100, 100, 100, 0, 100, 200])
    assert (found.cases, found.left_out) == (11, 8)
    known = scan([0, 100, 200, 500], [0] * 4, [8, 1, 0, 2], [100, 100, 100, 200], expected=[100, 100, 0, 200])
    assert found.clusters[0].places == known.clusters[0].places == (0,)
    assert found.clusters[0].llr == pytest.approx(known.clusters[0].llr)


def test_secondary_clusters_share_no_place_and_fall_in_likelihood() -> None:
    at, cases, people = example(9)
    found = look(at, cases, people, simulations=19).clusters
    assert len(found) > 2
    assert all(not set(a.places) & set(b.places) for a, b in combinations(found, 2))
    llr = [c.llr for c in found]
    assert llr == pytest.approx(sorted(llr, reverse=True))
    assert [c.p for c in found] == sorted(c.p for c in found)


def test_fractions_of_a_case_are_welcome() -> None:
    found = look(SQUARE, [0.3, 0, 0.1, 0], [1, 1, 1, 1], simulations=9)
    assert found.clusters[0].llr == pytest.approx(0.3 * math.log(3) + 0.1 * math.log(1 / 3))
    assert found.clusters[0].p == 1


def test_a_simulated_map_that_ties_counts_against_the_finding() -> None:
    # One case falls in one of two places, whatever chance does.
    assert look(SQUARE[:2], [1, 0], [1, 1]).clusters[0].p == 1


def test_progress_is_told_from_little_to_all() -> None:
    at, cases, people = example()
    told: list[float] = []
    look(at, cases, people, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1


def test_without_simulations_there_is_no_p() -> None:
    at, cases, people = example()
    found = look(at, cases, people, simulations=0, days_between=30)
    assert math.isnan(found.clusters[0].p)
    assert math.isnan(found.clusters[0].recurrence)
    assert found.below(0.99) == ()


def test_what_cannot_be_scanned_is_said() -> None:
    with pytest.raises(ValueError, match="negative"):
        look(SQUARE, [1, -1, 0, 0], [1] * 4)
    with pytest.raises(ValueError, match="population or expected"):
        look(SQUARE, [1, 1, 0, 0])
    with pytest.raises(ValueError, match="time step"):
        look(SQUARE, [1, 1, 0, 0], [1] * 4, shortest=0)


def test_expected_cases_by_strata_are_those_worked_by_hand() -> None:
    cases = np.array([[[1, 1], [0, 2]], [[0, 0], [4, 0]]])
    people = np.array([[[10, 10], [5, 5]], [[20, 0], [10, 0]]])
    # The young: 2 of 40; the old: 6 of 20.
    assert expected_by_strata(cases, people).tolist() == [[2, 2], [4, 0]]
    whole = expected_by_strata(cases.sum(axis=2), people.sum(axis=2))
    assert whole.tolist() == [4, 4]


def test_a_stratum_with_nobody_or_unknown_expects_nothing() -> None:
    assert expected_by_strata(np.array([[1, 0], [1, np.nan]]), np.array([[10, 0], [10, 5]])).tolist() == [1, 1]
    with pytest.raises(ValueError, match="stratum"):
        expected_by_strata([1, 2], [3, 4])


@pytest.mark.parametrize(
    "wrong",
    [{"most": 50}, {"most": 0}, {"direction": "lows"}, {"spell": "never"}, {"geographic": True, "y": [95.0, 0.0]}],
    ids=str,
)
def test_what_would_answer_another_question_is_refused(wrong: dict[str, object]) -> None:
    y = wrong.pop("y", [0.0, 1.0])
    with pytest.raises(ValueError):
        scan([0.0, 1.0], y, [3, 1], [10, 10], simulations=0, **wrong)


def test_places_and_their_coordinates_are_as_many() -> None:
    with pytest.raises(ValueError, match="2 x and 3 y"):
        scan([0, 1], [0, 1, 2], [3, 1], [10, 10], simulations=0)
