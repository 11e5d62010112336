"""The signals planted in the sample are found by the same analyses that the pages show."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hatecrime.database import Snapshot, count, count_referrals, newest, open_snapshot
from hatecrime.filters import Filters
from hatecrime.periods import Period, latest
from hatecrime.reports.coverage import CentreCoverage, coverage
from hatecrime.settings import data_dir
from hatecrime.shape.areas import compare as compare_areas
from hatecrime.stats.change import Change, compare

TRAFFORD = "E08000009"
Truth = dict[str, Any]


@pytest.fixture(scope="module")
def truth() -> Truth:
    return json.loads((data_dir() / "sample" / "truth.json").read_text())["signals"]


@pytest.fixture(scope="module")
def snapshot(sample_store: Path) -> Iterator[Snapshot]:
    found = open_snapshot(newest(sample_store))
    yield found
    found.close()


@pytest.fixture(scope="module")
def year(snapshot: Snapshot) -> Filters:
    """The default view: the last twelve complete months."""
    return Filters(area=TRAFFORD).during(latest("12m", snapshot.facts.complete_to))


def total(snapshot: Snapshot, filters: Filters) -> int:
    return int(count(snapshot, filters)["n"].iloc[0])


def fortnights(snapshot: Snapshot, first: dt.date, strands: tuple[str, ...]) -> Change:
    """The fortnight from `first` beside the one before, everywhere."""
    day, days = dt.timedelta(days=1), dt.timedelta(days=14)
    before = Filters(start=first - days, finish=first - day, strands=strands)
    after = Filters(start=first, finish=first + days - day, strands=strands)
    return compare(total(snapshot, before), total(snapshot, after))


def test_the_fortnight_after_the_referendum_rises_for_race_and_religion_only(snapshot: Snapshot, truth: Truth) -> None:
    planted = truth["referendum_spike"]
    first = dt.date.fromisoformat(planted["first_day"])
    found = fortnights(snapshot, first, tuple(planted["strands"]))
    assert found.low > 1
    assert found.low < planted["factor"] < found.high
    assert fortnights(snapshot, first, ("sexual_orientation", "disability", "transgender")).direction == "unclear"


def test_the_hidden_hotspot_stands_out_by_crime_type_and_strand_but_not_in_the_borough(
    snapshot: Snapshot, year: Filters, truth: Truth
) -> None:
    planted = truth["emerging_hotspot"]
    shown = year.but(crime_types=(planted["crime_type"],), strands=(planted["strand"],))
    earlier = shown.during(year.period.previous_year())
    now, before = (count(snapshot, f, ("area",), level="ward") for f in (shown, earlier))
    wards = compare_areas(now, before, by="area").set_index("area")
    assert wards["n"].idxmax() == planted["ward"]
    assert wards.loc[planted["ward"], "direction"] == "more"
    assert (wards.drop(planted["ward"])["n"] < wards.loc[planted["ward"], "n"] / 3).all()
    borough = year.but(crime_types=(planted["crime_type"],))
    before_it, now_of_it = total(snapshot, borough.during(year.period.previous_year())), total(snapshot, borough)
    assert compare(before_it, now_of_it).direction == "unclear"


def test_no_centre_takes_disability_although_it_is_recorded_around_them(snapshot: Snapshot, truth: Truth) -> None:
    strand = truth["disability_not_captured"]["strand"]
    taken = count(snapshot, Filters(), ("centre_id", "strand"))
    from_centres = taken[taken["centre_id"] != "not_recorded"]
    assert from_centres["n"].sum() > 50
    assert strand not in set(from_centres["strand"])
    assert total(snapshot, Filters(area=TRAFFORD, strands=(strand,))) > 50


def test_the_locality_without_a_centre_is_named(snapshot: Snapshot, year: Filters, truth: Truth) -> None:
    found = coverage(snapshot, year)
    without = found.places.loc[found.places["centres"] == 0, "area_code"].tolist()
    assert without == [truth["no_centre_in_locality"]["area"]]
    assert found.cover.outside.share > 0.1


def silent(found: CentreCoverage, centre: str) -> tuple[int, str]:
    row = found.centres.set_index("centre_id").loc[centre]
    return int(row["reports"]), str(row["verdict"])


def test_one_silent_centre_is_a_surprise_and_the_other_is_not(snapshot: Snapshot, year: Filters, truth: Truth) -> None:
    """A year holds too few reports to tell; the page looks at two for this."""
    planted = truth["silent_centres"]
    two_years = Period(dt.date.fromisoformat(planted["since"]), year.period.finish)
    found = coverage(snapshot, year.during(two_years))
    assert silent(found, planted["silent_although_near"]) == (0, "fewer")
    assert silent(found, planted["silent_as_expected"]) == (0, "cannot_tell")


def test_self_referrals_rise_from_the_planted_month(snapshot: Snapshot, truth: Truth) -> None:
    planted = truth["self_referrals"]
    first = dt.date.fromisoformat(planted["first_month"])
    earlier, later = (
        count_referrals(snapshot, Filters(start=start, finish=finish), ("route_group",)).set_index("route_group")["n"]
        for start, finish in ((dt.date(2014, 5, 1), first - dt.timedelta(days=1)), (first, dt.date(2017, 3, 31)))
    )
    found = compare(earlier["self_referral"], later["self_referral"], earlier.sum(), later.sum())
    assert found.low > 1
    assert later["self_referral"] / later.sum() == pytest.approx(planted["after"], abs=0.02)
    assert earlier["self_referral"] / earlier.sum() == pytest.approx(planted["before"], abs=0.02)
