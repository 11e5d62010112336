"""What is asked of the sample, with its figures (calibration.toml) and the sources' labels (labels.toml)."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from hatecrime.sample.draw import Days, stream

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Recipe:
    """What is asked for, with the figures it is made from."""

    seed: int
    scale: float
    signals: bool
    figures: dict[str, Any]
    labels: dict[str, dict[str, dict[str, str]]]

    def rng(self, *name: object) -> np.random.Generator:
        """Generator for one named part."""
        return stream(self.seed, *name)

    @property
    def months(self) -> Days:
        """First days of the months covered."""
        first = np.datetime64(self.figures["first_month"], "M")
        return np.arange(first, np.datetime64(self.figures["last_month"], "M") + 1)

    def yearly(self, values: list[float], month: np.datetime64) -> float:
        """The month's value of a series by financial year; level throughout when no signal is wanted."""
        if not self.signals:
            return float(np.mean(values))
        return float(values[(month - self.months[0]).astype(int) // 12])


def recipe(seed: int, scale: float, signals: bool) -> Recipe:
    """The recipe for one sample."""
    if scale <= 0:
        raise ValueError("scale must be above 0")
    figures, labels = (tomllib.loads((HERE / f"{name}.toml").read_text("utf-8")) for name in ("calibration", "labels"))
    return Recipe(seed, scale, signals, figures, labels)


def day(value: date) -> np.datetime64:
    """A date of the settings as numpy counts days."""
    return np.datetime64(value, "D")
