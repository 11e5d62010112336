"""What a hotspot map finds, how it was made and whether it holds, in plain words."""

import pandas as pd

from hatecrime.i18n import _, ngettext, number, percent
from hatecrime.shape.choices import Choices
from hatecrime.shape.hotspots import FEWEST_PLACES, MAP
from hatecrime.stats.concentration import ChanceSpread, Spread
from hatecrime.stats.intervals import Interval
from hatecrime.stats.prediction import BackTest
from hatecrime.words.numbers import join, km, sentences

FALSE_DISCOVERIES = 0.05
MOST_NAMED = 3
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
    """Around which named areas incidents lie closest together; table has named and density."""
    peaks = table.groupby("named", sort=False)["density"].max().nlargest(MOST_NAMED)
    peaks = peaks[peaks > 0]
    if peaks.empty:
        return _("Nothing with a known place is recorded, so there is no surface.")
    names = [f"{name} ({number(value)})" for name, value in peaks.items()]
    return sentences(
        _("Incidents lie closest together in {names} per km².").format(names=join(names)),
        _("The surface smooths: one incident alone looks like a hill."),
    )


def clusters(table: pd.DataFrame, tested: int) -> str:
    """
    Which places stand out together with their neighbours; table has named and cluster.

    >>> wards = pd.DataFrame({"named": ["Clifford", "Hale", "Sale"], "cluster": ["hot", "", "cold"]})
    >>> clusters(wards, 21)
    'More than chance would put there, with their neighbours: Clifford. Fewer: Sale. 21 places were tested at once.'
    """
    if not tested:
        return too_few_places()
    more, fewer = (_named(table[table["cluster"] == kind]) for kind in ("hot", "cold"))
    if not more and not fewer:
        message = _("No place stands out together with its neighbours: of {n} tested at once, all could be chance.")
        return message.format(n=number(tested))
    less = _("Fewer: {names}.") if more else _("Fewer than chance would leave: {names}.")
    return sentences(
        _("More than chance would put there, with their neighbours: {names}.").format(names=more) if more else "",
        less.format(names=fewer) if fewer else "",
        _("{n} places were tested at once.").format(n=number(tested)),
    )


def unlike(table: pd.DataFrame, tested: int) -> str:
    """
    Which places are unlike those around them, then which are clearly like them; table has named and quadrant.

    >>> wards = pd.DataFrame({"named": ["Clifford", "Hale", "Sale"], "quadrant": ["high-high", "", ""]})
    >>> unlike(wards, 21)
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
    found = {kind: table[table["quadrant"] == kind] for kind in said}
    return sentences(
        *(said[kind].format(names=_named(found[kind])) for kind in ("high-low", "low-high") if len(found[kind])),
        "" if len(found["high-low"]) + len(found["low-high"]) else _("No place is clearly unlike those around it."),
        *(said[kind].format(names=_named(found[kind])) for kind in ("high-high", "low-low") if len(found[kind])),
        _("{n} places were tested at once.").format(n=number(tested)),
    )


def changed(table: pd.DataFrame) -> str:
    """Which places changed; table has named and direction."""
    more, fewer = (_named(table[table["direction"] == way]) for way in ("more", "fewer"))
    if not more and not fewer:
        return _("No place changed clearly from the year before.")
    chance = len(table) * FALSE_DISCOVERIES
    return sentences(
        _("More than a year earlier: {names}.").format(names=more) if more else "",
        _("Fewer: {names}.").format(names=fewer) if fewer else "",
        _("Of {n} places about {chance} would seem to have changed by chance alone.").format(
            n=number(len(table)), chance=number(chance)
        ),
    )


def risks(table: pd.DataFrame) -> str:
    """How many cells have more or fewer than their base lets expect; table has named, n and step."""
    more, fewer = table["step"].isin(["more", "doubled"]), table["step"].isin(["fewer", "halved"])
    if not more.any() and not fewer.any():
        return _("Nowhere is there clearly more, or fewer, than the base beneath leads one to expect.")
    return sentences(
        _("Clearly more than the base beneath leads one to expect: {names}.").format(names=_named(table[more]))
        if more.any()
        else "",
        _("Clearly fewer: {names}.").format(names=_named(table[fewer])) if fewer.any() else "",
    )


def _named(rows: pd.DataFrame) -> str:
    """The names of places; of cells the areas they lie in, those with most cells first and how many these are."""
    counted = rows["named"].value_counts(sort=bool(rows["named"].duplicated().any()))
    return join([name if n == 1 else f"{name} ({number(n)})" for name, n in counted.items()], limit=5)


def emerging(table: pd.DataFrame, steps: int) -> str:
    """Which places become or stop being clusters; table has named and emerging."""
    if (table["emerging"] == "not_enough").all():
        message = _("Not enough data: {n} quarters of {places} places; ten quarters and {fewest} places are needed.")
        return message.format(n=number(steps), places=number(len(table)), fewest=number(FEWEST_PLACES))
    found = table[~table["emerging"].isin(["none", "not_enough"])]
    if found.empty:
        return _("No place has been a cluster in a pattern over the last {n} quarters.").format(n=number(steps))
    kinds = [
        f"{_named(found[found['emerging'] == code])} ({class_name(code).lower()})"
        for code in found["emerging"].unique()
    ]
    return _("Over the last {n} quarters: {names}.").format(n=number(steps), names="; ".join(kinds))


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


def held_up(test: BackTest | None) -> str:
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
    message = _("The {area} of the land that was hottest a year ago holds {share} of this period's {n} incidents")
    range_ = _("(95% interval {low} to {high}).")
    return sentences(f"{message} {range_}".format(**values), _against_naive(test))


def _against_naive(test: BackTest) -> str:
    verdicts = {beside.baseline: beside.verdict for beside in test.comparisons}
    against = verdicts.get("before", "cannot_tell")
    return {
        "better": _("That is more than last year's counts per km² would have found: the clusters add something."),
        "worse": _("Last year's counts per km² would have found more: plan by these, not by the clusters."),
        "no_better": _("Last year's counts per km² would have found as much: the clusters add nothing to them."),
        "cannot_tell": _("Whether that is more than last year's counts per km² would have found cannot be told."),
    }[against]


def score_name(code: str) -> str:
    """What places were ranked by."""
    return {
        MAP: _("Clusters of the year before"),
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
    ]


def _shares(interval: Interval, name: str, decimals: int = 0) -> dict[str, str]:
    """A share with its range, as percentages to fill a sentence with."""
    values = {name: interval.estimate, "low": interval.low, "high": interval.high}
    return {part: percent(float(value), decimals) for part, value in values.items()}
