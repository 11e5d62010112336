"""Who is looking: what a sign-in says of a person, and which areas that person may ask about."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hatecrime.dictionary import code_list
from hatecrime.i18n import _
from hatecrime.settings import AccessRules

# The most privileged first: who states several is the first of them.
AUDIENCES = ("analyst", "partner", "public")
RIGHTS = frozenset({"lead", "admin"})
# A token made on another machine may carry a time that is a little ahead of this one's.
CLOCKS_DIFFER_SECONDS = 300
LONGEST_SUBJECT, LONGEST_NAME = 255, 80


class AccessRefused(Exception):
    """The sign-in gives no access; the message says why, in a plain sentence without what the sign-in held."""


@dataclass(frozen=True)
class User:
    """One person: audience says what is shown, rights what may be done; without areas there is no limit to places."""

    subject: str
    name: str
    audience: str
    rights: frozenset[str]
    areas: tuple[str, ...]

    @property
    def is_local(self) -> bool:
        """Whether this is whoever sits at the machine, with no sign-in."""
        return self == LOCAL


LOCAL = User("local", "local", "analyst", RIGHTS, ())


def user_from(claims: Mapping[str, Any], rules: AccessRules) -> User:
    """
    The person that the claims of a sign-in describe. Nothing is guessed: what is missing, of the wrong kind or
    unknown raises AccessRefused, because a claim that is passed over could widen what is shown.
    """
    subject = _subject(claims)
    person = rules.people.get(subject, {})
    roles = _roles(_claim(claims, rules.roles_claim, person.get("roles")), rules)
    audience = next((each for each in AUDIENCES if each in roles), rules.default_audience)
    if not audience:
        raise AccessRefused(_("No role is given to you here. Ask those who run this dashboard for one."))
    areas = _areas(_claim(claims, rules.areas_claim, person.get("areas")), audience, rules)
    return User(subject, _name(claims, subject), audience, RIGHTS & roles, areas)


def is_over(claims: Mapping[str, Any], rules: AccessRules, now: datetime) -> bool:
    """Whether a sign-in is too long ago. A time that is missing, no number or still to come raises AccessRefused."""
    made = claims.get("iat")
    if not isinstance(made, int | float) or isinstance(made, bool):
        raise AccessRefused(_("The sign-in does not say when it was made."))
    age = now.timestamp() - made
    if not age >= -CLOCKS_DIFFER_SECONDS:
        raise AccessRefused(_("The sign-in says that it was made in the future."))
    return age > rules.hours * 3600


def lies_in(area: str | None, scope: Iterable[str]) -> bool:
    """
    Whether an area is one of the scope's or lies in one of them; in an empty scope lies everything.

    >>> lies_in("E05000832", ("E08000009",)), lies_in("E12000002", ("E08000009",)), lies_in(None, ("E08000009",))
    (True, False, False)
    """
    scope = tuple(scope)
    return not scope or (area is not None and any(area in _and_below(each) for each in scope))


def _and_below(area: str) -> tuple[str, ...]:
    known = code_list("area")
    return known.children(area) if area in known else (area,)


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject.strip()) <= LONGEST_SUBJECT or not subject.isprintable():
        raise AccessRefused(_("The sign-in does not say who you are."))
    if subject == LOCAL.subject:
        raise AccessRefused(_("The sign-in has the name of whoever sits at this machine."))
    return subject


def _name(claims: Mapping[str, Any], subject: str) -> str:
    """How the person is called on screen; never more than a word beside the button to sign out."""
    given = (claims.get(claim) for claim in ("name", "preferred_username", "email"))
    name = next((each for each in given if isinstance(each, str) and each.strip()), subject)
    return re.sub(r"[^\w .,'@+-]", "", name).strip()[:LONGEST_NAME] or _("unnamed")


def _claim(claims: Mapping[str, Any], name: str, otherwise: Any) -> Any:
    """A claim by its whole name, or by a path such as realm_access.roles; otherwise what the settings say."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return otherwise if found is None else found


def _roles(value: Any, rules: AccessRules) -> set[str]:
    if value is None:
        return set()
    stated = _texts(value, _("The roles of the sign-in are not a list of words."))
    known = {**{role: role for role in (*AUDIENCES, *RIGHTS)}, **rules.roles}
    if not known.keys() >= set(stated):
        raise AccessRefused(_("The sign-in states a role that this dashboard does not know."))
    return {known[role] for role in stated} - {""}


def _areas(value: Any, audience: str, rules: AccessRules) -> tuple[str, ...]:
    if value is None:
        if audience in rules.areas_required:
            raise AccessRefused(_("The sign-in does not say which areas you may see."))
        return ()
    stated = _texts(value, _("The areas of the sign-in are not a list of area codes."))
    if not stated:
        raise AccessRefused(_("The sign-in does not say which areas you may see."))
    if not code_list("area").keys() >= set(stated):
        raise AccessRefused(_("The sign-in states an area that this dashboard does not know."))
    return tuple(sorted(set(stated)))


def _texts(value: Any, fault: str) -> tuple[str, ...]:
    """A list of texts, or one text."""
    texts = (value,) if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not all(isinstance(each, str) for each in texts):
        raise AccessRefused(fault)
    return tuple(texts)
