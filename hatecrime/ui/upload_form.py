"""The form in which a mapping is corrected: labels that nobody knows first, then columns, then the file itself."""

from collections.abc import Sequence
from datetime import date, datetime

import streamlit as st

from hatecrime.dictionary import Column, code_list, columns
from hatecrime.extracts.mapping import DEFAULT_FORMATS, STRAND, plain
from hatecrime.extracts.propose import ProposedColumn, ProposedLabel, targets
from hatecrime.extracts.propose.edit import with_column, with_crs, with_formats, with_label, with_setting, with_value
from hatecrime.i18n import _, language, number
from hatecrime.ui.marks import escape_markdown
from hatecrime.ui.page import note
from hatecrime.ui.upload import Upload
from hatecrime.ui.upload_text import Said, said
from hatecrime.words import uploaded

Codes = tuple[str, ...]
NOT_STORED = ""
UNDECIDED = "?"
NO_VALUE = ""
JOINED = ";"
LABELS_SHOWN = 40
EARLIEST = date(1901, 1, 1)
# Needed in every record, and not chosen here: the sender has a line of its own, and outlines bring their shapes.
GIVEN = ("source", "geometry")
# A day and an hour that show at once which part of a date is which.
SHOWN = datetime(2016, 6, 23, 14, 5, 9)
WAYS = (
    ("%d/%m/%Y",),
    ("%Y-%m-%d",),
    ("%d-%m-%Y",),
    ("%d.%m.%Y",),
    ("%m/%d/%Y",),
    ("%d/%m/%y",),
    ("%d %B %Y",),
    ("%d-%b-%Y",),
    ("%Y%m%d",),
    ("%d/%m/%Y %H:%M",),
    ("%d/%m/%Y %H:%M:%S",),
    ("%m/%d/%Y %I:%M:%S %p",),
    ("%Y-%m-%d %H:%M:%S",),
    ("%Y-%m-%dT%H:%M:%S",),
)
MAPS = ("EPSG:27700", "EPSG:4326")
MOMENTS = ("DATE", "TIMESTAMP")
AXES = ("point.x", "point.y")


def draw_labels(upload: Upload) -> None:
    """What each label means: the unknown ones in view, the others folded."""
    found = upload.labels
    # Filled in last: what is chosen below may be more than the dry run knew of.
    top = st.empty()
    _draw_some(upload, found.unknown)
    folded = ((_("Labels that were guessed: {n}"), found.guessed), (_("Labels that are known: {n}"), found.known))
    for heading, group in folded:
        if group:
            with st.expander(heading.format(n=number(len(group)))):
                _draw_some(upload, group)
    seen = upload.is_checked and bool(upload.reports)
    top.markdown(f"**{uploaded.labels(len(found.unknown), len(found.guessed), seen)}**")


def table_name(table: str) -> str:
    """What one row of a file is."""
    names = {
        "incident": _("A recorded crime or incident"),
        "referral": _("A referral to victim support"),
        "reporting_centre": _("A reporting centre"),
        "centre_contact": _("A contact with a centre"),
        "centre_survey": _("An answer in a survey of a centre's users"),
        "candidate_venue": _("A possible site for a centre"),
        "stop_search": _("A stop and search"),
        "court_result": _("Results of prosecutions in a quarter"),
        "area": _("The outline of an area"),
        "area_population": _("The population of an area"),
        "area_measure": _("A measure of an area, such as deprivation"),
        "postcode": _("A postcode and its place"),
        "published_figure": _("A published figure"),
    }
    return names.get(table, table.replace("_", " "))


def _draw_some(upload: Upload, found: Sequence[ProposedLabel]) -> None:
    for each in found[:LABELS_SHOWN]:
        _draw_label(upload, each)
    if len(found) > LABELS_SHOWN:
        sentence = _("{n} more are not shown. A column with so many labels may hold something else than was thought.")
        note(sentence.format(n=number(len(found) - LABELS_SHOWN)))


