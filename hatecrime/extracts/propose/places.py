"""Where the place of a record stands in a file, told by name and by range."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from hatecrime.extracts.propose import values
from hatecrime.extracts.propose.contents import numbers_of_points
from hatecrime.extracts.propose.sampling import Sample, SampledColumn
from hatecrime.extracts.propose.vocabulary import Vocabulary, like
from hatecrime.i18n import _

DEGREES, NATIONAL_GRID = "EPSG:4326", "EPSG:27700"
LONGITUDES, LATITUDES = (-180.0, 180.0), (-90.0, 90.0)
UK_LONGITUDES, UK_LATITUDES = (-9.0, 2.5), (49.0, 61.5)
US_LATITUDES = (17.0, 72.0)
EASTINGS, NORTHINGS = (0.0, 700_000.0), (0.0, 1_300_000.0)
NAMED = 0.5


@dataclass(frozen=True)
class Place:
    """The lines of [point], whether they hold for certain, and what to say of them."""

    lines: dict[str, str] = field(default_factory=dict)
    why: str = ""
    sure: bool = False
    left_open: bool = False

    @property
    def sources(self) -> dict[str, str]:
        return {f"point.{key}": name for key, name in self.lines.items() if key not in ("crs", "precision", "map_crs")}


def place(sample: Sample, vocabulary: Vocabulary, centred: bool, claimed: Iterable[str] = ()) -> Place | None:
    """Coordinates in degrees before those of the grid, both before shapes, shapes before postcodes.

    `centred` says that a postcode of its own column is wanted elsewhere in the table; `claimed` columns are taken
    already, and only numbers in none of them are known by their range alone.
    """
    pairs = [p for p in (_pair(x, y) for x, y in _named_pairs(sample, vocabulary)) if p]
    if pairs:
        return max(pairs, key=lambda p: (not p.left_open, p.lines.get("crs") == DEGREES))
    for column in sample.columns:
        if values.are_points(column.counts):
            lines = {"geometry": column.name} | ({} if sample.shape.format == "geo" else {"crs": DEGREES})
            return Place(lines, _("Its values are points."), sample.shape.format == "geo")
    for column in sample.columns:
        if not centred and values.are_postcodes(column.counts):
            why = _("Its values are postcodes; load a look-up of postcodes beside this file.")
            return Place({"postcode": column.name}, why)
    return _by_range(sample, claimed)


def _by_range(sample: Sample, claimed: Iterable[str]) -> Place | None:
    """Two columns of numbers that could be nothing but points."""
    why = _("Told from the range of two columns of numbers alone: see whether the points lie where they should.")
    found = [p for p in (_pair(x, y) for x, y in numbers_of_points(sample, claimed)) if p and not p.left_open]
    return replace(found[0], why=why, sure=False) if found else None


def _named_pairs(sample: Sample, vocabulary: Vocabulary) -> list[tuple[SampledColumn, SampledColumn]]:
    """Pairs whose names match in the same way: longitude with latitude, easting with northing."""
    numeric = [c for c in sample.columns if c.counts and values.are_numbers(c.counts)]
    names = {axis: vocabulary.point[axis] for axis in ("x", "y")}
    found = []
    for number, name_x in enumerate(names["x"]):
        name_y = names["y"][number] if number < len(names["y"]) else name_x
        xs = [c for c in numeric if like(c.name, [name_x]).score >= NAMED]
        ys = [c for c in numeric if like(c.name, [name_y]).score >= NAMED]
        found += [(x, y) for x in xs[:1] for y in ys[:1] if x.name != y.name]
    if found:
        return found
    xs = [c for c in numeric if like(c.name, names["x"]).sure]
    ys = [c for c in numeric if like(c.name, names["y"]).sure]
    return [(x, y) for x in xs[:1] for y in ys[:1] if x.name != y.name]


def _pair(x: SampledColumn, y: SampledColumn) -> Place | None:
    range_x, range_y = values.range_of(x.counts), values.range_of(y.counts)
    if range_x is None or range_y is None:
        return None
    lines = {"x": x.name, "y": y.name}
    if _within(range_x, LONGITUDES) and _within(range_y, LATITUDES) and not _swapped(range_x, range_y):
        return Place(lines | _degrees(range_x, range_y), _("Names and range of longitude and latitude."), True)
    if _swapped(range_x, range_y):
        why = _("The range shows that the two columns are exchanged: longitudes stand under {y}.").format(y=y.name)
        return Place({"x": y.name, "y": x.name, "crs": DEGREES}, why)
    if _within(range_x, EASTINGS) and _within(range_y, NORTHINGS) and range_x[1] > 1000:
        british = _("The range is that of the British National Grid.")
        named = like(x.name, [("easting",), ("eastings",), ("bng", "e"), ("oseast", "m"), ("dwyreiniad",)]).sure
        return Place(lines | {"crs": NATIONAL_GRID}, british, named)
    why = _(
        "The range is neither degrees nor the British National Grid, perhaps feet: state the crs, such as EPSG:2263."
    )
    return Place(lines, why, left_open=True)


def _degrees(x: tuple[float, float], y: tuple[float, float]) -> dict[str, str]:
    """Degrees, and a map in metres for records from abroad: the zone of UTM in which they lie."""
    if _overlap(x, UK_LONGITUDES) and _overlap(y, UK_LATITUDES):
        return {"crs": DEGREES}
    zone = int(((x[0] + x[1]) / 2 + 180) // 6) % 60 + 1
    return {"crs": DEGREES, "map_crs": f"EPSG:{326 if y[1] > 0 else 327}{zone:02d}"}


def _overlap(given: tuple[float, float], limits: tuple[float, float]) -> bool:
    return given[0] <= limits[1] and limits[0] <= given[1]


def _within(given: tuple[float, float], limits: tuple[float, float]) -> bool:
    return limits[0] <= given[0] and given[1] <= limits[1]


def _swapped(x: tuple[float, float], y: tuple[float, float]) -> bool:
    """Whether x holds what can only be latitudes, and y what can only be longitudes."""
    british = _within(x, UK_LATITUDES) and _within(y, UK_LONGITUDES)
    american = _within(x, US_LATITUDES) and y[1] < -60
    return british or american
