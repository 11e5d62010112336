"""The answer of the referrals page: how many people were referred, and how many came themselves."""

from hatecrime.i18n import _, ngettext, number, percent
from hatecrime.stats.change import compare
from hatecrime.stats.intervals import wilson
from hatecrime.words.numbers import SMALL, change, interval, sentences, too_small


def answer(now: int, before: int | None, self_now: int, self_before: int | None, period: str, area: str) -> str:
    """
    How many referrals are recorded, whether that changed, and the share of self-referrals.

    >>> answer(8, 9, 1, 0, "Q1 2016/17", "Powys")[:55]
    '8 referrals are recorded for Powys (Q1 2016/17). That i'
    """
    return sentences(
        _total(now, period, area),
        change(compare(before, now)),
        _self_referrals(self_now, now),
        _self_referrals_earlier(self_now, now, self_before, before),
    )


def _total(now: int, period: str, area: str) -> str:
    if now == 0:
        return _("No referral is recorded for {area} ({period}).").format(area=area, period=period)
    message = ngettext(
        "{n} referral is recorded for {area} ({period}).",
        "{n} referrals are recorded for {area} ({period}).",
        now,
    )
    return message.format(n=number(now), area=area, period=period)


def _self_referrals(part: int, total: int) -> str:
    if total == 0:
        return ""
    if total < SMALL:
        return _("Self-referrals: {part} of {total}.").format(part=number(part), total=number(total))
    range_ = wilson(part, total)
    message = _("Self-referrals: {part} of {total}, {share} (95% interval {low} to {high}).")
    return message.format(
        part=number(part),
        total=number(total),
        share=percent(part / total, 1),
        low=percent(float(range_.low), 1),
        high=percent(float(range_.high), 1),
    )


def _self_referrals_earlier(now: int, of_now: int, before: int | None, of_before: int | None) -> str:
    if before is None or not of_now or not of_before:
        return ""
    difference = compare(before, now, of_before, of_now)
    if too_small(difference):
        return _("That is too few to tell whether their share changed.")
    earlier = percent(before / of_before, 1)
    return _share_message(difference.direction).format(earlier=earlier, interval=interval(difference))


def _share_message(direction: str) -> str:
    if direction == "more":
        return _("That is a larger share than the {earlier} of a year earlier ({interval}).")
    if direction == "fewer":
        return _("That is a smaller share than the {earlier} of a year earlier ({interval}).")
    return _("That is no clear change from the {earlier} of a year earlier ({interval}).")