def draw_columns(upload: Upload) -> str:
    """Where each column goes. Gives what is wrong with the choice, or an empty text."""
    proposal = upload.proposal
    if proposal is None:
        return ""
    sure = [c for c in proposal.columns if c.target and c.sure]
    guessed = [c for c in proposal.columns if c.target and not c.sure]
    rest = [c for c in proposal.columns if not c.target]
    st.markdown(f"**{uploaded.recognised(len(sure), len(guessed), len(rest))}**")
    chosen: dict[str, str] = {}
    if guessed:
        chosen |= _draw_group(upload, guessed)
    for heading, group in ((_("Recognised columns: {n}"), sure), (_("Columns that are not stored: {n}"), rest)):
        if group:
            with st.expander(heading.format(n=number(len(group)))):
                chosen |= _draw_group(upload, group)
    fault = _clash(chosen, said(upload.text), proposal.table)
    if fault:
        return fault
    _take_columns(upload, chosen, {column.source: column for column in proposal.columns})
    return _draw_constants(upload)


def draw_settings(upload: Upload) -> str:
    """What the file is, who sent it and when. Gives what is wrong with it, or an empty text."""
    now = said(upload.text)
    if upload.used is None:
        left, right = st.columns(2)
        title = left.text_input(_("What the file is"), now.title, key=_key(upload, "title"))
        source = right.text_input(_("Who sent it, in one short name"), now.source, key=_key(upload, "source"))
        _set(upload, "title", title.strip(), now.title)
        _set(upload, "source", source.strip(), now.source)
        _draw_crs(upload, now)
    received, first, last = st.columns(3)
    with received:
        upload.received = _day(_("Received on"), upload, "received")
    with first:
        start = _day(_("Complete from"), upload, "complete_from")
    with last:
        finish = _day(_("Complete to"), upload, "complete_to")
    note(_("A file that is complete for a period withdraws records of its sender in that period that it lacks."))
    upload.complete = (start, finish) if start and finish else None
    if bool(start) != bool(finish):
        return _("A period needs both its first and its last day.")
    if start and finish and start > finish:
        return _("The period ends before it begins.")
    return ""


def _draw_label(upload: Upload, each: ProposedLabel) -> None:
    """One label, how often it was met, and what it means."""
    left, right = st.columns([1, 1], vertical_alignment="center")
    name = escape_markdown(each.label)
    met = _("{n} times").format(n=number(each.count)) if each.count else ""
    left.markdown(
        f"“{name}”  \n:small[{escape_markdown(_short(_told(upload, each.target)))}{' · ' if met else ''}{met}]"
    )
    now = said(upload.text).labels.get((each.target, plain(each.label)), each.codes)
    with right:
        chosen = (_choose_strands if each.target == STRAND else _choose_code)(upload, each, now)
    if chosen != now:
        upload.text = with_label(upload.text, each.target, each.label, chosen)


def _choose_strands(upload: Upload, each: ProposedLabel, now: Codes | None) -> Codes | None:
    """A label can mean several strands; none chosen leaves it open, and to mean no strand is a choice of its own."""
    chosen = st.multiselect(
        _("What “{label}” means").format(label=each.label),
        list(dict.fromkeys([NO_VALUE, *_codes(STRAND, upload.table), *(now or ())])),
        [NO_VALUE] if now == () else list(now or ()),
        format_func=lambda code: _meaning(STRAND, upload.table, code),
        key=_key(upload, "label", STRAND, each.label),
        placeholder=_meaning(STRAND, upload.table, UNDECIDED),
        label_visibility="collapsed",
    )
    return tuple(filter(None, chosen)) if chosen else None


