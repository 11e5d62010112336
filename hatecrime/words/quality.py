"""How far the figures can be relied on, source by source: names of what is measured, and sentences about it."""

from collections.abc import Sequence

import pandas as pd

from hatecrime.i18n import MISSING, _, month_year, ngettext, number, percent
from hatecrime.stats.change import compare
from hatecrime.stats.intervals import wilson
from hatecrime.words.findings import range_of
from hatecrime.words.numbers import SMALL, join, sentences


def field_name(field: str) -> str:
    """The name of a field whose completeness is measured."""
    names = {
        "channel": _("Channel"),
        "crime_type": _("Crime type"),
        "ethnicity": _("Ethnicity"),
        "sex": _("Sex"),
        "age_band": _("Age band"),
        "sub_strand": _("Sub-strand"),
        "online": _("Online flag"),
        "outcome": _("Outcome"),
        "location_type": _("Kind of place"),
        "district": _("Local authority"),
        "ward": _("Ward"),
        "point": _("Point on the map"),
        "known_time": _("Time it happened"),
        "centre": _("Reporting centre"),
        "route": _("Route"),
        "incident_ref": _("Police reference"),
        "consent": _("Consent"),
        "reported_to_police": _("Known to the police"),
        "kind": _("Kind"),
        "strand": _("Strand"),
        "language": _("Language"),
        "status": _("Status"),
        "contact": _("First contact"),
        "needs": _("Needs"),
        "support": _("Start of support"),
        "closure": _("Closure reason"),
    }
    return names[field]


def severity_name(severity: str) -> str:
    """What is to be done about what a check finds."""
    names = {"error": _("to be mended"), "warning": _("to be looked at"), "information": _("for information")}
    return names[severity]


def figure(filled: int, due: int, sent: bool = True) -> str:
    """
    How much of a field is filled, short enough for a cell; counts where there are few.

    >>> figure(31, 100), figure(2, 7), figure(9999, 10000), figure(1, 1000), figure(0, 0), figure(0, 50, sent=False)
    ('31%', '2 of 7', '>99%', '<1%', '–', 'not sent')
    """
    if not due:
        return MISSING
    if not sent:
        return _("not sent")
    if due < SMALL:
        return _("{part} of {total}").format(part=number(filled), total=number(due))
    if filled < due and filled / due > 0.99:
        return f">{percent(0.99)}"
    if filled and filled / due < 0.01:
        return f"<{percent(0.01)}"
    return percent(filled / due)


def answer(weakest: pd.Series | None, read: int, refused: int, errors: int, period: str) -> str:
    """
    The weakest point, what became of the rows, and what is to be mended; weakest as shape.quality.weakest gives it.

    >>> row = pd.Series({"source": "gmp", "field": "ethnicity", "filled": 69, "due": 100})
    >>> answer(row, 1000, 4, 2, "2016/17")[:78]
    'The weakest point is ethnicity in what gmp sends: it is filled in 69% of 100 r'
    """
    if not read:
        return _("No extract is loaded, so there is nothing to rely on yet.")
    return sentences(_weakest(weakest, period), _rows(read, refused), _errors(errors))


def _weakest(weakest: pd.Series | None, period: str) -> str:
    if weakest is None:
        return _("In {period} too few records came to say how complete they are.").format(period=period)
    message = _(
        "The weakest point is {field} in what {source} sends: it is filled in {share} of {n} records"
        " ({period}; {range})."
    )
    return message.format(
        field=field_name(weakest["field"]).lower(),
        source=weakest["source"],
        share=figure(weakest["filled"], weakest["due"]),
        n=number(weakest["due"]),
        period=period,
        range=range_of(wilson(weakest["filled"], weakest["due"])),
    )


def _rows(read: int, refused: int) -> str:
    message = ngettext(
        "{refused} of the {n} rows read was refused.", "{refused} of the {n} rows read were refused.", refused
    )
    return message.format(n=number(read), refused=number(refused))


def _errors(errors: int) -> str:
    if not errors:
        return _("No record contradicts itself.")
    message = ngettext(
        "{n} record contradicts itself and is to be mended.",
        "{n} records contradict themselves and are to be mended.",
        errors,
    )
    return message.format(n=number(errors))


def never_sent(found: pd.DataFrame) -> str:
    """
    Which fields a source never sends; found as shape.quality.completeness gives it, by source.

    >>> never_sent(pd.DataFrame({"source": ["w"], "field": ["ward"], "due": [9], "sent": [False]}))
    'w never sends: ward.'
    """
    missing = found[~found["sent"] & found["due"].gt(0)]
    parts = [
        _("{source} never sends: {fields}.").format(
            source=source, fields=join([field_name(field).lower() for field in rows["field"]], limit=6)
        )
        for source, rows in missing.groupby("source")
    ]
    return sentences(*parts)


def least_complete(weakest: pd.Series | None, who: str) -> str:
    """
    A heading: where a field is filled least; who is the name of the force or source.

    >>> least_complete(pd.Series({"field": "sex", "filled": 90, "due": 100}), "Gwent")
    'Least complete: sex in Gwent, filled in 90%'
    """
    if weakest is None:
        return _("Too few records to say how complete they are")
    message = _("Least complete: {field} in {who}, filled in {share}")
    name = field_name(weakest["field"]).lower()
    return message.format(field=name, who=who, share=figure(weakest["filled"], weakest["due"]))


