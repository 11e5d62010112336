"""Where on a map there is room for a name, and where the middle of an area is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
import shapely.geometry

from hatecrime.charts.map_layers import CHARACTER

Feature = Mapping[str, Any]
# Signs smaller than this cannot be told apart, and larger ones cover what they stand on.
SMALLEST_SIGN = 7
SIGN_IN_AREA = 0.6


def named(
    features: Sequence[Feature], labels: Mapping[str, str], first: Sequence[str], metres: float, size: int
) -> pd.DataFrame:
    """Names where they fit (label, x, y), in the order in which their areas come: first, then as they are listed."""
    by_id = {each["id"]: each for each in features}
    taken: list[tuple[float, float, float, float]] = []
    fitting = []
    for code in first:
        label, (x, y) = labels[code], middle(by_id[code])
        wide, high = len(label) * size * CHARACTER * metres / 2, size * 1.2 * metres / 2
        box = (x - wide, y - high, x + wide, y + high)
        if not any(_overlap(box, other) for other in taken):
            taken.append(box)
            fitting.append((code, label, x, y))
    return pd.DataFrame(fitting, columns=["id", "label", "x", "y"])


def metres_per_pixel(features: Sequence[Feature], height: int) -> float:
    """How many metres a pixel stands for where the map is as high as it can be."""
    shapes = [shapely.geometry.shape(each["geometry"]) for each in features]
    if not shapes:
        return 1.0
    _west, south, _east, north = shapely.total_bounds(shapes)
    return max(float(north - south) / height, 1.0)


def middles(features: Iterable[Feature], ids: Sequence[str]) -> pd.DataFrame:
    """A point well inside each of some areas: id, x, y. An area without an outline has none."""
    wanted = set(ids)
    rows = [(each["id"], *middle(each)) for each in features if each["id"] in wanted]
    return pd.DataFrame(rows, columns=["id", "x", "y"])


def middle(feature: Feature) -> tuple[float, float]:
    """A point well inside the area, to write at."""
    point = shapely.geometry.shape(feature["geometry"]).representative_point()
    return point.x, point.y


def sign_size(features: Sequence[Feature], metres: float, largest: int) -> float:
    """The size in pixels of a sign that stays within most areas."""
    areas = [shapely.geometry.shape(each["geometry"]).area for each in features]
    across = float(np.sqrt(np.median(areas))) / metres if areas else largest
    return float(np.clip(across * SIGN_IN_AREA, SMALLEST_SIGN, largest))


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
