"""Filters: what they expand to, and the form they have in a link."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatecrime.dictionary import UnknownCode, code_list
from hatecrime.filters import Filters
from hatecrime.periods import Period

EVERYTHING = Filters(
    area="E08000009",
    start=date(2016, 4, 1),
    finish=date(2017, 3, 31),
    basis="occurred",
    kinds=("crime",),
    crime_types=("violence", "arson"),
    strands=("race", "religion"),
    channels=("online_report",),
    location_types=("street", "shop"),
    online=False,
)


def test_a_group_takes_its_children_along():
    struct = Filters(crime_types=("violence",)).to_struct()

    assert struct["crime_types"] == [
        "violence",
        "violence_with_injury",
        "violence_without_injury",
        "stalking_harassment",
    ]


def test_a_group_and_its_child_take_the_child_once():
    struct = Filters(crime_types=("arson", "criminal_damage_arson")).to_struct()

    assert struct["crime_types"] == ["arson", "criminal_damage_arson", "criminal_damage"]


def test_strands_become_one_bit_mask():
    assert Filters(strands=("race", "disability")).to_struct()["strand_mask"] == 1 + 8


def test_nothing_chosen_is_everything():
    struct = Filters().to_struct()

    assert struct["strand_mask"] == 0
    assert struct["basis"] == "recorded"
    assert all(struct[name] is None for name in struct if name not in ("strand_mask", "basis"))


def test_a_part_of_a_strand_is_no_filter():
    with pytest.raises(UnknownCode, match="muslim"):
        Filters(strands=("muslim",)).to_struct()


def test_an_unknown_code_is_refused_by_name():
    with pytest.raises(UnknownCode, match="piracy"):
        Filters(crime_types=("piracy",)).to_struct()


def test_an_unknown_basis_is_refused():
    with pytest.raises(ValueError, match="guessed"):
        Filters(basis="guessed")


def test_filters_that_say_the_same_are_the_same():
    assert Filters().but(area="W92000004") == Filters(area="W92000004")
    assert hash(EVERYTHING) == hash(EVERYTHING.but())


def test_a_period_has_its_months():
    assert Filters(start=date(2016, 1, 31), finish=date(2016, 3, 1)).months() == [
        date(2016, 1, 1),
        date(2016, 2, 1),
        date(2016, 3, 1),
    ]


def test_an_open_end_has_no_months():
    assert Filters(start=date(2016, 1, 31)).months() == []
    assert Filters(start=date(2016, 1, 31)).period is None


def test_during_changes_the_period_alone():
    quarter = Period(date(2016, 7, 1), date(2016, 9, 30))

    assert EVERYTHING.during(quarter).period == quarter
    assert EVERYTHING.during(quarter).during(EVERYTHING.period) == EVERYTHING


def test_a_link_says_only_what_is_set():
    assert Filters().to_query() == {}
    assert EVERYTHING.to_query() == {
        "area": "E08000009",
        "from": "2016-04-01",
        "to": "2017-03-31",
        "basis": "occurred",
        "kind": "crime",
        "crime_type": "violence,arson",
        "strand": "race,religion",
        "channel": "online_report",
        "location_type": "street,shop",
        "online": "no",
    }


def codes_of(name: str) -> st.SearchStrategy[tuple[str, ...]]:
    listed = [code for code in code_list(name) if name != "strand" or code_list(name)[code].extras["bit"]]
    return st.lists(st.sampled_from(listed), unique=True, max_size=4).map(tuple)


@given(
    st.builds(
        Filters,
        area=st.none() | st.sampled_from(["E08000009", "E08000009-central", "W15000002"]),
        start=st.none() | st.dates(date(2010, 1, 1), date(2015, 1, 1)),
        finish=st.none() | st.dates(date(2015, 1, 1), date(2020, 1, 1)),
        basis=st.sampled_from(["recorded", "occurred"]),
        kinds=codes_of("kind"),
        crime_types=codes_of("crime_type"),
        strands=codes_of("strand"),
        channels=codes_of("channel"),
        location_types=codes_of("location_type"),
        online=st.none() | st.booleans(),
    )
)
def test_a_link_brings_every_filter_back(filters: Filters):
    assert Filters.from_query(filters.to_query()) == (filters, [])


@pytest.mark.parametrize(
    ("query", "expected", "mentioned"),
    [
        ({"area": "../etc"}, Filters(), "../etc"),
        ({"from": "23/06/2016"}, Filters(), "23/06/2016"),
        ({"from": "2016-06-23", "to": "soon"}, Filters(start=date(2016, 6, 23)), "soon"),
        ({"basis": "guessed"}, Filters(), "guessed"),
        ({"online": "1"}, Filters(), "“1”"),
        ({"kind": "crime,nonsense"}, Filters(kinds=("crime",)), "nonsense"),
        ({"strand": "muslim"}, Filters(), "muslim"),
    ],
)
def test_a_bad_value_in_a_link_is_left_out_and_reported(query, expected, mentioned):
    filters, problems = Filters.from_query(query)

    assert filters == expected
    assert len(problems) == 1
    assert mentioned in problems[0]


def test_a_link_whose_period_runs_backwards_loses_its_period_alone():
    filters, problems = Filters.from_query({"from": "2017-01-01", "to": "2016-01-01", "kind": "crime"})

    assert filters == Filters(kinds=("crime",))
    assert len(problems) == 1


def test_an_area_that_the_snapshot_lacks_is_reported():
    filters, problems = Filters.from_query({"area": "E99"}, areas=["E08000009"])

    assert filters.area is None
    assert "E99" in problems[0]


def test_what_is_no_filter_is_passed_over():
    assert Filters.from_query({"page": "trends", "lang": "cy"}) == (Filters(), [])


def test_a_very_long_value_is_quoted_in_part():
    _filters, problems = Filters.from_query({"from": "x" * 5000})

    assert len(problems[0]) < 200
