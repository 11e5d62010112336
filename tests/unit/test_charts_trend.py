"""Trend charts, on two years of months."""

import json
from datetime import date
from typing import Any

import pandas as pd
import pytest

from hatecrime.charts import trend
from hatecrime.charts.theme import LIGHT

MONTHS = pd.date_range("2015-04-01", periods=24, freq="MS")
TOTAL = pd.DataFrame(
    {
        "month": MONTHS,
        "n": range(10, 34),
        "provisional": [False] * 22 + [True] * 2,
        "last_year": [float("nan")] * 12 + list(range(10, 22)),
    }
)
TITLES = trend.Titles(measure="Incidents", before="a year earlier")
EVENTS = pd.DataFrame({"starts_on": [date(2016, 6, 24)], "ends_on": [date(2016, 7, 7)], "label": ["Referendum"]})


def named(*names: str) -> pd.DataFrame:
    return pd.concat([TOTAL.assign(label=name) for name in names], ignore_index=True)


def drawn(frame: pd.DataFrame = TOTAL, **options: Any) -> dict[str, Any]:
    return trend.lines(frame, LIGHT, TITLES, alt_text="It rises.", **options).to_dict()


def marks(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


def rows(spec: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    return spec["datasets"][layer["data"]["name"]]


def test_the_scale_starts_at_zero_in_every_layer() -> None:
    spec = drawn(before="last_year", events=EVENTS)
    scales = [layer["encoding"]["y"]["scale"] for layer in spec["layer"] if "y" in layer["encoding"]]
    assert {scale["domain"][0] for scale in scales} == {0}
    assert len({scale["domain"][1] for scale in scales}) == 1


def test_no_utc_units_are_used_because_they_move_a_summer_month() -> None:
    assert "utc" not in json.dumps(drawn(before="last_year", events=EVENTS)).lower()


def test_provisional_months_are_dashed_and_hollow_and_named() -> None:
    spec = drawn()
    solid, dashed = marks(spec, "line")
    assert "strokeDash" not in solid["mark"]
    assert dashed["mark"]["strokeDash"] == trend.DASH
    assert marks(spec, "point")[0]["encoding"]["fill"]["condition"]["test"] == "datum.provisional"
    assert [row["name"] for row in rows(spec, marks(spec, "text")[0])] == ["provisional"]


def test_the_dashed_line_begins_at_the_last_settled_month() -> None:
    spec = drawn()
    dashed = rows(spec, marks(spec, "line")[1])
    assert [row["provisional"] for row in dashed] == [False, True, True]


def test_without_provisional_months_nothing_is_dashed() -> None:
    assert len(marks(drawn(TOTAL.assign(provisional=False)), "line")) == 1


def test_the_year_before_is_named_at_its_end() -> None:
    spec = drawn(before="last_year")
    assert "a year earlier" in [row["name"] for row in rows(spec, marks(spec, "text")[-1])]


def test_an_event_is_shaded_and_named_within_the_months_shown() -> None:
    late = EVENTS.assign(starts_on=[date(2017, 3, 20)], ends_on=[date(2017, 9, 1)])
    spec = drawn(events=pd.concat([EVENTS, late]))
    shaded = rows(spec, marks(spec, "rect")[0])
    assert [row["label"] for row in shaded] == ["Referendum", "Referendum"]
    assert shaded[-1]["ends_on"].startswith("2017-03-31")


def test_an_event_after_the_last_month_is_left_out() -> None:
    spec = drawn(events=EVENTS.assign(starts_on=[date(2018, 1, 1)], ends_on=[date(2018, 1, 2)]))
    assert rows(spec, marks(spec, "rect")[0]) == []


def test_the_name_of_a_late_event_stands_to_its_left_where_there_is_room() -> None:
    late = EVENTS.assign(starts_on=[date(2017, 3, 20)], ends_on=[date(2017, 3, 25)])
    texts = [layer for layer in marks(drawn(events=late), "text") if "transform" in layer]
    assert {layer["mark"]["align"] for layer in texts} == {"left", "right"}


def test_a_series_break_is_a_dotted_rule() -> None:
    breaks = pd.DataFrame({"happened_on": [date(2016, 4, 1)], "label": ["[1]"]})
    assert marks(drawn(breaks=breaks), "rule")[0]["mark"]["strokeDash"] == [2, 3]


def test_up_to_four_lines_are_named_at_their_ends() -> None:
    spec = drawn(named("Race", "Religion"), series="label")
    assert marks(spec, "text")[-1]["encoding"]["text"]["field"] == "label"
    assert marks(spec, "line")[0]["encoding"]["color"]["legend"] is None


def test_names_of_lines_that_end_together_are_moved_apart() -> None:
    spec = drawn(named("Race", "Religion"), series="label")
    low, high = sorted(row["height"] for row in rows(spec, marks(spec, "text")[-1]))
    assert high - low > 1


def test_five_lines_are_refused_because_nobody_can_tell_them_apart() -> None:
    with pytest.raises(ValueError, match="panels"):
        drawn(named("a", "b", "c", "d", "e"), series="label")


def test_panels_come_largest_first_and_each_says_what_it_is() -> None:
    frame = pd.concat([named("Small"), named("Large").assign(n=99)], ignore_index=True)
    charts = trend.panels(frame, LIGHT, TITLES, series="label", alt_text="{name}: months.")
    specs = [chart.to_dict() for chart in charts]
    assert [spec["title"]["text"] for spec in specs] == ["Large", "Small"]
    assert [spec["description"] for spec in specs] == ["Large: months.", "Small: months."]
    assert all(marks(spec, "bar")[0]["encoding"]["y"]["scale"]["domain"][0] == 0 for spec in specs)


def test_provisional_columns_of_a_panel_are_hollow() -> None:
    chart = trend.panels(named("Race"), LIGHT, TITLES, series="label", alt_text="{name}")[0]
    colour = marks(chart.to_dict(), "bar")[0]["encoding"]["color"]
    assert colour["condition"] == {"test": "datum.provisional", "value": LIGHT.ground}


def test_panels_of_nothing_are_no_panels() -> None:
    assert trend.panels(named("Race").iloc[:0], LIGHT, TITLES, series="label", alt_text="{name}") == []


@pytest.mark.parametrize("frame", [TOTAL.iloc[:0], TOTAL.iloc[:1], TOTAL.assign(n=0)], ids=["none", "one", "zero"])
def test_few_months_or_none_still_give_a_chart(frame: pd.DataFrame) -> None:
    spec = drawn(frame, before="last_year", events=EVENTS)
    assert spec["description"] == "It rises."


def test_months_are_a_time_and_counts_are_quantities() -> None:
    point = marks(drawn(), "point")[0]["encoding"]
    assert (point["x"]["type"], point["y"]["type"]) == ("temporal", "quantitative")
    assert point["tooltip"][1]["format"] == ",.0f"


def test_a_month_stands_in_its_middle() -> None:
    spec = drawn()
    assert rows(spec, marks(spec, "point")[0])[0]["at"].startswith("2015-04-15")
