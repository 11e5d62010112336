"""What hatecrime hotspots prints of the places of a map."""

from dataclasses import asdict
from typing import Any

import typer

from hatecrime.cli.say import print_table
from hatecrime.i18n import _, number
from hatecrime.reports.hotspots import Hotspots
from hatecrime.stats.intervals import Interval
from hatecrime.words import places as words

PLACES = [
    "id",
    "label",
    "n",
    "before",
    "ratio",
    "ratio_low",
    "ratio_high",
    "direction",
    "population",
    "rate",
    "low",
    "high",
    "smoothed",
    "smoothed_low",
    "smoothed_high",
    "z",
    "p",
    "adjusted",
    "cluster",
]
SHOWN = ["label", "n", "before", "rate", "smoothed", "z", "cluster"]
MOST_SHOWN = 20


def as_json(found: Hotspots) -> dict[str, Any]:
    """The places, how they were compared, whether they hold and how much lies in how few of them."""
    return {
        "choices": {**asdict(found.choices), "how": list(found.how), "tested": found.tested},
        "finding": found.said,
        "incidents": found.total,
        "unplaced": found.unplaced,
        "places": found.table[PLACES].to_dict("records"),
        "held_up": _held_up(found),
        "concentration": {
            "share": found.spread.share,
            "least_places": found.spread.least_places,
            "top_fifth": found.spread.top_fifth,
            "gini": found.spread.gini,
            "generalised_gini": found.spread.generalised,
            "by_chance": {
                "follows": found.by or "places",
                "least_places": _limits(found.by_chance.least_places),
                "top_fifth": _limits(found.by_chance.top_fifth),
                "gini": _limits(found.by_chance.gini),
            },
        },
    }


def show(found: Hotspots) -> None:
    """The highest places, and what is found, for people."""
    if found.unplaced == found.total:
        typer.echo(_("{n} incidents, and none of them has a known place here.").format(n=number(found.total)))
        return
    if found.unplaced:
        message = _("{n} of {total} incidents have no known place here and are left out.")
        typer.echo(message.format(n=number(found.unplaced), total=number(found.total)))
    concentrated = words.spread(found.spread, found.by_chance, found.by)
    # Where nothing was tested, what is found and how it was compared are one sentence.
    for sentence in dict.fromkeys((found.said, *found.how, concentrated, words.held_up(found.held))):
        typer.echo(sentence)
    typer.echo()
    print_table(found.table.nlargest(MOST_SHOWN, "n")[SHOWN])


def _held_up(found: Hotspots) -> dict[str, Any] | None:
    if found.held is None:
        return None
    return {
        "share_of_area": found.held.share_of_area,
        "events": found.held.events,
        "too_few": found.held.too_few,
        "scores": {
            name: {
                "hit_rate": _limits(each.hit_rate),
                "pai": _limits(each.pai),
                "pei": _limits(each.pei),
                "rri": _limits(each.rri) if each.rri else None,
            }
            for name, each in found.held.accuracy.items()
        },
        "against": {each.baseline: each.verdict for each in found.held.comparisons},
    }


def _limits(interval: Interval) -> dict[str, float]:
    return {part: float(getattr(interval, part)) for part in ("estimate", "low", "high")}
