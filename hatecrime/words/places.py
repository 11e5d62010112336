"""What a hotspot map finds, how it was made and whether it holds, in plain words."""

import pandas as pd

from hatecrime.i18n import _, ngettext, number, percent
from hatecrime.shape.choices import HEXAGON, SQUARE, Choices
from hatecrime.shape.hotspots import FEWEST_PLACES, MAP, HeldUp
from hatecrime.stats.concentration import ChanceSpread, Spread
from hatecrime.stats.intervals import Interval
from hatecrime.stats.prediction import BackTest
from hatecrime.words.numbers import SMALL, incidents, join, km, sentences

FALSE_DISCOVERIES = 0.05
MOST_NAMED = 3
MOST_AREAS_NAMED = 5
FAR_AHEAD = 2
FEW_PLACES = 0.1


def rates(table: pd.DataFrame, column: str, who: str) -> str:
    """
    Where most is recorded for the people there; table has named and the column, per 1,000 of who is counted.

    >>> wards = pd.DataFrame({"named": ["Clifford", "Hale", "Sale"], "rate": [4.61, 0.52, 1.2]})
    >>> rates(wards, "rate", "residents")
    'Most per 1,000 residents: Clifford (4.6), Sale (1.2) and Hale (0.5).'
    """
    known = table.dropna(subset=[column])
    if known.empty:
        return _("How many people there are in these places is not known.")
    top = known.nlargest(MOST_NAMED, column)
    names = [f"{name} ({number(value, 1)})" for name, value in zip(top["named"], top[column], strict=True)]
    return _("Most per 1,000 {who}: {names}.").format(who=who, names=join(names))


def densest(table: pd.DataFrame) -> str:
    """Around which named areas incidents lie closest together; table has the peaks of a surface: named and density."""
    peaks = table.groupby("named", sort=False)["density"].max().nlargest(MOST_NAMED)
    peaks = peaks[peaks > 0]
    if peaks.empty:
        return _("Nothing with a known place is recorded, so there is no surface.")
    names = [_("{name} ({n} per km²)").format(name=name, n=number(value)) for name, value in peaks.items()]
    return sentences(
        _("Incidents lie closest together in {names}.").format(names=join(names)),
        _("The surface smooths: one incident alone looks like a hill."),
    )


def far_ahead(table: pd.DataFrame) -> str:
    """
    What the first place has, where that is at least twice what the next one has; table has label and n.

    >>> far_ahead(pd.DataFrame({"label": ["Hale SJ7786", "Sale SJ7891"], "n": [8, 47]}))
    'Sale SJ7891 alone has 47; the next has 8.'
    >>> far_ahead(pd.DataFrame({"label": ["Hale SJ7786", "Sale SJ7891"], "n": [30, 47]}))
    ''
    """
    top = table.nlargest(2, "n")
    if len(top) < 2 or top["n"].iloc[0] < max(FAR_AHEAD * top["n"].iloc[1], SMALL):
        return ""
    message = _("{name} alone has {n}; the next has {next}.")
    first, following = (number(n) for n in top["n"])
    return message.format(name=top["label"].iloc[0], n=first, next=following)


def clusters(table: pd.DataFrame, tested: int, level: str = "") -> str:
    """
    Which places stand out together with their neighbours; table has label, named and cluster.

    >>> wards = pd.DataFrame({"named": ["Clifford", "Hale", "Sale"], "cluster": ["hot", "", "cold"]})
    >>> clusters(wards.assign(label=wards["named"]), 21)
    'More than chance would put there, with their neighbours: Clifford. Fewer: Sale. 21 places were tested at once.'
    """
    if not tested:
        return too_few_places()
    more, fewer = (_named(table[table["cluster"] == kind], level) for kind in ("hot", "cold"))
    if not more and not fewer:
        message = _("No place stands out together with its neighbours: of {n} tested at once, all could be chance.")
        return message.format(n=number(tested))
    less = _("Fewer: {names}.") if more else _("Fewer than chance would leave: {names}.")
    return sentences(
        _("More than chance would put there, with their neighbours: {names}.").format(names=more) if more else "",
        less.format(names=fewer) if fewer else "",
        _("{n} places were tested at once.").format(n=number(tested)),
    )


