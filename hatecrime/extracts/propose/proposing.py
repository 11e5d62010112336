"""From a file to a first mapping."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatecrime.extracts.mapping import STRAND
from hatecrime.extracts.personal import looks_personal
from hatecrime.extracts.propose.contents import crs_of, needed_days
from hatecrime.extracts.propose.draft import Draft, draft
from hatecrime.extracts.propose.fields import Line, Reader, order_of
from hatecrime.extracts.propose.proposal import Proposal, ProposedColumn
from hatecrime.extracts.propose.sampling import Sample, SampledColumn, take_sample
from hatecrime.extracts.propose.tables import fitting, rank
from hatecrime.extracts.propose.vocabulary import vocabulary
from hatecrime.extracts.propose.writing import written
from hatecrime.i18n import _, number

EXAMPLES = 3


def propose(file: Path, table: str | None = None) -> Proposal:
    """A first mapping for `file`, into `table` where it is given; raises ExtractError where nothing can be read.

    Nothing is kept but what the mapping says: the examples are for the screen.
    """
    known = vocabulary()
    sample = take_sample(file)
    ranked = rank(sample, file, known, table)
    chosen, score, found = ranked[0]
    made = draft(sample, file, chosen, found, known)
    needed = needed_days(chosen, (line.target for line in made.lines))
    second = next((name for name, _s, _m in ranked[1:2]), None)
    remarks = _remarks(made, sample, needed, _why_table(chosen, second, by_hand=bool(table), fits=score > 0))
    reader = Reader(sample, known, {}, made.source, order_of(sample, sample.header))
    return Proposal(
        text=written(made, sample.shape, remarks),
        fits=fitting(sample, file, known),
        table=chosen,
        shape=sample.shape,
        columns=tuple(_column(column, made, reader) for column in sample.columns if column.name),
        labels=tuple(made.labels),
        remarks=tuple(remarks),
        needed=tuple(needed),
    )


def _why_table(table: str, second: str | None, *, by_hand: bool, fits: bool) -> str:
    """Who chose the table, and how good the choice is."""
    if by_hand:
        return _("The table {table} was chosen by hand.").format(table=table)
    if not fits:
        return _("No table fits; {table} is taken until somebody chooses another.").format(table=table)
    if second:
        return _("The table {table} fits best, then {second}.").format(table=table, second=second)
    return _("Only the table {table} fits.").format(table=table)


def _remarks(made: Draft, sample: Sample, needed: list[str], why_table: str) -> list[str]:
    """What stands above the mapping."""
    rows = number(sample.rows)
    read = (
        _("A first mapping, proposed from all {n} rows.")
        if sample.whole
        else _("A first mapping, proposed from a sample of {n} rows.")
    )
    remarks = [
        read.format(n=rows),
        _("“recognised” can be trusted, “guessed” must be looked at; lines that begin with # wait for a decision."),
        why_table,
    ]
    for target in needed:
        sentence = _("A date column is still needed: under [columns], say which column is {target}.")
        remarks.append(sentence.format(target=target))
    left_out = [name for name in made.personal if name not in _used(made)]
    if left_out:
        told = ", ".join(left_out)
        remarks.append(_("Left out on purpose, because they look personal: {columns}.").format(columns=told))
    passed = [c.name for c in sample.columns if c.name and c.name not in (*_used(made), *made.personal)]
    if passed:
        remarks.append(_("Not recognised, and so not read: {columns}.").format(columns=", ".join(passed)))
    return [" ".join(remark.split()) for remark in remarks]


def _used(made: Draft) -> dict[str, str]:
    """Source column → target, for every column that the mapping reads."""
    used = {name: line.target for line in made.lines if not line.left_open for name in line.sources}
    used |= dict.fromkeys((*made.strands, *made.flags), STRAND)
    if made.place and not made.place.left_open:
        used |= {name: target for target, name in made.place.sources.items()}
    return used


def _column(column: SampledColumn, made: Draft, reader: Reader) -> ProposedColumn:
    target = _used(made).get(column.name)
    line = next((each for each in made.lines if column.name in each.sources), None)
    why, sure = _("Not recognised."), False
    if column.name in made.personal and target is None:
        why = _("Left out on purpose: it looks personal ({sort}).").format(sort=made.personal[column.name])
    elif line is not None:
        why, sure = line.why, line.sure
    elif target == STRAND:
        why, sure = made.why_strands or _("It is named like a strand."), made.sure_strands
    elif made.place and column.name in made.place.sources.values():
        why, sure = made.place.why, made.place.sure
    elif not column.counts:
        why = _("It is empty.")
    day = reader.chosen(column)
    formats = (line or day).formats
    return ProposedColumn(
        column.name, _examples(column, made), target, formats, why, sure, _as_day(day), crs_of(column)
    )


def _as_day(line: Line) -> dict[str, Any]:
    """What stands beside the name of a column of days."""
    return {key: value for key, value in line.value.items() if key != "from"} if isinstance(line.value, dict) else {}


def _examples(column: SampledColumn, made: Draft) -> tuple[str, ...]:
    """The commonest values, none where they may tell who somebody is."""
    if column.name in made.personal:
        return ()
    shown = [value for value, _n in column.counts.most_common(EXAMPLES)]
    return () if any(looks_personal(value) for value in shown) else tuple(shown)
