"""The same three records, in whatever kind of file they come."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from hatecrime.extracts.errors import ExtractError
from tests.extracts.workshop import HEADER, INCIDENTS, Built, Workshop
from tests.shared_data import adds_up

Build = Callable[..., Built]

COLUMNS = ["Ref", "Kind", "Recorded"]
RECORDS = [["007", "Crime", "01/02/2016"], ["2", "Crime", "02/02/2016"], ["3", "Crime", "03/02/2016"]]
ROWS = "".join(",".join(record) + "\n" for record in RECORDS)
THREE = ["2016-02-01", "2016-02-02", "2016-02-03"]
ISO = INCIDENTS.replace('{ from = "Recorded", formats = ["%d/%m/%Y"] }', '"Recorded"')


def days(built: Built) -> list[str]:
    return [str(day) for day in built.column("incident", "recorded_on")]


def shape(settings: str, mapping: str = INCIDENTS) -> str:
    return f"{mapping}[file]\n{settings}\n"


def workbook(*rows: Sequence[Any], sheet: str = "Data", **others: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for name, content in {sheet: rows, **others}.items():
        page = book.create_sheet(name)
        for row in content:
            page.append(list(row))
    book.remove(book["Sheet"])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def parquet(frame: pd.DataFrame) -> bytes:
    packed = io.BytesIO()
    frame.to_parquet(packed)
    return packed.getvalue()


def database(path: Path, *statements: str) -> bytes:
    with sqlite3.connect(path) as base:
        for statement in statements:
            base.execute(statement)
    base.close()
    return path.read_bytes()


def refused(workshop: Workshop, content: str | bytes, mapping: str = INCIDENTS, file: str = "incidents.csv") -> str:
    """What is said of a file that is refused as a whole."""
    with pytest.raises(ExtractError) as error:
        workshop.add(content, mapping, file).build()
    assert workshop.snapshots() == []
    return str(error.value)


class TestCsv:
    @pytest.mark.parametrize(
        ("settings", "content"),
        [
            pytest.param(
                'delimiter = ";"\nencoding = "windows-1252"', (HEADER + ROWS).replace(",", ";"), id="semicolon"
            ),
            pytest.param('delimiter = "\\t"\nencoding = "utf-16"', (HEADER + ROWS).replace(",", "\t"), id="tab"),
            pytest.param('delimiter = "|"', (HEADER + ROWS).replace(",", "|"), id="bar"),
            pytest.param('quote = "\'"', (HEADER + ROWS).replace("Crime", "'Crime'"), id="single quotes"),
            pytest.param("skip = 4", "Anyshire\n\nRecorded, by month\nNot for sale\n" + HEADER + ROWS, id="four above"),
            pytest.param("skip = 2", '\ufeff"Any\nshire",x\n' + HEADER + ROWS, id="a quoted line break above"),
            pytest.param('header = ["Ref", "Kind", "Recorded"]', ROWS, id="no header"),
            pytest.param('skip = 1\nheader = ["Ref", "Kind", "Recorded"]', "old,names,here\n" + ROWS, id="new header"),
        ],
    )
    def test_three_records_however_they_are_written(self, built: Build, settings: str, content: str) -> None:
        encoding = "cp1252" if "1252" in settings else "utf-16" if "utf-16" in settings else "utf-8"
        made = built(content.encode(encoding), shape(settings))
        assert days(made) == THREE
        assert (made.extract.read, made.extract.kept, made.rejects) == (3, 3, [])

    def test_without_quoting_a_quotation_mark_is_a_letter(self, built: Build) -> None:
        made = built(HEADER + 'a"b,Crime,01/02/2016\n"c,Crime,02/02/2016\n', shape('quote = ""'))
        assert (made.extract.read, made.extract.kept) == (2, 2)

    def test_a_single_quote_that_is_never_closed_costs_its_own_line_only(self, built: Build) -> None:
        made = built(HEADER + ROWS.replace("2,Crime", "2,'Crime"), shape('quote = "\'"'))
        assert days(made) == [THREE[0], THREE[2]]
        assert made.reasons == {"bad_quotes": 1}

    def test_lines_are_those_an_editor_shows_whatever_is_skipped(self, built: Build) -> None:
        content = "Title\n\nNote\n" + HEADER + "1,Crime,01/02/2016\n\n2,Crime\n3,Crime,99/02/2016\n4,Crime,04/02/2016\n"
        made = built(content, shape("skip = 3"))
        assert made.column("incident", "line") == [5, 9]
        assert [(r[0], r[3]) for r in made.rejects] == [(7, "too_few_columns"), (8, "bad_date")]

    def test_a_file_without_header_has_its_first_record_on_line_one(self, built: Build) -> None:
        made = built("1,Crime,01/02/2016\n2,Crime,x\n3\n", shape('header = ["Ref", "Kind", "Recorded"]'))
        assert made.column("incident", "line") == [1]
        assert [(r[0], r[3]) for r in made.rejects] == [(2, "bad_date"), (3, "too_few_columns")]

    def test_a_header_of_the_wrong_length_is_refused(self, workshop: Workshop) -> None:
        said = refused(workshop, ROWS, shape('header = ["Ref", "Kind", "Recorded", "Time"]'))
        assert "names 4 columns for incidents.csv, but its first row has 3" in said

    def test_more_lines_to_skip_than_there_are(self, workshop: Workshop) -> None:
        assert "has 4 lines, fewer than skip = 9" in refused(workshop, HEADER + ROWS, shape("skip = 9"))

    def test_rows_above_the_header_are_guessed_at(self, workshop: Workshop) -> None:
        assert "state how many as skip" in refused(workshop, "Anyshire,,\n" + HEADER + ROWS)

    def test_a_packed_file_is_unpacked(self, built: Build) -> None:
        assert days(built(gzip.compress((HEADER + ROWS).encode()), file="incidents.csv.gz")) == THREE

    def test_a_web_page_and_a_document_are_told_apart_from_a_table(self, workshop: Workshop) -> None:
        assert "is a web page" in refused(workshop, "<!DOCTYPE html><html><body>Sign in", file="a.csv")
        assert "is a PDF document" in refused(Workshop(workshop.folder / "b"), "%PDF-1.7", file="b.csv")

    def test_a_workbook_that_is_called_csv(self, workshop: Workshop) -> None:
        said = refused(workshop, workbook(COLUMNS, *RECORDS))
        assert said.startswith('incidents.csv is a workbook, not CSV. State format = "excel"')


class TestHeaders:
    DRIFT = INCIDENTS + '[headers]\n"Recorded" = ["Date recorded", "DATE_REC"]\n'

    @pytest.mark.parametrize("name", ["Recorded", "RECORDED", "Date recorded", "date_rec"])
    def test_another_spelling_of_a_header_is_found(self, built: Build, name: str) -> None:
        assert days(built(HEADER.replace("Recorded", name) + ROWS, self.DRIFT)) == THREE

    def test_our_own_spelling_goes_before_the_others(self, built: Build) -> None:
        made = built("DATE_REC,Ref,Kind,Recorded\n31/12/2015," + ROWS.replace("\n", "\n31/12/2015,")[:-11], self.DRIFT)
        assert days(made) == THREE

    @pytest.mark.parametrize("twice", ["Recorded", "recorded "])
    def test_two_columns_that_fit_one_name_are_refused(self, workshop: Workshop, twice: str) -> None:
        header = HEADER.replace("Recorded", "RECORDED").strip() + f",{twice.upper()}"
        said = refused(workshop, f"{header}\n1,Crime,01/02/2016,02/02/2016\n")
        assert "two columns that fit 'Recorded': 'RECORDED' (column 3) and 'RECORDED' (column 4)" in said

    def test_blank_and_repeated_headers_that_nobody_reads_do_no_harm(self, built: Build) -> None:
        made = built("x,,Ref,,Kind,x,Recorded\n1,2,007,4,Crime,6,01/02/2016\n")
        assert days(made) == THREE[:1]
        assert made.extract.ignored_columns == ["x", "x"]


class TestExcel:
    def test_dates_numbers_and_flags_arrive_as_texts(self, built: Build) -> None:
        mapping = ISO + 'victim_age_band = "n"\nonline = "flag"\n'
        made = built(
            workbook(
                ["Ref", "Kind", "Recorded", "n", "flag"],
                ["007", "Crime", dt.date(2016, 2, 1), 7, True],
                [8, "Crime", dt.datetime(2016, 2, 2, 9, 15), 18.0, False],
            ),
            mapping,
            "incidents.xlsx",
        )
        assert made.rejects == []
        assert made.rows("incident", "recorded_on", "victim_age_band", "online") == [
            (dt.date(2016, 2, 1), "under_10", True),
            (dt.date(2016, 2, 2), "18_24", False),
        ]

    def test_typed_dates_and_true_dates_may_stand_in_one_column(self, built: Build) -> None:
        made = built(
            workbook(COLUMNS, ["a", "Crime", "01/02/2016"], ["b", "Crime", dt.date(2016, 2, 3)]), file="i.xlsx"
        )
        assert made.column("incident", "recorded_on") == [dt.date(2016, 2, 1), dt.date(2016, 2, 3)]

    def test_a_whole_number_is_the_reference_it_was_typed_as(self, built: Build) -> None:
        typed = built(workbook(COLUMNS, [12345, "Crime", "01/02/2016"]), file="incidents.xlsx")
        written = Workshop(Path(typed.path).parent / "csv").add(HEADER + "12345,Crime,01/02/2016\n").build()
        assert typed.column("incident", "ref") == written.column("incident", "ref")

    def test_a_second_sheet_below_rows_of_titles(self, built: Build) -> None:
        content = workbook(["Contents"], Records=[["Anyshire"], [], COLUMNS, *RECORDS])
        made = built(content, shape('sheet = "Records"\nskip = 2'), "incidents.xlsx")
        assert days(made) == THREE
        assert made.column("incident", "line") == [4, 5, 6]

    def test_empty_rows_are_no_records_and_keep_their_place(self, built: Build) -> None:
        rows = [RECORDS[0], [], ["", " ", None], RECORDS[1], [], []]
        made = built(workbook(COLUMNS, *rows), file="incidents.xlsx")
        assert (made.extract.read, made.column("incident", "line")) == (2, [2, 5])

    def test_a_header_wider_or_narrower_than_its_rows(self, built: Build) -> None:
        made = built(
            workbook([*COLUMNS, "More", None], [*RECORDS[0]], [*RECORDS[1], "a", "note"]), file="incidents.xlsx"
        )
        assert days(made) == THREE[:2]
        assert made.extract.ignored_columns == ["More"]

    def test_a_sheet_of_nothing_but_a_header(self, built: Build) -> None:
        assert built(workbook(COLUMNS), file="incidents.xlsx").extract.read == 0

    def test_a_sheet_that_is_missing_is_named_with_those_there_are(self, workshop: Workshop) -> None:
        said = refused(workshop, workbook(COLUMNS), shape('sheet = "Dta"'), "incidents.xlsx")
        assert "has no sheet 'Dta'; it has 'Data'. Did you mean 'Data'?" in said

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            pytest.param(b"PK\x03\x04 and so on", "cannot be read as a workbook", id="damaged"),
            pytest.param(b"<html><table><tr><td>Ref", "is a web page", id="web page"),
            pytest.param(b"Ref\tKind\tRecorded\n", "is not a workbook, but something else", id="text"),
            pytest.param(
                b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
                "is protected by a password",
                id="encrypted",
            ),
        ],
    )
    def test_what_is_no_workbook(self, workshop: Workshop, content: bytes, words: str) -> None:
        assert words in refused(workshop, content, file="incidents.xls")

    def test_an_empty_sheet_has_no_header(self, workshop: Workshop) -> None:
        assert "has no header: row 1 of its sheet is empty" in refused(workshop, workbook(), file="incidents.xlsx")

    def test_a_workbook_that_grows_beyond_all_bounds(self, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
        content = workbook(COLUMNS, *[["x" * 3000] * 3] * 300)
        monkeypatch.setattr("hatecrime.extracts.unpack.BLOCK", 1 << 10)
        assert "grows to more than 200 times its size" in refused(workshop, content + b"", file="incidents.xlsx")


class TestParquet:
    def test_days_times_and_numbers_arrive_as_texts(self, built: Build) -> None:
        frame = pd.DataFrame(
            {
                "Ref": ["007", None],
                "Kind": pd.Categorical(["Crime", "Crime"]),
                "Recorded": [dt.date(2016, 2, 1), dt.date(2016, 2, 2)],
                "at": pd.to_datetime(["2016-01-31 09:15:00.123", "2016-01-31 00:00:00.000"]),
                "n": [7.0, None],
                "flag": [True, None],
            }
        )
        mapping = ISO + 'occurred_from = "at"\nvictim_age_band = "n"\nonline = "flag"\n'
        made = built(parquet(frame), mapping, "incidents.parquet")
        assert made.rejects == []
        assert made.rows("incident", "recorded_on", "occurred_from", "victim_age_band", "online") == [
            (dt.date(2016, 2, 1), dt.datetime(2016, 1, 31, 9, 15), "under_10", True),
            (dt.date(2016, 2, 2), dt.datetime(2016, 1, 31), None, None),
        ]

    @pytest.mark.parametrize("file", ["incidents.parquet", "incidents.pq"])
    def test_damage_is_said(self, workshop: Workshop, file: str) -> None:
        whole = parquet(pd.DataFrame(RECORDS, columns=COLUMNS))
        assert f"{file} is damaged" in refused(workshop, whole[:200], file=file)

    def test_no_records_at_all(self, built: Build) -> None:
        assert built(parquet(pd.DataFrame(columns=COLUMNS, dtype="str")), file="a.parquet").extract.read == 0


class TestJson:
    POLICE = """
