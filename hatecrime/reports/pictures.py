"""A chart or map as a file for a slide or a report: its words around it, its text alternative inside, on white."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from io import BytesIO
from textwrap import wrap
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import escape

import altair as alt

from hatecrime.charts.maps import Map
from hatecrime.charts.theme import DARK, LIGHT, Look, mix

# Drawn by what every office has or by its twin in the converter; ŵ and ŷ are in both.
FONT = "Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
WIDTH = 960
MARGIN = 40
# Twice the size on a screen: sharp across a slide or the width of a page.
SCALE = 2
# A letter is so wide, in its size, at most on average: lines end a little early and are never cut off.
LETTER = 0.54
TITLE, CAPTION, FOOT = 24, 15, 13
GAP = 18
LEADING = 1.35
# More charts than these are drawn in two columns: a page is not so tall.
MOST_BELOW = 3


Drawn = alt.Chart | alt.LayerChart | Map


@dataclass(frozen=True)
class Panel:
    """A chart with the words of its own: a heading above it and how it is read below."""

    chart: Drawn
    heading: str = ""
    note: str = ""

    @property
    def description(self) -> object:
        """What the chart shows, for those who do not see it."""
        return self.chart.description


@dataclass(frozen=True)
class Picture:
    """What goes into one file: charts, one above the other or in two columns, and the words about them."""

    charts: tuple[Drawn | Panel, ...]
    title: str
    caption: str

    @property
    def alt_text(self) -> str:
        """What the charts show, for those who do not see them."""
        return " ".join(said for chart in self.charts if isinstance(said := chart.description, str))


def svg(picture: Picture, lines: Sequence[str], language: str = "en") -> str:
    """The drawing that every format is made from. lines: the footer, its first line the marking, if there is one."""
    blocks: list[str] = []
    y = float(MARGIN)
    first, rest = _first_sentence(picture.title)
    y = _write(blocks, first, y, TITLE, LIGHT.text, bold=True)
    y = _write(blocks, rest, y + GAP / 3, CAPTION, LIGHT.text) + GAP
    y = _draw(blocks, picture.charts, y)
    y = _write(blocks, picture.caption, y, CAPTION, LIGHT.text) + GAP / 2
    for i, line in enumerate(lines):
        y = _write(blocks, line, y, FOOT, LIGHT.muted, bold=i == 0)
    return _document(picture, blocks, round(y + MARGIN), language)


def png(picture: Picture, lines: Sequence[str], language: str = "en") -> bytes:
    """Dots, with title and text alternative in the file."""
    import vl_convert
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    for name, said in {"Title": picture.title, "Description": picture.alt_text, "Comment": "\n".join(lines)}.items():
        info.add_itxt(name, said, lang=language)
    drawn, out = vl_convert.svg_to_png(svg(picture, lines, language), scale=SCALE), BytesIO()
    with Image.open(BytesIO(drawn)) as image:
        # On white, without transparency: a dark slide would show through.
        image.convert("RGB").save(out, "PNG", pnginfo=info, dpi=(192, 192))
    return out.getvalue()


def pdf(picture: Picture, lines: Sequence[str], language: str = "en") -> bytes:
    """One page as large as the picture, with title and text alternative in the file."""
    import vl_convert

    drawn: bytes = vl_convert.svg_to_pdf(svg(picture, lines, language))
    said = {"Title": picture.title, "Subject": picture.alt_text, "Keywords": "; ".join(lines)}
    return _described(drawn, said, language)


# How each format is written, and what it is called on the way to a browser.
FORMATS: Mapping[str, tuple[Callable[..., str | bytes], str]] = MappingProxyType(
    {"png": (png, "image/png"), "svg": (svg, "image/svg+xml"), "pdf": (pdf, "application/pdf")}
)


def _document(picture: Picture, blocks: Sequence[str], height: int, language: str) -> str:
    width = WIDTH + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" xml:lang="{language}" role="img" '
        f'aria-labelledby="title description"><title id="title">{_safe(picture.title)}</title>'
        f'<desc id="description">{_safe(picture.alt_text)}</desc>'
        f'<rect width="{width}" height="{height}" fill="{LIGHT.ground}"/>{"".join(blocks)}</svg>'
    )


def _draw(blocks: list[str], charts: Sequence[Drawn | Panel], y: float) -> float:
    """The charts from y down, each with its own words; gives where they end."""
    panels = [each if isinstance(each, Panel) else Panel(each) for each in charts]
    columns = 2 if len(panels) > MOST_BELOW else 1
    width = (WIDTH - GAP * (columns - 1)) // columns
    for first in range(0, len(panels), columns):
        row = {
            MARGIN + column * (width + GAP): (first + column, panel)
            for column, panel in enumerate(panels[first : first + columns])
        }
        # Charts beside each other begin at the same height, however long their headings are.
        top = max(
            _write(blocks, panel.heading, y, CAPTION, LIGHT.text, True, x, width) for x, (_i, panel) in row.items()
        )
        ends = [top]
        for x, (i, panel) in row.items():
            drawn, height = _placed(drawing(panel.chart, width), x, top, width, i)
            blocks.append(drawn)
            ends.append(_write(blocks, panel.note, top + height, FOOT, LIGHT.muted, False, x, width))
        y = max(ends) + GAP
    return y


def _first_sentence(title: str) -> tuple[str, str]:
    """The sentence that a slide is read by, and the rest of them; what is cut after an abbreviation reads on below."""
    end = re.search(r"(?<=[.?!])\s+(?=[^\W_])", title)
    return (title[: end.start()], title[end.end() :]) if end else (title, "")


def _write(
    blocks: list[str],
    words: str,
    y: float,
    size: int,
    colour: str,
    bold: bool = False,
    x: int = MARGIN,
    width: int = WIDTH,
) -> float:
    """Words in as many lines as they need, from y down; gives where they end."""
    weight = "bold" if bold else "normal"
    for line in wrap(words, int(width / (size * LETTER * (1.06 if bold else 1)))):
        y += size * LEADING
        blocks.append(
            f'<text class="words" x="{x}" y="{y - size * 0.3:.1f}" font-family="{FONT}" font-size="{size}" '
            f'font-weight="{weight}" fill="{colour}">{_safe(line)}</text>'
        )
    return y


def _safe(words: str) -> str:
    """Words as they stand in XML, which has no place for control characters."""
    return escape(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", words))


def drawing(chart: Drawn, width: int = WIDTH) -> str:
    """The chart alone, in the colours of the light look, so many pixels wide where it has no width of its own."""
    import vl_convert

    spec = _sized(_on_paper(_specification(chart)), width)
    drawn: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return drawn


def _specification(chart: Drawn) -> dict[str, Any]:
    if isinstance(chart, Map):
        return chart.inline()
    with alt.data_transformers.enable("default", max_rows=None):
        found: dict[str, Any] = chart.to_dict()
    return found


def _sized(spec: dict[str, Any], width: int) -> dict[str, Any]:
    """As wide as the words, where a chart has no width of its own; small multiples have."""
    config = {**spec.get("config", {}), "font": FONT}
    if {"facet", "hconcat", "vconcat", "concat", "repeat"} & set(spec) or isinstance(spec.get("width"), int | float):
        return {**spec, "config": config}
    if {"row", "column", "facet"} & set(spec.get("encoding", {})):
        return {**spec, "config": config}
    return {**spec, "config": config, "width": width, "autosize": {"type": "fit-x", "contains": "padding"}}


def _placed(drawn: str, x: float, y: float, most: int, number: int) -> tuple[str, float]:
    """
    A chart at its place, made smaller where it is too wide; gives its height too.

    What it says of single marks is left out: the whole says it, and a mark's figure is not to be had twice.
    """
    size = re.match(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"', drawn)
    if size is None:
        raise ValueError("The converter gave no drawing.")
    width, height = (float(each) for each in size.groups())
    inside = drawn[drawn.index(">") + 1 : drawn.rindex("</svg>")]
    inside = re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", inside)
    # Two charts in one drawing have the same names for their clips and patterns.
    inside = re.sub(r'(\bid="|url\(#|href="#)', rf"\1c{number}-", inside)
    scale = min(1.0, most / width)
    return f'<g transform="translate({x},{y:.1f}) scale({scale:.4f})">{inside}</g>', height * scale


def _on_paper(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification in the colours of the light look, whatever look it was made in; both share some colours."""
    made_dark = spec.get("config", {}).get("background") == DARK.ground
    return _lightened(spec) if made_dark else spec


