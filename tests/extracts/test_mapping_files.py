"""A mapping or a listing that cannot be used is refused with the file, the key and the closest word that is known."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from hatecrime.extracts import mapping_fields, mapping_file, mapping_parts
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.mapping import FileShape, LookUp, Point, Strands, Unpivot
from hatecrime.extracts.mapping_fields import SETTINGS
from hatecrime.extracts.mapping_file import find_mapping, read_mapping
from hatecrime.extracts.mapping_parts import GOES_WITH
from hatecrime.settings import data_dir
from tests.extracts.workshop import HEADER, INCIDENTS, Workshop

SHIPPED = sorted((data_dir() / "mappings").glob("*.toml"))
DATE = 'recorded_on = { from = "Recorded", formats = ["%d/%m/%Y"] }'


LOOK_UP = '[look_up.kind]\nfile = "codes.csv"\nfrom = "a"\nto = "b"\n'
MERGE = '[record]\nrepeats = "merge"\n[record.take]\n'
REFERRALS = 'source = "test"\ntable = "referral"\n[columns]\nreceived_on = "Received"\n'


def changed(old: str, new: str) -> str:
    assert old in INCIDENTS
    return INCIDENTS.replace(old, new)


def with_date(settings: str) -> str:
    return changed(DATE, f'recorded_on = {{ from = "Recorded", {settings} }}')


REFUSED = {
    "not TOML": ("[", "is not valid TOML"),
    "an unknown setting": ('colour = "red"\n' + INCIDENTS, "the mapping 'colour' is not a setting that is known"),
    "an unknown table": (changed('"incident"', '"incidents"'), "Did you mean 'incident'?"),
    "a table of the engine's own": (changed('"incident"', '"reject"'), "'reject' is not a table that extracts fill"),
    "no source": (changed('source = "test"', ""), 'needs source = "…"'),
    "an unknown column": (INCIDENTS + 'chanel = "How"\n', "[columns] 'chanel' is not a column of the table. Did you"),
    "a column the engine fills": (INCIDENTS + 'strand_mask = "X"\n', "'strand_mask' is not a column of the table"),
    "no required column": (changed('kind = "Kind"', ""), "[columns] lacks kind, without which no record can be kept"),
    "an unknown setting of a column": (with_date('format = "%d"'), "'format' is not a setting that is known. Did"),
    "both a column and a constant": (INCIDENTS + 'channel = { from = "A", value = "b" }\n', "needs either from"),
    "neither": (INCIDENTS + "channel = {}\n", "needs either from"),
    "an empty source column": (INCIDENTS + 'channel = ""\n', "channel from must name a source column"),
    "a date in words": (with_date('formats = ["dd/mm/yyyy"]'), "'dd/mm/yyyy' is not a way of writing dates"),
    "a date code nobody knows": (with_date('formats = ["%Q"]'), "'%Q' is not a way of writing dates"),
    "a clock nobody knows": (with_date('timezone = "Europe/Lodnon"'), "Did you mean 'Europe/London'"),
    "a precision": (with_date('precision = "week"'), "precision = 'week' is not known"),
    "lengths that do not fit": (with_date("first = [10, 4]"), "first needs one number for each column"),
    "a length in words": (with_date('first = "ten"'), "first must be a number of characters"),
    "a code nobody knows": (INCIDENTS + '[values.kind]\n"A" = "crim"\n', "kind.csv. Did you mean 'crime'"),
    "a number for a code": (INCIDENTS + '[values.kind]\n"Crime" = 1\n', "[values.kind] Crime must be a text"),
    "labels of no column": (INCIDENTS + '[values.kinds]\n"a" = "crime"\n', "Did you mean 'kind'?"),
    "labels of a date": (INCIDENTS + '[values.recorded_on]\n"a" = "b"\n', "'recorded_on' has no labels to translate"),
    "a constant nobody knows": (INCIDENTS + 'channel = { value = "pigeon" }\n', "is not in data/codes/channel.csv"),
    "strands from nowhere": (INCIDENTS + "[strands]\n", "[strands] needs from"),
    "nothing to split at": (INCIDENTS + '[strands]\nfrom = "A"\nsplit = ""\n', "split must name the character"),
    "half a point": (INCIDENTS + '[point]\nx = "X"\n', "[point] needs y"),
    "a precision of places": (INCIDENTS + '[point]\nx = "X"\ny = "Y"\nprecision = "exacty"\n', "Did you mean 'exact'?"),
    "a delimiter of two": (INCIDENTS + '[file]\ndelimiter = ";;"\n', "must be one character"),
    "a format of files": (INCIDENTS + '[file]\nformat = "xlsx"\n', 'must be one of "csv", "excel"'),
    "a rule for repeats": (INCIDENTS + '[record]\nrepeats = "fold"\n', 'must be "refuse", "keep" or "merge"'),
    "yes in words": (INCIDENTS + 'channel = { from = "A", optional = "yes" }\n', "optional must be true or false"),
    "a choice of one": (INCIDENTS + 'channel = { from = "A", coalesce = true }\n', "coalesce needs several columns"),
    "one and several": (INCIDENTS + 'channel = { from = "A", first_of = ";", split = ";" }\n', "state one of them"),
    "one of a list": (REFERRALS + 'needs = { from = "A", first_of = ";" }\n', "holds a list"),
    "words for no flag": (INCIDENTS + 'channel = { from = "A", contains = ["a"] }\n', "is not yes or no, so contains"),
    "words that are empty": (INCIDENTS + 'online = { from = "A", contains = ["a", ""] }\n', "none of them may be"),
    "words of no kind": (INCIDENTS + 'online = { from = "A", equals = [] }\n', "equals must name a word"),
    "two kinds of words": (INCIDENTS + 'online = { from = "A", contains = "a", equals = "b" }\n', "both contains and"),
    "words beside yes": (INCIDENTS + 'online = { from = "A", equals = "b", true = "b" }\n', "decided by the words of"),
    "a part nobody knows": (INCIDENTS + 'online = { from = "A", date_part = "hours" }\n', "Did you mean 'hour'?"),
    "a part of a date's date": (with_date('date_part = "day"'), "is a date itself"),
    "a part without a question": (INCIDENTS + 'online = { from = "A", date_part = "day" }\n', "needs equals beside it"),
    "a part in figures": (INCIDENTS + 'online = { from = "A", date_part = "day", equals = "08" }\n', "write equals ="),
    "an hour without one": (
        INCIDENTS + 'online = { from = "A", date_part = "hour", formats = "%d/%m/%Y", equals = "8" }\n',
        "which the format '%d/%m/%Y' does not have",
    ),
    "formats of no date": (INCIDENTS + 'channel = { from = "A", formats = "%d" }\n', "neither a date nor part of one"),
    "a count nobody knows": (with_date('formats = ["epoch_s"]'), "Did you mean 'epoch_ms' or 'epoch'?"),
    "a constant of a column": (INCIDENTS + 'channel = { value = "officer", split = ";" }\n', "is a constant"),
    "a name without a place": (INCIDENTS + 'ward = { from = "A", by = "name" }\n', "needs within beside by"),
    "a place without a name": (INCIDENTS + 'ward = { from = "A", within = "E08000009" }\n', "goes with by = "),
    "a name of no area": (INCIDENTS + 'channel = { from = "A", by = "name", within = "E0" }\n', "is not a level of"),
    "a way to know areas": (INCIDENTS + 'ward = { from = "A", by = "nmae" }\n', "Did you mean 'name'?"),
    "a parent below": (INCIDENTS + 'district = { from = "A", by = "name", within = "ward" }\n', "a level above dist"),
    "a parent from nowhere": (INCIDENTS + 'ward = { from = "A", by = "name", within = "force" }\n', "needs that"),
    "flags of no strand": (INCIDENTS + '[strands]\nflags = { "A" = "rcae" }\n', "Did you mean 'race'?"),
    "flags in a row": (INCIDENTS + '[strands]\nflags = ["A"]\n', "[strands.flags] must say which column"),
    "flags that are split": (INCIDENTS + '[strands]\nflags = { A = "race" }\nsplit = ";"\n', "split goes with from"),
    "two places": (INCIDENTS + '[point]\nx = "X"\ny = "Y"\ngeometry = "G"\n', "state one of them"),
    "no place": (INCIDENTS + '[point]\ncrs = "EPSG:27700"\n', "[point] needs x"),
    "thousands of nothing": (INCIDENTS + '[point]\npostcode = "P"\nthousands = ","\n', "thousands goes with x and y"),
    "squares in words": (INCIDENTS + '[point]\npostcode = "P"\nsnap = "100"\n', "snap must be a number of metres"),
    "a sheet of text": (INCIDENTS + '[file]\nformat = "csv"\nsheet = "A"\n', "sheet has no meaning for format"),
    "two quotation marks": (INCIDENTS + "[file]\nquote = '\"\"'\n", "quote = '\"\"' must be one character"),
    "a mark of two uses": (INCIDENTS + '[file]\nquote = ";"\ndelimiter = ";"\n', "quote and delimiter are both ';'"),
    "lines to skip": (INCIDENTS + "[file]\nskip = -1\n", "skip must be a number of lines"),
    "a header twice": (INCIDENTS + '[file]\nheader = ["Ref", "Ref"]\n', "header names 'Ref' twice"),
    "a header without it": (INCIDENTS + '[file]\nheader = ["Ref", "Kind"]\n', "header lacks 'Recorded'"),
    "another name of nothing": (INCIDENTS + '[headers]\n"Recordde" = ["Day"]\n', "Did you mean 'Recorded'?"),
    "no other name": (INCIDENTS + '[headers]\n"Recorded" = []\n', "'Recorded' needs another spelling"),
    "a name of two columns": (INCIDENTS + '[headers]\nRef = "Kind"\nKind = "K"\n', "and a column of its own"),
    "nothing wanted": (INCIDENTS + '[only]\n"A" = []\n', "lists no value"),
    "rows from nothing": (INCIDENTS + '[unpivot]\ninto = ["a", "b"]\n', "[unpivot] needs columns"),
    "rows into one": (INCIDENTS + '[unpivot]\ncolumns = ["A"]\ninto = ["b"]\n', "[unpivot] needs into"),
    "rows into a column": (INCIDENTS + '[unpivot]\ncolumns = ["A"]\ninto = ["A", "b"]\n', "a column of the file"),
    "rows that are columns": (INCIDENTS + '[unpivot]\ncolumns = ["Ref"]\ninto = ["a", "b"]\n', "nothing else can read"),
    "rows for nobody": (INCIDENTS + '[unpivot]\ncolumns = ["A"]\ninto = ["a", "b"]\n', "but nothing reads them"),
    "codes of no column": (INCIDENTS + LOOK_UP.replace("kind", "chanel"), "[look_up] 'chanel' is not a column under"),
    "codes that are labels": (INCIDENTS + LOOK_UP.replace('"b"', '"a"'), "from and to are both 'a'"),
    "codes without a file": (INCIDENTS + LOOK_UP.replace("file", "flie"), "Did you mean 'file'?"),
    "codes in no header": (INCIDENTS + LOOK_UP + 'header = ["a", "c"]\n', "reads 'b', which header does not list"),
    "rows to merge by nothing": (
        changed('ref = "Ref"\n', "") + '[record]\nrepeats = "merge"\n',
        "needs ref under [columns]",
    ),
    "a choice without merging": (INCIDENTS + '[record.take]\nkind = "last"\n', 'goes with repeats = "merge" only'),
    "a choice of no column": (INCIDENTS + MERGE + 'online = "any"\n', "'online' is not a column under [columns]"),
    "a choice nobody knows": (INCIDENTS + MERGE + 'kind = "lats"\n', "Did you mean 'latest' or 'last'?"),
    "the latest word": (INCIDENTS + MERGE + 'kind = "latest"\n', 'kind = "latest" needs a date'),
    "any of a date": (INCIDENTS + MERGE + 'recorded_on = "any"\n', "needs yes or no"),
    "all of a date": (INCIDENTS + MERGE + 'recorded_on = "all"\n', "needs a list"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_mapping_is_refused_for(tmp_path: Path, case: str) -> None:
    text, said = REFUSED[case]
    path = tmp_path / "ours.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExtractError) as error:
        read_mapping(path)
    assert "ours.toml" in str(error.value)
    assert said in str(error.value)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_mapping_can_be_read_and_says_what_it_is(path: Path) -> None:
    mapping = read_mapping(path)
    assert mapping.name == path.stem
    assert mapping.title != mapping.name


@pytest.mark.parametrize("path", [p for p in SHIPPED if not p.stem.startswith("sample_")], ids=lambda path: path.stem)
def test_every_worked_example_says_where_its_file_is_published(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for heading in ("# File", "# Published", "# Licence", "# Caveats"):
        assert heading in text


WHOLE = """
title = "Everything at once"
source = "test"
table = "incident"
[file]
format = "excel"
skip = 3
sheet = "Data"
empty = ["-"]
[headers]
"Recorded" = ["Day", "DATE_REC"]
[only]
"Measure" = ["Count", ""]
[unpivot]
columns = ["Racist", "Faith"]
into = ["Strand", "Number"]
[columns]
ref = "Ref"
kind = "Kind"
recorded_on = { from = ["Recorded", "Sent"], coalesce = true, formats = ["excel", "%d/%m/%Y"] }
online = { from = "Keywords", contains = ["Internet"] }
night_time = { from = "Time", date_part = "hour", formats = ["%H:%M"], equals = ["23", "0"] }
crime_type = { from = "Offences", first_of = ";" }
district = "District"
ward = { from = "Ward", by = "name", within = "district" }
[strands]
from = "Strand"
flags = { "Trans" = "transgender", "Old" = ["age", "other_strand"] }
[look_up.strand]
file = "codes.csv"
from = "code"
to = "label"
[point]
geometry = "geom"
postcode = "Postcode"
snap = 100
[record]
repeats = "merge"
[record.take]
online = "any"
recorded_on = "earliest"
"""


def test_every_setting_of_a_mapping_is_read(tmp_path: Path) -> None:
    path = tmp_path / "whole.toml"
    path.write_text(WHOLE, encoding="utf-8")
    mapping = read_mapping(path)
    assert (mapping.file.format, mapping.file.skip, mapping.file.sheet) == ("excel", 3, "Data")
    assert mapping.headers == {"Recorded": ("Day", "DATE_REC")}
    assert mapping.only == {"Measure": ("count", "")}
    assert mapping.unpivot == Unpivot(("Racist", "Faith"), ("Strand", "Number"))
    assert mapping.strands == Strands(("Strand",), (), {"Trans": ("transgender",), "Old": ("age", "other_strand")})
    assert mapping.files == {"strand": LookUp("codes.csv", "code", "label", FileShape(), tmp_path)}
    assert mapping.point == Point(geometry="geom", postcode="Postcode", snap=100)
    assert (mapping.repeats, mapping.take) == ("merge", {"online": "any", "recorded_on": "earliest"})
    read = {"Measure", "Strand", "Trans", "Old", "Sent", "geometry x", "geometry y", "Postcode"}
    assert read <= set(mapping.source_columns())


def test_a_mapping_is_found_by_name_or_path_and_a_wrong_name_is_answered_with_the_closest(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(INCIDENTS, encoding="utf-8")
    assert find_mapping("fbi").stem == "fbi"
    assert find_mapping("own.toml", beside=tmp_path) == own
    assert find_mapping(str(own)) == own
    with pytest.raises(ExtractError, match=r"There is no mapping 'lpad'.*Did you mean 'lapd'"):
        find_mapping("lpad")


def test_a_mapping_is_found_with_the_end_of_its_name_or_without_and_missed_once() -> None:
    assert find_mapping("fbi.toml") == find_mapping("fbi")
    with pytest.raises(ExtractError, match=r"'our\.toml': neither a file of that path nor data/mappings/our\.toml\."):
        find_mapping("our.toml")
    with pytest.raises(ExtractError, match=r"'/nowhere/our\.toml': no file has that path\.$"):
        find_mapping("/nowhere/our.toml")


def test_a_mapping_of_ones_own_may_be_called_like_a_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "fbi.toml"
    own.write_text(INCIDENTS, encoding="utf-8")
    assert find_mapping("fbi.toml", beside=tmp_path) == own
    assert find_mapping("fbi", beside=tmp_path) != own


ENTRY = "[[extract]]\nfile = 'incidents.csv'\nmapping = '0.toml'\n"
LISTINGS = {
    "not TOML": ("[[extract]", "is not valid TOML"),
    "nothing listed": ("synthetic = true\n", "lists no file"),
    "single brackets": (ENTRY.replace("[[extract]]", "[extract]"), "in two pairs of brackets"),
    "no mapping": ("[[extract]]\nfile = 'incidents.csv'\n", "needs file"),
    "an unknown setting": (ENTRY + "recieved = 2016-01-01\n", "'recieved'. Did you mean 'received'?"),
    "a day in quotation marks": (ENTRY + "received = '2016-01-01'\n", "must be a date such as 2017-04-30"),
    "a file that is not there": (ENTRY.replace("incidents", "incident"), "'incident.csv', but there is no such file"),
    "a pattern that fits none": (ENTRY.replace("incidents.csv", "*.txt"), "'*.txt', but there is no such file"),
    "one file twice": (ENTRY + ENTRY, "lists incidents.csv twice"),
    "synthetic in words": ("synthetic = 'yes'\n" + ENTRY, "synthetic in"),
    "a system nobody knows": ("crs = 'grid'\n" + ENTRY, "'grid' of the snapshot is not known"),
    "a system that is no text": ("crs = 27700\n" + ENTRY, "must be a text"),
}  # fmt: skip


@pytest.mark.parametrize("case", LISTINGS)
def test_a_listing_is_refused_for(workshop: Workshop, case: str) -> None:
    text, said = LISTINGS[case]
    workshop.add(HEADER).listed.clear()
    with pytest.raises(ExtractError) as error:
        workshop.listing(text).build()
    assert said in str(error.value)


def test_a_folder_without_a_listing_is_refused_with_an_example(workshop: Workshop) -> None:
    with pytest.raises(ExtractError, match=r"There is no .*extracts\.toml\. Write one") as error:
        workshop.build()
    assert "[[extract]]" in str(error.value)


def test_one_pattern_lists_many_files_in_order(workshop: Workshop) -> None:
    workshop.add(HEADER + "1,Crime,01/02/2016\n", file="b.csv").add(HEADER, file="a.csv").listed.clear()
    made = workshop.listing(ENTRY.replace("incidents.csv", "*.csv")).build()
    assert [e.file for e in made.report.extracts] == ["a.csv", "b.csv"]


def test_the_guide_explains_every_setting_and_names_every_shipped_mapping() -> None:
    guide = (data_dir().parent / "docs" / "mappings.md").read_text(encoding="utf-8")
    settings = {*mapping_file.SECTIONS, *SETTINGS, *GOES_WITH}
    for module in (mapping_file, mapping_fields, mapping_parts):
        reader = Path(inspect.getfile(module)).read_text(encoding="utf-8")
        groups = re.findall(r"\{((?:\s*\"\w+\",?)+)\s*[,}]", reader)
        settings |= {word for group in groups for word in re.findall(r"\w+", group)}
    assert {"formats", "zeros", "map_crs", "repeats", "empty", "flags", "geometry", "take", "sheet"} <= settings
    assert [
        s for s in sorted(settings) if f"`{s}`" not in guide and f"`[{s}]`" not in guide and f"`[{s}.…]`" not in guide
    ] == []
    assert [p.stem for p in SHIPPED if not p.stem.startswith("sample_") and f"`{p.stem}`" not in guide] == []


def test_the_first_mapping_of_the_guide_works(workshop: Workshop) -> None:
    guide = (data_dir().parent / "docs" / "mappings.md").read_text(encoding="utf-8")
    rows, mapping = re.findall(r"```(?:toml)?\n(.*?)```", guide, flags=re.DOTALL)[:2]
    made = workshop.add(rows, mapping).build()
    assert made.rows("incident", "kind", "crime_type", "easting", "strand_mask") == [
        ("crime", "public_order", 377412, 1)
    ]
    assert made.extract.ignored_columns == ["Officer in the case"]
