"""The register: made on first use, written by many at once, and refusing in words where it cannot be used."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from typer.testing import CliRunner

from hatecrime.cli import app
from hatecrime.register import EVENTS, RegisterError, open_register
from hatecrime.register.models import Base
from hatecrime.settings import default_register, root

EACH = 200
WRITER = """
import sys
from hatecrime.register import open_register
register = open_register(sys.argv[1])
for n in range(int(sys.argv[3])):
    register.note("page", sys.argv[2], "analyst", "/", {}, str(n))
"""


def address(folder: Path) -> str:
    return f"sqlite:///{folder / 'register.sqlite'}"


def test_first_use_makes_the_folder_the_file_and_the_tables(tmp_path: Path) -> None:
    register = open_register(address(tmp_path / "new" / "folder"))
    assert set(inspect(register.engine).get_table_names()) == {
        "access_log",
        "chain_head",
        "decision",
        "alembic_version",
    }
    assert register.last(5) == []


def test_the_migrations_make_the_tables_that_the_models_describe(tmp_path: Path) -> None:
    register = open_register(address(tmp_path))
    with register.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_others_on_the_machine_cannot_read_who_saw_what(tmp_path: Path) -> None:
    open_register(address(tmp_path / "own"))
    assert stat.S_IMODE((tmp_path / "own").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "own" / "register.sqlite").stat().st_mode) == 0o600


def test_what_was_noted_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    open_register(address(tmp_path)).note("page", "a", "analyst", "/", {})
    again = open_register(address(tmp_path))
    again.note("page", "b", "analyst", "/", {})
    assert [entry.subject for entry in again.last(5)] == ["b", "a"]
    assert again.verify().ok


def test_welsh_letters_and_any_other_text_come_back_as_they_were(tmp_path: Path) -> None:
    register = open_register(address(tmp_path))
    filters = {"area": "Tŷ Ddewi", "quarter": "“2016/17” 🙂 \n ' \" --"}
    register.note("page", "siôn@sir.gâr", "partner", "/lle", filters, "ŵ")
    entry = register.last(1)[0]
    assert (entry.subject, entry.page, entry.detail) == ("siôn@sir.gâr", "/lle", "ŵ")
    assert json.loads(entry.filters) == filters
    assert "Tŷ Ddewi" in entry.filters
    assert register.verify().ok


def test_texts_that_no_database_holds_are_mended_and_endless_ones_are_cut(tmp_path: Path) -> None:
    register = open_register(address(tmp_path))
    register.note("refused", "half \ud800", "partner", "zero\0", {"a": "\ud800"}, "x" * 100_000)
    entry = register.last(1)[0]
    assert (entry.subject, entry.page) == ("half ?", "zero")
    assert json.loads(entry.filters) == {"a": "?"}
    assert len(entry.detail) == 1000
    assert register.verify().ok


def test_an_event_of_no_known_kind_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    register = open_register(address(tmp_path))
    with pytest.raises(ValueError, match="none of page, export, sign_in, refused"):
        register.note("look", "a", "analyst", "/", {})  # type: ignore[arg-type]
    assert register.last(1) == []
    assert len(EVENTS) == 4


def test_processes_that_write_at_once_make_one_unbroken_chain(tmp_path: Path) -> None:
    """They open an empty register at once, too."""
    names = ("one", "two", "three")
    command = [sys.executable, "-c", WRITER, address(tmp_path)]
    writers = [subprocess.Popen([*command, name, str(EACH)], cwd=root()) for name in names]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
    register = open_register(address(tmp_path))
    verdict = register.verify()
    assert (verdict.ok, verdict.rows) == (True, len(names) * EACH)
    entries = register.last(verdict.rows)
    assert Counter(entry.subject for entry in entries) == dict.fromkeys(names, EACH)
    assert len({entry.previous_hash for entry in entries}) == len(entries)


@pytest.mark.parametrize("given", ["nonsense", "mysql://host/name", "sqlite://", "sqlite+none:///x"])
def test_an_address_of_another_kind_is_refused_in_words(given: str) -> None:
    with pytest.raises(RegisterError, match="begins with sqlite:/// or postgresql://"):
        open_register(given)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(RegisterError, match=r"needs the Python package psycopg"):
        open_register("postgresql+psycopg://user:secret@host/name")


def test_a_place_where_no_file_can_be_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(RegisterError, match=r"cannot be used: .+\.$"):
        open_register(address(tmp_path / "file"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only to this account")
def test_a_folder_that_is_read_only_is_refused_in_words(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(RegisterError, match="cannot be used: Permission denied"):
        open_register(address(tmp_path))


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "register.sqlite").write_text("these are no tables " * 500)
    with pytest.raises(RegisterError, match="file is not a database"):
        open_register(address(tmp_path))


def test_a_register_taken_away_while_it_is_open_is_missed(tmp_path: Path) -> None:
    register = open_register(address(tmp_path))
    for file in tmp_path.iterdir():
        file.unlink()
    with pytest.raises(RegisterError, match="cannot be used"):
        register.note("page", "a", "analyst", "/", {})


def test_a_register_of_a_later_version_is_refused_in_words(tmp_path: Path) -> None:
    register = open_register(address(tmp_path))
    with register.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RegisterError, match="9999"):
        open_register(address(tmp_path))


def test_the_address_comes_from_the_environment_else_it_is_a_file_in_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HATECRIME_REGISTER_URL", "postgresql://host/name")
    assert default_register() == "postgresql://host/name"
    monkeypatch.delenv("HATECRIME_REGISTER_URL")
    assert default_register() == f"sqlite:///{root() / 'data' / 'register' / 'register.sqlite'}"


# ---- hatecrime log ----


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HATECRIME_REGISTER_URL", address(tmp_path))
    register = open_register()
    for n in range(3):
        register.note("page", "=siôn", "analyst", "/trends", {"area": "W92000004"}, f"view {n}")
    return tmp_path / "register.sqlite"


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["log", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.output


def test_a_whole_log_is_said_to_be_whole_with_an_anchor_that_holds_later(noted: Path) -> None:
    code, said = run("verify")
    assert code == 0
    assert said.startswith("The access log is whole: 3 entries")
    anchor = said.split()[-1]
    open_register().note("page", "later", "analyst", "/", {})
    assert run("verify", "--anchor", anchor)[0] == 0


def test_a_log_made_anew_fails_its_anchor(noted: Path) -> None:
    anchor = run("verify")[1].split()[-1]
    noted.unlink()
    for _n in range(5):
        open_register().note("page", "nobody", "analyst", "/", {})
    assert run("verify")[0] == 0
    assert run("verify", "--anchor", anchor) == (
        1,
        "Entry 3 is not the one that the anchor names: the log was made anew.\n",
    )


def test_a_changed_log_is_said_to_be_changed(noted: Path) -> None:
    with open_register().engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER access_log_is_never_updated")
        connection.exec_driver_sql("UPDATE access_log SET subject = 'x' WHERE id = 2")
    assert run("verify") == (1, "The access log was changed: entry 2 is not as it was written.\n")
    code, said = run("verify", "--json")
    assert code == 1
    assert json.loads(said) == {"ok": False, "rows": 3, "broken": 2, "why": "edited", "anchor": True}


@pytest.mark.parametrize("anchor", ["", "3", "x:" + "0" * 64, "0:" + "0" * 64, "3:short"])
def test_what_is_no_anchor_is_wrong_usage(noted: Path, anchor: str) -> None:
    assert run("verify", "--anchor", anchor)[0] == 2


@pytest.mark.parametrize("command", ["verify", "show"])
def test_a_register_that_is_not_there_is_not_taken_for_an_empty_one(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HATECRIME_REGISTER_URL", address(tmp_path))
    code, said = run(command)
    assert code == 1
    assert said.startswith("There is no register at ")
    assert not (tmp_path / "register.sqlite").exists()


def test_the_newest_entries_are_shown_first_and_no_cell_is_a_formula(noted: Path) -> None:
    code, said = run("show", "--last", "2", "--csv")
    rows = said.splitlines()
    assert code == 0
    assert rows[0] == "id,at,subject,audience,event,page,filters,detail"
    assert [row.split(",")[0] for row in rows[1:]] == ["3", "2"]
    assert ",'=siôn," in rows[1]
    assert "siôn" in run("show")[1]
    assert len(json.loads(run("show", "--json")[1])["entries"]) == 3
