"""How figures are made and what they cannot say: the text of the method page."""

from datetime import date

from hatecrime.i18n import _, date_long, number
from hatecrime.settings import settings
from hatecrime.words.numbers import SMALL, incidents, join, km

Section = tuple[str, list[str]]


def answer(n: int, first: date | None, last: date | None) -> str:
    """
    What every figure rests on.

    >>> answer(12534, date(2013, 4, 1), date(2017, 3, 31))
    'Every figure rests on 12,534 incidents recorded between 1 April 2013 and 31 March 2017, and nothing else.'
    """
    if not n or first is None or last is None:
        return _("No incident is loaded, so there is no figure yet.")
    message = _("Every figure rests on {incidents} recorded between {first} and {last}, and nothing else.")
    return message.format(incidents=incidents(n), first=date_long(first), last=date_long(last))


def sections() -> list[Section]:
    """Headings, each with its paragraphs, in the order in which they are read."""
    return [
        (_("What is counted"), _counted()),
        (_("One record counts once, and once in each of its strands"), _strands()),
        (_("By date recorded, unless you choose otherwise"), _dates()),
        (_("Areas change, and so do their borders"), _areas()),
        (_("A change is called clear only where chance is an unlikely reason"), _intervals()),
        (_("A place stands out only if chance would hardly have put it there"), _hotspots()),
        (_("Small numbers are shown with care"), _small()),
        (_("Distances from reporting centres are estimates"), _centres()),
        (_("Referrals are not linked to incidents"), _referrals()),
        (_("What these figures cannot say"), _limits()),
    ]


def glossary() -> list[tuple[str, str]]:
    """Each term with what it means here."""
    return [
        (_("Incident"), _("Any record, whether a crime or a non-crime incident.")),
        (
            _("Hate crime"),
            _("A crime that the victim or anyone else perceives to be motivated by hostility towards a strand."),
        ),
        (_("Non-crime incident"), _("A record of such hostility where no crime was committed.")),
        (
            _("Strand"),
            _(
                "What the hostility is against: race, religion, sexual orientation, disability or transgender"
                " identity, and others that some forces record."
            ),
        ),
        (_("Sub-strand"), _("A part of a strand, such as the religion that was the target.")),
        (_("Crime type"), _("The group to which the offence belongs, such as public order.")),
        (_("Characteristic"), _("What is recorded about the victim, such as an age band.")),
        (_("Channel"), _("How the incident was reported.")),
        (_("Reporting centre"), _("A place other than a police station where trained staff take a report.")),
        (_("Return"), _("What a centre sends in each quarter, even to say that it took no report.")),
        (_("Referral"), _("A person put in touch with victim support, or who came without being referred.")),
        (_("Outcome"), _("How the police closed the record; some are not closed yet.")),
        (_("Area"), _("A place with borders and the days between which they held.")),
        (_("Extract"), _("A file that a partner sent.")),
        (_("Snapshot"), _("All extracts as loaded together on one day; it never changes.")),
        (_("Basis"), _("Which date counts: the one recorded, or the one on which it happened.")),
        (_("Provisional"), _("Of the latest months, which later extracts still change.")),
        (_("95% interval"), _("The range that the data are compatible with; a wide one means that little is known.")),
        (_("Audience"), _("Who is looking; analysts see exact figures.")),
    ]


def _counted() -> list[str]:
    return [
        _(
            "An incident is recorded as hate crime because the victim or somebody else perceived hostility."
            " Nobody has to prove it, and it is not for the figures to doubt it."
        ),
        _(
            "Crimes and non-crime incidents are counted together unless you choose one of them."
            " What was never reported is in no figure: about half of hate crime is estimated to reach the police."
        ),
    ]


def _strands() -> list[str]:
    return [
        _(
            "A total counts each incident once. An incident against both race and religion counts in each of the two,"
            " so the strands add up to more than the total. The quarterly page shows the bridge between them."
        ),
        _("An incident without a recorded strand is in the total and in no strand."),
    ]


def _dates() -> list[str]:
    months = number(settings().provisional_months)
    return [
        _(
            "Quarters and years are financial: Q1 is April to June, and 2016/17 begins in April 2016."
            " “Now” is the last complete day of the snapshot, never today, so that every figure can be made again."
        ),
        _(
            "The latest {months} months are provisional. Reports arrive late and outcomes later still,"
            " so their figures grow."
        ).format(months=months),
        _("Where recording changed on a known day, no percentage is given across it. The days are listed below."),
    ]


