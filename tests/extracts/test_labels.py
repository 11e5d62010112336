"""From a source's labels to codes: lists, both languages, strands and what to do with the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.extracts.workshop import HEADER, INCIDENTS, Built

Build = Callable[..., Built]

STRANDS = INCIDENTS + '[strands]\nfrom = "Strand"\nsplit = [";", "/"]\n'
STRAND_HEADER = "Ref,Kind,Recorded,Strand\n"


def strands(made: Built) -> list[tuple[str, str | None, str]]:
    return sorted(made.rows("incident_strand", "strand", "sub_strand", "label"))


@pytest.mark.parametrize(
    "kind", ["non_crime", "Non-crime incident", " NON-CRIME  INCIDENT ", "Digwyddiad nad yw'n drosedd"]
)
def test_a_code_and_its_label_in_either_language_need_no_list(built: Build, kind: str) -> None:
    assert built(HEADER + f"1,{kind},01/02/2016\n").column("incident", "kind") == ["non_crime"]


def test_welsh_letters_match_however_they_are_composed(built: Build) -> None:
    composed, apart = "\u0175", "w\u0302"
    mapping = INCIDENTS + f'[values.kind]\n"{composed}yneb" = "crime"\n'
    assert built(HEADER + f"1,{apart.upper()}yneb,01/02/2016\n", mapping).column("incident", "kind") == ["crime"]


def test_the_mapping_goes_before_the_list(built: Build) -> None:
    mapping = INCIDENTS + '[values.kind]\n"crime" = "non_crime"\n'
    assert built(HEADER + "1,CRIME,01/02/2016\n", mapping).column("incident", "kind") == ["non_crime"]


def test_otherwise_catches_what_is_not_listed(built: Build) -> None:
    mapping = INCIDENTS + '[values.kind]\n"ASB" = "non_crime"\notherwise = "crime"\n'
    made = built(HEADER + "1,ASB,01/02/2016\n2,Whatever,02/02/2016\n", mapping)
    assert made.column("incident", "kind") == ["non_crime", "crime"]
    assert made.extract.unknown_labels == {}


def test_unknown_labels_and_unused_entries_are_both_reported(built: Build) -> None:
    mapping = INCIDENTS + 'channel = "How"\n[values.channel]\n"Phone" = "police_call"\n"Fax" = "other_channel"\n'
    made = built("Ref,Kind,Recorded,How\n1,Crime,01/02/2016,Phone\n2,Crime,02/02/2016,Pigeon\n", mapping)
    assert made.extract.unknown_labels == {"How": ["Pigeon"]}
    assert made.extract.unused_entries == ["[values.channel] 'fax'"]
    assert made.column("incident", "channel") == ["police_call", None]


def test_a_list_keeps_what_it_knows_and_reports_the_rest(built: Build) -> None:
    mapping = """
        source = "test"
        table = "referral"
        [columns]
        received_on = { from = "Received", formats = ["%d/%m/%Y"] }
        needs = { from = "Needs", split = ";" }
    """
    made = built("Received,Needs\n01/02/2016,Housing; Pets ;safety\n02/02/2016,\n", mapping)
    assert made.column("referral", "needs") == [["housing", "safety"], None]
    assert made.rejects == [(2, "Needs", "Housing; Pets ;safety", "unknown_label", False)]


@pytest.mark.parametrize(
    ("age", "band"),
    [("0", "under_10"), ("9", "under_10"), ("10", "10_17"), ("18", "18_24"), ("34", "25_34"), ("64", "55_64"),
     ("65", "65_plus"), ("101", "65_plus"), ("Under 18", "under_18"), ("18 to 24", "18_24"), ("-3", None)],
)  # fmt: skip
def test_an_age_in_years_finds_its_band(built: Build, age: str, band: str | None) -> None:
    made = built(f"Ref,Kind,Recorded,Age\n1,Crime,01/02/2016,{age}\n", INCIDENTS + 'victim_age_band = "Age"\n')
    assert made.column("incident", "victim_age_band") == [band]


class TestStrands:
    def test_an_incident_has_one_row_in_each_of_its_strands(self, built: Build) -> None:
        made = built(STRAND_HEADER + "1,Crime,01/02/2016,Race; Religion\n2,Crime,02/02/2016,Race\n", STRANDS)
        assert made.column("incident", "strand_mask") == [3, 1]
        assert strands(made) == [("race", None, "Race"), ("race", None, "Race"), ("religion", None, "Religion")]
        assert made.extract.kept == 2

    def test_a_sub_strand_counts_in_its_strand(self, built: Build) -> None:
        made = built(STRAND_HEADER + "1,Crime,01/02/2016,Muslim\n", STRANDS)
        assert made.column("incident", "strand_mask") == [2]
        assert strands(made) == [("religion", "muslim", "Muslim")]

    def test_a_strand_beside_its_own_sub_strand_says_nothing_more(self, built: Build) -> None:
        made = built(STRAND_HEADER + "1,Crime,01/02/2016,Religion;Muslim\n", STRANDS)
        assert strands(made) == [("religion", "muslim", "Muslim")]

    def test_two_sub_strands_of_one_strand_are_two_rows_and_one_bit(self, built: Build) -> None:
        made = built(STRAND_HEADER + "1,Crime,01/02/2016,Muslim;Jewish;Muslim\n", STRANDS)
        assert [sub for _s, sub, _l in strands(made)] == ["jewish", "muslim"]
        assert made.column("incident", "strand_mask") == [2]

    def test_one_label_may_mean_two_strands(self, built: Build) -> None:
        mapping = STRANDS + '[values.strand]\n"Racist/religious" = ["race", "religion"]\n'
        made = built(STRAND_HEADER + "1,Crime,01/02/2016,Racist/religious\n", mapping)
        assert [s for s, _sub, _l in strands(made)] == ["race", "religion"]

    def test_a_label_that_is_listed_whole_is_never_split(self, built: Build) -> None:
        mapping = STRANDS + '[values.strand]\n"Black/Asian" = "black"\n'
        made = built(STRAND_HEADER + "1,Crime,01/02/2016,Black/Asian\n2,Crime,02/02/2016,Black/White\n", mapping)
        assert [sub for _s, sub, _l in strands(made)] == ["black", "black", "white"]

    def test_strands_may_stand_in_several_columns(self, built: Build) -> None:
        mapping = INCIDENTS + '[strands]\nfrom = ["First", "Second"]\n'
        made = built("Ref,Kind,Recorded,First,Second\n1,Crime,01/02/2016,Race,\n2,Crime,02/02/2016,,Age\n", mapping)
        assert made.column("incident", "strand_mask") == [1, 128]

    def test_no_strand_is_not_a_fault(self, built: Build) -> None:
        mapping = STRANDS + '[values.strand]\n"None recorded" = ""\n'
        made = built(STRAND_HEADER + "1,Crime,01/02/2016,\n2,Crime,02/02/2016,None recorded\n", mapping)
        assert made.column("incident", "strand_mask") == [0, 0]
        assert (strands(made), made.rejects) == ([], [])

    def test_codes_among_many_others_are_picked_out(self, built: Build) -> None:
        listed = '[values.strand]\n"1528" = "jewish"\notherwise = ""\n'
        mapping = INCIDENTS + '[strands]\nfrom = "Codes"\nsplit = " "\n' + listed
        made = built("Ref,Kind,Recorded,Codes\n1,Crime,01/02/2016,0903 1528 2004\n2,Crime,02/02/2016,0903\n", mapping)
        assert made.column("incident", "strand_mask") == [2, 0]
        assert made.rejects == []

    def test_an_unknown_strand_is_reported_and_the_known_one_kept(self, built: Build) -> None:
        made = built(STRAND_HEADER + "1,Crime,01/02/2016,Race;Hair\n", STRANDS)
        assert strands(made) == [("race", None, "Race")]
        assert made.rejects == [(2, "Strand", "Race;Hair", "unknown_label", False)]


class TestTexts:
    """What can be done to a text before it is read."""

    def test_several_columns_make_one_moment(self, built: Build) -> None:
        mapping = INCIDENTS + (
            'occurred_from = { from = ["Day", "Time"], first = [10, 0], zeros = [0, 4], formats = ["%Y-%m-%d %H%M"] }\n'
        )
        rows = "1,Crime,01/02/2016,2016-01-31T00:00:00.000-07:00,915\n2,Crime,02/02/2016,2016-01-31,0005\n"
        made = built("Ref,Kind,Recorded,Day,Time\n" + rows, mapping)
        moments = [str(moment) for moment in made.column("incident", "occurred_from")]
        assert moments == ["2016-01-31 09:15:00", "2016-01-31 00:05:00"]

    def test_two_ways_of_writing_dates_in_one_column(self, built: Build) -> None:
        mapping = INCIDENTS.replace('["%d/%m/%Y"]', '["%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p"]')
        made = built(HEADER + "1,Crime,02/01/2016 00:00\n2,Crime,02/13/2016 12:00:00 AM\n", mapping)
        assert [str(d) for d in made.column("incident", "recorded_on")] == ["2016-02-01", "2016-02-13"]

    def test_a_month_is_dated_its_first_day_and_counts_to_its_last(self, built: Build) -> None:
        mapping = INCIDENTS.replace('formats = ["%d/%m/%Y"]', 'formats = ["%Y-%m"], precision = "month"')
        made = built(HEADER + "1,Crime,2016-02\n", mapping)
        assert made.rows("snapshot", "data_to", "complete_to") == [tuple(made.column("snapshot", "data_to")) * 2]
        assert str(made.column("snapshot", "data_to")[0]) == "2016-02-29"

    def test_a_time_with_an_offset_becomes_local(self, built: Build) -> None:
        mapping = INCIDENTS.replace('formats = ["%d/%m/%Y"]', 'timezone = "Europe/London"')
        made = built(HEADER + "1,Crime,2019-05-31T23:30:00+00:00\n2,Crime,2019-01-31T23:30:00Z\n", mapping)
        assert sorted(str(d) for d in made.column("incident", "recorded_on")) == ["2019-01-31", "2019-06-01"]

    def test_a_constant_and_a_column_that_may_be_missing(self, built: Build) -> None:
        mapping = INCIDENTS + 'force = { value = "E23000005" }\nchannel = { from = "How", optional = true }\n'
        made = built(HEADER + "1,Crime,01/02/2016\n", mapping)
        assert made.rows("incident", "force", "region", "channel") == [("E23000005", "E12000002", None)]

    def test_a_prefix_is_not_put_before_nothing(self, built: Build) -> None:
        named = 'create_area = { from = "W", prefix = "District " }'
        mapping = INCIDENTS + f'ward = {{ from = "W", prefix = "AUS-", {named} }}\n'
        made = built("Ref,Kind,Recorded,W\n1,Crime,01/02/2016,9\n2,Crime,02/02/2016,\n", mapping)
        assert made.column("incident", "ward") == ["AUS-9", None]
        names = made.rows("area", "area_code", "name_en")
        assert [n for n in names if n[0].startswith("AUS")] == [("AUS-9", "District 9")]

    def test_an_area_that_is_created_may_have_its_code_from_the_list(self, built: Build) -> None:
        listed = '[values.force]\n"Gwent Police" = "W15000002"\n"Kent" = "E23000032"\n'
        mapping = INCIDENTS + 'force = { from = "F", create_area = "F" }\n' + listed
        rows = "1,Crime,01/02/2016,Gwent Police\n2,Crime,02/02/2016,Kent\n3,Crime,03/02/2016,Railway\n"
        made = built("Ref,Kind,Recorded,F\n" + rows, mapping)
        assert made.column("incident", "force") == ["W15000002", "E23000032", "Railway"]
        names = dict(made.rows("area", "area_code", "name_en"))
        assert (names["W15000002"], names["E23000032"], names["Railway"]) == ("Gwent", "Kent", "Railway")
