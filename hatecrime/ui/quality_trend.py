"""One measure of quality, chosen, by month and source; and every measure of every extract in a table."""

from typing import Any

import pandas as pd
import streamlit as st

from hatecrime.charts import trend
from hatecrime.i18n import _, number
from hatecrime.periods import Period
from hatecrime.shape import quality as shape
from hatecrime.shape.months import first_provisional
from hatecrime.ui.choices import pick
from hatecrime.ui.data import fetch
from hatecrime.ui.data_view import table
from hatecrime.ui.months import window
from hatecrime.ui.page import note, section
from hatecrime.ui.phrases import titles
from hatecrime.ui.picture import Table, caption, decimal, month, picture, share, text, whole
from hatecrime.ui.quality_view import Measured
from hatecrime.ui.session import gate
from hatecrime.ui.sidebar import area_name, basis_name
from hatecrime.words import quality as words
from hatecrime.words.numbers import SMALL

MONTHS_SHOWN = "36"
MOST_PANELS = 12
WHOLE, LATE = "whole", "late_share"
DAYS = ("lag_median", "lag_90")
MEASURES = (*shape.INCIDENT_FIELDS, WHOLE, LATE, *DAYS)


def draw_trend(of: Measured) -> None:
    """The chosen measure, and below it the table of all."""
    if of.complete.empty:
        return
    heading = st.container()
    measure = pick(_("Measure"), "measure", MEASURES, measure_name, MEASURES[0], width=340) or MEASURES[0]
    span = window(of.period.finish, MONTHS_SHOWN, gate().first)
    late = shape.lags(fetch, span)
    months = _months(of, late, span, measure)
    with heading:
        section(words.latest(measure_name(measure), months, "" if measure in DAYS else "%"))
    if months["month"].nunique() < 2:
        note(_("Fewer than two months have enough records, so there is no trend to draw."))
    else:
        _draw(months, measure, span, [of.incidents, late])
    _draw_months(of, late, span)


def measure_name(measure: str) -> str:
    """What a measure is called in a list and above a picture."""
    names = {
        WHOLE: _("Rows without a refused value"),
        LATE: _("Recorded after {days} days").format(days=shape.LATE),
        "lag_median": _("Days to record, half within"),
        "lag_90": _("Days to record, 90% within"),
    }
    return names.get(measure) or _("{field} filled").format(field=words.field_name(measure))


def _months(of: Measured, late: pd.DataFrame, span: Period, measure: str) -> pd.DataFrame:
    """source, month, value and provisional; the extracts of a source are taken together."""
    if measure in (LATE, *DAYS):
        rows = late[late["extract_id"].isna() & late["month"].notna()]
        rows = rows.assign(value=rows[measure].where(rows["dated"] >= SMALL))
    else:
        due = shape.INCIDENT_FIELDS.get(measure, "n")
        months = shape.during(of.incidents, span)
        rows = shape.completeness(months, {measure: due}, ("source", "month"))
        sent = rows.groupby("source")["filled"].transform("sum") > 0
        rows = rows.assign(value=rows["share"])[sent]
    known = rows.dropna(subset="value")
    month_ = pd.to_datetime(known["month"])
    return known.assign(
        month=month_,
        value=known["value"].astype(float) * (1 if measure in DAYS else 100),
        provisional=month_ >= first_provisional(gate().facts),
    )[["source", "month", "value", "provisional"]]


def _draw(months: pd.DataFrame, measure: str, span: Period, made: list[pd.DataFrame]) -> None:
    name = measure_name(measure)
    title = name if measure in DAYS else _("{measure}, percent").format(measure=name)
    said = words.latest(name, months, "" if measure in DAYS else "%") + "."
    if months["source"].nunique() <= trend.MOST_LINES:
        drawn: Any = trend.lines(months, gate().look, titles(title), value="value", series="source", alt_text=said)
    else:
        most = months.groupby("source")["value"].count().nlargest(MOST_PANELS).index
        shown = months[months["source"].isin(most)]
        options: dict[str, Any] = {"value": "value", "series": "source", "alt_text": "{name}. " + said}
        drawn = trend.panels(shown, gate().look, titles(title), **options)
    columns = {"month": month(_("Month")), "source": text(_("Source")), "value": decimal(title)}
    what = _("{measure}, by month recorded; months with fewer than {n} records are left out")
    basis = basis_name("recorded")
    shown_as = caption(what.format(measure=title, n=number(SMALL)), area=area_name(None), period=span, basis=basis)
    picture(drawn, Table(months, columns), shown_as, "quality_trend", made, ("c6",))


def _draw_months(of: Measured, late: pd.DataFrame, span: Period) -> None:
    """Every measure of every extract: what is wanted to follow a fault to the file it came in."""
    rows = shape.by_month(shape.during(of.incidents, span), late, shape.INCIDENT_FIELDS)
    files = dict(zip(of.extracts["extract_id"].astype(int), of.extracts["file"], strict=True))
    rows = rows.assign(file=rows["extract_id"].astype(int).map(files))
    columns = {
        "month": month(_("Month")),
        "source": text(_("Source")),
        "file": text(_("Extract")),
        "n": whole(_("Records")),
        **{field: share(words.field_name(field)) for field in shape.INCIDENT_FIELDS},
        WHOLE: share(measure_name(WHOLE)),
        LATE: share(measure_name(LATE)),
        **{name: whole(measure_name(name)) for name in DAYS},
    }
    with st.expander(_("Every measure, by extract and month")):
        table(rows.sort_values(["month", "source"], ascending=[False, True]), columns, "quality_by_month")
