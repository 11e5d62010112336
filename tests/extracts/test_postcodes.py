"""Places known by their postcode, and points that are moved to a grid before they are stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hatecrime import settings as real
from tests.extracts.workshop import INCIDENTS, Built, Workshop, square
from tests.shared_data import adds_up, build_shared, needs_shared_data

LOOK_UP = """
source = "ons"
table = "postcode"
[columns]
postcode = "pcds"
ward = { from = "ward", optional = true }
district = { from = "district", optional = true }
ended_on = { from = "doterm", formats = ["%Y%m"], precision = "month", optional = true }
[point]
x = "oseast1m"
y = "osnrth1m"
crs = "EPSG:27700"
"""
POSTCODES = """pcds,oseast1m,osnrth1m,ward,district,doterm
M33 7SY,378342,392970,E05015254,E08000009,
M314FL,371773,391234,,E08000009,
M32 0HL,379782,394123,,E08000009,201201
M33 1AA,,,,E08000009,
"""
BY_POSTCODE = INCIDENTS + '[point]\nx = "E"\ny = "N"\ncrs = "EPSG:27700"\npostcode = "Postcode"\n'
HEADER = "Ref,Kind,Recorded,E,N,Postcode\n"
PLACE = ("easting", "northing", "location_precision", "ward", "district")


def located(workshop: Workshop, rows: str, mapping: str = BY_POSTCODE) -> Built:
    """The look-up is listed after the records on purpose."""
    return workshop.add(HEADER + rows, mapping).add(POSTCODES, LOOK_UP, "postcodes.csv").build()


def incidents(made: Built) -> list[tuple[object, ...]]:
    return sorted(made.rows("incident", "line", *PLACE))


def rejects(made: Built) -> list[tuple[object, ...]]:
    return made.rows("reject", "line", "source_column", "value", "reason", "row_refused")


class TestRecords:
    def test_a_record_without_coordinates_is_placed_by_its_postcode(self, workshop: Workshop) -> None:
        made = located(workshop, "1,Crime,01/06/2023,,,m33 7sy\n2,Crime,01/06/2023,,,M31 4FL\n")
        assert incidents(made) == [
            (2, 378342, 392970, "postcode", "E05015254", "E08000009"),
            (3, 371773, 391234, "postcode", None, "E08000009"),
        ]
        assert rejects(made) == []

    def test_a_terminated_postcode_still_says_where_it_was(self, workshop: Workshop) -> None:
        made = located(workshop, "1,Crime,01/06/2010,,,M32 0HL\n")
        assert incidents(made) == [(2, 379782, 394123, "postcode", None, "E08000009")]
        assert [str(day)[:10] for day in made.column("postcode", "ended_on") if day] == ["2012-01-01"]

    def test_coordinates_in_the_row_go_before_the_postcode(self, workshop: Workshop) -> None:
        made = located(workshop, "1,Crime,01/06/2023,377000,391000,M33 7SY\n")
        assert incidents(made) == [(2, 377000, 391000, "exact", None, None)]

    def test_coordinates_that_cannot_be_right_leave_the_place_to_the_postcode(self, workshop: Workshop) -> None:
        made = located(workshop, "1,Crime,01/06/2023,0,0,M33 7SY\n")
        assert incidents(made) == [(2, 378342, 392970, "postcode", "E05015254", "E08000009")]
        assert [row[3] for row in rejects(made)] == ["no_location"]

    def test_a_ward_that_did_not_exist_on_the_day_is_not_taken_from_the_look_up(self, workshop: Workshop) -> None:
        made = located(workshop, "1,Crime,01/06/2016,,,M33 7SY\n")
        assert incidents(made) == [(2, 378342, 392970, "postcode", None, "E08000009")]

    def test_an_outline_goes_before_the_area_of_the_look_up(self, workshop: Workshop) -> None:
        outline = {"area_code": "E05015253", "level": "ward", "name": "W", "geometry": square(378000, 392500)}
        workshop.add_areas("wards.gpkg", [outline])
        made = located(workshop, "1,Crime,01/06/2023,,,M33 7SY\n")
        assert made.column("incident", "ward") == ["E05015253"]

    def test_a_postcode_without_a_place_gives_its_areas_alone(self, workshop: Workshop) -> None:
        made = located(workshop, "1,Crime,01/06/2023,,,M33 1AA\n")
        assert incidents(made) == [(2, None, None, "area", None, "E08000009")]

    def test_an_unknown_postcode_is_refused_without_telling_it(self, workshop: Workshop) -> None:
        made = located(workshop, "1,Crime,01/06/2023,,,M99 9ZZ\n2,Crime,01/06/2023,,,no idea\n3,Crime,01/06/2023,,,\n")
        assert rejects(made) == [
            (2, "Postcode", None, "unknown_postcode", False),
            (3, "Postcode", None, "unknown_postcode", False),
        ]
        assert [row[3] for row in incidents(made)] == ["none"] * 3
        assert b"M99 9ZZ" not in made.path.read_bytes()

    def test_without_a_look_up_no_postcode_is_known(self, workshop: Workshop) -> None:
        made = workshop.add(HEADER + "1,Crime,01/06/2023,,,M33 7SY\n", BY_POSTCODE).build()
        assert made.extract.values_refused == {"unknown_postcode": 1}
        assert made.extract.kept == 1

    def test_the_postcode_of_a_record_is_stored_nowhere(self, workshop: Workshop) -> None:
        made = located(workshop, "1,Crime,01/06/2023,,,M33 7SY\n")
        stored = {str(v) for row in made.rows("incident", "*") for v in row}
        assert "M33 7SY" not in stored
        assert "M33 7SY" in made.column("postcode", "postcode")

    def test_of_two_look_ups_the_later_one_stands(self, workshop: Workshop) -> None:
        workshop.add("pcds,oseast1m,osnrth1m\nM33 7SY,1000,2000\n", LOOK_UP, "early.csv")
        assert incidents(located(workshop, "1,Crime,01/06/2023,,,M33 7SY\n"))[0][1:3] == (378342, 392970)

    def test_of_two_look_ups_the_one_received_later_stands_wherever_it_is_listed(self, workshop: Workshop) -> None:
        workshop.add(POSTCODES, LOOK_UP, "late.csv", received="2024-02-01")
        workshop.add("pcds,oseast1m,osnrth1m\nM33 7SY,1000,2000\n", LOOK_UP, "early.csv", received="2023-02-01")
        made = workshop.add(HEADER + "1,Crime,01/06/2023,,,M33 7SY\n", BY_POSTCODE).build()
        assert incidents(made)[0][1:3] == (378342, 392970)
        assert (378342, 392970) in made.rows("postcode", "easting", "northing")


class TestVenues:
    CENTRES = """
