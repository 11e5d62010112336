"""Old records are counted by month and let go: the totals stay, nothing else does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hatecrime.database import Snapshot, count, open_snapshot
from hatecrime.extracts.build import build
from hatecrime.filters import Filters
from hatecrime.settings import data_dir, settings
from tests.extracts.workshop import HEADER, INCIDENTS, Built, Workshop

Keep = Callable[[int], None]
MAPPING = (
    INCIDENTS
    + 'channel = "How"\nlocation_type = "Where"\n[strands]\nfrom = "Strand"\n'
    + '[values.channel]\n"Rung-OLDWORD" = "police_call"\n"Front counter" = "police_station"\n'
    + '[values.strand]\n"Racist-OLDLABEL" = "race"\n"Racist" = "race"\n"Faith" = "religion"\n'
)
ROWS = """Ref,Kind,Recorded,How,Where,Strand
OLD-1,Crime,31/12/2013,Rung-OLDWORD,street,Racist-OLDLABEL
OLD-2,Crime,01/12/2013,Rung-OLDWORD,street,Racist-OLDLABEL
OLD-3,Non-crime incident,15/11/2013,,OLDPLACE,
EDGE-1,Crime,01/01/2014,Front counter,street,Racist
NEW-1,Crime,15/01/2016,Front counter,street,Faith
NEW-2,Crime,20/01/2016,,,Racist
"""


@pytest.fixture
def keep(monkeypatch: pytest.MonkeyPatch) -> Keep:
    """Set for how many years records are held one by one."""

    def years(number: int) -> None:
        ours = replace(settings(), keep_years=number)
        monkeypatch.setattr("hatecrime.extracts.retention.settings", lambda: ours)

    return years


class TestIncidents:
    @pytest.fixture
    def made(self, workshop: Workshop, keep: Keep) -> Built:
        keep(2)
        return workshop.add(ROWS, MAPPING).build()

    def test_those_recorded_before_the_first_month_that_is_held_are_counted_by_month(self, made: Built) -> None:
        assert made.column("snapshot", "retained_from") == [dt.date(2014, 1, 1)]
        months = made.rows("incident_month", "month", "kind", "channel", "strand_mask", "n", "extract_id")
        assert sorted(months) == [
            (dt.date(2013, 11, 1), "non_crime", None, 0, 1, 1),
            (dt.date(2013, 12, 1), "crime", "police_call", 1, 2, 1),
        ]

    def test_the_others_are_held_the_first_day_included(self, made: Built) -> None:
        held = [dt.date(2014, 1, 1), dt.date(2016, 1, 15), dt.date(2016, 1, 20)]
        assert made.column("incident", "recorded_on") == held

    def test_the_account_counts_them_among_the_kept_and_says_how_many_were_let_go(self, made: Built) -> None:
        assert (made.extract.read, made.extract.kept, made.extract.refused) == (6, 6, {})
        ((kept, aggregated, first, last),) = made.rows("extract", "rows_kept", "rows_aggregated", "first_on", "last_on")
        assert (kept, aggregated) == (6, 3)
        assert (first, last) == (dt.date(2013, 11, 1), dt.date(2016, 1, 20))

    def test_no_byte_of_an_old_record_is_in_the_file(self, made: Built) -> None:
        stored = made.path.read_bytes()
        for text in (b"OLD-1", b"OLDLABEL", b"OLDWORD", b"OLDPLACE"):
            assert text not in stored
        assert b"Racist" in stored  # the search would find what is there

    def test_they_count_in_their_months_and_strands(self, made: Built) -> None:
        by_month = counted(made.path, "month", "strand")
        assert by_month == {
            ("2013-11-01", "not_recorded"): 1,
            ("2013-12-01", "race"): 2,
            ("2014-01-01", "race"): 1,
            ("2016-01-01", "race"): 1,
            ("2016-01-01", "religion"): 1,
        }

    def test_a_filter_on_what_is_not_known_of_them_finds_none_of_them(self, made: Built) -> None:
        assert total(made.path, Filters()) == 6
        assert total(made.path, Filters(location_types=("street",))) == 2
        assert total(made.path, Filters(channels=("police_call",))) == 2
        assert total(made.path, Filters(start=dt.date(2013, 12, 1), finish=dt.date(2013, 12, 31))) == 2


def counted(path: Path, *by: str) -> dict[Any, int]:
    frame = count(snapshot(path), Filters(), by)
    named = [frame[b].astype(str).tolist() for b in by]
    return dict(zip(zip(*named, strict=True), frame["n"].tolist(), strict=True))


def total(path: Path, filters: Filters) -> int:
    return int(count(snapshot(path), filters)["n"].iloc[0])


def snapshot(path: Path) -> Snapshot:
    return open_snapshot(path)


@pytest.mark.parametrize("years", [0, 2, 100])
def test_nothing_is_let_go_where_nothing_is_set_or_all_is_recent(workshop: Workshop, keep: Keep, years: int) -> None:
    keep(years)
    made = workshop.add(HEADER + "1,Crime,01/01/2016\n2,Crime,01/01/2014\n", INCIDENTS).build()
    assert len(made.column("incident", "ref")) == 2
    assert made.column("incident_month", "n") == []
    assert made.column("extract", "rows_aggregated") == [0]


def test_a_snapshot_without_records_has_nothing_to_let_go(workshop: Workshop, keep: Keep) -> None:
    keep(2)
    made = workshop.add(HEADER).build()
    assert made.column("snapshot", "retained_from") == [None]


def test_the_leap_day_has_a_month_in_every_year(workshop: Workshop, keep: Keep) -> None:
    keep(1)
    made = workshop.add(HEADER + "1,Crime,29/02/2016\n2,Crime,28/02/2015\n3,Crime,31/01/2015\n").build()
    assert made.column("snapshot", "retained_from") == [dt.date(2015, 2, 1)]
    assert made.column("incident_month", "n") == [1]


def test_refused_values_of_old_records_are_not_told(workshop: Workshop, keep: Keep) -> None:
    keep(2)
    rows = "Ref,Kind,Recorded,How\n1,Crime,01/01/2010,Oldword\n2,Crime,01/01/2016,Newword\n"
    made = workshop.add(rows, INCIDENTS + 'channel = "How"\n').build()
    assert made.rows("reject", "line", "value", "reason") == [
        (2, None, "unknown_label"),
        (3, "Newword", "unknown_label"),
    ]


def test_old_referrals_and_searches_are_let_go_and_counted(workshop: Workshop, keep: Keep) -> None:
    keep(2)
    referral = 'source = "r"\ntable = "referral"\n[columns]\nref = "Ref"\nreceived_on = "Received"\n'
    search = 'source = "s"\ntable = "stop_search"\n[columns]\nlegislation = "Law"\nsearched_on = "At"\n'
    workshop.add("Ref,Received\nA,2013-12-31\nB,2014-01-01\n", referral, "referrals.csv")
    workshop.add("Law,At\nOLDLAW,2013-12-31 23:59:00\nLaw,2014-01-01 00:00:00\n", search, "searches.csv")
    made = workshop.add(HEADER + "1,Crime,01/01/2016\n").build()
    assert [str(day) for day in made.column("referral", "received_on")] == ["2014-01-01"]
    assert made.column("stop_search", "legislation") == ["Law"]
    assert made.rows("extract", "target", "rows_kept", "rows_aggregated") == [
        ("referral", 2, 1),
        ("stop_search", 2, 1),
        ("incident", 1, 0),
    ]
    assert b"OLDLAW" not in made.path.read_bytes()


class TestSample:
    """The bundled sample, held whole and held for two years, gives the same figures."""

    @pytest.fixture(scope="class")
    def held(self, sample_store: Path) -> Path:
        return next(sample_store.glob("*.duckdb"))

    @pytest.fixture(scope="class")
    def let_go(self, own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
        ours = replace(settings(), keep_years=2)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("hatecrime.extracts.retention.settings", lambda: ours)
            return Path(build(data_dir() / "sample", tmp_path_factory.mktemp("let-go")).snapshot)

    @pytest.mark.parametrize("by", ["strand", "kind", "crime_type", "channel", "online", "source"])
    def test_the_monthly_totals_are_the_same(self, held: Path, let_go: Path, by: str) -> None:
        assert counted(let_go, "month", by) == counted(held, "month", by)

    def test_the_monthly_totals_by_district_are_the_same(self, held: Path, let_go: Path) -> None:
        frames = [count(snapshot(path), Filters(), ("month", "area"), "district") for path in (held, let_go)]
        pd.testing.assert_frame_equal(*frames)

    def test_something_was_let_go(self, held: Path, let_go: Path) -> None:
        with_all, with_some = (Built(None, path) for path in (held, let_go))  # type: ignore[arg-type]
        let = sum(with_some.column("incident_month", "n"))
        assert let > 100
        assert len(with_some.column("incident", "line")) + let == len(with_all.column("incident", "line"))
