"""hatecrime: whatever a page shows, for scripts. Exit 0 done, 1 refused with the reason, 2 wrong usage."""

import typer

from hatecrime.cli import build, centres, count, doctor, figures, hotspots, log, quality, when

COMMANDS = (
    build.build,
    build.check,
    build.propose,
    build.sample,
    count.count,
    figures.figures,
    hotspots.hotspots,
    when.when,
    centres.review_centres,
    quality.quality,
    doctor.doctor,
)

app = typer.Typer(
    name="hatecrime",
    help="Hate-crime analytics: build a snapshot from extracts, check files, and take figures out of it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for command in COMMANDS:
    app.command()(command)
app.add_typer(log.app, name="log")
