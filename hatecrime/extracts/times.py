"""How written and counted times are read."""

from __future__ import annotations

import re
from itertools import groupby

from duckdb import CaseExpression, ConstantExpression, Expression

from hatecrime.extracts.mapping import NUMERIC_FORMATS, Field
from hatecrime.extracts.terms import call, first, number_in

YEARS = (1901, 2199)  # a text without a date in it, such as "infinity", is read as 1 January 1900
SECONDS = (-2_177_452_800.0, 7_258_118_399.0)  # the same years, in seconds from 1970
DAY_1970 = 25_569.0  # 1 January 1970 as a day of a workbook
WITHOUT_YEAR = "without year"
OF_ANY_YEAR = ("hour", "day", "month", "quarter")


def moment_of(field_: Field, text: Expression) -> Expression:
    """A local time; years that nobody can have meant (a two-digit year, say) count as unreadable."""
    if not field_.formats:
        return in_years(call("timezone", field_.timezone, text.try_cast("TIMESTAMPTZ")))
    runs = groupby(field_.formats, key=lambda text: (_way(text, field_.date_part in OF_ANY_YEAR), _has_clock(text)))
    read = ((_read_as(way, list(formats), text), clock) for (way, clock), formats in runs)
    return first(*(_local(moment, field_.timezone) if clock and field_.timezone else moment for moment, clock in read))


def in_years(moment: Expression) -> Expression:
    return CaseExpression(call("year", moment).between(*YEARS), moment)


def _local(moment: Expression, timezone: str) -> Expression:
    """A time in UTC by the clock of a place."""
    return call("timezone", timezone, call("timezone", "UTC", moment))


def _has_clock(written: str) -> bool:
    """Whether a format tells the time of day; a day alone is the same day everywhere."""
    return written in NUMERIC_FORMATS or bool(re.search("%-?[HI]", written))


def _way(written: str, any_year: bool) -> str:
    """How a format is read: counted in its own unit, or written, with a year or (for parts of a date) without."""
    if written in NUMERIC_FORMATS:
        return written
    return WITHOUT_YEAR if any_year and not re.search("%-?[Yyg]", written) else "written"


def _read_as(way: str, formats: list[str], text: Expression) -> Expression:
    """A time by one way of counting, or by the first of several ways of writing that fits."""
    if way in NUMERIC_FORMATS:
        return _counted(way, text)
    moment = call("try_strptime", text, formats).cast("TIMESTAMP")
    return CaseExpression(call("regexp_matches", text, r"\d"), moment) if way == WITHOUT_YEAR else in_years(moment)


def _counted(unit: str, text: Expression) -> Expression:
    """A time that is written as a number: seconds or milliseconds from 1970, or days of a workbook."""
    amount = number_in(text, "DOUBLE")
    if unit == "excel":
        amount = call("round", (amount - ConstantExpression(DAY_1970)) * ConstantExpression(86_400.0))
    seconds = amount / ConstantExpression(1000.0) if unit == "epoch_ms" else amount
    fitting = CaseExpression(seconds.between(*SECONDS), seconds)
    return call("make_timestamp", call("round", fitting * ConstantExpression(1e6)).cast("BIGINT"))
