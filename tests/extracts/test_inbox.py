"""A file that somebody sent is kept, listed and built with what is there: all of it, or nothing."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from hatecrime.extracts import inbox
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.inbox import Sent, add, fitting, plain_name, preview
from hatecrime.extracts.mapping_file import find_mapping, read_mapping
from hatecrime.extracts.store import locked
from tests.extracts.workshop import HEADER, INCIDENTS, Workshop

ROWS = HEADER + "1,crime,01/02/2016\n2,non_crime,02/02/2016\n"
REMARK = "# Sent every month by the analyst of the force.\n"
ABROAD = INCIDENTS + '[point]\nx = "X"\ny = "Y"\nmap_crs = "EPSG:26911"\n'


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    path = tmp_path / "scratch" / "sent.csv"
    path.parent.mkdir()
    path.write_text(HEADER + "7,crime,03/02/2016\n8,unheard,03/02/2016\n", encoding="utf-8")
    return Sent(path, path.name, INCIDENTS.replace('"test"', '"other"'))


@pytest.fixture
def loaded(workshop: Workshop) -> Workshop:
    """A folder of one extract, with a remark in its listing."""
    workshop.top = REMARK
    workshop.add(ROWS)
    workshop.build()
    return workshop


def load(sent: Sent, workshop: Workshop, alone: bool = False) -> Any:
    return add(sent, workshop.folder, workshop.store, alone, lambda _share, _what: None)


def entries(folder: Path) -> list[dict[str, Any]]:
    return list(tomllib.loads((folder / "extracts.toml").read_text(encoding="utf-8"))["extract"])


def everything(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def shown(snapshot: str, sql: str) -> tuple[Any, ...]:
    with duckdb.connect(snapshot, read_only=True) as connection:
        return connection.execute(sql).fetchall()[0]


def test_a_file_and_its_mapping_are_kept_listed_and_built(sent: Sent, loaded: Workshop) -> None:
    report = load(replace(sent, received=dt.date(2016, 3, 1)), loaded)
    assert [(e.file, e.read, e.kept) for e in report.extracts] == [("sent.csv", 2, 1)]
    assert (loaded.folder / "sent.csv").read_bytes() == sent.path.read_bytes()
    assert (loaded.folder / "sent.csv").stat().st_mode & 0o077 == 0
    assert (loaded.folder / "sent.toml").read_text(encoding="utf-8") == sent.mapping
    assert entries(loaded.folder)[1] == {
        "file": "sent.csv",
        "mapping": "sent.toml",
        "received": dt.date(2016, 3, 1),
    }
    assert shown(report.snapshot, "select count(*) from incident") == (3,)


def test_what_was_listed_stays_listed_with_its_remarks(sent: Sent, loaded: Workshop) -> None:
    before = (loaded.folder / "extracts.toml").read_text(encoding="utf-8")
    load(sent, loaded)
    assert (loaded.folder / "extracts.toml").read_text(encoding="utf-8").startswith(before)


def test_a_period_that_the_file_is_complete_for_is_listed(sent: Sent, loaded: Workshop) -> None:
    period = (dt.date(2016, 2, 1), dt.date(2016, 2, 29))
    load(replace(sent, complete=period), loaded)
    assert (entries(loaded.folder)[1]["complete_from"], entries(loaded.folder)[1]["complete_to"]) == period


def test_a_file_of_the_same_name_is_never_overwritten(sent: Sent, loaded: Workshop) -> None:
    before = everything(loaded.folder)
    load(replace(sent, name="INCIDENTS.csv"), loaded)
    after = everything(loaded.folder)
    assert after["incidents.csv"] == before["incidents.csv"]
    assert entries(loaded.folder)[1]["file"] == "INCIDENTS-2.csv"


def test_neither_a_mapping_nor_the_listing_is_overwritten_by_a_mapping(sent: Sent, loaded: Workshop) -> None:
    first = (loaded.folder / "0.toml").read_bytes()
    load(replace(sent, name="0.csv"), loaded)
    load(replace(sent, name="extracts.csv"), loaded)
    assert (loaded.folder / "0.toml").read_bytes() == first
    assert [e["mapping"] for e in entries(loaded.folder)] == ["0.toml", "0-2.toml", "extracts-2.toml"]


def test_a_mapping_that_was_not_changed_is_named_and_not_copied(sent: Sent, loaded: Workshop) -> None:
    load(replace(sent, mapping=INCIDENTS, known_as="0.toml"), loaded)
    assert entries(loaded.folder)[1]["mapping"] == "0.toml"
    assert not (loaded.folder / "sent.toml").exists()


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("March 2016 (final).csv", "March 2016 (final).csv"),
        ("C:\\Users\\me\\figures.xlsx", "figures.xlsx"),
        ("../../key", "key"),
        ("a*b[1]?.csv", "a_b_1_.csv"),
        (".hidden", "hidden"),
        ("Trosedd gasineb – Môn.csv", "Trosedd gasineb _ Môn.csv"),
        ("", "file"),
    ],
)
def test_a_name_stays_readable_and_never_leaves_the_folder(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_a_refused_build_leaves_folder_and_store_as_they_were(sent: Sent, loaded: Workshop) -> None:
    before, snapshots = everything(loaded.folder), loaded.snapshots()
    with pytest.raises(ExtractError, match="lacks 'Number'"):
        load(replace(sent, mapping=sent.mapping.replace('"Ref"', '"Number"')), loaded)
    assert everything(loaded.folder) == before
    assert loaded.snapshots() == snapshots


def test_a_visitor_who_leaves_in_the_middle_leaves_nothing_behind(sent: Sent, loaded: Workshop) -> None:
    before, snapshots = everything(loaded.folder), loaded.snapshots()

    def leave(share: float, what: str) -> None:
        if what == "sent.csv":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add(sent, loaded.folder, loaded.store, False, leave)
    assert everything(loaded.folder) == before
    assert loaded.snapshots() == snapshots


def test_of_two_at_once_the_second_is_told_to_wait(sent: Sent, loaded: Workshop) -> None:
    before = everything(loaded.folder)
    with locked(loaded.folder), pytest.raises(ExtractError, match="Wait until it is done"):
        load(sent, loaded)
    assert everything(loaded.folder) == before
    assert load(sent, loaded).extracts[0].kept == 1


def test_while_a_build_is_running_a_file_is_refused_in_words(sent: Sent, loaded: Workshop) -> None:
    before = everything(loaded.folder)
    with locked(loaded.store), pytest.raises(ExtractError, match="Another build"):
        load(sent, loaded)
    assert everything(loaded.folder) == before


def test_a_listing_that_cannot_be_read_is_left_alone(sent: Sent, loaded: Workshop) -> None:
    loaded.listing("[[extract]\nfile =")
    before = everything(loaded.folder)
    with pytest.raises(ExtractError, match="not valid TOML"):
        load(sent, loaded)
    assert everything(loaded.folder) == before


def test_alone_it_replaces_all_records_and_the_old_listing_is_put_aside(sent: Sent, loaded: Workshop) -> None:
    before = (loaded.folder / "extracts.toml").read_bytes()
    report = load(sent, loaded, alone=True)
    assert shown(report.snapshot, "select count(*), min(source) from incident") == (1, "other")
    assert [e["file"] for e in entries(loaded.folder)] == ["sent.csv"]
    assert (loaded.folder / "earlier-extracts.toml").read_bytes() == before
    assert (loaded.folder / "incidents.csv").exists()


def test_the_first_file_stands_on_outlines_and_populations_of_the_sample_and_is_real(
    sent: Sent, tmp_path: Path
) -> None:
    report = add(sent, tmp_path / "new", tmp_path / "store", True, lambda _share, _what: None)
    assert shown(report.snapshot, "select count(*) from incident") == (1,)
    assert shown(report.snapshot, "select count(*) > 20 from area_population") == (True,)
    assert shown(report.snapshot, "select synthetic from snapshot") == (False,)
    assert {e["mapping"] for e in entries(tmp_path / "new")} == {"sample_areas", "sample_populations", "sent.toml"}


def test_added_to_the_sample_every_page_goes_on_saying_that_it_is_made_up(sent: Sent, tmp_path: Path) -> None:
    report = add(sent, tmp_path / "new", tmp_path / "store", False, lambda _share, _what: None)
    assert shown(report.snapshot, "select synthetic from snapshot") == (True,)
    assert shown(report.snapshot, "select count(distinct source) > 1 from incident") == (True,)
    assert len(entries(tmp_path / "new")) == 17


def test_records_that_are_made_up_are_marked(sent: Sent, loaded: Workshop) -> None:
    assert shown(load(sent, loaded).snapshot, "select synthetic from snapshot") == (False,)
    report = load(replace(sent, made_up=True), loaded, alone=True)
    assert shown(report.snapshot, "select synthetic from snapshot") == (True,)


def test_records_from_abroad_do_not_stand_on_outlines_of_another_map(sent: Sent, tmp_path: Path) -> None:
    sent.path.write_text("Ref,Kind,Recorded,X,Y\n1,crime,01/02/2016,-118.24,34.05\n", encoding="utf-8")
    abroad = replace(sent, mapping=ABROAD)
    assert inbox.is_apart(abroad, tmp_path / "new")
    assert not inbox.is_apart(sent, tmp_path / "new")
    report = add(abroad, tmp_path / "new", tmp_path / "store", True, lambda _share, _what: None)
    assert shown(report.snapshot, "select crs from snapshot") == ("EPSG:26911",)
    assert shown(report.snapshot, "select count(*) from area_population") == (0,)
    assert shown(report.snapshot, "select count(easting) from incident") == (1,)


def test_after_records_from_abroad_those_from_here_stand_on_the_outlines_of_the_sample_again(
    sent: Sent, tmp_path: Path
) -> None:
    sent.path.write_text("Ref,Kind,Recorded,X,Y\n1,crime,01/02/2016,382450,395350\n", encoding="utf-8")
    here = replace(sent, mapping=INCIDENTS + '[point]\nx = "X"\ny = "Y"\ncrs = "EPSG:27700"\n')
    there = replace(sent, mapping=ABROAD)
    add(there, tmp_path / "new", tmp_path / "store", True, lambda _share, _what: None)
    assert inbox.is_apart(here, tmp_path / "new")
    report = add(here, tmp_path / "new", tmp_path / "store", True, lambda _share, _what: None)
    assert shown(report.snapshot, "select ward from incident") == ("E05000825",)


def test_a_trial_run_says_what_a_build_would_and_keeps_nothing(sent: Sent, loaded: Workshop) -> None:
    before, snapshots = everything(loaded.folder), loaded.snapshots()
    (trial,) = preview(sent, loaded.folder).extracts
    assert (trial.read, trial.kept, trial.refused) == (2, 1, {"unknown_label": 1})
    assert everything(loaded.folder) == before
    assert loaded.snapshots() == snapshots


def test_a_listing_of_another_shape_is_added_to_as_well(sent: Sent, loaded: Workshop) -> None:
    loaded.listing('extract = [{ file = "incidents.csv", mapping = "0.toml" }]\n')
    load(sent, loaded)
    assert [e["file"] for e in entries(loaded.folder)] == ["incidents.csv", "sent.csv"]


def test_the_mapping_that_was_used_last_time_is_found_by_the_header(loaded: Workshop) -> None:
    (known,) = fitting(("Ref", "Kind", "Recorded", "More"), None, loaded.folder)
    assert (known.name, known.file, known.text) == ("0.toml", "incidents.csv", INCIDENTS)
    assert fitting(("Ref", "Kind"), None, loaded.folder) == ()


def test_without_a_listing_only_a_shipped_mapping_can_fit(tmp_path: Path) -> None:
    header = read_mapping(find_mapping("lapd")).source_columns()
    assert fitting(header, None, tmp_path) == ()
    assert [(k.name, k.file) for k in fitting(header, "lapd", tmp_path)] == [("lapd", None)]
    assert fitting(("Something else",), "lapd", tmp_path) == ()
