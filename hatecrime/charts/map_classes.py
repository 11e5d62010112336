"""What the colours of a map mean: how many, more or fewer, or which kind; each with its colours and its letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hatecrime.charts.classes import Classes
from hatecrime.charts.theme import Look, mix


@dataclass(frozen=True)
class Diverging:
    """
    Fewer, about as many, more: two hues around a neutral middle.

    labels are those of an odd number of classes, from fewest to most; upper is where all but the last end.
    letters stand beside the colours, such as "−" and "+"; without any, the colours differ in lightness only.

    >>> change = Diverging((0.8, 1.25), ("fewer", "about as many", "more"))
    >>> [change.labels[change.of(each)] for each in (0.5, 1, 3)]
    ['fewer', 'about as many', 'more']
    """

    upper: tuple[float, ...]
    labels: tuple[str, ...]
    letters: tuple[str, ...] = ()

    def of(self, value: Any) -> int | None:
        """The number of the class of a value, 0 being the fewest; none for a missing value."""
        return None if value is None or np.isnan(value) else int(np.searchsorted(self.upper, value, side="right"))


@dataclass(frozen=True)
class Kind:
    """One of several kinds of place: lean is -1 for the full colour of fewer, 1 for that of more, 0 for neither."""

    code: str
    label: str
    letter: str
    lean: float


@dataclass(frozen=True)
class Kinds:
    """Places of several kinds, told apart by letter and colour; a code that is none of them has no figure."""

    kinds: tuple[Kind, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """What each kind is called."""
        return tuple(kind.label for kind in self.kinds)

    def of(self, value: Any) -> int | None:
        """The number of the kind with this code."""
        codes = [kind.code for kind in self.kinds]
        return codes.index(value) if value in codes else None


Scheme = Classes | Diverging | Kinds


@dataclass(frozen=True)
class Swatches:
    """
    The colours of a legend. colours are all that a scheme of this form may use, so that a map keeps its colours when
    its figures change; slots, labels and letters are those of its classes, slots being places in colours.
    """

    colours: tuple[str, ...]
    slots: tuple[int, ...]
    labels: tuple[str, ...]
    letters: tuple[str, ...]

    @property
    def entries(self) -> list[str]:
        """What the legend says of each class: its letter, where it has one, and its label."""
        return [
            f"{letter}  {label}" if letter else label for letter, label in zip(self.letters, self.labels, strict=True)
        ]


def swatches(scheme: Scheme, look: Look) -> Swatches:
    """The colours and letters of a scheme."""
    if isinstance(scheme, Classes):
        return Swatches((look.none, *look.ramp), _spread(scheme), scheme.labels, ("",) * len(scheme.labels))
    if isinstance(scheme, Diverging):
        leans: Sequence[float] = np.linspace(-1, 1, len(scheme.labels)).tolist()
        letters = scheme.letters or ("",) * len(scheme.labels)
    else:
        leans = [kind.lean for kind in scheme.kinds]
        letters = tuple(kind.letter for kind in scheme.kinds)
    colours = tuple(_leaning(lean, look) for lean in leans)
    return Swatches(colours, tuple(range(len(colours))), scheme.labels, letters)


def classed(scheme: Scheme, values: pd.Series) -> NDArray[np.int64]:
    """The number of the class of each value, -1 where it is in none: as scheme.of, for thousands at once."""
    if isinstance(scheme, Kinds):
        return pd.Index([kind.code for kind in scheme.kinds]).get_indexer(values)
    numbers = values.to_numpy("float64")
    side: Literal["left", "right"] = "left" if isinstance(scheme, Classes) else "right"
    return np.where(np.isnan(numbers), -1, np.searchsorted(scheme.upper, numbers, side=side))


def _spread(classes: Classes) -> tuple[int, ...]:
    """Strong colours for the upper classes whatever their number; zero has the colour of nothing."""
    steps = len(classes.labels) - classes.has_zero
    spread = {1: [3], 2: [2, 4], 3: [2, 3, 5], 4: [1, 2, 3, 5], 5: [1, 2, 3, 4, 5]}.get(steps, [])
    return (*[0] * classes.has_zero, *spread)


def _leaning(lean: float, look: Look) -> str:
    return mix(look.more if lean > 0 else look.fewer, look.none, abs(lean))
