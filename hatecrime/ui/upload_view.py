"""Add a file: send it, see how it is read, correct that, see what a build would make of it, load it."""

from itertools import chain

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException

from hatecrime.extracts import inbox
from hatecrime.extracts.kinds import ENDINGS
from hatecrime.extracts.mapping_file import loadable
from hatecrime.i18n import _, date_long, language, speaking
from hatecrime.settings import MEGABYTE, default_extracts, settings
from hatecrime.ui.data import fetch
from hatecrime.ui.marks import escape_markdown
from hatecrime.ui.page import detail, note
from hatecrime.ui.session import Session, gate, opened
from hatecrime.ui.start import look_again
from hatecrime.ui.upload import Upload, load, take
from hatecrime.ui.upload_form import draw_columns, draw_labels, draw_settings, table_name
from hatecrime.ui.upload_report import draw_report
from hatecrime.ui.upload_text import said
from hatecrime.words import uploaded

UPLOAD, TURN, DONE, NEWS = "upload", "upload_turn", "upload_done", "upload_news"
PROPOSED = -1
# A layer that is several files is sent as a zip.
TYPES = (".csv", ".tsv", ".txt", ".zip", ".gz", *(end for end in chain(*ENDINGS.values()) if end != ".shp"))


def draw() -> None:
    """The section in which those who load data add a file; others do not see it."""
    session = gate()
    if session.audience == "analyst" and "admin" in session.user.rights:
        with detail(_("Add a file")):
            _flow(session, language())


@st.fragment
def _flow(session: Session, spoken: str) -> None:
    """A fragment, so that the rest of the page stays as it is; it is run without the frame around it."""
    with opened(session), speaking(spoken):
        # Each part has a place of its own, so that nothing jumps when another one grows.
        done, file, reading, form, trial, last = (st.container() for _part in range(6))
        with done:
            _draw_done()
        with file:
            upload = _received()
        if upload is None:
            return
        with reading:
            _choose_reading(upload)
            _refused("" if upload.text else upload.fault)
        if not upload.text:
            return
        with form:
            fault = _correct(upload)
        with trial:
            _draw_trial(upload, fault)
        if upload.reports and upload.is_checked and not fault:
            with last:
                _confirm(upload)


def _received() -> Upload | None:
    """The file, put aside and looked at once."""
    given = st.file_uploader(
        _("A file that a partner sent"),
        TYPES,
        max_upload_size=settings().max_upload // MEGABYTE,
        key=f"upload_file_{st.session_state.get(TURN, 0)}",
    )
    if given is None:
        _forget()
        note(
            _("CSV, Excel, Parquet, JSON, SQLite and map layers are read, also as a zip."),
            _("You see how the file is read before anything is kept."),
            _("Once you load it, it lies beside the other extracts on this machine."),
            _("Names, addresses, free text and all other columns that are not named stay out of the dashboard."),
        )
        return None
    upload: Upload | None = st.session_state.get(UPLOAD)
    if upload is None or upload.file_id != given.file_id:
        _forget()
        st.session_state.pop(DONE, None)
        with st.spinner(_("Reading the file; nothing is kept yet.")):
            upload = st.session_state[UPLOAD] = take(given.file_id, given.name, given)
    return upload


def _forget() -> None:
    """Let go of the file that was looked at before."""
    upload: Upload | None = st.session_state.pop(UPLOAD, None)
    if upload is not None:
        upload.forget()


def _choose_reading(upload: Upload) -> None:
    """How the file is read: through a mapping that fits, or through the proposed one."""
    if upload.proposal is None:
        return
    ways = [*range(len(upload.known)), PROPOSED]
    now = upload.known.index(upload.used) if upload.used else PROPOSED
    if upload.known:
        way = st.selectbox(
            _("Read it"), ways, ways.index(now), lambda way: _way(upload, way), key=f"upload_way_{upload.file_id}"
        )
        if way != now:
            upload.read_as(None if way == PROPOSED else upload.known[way])
            _again()
    if upload.used is None:
        tables = loadable()
        table = st.selectbox(
            _("What one row is"),
            tables,
            tables.index(upload.table),
            table_name,
            key=f"upload_table_{upload.file_id}",
        )
        if table != upload.table:
            upload.propose_for(table)
            _again()


def _way(upload: Upload, way: int) -> str:
    if way == PROPOSED:
        return _("Through a new mapping, made from its columns and words")
    known = upload.known[way]
    if known.file is None:
        return _("Through the mapping that comes with the dashboard: {title}").format(title=known.mapping.title)
    if known.received is None:
        return _("As {file} was read: {title}").format(file=known.file, title=known.mapping.title)
    day = date_long(known.received)
    return _("As {file} of {day} was read: {title}").format(file=known.file, day=day, title=known.mapping.title)


