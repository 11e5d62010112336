"""Random draws that depend on the seed and a name alone, so that parts never disturb one another."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Codes = NDArray[np.str_]
Days = NDArray[Any]  # numpy dates: the stubs know no arithmetic between their units
Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]


def stream(seed: int, *name: object) -> np.random.Generator:
    """Generator for one named part of the sample."""
    return np.random.default_rng([seed, *(zlib.crc32(str(part).encode()) for part in name)])


def positions(rng: np.random.Generator, weights: Sequence[float] | Reals, n: int) -> Numbers:
    """n positions drawn in proportion to the weights."""
    cumulative = np.cumsum(np.asarray(weights, dtype=float))
    return np.searchsorted(cumulative, rng.random(n) * cumulative[-1], side="right").astype(np.int64)


def pick(rng: np.random.Generator, weights: Mapping[str, float], n: int) -> Codes:
    """n codes drawn in proportion to their weights."""
    return np.array(list(weights))[positions(rng, list(weights.values()), n)]


def chance(rng: np.random.Generator, probability: float | Reals, n: int) -> Flags:
    """n yes-or-no draws, with one probability or one for each."""
    return rng.random(n) < probability


def blank(rng: np.random.Generator, codes: Codes, share: float) -> Codes:
    """The codes with a share of them missing."""
    return np.where(chance(rng, share, len(codes)), "", codes)
