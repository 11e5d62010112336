"""What a hotspot map has to choose: sane values for each choice, and which they are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

SQUARE, HEXAGON = "square", "hexagon"
SHAPES = (SQUARE, HEXAGON)
SIZES = (100, 200, 250, 500, 1000, 2000, 5000, 10000)
# More cells than this are slow to draw and too small to read.
MOST_CELLS = 20_000
PERMUTATIONS = 999
SEED = 2017


@dataclass(frozen=True)
class Choices:
    """
    How places are cut and compared.

    level: a level of areas, "square" or "hexagon"; size: metres across a cell; base: the population group that rates
    count against; neighbours: "touching", or "nearest" for the reach nearest places; bandwidth: metres that an incident
    reaches on a surface; permutations: 0 for significance by all draws; seed: of whatever is drawn by chance.
    """

    level: str
    size: int = 0
    base: str = "all"
    neighbours: str = "touching"
    reach: int = 6
    bandwidth: int = 0
    permutations: int = 0
    seed: int = SEED

    @property
    def has_cells(self) -> bool:
        """Whether places are cells and not areas."""
        return self.level in SHAPES


def sizes(area_km2: float) -> tuple[int, ...]:
    """
    Metres across a cell that can be chosen for a piece of land: no more than MOST_CELLS cover it.

    >>> sizes(106), sizes(20_800)
    ((100, 200, 250, 500, 1000, 2000, 5000, 10000), (2000, 5000, 10000))
    """
    fine_enough = [size for size in SIZES if area_km2 * 1e6 / size**2 <= MOST_CELLS]
    return tuple(fine_enough) or SIZES[-1:]


def sane_size(area_km2: float, incidents: int, offered: Sequence[int]) -> int:
    """
    The offered size nearest to that of a cell which holds two incidents, were they spread evenly: √(2 × area / n).

    Reference: Griffith and Amrhein 1991, Statistical Analysis for Geographers, on the size of quadrats.

    >>> sane_size(106, 365, sizes(106)), sane_size(106, 0, sizes(106))
    (1000, 10000)
    """
    wanted = 1000 * math.sqrt(2 * area_km2 / incidents) if incidents else math.inf
    return min(offered, key=lambda size: abs(math.log(size) - math.log(min(wanted, 1e6))))
