"""What the quality page rests on: counts of filled fields, lags and refusals, and what is made of them."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

import pandas as pd
import pytest

from hatecrime.database import Snapshot, fetch
from hatecrime.periods import Period
from hatecrime.shape import quality as shape
from tests import toy

JULY, AUGUST = date(2016, 7, 5), date(2016, 8, 5)
FULL = {
    "strands": ["race"],
    "channel": "officer",
    "victim_ethnicity": "white",
    "victim_sex": "female",
    "victim_age_band": "18_24",
    "online": False,
    "outcome": "1",
    "location_type": "street",
    "district": "D",
    "ward": "W",
    "easting": 1.0,
    "occurred_from": datetime(2016, 7, 1, 12),
}
REFERRAL = {"status": "supported", "consent": True}


def run(opened: Snapshot) -> Callable[..., pd.DataFrame]:
    return partial(fetch, opened)


def incidents(tmp_path, *rows: dict[str, Any], **tables: Any) -> pd.DataFrame:
    return shape.incident_months(run(toy.snapshot(tmp_path, incident=rows, **tables)))


def filled(months: pd.DataFrame, field: str, **options: Any) -> tuple[int, int]:
    found = shape.completeness(months, shape.INCIDENT_FIELDS, **options).set_index("field").loc[field]
    return int(found["filled"]), int(found["due"])


@pytest.mark.parametrize("field", [f for f, due in shape.INCIDENT_FIELDS.items() if due == "n"])
def test_each_field_is_counted_where_it_is_filled_and_nowhere_else(tmp_path, field):
    months = incidents(tmp_path, FULL, FULL, {})

    assert filled(months, field) == (2, 3)


def test_an_ethnicity_that_is_not_stated_is_not_known(tmp_path):
    assert filled(incidents(tmp_path, {"victim_ethnicity": "not_stated"}, FULL), "ethnicity") == (1, 2)


def test_a_time_that_spans_days_is_not_a_known_time(tmp_path):
    long = {"occurred_from": datetime(2016, 6, 1), "occurred_to": datetime(2016, 6, 3)}
    assert filled(incidents(tmp_path, long, FULL), "known_time") == (1, 2)


def test_a_sub_strand_is_asked_only_of_strands_whose_parts_are_monitored(tmp_path):
    months = incidents(
        tmp_path,
        {"strands": ["race"]},
        {"strands": ["religion"]},
        {"strands": ["race", ("religion", "muslim")]},
        {"strands": [("race", "gypsy_roma_traveller")]},
    )
    assert filled(months, "sub_strand") == (1, 2)


def test_a_centre_is_asked_only_of_reports_through_a_centre(tmp_path):
    months = incidents(
        tmp_path,
        {"channel": "reporting_centre", "centre_id": "c"},
        {"channel": "reporting_centre"},
        {"channel": "officer", "centre_id": "c"},
        {},
    )
    assert filled(months, "centre") == (1, 2)


def test_a_crime_type_is_asked_of_crimes_alone(tmp_path):
    months = incidents(
        tmp_path,
        {"kind": "crime", "crime_type": "public_order"},
        {"kind": "crime"},
        {"kind": "non_crime", "crime_type": "anti_social_behaviour"},
    )
    assert filled(months, "crime_type") == (1, 2)


def test_a_channel_that_few_records_have_is_the_weakest_point(tmp_path):
    rows = [{**FULL, "crime_type": "public_order"}] * 60 + [{**FULL, "channel": None, "crime_type": "burglary"}] * 181
    found = shape.completeness(incidents(tmp_path, *rows), shape.INCIDENT_FIELDS)

    assert shape.weakest(found)[["field", "filled", "due"]].tolist() == ["channel", 60, 241]


def test_a_row_with_two_refused_values_lost_its_wholeness_once(tmp_path):
    lost = {"extract_id": 1, "line": 2, "row_refused": False, "reason": "bad_date"}
    merged = {**lost, "line": 3, "reason": "merged_value"}
    months = incidents(tmp_path, {"line": 2}, {"line": 3}, {"line": 4}, reject=[lost, lost, merged])

    assert months[["n", "whole"]].sum().tolist() == [3, 2]


def test_a_share_is_missing_below_ten_and_there_from_ten_on(tmp_path):
    rows = [{**FULL, "source": "few"}] * 9 + [{**FULL, "source": "enough"}] * 10
    found = shape.completeness(incidents(tmp_path, *rows), {"sex": "n"}).set_index("source")

    assert pd.isna(found.loc["few", "share"])
    assert found.loc["enough", "share"] == 1
    assert 0 < found.loc["enough", "low"] < 1


def test_a_field_that_came_in_another_month_is_sent_although_it_is_empty_now(tmp_path):
    months = incidents(tmp_path, {"recorded_on": JULY, "victim_sex": "male"}, {"recorded_on": AUGUST})
    august = shape.during(months, Period(date(2016, 8, 1), date(2016, 8, 31)))
    sent = shape.completeness(august, {"sex": "n", "ward": "n"}, ever=months).set_index("field")["sent"]

    assert sent.to_dict() == {"sex": True, "ward": False}


def test_the_weakest_point_is_the_smallest_share_of_what_is_sent(tmp_path):
    rows = [{"victim_sex": "male", "online": True}] * 5 + [{"online": True}] * 5
    found = shape.completeness(incidents(tmp_path, *rows), shape.INCIDENT_FIELDS)

    assert shape.weakest(found)[["field", "filled", "due"]].tolist() == ["sex", 5, 10]


def test_too_few_records_have_no_weakest_point(tmp_path):
    assert shape.weakest(shape.completeness(incidents(tmp_path, FULL), shape.INCIDENT_FIELDS)) is None


def test_nothing_loaded_is_measured_as_nothing(tmp_path):
    fetched = run(toy.snapshot(tmp_path))
    months, late = shape.incident_months(fetched), shape.lags(fetched, None)
    complete = shape.completeness(months, shape.INCIDENT_FIELDS)

    assert complete.empty
    assert shape.by_month(months, late, shape.INCIDENT_FIELDS).empty
    assert shape.by_source(fetched("quality/extracts"), complete, late, shape.findings(fetched)).empty


def lag(days: int, **more: Any) -> dict[str, Any]:
    return {"recorded_on": AUGUST, "occurred_from": datetime(2016, 8, 5, 23) - pd.Timedelta(days=days), **more}


def test_lags_are_whole_days_and_late_begins_after_sixty(tmp_path):
    rows = [lag(days) for days in (0, 1, 1, 2, 60, 61)] + [{"recorded_on": AUGUST}]
    opened = toy.snapshot(tmp_path, incident=rows, extract=[{"received_on": date(2016, 8, 15)}])
    found = shape.of_sources(shape.lags(run(opened), None)).iloc[0]

    assert found[["n", "dated", "lag_median", "late"]].tolist() == [7, 6, 1.5, 1]
    assert found["wait_median"] == found["wait_last"] == 10
    assert found["lag_90"] == pytest.approx(60.5)


def test_lags_of_a_month_and_an_extract_stand_beside_those_of_the_whole(tmp_path):
    rows = [lag(1, extract_id=1), lag(5, extract_id=2), {**lag(40, extract_id=2), "recorded_on": date(2016, 9, 1)}]
    opened = toy.snapshot(tmp_path, incident=rows, extract=[{}, {}])
    found = shape.lags(run(opened), Period(date(2016, 8, 1), date(2016, 8, 31)))

    assert found["month"].dropna().unique().tolist() == [pd.Timestamp(2016, 8, 1)]
    assert found[found["month"].isna()].set_index("extract_id", append=False)["n"].tolist() == [1, 1, 2]


def test_a_lag_without_a_day_of_receipt_has_no_wait(tmp_path):
    found = shape.of_sources(shape.lags(run(toy.snapshot(tmp_path, incident=[lag(1)], extract=[{}])), None)).iloc[0]

    assert found["dated"] == 1
    assert pd.isna(found["wait_median"])


EXTRACT = {"rows_read": 20, "rows_kept": 10, "rows_refused": 8, "rows_collapsed": 2, "values_refused": 3}


def test_rows_that_the_mapping_does_not_want_are_not_held_against_a_source(tmp_path):
    refused = [{"extract_id": 1, "line": n, "row_refused": True, "reason": "passed_over"} for n in range(2, 8)]
    values = [{"extract_id": 1, "line": n, "row_refused": False, "reason": "bad_date"} for n in (10, 10, 11)]
    kept = [{"line": n} for n in range(8, 18)]
    fetched = run(toy.snapshot(tmp_path, extract=[EXTRACT], reject=[*refused, *values], incident=kept))
    found = shape.validity(fetched("quality/extracts")).iloc[0]

    assert found["accepted"] == pytest.approx(12 / 14)
    assert found["whole"] == pytest.approx(8 / 10)


def test_a_source_sent_again_answers_only_for_the_rows_that_are_held(tmp_path):
    first = {"rows_read": 260, "rows_kept": 0, "rows_collapsed": 260, "rows_refused": 0, "values_refused": 0}
    again = {**first, "rows_kept": 241, "rows_collapsed": 19, "rows_updated": 241, "rows_withdrawn": 19}
    lost = {"row_refused": False, "reason": "bad_date"}
    rejects = [{**lost, "extract_id": 1, "line": n} for n in range(2, 262)]
    rejects += [{**lost, "extract_id": 2, "line": n} for n in range(2, 46)]
    held = [{"extract_id": 2, "line": n} for n in range(2, 243)]
    fetched = run(toy.snapshot(tmp_path, extract=[first, again], reject=rejects, incident=held))
    found = shape.validity(fetched("quality/extracts")).iloc[0]

    assert found["touched"] == 44
    assert found["whole"] == pytest.approx(197 / 241)


def test_rows_counted_by_month_alone_are_neither_whole_nor_touched(tmp_path):
    extract = {**EXTRACT, "rows_kept": 30, "rows_aggregated": 20}
    lost = [{"extract_id": 1, "line": n, "row_refused": False, "reason": "bad_date"} for n in (2, 40)]
    held = [{"line": n} for n in range(2, 12)]
    fetched = run(toy.snapshot(tmp_path, extract=[extract], reject=lost, incident=held))
    found = shape.validity(fetched("quality/extracts"))
    assert found["whole"].iloc[0] == pytest.approx(9 / 10)


def test_refusals_come_with_their_lines_as_many_as_asked_for(tmp_path):
    rows = [{"extract_id": 1, "line": n, "row_refused": True, "reason": "bad_date"} for n in (12, 3, 3)]
    fetched = run(toy.snapshot(tmp_path, extract=[EXTRACT], reject=rows))

    (found,) = fetched("quality/refused", target="incident", most=10).to_dict("records")
    assert (found["n"], found["lines"]) == (3, "3, 12")
    (found,) = fetched("quality/refused", target=None, most=1).to_dict("records")
    assert found["lines"] == "3"
    assert fetched("quality/refused", target="referral", most=1).empty


def test_what_was_refused_by_a_rule_stands_beside_what_its_check_finds(tmp_path):
    rows = [{"extract_id": 1, "line": 5, "row_refused": False, "reason": "end_before_start"}]
    fetched = run(toy.snapshot(tmp_path, extract=[EXTRACT], reject=rows, incident=[{"strands": []}]))
    found = shape.checked(shape.findings(fetched), fetched("quality/refused", target=None, most=0))
    found = found.set_index("check")

    assert found.loc["checks/end_before_start", ["source", "n", "refused"]].tolist() == ["toy", 0, 1]
    assert found.loc["checks/future_date", ["source", "n", "refused"]].tolist() == ["", 0, 0]
    assert found.loc["checks/strand_missing", ["source", "n"]].tolist() == ["toy", 1]
    assert pd.isna(found.loc["checks/strand_missing", "refused"])


def test_the_gravest_finding_stands_first_and_every_check_is_there(tmp_path):
    rows = [{"strands": []}] * 3 + [{"strands": ["disability"], "offence_code": "8P", "district": "D"}]
    fetched = run(toy.snapshot(tmp_path, incident=rows, area=[{"area_code": "D", "level": "district"}]))
    findings = shape.findings(fetched)
    found = shape.checked(findings, fetched("quality/refused", target=None, most=0))

    assert found["check"].tolist()[:2] == ["checks/aggravated_without_race_or_religion", "checks/not_located"]
    assert found["check"].nunique() == findings["check"].nunique() > 30


def test_every_rule_of_refusal_belongs_to_a_check():
    assert set(shape.REFUSED_AS) <= {name for name in shape.query_names() if name.startswith("checks/")}


def test_a_reference_used_twice_and_a_contradiction_count_for_their_source(tmp_path):
    rows = [{"ref": "a", "source": "one"}] * 2 + [{"kind": "non_crime", "offence_code": "8N", "source": "two"}]
    extracts = [{**EXTRACT, "source": "one"}, {**EXTRACT, "source": "two"}]
    fetched = run(toy.snapshot(tmp_path, incident=rows, extract=extracts))
    months = shape.incident_months(fetched)
    found = shape.by_source(
        fetched("quality/extracts"),
        shape.completeness(months, shape.INCIDENT_FIELDS),
        shape.lags(fetched, None),
        shape.findings(fetched),
    ).set_index("source")

    assert found["repeated"].to_dict() == {"one": 2, "two": 0}
    assert found["error"].to_dict() == {"one": 0, "two": 1}


def test_a_month_has_each_measure_of_each_extract(tmp_path):
    rows = [{**FULL, "recorded_on": JULY}] * 10 + [{"recorded_on": AUGUST}]
    fetched = run(toy.snapshot(tmp_path, incident=rows, extract=[{}]))
    found = shape.by_month(shape.incident_months(fetched), shape.lags(fetched, None), shape.INCIDENT_FIELDS)

    july, august = found.to_dict("records")
    assert (july["n"], july["sex"], july["whole"], july["lag_median"]) == (10, 1, 1, 4)
    assert (august["n"], august["extract_id"]) == (1, 1)
    assert pd.isna(august["sex"])


def referral_shares(tmp_path, *rows: dict[str, Any]) -> dict[str, tuple[int, int]]:
    months = fetch(toy.snapshot(tmp_path, referral=rows), "quality/referrals")
    found = shape.completeness(months, shape.REFERRAL_FIELDS)
    return {row.field: (row.filled, row.due) for row in found.itertuples()}


def test_a_police_reference_is_asked_of_the_police_alone(tmp_path):
    found = referral_shares(
        tmp_path, {"route": "police_auto", "incident_ref": "x"}, {"route": "police"}, {"route": "self"}
    )
    assert found["incident_ref"] == (1, 2)


def test_a_contact_is_asked_of_people_who_agreed_and_were_reached(tmp_path):
    found = referral_shares(
        tmp_path,
        {**REFERRAL, "first_contact_on": datetime(2016, 7, 2)},
        REFERRAL,
        {"consent": True, "status": "unreachable"},
        {"consent": True, "status": "open"},
        {"consent": False, "status": "declined"},
    )
    assert found["contact"] == (1, 2)


def test_needs_are_asked_of_people_who_are_supported_and_a_reason_of_closed_cases(tmp_path):
    found = referral_shares(
        tmp_path,
        {**REFERRAL, "needs": ["safety"], "closed_on": AUGUST, "closure_reason": "needs_met"},
        {**REFERRAL, "needs": [], "closed_on": AUGUST},
        {"status": "declined"},
    )
    assert found["needs"] == (1, 2)
    assert found["closure"] == (1, 2)


def test_contacts_in_time_are_shares_of_those_who_agreed(tmp_path):
    days = [0, 2, 3, None]
    rows = [{"consent": True, "contact_working_days": n} for n in days]
    rows += [{"consent": False, "contact_working_days": 0}, {"contact_working_days": 1}]
    asked = {"start": None, "finish": None, "days": 2}
    found = fetch(toy.snapshot(tmp_path, referral=rows), "quality/contacts", **asked)

    whole = found[found["month"].isna()].iloc[0]
    assert whole[["n", "agreed", "unknown", "contacted", "in_time", "days_median"]].tolist() == [6, 4, 1, 3, 2, 2]