def missing_flag() -> str:
    """Why a low count must not be read as a low number."""
    return _(
        "A low count can be a missing flag rather than a low number: in 2018 the inspectorate found it a cause of"
        " concern that forces do not apply flags, such as the one for online, consistently."
    )


def latest(measure: str, months: pd.DataFrame, unit: str = "%") -> str:
    """
    A heading: a measure in the latest settled month; months has source, month, value and provisional.

    >>> rows = {"source": ["w"], "month": [pd.Timestamp(2017, 1, 1)], "value": [71.2], "provisional": [False]}
    >>> latest("Sex filled", pd.DataFrame(rows))
    'Sex filled, January 2017: w 71%'
    """
    settled = months[~months["provisional"]]
    known = months if settled.empty else settled
    if known.empty:
        return _("{measure}: too few records").format(measure=measure)
    last = known[known["month"] == known["month"].max()]
    figures = [f"{row.source} {number(row.value)}{unit}" for row in last.itertuples()]
    named = {"measure": measure, "month": month_year(last["month"].iloc[0]), "figures": join(figures)}
    return _("{measure}, {month}: {figures}").format(**named)


def sources(rows: pd.DataFrame) -> str:
    """
    A heading: from the least to the most complete source; rows has source and complete.

    >>> sources(pd.DataFrame({"source": ["a", "b", "c"], "complete": [0.89, 0.998, None]}))
    'Fields filled: from 89% in a to 99.8% in b'
    """
    known = rows.dropna(subset="complete").sort_values("complete")
    if len(known) < 2:
        return _("Every source, by five measures")
    least, most = known.iloc[0], known.iloc[-1]
    named = {"least": least["source"], "most": most["source"]}
    low, high = (percent(row["complete"], 1 if row["complete"] > 0.99 else 0) for row in (least, most))
    return _("Fields filled: from {low} in {least} to {high} in {most}").format(low=low, high=high, **named)


def timeliness(slow: pd.DataFrame, late: int) -> str:
    """
    A heading: how soon incidents are recorded; slow has source, dated, lag_median, late and late_share.

    >>> rows = {"source": ["w"], "dated": [100], "lag_median": [1.0], "late": [3], "late_share": [0.03]}
    >>> timeliness(pd.DataFrame(rows), 60)
    'In w half of the incidents are recorded within 1 day, and 3% after more than 60 days'
    """
    known = slow.dropna(subset="late_share")
    if known.empty:
        return _("How soon incidents are recorded is not known")
    worst = known.loc[known["late_share"].idxmax()]
    days = round(worst["lag_median"])
    message = ngettext(
        "In {source} half of the incidents are recorded within {days} day, and {share} after more than {late} days",
        "In {source} half of the incidents are recorded within {days} days, and {share} after more than {late} days",
        days,
    )
    share = figure(int(worst["late"]), int(worst["dated"]))
    return message.format(source=worst["source"], days=number(days), share=share, late=number(late))


def validity(read: int, refused: int, touched: int, folded: int) -> str:
    """
    A heading: what became of the rows.

    >>> validity(1000, 4, 12, 2)
    '4 of 1,000 rows were refused, 12 lost a value, and 2 were folded into others'
    """
    message = _("{refused} of {read} rows were refused, {touched} lost a value, and {folded} were folded into others")
    return message.format(refused=number(refused), read=number(read), touched=number(touched), folded=number(folded))


def consistency(failed: int, checks: int, worst: Sequence[str]) -> str:
    """
    A heading: how many checks find something; worst are the sources with records to be mended, most first.

    >>> consistency(3, 30, ["wales", "gmp"]), consistency(0, 30, [])
    ('3 of 30 checks find records; most to mend: wales and gmp', 'None of 30 checks finds a record')
    """
    if not failed:
        return _("None of {n} checks finds a record").format(n=number(checks))
    message = ngettext("{failed} of {n} checks finds records", "{failed} of {n} checks find records", failed)
    found = message.format(failed=number(failed), n=number(checks))
    return _("{found}; most to mend: {sources}").format(found=found, sources=join(worst)) if worst else found


def self_share(now: tuple[int, int], before: tuple[int, int], period: str) -> str:
    """
    The share of self-referrals beside that of a year earlier; each pair is self-referrals and referrals with a route.

    >>> self_share((228, 2034), (125, 1495), "2016/17")
    'In 2016/17 self-referrals are 11.2%, up from 8.4% a year earlier.'
    """
    if min(now[1], before[1]) < SMALL:
        return _("Too few referrals were received, in {period} or a year earlier, to compare.").format(period=period)
    messages = {
        "more": _("In {period} self-referrals are {now}, up from {before} a year earlier."),
        "fewer": _("In {period} self-referrals are {now}, down from {before} a year earlier."),
        "unclear": _("In {period} self-referrals are {now}, no clear change from {before} a year earlier."),
    }
    shares = {"now": percent(now[0] / now[1], 1), "before": percent(before[0] / before[1], 1)}
    return messages[compare(before[0], now[0], before[1], now[1]).direction].format(period=period, **shares)
