"""What the pages for partners and the public are made of: their figures, their trend, their parts, their symbols."""

from dataclasses import replace
from typing import Any, NoReturn

import pandas as pd
import streamlit as st

from hatecrime.charts import bars
from hatecrime.charts.gaps import Words, gaps
from hatecrime.dictionary import code_list
from hatecrime.i18n import _, language, number
from hatecrime.periods import Period
from hatecrime.shape.labels import in_list_order
from hatecrime.shape.shared import cells
from hatecrime.shape.withheld import beside_a_year_earlier, most_first, period_of
from hatecrime.stats.change import compare
from hatecrime.ui.months import unsettled
from hatecrime.ui.page import READABLE, Fact, foot, note, section
from hatecrime.ui.phrases import against
from hatecrime.ui.picture import Table, caption, picture, text
from hatecrime.ui.session import gate
from hatecrime.ui.share_choices import (
    KINDS,
    Scope,
    by_name,
    choose_part,
    choose_scope,
    choose_step,
    kind_name,
    list_of,
    part_label,
    period_label,
)
from hatecrime.ui.share_data import rules, shared
from hatecrime.ui.sidebar import area_name, basis_name
from hatecrime.words import shared as words
from hatecrime.words.numbers import join, sentences
from hatecrime.words.shared import Figure

# How many periods a trend shows at most.
SHOWN = {"month": 36, "quarter": 20, "year": 10, "rolling": 20}
MOST_BARS = 10
CAVEATS = ("c1", "c4", "c6")
# The columns of a table that is taken away: figures as numbers, symbols beside them.
TAKEN = ("label", "n", "symbol", "before", "before_symbol")


def open_scope(measure: str) -> Scope:
    """The choices in the sidebar; where nothing is offered, the page says so and ends."""
    table = shared()
    scope = choose_scope(table, measure)
    if scope is not None:
        return scope
    return nothing(*_why_nothing(table))


def nothing(what: str, mend: str) -> NoReturn:
    """The page where no figure is offered: what is missing, and what to do."""
    with st.container(border=True, width=720):
        st.subheader(what, anchor=False)
        st.markdown(mend)
    foot(_("Nothing is shown"))
    st.stop()


def say_area(scope: Scope) -> None:
    """Where the chosen area has no such figures, which one is shown in its place."""
    if scope.wanted != scope.area:
        text_ = _("Figures are not shared for {wanted}, so what follows is about {area}.")
        note(text_.format(wanted=area_name(scope.wanted), area=scope.name))


def figure(scope: Scope, kind: str, start: pd.Timestamp, by: str = "", code: str = "") -> Figure:
    """One figure of the area: its count, missing where withheld, and its symbol; None where it is not offered."""
    found = _of_area(scope, kind, by, code)
    found = found[found["start"].eq(start)]
    return None if found.empty else (found["n"].iloc[0], str(found["symbol"].iloc[0]))


def headlines(scope: Scope) -> list[tuple[str, pd.Timestamp]]:
    """The periods a page opens with: a year and a quarter that end with the chosen period, and that period itself."""
    offered = _of_area(scope)
    chosen = [(scope.kind, scope.start)]
    for kinds in (("rolling", "year"), ("quarter",)):
        kind = next((each for each in kinds if each in set(offered["period"])), None)
        if kind and scope.kind not in kinds:
            last = [start for start in _starts(offered, kind) if period_of(kind, start).finish <= scope.period.finish]
            chosen += [(kind, last[-1])] if last else []
    return sorted(chosen, key=lambda each: -period_of(*each).days)


def answer(scope: Scope) -> str:
    """How much there is in a year and in the latest quarter, against a year earlier."""
    said = words.incidents if scope.measure == "incidents" else words.referrals
    return sentences(
        *(said(*_now_and_before(scope, *each), period_of(*each).label(), scope.name) for each in headlines(scope))
    )


def facts(scope: Scope) -> list[Fact]:
    """The same figures beside the picture, each with what it is compared with."""
    return [fact(period_of(*each).label(), *_now_and_before(scope, *each), each) for each in headlines(scope)]


def fact(label: str, now: Figure, before: Figure, each: tuple[str, pd.Timestamp]) -> Fact:
    """One figure with its change; the symbol in its place, and no change, where it is withheld."""
    if now is None:
        return Fact(label, number(None), _("no figure"))
    if words.withheld(now):
        return Fact(label, words.shown(*now), _("not shown, to protect people"))
    if before is not None and words.withheld(before):
        return Fact(
            label, words.shown(*now), _("a year earlier {n}: no change is given").format(n=words.shown(*before))
        )
    change = compare(None if before is None else float(before[0]), float(now[0]))
    return Fact(label, words.shown(*now), against(change, unsettled(period_of(*each))))


