"""Events, breaks in a series, extracts and rejects."""

from datetime import date

from hatecrime.database import fetch
from tests import toy


def codes(frame, column) -> list:
    return frame[column].tolist()


def test_an_event_counts_if_any_of_its_days_is_in_the_period(tmp_path):
    def event(name, starts_on, ends_on):
        return {"event_id": name, "starts_on": starts_on, "ends_on": ends_on, "name_en": name}

    opened = toy.snapshot(
        tmp_path,
        calendar_event=[
            event("before", date(2016, 6, 1), date(2016, 6, 29)),
            event("across", date(2016, 6, 1), date(2016, 8, 30)),
            event("last day", date(2016, 7, 31), date(2016, 8, 30)),
            event("after", date(2016, 8, 1), date(2016, 8, 1)),
        ],
    )

    july = fetch(opened, "calendar/events", start=date(2016, 7, 1), finish=date(2016, 7, 31))

    assert codes(july, "event_id") == ["across", "last day"]
    assert len(fetch(opened, "calendar/events", start=None, finish=None)) == 4


def test_a_break_holds_for_everything_inside_its_area(tmp_path):
    def series_break(name, area):
        return {"break_id": name, "happened_on": date(2016, 7, 1), "area_code": area, "reason_en": name}

    opened = toy.snapshot(
        tmp_path,
        area=[
            {"area_code": "F", "level": "force"},
            {"area_code": "D", "level": "district", "parent": "F"},
            {"area_code": "E", "level": "district", "parent": "F"},
        ],
        series_break=[series_break("all", None), series_break("force", "F"), series_break("other", "E")],
    )

    def breaks(area):
        return codes(fetch(opened, "calendar/breaks", area=area, start=None, finish=None), "break_id")

    assert breaks("D") == ["all", "force"]
    assert breaks("F") == ["all", "force"]
    assert breaks(None) == ["all", "force", "other"]
    assert fetch(opened, "calendar/breaks", area=None, start=date(2016, 7, 2), finish=None).empty


def test_rejects_are_found_by_extract_and_reason(tmp_path):
    def reject(extract_id, line, reason, column):
        return {"extract_id": extract_id, "line": line, "reason": reason, "source_column": column}

    opened = toy.snapshot(
        tmp_path,
        extract=[{"file": "a.csv"}, {"file": "b.csv"}],
        reject=[
            reject(1, 5, "bad_date", "When"),
            reject(1, 5, "bad_flag", "Online"),
            reject(2, 2, "bad_date", "When"),
        ],
    )

    def rejects(extract_id=None, reason=None, limit=10, offset=0):
        asked = {"extract_id": extract_id, "reason": reason, "limit": limit, "offset": offset}
        found = fetch(opened, "extracts/rejects", **asked)
        return list(zip(found["file"], found["line"], found["source_column"], strict=True))

    assert rejects(extract_id=2) == [("b.csv", 2, "When")]
    assert rejects(reason="bad_flag") == [("a.csv", 5, "Online")]
    assert rejects(limit=1, offset=1) == [("a.csv", 5, "When")]
    assert rejects(extract_id=9) == []


def test_reject_counts_tell_records_from_values(tmp_path):
    refused = {"extract_id": 1, "reason": "unknown_label", "source_column": "Strand"}
    opened = toy.snapshot(
        tmp_path,
        extract=[{"file": "a.csv"}],
        incident=[{"line": 3}],
        reject=[
            {**refused, "line": 2, "row_refused": True},
            {**refused, "line": 2, "row_refused": True},
            {**refused, "line": 3, "row_refused": False},
            {**refused, "line": 4, "row_refused": False},  # its row was replaced by a later extract
        ],
    )

    counted = fetch(opened, "extracts/reject_counts").iloc[0]

    assert counted[["refusals", "records", "refused_values"]].tolist() == [3, 1, 1]
