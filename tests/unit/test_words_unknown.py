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


def test_training_without_young_people_is_for_staff():
    assert (
        words.training(0, "race", False)
        == "Sessions for staff who meet the public on race hostility, the commonest here."
    )
