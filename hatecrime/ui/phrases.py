"""Short texts that several pages share: titles of trend charts, notes beside figures, text alternatives."""

import pandas as pd

from hatecrime.charts.trend import Titles
from hatecrime.i18n import MISSING, _, ngettext, number, percent
from hatecrime.stats.change import Change
from hatecrime.words.numbers import join, share

MOST_READ_OUT = 12
# Fewer than this, here or expected, say nothing about a difference.
FEW = 5


def titles(measure: str) -> Titles:
    """The words of a trend chart."""
    return Titles(
        measure=measure,
        month=_("Month"),
        before=_("a year earlier"),
        provisional=_("provisional"),
        status=_("Status"),
        final=_("final"),
    )


def against(change: Change, provisional: int = 0) -> str:
    """A figure's note: what it was a year earlier, and the change with its interval; provisional months are said."""
    if provisional:
        return _("provisional; {note}").format(note=against(change))
    if change.reason == "missing":
        return _("no figure from a year earlier")
    if change.reason:
        return _("{before} a year earlier").format(before=number(change.before))
    text = _("{before} a year earlier: {change} (95% interval {low} to {high})")
    return text.format(before=number(change.before), change=change_in(change), **limits(change))


def change_in(change: Change) -> str:
    """The change as a signed percentage; the counts themselves where it began with none, a dash without a count."""
    if change.reason == "none_before":
        return _("from 0 to {n}").format(n=number(change.now))
    return MISSING if change.reason else _signed(change.percent)


def before_and_interval(change: Change) -> str:
    """The note of a change: what it was before, and the interval."""
    if change.reason:
        return against(change)
    text = _("{before} a year earlier; 95% interval {low} to {high}")
    return text.format(before=number(change.before), **limits(change))


def limits(change: Change) -> dict[str, str]:
    """The two ends of the interval of a change, to fill a sentence with."""
    return {"low": _signed(change.low - 1), "high": _signed(change.high - 1)}


def _signed(share_: float) -> str:
    whole = round(share_ * 100)
    return ("+" if whole > 0 else "−" if whole < 0 else "±") + percent(abs(share_))


def part(n: float, total: float) -> str:
    """A figure's note: its share of the total."""
    return _("{share} of {n}").format(share=share(n, total), n=number(total))


def leading(rows: pd.DataFrame, total: int) -> str:
    """A heading: what is recorded most, and what is recorded more or less often than a year earlier."""
    known = rows[rows["n"] > 0]
    if known.empty or "direction" not in known:
        return _("Nothing is recorded")
    top = known.nlargest(1, "n").iloc[0]
    parts = [_("{name}: {share} of incidents").format(name=top["label"], share=share(top["n"], total))]
    for direction, text in (("more", _("more than a year earlier: {names}")), ("fewer", _("fewer: {names}"))):
        names = known.loc[known["direction"] == direction, "label"].tolist()
        if names:
            parts.append(text.format(names=join(names)))
    return "; ".join(parts)


def highest(places: pd.DataFrame) -> str:
    """A heading: the place with the most, or that several share it."""
    most = places["n"].max()
    names = places.loc[places["n"] == most, "label"].tolist()
    if not names or most == 0:
        return _("Nothing is recorded")
    return _("Most in {names}: {n}").format(names=join(names), n=number(most))


def standing_out(rows: pd.DataFrame, total: int, heading: str) -> str:
    """A heading: whose share here differs from everywhere by more than its interval, small numbers left aside."""
    apart = (rows["overall"] < rows["low"]) | (rows["overall"] > rows["high"])
    enough = (rows["n"] >= FEW) | (rows["overall"] * total / 100 >= FEW)
    names = rows.loc[apart & enough, "label"].tolist()
    if not names:
        return _("{what}: no share differs clearly from everywhere").format(what=heading)
    text = ngettext("{what}: {names} differs from everywhere", "{what}: {names} differ from everywhere", len(names))
    return text.format(what=heading, names=join(names))


def alt_of(rows: pd.DataFrame, finding: str, value: str = "n", decimals: int = 0) -> str:
    """A text alternative that reads out the largest figures."""
    read = rows.nlargest(MOST_READ_OUT, value)
    figures = [f"{label} {number(n, decimals)}" for label, n in zip(read["label"], read[value], strict=True)]
    return f"{finding}: {', '.join(figures)}."
