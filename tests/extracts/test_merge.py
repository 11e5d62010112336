"""Several rows of one record, one per arrest, victim or strand: folded into one by the rules of the mapping."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from tests.extracts.workshop import Built, Workshop

MAPPING = """
source = "test"
table = "incident"
[columns]
ref = "Ref"
kind = "Kind"
recorded_on = { from = "Recorded", formats = ["%d/%m/%Y"] }
occurred_from = { from = "Happened", formats = ["%d/%m/%Y"], optional = true }
outcome_on = { from = "Outcome day", formats = ["%d/%m/%Y"], optional = true }
outcome = { from = "Outcome", optional = true }
victim_sex = { from = "Sex", optional = true }
online = { from = "Online", optional = true }
[strands]
from = "Strand"
split = ";"
[values.victim_sex]
"M" = "male"
"Man" = "male"
"Not asked" = ""
[values.outcome]
"Charged" = "charged_summonsed"
"Closed" = "no_suspect"
[record]
repeats = "merge"
[record.take]
"""
REFERRALS = """
source = "test"
table = "referral"
[columns]
ref = "Ref"
received_on = { from = "Received", formats = ["%d/%m/%Y"] }
incident_ref = "Crime"
needs = { from = "Needs", split = ";" }
[strands]
from = "Strand"
[record]
repeats = "merge"
[record.take]
needs = "all"
"""
PLACED = """
source = "test"
table = "incident"
[columns]
ref = "Ref"
kind = { value = "crime" }
recorded_on = { from = "Recorded", formats = ["%d/%m/%Y"] }
[point]
x = "X"
y = "Y"
crs = "EPSG:27700"
[record]
repeats = "merge"
"""
Build = Callable[..., Built]


def rows(*given: dict[str, str]) -> str:
    """Rows of a crime recorded on 1 February 2016, but for what is said of each."""
    usual = {"Ref": "1", "Kind": "Crime", "Recorded": "01/02/2016", "Strand": "Race"}
    names = list(dict.fromkeys([*usual, *(name for row in given for name in row)]))
    lines = (",".join((usual | row).get(name, "") for name in names) for row in given)
    return "\n".join([",".join(names), *lines, ""])


def merged(built: Build, column: str, rule: str, *given: dict[str, str]) -> Any:
    """The value of a column of the one record that comes of some rows."""
    made = built(rows(*given), MAPPING + (f'{column} = "{rule}"\n' if rule else ""))
    (value,) = made.column("incident", column)
    return value


def test_rows_of_one_reference_are_one_record_at_the_place_of_the_first(built: Build) -> None:
    made = built(rows({"Ref": "2"}, {}, {}, {"Ref": "3"}, {}), MAPPING)
    assert sorted(made.column("incident", "line")) == [2, 3, 5]
    extract = made.extract
    assert (extract.read, extract.kept, extract.refused, extract.collapsed) == (5, 3, {}, 2)
    assert made.rejects == []


def test_rows_without_a_reference_stay_apart(built: Build) -> None:
    made = built(rows({"Ref": ""}, {"Ref": ""}), MAPPING)
    assert made.extract.kept == 2


def test_a_file_in_which_nothing_repeats_stays_as_it_is(built: Build) -> None:
    made = built(rows({"Ref": "1"}, {"Ref": "2"}), MAPPING)
    assert (made.extract.kept, made.extract.collapsed) == (2, 0)


def test_an_empty_file_has_nothing_to_merge(built: Build) -> None:
    assert built("Ref,Kind,Recorded,Strand\n", MAPPING).extract.read == 0


class TestRules:
    def test_the_first_value_that_is_filled_stands_where_no_rule_is_stated(self, built: Build) -> None:
        assert merged(built, "victim_sex", "", {"Sex": ""}, {"Sex": "Not asked"}, {"Sex": "M"}) == "male"

    def test_first_and_last_pass_over_what_is_empty(self, built: Build, workshop: Workshop) -> None:
        days = [{"Outcome day": ""}, {"Outcome day": "03/02/2016"}, {"Outcome day": "02/02/2016"}, {"Outcome day": ""}]
        assert merged(built, "outcome_on", "first", *days) == dt.date(2016, 2, 3)

    def test_last_takes_the_last_that_is_filled(self, built: Build) -> None:
        days = [{"Outcome day": "04/02/2016"}, {"Outcome day": "02/02/2016"}, {"Outcome day": ""}]
        assert merged(built, "outcome_on", "last", *days) == dt.date(2016, 2, 2)

    @pytest.mark.parametrize(("rule", "day"), [("earliest", 2), ("latest", 4)])
    def test_the_earliest_or_the_latest_of_dates(self, built: Build, rule: str, day: int) -> None:
        days = [{"Outcome day": d} for d in ("03/02/2016", "", "04/02/2016", "02/02/2016")]
        assert merged(built, "outcome_on", rule, *days) == dt.date(2016, 2, day)

    @pytest.mark.parametrize(
        ("given", "told"), [(("no", "", "yes"), True), (("no", "no"), False), (("", "no"), False), (("", ""), None)]
    )
    def test_any_yes_makes_a_flag_yes(self, built: Build, given: tuple[str, ...], told: bool | None) -> None:
        assert merged(built, "online", "any", *({"Online": each} for each in given)) is told

    def test_lists_unite(self, built: Build) -> None:
        text = "Ref,Received,Crime,Needs,Strand\n1,01/02/2016,,safety;housing,Race\n1,01/02/2016,,housing,Race\n"
        text += "1,01/02/2016,,,Race\n1,01/02/2016,,emotional,Race\n2,01/02/2016,,,Race\n2,01/02/2016,,,Race\n"
        made = built(text, REFERRALS)
        needs = dict(made.rows("referral", "line", "needs"))
        assert sorted(needs[2]) == ["emotional", "housing", "safety"]
        assert needs[6] is None

    def test_strands_always_unite_and_a_part_stands_for_its_strand(self, built: Build) -> None:
        made = built(
            rows({"Strand": "Race;Religion"}, {"Strand": ""}, {"Strand": "Muslim"}, {"Strand": "Age"}), MAPPING
        )
        strands = made.rows("incident_strand", "strand", "sub_strand")
        assert sorted(strands, key=str) == [("age", None), ("race", None), ("religion", "muslim")]

    def test_the_mask_of_the_record_is_that_of_all_its_rows(self, built: Build, tmp_path: Any) -> None:
        made = built(
            rows({"Strand": "Race"}, {"Strand": "Disability"}, {"Ref": "2", "Strand": "Race;Disability"}), MAPPING
        )
        masks = made.column("incident", "strand_mask")
        assert masks[0] == masks[1] != 0

    def test_a_record_without_any_strand_stays_without(self, built: Build) -> None:
        made = built(rows({"Strand": ""}, {"Strand": ""}), MAPPING)
        assert made.rows("incident", "strand_set", "strand_mask") == [(None, 0)]


class TestWhatGivesWay:
    def test_is_on_record_with_its_line(self, built: Build) -> None:
        made = built(rows({"Outcome": "Charged"}, {"Outcome": "Closed"}, {"Outcome": "Charged"}), MAPPING)
        assert made.rejects == [(3, "Outcome", "Closed", "merged_value", False)]
        assert made.extract.values_refused == {"merged_value": 1}

    def test_is_not_a_value_that_means_the_same(self, built: Build) -> None:
        assert built(rows({"Sex": "M"}, {"Sex": "Man"}, {"Sex": "Not asked"}), MAPPING).rejects == []

    def test_is_not_on_record_where_a_rule_says_what_to_make_of_all(self, built: Build) -> None:
        days = [{"Outcome day": "03/02/2016"}, {"Outcome day": "04/02/2016"}]
        assert built(rows(*days), MAPPING + 'outcome_on = "latest"\n').rejects == []

    def test_is_the_row_that_stands_where_the_last_counts(self, built: Build) -> None:
        made = built(rows({"Outcome": "Charged"}, {"Outcome": "Closed"}), MAPPING + 'outcome = "last"\n')
        assert made.rejects == [(2, "Outcome", "Charged", "merged_value", False)]

    def test_never_shows_a_reference(self, built: Build) -> None:
        text = "Ref,Received,Crime,Needs,Strand\n1,01/02/2016,06X/1,,Race\n1,01/02/2016,06X/2,,Race\n"
        assert built(text, REFERRALS).rejects == [(3, "Crime", None, "merged_value", False)]


class TestARefusedRow:
    def test_takes_no_part(self, built: Build) -> None:
        made = built(rows({"Kind": "Odd", "Sex": "female"}, {"Sex": "M"}, {"Recorded": "31/02/2016"}), MAPPING)
        assert made.rows("incident", "line", "victim_sex") == [(3, "male")]
        assert (made.extract.kept, made.extract.collapsed) == (1, 0)
        assert made.reasons == {"unknown_label": 1, "bad_date": 1}

    def test_may_leave_nothing_of_a_record(self, built: Build) -> None:
        made = built(rows({"Kind": "Odd"}, {"Kind": "Odd"}), MAPPING)
        assert (made.extract.kept, made.extract.collapsed) == (0, 0)


class TestPlaces:
    def test_coordinates_stand_together(self, built: Build) -> None:
        made = built("Ref,Recorded,X,Y\n1,01/02/2016,380000,\n1,01/02/2016,381000,391000\n", PLACED)
        assert made.rows("incident", "easting", "northing") == [(381000.0, 391000.0)]

    def test_another_place_is_on_record_but_not_told(self, built: Build) -> None:
        text = "Ref,Recorded,X,Y\n1,01/02/2016,380000,390000\n1,01/02/2016,381000,391000\n1,01/02/2016,380000,390000\n"
        made = built(text, PLACED)
        assert made.rows("incident", "easting", "northing") == [(380000.0, 390000.0)]
        assert made.rejects == [(3, "X, Y", None, "merged_value", False)]


def test_values_of_different_rows_that_contradict_each_other_are_refused(built: Build) -> None:
    first = {"Recorded": "01/02/2016", "Happened": "31/01/2016"}
    made = built(
        rows(first, {"Recorded": "05/02/2016", "Happened": "04/02/2016"}), MAPPING + 'occurred_from = "latest"\n'
    )
    assert made.rows("incident", "recorded_on", "occurred_from") == [(dt.date(2016, 2, 1), None)]
    assert ("occurred_after_recorded", False) in [(reason, row) for *_at, reason, row in made.rejects]


def test_an_area_of_another_time_than_the_day_that_stands_is_refused(built: Build) -> None:
    mapping = MAPPING.replace("[strands]", 'ward = { from = "Ward", optional = true }\n[strands]', 1)
    made = built(rows({"Ward": ""}, {"Recorded": "05/05/2023", "Ward": "E05015239"}), mapping)
    assert made.rows("incident", "recorded_on", "ward") == [(dt.date(2016, 2, 1), None)]
    assert (2, "Ward", "E05015239", "area_wrong_era", False) in made.rejects


def test_a_later_extract_replaces_the_merged_record(workshop: Workshop) -> None:
    workshop.add(rows({"Strand": "Race"}, {"Strand": "Age"}), MAPPING, "a.csv")
    made = workshop.add(rows({"Strand": "Age"}, {"Strand": "Race"}, {"Sex": "M"}), MAPPING, "b.csv").build()
    accounts = [(e.read, e.kept, e.collapsed, e.updated) for e in made.report.extracts]
    assert accounts == [(2, 0, 2, 0), (3, 1, 2, 1)]
    changes = made.rows("extract_change", "change", "field", "n")
    assert sorted(changes, key=str) == [
        ("changed", "victim_sex", 1),
        ("changed", None, 1),
        ("new", None, 0),
        ("withdrawn", None, 0),
    ]