source = "council"
table = "reporting_centre"
[columns]
centre_id = "Postcode"
name_en = "Name"
[point]
postcode = "Postcode"
"""

    def test_a_centre_is_placed_by_its_postcode_and_an_unknown_one_is_told(self, workshop: Workshop) -> None:
        workshop.add("Name,Postcode\nLibrary,M33 7SY\nHub,M99 9ZZ\n", self.CENTRES, "centres.csv")
        made = workshop.add(POSTCODES, LOOK_UP, "postcodes.csv").build()
        assert sorted(made.rows("reporting_centre", "name_en", "easting")) == [("Hub", None), ("Library", 378342)]
        assert rejects(made) == [(3, "Postcode", "M99 9ZZ", "unknown_postcode", False)]


class TestGrid:
    POINT = "[point]\nx = 'E'\ny = 'N'\ncrs = 'EPSG:27700'\n"

    @pytest.fixture
    def snapped(self, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Workshop:
        """A deployment that moves points to squares of 250 metres."""
        ours = replace(real.settings(), snap_metres=250)
        monkeypatch.setattr("hatecrime.extracts.locate.settings", lambda: ours)
        return workshop

    def test_the_centre_of_the_square_is_stored_and_the_area_is_that_of_the_true_point(
        self, workshop: Workshop
    ) -> None:
        outline = {"area_code": "X1", "level": "ward", "name": "W", "geometry": square(377001, 391001, 40)}
        workshop.add_areas("wards.gpkg", [outline])
        rows = "1,Crime,01/06/2023,377030.5,391030.5,\n2,Crime,01/06/2023,377060,391060,\n"
        made = workshop.add(HEADER + rows, INCIDENTS + self.POINT + "snap = 100\n").build()
        assert incidents(made) == [
            (2, 377050, 391050, "grid", "X1", None),
            (3, 377050, 391050, "grid", None, None),
        ]
        assert made.column("snapshot", "snapped_to") == [100]

    def test_points_stay_as_they_came_where_nothing_is_set(self, workshop: Workshop) -> None:
        made = workshop.add(HEADER + "1,Crime,01/06/2023,377030,391030,\n", INCIDENTS + self.POINT).build()
        assert incidents(made) == [(2, 377030, 391030, "exact", None, None)]
        assert made.column("snapshot", "snapped_to") == [None]

    @pytest.mark.parametrize(("snap", "easting"), [(100, 377125), (500, 377250)])
    def test_a_mapping_can_only_make_the_squares_larger(self, snapped: Workshop, snap: int, easting: float) -> None:
        mapping = f"{INCIDENTS}{self.POINT}snap = {snap}\n"
        made = snapped.add(HEADER + "1,Crime,01/06/2023,377030,391030,\n", mapping).build()
        assert made.column("incident", "easting") == [easting]
        assert made.column("snapshot", "snapped_to") == [max(snap, 250)]

    def test_a_place_known_by_its_postcode_is_moved_too(self, snapped: Workshop) -> None:
        made = located(snapped, "1,Crime,01/06/2023,,,M33 7SY\n")
        assert incidents(made) == [(2, 378375, 392875, "grid", "E05015254", "E08000009")]

    def test_postcodes_and_venues_stay_where_they_are(self, snapped: Workshop) -> None:
        snapped.add("Name,Postcode\nLibrary,M33 7SY\n", TestVenues.CENTRES, "centres.csv")
        made = snapped.add(POSTCODES, LOOK_UP, "postcodes.csv").build()
        assert made.column("reporting_centre", "easting") == [378342]
        assert 378342 in made.column("postcode", "easting")
        assert made.column("snapshot", "snapped_to") == [None]

    def test_the_true_place_of_a_refused_point_is_not_told(self, snapped: Workshop) -> None:
        made = snapped.add(HEADER + "1,Crime,01/06/2023,391030,9377030,\n", INCIDENTS + self.POINT).build()
        assert [row[2:4] for row in rejects(made)] == [(None, "outside_projection")]


@needs_shared_data
class TestPublishedFiles:
    @pytest.fixture(scope="class")
    def made(self, tmp_path_factory: pytest.TempPathFactory) -> Built:
        report = build_shared(
            tmp_path_factory.mktemp("centres"),
            ("centres/trafford_third_party_reporting_centres_as_published.csv", "reporting_centres"),
            ("postcodes/trafford_postcodes.csv", "postcode_lookup"),
            ("boundaries/ward_2023_trafford_ward_generalised.geojson", "ons_wards"),
        )
        return Built(report, Path(report.snapshot))

    def test_every_postcode_is_read(self, made: Built) -> None:
        postcodes = next(e for e in made.report.extracts if e.table == "postcode")
        assert (postcodes.read, postcodes.kept, postcodes.values_refused) == (11_264, 11_264, {})
        assert adds_up(postcodes)
        assert made.column("postcode", "ward").count(None) == 0

    def test_all_eight_centres_are_placed_in_their_wards(self, made: Built) -> None:
        wards = dict(made.rows("area", "area_code", "name_en"))
        found = {name: wards[ward] for name, ward in made.rows("reporting_centre", "name_en", "ward")}
        assert found == {
            "Partington Library and Wellbeing Centre": "Bucklow-St Martins",
            "Autistic Society": "Stretford & Humphrey Park",
            "1 Roebuck Lane": "Sale Central",
            "Trafford Housing Trust": "Ashton upon Mersey",
            "Atherton House": "Gorse Hill & Cornbrook",
            "Coppice Avenue": "Manor",
            "Genie Network": "Lostock & Barton",
            "1 St Brides Way": "Old Trafford",
        }

    def test_the_outlines_put_them_where_the_list_of_postcodes_does(self, made: Built) -> None:
        listed = dict(made.rows("postcode", "postcode", "ward"))
        centres = made.rows("reporting_centre", "postcode", "ward")
        assert [ward for _postcode, ward in centres] == [listed[postcode] for postcode, _ward in centres]


def test_the_directory_of_the_statistics_office_is_read_through_the_same_mapping(workshop: Workshop) -> None:
    directory = (
        "pcd,pcd2,pcds,dointr,doterm,oslaua,osward,oseast1m,osnrth1m,lat,long,lsoa11,rgn\n"
        "M337SY,M33  7SY,M33 7SY,1980,,E08000009,E05015254,378342,392970,53.4331,-2.3274,E01006160,E12000002\n"
        "M331ZZ,M33  1ZZ,M33 1ZZ,1980,199606,E08000009,E99999999,,,99.999999,0.000000,E99999999,E12000002\n"
    )
    mapping = (real.data_dir() / "mappings" / "postcode_lookup.toml").read_text(encoding="utf-8")
    made = workshop.add(directory, mapping, "ONSPD.csv").build()
    assert (made.extract.kept, made.extract.refused) == (2, {})
    rows = sorted(made.rows("postcode", "postcode", "ward", "lsoa", "district", "ended_on"))
    assert [row[:4] for row in rows] == [
        ("M33 1ZZ", None, None, "E08000009"),
        ("M33 7SY", "E05015254", "E01006160", "E08000009"),
    ]
    assert str(rows[0][4])[:7] == "1996-06"
    ((easting, northing),) = [r for r in made.rows("postcode", "easting", "northing") if r[0]]
    assert abs(easting - 378342) < 50
    assert abs(northing - 392970) < 50
