"""Given these referrals, these counts."""

from datetime import date

from hatecrime.database import count_referrals, fetch
from hatecrime.filters import Filters
from tests import toy

ALL = Filters()


def rows(frame) -> list[tuple]:
    return [tuple(row) for row in frame.itertuples(index=False)]


def test_routes_are_grouped_as_the_list_says(tmp_path):
    routes = ["police_auto", "police_officer", "self", "third_party", None]
    opened = toy.snapshot(tmp_path, referral=[{"route": route} for route in routes])

    assert dict(rows(count_referrals(opened, ALL, ("route_group",)))) == {
        "police": 2,
        "self_referral": 1,
        "other_route": 1,
        "not_recorded": 1,
    }


def test_a_referral_counts_once_in_each_need_and_strand(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        referral=[
            {"needs": ["safety", "housing", "safety"], "strands": ["race", "religion"]},
            {"needs": [], "strands": []},
            {"needs": None},
        ],
    )

    assert rows(count_referrals(opened, ALL)) == [(3,)]
    assert dict(rows(count_referrals(opened, ALL, ("need",)))) == {
        "housing": 1,
        "safety": 1,
        "not_recorded": 2,
    }
    assert dict(rows(count_referrals(opened, ALL, ("strand",)))) == {
        "race": 1,
        "religion": 1,
        "not_recorded": 2,
    }


def test_period_area_and_strand_narrow(tmp_path):
    wales = {"district": "W06", "force": "W15", "region": "W92"}
    opened = toy.snapshot(
        tmp_path,
        referral=[
            {"received_on": date(2016, 7, 1), "strands": ["race"], **wales},
            {"received_on": date(2016, 7, 31), "strands": ["disability"], **wales},
            {"received_on": date(2016, 8, 1), "strands": ["race"]},
        ],
    )
    july = Filters(start=date(2016, 7, 1), finish=date(2016, 7, 31))

    assert rows(count_referrals(opened, july)) == [(2,)]
    assert rows(count_referrals(opened, july.but(strands=("race",)))) == [(1,)]
    for area in wales.values():
        assert rows(count_referrals(opened, Filters(area=area))) == [(2,)]
    assert rows(count_referrals(opened, Filters(area="E05"))) == [(0,)]


def test_no_referrals_are_a_total_of_zero_and_no_rows(tmp_path):
    opened = toy.snapshot(tmp_path)

    assert rows(count_referrals(opened, ALL)) == [(0,)]
    assert count_referrals(opened, ALL, ("month", "need")).empty


def test_in_time_is_counted_among_those_who_agreed_to_be_contacted(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        referral=[
            {"consent": True, "contact_working_days": 2},
            {"consent": None, "contact_working_days": 3},
            {"consent": True, "contact_working_days": None},
            {"consent": False, "contact_working_days": 1},
        ],
    )

    found = fetch(opened, "referrals/timeliness", ALL, by=None, days=2).iloc[0]

    assert found[["referrals", "due", "contacted", "in_time"]].tolist() == [4, 2, 1, 1]
    assert found["median_working_days"] == 2


def test_timeliness_by_month_has_a_row_for_each_month_that_occurs(tmp_path):
    days = [date(2016, 7, 1), date(2016, 7, 30), date(2016, 9, 1)]
    opened = toy.snapshot(tmp_path, referral=[{"received_on": day} for day in days])

    found = fetch(opened, "referrals/timeliness", ALL, by="month", days=2)

    assert [(period.date(), n) for period, n in zip(found["period"], found["referrals"], strict=True)] == [
        (date(2016, 7, 1), 2),
        (date(2016, 9, 1), 1),
    ]
    assert found["median_working_days"].isna().all()


def test_satisfaction_counts_answers_not_referrals(tmp_path):
    opened = toy.snapshot(tmp_path, referral=[{"satisfaction": score} for score in (5, 4, 3, None)])

    found = fetch(opened, "referrals/satisfaction", ALL, by=None).iloc[0]

    assert found[["referrals", "answers", "satisfied"]].tolist() == [4, 3, 2]
