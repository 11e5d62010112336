"""The profile of one place, or of two side by side, as one HTML file that prints on one page of A4."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from hatecrime.i18n import MISSING, _, language, number
from hatecrime.reports.pictures import drawing
from hatecrime.reports.profile import Profile, differences
from hatecrime.reports.profile_panels import DECIMAL, FIGURE, TEXT, Columns, Panel, in_rows
from hatecrime.words import profile as words

# Half of a page of A4, in pixels of the drawing.
CHART_WIDTH = 440
STYLE = """
@page { size: A4 portrait; margin: 9mm }
body { font: 13px/1.35 Arial, sans-serif; color: #0b0c0c; background: #fff; max-width: 62rem; margin: 1rem auto;
  padding: 0 1rem }
h1 { font-size: 1.9em; line-height: 1.15; margin: 0 0 .2em } h2 { font-size: 1.2em; margin: 0 0 .15em }
p { margin: 0 0 .35em } .lead { font-size: 1.2em }
.notice { border: 2px solid #0b0c0c; padding: .2em .5em; font-weight: bold }
.parts { display: grid; grid-template-columns: 1fr 1fr; gap: .8em 2em; margin-top: .8em } .parts > div { min-width: 0 }
section { break-inside: avoid; margin-bottom: .8em } img { width: 100%; height: auto; display: block }
.name { font-size: 1.4em; font-weight: bold; border-bottom: 2px solid #0b0c0c }
.small { color: #505a5f; font-size: .9em } details { font-size: .9em }
table { border-collapse: collapse; width: 100%; font-size: .95em }
th, td { text-align: left; vertical-align: top; padding: .1em .6em .1em 0; border-bottom: 1px solid #ccd3d8 }
th[scope=row] { font-weight: normal } .figure { text-align: right; white-space: nowrap }
footer { margin-top: .7em; border-top: 2px solid #0b0c0c; font-size: .85em; padding-top: .2em }
footer p { display: inline; margin: 0 .6em 0 0 } footer p:first-child { font-weight: bold }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 7.6pt; line-height: 1.22 } details { display: none }
  h1 { font-size: 1.8em } .lead { font-size: 1.1em } .parts { gap: .4em 2em; margin-top: .5em }
  section { margin: 0 0 .5em } img { width: auto; max-width: 100%; max-height: 34mm }
  .two { font-size: 7pt } .two img { max-height: 26mm }
}
"""


def to_html(
    title: str,
    lead: Iterable[str],
    shown: Sequence[Profile],
    parts: Sequence[Sequence[Panel]],
    notes: Iterable[str] = (),
    notice: str = "",
    footer: Iterable[str] = (),
) -> str:
    """The whole file, in the language in use; parts are those of each of the one or two places shown."""
    inside = [
        f'<p class="notice" role="note">{escape(notice)}</p>' if notice else "",
        f"<h1>{escape(title)}</h1>",
        *(f'<p class="lead">{escape(sentence)}</p>' for sentence in lead if sentence),
        differences_html(*shown) if len(shown) == 2 else "",
        f'<div class="parts">{_parts(shown, parts)}</div>',
        *(f'<p class="small">{escape(sentence)}</p>' for sentence in notes),
    ]
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>"
    )
    foot = "".join(f"<p>{escape(line)}</p>" for line in footer)
    kind = ' class="two"' if len(shown) == 2 else ""
    body = f"<body{kind}><main>\n{''.join(filter(None, inside))}\n</main>\n<footer>{foot}</footer></body>"
    return f'<!doctype html>\n<html lang="{escape(language())}">\n<head>{head}</head>\n{body}\n</html>\n'


def differences_html(one: Profile, other: Profile) -> str:
    """The figures of two places, their ratio with its interval, and what that allows to say."""
    rows = differences(one, other)
    shown = rows.assign(
        label=[words.difference_name(what, label) for what, label in zip(rows["what"], rows["label"], strict=True)],
        here=[words.compared_figure(what, value) for what, value in zip(rows["what"], rows["here"], strict=True)],
        there=[words.compared_figure(what, value) for what, value in zip(rows["what"], rows["there"], strict=True)],
        ratio=[words.ratio(*row) for row in rows[["ratio", "low", "high"]].itertuples(index=False)],
        verdict=[words.verdict(direction, one.label, other.label) for direction in rows["direction"]],
    )
    columns: Columns = {
        "label": (_("Figure"), TEXT),
        "here": (one.label, FIGURE),
        "there": (other.label, FIGURE),
        "ratio": (_("Ratio (95% interval)"), FIGURE),
        "verdict": (_("In words"), TEXT),
    }
    return table_html(shown, columns)


def table_html(table: pd.DataFrame, columns: Columns) -> str:
    """A table as words: nothing of it is taken for markup."""
    heads = "".join(f'<th scope="col"{_kind(kind)}>{escape(title)}</th>' for title, kind in columns.values())
    rows = "".join(f"<tr>{_cells(row, columns)}</tr>" for row in table.to_dict("records"))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _parts(shown: Sequence[Profile], parts: Sequence[Sequence[Panel]]) -> str:
    heads = [f'<div class="name">{escape(it.label)}</div>' for it in shown] if len(shown) == 2 else []
    return "".join([*heads, *(f"<div>{''.join(map(_part, its))}</div>" for row in in_rows(parts) for its in row)])


def _part(part: Panel) -> str:
    said = f'<p class="small">{escape(part.said)}</p>' if part.said else ""
    table = table_html(part.table, part.columns) if len(part.table) else ""
    if part.chart is not None:
        folded = f"<details><summary>{escape(next(iter(part.columns.values()))[0])}</summary>{table}</details>"
        said = f"{_image(part)}{said}{folded}"
    elif not said:
        said = table
    return f"<section><h2>{escape(part.heading)}</h2>{said}</section>"


def _image(part: Panel) -> str:
    """As an image, so that the parts of one drawing never meet those of another, and its text alternative is read."""
    drawn = base64.b64encode(drawing(part.chart, CHART_WIDTH).encode()).decode()  # type: ignore[arg-type]
    return f'<img src="data:image/svg+xml;base64,{drawn}" alt="{escape(_said_of(part))}">'


def _said_of(part: Panel) -> str:
    described = getattr(part.chart, "description", "")
    return described if isinstance(described, str) else part.heading


def _cells(row: Mapping[Any, Any], columns: Columns) -> str:
    (first, _spec), *others = columns.items()
    cells = [f'<th scope="row">{escape(str(row[first]))}</th>']
    cells += [f"<td{_kind(kind)}>{escape(_text(row[name], kind))}</td>" for name, (_title, kind) in others]
    return "".join(cells)


def _text(value: Any, kind: str) -> str:
    if kind in (TEXT, FIGURE):
        return str(value)
    return MISSING if pd.isna(value) else number(float(value), 1 if kind == DECIMAL else 0)


def _kind(kind: str) -> str:
    return "" if kind == TEXT else ' class="figure"'
