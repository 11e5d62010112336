"""
Somebody who adds and subtracts whatever an audience can reach, and bounds what is withheld.

The attacker's knowledge is a polytope: the relations between the cells, and an interval for each. A linear program
finds the least and the greatest value of a cell in it.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from hatecrime.protect.cells import System
from hatecrime.protect.programs import NEAR, program, solved

# Many cells are pushed at once for as long as each push shows so many of them to be wide enough.
WORTHWHILE = 2
# Nobody takes a withheld count for more than this, where nothing else bounds it.
MOST = 1e6


@dataclass(frozen=True)
class Bounds:
    """What the attacker knows of each sensitive cell: low <= n <= high; and how many programs that took."""

    cells: np.ndarray
    low: np.ndarray
    high: np.ndarray
    programs: int

    @property
    def width(self) -> np.ndarray:
        """How much is left open, in whole numbers."""
        return self.high - self.low


def attack(
    system: System, known_low: np.ndarray, known_high: np.ndarray, sensitive: np.ndarray, enough: int | None = None
) -> Bounds:
    """
    The bounds of the sensitive cells (their numbers), given what is known of each cell by itself.

    enough: where an interval is at least that wide, its ends are not looked for; low and high are then values that
    the cell can take, so the true interval is no narrower. None: two programs for every cell, and nothing else.
    """
    low, high = np.full(len(known_low), np.inf), np.full(len(known_low), -np.inf)
    known_high = np.minimum(known_high, np.maximum(known_low, MOST))
    fixed = known_low == known_high
    low[fixed] = high[fixed] = known_low[fixed]
    programs = sum(
        part.widen(low, high, enough) for part in parts(system, known_low, known_high, sensitive[~fixed[sensitive]])
    )
    return Bounds(sensitive, np.ceil(low[sensitive] - NEAR), np.floor(high[sensitive] + NEAR), programs)


@dataclass(frozen=True)
class Part:
    """Open cells that hang together through relations; sensitive are the places of those that matter."""

    cells: np.ndarray
    sensitive: np.ndarray
    matrix: sparse.csc_array
    rows: tuple[np.ndarray, np.ndarray]
    columns: tuple[np.ndarray, np.ndarray]

    def widen(self, low: np.ndarray, high: np.ndarray, enough: int | None) -> int:
        """Widen low and high, by cell of the system, by the values its cells can take; the programs it took."""
        made = program(self.matrix, self.rows, self.columns)
        programs = 0

        def push(places: np.ndarray, costs: np.ndarray) -> None:
            nonlocal programs
            found = solved(made, len(self.cells), places, costs)
            low[self.cells] = np.minimum(low[self.cells], found)
            high[self.cells] = np.maximum(high[self.cells], found)
            programs += 1

        # Drawn at random, but always the same: an answer does not depend on luck.
        draw = np.random.default_rng(len(self.cells))
        left, gain = self._narrow(low, high, enough), WORTHWHILE
        while enough is not None and len(left) > WORTHWHILE and gain >= WORTHWHILE:
            costs = draw.exponential(size=len(left)) * draw.choice([-1.0, 1.0], len(left))
            for sign in (1.0, -1.0):
                push(left, sign * costs)
            after = self._narrow(low, high, enough)
            left, gain = after, len(left) - len(after)
        for place in left:
            for sign in (-1.0, 1.0):
                if len(self._narrow(low, high, enough, np.array([place]))):
                    push(np.array([place]), np.array([sign]))
        return programs

    def _narrow(
        self, low: np.ndarray, high: np.ndarray, enough: int | None, places: np.ndarray | None = None
    ) -> np.ndarray:
        """The sensitive cells that were not seen far enough apart; all of them, if there is no far enough."""
        places = self.sensitive if places is None else places
        if enough is None:
            return places
        cells = self.cells[places]
        return places[np.floor(high[cells] + NEAR) - np.ceil(low[cells] - NEAR) < enough]


def parts(system: System, known_low: np.ndarray, known_high: np.ndarray, sensitive: np.ndarray) -> list[Part]:
    """The parts that hold a sensitive cell; what is fixed is moved to the other side of the relations."""
    free = np.flatnonzero(known_low < known_high)
    moved = system.relations @ np.where(known_low < known_high, 0.0, known_low)
    lower, upper = system.lower - moved, system.upper - moved
    matrix = system.relations.tocsc()[:, free]
    wanted = np.zeros(len(known_low), dtype=bool)
    wanted[sensitive] = True
    made = []
    for columns in _components(matrix):
        cells = free[columns]
        if wanted[cells].any():
            block = matrix[:, columns]
            rows = np.unique(block.indices)
            block = block.tocsr()[rows].tocsc()
            places = np.flatnonzero(wanted[cells])
            made.append(Part(cells, places, block, (lower[rows], upper[rows]), (known_low[cells], known_high[cells])))
    return made


def _components(matrix: sparse.csc_array) -> list[np.ndarray]:
    """The columns that hang together."""
    if not matrix.shape[1]:
        return []
    graph = sparse.block_array([[None, abs(matrix)], [abs(matrix).T, None]])
    member = csgraph.connected_components(graph, directed=False)[1][matrix.shape[0] :]
    order = np.argsort(member, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(member[order])) + 1)
