import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatecrime.stats.coverage import cover
from hatecrime.stats.expected import surprise
from hatecrime.words.centres import answer

BANDS = [800, 1600, 3200]
POINTS = [(0, 0)] * 6 + [(0, 1000)] * 3 + [(0, 2000)] * 2 + [(0, 9000)]


def test_what_is_near_and_what_is_out_of_reach_is_said_with_its_distance() -> None:
    assert answer(cover(POINTS, [(0, 0), (500, 0)], BANDS), 2) == (
        "2 centres are open. Within 1.6 km of one, in a straight line: 75% of 12 incidents; over 3.2 km from all: 8%."
    )


def test_the_band_to_speak_of_can_be_chosen() -> None:
    assert "Within 800 m of it, in a straight line: 50% of 12" in answer(cover(POINTS, [(0, 0)], BANDS), 1, reach=800)


def test_a_detour_is_stated() -> None:
    assert "1.3 times the straight line" in answer(cover(POINTS, [(0, 0)], BANDS, detour=1.3), 1)


def test_few_incidents_are_counted_not_shared() -> None:
    text = answer(cover(POINTS[5:9], [(0, 0)], BANDS), 1)
    assert "4 of 4 incidents" in text
    assert "over 3.2 km from it: none." in text
    assert "%" not in text


def test_places_without_a_centre_are_named() -> None:
    near = cover(POINTS, [(0, 0)], BANDS)
    assert answer(near, 1, without=["South"]).endswith("A place without an open centre: South.")
    assert answer(near, 1, without=["South", "West"]).endswith("Places without an open centre: South and West.")
    many = answer(near, 1, without=["Conwy", "Gwynedd", "Powys", "Wrexham", "Gwent"])
    assert many.endswith("Conwy, Gwynedd, Powys and 2 others.")


def test_silence_that_surprises_is_told_from_silence_that_does_not() -> None:
    reports = {"Library": surprise(0, 9), "College": surprise(0, 0.5), "Hub": surprise(4, 5)}
    text = answer(cover(POINTS, [(0, 0)], BANDS), 3, reports=reports)
    assert "2 centres took no report." in text
    assert "For Library that is fewer than expected from the incidents nearest to it." in text
    assert "For College so few were expected that silence tells nothing." in text
    assert "Hub" not in text


def test_without_silence_nothing_is_said_of_it() -> None:
    assert "report" not in answer(cover(POINTS, [(0, 0)], BANDS), 1, reports={"Hub": surprise(4, 5)})


def test_without_an_open_centre_there_is_no_distance_but_the_place_is_named() -> None:
    assert answer(cover(POINTS, [], BANDS), 0, without=["South"]) == (
        "No centre is open, so no distance can be given for 12 incidents. A place without an open centre: South."
    )


def test_without_an_incident_there_is_no_distance() -> None:
    assert answer(cover([], [(0, 0)], BANDS), 1) == (
        "No incident with a known place is recorded, so no distance can be given."
    )


@pytest.mark.parametrize("index", [0, 1, 2])
@given(points=st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 6000)), min_size=10, max_size=60))
def test_the_stated_shares_are_those_of_the_bands(index: int, points: list[tuple[int, int]]) -> None:
    near = cover(points, [(0, 0)], BANDS)
    stated = re.search(
        r"line: (.+) of (\d+) incidents; over 3.2 km from it: (.+)\.", answer(near, 1, reach=BANDS[index])
    )
    assert stated
    assert int(stated[2]) == len(points)
    for text, share in ((stated[1], near.bands[index].share), (stated[3], near.outside.share)):
        value = 0 if text == "none" else int(re.search(r"\d+", text).group()) / 100  # type: ignore[union-attr]
        assert abs(value - share) <= 0.0101
