"""Which cells are withheld: the small ones, and as many others as it takes that nobody can work the small ones out."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import pandas as pd

from hatecrime.i18n import _
from hatecrime.protect.attack import parts
from hatecrime.protect.audience import Audience
from hatecrime.protect.cells import System
from hatecrime.protect.plan import FIRST_MONTH, YEAR
from hatecrime.protect.programs import NEAR
from hatecrime.settings import SettingsError

# How far from its true count a cell may be pushed, in thresholds: a nearer wall only makes the search stricter.
REACH = 8
# Counts that differ by less than so many thresholds are about the same size.
STEP = 2
# What a rolling year is worth beside other cells.
LEAST = 0.02


@dataclass(frozen=True)
class Suppression:
    """hidden: by cell, whether it is withheld; primary: whether its own count is the reason."""

    hidden: np.ndarray
    primary: np.ndarray
    programs: int


def suppressed(system: System, audience: Audience, complementary: bool = True, secret: bytes = b"") -> Suppression:
    """
    The cells to withhold, so that every small count can still be anything in an interval as wide as the threshold.

    Cells that are not offered are never shown, and are small counts to protect like the others. What an attacker
    knows anyway is not protected. Without complementary: only the small counts, which does not protect them. The secret
    decides among counts of about one size: whoever knew the order could tell from what is withheld how small it is.
    """
    known = system.cells["known"].to_numpy(bool)
    primary = np.isin(system.n, audience.withheld)
    hidden = primary | ~system.cells["offered"].to_numpy(bool)
    costs = _costs(system, audience, secret)
    search = _Search(system, audience, known, system.to_protect(audience), hidden, costs)
    if complementary and audience.method == "suppress":
        search.run()
    return Suppression(search.hidden, primary, search.programs)


def known_bounds(system: System, audience: Audience, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    What the published figures say of each cell by itself.

    A shown count is what it is, or anything that rounds to it. A withheld one is at least 1 where zeros are shown,
    unless it is a zero that had to be withheld too; that the attacker knows which these are makes him stronger than
    anybody is.
    """
    n, known = system.n, system.cells["known"].to_numpy(bool)
    low, high = shown_bounds(n, audience)
    offered = system.cells["offered"].to_numpy(bool)
    least = np.minimum(n, 1) * offered if audience.zeros else np.zeros(len(n), dtype="int64")
    low, high = np.where(hidden, least, low), np.where(hidden, np.inf, high)
    return np.where(known, n, low).astype(float), np.where(known, n, high).astype(float)


def shown_bounds(n: np.ndarray, audience: Audience) -> tuple[np.ndarray, np.ndarray]:
    """What the rounded form of a count says of it."""
    base = audience.rounding
    shown = rounded(n, base)
    low, high = shown - base // 2, shown + (base - 1) // 2
    small = shown < audience.threshold
    return np.where(small, n, np.maximum(low, audience.threshold)), np.where(small, n, high)