def _areas() -> list[str]:
    return [
        _(
            "An area is known by its code and by the days between which it existed. Trafford has had two sets of"
            " 21 wards; some names are in both, but the areas are not the same. An incident stands in the area that"
            " its place lies in."
        ),
        _(
            "Outlines marked as approximate are drawn from the places where people live and are good for finding"
            " one's way only. They are replaced by loading official boundaries."
        ),
        _("An incident without a place is in the total and in no area; maps say how many there are."),
    ]


def _intervals() -> list[str]:
    return [
        _(
            "A count could have come out differently by chance. The 95% interval says by how much:"
            " for counts and rates by the Poisson distribution, for shares by Wilson's method,"
            " for two counts by the exact test of their ratio."
        ),
        _(
            "A change is called clear where its interval leaves out no change."
            " Of twenty rows that did not change at all, one will look clear all the same."
        ),
        _("Incidents that come in bunches, such as one offender's, make the true range wider than the one shown."),
    ]


def _hotspots() -> list[str]:
    return [
        _(
            "Clusters are found by Gi* (Getis and Ord 1992, 1996): what lies in a place and around it, beside what lies"
            " everywhere. Where residents are counted, smoothed rates are compared (Marshall 1991), else counts. All"
            " places are tested at once, so p values are adjusted (Benjamini and Hochberg 1995): of the places that"
            " stand out, at most 5% are expected to be false."
        ),
        _(
            "Places unlike their neighbours are found by local Moran (Anselin 1995). Chance is judged exactly: by how"
            " many of all draws of as many places from the map add up to as much, or as little. Density is a quartic"
            " kernel surface; relative risk divides one surface by another. Classes of emerging hotspots follow the"
            " published definitions, by Gi* in each quarter and the Mann-Kendall test."
        ),
        _(
            "Whether hotspots hold is tried on what is known: the tenth of the land that was hottest a year earlier is"
            " held against the incidents of the period. PAI is its share of incidents over its share of the land, PEI"
            " its share over that of the best choice, RRI its share over its share the year before."
        ),
        _(
            "Near repeats are counted by the Knox test with random dates. Clusters in space and time are found by"
            " Kulldorff's scan statistic, with as many random maps as are stated; its recurrence interval says how"
            " often chance alone would bring such a cluster."
        ),
        _(
            "On the list of unknown hotspots, confident means that of lists in which there is nothing to find, fewer"
            " than 2 in 100 would have any such entry. Fewer reports than expected may mean fear and not safety."
        ),
    ]


def _small() -> list[str]:
    return [
        _(
            "Where fewer than {n} cases stand behind it, no percentage is given. A rate per 1,000 residents says"
            " little of a town centre, where those present are not those who live there."
        ).format(n=SMALL),
        _(
            "Analysts see exact figures, which do not leave the room. Partners and the public are given counts of which"
            " the small ones are withheld, and others that would give them away; the page on data protection says how."
        ),
    ]


def _centres() -> list[str]:
    bands = join([km(metres) for metres in settings().coverage_bands])
    return [
        _(
            "How far an incident is from the nearest open centre is taken to be {detour} times the straight line;"
            " the distances shown are {bands}. Rivers, motorways and buses are not considered,"
            " and people may prefer a centre far from home."
        ).format(detour=number(settings().detour, 1), bands=bands),
        _(
            "What a centre could be expected to take follows the incidents nearest to it."
            " Silence is called a surprise where chance alone would hardly bring it about,"
            " and a centre that sent no return is not called silent."
        ),
    ]


def _referrals() -> list[str]:
    return [
        _(
            "Referrals are counted by the day they were received and where the person lives."
            " A referral can concern an incident recorded elsewhere, earlier or not at all,"
            " so the ratio of the two is a sign and not a rate."
        ),
        _("Working days leave out weekends and bank holidays. Shares in time are of those who agreed to be contacted."),
    ]


def _limits() -> list[str]:
    return [
        _(
            "A rise in reports can mean more harm, or more confidence to report it. The figures cannot tell the two"
            " apart, and no colour here calls more reports good or bad."
        ),
        _("Events shaded behind a trend are context. What happened before a rise need not be its cause."),
        _("Where incidents were recorded is not where people who are targeted live, nor where they feel unsafe."),
    ]
