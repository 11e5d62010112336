"""What the referrals page is made of: its scope, its months, and the shares a service is held to."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from hatecrime.charts import bars, shares, trend
from hatecrime.database import NOT_RECORDED
from hatecrime.filters import Filters
from hatecrime.i18n import _, ngettext, number
from hatecrime.periods import Period, quarter_label, quarter_of
from hatecrime.reports.places import district_of
from hatecrime.shape.labels import in_list_order, with_labels
from hatecrime.shape.months import complete_months, same_month_last_year
from hatecrime.shape.shares import by_quarter, spans
from hatecrime.stats.intervals import rate
from hatecrime.ui.choices import choose, pick
from hatecrime.ui.data import count, count_referrals, fetch, snapshot
from hatecrime.ui.months import window
from hatecrime.ui.page import note, section
from hatecrime.ui.phrases import alt_of, titles
from hatecrime.ui.picture import Table, caption, decimal, month, picture, share, text, whole
from hatecrime.ui.session import gate
from hatecrime.ui.sidebar import area_name, conditions
from hatecrime.words import findings

MONTHS_SHOWN = "36"
MOST_PANELS = 12
CONTACT_DAYS = 2
SELF = "self_referral"
# What the lines can be: the dimension and the list that labels it.
SPLITS = {"route_group": "referral_route", "route": "referral_route", "strand": "strand"}


@dataclass(frozen=True)
class Scope:
    """What is counted: the filters, the same a year earlier, and all quarters since the service's first one."""

    filters: Filters
    before: Filters | None
    quarters: Filters
    first: pd.Timestamp

    @property
    def area(self) -> str:
        """The name of the area, as it stands in a sentence."""
        return area_name(self.filters.area) if self.filters.area else _("all areas")

    @property
    def period(self) -> Period:
        """The period of the filters."""
        return gate().period


def scope() -> Scope:
    """The shared filters as far as referrals have them; every area where theirs has never sent one."""
    session = gate()
    area = district_of(snapshot(), session.filters.area)
    ever = Filters(area=area)
    if count_referrals(filters=ever)["n"].iloc[0] == 0:
        area = snapshot().everywhere(ever).area
    filters = session.filters.but(area=area)
    first = _first_month(ever.but(area=area))
    earlier = session.period.previous_year()
    known = pd.Timestamp(earlier.start) >= first
    quarters = filters.during(Period(min(first.date(), session.period.start), session.period.finish))
    return Scope(filters, filters.during(earlier) if known else None, quarters, first)


def say_scope(found: Scope) -> None:
    """Where the page cannot follow the filters, it says so."""
    filters = gate().filters
    if found.filters.area != filters.area:
        message = _("No referral is known to come from {area}, so what follows is about {shown}.")
        note(message.format(area=area_name(filters.area), shown=found.area))
    if filters.kinds or filters.crime_types or filters.channels or filters.online is not None:
        note(_("Referrals are counted by area, period and strand; the other filters do not apply to them."))


def total_and_own(filters: Filters | None) -> tuple[int | None, int | None]:
    """Referrals, and those that people made themselves; not known without filters."""
    if filters is None:
        return None, None
    counted = count_referrals(("route_group",), filters)
    return int(counted["n"].sum()), int(counted.loc[counted["route_group"] == SELF, "n"].sum())


def in_time(filters: Filters) -> tuple[int, int]:
    """People reached within two working days, and people who agreed to be contacted."""
    found = fetch("referrals/timeliness", filters, by=None, days=CONTACT_DAYS)
    return int(found["in_time"].sum()), int(found["due"].sum())


def satisfied(filters: Filters) -> tuple[int, int]:
    """People who were satisfied, and people who answered."""
    found = fetch("referrals/satisfaction", filters, by=None)
    return int(found["satisfied"].sum()), int(found["answers"].sum())


def draw_months(found: Scope, said: str) -> None:
    """Referrals each month, by whatever is chosen above the picture."""
    split = choose(_("Lines"), "route_by", _splits(found.filters), _split_name)
    months = _months(found, split)
    totals = months.groupby("label")["n"].sum().nlargest(MOST_PANELS)
    drawn_months = months[months["label"].isin(totals.index)]
    alike = len(totals) <= trend.MOST_LINES and (split == "route_group" or totals.min() * 12 >= totals.max())
    words = titles(_("Referrals"))
    if alike:
        drawn: Any = trend.lines(drawn_months, gate().look, words, series="label", alt_text=said)
        what = _("Referrals received each month")
    else:
        options: dict[str, Any] = {"series": "label", "before": "last_year", "alt_text": "{name}. " + said}
        drawn = trend.panels(drawn_months, gate().look, words, **options)
        what = _("Referrals received each month, each panel with its own scale from zero")
    left_out = months["label"].nunique() - len(totals)
    if left_out:
        what += "; " + _("the {n} smallest are in the table only").format(n=number(left_out))
    columns = {"month": month(_("Month")), "label": text(_split_name(split)), "n": whole(_("Referrals"))}
    span = Period(months["month"].min().date(), found.period.finish)
    picture(
        drawn,
        Table(months, columns),
        _caption(what, span, found),
        "referrals",
        [months],
        ("c6", *_strand_caveat(split)),
    )