def rounded(n: np.ndarray, base: int) -> np.ndarray:
    """
    To the nearest multiple; halves go up.

    >>> rounded(np.array([5, 7, 8, 12]), 5).tolist()
    [5, 5, 10, 10]
    """
    return (n + base // 2) // base * base


class _Search:
    """Withholds more and more cells until the attacker is held off everywhere."""

    def __init__(
        self,
        system: System,
        audience: Audience,
        known: np.ndarray,
        sensitive: np.ndarray,
        hidden: np.ndarray,
        costs: np.ndarray,
    ) -> None:
        self.system, self.audience = system, audience
        self.known, self.sensitive, self.hidden = known, sensitive.copy(), hidden.copy()
        self.rows, self.columns = system.relations, system.relations.tocsc()
        # The true table is the first that fits all that is published. What fits once fits when more is withheld.
        self.low, self.high = system.n.astype(float), system.n.astype(float)
        self.programs = 0
        self.costs = costs

    def run(self) -> None:
        """Relation by relation, then against the attacker."""
        self._settle(range(self.rows.shape[0]))
        self._refuse_if_too_many()
        exposed = self._exposed()
        if len(exposed):
            self._give_up()
            exposed = self._unproven()
        while len(exposed):
            added = sorted({cell for each in exposed for cell in self._next_to(int(each))})
            if not added:
                return
            self.hidden[added] = True
            self._settle(sorted({row for cell in added for row in self._rows_of(cell)}))
            self._refuse_if_too_many()
            exposed = self._exposed()

    def _give_up(self) -> None:
        """Do not withhold everything for the sake of counts that published totals give away whatever is withheld."""
        seen = self.low.copy(), self.high.copy()
        self.sensitive[self._given_away()] = False
        self.low, self.high = seen

    def _settle(self, rows: Iterable[int]) -> None:
        """No relation with a single withheld cell, or with too little left open among them."""
        if self.audience.rounding > 1:
            return
        waiting = list(rows)[::-1]
        while waiting:
            row = waiting.pop()
            while (cell := self._missing(row)) is not None:
                self.hidden[cell] = True
                waiting += [each for each in self._rows_of(cell) if each != row]

    def _missing(self, row: int) -> int | None:
        """The cell to withhold next, so that a relation alone gives nothing away; None where it does not."""
        if not np.isfinite(self.system.lower[row]):
            return None
        span = slice(self.rows.indptr[row], self.rows.indptr[row + 1])
        cells, signs = self.rows.indices[span], self.rows.data[span]
        withheld = self.hidden[cells] & ~self.known[cells]
        if not withheld.any():
            return None
        total_withheld = withheld[signs < 0].any()
        if withheld.sum() > 1 and (total_withheld or self._slack(cells[withheld]) >= self.audience.threshold):
            return None
        return self._cheapest(cells, zeros=False)

    def _slack(self, cells: np.ndarray) -> int:
        n = self.system.n[cells]
        if not self.audience.zeros:
            return int(n.sum())
        return int((n - np.minimum(n, 1) * self.system.cells["offered"].to_numpy()[cells]).sum())

    def _cheapest(self, cells: np.ndarray, zeros: bool) -> int | None:
        """The smallest shown cell; one that holds records, unless zeros are asked for."""
        shown = cells[~self.hidden[cells] & ~self.known[cells] & ((self.system.n[cells] > 0) | zeros)]
        return int(shown[np.argmin(self.costs[shown])]) if len(shown) else None

    def _rows_of(self, cell: int) -> list[int]:
        span = slice(self.columns.indptr[cell], self.columns.indptr[cell + 1])
        return [int(row) for row in self.columns.indices[span]]

    def _exposed(self) -> np.ndarray:
        """The small counts that the attacker bounds too tightly."""
        return self._bounded(*known_bounds(self.system, self.audience, self.hidden))

    def _given_away(self) -> np.ndarray:
        """The small counts that would be bounded too tightly even if nothing were shown."""
        return self._bounded(*known_bounds(self.system, self.audience, np.ones_like(self.hidden)))

    def _bounded(self, known_low: np.ndarray, known_high: np.ndarray) -> np.ndarray:
        wall = np.minimum(known_high, self.system.n + REACH * self.audience.threshold)
        for part in parts(self.system, known_low, wall, self._unproven()):
            self.programs += part.widen(self.low, self.high, self.audience.threshold)
        return self._unproven()

    def _unproven(self) -> np.ndarray:
        """The small counts for which no tables far enough apart were found, though both fit all that is published."""
        width = np.floor(self.high + NEAR) - np.ceil(self.low - NEAR)
        return np.flatnonzero(self.sensitive & (width < self.audience.threshold))

    def _next_to(self, cell: int) -> list[int]:
        """What to withhold for an exposed cell: the smallest shown in its relations, a zero last; else further on."""
        seen, edge = {cell}, [cell]
        while edge:
            near = np.unique([each for one in edge for row in self._rows_of(one) for each in self._in(row)])
            for zeros in (False, True):
                found = self._cheapest(near, zeros)
                if found is not None:
                    return [found]
            edge = [int(each) for each in near if int(each) not in seen and self.hidden[each]]
            seen.update(edge)
        return []

    def _in(self, row: int) -> np.ndarray:
        return self.rows.indices[self.rows.indptr[row] : self.rows.indptr[row + 1]]

    def _refuse_if_too_many(self) -> None:
        withheld = int(self.hidden.sum())
        if withheld > self.audience.most_cells:
            sentence = _(
                "{n} cells would have to be withheld for the audience “{name}”, and at most {most} can be worked out. "
                'Offer fewer areas, periods or characteristics in data/settings.toml, or set method = "cell_key".'
            )
            raise SettingsError(sentence.format(n=withheld, name=self.audience.name, most=self.audience.most_cells))


def _costs(system: System, audience: Audience, secret: bytes) -> np.ndarray:
    """
    How much is lost with each cell: its records, in steps, and within a step by chance that only the secret knows.

    A rolling year is the sum of quarters that are mostly shown, so it goes first; otherwise one small quarter would
    draw a second one out of every year that it is part of.
    """
    cells = system.cells
    size = system.n // (STEP * max(audience.threshold, 1)) + _chances(cells, secret)
    between = (cells["months"] == YEAR) & (cells["start"].dt.month != FIRST_MONTH)
    return np.where(between, size * LEAST, size)


def _chances(cells: pd.DataFrame, secret: bytes) -> np.ndarray:
    """A number from 0 to 1 for each cell, the same for ever."""
    columns = (cells[name].astype("str") for name in ("measure", "level", "area", "start", "months", "by", "code"))
    names = ("|".join(each) for each in zip(*columns, strict=True))
    marks = (blake2b(name.encode(), digest_size=8, key=secret[:64], person=b"withheld").digest() for name in names)
    return np.array([int.from_bytes(mark, "big") / 2**64 for mark in marks])
