"""Load extracts: hatecrime build, check, propose and sample."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from hatecrime import sample as synthetic
from hatecrime.cli.say import AsJson, print_json, refusing
from hatecrime.cli.trial import proposal_lines, trial_lines
from hatecrime.extracts.build import build as build_snapshot
from hatecrime.extracts.build import check as check_file
from hatecrime.extracts.propose import propose as propose_mapping
from hatecrime.extracts.report import BuildReport, ExtractReport
from hatecrime.i18n import _, number
from hatecrime.settings import default_store
from hatecrime.words import edges


def build(
    extracts: Annotated[Path, typer.Option(help="Folder with extracts.toml.")],
    store: Annotated[Path, typer.Option(help="Folder of snapshots.")],
    as_json: AsJson = False,
) -> None:
    """Build a snapshot from the extracts that DIR/extracts.toml lists."""
    with refusing():
        report = build_snapshot(extracts, store, _silent if as_json else _show)
    _tell(report, as_json)


def check(
    file: Annotated[Path, typer.Argument(help="The file to try.")],
    mapping: Annotated[str, typer.Option(help="A name in data/mappings, or a path.")],
    extracts: Annotated[
        Path | None, typer.Option(help="Folder with extracts.toml; its outlines and postcodes place the records.")
    ] = None,
    store: Annotated[Path | None, typer.Option(help="Folder of snapshots to compare the strands with.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a build would make of one file; nothing is kept."""
    with refusing():
        report = check_file(file, mapping, extracts, store or default_store())
    if as_json:
        print_json(report.to_json())
    else:
        typer.echo("\n".join([*trial_lines(report.extracts), *_edge_lines(report)]))


def propose(
    file: Annotated[Path, typer.Argument(help="The file to look at.")],
    out: Annotated[Path | None, typer.Option(help="Where to write the mapping; printed, if left out.")] = None,
    table: Annotated[str | None, typer.Option(help="The table it goes to; told from the file, if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a first mapping for a file, with remarks on what was recognised, guessed and not told."""
    with refusing():
        proposal = propose_mapping(file, table)
        if out:
            with out.open("x", encoding="utf-8") as target:
                target.write(proposal.text)
    if as_json:
        print_json(proposal.to_json())
        return
    if not out:
        typer.echo(proposal.text)
    # The mapping alone goes to the output, so that it can be sent into a file.
    for line in proposal_lines(proposal, file, out):
        typer.echo(line, err=not out)


def sample(
    out: Annotated[Path, typer.Option(help="Folder to write to.")],
    seed: Annotated[int, typer.Option(help="The same seed writes the same files.", min=0)] = synthetic.SEED,
    scale: Annotated[float, typer.Option(help="Multiplies the volume.", min=0.01)] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Write the synthetic sample."""
    with refusing():
        written = synthetic.write(out, seed, scale)
    print(json.dumps(written, default=str) if as_json else _("Written to {folder}.").format(folder=out))


def _silent(_share: float, _what: str) -> None:
    """A program that reads the answer has no use for progress."""


def _show(share: float, what: str) -> None:
    print(f"{share:4.0%}  {what}", file=sys.stderr)


def _tell(report: BuildReport, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report.to_json(), ensure_ascii=False))
        return
    for extract in report.extracts:
        print("\n".join(_lines(extract)))
    for line in _edge_lines(report):
        print(line)
    if report.snapshot:
        print(_("Snapshot: {path}").format(path=report.snapshot))


def _edge_lines(report: BuildReport) -> Iterator[str]:
    """What simplified outlines may have done to points, area by area where that is known."""
    for edge in report.edges:
        if said := edges.about(edge):
            yield f"{edge.table}: {said}"
            yield from (f"   {move}" for move in edges.moves(edge))


def _lines(extract: ExtractReport) -> list[str]:
    lines = [
        _("{file}: {read} read, {kept} kept, {refused} refused, {collapsed} folded into another").format(
            file=extract.file,
            read=number(extract.read),
            kept=number(extract.kept),
            refused=number(sum(extract.refused.values())),
            collapsed=number(extract.collapsed),
        )
    ]
    if extract.updated or extract.withdrawn:
        text = _("   of earlier extracts: {updated} replaced, {withdrawn} withdrawn")
        lines.append(text.format(updated=number(extract.updated), withdrawn=number(extract.withdrawn)))
    lines += [_("   refused: {reason} × {n}").format(reason=r, n=number(n)) for r, n in extract.refused.items()]
    lines += [
        _("   value refused: {reason} × {n}").format(reason=r, n=number(n)) for r, n in extract.values_refused.items()
    ]
    for column, labels in extract.unknown_labels.items():
        lines.append(_("   unknown in {column}: {labels}").format(column=column, labels=", ".join(labels[:8])))
    if extract.unused_entries:
        lines.append(_("   mapping entries no label needed: {n}").format(n=number(len(extract.unused_entries))))
    return lines
