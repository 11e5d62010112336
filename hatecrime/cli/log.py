"""hatecrime log: is the access log whole, and what does it say?"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer

from hatecrime.cli.say import REFUSED, AsJson, print_json, print_table, refusing
from hatecrime.i18n import _, ngettext, number
from hatecrime.shape.cells import without_formulas

if TYPE_CHECKING:
    from hatecrime.register import Register, Verdict

SHOWN = ["id", "at", "subject", "audience", "event", "page", "filters", "detail"]

app = typer.Typer(help="The access log: who saw and took what.", no_args_is_help=True)


@app.command()
def verify(
    anchor: Annotated[
        str | None, typer.Option(help="ROWS:HASH as an earlier run printed it, kept where nobody can change it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say whether the log is as it was written; exit 1 if it is not."""
    with refusing():
        rows, digest = (0, None) if anchor is None else _anchor(anchor)
    with _register() as register:
        verdict = register.verify()
        known = not rows or register.hash_of(rows) == digest
    ok = verdict.ok and known
    if as_json:
        print_json({"ok": ok, "rows": verdict.rows, "broken": verdict.broken, "why": verdict.why, "anchor": known})
    elif verdict.ok and not known:
        typer.echo(_("Entry {n} is not the one that the anchor names: the log was made anew.").format(n=number(rows)))
    else:
        typer.echo(_sentence(verdict))
    if not ok:
        raise typer.Exit(REFUSED)


@app.command()
def show(
    last: Annotated[int, typer.Option(help="So many entries, the newest first.", min=1)] = 20,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print them as CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the newest entries of the log."""
    with _register() as register:
        entries = register.last(last)
    if as_json:
        print_json({"entries": [entry._asdict() for entry in entries]})
        return
    table = pd.DataFrame([entry._asdict() for entry in entries], columns=SHOWN)
    if as_csv:
        typer.echo(without_formulas(table).to_csv(index=False, lineterminator="\n"), nl=False)
    else:
        print_table(table)


@contextmanager
def _register() -> "Iterator[Register]":
    """The register that is there; what is wrong with it becomes a sentence and an exit code."""
    # What it needs takes half a second to import, and no other command uses it.
    from hatecrime.register import RegisterError, open_register

    try:
        yield open_register(make=False)
    except RegisterError as error:
        typer.echo(error, err=True)
        raise typer.Exit(REFUSED) from None


def _anchor(text: str) -> tuple[int, str]:
    rows, _colon, digest = text.partition(":")
    if not rows.isdecimal() or int(rows) == 0 or len(digest) != 64:
        raise ValueError(_("An anchor is a number of entries and a hash, with a colon between them."))
    return int(rows), digest


def _sentence(verdict: "Verdict") -> str:
    if verdict.ok:
        message = ngettext(
            "The access log is whole: {n} entry, not changed. Anchor: {anchor}",
            "The access log is whole: {n} entries, none changed, removed, moved or added. Anchor: {anchor}",
            verdict.rows,
        )
        return message.format(n=number(verdict.rows), anchor=f"{verdict.rows}:{verdict.last_hash}")
    said = {
        "edited": _("The access log was changed: entry {n} is not as it was written."),
        "removed": _("The access log was changed: entry {n} is missing."),
        "reordered": _("The access log was changed: entry {n} is not the one that was written there."),
        "inserted": _("The access log was changed: entry {n} was put in afterwards."),
    }
    return said[str(verdict.why)].format(n=number(verdict.broken))
