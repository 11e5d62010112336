"""The look of charts: colours that can be told apart, and the same grounds as the pages."""

import tomllib
from itertools import pairwise

import altair as alt
import pytest

from hatecrime.charts import theme
from hatecrime.charts.theme import DARK, LIGHT, Look
from hatecrime.settings import root

LOOKS = pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@LOOKS
def test_text_reaches_the_contrast_that_the_law_asks_for(look: Look) -> None:
    assert contrast(look.text, look.ground) >= 4.5
    assert contrast(look.muted, look.ground) >= 4.5


@LOOKS
def test_lines_and_points_stand_out_from_the_ground(look: Look) -> None:
    for colour in (look.main, look.before, look.accent, look.outline, *look.series):
        assert contrast(colour, look.ground) >= 2.9, colour


@LOOKS
def test_a_ramp_goes_steadily_away_from_the_ground(look: Look) -> None:
    steps = [contrast(colour, look.ground) for colour in look.ramp]
    assert all(low < high for low, high in pairwise(steps))


@LOOKS
def test_charts_stand_on_the_ground_of_the_page(look: Look) -> None:
    config = tomllib.loads((root() / ".streamlit" / "config.toml").read_text("utf-8"))
    page = config["theme"][look.mode]
    assert (page["backgroundColor"], page["textColor"]) == (look.ground, look.text)
    assert page["primaryColor"] == look.main


def test_a_meeting_reads_larger_letters_than_an_analyst() -> None:
    meeting = LIGHT.drawn_for("meeting", "en")
    assert meeting.font_size > LIGHT.font_size
    assert meeting.height(400) > LIGHT.height(400)
    assert meeting.main == LIGHT.main


def test_months_are_named_in_the_language_of_the_reader() -> None:
    assert theme.time_locale("cy")["months"][0] == "Ionawr"
    assert theme.time_locale("en")["shortMonths"][8] == "Sept"
    assert theme.time_locale("en")["days"][0] == "Sunday"


def test_a_finished_chart_carries_its_text_alternative_and_its_ground() -> None:
    spec = theme.finish(alt.Chart().mark_bar(), DARK, "What it shows.").to_dict()
    assert spec["description"] == "What it shows."
    assert spec["config"]["background"] == DARK.ground
