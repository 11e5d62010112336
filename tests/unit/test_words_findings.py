"""Headings that say a finding, and the numbers behind them."""

import pandas as pd
import pytest

from hatecrime.stats.expected import surprise
from hatecrime.words import findings, loaded


def rows(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame(columns)


@pytest.mark.parametrize(
    ("after", "before", "said"),
    [
        ((240, 2000), (140, 2000), "up from 7.0% before"),
        ((140, 2000), (240, 2000), "down from 12.0% before"),
        ((71, 1000), (70, 1000), "no clear change from 7.0% before"),
        ((3, 9), (70, 1000), "too few referrals to compare"),
    ],
)
def test_a_share_is_said_to_change_only_where_it_clearly_does(
    after: tuple[int, int], before: tuple[int, int], said: str
) -> None:
    assert said in findings.self_share(after, before, "Q1 2016/17")


def test_of_fewer_than_ten_no_percentage_is_given() -> None:
    assert "%" not in findings.satisfaction(8, 9)
    assert "%" not in findings.in_time(8, 9, 2)
    assert "%" not in findings.share_of(8, 9) + findings.basis_of_share(8, 9)
    assert findings.satisfaction(8, 10).startswith("80%")


def test_silence_that_chance_explains_is_not_called_a_surprise() -> None:
    said = findings.silence({"Library": surprise(0, 1.2), "College": surprise(0, 5), "Hub": surprise(2, 3)}, "2016/17")
    assert "Library took none, but only 1.2 were to be expected" in said
    assert "College took none where 5.0 were to be expected, which is unlikely to be chance" in said
    assert "Hub" not in said


def test_nothing_is_said_of_silence_where_every_centre_took_a_report() -> None:
    assert findings.silence({"Hub": surprise(2, 3)}, "2016/17") == ""
    assert findings.no_returns([]) == ""


def test_several_missed_strands_are_named_with_their_incidents() -> None:
    missed = rows(label=["Disability", "Religion"], n=[30, 12], expected=[5.0, 2.0])
    said = findings.missed_strands(missed, 40)
    assert said == "No centre took a report of these strands: disability and religion; 30 and 12 incidents carry them"
    chance = findings.missed_strands_chance(missed, "2016/17")
    assert "5.0 reports of disability were to be expected; that none came is unlikely to be chance" in chance
    assert "religion" not in chance


def test_without_any_report_strands_are_not_compared() -> None:
    assert "cannot be compared" in findings.missed_strands(rows(label=["Race"], n=[3], expected=[0.0]), 0)


def test_places_without_a_centre_are_named_and_their_incidents_added() -> None:
    places = rows(label=["North", "South", "West"], n=[10, 20, 5], centres=[2, 0, 0])
    assert findings.uncovered(places) == "South and West have 25 incidents and no open centre"
    assert findings.uncovered(places.assign(centres=1)) == "Every part of the area has an open centre"


def test_no_candidate_is_praised_for_nothing() -> None:
    assert findings.candidates(rows(label=[], gain=[]), 1600, 20).startswith("No candidate venue is listed")
    assert findings.candidates(rows(label=["Hub"], gain=[0.0]), 1600, 20).startswith("No candidate would bring more")


def test_centres_that_took_nothing_are_a_finding() -> None:
    assert findings.centre_use(0, 3, 3) == "3 open centres took no report"
    assert findings.centre_use(1, 1, 0) == "1 open centre took 1 report"
    assert findings.centre_use(0, 0, 0) == "No centre is open"


def test_a_table_without_a_clear_change_says_so() -> None:
    assert findings.changed_rows(rows(label=["Race"], direction=["unclear"])) == "No change is clear"
    both = findings.changed_rows(rows(label=["Race", "Religion"], direction=["more", "fewer"]))
    assert both == "More: Race. Fewer: Religion. No other change is clear"


def extract(read: int, kept: int, refused: int, folded: int) -> pd.DataFrame:
    return rows(
        file=["a.csv"],
        rows_read=[read],
        rows_kept=[kept],
        rows_refused=[refused],
        rows_collapsed=[folded],
        rows_updated=[0],
        rows_withdrawn=[0],
        values_refused=[2],
    )


def test_rows_that_are_not_accounted_for_are_said_to_be_missing() -> None:
    assert loaded.account(extract(10, 8, 1, 1)) == "Every row is accounted for."
    assert "2 of 10 are not accounted for" in loaded.account(extract(10, 7, 1, 0))


def test_the_answer_of_the_data_page_holds_every_number_it_rests_on() -> None:
    said = loaded.answer(extract(1000, 997, 2, 1), rows(n=[0, 5]))
    assert "1,000 rows read, 997 kept, 2 refused and 1 folded into others" in said
    assert "2 more values are refused" in said
    assert "1 of 2 checks finds records to look at." in said


def test_nothing_loaded_is_said_in_one_sentence() -> None:
    assert loaded.answer(extract(0, 0, 0, 0).head(0), rows(n=[])) == "No extract is loaded."
