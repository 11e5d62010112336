"""Hours, near repeats and clusters, from the rows that queries give."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from hatecrime.periods import Period
from hatecrime.shape import when
from hatecrime.stats.scan import scan

YEAR = Period(date(2016, 4, 1), date(2017, 3, 31))


def counted(*cells: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(cells, columns=["hour", "weekday", "n"])


def grid(**cells: int) -> np.ndarray:
    found = np.zeros((24, 7), dtype=np.int64)
    for cell, n in cells.items():
        hour, day = cell[1:].split("_")
        found[int(hour), int(day)] = n
    return found


def as_rows(values: np.ndarray) -> pd.DataFrame:
    return counted(*((f"{h:02d}", str(d + 1), int(values[h, d])) for h in range(24) for d in range(7)))


def places(n: int, own: int = 100) -> pd.DataFrame:
    labels = [f"Ward {i}" for i in range(n)]
    at = {"x": np.arange(n) ** 2 * 1000.0, "y": 0.0, "population": 1000.0, "own": float(own)}
    return pd.DataFrame({"id": labels, "label": labels, **at})


def months(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, columns=pd.date_range("2016-04-01", periods=values.shape[1], freq="MS"))


class TestTimes:
    def test_incidents_without_a_time_are_in_the_total_only(self) -> None:
        found = when.times(counted(("23", "1", 4), ("00", "7", 2), ("not_recorded", "not_recorded", 3)), YEAR)
        assert (found.known, found.total) == (6, 9)
        assert found.grid[23, 0] == 4 and found.grid[0, 6] == 2

    def test_nothing_with_a_time_gives_no_hours(self) -> None:
        for rows in (counted(), counted(("not_recorded", "not_recorded", 3))):
            found = when.times(rows, YEAR)
            assert found.known == 0 and found.hours is None and found.days is None

    def test_a_night_belongs_to_the_day_on_which_it_begins(self) -> None:
        rows = as_rows(grid(h21_4=30, h2_5=30, h1_6=40, h22_0=10, h3_0=7))
        found = when.times(rows, YEAR)
        assert found.nights is not None
        # Friday 21:00, Saturday 02:00 and Sunday 01:00; Monday 03:00 is still Sunday night.
        assert (found.nights.now, found.nights.before) == (100, 17)
        assert found.nights.direction == "more"

    def test_hours_of_school_journeys_are_compared_with_the_same_hours_at_weekends_by_day(self) -> None:
        found = when.times(as_rows(grid(h8_0=50, h15_2=50, h16_5=40, h12_1=99)), YEAR)
        assert found.school is not None
        assert (found.school.now, found.school.before) == (100, 40)
        assert found.school.ratio == pytest.approx((100 / 261) / (40 / 104))

    def test_of_less_than_a_week_days_and_nights_are_not_compared(self) -> None:
        found = when.times(as_rows(grid(h8_0=50, h15_5=50)), Period(date(2017, 3, 1), date(2017, 3, 5)))
        assert found.hours is not None
        assert found.days is None and found.nights is None and found.school is None

    def test_the_days_of_a_period_are_counted(self) -> None:
        assert when.days_of_week(YEAR).tolist() == [52, 52, 52, 52, 53, 52, 52]
        for length in range(1, 40):
            days = pd.date_range("2016-06-04", periods=length)
            expected = np.bincount(days.dayofweek, minlength=7).tolist()
            assert when.days_of_week(Period(days[0].date(), days[-1].date())).tolist() == expected


class TestRepeats:
    def events(self, n: int, **columns: object) -> pd.DataFrame:
        rng = np.random.default_rng(5)
        apart = {"easting": rng.integers(0, 9000, n), "northing": rng.integers(0, 9000, n)}
        days = pd.Timestamp("2016-04-01") + pd.to_timedelta(rng.integers(0, 365, n), unit="D")
        return pd.DataFrame({**apart, "day": days, **columns})

    @pytest.mark.parametrize("n", [0, 1])
    def test_none_or_one_incident_repeats_nothing(self, n: int) -> None:
        found = when.repeats(self.events(n))
        assert found.close.events == n and found.places == n and found.sharing == 0
        assert not when.by_band(found.bands)["clear"].any()

    def test_incidents_that_follow_each_other_are_found(self) -> None:
        first = self.events(60)
        again = first.assign(easting=first["easting"] + 80, day=first["day"] + pd.Timedelta(days=3))
        found = when.repeats(pd.concat([first, again]))
        assert found.close.p[0, 0] == 0.001 and found.close.ratio_low[0, 0] > 2
        bands = when.by_band(found.bands)
        assert bands.loc[bands["clear"], ["row", "column"]].to_numpy().tolist() == [[1, 0]]

    def test_all_at_one_place_cannot_be_told_from_chance(self) -> None:
        found = when.repeats(self.events(40, easting=100, northing=100))
        assert found.places == 1 and found.sharing == 40
        assert found.close.ratio[0, 0] == pytest.approx(1)
        assert not when.by_band(found.bands)["clear"].any()

    def test_the_order_of_the_rows_changes_nothing(self) -> None:
        events = self.events(80)
        one, other = when.repeats(events), when.repeats(events.sample(frac=1, random_state=1))
        assert when.by_band(one.bands).equals(when.by_band(other.bands))


class TestClusters:
    def test_places_that_had_more_for_a_time_are_found_with_their_months(self) -> None:
        counts = np.full((10, 12), 5.0)
        counts[2:4, 6:9] = 25
        found = when.clusters(places(10), months(counts), date(2013, 4, 1), "people", "any")
        first = found.clear().iloc[0]
        assert set(first["labels"]) == {"Ward 2", "Ward 3"}
        assert (first["first"], first["last"]) == (pd.Timestamp("2016-10-01"), pd.Timestamp("2016-12-01"))
        assert first["n"] == 150 and first["p"] == 0.001

    def test_expected_are_what_each_step_holds_dealt_out_by_people(self) -> None:
        counts = np.full((10, 12), 5.0)
        counts[2, 6:9] = 30
        around = places(10).assign(population=np.arange(1, 11) * 100.0)
        found = when.clusters(around, months(counts), date(2013, 4, 1), "people", "any")
        part = around["population"].to_numpy()
        direct = scan(
            around["x"],
            around["y"],
            counts,
            part,
            np.outer(part / part.sum(), counts.sum(axis=0)),
            most=0.25,
            longest=1.0,
            seed=when.SEED,
        )
        assert found.rows["p"].tolist() == [cluster.p for cluster in direct.clusters]
        assert found.rows["expected"].tolist() == pytest.approx([cluster.expected for cluster in direct.clusters])

    def test_a_month_that_is_high_everywhere_is_no_cluster(self) -> None:
        counts = np.full((10, 12), 5.0)
        counts[:, 6] = 60
        for base in ("people", "own"):
            found = when.clusters(places(10), months(counts), date(2013, 4, 1), base, "any")
            assert found.rows.empty

    def test_a_place_that_is_always_high_is_a_cluster_by_people_and_none_by_its_own_share(self) -> None:
        counts = np.full((10, 12), 5.0)
        counts[4] = 20
        around = places(10).assign(own=counts.sum(axis=1) * 3)
        by_people = when.clusters(around, months(counts), date(2013, 4, 1), "people", "any")
        assert by_people.clear().iloc[0]["ids"] == ("Ward 4",)
        assert when.clusters(around, months(counts), date(2013, 4, 1), "own", "any").rows.empty

    def test_what_is_over_is_not_still_going_on(self) -> None:
        counts = np.full((10, 12), 5.0)
        counts[2, 2:5] = 30
        around = places(10)
        assert len(when.clusters(around, months(counts), date(2013, 4, 1), "own", "any").clear()) == 1
        now = when.clusters(around, months(counts), date(2013, 4, 1), "own", "now")
        assert now.clear().empty
        assert (now.rows["last"] == pd.Timestamp("2017-03-01")).all()

    def test_clusters_from_shares_that_rest_on_the_past_are_rare_where_there_is_nothing(self) -> None:
        rng = np.random.default_rng(11)
        share = rng.dirichlet(np.full(15, 3.0))
        found = 0
        for seed in range(12):
            past = rng.multinomial(200, share)
            now = rng.multinomial(200, np.repeat(share / 6, 6)).reshape(15, 6)
            around = places(15).assign(own=past + now.sum(axis=1))
            found += len(when.clusters(around, months(now), date(2013, 4, 1), "own", "any", seed=seed).clear()) > 0
        assert found <= 1

    @pytest.mark.parametrize("n", [0, 1])
    def test_no_place_or_one_place_gives_no_cluster(self, n: int) -> None:
        found = when.clusters(places(n), months(np.full((n, 12), 5.0)), date(2013, 4, 1), "own", "any")
        assert found.rows.empty

    def test_places_without_a_position_are_left_out_and_counted(self) -> None:
        counts = np.full((10, 12), 5.0)
        around = places(10)
        around.loc[3, ["x", "y"]] = np.nan
        found = when.clusters(around, months(counts), date(2013, 4, 1), "people", "any")
        assert found.left_out == 60 and found.rows.empty

    @pytest.mark.parametrize("base", ["people", "own"])
    def test_places_without_any_incident_have_no_cluster(self, base: when.Base) -> None:
        found = when.clusters(places(10, own=0), months(np.zeros((10, 12))), date(2013, 4, 1), base, "any")
        assert found.rows.empty and found.left_out == 0

    def test_the_order_of_the_places_changes_nothing(self) -> None:
        counts = np.full((10, 12), 5.0)
        counts[2:4, 6:9] = 12
        order = np.random.default_rng(3).permutation(10)
        one = when.clusters(places(10), months(counts), date(2013, 4, 1), "people", "any")
        other = when.clusters(places(10).iloc[order], months(counts[order]), date(2013, 4, 1), "people", "any")
        assert [set(ids) for ids in one.rows["ids"]] == [set(ids) for ids in other.rows["ids"]]
        assert one.rows["p"].tolist() == other.rows["p"].tolist()

    @pytest.mark.parametrize("steps", [0, 1])
    def test_no_month_or_one_month_is_no_fault(self, steps: int) -> None:
        found = when.clusters(places(10), months(np.zeros((10, steps))), date(2013, 4, 1), "own", "now")
        assert found.rows.empty and found.clear().empty
