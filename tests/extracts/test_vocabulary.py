"""What a mapping can say of a column beyond its name: choices, parts, words, counted times, names, files of codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import duckdb
import pytest
from duckdb import ConstantExpression

from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.expressions import Parts
from hatecrime.extracts.mapping import Mapping, Point
from hatecrime.extracts.report import ExtractReport
from tests.extracts.workshop import INCIDENTS, Built, Workshop, square

Build = Callable[..., Built]


def accounted(extract: ExtractReport) -> bool:
    return extract.read == extract.kept + sum(extract.refused.values()) + extract.collapsed


@pytest.fixture
def column(workshop: Workshop) -> Iterator[Callable[..., Built]]:
    """Build incidents that have the cells A and B beside the needed ones, with one more column of ours."""

    def make(setting: str, *rows: str, sections: str = "", header: str = "A,B") -> Built:
        lines = [f"{n},Crime,01/02/2016,{row}" for n, row in enumerate(rows, start=1)]
        content = "\n".join([f"Ref,Kind,Recorded,{header}", *lines, ""])
        made = workshop.add(content, INCIDENTS + setting + "\n" + sections).build()
        assert accounted(made.extract)
        return made

    yield make


class TestCoalesce:
    def test_the_first_column_that_is_filled_is_read(self, column: Build) -> None:
        made = column(
            'channel = { from = ["A", "B"], coalesce = true }', "officer,police_call", ",police_call", " ,", "0,officer"
        )
        assert made.column("incident", "channel") == ["officer", "police_call", None, None]

    def test_a_word_for_no_value_is_not_filled(self, column: Build) -> None:
        setting = 'occurred_from = { from = ["A", "B"], coalesce = true, formats = ["%d/%m/%Y"] }'
        made = column(setting, "NK,31/01/2016", sections='[file]\nempty = ["NK"]\n')
        assert made.column("incident", "occurred_from") == [dt.datetime(2016, 1, 31)]

    def test_what_cannot_be_read_is_refused_though_the_next_column_could_be(self, column: Build) -> None:
        setting = 'occurred_from = { from = ["A", "B"], coalesce = true, formats = ["%d/%m/%Y"] }'
        made = column(setting, "soon,31/01/2016")
        assert made.rejects == [(2, "A + B", "soon", "bad_date", False)]


class TestFirstOf:
    @pytest.mark.parametrize(
        ("cell", "code"),
        [
            ("Burglary;Arson", "burglary"),
            (" ; ;Burglary ; Arson", "burglary"),
            ("Burglary", "burglary"),
            (";", None),
            ("", None),
        ],
    )
    def test_the_first_filled_item_of_a_list_is_read(self, column: Build, cell: str, code: str | None) -> None:
        made = column('crime_type = { from = "A", first_of = ";" }', f"{cell},")
        assert made.column("incident", "crime_type") == [code]
        assert made.rejects == []

    def test_an_item_that_nobody_knows_is_refused_alone(self, column: Build) -> None:
        made = column('crime_type = { from = "A", first_of = " | " }', "Mischief | Burglary,")
        assert made.rejects == [(2, "A", "Mischief", "unknown_label", False)]


class TestPartsOfDates:
    POPULATION = """
        source = "test"
        table = "area_population"
        [columns]
        area_code = "Area"
        population_group = { value = "all" }
        base = { value = "mid_year" }
        n = "People"
    """

    @pytest.mark.parametrize(
        ("part", "number"), [("year", 2016), ("quarter", 2), ("month", 5), ("day", 1), ("weekday", 7), ("hour", 0)]
    )
    def test_a_part_of_a_date_fills_a_number(self, built: Build, part: str, number: int) -> None:
        mapping = self.POPULATION + f'year = {{ from = "Day", date_part = "{part}", formats = ["%d/%m/%Y %H"] }}\n'
        made = built("Area,Day,People\nE08000009,01/05/2016 0,5\n", mapping)
        assert made.column("area_population", "year") == [number]

    def test_a_part_of_what_is_no_date_is_refused(self, built: Build) -> None:
        mapping = self.POPULATION + 'year = { from = "Day", date_part = "year", formats = ["%d/%m/%Y"] }\n'
        made = built("Area,Day,People\nE08000009,2016,5\nE08000009,,5\n", mapping)
        assert made.reasons == {"bad_date": 1, "missing_required": 1}
        assert accounted(made.extract)

    NIGHT = 'night_time = { from = "A", date_part = "hour", formats = ["%H:%M"], equals = ["23", "0", "1"] }'

    @pytest.mark.parametrize(
        ("cell", "night"), [("23:59", True), ("00:00", True), ("01:30", True), ("02:00", False), ("", None)]
    )
    def test_an_hour_decides_yes_or_no(self, column: Build, cell: str, night: bool | None) -> None:
        made = column(self.NIGHT, f"{cell},")
        assert made.column("incident", "night_time") == [night]
        assert made.rejects == []

    @pytest.mark.parametrize("cell", ["24:00", "late", "infinity", "epoch"])
    def test_a_time_that_cannot_be_read_is_no_answer(self, column: Build, cell: str) -> None:
        made = column(self.NIGHT, f"{cell},")
        assert made.column("incident", "night_time") == [None]
        assert made.rejects == [(2, "A", cell, "bad_date", False)]


class TestYesOrNo:
    @pytest.mark.parametrize(
        ("cell", "online"),
        [("INTERNET abuse", True), ("via Face Book; phone", True), ("Phone", False), ("0", False), (" ", None)],
    )
    def test_any_of_the_words_says_yes(self, column: Build, cell: str, online: bool | None) -> None:
        made = column('online = { from = "A", contains = ["internet", "face  book"] }', f"{cell},")
        assert made.column("incident", "online") == [online]
        assert made.rejects == []

    @pytest.mark.parametrize(
        ("cell", "school"), [(" SCHOOL ", True), ("Faith  school", True), ("Schoolyard", False), ("", None)]
    )
    def test_one_of_the_values_says_yes(self, column: Build, cell: str, school: bool | None) -> None:
        made = column('school = { from = "A", equals = ["School", "Faith school"] }', f"{cell},")
        assert made.column("incident", "school") == [school]

    def test_words_are_sought_in_all_columns_together(self, column: Build) -> None:
        made = column('online = { from = ["A", "B"], contains = ["online"] }', "x,Online", "x,", ",")
        assert made.column("incident", "online") == [True, False, None]


class TestTimesAsNumbers:
    @pytest.mark.parametrize(
        ("unit", "cell"),
        [
            ("epoch", "1456790399"),
            ("epoch", "1456790399.0"),
            ("epoch_ms", "1456790399000"),
            ("excel", "42429.999988426"),
        ],
    )
    def test_a_number_is_a_time(self, column: Build, unit: str, cell: str) -> None:
        setting = f'occurred_from = {{ from = "A", formats = ["{unit}"] }}'
        made = column(setting, f"{cell},")
        assert made.rejects == [(2, "A", "2016-02-29 23:59:59", "occurred_after_recorded", False)]

    @pytest.mark.parametrize("cell", ["soon", "1e400", "-99999999999999999999", "9999999999999999", "nan"])
    @pytest.mark.parametrize("unit", ["epoch", "epoch_ms", "excel"])
    def test_a_number_that_is_no_time_is_refused(self, column: Build, unit: str, cell: str) -> None:
        made = column(f'occurred_from = {{ from = "A", formats = ["{unit}"] }}', f"{cell},", ",")
        assert made.rejects == [(2, "A", cell, "bad_date", False)]
        assert made.column("incident", "occurred_from") == [None, None]

    def test_ways_of_counting_and_of_writing_are_tried_in_turn(self, column: Build) -> None:
        setting = 'occurred_from = { from = "A", formats = ["%d/%m/%Y", "excel", "%Y-%m-%d", "epoch_ms"] }'
        made = column(setting, "31/01/2016,", "42400,", "2016-01-31,", "1454198400000,")
        assert made.column("incident", "occurred_from") == [dt.datetime(2016, 1, 31)] * 4

    def test_a_clock_beside_formats_turns_world_time_into_local_time(self, column: Build) -> None:
        setting = 'occurred_from = { from = "A", formats = ["%Y-%m-%d %H:%M", "epoch"], timezone = "Europe/London" }'
        made = column(setting, "2015-07-31 23:30,", "1438385400,", "2016-01-01 00:00,")
        summer, winter = dt.datetime(2015, 8, 1, 0, 30), dt.datetime(2016, 1, 1)
        assert made.column("incident", "occurred_from") == [summer, summer, winter]

    def test_a_format_with_an_offset_is_turned_into_local_time_once(self, column: Build) -> None:
        setting = 'occurred_from = { from = "A", formats = ["%d/%m/%Y %H:%M %z"], timezone = "Europe/London" }'
        made = column(setting, "01/08/2015 01:30 +0200,")
        assert made.column("incident", "occurred_from") == [dt.datetime(2015, 8, 1, 0, 30)]

    def test_a_day_without_a_time_is_the_same_day_everywhere(self, column: Build) -> None:
        setting = (
            'occurred_from = { from = "A", formats = ["%Y-%m-%dT%H:%MZ", "%Y-%m-%d"], timezone = "America/Chicago" }'
        )
        made = column(setting, "2015-07-02T02:30Z,", "2015-07-02,")
        told = [dt.datetime(2015, 7, 1, 21, 30), dt.datetime(2015, 7, 2)]
        assert made.column("incident", "occurred_from") == told


class TestStrandFlags:
    FLAGS = '[strands]\nflags = { "A" = "race", "B" = ["muslim", "other_strand"] }\n'

    def test_each_column_that_says_yes_or_counts_some_is_a_strand(self, column: Build) -> None:
        made = column("", "Y,N", "2,0", "0,3", "no,", ",", "1,Yes", sections=self.FLAGS)
        found = made.rows("incident_strand", "incident_id", "strand", "sub_strand", "label")
        assert sorted(found, key=str) == [
            (1, "race", None, "A"),
            (2, "race", None, "A"),
            (3, "other_strand", None, "B"),
            (3, "religion", "muslim", "B"),
            (6, "other_strand", None, "B"),
            (6, "race", None, "A"),
            (6, "religion", "muslim", "B"),
        ]
        assert made.column("incident", "strand_mask") == [1, 1, 514, 0, 0, 515]
        assert made.rejects == []

    def test_a_cell_that_says_neither_is_refused_and_the_other_columns_count(self, column: Build) -> None:
        made = column("", "maybe,Y", "-1,0", sections=self.FLAGS)
        assert made.rejects == [(2, "A", "maybe", "bad_flag", False), (3, "A", "-1", "bad_flag", False)]
        assert made.column("incident", "strand_mask") == [514, 0]

    def test_flags_and_labels_are_united_and_counted_once(self, column: Build) -> None:
        sections = '[strands]\nfrom = "B"\nsplit = ";"\nflags = { "A" = "race" }\n'
        made = column("", "Y,Race;Disability", "Y,Martian", "N,Race", sections=sections)
        assert made.column("incident", "strand_mask") == [9, 1, 1]
        assert made.rejects == [(3, "B", "Martian", "unknown_label", False)]


class TestLookUpFiles:
    CODES = "code,label\n01,Race\n02,Disability\n3,Homophobic\n"
    SECTIONS = """
        [strands]
        from = "A"
        split = ";"
        [look_up.strand]
        file = "codes.csv"
        from = "code"
        to = "label"
        [values.strand]
        "Homophobic" = "gay"
    """

    def test_codes_become_labels_and_labels_become_strands(self, workshop: Workshop, column: Build) -> None:
        (workshop.folder / "codes.csv").write_text(self.CODES, encoding="utf-8")
        made = column("", "01,", "01;02,", "3,", "Race,", ",", sections=self.SECTIONS)
        assert made.column("incident", "strand_mask") == [1, 9, 4, 1, 0]
        assert made.rows("incident_strand", "label")[3] == ("Homophobic",)
        assert made.extract.unused_entries == []

    def test_a_code_that_the_file_lacks_goes_on_as_it_is(self, workshop: Workshop, column: Build) -> None:
        (workshop.folder / "codes.csv").write_text(self.CODES, encoding="utf-8")
        made = column("", "04,", "0,", sections=self.SECTIONS)
        assert made.extract.unknown_labels == {"A": ["0", "04"]}

    def test_a_column_without_a_list_of_codes_takes_the_label(self, workshop: Workshop, column: Build) -> None:
        (workshop.folder / "centres.csv").write_bytes("7;Canolfan Dŵr\n".encode("windows-1252", "replace"))
        section = '[look_up.centre_id]\nfile = "centres.csv"\nfrom = "n"\nto = "name"\nheader = ["n", "name"]\n'
        section += 'delimiter = ";"\nencoding = "windows-1252"\n'
        made = column('centre_id = "A"', "7,", "8,", ",", sections=section)
        assert made.column("incident", "centre_id") == ["Canolfan D?r", "8", None]
        assert made.rejects == []

    def test_names_of_areas_may_stand_in_a_file_too(self, workshop: Workshop, column: Build) -> None:
        (workshop.folder / "codes.csv").write_text("code,label\nTR,E08000009\n", encoding="utf-8")
        section = '[look_up.district]\nfile = "codes.csv"\nfrom = "code"\nto = "label"\n'
        made = column('district = "A"', "TR,", "XX,", sections=section)
        assert made.column("incident", "district") == ["E08000009", None]
        assert made.rejects == [(3, "A", "XX", "unknown_area", False)]

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (None, "There is no file 'codes.csv', in which the mapping looks codes up"),
            ("", "codes.csv is empty"),
            ("code,label\n", "codes.csv holds no code with a label"),
            ("code,lable\n1,a\n", "codes.csv has no column 'label'. Did you mean 'lable'"),
            ("code,label\n1\n", "codes.csv has 1 columns in line 2, and 2 in its header"),
            ("code,label\n1,a\n1,b\n", "codes.csv has two labels for '1': 'a' and, in line 3, 'b'"),
            ('code,label\n1,"a\n', "codes.csv cannot be read as CSV"),
            (b"code,label\n1,\xe9\n", "codes.csv is not written in utf-8"),
        ],
    )
    def test_a_file_that_does_not_fit_is_refused(
        self, workshop: Workshop, column: Build, content: str | bytes | None, said: str
    ) -> None:
        if content is not None:
            written = content if isinstance(content, bytes) else content.encode()
            (workshop.folder / "codes.csv").write_bytes(written)
        with pytest.raises(ExtractError) as error:
            column("", "01,", sections=self.SECTIONS)
        assert said in str(error.value)


class TestOnly:
    ONLY = '[only]\n"A" = ["Hate", ""]\n"B" = "Count"\n'

    def test_rows_with_another_value_are_passed_over_and_nothing_else_is_said_of_them(self, built: Build) -> None:
        rows = ["1,Crime,01/02/2016, HATE ,Count", "2,Nonsense,never,Other,Rate", "3,Crime,01/02/2016,,Rate", ",,,,"]
        content = "\n".join(["Ref,Kind,Recorded,A,B", *rows, ""])
        made = built(content, INCIDENTS + 'district = "A"\n[strands]\nfrom = "Kind"\n' + self.ONLY)
        assert [reject for reject in made.rejects if reject[0] > 2] == [
            (3, "A", "Other", "passed_over", True),
            (4, "B", "Rate", "passed_over", True),
            (5, "B", None, "passed_over", True),
        ]
        assert made.reasons == {"passed_over": 3}
        assert accounted(made.extract)

    def test_repeats_are_judged_among_the_wanted_rows_alone(self, column: Build) -> None:
        made = column("", "Hate,Count", "Other,Count", sections=self.ONLY)
        assert (made.extract.kept, made.extract.collapsed, made.reasons) == (1, 0, {"passed_over": 1})

    def test_no_row_may_be_wanted(self, column: Build) -> None:
        made = column("", "Other,Count", "Other,Count", sections=self.ONLY)
        assert (made.extract.kept, made.reasons) == (0, {"passed_over": 2})


def ward(code: str, name: str, left: float, **more: object) -> dict[str, object]:
    return {"area_code": code, "level": "ward", "name": name, "geometry": square(left, 395000)} | more


class TestAreasByName:
    WITHIN = 'ward = { from = "A", by = "name", within = "E08000009" }'
    BY_DISTRICT = 'ward = { from = "A", by = "name", within = "district" }\ndistrict = "B"'

    def test_a_name_is_looked_for_inside_its_parent(self, workshop: Workshop, column: Build) -> None:
        areas = [
            ward("E05000001", "St. Mary's & Park", 1000, parent="E08000009"),
            ward("E05000002", "St Marys and Park", 2000, parent="E08000003"),
        ]
        workshop.add_areas("wards.gpkg", areas)
        made = column(self.WITHIN, "st marys AND park,", "Nowhere,", ",", "E05000001,")
        assert made.column("incident", "ward") == ["E05000001", None, None, "E05000001"]
        assert made.column("incident", "district") == ["E08000009", None, None, "E08000009"]
        assert made.rejects == [(3, "A", "Nowhere", "unknown_area", False)]

    def test_the_parent_may_stand_in_another_column(self, workshop: Workshop, column: Build) -> None:
        areas = [
            ward("E05000001", "Park", 1000, parent="E08000009"),
            ward("E05000002", "Park", 2000, parent="E08000003"),
        ]
        workshop.add_areas("wards.gpkg", areas)
        rows = ("Park,E08000009", "Park,E08000003", "Park,", "Park,E99999999", ",E08000009")
        made = column(self.BY_DISTRICT, *rows)
        assert made.column("incident", "ward") == ["E05000001", "E05000002", None, None, None]
        assert sorted(made.rejects, key=str) == [
            (4, "A", "Park", "unknown_area", False),
            (5, "A", "Park", "unknown_area", False),
            (5, "B", "E99999999", "unknown_area", False),
        ]

    def test_a_parent_may_be_named_in_turn(self, workshop: Workshop, column: Build) -> None:
        workshop.add_areas("wards.gpkg", [ward("E05000001", "Park", 1000, parent="E08000009")])
        district = 'district = { from = "B", by = "name", within = "E23000005" }'
        made = column(
            'ward = { from = "A", by = "name", within = "district" }\n' + district, "Park,Trafford", "Park,Oz"
        )
        assert made.column("incident", "ward") == ["E05000001", None]

    def test_a_welsh_name_does_as_well_with_or_without_its_accents(self, workshop: Workshop, column: Build) -> None:
        rows = ("Ynys Môn,", "YNYS MON,", "Isle of Anglesey,")
        made = column('district = { from = "A", by = "name", within = "W15000001" }', *rows)
        assert made.column("incident", "district") == ["W06000001"] * 3

    def test_the_day_of_the_record_tells_two_eras_of_a_name_apart(self, workshop: Workshop) -> None:
        areas = [
            ward("E05000001", "Park", 1000, parent="E08000009", valid_to="2016-02-01"),
            ward("E05000002", "Park", 1000, parent="E08000009", valid_from="2016-02-02"),
            ward("E05000003", "New", 2000, parent="E08000009", valid_from="2016-02-02"),
        ]
        workshop.add_areas("wards.gpkg", areas)
        rows = ["1,Crime,01/02/2016,Park", "2,Crime,02/02/2016,Park", "3,Crime,01/02/2016,New"]
        content = "\n".join(["Ref,Kind,Recorded,A", *rows, ""])
        made = workshop.add(content, INCIDENTS + self.WITHIN + "\n").build()
        assert made.column("incident", "ward") == ["E05000001", None, "E05000002"]
        assert made.rejects == [(4, "A", "New", "area_wrong_era", False)]

    def test_a_name_that_two_areas_share_is_refused_not_guessed(self, workshop: Workshop, column: Build) -> None:
        areas = [ward(f"E0500000{n}", "Park", 1000 * n, parent="E08000009") for n in (1, 2)]
        workshop.add_areas("wards.gpkg", areas)
        made = column(self.WITHIN, "Park,")
        assert made.rejects == [(2, "A", "Park", "unknown_area", False)]

    def test_an_area_without_a_stated_parent_lies_where_its_outline_lies(
        self, workshop: Workshop, column: Build
    ) -> None:
        district = {"area_code": "E08000009", "level": "district", "name": "Trafford"}
        workshop.add_areas("districts.gpkg", [district | {"geometry": square(0, 390000, 10_000)}])
        areas = [ward("E05000001", "Park", 1000), ward("E05000002", "Park", 50_000)]
        workshop.add_areas("wards.gpkg", areas)
        assert column(self.WITHIN, "Park,").column("incident", "ward") == ["E05000001"]

    def test_the_mapping_may_give_another_name_or_a_code(self, workshop: Workshop, column: Build) -> None:
        areas = [ward("E05000001", "Park", 1000, parent="E08000009"), ward("E05000002", "Moor", 2000)]
        workshop.add_areas("wards.gpkg", areas)
        values = '[values.ward]\n"The Park" = "Park"\n"The Moor" = "E05000002"\n"Not known" = ""\n'
        made = column(self.WITHIN, "The Park,", "the moor,", "Not known,", sections=values)
        assert made.column("incident", "ward") == ["E05000001", "E05000002", None]
        assert made.rejects == []

    def test_a_parent_that_is_no_area_is_refused(self, column: Build) -> None:
        with pytest.raises(ExtractError, match=r"within 'E08000099', which is no area\. Did you mean 'E0800000"):
            column(self.WITHIN.replace("E08000009", "E08000099"), "Park,")


class TestCoordinates:
    POINT = '[point]\nx = "A"\ny = "B"\ncrs = "EPSG:27700"\n'

    def test_a_mark_between_thousands_is_passed_over(self, column: Build) -> None:
        made = column("", '"377,412",394023', ",", sections=self.POINT + 'thousands = ","\n')
        assert made.rows("incident", "easting", "northing") == [(377412, 394023), (None, None)]

    @pytest.mark.parametrize(
        ("cell", "postcode"),
        [
            ("m32 0th", "M32 0TH"),
            (" M320TH ", "M32 0TH"),
            ("M32-0th.", "M32 0TH"),
            ("m3", "M3"),
            ("-", None),
            ("", None),
        ],
    )
    def test_a_postcode_is_spelled_in_one_way(self, cell: str, postcode: str | None) -> None:
        mapping = Mapping("ours", "", "test", "incident", (), point=Point(postcode="Postcode"))
        parts = Parts(mapping, lambda _name: ConstantExpression(cell), {})
        made = parts.over(duckdb.sql("select 1 as one")).select("point_postcode")
        assert made.fetchall() == [(postcode,)]

    def test_coordinates_of_a_geometry_come_from_the_columns_that_its_reader_made(self) -> None:
        mapping = Mapping("ours", "", "test", "incident", (), point=Point(geometry="geom"))
        cells = {"geometry x": "377412", "geometry y": "394023.5"}
        parts = Parts(mapping, lambda name: ConstantExpression(cells[name]), {})
        made = parts.over(duckdb.sql("select 1 as one")).select("x", "y")
        assert made.fetchall() == [(377412.0, 394023.5)]

    def test_a_mark_that_is_not_stated_is_refused(self, column: Build) -> None:
        made = column("", '"377,412",394023', sections=self.POINT)
        assert ("A", "377,412", "bad_coordinate") in [reject[1:4] for reject in made.rejects]
