"""What is held about people, in words: each question of a data-protection assessment with its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from hatecrime.database import Facts
from hatecrime.dictionary import code_list
from hatecrime.i18n import _, date_long, language, number
from hatecrime.protect.audience import LEVELS, PERIODS, Audience, Offer
from hatecrime.settings import Settings
from hatecrime.words import shared
from hatecrime.words.numbers import join, sentences, share

INCIDENT, MONTHS = "incident", "incident_month"
# Tables whose rows stand for something that happened to somebody; the others hold parts of them, or counts.
OF_RECORDS = (INCIDENT, "referral", "stop_search", "centre_contact", "centre_survey")

Answer = tuple[str, str]


@dataclass(frozen=True)
class Held:
    """
    What a snapshot holds: for those who may see how much.

    tables: held_in, n, first_on, last_on, one row per table. fields: held_in, field, filled, one row per field.
    """

    tables: pd.DataFrame
    fields: pd.DataFrame

    def n(self, table: str) -> int:
        """The records of a table."""
        return int(self.tables.set_index("held_in")["n"].get(table, 0))

    def filled(self, table: str, field: str) -> int:
        """The records of a table in which a field is filled."""
        return int(self.fields.set_index(["held_in", "field"])["filled"].get((table, field), 0))


def table_names() -> Mapping[str, str]:
    """The tables about people, each in a few words."""
    return {
        INCIDENT: _("Incidents"),
        "incident_strand": _("Strands of incidents"),
        MONTHS: _("Monthly counts of older incidents"),
        "referral": _("Referrals to support"),
        "stop_search": _("Stops and searches"),
        "centre_contact": _("Contacts with reporting centres"),
        "centre_survey": _("Answers of users of reporting centres"),
        "court_result": _("Results of prosecutions, counted"),
        "reject": _("What was refused as it was loaded"),
    }


def answer(held: Held | None, facts: Facts) -> str:
    """How much is held, or that it is shown to analysts only; and that nobody in it is named."""
    nobody = _("No field is meant for a name, an address, a date of birth or the story of what happened.")
    made_up = _("At least one extract is made up, so not everything in it is real.") if facts.synthetic else ""
    if held is None:
        how_much = _("Records about people are held here without what names them; you are shown counts of them.")
        return sentences(how_much, nobody, made_up)
    return sentences(_how_much(held), nobody, made_up)


def answers(held: Held | None, facts: Facts, settings: Settings, has_sign_in: bool) -> list[Answer]:
    """Each question with its answer in a sentence or two; the figures in them only where held is given."""
    return [
        (_("What is it for?"), _purpose()),
        (_("From when to when do the records reach?"), _period(held, facts)),
        (_("How is a person kept from being named?"), _unnamed(held)),
        (_("How exactly is a place known?"), _places(held, settings)),
        (_("How long are records kept?"), _kept(held, settings)),
        (_("Who can get in?"), _sign_in(settings, has_sign_in)),
        (_("Who finds out who looked?"), _noted(settings, has_sign_in)),
        (_("What about incidents that are no crime?"), _non_crime()),
        (_("Whom does somebody ask about their own data?"), _rights()),
    ]


def audiences(protected: Sequence[Audience], with_analysts: bool) -> pd.DataFrame:
    """Who sees what: columns who, sees, finest; one row per audience."""
    exact = [(_("Analysts"), _("Exact figures, and the records behind them."), "–")] if with_analysts else []
    rows = [*exact, *((_audience_name(each.name), sees(each), finest(each)) for each in protected)]
    return pd.DataFrame(rows, columns=["who", "sees", "finest"])


def sees(audience: Audience) -> str:
    """
    How the figures of an audience are protected, and which counts are withheld.

    >>> sees(Audience("public", "suppress", 5, False, 5, 1, ()))[-81:]
    'Figures are rounded to the nearest 5. Counts from 0 to 4 are never shown as such.'
    """
    if audience.method == "exact":
        return _("Exact figures.")
    small = _("Counts from {low} to {high} are never shown as such.")
    low, high = audience.withheld[0], audience.withheld[-1]
    return sentences(
        shared.method(audience.method, audience.rounding),
        small.format(low=number(low), high=number(high)),
    )


def finest(audience: Audience) -> str:
    """The smallest area for which an audience is given anything, and the shortest period, each with the other."""
    if not audience.offers:
        return _("nothing")
    by_area = max(audience.offers, key=lambda offer: (LEVELS.index(offer.level), -PERIODS.index(offer.period)))
    by_period = min(audience.offers, key=lambda offer: (PERIODS.index(offer.period), -LEVELS.index(offer.level)))
    return "; ".join(dict.fromkeys(map(_offered, (by_area, by_period))))


def _offered(offer: Offer) -> str:
    level = code_list("area_level").label(offer.level, language())
    return _("{level} by {period}").format(level=level, period=_period_name(offer.period))


def _how_much(held: Held) -> str:
    counts = {table: held.n(table) for table in OF_RECORDS if held.n(table)}
    if not counts:
        return _("No record about a person is held.")
    named = [f"{table_names()[table]} ({number(n)})" for table, n in counts.items()]
    return _("Held are: {what}.").format(what=join(named, limit=len(named)))


def _purpose() -> str:
    return _(
        "To see where and when hate crime is recorded, who reaches support, and whether reporting centres are where "
        "they are needed; never to look at, score or find one person. The organisation that runs this dashboard "
        "answers for the purpose and its legal basis."
    )


def _period(held: Held | None, facts: Facts) -> str:
    if facts.data_to is None:
        return _("No incident is loaded.")
    if held is None or not held.n(INCIDENT):
        return _("Incidents are loaded up to {last}.").format(last=date_long(facts.data_to))
    first, last = held.tables.set_index("held_in").loc[INCIDENT, ["first_on", "last_on"]]
    return _("Incidents were recorded between {first} and {last}; the other tables are listed below.").format(
        first=date_long(first), last=date_long(last)
    )


def _unnamed(held: Held | None) -> str:
    rule = _(
        "Only columns that a mapping names are read; columns and cells that look like a name, an address, a number or "
        "a description of somebody are refused. A reference is replaced by a pseudonym as it is read, with a key that "
        "is not part of the data."
    )
    limit = _("A bare name in a column of labels looks like any other word: only the sender can rule that out.")
    if held is None or not held.n(INCIDENT):
        return sentences(rule, limit)
    carry = _("{some} of the incidents held carry such a pseudonym.")
    return sentences(rule, limit, carry.format(some=_some(held.filled(INCIDENT, "ref"), held.n(INCIDENT))))


def _places(held: Held | None, settings: Settings) -> str:
    if settings.snap_metres:
        rule = _("Points are moved to the centres of squares of {n} metres before they are stored.")
        rule = rule.format(n=number(settings.snap_metres))
    else:
        rule = _("Points are stored as they came, unless the mapping of a file moves them.")
    only = _("Points are for analysts; nobody else is given a place smaller than a ward.")
    if held is None or not held.n(INCIDENT):
        return sentences(rule, only)
    have = _("{some} of the incidents held have a point.")
    return sentences(rule, only, have.format(some=_some(held.filled(INCIDENT, "easting"), held.n(INCIDENT))))


def _kept(held: Held | None, settings: Settings) -> str:
    if not settings.keep_years:
        return _("No limit is set: a record is held for as long as its file is listed among the extracts.")
    rule = _(
        "Incidents recorded more than {years} years before the last day of the data are kept as monthly counts only, "
        "and referrals and searches that old are let go. This holds from the next build after the limit is set."
    ).format(years=number(settings.keep_years))
    if held is None:
        return rule
    gone = _("Of {n} incidents only the count is left.").format(n=number(held.n(MONTHS)))
    return sentences(rule, gone)


def _sign_in(settings: Settings, has_sign_in: bool) -> str:
    if has_sign_in:
        areas = _("A sign-in can be limited to certain areas; it ends after {hours} hours.")
        return sentences(_("Everybody has to sign in."), areas.format(hours=number(settings.access.hours)))
    if settings.access.allow_without_sign_in_beyond_loopback:
        return _("Nobody has to sign in, and other machines are answered: whoever reaches it sees everything.")
    return _("Sign-in is off, and only the machine on which the dashboard runs is answered.")


def _noted(settings: Settings, has_sign_in: bool) -> str:
    noted = _("Every view and every file taken away is noted, with who, when, which page and which filters.")
    if has_sign_in or settings.register_required == "always":
        return sentences(noted, _("What cannot be noted is not shown."))
    return sentences(noted, _("Where it cannot be noted, the person at this machine is warned."))


def _non_crime() -> str:
    return _(
        "They are counted beside crimes and marked as what they are. Nothing is held about a person who is said to "
        "have caused one: there is no field for it."
    )


def _rights() -> str:
    return _(
        "The organisation that made the record. Nobody can be found here by name; that organisation knows its own "
        "reference, can correct or take out the record, and sends its file again."
    )


def _some(part: int, total: int) -> str:
    """
    >>> _some(0, 5), _some(5, 5), _some(1353, 12534)
    ('None', 'All', '11%')
    """
    if part == total:
        return _("All")
    return share(part, total) if part else _("None")


def _audience_name(name: str) -> str:
    return {"partner": _("Partners"), "public": _("The public")}.get(name, name)


def _period_name(period: str) -> str:
    return {
        "month": _("month"),
        "quarter": _("quarter"),
        "year": _("financial year"),
        "rolling": _("12 months that end with a quarter"),
    }[period]
