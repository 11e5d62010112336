"""The report on referral data: its figures, that it stands by itself, and that no record of a person is in it."""

from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest

from hatecrime.i18n import speaking
from hatecrime.periods import Period
from hatecrime.reports.handover import Rows, document
from hatecrime.reports.referral_document import to_html
from hatecrime.reports.referral_quality import ReferralQuality, by_month, referral_quality
from tests import toy

YEAR = Period(date(2016, 4, 1), date(2017, 3, 31))
JULY, BEFORE = date(2016, 7, 5), date(2015, 7, 5)
PERSON = {"ref": "a1b2c3d4e5", "incident_ref": "f6a7b8c9d0", "district": "W06000015"}
SOUND = {
    **PERSON,
    "received_on": JULY,
    "route": "police_auto",
    "consent": True,
    "status": "supported",
    "strands": ["race"],
    "first_contact_on": datetime(2016, 7, 6),
    "contact_working_days": 1,
    "support_started_on": date(2016, 7, 6),
    "extract_id": 1,
}
OWN = {"received_on": JULY, "route": "self", "strands": ["race"], "extract_id": 1}
EXTRACT = {
    "file": "referrals.csv",
    "target": "referral",
    "rows_read": 30,
    "rows_kept": 28,
    "rows_refused": 2,
    "rows_collapsed": 0,
    "received_on": date(2017, 4, 30),
}
REJECTS = [
    {
        "extract_id": 1,
        "line": 12,
        "row_refused": True,
        "reason": "bad_date",
        "source_column": "Date",
        "value": "Secret",
    },
    {"extract_id": 1, "line": 3, "row_refused": True, "reason": "bad_date", "source_column": "Date", "value": "Hidden"},
]


def report(tmp_path, *referrals: dict[str, Any], **tables: Any) -> ReferralQuality:
    rows = [{**row, "line": line} for line, row in enumerate(referrals, start=2)]
    tables = {"extract": [EXTRACT], **tables}
    return referral_quality(toy.snapshot(tmp_path, referral=rows, **tables), YEAR, "toy")


