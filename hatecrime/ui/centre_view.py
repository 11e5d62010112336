"""What the reporting-centres page is made of: the map, the use of each centre, strands, places and candidates."""

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from hatecrime.charts import bars, coverage, maps
from hatecrime.database import NOT_RECORDED
from hatecrime.dictionary import code_list
from hatecrime.filters import Filters
from hatecrime.i18n import _, language, number, percent, speaking
from hatecrime.periods import Period
from hatecrime.reports.candidates import candidates
from hatecrime.reports.coverage import CentreCoverage
from hatecrime.reports.coverage import coverage as report
from hatecrime.reports.places import district_of
from hatecrime.shape.labels import in_list_order, label_of, with_labels
from hatecrime.stats.coverage import Band
from hatecrime.stats.intervals import wilson
from hatecrime.ui.choices import choose
from hatecrime.ui.data import count, fetch, limited, snapshot
from hatecrime.ui.months import window
from hatecrime.ui.page import Fact, detail, note, section
from hatecrime.ui.phrases import alt_of
from hatecrime.ui.picture import Table, caption, decimal, picture, text, whole
from hatecrime.ui.places import outlines
from hatecrime.ui.session import gate
from hatecrime.words import findings
from hatecrime.words.numbers import km

# So few reports come in that a year's silence tells nothing; two years sometimes do.
MONTHS_OF_SILENCE = "24"
CELL = 500


def cover(filters: Filters | None = None) -> CentreCoverage:
    """The centres and the incidents of the shared filters, or of others."""
    session = gate()
    return _cover(session.snapshot, filters or session.filters, session.audience, session.user.areas, language())


@st.cache_data(max_entries=60, show_spinner=False)
def _cover(path: Path, filters: Filters, audience: str, areas: tuple[str, ...], language: str) -> CentreCoverage:
    # The language is a parameter because the labels are in it, and the result is kept.
    with speaking(language):
        return report(limited(path, audience, areas), filters)


def silence() -> str:
    """Which centres took nothing for so long that it tells something, or still does not."""
    session = gate()
    span = window(session.period.finish, MONTHS_OF_SILENCE, session.first)
    longer = Period(min(span.start, session.period.start), span.finish)
    return findings.silence(cover(session.filters.during(longer)).surprises, longer.span())