def draw_trend(scope: Scope, said: str) -> None:
    """The area's months or quarters up to the end of the chosen period; what is withheld is a gap."""
    table = shared()
    left, right = st.columns(2)
    with left:
        step = choose_step(table, scope)
    with right:
        by, code = choose_part(_of_area(scope, step), what(scope))
    rows = _trend(scope, step, by, code)
    if rows.empty:
        note(_("No whole period of this kind has ended by then."))
        return
    name = f"{what(scope)}: {part_label(by, code)}" if by else what(scope)
    titles = Words(name, _("Period"), _("a year earlier"))
    drawn = gaps(rows, gate().look, titles, alt_text=_read_out(rows, said))
    columns = {"label": text(_("Period")), "shown": figures(what(scope)), "shown_before": figures(_("A year earlier"))}
    hidden = words.how_much_is_hidden(int(rows["symbol"].ne("").sum()), len(rows))
    read = [_("Grey: a year earlier"), _("Shaded: withheld, not zero") if hidden else "", hidden]
    span = Period(rows["start"].iloc[0].date(), rows["finish"].iloc[-1].date())
    picture(drawn, _twin(rows, columns), _caption(name, scope, span, read), f"{scope.measure}_trend", (), CAVEATS)


def draw_parts(scope: Scope) -> None:
    """What the incidents or referrals are, characteristic by characteristic."""
    offered = _of_area(scope)
    found = _with_parts(scope, offered[offered["by"].ne("")])
    if found is None:
        _say_where_parts_are(scope)
        return
    if found.kind != scope.kind:
        note(
            _("What follows is about {period}: more than totals is not shared for every period.").format(
                period=found.period.label()
            )
        )
    codes = offered[offered["period"].eq(found.kind) & offered["by"].ne("")].groupby("by")["code"].nunique()
    # The longest list has a side of its own.
    longest, *others = codes.sort_values(ascending=False, kind="stable").index
    left, right = st.columns(2, gap="large")
    with left:
        _draw_part(found, longest)
    with right:
        for by in others:
            _draw_part(found, by)


def part_rows(scope: Scope, by: str) -> pd.DataFrame:
    """One characteristic in the chosen period: code, label, n, symbol, before…, most first, withheld ones last."""
    rows = beside_a_year_earlier(_of_area(scope, scope.kind, by))
    rows = rows[rows["start"].eq(scope.start)]
    rows = in_list_order(rows.assign(label=[part_label(by, code) for code in rows["code"]]), "code", list_of(by))
    return written(most_first(rows))


def written(rows: pd.DataFrame) -> pd.DataFrame:
    """Adds shown and shown_before: each figure as people read it, or its symbol."""
    now = [words.shown(n, symbol) for n, symbol in zip(rows["n"], rows["symbol"], strict=True)]
    before = [_earlier(n, symbol) for n, symbol in zip(rows["before"], rows["before_symbol"], strict=True)]
    return rows.assign(shown=now, shown_before=before).reset_index(drop=True)


def draw_key(scope: Scope | None = None) -> None:
    """The symbols that stand on this page, with what they mean, and how figures are protected."""
    headline = [each for period in headlines(scope) for each in _now_and_before(scope, *period)] if scope else []
    symbols = [
        *(each[1] for each in headline if each),
        *(each for table in gate().tables.values() for each in _symbols(table)),
    ]
    audience = rules()
    meanings = words.key(symbols, audience.withheld)
    section(_("What the symbols mean") if meanings else _("Every figure on this page is shown"))
    lines = [f"**\\[{mark}\\]** {meaning}" for mark, meaning in meanings]
    st.markdown("  \n".join([*lines, words.method(audience.method, audience.rounding)]), width=READABLE)


def about(scope: Scope) -> str:
    """What the page is about, for its foot."""
    return f"{scope.name} · {scope.period.span()} · {_basis(scope)}"


def what(scope: Scope) -> str:
    """What is counted, as a title."""
    return _("Incidents") if scope.measure == "incidents" else _("Referrals")


def figures(title: str) -> Any:
    """A column of counts in which symbols stand for what is withheld."""
    return st.column_config.TextColumn(title, alignment="right", width="small")


def _why_nothing(table: pd.DataFrame) -> tuple[str, str]:
    """What is missing, and what to do."""
    if gate().facts.data_to is None:
        return _("No data are loaded yet."), _("As soon as there are, figures that can be shared appear here.")
    if table.empty:
        return _("No figures are shared with you."), _(
            "Those who run this dashboard decide which figures are shared, and for which areas."
        )
    return _("These figures are not shared with you."), _(
        "Other pages have figures for your areas. Those who run this dashboard decide what is shared."
    )


def _with_parts(scope: Scope, parts: pd.DataFrame) -> Scope | None:
    """The scope, or the same area in the latest period that has ended by then and of which parts are shared."""
    if scope.kind in set(parts["period"]):
        return scope
    for kind in (each for each in KINDS if each in set(parts["period"])):
        ended = [start for start in _starts(parts, kind) if period_of(kind, start).finish <= scope.period.finish]
        if ended:
            return replace(scope, kind=kind, start=ended[-1])
    return None


