"""The answer of the quarterly page: what changed, and whether the figures add up."""

from collections.abc import Mapping
from dataclasses import dataclass

from hatecrime.i18n import _, ngettext, number
from hatecrime.stats.change import compare
from hatecrime.words.numbers import change, incidents, provisional, sentences


@dataclass(frozen=True)
class Check:
    """A figure found in a table beside the one it must equal."""

    name: str
    expected: float
    found: float

    @property
    def agrees(self) -> bool:
        """Whether the two are the same."""
        return self.expected == self.found


@dataclass(frozen=True)
class Bridge:
    """
    From incidents to strands: total incidents, less those without a strand, plus the further strands (extra)
    of those that carry more than one, are the strands counted (in_strands).
    """

    total: int
    without: int
    extra: int
    in_strands: int


def answer(
    quarter: str,
    area: str,
    now: int,
    before: int | None,
    to_date: int,
    to_date_before: int | None,
    unsettled: int = 0,
) -> str:
    """
    What the quarter and the year to date hold beside the same a year earlier; unsettled months are provisional.

    >>> answer("Q4 2016/17", "Trafford", 80, None, 365, None)[:46]
    '80 incidents are recorded for Trafford in Q4 2'
    """
    return sentences(
        _quarter(now, quarter, area),
        change(compare(before, now)),
        _("The year to date holds {incidents}.").format(incidents=incidents(to_date)),
        change(compare(to_date_before, to_date)),
        provisional(unsettled),
    )


def checks(total: int, sums: Mapping[str, float], bridge: Bridge | None = None) -> list[Check]:
    """
    One check for every table that must add up to the total, and one for the strands, given their bridge.

    sums holds the sum of each table by its name.

    >>> [check.agrees for check in checks(10, {"By kind": 10, "By channel": 9})]
    [True, False]
    """
    tables = [Check(name, total, found) for name, found in sums.items()]
    if bridge is None:
        return tables
    return [*tables, Check(_("Strands"), total - bridge.without + bridge.extra, bridge.in_strands)]


def verdict(checked: list[Check]) -> str:
    """
    Whether the figures add up, and which do not.

    >>> verdict(checks(10, {"By kind": 10, "By channel": 9}))
    '1 of 2 checks fails. By channel: 9, not 10.'
    """
    if not checked:
        return _("Nothing was checked.")
    failed = [check for check in checked if not check.agrees]
    if not failed:
        message = ngettext("The one check agrees.", "All {n} checks agree.", len(checked))
        return message.format(n=number(len(checked)))
    message = ngettext("{failed} of {n} checks fails.", "{failed} of {n} checks fail.", len(failed))
    heading = message.format(failed=number(len(failed)), n=number(len(checked)))
    return sentences(heading, *(_difference(check) for check in failed))


def bridge(steps: Bridge) -> str:
    """
    Why the strands add up to another number than the incidents.

    >>> bridge(Bridge(total=365, without=5, extra=25, in_strands=385))[:38]
    'The strands add up to 385: 365 inciden'
    """
    message = _(
        "The strands add up to {in_strands}: {incidents}, less {without} without a recorded strand,"
        " plus {extra} for further strands of the same incidents."
    )
    return message.format(
        in_strands=number(steps.in_strands),
        incidents=incidents(steps.total),
        without=number(steps.without),
        extra=number(steps.extra),
    )


def _quarter(now: int, quarter: str, area: str) -> str:
    if now == 0:
        return _("No incident is recorded for {area} in {quarter}.").format(area=area, quarter=quarter)
    message = ngettext(
        "{n} incident is recorded for {area} in {quarter}.",
        "{n} incidents are recorded for {area} in {quarter}.",
        now,
    )
    return message.format(n=number(now), area=area, quarter=quarter)


def _difference(check: Check) -> str:
    return _("{name}: {found}, not {expected}.").format(
        name=check.name, found=number(check.found), expected=number(check.expected)
    )
