"""Parts of the overview: bars before those of a year earlier, the map in small, where to look next."""

from collections.abc import Sequence

import pandas as pd

from hatecrime.charts import bars, maps
from hatecrime.i18n import _, number
from hatecrime.shape.choices import Choices
from hatecrime.ui.data import fetch
from hatecrime.ui.months import monthly, window
from hatecrime.ui.page import leads as draw_leads
from hatecrime.ui.page import section
from hatecrime.ui.phrases import alt_of, highest, leading
from hatecrime.ui.picture import Table, caption, picture, text, whole
from hatecrime.ui.place_map import counts_said, map_or_bars, shown
from hatecrime.ui.places import level_name, levels, places
from hatecrime.ui.session import gate
from hatecrime.words import trends

MOST_BARS = 8
NAMED = 3


def draw_codes(rows: pd.DataFrame, total: int, heading: str, key: str, caveats: Sequence[str]) -> None:
    """Bars by code, each before a pale one of a year earlier; the small ones are in the table only."""
    section(leading(rows, total))
    shown = rows.head(MOST_BARS)
    chart = bars.bars(
        shown,
        gate().look,
        measure=_("Incidents"),
        noun=heading,
        alt_text=alt_of(rows, heading),
        before="before",
        before_title=_("A year earlier"),
        note="note",
    )
    more = [_("Pale bar and brackets: a year earlier")]
    if len(rows) > MOST_BARS:
        more.append(_("The {n} smallest are in the table").format(n=len(rows) - MOST_BARS))
    line = caption(_("Incidents"), more=". ".join(more))
    picture(chart, Table(rows, _columns(heading)), line, key, [rows], caveats)


def draw_where() -> str:
    """The map in small; gives the sentence that says where most is recorded."""
    found = places(Choices(levels()[0]))
    noun = level_name(found.level)
    alone = len(found.table) == 1
    section(_("Where {area} is").format(area=found.table["label"].iloc[0]) if alone else highest(found.table))
    said = counts_said(found)
    tips = [maps.Tip("label", noun.capitalize()), maps.Tip("n", _("Incidents"), ",.0f")]
    chart = map_or_bars(shown(found, "n"), tips=tips, named=NAMED, small=True)
    rows = found.table.sort_values("n", ascending=False, kind="stable")
    line = caption(_("Incidents by {level}").format(level=noun), more=_("Classes: natural breaks"))
    picture(chart, Table(rows, _columns(noun.capitalize())), line, "overview_map", found.made[:1], ["c7"])
    return said


def leads(where: str) -> None:
    """Where to look next, each with what is to be seen there."""
    session = gate()
    months = monthly(session.filters.during(window(session.period.finish, "36", session.first)))
    draw_leads(("pages/spot/hotspots.py", where), ("pages/spot/trends.py", trends.answer(months)))
    # What was refused is known for all areas together only.
    if not session.user.areas:
        draw_leads(("pages/about/data.py", _refused()))


def _refused() -> str:
    loaded = fetch("extracts/loaded")
    read, refused = int(loaded["rows_read"].sum()), int(loaded["rows_refused"].sum())
    if not refused:
        return _("All {read} records that were sent are in.").format(read=number(read))
    text_ = _("{refused} of the {read} records that were sent were refused; the page says which and why.")
    return text_.format(refused=number(refused), read=number(read))


def _columns(title: str) -> dict[str, object]:
    return {"label": text(title), "n": whole(_("Incidents")), "before": whole(_("A year earlier"))}
