"""Points near the edges of areas, in plain words: under a map, among the facts of a snapshot, and after a build."""

from collections.abc import Iterable

from hatecrime.dictionary import code_list
from hatecrime.extracts.report import Edge, Move
from hatecrime.i18n import _, language, ngettext, number
from hatecrime.words.numbers import sentences

MOVES_SHOWN = 10


def near_edges(edges: Iterable[Edge], level: str | None = None, table: str = "incident") -> str:
    """
    What to mind when points were counted in areas whose outlines are simplified; empty where there is nothing to mind.

    Without a level: of every level.

    >>> near_edges([Edge("incident", "ward", 5113, 214, 20, None, True)], "ward")[:68]
    'Ward: 214 of 5,113 points lie within 20 m of the edge of their area.'
    >>> near_edges([Edge("incident", "ward", 5113, 0, 0, None, False)])
    ''
    """
    asked = [each for each in edges if each.table == table and level in (None, each.level)]
    return sentences(*(about(each) for each in asked))


def in_snapshot(edges: Iterable[Edge], level: str) -> str:
    """
    How many of a whole snapshot's points lie near a simplified border of a level, whatever is looked at.

    >>> in_snapshot([Edge("incident", "ward", 5113, 214, 20, None, True)], "ward")
    'Of all 5,113 points of the snapshot, 214 lie within 20 m of a simplified border and may belong to the other side.'
    """
    found = next(
        (each for each in edges if each.table == "incident" and each.level == level and each.generalised), None
    )
    if found is None or not found.near:
        return ""
    message = _(
        "Of all {points} points of the snapshot, {n} lie within {metres} m of a simplified border and may belong to the"
        " other side."
    )
    return message.format(points=number(found.points), n=number(found.near), metres=number(found.metres))


def about(edge: Edge) -> str:
    """
    One level: how many points lie near an edge, and what would change, or did, with other outlines.

    >>> about(Edge("incident", "ward", 5113, 203, 20, 65, False))[:82]
    'Ward: 65 of 5,113 points would lie in another area by the simplified outlines that'
    """
    if edge.changed is not None:
        return sentences(_changed(edge), _near(edge) if edge.generalised else "")
    return _near(edge) if edge.generalised else ""


def moves(edge: Edge) -> list[str]:
    """From which area to which the coarser outlines would move points, the most first; what is left out is counted."""
    shown, rest = edge.moves[:MOVES_SHOWN], edge.moves[MOVES_SHOWN:]
    lines = [_move(each) for each in shown]
    left = sum(each.points for each in rest)
    more = ngettext("{n} point between other areas", "{n} points between other areas", left).format(n=number(left))
    return [*lines, more] if rest else lines


def _near(edge: Edge) -> str:
    level, n = _level(edge), edge.near
    if not n:
        message = _(
            "{level}: the outlines are simplified, but no point lies within {metres} m of the edge of its area."
        )
        return message.format(level=level, metres=number(edge.metres))
    near = ngettext(
        "{level}: {n} of {points} points lies within {metres} m of the edge of its area.",
        "{level}: {n} of {points} points lie within {metres} m of the edge of their area.",
        n,
    )
    could = ngettext(
        "The outlines are simplified by about as much, so it could belong to the area next to it.",
        "The outlines are simplified by about as much, so up to {n} could belong to the area next to theirs.",
        n,
    )
    sampled = _("This is reckoned from a part of the points, taken evenly.") if edge.sampled else ""
    given = {"level": level, "n": number(n), "points": number(edge.points), "metres": number(edge.metres)}
    return sentences(near.format(**given), could.format(**given), sampled)


def _changed(edge: Edge) -> str:
    if not edge.changed:
        message = _("{level}: by the simplified outlines that were loaded too, every point would lie in the same area.")
        return message.format(level=_level(edge))
    message = ngettext(
        "{level}: {n} of {points} points would lie in another area by the simplified outlines that were loaded too.",
        "{level}: {n} of {points} points would lie in another area by the simplified outlines that were loaded too.",
        edge.changed,
    )
    told = message.format(level=_level(edge), n=number(edge.changed), points=number(edge.points))
    return sentences(told, _("The finer outlines are used."))


def _move(move: Move) -> str:
    nowhere = _("outside these areas")
    area, to = (nowhere if code is None else _area(code) for code in (move.area, move.to))
    message = ngettext("{n} point from {area} to {to}", "{n} points from {area} to {to}", move.points)
    return message.format(n=number(move.points), area=area, to=to)


def _area(code: str) -> str:
    known = code_list("area")
    return known.label(code, language()) if code in known else code


def _level(edge: Edge) -> str:
    return code_list("area_level").label(edge.level, language())
