"""A first mapping for a file nobody has mapped: what is recognised, what is guessed, what is left to a person."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import Workbook

from hatecrime.extracts.build import check
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.mapping import Mapping
from hatecrime.extracts.mapping_file import find_mapping, mapping_from_text, read_mapping
from hatecrime.extracts.propose import Proposal, edit, propose, targets
from hatecrime.extracts.propose.dates import dates_of, epoch_of
from hatecrime.extracts.propose.labels import meaning, separators
from hatecrime.extracts.propose.vocabulary import vocabulary
from hatecrime.settings import data_dir
from tests.shared_data import needs_shared_data, shared

HEADER = "Crime number,Date recorded,Hate strand\n"


def proposed(folder: Path, text: str | bytes, name: str = "anyshire.csv", table: str | None = None) -> Proposal:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return propose(file, table)


def read(proposal: Proposal) -> Mapping:
    return mapping_from_text(Path("proposed.toml"), proposal.text)


def column(mapping: Mapping, target: str):
    found = mapping.target(target)
    assert found is not None, target
    return found


def rows(*lines: str) -> str:
    return HEADER + "".join(f"{line}\n" for line in lines)


def dates(*values: str):
    return dates_of(Counter(values))


def test_a_proposal_is_a_mapping_that_can_be_read_and_loads_its_file(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, rows("A1,23/06/2016,Racist", "A2,24/06/2016,Homophobic"))
    (tmp_path / "ours.toml").write_text(proposal.text, encoding="utf-8")
    report = check(tmp_path / "anyshire.csv", str(tmp_path / "ours.toml")).extracts[0]
    assert (report.read, report.kept, report.unknown_labels) == (2, 2, {})


def test_columns_are_known_by_their_names_in_welsh_too(tmp_path: Path) -> None:
    text = "Cyfeirnod;Dyddiad cofnodi;Llinyn casineb;Dwyreiniad;Gogleddiad\nA1;23/06/2016;Hiliol;318000;176000\n"
    mapping = read(proposed(tmp_path, text))
    assert column(mapping, "ref").sources == ("Cyfeirnod",)
    assert column(mapping, "recorded_on").sources == ("Dyddiad cofnodi",)
    assert mapping.strands and mapping.strands.sources == ("Llinyn casineb",)
    assert mapping.point and (mapping.point.x, mapping.point.crs) == ("Dwyreiniad", "EPSG:27700")
    assert mapping.file.delimiter == ";"


def test_rows_above_the_header_and_the_encoding_are_found(tmp_path: Path) -> None:
    text = "Adroddiad Heddlu\n\n" + HEADER + "Tŷ1,23/06/2016,Faith\nSiân2,24/06/2016,Faith\n"
    assert proposed(tmp_path, text).shape.skip == 2
    assert proposed(tmp_path, (HEADER + "Siân,23/06/2016,Faith\n").encode("cp1252")).shape.encoding == "windows-1252"
    assert proposed(tmp_path, (HEADER + "A1,23/06/2016,Faith\n").encode("utf-16")).shape.encoding == "utf-16"
    assert proposed(tmp_path, (HEADER + "A1,23/06/2016,Faith\n").encode("utf-8-sig")).shape.encoding == "utf-8"


def test_a_file_without_a_header_gets_names_for_its_columns(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, "".join(f"{n},Racist,2016-06-23\n" for n in range(100, 130)))
    assert proposal.shape.header == ("column 1", "column 2", "column 3")


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (("23/06/2016", "01/02/2016"), ("%d/%m/%Y",)),
        (("06/23/2016", "01/02/2016"), ("%m/%d/%Y",)),
        (("23.06.16",), ("%d.%m.%y",)),
        (("2016-06-23",), ("%Y-%m-%d",)),
        (("2016-06",), ("%Y-%m",)),
        (("20160623",), ("%Y%m%d",)),
        (("23 Jun 2016",), ("%d %b %Y",)),
        (("June 23, 2016",), ("%B %d, %Y",)),
        (("03/21/2017 12:00:00 AM",), ("%m/%d/%Y %I:%M:%S %p",)),
        (("2016-06-23T09:15:00.000",), ("%Y-%m-%dT%H:%M:%S.%g",)),
    ],
)
def test_dates_are_read_as_they_are_written(values: tuple[str, ...], formats: tuple[str, ...]) -> None:
    found = dates(*values)
    assert found is not None
    assert found.formats == formats


def test_numbers_and_words_are_no_dates() -> None:
    assert dates("181510373", "930") is None
    assert dates("31/31/2016") is None
    assert dates() is None
    assert epoch_of(Counter(["1466640000"])) is not None
    assert epoch_of(Counter(["12"])) is None


def test_a_tie_between_day_and_month_is_said_with_both_formats(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, rows("A1,01/02/2016,Racist", "A2,03/04/2016,Racist"))
    (recorded,) = [c for c in proposal.columns if c.target == "recorded_on"]
    assert not recorded.sure
    assert "%d/%m/%Y" in recorded.why
    assert "%m/%d/%Y" in recorded.why


def test_another_date_column_of_the_file_settles_a_tie(tmp_path: Path) -> None:
    text = "Ref,Date recorded,Date occurred\nA1,01/02/2016,06/23/2015\nA2,03/04/2016,06/24/2015\n"
    mapping = read(proposed(tmp_path, text, table="incident"))
    assert column(mapping, "recorded_on").formats == ("%m/%d/%Y",)


def test_a_column_of_times_is_joined_to_its_day_with_zeros_where_they_lack(tmp_path: Path) -> None:
    text = "Dr No,Date Rptd,Date Occ,Time Occ,Bias\n" + "".join(
        f"{n},06/2{n % 9}/2016,06/1{n % 9}/2016,{915 + n},Race\n" for n in range(20)
    )
    occurred = column(read(proposed(tmp_path, text)), "occurred_from")
    assert occurred.sources == ("Date Occ", "Time Occ")
    assert (occurred.zeros, occurred.formats) == ((0, 4), ("%m/%d/%Y %H%M",))


def test_offsets_at_midnight_are_cut_and_utc_is_read_in_london(tmp_path: Path) -> None:
    cut = read(
        proposed(tmp_path, rows("A1,2018-05-01T00:00:00.000-07:00,Race", "A2,2018-05-02T00:00:00.000-07:00,Age"))
    )
    assert (column(cut, "recorded_on").first, column(cut, "recorded_on").formats) == ((10,), ("%Y-%m-%d",))
    moved = read(proposed(tmp_path, rows("A1,2018-05-01T23:30:00+00:00,Race", "A2,2018-05-02T10:00:00+00:00,Age")))
    assert column(moved, "recorded_on").timezone == "Europe/London"


def test_coordinates_exchanged_in_the_file_are_exchanged_back(tmp_path: Path) -> None:
    text = "Ref,Date recorded,Latitude,Longitude,Strand\nA1,23/06/2016,-2.3,53.4,Race\nA2,23/06/2016,-2.4,53.5,Race\n"
    proposal = proposed(tmp_path, text)
    mapping = read(proposal)
    assert mapping.point and (mapping.point.x, mapping.point.y) == ("Latitude", "Longitude")
    assert not next(c for c in proposal.columns if c.source == "Latitude").sure


def test_feet_are_left_to_a_person_who_knows_their_crs(tmp_path: Path) -> None:
    text = "Ref,Date recorded,X Coord,Y Coord,Bias\nA1,06/23/2016,1170000,1900000,Race\n"
    proposal = proposed(tmp_path, text)
    assert read(proposal).point is None
    assert '# x = "X Coord"' in proposal.text
    assert all(c.target is None for c in proposal.columns if c.source.endswith("Coord"))


def test_points_as_text_and_postcodes_place_records_that_have_no_coordinates(tmp_path: Path) -> None:
    points = read(proposed(tmp_path, "Ref,Date recorded,Strand,Shape\nA1,2016-06-23,Race,POINT (-2.3 53.4)\n"))
    assert points.point and points.point.geometry == "Shape"
    codes = read(proposed(tmp_path, "Ref,Date recorded,Strand,Postcode\nA1,2016-06-23,Race,M33 1AB\n"))
    assert codes.point and codes.point.postcode == "Postcode"


def test_area_columns_are_known_by_their_codes_whatever_their_names(tmp_path: Path) -> None:
    text = "Ref,Date recorded,Strand,A,B,C\nA1,2016-06-23,Race,E05000819,E01006074,W15000002\n"
    mapping = read(proposed(tmp_path, text))
    assert [column(mapping, level).sources for level in ("ward", "lsoa", "force")] == [("A",), ("B",), ("C",)]


def test_wards_by_name_are_looked_for_in_their_authority_or_left_to_a_person(tmp_path: Path) -> None:
    inside = proposed(tmp_path, "Ref,Date recorded,Strand,Ward,LA code\nA1,2016-06-23,Race,Priory,E08000009\n")
    assert (column(read(inside), "ward").by_name, column(read(inside), "ward").within) == (True, "district")
    alone = proposed(tmp_path, "Ref,Date recorded,Strand,Ward\nA1,2016-06-23,Race,Priory\n")
    assert read(alone).target("ward") is None
    assert "# ward = " in alone.text


def test_strands_side_by_side_or_as_flags_are_all_read(tmp_path: Path) -> None:
    labels = read(
        proposed(tmp_path, "Ref,Date recorded,Strand 1,Strand 2\nA1,2016-06-23,Race,\nA2,2016-06-23,Race,Age\n")
    )
    assert labels.strands and labels.strands.sources == ("Strand 1", "Strand 2")
    flags = read(proposed(tmp_path, "Ref,Date recorded,Racial,Faith\nA1,2016-06-23,Yes,No\nA2,2016-06-24,No,Yes\n"))
    assert flags.strands and flags.strands.flags == {"Racial": ("race",), "Faith": ("religion",)}


@pytest.mark.parametrize(
    ("values", "split"),
    [
        (("Racist;Homophobic", "Racist"), (";",)),
        (("Racist/Disablist", "Racist"), ("/",)),
        (("Racist, Faith", "Faith"), (",",)),
        (("Racist", "Faith"), ()),
        (("0443 1505", "1514"), (" ",)),
        ((), ()),
    ],
)
def test_what_stands_between_two_strands_is_told_from_the_values(
    values: tuple[str, ...], split: tuple[str, ...]
) -> None:
    assert separators(vocabulary(), "strand", Counter(values)) == split


@pytest.mark.parametrize(
    ("label", "codes"),
    [
        ("Race", ("race",)),
        ("HIL", ("race",)),
        ("Racist", ("race",)),
        ("Anti-Black", ("black",)),
        ("Homophobic", ("sexual_orientation",)),
        ("Transphobic", ("transgender",)),
        ("Faith", ("religion",)),
        ("Islamophobic incident", ("muslim",)),
        ("Race and religion", ("race", "religion")),
        ("Homophobicc", ("sexual_orientation",)),
        ("Not known", ()),
        ("Zorblax", None),
    ],
)
def test_labels_of_strands_find_their_codes(label: str, codes: tuple[str, ...] | None) -> None:
    assert meaning(vocabulary(), "strand", label).codes == codes


def test_a_known_word_is_a_guess_and_our_own_label_is_sure(tmp_path: Path) -> None:
    labels = proposed(tmp_path, rows("A1,2016-06-23,Race", "A2,2016-06-23,Racist", "A3,2016-06-23,Zorblax")).labels
    assert {each.label: (each.codes, each.sure) for each in labels} == {
        "Race": (("race",), True),
        "Racist": (("race",), False),
        "Zorblax": (None, False),
    }


def test_an_unknown_label_stays_reported_until_somebody_decides(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, rows("A1,2016-06-23,Race", "A2,2016-06-23,Zorblax"))
    assert '# "Zorblax" = ""' in proposal.text
    (tmp_path / "ours.toml").write_text(proposal.text, encoding="utf-8")
    report = check(tmp_path / "anyshire.csv", str(tmp_path / "ours.toml")).extracts[0]
    assert report.unknown_labels == {"Hate strand": ["Zorblax"]}


def test_rows_that_share_a_reference_and_differ_are_merged_by_guess(tmp_path: Path) -> None:
    assert read(proposed(tmp_path, rows("A1,2016-06-23,Race", "A1,2016-06-23,Age"))).repeats == "merge"
    assert read(proposed(tmp_path, rows("A1,2016-06-23,Race", "A1,2016-06-23,Race"))).repeats == "refuse"


def test_columns_that_look_personal_are_left_out_and_never_shown(tmp_path: Path) -> None:
    text = "Ref,Date recorded,Strand,Victim name,Phone\nA1,2016-06-23,Race,Ann Other,07700 900123\n"
    proposal = proposed(tmp_path, text)
    for name in ("Victim name", "Phone"):
        (found,) = [c for c in proposal.columns if c.source == name]
        assert (found.target, found.examples) == (None, ())
    assert "Left out on purpose" in proposal.text
    assert "07700" not in proposal.text + json.dumps(proposal.to_json())
    assert "Ann Other" not in proposal.text + json.dumps(proposal.to_json())


def test_a_first_row_that_identifies_somebody_is_no_header(tmp_path: Path) -> None:
    rows = "GM1,Theft,Ann Evans,07700 900123\nGM2,Assault,Bob Price,07700 900124\n"
    proposal = proposed(tmp_path, rows)
    assert proposal.shape.header == ("column 1", "column 2", "column 3", "column 4")
    assert "07700" not in proposal.text and "Ann" not in proposal.text
    assert proposed(tmp_path, "Ref,Offence,Date of birth\nGM1,Theft,\n").shape.header == ()


def test_a_label_that_looks_personal_is_not_written_down(tmp_path: Path) -> None:
    rows = "1,Race,home\n2,call 07700 900123,12 High Street\n"
    proposal = proposed(tmp_path, f"Ref,Strand,Place\n{rows * 5}")
    assert "[values.location_type]" in proposal.text
    assert "07700" not in proposal.text and "12 High" not in proposal.text


def test_the_text_holds_no_values_of_columns_without_codes(tmp_path: Path) -> None:
    text = "Ref,Date recorded,Strand,Circumstances of it\nXQZ77,2016-06-23,Race,secret words\n"
    proposal = proposed(tmp_path, text)
    assert "XQZ77" not in proposal.text
    assert "secret" not in proposal.text


def test_the_offender_is_never_taken_for_the_victim(tmp_path: Path) -> None:
    text = "Ref,Date recorded,Strand,Offender race,Suspect sex\nA1,2016-06-23,Race,White,Male\n"
    mapping = read(proposed(tmp_path, text))
    assert mapping.target("victim_ethnicity") is None
    assert mapping.target("victim_sex") is None


def test_anti_social_behaviour_among_the_types_of_crime_is_no_crime(tmp_path: Path) -> None:
    text = "Crime ID,Month,Crime type\nA1,2021-01,Anti-social behaviour\nA2,2021-01,Burglary\n"
    mapping = read(proposed(tmp_path, text))
    assert mapping.values["kind"] == {"anti-social behaviour": ("non_crime",)}
    assert mapping.otherwise["kind"] == ("crime",)
    assert column(mapping, "recorded_on").month_only


def test_the_table_can_be_given_and_must_exist(tmp_path: Path) -> None:
    text = "Centre ID,Date,Score,Would use again\nC1,23/06/2016,5,Yes\nC1,24/06/2016,4,No\n"
    assert proposed(tmp_path, text).table == "centre_survey"
    with pytest.raises(ExtractError, match="Did you mean 'incident'"):
        proposed(tmp_path, text, table="incidents")


@pytest.mark.parametrize(("content", "words"), [(b"", "empty"), (b"\n\n", "no table")])
def test_a_file_without_a_table_is_refused_in_plain_words(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(ExtractError, match=words):
        proposed(tmp_path, content)


def test_a_header_alone_gives_a_mapping_all_the_same(tmp_path: Path) -> None:
    assert column(read(proposed(tmp_path, HEADER)), "ref").sources == ("Crime number",)


def test_workbooks_json_and_zips_are_looked_into(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"] = "Notes"
    sheet = book.create_sheet("Data")
    for row in (["Anyshire"], [], ["Crime number", "Date recorded", "Hate strand"], ["A1", "23/06/2016", "Racist"]):
        sheet.append(row)
    book.save(tmp_path / "book.xlsx")
    excel = propose(tmp_path / "book.xlsx")
    assert (excel.shape.sheet, excel.shape.skip, excel.table) == ("Data", 2, "incident")
    records = [{"id": "k1", "reported_at": "2023-01-11", "bias": ["race"], "place": {"lat": 53.4, "lon": -2.3}}]
    nested = read(proposed(tmp_path, json.dumps({"data": {"results": records}}), "api.json"))
    assert nested.file.records == "data.results"
    assert nested.point and nested.point.y == "place.lat"
    with zipfile.ZipFile(tmp_path / "sent.zip", "w") as archive:
        archive.writestr("incidents.csv", rows("A1,23/06/2016,Racist"))
    assert propose(tmp_path / "sent.zip").table == "incident"


def test_a_shipped_mapping_that_fits_is_named() -> None:
    assert propose(data_dir() / "sample" / "gmp_incidents.csv").fits == "sample_gmp_incidents"


def test_a_file_that_no_shipped_mapping_fits_names_none(tmp_path: Path) -> None:
    assert proposed(tmp_path, rows("A1,2016-06-23,Race")).fits is None


def lines(header: str, *makers: str) -> str:
    """Forty rows; in each, {n} is the number of the row and {d} its day of the month."""
    made = (makers[n % len(makers)].format(n=n, d=f"{n % 28 + 1:02}") for n in range(40))
    return header + "\n" + "".join(f"{line}\n" for line in made)


def test_a_column_of_dates_is_the_day_where_no_name_is_known(tmp_path: Path) -> None:
    text = lines("Log;DOB;Seen;Made on;Motiv", "A{n};01/02/1980;{d}/03/2017;{d}/04/2017;Racist")
    proposal = proposed(tmp_path, text)
    recorded = column(read(proposal), "recorded_on")
    assert (recorded.sources, recorded.formats) == (("Made on",), ("%d/%m/%Y",))
    (shown,) = [each for each in proposal.columns if each.target == "recorded_on"]
    assert not shown.sure
    assert proposal.needed == ()


def test_the_first_column_of_dates_is_the_day_where_no_name_speaks_of_recording(tmp_path: Path) -> None:
    text = lines("Log;Seen;Looked at;Motiv", "A{n};2017-03-{d};2017-04-{d};Racist")
    assert column(read(proposed(tmp_path, text)), "recorded_on").sources == ("Seen",)


def test_a_day_of_birth_is_never_the_day_of_a_record(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, lines("Log,Born,Motiv", "A{n},{d}/02/1980,Racist"))
    assert proposal.needed == ("recorded_on",)
    assert any("date column is still needed" in remark for remark in proposal.remarks)
    assert "date column is still needed" in proposal.text


def test_the_day_of_recording_stands_before_the_day_it_happened(tmp_path: Path) -> None:
    text = lines("Ref,Date occurred,Logged,Motive", "A{n},{d}/02/2016,{d}/03/2016,Racist")
    mapping = read(proposed(tmp_path, text))
    assert column(mapping, "recorded_on").sources == ("Logged",)
    assert column(mapping, "occurred_from").sources == ("Date occurred",)


@pytest.mark.parametrize(
    ("header", "cells", "point"),
    [
        ("X pos,Y pos", "9762{n:02},3941{n:02}", None),
        ("X pos,Y pos", "3762{n:02},3941{n:02}", ("X pos", "Y pos", "EPSG:27700")),
        ("Y pos,X pos", "3941{n:02},3762{n:02}", ("X pos", "Y pos", "EPSG:27700")),
        ("one,two", "3762{n:02},3941{n:02}", ("one", "two", "EPSG:27700")),
        ("one,two", "53.41{n:02}1,-2.31{n:02}1", ("two", "one", "EPSG:4326")),
        ("Log no,Case no", "3762{n:02},3941{n:02}", None),
        ("Years,Weeks", "{d},{n}", None),
    ],
)
def test_numbers_in_the_range_of_points_are_points_by_guess(
    tmp_path: Path, header: str, cells: str, point: tuple[str, str, str] | None
) -> None:
    proposal = proposed(tmp_path, lines(f"Date recorded,Strand,{header}", f"2017-03-{{d}},Race,{cells}"))
    found = read(proposal).point
    assert ((found.x, found.y, found.crs) if found else None) == point
    assert not [each for each in proposal.columns if (each.target or "").startswith("point.") and each.sure]


def test_what_stands_beside_a_day_chosen_by_hand_is_told_from_its_values(tmp_path: Path) -> None:
    text = lines("Date recorded,A,B,C,D", "2017-01-{d},{d}.03.2017,2017-03-{d},376{n:03},word {n}")
    found = {each.source: each for each in proposed(tmp_path, text).columns}
    assert found["A"].as_day == {"formats": ["%d.%m.%Y"]}
    assert found["B"].as_day == found["D"].as_day == {}
    assert [found[name].crs for name in "ABCD"] == [None, None, "EPSG:27700", None]
    mapping = mapping_from_text(Path("m.toml"), edit.with_column(MAPPING, "Seen", "occurred_from", found["A"].as_day))
    assert column(mapping, "occurred_from").formats == ("%d.%m.%Y",)


@pytest.mark.parametrize(
    ("crime", "incident", "target"),
    [
        ("Crime", "Incident (NC)", "kind"),
        ("Hate crime", "Hate incident", "kind"),
        ("Crime", "Non-crime", "kind"),
        ("Crime", "Crime", None),
        ("Public order", "Incident", None),
    ],
)
def test_crimes_and_incidents_are_told_apart_by_their_labels(
    tmp_path: Path, crime: str, incident: str, target: str | None
) -> None:
    text = lines("Date recorded,Strand,Sort", f"2017-03-{{d}},Race,{crime}", f"2017-03-{{d}},Faith,{incident}")
    mapping = read(proposed(tmp_path, text))
    assert column(mapping, "kind").sources == (("Sort",) if target else ())


def test_a_table_chosen_by_hand_is_said_to_be(tmp_path: Path) -> None:
    text = rows("A1,23/06/2016,Racist")
    assert "The table referral was chosen by hand." in proposed(tmp_path, text, table="referral").remarks
    assert not any("by hand" in remark for remark in proposed(tmp_path, text).remarks)
    nothing = proposed(tmp_path, "Word,Other\nabc,def\nghi,jkl\n").remarks
    assert any(remark.startswith("No table fits") for remark in nothing)


def test_how_far_a_case_has_got_is_no_region(tmp_path: Path) -> None:
    cells = ("open", "Closed", "unable to contact")
    text = lines("Date recorded,Strand,state", *(f"2017-03-{{d}},Race,{cell}" for cell in cells))
    assert read(proposed(tmp_path, text)).target("region") is None
    text = lines("Date recorded,Strand,state", "2017-03-{d},Race,Texas", "2017-03-{d},Race,Ohio")
    assert column(read(proposed(tmp_path, text)), "region").sources == ("state",)


def facts(mapping: Mapping) -> dict[str, object]:
    """What a mapping reads from where, apart from what no file could say."""
    found: dict[str, object] = {f.name: f.sources for f in mapping.fields if f.sources}
    found |= {"strand": mapping.strands.sources} if mapping.strands else {}
    return found | ({"point": (mapping.point.x, mapping.point.y, mapping.point.crs)} if mapping.point else {})


def agreement(file: Path, name: str) -> tuple[int, int]:
    """How many of the columns of a shipped mapping the proposal reads in the same way, and how many there are."""
    wanted, got = facts(read_mapping(find_mapping(name))), facts(read(propose(file)))
    right = sum(
        got.get(key) == value or (isinstance(got.get(key), tuple) and key != "point" and set(got[key]) <= set(value))
        for key, value in wanted.items()
    )
    return right, len(wanted)


SAMPLE = {
    "gmp_incidents": "sample_gmp_incidents",
    "wales_incidents": "sample_wales_incidents",
    "referrals": "sample_referrals",
    "stop_search": "sample_stop_search",
    "populations": "sample_populations",
    "reporting_centres": "sample_reporting_centres",
    "candidate_venues": "sample_candidate_venues",
    "centre_contacts": "sample_centre_contacts",
    "centre_surveys": "sample_centre_surveys",
    "court_results": "sample_court_results",
}


@pytest.mark.parametrize(("file", "name"), SAMPLE.items())
def test_the_files_of_the_sample_are_read_as_their_own_mappings_read_them(file: str, name: str) -> None:
    right, wanted = agreement(data_dir() / "sample" / f"{file}.csv", name)
    assert right >= 0.9 * wanted


PUBLIC = {
    "incidents/fbi_hate_crime_1999-2020.zip": "fbi",
    "incidents/lapd_hate_crime_records.csv": "lapd",
    "incidents/austin_hate_crimes_2017-2025.csv": "austin",
    "street/gwent_2021/2021-09-gwent-street.csv": "police_uk_street",
    "stop_and_search/2019-06-greater-manchester-stop-and-search.csv": "police_uk_stop_search",
    "populations/mid-year_2022_population_estimates_ward.csv": "mid_year_estimates",
    "boundaries/ward_2017_gm_ward_generalised.geojson": "ons_wards",
}


@needs_shared_data
@pytest.mark.parametrize(("file", "name"), PUBLIC.items())
def test_the_public_files_are_read_as_their_shipped_mappings_read_them(file: str, name: str) -> None:
    right, wanted = agreement(shared(file), name)
    assert right >= 0.8 * wanted


MAPPING = """# Ours.
title = "Anyshire"
source = "anyshire"
table = "incident"