def unlike(table: pd.DataFrame, tested: int, level: str = "") -> str:
    """
    Which places are unlike those around them, then which are clearly like them; table has label, named and quadrant.

    >>> wards = pd.DataFrame({"named": ["Clifford", "Hale", "Sale"], "quadrant": ["high-high", "", ""]})
    >>> unlike(wards.assign(label=wards["named"]), 21)
    'No place is clearly unlike those around it. High among high ones: Clifford. 21 places were tested at once.'
    """
    if not tested:
        return too_few_places()
    said = {
        "high-low": _("High among low ones: {names}."),
        "low-high": _("Low among high ones: {names}."),
        "high-high": _("High among high ones: {names}."),
        "low-low": _("Low among low ones: {names}."),
    }
    found = {kind: _named(table[table["quadrant"] == kind], level) for kind in said}
    return sentences(
        *(said[kind].format(names=found[kind]) for kind in ("high-low", "low-high") if found[kind]),
        "" if found["high-low"] or found["low-high"] else _("No place is clearly unlike those around it."),
        *(said[kind].format(names=found[kind]) for kind in ("high-high", "low-low") if found[kind]),
        _("{n} places were tested at once.").format(n=number(tested)),
    )


def changed(table: pd.DataFrame, by_chance: float, level: str = "") -> str:
    """Which places changed, and how many would seem to by chance alone; table has label, named and direction."""
    more, fewer = (_named(table[table["direction"] == way], level) for way in ("more", "fewer"))
    if not more and not fewer:
        return _("No place changed clearly from the year before.")
    less = _("Fewer: {names}.") if more else _("Fewer than a year earlier: {names}.")
    chance = (
        _("Of {n} places about {chance} would seem to have changed by chance alone.")
        if round(by_chance) >= 1
        else _("Of {n} places fewer than 1 would seem to have changed by chance alone.")
    )
    return sentences(
        _("More than a year earlier: {names}.").format(names=more) if more else "",
        less.format(names=fewer) if fewer else "",
        chance.format(n=number(len(table)), chance=number(by_chance)),
    )


def risks(table: pd.DataFrame, level: str = "") -> str:
    """
    Where there are more or fewer than the base lets expect, and what is left out.

    table has label, named, n and step, which is empty where the base is too thin.
    """
    steps = {"more": ["more", "doubled"], "fewer": ["fewer", "halved"]}
    more, fewer = (_named(table[table["step"].isin(kinds)], level) for kinds in steps.values())
    if not more and not fewer:
        nowhere = _("Nowhere is there clearly more, or fewer, than the base beneath leads one to expect.")
        return sentences(nowhere, _left_out(table))
    return sentences(
        _("Clearly more than the base beneath leads one to expect: {names}.").format(names=more) if more else "",
        _("Clearly fewer: {names}.").format(names=fewer) if fewer else "",
        _left_out(table),
    )


def _left_out(table: pd.DataFrame) -> str:
    thin = table[table["step"] == ""]
    if thin.empty:
        return ""
    held = thin.groupby("named", sort=False)["n"].sum().nlargest(MOST_NAMED)
    values = {
        "n": number(len(thin)),
        "total": number(len(table)),
        "incidents": incidents(thin["n"].sum()),
        "names": join(held.index[held > 0].tolist()),
    }
    if not thin["n"].sum():
        return _("No figure for {n} of {total} cells, because the base beneath is too thin.").format(**values)
    message = _(
        "No figure for {n} of {total} cells, because the base beneath is too thin; they hold {incidents}, most in"
        " {names}."
    )
    return message.format(**values)


def _named(rows: pd.DataFrame, level: str) -> str:
    """The names of places; of many that lie in named areas, such as cells, how many there are in which of these."""
    within = rows["named"].value_counts(sort=bool(rows["named"].duplicated().any()))
    counted = [name if n == 1 else f"{name} ({number(n)})" for name, n in within.items()]
    if rows["label"].equals(rows["named"]):
        return join(counted, limit=MOST_AREAS_NAMED)
    if len(rows) <= MOST_NAMED:
        return join(rows["label"].tolist())
    message = {
        SQUARE: _("{n} squares in {areas}"),
        HEXAGON: _("{n} hexagons in {areas}"),
        "lsoa": _("{n} LSOAs in {areas}"),
    }.get(level, _("{n} places in {areas}"))
    areas = list(within.index) if len(within) == 1 else [f"{name} ({number(n)})" for name, n in within.items()]
    return message.format(n=number(len(rows)), areas=join(areas))


