"""What each protected audience is offered, and how it is protected: [audience.*] of data/settings.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hatecrime.access import AUDIENCES
from hatecrime.i18n import _
from hatecrime.settings import SettingsError, settings

METHODS = ("exact", "suppress", "cell_key")
# From the coarsest to the finest: nothing finer than a ward is ever offered to these audiences.
LEVELS = ("region", "force", "district", "locality", "ward")
PERIODS = ("month", "quarter", "year", "rolling")
CHARACTERISTICS: Mapping[str, tuple[str, ...]] = {
    "incidents": ("kind", "strand", "crime_group"),
    "referrals": ("route_group", "strand"),
}
REFERRAL_LEVELS = ("force", "district")
LEAST_THRESHOLD = 3
MOST_CELLS = 20_000


@dataclass(frozen=True)
class Offer:
    """One measure by area and period: its total, and one characteristic at a time."""

    measure: str
    level: str
    period: str
    by: tuple[str, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """The characteristics, the total ("") first."""
        return ("", *self.by)


@dataclass(frozen=True)
class Audience:
    """
    How figures are protected for people who may not see exact ones.

    Counts below the threshold are withheld, zero too unless zeros are shown; what is shown is rounded to a
    multiple of rounding. most_cells: how many cells may be withheld before the work is refused.
    """

    name: str
    method: str
    threshold: int
    zeros: bool
    rounding: int
    most_cells: int
    offers: tuple[Offer, ...]

    @property
    def withheld(self) -> range:
        """The counts that are withheld because they are small."""
        if self.method == "exact":
            return range(0)
        return range(1 if self.zeros else 0, self.threshold)


def audience(name: str) -> Audience:
    """The settings of one protected audience. Raises SettingsError where there is none, or it cannot be used."""
    known = settings().audiences
    if name not in known:
        sentence = _("data/settings.toml has no protected audience “{name}”; it has {known}.")
        raise SettingsError(sentence.format(name=name, known=", ".join(sorted(known)) or "—"))
    return _Reader(name, known[name]).audience()


def more_trusted(name: str) -> tuple[str, ...]:
    """The protected audiences of the settings that may see more than this one."""
    order = AUDIENCES[1:]
    before = order[: order.index(name)] if name in order else ()
    return tuple(each for each in before if each in settings().audiences)


class _Reader:
    """Reads the settings of one audience, and refuses in words what would not protect."""

    def __init__(self, name: str, raw: Mapping[str, Any]) -> None:
        self.name, self.raw = name, raw

    def audience(self) -> Audience:
        self._only(self.raw, ("method", "threshold", "zeros", "rounding", "most_cells", "offer"))
        method = self._one_of("method", self.raw.get("method"), METHODS)
        threshold = self._whole("threshold", self.raw.get("threshold"), 0 if method == "exact" else LEAST_THRESHOLD)
        rounding = self._whole("rounding", self.raw.get("rounding", 1), 1)
        zeros = self.raw.get("zeros")
        if not isinstance(zeros, bool):
            raise self._refusal(_("“zeros” must be true or false."))
        if method == "cell_key" and rounding > 1:
            raise self._refusal(_("“rounding” must be 1: the cell-key method perturbs every count already."))
        if rounding // 2 >= max(threshold, 1):
            raise self._refusal(
                _("“rounding” must be at most twice the threshold, or what is shown would look like 0.")
            )
        most_cells = self._whole("most_cells", self.raw.get("most_cells", MOST_CELLS), 1)
        return Audience(self.name, method, threshold, zeros, rounding, most_cells, self._offers())

    def _offers(self) -> tuple[Offer, ...]:
        raw = self.raw.get("offer", [])
        if not isinstance(raw, list) or not all(isinstance(each, Mapping) for each in raw):
            raise self._refusal(_("“offer” must be a list of tables, each under [[audience.{name}.offer]]."))
        offers = tuple(offer for each in raw for offer in self._offer(each))
        places = [(offer.measure, offer.level, offer.period) for offer in offers]
        twice = sorted({" ".join(place) for place in places if places.count(place) > 1})
        if twice:
            raise self._refusal(_("These are offered twice: {twice}."), twice=", ".join(twice))
        return offers

    def _offer(self, raw: Mapping[str, Any]) -> list[Offer]:
        """One table of the file; it may name several periods."""
        self._only(raw, ("measure", "level", "period", "by"))
        measure = self._one_of("measure", raw.get("measure"), tuple(CHARACTERISTICS))
        level = self._one_of("level", raw.get("level"), LEVELS if measure == "incidents" else REFERRAL_LEVELS)
        periods = raw.get("period")
        listed = periods if isinstance(periods, list) else [periods]
        by = raw.get("by", [])
        if not isinstance(by, list):
            raise self._refusal(_("“by” must be a list of characteristics, which are offered one at a time."))
        named = tuple(self._one_of("by", each, CHARACTERISTICS[measure]) for each in by)
        if len(set(named)) < len(named):
            raise self._refusal(_("“by” names a characteristic twice."))
        return [Offer(measure, level, self._one_of("period", each, PERIODS), named) for each in listed]

    def _only(self, raw: Mapping[str, Any], known: tuple[str, ...]) -> None:
        unknown = sorted(set(raw) - set(known))
        if unknown:
            sentence = _("It does not know {unknown}; it knows {known}.")
            raise self._refusal(sentence, unknown=", ".join(unknown), known=", ".join(known))

    def _one_of(self, key: str, value: object, known: tuple[str, ...]) -> str:
        if isinstance(value, str) and value in known:
            return value
        sentence = _("“{key}” is {value}, and must be one of {known}.")
        raise self._refusal(sentence, key=key, value=repr(value), known=", ".join(known))

    def _whole(self, key: str, value: object, least: int) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        sentence = _("“{key}” is {value}, and must be a whole number of at least {least}.")
        raise self._refusal(sentence, key=key, value=repr(value), least=least)

    def _refusal(self, sentence: str, **values: object) -> SettingsError:
        opening = _("data/settings.toml, audience “{name}”:").format(name=self.name)
        return SettingsError(f"{opening} {sentence.format(name=self.name, **values)}")
