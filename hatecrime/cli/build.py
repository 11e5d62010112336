"""Load extracts: hatecrime build, check and sample."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from hatecrime import sample as synthetic
from hatecrime.cli.say import AsJson, refusing
from hatecrime.extracts.build import build as build_snapshot
from hatecrime.extracts.build import check as check_file
from hatecrime.extracts.report import BuildReport, ExtractReport
from hatecrime.i18n import _, number


def build(
    extracts: Annotated[Path, typer.Option(help="Folder with extracts.toml.")],
    store: Annotated[Path, typer.Option(help="Folder of snapshots.")],
    as_json: AsJson = False,
) -> None:
    """Build a snapshot from the extracts that DIR/extracts.toml lists."""
    shown = {} if as_json else {"progress": _show}
    with refusing():
        report = build_snapshot(extracts, store, **shown)
    _tell(report, as_json)


def check(
    file: Annotated[Path, typer.Argument(help="The file to try.")],
    mapping: Annotated[str, typer.Option(help="A name in data/mappings, or a path.")],
    as_json: AsJson = False,
) -> None:
    """Say what a build would make of one file; nothing is kept."""
    with refusing():
        report = check_file(file, mapping)
    _tell(report, as_json)


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


def _show(share: float, what: str) -> None:
    print(f"{share:4.0%}  {what}", file=sys.stderr)


def _tell(report: BuildReport, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report.to_json(), ensure_ascii=False))
        return
    for extract in report.extracts:
        print("\n".join(_lines(extract)))
    if report.snapshot:
        print(_("Snapshot: {path}").format(path=report.snapshot))


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
    lines += [_("   refused: {reason} × {n}").format(reason=r, n=number(n)) for r, n in extract.refused.items()]
    lines += [
        _("   value refused: {reason} × {n}").format(reason=r, n=number(n)) for r, n in extract.values_refused.items()
    ]
    for column, labels in extract.unknown_labels.items():
        lines.append(_("   unknown in {column}: {labels}").format(column=column, labels=", ".join(labels[:8])))
    if extract.unused_entries:
        lines.append(_("   mapping entries no label needed: {n}").format(n=number(len(extract.unused_entries))))
    return lines
