"""How far each source can be relied on: complete, valid, in time, each record once, and without contradictions."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from hatecrime.database import query_names, read_query
from hatecrime.dictionary import code_list
from hatecrime.periods import Period
from hatecrime.shape.shares import FEWEST
from hatecrime.stats.intervals import wilson

# Runs a named query: database.fetch for one snapshot, or the cached one of a page.
Fetch = Callable[..., pd.DataFrame]

# An incident that takes longer than this to be recorded is missing from the figures when they are first read.
LATE = 60
SEVERITIES = ("error", "warning", "information")

# Each field with the column that counts the records that can have it, in reading order.
INCIDENT_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "strand": "n",
        "channel": "n",
        "crime_type": "crime_type_due",
        "ethnicity": "n",
        "sex": "n",
        "age_band": "n",
        "sub_strand": "sub_strand_due",
        "online": "n",
        "outcome": "n",
        "location_type": "n",
        "district": "n",
        "ward": "n",
        "point": "n",
        "known_time": "n",
        "centre": "centre_due",
    }
)
REFERRAL_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "route": "n",
        "incident_ref": "incident_ref_due",
        "consent": "n",
        "reported_to_police": "n",
        "kind": "n",
        "strand": "n",
        "language": "n",
        "district": "n",
        "status": "n",
        "contact": "contact_due",
        "needs": "needs_due",
        "support": "support_due",
        "closure": "closure_due",
    }
)
# What a force is asked for about the victim and the hostility.
OF_A_FORCE = ("ethnicity", "sex", "age_band", "sub_strand", "online")

# What the build refuses, so that a check on the snapshot can only assert it: the reason, and the tables it stands for.
REFUSED_AS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "checks/area_not_listed": ("unknown_area", ("incident",)),
        "checks/areas_disagree": ("outside_area", ("incident",)),
        "checks/duplicate_refs": ("duplicate_ref", ("incident",)),
        "checks/end_before_start": ("end_before_start", ("incident",)),
        "checks/future_date": (
            "future_date",
            ("incident", "referral", "stop_search", "centre_contact", "centre_survey", "court_result"),
        ),
        "checks/occurred_after_recorded": ("occurred_after_recorded", ("incident",)),
        "checks/outcome_before_recorded": ("outcome_before_recorded", ("incident",)),
        "checks/point_at_zero": ("no_location", ("incident",)),
        "checks/referral_duplicate_refs": ("duplicate_ref", ("referral",)),
        "checks/ward_of_another_time": ("area_wrong_era", ("incident",)),
    }
)
# Refusals that follow the mapping: there is nothing to mend.
BY_RULE = ("passed_over", "merged_value")
DAYS = ("recorded_on", "received_on", "dated_on", "quarter_start")
FOUND = ("check", "severity", "source", "extract_id", "month", "n")


def incident_months(fetch: Fetch) -> pd.DataFrame:
    """One row per source, extract, month and force: n, and how many incidents have each field."""
    return fetch("quality/incidents", monitored=monitored_mask())


def monitored_mask() -> int:
    """
    The strands of which sub-strands are monitored everywhere: without them an empty one says nothing.

    >>> monitored_mask() == code_list("strand").bit("religion")
    True
    """
    strands = code_list("strand")
    whole = {strands.group(code) for code in strands if strands[code].extras["monitored"] == "central"}
    parts = {strands.group(c) for c in strands if strands[c].parent and strands[c].extras["monitored"] == "central"}
    return sum(strands.bit(code) for code in whole & parts)


def during(months: pd.DataFrame, period: Period | None) -> pd.DataFrame:
    """The rows of the months that lie in a period; all of them without one."""
    if period is None:
        return months
    days = pd.to_datetime(months["month"])
    return months[days.between(pd.Timestamp(period.start.replace(day=1)), pd.Timestamp(period.finish))]


def completeness(
    months: pd.DataFrame, fields: Mapping[str, str], by: tuple[str, ...] = ("source",), ever: pd.DataFrame | None = None
) -> pd.DataFrame:
    """
    by…, field, filled, due, share, low, high, sent: how many of the records that can have a field do.

    share is missing where fewer than ten records can have it; sent says whether the group has the field anywhere in
    `ever` (the months themselves, where it is not given): a field that never comes is not one that is forgotten.
    """
    counted = sorted({*fields, *fields.values()})
    sums = months.groupby(list(by), dropna=False)[counted].sum()
    always = (months if ever is None else ever).groupby(list(by), dropna=False)[list(fields)].sum()
    parts = [_field(sums, always, field, due) for field, due in fields.items()]
    return pd.concat(parts).sort_index(kind="stable").reset_index()


def _field(sums: pd.DataFrame, always: pd.DataFrame, field: str, due: str) -> pd.DataFrame:
    rows = pd.DataFrame({"field": field, "filled": sums[field].astype("int64"), "due": sums[due].astype("int64")})
    rows = rows.assign(sent=always[field].reindex(sums.index).fillna(0) > 0)
    return rows.assign(**shares(rows["filled"], rows["due"]))


def shares(part: pd.Series, total: pd.Series) -> dict[str, np.ndarray]:
    """share, low and high between 0 and 1; missing where the total is below ten."""
    interval = wilson(part.to_numpy(dtype=float), total.to_numpy(dtype=float))
    enough = total.to_numpy() >= FEWEST
    named = {"share": interval.estimate, "low": interval.low, "high": interval.high}
    return {name: np.where(enough, values, np.nan) for name, values in named.items()}


def weakest(found: pd.DataFrame) -> pd.Series | None:
    """The row of completeness() with the smallest share of a field that its source does send; None without any."""
    known = found[found["sent"]].dropna(subset="share")
    return None if known.empty else known.loc[known["share"].idxmin()]


def validity(extracts: pd.DataFrame, by: str = "source") -> pd.DataFrame:
    """
    By source (or extract): rows_read, rows_kept, rows_refused, rows_collapsed, values_refused, touched, and two shares.

    accepted is the share of the rows wanted that were not refused; whole that of rows held of which no value was.
    """
    counts = ["rows_read", "rows_kept", "rows_refused", "rows_collapsed", "values_refused", "rows_held", "touched"]
    sums = extracts.groupby(by)[[*counts, "passed_over"]].sum().astype("int64").reset_index()
    accepted = shares(sums["rows_read"] - sums["rows_refused"], sums["rows_read"] - sums["passed_over"])
    untouched = shares(sums["rows_held"] - sums["touched"], sums["rows_held"])
    return sums.assign(accepted=accepted["share"], whole=untouched["share"])


def lags(fetch: Fetch, period: Period | None) -> pd.DataFrame:
    """quality/lags over a period, with late_share, late_low and late_high; extract_id and month are missing in sums."""
    ends = {"start": period.start, "finish": period.finish} if period else {"start": None, "finish": None}
    found = fetch("quality/lags", late=LATE, **ends)
    late = {f"late_{name}": values for name, values in shares(found["late"], found["dated"]).items()}
    named = found.assign(**late)
    named.attrs.update(found.attrs)
    return named


def of_sources(found: pd.DataFrame) -> pd.DataFrame:
    """The rows of lags() that are about a whole source over all the time asked for."""
    return found[found["extract_id"].isna() & found["month"].isna()].reset_index(drop=True)


def by_month(months: pd.DataFrame, late: pd.DataFrame, fields: Mapping[str, str]) -> pd.DataFrame:
    """
    source, extract_id, month, n, each field as a share, whole (no value refused), late and lag_median.

    Shares are missing where fewer than ten records can have the field.
    """
    keys = ["source", "extract_id", "month"]
    counted = sorted({*fields, *fields.values(), "n", "whole"})
    sums = months.groupby(keys, as_index=False)[counted].sum()
    filled = {field: shares(sums[field], sums[due])["share"] for field, due in fields.items()}
    rows = sums[[*keys, "n"]].assign(**filled, whole=shares(sums["whole"], sums["n"])["share"])
    if late.empty:
        return rows
    known = late.dropna(subset=["extract_id", "month"])
    known = known.assign(extract_id=known["extract_id"].astype("int64"))
    slow = known[[*keys, "late_share", "lag_median", "lag_90"]]
    typed = rows.assign(extract_id=rows["extract_id"].astype("int64"))
    return typed.merge(slow, how="left", on=keys)


def findings(fetch: Fetch, names: Iterable[str] | None = None) -> pd.DataFrame:
    """
    What the checks find: check, severity, source, extract_id, month and n, the number of records.

    A check that finds nothing has one row with n = 0. Areas and figures without a source have an empty one.
    """
    asked = [name for name in query_names() if name.startswith("checks/")] if names is None else names
    parts = [_found(name, fetch(name)) for name in asked]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(FOUND))


def _found(name: str, records: pd.DataFrame) -> pd.DataFrame:
    head = {"check": name, "severity": read_query(name).severity}
    if records.empty:
        empty = {**head, "source": "", "extract_id": None, "month": pd.NaT, "n": 0}
        return pd.DataFrame([empty]).astype({"extract_id": "Int64", "month": "datetime64[us]"})
    day = next((column for column in DAYS if column in records), None)
    keys = pd.DataFrame(
        {
            "source": records["source"].fillna("") if "source" in records else "",
            "extract_id": records["extract_id"].astype("Int64") if "extract_id" in records else pd.NA,
            "month": _months(records[day]) if day else pd.NaT,
        },
        index=records.index,
    ).astype({"source": "str", "extract_id": "Int64", "month": "datetime64[us]"})
    counted = keys.groupby(list(keys), dropna=False, as_index=False).size().rename(columns={"size": "n"})
    return counted.assign(**head)[list(FOUND)]


def _months(days: pd.Series) -> pd.Series:
    return pd.to_datetime(days).dt.to_period("M").dt.to_timestamp()


def checked(found: pd.DataFrame, refused: pd.DataFrame) -> pd.DataFrame:
    """
    One row per check and source: check, severity, source, n (found in the snapshot) and refused (by the same rule).

    refused is quality/refused; it is missing for a check whose records are kept. A check without any has one row.
    """
    kept = found.groupby(["check", "severity", "source"], as_index=False)["n"].sum()
    parts = [_refused_as(check, refused) for check in kept["check"].unique() if check in REFUSED_AS]
    turned_away = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["check", "source", "refused"])
    rows = kept.merge(turned_away, how="outer", on=["check", "source"])
    severity = dict(zip(kept["check"], kept["severity"], strict=True))
    rows = rows.assign(severity=rows["check"].map(severity), n=rows["n"].fillna(0).astype("int64"))
    by_rule = rows["check"].isin(list(REFUSED_AS))
    rows["refused"] = rows["refused"].astype("Int64").mask(by_rule & rows["refused"].isna(), 0)
    # The row of a check that finds nothing gives way to those of the sources from which something was refused.
    something = rows["source"].ne("") | ~rows["check"].duplicated(keep=False)
    rank = rows["severity"].map({severity: i for i, severity in enumerate(SEVERITIES)})
    ordered = rows.assign(_rank=rank, _none=rows["n"].eq(0))[something | rows["n"].gt(0)]
    ordered = ordered.sort_values(["_none", "_rank", "n"], ascending=[True, True, False], kind="stable")
    return ordered.drop(columns=["_rank", "_none"]).reset_index(drop=True)


def _refused_as(check: str, refused: pd.DataFrame) -> pd.DataFrame:
    reason, targets = REFUSED_AS[check]
    rows = refused[refused["reason"].eq(reason) & refused["target"].isin(targets)]
    return rows.groupby("source", as_index=False)["n"].sum().rename(columns={"n": "refused"}).assign(check=check)


def by_source(extracts: pd.DataFrame, complete: pd.DataFrame, late: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """
    One row per source: what it sends, and every measure.

    complete is completeness() by source, of incidents and referrals together; its share is that of all fields the
    source sends. late is lags(); found is findings(). What a source cannot have is missing.
    """
    rows = validity(extracts)
    sends = extracts.groupby("source")["target"].unique().map(sorted).rename("targets")
    sent = complete[complete["sent"]].groupby("source")[["filled", "due"]].sum().astype("int64")
    sent = sent.assign(complete=shares(sent["filled"], sent["due"])["share"])
    slow = of_sources(late).set_index("source")[["dated", "lag_median", "lag_90", "late", "late_share", "wait_last"]]
    counts = found.pivot_table(index="source", columns="severity", values="n", aggfunc="sum", fill_value=0)
    counts = counts.reindex(columns=SEVERITIES, fill_value=0)
    repeated = found[found["check"].str.endswith("duplicate_refs")].groupby("source")["n"].sum().rename("repeated")
    joined = rows.set_index("source").join(sends).join(sent[["complete"]]).join(slow).join(counts).join(repeated)
    whole = {name: joined[name].fillna(0).astype("int64") for name in (*SEVERITIES, "repeated")}
    known = {name: joined[name].astype("Int64") for name in ("dated", "late", "wait_last")}
    return joined.assign(**whole, **known).reset_index()
