"""Clusters of places and months on the page about time: the choices, a map, and a table."""

from datetime import date

import pandas as pd
import streamlit as st

from hatecrime.charts import maps
from hatecrime.charts.map_classes import Kind, Kinds
from hatecrime.i18n import _, number
from hatecrime.periods import Period, months, quarter_of
from hatecrime.shape import when
from hatecrime.shape.choices import Choices
from hatecrime.shape.when import SEED, Base, Clusters, Spells
from hatecrime.ui.choices import choose
from hatecrime.ui.page import detail
from hatecrime.ui.picture import Table, caption, decimal, picture, text, whole
from hatecrime.ui.places import AREA_LEVELS, Places, level_name, level_title, levels, places, series
from hatecrime.ui.session import gate
from hatecrime.words import when as words

# Every circle around every place is looked through, for every run of months, in a thousand maps.
MOST_PLACES = 300
MOST_MONTHS = 24
# More clusters than this on one map are not told apart.
MOST_DRAWN = 5


def draw_clusters() -> None:
    """Whether neighbouring places had more than expected for a time."""
    with detail(_("Did it cluster in some places for a time?")):
        found = _choose_places()
        table = found.table
        if table["x"].notna().sum() < 2:
            st.markdown(_("Fewer than two places have an outline here, so there is nothing to compare."))
            return
        if len(table) > MOST_PLACES:
            st.markdown(
                _("{n} places are too many to look through together. Choose larger places or a smaller area.").format(
                    n=number(len(table))
                )
            )
            return
        base, spells = _choose_how(found)
        _draw(found, _clusters_of(found, base, spells))


def _choose_places() -> Places:
    offered = tuple(level for level in levels() if level in AREA_LEVELS)
    return places(Choices(choose(_("Places"), "cluster_level", offered, level_title)))


def _choose_how(found: Places) -> tuple[Base, Spells]:
    known = found.table["population"].notna().all()
    left, right = st.columns(2)
    with left:
        base = choose(_("Expected from"), "cluster_base", ("people", "own") if known else ("own",), _base_name)
    with right:
        spells = choose(_("Clusters"), "cluster_spells", ("any", "now"), _spells_name)
    return "people" if base == "people" else "own", "now" if spells == "now" else "any"


def _clusters_of(found: Places, base: Base, spells: Spells) -> Clusters:
    session = gate()
    step = "month" if len(months(session.period)) <= MOST_MONTHS else "quarter"
    since = min(session.first, session.period.start)
    counts = _every_step(series(found, session.filters, step), session.period, step)
    own = series(found, session.filters.but(start=since), "year").sum(axis=1)
    table = found.table[["id", "label", "x", "y", "population"]].assign(own=own.to_numpy())
    with st.spinner(_("Drawing {n} maps by chance…").format(n=number(when.SIMULATIONS))):
        return _scanned(table, counts, since, base, spells, step)


def _every_step(counts: pd.DataFrame, period: Period, step: str) -> pd.DataFrame:
    """A column for each month or quarter, for those without any incident too."""
    every = months(period)
    if step == "quarter":
        every = list(dict.fromkeys(quarter_of(month).start for month in every))
    return counts.reindex(columns=pd.DatetimeIndex(every)).fillna(0)


@st.cache_data(max_entries=50, show_spinner=False)
def _scanned(table: pd.DataFrame, counts: pd.DataFrame, since: date, base: Base, spells: Spells, step: str) -> Clusters:
    return when.clusters(table, counts, since, base, spells, step)


def _draw(found: Places, clusters: Clusters) -> None:
    said = words.clusters(clusters)
    st.markdown(said)
    clear = clusters.clear()
    if clear.empty:
        st.caption(f"{words.how_expected(clusters)} {_how_looked(found, clusters)}.")
        return
    rows = words.table_of(clear, clusters.step)
    columns = {
        "rank": whole(_("Number")),
        "places": text(_("Places")),
        "span": text(_("When")),
        "n": whole(_("Incidents")),
        "expected": decimal(_("Expected")),
        "ratio": decimal(_("Times as many as elsewhere"), 2),
        "p": decimal(_("p"), 3),
        **({"years": decimal(_("Once in so many years"))} if clusters.spells == "now" else {}),
    }
    more = f"{words.how_expected(clusters)} {_how_looked(found, clusters)}"
    line = caption(_("Clusters of places and months"), more=more)
    picture(
        _map(found, clear, clusters.step, said),
        Table(rows, columns),
        line,
        "when_clusters",
        found.made,
        ("c4", "c7"),
        finding=said,
    )


def _map(found: Places, clear: pd.DataFrame, step: str, said: str) -> maps.Map:
    drawn = clear.head(MOST_DRAWN)
    number_of = {code: str(rank) for rank, ids in enumerate(drawn["ids"], start=1) for code in ids}
    spans = [words.span_of(row.first, row.last, step) for row in drawn[["first", "last"]].itertuples(index=False)]
    names = [words.cluster_name(rank, labels) for rank, labels in enumerate(drawn["labels"], start=1)]
    kinds = [
        Kind(str(rank), f"{name}, {span}", str(rank), _lean(rank))
        for rank, (name, span) in enumerate(zip(names, spans, strict=True), start=1)
    ]
    table = found.table.assign(cluster=[number_of.get(code, "") for code in found.table["id"]])
    return maps.choropleth(
        found.shapes,
        table,
        gate().look,
        Kinds((*kinds, Kind("", words.cluster_name(0, []), "", 0))),
        value="cluster",
        measure=_("Cluster"),
        alt_text=said,
        tips=[maps.Tip("label", level_title(found.level)), maps.Tip("n", _("Incidents"), ",.0f")],
        missing=_("no figure"),
        ground=found.ground,
        small=True,
        named=0,
    )


def _lean(rank: int) -> float:
    """The strongest in the full colour."""
    return 1 - 0.15 * (rank - 1)


def _how_looked(found: Places, clusters: Clusters) -> str:
    how = _(
        "Scan statistic (Kulldorff): {tested} circles of neighbouring places over runs of time, against {n} maps drawn"
        " by chance (seed {seed}); a circle holds at most a quarter of what is expected"
    ).format(tested=number(clusters.tested), n=number(clusters.simulations), seed=SEED)
    return ". ".join([how, *_left_out(found, clusters)])


def _left_out(found: Places, clusters: Clusters) -> list[str]:
    """What could not be looked through, each reason apart."""
    drawn = found.table["x"].notna() & found.table["y"].notna()
    no_outline = min(int(found.table.loc[~drawn, "n"].sum()), clusters.left_out)
    reasons = {
        _("{n} incidents have no known {level} and are left out"): found.unplaced,
        _("{n} incidents are in a {level} without an outline and are left out"): no_outline,
        _("{n} incidents are in a {level} where nobody is counted as living and are left out"): (
            # By its own share a place with incidents always has something to expect.
            clusters.left_out - no_outline if clusters.base == "people" else 0
        ),
    }
    level = level_name(found.level)
    return [said.format(n=number(n), level=level) for said, n in reasons.items() if n]


def _base_name(base: str) -> str:
    return {"people": _("Residents"), "own": _("Each place's own share")}[base]


def _spells_name(spells: str) -> str:
    return {"any": _("At any time in the period"), "now": _("Still going on at its end")}[spells]