def _lightened(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _lightened(each) for name, each in value.items()}
    if isinstance(value, list):
        # One of the steps of a ramp is the main colour as well: only beside others of them can it be told.
        steps = _steps()
        if sum(isinstance(each, str) and each in steps for each in value) > 2:
            return [steps.get(each) or _lightened(each) for each in value]
        return [_lightened(each) for each in value]
    return _colours().get(value, value) if isinstance(value, str) else value


@lru_cache
def _steps() -> Mapping[str, str]:
    return dict(zip((DARK.none, *DARK.ramp), (LIGHT.none, *LIGHT.ramp), strict=True))


@lru_cache
def _colours() -> Mapping[str, str]:
    """Each colour of the dark look and its twin on white, the tints of three of them among them."""
    tints = {
        mix(getattr(DARK, name), DARK.none, part / 100): mix(getattr(LIGHT, name), LIGHT.none, part / 100)
        for name in ("more", "fewer", "main")
        for part in range(101)
    }
    return {**_steps(), **tints, **_twins(DARK, LIGHT)}


def _twins(dark: Look, light: Look) -> dict[str, str]:
    several = zip(dark.series, light.series, strict=True)
    one = ((getattr(dark, each.name), getattr(light, each.name)) for each in fields(Look))
    return {**dict(several), **{a: b for a, b in one if isinstance(a, str) and a.startswith("#")}}


