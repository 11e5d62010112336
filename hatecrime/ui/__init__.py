"""What pages are made of. A page imports this, charts and words, and fits on a screen."""

from hatecrime.ui.choices import choose, pick, pick_several
from hatecrime.ui.data import count, count_referrals, fetch, snapshot
from hatecrime.ui.months import breaks, monthly, shaded_events, unsettled, window
from hatecrime.ui.page import (
    Fact,
    answer,
    beside,
    detail,
    empty,
    facts,
    foot,
    leads,
    note,
    open_page,
    section,
)
from hatecrime.ui.phrases import against, alt_of, part, titles
from hatecrime.ui.picture import Table, caption, decimal, month, picture, share, text, whole
from hatecrime.ui.places import Places, level_name, levels, places
from hatecrime.ui.session import Session, gate
from hatecrime.ui.sidebar import area_name

__all__ = [
    "Fact",
    "Places",
    "Session",
    "Table",
    "against",
    "alt_of",
    "answer",
    "area_name",
    "beside",
    "breaks",
    "caption",
    "choose",
    "count",
    "count_referrals",
    "decimal",
    "detail",
    "empty",
    "facts",
    "fetch",
    "foot",
    "gate",
    "leads",
    "level_name",
    "levels",
    "month",
    "monthly",
    "note",
    "open_page",
    "part",
    "pick",
    "pick_several",
    "picture",
    "places",
    "section",
    "shaded_events",
    "share",
    "snapshot",
    "text",
    "titles",
    "unsettled",
    "whole",
    "window",
]
