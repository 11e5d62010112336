"""Which files are loaded: folders, patterns, the members of zips, and the days for which they are complete."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from hatecrime.extracts.build import check
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.listing import Extract, read_listing
from hatecrime.settings import settings
from tests.extracts.workshop import HEADER, INCIDENTS, Built, Workshop

Build = Callable[..., Built]

ONE, TWO = HEADER + "1,Crime,01/02/2016\n", HEADER + "2,Crime,02/02/2016\n"
STREET = INCIDENTS + '[file]\nmember = "*-street.csv"\n'


def packed(*members: tuple[str, str | bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members:
            zipped.writestr(name, content)
    return archive.getvalue()


def files(built: Built) -> list[str]:
    return [extract.file for extract in built.report.extracts]


def refs(built: Built) -> list[str]:
    return [str(day) for day in built.column("incident", "recorded_on")]


@pytest.fixture
def listed(workshop: Workshop) -> Callable[..., list[Extract]]:
    """The extracts of a folder with two months, an entry of extracts.toml given as text."""
    (workshop.folder / "months" / "more").mkdir(parents=True)
    for name in ("2016-02.csv", "2016-01.csv", ".DS_Store", "Thumbs.db", "more/2015-12.csv"):
        (workshop.folder / "months" / name).write_text(ONE)
    (workshop.folder / "ours.toml").write_text(INCIDENTS)

    def read(entry: str) -> list[Extract]:
        workshop.listing(f'[[extract]]\nmapping = "ours.toml"\n{entry}\n')
        return list(read_listing(workshop.folder).extracts)

    return read


Listed = Callable[..., list[Extract]]


class TestFiles:
    def test_a_folder_is_every_file_directly_in_it_in_order(self, listed: Listed) -> None:
        assert [e.file.name for e in listed('file = "months"')] == ["2016-01.csv", "2016-02.csv"]

    def test_a_pattern_is_every_file_that_fits_in_order(self, listed: Listed) -> None:
        assert [e.file.name for e in listed('file = "**/*.csv"')] == ["2016-01.csv", "2016-02.csv", "2015-12.csv"]

    def test_a_folder_without_files(self, listed: Listed, workshop: Workshop) -> None:
        (workshop.folder / "empty").mkdir()
        with pytest.raises(ExtractError, match="that folder holds no file"):
            listed('file = "empty"')

    def test_the_same_file_by_name_and_by_folder_is_refused(self, listed: Listed) -> None:
        with pytest.raises(ExtractError, match=r"lists 2016-01\.csv twice"):
            listed('file = "months"\n[[extract]]\nfile = "months/2016-01.csv"\nmapping = "ours.toml"')

    def test_the_companions_of_a_shapefile_are_no_files_of_their_own(self, listed: Listed, workshop: Workshop) -> None:
        for name in ("w.shp", "w.shx", "w.dbf", "w.prj", "w.shp.xml"):
            (workshop.folder / "months" / name).touch()
        assert [e.file.name for e in listed('file = "months/w*"')] == ["w.shp"]


class TestDays:
    def test_what_an_extract_is_complete_for(self, listed: Listed) -> None:
        (extract,) = listed('file = "months/*-01.csv"\ncomplete_from = 2016-01-01\ncomplete_to = 2016-01-31')
        assert (extract.complete_from, extract.complete_to) == (dt.date(2016, 1, 1), dt.date(2016, 1, 31))

    @pytest.mark.parametrize(
        ("entry", "words"),
        [
            ("complete_from = 2016-01-01", "needs both complete_from and complete_to"),
            ("complete_to = 2016-01-01", "needs both complete_from and complete_to"),
            ("complete_from = 2016-02-01\ncomplete_to = 2016-01-31", "which lies before it"),
            ('complete_from = "2016-02-01"\ncomplete_to = 2016-02-01', "complete_from in .* must be a date"),
            ("complete = 2016-02-01", "unknown key 'complete'. Did you mean 'complete_to' or 'complete_from'"),
            ("member = 3", "member in .* must be the name of a file"),
        ],
    )
    def test_what_is_not_a_period(self, listed: Listed, entry: str, words: str) -> None:
        with pytest.raises(ExtractError, match=words):
            listed(f'file = "months/2016-01.csv"\n{entry}')

    def test_one_day_is_a_period(self, listed: Listed) -> None:
        assert listed('file = "months/2016-01.csv"\ncomplete_from = 2016-01-01\ncomplete_to = 2016-01-01')


class TestZips:
    def test_each_month_in_its_folder_is_an_extract_of_its_own(self, built: Build) -> None:
        content = packed(
            ("2016-02/2016-02-street.csv", TWO),
            ("2016-01/2016-01-street.csv", ONE),
            ("2016-01/2016-01-outcomes.csv", "x\n"),
            ("__MACOSX/2016-01/._2016-01-street.csv", b"\0"),
        )
        made = built(content, STREET, "archive.zip")
        assert files(made) == ["archive.zip/2016-01/2016-01-street.csv", "archive.zip/2016-02/2016-02-street.csv"]
        assert refs(made) == ["2016-02-01", "2016-02-02"]
        assert made.column("incident", "extract_id") == [1, 2]

    def test_the_listing_may_name_the_members_instead(self, workshop: Workshop) -> None:
        workshop.add(packed(("a.csv", ONE), ("b.csv", TWO)), file="two.zip")
        workshop.listed[0] += 'member = "b.*"\n'
        assert files(workshop.build()) == ["two.zip/b.csv"]

    def test_without_a_pattern_all_members_must_fit(self, workshop: Workshop) -> None:
        assert len(files(workshop.add(packed(("a.csv", ONE), ("b.csv", TWO)), file="two.zip").build())) == 2
        other = Workshop(workshop.folder / "b").add(packed(("a.csv", ONE), ("readme.txt", "Read me")), file="two.zip")
        with pytest.raises(ExtractError, match=r"The header of two\.zip/readme\.txt .* name them with member"):
            other.build()

    def test_a_zip_of_one_file_is_as_good_as_that_file(self, built: Build) -> None:
        assert files(built(packed(("a/b.csv", ONE), (".DS_Store", b"x")), file="one.zip")) == ["one.zip"]

    def test_a_shapefile_comes_with_its_companions(self, workshop: Workshop) -> None:
        layer = gpd.GeoDataFrame(
            {"Ref": ["1"], "Kind": ["Crime"], "Recorded": ["01/02/2016"]},
            geometry=[shapely.Point(377412, 394023)],
            crs="EPSG:27700",
        )
        layer.to_file(workshop.folder / "points.shp")
        parts = [("in/" + p.name.upper(), p.read_bytes()) for p in workshop.folder.glob("points.*")]
        mapping = INCIDENTS + '[point]\ngeometry = "geometry"\ncrs = "EPSG:27700"\n'
        made = workshop.add(packed(*parts), mapping, "points.zip").build()
        assert made.rows("incident", "easting", "northing") == [(377412.0, 394023.0)]

    def test_a_dry_run_opens_every_member(self, workshop: Workshop) -> None:
        workshop.add(packed(("a.csv", ONE), ("b.csv", TWO)), file="two.zip")
        report = check(workshop.folder / "two.zip", str(workshop.folder / "0.toml"))
        assert [(e.file, e.kept) for e in report.extracts] == [("two.zip/a.csv", 1), ("two.zip/b.csv", 1)]


class TestTraps:
    """Zips that cannot or must not be opened."""

    def refused(self, workshop: Workshop, content: bytes, mapping: str = INCIDENTS) -> str:
        with pytest.raises(ExtractError) as error:
            workshop.add(content, mapping, "a.zip").build()
        assert workshop.snapshots() == []
        return str(error.value)

    def test_none_that_fits(self, workshop: Workshop) -> None:
        said = self.refused(workshop, packed(("a.csv", ONE)), STREET)
        assert "a.zip holds no file that fits '*-street.csv'; it holds a.csv." in said

    def test_nothing_in_it(self, workshop: Workshop) -> None:
        assert "a.zip holds no file; it holds nothing" in self.refused(workshop, packed())

    def test_an_empty_member(self, workshop: Workshop) -> None:
        assert "a.zip holds an empty file" in self.refused(workshop, packed(("a.csv", "")))

    @pytest.mark.parametrize("name", ["../../a.csv", "/etc/a.csv", "C:\\a.csv", "x/..\\..\\a.csv"])
    def test_a_name_that_leads_outside(self, workshop: Workshop, name: str) -> None:
        assert "a path that leads outside it" in self.refused(workshop, packed((name, ONE)))
        assert not list(workshop.folder.parent.rglob("a.csv"))

    def test_a_zip_in_a_zip(self, workshop: Workshop) -> None:
        assert "which is packed again" in self.refused(workshop, packed(("b.zip", packed(("a.csv", ONE)))))

    def test_a_password(self, workshop: Workshop) -> None:
        content = bytearray(packed(("a.csv", ONE)))
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            struct.pack_into("<H", content, content.index(signature) + offset, 1)
        assert "a.zip needs a password" in self.refused(workshop, bytes(content))

    def test_cut_short(self, workshop: Workshop) -> None:
        assert "cannot be unpacked" in self.refused(workshop, packed(("a.csv", ONE * 50))[:-30])

    def test_damaged_inside(self, workshop: Workshop) -> None:
        content = bytearray(packed(("a.csv", ONE)))
        content[45] ^= 0xFF
        assert "cannot be unpacked" in self.refused(workshop, bytes(content))

    def test_one_that_grows_beyond_all_bounds(self, workshop: Workshop) -> None:
        said = self.refused(workshop, packed(("a.csv", HEADER + "\n" * 20_000_000)))
        assert "grows to more than 200 times its size" in said

    def test_one_that_holds_more_than_is_allowed(self, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hatecrime.extracts.unpack.settings", lambda: replace(settings(), max_unpacked=60))
        assert "holds more than" in self.refused(workshop, packed(("a.csv", ONE), ("b.csv", TWO)))

    def test_one_that_lies_about_its_size(self, workshop: Workshop) -> None:
        """The list of contents says ten bytes: no more than that is ever taken out, and the sum does not fit."""
        content = bytearray(packed(("a.csv", HEADER + "x" * 5_000)))
        for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
            struct.pack_into("<I", content, content.index(signature) + offset, 10)
        assert "cannot be unpacked" in self.refused(workshop, bytes(content))


def test_a_file_on_its_own_needs_no_listing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ONE)
    (tmp_path / "ours.toml").write_text(INCIDENTS)
    assert check(tmp_path / "a.csv", str(tmp_path / "ours.toml")).extracts[0].kept == 1
