"""The answer of the overview: how much is recorded, what changed, what it is."""

import pandas as pd

from hatecrime.i18n import _, ngettext, number
from hatecrime.stats.change import compare
from hatecrime.words.numbers import change, join, provisional, sentences, share


def answer(
    now: int,
    before: int | None,
    period: str,
    area: str,
    crimes: int | None = None,
    strands: pd.DataFrame | None = None,
    unsettled: int = 0,
) -> str:
    """
    How much is recorded, whether that changed, crime or not, and the strand recorded most.

    strands has label and n, one row per strand; unsettled is the number of provisional months among these.

    >>> answer(40, 41, "2016/17", "Trafford", crimes=34)[:67]
    '40 incidents are recorded for Trafford (2016/17). That is no clear '
    """
    return sentences(
        total(now, period, area),
        change(compare(before, now)),
        provisional(unsettled),
        _kinds(now, crimes),
        _top_strand(now, strands),
    )


def total(now: int, period: str, area: str) -> str:
    """How many incidents are recorded, in a sentence."""
    if now == 0:
        return _("No incident is recorded for {area} ({period}).").format(area=area, period=period)
    message = ngettext(
        "{n} incident is recorded for {area} ({period}).",
        "{n} incidents are recorded for {area} ({period}).",
        now,
    )
    return message.format(n=number(now), area=area, period=period)


def _kinds(now: int, crimes: int | None) -> str:
    if crimes is None or now == 0:
        return ""
    message = _("Crimes: {crimes}; non-crime incidents: {others}.")
    return message.format(crimes=number(crimes), others=number(now - crimes))


def _top_strand(now: int, strands: pd.DataFrame | None) -> str:
    known = _recorded(strands)
    if known.empty or now == 0:
        return ""
    most = known["n"].max()
    names = known.loc[known["n"] == most, "label"].tolist()
    message = ngettext(
        "The strand recorded most is {names} ({share}).",
        "The strands recorded most are {names} ({share} each).",
        len(names),
    )
    return message.format(names=join(names), share=share(most, now))


def _recorded(strands: pd.DataFrame | None) -> pd.DataFrame:
    if strands is None:
        return pd.DataFrame({"label": [], "n": []})
    known = strands[strands["n"] > 0]
    return known[known["strand"] != "not_recorded"] if "strand" in known else known
