"""Whatever is sent: records read = kept + refused by reason + collapsed, and every one of them can be found."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.extracts.workshop import Built, Workshop

EXAMPLES = 60 * int(os.environ.get("HATECRIME_FUZZ", "1"))
PLAIN = ("Ref", "Kind", "Recorded")
MORE = ("Strand", "Online", "Updated", "Note")
COLUMNS = {
    "Strand": "",
    "Online": 'online = "Online"',
    "Updated": 'outcome_on = { from = "Updated", formats = ["%d/%m/%Y", "%Y-%m-%d"] }',
    "Note": "",
}
DAYS = ("01/02/2016", "28/02/2016", "15/06/2016", "2016-07-01")
CELLS = {
    "Ref": ("A1", "A2", "A3", "B1", "B2", "", " A1 "),
    "Kind": ("Crime", "Crime", "crime", "Incident", "Odd", "", " "),
    "Recorded": (*DAYS, *DAYS, "31/02/2016", "01/02/2999", "yesterday", "", "infinity"),
    "Strand": ("Race", "Race;Faith", "", "Unheard of", "Faith"),
    "Online": ("Y", "N", "maybe", ""),
    "Updated": ("03/03/2017", "2016-05-05", "03/13/2017", ""),
    "Note": ("", "x", 'said "no"', "one, two", "first\nsecond", "tŷ"),
}
MAPPING = """
source = "test"
table = "incident"
[columns]
{columns}
kind = "Kind"
recorded_on = {{ from = "Recorded", formats = ["%d/%m/%Y", "%Y-%m-%d"] }}
[values.kind]
"Crime" = "crime"
"Incident" = "non_crime"
[record]
repeats = "{repeats}"
"""
STRANDS = """
[strands]
from = "Strand"
split = ";"
[values.strand]
"Race" = "race"
"Faith" = "religion"
"""


@dataclass(frozen=True)
class Sent:
    """One file as it was sent: its text, its mapping, and what an own reading of it finds."""

    text: str
    mapping: str
    complete: tuple[str, str] | None
    well_formed: bool

    def records(self) -> list[list[str]]:
        """The records by the csv module of Python: empty lines are none."""
        _header, *rows = csv.reader(io.StringIO(self.text, newline=""))
        return [row for row in rows if row]

    def columns(self) -> int:
        return len(next(csv.reader(io.StringIO(self.text, newline=""))))

    def last_line(self) -> int:
        """The number of the last record or empty line, the header being line 1."""
        return len(list(csv.reader(io.StringIO(self.text, newline=""))))


@st.composite
def sent(draw: st.DrawFn) -> Sent:
    """A file of random columns, records and faults."""
    more = draw(st.lists(st.sampled_from(MORE), unique=True))
    header = draw(st.permutations([*PLAIN, *more]))
    rows = draw(st.lists(st.tuples(*(st.sampled_from(CELLS[name]) for name in header)), max_size=12))
    out = io.StringIO(newline="")
    end = draw(st.sampled_from(("\n", "\r\n")))
    writer = csv.writer(out, lineterminator=end, quoting=draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))))
    writer.writerow(header)
    well_formed = True
    for row in rows:
        fault = draw(st.sampled_from((None, None, None, None, "short", "long", "empty line", "open quote", "twice")))
        cells = [*row, "more"] if fault == "long" else row[:-1] if fault == "short" else row
        writer.writerow(cells)
        if fault == "twice":
            writer.writerow(cells)
        if fault == "empty line":
            out.write(end)
        if fault == "open quote":
            well_formed = False
            out.write(f'"{",".join(row)}{end}')
    return Sent(out.getvalue(), draw(mappings(header)), draw(periods()), well_formed)


@st.composite
def mappings(draw: st.DrawFn, header: list[str]) -> str:
    with_ref = draw(st.booleans())
    columns = [COLUMNS[name] for name in header if COLUMNS.get(name)]
    repeats = draw(st.sampled_from(("refuse", "keep", "merge") if with_ref else ("refuse", "keep")))
    text = MAPPING.format(columns="\n".join([*(['ref = "Ref"'] if with_ref else []), *columns]), repeats=repeats)
    if "Strand" in header and draw(st.booleans()):
        text += STRANDS
    return text + ('\n[only]\n"Kind" = ["Crime", "Odd"]\n' if draw(st.booleans()) else "")


def periods() -> st.SearchStrategy[tuple[str, str] | None]:
    return st.sampled_from((None, None, ("2016-02-01", "2016-02-29"), ("2016-01-01", "2016-12-31")))


def loaded(files: list[Sent], folder: Path) -> Built:
    """All files built as extracts of one source, in order."""
    made = Workshop(folder / "made")
    for number, each in enumerate(files):
        made.add(each.text, each.mapping, f"{number}.csv")
        if each.complete:
            start, end = each.complete
            made.listed[-1] += f"complete_from = {start}\ncomplete_to = {end}\n"
    return made.build()


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(sent(), min_size=1, max_size=3))
def test_every_record_read_is_kept_refused_for_a_reason_or_collapsed(files: list[Sent]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = loaded(files, Path(folder))
        rejects = made.rows("reject", "extract_id", "line", "reason", "row_refused")
        kept = made.rows("incident", "extract_id", "line")
        account = made.rows("extract", "extract_id", "rows_read", "rows_kept", "rows_refused", "rows_collapsed")
    for number, (each, told) in enumerate(zip(files, made.report.extracts, strict=True), start=1):
        refused = sum(told.refused.values())
        lines = [line for extract, line in kept if extract == number]
        whole = [(line, reason) for extract, line, reason, row in rejects if extract == number and row]
        every = {line for extract, line, _reason, _row in rejects if extract == number}
        assert told.read == told.kept + refused + told.collapsed
        assert min(told.read, told.kept, refused, told.collapsed) >= 0
        assert account[number - 1] == (number, told.read, told.kept, refused, told.collapsed)
        assert len(lines) == told.kept
        assert Counter(reason for _line, reason in whole) == told.refused
        assert len({line for line, _reason in whole}) == refused
        assert len(set(lines)) == len(lines)
        assert set(lines).isdisjoint(line for line, _reason in whole)
        assert all(line >= 2 for line in (*every, *lines))
        if each.well_formed:
            assert_the_same_as_an_own_reading(each, told.read, told.refused, {*every, *lines})


def assert_the_same_as_an_own_reading(each: Sent, read: int, refused: dict[str, int], lines: set[int]) -> None:
    records, columns = each.records(), each.columns()
    assert read == len(records)
    assert refused.get("too_few_columns", 0) == sum(len(row) < columns for row in records)
    assert refused.get("too_many_columns", 0) == sum(len(row) > columns for row in records)
    assert max(lines, default=0) <= each.last_line()


def test_a_later_extract_that_is_complete_withdraws_and_the_account_of_both_holds(workshop: Workshop) -> None:
    header, mapping = "Ref,Kind,Recorded\n", MAPPING.format(columns='ref = "Ref"', repeats="refuse")
    first = Sent(header + "A1,Crime,01/02/2016\nA2,Crime,02/02/2016\nA3,Crime,01/06/2016\n", mapping, None, True)
    second = Sent(header + "A1,Incident,01/02/2016\n", mapping, ("2016-02-01", "2016-02-29"), True)
    made = loaded([first, second], workshop.folder)
    told = [
        (e.read, e.kept, sum(e.refused.values()), e.collapsed, e.updated, e.withdrawn) for e in made.report.extracts
    ]
    assert told == [(3, 1, 0, 2, 0, 0), (1, 1, 0, 0, 1, 1)]


def test_values_count_as_refused_only_in_rows_that_stay(workshop: Workshop) -> None:
    header = "Ref,Kind,Recorded,Online\n"
    mapping = MAPPING.format(columns='ref = "Ref"\nonline = "Online"', repeats="refuse")
    first = "A1,Crime,01/02/2016,maybe\nA2,Crime,02/02/2016,maybe\nA3,Odd,02/02/2016,maybe\n"
    again = "A1,Incident,01/02/2016,maybe\n"
    made = loaded([Sent(header + rows, mapping, None, True) for rows in (first, again)], workshop.folder)
    assert [sum(each.values_refused.values()) for each in made.report.extracts] == [1, 1]
    assert len([True for *_named, row in made.rejects if not row]) >= 3