class Reader(HTMLParser):
    """Every tag with its attributes, and the cells of every table."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.text.append(data.strip())


def test_only_referrals_of_the_period_are_counted(tmp_path):
    found = report(tmp_path, SOUND, OWN, {**SOUND, "received_on": BEFORE}, {**SOUND, "received_on": date(2017, 4, 1)})

    assert found.own == (1, 2, 2)
    assert found.received == 2
    assert set(found.complete["due"]) <= {0, 1, 2}


def test_a_report_holds_nothing_of_another_service(tmp_path):
    theirs = {"source": "other", "file": "theirs.csv"}
    rows = [SOUND, OWN, *[{**OWN, "source": "other", "extract_id": 2, "closed_on": date(2016, 7, 1)}] * 3]
    refused = [{**REJECTS[0], "extract_id": 2, "source_column": "Theirs"}]
    found = report(tmp_path, *rows, extract=[EXTRACT, {**EXTRACT, **theirs}], reject=refused)
    text = to_html(found)

    assert found.own == (1, 2, 2)
    assert found.checks.set_index("check").loc["checks/referral_closed_before_receipt", "n"] == 0
    assert "Quality of the referral data of toy, April 2016 to March 2017" in Reader(text).text
    assert not [each for each in ("other", "theirs.csv", "Theirs") if each in Reader(text).text]


def test_a_baseline_needs_referrals_from_the_beginning_of_the_year_before(tmp_path):
    (tmp_path / "long").mkdir()
    late = report(tmp_path, SOUND, {**OWN, "received_on": BEFORE})
    early = report(tmp_path / "long", SOUND, {**OWN, "received_on": BEFORE}, {**SOUND, "received_on": date(2015, 4, 1)})

    assert late.before is None
    assert early.before == (1, 2, 2)


def test_a_referral_without_a_route_is_neither_a_self_referral_nor_another(tmp_path):
    found = report(tmp_path, *[OWN] * 5, *[SOUND] * 15, *[{**SOUND, "route": None}] * 20)
    text = Reader(to_html(found)).text

    assert found.own == (5, 20, 40)
    row = text[text.index("Basis") + 1 :]
    assert row[:5] == ["April 2016 to March 2017", "40", "20", "5", "25%"]
    assert "20 referrals of April 2016 to March 2017 have no route and are left out of the share." in text


def test_reached_counts_only_people_who_agreed(tmp_path):
    refused, unasked = {**SOUND, "consent": False}, {**SOUND, "consent": None}
    text = Reader(to_html(report(tmp_path, *[SOUND] * 12, *[refused] * 3, *[unasked] * 2))).text

    row = text[text.index("Days, 90% within") + 1 :]
    assert row[:7] == ["toy", "17", "12", "2", "12", "12", "100%"]


def test_what_was_refused_has_its_lines_and_never_its_values(tmp_path):
    text = to_html(report(tmp_path, SOUND, reject=REJECTS))

    assert "3, 12" in Reader(text).text
    assert "Secret" not in text
    assert "Hidden" not in text


def test_what_the_mapping_passes_over_is_not_to_be_mended(tmp_path):
    passed = [{**row, "reason": "passed_over"} for row in REJECTS]
    found = Reader(to_html(report(tmp_path, {**SOUND, "incident_ref": None}, reject=passed))).text
    assert "0 rows, values or contradictions are to be mended." in found


def test_no_pseudonym_and_no_place_of_a_person_is_in_the_document(tmp_path):
    text = to_html(report(tmp_path, *[SOUND] * 12))

    assert not [value for value in PERSON.values() if value in text]


def test_a_contradiction_is_counted_with_its_line(tmp_path):
    found = report(tmp_path, SOUND, {**SOUND, "closed_on": date(2016, 7, 1)})
    wrong = found.checks.iloc[0]

    assert (wrong["check"], wrong["n"]) == ("checks/referral_closed_before_receipt", 1)
    assert wrong["lines"] == "referrals.csv: 3"
    assert "referrals.csv: 3" in Reader(to_html(found)).text


def test_a_contradiction_outside_the_period_is_not_counted(tmp_path):
    found = report(tmp_path, SOUND, {**SOUND, "received_on": date(2017, 4, 1), "closed_on": date(2017, 1, 1)})
    assert found.checks.set_index("check").loc["checks/referral_closed_before_receipt", "n"] == 0


def test_records_of_other_kinds_are_not_counted_among_the_contradictions(tmp_path):
    late = {"recorded_on": date(2016, 7, 2), "extract_id": 2}
    early = {"file": "incidents.csv", "received_on": date(2016, 7, 1)}
    found = report(tmp_path, SOUND, incident=[late], extract=[EXTRACT, early])
    assert found.checks["n"].sum() == 1  # the police reference of SOUND, which no incident has
    assert found.checks.set_index("check").loc["checks/future_date", "n"] == 0


def test_a_month_has_its_own_shares(tmp_path):
    rows = [SOUND] * 10 + [{**SOUND, "received_on": date(2016, 8, 1), "contact_working_days": 5}]
    months = by_month(report(tmp_path, *rows))

    assert months["n"].tolist() == [10, 1]
    assert months["in_time"].tolist() == [10, 0]
    assert months["in_time_share"].iloc[0] == 1
    assert pd.isna(months["in_time_share"].iloc[1])
    assert months["filled"].iloc[0] <= months["due"].iloc[0]


def test_the_document_stands_by_itself(tmp_path):
    text = to_html(report(tmp_path, *[SOUND] * 12, reject=REJECTS))
    names = {tag for tag, _attributes in Reader(text).tags}

    assert not names & {"script", "link", "img", "iframe", "a", "object"}
    assert "http" not in text
    assert "url(" not in text
    assert "@import" not in text


def test_every_table_can_be_read_by_a_screen_reader(tmp_path):
    reader = Reader(to_html(report(tmp_path, *[SOUND] * 12, reject=REJECTS)))
    tables = [tag for tag, _attributes in reader.tags if tag == "table"]
    captions = [tag for tag, _attributes in reader.tags if tag == "caption"]
    scopes = [attributes.get("scope") for tag, attributes in reader.tags if tag == "th"]

    assert len(tables) == len(captions) >= 6
    assert set(scopes) == {"col", "row"}
    assert [tag for tag, _attributes in reader.tags].count("h1") == 1
    labelled = [a["aria-labelledby"] for tag, a in reader.tags if tag == "section"]
    assert labelled == [a["id"] for tag, a in reader.tags if tag == "h2"]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_document_says_which_language_it_speaks(tmp_path, language):
    found = report(tmp_path, SOUND)
    with speaking(language):
        text = to_html(found)
    assert Reader(text).tags[0] == ("html", {"lang": language})


def test_made_up_data_say_so_before_anything_else(tmp_path):
    first = Reader(to_html(report(tmp_path, SOUND))).text
    assert any("SYNTHETIC" in text for text in first[2:4])


def test_few_referrals_are_counts_and_not_percentages(tmp_path):
    text = Reader(to_html(report(tmp_path, SOUND, OWN))).text
    assert "2 of 2" in text
    assert "100%" not in text


def test_a_period_without_referrals_is_a_document_all_the_same(tmp_path):
    text = Reader(to_html(report(tmp_path, {**SOUND, "received_on": BEFORE}))).text
    assert "0 referrals were received in April 2016 to March 2017." in text
    assert "No referral was received in the period." in text


def test_marks_in_the_data_stay_text():
    rows = Rows("<b>", {"a": "<i>", "b": "&"}, [{"a": "<script>x</script>", "b": 1}], frozenset({"b"}))
    text = document("en", "<title>", ["a < b"], [("<h>", ["x & y", rows])])
    names = {tag for tag, _attributes in Reader(text).tags}
    assert not names & {"b", "i", "script", "h"}
    assert "<script>x</script>" in Reader(text).text
