import re

from hypothesis import given
from hypothesis import strategies as st

from hatecrime.words.quarterly import Bridge, Check, answer, bridge, checks, verdict


def test_the_quarter_and_the_year_to_date_are_compared() -> None:
    assert answer("Q4 2016/17", "Trafford", 120, 80, 400, 395) == (
        "120 incidents are recorded for Trafford in Q4 2016/17. "
        "That is 40 (50%) more than a year earlier (95% interval of the ratio 1.12 to 2.02). "
        "The year to date holds 400 incidents. "
        "That is no clear change from the 395 of a year earlier (95% interval of the ratio 0.88 to 1.17)."
    )


def test_an_empty_quarter_says_so() -> None:
    text = answer("Q1 2016/17", "Hale", 0, 0, 1, None)
    assert text.startswith("No incident is recorded for Hale in Q1 2016/17. None was recorded a year earlier")
    assert "holds 1 incident." in text


def test_figures_that_add_up_say_so() -> None:
    steps = Bridge(total=365, without=5, extra=25, in_strands=385)
    checked = checks(365, {"By kind": 365, "By channel": 365}, steps)
    assert [check.name for check in checked] == ["By kind", "By channel", "Strands"]
    assert verdict(checked) == "All 3 checks agree."
    assert verdict(checked[:1]) == "The one check agrees."


def test_figures_that_do_not_add_up_are_named_with_both_numbers() -> None:
    steps = Bridge(total=365, without=5, extra=25, in_strands=386)
    checked = checks(365, {"By kind": 365, "By channel": 1364}, steps)
    assert verdict(checked) == "2 of 3 checks fail. By channel: 1,364, not 365. Strands: 386, not 385."


def test_without_a_check_nothing_is_claimed() -> None:
    assert verdict([]) == "Nothing was checked."


def test_an_empty_quarter_adds_up() -> None:
    assert verdict(checks(0, {"By kind": 0}, Bridge(0, 0, 0, 0))) == "All 2 checks agree."


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=12))
def test_the_verdict_counts_the_checks_that_fail(pairs: list[tuple[int, int]]) -> None:
    text = verdict([Check(f"T{i}", expected, found) for i, (expected, found) in enumerate(pairs)])
    failed = [i for i, (expected, found) in enumerate(pairs) if expected != found]
    assert [int(i) for i in re.findall(r"T(\d+):", text)] == failed
    assert text.startswith(f"{len(failed)} of {len(pairs)}") == bool(failed)


@given(st.lists(st.integers(0, 3), max_size=60))
def test_the_bridge_leads_from_incidents_to_strands(strands_per_incident: list[int]) -> None:
    steps = Bridge(
        total=len(strands_per_incident),
        without=strands_per_incident.count(0),
        extra=sum(n - 1 for n in strands_per_incident if n > 1),
        in_strands=sum(strands_per_incident),
    )
    assert all(check.agrees for check in checks(steps.total, {}, steps))
    in_strands, total, without, extra = map(int, re.findall(r"\d+", bridge(steps)))
    assert total - without + extra == in_strands
