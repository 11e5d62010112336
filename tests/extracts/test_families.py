"""Files of kinds that no shipped mapping knows, each read by writing a short mapping and nothing else.

The mappings lie in families/; the files are written out here, and so is what each record must become.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyproj import Transformer

from hatecrime.extracts.propose import propose
from tests.extracts.workshop import Built, Workshop
from tests.shared_data import adds_up

FAMILIES = Path(__file__).parent / "families"
LONGEST = 60
PLACE = {"latitude": "53.457800", "street": {"id": 1, "name": "On or near Seymour Grove"}, "longitude": "-2.271100"}
Build = Callable[..., Built]


def mapping(name: str) -> str:
    return (FAMILIES / f"{name}.toml").read_text(encoding="utf-8")


def lines(*rows: str) -> str:
    return "".join(f"{row}\n" for row in rows)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def account(built: Built) -> list[tuple[int, int, dict[str, int], int]]:
    """Of each extract: read, kept, refused by reason, collapsed."""
    assert all(adds_up(extract) for extract in built.report.extracts)
    return [(e.read, e.kept, e.refused, e.collapsed) for e in built.report.extracts]


def strands(built: Built) -> list[tuple[str, str | None]]:
    """Strand and sub-strand of each incident, in the order of the incidents."""
    found = sorted(built.rows("incident_strand", "incident_id", "strand", "sub_strand"), key=str)
    return [(strand, sub) for _id, strand, sub in found]


def metres(x: float, y: float, given: str, wanted: str) -> tuple[float, float]:
    return Transformer.from_crs(given, wanted, always_xy=True).transform(x, y)


@pytest.mark.parametrize("file", sorted(FAMILIES.glob("*.toml")), ids=lambda file: file.stem)
def test_a_mapping_of_a_family_is_shorter_than_60_lines_remarks_included(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) < LONGEST


class TestCityWithParallelBiasColumns:
    """The headers, the way of writing dates and that of writing times changed from one year to the next."""

    FIRST = lines(
        "Incident Number,Occurred Date,Occurred Time,Offense,Location,"
        "Bias Motive 1,Bias Motive 2,Bias Motive 3,Victim Name",
        "16-001,02/14/2016,23:15,Simple Assault,Sidewalk,Anti-Black,,,J Doe",
        "16-002,07/04/2016,09:05,Vandalism,Synagogue,Anti-Jewish,Anti-Black,,",
        "16-003,,09:05,Vandalism,Sidewalk,Anti-Gay,,,",
        "16-004,12/31/2016,00:30,Intimidation,Sidewalk,Anti-Gay,Anti-Female,Anti-Klingon,",
    )
    SECOND = lines(
        "case_no,Date Occurred,Time,Offense Description,Location Type,Bias_Motive_1,Bias_Motive_2,Bias_Motive_3",
        "17-001,2017-01-01,2245,Vandalism,Sidewalk,Anti-Female,,",
        "17-001,2017-01-01,2245,Vandalism,Sidewalk,Anti-Female,,",
    )  # fmt: skip

    @pytest.fixture
    def city(self, workshop: Workshop) -> Built:
        workshop.add(self.FIRST, mapping("city"), "2016.csv").add(self.SECOND, mapping("city"), "2017.csv")
        return workshop.build()

    def test_both_years_load_through_one_mapping(self, city: Built) -> None:
        assert account(city) == [(4, 3, {"missing_required": 1}, 0), (2, 1, {}, 1)]
        columns = ("recorded_on", "occurred_from", "crime_type", "location_type", "night_time")
        assert city.rows("incident", *columns) == [
            (day("2016-02-14"), moment("2016-02-14 23:15"), "violence_with_injury", "street", True),
            (day("2016-07-04"), moment("2016-07-04 09:05"), "criminal_damage", "place_of_worship", False),
            (day("2016-12-31"), moment("2016-12-31 00:30"), "public_order", "street", True),
            (day("2017-01-01"), moment("2017-01-01 22:45"), "criminal_damage", "street", True),
        ]

    def test_all_biases_of_a_record_count_and_one_that_is_not_known_is_said(self, city: Built) -> None:
        assert strands(city) == [
            ("race", "black"), ("race", "black"), ("religion", "jewish"),
            ("gender", "female"), ("sexual_orientation", "gay"), ("gender", "female"),
        ]  # fmt: skip
        assert city.report.extracts[0].values_refused == {"unknown_label": 1}
        assert "Victim Name" in city.report.extracts[0].ignored_columns


@pytest.mark.parametrize(
    ("crs", "zone", "x", "y"),
    [
        ("EPSG:2263", "EPSG:26918", 987_654.0, 201_234.5),
        ("EPSG:2277", "EPSG:26914", 3_115_432.0, 10_070_123.0),
        ("EPSG:3435", "EPSG:26916", 1_176_352.0, 1_900_927.0),
    ],
)
def test_feet_of_a_state_plane_with_marks_between_thousands_become_metres(
    built: Build, crs: str, zone: str, x: float, y: float
) -> None:
    stated = mapping("feet").replace("EPSG:2263", crs).replace("EPSG:26918", zone)
    content = lines(
        "complaint,reported,X_COORD_CD,Y_COORD_CD",
        f'1,2016-02-01,"{x:,}","{y:,}"',
        f"2,2016-02-02,{x},{y}",
        '3,2016-02-03,"0","0"',
        "4,2016-02-04,,",
        '5,2016-02-05,"98x,654","201,234"',
    )
    made = built(content, stated)
    assert account(made) == [(5, 5, {}, 0)]
    assert made.extract.values_refused == {"no_location": 1, "bad_coordinate": 1}
    places = made.rows("incident", "easting", "northing")
    assert places[0] == pytest.approx(metres(x, y, crs, zone)) and places[1] == places[0]
    assert places[2:] == [(None, None)] * 3
    assert made.column("snapshot", "crs") == [zone]


class TestOneRowForEachArrest:
    ARRESTS = lines(
        "Full Complaint ID,Record Create Date,Offense Description,Bias Motive Description,"
        "County,On Transit,Arrest Date,Arrest Id",
        "2019-1,01/05/2019,FELONY ASSAULT,ANTI-BLACK,KINGS,N,01/06/2019,A1",
        "2019-1,01/05/2019,FELONY ASSAULT,ANTI-MALE HOMOSEXUAL (GAY),KINGS,Y,03/02/2019,A2",
        "2019-1,01/05/2019,FELONY ASSAULT,ANTI-BLACK,KINGS,,02/01/2019,A3",
        "2019-2,01/07/2019,CRIMINAL MISCHIEF & RELATED OF,ANTI-JEWISH,QUEENS,N,,",
        "2019-3,01/09/2019,FELONY ASSAULT,ANTI-BLACK,KINGS,,02/31/2019,A4",
        ",01/10/2019,FELONY ASSAULT,ANTI-BLACK,KINGS,N,,",
        ",01/10/2019,FELONY ASSAULT,ANTI-BLACK,KINGS,N,,",
    )

    def test_a_complaint_is_one_record_with_all_its_strands_and_the_latest_arrest(self, built: Build) -> None:
        made = built(self.ARRESTS, mapping("arrests"))
        assert account(made) == [(7, 5, {}, 2)]
        columns = ("recorded_on", "crime_type", "district", "transport", "outcome_on")
        assert made.rows("incident", *columns) == [
            (day("2019-01-05"), "violence_with_injury", "US-NY-KINGS", True, day("2019-03-02")),
            (day("2019-01-07"), "criminal_damage", "US-NY-QUEENS", False, None),
            (day("2019-01-09"), "violence_with_injury", "US-NY-KINGS", None, None),
            *[(day("2019-01-10"), "violence_with_injury", "US-NY-KINGS", False, None)] * 2,
        ]
        assert strands(made)[:3] == [("race", "black"), ("sexual_orientation", "gay"), ("religion", "jewish")]
        assert made.extract.values_refused == {"bad_date": 1}
        assert made.extract.ignored_columns == ["Arrest Id"]


class TestPoliceApi:
    """Nested records as the interface of data.police.uk answers; not every record has a place."""

    def street(self, number: int, **given: Any) -> dict[str, Any]:
        usual = {"category": "public-order", "location_type": "Force", "location": PLACE, "context": "",
                 "outcome_status": None, "persistent_id": f"{number:064x}", "id": number, "location_subtype": "",
                 "month": "2017-01"}  # fmt: skip
        return usual | given

    def test_street_level_crimes(self, built: Build) -> None:
        none = {"category": "Investigation complete; no suspect identified", "date": "2017-02"}
        answer = [
            self.street(1, outcome_status=none),
            self.street(2, location_type="BTP", location_subtype="Station", category="violent-crime"),
            self.street(3, location=None, location_type=None, outcome_status={"category": "Under investigation"}),
            self.street(4, category="anti-social-behaviour", persistent_id=""),
            self.street(5, category="anti-social-behaviour", persistent_id=""),
            self.street(6, month=None),
            self.street(7, category="witchcraft"),
        ]
        made = built(json.dumps(answer), mapping("api_street"), "street.json")
        assert account(made) == [(7, 6, {"missing_required": 1}, 0)]
        east, north = metres(-2.2711, 53.4578, "EPSG:4326", "EPSG:27700")
        here = (pytest.approx(east), pytest.approx(north))
        columns = ("kind", "crime_type", "outcome", "transport", "location_type", "easting", "northing")
        asb = ("non_crime", "anti_social_behaviour", None, False, None, *here)
        assert made.rows("incident", *columns) == [
            ("crime", "public_order", "18", False, None, *here),
            ("crime", "violence", None, True, "public_transport", *here),
            ("crime", "public_order", None, None, None, None, None),
            asb,
            asb,
            ("crime", None, None, False, None, *here),
        ]
        assert set(made.column("incident", "recorded_on")) == {day("2017-01-01")}
        assert made.extract.unknown_labels == {"category": ["witchcraft"]}

    def test_a_month_in_which_no_outcome_and_no_place_is_known_yet(self, built: Build) -> None:
        made = built(json.dumps([self.street(1, location=None)]), mapping("api_street"), "street.json")
        assert account(made) == [(1, 1, {}, 0)]
        assert made.rows("incident", "outcome", "easting") == [(None, None)]

    def test_a_month_without_any_crime(self, built: Build) -> None:
        assert account(built("[]", mapping("api_street"), "street.json")) == [(0, 0, {}, 0)]

    def test_stop_and_search(self, built: Build) -> None:
        search = {"age_range": "18-24", "outcome": "A no further action disposal", "involved_person": True,
                  "self_defined_ethnicity": "Asian/Asian British - Pakistani", "gender": "Male", "operation": False,
                  "legislation": "Misuse of Drugs Act 1971 (section 23)", "operation_name": None,
                  "outcome_linked_to_object_of_search": None, "removal_of_more_than_outer_clothing": None,
                  "datetime": "2018-05-31T23:30:00+00:00", "location": PLACE, "type": "Person search",
                  "outcome_object": {"id": "bu-no-further-action", "name": "A no further action disposal"},
                  "officer_defined_ethnicity": "Asian", "object_of_search": "Controlled drugs"}  # fmt: skip
        other = search | {"datetime": "2018-01-01T12:00:00+00:00", "location": None, "age_range": None,
                          "outcome_object": {"id": "arrest", "name": "Arrest"}, "officer_defined_ethnicity": "Asian",
                          "outcome_linked_to_object_of_search": True, "object_of_search": "Stolen goods"}  # fmt: skip
        made = built(json.dumps([search, other]), mapping("api_stop_search"), "searches.json")
        assert account(made) == [(2, 2, {}, 0)]
        columns = (
            "searched_on",
            "age_band",
            "sex",
            "self_ethnicity",
            "object",
            "outcome",
            "outcome_linked",
            "operation",
        )
        assert made.rows("stop_search", *columns) == [
            (moment("2018-01-01 12:00"), None, "male", "asian_pakistani", "stolen_goods", "arrest", True, False),
            (moment("2018-06-01 00:30"), "18_24", "male", "asian_pakistani", "drugs", "no_further_action", None, False),
        ]
        assert [east is None for east in made.column("stop_search", "easting")] == [True, False]


class TestArchiveOfMonths:
    """The zip of data.police.uk: a folder for each month; the shipped mapping fits."""

    HEADER = (
        "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
        "Last outcome category,Context"
    )
    FORCE = "Kent Police,Kent Police"
    PLACE = "1.080000,51.280000,On or near High Street,E01024044,Canterbury 001A"

    def row(self, ref: str, month: str, kind: str, place: str | None = None) -> str:
        place = self.PLACE if place is None else place
        return f"{ref},{month},{self.FORCE},{place},{kind},,"

    @pytest.fixture
    def archive(self, workshop: Workshop) -> Built:
        r_style = self.HEADER.replace(" ", ".")
        files = {
            "2016-01/2016-01-kent-street.csv": lines(
                self.HEADER, self.row("a1", "2016-01", "Robbery"), self.row("", "2016-01", "Anti-social behaviour"),
                self.row("", "2016-01", "Anti-social behaviour"),
            ),
            "2016-01/2016-01-kent-outcomes.csv": lines("Crime ID,Month,Outcome type", "a1,2016-01,Charged"),
            "2016-02/2016-02-kent-street.csv": lines(
                self.HEADER.lower(), self.row("a2", "2016-02", "Drugs"), self.row("a1", "2016-02", "Robbery"),
            ),
            "2016-03/2016-03-kent-street.csv": lines(
                r_style, self.row("a3", "2016-03", "Shoplifting", ",,No Location,,"),
            ),
            "2016-03/2016-03-kent-stop-and-search.csv": lines("Type,Date", "Person search,2016-03-01"),
        }  # fmt: skip
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        (workshop.folder / "archive.zip").write_bytes(packed.getvalue())
        workshop.listed.append(
            '[[extract]]\nfile = "archive.zip"\nmapping = "police_uk_street"\nmember = "*-street.csv"\n'
        )
        return workshop.build()

    def test_each_month_is_an_extract_and_other_kinds_of_file_are_left_alone(self, archive: Built) -> None:
        assert account(archive) == [(3, 2, {}, 1), (2, 2, {}, 0), (1, 1, {}, 0)]
        rows = archive.rows("incident", "recorded_on", "crime_type", "lsoa", "force")
        kent = "E23000032"
        assert sorted(rows, key=str) == [
            (day("2016-01-01"), "anti_social_behaviour", "E01024044", kent),
            (day("2016-01-01"), "anti_social_behaviour", "E01024044", kent),
            (day("2016-02-01"), "drugs", "E01024044", kent),
            (day("2016-02-01"), "robbery", "E01024044", kent),
            (day("2016-03-01"), "shoplifting", None, kent),
        ]

    def test_the_types_of_before_may_2013_are_known_too(self, workshop: Workshop) -> None:
        kinds = ("Violent crime", "Public disorder and weapons", "Other theft")
        rows = [self.row("", "2011-09", kind) for kind in kinds]
        (workshop.folder / "2011-09-kent-street.csv").write_text(lines(self.HEADER, *rows), encoding="utf-8")
        workshop.listed.append('[[extract]]\nfile = "2011-09-kent-street.csv"\nmapping = "police_uk_street"\n')
        made = workshop.build()
        assert account(made) == [(3, 3, {}, 0)]
        assert made.column("incident", "crime_type") == ["violence", "public_order", "other_theft"]
        assert made.extract.values_refused == {}

    def test_only_the_record_without_a_place_is_off_the_map(self, archive: Built) -> None:
        away = {kind for kind, east in archive.rows("incident", "crime_type", "easting") if east is None}
        assert away == {"shoplifting"}


class TestOpenDataPortals:
    def test_an_export_with_am_and_pm_and_an_answer_with_milliseconds_mean_the_same(self, workshop: Workshop) -> None:
        export = lines(
            "Case Number,Date,Primary Type,Bias,Location",
            "HZ1,06/15/2016 12:05:00 AM,BATTERY,Anti-Asian,POINT (-87.6298 41.8781)",
            "HZ2,06/15/2016 12:30:00 PM,BATTERY,Anti-Muslim,",
            "HZ3,13/15/2016 01:00:00 PM,BATTERY,Anti-Muslim,",
        )
        answer = [
            {"case_number": "HZ1", "date": "2016-06-15T00:05:00.000", "primary_type": "BATTERY", "bias": "Anti-Asian",
             "location": "POINT (-87.6298 41.8781)"},
            {"case_number": "HZ2", "date": "2016-06-15T12:30:00.000", "primary_type": "BATTERY", "bias": "Anti-Muslim"},
        ]  # fmt: skip
        other = mapping("portal").replace('source = "portal"', 'source = "interface"')
        workshop.add(export, mapping("portal"), "export.csv").add(json.dumps(answer), other, "answer.json")
        made = workshop.build()
        assert account(made) == [(3, 2, {"bad_date": 1}, 0), (2, 2, {}, 0)]
        here = tuple(map(pytest.approx, metres(-87.6298, 41.8781, "EPSG:4326", "EPSG:26916")))
        expected = [
            (day("2016-06-15"), moment("2016-06-15 00:05"), "violence_with_injury", 1, *here),
            (day("2016-06-15"), moment("2016-06-15 12:30"), "violence_with_injury", 2, None, None),
        ]
        columns = ("recorded_on", "occurred_from", "crime_type", "strand_mask", "easting", "northing")
        for source in ("portal", "interface"):
            rows = made.rows("incident", "source", *columns)
            assert sorted((row[1:] for row in rows if row[0] == source), key=lambda r: r[1]) == expected

    def test_a_point_inside_a_record_is_read_by_its_numbers(self, built: Build) -> None:
        """Some interfaces answer with the point as GeoJSON, one record on each line."""
        stated = mapping("portal").replace(
            'geometry = "location"', 'x = "location.coordinates.0"\ny = "location.coordinates.1"'
        )
        record = {"case_number": "HZ1", "date": "2016-06-15T00:05:00.000", "primary_type": "BATTERY",
                  "bias": "Anti-Asian", "location": {"type": "Point", "coordinates": [-87.6298, 41.8781]}}  # fmt: skip
        without = {key: value for key, value in record.items() if key != "location"} | {"case_number": "HZ2"}
        made = built(lines(json.dumps(record), json.dumps(without)), stated, "answer.jsonl")
        assert account(made) == [(2, 2, {}, 0)]
        here = metres(-87.6298, 41.8781, "EPSG:4326", "EPSG:26916")
        first, second = made.rows("incident", "easting", "northing")
        assert first == pytest.approx(here) and second == (None, None)

    def test_a_map_server_counts_milliseconds_and_measures_in_web_mercator(self, built: Build) -> None:
        x, y = metres(-97.7431, 30.2672, "EPSG:4326", "EPSG:3857")
        stamp = int(dt.datetime(2020, 3, 1, 4, 30, tzinfo=dt.UTC).timestamp() * 1000)
        answer = {
            "objectIdFieldName": "OBJECTID", "geometryType": "esriGeometryPoint",
            "spatialReference": {"wkid": 102100, "latestWkid": 3857},
            "fields": [{"name": "CaseNumber", "type": "esriFieldTypeString"}],
            "features": [
                {"attributes": {"CaseNumber": "T1", "ReportedOn": stamp, "Bias": "Anti-Hispanic"},
                 "geometry": {"x": x, "y": y}},
                {"attributes": {"CaseNumber": "T2", "ReportedOn": None, "Bias": "Anti-Hispanic"}},
            ],
        }  # fmt: skip
        stated = mapping("arcgis").replace("EPSG:26916", "EPSG:26914")
        made = built(json.dumps(answer), stated, "layer.json")
        assert account(made) == [(2, 1, {"missing_required": 1}, 0)]
        ((on, at, east, north),) = made.rows("incident", "recorded_on", "occurred_from", "easting", "northing")
        assert (on, at) == (day("2020-02-29"), moment("2020-02-29 22:30"))
        assert (east, north) == pytest.approx(metres(-97.7431, 30.2672, "EPSG:4326", "EPSG:26914"))
        assert strands(made) == [("race", "hispanic")]

    def test_points_of_geojson_place_their_records(self, built: Build) -> None:
        def feature(ref: str, kind: str, reported: str, point: list[float] | None) -> dict[str, Any]:
            geometry = None if point is None else {"type": "Point", "coordinates": point}
            properties = {"id": ref, "type": kind, "reported": reported, "officer": "nobody"}
            return {"type": "Feature", "properties": properties, "geometry": geometry}

        layer = {
            "type": "FeatureCollection",
            "features": [
                feature("1", "Hate crime", "2016-06-24", [-2.3, 53.45]),
                feature("2", "Hate incident", "2016-06-25T10:00:00", None),
                feature("3", "Something", "2016-06-26", [-2.3, 53.45]),
            ],
        }
        made = built(json.dumps(layer), mapping("points"), "points.geojson")
        assert account(made) == [(3, 2, {"unknown_label": 1}, 0)]
        here = metres(-2.3, 53.45, "EPSG:4326", "EPSG:27700")
        assert made.rows("incident", "kind", "recorded_on") == [
            ("crime", day("2016-06-24")), ("non_crime", day("2016-06-25")),
        ]  # fmt: skip
        first, second = made.rows("incident", "easting", "northing")
        assert first == pytest.approx(here) and second == (None, None)


class TestWorkbookOfACouncil:
    POSTCODES = lines(
        "pcds,oslaua,oseast1m,osnrth1m,doterm",
        "M33 7SY,E08000009,378342,392970,",
        "M32 0HL,E08000009,379782,394123,201201",
    )

    def workbook(self) -> bytes:
        book = openpyxl.Workbook()
        book.active.title = "Notes"
        sheet = book.create_sheet("Reports")
        sheet.append(["Trafford Council"])
        sheet.append(["Hate incidents reported, April 2023 to May 2024"])
        sheet.append([])
        sheet.append(["Ref", "Crimed?", "Date reported", "When", "How reported", "Ward", "Postcode", "Keywords",
                      "Race", "Faith", "Disability", "LGBT", "Name of caller"])  # fmt: skip
        old, new = dt.datetime(2023, 5, 3), dt.datetime(2023, 5, 4)
        late = dt.datetime(2023, 5, 3, 22, 15)
        sheet.append(
            [1, "Yes", old, late, "Phone", "Altrincham", "M33 7SY", "seen on FACEBOOK", "Yes", "No", None, 0, "A"]
        )
        sheet.append([2, "No", new, None, "Phone", "Altrincham", "m320hl", "school", "No", "Y", None, 2, "B"])
        sheet.append([3, "No", old, None, "n/k", "Davyhulme W", "M33 9ZZ", None, "No", "No", True, 0, "C"])
        sheet.append([4, "No", new, None, "-", "Davyhulme W", None, None, "perhaps", "No", "No", 0, "D"])
        sheet.append([5, "Yes", "soon", None, "Phone", "Sale", None, None, "Yes", "No", "No", 0, "E"])
        packed = io.BytesIO()
        book.save(packed)
        return packed.getvalue()

    @pytest.fixture
    def council(self, workshop: Workshop) -> Built:
        workshop.add(self.POSTCODES, mapping("postcodes"), "postcodes.csv")
        return workshop.add(self.workbook(), mapping("council"), "reports.xlsx").build()

    def test_dates_flags_words_and_strands_are_read(self, council: Built) -> None:
        assert account(council)[1] == (5, 4, {"bad_date": 1}, 0)
        columns = ("recorded_on", "occurred_from", "channel", "online", "strand_mask")
        assert sorted(council.rows("incident", *columns), key=lambda row: (row[0], -row[-1])) == [
            (day("2023-05-03"), None, None, None, 8),
            (day("2023-05-03"), moment("2023-05-03 22:15"), "police_call", True, 1),
            (day("2023-05-04"), None, "police_call", False, 2 + 4 + 16),
            (day("2023-05-04"), None, None, None, 0),
        ]

    def test_a_name_of_a_ward_means_the_ward_of_its_day(self, council: Built) -> None:
        rows = council.rows("incident", "recorded_on", "strand_mask", "ward", "district")
        assert sorted(rows, key=str) == [
            (day("2023-05-03"), 1, "E05000819", "E08000009"),
            (day("2023-05-03"), 8, "E05000827", "E08000009"),
            (day("2023-05-04"), 0, None, None),
            (day("2023-05-04"), 22, "E05015239", "E08000009"),
        ]

    def test_postcodes_place_records_even_those_that_have_ended(self, council: Built) -> None:
        rows = council.rows("incident", "strand_mask", "easting", "northing", "location_precision")
        assert sorted(rows) == [
            (0, None, None, "none"),
            (1, 378_342, 392_970, "postcode"),
            (8, None, None, "area"),
            (22, 379_782, 394_123, "postcode"),
        ]

    def test_what_could_not_be_read_is_said(self, council: Built) -> None:
        assert council.extract.values_refused == {
            "bad_flag": 1,
            "unknown_postcode": 1,
            "area_wrong_era": 1,
        }
        assert "Name of caller" in council.extract.ignored_columns


def test_a_welsh_file_is_read_with_welsh_labels_and_names(built: Build) -> None:
    """Windows-1252 has no letter for the circumflex on w and y; a file that needs them is UTF-8."""
    content = lines(
        "Cyfeirnod;Math;Dyddiad cofnodi;Awdurdod;Llinyn;Ar-lein;Oed;Dwyreiniad;Gogleddiad",
        "H1;Trosedd;24.06.2016;Ynys Môn;Hil;Oes;34;245.123;375.456",
        "H2;Digwyddiad nad yw'n drosedd;25.06.2016;Caerdydd;Hil a Crefydd;na;O dan 18;318000;176000",
        "H3;trosedd;26.06.2016;Sir Gâr;Anabledd;Anhysbys;;;",
        "H4;Trosedd;31 Mehefin 2016;Caerdydd;Anabledd;;;;",
    )
    made = built(content.encode("windows-1252"), mapping("welsh"), "digwyddiadau.csv")
    assert account(made) == [(4, 3, {"bad_date": 1}, 0)]
    columns = ("kind", "district", "strand_mask", "online", "victim_age_band", "easting", "northing")
    assert made.rows("incident", *columns) == [
        ("crime", "W06000001", 1, True, "25_34", 245_123, 375_456),
        ("non_crime", "W06000015", 3, False, "under_18", 318_000, 176_000),
        ("crime", None, 8, None, None, None, None),
    ]
    assert made.rejects == [
        (4, "Awdurdod", "Sir Gâr", "unknown_area", False),
        (5, "Dyddiad cofnodi", "31 Mehefin 2016", "bad_date", True),
    ]


class TestReferralsInUtc:
    """Half past eleven in the evening of a summer's day in UTC is the next day in Cardiff."""

    NAMES = ("case_id", "police_ref", "created_at", "first_contact_at", "referred_by", "consent", "attempts", "score",
             "needs", "motivation", "client_name")  # fmt: skip
    ROWS = (
        ("R1", "06/1/16", moment("2016-06-30 23:30:00"), moment("2016-07-01 08:00:00"), "Police", True, 2, 5,
         "emotional|safety", "race,religion", "A"),
        ("R2", None, moment("2016-12-31 23:30:00"), None, "Self", False, 0, None, None, "Anabledd", "B"),
        ("R3", None, None, None, "Self", None, 0, None, None, None, "C"),
    )  # fmt: skip

    def database(self) -> bytes:
        with sqlite3.connect(":memory:") as connection:
            connection.execute(f"create table cases ({', '.join(self.NAMES)})")
            rows = [tuple(str(v) if isinstance(v, dt.datetime) else v for v in row) for row in self.ROWS]
            connection.executemany(f"insert into cases values ({', '.join('?' * len(self.NAMES))})", rows)
            connection.commit()
            return connection.serialize()

    def parquet(self) -> bytes:
        packed = io.BytesIO()
        pq.write_table(pa.Table.from_pylist([dict(zip(self.NAMES, row, strict=True)) for row in self.ROWS]), packed)
        return packed.getvalue()

    @pytest.mark.parametrize("kind", ["database", "parquet"])
    def test_a_database_and_a_parquet_file_load_through_one_mapping(self, built: Build, kind: str) -> None:
        content, name = (self.database(), "cases.sqlite") if kind == "database" else (self.parquet(), "cases.parquet")
        made = built(content, mapping("referrals"), name)
        assert account(made) == [(3, 2, {"missing_required": 1}, 0)]
        columns = ("received_on", "first_contact_on", "route", "consent", "attempts", "satisfaction", "needs")
        assert made.rows("referral", *columns, "strand_mask", "contact_working_days") == [
            (day("2016-07-01"), moment("2016-07-01 09:00"), "police", True, 2, 5, ["emotional", "safety"], 3, 0),
            (day("2016-12-31"), None, "self", False, 0, None, None, 8, None),
        ]
        assert [ref is None for ref in made.column("referral", "incident_ref")] == [False, True]
        assert made.extract.ignored_columns == ["client_name"]


