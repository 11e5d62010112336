"""How good the referral data of a period are, as a document that stands by itself and can be handed over."""

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import pandas as pd

from hatecrime.database import Facts, Snapshot, fetch, query_names, read_query
from hatecrime.periods import Period
from hatecrime.shape import quality as shape

CONTACT_DAYS = 2
MOST_LINES = 200
TARGET = "referral"
# Besides the checks on referrals alone, those on every kind of record that has a day.
SHARED_CHECKS = ("checks/future_date", "checks/later_date_in_future", "checks/outside_stated_period")


class Own(NamedTuple):
    """Self-referrals, the referrals of which the route is known, and all of them."""

    own: int
    routed: int
    received: int


@dataclass(frozen=True, eq=False)
class ReferralQuality:
    """
    Counts only of one source, never the records of people; lines are those of the extract.

    months, complete and contacts are about the period; extracts and refused about all that was loaded, because what
    was refused often has no day. own and before are about self-referrals; before is a year earlier, or None where no
    referrals of that time are known.
    """

    facts: Facts
    source: str
    period: Period
    months: pd.DataFrame
    complete: pd.DataFrame
    contacts: pd.DataFrame
    extracts: pd.DataFrame
    refused: pd.DataFrame
    checks: pd.DataFrame
    own: Own
    before: Own | None

    @property
    def received(self) -> int:
        """How many referrals were received in the period."""
        return self.own.received


def sources(extracts: pd.DataFrame) -> list[str]:
    """Who sent referrals: each has a report of its own; extracts as quality/extracts gives them."""
    return sorted(extracts.loc[extracts["target"] == TARGET, "source"].unique())


def referral_quality(snapshot: Snapshot, period: Period, source: str) -> ReferralQuality:
    """What can be said of the referrals of one source, received in a period."""
    run = partial(fetch, snapshot)
    every = _of(source, run("quality/referrals"))
    months = shape.during(every, period)
    extracts = _of(source, run("quality/extracts"))
    extracts = extracts[extracts["target"] == TARGET].reset_index(drop=True)
    contacts = run("quality/contacts", start=period.start, finish=period.finish, days=CONTACT_DAYS)
    contacts = _of(source, contacts)
    in_time = {
        f"in_time_{name}": values for name, values in shape.shares(contacts["in_time"], contacts["agreed"]).items()
    }
    return ReferralQuality(
        facts=snapshot.facts,
        source=source,
        period=period,
        months=months.reset_index(drop=True),
        complete=shape.completeness(months, shape.REFERRAL_FIELDS, ("source",), every),
        contacts=contacts.assign(**in_time),
        extracts=extracts,
        refused=_of(source, run("quality/refused", target=TARGET, most=MOST_LINES)),
        checks=_checks(run, extracts, period),
        own=_own(months),
        before=_before(every, period.previous_year()),
    )


def by_month(report: ReferralQuality) -> pd.DataFrame:
    """
    source, month, n, own, route, agreed, in_time and shares: complete (of the fields sent), whole (no value refused).
    """
    keys = ["source", "month"]
    sums = report.months.groupby(keys, as_index=False)[["n", "own", "route", "whole"]].sum()
    sent = report.complete.loc[report.complete["sent"], ["source", "field"]]
    done = shape.completeness(report.months, shape.REFERRAL_FIELDS, ("source", "month"))
    filled = done.merge(sent, on=["source", "field"]).groupby(keys, as_index=False)[["filled", "due"]].sum()
    timely = report.contacts.dropna(subset="month")[[*keys, "agreed", "in_time", "in_time_share"]]
    rows = sums.merge(filled, how="left", on=keys).merge(timely, how="left", on=keys)
    return rows.assign(
        complete=shape.shares(rows["filled"].fillna(0), rows["due"].fillna(0))["share"],
        whole_share=shape.shares(rows["whole"], rows["n"])["share"],
    )


def _of(source: str, found: pd.DataFrame) -> pd.DataFrame:
    return found[found["source"] == source].reset_index(drop=True)


def _own(months: pd.DataFrame) -> Own:
    return Own(*(int(months[column].sum()) for column in ("own", "route", "n")))


def _before(every: pd.DataFrame, earlier: Period) -> Own | None:
    """Those of a year earlier, if referrals were known by then."""
    first = pd.to_datetime(every["month"]).min()
    known = pd.notna(first) and first <= pd.Timestamp(earlier.start)
    return _own(shape.during(every, earlier)) if known else None


def _checks(run: shape.Fetch, extracts: pd.DataFrame, period: Period) -> pd.DataFrame:
    """One row per check: check, says, severity, n and lines, of the referrals received in the period."""
    files = dict(zip(extracts["extract_id"], extracts["file"], strict=True))
    names = [name for name in query_names() if name.startswith("checks/referral_")]
    rows = [_check(name, run(name), files, period) for name in [*names, *SHARED_CHECKS]]
    found = pd.DataFrame(rows, columns=["check", "says", "severity", "n", "lines"])
    # What finds something stands first, the gravest before the rest.
    rank = found["severity"].map(shape.SEVERITIES.index) + len(shape.SEVERITIES) * found["n"].eq(0)
    return found.iloc[rank.argsort(kind="stable")].reset_index(drop=True)


def _check(name: str, records: pd.DataFrame, files: dict[int, str], period: Period) -> tuple[str, str, str, int, str]:
    query = read_query(name)
    day = next(column for column in shape.DAYS if column in records)
    inside = pd.to_datetime(records[day]).between(pd.Timestamp(period.start), pd.Timestamp(period.finish))
    theirs = records[inside & records["extract_id"].isin(list(files))]
    return name, query.says, query.severity, len(theirs), _lines(theirs, files)


def _lines(records: pd.DataFrame, files: dict[int, str]) -> str:
    """The lines of each file, as many as help."""
    listed = [
        f"{files[extract]}: {', '.join(map(str, sorted(rows['line'])[:MOST_LINES]))}"
        for extract, rows in records.groupby("extract_id")
    ]
    return "; ".join(listed)