def reach(found: CentreCoverage) -> Band:
    """The distance the page speaks of: the middle one."""
    return found.cover.bands[len(found.cover.bands) // 2]


def facts(found: CentreCoverage) -> list[Fact]:
    """Centres, what is near to them, what is beyond them, and what they took."""
    near, far = reach(found), found.cover.outside
    reports = int(found.centres["reports"].sum())
    return [
        Fact(
            _("Open centres"),
            number(found.open_centres),
            _("{n} reports in the period").format(n=number(reports)),
        ),
        Fact(_("Within {distance}").format(distance=km(near.metres)), _share(near), _basis(near, found)),
        Fact(_("Beyond {distance}").format(distance=km(far.metres)), _share(far), _basis(far, found)),
        Fact(_("Half are within"), km(found.cover.median), _placed(found)),
    ]


def draw_map(found: CentreCoverage, said: str) -> None:
    """Centres over incidents; candidates too where they are wanted."""
    shown = choose(_("Show"), "sites", ("centres", "candidates"), _shown_name)
    venues = candidates(snapshot(), gate().filters, found, reach(found).metres)
    places = _sites(found, venues if shown == "candidates" else venues.head(0))
    filters = gate().filters
    within = _within(found, filters)
    on = filters.finish or gate().first
    ground, borders = (outlines(gate().snapshot, level, on, within, language())[1] for level in ("ward", "locality"))
    kinds = {"used": _("Centre"), "unused": _("Centre without a report"), "candidate": _("Candidate")}
    drawn = coverage.coverage(
        ground,
        borders,
        _incidents(found),
        places,
        gate().look,
        [coverage.Reach(_within_name(band), band.metres / found.cover.detour) for band in found.cover.bands],
        {kind: name for kind, name in kinds.items() if kind in set(places["kind"])},
        alt_text=said,
        tips=[maps.Tip("reports", _("Reports"), ","), maps.Tip("nearest", _("Incidents nearest to it"), ",")],
    )
    table = _bands(found)
    columns = {
        "label": text(_("Distance")),
        "n": whole(_("Incidents")),
        "share": text(_("Share")),
        "range": text(_("95%")),
    }
    what = _(
        "Dots: incidents by distance from the nearest open centre, a journey being {detour} times the straight line;"
        " orange: beyond {far} of every centre"
    ).format(detour=number(found.cover.detour, 1), far=km(found.cover.outside.metres))
    picture(
        drawn,
        Table(table, columns),
        caption(what, more=_("Outlines are approximate") if gate().facts.approximate else ""),
        "centre_map",
        [fetch("incidents/points"), fetch("centres/open", **_asked())],
        ("c1", "c7", "c8"),
    )
    if gate().is_meeting:
        note(_("Incidents stand in the middle of {size} m squares.").format(size=CELL))


def draw_use(found: CentreCoverage) -> None:
    """Reports per centre beside those expected, zeros as a finding."""
    centres = found.centres.sort_values(["reports", "nearest"], ascending=False, kind="stable")
    centres = centres.assign(
        note=[_note(row) for row in centres.to_dict("records")], expected=centres["expected"].round(1)
    )
    silent = int((centres.loc[centres["open_at_end"], "reports"] == 0).sum())
    said = findings.centre_use(int(centres["reports"].sum()), found.open_centres, silent)
    section(said)
    drawn = bars.bars(
        centres.assign(label=centres["label"].map(coverage.short)),
        gate().look,
        value="reports",
        before="expected",
        before_title=_("Expected"),
        note="note",
        measure=_("Reports"),
        alt_text=alt_of(centres, said, "reports"),
    )
    what = _("Reports taken; grey: what each would take if all reports followed the incidents nearest to it")
    made = fetch("centres/reports", snapshot().everywhere(gate().filters), **_asked())
    picture(drawn, Table(_use_table(centres), _use_columns()), caption(what), "centre_use", [made], ("c7",))
    without = centres.loc[centres["open_at_end"] & (centres["returns_sent"] == 0), "label"].tolist()
    note(findings.no_returns(without))


def draw_strands(found: CentreCoverage) -> None:
    """What the centres take beside what is recorded around them."""
    filters = gate().filters
    rows, made = _strand_rows(found, filters)
    reports = int(found.centres["reports"].sum())
    said = findings.missed_strands(_missed(rows), reports)
    section(said)
    if rows.empty:
        note(_("No strand is recorded among these incidents."))
        return
    drawn = bars.bars(
        rows,
        gate().look,
        value="share",
        low="low",
        high="high",
        unit="%",
        before="around",
        before_title=_("Of incidents around, %"),
        measure=_("Of reports, %"),
        interval_title=_("95% interval"),
        note="note",
        alt_text=alt_of(rows, said, "share"),
    )
    columns = {"label": text(_("Strand")), "reports": whole(_("Reports")), "n": whole(_("Incidents"))}
    columns |= {"share": decimal(_("Of reports, %")), "around": decimal(_("Of incidents, %"))}
    columns |= {"expected": decimal(_("Reports expected"))}
    what = _(
        "Share of the centres' reports that carry a strand, in percent, with the number of reports in brackets;"
        " grey: its share of incidents in the area"
    )
    picture(drawn, Table(rows, columns), caption(what), "centre_strands", made, ("c2", "c7"))
    ever = Period(min(gate().first, gate().period.start), gate().period.finish)
    longest, _made = _strand_rows(cover(filters.during(ever)), filters.during(ever))
    note(findings.missed_strands_chance(_missed(longest), ever.span()))


def draw_places(found: CentreCoverage) -> None:
    """Which places have no centre."""
    said = findings.uncovered(found.places)
    section(said)
    rows = found.places.sort_values("n", ascending=False, kind="stable")
    rows = rows.assign(note=[_centres(n) for n in rows["centres"]])
    drawn = bars.bars(
        rows,
        gate().look,
        note="note",
        measure=_("Incidents"),
        emphasis=found.without[0] if found.without else None,
        alt_text=alt_of(rows, said),
    )
    columns = {"label": text(_("Area")), "n": whole(_("Incidents")), "centres": whole(_("Open centres"))}
    picture(
        drawn,
        Table(rows, columns),
        caption(_("Incidents, and open centres in brackets")),
        "centre_places",
        [count()],
        ("c7",),
    )


def draw_candidates(found: CentreCoverage) -> None:
    """Venues that could become centres, and what each would bring within reach."""
    distance = reach(found).metres
    venues = candidates(snapshot(), gate().filters, found, distance)
    beyond = found.cover.total - reach(found).n
    with detail(findings.candidates(venues, distance, beyond)):
        if venues.empty:
            return
        areas, types = code_list("area"), code_list("venue_type")
        rows = venues.assign(
            place=[label_of(code, areas) for code in venues["locality"].fillna(NOT_RECORDED)],
            kind=[label_of(code, types) for code in venues["venue_type"].fillna(NOT_RECORDED)],
            plan=venues["named_in_plan"].map({True: _("yes"), False: ""}),
        )
        columns = {
            "label": text(_("Venue")),
            "gain": whole(_("Brings in")),
            "place": text(_("Locality")),
            "kind": text(_("Type")),
            "postcode": text(_("Postcode")),
            "plan": text(_("Named in the plan")),
        }
        gate().tables["centre_candidates"] = rows[list(columns)]
        st.dataframe(rows, hide_index=True, column_order=list(columns), column_config=columns, height="content")
        note(
            _("Brings in: incidents that are now beyond {distance} of every centre and would be within it.").format(
                distance=km(distance)
            ),
            _("Gains overlap: two venues side by side would bring in the same ones."),
        )


def _shown_name(code: str) -> str:
    return {"centres": _("Centres"), "candidates": _("Centres and candidates")}[code]


def _share(band: Band) -> str:
    return percent(band.share) if band.share == band.share else "–"


def _basis(band: Band, found: CentreCoverage) -> str:
    return findings.basis_of_share(band.n, found.cover.total)


def _placed(found: CentreCoverage) -> str:
    if not found.cover.unplaced:
        return _("of the nearest open centre")
    return _("of the nearest open centre; {n} incidents have no known place").format(n=number(found.cover.unplaced))


def _within(found: CentreCoverage, filters: Filters) -> str | None:
    """What the map shows: the authority, even where the filters hold a part of it or every area."""
    districts = found.centres["district"].dropna().unique()
    return str(districts[0]) if len(districts) == 1 else district_of(snapshot(), filters.area)


def _within_name(band: Band) -> str:
    return _("Within {distance}").format(distance=km(band.metres))


def _asked() -> dict[str, Any]:
    filters = gate().filters
    return {"area": district_of(snapshot(), filters.area), "start": filters.start, "finish": filters.finish}


def _incidents(found: CentreCoverage) -> pd.DataFrame:
    """Points as they are for an analyst; for a room, gathered in the middle of cells."""
    rows = found.points.rename(columns={"easting": "x", "northing": "y"})
    rows = rows.assign(beyond=found.cover.distance > found.cover.outside.metres)
    if not gate().is_meeting:
        return rows
    middle = {axis: rows[axis] // CELL * CELL + CELL // 2 for axis in ("x", "y")}
    return rows.assign(**middle).groupby(["x", "y", "beyond"], as_index=False)["n"].sum()


def _sites(found: CentreCoverage, venues: pd.DataFrame) -> pd.DataFrame:
    columns = {"centre_id": "id", "venue_id": "id", "easting": "x", "northing": "y"}
    centres = found.centres[found.centres["open_at_end"]].rename(columns=columns)
    centres = centres.assign(is_centre=True, kind=["used" if n else "unused" for n in centres["reports"]])
    others = venues.rename(columns=columns).assign(is_centre=False, kind="candidate", reports=0, nearest=float("nan"))
    kept = ["id", "label", "x", "y", "is_centre", "kind", "reports", "nearest"]
    return pd.concat([others[kept], centres[kept]] if len(others) else [centres[kept]], ignore_index=True)


def _bands(found: CentreCoverage) -> pd.DataFrame:
    rows = [(_within_name(band), band) for band in found.cover.bands]
    rows.append(
        (
            _("Beyond {distance} of every centre").format(distance=km(found.cover.outside.metres)),
            found.cover.outside,
        )
    )
    return pd.DataFrame(
        [(name, int(band.n), _share(band), f"{percent(band.low)}–{percent(band.high)}") for name, band in rows],
        columns=["label", "n", "share", "range"],
    )


def _note(centre: dict[str, Any]) -> str:
    if not centre["open_at_end"]:
        return _("(closed)")
    if not centre["returns_sent"]:
        return _("(no return sent)")
    return "" if centre["reports"] else _("(though returns were sent)")


def _use_table(centres: pd.DataFrame) -> pd.DataFrame:
    areas = code_list("area")
    verdicts = {
        "fewer": _("fewer than expected"),
        "as_expected": _("as expected"),
        "more": _("more than expected"),
        "cannot_tell": _("too few to tell"),
    }
    return centres.assign(
        place=[label_of(code, areas) for code in centres["locality"].fillna(NOT_RECORDED)],
        verdict=centres["verdict"].map(verdicts).fillna("–"),
    )


def _use_columns() -> dict[str, Any]:
    days = {
        "last_report_on": _("Last report"),
        "last_return_on": _("Last return"),
        "last_contact_on": _("Last contact"),
        "last_training_on": _("Last training"),
    }
    return {
        "label": text(_("Centre")),
        "place": text(_("Locality")),
        "reports": whole(_("Reports")),
        "expected": decimal(_("Expected")),
        "verdict": text(_("Reports are")),
        "nearest": whole(_("Incidents nearest to it")),
        "returns_sent": whole(_("Returns sent")),
        **{column: st.column_config.DateColumn(title, format="D MMM YYYY") for column, title in days.items()},
    }


def _strand_rows(found: CentreCoverage, filters: Filters) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Each strand's share of the centres' reports and of the incidents around them, and what that was made of."""
    taken = count(("centre_id", "strand"), snapshot().everywhere(filters))
    around = count(("strand",), filters)
    total, reports = int(count(filters=filters)["n"].iloc[0]), int(found.centres["reports"].sum())
    of_centres = taken[taken["centre_id"].isin(found.centres["centre_id"])].groupby("strand")["n"].sum()
    rows = around[around["strand"] != NOT_RECORDED].reset_index(drop=True)
    got = rows["strand"].map(of_centres).fillna(0).astype("int64")
    interval = wilson(got.to_numpy(), reports)
    rows = rows.assign(
        reports=got,
        note=[f"({number(n)})" for n in got],
        share=100 * interval.estimate,
        low=100 * interval.low,
        high=100 * interval.high,
        around=100 * rows["n"] / max(total, 1),
        expected=reports * rows["n"] / max(total, 1),
    )
    ordered = with_labels(in_list_order(rows, "strand", "strand"), "strand", "strand")
    return ordered.reset_index(drop=True), [taken, around]


def _missed(rows: pd.DataFrame) -> pd.DataFrame:
    """Strands recorded around the centres that no centre took, most incidents first."""
    return rows[(rows["reports"] == 0) & (rows["n"] > 0)].sort_values("n", ascending=False, kind="stable")


def _centres(n: int) -> str:
    return _("(no centre)") if n == 0 else _("({n} open)").format(n=number(n))