def emerging(table: pd.DataFrame, steps: int, level: str = "") -> str:
    """Which places become or stop being clusters; table has label, named and emerging."""
    if (table["emerging"] == "not_enough").all():
        message = _("Not enough data: {n} quarters of {places} places; ten quarters and {fewest} places are needed.")
        return message.format(n=number(steps), places=number(len(table)), fewest=number(FEWEST_PLACES))
    found = table[~table["emerging"].isin(["none", "not_enough"])]
    if found.empty:
        return _("No place has been a cluster in a pattern over the last {n} quarters.").format(n=number(steps))
    kinds = [
        f"{class_name(code).lower()}: {_named(found[found['emerging'] == code], level)}"
        for code in found["emerging"].unique()
    ]
    return _("Over the last {n} quarters, {names}.").format(n=number(steps), names="; ".join(kinds))


def class_name(code: str) -> str:
    """The name of an emerging class."""
    return {
        "new_hot": _("New hotspot"),
        "consecutive_hot": _("Consecutive hotspot"),
        "intensifying_hot": _("Intensifying hotspot"),
        "persistent_hot": _("Persistent hotspot"),
        "diminishing_hot": _("Diminishing hotspot"),
        "sporadic_hot": _("Sporadic hotspot"),
        "oscillating_hot": _("Oscillating hotspot"),
        "historical_hot": _("Historical hotspot"),
        "new_cold": _("New cold spot"),
        "consecutive_cold": _("Consecutive cold spot"),
        "intensifying_cold": _("Intensifying cold spot"),
        "persistent_cold": _("Persistent cold spot"),
        "diminishing_cold": _("Diminishing cold spot"),
        "sporadic_cold": _("Sporadic cold spot"),
        "oscillating_cold": _("Oscillating cold spot"),
        "historical_cold": _("Historical cold spot"),
        "none": _("No pattern"),
        "not_enough": _("Not enough data"),
    }[code]


def class_meaning(code: str) -> str:
    """What an emerging class says of a place, without its sign."""
    return {
        "new": _("stands out in the latest quarter and never did before"),
        "consecutive": _("has stood out without a break up to the latest quarter, for two or more, and not before"),
        "intensifying": _("has stood out nearly always (90% of quarters), more and more"),
        "persistent": _("has stood out nearly always (90% of quarters), neither more nor less"),
        "diminishing": _("has stood out nearly always (90% of quarters), less and less"),
        "sporadic": _("stands out in the latest quarter, and has on and off"),
        "oscillating": _("stands out in the latest quarter, and was the opposite before"),
        "historical": _("stood out nearly always, but not in the latest quarter"),
    }[code.removesuffix("_hot").removesuffix("_cold")]


def too_few_places() -> str:
    """Why nothing is tested."""
    return _("With fewer than {n} places nothing can be said about clusters.").format(n=number(FEWEST_PLACES))


def held_up(test: HeldUp | None) -> str:
    """Whether a map of the year before would have found this period's incidents."""
    if test is None:
        return _("Whether hotspots hold cannot be tested: too few places, or nothing recorded a year before.")
    found = test.accuracy[MAP]
    values = {
        "area": percent(test.share_of_area),
        "n": number(test.events),
        **_shares(found.hit_rate, "share"),
    }
    if test.too_few:
        message = _("Only {n} incidents: too few to tell whether last year's hotspots hold.")
        return message.format(**values)
    none = _("No place was a cluster a year ago; what ranked highest then may have been chance.")
    message = _(
        "The {area} of the land that was hottest a year ago by clusters (Gi*) holds {share} of this period's {n}"
        " incidents"
    )
    range_ = _("(95% interval {low} to {high}).")
    return sentences(
        "" if test.clusters else none,
        f"{message} {range_}".format(**values),
        _against_naive(test),
    )


def _against_naive(test: BackTest) -> str:
    verdicts = {beside.baseline: beside.verdict for beside in test.comparisons}
    against = verdicts.get("before", "cannot_tell")
    return {
        "better": _(
            "That is more than last year's counts per km² would have found: ranking by clusters adds something."
        ),
        "worse": _("Last year's counts per km² would have found more: plan by these, not by the clusters."),
        "no_better": _("Last year's counts per km² would have found as much: ranking by clusters adds nothing."),
        "cannot_tell": _("Whether that is more than last year's counts per km² would have found cannot be told."),
    }[against]