source = "test"
table = "incident"
[columns]
kind = { value = "crime" }
recorded_on = { from = "month", formats = ["%Y-%m"], precision = "month" }
ref = "persistent_id"
outcome = "outcome_status.category"
[values.outcome]
otherwise = ""
[point]
x = "location.longitude"
y = "location.latitude"
"""

    def test_the_answer_of_the_police_api(self, built: Build) -> None:
        place = {"latitude": "53.4", "street": {"id": 1, "name": "On or near"}, "longitude": "-2.3"}
        records = [
            {"category": "x", "location": place, "month": "2016-02", "outcome_status": None, "persistent_id": ""},
            {"category": "x", "location": None, "month": "2016-03", "outcome_status": {"category": "Under way"}},
        ]
        made = built(json.dumps(records), self.POLICE, "street.json")
        assert days(made) == ["2016-02-01", "2016-03-01"]
        assert [e is None for e in made.column("incident", "easting")] == [False, True]
        assert made.column("incident", "line") == [2, 3]

    def test_a_part_that_is_null_in_every_record_is_there_all_the_same(self, built: Build) -> None:
        record = {"location": None, "month": "2016-02", "outcome_status": None, "persistent_id": "1"}
        assert built(json.dumps([record]), self.POLICE, "street.json").extract.kept == 1

    def test_an_answer_without_records(self, built: Build) -> None:
        assert built("[]", self.POLICE, "street.json").extract.read == 0

    @pytest.mark.parametrize(
        ("path", "document"),
        [
            ("data.results", {"data": {"results": "HERE"}}),
            ("features.attributes", {"features": [{"attributes": "EACH", "geometry": {"x": 1}}]}),
            ("pages.1", {"pages": [[], "HERE"]}),
        ],
    )
    def test_records_further_down(self, built: Build, path: str, document: Any) -> None:
        records = [dict(zip(COLUMNS, record, strict=True)) for record in RECORDS]
        text = json.dumps(document).replace('"HERE"', json.dumps(records))
        if '"EACH"' in text:
            text = json.dumps({"features": [{"attributes": record, "geometry": None} for record in records]})
        assert days(built(text, shape(f'records = "{path}"'), "incidents.json")) == THREE

    def test_values_inside_lists(self, built: Build) -> None:
        mapping = (
            INCIDENTS + '[strands]\nfrom = "motives"\nsplit = ";"\n[point]\nx = "at.points.0"\ny = "at.points.1"\n'
        )
        record = dict(zip(COLUMNS, RECORDS[0], strict=True)) | {
            "motives": ["race", "religion"],
            "at": {"points": [-2, 53]},
        }
        made = built(json.dumps([record]), mapping, "incidents.json")
        assert made.rejects == []
        assert len(made.rows("incident_strand", "strand")) == 2
        assert made.column("incident", "easting")[0] == pytest.approx(400_000, abs=200)

    @pytest.mark.parametrize("file", ["incidents.jsonl", "incidents.json"])
    def test_one_record_on_each_line(self, built: Build, file: str) -> None:
        lines = "\n".join(json.dumps(dict(zip(COLUMNS, record, strict=True))) for record in RECORDS)
        assert days(built("\ufeff" + lines + "\n\n", file=file)) == THREE

    def test_lists_of_values_with_their_names_in_the_mapping(self, built: Build) -> None:
        settings = 'records = "data"\nheader = ["Ref", "Kind", "Recorded"]'
        made = built(json.dumps({"meta": {}, "data": RECORDS}), shape(settings), "incidents.json")
        assert days(made) == THREE

    def test_numbers_stay_as_they_are_written(self, built: Build) -> None:
        made = built(
            '[{"Ref":12345678901234567890,"Kind":"Crime","Recorded":1454284800000}]',
            ISO.replace('recorded_on = "Recorded"', 'recorded_on = { from = "Recorded", formats = ["epoch_ms"] }'),
            "incidents.json",
        )
        assert days(made) == ["2016-02-01"]

    def test_half_a_letter_does_no_harm(self, built: Build) -> None:
        record = dict(zip(COLUMNS, RECORDS[0], strict=True)) | {"Ref": "\ud83d"}
        assert built(json.dumps([record]), file="incidents.json").extract.kept == 1

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ('{"data": [{"Ref": 1}]}', "State records = 'data'"),
            ('{"a": {"b": [[1, 2]]}}', "State records = 'a.b'"),
            ('{"error": "no such force"}', "it lacks 'Ref', 'Kind', 'Recorded'"),
            ("[1, 2]", "is not a list of records: number 1 has no named values"),
            ('[{"Ref": 1}, {"Re', "is not valid JSON"),
            ('{"Ref": 1}\n{"Re', "line 2 is no record of its own"),
            ("[" * 100_000, "nests too deeply"),
            ("<html><body>503", "is a web page"),
        ],
    )
    def test_what_holds_no_records(self, workshop: Workshop, content: str, words: str) -> None:
        assert words in refused(workshop, content, file="incidents.json")

    def test_a_path_that_leads_nowhere(self, workshop: Workshop) -> None:
        said = refused(workshop, '{"data": [{"Ref": 1}]}', shape('records = "dat"'), "incidents.json")
        assert "there is no 'dat'. Did you mean 'data'? State records = 'data'" in said


class TestSqlite:
    MAKE = 'create table "odd ""name" (Ref text, Kind, Recorded date)'
    FILL = """insert into "odd ""name" values ('007', 'Crime', '01/02/2016'), (2.0, 'Crime', '02/02/2016'),
        (3, 'Crime', '03/02/2016')"""

    def test_a_table_is_read_as_it_lies(self, workshop: Workshop, built: Build) -> None:
        content = database(workshop.folder / "x.tmp", self.MAKE, self.FILL)
        (workshop.folder / "x.tmp").unlink()
        made = built(content, file="incidents.sqlite")
        assert days(made) == THREE
        written = Workshop(workshop.folder / "csv").add(HEADER + ROWS).build()
        assert made.column("incident", "ref")[0] == written.column("incident", "ref")[0]

    def test_what_has_not_been_put_in_its_place_yet_is_read_too(self, workshop: Workshop) -> None:
        path = workshop.folder / "x.tmp"
        with closing(sqlite3.connect(path)) as base:
            base.execute("pragma journal_mode = wal")
            base.execute(self.MAKE)
            base.execute(self.FILL)
            base.commit()
            journal = (workshop.folder / "x.tmp-wal").read_bytes()
            workshop.add(path.read_bytes(), file="incidents.db")
        (workshop.folder / "incidents.db-wal").write_bytes(journal)
        assert days(workshop.build()) == THREE

    def test_one_of_several_tables(self, workshop: Workshop, built: Build) -> None:
        content = database(workshop.folder / "x.tmp", self.MAKE, self.FILL, "create table notes (a)")
        assert days(built(content, shape("table = 'odd \"name'"), "incidents.db")) == THREE

    def test_a_table_that_is_missing_is_named_with_those_there_are(self, workshop: Workshop) -> None:
        content = database(workshop.folder / "x.tmp", self.MAKE, "create table notes (a)")
        assert "holds 2 tables: 'notes', 'odd \"name'" in refused(workshop, content, file="a.db")
        other = Workshop(workshop.folder / "b")
        assert "has no table 'note'; it has 'notes'" in refused(other, content, shape('table = "note"'), "a.db")

    def test_text_in_another_encoding_is_decoded_or_refused_without_telling_it(
        self, workshop: Workshop, built: Build
    ) -> None:
        fill = """insert into "odd ""name" values (cast(x'4ac3b6' as text), 'Crime', '01/02/2016'),
            (cast(x'4af67267' as text), 'Crime', '02/02/2016')"""
        content = database(workshop.folder / "x.tmp", self.MAKE, fill)
        said = refused(Workshop(workshop.folder / "b"), content, file="a.sqlite")
        assert "cannot be decoded" in said and "State its encoding" in said and "rg" not in said
        assert built(content, shape('encoding = "windows-1252"'), "a.sqlite").extract.kept == 2

    def test_what_is_no_database(self, workshop: Workshop) -> None:
        assert "is not an SQLite database" in refused(workshop, HEADER, file="a.sqlite")
        damaged = b"SQLite format 3\0" + b"x" * 200
        assert "cannot be read as a database" in refused(Workshop(workshop.folder / "b"), damaged, file="a.sqlite")


class TestGeometry:
    HERE = shapely.Point(377412.0, 394023.0)
    POINT = '[point]\ngeometry = "geom"\ncrs = "EPSG:27700"\n'

    @pytest.mark.parametrize(
        "text",
        [
            HERE.wkt,
            HERE.wkb_hex,
            HERE.wkb_hex.lower(),
            "\\\\x" + HERE.wkb_hex,
            f"SRID=27700;{HERE.wkt}",
            shapely.to_wkb(shapely.set_srid(HERE, 27700), hex=True, include_srid=True),
            "POINT Z (377412 394023 12)",
        ],
    )
    def test_a_column_of_points_however_it_is_written(self, built: Build, text: str) -> None:
        made = built(
            f"{HEADER.strip()},geom\n1,Crime,01/02/2016,{text.replace(chr(92) * 2, chr(92))}\n", INCIDENTS + self.POINT
        )
        assert made.rejects == []
        assert made.rows("incident", "easting", "northing") == [(377412.0, 394023.0)]

    def test_what_is_no_point_is_refused_and_what_is_empty_is_not(self, built: Build) -> None:
        rows = ["", "POINT EMPTY", "LINESTRING (0 0, 1 1)", "nowhere"]
        content = "".join(f'{i},Crime,0{i}/02/2016,"{text}"\n' for i, text in enumerate(rows, start=1))
        made = built(f"{HEADER.strip()},geom\n{content}", INCIDENTS + self.POINT)
        assert made.extract.kept == 4
        assert {(line, reason) for line, _c, _v, reason, _w in made.rejects} == {
            (4, "bad_coordinate"),
            (5, "bad_coordinate"),
        }

    def test_points_in_parquet(self, built: Build) -> None:
        frame = pd.DataFrame(RECORDS, columns=COLUMNS).assign(geom=[self.HERE.wkb, None, self.HERE.wkb])
        made = built(parquet(frame), INCIDENTS + self.POINT, "incidents.parquet")
        assert made.column("incident", "easting") == [377412.0, None, 377412.0]

    @pytest.mark.parametrize("file", ["incidents.geojson", "incidents.gpkg", "incidents.parquet"])
    def test_a_layer_of_points_knows_its_own_system(self, workshop: Workshop, file: str) -> None:
        points = gpd.GeoSeries([self.HERE, None, self.HERE], crs="EPSG:27700").to_crs("EPSG:4326")
        layer = gpd.GeoDataFrame(pd.DataFrame(RECORDS, columns=COLUMNS), geometry=points)
        path = workshop.folder / file
        layer.to_parquet(path) if file.endswith("parquet") else layer.to_file(path)
        mapping = INCIDENTS + '[point]\ngeometry = "geometry"\ncrs = "EPSG:27700"\n[file]\nformat = "geo"\n'
        made = workshop.add(path.read_bytes(), mapping, file).build()
        assert days(made) == THREE
        assert made.rejects == []
        eastings = made.column("incident", "easting")
        assert eastings[1] is None
        assert eastings[0] == pytest.approx(377412, abs=0.1)

    def test_one_of_several_layers(self, workshop: Workshop) -> None:
        path = workshop.folder / "a.gpkg"
        layer = gpd.GeoDataFrame(pd.DataFrame(RECORDS, columns=COLUMNS), geometry=[self.HERE] * 3, crs="EPSG:27700")
        layer.to_file(path, layer="records")
        layer.assign(Ref="x").iloc[:1].to_file(path, layer="others")
        content = path.read_bytes()
        assert days(workshop.add(content, shape('table = "records"'), "a.gpkg").build()) == THREE
        said = refused(Workshop(workshop.folder / "b"), content, file="a.gpkg")
        assert "holds 2 layers" in said and "'records'" in said

    def test_outlines_where_points_are_wanted(self, workshop: Workshop) -> None:
        layer = gpd.GeoDataFrame(
            pd.DataFrame(RECORDS, columns=COLUMNS), geometry=[shapely.box(0, 0, 1, 1)] * 3, crs=4326
        )
        layer.to_file(workshop.folder / "a.geojson")
        content = (workshop.folder / "a.geojson").read_bytes()
        mapping = INCIDENTS + '[point]\ngeometry = "geometry"\n'
        assert "not one point for each record" in refused(workshop, content, mapping, "a.geojson")


class TestUnpivot:
    MAPPING = """