def _say_where_parts_are(scope: Scope) -> None:
    """Figures by strand and the like are shared for longer periods, for larger areas, or not at all."""
    table = shared()
    table = table[table["measure"].eq(scope.measure) & table["by"].ne("")]
    periods = [kind for kind in KINDS if kind in set(table.loc[table["area"].eq(scope.area), "period"])]
    section(_("Only totals are shared for {area} ({period})").format(area=scope.name, period=scope.period.label()))
    if periods:
        text_ = _("More is shared for these periods: {names}.")
        note(text_.format(names=join([kind_name(kind).lower() for kind in periods])))
    elif len(table):
        names = [code_list("area_level").label(level, language()).lower() for level in table["level"].unique()]
        note(_("More is shared for these areas: {names}.").format(names=join(names)))


def _draw_part(scope: Scope, by: str) -> None:
    rows, heading = part_rows(scope, by), by_name(by)
    section(words.leading(rows, heading))
    drawn = rows.head(MOST_BARS)
    drawn = drawn.assign(
        n=drawn["n"].astype("float64"),
        before=drawn["before"].astype("float64"),
        note=[f"({each})" for each in drawn["shown_before"]],
        mark=drawn["shown"],
    )
    chart = bars.bars(
        drawn,
        gate().look,
        measure=what(scope),
        noun=heading,
        alt_text=_listed(rows, heading),
        before="before",
        before_title=_("A year earlier"),
        note="note",
        withheld="mark",
    )
    columns = {"label": text(heading), "shown": figures(what(scope)), "shown_before": figures(_("A year earlier"))}
    more = [_("Pale bar and brackets: a year earlier")]
    if len(rows) > MOST_BARS:
        more.append(_("The {n} smallest are in the table").format(n=len(rows) - MOST_BARS))
    more.append(words.how_much_is_hidden(int(rows["symbol"].ne("").sum()), len(rows)))
    line = _caption(what(scope), scope, scope.period, more)
    picture(chart, _twin(rows, columns), line, f"{scope.measure}_{by}", (), CAVEATS)
    if by == "strand":
        note(code_list("caveat").label("c2", language()))


def _twin(rows: pd.DataFrame, columns: dict[str, Any]) -> Table:
    return Table(rows, columns, taken=TAKEN)


def _caption(name: str, scope: Scope, period: Period, more: list[str]) -> str:
    return caption(name, period=period, area=scope.name, more=". ".join(filter(None, more)), basis=_basis(scope))


def _basis(scope: Scope) -> str:
    return basis_name("recorded") if scope.measure == "incidents" else _("by date received")


def _of_area(scope: Scope, kind: str | None = None, by: str | None = None, code: str = "") -> pd.DataFrame:
    """The cells of the area: of one kind of period and one characteristic, or of all."""
    codes, here = [code] if code else None, [scope.area]
    found = cells(shared(), measure=scope.measure, level=scope.level, period=kind, by=by, areas=here, codes=codes)
    return found.sort_values("start")


def _starts(offered: pd.DataFrame, kind: str) -> list[pd.Timestamp]:
    return sorted(pd.Timestamp(start) for start in offered.loc[offered["period"].eq(kind), "start"].unique())


def _now_and_before(scope: Scope, kind: str, start: pd.Timestamp) -> tuple[Figure, Figure]:
    return figure(scope, kind, start), figure(scope, kind, start - pd.DateOffset(years=1))


def _trend(scope: Scope, step: str, by: str, code: str) -> pd.DataFrame:
    rows = beside_a_year_earlier(_of_area(scope, step, by, code))
    ends = [pd.Timestamp(period_of(step, start).finish) for start in rows["start"]]
    rows = rows.assign(finish=ends, label=[period_label(step, start) for start in rows["start"]])
    return written(rows[rows["finish"] <= pd.Timestamp(scope.period.finish)].tail(SHOWN[step]))


def _earlier(n: Any, symbol: Any) -> str:
    """A figure of a year earlier; a dash where there is none at all."""
    return number(None) if pd.isna(symbol) else words.shown(n, symbol)


def _read_out(rows: pd.DataFrame, said: str) -> str:
    read = ", ".join(f"{row.label} {row.shown}" for row in rows.tail(12).itertuples())
    return f"{said} {read}."


def _listed(rows: pd.DataFrame, heading: str) -> str:
    return f"{heading}: {', '.join(f'{row.label} {row.shown}' for row in rows.itertuples())}."


def _symbols(table: pd.DataFrame) -> list[str]:
    """The symbols of a table that is taken away."""
    columns = [column for column in ("symbol", "before_symbol") if column in table]
    return [str(each) for column in columns for each in table[column].dropna() if each]
