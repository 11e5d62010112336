"""The answer of the reporting-centres page: what is within reach, what is not, and which centre is silent."""

from collections.abc import Mapping, Sequence

from hatecrime.i18n import _, ngettext, number
from hatecrime.stats.coverage import Band, Coverage
from hatecrime.stats.expected import Surprise, Verdict
from hatecrime.words.numbers import SMALL, incidents, join, km, sentences, share


def answer(
    coverage: Coverage,
    open_centres: int,
    without: Sequence[str] = (),
    reports: Mapping[str, Surprise] | None = None,
    reach: float | None = None,
) -> str:
    """
    What share of incidents a centre is near to, which places have no centre, and which centres are silent.

    without names the places in view that have no open centre; reports holds each open centre's reports beside
    those expected; reach is the band to speak of, in metres, the middle one where left out.
    """
    return sentences(
        _distances(coverage, open_centres, reach),
        _places(without),
        *_silence(reports or {}),
    )


def _distances(coverage: Coverage, open_centres: int, reach: float | None) -> str:
    if coverage.total == 0:
        return _("No incident with a known place is recorded, so no distance can be given.")
    if open_centres == 0:
        return _("No centre is open, so no distance can be given for {incidents}.").format(
            incidents=incidents(coverage.total)
        )
    band = _band(coverage, reach)
    message = ngettext(
        "{n} centre is open. Within {near} of it, {measure}: {inside} of {incidents}; over {far} from it: {outside}.",
        "{n} centres are open. Within {near} of one, {measure}: {inside} of {incidents};"
        " over {far} from all: {outside}.",
        open_centres,
    )
    return message.format(
        n=number(open_centres),
        near=km(band.metres),
        far=km(coverage.outside.metres),
        measure=_measure(coverage.detour),
        inside=_part(band, coverage.total),
        outside=_part(coverage.outside, coverage.total),
        incidents=incidents(coverage.total),
    )


def _band(coverage: Coverage, reach: float | None) -> Band:
    if reach is None:
        return coverage.bands[len(coverage.bands) // 2]
    return next(band for band in coverage.bands if band.metres == reach)


def _measure(detour: float) -> str:
    if detour == 1:
        return _("in a straight line")
    return _("taking journeys to be {detour} times the straight line").format(detour=number(detour, 1))


def _part(band: Band, total: float) -> str:
    return number(band.n) if band.n > 0 and total < SMALL else share(band.n, total)


def _places(without: Sequence[str]) -> str:
    if not without:
        return ""
    message = ngettext(
        "A place without an open centre: {names}.", "Places without an open centre: {names}.", len(without)
    )
    return message.format(names=join(without))


def _silence(reports: Mapping[str, Surprise]) -> tuple[str, str, str]:
    silent = {name: surprise for name, surprise in reports.items() if surprise.observed == 0}
    if not silent:
        return "", "", ""
    message = ngettext("{n} centre took no report.", "{n} centres took no report.", len(silent))
    return message.format(n=number(len(silent))), _surprising(silent), _unsurprising(silent)


def _surprising(silent: Mapping[str, Surprise]) -> str:
    names = _named(silent, "fewer")
    message = ngettext(
        "For {names} that is fewer than expected from the incidents nearest to it.",
        "For {names} that is fewer than expected from the incidents nearest to them.",
        len(names),
    )
    return message.format(names=join(names)) if names else ""


def _unsurprising(silent: Mapping[str, Surprise]) -> str:
    names = _named(silent, "cannot_tell")
    message = _("For {names} so few were expected that silence tells nothing.")
    return message.format(names=join(names)) if names else ""


def _named(silent: Mapping[str, Surprise], verdict: Verdict) -> list[str]:
    return [name for name, surprise in silent.items() if surprise.verdict == verdict]