def test_codes_of_a_national_system_are_read_through_the_lists_beside_them(workshop: Workshop) -> None:
    biases = lines(
        "BIAS_ID,BIAS_CODE,BIAS_NAME",
        "2,12,Anti-Black or African American", "7,21,Anti-Jewish", "13,41,Anti-Gay (Male)", "31,88,None",
    )  # fmt: skip
    offences = lines("OFFENSE_CODE|OFFENSE_NAME", "13B|Simple Assault", "290|Destruction/Damage/Vandalism of Property")
    (workshop.folder / "NIBRS_BIAS_LIST.csv").write_text(biases, encoding="utf-8")
    (workshop.folder / "NIBRS_OFFENSE_TYPE.csv").write_text(offences, encoding="utf-8")
    content = lines(
        "INCIDENT_ID,INCIDENT_DATE,INCIDENT_HOUR,OFFENSE_CODES,BIAS_CODES,LOCATION_ID,STATE",
        "101,05-JAN-19,9,13B;290,12;21/41,20,OH",
        "102,2019-01-06,,290,21,13,OH",
        "103,07-JAN-19,23,;13B,88,20,KY",
        "104,08-JAN-19,0,999,99,20,KY",
        "104,08-JAN-19,1,13B,12,20,KY",
    )
    made = workshop.add(content, mapping("nibrs"), "nibrs.csv").build()
    assert account(made) == [(5, 4, {"duplicate_ref": 1}, 0)]
    columns = ("recorded_on", "occurred_from", "crime_type", "location_type", "region", "strand_mask")
    assert made.rows("incident", *columns) == [
        (day("2019-01-05"), moment("2019-01-05 09:00"), "violence_with_injury", "dwelling", "US-OH", 1 + 2 + 4),
        (day("2019-01-06"), None, "criminal_damage", "street", "US-OH", 2),
        (day("2019-01-07"), moment("2019-01-07 23:00"), "violence_with_injury", "dwelling", "US-KY", 0),
        (day("2019-01-08"), moment("2019-01-08 00:00"), None, "dwelling", "US-KY", 0),
    ]
    assert strands(made) == [
        ("race", "black"), ("religion", "jewish"), ("sexual_orientation", "gay"), ("religion", "jewish"),
    ]  # fmt: skip
    assert made.extract.unknown_labels == {"BIAS_CODES": ["99"], "OFFENSE_CODES": ["999"]}


