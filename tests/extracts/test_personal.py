"""What looks as if it named a person: which headers and cells are refused, and which never are."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from hatecrime import settings as real
from hatecrime.dictionary import code_list, tables
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.mapping_file import read_mapping
from hatecrime.extracts.personal import PEOPLE
from hatecrime.extracts.personal_cells import looks_personal
from hatecrime.extracts.personal_headers import looks_like
from tests.extracts.workshop import HEADER, INCIDENTS, Built, Workshop, square

Build = Callable[..., Built]


def listed(texts: str) -> list[str]:
    return [text.strip() for text in texts.split(";")]


HARMFUL = {
    "a person's name": """Name; Full name; Victim name; VictimName; VICTIM_NAME; Surname; Victim_Surname; Forenames;
        First name; FirstName; lastname; Given name; Family name; Middle names; Nickname; Alias; Initials; Officer name;
        Officer in the case; OIC; Reporting officer; Victim; Suspect 1; Name of victim; Name of the complainant;
        Offence victim name; Next of kin; Known as; Enw; Enw llawn; Cyfenw; Enw'r dioddefwr; Enw cyntaf; Dioddefwr""",
    "an address": """Address; Home address; Address line 1; Addr1; ADDRESS_1; Street name; House number; House no;
        Postcode; Post code; Victim postcode; Cod post; Cyfeiriad; Cyfeiriad cartref; UPRN; what3words""",
    "a phone number": """Phone; Telephone; Tel; Tel no; Mobile; MobileNo; Contact number; Home phone; Ffôn;
        Rhif ffôn""",
    "an e-mail address or an account": "E-mail; Email; EMAIL_ADDR; E-bost; Username; Twitter handle",
    "a date of birth": """Date of birth; DOB; D.O.B.; VictimDOB; dob_victim; Birth date; Year of birth;
        Dyddiad geni""",
    "a vehicle registration mark": """VRM; VRN; Vehicle registration; Registration mark; Reg no; Number plate;
        Licence plate; Rhif cofrestru""",
    "a number that stands for a person": """National Insurance number; NI No; NINO; NHS number; NHS No.;
        Passport number; Custody number; Custody ref; Custody record; PNC ID; PNCID; CRO number; Nominal ref; Person ID;
        Victim ID; Driving licence number; Collar number; SSN; IP address""",
    "free text about a person or an event": """Free text; FreeText; Notes; Incident notes; Narrative; Summary;
        Incident summary; MO; MO text; MO_DESC; Modus operandi; Details; Incident details; Comments; Remarks; Synopsis;
        Circumstances; Victim statement; Incident description; Nodiadau; Crynodeb; Manylion; Testun rhydd""",
}
HARMLESS = """Area name; Area Name; Ward name; Offence name; OFFENSE_NAME; LOCATION_NAME; Location name; STATE_NAME;
    LSOA name; msoa_hcl_name; la_name; Force name; PUB_AGENCY_NAME; Council name; Centre name; Beat name; Station name;
    Local authority name; Victim ethnicity name; Enw'r ward; Enw ardal; Enw'r awdurdod; Enw'r drosedd; Crime number;
    Incident number; Reference; URN; Crime ID; INCIDENT_ID; Dr No; Record type; Date recorded; Reported by;
    Falls within; Reported how; From date; Hate strand; BIAS_DESC; Bias description; Crm Cd Desc; Prem Is Desc;
    Offence description; Description; Crime type; Outcome; Last outcome category; Location; Location type; Street type;
    Longitude; Easting; Ward code; LSOA code; Mo Codes; Vict Age; Vict Descent; Victim age; Victim sex;
    Victim ethnicity; Victim type; VICTIM_COUNT; Number of victims; Offenders; Repeat victim; Officer-defined ethnicity;
    Self-defined ethnicity; Age range; Legislation; Object of search; Part of a policing operation; Custody; Prison;
    In custody; Online; School; Mate crime; Uplift; Keywords; Summary offence; Address type; Postcode sector;
    Reported by telephone; Reported by email; Registration date; Contact type; First contact; Attempts; Consent;
    Country of birth; Language; Closure reason; Centre ID; Named lead; Statement taken; Initial outcome;
    Council District; Offense(s); Zip Code; Vehicle type; HO code; CPS area; Math o drosedd; Llinyn"""
