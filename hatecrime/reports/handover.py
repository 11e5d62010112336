"""A document of headings, sentences and tables: one HTML file, without scripts or anything from elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

# Ink on paper as on the screen; wide tables scroll in their own frame, and head rows repeat on every printed page.
STYLE = """
body { font: 16px/1.5 Arial, sans-serif; color: #0b0c0c; background: #fff; max-width: 70rem; margin: 2rem auto;
  padding: 0 1rem }
h1 { font-size: 1.8rem; line-height: 1.2 } h2 { font-size: 1.3rem; margin-top: 2.2rem }
.notice { border: 2px solid #0b0c0c; padding: 0.4rem 0.8rem; font-weight: bold }
.frame { overflow-x: auto } .frame:focus { outline: 3px solid #12436D }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem }
caption { text-align: left; font-weight: bold; padding: 0.5rem 0 }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #b1b4b6 }
th[scope=row] { font-weight: normal } .figure { text-align: right; white-space: nowrap }
footer { margin-top: 2.5rem; border-top: 2px solid #0b0c0c; font-size: 0.92rem }
footer p { margin: 0.3rem 0 } footer p:first-child { font-weight: bold }
@page { size: A4 landscape; margin: 15mm }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 10.5pt } .frame { overflow: visible }
  thead { display: table-header-group } tr { break-inside: avoid } h2 { break-after: avoid }
}
"""


@dataclass(frozen=True)
class Rows:
    """A table: its caption, the titles of its columns, its rows, and which columns hold figures."""

    caption: str
    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]
    figures: frozenset[str] = frozenset()


Part = str | Rows


def document(
    language: str,
    title: str,
    lead: Iterable[str],
    sections: Iterable[tuple[str, Iterable[Part]]],
    notice: str = "",
    footer: Iterable[str] = (),
) -> str:
    """The whole file: a title, what matters first, sections of sentences and tables, and the lines at its foot."""
    parts = [
        f'<p class="notice" role="note">{escape(notice)}</p>' if notice else "",
        f"<h1>{escape(title)}</h1>",
        *(f"<p>{escape(sentence)}</p>" for sentence in lead if sentence),
        *(_section(number, *section) for number, section in enumerate(sections, start=1)),
    ]
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>"
    )
    inside = "\n".join(filter(None, parts))
    foot = "".join(f"<p>{escape(line)}</p>" for line in footer)
    body = f"<body><main>\n{inside}\n</main>\n<footer>{foot}</footer></body>"
    return f'<!doctype html>\n<html lang="{escape(language)}">\n<head>{head}</head>\n{body}\n</html>\n'


def _section(number: int, heading: str, parts: Iterable[Part]) -> str:
    inside = "\n".join(_table(part) if isinstance(part, Rows) else f"<p>{escape(part)}</p>" for part in parts if part)
    return f'<section aria-labelledby="s{number}">\n<h2 id="s{number}">{escape(heading)}</h2>\n{inside}\n</section>'


def _table(table: Rows) -> str:
    heads = "".join(
        f'<th scope="col"{_kind(name, table)}>{escape(title)}</th>' for name, title in table.columns.items()
    )
    rows = "\n".join(f"<tr>{_cells(row, table)}</tr>" for row in table.rows)
    # A frame that scrolls must be reachable by keyboard, and then it needs a name.
    return (
        f'<div class="frame" tabindex="0" role="region" aria-label="{escape(table.caption)}"><table>'
        f"<caption>{escape(table.caption)}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )


def _cells(row: Mapping[str, Any], table: Rows) -> str:
    first, *others = table.columns
    cells = [f'<th scope="row">{escape(str(row[first]))}</th>']
    cells += [f"<td{_kind(name, table)}>{escape(str(row[name]))}</td>" for name in others]
    return "".join(cells)


def _kind(name: str, table: Rows) -> str:
    return ' class="figure"' if name in table.figures else ""
