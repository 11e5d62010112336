"""Adding a file on the Data page: seen, corrected, tried and loaded, in words throughout."""

from __future__ import annotations

import os
import tempfile
import time
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from hatecrime.extracts.build import build
from hatecrime.extracts.store import locked
from hatecrime.settings import MEGABYTE, root, settings
from hatecrime.ui import upload_view
from tests.extracts.workshop import Workshop
from tests.pages.looking import asked, figures

DATA = "pages/about/data.py"
HEADER = "Reference no,Crime or incident,Reported on,Motivation,X coordinate,Y coordinate,Officer in the case\n"
STRANDS = ("Homophobic", "Ableism", "Transphobic", "Homophobic")
DAYS = [f"{day:02}/04/2016" for day in range(1, 20)] + ["31/02/2016"]
UNMAPPED = HEADER + "".join(
    f"A{n},{'Crime' if n % 3 else 'Non-crime incident'},{day},{STRANDS[n % 4]},377412,39402{n % 10},PC {n} Example\n"
    for n, day in enumerate(DAYS)
)
WITHOUT_KIND = "Ref,Logged,Motive\n" + "".join(f"{n},{n % 28 + 1:02}/03/2016,Homophobic\n" for n in range(60))
WITHOUT_DAY = "Ref,Born,Motive\n" + "".join(f"{n},{n % 28 + 1:02}/03/1986,Homophobic\n" for n in range(60))
UNKNOWN = "What “Ableism” means"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A folder of extracts and a store of their own, with one small snapshot."""
    workshop = Workshop(tmp_path)
    workshop.add("Ref,Kind,Recorded\n1,crime,01/02/2016\n2,crime,02/02/2016\n").build()
    monkeypatch.setenv("HATECRIME_EXTRACTS", str(workshop.folder))
    monkeypatch.setenv("HATECRIME_STORE", str(workshop.store))
    return workshop.folder, workshop.store


@pytest.fixture
def page(places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.chdir(root())
    return AppTest.from_file(str(root() / "dashboard.py"), default_timeout=60).run().switch_page(DATA).run()


def sent(page: AppTest, content: str = UNMAPPED, name: str = "anyshire.csv") -> AppTest:
    page.file_uploader[0].set_value((name, content.encode(), "text/csv"))
    return page.run()


def labelled(elements: Any, label: str) -> Any:
    (found,) = [element for element in elements if element.label == label]
    return found


def press(page: AppTest, label: str) -> AppTest:
    return labelled(page.button, label).click().run()


def has(page: AppTest, label: str) -> bool:
    return any(element.label == label for element in [*page.button, *page.selectbox])


def said(page: AppTest) -> str:
    """All words of the page that are no figures of its other parts."""
    return "\n".join(
        str(each.value) for each in [*page.markdown, *page.caption, *page.error, *page.info, *page.success]
    ).replace("\\", "")


def listed(folder: Path) -> list[dict[str, Any]]:
    return list(tomllib.loads((folder / "extracts.toml").read_text(encoding="utf-8"))["extract"])


def test_the_page_says_what_becomes_of_a_file_before_one_is_sent(page: AppTest) -> None:
    assert not page.exception
    assert "before anything is kept" in said(page)
    assert not has(page, "Load the file")


def test_a_file_is_tried_before_anything_is_kept(page: AppTest, places: tuple[Path, Path]) -> None:
    before = sorted(path.name for path in places[0].iterdir())
    sent(page)
    assert not page.exception
    assert "20 rows read: 19 would be kept, 1 refused." in said(page)
    assert "5 more values would be left empty" in said(page)
    assert sorted(path.name for path in places[0].iterdir()) == before
    assert len(list(places[1].glob("*.duckdb"))) == 1


def test_what_looks_personal_is_not_shown_and_not_stored(page: AppTest) -> None:
    sent(page)
    assert labelled(page.selectbox, "What the column “Officer in the case” is").value == ""
    assert "PC 1 Example" not in said(page)


def test_a_corrected_label_counts_after_it_is_checked_again(page: AppTest) -> None:
    sent(page)
    labelled(page.multiselect, UNKNOWN).set_value(["disability"]).run()
    assert "Check it again before you load the file." in said(page)
    assert not has(page, "Load the file")
    press(page, "Check again")
    assert "more values would be left empty" not in said(page)
    assert has(page, "Load the file")


def test_a_label_can_mean_nothing_on_purpose(page: AppTest) -> None:
    sent(page)
    labelled(page.multiselect, UNKNOWN).set_value([""]).run()
    press(page, "Check again")
    assert "more values would be left empty" not in said(page)


def test_a_label_can_mean_two_strands(page: AppTest, places: tuple[Path, Path]) -> None:
    sent(page)
    labelled(page.multiselect, UNKNOWN).set_value(["disability", "race"]).run()
    press(press(page, "Check again"), "Load the file")
    assert not page.exception
    for strand in ("disability", "race"):
        assert asked(places[1], f"select count(*) from incident_strand where strand = '{strand}'") == (5,)


def test_that_every_label_has_a_meaning_is_said_only_after_a_dry_run(page: AppTest) -> None:
    sent(page)
    labelled(page.multiselect, UNKNOWN).set_value(["disability"]).run()
    assert "Every label" not in said(page)
    press(page, "Check again")
    assert "Every label has a meaning." in said(page)
    labelled(page.selectbox, "What the column “Motivation” is").set_value("").run()
    assert "Every label" not in said(page)


def test_the_page_shows_the_new_snapshot_without_a_restart(page: AppTest, places: tuple[Path, Path]) -> None:
    sent(page)
    labelled(page.multiselect, UNKNOWN).set_value(["disability"]).run()
    press(press(page, "Check again"), "Load the file")
    assert not page.exception
    assert "The new snapshot is shown: 19 records of “anyshire”." in said(page)
    assert figures(page)["Rows read"] == "22"
    assert asked(places[1], "select count(*) from incident") == (21,)
    assert asked(places[1], "select count(*) from incident_strand where strand = 'disability'") == (5,)
    assert [entry["file"] for entry in listed(places[0])] == ["incidents.csv", "anyshire.csv"]


def test_nothing_of_a_file_stays_aside_once_it_is_loaded(
    page: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "aside").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "aside"))
    sent(page)
    assert len(list((tmp_path / "aside").iterdir())) == 1
    press(page, "Load the file")
    assert list((tmp_path / "aside").iterdir()) == []


def test_what_a_killed_server_left_aside_is_removed_after_a_day(
    page: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name, age in (("old", 25), ("new", 1)):
        (tmp_path / f"hatecrime-upload-{name}").mkdir()
        os.utime(tmp_path / f"hatecrime-upload-{name}", (time.time() - age * 3600,) * 2)
    sent(page)
    assert not (tmp_path / "hatecrime-upload-old").exists()
    assert (tmp_path / "hatecrime-upload-new").exists()


def test_a_file_can_start_alone(page: AppTest, places: tuple[Path, Path]) -> None:
    sent(page)
    labelled(page.radio, "What is shown then").set_value("alone").run()
    press(page, "Load the file")
    assert asked(places[1], "select count(*) from incident") == (19,)
    assert [entry["file"] for entry in listed(places[0])] == ["anyshire.csv"]


def test_a_file_sent_again_is_offered_the_mapping_of_last_time(page: AppTest, places: tuple[Path, Path]) -> None:
    press(sent(page), "Load the file")
    sent(page, UNMAPPED.replace("Homophobic", "Transphobic"), "anyshire_june.csv")
    assert not page.exception
    ways = labelled(page.selectbox, "Read it").options
    assert ways[0].startswith("As anyshire.csv of ")
    press(page, "Load the file")
    assert listed(places[0])[-1] == listed(places[0])[-2] | {"file": "anyshire_june.csv"}
    assert asked(places[1], "select count(*) from incident where source = 'anyshire'") == (19,)


def test_another_reading_than_that_of_last_time_can_be_chosen(page: AppTest) -> None:
    press(sent(page), "Load the file")
    sent(page, name="again.csv")
    labelled(page.selectbox, "Read it").set_value(upload_view.PROPOSED).run()
    assert not page.exception
    assert has(page, "What the column “Reference no” is")


def test_a_column_that_is_needed_and_was_not_recognised_is_asked_for(page: AppTest) -> None:
    sent(page, WITHOUT_DAY)
    assert "A column is needed for “Day the record was made”." in said(page)
    labelled(page.selectbox, "What the column “Born” is").set_value("recorded_on").run()
    assert not page.exception
    assert "A column is needed" not in said(page)


@pytest.mark.parametrize(
    ("day", "ways"),
    [
        ("{:02}/03/2016", ("%d/%m/%Y",)),
        ("{:02}.03.2016", ("%d.%m.%Y",)),
        ("2016-03-{:02}", ("%Y-%m-%d",)),
    ],
)
def test_a_day_chosen_by_hand_is_read_as_its_values_are_written(page: AppTest, day: str, ways: tuple[str]) -> None:
    text = "Ref,Date recorded,Seen,Motive\n" + "".join(
        f"{n},2016-04-01,{day.format(n % 28 + 1)},Homophobic\n" for n in range(60)
    )
    sent(page, text)
    labelled(page.selectbox, "What the column “Date recorded” is").set_value("").run()
    labelled(page.selectbox, "What the column “Seen” is").set_value("recorded_on").run()
    assert labelled(page.selectbox, "How “Seen” writes 23 June 2016").value == ways
    press(page, "Check again")
    assert "60 rows read: 60 would be kept, 0 refused." in said(page)
    assert "values would be left empty" not in said(page)


@pytest.mark.parametrize(
    ("cells", "crs"), [("3774{n:02},3940{n:02}", "EPSG:27700"), ("-2.35{n:02},53.44{n:02}", "EPSG:4326")]
)
def test_coordinates_chosen_by_hand_are_measured_as_their_range_says(page: AppTest, cells: str, crs: str) -> None:
    text = "Ref,Date recorded,Motive,Log no,Case no\n" + "".join(
        f"{n},2016-04-01,Homophobic,{cells.format(n=n)}\n" for n in range(60)
    )
    sent(page, text)
    labelled(page.selectbox, "What the column “Log no” is").set_value("point.x").run()
    labelled(page.selectbox, "What the column “Case no” is").set_value("point.y").run()
    assert labelled(page.selectbox, "What the coordinates are measured in").value == crs
    press(page, "Check again")
    assert "60 rows read: 60 would be kept, 0 refused." in said(page)


def test_what_no_column_says_is_the_same_for_every_row(page: AppTest, places: tuple[Path, Path]) -> None:
    sent(page, WITHOUT_KIND.replace("Logged", "Date recorded"))
    labelled(page.selectbox, "“Crime or non-crime incident” is in no column, so every row is").set_value("non_crime")
    press(press(page.run(), "Check again"), "Load the file")
    assert asked(places[1], "select count(*) from incident where kind = 'non_crime'") == (60,)


def test_two_columns_cannot_be_the_same_thing(page: AppTest) -> None:
    sent(page)
    labelled(page.selectbox, "What the column “Officer in the case” is").set_value("ref").run()
    assert "cannot both be" in said(page)
    assert not has(page, "Load the file")


def test_a_period_needs_two_days(page: AppTest) -> None:
    sent(page)
    labelled(page.date_input, "Complete from").set_value(date(2016, 4, 1)).run()
    assert "A period needs both its first and its last day." in said(page)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("", "empty.csv", "empty"),
        ("PK\x03\x04 broken", "book.xlsx", "book.xlsx"),
        ("{", "broken.json", "broken.json"),
        ("\x00\x01\x02\x03", "noise.csv", "noise.csv"),
    ],
)
def test_a_broken_file_is_refused_in_words(page: AppTest, content: str, name: str, words: str) -> None:
    sent(page, content, name)
    assert not page.exception
    assert any(words in error.value.replace("\\", "") for error in page.error)
    assert not has(page, "Load the file")


def test_while_another_build_runs_the_file_waits_and_nothing_is_lost(page: AppTest, places: tuple[Path, Path]) -> None:
    sent(page)
    before = listed(places[0])
    with locked(places[1]):
        press(page, "Load the file")
    assert "everything is as it was before" in said(page)
    assert "Wait until it is done" in said(page)
    assert listed(places[0]) == before
    press(page, "Load the file")
    assert "The new snapshot is shown" in said(page)


def test_what_was_shown_from_another_folder_cannot_be_added_to(
    page: AppTest, places: tuple[Path, Path], tmp_path: Path
) -> None:
    elsewhere = Workshop(tmp_path / "elsewhere")
    elsewhere.add("Ref,Kind,Recorded\n1,crime,01/02/2016\n", file="other.csv")
    elsewhere.build()
    build(elsewhere.folder, places[1])
    upload_view.look_again()
    sent(page)
    assert labelled(page.radio, "What is shown then").options == ["This file alone"]


def test_places_without_outlines_are_shown_as_bars(page: AppTest) -> None:
    """A file from anywhere can be loaded, so a map cannot be counted on."""
    places_only = "Ref,Kind,Date recorded,Ward\n" + "".join(
        f"{n},crime,{n % 28 + 1:02}/03/2016,{'E05000825' if n % 3 else 'E05000830'}\n" for n in range(60)
    )
    sent(page, places_only)
    labelled(page.radio, "What is shown then").set_value("alone").run()
    press(page, "Load the file")
    page.switch_page("pages/spot/hotspots.py").run()
    assert not page.exception
    assert page.get("vega_lite_chart")


def test_only_an_analyst_can_add_a_file(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(upload_view, "detail", shown.append)
    for audience in ("partner", "public"):
        monkeypatch.setattr(upload_view, "gate", _with_audience(audience))
        upload_view.draw()
    assert shown == []


def _with_audience(audience: str) -> Callable[[], Any]:
    class Someone:
        pass

    someone = Someone()
    someone.audience = audience  # type: ignore[attr-defined]
    return lambda: someone


@pytest.mark.parametrize("name", ["lang", "show"])
def test_welsh_and_a_meeting_show_it_without_a_fault(page: AppTest, name: str) -> None:
    page.session_state[name] = {"lang": "cy", "show": "meeting"}[name]
    sent(page)
    assert not page.exception


def test_the_server_takes_as_much_as_the_settings_say() -> None:
    config = tomllib.loads((root() / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["maxUploadSize"] * MEGABYTE == settings().max_upload
