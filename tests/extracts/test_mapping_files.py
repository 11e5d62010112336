"""A mapping or a listing that cannot be used is refused with the file, the key and the closest word that is known."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.mapping_file import find_mapping, read_mapping
from hatecrime.settings import data_dir
from tests.extracts.workshop import HEADER, INCIDENTS, Workshop

SHIPPED = sorted((data_dir() / "mappings").glob("*.toml"))
DATE = 'recorded_on = { from = "Recorded", formats = ["%d/%m/%Y"] }'


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
    "a format of files": (INCIDENTS + '[file]\nformat = "xlsx"\n', 'must be "csv" or "geo"'),
    "a rule for repeats": (INCIDENTS + '[record]\nrepeats = "fold"\n', 'must be "refuse" or "keep"'),
    "yes in words": (INCIDENTS + 'channel = { from = "A", optional = "yes" }\n', "optional must be true or false"),
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


def test_a_mapping_is_found_by_name_or_path_and_a_wrong_name_is_answered_with_the_closest(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(INCIDENTS, encoding="utf-8")
    assert find_mapping("fbi").stem == "fbi"
    assert find_mapping("own.toml", beside=tmp_path) == own
    assert find_mapping(str(own)) == own
    with pytest.raises(ExtractError, match=r"There is no mapping 'lpad'.*Did you mean 'lapd'"):
        find_mapping("lpad")


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
    "a folder": (ENTRY.replace("incidents.csv", "."), "'.', but there is no such file"),
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
    reader = Path(inspect.getfile(read_mapping)).read_text(encoding="utf-8")
    settings = {
        word for group in re.findall(r"\{((?:\s*\"\w+\",?)+)\s*\}", reader) for word in re.findall(r"\w+", group)
    }
    assert {"formats", "zeros", "map_crs", "repeats", "empty"} <= settings
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
