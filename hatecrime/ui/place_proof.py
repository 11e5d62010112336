"""Whether the hotspots hold, and how concentrated incidents are: what stands between a map and trusting it."""

import numpy as np
import pandas as pd
import streamlit as st

from hatecrime.charts import bars
from hatecrime.charts.curve import curve
from hatecrime.i18n import _
from hatecrime.reports.coverage import coverage
from hatecrime.shape.choices import SQUARE, Choices, sizes
from hatecrime.shape.hotspots import by_chance, held_up
from hatecrime.stats.concentration import ChanceSpread, Spread, spread, spread_by_chance
from hatecrime.stats.prediction import BackTest
from hatecrime.ui.data import snapshot
from hatecrime.ui.page import detail
from hatecrime.ui.phrases import alt_of
from hatecrime.ui.picture import Table, caption, decimal, picture, text, whole
from hatecrime.ui.places import Places, land, level_name, levels, neighbours_of, places
from hatecrime.ui.session import gate
from hatecrime.words import places as words
from hatecrime.words.numbers import km

# More simulations than this add nothing to a figure without decimals.
SIMULATIONS = 200


def draw_proof(found: Places) -> None:
    """Two parts side by side: do the hotspots hold, and how much lies in how few places."""
    left, right = st.columns(2, gap="large")
    with left:
        _draw_held_up(found)
    with right:
        _draw_spread(found)


def _draw_held_up(found: Places) -> None:
    test = held_up(found.table, neighbours_of(found), found.choices.seed)
    said = words.held_up(test)
    with detail(_("Do the hotspots hold?")):
        st.markdown(said)
        if test is None:
            return
        rows = _accuracy(test)
        chart = bars.bars(
            rows,
            gate().look,
            measure=_("Share of this period's incidents"),
            noun=_("Ranked by"),
            alt_text=alt_of(rows, said, "share"),
            value="share",
            unit="%",
            low="low",
            high="high",
            interval_title=_("95% interval"),
            emphasis=words.score_name("map"),
        )
        columns = {
            "label": text(_("Ranked by")),
            "share": decimal(_("Share, %")),
            "low": decimal(_("95% from")),
            "high": decimal(_("95% to")),
            "pai": decimal(_("PAI"), 2),
            "pei": decimal(_("PEI"), 2),
            "rri": decimal(_("RRI"), 2),
        }
        line = caption(
            _("What the hottest tenth of the land a year ago holds now"),
            more=_(
                "PAI: times its share of the land. PEI: of what the best choice would hold. RRI: against the year"
                " before"
            ),
        )
        picture(chart, Table(rows, columns), line, "held_up", found.made, ("c7",), finding=said)


def _accuracy(test: BackTest) -> pd.DataFrame:
    rows = []
    for name, found in test.accuracy.items():
        share = found.hit_rate
        rri = found.rri.estimate if found.rri else float("nan")
        rows.append(
            {
                "label": words.score_name(name),
                "share": share.estimate * 100,
                "low": share.low * 100,
                "high": share.high * 100,
                "pai": found.pai.estimate,
                "pei": found.pei.estimate,
                "rri": rri,
            }
        )
    return pd.DataFrame(rows)


def _draw_spread(found: Places) -> None:
    counts = found.table["n"].to_numpy(float)
    seen = spread(counts)
    with detail(_("How much in how few places?")):
        chance, by = by_chance(found.table, SIMULATIONS, found.choices.seed)
        said = words.spread(seen, chance, by)
        st.markdown(said)
        if not seen.total:
            return
        rows = pd.DataFrame(
            {
                "places": chance.places * 100,
                "share": np.interp(chance.places, seen.places, seen.incidents) * 100,
                "low": chance.incidents.low * 100,
                "high": chance.incidents.high * 100,
            }
        )
        level = level_name(found.level)
        chart = curve(
            rows,
            gate().look,
            places=_("Share of places, the highest first"),
            incidents=_("Share of incidents"),
            observed=_("as recorded"),
            chance=_("by chance alone"),
            alt_text=said,
        )
        columns = {
            "places": decimal(_("Places, %")),
            "share": decimal(_("Incidents, %")),
            "low": decimal(_("By chance from, %")),
            "high": decimal(_("By chance to, %")),
        }
        line = caption(
            _("Share of incidents by share of places ({level})").format(level=level),
            more=_("Band: where 95 of 100 random spreads of as many incidents lie"),
        )
        picture(chart, Table(rows, columns), line, "spread", found.made, ("c7",), finding=said)
        _draw_kinds(found, seen, chance)


def _draw_kinds(found: Places, seen: Spread, chance: ChanceSpread) -> None:
    """The same by street-sized squares and by what is nearest to each centre, where points are known."""
    name = _("By street and by reporting centre")
    box = st.expander(name, icon=":material/grain:", type="compact", key="concentration_kinds", on_change="rerun")
    # What is folded away costs nothing.
    if not box.open:
        return
    rows = [_kind(level_name(found.level).capitalize(), seen, chance), *_other_kinds(found)]
    columns = {
        "label": text(_("Places")),
        "places": whole(_("Places there are")),
        "share": decimal(_("Hold 80% of incidents, %")),
        "chance": decimal(_("By chance, %")),
        "low": decimal(_("95% from")),
        "high": decimal(_("95% to")),
    }
    table = pd.DataFrame(rows)
    gate().tables["concentration"] = table[list(columns)]
    with box:
        st.dataframe(table, key="concentration", hide_index=True, column_config=columns, height="content")


def _kind(label: str, seen: Spread, chance: ChanceSpread) -> dict[str, str | float]:
    limits = chance.least_places
    return {
        "label": label,
        "places": seen.n,
        "share": seen.least_places * 100,
        "chance": float(limits.estimate) * 100,
        "low": float(limits.low) * 100,
        "high": float(limits.high) * 100,
    }


def _other_kinds(found: Places) -> list[dict[str, str | float]]:
    size = min(sizes(land().area / 1e6))
    streets = Choices(SQUARE, size=size)
    rows = []
    if SQUARE in levels() and streets != found.choices:
        name = _("Squares of {size}, as large as a street").format(size=km(size))
        table = places(streets).table
        rows.append(_kind(name, spread(table["n"].to_numpy(float)), by_chance(table, SIMULATIONS)[0]))
    nearest = coverage(snapshot(), gate().filters).centres["nearest"].dropna().to_numpy(float)
    if nearest.sum():
        name = _("What is nearest to each reporting centre")
        rows.append(_kind(name, spread(nearest), spread_by_chance(nearest, simulations=SIMULATIONS)))
    return rows