def score_name(code: str) -> str:
    """What places were ranked by."""
    return {
        MAP: _("Clusters (Gi*) of the year before"),
        "before": _("Incidents per km², the year before"),
        "population": _("Residents per km²"),
        "chance": _("Chance"),
    }[code]


def spread(found: Spread, chance: ChanceSpread, by: str = "") -> str:
    """
    How concentrated incidents are, beside what chance alone would give; by: "people" or "land" where chance follows
    these, else it is alike for all places.
    """
    if not found.total:
        return _("Nothing is recorded, so nothing is concentrated.")
    by_chance = chance.least_places
    # A percentage without decimals would call 2.6 and 3.4 the same.
    decimals = 0 if min(found.least_places, by_chance.low) >= FEW_PLACES else 1
    values = {
        "part": percent(found.share),
        "places": percent(found.least_places, decimals),
        "like": {
            "people": _("spread as residents are"),
            "land": _("spread as the land is"),
            "": _("spread alike over all places"),
        }[by],
        **_shares(by_chance, "chance", decimals),
    }
    if by_chance.low <= found.least_places <= by_chance.high:
        message = _(
            "{part} of incidents fall in {places} of places, which is no more concentrated than chance alone would be,"
            " {like} ({chance}; {low} to {high})."
        )
    elif found.least_places < by_chance.low:
        message = _(
            "{part} of incidents fall in {places} of places; if chance alone decided, {like}, it would be {chance}"
            " ({low} to {high})."
        )
    else:
        message = _(
            "{part} of incidents fall in {places} of places: more evenly than chance alone would have it, {like}"
            " ({chance}; {low} to {high})."
        )
    return message.format(**values)


def how_compared(choices: Choices, value: str, tested: int, islands: int, method: str = "") -> list[str]:
    """How places were compared, a sentence for each choice; by Gi* where no other method is named."""
    if not tested:
        return [too_few_places()]
    around = {
        "touching": _("Neighbours are places that touch, corners included."),
        "nearest": _("Neighbours are the {n} nearest places.").format(n=number(choices.reach)),
    }[choices.neighbours]
    alone = ngettext(
        "{n} place touches none and is compared with its nearest.",
        "{n} places touch none and are compared with their nearest.",
        islands,
    ).format(n=number(islands))
    measure = {
        "n": _("Counts are compared, because no residents are known for these places."),
        "smoothed": _("Smoothed rates are compared: those of small places are drawn towards the rate of all."),
    }[value]
    by = (
        _("Chance is judged by {n} random rearrangements (seed {seed}).").format(
            n=number(choices.permutations), seed=choices.seed
        )
        if choices.permutations
        else _("Chance is judged exactly, by all draws of as many places ({method}, two-sided).").format(
            method=method or _("Gi* of Getis and Ord")
        )
    )
    false = _("{n} places are tested at once; of those that stand out, at most {share} are expected to be false.")
    size = [_("Cells are {size} across.").format(size=km(choices.size))] if choices.has_cells else []
    return [
        *size,
        around,
        *([alone] if islands else []),
        measure,
        by,
        false.format(n=number(tested), share=percent(FALSE_DISCOVERIES)),
        *([_too_few_draws(choices, tested)] if choices.permutations else []),
    ]


def _too_few_draws(choices: Choices, tested: int) -> str:
    """That none of so many places can stand out alone, where the least p of the draws is above what is asked of it."""
    least = 2 / (choices.permutations + 1)
    if least <= FALSE_DISCOVERIES / tested:
        return ""
    message = _(
        "{n} draws are too few to single out one place among {tested}, because their p is {least} at best: only several"
        " together can stand out. All draws can single one out."
    )
    return message.format(n=number(choices.permutations), least=number(least, 3), tested=number(tested))


def _shares(interval: Interval, name: str, decimals: int = 0) -> dict[str, str]:
    """A share with its range, as percentages to fill a sentence with."""
    values = {name: interval.estimate, "low": interval.low, "high": interval.high}
    return {part: percent(float(value), decimals) for part, value in values.items()}
