"""The windows a scan looks through: circles of places, and spans of time."""

import numbers
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Spell = Literal["retrospective", "prospective"]

# The mean radius of the Earth, IUGG: (2 × equatorial + polar) / 3.
EARTH_METRES = 6_371_008.8
# Distances that differ by less than this share of the widest are one distance; shares of people likewise.
SAME = 1e-10
# Numbers worked on at once: a few megabytes stay near the processor.
AT_ONCE = 300_000
# Names each place in the fingerprint of a circle; any constant does, as only equality is asked.
FINGERPRINTS = 20_170_601


@dataclass(frozen=True)
class Circles:
    """
    Every circle centred on a place and growing from place to place, each set of places once.

    order holds, for each centre, the places from the nearest on. Circle m holds the places up to position
    last[m] in the order of centre[m]; radius is the distance of the farthest of them, size their share of all
    people. Circles of one centre lie side by side. A set of places can be a circle around several centres: own_circle
    lists the circles of every centre, also those that are smaller around another one, and own_centre whose each is.
    """

    order: Places
    centre: Places
    last: Places
    radius: Floats
    size: Floats
    own_centre: Places
    own_circle: Places

    @classmethod
    def around(cls, x: Floats, y: Floats, size: Floats, most: float, geographic: bool) -> "Circles":
        """The circles that hold at most that share of all; of those that hold the same places, the smallest."""
        distance = _great_circle(x, y) if geographic else np.hypot(x[:, None] - x, y[:, None] - y)
        order = np.argsort(distance, axis=1, kind="stable")
        distance = np.take_along_axis(distance, order, axis=1)
        same = SAME * distance.max(initial=0)
        held = np.cumsum(size[order], axis=1)
        ends = held <= most + SAME
        # A circle is complete where the next place is farther, not where it is as far.
        ends[:, :-1] &= np.diff(distance, axis=1) > same
        centre, last = np.nonzero(ends)
        radius = distance[centre, last]
        chosen, own = _one_of_each(_fingerprints(order)[centre, last], np.round(radius / max(same, SAME)))
        owner, centre, last, radius = centre, centre[chosen], last[chosen], radius[chosen]
        widest = int(last.max(initial=-1)) + 1
        return cls(order[:, :widest], centre, last, radius, held[centre, last], owner, own)

    def places(self, circle: int) -> Places:
        return self.order[self.centre[circle], : self.last[circle] + 1]

    def of_each_centre(self) -> Iterator[Places]:
        """The circles around each centre that has any."""
        starts = np.flatnonzero(np.diff(self.own_centre, prepend=-1))
        return (own for own in np.split(self.own_circle, starts[1:]) if len(own))

    def by_centre(self, at_most: int) -> Iterator[tuple[slice, Places, Places]]:
        """By centre, so many circles at once: which they are, the places they reach, and where each one ends."""
        starts = np.searchsorted(self.centre, np.arange(len(self.order) + 1)).tolist()
        for centre, (start, stop) in enumerate(pairwise(starts)):
            for begin in range(start, stop, at_most):
                own = slice(begin, min(begin + at_most, stop))
                last = self.last[own]
                yield own, self.order[centre, : last[-1] + 1], last

    def ranks(self) -> Places:
        """By centre and place, the place's position in the order of the centre; too far for any circle, the count."""
        rank = np.full((len(self.order), len(self.order)), len(self.order), dtype=np.intp)
        np.put_along_axis(rank, self.order, np.arange(self.order.shape[1])[None, :], axis=1)
        return rank


@dataclass(frozen=True)
class Spans:
    """Spans of time steps from `first` to `last`, both inside; the shorter before the longer, then by time."""

    first: Places
    last: Places

    @classmethod
    def within(cls, steps: int, spell: Spell, shortest: int, longest: float) -> "Spans":
        """A whole number for the longest means steps, any other a share of the study."""
        if shortest < 1:
            raise ValueError("A span lasts at least one time step.")
        whole = isinstance(longest, numbers.Integral)
        limit = int(longest) if whole else max(shortest, int(longest * steps + SAME))
        lengths = range(shortest, min(limit, steps) + 1)
        alive = spell == "prospective"
        pairs = [(s, s + k - 1) for k in lengths for s in range(steps - k if alive else 0, steps - k + 1)]
        first, last = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
        return cls(first, last)

    @property
    def count(self) -> int:
        return len(self.first)

    @property
    def rows(self) -> int:
        """How many circles to look at together, through all spans."""
        return max(1, AT_ONCE // max(1, self.count))

    def totals(self, values: Floats) -> Floats:
        """The sum over each span of values by row and time step."""
        run = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
        return np.asarray(run[:, self.last + 1] - run[:, self.first])


def _great_circle(longitude: Floats, latitude: Floats) -> Floats:
    """The haversine formula, which is exact for small distances too; metres."""
    east, north = np.radians(longitude), np.radians(latitude)
    across = np.sin((east[:, None] - east) / 2) ** 2 * (np.cos(north)[:, None] * np.cos(north))
    half = np.sin((north[:, None] - north) / 2) ** 2 + across
    return np.asarray(2 * EARTH_METRES * np.arcsin(np.sqrt(np.minimum(half, 1))))


def _fingerprints(order: Places) -> NDArray[np.uint64]:
    """A number for the places up to each position, whatever their order."""
    names = np.random.default_rng(FINGERPRINTS).integers(0, 2**63, size=len(order), dtype=np.uint64)
    return np.asarray(np.bitwise_xor.accumulate(names[order], axis=1))


def _one_of_each(fingerprint: NDArray[np.uint64], radius: Floats) -> tuple[Places, Places]:
    """The position, in ascending order, of the smallest circle of each fingerprint; and which of them each one is."""
    ranked = np.lexsort((radius, fingerprint))
    first = np.ones(len(ranked), dtype=bool)
    first[1:] = fingerprint[ranked][1:] != fingerprint[ranked][:-1]
    chosen = np.sort(ranked[first])
    which = np.empty(len(ranked), dtype=np.intp)
    which[ranked] = np.searchsorted(chosen, ranked[first])[np.cumsum(first) - 1]
    return chosen, which
