"""The map of the hotspots page: for each thing that it can show, the figures, the classes, and what is found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from hatecrime.charts import bars, maps
from hatecrime.charts.classes import natural
from hatecrime.charts.map_classes import Kind, Kinds, Scheme
from hatecrime.i18n import _, number
from hatecrime.periods import latest
from hatecrime.shape import hotspots
from hatecrime.stats.emerging import CLASSES, NONE, NOT_ENOUGH
from hatecrime.stats.local import significant
from hatecrime.ui.data import fetch
from hatecrime.ui.place_choices import group_name
from hatecrime.ui.place_surface import density_of, risk_of
from hatecrime.ui.places import Places, level_name, level_title, neighbours_of, series
from hatecrime.ui.session import gate
from hatecrime.words import hotspots as words_of_counts
from hatecrime.words import places as words
from hatecrime.words.numbers import km, sentences

MOST_PLACES = 15
# Below this highest rate per 1,000, one decimal would put most places into one class.
FINE_RATES = 2
STEPS_BACK = 16
LETTERS = MappingProxyType(
    {
        "new": "N",
        "consecutive": "C",
        "intensifying": "I",
        "persistent": "P",
        "diminishing": "D",
        "sporadic": "S",
        "oscillating": "O",
        "historical": "H",
    }
)


@dataclass(frozen=True)
class Shown:
    """
    What the map shows: the table with the column that is mapped, its classes and its unit; said, the finding;
    how, a sentence for each choice that was made; columns, beside those of every place, with title and decimals.
    """

    found: Places
    table: pd.DataFrame
    column: str
    scheme: Scheme
    title: str
    said: str
    how: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    ranked: str = "n"


def shown(found: Places, measure: str) -> Shown:
    """The places with what was asked for."""
    ways: dict[str, Callable[[Places], Shown]] = {
        "n": _counts,
        "rate": _rates,
        "smoothed": _smoothed,
        "density": _density,
        "risk": _risk,
        "cluster": _clusters,
        "quadrant": _unlike,
        "change": _changes,
        "emerging": _emerging,
    }
    return ways[measure](found)


def map_or_bars(it: Shown, picked: str | None = None, **options: Any) -> Any:
    """The places on a map; as bars where no outline of them is loaded."""
    look, found = gate().look, it.found
    if not found.has_outlines:
        rows = found.table.nlargest(MOST_PLACES, "n")
        return bars.bars(rows, look, measure=_("Incidents"), alt_text=it.said, value="n")
    return maps.choropleth(
        found.shapes,
        it.table,
        look,
        it.scheme,
        value=it.column,
        measure=it.title,
        alt_text=it.said,
        missing=_("no figure"),
        ground=found.ground,
        picked=picked,
        **{"tips": tips(it), **options},
    )


def tips(it: Shown) -> list[maps.Tip]:
    """What is said of a place under the pointer."""
    # Thousands of names that occur once would double what is sent.
    name = (
        maps.Tip("named", _("Near")) if it.found.choices.has_cells else maps.Tip("label", level_title(it.found.level))
    )
    first = [
        name,
        maps.Tip("n", _("Incidents"), ",.0f"),
        maps.Tip("before", _("A year earlier"), ",.0f"),
    ]
    return first + [maps.Tip(name, title, f",.{places}f") for name, (title, places) in it.columns.items()]


def counts_said(found: Places) -> str:
    """Where most is recorded; of a single place there is nothing to compare."""
    if len(found.table) > 1:
        label = gate().period.label()
        said = words_of_counts.answer(found.table, found.total, level_name(found.level), label)
        return sentences(said, words.far_ahead(found.table) if found.choices.has_cells else "")
    return _("Nothing finer than {area} is recorded, so places cannot be compared. Choose a larger area.").format(
        area=found.table["label"].iloc[0] if len(found.table) else "–"
    )


def _counts(found: Places) -> Shown:
    how = [_("Classes: natural breaks.")]
    if found.choices.has_cells:
        how.insert(0, _cells_said(found))
    scheme = natural(found.table["n"].tolist())
    return Shown(found, found.table, "n", scheme, _("Incidents"), counts_said(found), tuple(how))


def _rates(found: Places) -> Shown:
    table = found.table
    scheme = natural(table["rate"].tolist(), decimals=_decimals(table["rate"]))
    columns = {"rate": (_("Per 1,000"), 2), "low": (_("95% from"), 2), "high": (_("95% to"), 2)}
    how = (_("Classes: natural breaks."), _base_said(found))
    return Shown(
        found, table, "rate", scheme, _per_1000(found), words.rates(table, "rate", _who(found)), how, columns, "rate"
    )


def _smoothed(found: Places) -> Shown:
    table = hotspots.with_smoothed(found.table)
    scheme = natural(table["smoothed"].tolist(), decimals=_decimals(table["smoothed"]))
    columns = {
        "smoothed": (_("Smoothed, per 1,000"), 2),
        "smoothed_low": (_("95% from"), 2),
        "smoothed_high": (_("95% to"), 2),
        "rate": (_("As counted, per 1,000"), 2),
    }
    how = (
        _(
            "Empirical Bayes (Marshall): the rate of a place with few people is drawn towards that of all places, as a"
            " handful of incidents there is mostly chance."
        ),
        _base_said(found),
    )
    return Shown(
        found,
        table,
        "smoothed",
        scheme,
        _per_1000(found),
        words.rates(table, "smoothed", _who(found)),
        how,
        columns,
        "smoothed",
    )


def _density(found: Places) -> Shown:
    surface = density_of(found)
    table = found.table.assign(density=surface.density)
    scheme = natural(table["density"].tolist(), decimals=_decimals(table["density"]))
    said = words.densest(hotspots.peaks(table))
    reach = _("Quartic kernel: an incident reaches {reach}, and the surface is cut at the boundary.")
    how = (_cells_said(found), reach.format(reach=km(surface.bandwidth)), _("Classes: natural breaks."))
    columns = {"density": (_("Per km²"), 1)}
    return Shown(found, table, "density", scheme, _("Incidents per km²"), said, how, columns, "density")


def _risk(found: Places) -> Shown:
    risk, base = risk_of(found)
    verdicts = significant(risk.log_ratio, risk.p)
    table = found.table.assign(risk=risk.ratio, adjusted=verdicts.adjusted)
    way = np.select([verdicts.kind == "hot", verdicts.kind == "cold"], ["more", "fewer"], "unclear")
    table["step"] = np.where(risk.too_thin, "", _steps(way, risk.ratio))
    columns = {"risk": (_("Times as many as expected"), 2), "adjusted": (_("p, adjusted"), 3)}
    reach = _("Two quartic surfaces with a reach of {reach}, one over the other; left out where the base is thin.")
    how = (base, reach.format(reach=km(risk.bandwidth)), _cells_said(found), _tested_said(verdicts.tested))
    said = words.risks(table, found.level)
    return Shown(found, table, "step", _more_or_fewer(), _("Against what is expected"), said, how, columns, "risk")


def _clusters(found: Places) -> Shown:
    around = neighbours_of(found)
    choices = found.choices
    table = hotspots.with_smoothed(found.table) if found.has_rates else found.table
    table, tested = hotspots.with_clusters(table, around, choices.permutations, choices.seed)
    scheme = Kinds(
        (
            Kind("hot", _("more than chance"), "▲", 1),
            Kind("", _("could be chance"), "", 0),
            Kind("cold", _("fewer than chance"), "▼", -1),
        )
    )
    columns = {"z": (_("z (Gi*)"), 2), "adjusted": (_("p, adjusted"), 3)}
    how = words.how_compared(choices, hotspots.value_of(found.table), tested, len(around.islands))
    said = words.clusters(table, tested, found.level)
    return Shown(found, table, "cluster", scheme, _("With their neighbours"), said, tuple(how), columns, "z")


def _unlike(found: Places) -> Shown:
    around = neighbours_of(found)
    choices = found.choices
    table = hotspots.with_smoothed(found.table) if found.has_rates else found.table
    table, tested = hotspots.with_unlike(table, around, choices.permutations, choices.seed)
    scheme = Kinds(
        (
            Kind("high-high", _("high among high"), "HH", 1),
            Kind("high-low", _("high among low"), "HL", 0.6),
            Kind("", _("could be chance"), "", 0),
            Kind("low-high", _("low among high"), "LH", -0.6),
            Kind("low-low", _("low among low"), "LL", -1),
        )
    )
    columns = {"adjusted": (_("p, adjusted"), 3)}
    how = words.how_compared(choices, hotspots.value_of(found.table), tested, len(around.islands), _("local Moran"))
    said = words.unlike(table, tested, found.level)
    return Shown(found, table, "quadrant", scheme, _("Beside their neighbours"), said, tuple(how), columns, "n")


def _changes(found: Places) -> Shown:
    table = hotspots.with_change(found.table)
    table = table.assign(step=_steps(table["direction"].to_numpy(), table["ratio"].to_numpy(float)))
    columns = {
        "ratio": (_("Ratio to a year earlier"), 2),
        "ratio_low": (_("95% from"), 2),
        "ratio_high": (_("95% to"), 2),
    }
    how = (_("A change is coloured only where the 95% interval of the ratio of the two counts leaves out 1 (exact)."),)
    title = _("Against the year before")
    said = words.changed(table, hotspots.changed_by_chance(table), found.level)
    return Shown(found, table, "step", _more_or_fewer(), title, said, how, columns, "ratio")


def _more_or_fewer() -> Kinds:
    return Kinds(
        (
            Kind("halved", _("half or fewer"), "▼▼", -1),
            Kind("fewer", _("fewer"), "▼", -0.6),
            Kind("unclear", _("could be chance"), "", 0),
            Kind("more", _("more"), "▲", 0.6),
            Kind("doubled", _("twice or more"), "▲▲", 1),
        )
    )


def _steps(way: np.ndarray, ratio: np.ndarray) -> np.ndarray:
    cases = [(way == "fewer") & (ratio <= 0.5), way == "fewer", (way == "more") & (ratio >= 2), way == "more"]
    return np.select(cases, ["halved", "fewer", "doubled", "more"], "unclear")


def _emerging(found: Places) -> Shown:
    session = gate()
    wide = session.filters.but(start=max(session.first, _quarters_back()))
    quarters = series(found, wide, "quarter")
    table = hotspots.with_emerging(found.table, quarters, neighbours_of(found))
    present = [code for code in CLASSES if (table["emerging"] == code).any() and code != NONE]
    kinds = [Kind(code, words.class_name(code), _letter(code), _lean(code)) for code in present]
    scheme = Kinds((*kinds, Kind(NONE, words.class_name(NONE), "", 0)))
    if (table["emerging"] == NOT_ENOUGH).any():
        scheme = Kinds((Kind(NOT_ENOUGH, words.class_name(NOT_ENOUGH), "", 0),))
    meanings = [f"{words.class_name(code)}: {words.class_meaning(code)}." for code in present]
    how = (
        _("Gi* of the counts of every place in each of {n} quarters, then how it went on (Mann-Kendall).").format(
            n=number(quarters.shape[1])
        ),
        *meanings,
    )
    said = words.emerging(table, quarters.shape[1], found.level)
    return Shown(found, table, "emerging", scheme, _("Over the quarters"), said, how, {}, "n")


def _quarters_back() -> Any:
    """The first day of as many quarters before the period's end as are looked at."""
    last = latest("quarter", gate().period.finish)
    years, quarters = divmod(STEPS_BACK - 1, 4)
    start = pd.Timestamp(last.start) - pd.DateOffset(years=years, months=3 * quarters)
    return start.date()


