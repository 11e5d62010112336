"""The words of the list of unknown hotspots."""

import re

import pytest

from hatecrime.words import unknown as words
from hatecrime.words.unknown import Finding

NUMBERS = {"observed": 14, "expected": 0.6, "low": 9.7, "high": 73, "whole": 32, "before": 3}


def of(kind: str, **more: object) -> Finding:
    return Finding(**{"kind": kind, "label": "Broadheath", **NUMBERS, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", words.kinds())
def test_every_kind_has_a_reason_with_the_place_the_count_and_what_was_expected(kind):
    flag = "school" if kind in ("share", "repeat_victims") else ""

    text = words.reason(of(kind, flag=flag))

    assert "Broadheath" in text
    assert "14" in text
    assert "about 0.6" in text
    assert text.endswith(".")
    assert not re.search(r"[{}]|nan|None", text)


def test_incidents_of_every_kind_are_just_incidents():
    assert words.reason(of("new")).startswith("Broadheath has 14 incidents, after 3 in the same months before")


def test_one_incident_is_one_incident():
    text = words.reason(of("quiet", observed=1, expected=23.4, using=("deprivation",)))

    assert "has 1 incident, where about 23 would be expected from residents and deprivation." in text


def test_silence_is_not_said_to_be_safety():
    assert "Silence may mean fear, not safety." in words.reason(of("quiet"))


def test_what_has_always_been_so_is_no_news():
    assert words.reason(of("per_resident", known=True)).endswith("this is no news.")
    assert "no news" not in words.reason(of("per_resident"))


def test_young_victims_are_not_a_place():
    assert "14 of 32 incidents had a victim under 18" in words.reason(of("share", flag="young"))


@pytest.mark.parametrize("sure", words.sureness())
def test_each_degree_of_sureness_is_explained_by_its_own_word(sure):
    assert words.sureness()[sure].startswith(f"{words.sure_word(sure)}: ")


def test_nothing_to_compare_is_said_in_words():
    assert words.comparisons(0, 0, 0).startswith("No comparison could be made")
    assert words.comparisons(1, 0.04, 0).startswith("1 comparison was made. Chance alone would make fewer than 0.1")


def test_a_comparison_says_why_chance_brings_fewer_than_1_in_20():
    assert "counts are whole numbers" in words.comparisons(505, 14, 20)


def test_a_total_stands_out_or_not_beside_something():
    assert "its total does not stand out beside other places." in words.reason(of("hidden"))


def test_what_is_beside_other_places_is_told_from_what_is_beside_the_years_before():
    beside, past = (words.also(of(kind, strand="disability")) for kind in ("hidden", "new"))

    assert beside == "disability hostility: 14 (about 0.6 if it were like other places)"
    assert past == "disability hostility: 14, up from 3 (about 0.6 if it had changed as elsewhere)"


@pytest.mark.parametrize(
    ("observed", "late", "said"),
    [
        (25, 22, "22 of the 25 are in the last three months."),
        (10, 5, "5 of the 10 are in the last three months."),
        (9, 9, "All 9 are in the last three months."),
        (25, 12, ""),
        (4, 4, ""),
        (25, float("nan"), ""),
        (0, 0, ""),
    ],
)
def test_when_it_happened_is_said_where_at_least_half_and_five_are_recent(observed, late, said):
    text = words.reason(of("hidden", observed=observed, late=late))

    assert text.endswith(said)
    assert ("last three months" in text) == bool(said)


def test_the_order_of_places_for_training_is_what_the_records_can_give():
    orders = {
        (school, young): words.training_order(school, young) for school in (True, False) for young in (True, False)
    }

    assert len(set(orders.values())) == 4
    assert orders[False, False].startswith("Places with most incidents come first:")


def test_training_without_young_people_is_for_staff():
    assert (
        words.training(0, "race", False)
        == "Sessions for staff who meet the public on race hostility, the commonest here."
    )
