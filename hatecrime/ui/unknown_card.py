"""One entry of the list of unknown hotspots: what and where, how sure, why, since when, and what is near."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from hatecrime.charts.theme import Look
from hatecrime.i18n import _, number
from hatecrime.periods import quarter_label
from hatecrime.reports.unknown_near import CENTRE, MOST, SCHOOL
from hatecrime.words import unknown as words
from hatecrime.words.numbers import join, sentences

# Beside the word, so that neither colour nor reading alone is needed.
SIGNS = (("confident", "●●●"), ("likely", "●●○"), ("watch", "●○○"))
# The picture of a ratio: its width and half its height in pixels, and the ratio at its right end.
WIDE, MIDDLE, FARTHEST = 260, 14, 32


def write_card(entry: dict[str, Any], look: Look, links: Mapping[str, str], decided: Sequence[str]) -> None:
    """The entry, with addresses that lead on by their words, and the lines that say what was decided about it."""
    size = 1.2 if look.density == "meeting" else 1.0
    place, finding = place_and_finding(entry)
    head = (
        f'<div style="display:flex;flex-wrap:wrap;gap:0.2rem 1rem;align-items:baseline">'
        f'<h4 style="margin:0;padding:0;font-size:1.15em;font-weight:650">{entry["rank"]}. {escape(place)}</h4>'
        f'<span style="white-space:nowrap">{_sure(entry)}</span></div>'
        f'<div style="font-weight:600;margin:0.15rem 0 0.35rem">{escape(finding)}</div>'
    )
    lines = "".join(f'<div style="color:{look.muted};margin-top:0.2rem">{escape(line)}</div>' for line in _lines(entry))
    said = "".join(
        f'<div style="margin-top:0.5rem;padding-left:0.6rem;border-left:3px solid {look.main}">{escape(line)}</div>'
        for line in decided
    )
    leads = "".join(
        f'<a href="{escape(address)}" style="color:{look.main}">{escape(label)}</a>' for label, address in links.items()
    )
    ways = f'<div style="display:flex;flex-wrap:wrap;gap:0.2rem 1.5rem;margin-top:0.5rem">{leads}</div>'
    text = f"{head}<div>{escape(entry['reason'])}</div>{lines}{said}{ways}"
    left = f'<div style="flex:1 1 24rem;max-width:56rem">{text}</div>'
    right = f'<div style="flex:0 0 {WIDE}px">{_picture(entry, look)}</div>'
    st.html(
        f'<div style="display:flex;flex-wrap:wrap;gap:0.8rem 2.5rem;justify-content:space-between;'
        f'font-size:{size}rem;line-height:1.45">{left}{right}</div>'
    )


def place_and_finding(entry: dict[str, Any]) -> tuple[str, str]:
    """Where, and what kind of thing."""
    kind, what = words.kinds()[entry["kind"]], entry["what"]
    finding = kind if what == words.what() else _("{kind}: {what}").format(kind=kind, what=what)
    return entry["label"], finding


def near(found: Sequence[dict[str, Any]]) -> str:
    """What is near, by its kind, with the way to it."""
    groups = {
        CENTRE: _("Reporting centres near: {names}."),
        SCHOOL: _("Schools near: {names}."),
        "": _("Other venues near: {names}."),
    }
    named = {
        group: [words.near(each["label"], each["metres"]) for each in found if _group(each) == group]
        for group in groups
    }
    return sentences(*(groups[group].format(names=join(names, MOST)) for group, names in named.items() if names))


def figures(entry: dict[str, Any]) -> str:
    """
    How many there are beside how many would be expected, and how far that can be off.

    >>> figures({"observed": 15, "expected": 0.04, "ratio": 355.0, "low": 42.4, "high": math.inf})
    '15 recorded, fewer than 0.1 expected: 355 times as many (95% interval from 42, with no upper limit)'
    """
    expected = entry["expected"]
    some = _("fewer than {n}").format(n=number(0.1, 1)) if 0 < expected < 0.1 else _plain(expected)
    counts = _("{n} recorded, {expected} expected").format(n=number(entry["observed"]), expected=some)
    ratio, low, high = (entry[name] for name in ("ratio", "low", "high"))
    if not math.isfinite(ratio):
        return counts
    message = _("{counts}: {ratio} times as many (95% interval {low} to {high})")
    if not math.isfinite(high):
        message = _("{counts}: {ratio} times as many (95% interval from {low}, with no upper limit)")
    return message.format(counts=counts, ratio=_plain(ratio), low=_plain(low), high=_plain(high))


def _sure(entry: dict[str, Any]) -> str:
    sign, word = dict(SIGNS)[entry["sure"]], words.sure_word(entry["sure"])
    known = " · " + _("known before") if entry["known"] else ""
    return f'<span aria-hidden="true">{sign}</span> {escape(word + known)}'


def _lines(entry: dict[str, Any]) -> list[str]:
    since = _("On the list since {quarter}.").format(quarter=quarter_label(entry["since"]))
    also = _("Also here: {findings}.").format(findings="; ".join(entry["also"])) if entry["also"] else ""
    return [line for line in (since, also, near(entry["near"])) if line]


def _group(each: dict[str, Any]) -> str:
    if each["kind"] == CENTRE:
        return CENTRE
    return SCHOOL if each["venue_type"] == SCHOOL else ""


def _plain(n: float) -> str:
    """No more exact than it can be; what cannot be said is a dash."""
    return number(n if math.isfinite(n) else None, 0 if n >= 10 or n == 0 else 1 if n >= 1 else 2)


def _picture(entry: dict[str, Any], look: Look) -> str:
    """
    A dot with its interval beside what would be expected; each way as far as the other, and an arrow where
    the interval goes on. The sentence below says the same, so it is left out for those who do not see it.
    """
    below = f'<div style="color:{look.muted};font-size:0.85em">{escape(figures(entry))}</div>'
    ratio, low, high = (entry[name] for name in ("ratio", "low", "high"))
    if not math.isfinite(ratio) or math.isnan(low):
        return below
    left, dot, right = (_x(each) for each in (low, ratio, high))
    marks = [
        _mark(0, MIDDLE, WIDE, 1, look.before),
        _mark(WIDE / 2, 3, 1, 2 * MIDDLE - 5, look.muted),
        _mark(left, MIDDLE - 1, right - left, 3, look.main),
        _arrow("◀", 0, look) if low < 1 / FARTHEST else "",
        _arrow("▶", WIDE - 12, look) if high > FARTHEST else "",
        _mark(dot - 6, MIDDLE - 6, 12, 12, look.main, f"border-radius:50%;border:1px solid {look.ground};"),
    ]
    ends = "".join(f"<span>{escape(word)}</span>" for word in (_("fewer"), _("as expected"), _("more")))
    return (
        f'<div aria-hidden="true"><div style="position:relative;width:{WIDE}px;height:{2 * MIDDLE}px">'
        f'{"".join(marks)}</div><div style="display:flex;justify-content:space-between;width:{WIDE}px;'
        f'color:{look.muted};font-size:0.8em">{ends}</div></div>{below}'
    )


def _mark(x: float, y: float, wide: float, high: float, colour: str, more: str = "") -> str:
    at = f"left:{x:.0f}px;top:{y:.0f}px;width:{max(wide, 1):.0f}px;height:{high:.0f}px"
    return f'<div style="position:absolute;{at};background:{colour};{more}"></div>'


def _arrow(sign: str, x: float, look: Look) -> str:
    style = f"position:absolute;left:{x}px;top:{MIDDLE - 9}px;color:{look.main};font-size:12px;line-height:18px"
    return f'<span style="{style}">{sign}</span>'


def _x(ratio: float) -> float:
    """Where a ratio lies, with room for an arrow at both ends."""
    part = 0.0 if ratio <= 0 else (math.log(min(ratio, FARTHEST)) / math.log(FARTHEST) + 1) / 2
    return 18 + max(part, 0.0) * (WIDE - 36)
