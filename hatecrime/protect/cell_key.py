"""
The cell-key method of the Office for National Statistics: every count carries a small error fixed by its records.

Each record has a key from 0 to 255, fixed by its reference. The sum of the keys of a cell, modulo 256, picks its error
in a table, so the same records have the same error whatever the table or filter they appear in. The look-up is that of
the package cell-key-perturbation, on counts and sums of keys instead of records.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from hatecrime.protect.audience import Audience

KEYS = 256
LARGEST = 750
REUSED = 250
# How many of the 256 keys carry which error: symmetric, so that sums stay right on average; variance 2.
NOISE = {0: 72, 1: 48, 2: 28, 3: 16}


def perturbed(n: np.ndarray, keys: np.ndarray, audience: Audience) -> pd.Series:
    """The counts with their errors; <NA> where the result is below the threshold, a zero as such if zeros are shown."""
    shown = n + errors(n, keys)
    zero = (n == 0) & audience.zeros
    return without(np.where(zero, 0, shown), (shown < audience.threshold) & ~zero)


def without(n: np.ndarray, hidden: np.ndarray) -> pd.Series:
    """The counts with <NA> for the hidden ones: a mask laid over them would be taken off by whoever gets the array."""
    return pd.Series(pd.arrays.IntegerArray(np.where(hidden, 0, n).astype("int64"), hidden.copy()))


def errors(n: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """The error of each count; counts above 750 use the last 250 rows of the table again and again."""
    row = np.where(n <= LARGEST, n, (n - 1) % REUSED + LARGEST - REUSED + 1)
    return _by_row()[row, keys % KEYS]


def bounds(shown: pd.Series, audience: Audience) -> tuple[np.ndarray, np.ndarray]:
    """What a published figure says of the true count, to somebody who has the table of errors."""
    widest = max(NOISE)
    known = shown.notna().to_numpy()
    value = shown.fillna(0).to_numpy("int64")
    low = np.where(known, np.maximum(value - widest, 1), 1 if audience.zeros else 0)
    high = np.where(known, value + widest, audience.threshold - 1 + widest)
    zero = known & (value == 0)
    return np.where(zero, 0, low).astype(float), np.where(zero, 0, high).astype(float)


def table() -> pd.DataFrame:
    """
    The table of errors in the form of the package: pcv (count), ckey (sum of keys), pvalue (error).

    The package ships one, generate_ptable_10_5_rule(), that only rounds: the same count has the same error whatever its
    key, so a difference can show a single record. This one spreads the errors over the keys, as the one of
    the census does, which is not published. Each count has its own order of the keys, drawn once and for all.
    """
    by_row = _by_row()[1:]
    pcv, ckey = np.indices(by_row.shape)
    return pd.DataFrame({"pcv": pcv.ravel() + 1, "ckey": ckey.ravel(), "pvalue": by_row.ravel()})


@lru_cache(maxsize=1)
def _by_row() -> np.ndarray:
    """Errors by count (0 has none) and key; no count turns negative."""
    draw = np.random.default_rng(2016)
    every = np.concatenate([np.repeat([size, -size] if size else [0], times) for size, times in NOISE.items()])
    drawn = np.stack([draw.permutation(every) for _row in range(LARGEST)])
    rows = np.concatenate([np.zeros((1, KEYS), dtype="int64"), drawn])
    found = np.maximum(rows, -np.arange(LARGEST + 1)[:, None])
    found.setflags(write=False)
    return found