source = "test"
table = "area_population"
[unpivot]
columns = ["White", "Mixed"]
into = ["group", "people"]
[columns]
area_code = "Ward"
year = { value = "2021" }
population_group = "group"
n = "people"
base = { value = "census_2021" }
[values.population_group]
"White" = "white"
"Mixed" = "mixed"
"""

    @pytest.fixture
    def files(self, tmp_path: Path) -> dict[str, bytes]:
        rows = [["E05000819", 10, 1], ["E05000820", 20, "x"]]
        header = ["Ward", "White", "Mixed"]
        text = "\n".join(",".join(map(str, row)) for row in [header, *rows]) + "\n"
        return {
            "a.csv": text.encode(),
            "a.xlsx": workbook(header, *rows),
            "a.json": json.dumps([dict(zip(header, row, strict=True)) for row in rows]).encode(),
            "a.parquet": parquet(pd.DataFrame(rows, columns=header).astype("str")),
        }

    @pytest.mark.parametrize("file", ["a.csv", "a.xlsx", "a.json", "a.parquet"])
    def test_columns_side_by_side_become_rows(self, built: Build, files: dict[str, bytes], file: str) -> None:
        made = built(files[file], self.MAPPING, file)
        assert (made.extract.read, made.extract.kept) == (4, 3)
        assert made.rejects == [(3, "people", "x", "bad_number", True)]
        assert adds_up(made.extract)
        assert made.extract.ignored_columns == []

    def test_a_broken_line_counts_once(self, built: Build, files: dict[str, bytes]) -> None:
        made = built(files["a.csv"].replace(b"E05000820,20,x", b"E05000820"), self.MAPPING)
        assert (made.extract.read, made.extract.kept, made.reasons) == (3, 2, {"too_few_columns": 1})

    def test_a_column_that_is_missing_is_said(self, workshop: Workshop) -> None:
        assert "it lacks 'Mixed'" in refused(workshop, "Ward,White\nE05000819,1\n", self.MAPPING)


def test_a_file_that_changes_while_it_is_read_is_refused(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    from hatecrime.extracts import build as module

    real = module.stage

    def slow(*given: Any) -> Any:
        staged = real(*given)
        with (workshop.folder / "incidents.csv").open("a") as stream:
            stream.write("4,Crime,04/02/2016\n")
        return staged

    monkeypatch.setattr(module, "stage", slow)
    said = refused(workshop, HEADER + ROWS)
    assert said == "incidents.csv was changed while it was read; build again once it is complete."


def test_a_file_that_is_only_touched_is_not(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    from hatecrime.extracts import build as module

    real = module.stage

    def slow(*given: Any) -> Any:
        (workshop.folder / "incidents.csv").touch()
        return real(*given)

    monkeypatch.setattr(module, "stage", slow)
    assert days(workshop.add(HEADER + ROWS).build()) == THREE