def draw_self_share(found: Scope) -> None:
    """The share of self-referrals, quarter by quarter, before and since a quarter that one may choose."""
    counted = count_referrals(("quarter", "route_group"), found.quarters)
    wide = counted.pivot_table(index="quarter", columns="route_group", values="n", fill_value=0, aggfunc="sum")
    wide = wide.reindex(columns=sorted({*wide.columns, SELF}), fill_value=0)
    totals = pd.DataFrame({"period": wide.index, "part": wide[SELF].to_numpy(), "total": wide.sum(axis=1).to_numpy()})
    rows = by_quarter(totals, "part", "total")
    heading = st.container()
    labels = rows["label"].tolist()
    default = quarter_label(quarter_of(found.period.start).start)
    since = pick(_("Compare the quarters before with those since"), "since", labels[1:], str, default, width=340)
    start = rows.loc[rows["label"] == since, "period"].min() if since else rows["period"].min()
    halves = spans(rows, start)
    said = _self_said(halves, since)
    with heading:
        section(said)
    drawn = _shares(rows, _("Self-referrals"), _("Referrals"), said, halves)
    what = _("Self-referrals as a share of referrals; bands: all quarters before and all since, each with its interval")
    _picture(drawn, rows, what, "self_referrals", counted, found, (_("Self-referrals"), _("Referrals")))


def draw_timeliness(found: Scope) -> None:
    """How many were reached within two working days, of those who agreed to be."""
    timely = fetch("referrals/timeliness", found.quarters, by="quarter", days=CONTACT_DAYS)
    rows = by_quarter(timely, "in_time", "due")
    now = fetch("referrals/timeliness", found.filters, by=None, days=CONTACT_DAYS).iloc[0]
    said = findings.in_time(*in_time(found.filters), CONTACT_DAYS)
    section(said)
    drawn = _shares(rows, _("In time"), _("Agreed to contact"), said)
    what = _("Reached within {days} working days, as a share of those who agreed to be contacted").format(
        days=CONTACT_DAYS
    )
    _picture(drawn, rows, what, "timeliness", timely, found, (_("In time"), _("Agreed to contact")))
    message = ngettext(
        "{n} were reached at all, half of them within {days} working day.",
        "{n} were reached at all, half of them within {days} working days.",
        int(now["median_working_days"]) if pd.notna(now["median_working_days"]) else 0,
    )
    note(message.format(n=number(now["contacted"]), days=number(now["median_working_days"])))


def draw_satisfaction(found: Scope) -> None:
    """What people said of the support, where enough of them answered."""
    asked = fetch("referrals/satisfaction", found.quarters, by="quarter")
    rows = by_quarter(asked, "satisfied", "answers")
    total, _own = total_and_own(found.filters)
    of_them, answers = satisfied(found.filters)
    said = findings.satisfaction(of_them, answers)
    section(said)
    drawn = _shares(rows, _("Satisfied"), _("Answers"), said)
    what = _("Satisfied or very satisfied, as a share of those who answered; no share where fewer than 10 did")
    _picture(drawn, rows, what, "satisfaction", asked, found, (_("Satisfied"), _("Answers")))
    note(_("{n} of {total} people referred have answered.").format(n=number(answers), total=number(total)))


