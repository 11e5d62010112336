"""Whatever is done to a row of the log behind the back of the dashboard, the verifier finds it and says what it was."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from hatecrime.register import Entry, Register, RegisterError, open_register
from hatecrime.register.chain import ORIGIN, Head, digest, explain, first_fault

ROWS = 9
COLUMNS = [name for name in Entry._fields if name != "id"]
TRIGGERS = ("access_log_is_never_updated", "access_log_is_never_deleted")
TRIGGERS += ("chain_head_only_advances", "chain_head_is_never_deleted")


def opened(file: Path) -> Register:
    return open_register(f"sqlite:///{file}")


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of nine rows, without what refuses changes, as an intruder would leave it."""
    file = tmp_path_factory.mktemp("written") / "register.sqlite"
    register = opened(file)
    for n in range(1, ROWS + 1):
        register.note("page", f"person {n % 3}", "analyst", "/trends", {"area": "E08000009"}, f"view {n}")
    # Closed, it is all in one file, which can be copied.
    register.engine.dispose()
    with sqlite3.connect(file) as raw:
        for trigger in TRIGGERS:
            raw.execute(f"DROP TRIGGER {trigger}")
    raw.close()
    return file


@pytest.fixture
def file(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(written, tmp_path / "register.sqlite"))


def tamper(file: Path, *statements: str) -> tuple[int | None, str | None]:
    """Run SQL on the file past the dashboard; gives what the verifier then says."""
    with sqlite3.connect(file) as raw:
        for statement in statements:
            raw.execute(statement)
    raw.close()
    verdict = opened(file).verify()
    return verdict.broken, verdict.why


def test_a_log_that_nobody_touched_is_whole(file: Path) -> None:
    verdict = opened(file).verify()
    assert verdict.ok
    assert (verdict.rows, verdict.broken, verdict.why) == (ROWS, None, None)
    assert verdict.last_hash == opened(file).last(1)[0].hash


def test_an_empty_log_is_whole(tmp_path: Path) -> None:
    verdict = opened(tmp_path / "new.sqlite").verify()
    assert verdict.ok
    assert (verdict.rows, verdict.last_hash) == (0, ORIGIN)


def test_a_log_of_one_row_is_whole_until_the_row_is_taken(tmp_path: Path) -> None:
    register = opened(tmp_path / "one.sqlite")
    register.note("sign_in", "a", "partner", "", {})
    assert register.verify().ok
    dropped = [f"DROP TRIGGER {trigger}" for trigger in TRIGGERS]
    assert tamper(tmp_path / "one.sqlite", *dropped, "DELETE FROM access_log") == (1, "removed")


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("row", [1, 5, ROWS])
def test_an_edited_row_is_named(file: Path, row: int, column: str) -> None:
    broken, why = tamper(file, f"UPDATE access_log SET {column} = 'other' WHERE id = {row}")
    assert (broken, why) == (row, "edited")


@pytest.mark.parametrize("value", ["x'00ff'", "17", "''"])
def test_a_value_of_another_kind_is_an_edit_and_no_crash(file: Path, value: str) -> None:
    assert tamper(file, f"UPDATE access_log SET detail = {value} WHERE id = 4") == (4, "edited")


@pytest.mark.parametrize("row", [1, 5, ROWS])
def test_a_removed_row_is_named(file: Path, row: int) -> None:
    assert tamper(file, f"DELETE FROM access_log WHERE id = {row}") == (row, "removed")


def test_a_removed_row_is_named_though_the_others_are_numbered_anew(file: Path) -> None:
    closed = "UPDATE access_log SET id = id - 1 WHERE id > 5"
    assert tamper(file, "DELETE FROM access_log WHERE id = 5", closed) == (5, "removed")


def test_a_log_cut_off_at_its_end_is_found(file: Path) -> None:
    assert tamper(file, "DELETE FROM access_log WHERE id > 6") == (7, "removed")


def test_a_log_that_was_emptied_is_found(file: Path) -> None:
    assert tamper(file, "DELETE FROM access_log") == (1, "removed")


@pytest.mark.parametrize(("one", "other"), [(4, 5), (1, 2), (2, 8), (1, ROWS)])
def test_rows_that_changed_places_are_found(file: Path, one: int, other: int) -> None:
    swap = [f"UPDATE access_log SET id = {a} WHERE id = {b}" for a, b in ((-1, one), (one, other), (other, -1))]
    assert tamper(file, *swap) == (one, "reordered")


def insert(row: Entry) -> str:
    return f"INSERT INTO access_log VALUES {tuple(row)!r}"


MADE_UP = Entry(0, "2026-01-01T00:00:00.000000Z", "nobody", "analyst", "page", "/", "{}", "")


def test_a_row_put_in_between_is_found(file: Path) -> None:
    room = ["UPDATE access_log SET id = -id - 1 WHERE id > 4", "UPDATE access_log SET id = -id WHERE id < 0"]
    assert tamper(file, *room, insert(MADE_UP._replace(id=5, hash="0" * 64))) == (5, "inserted")


def test_a_row_put_in_between_with_a_hash_that_fits_is_found(file: Path) -> None:
    before = next(entry for entry in opened(file).last(ROWS) if entry.id == 4)
    row = MADE_UP._replace(id=5, previous_hash=before.hash).sealed()
    room = ["UPDATE access_log SET id = -id - 1 WHERE id > 4", "UPDATE access_log SET id = -id WHERE id < 0"]
    assert tamper(file, *room, insert(row)) == (5, "inserted")


