"""What is said of figures that are shared: some of them are withheld, and what rests on one is withheld with it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from hatecrime.i18n import _, ngettext, number
from hatecrime.stats.change import compare
from hatecrime.words import overview
from hatecrime.words.numbers import SMALL, change, join, sentences, share

WITHHELD = "c"
# One figure: the count, missing where withheld, and its symbol; None where there is no such figure.
Figure = tuple[Any, str] | None


def shown(n: Any, symbol: str = "") -> str:
    """
    A count, or the symbol that stands for it.

    >>> shown(1234), shown(pd.NA, "c"), shown(0)
    ('1,234', '[c]', '0')
    """
    if pd.isna(n):
        return f"[{symbol or WITHHELD}]"
    # A symbol beside a figure that is shown says something about it.
    return number(float(n)) + (f" [{symbol}]" if symbol else "")


def withheld(figure: Figure) -> bool:
    """Whether there is a figure that is not shown."""
    return figure is not None and bool(pd.isna(figure[0]))


def incidents(now: Figure, before: Figure, period: str, area: str) -> str:
    """
    How much is recorded, and whether that changed; in words where either is withheld.

    >>> incidents((pd.NA, "c"), (8, ""), "Q4 2016/17", "Sale")
    'For Sale (Q4 2016/17) the figure is not shown, to protect people: it is too small, or would reveal one that is.'
    """
    return _figure(now, before, period, area, overview.total)


def referrals(now: Figure, before: Figure, period: str, area: str) -> str:
    """
    How many people were referred, and whether that changed; in words where either is withheld.

    >>> referrals((12, ""), (pd.NA, "c"), "Q4 2016/17", "Gwent")[:94] + "..."
    '12 people were referred to support (Gwent, Q4 2016/17). A year earlier the figure is not shown...'
    """
    return _figure(now, before, period, area, _referred)


def change_of(now: Figure, before: Figure) -> str:
    """How a figure compares with a year earlier; nothing is said where the figure itself is withheld."""
    if now is None or withheld(now):
        return ""
    if withheld(before):
        return _("A year earlier the figure is not shown, so no change is given.")
    return change(compare(_count(before), _count(now)))


def leading(rows: pd.DataFrame, heading: str) -> str:
    """
    A heading: what is recorded most among the figures that are shown.

    rows has label, n and symbol, one row per code.

    >>> leading(pd.DataFrame({"label": ["Race", "Religion"], "n": [30, 12], "symbol": ["", ""]}), "By strand")
    'By strand: Race is recorded most (30)'
    """
    known = rows.dropna(subset="n")
    if known.empty:
        return _("{what}: no figure can be shown").format(what=heading)
    most = known["n"].max()
    if most == 0:
        return _("{what}: nothing is recorded").format(what=heading)
    if most < SMALL:
        return _("{what}: too few to say which is recorded most").format(what=heading)
    names = known.loc[known["n"] == most, "label"].tolist()
    return _leads(len(names), len(known) < len(rows)).format(what=heading, names=join(names), n=number(float(most)))


def places(rows: pd.DataFrame, area: str, period: str) -> str:
    """
    Which places hold most, as far as figures are shown, and how many are not.

    rows has label, n and symbol, one row per place.
    """
    known = rows.dropna(subset="n")
    if known.empty:
        return _("No place has a figure that can be shown for {area} ({period}).").format(area=area, period=period)
    most = known["n"].max()
    if most == 0 and len(known) == len(rows):
        return _("No incident is recorded for {area} ({period}).").format(area=area, period=period)
    return sentences(_most(known, period), _hidden(len(rows) - len(known), len(rows)))


def how_much_is_hidden(hidden: int, of: int) -> str:
    """
    A note under a picture: how many of its figures are withheld.

    >>> how_much_is_hidden(3, 36), how_much_is_hidden(0, 36)
    ('3 of 36 figures withheld', '')
    """
    if not hidden:
        return ""
    return _("{n} of {total} figures withheld").format(n=number(hidden), total=number(of))


def meaning(symbol: str, small: range) -> str:
    """What a symbol stands for; the symbols are those of the Government Statistical Service. small is withheld."""
    meanings: Mapping[str, Callable[[], str]] = {
        "c": lambda: _withheld(small),
        "low": lambda: _("rounds to zero, but is not zero"),
        "u": lambda: _("too uncertain to rely on"),
        "x": lambda: _("not available"),
        "z": lambda: _("does not apply"),
        "p": lambda: _("provisional"),
        "r": lambda: _("revised since it was last given"),
        "b": lambda: _("recorded in another way than before"),
    }
    return meanings[symbol]() if symbol in meanings else _("not shown")


def key(symbols: Iterable[str], small: range) -> list[tuple[str, str]]:
    """
    The symbols used on a page with what they mean, in order, each once; small are the counts that are withheld.

    >>> key(["c", "", "c"], range(1, 5))
    [('c', 'withheld to protect people: from 1 to 4, or a figure from which such a one could be worked out')]
    """
    return [(symbol, meaning(symbol, small)) for symbol in sorted({each for each in symbols if each})]


def method(name: str, rounding: int = 1) -> str:
    """How figures are protected, in a sentence or two."""
    sayings = {
        "suppress": lambda: _(
            "Figures that are too small are withheld, and so are others from which they could be worked out."
        ),
        "cell_key": lambda: _("Every figure is changed a little at random, always in the same way, to protect people."),
    }
    rounded = _("Figures are rounded to the nearest {n}.").format(n=number(rounding)) if rounding > 1 else ""
    return sentences(sayings[name]() if name in sayings else "", rounded)


def _withheld(small: range) -> str:
    if not small:
        return _("withheld to protect people")
    text = _("withheld to protect people: from {low} to {high}, or a figure from which such a one could be worked out")
    return text.format(low=number(small[0]), high=number(small[-1]))


def _figure(now: Figure, before: Figure, period: str, area: str, total: Callable[[int, str, str], str]) -> str:
    if now is None:
        return _("There is no figure for {area} ({period}).").format(area=area, period=period)
    if withheld(now):
        text = _(
            "For {area} ({period}) the figure is not shown, to protect people: it is too small, or would reveal one "
            "that is."
        )
        return text.format(area=area, period=period)
    return sentences(total(int(now[0]), period, area), change_of(now, before))


def _leads(names: int, hidden: bool) -> str:
    """A withheld figure can be higher than one that is shown."""
    if hidden:
        return ngettext(
            "{what}: {names} is the highest figure shown ({n})",
            "{what}: {names} are the highest figures shown ({n} each)",
            names,
        )
    return ngettext("{what}: {names} is recorded most ({n})", "{what}: {names} are recorded most ({n} each)", names)


def _count(figure: Figure) -> float | None:
    return None if figure is None else float(figure[0])


def _referred(n: int, period: str, area: str) -> str:
    if n == 0:
        return _("Nobody was referred to support ({area}, {period}).").format(area=area, period=period)
    text = ngettext(
        "{n} person was referred to support ({area}, {period}).",
        "{n} people were referred to support ({area}, {period}).",
        n,
    )
    return text.format(n=number(n), area=area, period=period)


def _most(known: pd.DataFrame, period: str) -> str:
    most = known["n"].max()
    if most < SMALL:
        return _("Where figures are shown ({period}), they are too small to say where there are most.").format(
            period=period
        )
    names = known.loc[known["n"] == most, "label"].tolist()
    text = ngettext(
        "Of the places with a figure, {names} has the highest: {n} ({period}).",
        "Of the places with a figure, {names} have the highest: {n} each ({period}).",
        len(names),
    )
    return text.format(names=join(names), n=number(float(most)), period=period)


def _hidden(hidden: int, of: int) -> str:
    if not hidden:
        return ""
    text = ngettext(
        "{n} of {total} places is withheld to protect people; that does not mean that nothing happened there.",
        "{n} of {total} places are withheld to protect people; that does not mean that nothing happened there.",
        hidden,
    )
    return text.format(n=number(hidden), total=number(of))


def part_of(n: Any, total: Any) -> str:
    """
    A share of a total; withheld where either is.

    >>> part_of(30, 120), part_of(pd.NA, 120)
    ('25% of 120', '[c]')
    """
    if pd.isna(n) or pd.isna(total):
        return f"[{WITHHELD}]"
    return _("{share} of {n}").format(share=share(float(n), float(total)), n=number(float(total)))
