"""Which snapshot is served, what is said of one that cannot be, and how it bears many readers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import duckdb
import pytest

from hatecrime.database import BadSnapshot, NoSnapshot, NotShared, count, fetch, newest, open_snapshot
from hatecrime.dictionary import SCHEMA_VERSION
from hatecrime.filters import Filters
from tests import toy


def test_the_newest_by_name_is_served(tmp_path):
    for stamp in ("20160101", "20170101"):
        toy.write(tmp_path / f"hatecrime-{stamp}.duckdb")

    assert newest(tmp_path).name == "hatecrime-20170101.duckdb"


def half_written(path):
    whole = toy.write(path.with_name("whole.duckdb"), incident=[{}] * 50).read_bytes()
    path.write_bytes(whole[: len(whole) // 3])


def without_a_row(path):
    with duckdb.connect(str(toy.write(path))) as connection:
        connection.execute("delete from snapshot")


def of_something_else(path):
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table sales (n integer)")


BROKEN = {
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("not a database"),
    "half written": half_written,
    "without a row": without_a_row,
    "of something else": of_something_else,
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_file_is_passed_over_and_the_last_good_one_served(tmp_path, how):
    good = toy.write(tmp_path / "hatecrime-1.duckdb")
    BROKEN[how](tmp_path / "hatecrime-2.duckdb")

    assert newest(tmp_path) == good


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_file_is_refused_with_its_name_and_the_way_out(tmp_path, how):
    path = tmp_path / "hatecrime-2.duckdb"
    BROKEN[how](path)

    with pytest.raises(BadSnapshot, match="Delete it, or build a new one") as refusal:
        open_snapshot(path)
    assert str(path) in str(refusal.value)


def test_a_folder_and_a_link_to_nothing_are_passed_over(tmp_path):
    good = toy.write(tmp_path / "hatecrime-1.duckdb")
    (tmp_path / "hatecrime-2.duckdb").mkdir()
    (tmp_path / "hatecrime-3.duckdb").symlink_to(tmp_path / "gone")

    assert newest(tmp_path) == good


def of_version(path, version):
    return toy.write(path, snapshot=[{"schema_version": version}])


@pytest.mark.parametrize("version", [SCHEMA_VERSION - 1, SCHEMA_VERSION + 1, None])
def test_a_snapshot_of_another_version_is_passed_over(tmp_path, version):
    good = toy.write(tmp_path / "hatecrime-1.duckdb")
    of_version(tmp_path / "hatecrime-2.duckdb", version)

    assert newest(tmp_path) == good


def test_a_snapshot_of_another_version_is_refused_with_both_versions_and_the_way_out(tmp_path):
    path = of_version(tmp_path / "hatecrime-2.duckdb", SCHEMA_VERSION + 1)

    with pytest.raises(
        BadSnapshot, match=f"version {SCHEMA_VERSION + 1}.* version {SCHEMA_VERSION} .*Build it again"
    ) as refusal:
        open_snapshot(path)
    assert str(path) in str(refusal.value)
    with pytest.raises(NoSnapshot, match="another version"):
        newest(tmp_path)


def test_a_snapshot_of_another_version_may_have_other_columns(tmp_path):
    path = of_version(tmp_path / "hatecrime-2.duckdb", SCHEMA_VERSION + 1)
    with duckdb.connect(str(path)) as connection:
        connection.execute("alter table snapshot drop column crs")

    with pytest.raises(BadSnapshot, match="another version"):
        open_snapshot(path)


@pytest.mark.parametrize("folder", [".", "missing"])
def test_a_store_without_a_snapshot_says_how_to_make_one(tmp_path, folder):
    with pytest.raises(NoSnapshot, match="hatecrime build"):
        newest(tmp_path / folder)


def test_a_store_of_broken_files_says_what_is_wrong_with_each(tmp_path):
    (tmp_path / "hatecrime-1.duckdb").write_bytes(b"")

    with pytest.raises(NoSnapshot, match=r"hatecrime-1\.duckdb"):
        newest(tmp_path)


def test_a_snapshot_that_is_still_being_built_is_not_served(tmp_path):
    toy.write(tmp_path / "hatecrime-1.duckdb.tmp")

    with pytest.raises(NoSnapshot):
        newest(tmp_path)


def test_a_missing_file_is_no_snapshot(tmp_path):
    with pytest.raises(NoSnapshot, match="gone"):
        open_snapshot(tmp_path / "gone.duckdb")


def test_a_snapshot_states_its_facts(tmp_path):
    facts = toy.snapshot(tmp_path, snapshot=[{"name": "n", "complete_to": date(2017, 2, 28)}]).facts

    assert (facts.name, facts.complete_to, facts.synthetic) == ("n", date(2017, 2, 28), True)


def test_a_snapshot_cannot_be_written_to(tmp_path):
    opened = toy.snapshot(tmp_path)

    with pytest.raises(duckdb.Error, match="read-only"):
        opened.connection.cursor().execute("delete from incident")


def test_eight_threads_read_one_snapshot_without_an_error(tmp_path):
    opened = toy.snapshot(tmp_path, incident=[{"strands": ["race"]}] * 20)

    def read(_turn: int) -> list[int]:
        return count(opened, Filters(), ("strand", "month"))["n"].tolist()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, range(80))) == [[20]] * 80


def test_the_types_are_the_same_with_and_without_rows(tmp_path):
    row = {"recorded_on": date(2016, 7, 1), "crime_type": "arson", "online": True}
    full = toy.snapshot(tmp_path, incident=[row])
    (tmp_path / "empty").mkdir()
    empty = toy.snapshot(tmp_path / "empty")

    for by in ((), ("month",), ("crime_type", "strand"), ("calendar_year",)):
        assert count(full, Filters(), by).dtypes.equals(count(empty, Filters(), by).dtypes)
    records = fetch(full, "checks/not_located")
    assert records.dtypes["recorded_on"] == "datetime64[us]"
    assert records.dtypes["location_precision"] == "str"


def test_a_parameter_that_is_missing_or_unknown_is_named(tmp_path):
    opened = toy.snapshot(tmp_path)

    with pytest.raises(ValueError, match=r"needs \$level, \$on"):
        fetch(opened, "areas/valid", within=None)
    with pytest.raises(ValueError, match=r"does not declare \$colour"):
        fetch(opened, "areas/listed", colour="red")


def test_values_are_bound_never_written_into_the_query(tmp_path):
    opened = toy.snapshot(tmp_path, incident=[{"district": "E08000009"}])

    assert count(opened, Filters(area="' or 1=1 --"))["n"].tolist() == [0]


def test_no_query_answers_another_audience(tmp_path):
    with pytest.raises(NotShared):
        fetch(toy.snapshot(tmp_path), "extracts/loaded", audience="public")
