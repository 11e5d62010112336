"""What is said of hours, of what comes back and of clusters: the finding where there is one, and that there is none."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from hatecrime.i18n import speaking
from hatecrime.periods import Period
from hatecrime.shape import when
from hatecrime.shape.when import Clusters, Repeats, Times
from hatecrime.words import when as words

YEAR = Period(date(2016, 4, 1), date(2017, 3, 31))


def times(grid: np.ndarray, period: Period = YEAR) -> Times:
    rows = [(f"{h:02d}", str(d + 1), int(grid[h, d])) for h in range(24) for d in range(7)]
    return when.times(pd.DataFrame(rows, columns=["hour", "weekday", "n"]), period)


def even(n: int = 2) -> np.ndarray:
    return np.full((24, 7), n, dtype=np.int64)


class TestTimes:
    def test_the_busiest_hours_are_said_with_their_interval_and_what_is_even(self) -> None:
        grid = even(1)
        grid[20:24] = 10
        assert words.times(times(grid)) == (
            "67% of those with a known time happen from 20:00 to 00:00 (95% interval 62% to 71%); an even spread over"
            " the day would put 17% there. No day of the week stands out."
        )

    def test_two_days_that_stand_out_are_named(self) -> None:
        grid = even(1)
        grid[:, 5:] = 6
        said = words.times(times(grid))
        assert said.startswith("No hours of the day stand out")
        assert "Saturday and Sunday: 71% (95% interval" in said and "would put 28%" in said

    @pytest.mark.parametrize(
        ("n", "first"), [(0, "0 incidents have"), (1, "1 incident has"), (23, "23 incidents have")]
    )
    def test_a_few_say_nothing_of_hours(self, n: int, first: str) -> None:
        grid = np.zeros((24, 7), dtype=np.int64)
        grid[22, 5] = n
        found = times(grid)
        assert words.times(found) == f"{first} a known time: too few to say at which hours they happen."
        assert words.readings(found) == []

    def test_of_less_than_a_week_nothing_is_said_of_days(self) -> None:
        assert "week" not in words.times(times(even(), Period(date(2017, 3, 1), date(2017, 3, 4))))

    def test_weekend_nights_point_to_night_life_only_where_they_hold_clearly_more(self) -> None:
        assert words.readings(times(even())) == []
        grid = even()
        grid[20:24, 4:6] = 12
        (said,) = words.readings(times(grid))
        assert said.startswith("Friday and Saturday nights, from 20:00 to 04:00, have 3.5 times as many")
        assert "licensed premises" in said

    def test_journeys_to_school_are_pointed_to_where_weekdays_hold_clearly_more(self) -> None:
        grid = even()
        grid[8, :5] = grid[15, :5] = 12
        (said,) = words.readings(times(grid))
        assert said.startswith("The hours of journeys to and from school") and "ask schools" in said

    def test_a_heap_at_midnight_is_a_sign_of_hours_that_are_not_known(self) -> None:
        grid = even()
        grid[0] = 12
        (said,) = words.readings(times(grid))
        assert said.startswith("Far more are at 00:00")

    def test_days_are_named_in_the_language_in_use(self) -> None:
        with speaking("cy"):
            assert words.day_names()[0] == "Dydd Llun"


def repeats(events: pd.DataFrame) -> Repeats:
    return when.repeats(events)


def apart(n: int, size: int = 9000) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    days = pd.Timestamp("2016-04-01") + pd.to_timedelta(rng.integers(0, 365, n), unit="D")
    return pd.DataFrame({"easting": rng.integers(0, size, n), "northing": rng.integers(0, size, n), "day": days})


class TestRepeats:
    def test_near_repeats_are_said_as_times_as_likely_with_the_interval(self) -> None:
        first = apart(60)
        again = first.assign(easting=first["easting"] + 80, day=first["day"] + pd.Timedelta(days=3))
        found = repeats(pd.concat([first, again]))
        said = words.repeats(found)
        assert words.repeat(found)
        assert said.startswith("After an incident, another within 200 m and 14 days is ")
        assert "times as likely as chance alone would make it (95% interval " in said

    def test_no_sign_is_said_with_the_figures(self) -> None:
        found = repeats(apart(150, size=1500))
        assert not words.repeat(found)
        assert words.repeats(found).startswith("No sign that incidents come back nearby: ")

    def test_few_pairs_are_too_few(self) -> None:
        assert words.repeats(repeats(apart(30))).startswith("Too few lie close together to say")

    @pytest.mark.parametrize("n", [0, 1])
    def test_none_or_one_cannot_come_back(self, n: int) -> None:
        found = repeats(apart(n))
        assert "fewer than two" in words.repeats(found)
        assert not words.repeat(found)

    def test_all_at_one_place_says_so(self) -> None:
        found = repeats(apart(30).assign(easting=5, northing=5))
        assert words.repeats(found).startswith("All 30 incidents stand at one place")
        assert not words.repeat(found)

    def test_points_that_many_share_are_no_addresses(self) -> None:
        shared = repeats(apart(40).assign(easting=lambda each: each["easting"] // 3000))
        shared_points = apart(40).assign(easting=[1, 2] * 20, northing=0)
        assert "seldom have the same address" not in words.same_place(shared, 40)
        said = words.same_place(repeats(shared_points), 44)
        assert said.startswith("40 of 44 incidents have a point and a day. They stand at 2 points")
        assert "seldom have the same address" in said
        assert words.same_place(repeats(apart(0)), 4) == ""


def clusters(p: float = 0.001, **changes: object) -> Clusters:
    row = {
        "ids": ("a", "b"),
        "labels": ("Clifford", "Longford"),
        "first": pd.Timestamp("2016-06-01"),
        "last": pd.Timestamp("2016-08-01"),
        "n": 30,
        "expected": 12.34,
        "ratio": 2.6,
        "p": p,
        "recurrence": 91.3 / p,
    }
    given = {
        "rows": pd.DataFrame([row, {**row, "p": max(p, 0.04)}]),
        "base": "own",
        "spells": "any",
        "step": "month",
        "steps": 12,
        "since": date(2013, 4, 1),
        "tested": 4959,
        "simulations": 999,
        "left_out": 0,
    }
    return Clusters(**{**given, **changes})  # type: ignore[arg-type]


class TestClusters:
    def test_the_strongest_is_said_with_what_chance_would_do(self) -> None:
        assert words.clusters(clusters(0.002)) == (
            "Clifford and Longford, June 2016 to August 2016: 30 incidents where 12.3 were to be expected. 1 of 999"
            " maps drawn by chance has a cluster as strong. 1 other cluster stands out."
        )

    def test_none_as_strong_is_said_as_none(self) -> None:
        assert "None of 999 maps drawn by chance has a cluster as strong." in words.clusters(clusters())

    def test_how_seldom_is_said_of_what_is_still_going_on(self) -> None:
        assert "chance alone would show one as strong at most once in 250 years." in words.clusters(
            clusters(spells="now")
        )
        assert "one as strong once in 12 years." in words.clusters(clusters(0.02, spells="now"))
        assert "years" not in words.clusters(clusters())

    def test_no_cluster_says_how_it_was_looked_for_and_what_was_strongest(self) -> None:
        assert words.clusters(clusters(0.83)) == (
            "No cluster stands out by more than chance: 4,959 combinations of places and times were looked through. The"
            " strongest (Clifford and Longford, June 2016 to August 2016) is what chance alone would give in 83% of"
            " maps."
        )
        nothing = clusters()
        none = words.clusters(clusters(rows=nothing.rows.iloc[:0]))
        assert none.startswith("No cluster stands out") and "strongest" not in none
        assert words.clusters(clusters(rows=nothing.rows.iloc[:0], tested=0)).startswith("Nothing can be compared")

    def test_a_cluster_that_lasts_all_through_is_a_place_and_not_a_time(self) -> None:
        assert "lasts nearly all through" not in words.clusters(clusters(base="people"))
        assert "lasts nearly all through" in words.clusters(clusters(base="people", steps=4))
        assert "lasts nearly all through" not in words.clusters(clusters(steps=4))

    def test_what_is_expected_says_what_it_rests_on(self) -> None:
        assert "since April 2013" in words.how_expected(clusters())
        assert words.how_expected(clusters(base="people")).startswith("Expected: the residents of each place")

    def test_the_table_has_a_row_for_each_and_none_for_none(self) -> None:
        rows = words.table_of(clusters().rows, "month")
        assert rows["rank"].tolist() == [1, 2]
        assert rows["places"].tolist() == ["Clifford and Longford"] * 2
        assert rows["span"].iloc[0] == "June 2016 to August 2016"
        assert words.table_of(clusters().rows.iloc[:0], "month").empty

    @pytest.mark.parametrize(
        ("days", "words_"),
        [(100, "about once a year or more often"), (365, "once a year."), (4000, "once in 11 years")],
    )
    def test_how_seldom_is_in_years(self, days: float, words_: str) -> None:
        assert words_ in words.recurrence(days)
