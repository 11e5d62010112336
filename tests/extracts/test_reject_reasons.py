"""Every reason for which a record or a value is refused, on record with file line, column and value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hatecrime.dictionary import code_list
from tests.extracts.workshop import HEADER, INCIDENTS, Built, Workshop, square
from tests.shared_data import adds_up

Build = Callable[..., Built]
Reject = tuple[int, str, str | None, str, bool]

FULL = (
    INCIDENTS
    + """
occurred_from = { from = "From", formats = ["%d/%m/%Y %H:%M"] }
occurred_to = { from = "To", formats = ["%d/%m/%Y %H:%M"] }
channel = "Channel"
ward = "Ward"
online = { from = "Online", true = ["Y"], false = ["N"] }
outcome_on = { from = "Outcome", formats = ["%d/%m/%Y"] }
[point]
x = "X"
y = "Y"
crs = "EPSG:27700"
within = "E08000009"
"""
)
FULL_HEADER = "Ref,Kind,Recorded,From,To,Channel,Ward,Online,Outcome,X,Y"
NOTHING = dict.fromkeys(FULL_HEADER.split(","), "") | {"Ref": "1", "Kind": "Crime", "Recorded": "01/02/2016"}
REFERRALS = """
source = "test"
table = "referral"
[columns]
received_on = { from = "Received", formats = ["%d/%m/%Y"] }
attempts = "Attempts"
satisfaction = "Satisfaction"
"""

ROWS_REFUSED: dict[str, tuple[str, list[Reject]]] = {
    "missing_required": ("1,,01/02/2016", [(2, "Kind", None, "missing_required", True)]),
    "bad_date": ("1,Crime,30/02/2016", [(2, "Recorded", "30/02/2016", "bad_date", True)]),
    "future_date": ("1,Crime,01/07/2016", [(2, "Recorded", "2016-07-01", "future_date", True)]),
    "unknown_label": ("1,Crimes,01/02/2016", [(2, "Kind", "Crimes", "unknown_label", True)]),
    "duplicate_ref": ("1,Crime,01/02/2016\n1,Crime,02/02/2016", [(3, "Ref", None, "duplicate_ref", True)]),
    "too_few_columns": ("1,Crime", [(2, "Kind", None, "too_few_columns", True)]),
    "too_many_columns": ("1,Crime,01/02/2016,x,y", [(2, "", None, "too_many_columns", True)]),
    "bad_quotes": ('1,"Crime,01/02/2016', [(2, "Ref", None, "bad_quotes", True)]),
}
VALUES_REFUSED: dict[str, tuple[dict[str, str], tuple[str, str]]] = {
    "bad_date": ({"Outcome": "1.2.16"}, ("Outcome", "1.2.16")),
    "bad_flag": ({"Online": "perhaps"}, ("Online", "perhaps")),
    "unknown_label": ({"Channel": "By pigeon"}, ("Channel", "By pigeon")),
    "unknown_area": ({"Ward": "E05999999"}, ("Ward", "E05999999")),
    "area_wrong_era": ({"Ward": "E05015239"}, ("Ward", "E05015239")),
    "end_before_start": ({"From": "30/01/2016 10:00", "To": "30/01/2016 09:00"}, ("To", "2016-01-30 09:00:00")),
    "occurred_after_recorded": ({"From": "02/02/2016 10:00"}, ("From", "2016-02-02 10:00:00")),
    "outcome_before_recorded": ({"Outcome": "31/01/2016"}, ("Outcome", "2016-01-31")),
    "bad_coordinate": ({"X": "380 km", "Y": "395500"}, ("X", "380 km")),
    "no_location": ({"X": "0", "Y": "0"}, ("X, Y", "0, 0")),
    "coordinates_swapped": ({"X": "395500", "Y": "380500"}, ("X, Y", "395500, 380500")),
    "outside_projection": ({"X": "9380500", "Y": "395500"}, ("X, Y", "9380500, 395500")),
    "outside_area": ({"X": "390000", "Y": "395500"}, ("X, Y", "390000, 395500")),
}


@pytest.mark.parametrize("reason", ROWS_REFUSED)
def test_a_record_is_refused(built: Build, reason: str) -> None:
    rows, expected = ROWS_REFUSED[reason]
    made = built(HEADER + rows + "\n9,Crime,09/02/2016\n", received="2016-06-30")
    assert made.rejects == expected
    assert made.reasons == {reason: 1}
    assert adds_up(made.extract)
    assert str(made.column("incident", "recorded_on")[-1]) == "2016-02-09"


def test_a_date_after_the_day_of_the_build_is_refused_even_where_no_receipt_is_stated(built: Build) -> None:
    made = built(HEADER + "1,Crime,01/02/2150\n9,Crime,09/02/2016\n")
    assert made.reasons == {"future_date": 1}
    assert str(made.column("snapshot", "data_to")[0]) == "2016-02-09"


@pytest.mark.parametrize("reason", VALUES_REFUSED)
def test_a_value_is_refused_and_its_record_kept(workshop: Workshop, reason: str) -> None:
    values, (column, value) = VALUES_REFUSED[reason]
    workshop.add_areas("trafford.gpkg", [trafford()])
    made = workshop.add(FULL_HEADER + "\n" + ",".join((NOTHING | values).values()) + "\n", FULL).build()
    assert made.rejects == [(2, column, value, reason, False)]
    assert (made.extract.kept, made.reasons, made.extract.values_refused) == (1, {}, {reason: 1})


def trafford() -> dict[str, Any]:
    return {"area_code": "E08000009", "level": "district", "name": "Trafford", "geometry": square(380000, 395000)}


def test_no_reason_of_the_list_goes_untested() -> None:
    # Below, in test_reading, in test_vocabulary and in test_merge.
    elsewhere = {"bad_number", "bad_encoding", "long_line", "passed_over", "merged_value"}
    elsewhere |= {"looks_personal", "unknown_postcode"}
    assert {*ROWS_REFUSED, *VALUES_REFUSED, *elsewhere} == set(code_list("reject_reason"))


@pytest.mark.parametrize("number", ["two", "1.5", "-1", "99999999999", "1e3", "nan"])
def test_a_bad_number_is_refused(built: Build, number: str) -> None:
    made = built(f"Received,Attempts,Satisfaction\n01/02/2016,{number},\n", REFERRALS)
    assert made.rejects == [(2, "Attempts", number, "bad_number", False)]
    assert made.column("referral", "attempts") == [None]


def test_an_answer_beyond_its_scale_is_a_bad_number(built: Build) -> None:
    made = built("Received,Attempts,Satisfaction\n01/02/2016,0,5\n01/02/2016,3.0,6\n01/02/2016,,0\n", REFERRALS)
    assert made.rows("referral", "attempts", "satisfaction") == [(0, 5), (3, None), (None, None)]
    assert [r[2:4] for r in made.rejects] == [("6", "bad_number"), ("0", "bad_number")]


def test_thousands_may_be_set_apart(built: Build) -> None:
    mapping = REFERRALS.replace('attempts = "Attempts"', 'attempts = { from = "Attempts", thousands = "," }')
    made = built('Received,Attempts,Satisfaction\n01/02/2016,"1,234",\n', mapping)
    assert made.column("referral", "attempts") == [1234]


def test_a_record_with_several_faults_is_refused_once(built: Build) -> None:
    made = built(HEADER + "1,Crimes,31/31/2016\n,,\n")
    assert (made.extract.read, made.extract.kept) == (2, 0)
    assert sum(made.reasons.values()) == 2
    assert adds_up(made.extract)


def test_every_reason_says_in_both_languages_how_to_mend_it() -> None:
    for reason in code_list("reject_reason").values():
        assert reason.label("en") and reason.label("cy")
        assert reason.extras["mend_en"] and reason.extras["mend_cy"]


@pytest.mark.parametrize(
    "text", ["01/02/16", "1 February", "epoch", "infinity", "01/02/0016", "01/02/9999", "2016-02-01"]
)
def test_dates_that_nobody_can_have_meant_are_refused(built: Build, text: str) -> None:
    made = built(HEADER + f"1,Crime,{text}\n")
    assert made.rejects == [(2, "Recorded", text, "bad_date", True)]


def test_a_required_label_that_means_nothing_on_purpose_is_missing(built: Build) -> None:
    made = built(HEADER + "1,Not known,01/02/2016\n", INCIDENTS + '[values.kind]\n"Not known" = ""\n')
    assert made.reasons == {"missing_required": 1}


class TestRepeats:
    SAME = HEADER + "1,Crime,01/02/2016\n2,Crime,02/02/2016\n1,Crime,01/02/2016\n"
    OTHER = HEADER + "1,Crime,01/02/2016\n1,Non-crime incident,01/02/2016\n"

    def test_identical_rows_of_one_reference_are_folded(self, built: Build) -> None:
        made = built(self.SAME)
        assert (made.extract.read, made.extract.kept, made.extract.collapsed) == (3, 2, 1)

    def test_rows_that_differ_are_kept_where_the_mapping_says_so(self, built: Build) -> None:
        made = built(self.OTHER, INCIDENTS + '[record]\nrepeats = "keep"\n')
        assert sorted(made.column("incident", "kind")) == ["crime", "non_crime"]
        assert adds_up(made.extract)

    def test_rows_without_a_reference_never_repeat(self, built: Build) -> None:
        assert built(HEADER + ",Crime,01/02/2016\n" * 3).extract.kept == 3

    def test_a_later_extract_replaces_the_record_of_an_earlier_one(self, workshop: Workshop) -> None:
        workshop.add(HEADER + "1,Crime,01/02/2016\n2,Crime,02/02/2016\n", file="june.csv")
        made = workshop.add(HEADER + "1,Non-crime incident,01/02/2016\n", file="july.csv").build()
        june, july = made.report.extracts
        assert made.column("incident", "kind") == ["non_crime", "crime"]
        assert (june.kept, june.collapsed, july.kept, july.updated) == (1, 1, 1, 1)
        assert made.column("extract", "rows_kept") == [1, 1]

    def test_a_record_that_was_refused_replaces_nothing(self, workshop: Workshop) -> None:
        workshop.add(HEADER + "1,Crime,01/02/2016\n", file="june.csv")
        made = workshop.add(HEADER + "1,Crime,nonsense\n", file="july.csv").build()
        assert [str(d) for d in made.column("incident", "recorded_on")] == ["2016-02-01"]
        assert all(adds_up(e) for e in made.report.extracts)

    def test_a_later_list_of_centres_replaces_the_centres_of_an_earlier_one(self, workshop: Workshop) -> None:
        mapping = 'source = "test"\ntable = "reporting_centre"\n[columns]\ncentre_id = "Id"\nname_en = "Name"\n'
        workshop.add("Id,Name\n1,Old library\n2,Station\n2,Station\n", mapping, file="june.csv")
        made = workshop.add("Id,Name\n1,New library\n", mapping, file="july.csv").build()
        assert made.rows("reporting_centre", "centre_id", "name_en") == [("2", "Station"), ("1", "New library")]
        assert all(adds_up(e) for e in made.report.extracts)

    def test_another_source_may_use_the_same_reference(self, workshop: Workshop) -> None:
        workshop.add(HEADER + "1,Crime,01/02/2016\n", file="gmp.csv")
        other = INCIDENTS.replace('source = "test"', 'source = "other"')
        made = workshop.add(HEADER + "1,Crime,02/02/2016\n", other, file="gwent.csv").build()
        assert made.column("incident", "source") == ["test", "other"]
