"""Classes of a map: few, chosen from the data, and stated."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

MOST_CLASSES = 5
# Breaks are looked for among so many values at most: the cost grows with their square.
MOST_VALUES = 400


@dataclass(frozen=True)
class Classes:
    """Classes from low to high: each with its label; zero is a class of its own where it occurs."""

    upper: tuple[float, ...]
    labels: tuple[str, ...]
    has_zero: bool

    def of(self, value: float) -> int | None:
        """The number of the class of a value, 0 being the lowest; none for a missing value."""
        if np.isnan(value):
            return None
        return int(np.searchsorted(self.upper, value, side="left"))


def natural(values: Sequence[float], decimals: int = 0, most: int = MOST_CLASSES) -> Classes:
    """
    Natural breaks: classes within which values differ as little as they can (Fisher 1958).

    Zero, where it occurs, is a class of its own: nothing recorded is not the same as little.

    >>> natural([0, 1, 2, 2, 9, 10, 40]).labels
    ('0', '1', '2', '9–10', '40')
    """
    known = np.sort(np.asarray([value for value in values if not np.isnan(value)], dtype=float))
    positive = np.round(known[known > 0], decimals)
    has_zero = bool((known == 0).any())
    groups = _groups(positive, min(most - has_zero, len(np.unique(positive))))
    labels = [_label(group[0], group[-1], decimals) for group in groups]
    # Between two classes lies the middle, so that a value rounded for its label stays in its class.
    middles = [(low[-1] + high[0]) / 2 for low, high in pairwise(groups)]
    upper = [0.0] * has_zero + middles + [float("inf")] * bool(groups)
    return Classes(tuple(upper), tuple(["0"] * has_zero + labels), has_zero)


def _groups(values: np.ndarray, k: int) -> list[np.ndarray]:
    """Sorted values in k runs; of very many values, those in equal steps through the order say where a run begins."""
    if not len(values):
        return []
    some = values[np.linspace(0, len(values) - 1, MOST_VALUES).round().astype(int)]
    found = _fisher(some if len(np.unique(values)) > MOST_VALUES else values, k)
    return np.split(values, np.searchsorted(values, [group[0] for group in found[1:]]))


def _label(low: float, high: float, decimals: int) -> str:
    first, last = f"{low:,.{decimals}f}", f"{high:,.{decimals}f}"
    return first if first == last else f"{first}–{last}"


def _fisher(values: np.ndarray, k: int) -> list[np.ndarray]:
    """The partition of sorted values into k runs with the least sum of squares, by dynamic programming."""
    if k <= 1:
        return [values] if len(values) else []
    unique, counts = np.unique(values, return_counts=True)
    cost = _costs(unique, counts)
    best, cut = cost[0].copy(), []
    for _ in range(k - 1):
        # best[j]: least cost of the first j + 1 values in the classes so far; the last class starts at i.
        options = np.full_like(cost, np.inf)
        options[1:] = best[:-1, None] + cost[1:]
        cut.append(options.argmin(axis=0))
        best = options.min(axis=0)
    return _unwind(unique, cut)


def _costs(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """cost[i, j]: sum of squares within values i to j; infinite where j comes before i."""
    zero = np.zeros(1)
    n, total, square = (np.concatenate([zero, np.cumsum(counts * values**power)]) for power in (0, 1, 2))
    weight = n[None, 1:] - n[:-1, None]
    sums, squares = total[None, 1:] - total[:-1, None], square[None, 1:] - square[:-1, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = squares - sums**2 / weight
    return np.where(weight > 0, np.maximum(cost, 0), np.inf)


def _unwind(values: np.ndarray, cut: list[np.ndarray]) -> list[np.ndarray]:
    groups, end = [], len(values)
    for starts in reversed(cut):
        start = int(starts[end - 1])
        groups.append(values[start:end])
        end = start
    return [values[:end], *reversed(groups)]
