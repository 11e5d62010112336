"""A place's profile: what is cut out of the counts, what is compared with what, and how it is laid out on paper."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy import stats

from hatecrime.charts.theme import LIGHT
from hatecrime.database import NOT_RECORDED, Facts
from hatecrime.filters import Filters
from hatecrime.reports.profile import Profile, Sheets, differences, mature, profile_of, window
from hatecrime.reports.profile_document import table_html, to_html
from hatecrime.reports.profile_panels import TEXT, WHOLE, Tops, in_rows, panels, pictured
from hatecrime.reports.unknown_near import Nearby
from hatecrime.stats.neighbours import touching

FACTS = Facts("toy", 1, "EPSG:27700", date(2017, 3, 31), date(2017, 3, 31), True, False)
FILTERS = Filters(start=date(2016, 4, 1), finish=date(2017, 3, 31))
OUTLINES = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(9, 9, 10, 10)]
NOBODY = Nearby(pd.DataFrame(columns=["kind", "id", "venue_type", "label", "easting", "northing"]))
RESIDENTS = pd.DataFrame({"population_group": ["all"], "year": [2016], "base": ["mid_year"], "n": [1000]})


def by_area(column: str, *rows: tuple[str, object, int]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["area", column, "n"])


def monthly(area: str, n: int, months: int = 36) -> list[tuple[str, object, int]]:
    return [(area, month, n) for month in pd.date_range("2014-04-01", periods=months, freq="MS")]


def marks(area: str, n: int, school: int) -> dict[str, object]:
    flags = dict.fromkeys(("repeat_victim", "transport", "night_time", "online"), 0)
    known = {f"{flag}_known": n for flag in (*flags, "school")}
    return {"area": area, "n": n, **flags, "school": school, **known, "without_strand": 1, "without_point": 0}


def sheets(**changes: Any) -> Sheets:
    usual = Sheets(
        filters=FILTERS,
        facts=FACTS,
        first=date(2014, 4, 1),
        months=by_area("month", *monthly("A", 5), *monthly("B", 20)),
        strands=by_area(
            "strand", ("A", "race", 20), ("A", "disability", 40), ("B", "race", 220), ("B", "disability", 20)
        ),
        crime_types=by_area("crime_type", ("A", "public_order", 60), ("B", "public_order", 240)),
        hours=pd.DataFrame(
            {"area": ["A"] * 2, "hour": ["23", NOT_RECORDED], "weekday": ["5", NOT_RECORDED], "n": [50, 10]}
        ),
        outcomes=by_area(
            "outcome_group", ("A", "charged_summonsed", 3), ("A", NOT_RECORDED, 9), ("B", "no_suspect", 7)
        ),
        marks=pd.DataFrame([marks("A", 60, 30), marks("B", 240, 12)]),
        mature=mature(FILTERS, FACTS),
    )
    return replace(usual, **changes)


def places(**changes: object) -> pd.DataFrame:
    columns: dict[str, object] = {
        "id": ["A", "B", "C"],
        "label": ["Ash", "Beech", "Cedar"],
        "n": [60, 240, 0],
        "before": [60, 240, 0],
        "population": [1000.0, 8000.0, np.nan],
        "rate": [60.0, 30.0, np.nan],
        "low": [45.0, 26.0, np.nan],
        "high": [77.0, 34.0, np.nan],
        "x": [0.5, 1.5, np.nan],
        "y": [0.5, 0.5, np.nan],
    }
    return pd.DataFrame({**columns, **changes})


def profile(code: str = "A", table: pd.DataFrame | None = None, **changes: Any) -> Profile:
    table = places() if table is None else table
    return profile_of(sheets(**changes), table, touching(OUTLINES[: len(table)]), NOBODY, RESIDENTS, code)


class TestWhatIsCounted:
    def test_the_months_are_those_of_the_period_each_beside_the_year_before(self) -> None:
        found = profile().months
        assert found["month"].dt.date.tolist()[0] == date(2016, 4, 1) and len(found) == 12
        assert found["n"].sum() == found["last_year"].sum() == 60
        assert found["provisional"].sum() == 2

    def test_only_whole_quarters_are_drawn_and_those_of_the_period_are_strong(self) -> None:
        found = profile(first=date(2014, 5, 1)).quarters
        assert len(found) == 11 and found["strong"].sum() == 4
        assert (found["n"] == 15).all()

    def test_a_trend_compares_whole_years_of_final_quarters(self) -> None:
        trend = profile().trend
        assert trend is not None and (trend.before, trend.now) == (60, 60)
        assert profile(months=by_area("month", *monthly("A", 5, 3)), first=date(2016, 4, 1)).trend is None

    @pytest.mark.parametrize(
        ("by_quarter", "direction"),
        [
            ([15, 13, 16, 13, 6, 16, 11, 19, 17, 15, 13, 39], "more"),
            ([15, 13, 16, 13, 12, 16, 11, 19, 17, 15, 13, 1], "fewer"),
            # Chance: beyond all before, yet not by much.
            ([15, 13, 16, 13, 6, 16, 11, 19, 17, 15, 13, 20], None),
            # Clearly above the mean, but one before it was as high.
            ([15, 13, 16, 13, 6, 16, 11, 39, 17, 15, 13, 39], None),
            ([0] * 12, None),
            ([0] * 11 + [6], "more"),
        ],
    )
    def test_the_latest_quarter_is_told_only_where_it_is_clearly_unlike_every_one_before(
        self, by_quarter: list[int], direction: str | None
    ) -> None:
        firsts = pd.date_range("2014-04-01", periods=12, freq="QS")
        rows: list[tuple[str, object, int]] = [
            ("A", day, n) for day, n in zip(firsts, by_quarter, strict=True) if n or day == firsts[0]
        ]
        found = profile(months=by_area("month", *rows)).latest
        assert (found and found.direction) == direction

    def test_a_quarter_is_set_beside_a_year_of_them_at_least(self) -> None:
        rows: list[tuple[str, object, int]] = [("A", pd.Timestamp("2017-03-01"), 40)]
        assert profile(months=by_area("month", *rows), first=date(2016, 4, 1)).latest is None

    def test_where_the_data_do_not_reach_back_nothing_is_known_of_the_year_before(self) -> None:
        assert profile(first=date(2016, 1, 1)).now.reason == "missing"

    def test_outcomes_are_of_crimes_recorded_half_a_year_before_the_end_of_the_data(self) -> None:
        period = mature(FILTERS, FACTS)
        assert (period.start, period.finish) == (date(2015, 10, 1), date(2016, 9, 30))
        assert profile().outcomes.set_index("code")["n"].to_dict() == {"charged_summonsed": 3, "no_suspect": 0}

    def test_an_old_period_is_mature_as_it_is(self) -> None:
        old = Filters(start=date(2014, 4, 1), finish=date(2015, 3, 31))
        assert mature(old, FACTS) == old.period

    def test_months_are_counted_from_five_years_back_or_from_the_first(self) -> None:
        assert window(FILTERS, date(2000, 1, 1)).start == date(2012, 3, 1)
        assert window(FILTERS, date(2014, 4, 1)).start == date(2014, 4, 1)

    @pytest.mark.parametrize("ask", [lambda: mature(Filters(), FACTS), lambda: window(Filters(), date(2014, 4, 1))])
    def test_an_open_period_is_refused(self, ask) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(ValueError, match="period"):
            ask()


class TestWhatIsCompared:
    def test_a_rate_is_compared_with_the_others_whose_residents_are_known(self) -> None:
        against = profile().against
        assert against is not None and against.ratio == pytest.approx(2.0) and against.direction == "more"
        assert profile("C").against is None

    def test_shares_are_of_the_place_and_of_everywhere_else(self) -> None:
        row = profile().strands.set_index("code").loc["disability"]
        assert row["share"] == pytest.approx(100 * 40 / 60) and row["elsewhere"] == pytest.approx(100 * 20 / 240)
        assert row["low"] < row["share"] < row["high"]

    def test_what_stands_out_is_what_fisher_says_after_correction(self) -> None:
        found = profile().strands.set_index("code")
        assert found["clear"].to_dict() == {"race": False, "disability": True}
        table = [[40, 20], [20, 220]]
        assert found.loc["disability", "p"] == pytest.approx(stats.fisher_exact(table, "greater").pvalue)

    def test_alike_everywhere_nothing_stands_out(self) -> None:
        same = by_area(
            "strand", ("A", "race", 30), ("A", "disability", 30), ("B", "race", 120), ("B", "disability", 120)
        )
        assert not profile(strands=same).strands["clear"].any()

    def test_two_places_have_their_kinds_in_the_same_order(self) -> None:
        assert profile("A").strands["code"].tolist() == profile("B").strands["code"].tolist() == ["race", "disability"]

    def test_the_order_of_the_rows_changes_nothing(self) -> None:
        usual, turned = sheets(), {}
        for name in ("months", "strands", "crime_types", "hours", "outcomes", "marks"):
            turned[name] = getattr(usual, name).iloc[::-1].reset_index(drop=True)
        one, other = profile(), profile(**turned)
        for name in ("months", "quarters", "strands", "crime_types", "outcomes", "marks", "neighbours"):
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))

    def test_neighbours_touch_and_an_island_has_its_nearest(self) -> None:
        assert profile("A").neighbours["id"].tolist() == ["B"] and profile("A").touches
        assert profile("C").neighbours["id"].tolist() == ["B"] and not profile("C").touches

    def test_a_place_alone_in_view_is_compared_with_nothing(self) -> None:
        alone = profile(table=places().head(1), strands=by_area("strand", ("A", "race", 20)))
        assert alone.strands["elsewhere"].isna().all() and not alone.strands["clear"].any()
        assert alone.against is None

    def test_two_places_are_compared_by_what_their_figures_rest_on(self) -> None:
        found = differences(profile("A"), profile("B")).set_index(["what", "label"])
        assert found.loc[("n", ""), "direction"] == "fewer"
        assert found.loc[("rate", ""), "direction"] == "more"
        assert found.loc[("strand", "Disability"), "ratio"] == pytest.approx((40 / 60) / (20 / 240))

    def test_no_shares_are_compared_of_too_few(self) -> None:
        assert differences(profile("A"), profile("C"))["what"].tolist() == ["n"]


class TestParts:
    def test_of_one_place_tables_stand_in_two_stacks_under_the_rest(self) -> None:
        it = profile()
        rows = in_rows([panels(it, LIGHT, Tops.of([it]))])
        assert [part.key for part in rows[-1][0]] == ["outcomes", "neighbours"]
        assert sum(len(side) for row in rows for side in row) == len(panels(it, LIGHT, Tops.of([it])))

    def test_two_places_share_their_scales(self) -> None:
        both = [profile("A"), profile("B")]
        tops = Tops.of(both)
        ends = [
            part.chart.to_dict()["layer"][0]["encoding"]["y"]["scale"]["domain"][1]
            for it in both
            for part in panels(it, LIGHT, tops)
            if part.key == "months" and part.chart is not None
        ]
        assert len(ends) == 2 and ends[0] == ends[1]

    def test_every_chart_reads_out_what_it_draws(self) -> None:
        it = profile()
        drawn = {part.key: part.chart for part in panels(it, LIGHT, Tops.of([it])) if part.chart is not None}
        assert set(drawn) == {"months", "quarters", "strand", "crime_type", "hours", "days"}
        assert "Disability 67%" in drawn["strand"].description

    def test_four_incidents_are_told_and_not_drawn(self) -> None:
        few = profile(
            table=places(n=[4, 240, 0]),
            months=by_area("month", ("A", pd.Timestamp("2016-06-01"), 4)),
            strands=by_area("strand", ("A", "race", 4), ("B", "race", 240)),
            crime_types=by_area("crime_type", ("A", "public_order", 4), ("B", "public_order", 240)),
            hours=pd.DataFrame({"area": ["A"], "hour": ["23"], "weekday": ["5"], "n": [4]}),
            marks=pd.DataFrame([marks("A", 4, 1), marks("B", 240, 12)]),
        )
        parts = {part.key: part for part in panels(few, LIGHT, Tops.of([few]))}
        assert all(part.chart is None for part in parts.values())
        assert parts["strand"].said == (
            "4 incidents: too few to show as shares. By strand: Race (4). By crime type: Public order (4)."
        )
        assert parts["months"].said == "Jun 2016 (4)."

    def test_the_heading_of_the_quarters_names_a_jump_and_the_note_its_interval(self) -> None:
        jump = [
            *monthly("A", 5, 33),
            *(("A", month, 13) for month in pd.date_range("2017-01-01", periods=3, freq="MS")),
        ]
        it = profile(months=by_area("month", *jump))
        part = next(part for part in panels(it, LIGHT, Tops.of([it])) if part.key == "quarters")
        assert part.heading == "By quarter: Q4 2016/17 has clearly more than any quarter before it (39)"
        assert part.said.startswith(
            "Q4 2016/17 has 2.6 times as many as the 11 quarters before it on average (exact 95%"
        )

    def test_a_neighbour_that_had_none_shows_both_counts(self) -> None:
        it = profile(table=places(before=[60, 0, 0]))
        part = next(part for part in panels(it, LIGHT, Tops.of([it])) if part.key == "neighbours")
        assert part.table["change"].tolist() == ["from 0 to 240"]

    def test_what_is_pictured_has_its_headings_and_how_it_is_read(self) -> None:
        it = profile()
        found = pictured(panels(it, LIGHT, Tops.of([it])))
        assert [panel.heading.partition(":")[0] for panel in found][:2] == ["By month", "By quarter"]
        assert found[0].note == "Dash: the same month a year earlier. Dashed: provisional."
        assert pictured(panels(it, LIGHT, Tops.of([it])), "Ash")[0].heading.startswith("Ash. By month")

    @pytest.mark.parametrize("other", ["A", "B"])
    def test_a_place_without_incidents_stands_beside_one_with_many(self, other: str) -> None:
        both = [profile("C"), profile(other)]
        parts = [panels(it, LIGHT, Tops.of(both)) for it in both]
        assert to_html("Two", ["One.", "Other."], both, parts).count("<section>") == sum(map(len, parts))


class TestPaper:
    def test_the_file_is_whole_in_itself_and_every_image_has_words(self) -> None:
        it = profile()
        written = to_html("What?", ["That."], [it], [panels(it, LIGHT, Tops.of([it]))], footer=["For analysts"])
        assert written.count("<img") == written.count('alt="') == 6
        assert 'src="http' not in written and "<script" not in written and "<p>For analysts</p>" in written

    def test_no_name_becomes_markup(self) -> None:
        bad = "<img src=x onerror=alert(1)>"
        table = table_html(pd.DataFrame({"label": [bad], "n": [np.nan]}), {"label": (bad, TEXT), "n": ("N", WHOLE)})
        assert "<img" not in table and "&lt;img" in table and "–" in table
        it = profile(table=places(label=[bad, "Beech", "Cedar"]))
        both = [it, profile("B", table=places(label=[bad, "Beech", "Cedar"]))]
        assert bad not in to_html(bad, [bad], both, [panels(each, LIGHT, Tops.of(both)) for each in both])
