"""A dry run: what it says of a file besides the counts, and that it keeps nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from hatecrime.extracts.build import check, check_listing
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.listing import Extract, Listing
from hatecrime.extracts.mapping_file import mapping_from_text
from hatecrime.extracts.report import ExtractReport, Trial
from tests.extracts.workshop import Workshop, square

MAPPING = """
source = "anyshire"
table = "incident"
[columns]
ref = "Ref"
kind = { value = "crime" }
recorded_on = { from = "Recorded", formats = ["%d/%m/%Y"] }
ward = { from = "Ward", optional = true }
[strands]
from = "Strand"
split = ";"
[values.strand]
"Racist" = "race"
"Faithh" = "religion"
"""
HEADER = "Ref,Recorded,Strand,Ward,Victim name,Beat,Nothing\n"


def rows(*lines: str) -> str:
    return HEADER + "".join(f"{line}\n" for line in lines)


def tried(workshop: Workshop, text: str, mapping: str = MAPPING, **besides: Path) -> ExtractReport:
    workshop.add(text, mapping)
    return check(workshop.folder / "incidents.csv", str(workshop.folder / "0.toml"), **besides).extracts[0]


def told(report: ExtractReport) -> Trial:
    assert report.trial is not None
    return report.trial


def test_a_dry_run_keeps_nothing_and_says_the_days_it_spans(workshop: Workshop) -> None:
    report = tried(workshop, rows("A1,23/06/2016,Racist,,,,", "A2,01/07/2016,Racist,,,,"))
    assert (report.read, report.kept) == (2, 2)
    assert (told(report).first_on, told(report).last_on) == ("2016-06-23", "2016-07-01")
    assert workshop.snapshots() == []


def test_refusals_come_with_up_to_three_examples(workshop: Workshop) -> None:
    bad = [f"A{n},{n}/13/2016,Racist,,,," for n in range(1, 6)]
    report = tried(workshop, rows(*bad))
    examples = told(report).examples["bad_date"]
    assert report.refused == {"bad_date": 5}
    assert [(e.line, e.column, e.value, e.row) for e in examples] == [
        (2, "Recorded", "1/13/2016", True),
        (3, "Recorded", "2/13/2016", True),
        (4, "Recorded", "3/13/2016", True),
    ]


def test_examples_of_references_are_withheld(workshop: Workshop) -> None:
    report = tried(workshop, rows("A1,23/06/2016,Racist,,,,", "A1,24/06/2016,Racist,,,,"))
    assert [(e.line, e.value) for e in told(report).examples["duplicate_ref"]] == [(3, None)]


def test_unknown_labels_are_counted_and_entries_no_label_needed_are_named(workshop: Workshop) -> None:
    report = tried(workshop, rows("A1,23/06/2016,Zorb,,,,", "A2,23/06/2016,Zorb,,,,", "A3,23/06/2016,Glap,,,,"))
    assert told(report).labels == {"Strand": {"Zorb": 2, "Glap": 1}}
    assert report.unused_entries == ["[values.strand] 'faithh'", "[values.strand] 'racist'"]


def test_columns_passed_over_say_why(workshop: Workshop) -> None:
    report = tried(workshop, rows("A1,23/06/2016,Racist,,Ann Other,x,", "A2,23/06/2016,Racist,,Bob Other,y,"))
    assert told(report).columns == {"Victim name": "looks_personal", "Beat": "not_named", "Nothing": "empty"}


def test_areas_known_are_shares_of_the_kept_records(workshop: Workshop) -> None:
    text = rows("A1,23/06/2016,Racist,E05000819,,,", "A2,23/06/2016,Racist,,,,", "A3,23/06/2016,Racist,E05999999,,,")
    report = tried(workshop, text)
    areas = told(report).areas
    assert areas is not None
    assert areas["ward"] == pytest.approx(1 / 3)
    assert areas["lsoa"] == 0
    assert (told(report).unknown_areas, told(report).outlines) == (1, False)


def test_outlines_of_a_folder_place_the_records(workshop: Workshop) -> None:
    workshop.add_areas(
        "wards.gpkg", [{"area_code": "W1", "level": "ward", "name": "One", "geometry": square(0, 0)}]
    ).listing("[[extract]]\nfile = 'wards.gpkg'\nmapping = '0.toml'\n")
    file, mapping = workshop.folder / "points.csv", workshop.folder / "points.toml"
    file.write_text("Ref,Recorded,E,N\nA1,23/06/2016,500,500\nA2,23/06/2016,5000,500\n")
    mapping.write_text(
        'source = "anyshire"\ntable = "incident"\n[columns]\nref = "Ref"\nkind = { value = "crime" }\n'
        'recorded_on = { from = "Recorded", formats = ["%d/%m/%Y"] }\n[point]\nx = "E"\ny = "N"\ncrs = "EPSG:27700"\n'
    )
    report = check(file, str(mapping), workshop.folder).extracts
    assert [r.file for r in report] == ["points.csv"]
    areas = told(report[0]).areas
    assert areas is not None
    assert (areas["ward"], areas["placed"], told(report[0]).outlines) == (0.5, 1.0, True)


def test_strands_stand_beside_the_last_load_of_the_same_source(workshop: Workshop) -> None:
    workshop.add(rows("A1,23/06/2016,Racist,,,,", "A2,23/06/2016,Faithh,,,,"), MAPPING).build()
    again = workshop.folder / "again.csv"
    again.write_text(rows("B1,23/07/2016,Racist;Faithh,,,,", "B2,23/07/2016,Racist,,,,", "B3,23/07/2016,,,,,"))
    report = check(again, str(workshop.folder / "0.toml"), store=workshop.store).extracts[0]
    assert told(report).strands == pytest.approx({"race": 2 / 3, "religion": 1 / 3, "none": 1 / 3})
    assert told(report).strands_before == {"race": 0.5, "religion": 0.5}
    assert len(workshop.snapshots()) == 1


def test_without_an_earlier_load_there_is_nothing_to_compare_with(workshop: Workshop) -> None:
    report = tried(workshop, rows("A1,23/06/2016,Racist,,,,"), store=workshop.store)
    assert told(report).strands_before is None
    other = tried(workshop, rows("A1,23/06/2016,Racist,,,,"))
    assert told(other).strands == {"race": 1.0}


def test_a_file_of_which_nothing_is_kept_has_no_days_and_no_strands(workshop: Workshop) -> None:
    report = tried(workshop, rows("A1,,Racist,,,,"))
    assert (report.read, report.kept, report.refused) == (1, 0, {"missing_required": 1})
    assert (told(report).first_on, told(report).areas, told(report).strands) == (None, None, {})


def test_a_mapping_that_is_not_saved_yet_can_be_tried(workshop: Workshop) -> None:
    workshop.add(rows("A1,23/06/2016,Racist,,,,"), MAPPING)
    mapping = mapping_from_text(workshop.folder / "unsaved.toml", MAPPING)
    report = check_listing(Listing((Extract(workshop.folder / "incidents.csv", mapping),))).extracts[0]
    assert (report.mapping, report.kept) == ("unsaved", 1)


def test_the_counts_stand_in_the_json_as_before_with_the_rest_beside_them(workshop: Workshop) -> None:
    workshop.add(rows("A1,23/06/2016,Racist,,,,"), MAPPING)
    (flat,) = check(workshop.folder / "incidents.csv", str(workshop.folder / "0.toml")).to_json()["extracts"]
    assert {"file", "mapping", "table", "read", "kept", "refused", "collapsed", "unknown_labels"} <= set(flat)
    assert {"examples", "labels", "columns", "first_on", "areas", "strands", "strands_before", "seconds"} <= set(flat)
    assert "trial" not in flat


def test_a_mapping_that_does_not_fit_is_refused(workshop: Workshop) -> None:
    with pytest.raises(ExtractError, match="it lacks 'Recorded'"):
        tried(workshop, "Ref,Strand\nA1,Racist\n")


def test_line_ends_above_the_header_unlike_those_below_lose_no_record(workshop: Workshop) -> None:
    lines = HEADER.strip() + "\r\n" + "A1,23/06/2016,Racist,,,,\r\n" * 1 + "A2,23/06/2016,Racist,,,,\r\n"
    report = tried(workshop, "Anyshire Police\n\n" + lines, MAPPING + "[file]\nskip = 2\n")
    assert (report.read, report.kept) == (2, 2)
