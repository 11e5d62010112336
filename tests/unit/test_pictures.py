"""Pictures to share: the words around and inside them, that nothing else is in them, and that they are on white."""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import pytest
from PIL import Image

from hatecrime.charts import bars as bar_charts
from hatecrime.charts import maps
from hatecrime.charts.classes import natural
from hatecrime.charts.theme import DARK, LIGHT, Look, finish, mix
from hatecrime.reports import pictures
from hatecrime.reports.pictures import WIDTH, Panel, Picture

SPACE = "{http://www.w3.org/2000/svg}"
FOOT = ["OFFICIAL-SENSITIVE", "SYNTHETIC DATA.", "Snapshot s1, complete to 31 March 2017."]
TITLE, CAPTION = "Most is in Llŷn & Ŵ <three>", "Recorded incidents, Wales. Source: extracts to 31 March 2017."
SAID = "Bars by ward. Llŷn has 7."


def bars(look: Look = LIGHT, rows: pd.DataFrame | None = None, said: str = SAID) -> Any:
    rows = pd.DataFrame({"ward": ["Llŷn", "Ŵ"], "n": [7, 4], "secret": [61357, 61358]}) if rows is None else rows
    drawn = alt.Chart(rows).mark_bar(color=look.main).encode(x="n:Q", y="ward:N")
    return finish(drawn.properties(height=120), look, said)


