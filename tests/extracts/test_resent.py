"""Extracts that are sent again: later versions replace, what is gone is withdrawn, and every change is on record."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
import zipfile
from typing import Any

import pytest
from typer.testing import CliRunner

from hatecrime.cli import app
from hatecrime.dictionary import columns
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.repeats import NATURAL_KEY
from hatecrime.extracts.report import ExtractReport
from tests.extracts.workshop import HEADER, INCIDENTS, Built, Workshop

WITHOUT_REF = INCIDENTS.replace('ref = "Ref"\n', "")
KEEP = INCIDENTS + '[record]\nrepeats = "keep"\n'
RICH = """
source = "test"
table = "incident"
[columns]
ref = "Ref"
kind = "Kind"
recorded_on = { from = "Recorded", formats = ["%d/%m/%Y"] }
channel = "Channel"
online = "Online"
[strands]
from = "Strand"
split = ";"
[values.channel]
"Phoned" = "police_call"
"By telephone" = "police_call"
[values.strand]
"Racist" = "race"
"""
RICH_HEADER = "Ref,Kind,Recorded,Channel,Online,Strand\n"
COURT = """
source = "test"
table = "court_result"
[columns]
quarter_start = { from = "Quarter", formats = ["%d/%m/%Y"] }
area_code = "Area"
strand = "Strand"
completed = "Completed"
[values.strand]
"Racist" = "race"
"""
COURT_HEADER = "Quarter,Area,Strand,Completed\n"
POPULATION = """
source = "test"
table = "area_population"
[columns]
area_code = "Area"
year = "Year"
population_group = { value = "all" }
base = { value = "mid_year" }
n = "People"
"""
POPULATION_HEADER = "Area,Year,People\n"
CONTACTS = """
source = "test"
table = "centre_contact"
[columns]
centre_id = "Centre"
happened_on = { from = "Day", formats = ["%d/%m/%Y"] }
contact_type = "Type"
reports = "Reports"
"""
CONTACTS_HEADER = "Centre,Day,Type,Reports\n"
SURVEY = """
source = "test"
table = "centre_survey"
[columns]
centre_id = "Centre"
answered_on = { from = "Day", formats = ["%d/%m/%Y"] }
score = "Score"
"""
SURVEY_HEADER = "Centre,Day,Score\n"


def send(
    workshop: Workshop, rows: str, mapping: str = INCIDENTS, received: str | None = None, complete: str | None = None
) -> Workshop:
    """One more extract; complete is the year and months it holds whole, such as "2016-01 2016-06"."""
    workshop.add(rows, mapping, f"{len(workshop.listed)}.csv", received)
    if complete:
        first, last = complete.split()
        workshop.listed[-1] += f"complete_from = {first}-01\ncomplete_to = {last}-30\n"
    return workshop


def incidents(*rows: str) -> str:
    """Rows such as "1 01/02/2016", crimes where nothing else is said."""
    lines = (row.split() for row in rows)
    return HEADER + "".join(f"{ref},{kind[0] if kind else 'Crime'},{day}\n" for ref, day, *kind in lines)


def account(extract: ExtractReport) -> tuple[int, int, int, int, int]:
    """Read, kept, collapsed, updated, withdrawn."""
    return extract.read, extract.kept, extract.collapsed, extract.updated, extract.withdrawn


def changes(made: Built, number: int = 2) -> dict[str, int]:
    """What one extract changed; a field that changed stands after a colon."""
    rows = made.rows("extract_change", "extract_id", "change", "field", "n")
    return {change + (f":{field}" if field else ""): n for extract, change, field, n in rows if extract == number}


def quarters(made: Built, number: int = 2) -> list[tuple[str, int, int]]:
    rows = made.rows("extract_quarter", "extract_id", "quarter_start", "n_before", "n_after")
    return sorted((str(start), before, after) for extract, start, before, after in rows if extract == number)


def whole(made: Built, table: str = "incident") -> Built:
    """Every row is accounted for, and the table holds what was kept."""
    for extract in made.report.extracts:
        assert extract.read == extract.kept + sum(extract.refused.values()) + extract.collapsed
    kept = sum(e.kept for e in made.report.extracts if e.table == table)
    assert len(made.rows(table, "extract_id")) == kept
    return made


class TestAVersionThatComesLater:
    def test_stands_in_place_of_the_earlier_one(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 01/02/2016", "2 02/02/2016"))
        made = whole(send(workshop, incidents("2 03/02/2016 non_crime", "3 04/02/2016")).build())
        assert [account(e) for e in made.report.extracts] == [(2, 1, 1, 0, 0), (2, 2, 0, 1, 0)]
        assert sorted(made.rows("incident", "extract_id", "line", "kind")) == [
            (1, 2, "crime"),
            (2, 2, "non_crime"),
            (2, 3, "crime"),
        ]

    def test_counts_as_changed_with_the_fields_that_differ(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 01/02/2016", "2 02/02/2016"))
        made = send(workshop, incidents("1 01/02/2016", "2 03/02/2016 non_crime", "3 04/02/2016")).build()
        assert changes(made) == {"new": 1, "changed": 1, "changed:kind": 1, "changed:recorded_on": 1, "withdrawn": 0}

    def test_that_says_the_same_changes_nothing(self, workshop: Workshop) -> None:
        rows = incidents("1 01/02/2016", "2 02/02/2016")
        made = whole(send(send(workshop, rows), rows).build())
        assert changes(made) == {"new": 0, "changed": 0, "withdrawn": 0}
        assert quarters(made) == [("2016-01-01", 2, 2)]
        assert [account(e) for e in made.report.extracts] == [(2, 0, 2, 0, 0), (2, 2, 0, 2, 0)]

    def test_that_is_refused_leaves_the_earlier_one_standing(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 01/02/2016"))
        made = whole(send(workshop, incidents("1 31/02/2016"), complete="2016-01 2016-06").build())
        assert [account(e) for e in made.report.extracts] == [(1, 1, 0, 0, 0), (1, 0, 0, 0, 0)]
        assert changes(made) == {"new": 0, "changed": 0, "withdrawn": 0}

    def test_of_another_source_is_another_record(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 01/02/2016"))
        other = INCIDENTS.replace('"test"', '"other"')
        made = whole(send(workshop, incidents("1 05/02/2016"), other, complete="2016-01 2016-06").build())
        assert [e.kept for e in made.report.extracts] == [1, 1]
        assert made.rows("extract_change", "n") == []

    def test_in_another_quarter_moves_the_record_there(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 31/03/2016", "2 31/03/2016"))
        made = send(workshop, incidents("1 01/04/2016")).build()
        assert quarters(made) == [("2016-01-01", 2, 1), ("2016-04-01", 0, 1)]

    def test_is_compared_by_what_its_labels_mean(self, workshop: Workshop) -> None:
        send(workshop, RICH_HEADER + "1,Crime,01/02/2016,Phoned,yes,Racist\n", RICH)
        made = send(workshop, RICH_HEADER + "1,crime,01/02/2016,By telephone,Y,Race\n", RICH).build()
        assert changes(made) == {"new": 0, "changed": 0, "withdrawn": 0}

    def test_may_fill_a_value_in_or_take_it_away(self, workshop: Workshop) -> None:
        send(workshop, RICH_HEADER + "1,Crime,01/02/2016,,yes,Racist\n", RICH)
        made = send(workshop, RICH_HEADER + "1,Crime,01/02/2016,Phoned,,Race;Muslim\n", RICH).build()
        assert changes(made) == {
            "new": 0,
            "changed": 1,
            "changed:channel": 1,
            "changed:online": 1,
            "changed:strand": 1,
            "withdrawn": 0,
        }

    def test_may_only_add_a_part_of_a_strand(self, workshop: Workshop) -> None:
        send(workshop, RICH_HEADER + "1,Crime,01/02/2016,,,Religion\n", RICH)
        made = send(workshop, RICH_HEADER + "1,Crime,01/02/2016,,,Muslim\n", RICH).build()
        assert changes(made)["changed:strand"] == 1

    def test_may_come_from_a_mapping_with_other_columns(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 01/02/2016"))
        made = send(workshop, RICH_HEADER + "1,Crime,01/02/2016,Phoned,,\n", RICH).build()
        assert changes(made) == {"new": 0, "changed": 1, "changed:channel": 1, "withdrawn": 0}

    def test_replaces_each_of_several_records_of_one_reference(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 01/02/2016", "1 02/02/2016"), KEEP)
        made = whole(send(workshop, incidents("1 01/02/2016", "1 05/02/2016", "1 06/02/2016"), KEEP).build())
        assert [account(e) for e in made.report.extracts] == [(2, 0, 2, 0, 0), (3, 3, 0, 2, 0)]
        assert changes(made) == {"new": 1, "changed": 1, "changed:recorded_on": 1, "withdrawn": 0}


class TestLater:
    def test_is_what_was_received_later_wherever_it_is_listed(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 02/02/2016"), received="2016-07-01")
        made = whole(send(workshop, incidents("1 01/02/2016"), received="2016-04-01").build())
        assert made.rows("incident", "extract_id", "recorded_on") == [(1, dt.date(2016, 2, 2))]
        assert changes(made, 1)["changed:recorded_on"] == 1
        assert changes(made, 2) == {}

    def test_is_what_is_listed_later_where_one_states_no_day(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 02/02/2016"), received="2016-07-01")
        made = send(workshop, incidents("1 01/02/2016")).build()
        assert made.column("incident", "extract_id") == [2]

    def test_of_two_received_on_one_day_is_what_is_listed_later(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 02/02/2016"), received="2016-07-01")
        made = send(workshop, incidents("1 01/02/2016"), received="2016-07-01").build()
        assert made.column("incident", "extract_id") == [2]


class TestAPeriodThatIsStatedToBeComplete:
    def test_withdraws_what_the_later_extract_lacks(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 01/02/2016", "2 02/05/2016", "3 03/08/2016"))
        made = whole(send(workshop, incidents("1 01/02/2016"), complete="2016-01 2016-06").build())
        assert [account(e) for e in made.report.extracts] == [(3, 1, 2, 0, 0), (1, 1, 0, 1, 1)]
        assert changes(made) == {"new": 0, "changed": 0, "withdrawn": 1}
        assert quarters(made) == [("2016-01-01", 1, 1), ("2016-04-01", 1, 0)]
        assert made.rows("extract", "rows_updated", "rows_withdrawn", "complete_from", "complete_to") == [
            (0, 0, None, None),
            (1, 1, dt.date(2016, 1, 1), dt.date(2016, 6, 30)),
        ]

    def test_includes_its_first_and_its_last_day(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 31/12/2015", "2 01/01/2016", "3 30/06/2016", "4 01/07/2016"))
        made = send(workshop, HEADER, complete="2016-01 2016-06").build()
        assert sorted(day.isoformat() for day in made.column("incident", "recorded_on")) == ["2015-12-31", "2016-07-01"]

    def test_withdraws_everything_where_the_extract_is_empty(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 01/02/2016", "2 02/05/2016"))
        made = whole(send(workshop, HEADER, complete="2016-01 2016-06").build())
        assert made.rows("incident", "kind") == []
        assert (made.extract.withdrawn, made.report.extracts[0].collapsed) == (2, 2)
        assert quarters(made) == [("2016-01-01", 1, 0), ("2016-04-01", 1, 0)]

    def test_withdraws_records_without_a_reference_in_a_file_with_references(self, workshop: Workshop) -> None:
        send(workshop, HEADER + "1,Crime,01/02/2016\n,Crime,02/02/2016\n")
        made = whole(
            send(workshop, HEADER + "1,Crime,01/02/2016\n,Crime,02/02/2016\n", complete="2016-01 2016-06").build()
        )
        assert account(made.extract) == (2, 2, 0, 1, 1)

    def test_lets_an_extract_without_references_stand_in_place_of_the_earlier(self, workshop: Workshop) -> None:
        send(workshop, "Kind,Recorded\nCrime,01/02/2016\nCrime,01/09/2016\n", WITHOUT_REF)
        again = "Kind,Recorded\nCrime,01/02/2016\nCrime,02/02/2016\n"
        made = whole(send(workshop, again, WITHOUT_REF, complete="2016-01 2016-06").build())
        assert [account(e) for e in made.report.extracts] == [(2, 1, 1, 0, 0), (2, 2, 0, 0, 1)]
        assert changes(made) == {"new": 2, "changed": 0, "withdrawn": 1}

    def test_a_record_that_moved_out_of_the_period_is_replaced_not_withdrawn(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 01/02/2016"))
        made = whole(send(workshop, incidents("1 01/08/2016"), complete="2016-01 2016-06").build())
        assert account(made.extract) == (1, 1, 0, 1, 0)

    def test_means_nothing_for_records_without_a_day(self, workshop: Workshop) -> None:
        send(workshop, POPULATION_HEADER + "A,2016,5\n", POPULATION, complete="2016-01 2016-06")
        with pytest.raises(ExtractError, match="'area_population' have no day"):
            workshop.build()


class TestThreeExtracts:
    def test_each_replaces_what_stood_before_it(self, workshop: Workshop) -> None:
        for day in ("01/02/2016", "01/05/2016", "01/08/2016"):
            send(workshop, incidents(f"1 {day}"))
        made = whole(workshop.build())
        assert [account(e) for e in made.report.extracts] == [(1, 0, 1, 0, 0), (1, 0, 1, 1, 0), (1, 1, 0, 1, 0)]
        assert quarters(made, 2) == [("2016-01-01", 1, 0), ("2016-04-01", 0, 1)]
        assert quarters(made, 3) == [("2016-04-01", 1, 0), ("2016-07-01", 0, 1)]

    def test_a_record_that_was_withdrawn_can_come_back(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 01/02/2016"))
        send(workshop, HEADER, complete="2016-01 2016-06")
        made = whole(send(workshop, incidents("1 01/02/2016")).build())
        assert [account(e) for e in made.report.extracts] == [(1, 0, 1, 0, 0), (0, 0, 0, 0, 1), (1, 1, 0, 0, 0)]
        assert changes(made, 3) == {"new": 1, "changed": 0, "withdrawn": 0}

    def test_only_the_version_that_stood_is_withdrawn(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 01/02/2016"))
        send(workshop, incidents("1 01/08/2016"))
        made = whole(send(workshop, HEADER, complete="2016-01 2016-06").build())
        assert made.extract.withdrawn == 0
        assert [e.kept for e in made.report.extracts] == [0, 1, 0]

    def test_a_quarter_is_counted_from_one_extract_to_the_next(self, workshop: Workshop) -> None:
        send(workshop, incidents("1 01/02/2016", "2 01/05/2016"))
        send(workshop, incidents("3 01/05/2016"))
        made = send(workshop, incidents("4 01/02/2016", "5 01/05/2016")).build()
        assert quarters(made, 2) == [("2016-04-01", 1, 2)]
        assert quarters(made, 3) == [("2016-01-01", 1, 2), ("2016-04-01", 2, 3)]


class TestRecordsWithoutAReference:
    def test_a_court_result_is_known_by_quarter_area_and_strand(self, workshop: Workshop) -> None:
        send(workshop, COURT_HEADER + "01/04/2016,E07,Racist,5\n01/04/2016,E07,disability,2\n", COURT)
        made = whole(send(workshop, COURT_HEADER + "01/04/2016,E07,Race,6\n", COURT).build(), "court_result")
        assert sorted(made.rows("court_result", "strand", "completed")) == [("disability", 2), ("race", 6)]
        assert changes(made) == {"new": 0, "changed": 1, "changed:completed": 1, "withdrawn": 0}

    def test_a_population_is_known_by_area_year_group_and_base(self, workshop: Workshop) -> None:
        send(workshop, POPULATION_HEADER + "E08000009,2015,10\nE08000009,2016,11\n", POPULATION)
        again = send(workshop, POPULATION_HEADER + "E08000009,2016,12\nE08000009,2017,13\n", POPULATION)
        made = whole(again.build(), "area_population")
        assert sorted(made.rows("area_population", "year", "n")) == [(2015, 10), (2016, 12), (2017, 13)]
        assert quarters(made) == []

    def test_a_contact_is_replaced_only_by_one_that_is_alike_in_everything(self, workshop: Workshop) -> None:
        first = CONTACTS_HEADER + "C1,01/02/2016,return,3\nC1,01/02/2016,visit,\nC1,01/02/2016,visit,\n"
        send(workshop, first, CONTACTS)
        again = CONTACTS_HEADER + "C1,01/02/2016,return,4\nC1,01/02/2016,visit,\nC1,01/02/2016,visit,\n"
        made = whole(send(workshop, again, CONTACTS).build(), "centre_contact")
        assert sorted(made.rows("centre_contact", "contact_type", "reports"), key=str) == [
            ("return", 3),
            ("return", 4),
            ("visit", None),
            ("visit", None),
        ]
        assert changes(made) == {"new": 1, "changed": 0, "withdrawn": 0}

    def test_answers_that_are_alike_are_all_kept(self, workshop: Workshop) -> None:
        made = whole(send(workshop, SURVEY_HEADER + "C1,01/02/2016,5\n" * 3, SURVEY).build(), "centre_survey")
        assert made.extract.kept == 3

    @pytest.mark.parametrize(
        ("rows", "mapping"),
        [(SURVEY_HEADER + "C1,01/02/2016,5\n", SURVEY), ("Kind,Recorded\nCrime,01/02/2016\n", WITHOUT_REF)],
    )
    def test_the_same_file_again_is_refused(self, workshop: Workshop, rows: str, mapping: str) -> None:
        send(workshop, rows, mapping)
        workshop.add(rows, mapping, "again.csv")
        workshop.listed[-1] = workshop.listed[-1].replace("1.toml", "0.toml")
        with pytest.raises(ExtractError, match=r"again\.csv is the same file as 0\.csv.*List it once"):
            workshop.build()

    def test_the_same_file_again_may_state_that_it_is_complete(self, workshop: Workshop) -> None:
        rows = SURVEY_HEADER + "C1,01/02/2016,5\n" * 2
        send(workshop, rows, SURVEY)
        made = whole(send(workshop, rows, SURVEY, complete="2016-01 2016-06").build(), "centre_survey")
        assert [account(e) for e in made.report.extracts] == [(2, 0, 2, 0, 0), (2, 2, 0, 0, 2)]

    def test_the_members_of_a_zip_are_different_files(self, workshop: Workshop) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name in ("a.csv", "b.csv"):
                archive.writestr(name, SURVEY_HEADER + "C1,01/02/2016,5\n")
        made = workshop.add(packed.getvalue(), SURVEY, "surveys.zip").build()
        assert [e.kept for e in made.report.extracts] == [1, 1]

    def test_two_empty_files_are_two_files(self, workshop: Workshop) -> None:
        made = send(send(workshop, SURVEY_HEADER, SURVEY), SURVEY_HEADER, SURVEY).build()
        assert [e.read for e in made.report.extracts] == [0, 0]


def test_a_source_that_sent_one_extract_has_no_changes(workshop: Workshop) -> None:
    made = send(workshop, incidents("1 01/02/2016")).build()
    assert (made.rows("extract_change", "n"), made.rows("extract_quarter", "n_after")) == ([], [])


def test_what_changed_depends_on_the_extracts_alone(workshop: Workshop) -> None:
    send(workshop, incidents("1 01/02/2016", "2 02/05/2016"))
    send(workshop, incidents("1 01/05/2016"), complete="2016-01 2016-06")
    made = [workshop.build() for _again in range(2)]
    assert changes(made[0]) == changes(made[1])
    assert quarters(made[0]) == quarters(made[1])


def test_the_command_line_says_what_became_of_earlier_records(workshop: Workshop) -> None:
    send(workshop, incidents("1 01/02/2016", "2 02/02/2016", "3 03/02/2016"))
    send(workshop, incidents("1 01/02/2016", "2 05/02/2016"), complete="2016-01 2016-06")
    workshop.listing("\n".join(workshop.listed))
    asked = ["build", "--extracts", str(workshop.folder), "--store", str(workshop.store)]
    told = CliRunner().invoke(app, asked).stdout
    assert "1.csv: 2 read, 2 kept, 0 refused, 0 folded into another" in told
    assert told.count("   of earlier extracts: 2 replaced, 1 withdrawn") == 1
    counted = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)["extracts"]
    assert [(e["updated"], e["withdrawn"]) for e in counted] == [(0, 0), (2, 1)]


@pytest.mark.parametrize("table", NATURAL_KEY)
def test_what_records_are_known_by_are_columns_that_extracts_fill(table: str) -> None:
    assert set(NATURAL_KEY[table]) <= {c.name for c in columns(table) if not c.derived}


def test_of_a_contact_every_column_counts() -> None:
    assert set(NATURAL_KEY["centre_contact"]) == {c.name for c in columns("centre_contact") if not c.derived}


class Model:
    """The same rules, record by record."""

    def __init__(self) -> None:
        self.standing: dict[str, tuple[int, dt.date, str]] = {}
        self.counts: list[dict[str, int]] = []

    def receive(self, rows: list[tuple[str, dt.date | None, str]], period: tuple[dt.date, dt.date] | None) -> None:
        number, before = len(self.counts) + 1, dict(self.standing)
        good = {ref: (number, day, kind) for ref, day, kind in rows if day}
        held = {ref for ref, _day, _kind in rows}
        lost = [r for r, (_n, day, _k) in before.items() if period and r not in held and period[0] <= day <= period[1]]
        for ref in lost:
            del self.standing[ref]
        changed = [r for r in good if r in before and good[r][1:] != before[r][1:]]
        self.standing |= good
        new = len(good.keys() - before.keys())
        self.counts.append({"new": new, "changed": len(changed), "withdrawn": len(lost)})


@pytest.mark.parametrize("seed", range(5))
def test_any_sequence_of_extracts_comes_out_as_record_by_record(workshop: Workshop, seed: int) -> None:
    draw = random.Random(seed)
    model = Model()
    for _extract in range(4):
        rows = [(str(ref), _day(draw), draw.choice(["crime", "non_crime"])) for ref in draw.sample(range(12), 8)]
        period = (dt.date(2016, 1, 1), dt.date(2016, draw.choice([3, 6, 9]), 30)) if draw.random() < 0.6 else None
        lines = (f"{ref},{kind},{day:%d/%m/%Y}\n" if day else f"{ref},{kind},never\n" for ref, day, kind in rows)
        complete = f"2016-01 {period[1]:%Y-%m}" if period else None
        send(workshop, HEADER + "".join(lines), complete=complete)
        model.receive(rows, period)
    made = whole(workshop.build())
    assert sorted(made.rows("incident", "extract_id", "recorded_on", "kind")) == sorted(model.standing.values())
    for number, counts in enumerate(model.counts[1:], start=2):
        found = changes(made, number)
        assert {name: found[name] for name in counts} == counts
        assert sum(after - before for _quarter, before, after in quarters(made, number)) == (
            counts["new"] - counts["withdrawn"]
        )


def _day(draw: random.Random) -> Any:
    return None if draw.random() < 0.15 else dt.date(2016, draw.randint(1, 12), draw.randint(1, 28))
