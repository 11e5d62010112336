import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hatecrime.stats.emerging import CLASSES, NOT_ENOUGH, PATTERNS, classify, mann_kendall

SIGNS = {"h": "hot", "c": "cold", "-": "", "?": ""}
OPPOSITE = {"h": "c", "c": "h", "-": "-", "?": "?"}
LEVELS = {"h": 3.0, "c": -3.0, "-": 0.2, "?": np.nan}

# Whether a step is hot (h), cold (c), neither (-) or not known (?); what is added to z a step; the class for hot.
DEFINITIONS = [
    ("-----------h", 0, "new"),
    ("---------hhh", 0, "consecutive"),
    ("hhhhhhhhhhhh", 0.3, "intensifying"),
    ("hhhhhhhhhhhh", 0, "persistent"),
    ("hhhhhhhhhhhh", -0.1, "diminishing"),
    ("--h--hh----h", 0, "sporadic"),
    ("--h--c-----h", 0, "oscillating"),
    ("hhhhhhhhhhh-", 0, "historical"),
]


def series(steps: str, drift: float = 0) -> tuple[list[str], list[float]]:
    return [SIGNS[step] for step in steps], [LEVELS[step] + drift * at for at, step in enumerate(steps)]


def kind(steps: str, drift: float = 0) -> str:
    verdicts, z = series(steps, drift)
    return str(classify([verdicts], [z]).kind[0])


def mirrored(name: str) -> str:
    return name.replace("hot", "?").replace("cold", "hot").replace("?", "cold")


@pytest.mark.parametrize(("steps", "drift", "pattern"), DEFINITIONS)
def test_each_definition_names_its_own_series_hot_and_cold(steps: str, drift: float, pattern: str) -> None:
    verdicts, z = series(steps, drift)
    assert classify([verdicts], [z]).kind[0] == f"{pattern}_hot"
    swapped = [{"hot": "cold", "cold": "hot", "": ""}[verdict] for verdict in verdicts]
    assert classify([swapped], [[-value for value in z]]).kind[0] == f"{pattern}_cold"


def test_every_definition_has_a_series_and_there_are_seventeen_classes() -> None:
    assert [pattern for *_, pattern in DEFINITIONS] == list(PATTERNS)
    assert len(set(CLASSES)) == 17


@given(st.text("hc-?", min_size=8, max_size=14), st.sampled_from([-0.2, 0, 0.2]))
def test_turning_hot_into_cold_mirrors_the_class(steps: str, drift: float) -> None:
    verdicts, z = series(steps, drift)
    swapped = series("".join(OPPOSITE[step] for step in steps))[0]
    there, back = classify([verdicts], [z]), classify([swapped], [np.negative(z)])
    assert str(back.kind[0]) == mirrored(str(there.kind[0]))
    assert back.since[0] == there.since[0]


@given(st.text("hc-?", min_size=8, max_size=14), st.sampled_from([-0.2, 0, 0.2]))
def test_classes_agree_with_the_definitions_read_one_by_one(steps: str, drift: float) -> None:
    assert kind(steps, drift) == read_one_by_one(steps, drift)


def read_one_by_one(steps: str, drift: float) -> str:
    """A second writing of the definitions, in plain loops over one place."""
    if len(steps.replace("?", "")) < 10 or steps[-1] == "?":
        return NOT_ENOUGH
    p, up = by_brute_force([value for value in series(steps, drift)[1] if value == value])
    seen = steps.replace("?", "")
    fits = []
    for on, off, name in (("h", "c", "hot"), ("c", "h", "cold")):
        share, ends = seen.count(on) / len(seen), seen[-1] == on
        grows = p < 0.05 and (up if on == "h" else not up)
        fades = p < 0.05 and not grows
        run = len(seen) - len(seen.rstrip(on))
        tests = {
            "new": ends and seen.count(on) == 1,
            "consecutive": ends and run >= 2 and on not in seen[:-run] and share < 0.9,
            "intensifying": ends and share >= 0.9 and grows,
            "persistent": ends and share >= 0.9 and not grows and not fades,
            "diminishing": ends and share >= 0.9 and fades,
            "sporadic": ends and share < 0.9 and off not in seen,
            "oscillating": ends and share < 0.9 and off in seen,
            "historical": not ends and share >= 0.9,
        }
        fits += [(PATTERNS.index(pattern), f"{pattern}_{name}") for pattern, fit in tests.items() if fit]
    return min(fits)[1] if fits else "none"


