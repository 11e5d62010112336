"""What was decided about the entries of a list: said beside each, and recorded as one more line that stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import streamlit as st

from hatecrime.extracts.personal_cells import identifies
from hatecrime.i18n import _, date_long
from hatecrime.periods import quarter_label
from hatecrime.register import RegisterError
from hatecrime.register.decisions import KINDS, Decision, Kind, decide, history, in_force
from hatecrime.register.log import LONGEST
from hatecrime.reports.quarterly import quarter_from
from hatecrime.ui.log import register
from hatecrime.ui.marks import escape_markdown
from hatecrime.ui.page import note
from hatecrime.ui.session import gate

LONGEST_NOTE = min(600, LONGEST)
LONGEST_OWNER = 120


@dataclass(frozen=True)
class Decided:
    """The decisions in force by the keys of entries; fault says why they cannot be read, where they cannot."""

    by_key: Mapping[str, Decision]
    fault: str = ""

    def said(self, keys: Mapping[str, str], quarter: str) -> list[str]:
        """What holds now, and the last of what was decided on lists of other quarters; keys: of each quarter."""
        now = self.by_key.get(keys[quarter])
        others = [self.by_key[key] for code, key in keys.items() if code != quarter and key in self.by_key]
        lines = [_("Decided: {decision}").format(decision=sentence(now))] if now else []
        for other in others[:1]:
            name = quarter_label(quarter_from(other.quarter).start)
            message = _("On the list of {quarter}: {decision}")
            lines.append(message.format(quarter=name, decision=sentence(other)))
        return lines

    @staticmethod
    def columns(decision: Decision | None) -> dict[str, Any]:
        """A decision as columns of a file."""
        names = {"decision": "", "owner": "", "due": None, "note": "", "subject": "", "at": ""}
        if decision is None:
            return names
        return {name: getattr(decision, name) for name in names} | {"decision": kind_name(decision.decision)}


def decided_about(keys: Iterable[str]) -> Decided:
    """What holds for the entries of these keys."""
    try:
        return Decided({decision.key: decision for decision in in_force(register(), keys)})
    except RegisterError as error:
        return Decided({}, str(error))


def kind_name(kind: str) -> str:
    """What can be decided, in words."""
    return {
        "training": _("Training or school work there"),
        "centre": _("Open or move a reporting centre"),
        "tasking": _("Patrols or other tasking"),
        "look_closer": _("Look closer first"),
        "watch": _("Watch it next quarter"),
        "known": _("Known already, and being dealt with"),
        "none": _("Nothing now"),
    }[kind]


def sentence(decision: Decision) -> str:
    """What was decided, by whom and when, who does it until when, and the note."""
    on = date_long(date.fromisoformat(decision.at[:10]))
    parts = [
        _("{decision} ({who}, {date})").format(decision=kind_name(decision.decision), who=decision.subject, date=on)
    ]
    if decision.owner:
        parts.append(_("owner: {name}").format(name=decision.owner))
    if decision.due:
        parts.append(_("due {date}").format(date=date_long(decision.due)))
    said = "; ".join(parts)
    return _("{decision}. “{note}”").format(decision=said, note=decision.note) if decision.note else f"{said}."


def draw_decision(key: str, quarter: str, what: str, decided: Decided) -> None:
    """The form to decide about an entry, folded, with everything that was decided about it before."""
    last = decided.by_key.get(key)
    label = _("Record a decision") if last is None else _("Change the decision")
    box = st.expander(label, icon=":material/edit_note:", key=f"decide_{key}", on_change="rerun")
    # What is not open costs nothing.
    if box.open:
        with box:
            _draw_form(key, quarter, what, last)
            _draw_history(key)


def _draw_form(key: str, quarter: str, what: str, last: Decision | None) -> None:
    """Another form after each decision that was saved; until then it keeps what was typed."""
    turn = f"{key}_turn"
    form = f"{key}_{st.session_state.get(turn, 0)}"
    with st.form(f"decision_{form}", border=False):
        left, middle, right = st.columns([2, 2, 1])
        index = KINDS.index(last.decision) if last else None
        chosen = left.selectbox(
            _("What was decided"), KINDS, index, kind_name, key=f"kind_{form}", placeholder=_("Choose")
        )
        owner = middle.text_input(
            _("Who does it"), last.owner if last else "", LONGEST_OWNER, key=f"owner_{form}", placeholder=_("A role")
        )
        due = right.date_input(_("Due"), last.due if last else None, key=f"due_{form}", format="DD/MM/YYYY")
        text = st.text_area(_("Note"), last.note if last else "", 80, LONGEST_NOTE, key=f"note_{form}")
        note(_("Name nobody: no victim, no suspect, no witness. It is kept with your sign-in and cannot be deleted."))
        saved = st.form_submit_button(_("Save the decision"), type="primary", key=f"save_{form}")
    if not saved:
        return
    if chosen is None:
        st.warning(_("Choose what was decided."))
        return
    if named := [name for name, typed in {_("Who does it"): owner, _("Note"): text}.items() if identifies(typed or "")]:
        message = _(
            "{fields} looks as if it held a person's name, address or number, which can never be deleted here. Take it"
            " out; nothing was saved, and what you typed is still here."
        )
        st.warning(message.format(fields=" + ".join(named)))
        return
    try:
        decide(register(), gate().user.subject, key, quarter, what, cast(Kind, chosen), text or "", owner or "", due)
    except RegisterError as error:
        st.error(_("The decision was not saved. {reason} What you typed is still here.").format(reason=error))
        return
    st.session_state[turn] = st.session_state.get(turn, 0) + 1
    st.toast(_("The decision is saved."))
    st.rerun()


def _draw_history(key: str) -> None:
    try:
        made = history(register(), key)
    except RegisterError:
        # Said once above the list.
        return
    if made:
        lines = "\n".join(f"- {escape_markdown(sentence(each))}" for each in made)
        st.markdown(_("Everything that was decided, the newest first:") + "\n" + lines)