PERSONAL = listed("""
    someone@example.org; ring 07700 900123; 0161 496 0123; 01614960123; (020) 7946 0000; +44 7700 900123;
    +44 (0)161 496 0123; (512) 555-0123; AB 12 34 56 C; AB123456C; AB12 CDE; ab12cde; M123 ABC; ABC 123D; M33 7SY;
    m337sy; at WA14 2SZ near; SW1A 1AA; DOB 01/02/1980; d.o.b. 1980; born 3 May 1980; Dyddiad geni 1/2/80;
    12 High Street; 12 high street; 14a Hidden Lane; 126-150 Washway Road; 7 Park View; 12 Heol Fawr; 3 Stryd y Bont;
    Flat 3; Mrs Jones; mr smith; Mrs. Angharad Example; Dr Patel; Miss Lee; MS JONES; PC Example; PC 12345""")
ORDINARY = listed("""
    4 wheel drive; 12 Public road; Racist;
    S20 GBH; S47 ABH; s.4A Public Order Act; S5 POA; Section 18 wounding; 105/08; E05015247;
    Trafford 001H; TRAFFORD 001H; GMP01A; Near miss incident; On or near High Street; Street; 24 hour shop;
    6 month court order; Police and Criminal Evidence Act 1984 (section 1); Road Traffic Act 1988 (section 163);
    Dr surgery; W1 British; A9 Other Asian; 31/02/2016; 31-02-2016 10:20; -2.3, 53.46; 377412.0, 394023.0; 18-24;
    0913 1402 1506 2004; M60 motorway; Junction 7 M60; Telephone 999/101; 2 people in the street""")
STORY = (
    "The man came to the door and shouted at her for a long time, went away, and came back later with two others. " * 2
)


@pytest.mark.parametrize(("sort", "header"), [(sort, h) for sort, texts in HARMFUL.items() for h in listed(texts)])
def test_a_header_that_looks_personal_is_recognised(sort: str, header: str) -> None:
    assert looks_like(header) == sort


@pytest.mark.parametrize("header", listed(HARMLESS))
def test_a_harmless_header_is_left_alone(header: str) -> None:
    assert looks_like(header) is None


def test_no_shipped_mapping_about_people_reads_a_column_that_looks_personal() -> None:
    mappings = [read_mapping(path) for path in (real.data_dir() / "mappings").glob("*.toml")]
    about_people = [mapping for mapping in mappings if mapping.table in PEOPLE]
    assert len(about_people) > 10
    assert {m.name: [c for c in m.source_columns() if looks_like(c)] for m in about_people} == {
        m.name: [] for m in about_people
    }


