"""Decisions about places: added and never changed, the last one in force, the earlier ones kept."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy.exc import DatabaseError, IntegrityError

from hatecrime.register import Register, RegisterError, open_register
from hatecrime.register.decisions import KINDS, Decision, decide, history, in_force
from hatecrime.register.engine import _config, connect_to, writing
from hatecrime.settings import root

EACH = 100
WRITER = """
import sys
from hatecrime.register import open_register
from hatecrime.register.decisions import decide
register = open_register(sys.argv[1])
for n in range(int(sys.argv[3])):
    decide(register, sys.argv[2], f"place {n}", "2016-Q2", "It stands out.", "watch", note=str(n))
"""


def address(folder: Path) -> str:
    return f"sqlite:///{folder / 'register.sqlite'}"


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return open_register(address(tmp_path))


def decided(register: Register, key: str = "ward:E05000829", **more: object) -> Decision:
    given = {"subject": "siôn", "quarter": "2016-Q2", "what": "Stretford stands out.", "decision": "training"}
    return decide(register, key=key, **{**given, **more})  # type: ignore[arg-type]


class TestWhatIsDecided:
    def test_a_decision_comes_back_as_it_was_written(self, register: Register) -> None:
        made = decided(register, note="Tŷ’r ysgol “🙂”", owner="Community safety", due=date(2016, 9, 30))
        assert made == Decision(
            1,
            made.at,
            "siôn",
            "ward:E05000829",
            "2016-Q2",
            "Stretford stands out.",
            "training",
            "Tŷ’r ysgol “🙂”",
            "Community safety",
            date(2016, 9, 30),
        )
        assert in_force(register) == history(register, "ward:E05000829") == [made]
        assert made.at.endswith("Z")
        assert made.at[:4].isdigit()

    def test_note_owner_and_day_may_be_left_out(self, register: Register) -> None:
        made = decided(register)
        assert (made.note, made.owner, made.due) == ("", "", None)

    def test_before_anything_is_decided_nothing_is_in_force(self, register: Register) -> None:
        assert in_force(register) == in_force(register, ["a"]) == in_force(register, []) == []
        assert history(register, "a") == []

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_kind_can_be_decided(self, register: Register, kind: str) -> None:
        assert decided(register, decision=kind).decision == kind

    def test_another_kind_is_refused_and_nothing_is_written(self, register: Register) -> None:
        with pytest.raises(ValueError, match="none of training, centre"):
            decided(register, decision="forget")
        assert in_force(register) == []


class TestTheLastHolds:
    def test_a_later_decision_replaces_an_earlier_one_which_is_kept(self, register: Register) -> None:
        first, other, last = decided(register, "a"), decided(register, "b"), decided(register, "a", decision="none")
        assert in_force(register) == [last, other]
        assert history(register, "a") == [last, first]
        assert history(register, "b") == [other]

    def test_it_is_the_order_of_writing_and_not_the_quarter_that_counts(self, register: Register) -> None:
        decided(register, "a", quarter="2016-Q4")
        corrected = decided(register, "a", quarter="2016-Q1")
        assert in_force(register, ["a"]) == [corrected]

    def test_only_the_named_entries_are_told_each_once(self, register: Register) -> None:
        a, _b, c = (decided(register, key) for key in "abc")
        assert in_force(register, ["a", "c", "a", "unheard of"]) == [c, a]

    def test_more_entries_can_be_named_than_one_statement_takes(self, register: Register) -> None:
        made = decided(register, "n39999")
        assert in_force(register, (f"n{n}" for n in range(40_000))) == [made]

    def test_keys_are_told_apart_letter_by_letter(self, register: Register) -> None:
        lower, upper, odd = decided(register, "a"), decided(register, "A"), decided(register, "a' or '1'='1")
        assert in_force(register, ["a"]) == [lower]
        assert history(register, "A") == [upper]
        assert history(register, "a' or '1'='1") == [odd]


class TestNothingIsChanged:
    @pytest.mark.parametrize("change", ["UPDATE decision SET note = 'x'", "DELETE FROM decision"])
    def test_the_database_refuses_to_change_or_delete_a_decision(self, register: Register, change: str) -> None:
        made = decided(register)
        with pytest.raises((DatabaseError, IntegrityError), match="never changed"), writing(register.engine) as own:
            own.exec_driver_sql(change)
        assert in_force(register) == [made]

    def test_decisions_leave_the_access_log_alone(self, register: Register) -> None:
        register.note("page", "a", "analyst", "/hotspots", {})
        decided(register)
        register.note("page", "a", "analyst", "/hotspots", {})
        assert (register.verify().ok, register.verify().rows) == (True, 2)

    def test_processes_that_decide_at_once_lose_nothing(self, tmp_path: Path) -> None:
        """They open an empty register at once, too."""
        start = [sys.executable, "-c", WRITER, address(tmp_path)]
        writers = [subprocess.Popen([*start, name, str(EACH)], cwd=root()) for name in ("one", "two")]
        assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
        register = open_register(address(tmp_path))
        found = [each for n in range(EACH) for each in history(register, f"place {n}")]
        assert {each.id for each in found} == set(range(1, 2 * EACH + 1))
        assert {(each.subject, each.note) for each in found} == {
            (w, str(n)) for w in ("one", "two") for n in range(EACH)
        }
        assert len(in_force(register)) == EACH


class TestTexts:
    def test_endless_texts_are_cut_and_impossible_ones_mended(self, register: Register) -> None:
        made = decided(register, note="x" * 5000, what="half \ud800", owner=" zero\0 ")
        assert (len(made.note), made.what, made.owner) == (1000, "half ?", "zero")
        assert history(register, made.key) == [made]

    @pytest.mark.parametrize("key", ["", "k" * 201, "zero\0", "half \ud800"])
    def test_a_key_is_never_cut_as_two_would_become_one(self, register: Register, key: str) -> None:
        with pytest.raises(ValueError, match="a key is a text of 1 to 200 characters"):
            decided(register, key)
        assert in_force(register) == []

    @pytest.mark.parametrize("quarter", ["", "q" * 17])
    def test_a_quarter_is_a_short_text(self, register: Register, quarter: str) -> None:
        with pytest.raises(ValueError, match="a quarter is a text of 1 to 16 characters"):
            decided(register, quarter=quarter)


class TestARegisterOfTheVersionBefore:
    @pytest.fixture
    def before(self, tmp_path: Path) -> Path:
        """One with the access log only, and entries in it."""
        engine = connect_to(address(tmp_path))
        with writing(engine) as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
        for n in range(3):
            Register(engine).note("page", f"user {n}", "analyst", "/", {"area": "W92000004"})
        engine.dispose()
        return tmp_path

    def test_it_is_brought_up_to_date_and_its_log_stays_whole(self, before: Path) -> None:
        earlier = Register(connect_to(address(before)))
        entries, verdict = earlier.last(5), earlier.verify()
        register = open_register(address(before))
        assert register.last(5) == entries
        assert register.verify() == verdict
        assert (verdict.ok, verdict.rows) == (True, 3)
        assert decided(register).id == 1
        register.note("page", "later", "analyst", "/", {})
        assert (register.verify().ok, register.verify().rows) == (True, 4)

    def test_the_log_still_refuses_to_be_changed(self, before: Path) -> None:
        register = open_register(address(before))
        with pytest.raises(DatabaseError, match="never changed"), writing(register.engine) as connection:
            connection.exec_driver_sql("DELETE FROM access_log")


class TestWhereItCannotBeWritten:
    def test_a_register_taken_away_is_missed_in_words(self, register: Register, tmp_path: Path) -> None:
        for file in tmp_path.iterdir():
            file.unlink()
        for use in (lambda: decided(register), lambda: in_force(register), lambda: history(register, "a")):
            with pytest.raises(RegisterError, match="cannot be used"):
                use()

    def test_one_that_another_keeps_locked_is_refused_in_words(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("hatecrime.register.engine.BUSY_SECONDS", 0.1)
        register, other = (open_register(address(tmp_path)) for _n in range(2))
        with writing(other.engine), pytest.raises(RegisterError, match="database is locked"):
            decided(register)
        assert decided(register).id == 1
