"""The controls of the hotspots page: which places, what is shown of them, and how they are compared."""

from dataclasses import replace
from types import MappingProxyType

import shapely
import streamlit as st

from hatecrime.dictionary import code_list
from hatecrime.i18n import _, language, number
from hatecrime.shape.choices import PERMUTATIONS, SHAPES, SQUARE, Choices, sane_size, sizes
from hatecrime.stats.density import sane
from hatecrime.ui.choices import choose, pick
from hatecrime.ui.data import fetch
from hatecrime.ui.places import AREA_LEVELS, EVERYTHING, Places, day, land, level_title, levels, on_land
from hatecrime.ui.session import gate
from hatecrime.words.numbers import km

PICKED = "place"
# A list of more places than this is searched on the map.
MOST_LISTED = 1000
SURFACES = ("density", "risk")
ROUND = 50
NEAREST = ("4", "6", "8", "12")
PRESENT = ("all", "workday")
# Strands that are about the people of one population group.
STRAND_GROUPS = MappingProxyType({"disability": "disabled", "transgender": "trans"})


def choose_level() -> str:
    """How the land is cut into places."""
    return choose(_("Places"), "level", levels(), level_title)


def choose_measure(level: str, has_rates: bool) -> str:
    """What is shown of the places."""
    offered = [
        "n",
        *(["rate", "smoothed"] if has_rates else []),
        *([] if level != SQUARE else SURFACES),
        "cluster",
        "quadrant",
        "change",
        "emerging",
    ]
    return choose(_("Shown"), "measure", tuple(offered), measure_name)


def choose_place(found: Places) -> str | None:
    """The place in detail, from the map or from a list of those with most incidents."""
    listed = found.table.nlargest(MOST_LISTED, "n", keep="all").head(MOST_LISTED).sort_values("label")
    labels = dict(zip(listed["id"], listed["label"], strict=True))
    codes = tuple(labels)
    arrived = st.session_state.get(PICKED)
    if arrived not in labels and (found.table["id"] == arrived).any():
        codes, labels = (*codes, arrived), {**labels, arrived: found.label(arrived)}
    only = codes[0] if len(codes) == 1 else None
    return pick(_("Place in detail"), PICKED, codes, labels.__getitem__, only, placeholder=_("Click the map or search"))


def choose_details(level: str, measure: str) -> Choices:
    """Cell size, base, neighbours, reach and how chance is judged: chosen here, unless an analyst says otherwise."""
    chosen = Choices(level)
    outline = land()
    if level in SHAPES:
        chosen = replace(chosen, size=_choose_size(outline, measure))
    if measure in SURFACES:
        return replace(chosen, bandwidth=_choose_bandwidth(outline, chosen.size))
    if measure in ("rate", "smoothed", "cluster", "quadrant") and level in AREA_LEVELS:
        chosen = replace(chosen, base=_choose_base(level))
    if measure in ("cluster", "quadrant", "emerging"):
        chosen = _choose_neighbours(chosen)
    if measure in ("cluster", "quadrant"):
        by = choose(_("Chance is judged by"), "chance", ("exact", "lots"), _chance_name)
        chosen = replace(chosen, permutations=PERMUTATIONS if by == "lots" else 0)
    return chosen


def measure_name(measure: str) -> str:
    """What is shown, in short."""
    return {
        "n": _("Count"),
        "rate": _("Per 1,000"),
        "smoothed": _("Smoothed rate"),
        "density": _("Density"),
        "risk": _("Relative risk"),
        "cluster": _("Clusters"),
        "quadrant": _("Unlike neighbours"),
        "change": _("Change"),
        "emerging": _("Emerging"),
    }[measure]


def _choose_size(outline: shapely.Geometry, measure: str) -> int:
    km2 = outline.area / 1e6
    offered = sizes(km2)
    if measure in SURFACES:
        wanted = min(offered, key=lambda size: abs(size - sane(outline.bounds).cell))
    else:
        wanted = sane_size(km2, on_land(), offered)
    codes = tuple(map(str, offered))
    key = "surface_size" if measure in SURFACES else "size"
    return int(pick(_("Cells, across"), key, codes, lambda size: km(int(size)), str(wanted)) or wanted)


def _choose_bandwidth(outline: shapely.Geometry, size: int) -> int:
    usual = max(round(sane(outline.bounds).bandwidth / ROUND) * ROUND, size)
    offered = tuple(str(metres) for metres in dict.fromkeys((max(usual // 2, size), usual, usual * 2)))
    return int(choose(_("An incident reaches"), "bandwidth", offered, lambda metres: km(int(metres)), str(usual)))


def _choose_base(level: str) -> str:
    """Residents or those there on a working day; of one strand also the people whom it is about, where counted here."""
    strands = gate().filters.strands
    held = fetch("areas/groups", EVERYTHING, level=level, year=day().year)["population_group"].tolist()
    offered = [group for group in held if len(strands) == 1 or group in PRESENT]
    if len(offered) < 2:
        return "all"
    own = STRAND_GROUPS.get(strands[0], "all") if len(strands) == 1 else "all"
    wanted = own if own in offered else offered[0]
    return pick(_("Per 1,000 of"), "base", tuple(offered), group_name, wanted) or wanted


def group_name(code: str) -> str:
    """Who is counted."""
    return code_list("population_group").label(code, language())


def _choose_neighbours(chosen: Choices) -> Choices:
    around = choose(_("Neighbours"), "neighbours", ("touching", *NEAREST), _neighbours_name)
    if around == "touching":
        return chosen
    return replace(chosen, neighbours="nearest", reach=int(around))


def _neighbours_name(code: str) -> str:
    return _("Touching") if code == "touching" else _("{n} nearest").format(n=number(int(code)))


def _chance_name(code: str) -> str:
    return {"exact": _("All draws, exactly"), "lots": _("{n} random draws").format(n=number(PERMUTATIONS))}[code]