def _choose_code(upload: Upload, each: ProposedLabel, now: Codes | None) -> Codes | None:
    standing = UNDECIDED if now is None else JOINED.join(now)
    options = list(dict.fromkeys([UNDECIDED, NO_VALUE, *_codes(each.target, upload.table), standing]))
    chosen = st.selectbox(
        _("What “{label}” means").format(label=each.label),
        options,
        options.index(standing),
        format_func=lambda code: _meaning(each.target, upload.table, code),
        key=_key(upload, "label", each.target, each.label),
        label_visibility="collapsed",
    )
    return None if chosen == UNDECIDED else tuple(filter(None, chosen.split(JOINED)))


def _codes(target: str, table: str) -> list[str]:
    """The codes that a label can mean."""
    if target in code_list("area_level"):
        return [code for code, area in code_list("area").items() if area.extras["level"] == target]
    name = _list_name(target, table)
    return list(code_list(name)) if name else []


def _meaning(target: str, table: str, code: str) -> str:
    if code == UNDECIDED:
        return _("Leave it: reported as unknown")
    if code == NO_VALUE:
        return _("No value, on purpose")
    if target in code_list("area_level"):
        return f"{code_list('area').label(code, language())} ({code})" if code in code_list("area") else code
    name = _list_name(target, table)
    known = code_list(name) if name else {}
    labels = [known[c].label(language()) if c in known else c for c in code.split(JOINED)]
    return " + ".join(labels)


def _list_name(target: str, table: str) -> str | None:
    column = _column(target, table)
    return STRAND if target == STRAND else column.codes if column else None


def _column(target: str, table: str) -> Column | None:
    return next((column for column in columns(table) if column.name == target), None)


def _draw_group(upload: Upload, group: Sequence[ProposedColumn]) -> dict[str, str]:
    return {column.source: _draw_column(upload, column) for column in group}


def _draw_column(upload: Upload, column: ProposedColumn) -> str:
    """One column of the file: its name, why it was taken for what it was, examples, and where it goes."""
    name, examples, place = st.columns([3, 3, 4], vertical_alignment="center")
    name.markdown(f"**{escape_markdown(column.source)}**  \n:small[{escape_markdown(column.why)}]")
    examples.caption(escape_markdown(" · ".join(column.examples)) or _("no examples are shown"))
    now = said(upload.text).columns.get(column.source, NOT_STORED)
    options = list(dict.fromkeys([NOT_STORED, *targets(upload.table), now]))
    with place:
        chosen = st.selectbox(
            _("What the column “{column}” is").format(column=column.source),
            options,
            options.index(now),
            format_func=lambda target: _short(_target(target, upload.table)),
            key=_key(upload, "column", column.source),
            label_visibility="collapsed",
        )
        _draw_formats(upload, column, chosen)
    return chosen


def _draw_formats(upload: Upload, column: ProposedColumn, target: str) -> None:
    """How dates are written, shown by one that cannot be read in two ways."""
    now = said(upload.text)
    if not _is_moment(target, upload.table) or now.columns.get(column.source) != target:
        return
    # Dates that need no statement are written as the standard writes them.
    current = now.formats.get(target, ()) or column.formats or DEFAULT_FORMATS["DATE"]
    chosen = st.selectbox(
        _("How “{column}” writes 23 June 2016").format(column=column.source),
        list(dict.fromkeys([current, *filter(None, [column.formats]), *WAYS])),
        format_func=lambda ways: " / ".join(SHOWN.strftime(way) for way in ways),
        key=_key(upload, "formats", column.source, target),
    )
    if chosen != current:
        upload.text = with_formats(upload.text, target, chosen)


def _is_moment(target: str, table: str) -> bool:
    column = _column(target, table)
    return column is not None and column.type in MOMENTS