def _correct(upload: Upload) -> str:
    """The form; gives what is wrong in it, or an empty text."""
    before = said(upload.text).columns
    with st.container(border=True):
        faults = [draw_columns(upload) if upload.used is None else ""]
        draw_labels(upload)
        faults.append(draw_settings(upload))
    if said(upload.text).columns != before:
        _again()
    return next(filter(None, faults), "")


def _draw_trial(upload: Upload, fault: str) -> None:
    """What a build would make of it, as far as the form has not been changed since."""
    state, button, result = (st.container() for _part in range(3))
    with state:
        _refused(fault)
        if not fault and not upload.is_checked:
            st.info(_("The form has been changed. Check it again before you load the file."), icon=":material/edit:")
    pressed = button.button(
        _("Check again"),
        type="secondary" if upload.is_checked else "primary",
        disabled=bool(fault),
        key="upload_check",
        icon=":material/fact_check:",
    )
    with result:
        if pressed:
            with st.spinner(_("Trying it out; nothing is kept.")):
                upload.try_out()
            _again()
        if upload.is_checked and not fault:
            _refused(upload.fault)
            draw_report(upload.reports)


def _confirm(upload: Upload) -> None:
    """Load it, with what is loaded or on its own."""
    apart = inbox.is_apart(upload.sent(), default_extracts())
    ways = ["alone"] if apart or not _is_listed() else ["alone", "add"] if gate().facts.synthetic else ["add", "alone"]
    with st.container(border=True):
        way = st.radio(
            _("What is shown then"),
            ways,
            format_func=_start_name,
            captions=[_start_caption(way, apart) for way in ways],
            key=f"upload_start_{upload.file_id}",
        )
        if apart:
            note(_("These records are drawn on another map than what is loaded, so they can only stand alone."))
        made_up = st.checkbox(_("The records are made up, to try things out"), key=f"upload_made_up_{upload.file_id}")
        if not upload.kept:
            note(_("No row would be kept, so there is nothing to load."))
        place = st.empty()
        if st.button(
            _("Load the file"),
            type="primary",
            disabled=not upload.kept,
            key="upload_load",
            icon=":material/database_upload:",
        ):
            _load(upload, way == "alone", made_up, place)


def _load(upload: Upload, alone: bool, made_up: bool, place: DeltaGenerator) -> None:
    bar = place.progress(0.0, _("The file is being loaded."))

    def progress(share: float, what: str) -> None:
        bar.progress(min(share, 1.0), uploaded.progress(what))

    fault = load(upload, alone, made_up, progress)
    if fault:
        place.empty()
        _refused(_("The file was not loaded, and everything is as it was before."), fault)
        return
    st.session_state[DONE] = st.session_state[NEWS] = uploaded.loaded(upload.kept, said(upload.text).title)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    _forget()
    look_again()
    st.rerun()


def _draw_done() -> None:
    # The page has become another one, so what was in view may be out of view.
    if NEWS in st.session_state:
        st.toast(escape_markdown(st.session_state.pop(NEWS)), icon=":material/check:", duration="long")
    if DONE in st.session_state:
        st.success(escape_markdown(st.session_state[DONE]), icon=":material/check:")
        st.page_link("pages/spot/hotspots.py", label=_("See it on the map"), icon=":material/map:")


def _is_listed() -> bool:
    """Whether all that is shown can be built again with the new file: it may have come from a folder elsewhere."""
    shown = {str(name).partition("/")[0] for name in fetch("extracts/loaded")["file"]}
    return shown <= {extract.file.name for extract in inbox.listed(default_extracts()).extracts}


def _start_name(way: str) -> str:
    return {"add": _("This file added to what is loaded"), "alone": _("This file alone")}[way]


def _start_caption(way: str, apart: bool) -> str:
    if apart:
        return _("All other records leave the dashboard, and outlines that do not fit; their files are not deleted.")
    if way == "alone":
        return _("Outlines and populations stay. All other records leave the dashboard; their files are not deleted.")
    if gate().facts.synthetic:
        return _("What is loaded is made up, so every page goes on saying so.")
    return _("A record of the same sender with the same reference is replaced.")


def _again() -> None:
    """Draw the section anew, or the page where all of it is being drawn."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()


def _refused(*sentences: str) -> None:
    """What went wrong, in words; nothing where nothing did."""
    text = "  \n".join(escape_markdown(sentence) for sentence in sentences if sentence)
    if text:
        st.error(text, icon=":material/error:")