def _described(drawn: bytes, said: Mapping[str, str], language: str) -> bytes:
    """
    The PDF with words about itself, added at its end as the format allows; what it draws is not touched.

    Reference: ISO 32000-1, 7.5.6 (incremental updates), 14.3.3 (document information).
    """
    trailer = drawn[drawn.rindex(b"trailer") :]
    size, root, info, start = (_number(pattern, trailer) for pattern in (b"Size", b"Root", b"Info", b"startxref"))
    catalog = drawn[drawn.index(b"\n%d 0 obj" % root) :]
    catalog = catalog[catalog.index(b"<<") + 2 : catalog.index(b"endobj")].rstrip()
    words = b"".join(b" /%s %s" % (name.encode(), _pdf_text(text)) for name, text in said.items())
    objects = {
        root: b"<< /Lang (%s) /ViewerPreferences << /DisplayDocTitle true >>%s" % (language.encode(), catalog),
        info: b"<< /Producer (svg2pdf)%s >>" % words,
    }
    out, table = drawn.rstrip() + b"\n", b"xref\n0 1\n%010d 65535 f\r\n" % 0
    for number, body in sorted(objects.items()):
        table += b"%d 1\n%010d 00000 n\r\n" % (number, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    ended = b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    return out + table + ended % (size, root, info, start, len(out))


def _number(name: bytes, trailer: bytes) -> int:
    found = re.search(name + rb"\s+(\d+)", trailer)
    if found is None:
        raise ValueError("The converter gave a PDF of another form.")
    return int(found.group(1))


def _pdf_text(words: str) -> bytes:
    return b"<" + ("\ufeff" + words).encode("utf-16-be").hex().encode() + b">"