def draw_police_ratio(found: Scope) -> None:
    """Referrals by the police beside what the police recorded, force by force."""
    level = "district" if found.filters.area in _forces(found.filters.area) else "force"
    referred = count_referrals((level, "route_group"), found.filters)
    # What referrals cannot be filtered by must not narrow the incidents beside them either.
    alike = Filters(found.filters.area, found.period.start, found.period.finish, strands=found.filters.strands)
    recorded = count(("area",), alike, level)
    police = referred[referred["route_group"] == "police"].set_index(level)["n"]
    rows = pd.DataFrame({"area": sorted(set(referred[level]) - {NOT_RECORDED})})
    rows = rows.assign(
        referrals=rows["area"].map(police).fillna(0).astype("int64"),
        recorded=rows["area"].map(recorded.set_index("area")["n"]).fillna(0).astype("int64"),
    )
    ratio = rate(rows["referrals"], rows["recorded"], per=100)
    rows = rows.assign(n=ratio.estimate, low=ratio.low, high=ratio.high)
    rows = with_labels(rows, "area", "area").sort_values("n", ascending=False)
    rows = rows.assign(note=[_basis(a, b) for a, b in zip(rows["referrals"], rows["recorded"], strict=True)])
    said = findings.police_ratio(int(rows["referrals"].sum()), int(rows["recorded"].sum()))
    section(said)
    measure = _("Referrals per 100 recorded")
    drawn = bars.bars(
        rows,
        gate().look,
        measure=measure,
        interval_title=_("95% interval"),
        alt_text=alt_of(rows, said),
        low="low",
        high="high",
        note="note",
        decimals=0,
    )
    columns = {
        "label": text(_("Area")),
        "referrals": whole(_("Referred by the police")),
        "recorded": whole(_("Recorded")),
    }
    columns |= {"n": decimal(measure), "low": decimal(_("95% from")), "high": decimal(_("95% to"))}
    what = _("Referrals by the police for every 100 incidents recorded, with the 95% interval; in brackets both counts")
    picture(
        drawn,
        Table(rows, columns),
        _caption(what, found.period, found),
        "police_ratio",
        [referred, recorded],
        ("c1",),
    )
    note(
        _("The records are not linked: a referral can concern an incident recorded elsewhere, earlier or not at all."),
        _("Set it beside other years of the same force rather than beside another force."),
    )


def _basis(referrals: int, recorded: int) -> str:
    return _("({referrals} of {recorded})").format(referrals=number(referrals), recorded=number(recorded))


def _first_month(ever: Filters) -> pd.Timestamp:
    months = count_referrals(("month",), ever)["month"].dropna()
    return months.min() if len(months) else pd.Timestamp(gate().period.start)


def _months(found: Scope, split: str) -> pd.DataFrame:
    """Months by the split, with a label for each line and the same month a year earlier."""
    counted = count_referrals(("month", split), found.quarters)
    counted = counted[counted[split] != NOT_RECORDED]
    months = same_month_last_year(complete_months(counted, found.quarters, (split,), gate().facts), (split,))
    span = window(found.period.finish, MONTHS_SHOWN, found.first.date())
    start = pd.Timestamp(min(span.start, max(found.period.start, found.first.date())))
    shown = with_labels(months[months["month"] >= start], split, SPLITS.get(split, "area"))
    shown = in_list_order(shown, split, SPLITS[split]) if split in SPLITS else shown
    shown.attrs["made"] = counted.attrs["made"]
    return shown


def _splits(filters: Filters) -> tuple[str, ...]:
    levels = [level for level in ("force", "district") if count_referrals((level,), filters)[level].nunique() > 1]
    return (*SPLITS, *levels)


def _split_name(split: str) -> str:
    names = {
        "route_group": _("Route"),
        "route": _("Route in detail"),
        "strand": _("Strand"),
        "force": _("Police force"),
        "district": _("Local authority"),
    }
    return names[split]


def _strand_caveat(split: str) -> tuple[str, ...]:
    return ("c2",) if split == "strand" else ()


def _self_said(halves: pd.DataFrame, since: str | None) -> str:
    if len(halves) < 2 or since is None:
        return _("Self-referrals as a share of referrals")
    pairs = [(int(row.part), int(row.total)) for row in halves.itertuples()]
    return findings.self_share(pairs[1], pairs[0], since)


def _shares(rows: pd.DataFrame, part: str, total: str, said: str, halves: pd.DataFrame | None = None) -> Any:
    words = {"measure": _("Percent"), "part": part, "total": total, "interval": _("95% interval")}
    read = [f"{row.label} {row.share:.1f}%" for row in rows.dropna(subset="share").tail(8).itertuples()]
    return shares.shares(rows, gate().look, alt_text=f"{said}. {', '.join(read)}.", spans=halves, **words)


def _picture(
    drawn: Any,
    rows: pd.DataFrame,
    what: str,
    key: str,
    made: pd.DataFrame,
    found: Scope,
    names: tuple[str, str],
) -> None:
    table = rows.assign(**{column: rows[column] / 100 for column in ("share", "low", "high")})
    columns = {
        "label": text(_("Quarter")),
        "part": whole(names[0]),
        "total": whole(names[1]),
        "share": share(_("Share")),
        "low": share(_("95% from")),
        "high": share(_("95% to")),
    }
    span = found.quarters.period
    picture(drawn, Table(table, columns), _caption(what, span, found), key, [made], ("c7",))


def _forces(area: str | None) -> set[str]:
    return set(count_referrals(("force",), snapshot().everywhere(Filters(area=area)))["force"])


def _caption(what: str, period: Period | None, found: Scope) -> str:
    of = conditions(Filters(strands=found.filters.strands))
    return caption(", ".join([what, *of]), period=period, area=found.area, basis=_("by date received"))
