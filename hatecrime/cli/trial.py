"""What `hatecrime check` and `hatecrime propose` print: a plain sentence first, then what needs looking at."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from hatecrime.dictionary import code_list
from hatecrime.extracts.mapping import STRAND
from hatecrime.extracts.propose import Proposal
from hatecrime.extracts.report import ExtractReport, Trial
from hatecrime.i18n import _, date_long, language, ngettext, number, percent
from hatecrime.words import uploaded

MOST = 10
MOST_ENTRIES = 5


def trial_lines(reports: Sequence[ExtractReport]) -> list[str]:
    """A dry run for people."""
    lines = [uploaded.trial(reports)]
    for report in reports:
        lines += [f"\n{report.file}"] if len(reports) > 1 else []
        lines += [f"  {line}" for line in _report(report)]
    return lines


def proposal_lines(proposal: Proposal, file: Path, out: Path | None) -> Iterator[str]:
    """What to say beside a proposed mapping."""
    columns, labels = proposal.columns, proposal.labels
    read = [column for column in columns if column.target]
    if proposal.fits:
        command = f"hatecrime check {shlex.quote(str(file))} --mapping {proposal.fits}"
        yield _("The shipped mapping {name} fits this file already. Try it: {command}").format(
            name=proposal.fits, command=command
        )
    yield _("Table {table}.").format(table=proposal.table)
    yield uploaded.recognised(
        sum(column.sure for column in read), sum(not column.sure for column in read), len(columns) - len(read)
    )
    unknown = sum(label.codes is None for label in labels)
    yield uploaded.labels(unknown, sum(label.codes is not None and not label.sure for label in labels), seen=False)
    for target in proposal.needed:
        yield _("A date column is still needed: under [columns], say which column is {target}.").format(target=target)
    if out and proposal.needed:
        yield _("Written to {path}. It can be tried once that is said: {command}").format(
            path=out, command=_check(file, out)
        )
    elif out:
        yield _("Written to {path}. Look through it, then try it: {command}").format(
            path=out, command=_check(file, out)
        )


def _check(file: Path, mapping: Path) -> str:
    return f"hatecrime check {shlex.quote(str(file))} --mapping {shlex.quote(str(mapping))}"


def _report(report: ExtractReport) -> Iterator[str]:
    trial = report.trial
    if trial is None:
        return
    if trial.first_on and trial.last_on:
        first, last = (date_long(date.fromisoformat(day)) for day in (trial.first_on, trial.last_on))
        yield _("Dates: {first} to {last}.").format(first=first, last=last)
    yield from _refused(report, trial)
    if report.updated or report.withdrawn:
        yield _("Earlier records replaced: {updated}; withdrawn: {withdrawn}.").format(
            updated=number(report.updated), withdrawn=number(report.withdrawn)
        )
    yield from _labels(report, trial)
    yield from _areas(trial)
    yield from _strands(trial)
    yield from _columns(trial)
    yield _("Took {n} seconds.").format(n=number(trial.seconds, 1))


def _refused(report: ExtractReport, trial: Trial) -> Iterator[str]:
    reasons = code_list("reject_reason")
    for heading, counted, row in (
        (_("Rows refused:"), report.refused, True),
        (_("Values left empty in rows that are kept:"), report.values_refused, False),
    ):
        if counted:
            yield heading
        for reason, n in sorted(counted.items(), key=lambda each: -each[1]):
            yield f"  {number(n):>9}  {reasons.label(reason, language())}"
            for example in (e for e in trial.examples.get(reason, []) if e.row == row):
                told = _("withheld or empty") if example.value is None else f"“{example.value}”"
                yield "             " + _("line {line}, {column}: {value}").format(
                    line=example.line, column=example.column or "–", value=told
                )


def _labels(report: ExtractReport, trial: Trial) -> Iterator[str]:
    if trial.labels:
        yield _("Labels the mapping does not know:")
    for column, labels in trial.labels.items():
        for label, n in list(labels.items())[:MOST]:
            yield f"  {number(n):>9}  {column}: “{label}”"
        yield from _more(len(labels) - MOST)
    if report.unused_entries:
        yield _("Lines of the mapping that no label needed: {n}.").format(n=number(len(report.unused_entries)))
        for entry in report.unused_entries[:MOST_ENTRIES]:
            yield f"             {entry}"
        yield from _more(len(report.unused_entries) - MOST_ENTRIES)


def _more(n: int) -> Iterator[str]:
    if n > 0:
        yield "             " + ngettext("and {n} more", "and {n} more", n).format(n=number(n))


def _areas(trial: Trial) -> Iterator[str]:
    if trial.areas is None:
        return
    levels = code_list("area_level")
    told = [f"{levels.label(code, language())} {percent(trial.areas[code])}" for code in levels if trial.areas[code]]
    told += [_("a point {share}").format(share=percent(trial.areas["placed"]))] if trial.areas["placed"] else []
    yield _("Places known: {places}.").format(places=", ".join(told) or _("none"))
    if not trial.outlines:
        yield _("No outlines were loaded, so points were not placed in areas; --extracts names a folder with outlines.")
    if trial.unknown_areas:
        yield _("Codes, names or postcodes of no known area: {n}.").format(n=number(trial.unknown_areas))


def _strands(trial: Trial) -> Iterator[str]:
    if not trial.strands:
        return
    yield (
        _("Strands, with the last load of the same source and the difference in percentage points:")
        if trial.strands_before
        else _("Strands (a record counts in each of its strands):")
    )
    for code, share in sorted(trial.strands.items(), key=lambda each: -each[1]):
        label = _("No strand") if code == "none" else code_list(STRAND).label(code, language())
        yield f"  {percent(share, 1):>9}  {label}{_beside(share, trial.strands_before, code)}"


def _beside(share: float, before: dict[str, float] | None, code: str) -> str:
    """The share of the last load and how far it has moved, said only where it has."""
    if before is None:
        return ""
    then = before.get(code, 0.0)
    points = 100 * (share - then)
    moved = f" ({'+' if points > 0 else '−'}{number(abs(points), 1)})" if abs(points) >= 0.05 else ""
    return f", {percent(then, 1)}{moved}"


def _columns(trial: Trial) -> Iterator[str]:
    told = {
        "not_named": _("Columns the mapping does not name: {columns}."),
        "looks_personal": _("Columns that look personal and are not read: {columns}."),
        "empty": _("Columns not read that are empty: {columns}."),
    }
    for why, message in told.items():
        columns: Iterable[str] = [column for column, reason in trial.columns.items() if reason == why]
        if columns:
            yield message.format(columns=", ".join(columns))
