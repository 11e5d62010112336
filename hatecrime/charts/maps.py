"""Maps of areas or cells: a few stated classes, names people use, signs beside colours, what is picked outlined."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from hatecrime.charts import map_layers, map_names
from hatecrime.charts.hatching import hatch
from hatecrime.charts.map_classes import Scheme, Swatches, classed, swatches
from hatecrime.charts.map_layers import AREAS, CLASSES, FEATURES, GROUND, LETTERS, MARKS, NAMES, PICKED, SAID, VALUES
from hatecrime.charts.map_layers import Tip as Tip
from hatecrime.charts.theme import Look, configuration

HEIGHT = 560
SMALL_HEIGHT = 300
MOST_NAMES = 45

Collection = Mapping[str, Any]


@dataclass(frozen=True)
class Outlines:
    """
    Outlines by their address: where a browser fetches them, and how to get them where there is no browser.

    sample is any few of them, by which the size of a sign is chosen; without it all are looked at.
    """

    address: str
    load: Callable[[], Collection] = field(repr=False)
    sample: Collection | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Marks:
    """
    What is said beside colour. rows has id and sign; names says each sign in words.

    A sign stands at the middle of its area. With outlined, a line is drawn around the area instead: whole for the
    first of names, broken for the second, dotted for the third.
    """

    rows: pd.DataFrame
    names: Mapping[str, str]
    title: str = " "
    outlined: bool = False


@dataclass(frozen=True)
class Map:
    """
    A map apart: what is drawn, with which figures, on which outlines, and what it says in words.

    template never holds a figure, so that a browser draws other figures without starting again.
    """

    template: Mapping[str, Any] = field(repr=False)
    values: pd.DataFrame = field(repr=False)
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    geometry: Mapping[str, Outlines] = field(repr=False)
    description: str
    # What a browser is to call it: where areas are many, the measure alone, because with another name the map would be
    # drawn from the start. What it says is inside then.
    name: str

    @property
    def addresses(self) -> dict[str, str]:
        """Where outlines are to be fetched, by their names in the map; those without an address are not in it."""
        return {name: outlines.address for name, outlines in self.geometry.items() if outlines.address}

    @property
    def can_be_picked(self) -> bool:
        """Whether a click selects an area."""
        return any("params" in layer for layer in self.template["layer"])

    def spec(self, addresses: Mapping[str, str]) -> dict[str, Any]:
        """For a browser: outlines by the address given for their name, else inside; tables as data frames."""
        fetched = {name: {"url": url, "format": FEATURES} for name, url in addresses.items()}
        inside = {name: _plain(each.load()) for name, each in self.geometry.items() if name not in fetched}
        return self._with(fetched, {**inside, VALUES: self.values, **self.tables})

    def inline(self) -> dict[str, Any]:
        """The whole specification with everything inside, for files."""
        inside = {name: _plain(each.load()) for name, each in self.geometry.items()}
        tables = {name: _rows(table) for name, table in {VALUES: self.values, **self.tables}.items()}
        return {"description": self.description, **self._with({}, {**inside, **tables})}

    def _with(self, fetched: Mapping[str, Any], datasets: Mapping[str, Any]) -> dict[str, Any]:
        sources = {name: {"name": name, "format": FEATURES} for name in self.geometry} | dict(fetched)
        layers = [
            {**layer, "data": sources.get(layer["data"].get("name"), layer["data"])} for layer in self.template["layer"]
        ]
        return {**self.template, "layer": layers, "datasets": dict(datasets)}


def choropleth(
    collection: Collection | Outlines,
    values: pd.DataFrame,
    look: Look,
    classes: Scheme,
    *,
    value: str,
    measure: str,
    alt_text: str,
    tips: Sequence[Tip] = (),
    picked: str | None = None,
    missing: str = "No figure",
    ground: Collection | Outlines | None = None,
    named: int = MOST_NAMES,
    small: bool = False,
    hatched: frozenset[str] = frozenset(),
    hatched_name: str = "",
    marks: Marks | None = None,
) -> Map:
    """
    Areas filled by class; clicking one selects it (selection "pick", field "id").

    values has id, label and the value, which classes.of puts into a class: numbers for natural or Diverging, codes for
    Kinds. Drawn is what has a row; a row without a value has the colour of the ground, and the legend says so. With
    x and y, the middles of areas, values can stand without their outlines being looked at.
    A collection that says its "address" is fetched from there. ground is drawn beneath, for cells that leave most of
    an area empty, and gives the names then. picked is outlined. named is how many names are written at most, the
    highest first. small has no click. hatched are the areas whose figure is withheld, hatched_name is what the legend
    calls them. marks says something beside colour.
    """
    drawn = _Drawn(_outlines(collection), None if ground is None else _outlines(ground), look, small)
    colours = swatches(classes, look)
    rows = _classed(values, classes, colours, value, hatched)
    unknown = bool((rows["slot"].eq(len(colours.colours)) & ~rows["id"].isin(hatched)).any())
    layers = [] if ground is None else [map_layers.ground(look)]
    layers.append(map_layers.fills(look, colours, measure, tips, len(rows), hatched_name or missing, not small))
    tables = {CLASSES: _legend(colours, missing, unknown)}
    if hatched:
        size = map_layers.legend(look, [hatched_name])
        layers += filter(None, [hatch(drawn.areas.load(), hatched, look, hatched_name, size)])
    if marks is not None and marks.outlined:
        layers += map_layers.outlined(look, marks.names, marks.title, len(rows))
        tables[MARKS] = marks.rows[["id", "sign"]]
    if not small:
        layers += map_layers.picked(look)
        tables[PICKED] = pd.DataFrame({"id": [] if picked is None else [picked]}, dtype="str").assign(outlined=True)
    written = _written(drawn, values, colours, rows, marks)
    layers, tables = [*layers, *written[0]], {**tables, **written[1]}
    if named:
        layers += map_layers.names(look, drawn.name_size, faint=ground is not None)
        # The order of names says which is higher, so what is withheld comes last.
        amount = _amounts(values, value).mask(rows["id"].isin(hatched), 0)
        tables[NAMES] = _names(drawn, rows.assign(amount=amount), picked, named)
    geometry = {AREAS: drawn.areas} | ({} if drawn.ground is None else {GROUND: drawn.ground})
    columns = list(dict.fromkeys(["id", "slot", *_label(rows), *(tip.column for tip in tips)]))
    many = len(rows) > map_layers.MOST_READ_OUT
    if many:
        layers.append(map_layers.said())
        tables[SAID] = pd.DataFrame({"said": [alt_text]})
    template, name = _template(layers, look, drawn.height), measure if many else alt_text
    return Map(template, _narrow(rows[columns]), tables, geometry, alt_text, name)


@dataclass(frozen=True)
class _Drawn:
    """The outlines of a map and how large it is."""

    areas: Outlines
    ground: Outlines | None
    look: Look
    small: bool

    @property
    def height(self) -> int:
        return self.look.height(SMALL_HEIGHT if self.small else HEIGHT)

    @property
    def name_size(self) -> int:
        return self.look.font_size - (1 if self.look.density == "meeting" else 2)

    @cached_property
    def widest(self) -> Sequence[Mapping[str, Any]]:
        """Those that have names people use, and that reach as far as the map: cells have none, what is beneath has."""
        return list((self.ground or self.areas).load()["features"])

    @cached_property
    def metres(self) -> float:
        return map_names.metres_per_pixel(self.widest, self.height)


def _outlines(given: Collection | Outlines) -> Outlines:
    return given if isinstance(given, Outlines) else Outlines(given.get("address", ""), lambda: given)


def _classed(
    values: pd.DataFrame, classes: Scheme, colours: Swatches, value: str, hatched: frozenset[str]
) -> pd.DataFrame:
    """The rows with the slot of their colour; what is in no class, withheld or not known, has the last one."""
    none = len(colours.colours)
    # The last of these stands for -1, which is no class.
    slots = np.array([*colours.slots, none], dtype="int8")
    rows = values.assign(slot=slots[classed(classes, values[value])])
    rows.loc[rows["id"].isin(hatched), "slot"] = none
    return rows


def _legend(colours: Swatches, missing: str, unknown: bool) -> pd.DataFrame:
    """What the legend shows: slot, class, and the class with its letter."""
    slots, labels, entries = list(colours.slots), list(colours.labels), colours.entries
    if unknown:
        slots, labels, entries = [*slots, len(colours.colours)], [*labels, missing], [*entries, missing]
    return pd.DataFrame({"slot": pd.Series(slots, dtype="int8"), "class": labels, "entry": entries})


def _written(
    drawn: _Drawn, values: pd.DataFrame, colours: Swatches, rows: pd.DataFrame, marks: Marks | None
) -> tuple[list[map_layers.Layer], dict[str, pd.DataFrame]]:
    """Letters of classes and signs at the middles of areas."""
    layers: list[map_layers.Layer] = []
    tables: dict[str, pd.DataFrame] = {}
    letter = {slot: letter for slot, letter in zip(colours.slots, colours.letters, strict=True) if letter}
    signed = marks is not None and not marks.outlined
    if not letter and not signed:
        return layers, tables
    sample = drawn.areas.sample or drawn.areas.load()
    size = map_names.sign_size(sample["features"], drawn.metres, drawn.look.font_size + 3)
    # Above the name, where the area itself is named.
    above = 0 if drawn.ground else drawn.name_size
    if letter:
        lettered = rows.assign(letter=rows["slot"].map(letter)).dropna(subset="letter")
        layers += map_layers.letters(drawn.look, size, above)
        tables[LETTERS] = _at_middles(drawn, values, lettered[["id", "letter"]])
    if signed and marks is not None:
        layers += map_layers.signs(drawn.look, marks.names, marks.title, size, above)
        tables[MARKS] = _at_middles(drawn, values, marks.rows[["id", "sign"]])
    return layers, tables


def _at_middles(drawn: _Drawn, values: pd.DataFrame, signs: pd.DataFrame) -> pd.DataFrame:
    """The signs with x and y, of the areas that have both."""
    if {"x", "y"} <= set(values):
        places = values[["id", "x", "y"]]
    else:
        places = map_names.middles(drawn.areas.load()["features"], signs["id"].tolist())
    return _narrow(signs.merge(places, on="id").drop(columns="id"))


def _names(drawn: _Drawn, rows: pd.DataFrame, picked: str | None, most: int) -> pd.DataFrame:
    """Names where they fit: what is picked first, then the highest."""
    features = drawn.widest
    amount = dict(zip(rows["id"], rows["amount"], strict=True))
    order = sorted((each["id"] for each in features), key=lambda code: (code != picked, -amount.get(code, 0)))
    labels = {each["id"]: each["properties"]["label"] for each in features}
    return map_names.named(features, labels, order[:most], drawn.metres, drawn.name_size)


def _amounts(values: pd.DataFrame, value: str) -> pd.Series:
    return pd.to_numeric(values[value], errors="coerce").astype(float).fillna(0)


def _label(rows: pd.DataFrame) -> list[str]:
    """Names go with the figures only where they are read out one by one; a tooltip asks for them itself."""
    return ["label"] if len(rows) <= map_layers.MOST_READ_OUT else []


def _narrow(rows: pd.DataFrame) -> pd.DataFrame:
    """Numbers as short as a screen needs them: half of what a browser is sent."""
    whole, parts = rows.select_dtypes("int64"), rows.select_dtypes("float64")
    return rows.astype(dict.fromkeys(whole, "int32") | dict.fromkeys(parts, "float32")).reset_index(drop=True)


def _template(layers: list[map_layers.Layer], look: Look, height: int) -> dict[str, Any]:
    config = configuration(look)
    # One legend below the other: side by side they would be wider than a screen.
    below = {"top": {"direction": "vertical", "anchor": "start", "margin": 10}}
    return {
        "layer": layers,
        "height": height,
        "projection": {"type": "identity", "reflectY": True},
        # The colours of a map and those of its signs mean different things.
        "resolve": {"scale": {"color": "independent"}},
        "config": {**config, "legend": {**config["legend"], "layout": below}},
    }


def _plain(collection: Collection) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": collection["features"]}


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records", double_precision=6))
    return rows