@pytest.mark.parametrize("text", [*PERSONAL, STORY])
def test_a_cell_that_looks_personal_is_recognised(text: str) -> None:
    assert looks_personal(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_cell_is_left_alone(text: str) -> None:
    assert not looks_personal(text)


def test_no_label_that_a_shipped_mapping_lists_looks_personal() -> None:
    mappings = [read_mapping(path) for path in (real.data_dir() / "mappings").glob("*.toml")]
    labels = [label for m in mappings if m.table in PEOPLE for target in m.values.values() for label in target]
    assert len(labels) > 500
    assert [label for label in labels if looks_personal(label)] == []


def test_no_label_of_a_code_list_that_records_can_hold_looks_personal() -> None:
    lists = {column.codes for name in PEOPLE for column in tables()[name] if column.codes}
    labels = [
        label for name in lists for code in code_list(name).values() for label in (code.code, *code.labels.values())
    ]
    assert len(labels) > 500
    assert [label for label in labels if looks_personal(label)] == []


class TestColumns:
    MAPPING = INCIDENTS + 'channel = "Notes"\n'
    ROWS = "Ref,Kind,Recorded,Notes\n1,Crime,01/02/2016,999 call\n"

    def test_a_mapping_that_reads_one_is_refused_with_the_way_out(self, workshop: Workshop) -> None:
        with pytest.raises(ExtractError) as error:
            workshop.add(self.ROWS, self.MAPPING).build()
        assert "the column 'Notes' of incidents.csv, which looks like free text" in str(error.value)
        assert '[privacy.stated]: "0: Notes" = "the reason"' in str(error.value)
        assert workshop.snapshots() == []

    @pytest.mark.parametrize(("reason", "held"), [("Only channels stand in it, says the force", True), (" ", False)])
    def test_a_stated_reason_lets_it_in_and_an_empty_one_does_not(
        self, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, reason: str, held: bool
    ) -> None:
        ours = replace(real.settings(), stated_columns={"0: Notes": reason})
        monkeypatch.setattr("hatecrime.extracts.personal.settings", lambda: ours)
        workshop.add(self.ROWS.replace("999 call", "Police call"), self.MAPPING)
        if held:
            assert workshop.build().extract.kept == 1
        else:
            with pytest.raises(ExtractError, match="looks like free text"):
                workshop.build()

    def test_the_header_of_the_file_is_judged_too(self, workshop: Workshop) -> None:
        mapping = INCIDENTS + 'channel = "How"\n[headers]\n"How" = ["Victim surname"]\n'
        with pytest.raises(ExtractError, match=r"'Victim surname' of incidents\.csv, which looks like a person's name"):
            workshop.add("Ref,Kind,Recorded,Victim surname\n1,Crime,01/02/2016,x\n", mapping).build()

    def test_a_reference_becomes_a_pseudonym_so_any_column_may_be_one(self, built: Build) -> None:
        mapping = INCIDENTS.replace('ref = "Ref"', 'ref = "Victim name"')
        made = built("Victim name,Kind,Recorded\nMrs Jones,Crime,01/02/2016\n", mapping)
        assert made.extract.kept == 1
        assert b"Jones" not in made.path.read_bytes()

    def test_but_not_where_it_is_read_for_something_else_as_well(self, workshop: Workshop) -> None:
        mapping = INCIDENTS.replace('ref = "Ref"', 'ref = "Victim name"\nchannel = "Victim name"')
        with pytest.raises(ExtractError, match="looks like a person's name"):
            workshop.add("Victim name,Kind,Recorded\nx,Crime,01/02/2016\n", mapping).build()

    def test_venues_have_names_addresses_and_postcodes(self, built: Build) -> None:
        mapping = (
            'source = "c"\ntable = "reporting_centre"\n[columns]\ncentre_id = "ID"\nname_en = "Name"\n'
            'postcode = "Postcode"\nlanguages = "Address"\n'
        )
        made = built("ID,Name,Address,Postcode\n1,Mrs Jones's Library,12 High Street,M33 7SY\n", mapping)
        assert made.rows("reporting_centre", "name_en", "postcode") == [("Mrs Jones's Library", "M33 7SY")]

    def test_a_file_without_header_does_not_show_its_first_record(self, workshop: Workshop) -> None:
        with pytest.raises(ExtractError) as error:
            workshop.add("1,Angharad,someone@example.org,01/02/2016\n", INCIDENTS).build()
        assert "looks like a record" in str(error.value)
        assert "Angharad" not in str(error.value)
        assert "example" not in str(error.value)


class TestCells:
    MAPPING = (
        INCIDENTS
        + 'channel = "How"\ncentre_id = "Centre"\nschool = "School"\noutcome_on = "Outcome"\n'
        + '[strands]\nfrom = "Strand"\nsplit = ";"\n'
        + '[values.strand]\n"Racist" = "race"\n"12 Racist Street" = "race"\notherwise = "religion"\n'
    )
    HEADER = "Ref,Kind,Recorded,How,Centre,School,Outcome,Strand\n"

    def made(self, workshop: Workshop, *cells: str) -> Built:
        rows = "".join(f"{n},Crime,01/02/2016,{cell}\n" for n, cell in enumerate(cells))
        return workshop.add(self.HEADER + rows, self.MAPPING).build()

    @pytest.mark.parametrize(
        "cells",
        [
            "Mrs Angharad Hidden,,,,",
            ",12 Angharad Street,,,",
            ",,angharad@example.org,,",
            ",,,,Mrs Angharad Hidden",
            ",,,,Racist;Mrs Angharad Hidden",
            f'"{STORY} Angharad",,,,',
            f',"{STORY} Angharad",,,',
        ],
    )
    def test_the_record_is_refused_and_the_text_is_nowhere(self, workshop: Workshop, cells: str) -> None:
        made = self.made(workshop, cells, ",,,,Racist")
        assert (made.extract.kept, made.extract.refused) == (1, {"looks_personal": 1})
        assert made.extract.unknown_labels == {}
        assert [row[2:] for row in made.rejects] == [(None, "looks_personal", True)]
        assert "Angharad" not in str(made.report)
        assert b"ngharad" not in made.path.read_bytes()

    def test_a_word_that_the_mapping_lists_is_never_taken_for_a_person(self, workshop: Workshop) -> None:
        made = self.made(workshop, ",,,,12 Racist Street", ",,,,Racist;12 Racist Street")
        assert (made.extract.kept, made.extract.refused) == (2, {})

    def test_several_listed_labels_are_no_narrative(self, workshop: Workshop) -> None:
        made = self.made(workshop, ",,,," + ";".join(["Racist"] * 40))
        assert made.extract.kept == 1

    def test_what_is_refused_for_another_reason_is_withheld_where_it_looks_personal(self, workshop: Workshop) -> None:
        made = self.made(workshop, ",,,Mrs Hidden,Racist", ",,,32/01/2016,Racist")
        assert made.rows("reject", "line", "value", "reason") == [(2, None, "bad_date"), (3, "32/01/2016", "bad_date")]
        assert made.extract.kept == 2

    def test_a_needed_value_counts_once(self, workshop: Workshop) -> None:
        made = workshop.add(HEADER + "1,Mrs Hidden,01/02/2016\n2,Crime,01/02/2016\n").build()
        assert (made.extract.kept, made.extract.refused) == (1, {"looks_personal": 1})

    def test_the_name_of_an_area_is_judged_before_the_area_is_made(self, workshop: Workshop) -> None:
        mapping = INCIDENTS + 'lsoa = { from = "Area code", create_area = "Area name" }\n'
        rows = (
            "Ref,Kind,Recorded,Area code,Area name\n1,Crime,01/02/2016,X1,Mrs Hidden\n2,Crime,01/02/2016,X2,Anytown\n"
        )
        made = workshop.add(rows, mapping).build()
        assert made.extract.refused == {"looks_personal": 1}
        assert b"Mrs Hidden" not in made.path.read_bytes()
        assert "Anytown" in made.column("area", "name_en")


@pytest.mark.parametrize("letters", ["a", "0", "A1", "@", "a@", " ", "(0", "1 a", "12 a "])
def test_a_cell_of_any_length_is_judged_at_once(letters: str) -> None:
    started = time.perf_counter()
    looks_personal(letters * 200_000)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    "text",
    [
        "07700.900.123", "7700900123", "00447700900123", "tel07700900123", "07700\u200b900123", "jane(at)example.org",
        "\uff4a\uff41\uff4e\uff45\uff20example.org", "M33-7SY", "M33.7SY", "M33  7SY", "b. 3 Feb 1980", "Mr. J Smith",
        "miss lee",
        "Cllr Ahmed Khan", "NHS 9434765919", "passport 533380006", "@jane_smith1980",
    ],
)  # fmt: skip
def test_a_cell_is_known_however_it_is_spelled(text: str) -> None:
    assert looks_personal(text)


