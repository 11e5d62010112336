"""One area in detail: its months, its strands and its crime types beside everywhere in view."""

import pandas as pd
import streamlit as st

from hatecrime.charts import bars, trend
from hatecrime.database import NOT_RECORDED
from hatecrime.filters import Filters
from hatecrime.i18n import _, number
from hatecrime.shape.labels import in_list_order, with_labels
from hatecrime.shape.months import complete_months, same_month_last_year
from hatecrime.stats.intervals import wilson
from hatecrime.ui.compared import a_year_earlier
from hatecrime.ui.data import count
from hatecrime.ui.page import section
from hatecrime.ui.phrases import alt_of, standing_out, titles
from hatecrime.ui.picture import Table, caption, decimal, month, picture, text, whole
from hatecrime.ui.places import Places
from hatecrime.ui.session import gate

MOST_BARS = 8


def draw_detail(found: Places, picked: str) -> None:
    """One place: its months, then its strands and crime types beside everywhere in view."""
    name, look = found.label(picked), gate().look
    months = _months(found.level, picked)
    section(_alt_of_months(months, name).removesuffix("."))
    chart = trend.lines(months, look, titles(_("Incidents")), before="last_year", alt_text=_alt_of_months(months, name))
    columns = {
        "month": month(_("Month")),
        "n": whole(_("Incidents")),
        "last_year": whole(_("A year earlier")),
    }
    line = caption(_("Incidents each month"), area=name)
    picture(chart, Table(months, columns), line, "place_months", [months], ("c6", "c7"))
    left, right = st.columns(2, gap="large")
    with left:
        _draw_profile(found, picked, "strand", _("Strands"), ("c2", "c7"))
    with right:
        _draw_profile(found, picked, "crime_type", _("Crime types"), ("c7",))


def by_place(level: str, dimension: str, filters: Filters | None = None) -> pd.DataFrame:
    """Counts by a dimension for every place of a level: id, the dimension, n."""
    return count(("area", dimension), filters, level).rename(columns={"area": "id"})


def profile(level: str, picked: str | None, dimension: str, list_name: str) -> pd.DataFrame:
    """
    What one place's incidents are, beside all: label, n, share, low, high, overall (in percent).

    Shares are of incidents, so those of strands add to more than 100.
    """
    found = by_place(level, dimension)
    everywhere = found.groupby(dimension)["n"].sum()
    total = count()
    here = found[found["id"] == picked].set_index(dimension)["n"].reindex(everywhere.index, fill_value=0)
    kinds = by_place(level, "kind")
    n_here = int(kinds.loc[kinds["id"] == picked, "n"].sum())
    interval = wilson(here.clip(upper=n_here).to_numpy(), n_here)
    rows = pd.DataFrame(
        {
            dimension: everywhere.index,
            "n": here.to_numpy(),
            "share": interval.estimate * 100,
            "low": interval.low * 100,
            "high": interval.high * 100,
            "overall": everywhere.to_numpy() * 100 / max(int(total["n"].sum()), 1),
        }
    )
    rows = with_labels(in_list_order(rows[rows[dimension] != NOT_RECORDED], dimension, list_name), dimension, list_name)
    rows.attrs["made"] = found.attrs["made"]
    return rows.reset_index(drop=True)


def _months(level: str, picked: str) -> pd.DataFrame:
    session = gate()
    now = by_place(level, "month")
    earlier = by_place(level, "month", a_year_earlier(session.filters))
    both = pd.concat([earlier, now])
    chosen = both[both["id"] == picked].drop(columns="id")
    wide = session.filters.but(start=session.period.previous_year().start)
    months = same_month_last_year(complete_months(chosen, wide, (), session.facts))
    shown = months[months["month"] >= pd.Timestamp(session.period.start.replace(day=1))]
    shown.attrs["made"] = now.attrs["made"]
    return shown


def _alt_of_months(months: pd.DataFrame, name: str) -> str:
    text_ = _("{place}: {total} incidents in {n} months, at most {most} in one.")
    return text_.format(
        place=name, total=number(months["n"].sum()), n=number(len(months)), most=number(months["n"].max())
    )


def _draw_profile(found: Places, picked: str, dimension: str, heading: str, caveats: tuple[str, ...]) -> None:
    rows = profile(found.level, picked, dimension, dimension)
    rows = rows.sort_values("overall", ascending=False, kind="stable").reset_index(drop=True)
    rows = rows.assign(note=[f"({number(n)})" for n in rows["n"]])
    total = int(found.table.loc[found.table["id"] == picked, "n"].sum())
    section(standing_out(rows, total, heading))
    chart = bars.bars(
        rows.head(MOST_BARS),
        gate().look,
        measure=_("Share of incidents"),
        noun=heading,
        alt_text=alt_of(rows, heading, "share"),
        value="share",
        unit="%",
        low="low",
        high="high",
        interval_title=_("95% interval"),
        before="overall",
        before_title=_("Everywhere in view"),
        note="note",
    )
    columns = {
        "label": text(heading),
        "n": whole(_("Incidents")),
        "share": decimal(_("Share, %")),
        "low": decimal(_("95% from")),
        "high": decimal(_("95% to")),
        "overall": decimal(_("Everywhere, %")),
    }
    more = _("Dot and line: the place, with the 95% interval. Pale bar: everywhere in view")
    line = caption(_("Share of incidents"), area=found.label(picked), more=more)
    picture(chart, Table(rows, columns), line, f"place_{dimension}", [rows], caveats)