def _letter(code: str) -> str:
    pattern, _sep, sign = code.partition("_")
    return LETTERS[pattern] if sign == "hot" else LETTERS[pattern].lower()


def _lean(code: str) -> float:
    pattern, _sep, sign = code.partition("_")
    strength = 0.5 if pattern in ("historical", "diminishing", "sporadic") else 1.0
    return strength if sign == "hot" else -strength


def _per_1000(found: Places) -> str:
    if found.choices.base == "all":
        return _("Incidents per 1,000 residents")
    return _("Incidents per 1,000 ({group})").format(group=group_name(found.choices.base))


def _who(found: Places) -> str:
    return _("residents") if found.choices.base == "all" else group_name(found.choices.base).lower()


def _decimals(values: pd.Series) -> int:
    return 1 if values.max() >= FINE_RATES else 2


def _cells_said(found: Places) -> str:
    land = float(found.table["area_km2"].sum())
    return _("{n} cells of {size} across cover {land} km².").format(
        n=number(len(found.table)), size=km(found.choices.size), land=number(land)
    )


def _tested_said(tested: int) -> str:
    text_ = _("{n} cells are tested at once; of those that stand out, at most 5% are expected to be false.")
    return text_.format(n=number(tested))


def _base_said(found: Places) -> str:
    people = fetch(
        "areas/population",
        level=found.level,
        year=gate().period.finish.year,
        population_group=found.choices.base,
    )
    years = sorted({int(year) for year in people["year"].dropna()})
    missing = int(found.table["population"].isna().sum())
    said = _("Counted against: {group}, {year}.").format(
        group=group_name(found.choices.base), year=", ".join(map(str, years))
    )
    return said if not missing else said + " " + _("Not known for {n} places.").format(n=number(missing))