def _draw_constants(upload: Upload) -> str:
    """What every row is, where no column says it. Gives which needed column is lacking, or an empty text."""
    now = said(upload.text)
    needed = [c for c in columns(upload.table) if c.required and not c.derived and c.name not in GIVEN]
    for column in (c for c in needed if c.name not in now.targets):
        if column.codes:
            _draw_constant(upload, column, now.constants.get(column.name))
        elif column.name not in now.constants:
            return _("A column is needed for “{target}”. Choose it above.").format(
                target=_short(column.sentence(language()))
            )
    return ""


def _draw_constant(upload: Upload, column: Column, now: str | None) -> None:
    options = list(code_list(column.codes or ""))
    chosen = st.selectbox(
        _("“{target}” is in no column, so every row is").format(target=_short(column.sentence(language()))),
        options,
        options.index(now) if now in options else 0,
        format_func=lambda code: _meaning(column.name, upload.table, code),
        key=_key(upload, "constant", column.name),
    )
    if chosen != now:
        upload.text = with_value(upload.text, column.name, chosen)


def _clash(chosen: dict[str, str], now: Said, table: str) -> str:
    """Two columns that are to be the same thing, unless the mapping joins just these two."""
    for target in set(chosen.values()) - {NOT_STORED, STRAND}:
        sources = sorted(source for source, each in chosen.items() if each == target)
        if len(sources) > 1 and set(sources) != now.sources(target):
            return _(
                "“{first}” and “{second}” cannot both be “{target}”. Choose something else for one of them."
            ).format(first=sources[0], second=sources[1], target=_short(_target(target, table)))
    return ""


def _take_columns(upload: Upload, chosen: dict[str, str], met: dict[str, ProposedColumn]) -> None:
    now = said(upload.text).columns
    for source, target in chosen.items():
        if target != now.get(source, NOT_STORED):
            beside = met[source].as_day if _is_moment(target, upload.table) else None
            upload.text = with_column(upload.text, source, target or None, beside)
            crs = met[source].crs
            if target in AXES and crs:
                upload.text = with_crs(upload.text, crs)


def _target(target: str, table: str) -> str:
    """What a target is, in the words of the dictionary."""
    own = {
        NOT_STORED: _("Not stored"),
        STRAND: _("Strand: the characteristic that was targeted"),
        "point.x": _("Easting or longitude"),
        "point.y": _("Northing or latitude"),
        "point.geometry": _("Point, as a geometry"),
        "point.postcode": _("Postcode: gives the place and is not stored"),
    }
    column = _column(target, table)
    return own.get(target) or (column.sentence(language()) if column else target)


def _told(upload: Upload, target: str) -> str:
    sources = sorted(said(upload.text).sources(target))
    return ", ".join(sources) or _target(target, upload.table)


def _short(sentence: str) -> str:
    """A sentence of the dictionary up to its first mark, as a name."""
    return sentence.partition(";")[0].rstrip(".")


def _draw_crs(upload: Upload, now: Said) -> None:
    if now.targets.isdisjoint(AXES):
        return
    current = now.crs or MAPS[1]
    names = {MAPS[0]: _("British National Grid, in metres"), MAPS[1]: _("Longitude and latitude, in degrees")}
    chosen = st.selectbox(
        _("What the coordinates are measured in"),
        list(dict.fromkeys([current, *MAPS])),
        format_func=lambda crs: names.get(crs, crs),
        key=_key(upload, "crs", *sorted(now.sources(AXES[0]) | now.sources(AXES[1]))),
    )
    if chosen != now.crs:
        upload.text = with_crs(upload.text, chosen)


def _set(upload: Upload, key: str, value: str, now: str) -> None:
    if value and value != now:
        upload.text = with_setting(upload.text, key, value)


def _day(label: str, upload: Upload, name: str) -> date | None:
    default = upload.received if name == "received" else None
    return st.date_input(label, default, EARLIEST, date.today(), format="DD/MM/YYYY", key=_key(upload, name))


def _key(upload: Upload, *parts: str) -> str:
    """Of one control in one reading of one file."""
    return "/".join(("upload", upload.file_id, str(upload.turn), *parts))