@pytest.mark.parametrize("header", ["Vic", "Susp", "Mob", "Circs", "PCode", "Lname", "AKA", "Car reg", "YOB"])
def test_a_short_header_is_known_too(header: str) -> None:
    assert looks_like(header)


def test_a_row_that_is_refused_makes_no_area(built: Callable[..., Built]) -> None:
    mapping = INCIDENTS + 'locality = { from = "Beat", create_area = "Beat" }\n'
    made = built("Ref,Kind,Recorded,Beat\n1,Crime,01/02/2016,B7\n2,Crime,32/02/2016,Jane Smith\n", mapping)
    assert {"B7"} == {code for (code, level) in made.rows("area", "area_code", "level") if code in ("B7", "Jane Smith")}


def test_a_line_of_totals_does_not_stop_a_file_with_names_of_wards(workshop: Workshop) -> None:
    ward = {"area_code": "E05000001", "level": "ward", "name": "Park", "parent": "E08000009", "geometry": square(0, 0)}
    mapping = INCIDENTS + 'ward = { from = "Ward", by = "name", within = "E08000009" }\n'
    rows = "Ref,Kind,Recorded,Ward\n1,Crime,01/02/2016,Park\nTotal,90,,Nowhere\n"
    made = workshop.add_areas("wards.gpkg", [ward]).add(rows, mapping).build()
    assert made.reasons == {"missing_required": 1}
    assert made.column("incident", "ward") == ["E05000001"]