def wards(known: int | None) -> Any:
    """Two areas, the second withheld; its count is none, or one that should not have come so far."""
    areas = [
        {
            "type": "Feature",
            "id": code,
            "properties": {"label": name},
            "geometry": {"type": "Polygon", "coordinates": [[[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]]},
        }
        for x, (code, name) in enumerate({"a": "Llŷn", "b": "Ŵ"}.items())
    ]
    rows = pd.DataFrame({"id": ["a", "b"], "label": ["Llŷn", "Ŵ"], "n": [70.0, known], "known": ["70", str(known)]})
    return maps.choropleth(
        {"type": "FeatureCollection", "features": areas},
        rows,
        LIGHT,
        natural([70.0]),
        value="n",
        measure="Incidents",
        alt_text="Ŵ is withheld.",
        tips=[maps.Tip("known", "Known")],
        hatched=frozenset({"b"}),
        hatched_name="withheld [c]",
    )


def picture(*charts: Any, title: str = TITLE, caption: str = CAPTION) -> Picture:
    return Picture(charts or (bars(),), title, caption)


def texts(drawn: str, kind: str = "words") -> list[str]:
    return [
        each.text or "" for each in ElementTree.fromstring(drawn).iter(f"{SPACE}text") if each.get("class", "") == kind
    ]


def test_a_drawing_names_and_describes_itself() -> None:
    root = ElementTree.fromstring(pictures.svg(picture(), FOOT, "cy"))
    named = {each.get("id"): each.text for each in root[:2]}
    assert root.get("role") == "img"
    assert [named[name] for name in (root.get("aria-labelledby") or "").split()] == [TITLE, SAID]
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "cy"


def test_title_caption_and_foot_stand_in_the_drawing_in_this_order() -> None:
    assert texts(pictures.svg(picture(), FOOT)) == [TITLE, CAPTION, *FOOT]


def test_long_words_are_broken_into_lines_and_none_is_lost() -> None:
    long = " ".join(["Llanfairpwllgwyngyll recorded more than a year before,"] * 12)
    lines = texts(pictures.svg(picture(caption=long), []))[1:]
    assert len(lines) > 4 and " ".join(lines) == long


def test_nothing_is_in_the_drawing_but_what_is_drawn() -> None:
    """Neither columns that are not drawn nor what each mark says when a pointer is on it."""
    drawn = pictures.svg(picture(), FOOT)
    assert "61357" not in drawn
    assert drawn.count("aria-") == 1 and drawn.count("role=") == 1


def test_a_withheld_value_is_not_in_the_drawing() -> None:
    rows = pd.DataFrame({"ward": ["Llŷn", "Ŵ"], "n": [70.0, None]})
    drawn = pictures.svg(picture(bars(rows=rows, said="Ŵ is withheld.")), FOOT)
    assert "NaN" not in drawn and "null" not in drawn


@pytest.mark.parametrize("known", [0, 7, 70, 61357])
def test_a_withheld_place_is_hatched_and_nothing_of_its_count_is_in_the_drawing(known: int) -> None:
    """Neither as a figure nor as a colour: the drawing is that of a place of which nothing is known."""
    drawn, unknown = (re.sub(r"clip\d+", "clip", pictures.svg(picture(wards(n)), FOOT)) for n in (known, None))
    assert drawn == unknown
    assert "61357" in str(wards(61357).inline()) and "61357" not in drawn
    assert "withheld [c]" in texts(drawn, kind="") and "70" in texts(drawn, kind="")


def test_a_withheld_bar_has_a_symbol_and_what_is_known_of_it_is_nowhere() -> None:
    rows = pd.DataFrame({"label": ["Llŷn", "Ŵ"], "n": [70.0, None], "shown": ["70", "[c]"], "known": [70, 61357]})
    drawn = bar_charts.bars(rows, LIGHT, measure="Incidents", alt_text="Ŵ is withheld.", withheld="shown")
    said = pictures.svg(picture(drawn), FOOT)
    assert {"70", "[c]"} <= set(texts(said, kind=""))
    assert not re.search(r"61357|61,357|NaN|null", said)


def test_a_picture_made_on_a_dark_screen_is_that_of_a_light_one() -> None:
    assert pictures.svg(picture(bars(DARK)), FOOT) == pictures.svg(picture(bars(LIGHT)), FOOT)


@pytest.mark.parametrize("part", [0.25, 0.5, 0.85])
def test_tints_and_ramps_have_their_twins_too(part: float) -> None:
    dark = {"range": [DARK.none, *DARK.ramp], "color": mix(DARK.more, DARK.none, part)}
    light = {"range": [LIGHT.none, *LIGHT.ramp], "color": mix(LIGHT.more, LIGHT.none, part)}
    looks = [{"config": {"background": look.ground}} for look in (DARK, LIGHT)]
    assert pictures._on_paper(dark | looks[0]) == light | looks[1]
    assert pictures._on_paper(light | looks[1]) == light | looks[1]


def test_a_light_ramp_stays_as_it_is() -> None:
    """Two of its colours are colours of the dark look too, where they mean more or less."""
    rows = pd.DataFrame({"ward": list("abcde"), "n": range(1, 6)})
    scale = alt.Scale(domain=list("abcde"), range=list(LIGHT.ramp))
    drawn = alt.Chart(rows).mark_bar().encode(x="n:Q", y="ward:N", color=alt.Color("ward:N", scale=scale, legend=None))
    made = pictures.svg(picture(finish(drawn, LIGHT, SAID)), FOOT)
    assert [made.count(f'fill="{colour}"') for colour in LIGHT.ramp] == [1] * 5


def test_the_first_sentence_is_the_title_and_the_rest_stands_below_it() -> None:
    drawn = pictures.svg(picture(title="Most is in Llŷn (2.5%). Two lie in St. Asaph."), FOOT)
    first, second, *_rest = texts(drawn)
    assert (first, second) == ("Most is in Llŷn (2.5%).", "Two lie in St. Asaph.")
    assert '<title id="title">Most is in Llŷn (2.5%). Two lie in St. Asaph.</title>' in drawn


def test_several_charts_are_one_above_the_other_with_names_of_their_own() -> None:
    drawn = pictures.svg(picture(bars(), bars(said="A second one.")), FOOT)
    ids = re.findall(r'\bid="([^"]+)"', drawn)
    assert len(ids) == len(set(ids))
    assert f"{SAID} A second one." in drawn
    height = int(ElementTree.fromstring(drawn).get("height") or 0)
    assert height > int(ElementTree.fromstring(pictures.svg(picture(), FOOT)).get("height") or 0) + 100


def test_many_charts_stand_in_two_columns_and_each_of_them_is_there() -> None:
    drawn = pictures.svg(picture(*(bars(said=f"Chart {n}.") for n in range(5))), FOOT)
    places = [(int(x), float(y)) for x, y in re.findall(r"translate\((\d+),([\d.]+)\) scale\(1", drawn)]
    assert [x for x, _y in places] == [40, 529, 40, 529, 40]
    assert [y for _x, y in places] == sorted(y for _x, y in places) and len({y for _x, y in places}) == 3


def test_a_chart_that_is_too_wide_is_made_smaller() -> None:
    drawn = pictures.svg(picture(bars().properties(width=3 * WIDTH)), FOOT)
    (scale,) = re.findall(r"translate\(40,[\d.]+\) scale\(([\d.]+)\)", drawn)
    assert 0.25 < float(scale) < 0.34


def test_no_rows_and_no_words_still_make_a_picture() -> None:
    empty = pd.DataFrame({"ward": pd.Series(dtype="str"), "n": pd.Series(dtype="int64")})
    assert pictures.png(picture(bars(rows=empty), title="", caption=""), [])


def test_dots_carry_title_and_description_and_are_on_white() -> None:
    with Image.open(BytesIO(pictures.png(picture(bars(DARK)), FOOT, "cy"))) as image:
        assert {name: str(image.info[name]) for name in ("Title", "Description")} == {
            "Title": TITLE,
            "Description": SAID,
        }
        assert FOOT[0] in image.info["Comment"]
        assert image.mode == "RGB" and image.getpixel((2, 2)) == (255, 255, 255)
        assert image.width == 2 * (WIDTH + 80)


def test_nothing_is_drawn_in_the_margin() -> None:
    """Words that were too long for their line would run into it."""
    wide = " ".join(["MWMWMW Wŵŷ"] * 3 + ["Recorded incidents by ward"] * 9)
    with Image.open(BytesIO(pictures.png(picture(caption=wide), FOOT))) as image:
        right = image.crop((image.width - 30, 0, image.width, image.height))
        assert right.getextrema() == ((255, 255),) * 3


def test_a_pdf_carries_title_description_and_language() -> None:
    made = pictures.pdf(picture(), FOOT, "cy")
    for words in (TITLE, SAID, FOOT[0]):
        assert words.encode("utf-16-be").hex().encode() in made
    assert b"/Lang (cy)" in made


def test_the_table_of_a_pdf_points_at_what_was_added() -> None:
    made = pictures.pdf(picture(), FOOT)
    start = int(made[made.rindex(b"startxref") :].split()[1])
    table = made[start:]
    assert table.startswith(b"xref\n")
    for number, place in re.findall(rb"(\d+) 1\n(\d{10}) 00000 n", table):
        assert made[int(place) :].startswith(number + b" 0 obj")
    before = int(re.findall(rb"/Prev (\d+)", table)[0])
    assert made[before:].startswith(b"xref")


def test_words_of_a_pdf_are_drawn() -> None:
    made = pictures.pdf(picture(), FOOT)
    streams = [
        zlib.decompress(each) for each in re.findall(rb"/FlateDecode\s*>>\s*stream\n(.*?)\nendstream", made, re.S)
    ]
    assert any(b"BT" in each for each in streams)


@pytest.mark.parametrize("number", [0, 1])
def test_control_characters_do_not_break_a_drawing(number: int) -> None:
    ElementTree.fromstring(pictures.svg(picture(title=f"Llŷn {chr(number)}\x0b"), []))


def test_headings_and_notes_of_charts_stand_around_them_and_those_beside_each_other_begin_alike() -> None:
    long = "By quarter: the latest has clearly more than any quarter before it, and more than elsewhere (39)"
    panels = [Panel(bars(), "By month", "Dash: a year earlier."), Panel(bars(), long), *(Panel(bars()) for _ in "ab")]
    drawn = pictures.svg(picture(*panels), FOOT)
    said = texts(drawn)
    assert said[1] == "By month" and " ".join(said[2:4]) == long and said[4] == "Dash: a year earlier."
    (x, y), (beside, same), *_rest = re.findall(r"translate\((\d+),([\d.]+)\) scale", drawn)
    assert y == same and int(x) < int(beside)
    note = re.search(r'y="([\d.]+)"[^>]*>Dash', drawn)
    assert note is not None and float(note[1]) > float(y) + 100
    assert pictures.svg(picture(*panels), FOOT).count(SAID) == 1 + 3
