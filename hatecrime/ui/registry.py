"""Which page is whose: what is in one's menu, and what a link to another page answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from hatecrime.access import AUDIENCES, User
from hatecrime.i18n import _
from hatecrime.ui.log import note_refused
from hatecrime.ui.refusal import refuse

EVERYONE = frozenset(AUDIENCES)
ANALYSTS = frozenset({"analyst"})
SHARED = frozenset({"partner", "public"})
FIRST = "first"

Sections = Mapping[str, Sequence["Listed"]]


@dataclass(frozen=True)
class Listed:
    """A page as it stands in the menu of those who may see it. Not every page can be limited to areas."""

    path: str
    title: str
    icon: str
    seen_by: frozenset[str]
    by_area: bool = True

    @property
    def name(self) -> str:
        """What it is called in an address."""
        return Path(self.path).stem

    def is_for(self, user: User, audience: str) -> bool:
        """Whether it is shown to a user who looks as an audience."""
        return audience in self.seen_by and (self.by_area or not user.areas)


def offered(sections: Sections, user: User, audience: str) -> dict[str, list[StreamlitPage]]:
    """One's own pages, the first of them first; a link to any other is refused in words, and nothing of it is run."""
    own = {heading: [each for each in pages if each.is_for(user, audience)] for heading, pages in sections.items()}
    first = next(each for pages in own.values() for each in pages)
    menu = {heading: [_shown(each, each is first) for each in pages] for heading, pages in own.items() if pages}
    others = [each for each in _flat(sections) if not each.is_for(user, audience)]
    hidden = [_hidden(each, _refusal(each, user, audience)) for each in others]
    # The first page stands at the address without a name; a link may also give it the name that it has for others.
    hidden.append(_hidden(first, first.path))
    menu[next(iter(menu))] += hidden
    return menu


def is_own(page: StreamlitPage, sections: Sections, user: User, audience: str) -> bool:
    """Whether a page of offered() is one's own, by whichever name it was opened."""
    own = {each.name for each in _flat(sections) if each.is_for(user, audience)}
    return page.url_path in ("", *own)


def keep_address(sections: Sections) -> None:
    """Know every page without showing one, so that the address stays while somebody signs in."""
    pages = [_hidden(each, _nothing) for each in _flat(sections)]
    st.navigation([st.Page(_nothing, title=_("Sign in"), default=True, url_path="sign_in"), *pages], position="hidden")


def _flat(sections: Sections) -> list[Listed]:
    return [each for pages in sections.values() for each in pages]


def _shown(listed: Listed, first: bool) -> StreamlitPage:
    name = FIRST if first else listed.name
    return st.Page(listed.path, title=listed.title, icon=listed.icon, url_path=name, default=first)


def _hidden(listed: Listed, draw: Callable[[], None] | str) -> StreamlitPage:
    return st.Page(draw, title=listed.title, url_path=listed.name, visibility="hidden")


def _refusal(listed: Listed, user: User, audience: str) -> Callable[[], NoReturn]:
    def draw() -> NoReturn:
        why = _why(listed, audience)
        note_refused(user.subject, audience, f"/{listed.name}", why)
        refuse(why, _("Choose another page in the menu."))

    return draw


def _why(listed: Listed, audience: str) -> str:
    if audience in listed.seen_by:
        return _("This page is about all areas together, and your sign-in is limited to certain areas.")
    if listed.seen_by == ANALYSTS:
        return _("This page is for analysts.")
    return _("This page is for partners and the public. Analysts see it when they look as one of them.")


def _nothing() -> None:
    """A page that draws nothing: the run ends before it."""
