"""One area in short: its months, and the way to its profile."""

import pandas as pd
import streamlit as st

from hatecrime.charts import trend
from hatecrime.i18n import _, number
from hatecrime.shape.months import complete_months, same_month_last_year
from hatecrime.ui.compared import a_year_earlier
from hatecrime.ui.data import count
from hatecrime.ui.page import section
from hatecrime.ui.phrases import titles
from hatecrime.ui.picture import Table, caption, month, picture, whole
from hatecrime.ui.place_choices import PICKED
from hatecrime.ui.places import Places
from hatecrime.ui.session import gate

PROFILE = "pages/spot/place.py"


def draw_detail(found: Places, picked: str) -> None:
    """One place: its months, and where there is more of it. The filters go along."""
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
    st.page_link(
        PROFILE,
        label=_("More about {place}").format(place=name),
        icon=":material/arrow_forward:",
        query_params={PICKED: picked, "level": found.level},
    )


def _months(level: str, picked: str) -> pd.DataFrame:
    session = gate()
    now = count(("area", "month"), level=level)
    earlier = count(("area", "month"), a_year_earlier(session.filters), level)
    both = pd.concat([earlier, now])
    chosen = both[both["area"] == picked].drop(columns="area")
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
