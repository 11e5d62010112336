import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from hatecrime.words.overview import answer

STRANDS = pd.DataFrame(
    {
        "strand": ["race", "disability", "not_recorded"],
        "label": ["Race", "Disability", "Not recorded"],
        "n": [285, 40, 300],
    }
)


def test_the_overview_says_how_much_of_what_and_what_changed() -> None:
    assert answer(365, 300, "2016/17", "Trafford", crimes=310, strands=STRANDS) == (
        "365 incidents are recorded for Trafford (2016/17). "
        "That is 65 (22%) more than a year earlier (95% interval of the ratio 1.04 to 1.42). "
        "Crimes: 310; non-crime incidents: 55. "
        "The strand recorded most is Race (78%)."
    )


def test_one_incident_is_not_a_percentage() -> None:
    strands = pd.DataFrame({"label": ["Race"], "n": [1]})
    text = answer(1, 2, "June 2016", "Hale Barns", crimes=0, strands=strands)
    assert text.startswith("1 incident is recorded for Hale Barns (June 2016).")
    assert "%" not in text
    assert "Crimes: 0; non-crime incidents: 1." in text
    assert "Race (1 of 1)" in text


def test_nothing_recorded_has_no_kinds_and_no_strand() -> None:
    assert answer(0, 0, "June 2016", "Hale", crimes=0, strands=STRANDS) == (
        "No incident is recorded for Hale (June 2016). None was recorded a year earlier either."
    )


def test_strands_that_tie_are_both_named() -> None:
    strands = pd.DataFrame({"label": ["Race", "Religion", "Disability"], "n": [20, 20, 1]})
    assert answer(40, None, "2016/17", "Wales", strands=strands).endswith(
        "The strands recorded most are Race and Religion (50% each)."
    )


def test_records_without_a_strand_name_none() -> None:
    text = answer(40, None, "2016/17", "Wales", strands=STRANDS.tail(1))
    assert "strand" not in text
    assert "strand" not in answer(40, None, "2016/17", "Wales", strands=STRANDS.head(0))


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.data())
def test_crimes_and_non_crime_incidents_add_up_to_the_total(now: int, before: int, data: st.DataObject) -> None:
    crimes = data.draw(st.integers(0, now))
    text = answer(now, before, "2016/17", "Wales", crimes=crimes)
    if now:
        assert text.startswith(f"{now:,} incident")
        assert f"Crimes: {crimes:,}; non-crime incidents: {now - crimes:,}." in text
    else:
        assert text.startswith("No incident is recorded")


def test_months_that_can_still_change_are_said_beside_the_change_they_may_undo() -> None:
    text = answer(365, 300, "2016/17", "Trafford", unsettled=2)
    assert (
        "more than a year earlier (95% interval of the ratio 1.04 to 1.42). The latest 2 months are provisional" in text
    )
    assert "provisional" not in answer(365, 300, "2015/16", "Trafford")