PROPOSED = {
    "city.csv": TestCityWithParallelBiasColumns.SECOND.encode(),
    "feet.csv": lines("complaint,reported,X_COORD_CD", '1,2016-02-01,"987,654"').encode(),
    "arrests.csv": TestOneRowForEachArrest.ARRESTS.encode(),
    "welsh.csv": lines(
        "Cyfeirnod;Math;Dyddiad cofnodi;Awdurdod;Llinyn", "H1;Trosedd;24.06.2016;Ynys Môn;Hil"
    ).encode("windows-1252"),
    "arcgis.json": json.dumps(
        {"features": [{"attributes": {"CaseNumber": "T1", "ReportedOn": 1583037000000, "Bias": "Anti-Hispanic"}}]}
    ).encode(),
}  # fmt: skip


class TestProposals:
    """What a first mapping, proposed for such a file, makes of it before anybody has touched it."""

    @pytest.mark.parametrize("name", PROPOSED)
    def test_most_families_can_be_loaded_as_proposed(self, workshop: Workshop, tmp_path: Path, name: str) -> None:
        file = tmp_path / name
        file.write_bytes(PROPOSED[name])
        made = workshop.add(PROPOSED[name], propose(file).text, name).build()
        assert account(made)[0][:2] == (made.extract.read, made.extract.read - made.extract.collapsed)
        assert made.extract.values_refused == {}

    def test_the_number_of_a_street_is_not_taken_for_the_reference_of_a_crime(
        self, workshop: Workshop, tmp_path: Path
    ) -> None:
        crimes = [TestPoliceApi().street(number) for number in (1, 2, 3)]
        (tmp_path / "street.json").write_text(json.dumps(crimes), encoding="utf-8")
        text = propose(tmp_path / "street.json").text
        assert 'ref = "persistent_id"' in text
        made = workshop.add(json.dumps(crimes), text, "street.json").build()
        assert account(made) == [(3, 3, {}, 0)]
