"""The answer of the trends page: is it rising?"""

import pandas as pd

from hatecrime.i18n import _, month_year, ngettext, number
from hatecrime.stats.change import compare
from hatecrime.words.numbers import SMALL, change, incidents, join, sentences

YEAR = 12


def answer(monthly: pd.DataFrame) -> str:
    """
    Whether the latest months hold more than the same months a year earlier, and the highest month.

    monthly has month (first day) and n, one row per month without gaps, and provisional where the latest
    months are marked; those are not compared.

    >>> months = pd.date_range("2015-04-01", periods=24, freq="MS")
    >>> answer(pd.DataFrame({"month": months, "n": [20] * 12 + [30] * 12}))[:69]
    'The 12 months to March 2017 hold 360 incidents. That is 120 (50%) mor'
    """
    ordered = monthly.assign(month=pd.to_datetime(monthly["month"])).sort_values("month")
    if ordered["n"].sum() == 0:
        return _("No incident is recorded in these months.")
    provisional = ordered.get("provisional", pd.Series(False, index=ordered.index)).astype(bool)
    return sentences(_comparison(ordered[~provisional]), _peak(ordered), _left_out(int(provisional.sum())))


def _comparison(settled: pd.DataFrame) -> str:
    counts = settled.set_index("month")["n"]
    a_year_before = counts.copy()
    a_year_before.index = a_year_before.index + pd.DateOffset(years=1)
    both = pd.DataFrame({"now": counts, "before": a_year_before.reindex(counts.index)}).dropna().tail(YEAR)
    if both.empty:
        return _("These months do not reach back a year, so they cannot tell whether it is rising.")
    now, before = both["now"].sum(), both["before"].sum()
    message = ngettext("{month} holds {incidents}.", "The {count} months to {month} hold {incidents}.", len(both))
    held = message.format(count=number(len(both)), month=month_year(both.index[-1]), incidents=incidents(now))
    return sentences(held, change(compare(before, now)))


def _peak(ordered: pd.DataFrame) -> str:
    most = ordered["n"].max()
    months = ordered.loc[ordered["n"] == most, "month"]
    if most < SMALL or len(months) > 2:
        return ""
    message = ngettext(
        "The highest month is {months} with {n}.",
        "The highest months are {months} with {n} each.",
        len(months),
    )
    return message.format(months=join([month_year(month) for month in months]), n=number(most))


def _left_out(provisional: int) -> str:
    if not provisional:
        return ""
    return ngettext(
        "The latest month is provisional and not compared.",
        "The latest {n} months are provisional and not compared.",
        provisional,
    ).format(n=number(provisional))