def by_brute_force(values: list[float]) -> tuple[float, bool]:
    """The p of Mann and Kendall, and whether the series rises."""
    n = len(values)
    s = sum(np.sign(later - earlier) for earlier, later in itertools.combinations(values, 2))
    groups = [values.count(value) for value in set(values)]
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in groups)) / 18
    if not variance:
        return 1.0, False
    return float(2 * stats.norm.sf(abs(s - np.sign(s)) / np.sqrt(variance))), bool(s > 0)


@given(st.lists(st.integers(-3, 3).map(float), min_size=2, max_size=15))
def test_the_trend_is_that_of_all_pairs_one_by_one(values: list[float]) -> None:
    trend = mann_kendall([values])
    assert trend.p[0] == pytest.approx(by_brute_force(values)[0])
    assert trend.tau[0] == pytest.approx(stats.kendalltau(range(len(values)), values).statistic, nan_ok=True)


def test_the_trend_is_the_one_reckoned_on_paper() -> None:
    # Of 45 pairs 39 rise, 3 fall and 3 are tied.
    trend = mann_kendall([[10, 22, 21, 30, 22, 30, 40, 41, 40, 48]])
    assert trend.s[0] == 36
    assert trend.z[0] == pytest.approx(35 / np.sqrt((2250 - 3 * 18) / 18))


def test_exactly_nine_tenths_of_steps_is_lasting_and_less_is_not() -> None:
    assert kind("-hhhhhhhhh") == "persistent_hot"
    assert kind("hhhhhhhhh-") == "historical_hot"
    assert kind("hhhhhh-hhhhhhh-hhhhh") == "persistent_hot"
    assert kind("---hhhhhhhhhhhhhhhhh") == "consecutive_hot"
    assert kind("h-h-hhhhhh") == "sporadic_hot"
    assert kind("hhhhhhhh--") == "none"


def test_ten_steps_are_enough_and_nine_are_not() -> None:
    assert kind("---------h") == "new_hot"
    assert kind("--------h") == NOT_ENOUGH
    assert kind("") == NOT_ENOUGH


def test_a_step_that_is_not_known_is_left_out() -> None:
    assert kind("?---------h") == "new_hot"
    assert kind("?--------h") == NOT_ENOUGH
    assert kind("--------h?h") == "consecutive_hot"
    assert kind("-hhhh?hhhhh") == "persistent_hot"


def test_a_final_step_that_is_not_known_leaves_the_place_undecided() -> None:
    assert kind("hhhhhhhhhhhh?") == NOT_ENOUGH


def test_a_place_that_never_stands_out_has_no_class_however_steep_its_trend() -> None:
    assert kind("------------", 0.1) == "none"
    assert kind("hh-h--hh----") == "none"


def test_what_a_place_is_now_comes_before_what_it_was() -> None:
    assert kind("ccccccccch") == "new_hot"
    assert kind("hhhhhhhhhc") == "new_cold"
    assert kind("cccccccchh") == "consecutive_hot"


def test_since_when_is_the_start_of_the_present_run() -> None:
    verdicts, z = zip(
        *(series(steps) for steps in ("hh-----h?hhh", "hhhhhhhhhhhh", "hhhhhhhhhhh-", "-h--------cc")), strict=True
    )
    found = classify(verdicts, z)
    assert found.since.tolist() == [7, 0, -1, 10]
    assert found.hot.tolist() == [6, 12, 11, 1]
    assert found.cold.tolist() == [0, 0, 0, 2]
    assert found.known.tolist() == [11, 12, 12, 12]


def test_the_order_of_places_changes_nothing() -> None:
    rng = np.random.default_rng(5)
    z = rng.normal(1.5, 1.5, (300, 12))
    verdicts = np.select([z > 1.96, z < -1.96], ["hot", "cold"], "")
    order = rng.permutation(300)
    assert (classify(verdicts[order], z[order]).kind == classify(verdicts, z).kind[order]).all()


def test_no_places_have_no_classes() -> None:
    none = classify(np.empty((0, 12), dtype=str), np.empty((0, 12)))
    assert none.kind.size == none.since.size == none.trend.p.size == 0


def test_all_equal_has_no_trend_and_too_few_steps_have_none_to_tell() -> None:
    flat, short = mann_kendall([[2.0] * 12]), mann_kendall([[1.0] + [np.nan] * 11])
    assert (flat.s[0], flat.z[0], flat.p[0]) == (0, 0, 1)
    assert np.isnan([flat.tau[0], short.z[0], short.p[0], short.tau[0]]).all()
