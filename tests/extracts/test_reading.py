"""What is read, line by line: every record is kept, refused or folded, and nothing is dropped in silence."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.repair import empty_lines, with_open_quotes_cut, with_plain_line_ends
from tests.extracts.workshop import HEADER, INCIDENTS, Built, Workshop
from tests.shared_data import adds_up

Build = Callable[..., Built]

THREE = "1,Crime,01/02/2016\n2,Crime,02/02/2016\n3,Crime,03/02/2016\n"
THREE_DAYS = ["2016-02-01", "2016-02-02", "2016-02-03"]
WITH_CHANNEL = INCIDENTS + 'channel = "Channel"\n'


def days(built: Built) -> list[str]:
    return [str(day) for day in built.column("incident", "recorded_on")]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(HEADER + THREE, id="plain"),
        pytest.param((HEADER + THREE).rstrip("\n"), id="no line end at the end"),
        pytest.param("\ufeff" + HEADER + THREE, id="byte-order mark"),
        pytest.param((HEADER + THREE).replace("\n", "\r\n"), id="line ends of Windows"),
        pytest.param((HEADER + THREE).replace("\n", "\r"), id="line ends of an old Macintosh"),
        pytest.param((HEADER + THREE).replace("2016\n2", "2016\r\n2"), id="mixed line ends"),
        pytest.param(HEADER + THREE.replace("\n", "\n\n"), id="empty lines between"),
        pytest.param(HEADER.replace("Kind", '"Kind"') + THREE.replace("Crime", '"Crime"'), id="quoted"),
        pytest.param(HEADER + THREE.replace("Crime", " Crime "), id="spaces around values"),
        pytest.param(HEADER.upper().replace(",", " , ") + THREE, id="header in capitals with spaces"),
        pytest.param("Extra,Ref,Kind,Recorded\nx," + THREE.replace("\n", "\nx,").removesuffix("x,"), id="other order"),
    ],
)
def test_the_same_three_records_in_whatever_way_they_are_written(built: Build, content: str) -> None:
    made = built(content)
    assert days(made) == THREE_DAYS
    assert (made.extract.read, made.extract.kept, made.rejects) == (3, 3, [])


@pytest.mark.parametrize("encoding", ["windows-1252", "latin-1", "utf-16"])
def test_other_encodings_are_read_where_the_mapping_states_them(built: Build, encoding: str) -> None:
    mapping = INCIDENTS + f'[values.kind]\n"Évènement" = "non_crime"\n[file]\nencoding = "{encoding}"\n'
    made = built((HEADER + "1,Évènement,01/02/2016\n").encode(encoding), mapping)
    assert made.column("incident", "kind") == ["non_crime"]


def test_a_stated_delimiter_and_spellings_of_no_value(built: Build) -> None:
    mapping = WITH_CHANNEL + '[file]\ndelimiter = ";"\nempty = ["NA", "not known"]\n'
    made = built("Ref;Kind;Recorded;Channel\nNA;Crime;01/02/2016;Not Known\n", mapping)
    assert made.rows("incident", "ref", "channel") == [(None, None)]
    assert made.rejects == []


def test_a_header_without_records_is_no_fault(built: Build) -> None:
    made = built(HEADER)
    assert (made.extract.read, made.extract.kept, days(made)) == (0, 0, [])
    assert made.column("snapshot", "data_to") == [None]


def test_a_zip_of_one_file_is_opened(built: Build) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("folder/incidents.csv", HEADER + THREE)
    assert days(built(packed.getvalue(), file="incidents.zip")) == THREE_DAYS


@pytest.mark.parametrize("name", ["a*b.csv", "a?b.csv", "incidents [1].csv", "digwyddiadau ŵ 100%.csv", "it's.csv"])
def test_a_name_is_a_name_and_no_pattern(workshop: Workshop, name: str) -> None:
    (workshop.folder / "axb.csv").write_text(HEADER + THREE)
    (workshop.folder / "incidents 1.csv").write_text(HEADER + THREE)
    workshop.add(HEADER + "9,Crime,09/02/2016\n", file=name)
    workshop.listed = [f'[[extract]]\nfile = "{name}"\nmapping = "0.toml"\n']
    assert days(workshop.build()) == ["2016-02-09"]


def test_a_quoted_line_break_belongs_to_its_record(built: Build) -> None:
    made = built("Ref,Note,Kind,Recorded\n" + '1,"two\nlines",Crime,01/02/2016\n2,one,Crime,31/31/2016\n')
    assert (made.extract.read, made.extract.kept) == (2, 1)
    assert made.rejects == [(3, "Recorded", "31/31/2016", "bad_date", True)]


class TestBrokenLines:
    def test_a_short_and_a_long_row_are_refused_by_their_line(self, built: Build) -> None:
        made = built(HEADER + "1,Crime\n2,Crime,02/02/2016\n3,Crime,03/02/2016,more,still more\n")
        assert days(made) == ["2016-02-02"]
        assert [(line, reason, whole) for line, _c, _v, reason, whole in made.rejects] == [
            (2, "too_few_columns", True),
            (4, "too_many_columns", True),
        ]

    def test_a_file_cut_short_loses_its_last_row_only(self, built: Build) -> None:
        made = built((HEADER + THREE)[: -len("/02/2016\n") - 3])
        assert days(made) == THREE_DAYS[:2]
        assert made.reasons == {"too_few_columns": 1}

    def test_an_open_quotation_mark_costs_its_own_line_only(self, built: Build) -> None:
        made = built(HEADER + THREE.replace("2,Crime", '2,"Crime'))
        assert days(made) == ["2016-02-01", "2016-02-03"]
        assert made.rejects == [(3, "Ref", None, "bad_quotes", True)]

    def test_so_it_does_where_line_ends_are_mixed_too(self, built: Build) -> None:
        made = built(HEADER + THREE.replace("2,Crime", '2,"Crime').replace("2016\n3", "2016\r\n3"))
        assert days(made) == ["2016-02-01", "2016-02-03"]
        assert made.reasons == {"bad_quotes": 1}

    def test_text_after_a_closing_quotation_mark_is_refused(self, built: Build) -> None:
        made = built(HEADER + '1,"Crime"x,01/02/2016\n2,Crime,02/02/2016\n')
        assert days(made) == ["2016-02-02"]
        assert made.reasons == {"bad_quotes": 1}

    def test_a_stray_byte_costs_its_own_line_only(self, built: Build) -> None:
        records = b"".join(b"%d,Crime,01/02/2016\n" % n for n in range(1, 301))
        made = built(HEADER.encode() + records + b"\xe9,Crime,01/02/2016\n")
        assert (made.extract.read, made.extract.kept) == (301, 300)
        assert [(r[0], r[3]) for r in made.rejects] == [(302, "bad_encoding")]

    def test_a_line_too_long_for_a_record_is_refused(self, built: Build) -> None:
        made = built(HEADER + "1,Crime," + "x" * 3_000_000 + "\n2,Crime,02/02/2016\n")
        assert days(made) == ["2016-02-02"]
        assert made.reasons == {"long_line": 1}

    def test_lines_after_broken_and_empty_ones_keep_their_number(self, built: Build) -> None:
        made = built(HEADER + "\n1,Crime,01/02/2016\n2\n\n\n3,Crime,32/01/2016\n4,Crime,04/02/2016\n5\n6,Crime,x\n")
        assert made.column("incident", "line") == [3, 8]
        assert [(line, reason) for line, _c, _v, reason, _w in made.rejects] == [
            (4, "too_few_columns"),
            (7, "bad_date"),
            (9, "too_few_columns"),
            (10, "bad_date"),
        ]


class TestWholeFilesRefused:
    """A sentence that says what, where and how to mend it."""

    def refused(self, content: bytes | str, mapping: str = INCIDENTS, file: str = "incidents.csv") -> str:
        with TemporaryDirectory() as folder:
            workshop = Workshop(Path(folder)).add(content, mapping, file)
            with pytest.raises(ExtractError) as error:
                workshop.build()
            assert workshop.snapshots() == []
        return str(error.value)

    def test_an_empty_file(self) -> None:
        assert self.refused(b"") == "incidents.csv is empty (0 bytes). Ask for it to be sent again."

    def test_a_file_whose_first_line_is_empty(self) -> None:
        assert "incidents.csv has no header" in self.refused("\n" + HEADER)

    def test_the_wrong_encoding(self) -> None:
        said = self.refused((HEADER + "1,Crime,01/02/2016\né,Crime,01/02/2016\n").encode("cp1252"))
        assert "incidents.csv is not written in UTF-8: see line 3" in said
        assert 'encoding = "windows-1252"' in said

    def test_the_wrong_encoding_in_the_header(self) -> None:
        assert "see line 1" in self.refused((HEADER + "1,Crime,01/02/2016\n").encode("utf-16"))

    def test_an_encoding_that_is_stated_and_wrong(self) -> None:
        said = self.refused(HEADER + "é,Crime,01/02/2016\n", INCIDENTS + '[file]\nencoding = "ascii"\n')
        assert "not written in ascii" in said

    def test_an_encoding_nobody_knows(self) -> None:
        assert "'klingon', which is not known" in self.refused(HEADER, INCIDENTS + '[file]\nencoding = "klingon"\n')

    def test_a_workbook_that_is_called_csv(self) -> None:
        said = self.refused(b"PK\x03\x04 and so on")
        assert 'incidents.csv is a workbook, not CSV. State format = "excel" in the mapping' in said

    def test_a_header_that_fits_another_mapping(self) -> None:
        said = self.refused("Ref,Kynd,Recorded\n")
        assert "The header of incidents.csv does not fit the mapping '0': it lacks 'Kind'." in said
        assert "Did you mean 'Kynd'?" in said
        assert "Its columns are: 'Ref', 'Kynd', 'Recorded'." in said

    def test_a_header_with_another_delimiter(self) -> None:
        assert "seem to be separated by ';'" in self.refused(HEADER.replace(",", ";"))

    def test_a_zip_that_is_damaged(self) -> None:
        assert "cannot be unpacked" in self.refused(b"PK\x03\x04 no", file="incidents.zip")

    def test_a_map_layer_that_is_none(self) -> None:
        assert "cannot be read as a map layer" in self.refused("{", INCIDENTS, "incidents.geojson")


class TestRepair:
    """The copies that are made of files the parser cannot follow."""

    def cut(self, folder: Path, content: str) -> list[list[str]]:
        path = folder / "file.csv"
        path.write_text(content, encoding="utf-8", newline="")
        copy = with_open_quotes_cut(path, ",", 3, folder)
        return list(csv.reader(io.StringIO(copy.read_text(encoding="utf-8"), newline="")))

    def test_whole_records_stay_as_they_are(self, tmp_path: Path) -> None:
        whole = 'a,b,c\n1,"two\nlines",3\n4,"a ""quoted"" word",6\n7,8 "stray,9\n'
        path = tmp_path / "file.csv"
        path.write_text(whole, encoding="utf-8")
        assert with_open_quotes_cut(path, ",", 3, tmp_path).read_text(encoding="utf-8") == whole

    def test_each_open_line_becomes_one_faulty_record(self, tmp_path: Path) -> None:
        rows = self.cut(tmp_path, 'a,b,c\n1,"2,3\n4,"5",6\n7,8,"9\n10,11,12\n')
        assert [row[0] for row in rows] == ["a", "x", "4", "x", "10"]

    def test_line_ends_are_made_alike_across_blocks(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hatecrime.extracts.repair.BLOCK", 2)
        path = tmp_path / "file.csv"
        path.write_bytes(b"a\r\nb\rc\n\r\nd")
        assert with_plain_line_ends(path, tmp_path).read_bytes() == b"a\nb\nc\n\nd"

    def test_empty_lines_are_numbered_as_records_are(self, tmp_path: Path) -> None:
        path = tmp_path / "file.csv"
        path.write_text('a,b\n\n1,"x\n\ny"\n\n2,2\n', encoding="utf-8")
        assert empty_lines(path, ",") == [2, 4]


CELLS = st.text(alphabet='ab1/ ,;"é\n', max_size=6)
LINES = st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=8)
RAW = st.lists(st.sampled_from(["1,Crime,01/02/2016", "2,Crime", "", '3,"Crime,01/02/2016', "4,x,y,z,w", '"",,', ",,"]))
ENDS = st.sampled_from(["\n", "\r\n"])


@settings(max_examples=25, deadline=None)
@given(lines=RAW, ends=st.lists(ENDS, min_size=12, max_size=12), bom=st.booleans())
def test_whatever_is_broken_every_line_is_accounted_for(lines: list[str], ends: list[str], bom: bool) -> None:
    """Each line is one record here, so the number read is the number of lines that are not empty."""
    content = "\ufeff" * bom + HEADER + "".join(line + ends[i % 12] for i, line in enumerate(lines))
    with TemporaryDirectory() as folder:
        made = Workshop(Path(folder)).add(content).build()
    assert adds_up(made.extract)
    assert made.extract.read == sum(line != "" for line in lines)
    assert made.reasons.get("bad_quotes", 0) == lines.count('3,"Crime,01/02/2016')


@settings(max_examples=25, deadline=None)
@given(rows=LINES, encoding=st.sampled_from(["utf-8", "cp1252", "utf-8-sig"]))
def test_well_written_records_are_all_read_whatever_stands_in_them(rows: list[list[str]], encoding: str) -> None:
    rows = [row for row in rows if row != [""]]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([HEADER.strip().split(","), *rows])
    mapping = INCIDENTS + ('[file]\nencoding = "windows-1252"\n' if encoding == "cp1252" else "")
    with TemporaryDirectory() as folder:
        made = Workshop(Path(folder)).add(text.getvalue().encode(encoding), mapping).build()
    assert adds_up(made.extract)
    assert made.extract.read == len(rows)


@settings(max_examples=25, deadline=None)
@given(body=st.binary(max_size=60))
def test_any_bytes_at_all_are_loaded_or_refused_with_a_sentence(body: bytes) -> None:
    with TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder)).add(HEADER.encode() + body)
        try:
            assert adds_up(workshop.build().extract)
        except ExtractError as error:
            assert "incidents.csv" in str(error)
