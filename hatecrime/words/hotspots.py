"""The answer of the hotspots page: where most is recorded, and whether that was so before."""

import pandas as pd

from hatecrime.i18n import _, ngettext, number
from hatecrime.stats.change import compare
from hatecrime.words.numbers import SMALL, incidents, join, sentences, share

HIGHEST = 3
# With fewer in a known place, shares of all would say little about places.
ENOUGH_PLACED = 0.9


def answer(areas: pd.DataFrame, total: int, level: str, period: str) -> str:
    """
    Which areas hold most of what is recorded, and whether they did a year earlier.

    areas has label and n, and before where a year earlier is known; one row per area, those without incidents
    included. total counts incidents whose area is not known, too; where those are many, that is said and shares
    are of the others. level is a noun, such as "ward".

    >>> wards = pd.DataFrame({"label": ["Hale", "Clifford", "Gorse Hill", "Sale"], "n": [5, 30, 40, 12]})
    >>> answer(wards, 87, "ward", "2016/17")
    'Gorse Hill and Clifford hold 80% of the 87 incidents recorded (2016/17).'
    """
    ranked = areas[areas["n"] > 0].sort_values("n", ascending=False, kind="stable")
    if ranked.empty:
        return _nothing(total, level, period)
    if total < SMALL:
        return _("{incidents} recorded ({period}): too few to say where there are most.").format(
            incidents=incidents(total), period=period
        )
    leaders = ranked.head(_how_many(ranked["n"].tolist()))
    if leaders.empty:
        return _no_leader(ranked, level, period)
    placed = int(areas["n"].sum())
    if placed < ENOUGH_PLACED * total:
        left_out, total = _left_out(placed, total, level), placed
    else:
        left_out = ""
    return sentences(
        left_out, _hold(leaders, total, period), _runner_up(ranked, len(leaders)), _earlier(leaders, areas)
    )


def _nothing(total: int, level: str, period: str) -> str:
    if total == 0:
        return _("No incident is recorded ({period}).").format(period=period)
    return _("{incidents} recorded ({period}), none with a known {level}.").format(
        incidents=incidents(total), period=period, level=level
    )


def _how_many(counts: list[int]) -> int:
    """Two areas are named; one if the next two are level with others, three if the third ties."""
    if len(counts) <= 2:
        return 1 if len(counts) == 1 or counts[0] > counts[1] else 0
    ties = sum(n >= counts[1] for n in counts)
    if ties <= HIGHEST and ties < len(counts):
        return ties
    return sum(n > counts[1] for n in counts)


def _no_leader(ranked: pd.DataFrame, level: str, period: str) -> str:
    most = ranked["n"].max()
    message = _("No {level} stands out: {count} have the highest count, {n} each ({period}).")
    return message.format(level=level, count=number((ranked["n"] == most).sum()), n=number(most), period=period)


def _left_out(placed: int, total: int, level: str) -> str:
    return _("Only {placed} of {incidents} have a known {level}; what follows is about those.").format(
        placed=number(placed), incidents=incidents(total), level=level
    )


def _hold(leaders: pd.DataFrame, total: int, period: str) -> str:
    message = ngettext(
        "{names} holds {share} of the {total} incidents recorded ({period}).",
        "{names} hold {share} of the {total} incidents recorded ({period}).",
        len(leaders),
    )
    return message.format(
        names=join(leaders["label"].tolist()),
        share=share(leaders["n"].sum(), total),
        total=number(total),
        period=period,
    )


def _runner_up(ranked: pd.DataFrame, leaders: int) -> str:
    if len(ranked) == leaders:
        return ""
    last, following = ranked.iloc[leaders - 1], ranked.iloc[leaders]
    if compare(following["n"], last["n"]).direction != "unclear":
        return ""
    message = _("{name} comes next with {n}; chance alone could explain the difference from {last} ({more}).")
    return message.format(name=following["label"], n=number(following["n"]), last=last["label"], more=number(last["n"]))


def _earlier(leaders: pd.DataFrame, areas: pd.DataFrame) -> str:
    if "before" not in areas or areas["before"].sum() < SMALL:
        return ""
    ranks = areas["before"].rank(method="min", ascending=False)
    were_high = areas.index[(ranks <= HIGHEST) & (areas["before"] > 0)]
    already = leaders[leaders.index.isin(were_high)]["label"].tolist()
    if not already:
        return ngettext(
            "It was not among the three highest a year earlier.",
            "None of them was among the three highest a year earlier.",
            len(leaders),
        )
    if len(already) == len(leaders):
        return _all_were(len(leaders))
    message = ngettext(
        "Of these {names} was among the three highest a year earlier.",
        "Of these {names} were among the three highest a year earlier.",
        len(already),
    )
    return message.format(names=join(already))


def _all_were(leaders: int) -> str:
    if leaders == 1:
        return _("It was among the three highest a year earlier, too.")
    if leaders == 2:
        return _("Both were among the three highest a year earlier, too.")
    return _("All three were among the three highest a year earlier, too.")
