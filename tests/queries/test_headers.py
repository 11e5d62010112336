"""Every query says what one row is, where it comes from, what to mind, and what it must be given."""

import re

import duckdb
import pytest

from hatecrime.database import query_names, read_query
from hatecrime.dictionary import tables

HELD = {name for name, members in tables().items() if any(c.name == "line" for c in members)} - {"reject"}
NAMES = query_names()
CHECKS = [name for name in NAMES if name.startswith("checks/")]


def declared_in(sql: str) -> set[str]:
    return set(duckdb.connect().extract_statements(sql)[0].named_parameters)


def test_there_are_queries_to_look_at():
    assert {"incidents/count", "referrals/count", "centres/reports", "checks/strand_missing"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_query_says_what_one_row_is_where_it_comes_from_and_what_to_mind(name):
    query = read_query(name)

    assert query.grain.endswith(".")
    assert query.tables, "the From line names no table of the dictionary"
    assert query.caveat.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_the_header_lists_exactly_the_parameters_of_the_query(name):
    query = read_query(name)

    assert set(re.findall(r"\$(\w+)", query.given)) == declared_in(query.sql)


@pytest.mark.parametrize("name", NAMES)
def test_the_query_reads_the_tables_its_header_names(name):
    query = read_query(name)
    body = "\n".join(line for line in query.sql.splitlines() if not line.lstrip().startswith("--"))
    read = {table for table in tables() if re.search(rf"\b(from|join) {table}\b", body)}
    read |= {"incident"} if "matching(" in body else set()
    read |= {"referral"} if "matching_referrals($filters)" in body else set()
    read |= HELD | {"extract", "reject"} if "held_rows()" in body else set()

    assert set(query.tables) == read


@pytest.mark.parametrize("name", NAMES)
def test_a_query_is_one_statement(name):
    assert len(duckdb.connect().extract_statements(read_query(name).sql)) == 1


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_says_how_bad_it_is_and_what_is_wrong(name):
    query = read_query(name)

    assert query.severity in ("error", "warning", "information")
    assert query.says.endswith(".")


@pytest.mark.parametrize("name", ["incidents/nothing", "../secrets", "build/macros/x"])
def test_only_files_of_the_folder_are_queries(name):
    with pytest.raises(ValueError, match="no query"):
        read_query(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_query_says_who_may_see_what_it_gives(name):
    assert read_query(name).seen_by in ("everyone.", "analysts.")


@pytest.mark.parametrize("name", NAMES)
def test_what_everyone_may_see_reads_no_record(name):
    query = read_query(name)
    records = {"incident", "incident_strand", "incident_month", "referral", "matching", "matching_referrals"}
    assert not (query.for_everyone and records & set(re.findall(r"\w+", query.sql)))