def test_a_row_put_at_the_end_with_a_hash_that_fits_is_found(file: Path) -> None:
    last = opened(file).last(1)[0]
    row = MADE_UP._replace(id=ROWS + 1, previous_hash=last.hash).sealed()
    assert tamper(file, insert(row)) == (ROWS + 1, "inserted")


@pytest.mark.parametrize("number", [0, -3])
def test_a_row_put_before_the_first_is_found(file: Path, number: int) -> None:
    assert tamper(file, insert(MADE_UP._replace(id=number).sealed())) == (number, "inserted")


@pytest.mark.parametrize("row", [1, 5, ROWS])
def test_an_edited_row_with_a_new_hash_of_its_own_is_found(file: Path, row: int) -> None:
    entry = next(each for each in opened(file).last(ROWS) if each.id == row)
    made = entry._replace(subject="somebody else").sealed()
    broken = tamper(file, f"UPDATE access_log SET subject = 'somebody else', hash = '{made.hash}' WHERE id = {row}")
    assert broken == (row, "edited")


def test_a_head_that_was_set_back_does_not_hide_a_removed_row(file: Path) -> None:
    set_back = f"UPDATE chain_head SET rows = {ROWS - 1}"
    assert tamper(file, set_back, f"DELETE FROM access_log WHERE id = {ROWS}") == (ROWS - 1, "edited")


def test_a_log_without_its_head_is_not_whole(file: Path) -> None:
    with pytest.raises(RegisterError, match="chain_head has lost its row"):
        tamper(file, "DELETE FROM chain_head")


def test_a_log_made_anew_is_whole_in_itself_and_only_an_anchor_shows_it(tmp_path: Path, written: Path) -> None:
    register = opened(tmp_path / "anew.sqlite")
    for _n in range(ROWS):
        register.note("page", "nobody", "analyst", "/", {})
    assert register.verify().ok
    assert register.hash_of(ROWS) != opened(written).hash_of(ROWS)
    assert register.hash_of(ROWS + 1) is None


@pytest.mark.parametrize("statement", ["UPDATE access_log SET page = 'x'", "DELETE FROM access_log"])
def test_the_database_itself_refuses_to_change_the_log(tmp_path: Path, statement: str) -> None:
    opened(tmp_path / "r.sqlite").note("page", "a", "analyst", "/", {})
    raw = sqlite3.connect(tmp_path / "r.sqlite")
    with pytest.raises(sqlite3.DatabaseError, match="never changed"):
        raw.execute(statement)
    with pytest.raises(sqlite3.DatabaseError, match="only advances"):
        raw.execute("UPDATE chain_head SET rows = 0")
    raw.close()


# ---- any single change, tried on chains in memory ----

Tampering = Callable[[list[Entry]], list[Entry]]


def chain(texts: list[str]) -> tuple[list[Entry], Head]:
    entries: list[Entry] = []
    for n, text in enumerate(texts, start=1):
        before = entries[-1].hash if entries else ORIGIN
        entries.append(MADE_UP._replace(id=n, detail=text, previous_hash=before).sealed())
    return entries, Head(len(entries), entries[-1].hash if entries else ORIGIN)


texts = st.lists(st.text(max_size=5), min_size=1, max_size=8)


@st.composite
def tampered(draw: st.DrawFn) -> tuple[list[Entry], list[Entry], Head, str]:
    """A chain, the same with one row changed, its head, and what was done."""
    entries, head = chain(draw(texts))
    row = draw(st.integers(0, len(entries) - 1))
    kind = draw(st.sampled_from(["edited", "forged", "removed", "closed up", "reordered", "inserted", "copied"]))
    made = list(entries)
    if kind in ("edited", "forged"):
        column = draw(st.sampled_from(COLUMNS[:-1]))
        made[row] = made[row]._replace(**{column: draw(st.text(max_size=5))})
        made[row] = made[row].sealed() if kind == "forged" else made[row]
    elif kind in ("removed", "closed up"):
        del made[row]
    elif kind == "reordered":
        made = [entry._replace(id=n) for n, entry in enumerate(draw(st.permutations(made)), start=1)]
    else:
        new = made[row] if kind == "copied" else MADE_UP._replace(detail="new")
        before = made[row - 1].hash if row else ORIGIN
        made.insert(row, new if kind == "copied" else new._replace(id=row + 1, previous_hash=before).sealed())
    if kind not in ("edited", "forged", "removed"):
        made = [entry._replace(id=n) for n, entry in enumerate(made, start=1)]
    return entries, made, head, kind


@given(tampered())
@effort(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_change_of_one_row_is_found_and_explained(case: tuple[list[Entry], list[Entry], Head, str]) -> None:
    entries, made, head, kind = case
    place = first_fault(made, head)
    if made == entries:
        assert place is None
        return
    assert place is not None
    first_changed = (n for n, (a, b) in enumerate(zip(entries, made, strict=False), start=1) if a != b)
    changed = next(first_changed, min(len(entries), len(made)) + 1)
    expected = {"forged": "edited", "closed up": "removed", "copied": "inserted"}.get(kind, kind)
    assert explain(made, head, place) == (changed, expected)


@given(texts)
@effort(max_examples=50, deadline=None)
def test_a_chain_that_nobody_touched_is_never_accused(given_texts: list[str]) -> None:
    entries, head = chain(given_texts)
    assert first_fault(entries, head) is None
    assert [digest(entry) for entry in entries] == [entry.hash for entry in entries]