[columns]
ref = "Crime number"  # the sender's own
kind = { value = "crime" }
recorded_on = { from = "Date recorded", formats = ["%d/%m/%Y"] }

[strands]
from = "Hate strand"

[values.strand]
"Racist" = "race"
# "Faithh" = ""  # not recognised: say which code it means
"""


def test_an_edit_changes_one_thing_and_keeps_the_remarks() -> None:
    text = edit.with_label(MAPPING, "strand", "Faithh", ("religion",))
    assert 'Faithh = "religion"' in text
    assert '# "Faithh"' not in text
    assert "# Ours." in text
    assert "# the sender's own" in text
    mapping = mapping_from_text(Path("ours.toml"), text)
    assert mapping.values["strand"] == {"racist": ("race",), "faithh": ("religion",)}


def test_a_label_can_mean_several_strands_none_or_be_left_open_again() -> None:
    several = edit.with_label(MAPPING, "strand", "racist", ("race", "religion"))
    assert mapping_from_text(Path("m.toml"), several).values["strand"] == {"racist": ("race", "religion")}
    none = edit.with_label(MAPPING, "strand", "Racist", ())
    assert mapping_from_text(Path("m.toml"), none).values["strand"] == {"racist": ()}
    assert mapping_from_text(Path("m.toml"), edit.with_label(MAPPING, "strand", "Racist", None)).values["strand"] == {}


def test_a_column_is_given_to_another_target_and_taken_from_the_first() -> None:
    text = edit.with_column(MAPPING, "Hate strand", "crime_type")
    mapping = mapping_from_text(
        Path("m.toml"), text.replace("[values.strand]", "[values.crime_type]").replace('"race"', '"other"')
    )
    assert mapping.strands is None
    assert column(mapping, "crime_type").sources == ("Hate strand",)
    assert mapping_from_text(Path("m.toml"), edit.with_column(MAPPING, "Hate strand", None)).strands is None


def test_strands_points_formats_and_titles_can_be_set() -> None:
    text = edit.with_column(MAPPING, "Strand 2", "strand")
    text = edit.with_column(edit.with_column(text, "Easting", "point.x"), "Northing", "point.y")
    text = edit.with_setting(edit.with_crs(text, "EPSG:27700"), "title", 'A "quoted" title')
    text = edit.with_formats(text, "recorded_on", ["%Y-%m-%d", "%d.%m.%Y"])
    mapping = mapping_from_text(Path("m.toml"), text)
    assert mapping.strands and mapping.strands.sources == ("Hate strand", "Strand 2")
    assert mapping.point and (mapping.point.x, mapping.point.y, mapping.point.crs) == (
        "Easting",
        "Northing",
        "EPSG:27700",
    )
    assert mapping.title == 'A "quoted" title'
    assert column(mapping, "recorded_on").formats == ("%Y-%m-%d", "%d.%m.%Y")


def test_every_column_of_every_proposal_can_be_forgotten_and_given_back(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, rows("A1,23/06/2016,Racist"))
    for each in proposal.columns:
        without = edit.with_column(proposal.text, each.source, None)
        back = edit.with_column(without, each.source, each.target)
        again = edit.with_formats(back, each.target, each.formats) if each.formats and each.target else back
        assert facts(mapping_from_text(Path("m.toml"), again)) == facts(read(proposal))


def test_targets_are_the_columns_that_a_file_can_fill() -> None:
    assert {"ref", "strand", "point.x", "point.postcode"} <= set(targets("incident"))
    assert not {"incident_id", "easting", "source"} & set(targets("incident"))
