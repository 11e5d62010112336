"""Inputs that nobody would send on purpose: mutated files, and mappings made of the right words in the wrong places."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import tomlkit
from hypothesis import strategies as st

from hatecrime.dictionary import tables
from hatecrime.extracts.mapping_file import loadable
from hatecrime.settings import data_dir
from tests.extracts.workshop import HEADER, INCIDENTS

ROWS = "".join(f'"{n}",Crime,{n % 28 + 1:02}/02/2016\n' for n in range(40))
CSV = (HEADER + ROWS).encode()
FRAME = pd.DataFrame({"Ref": ["1", "2"], "Kind": ["Crime", "Crime"], "Recorded": ["01/02/2016", "02/02/2016"]})
MAPPINGS = {
    "csv": INCIDENTS,
    "utf-16": INCIDENTS + '[file]\nencoding = "utf-16"\n',
    "quote": INCIDENTS + '[file]\nquote = "\'"\nskip = 1\n',
    "header": INCIDENTS + '[file]\nheader = ["Ref", "Kind", "Recorded"]\n',
    "records": INCIDENTS + '[file]\nrecords = "data.results"\n',
    "table": INCIDENTS + '[file]\ntable = "incidents"\n',
    "places": INCIDENTS + '[point]\ngeometry = "geometry"\n',
}
NASTY = (
    *(
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b'"',
        b'""',
        b"\r",
        b"\n\n",
        b",",
        b",,,,,",
        b"\xff",
        b"=1+1",
        b"\\",
        b"'",
    ),
    *(b"\x1a", b"{", b"]", b"<", b"\xed\xa0\x80", b"9" * 400, b"-0", b"1e999", b"NaN", b"PK\x03\x04", b"A" * 5000),
)
KEYS = (
    *("title", "source", "table", "file", "columns", "strands", "values", "point", "record", "headers", "only"),
    *("unpivot", "look_up", "format", "encoding", "delimiter", "quote", "empty", "skip", "header", "sheet", "records"),
    *("member", "from", "value", "formats", "precision", "timezone", "first", "zeros", "prefix", "thousands", "true"),
    *("false", "split", "optional", "create_area", "coalesce", "contains", "equals", "first_of", "date_part", "by"),
    *("within", "flags", "x", "y", "crs", "map_crs", "geometry", "postcode", "snap", "repeats", "take", "into", "to"),
)
WORDS = (
    *("", " ", "csv", "excel", "geo", "json", "sqlite", "parquet", "utf-8", "utf-99", ",", ";", "\t", '"', "%d/%m/%Y"),
    *("%Q", "epoch_ms", "month", "Europe/London", "Nowhere/None", "EPSG:27700", "EPSG:0", "refuse", "merge", "latest"),
    *("race", "crime", "incident", "area", "name", "E08000009", "../../secret", "\x00", "ŷ" * 40, "[", "(?P<", "\\"),
)


@st.composite
def mutated(draw: st.DrawFn, whole: bytes) -> bytes:
    """Some bytes of a file changed, left out, put in, repeated or cut off."""
    content = whole
    for _time in range(draw(st.sampled_from((1, 1, 2, 5)))):
        start = draw(st.integers(0, max(0, len(content) - 1)))
        length = draw(st.sampled_from((0, 1, 1, 1, 2, 8, 64)))
        part = draw(st.one_of(st.sampled_from(NASTY), st.binary(min_size=1, max_size=8), st.just(b"")))
        repeated = content[start : start + length] * 2
        fresh = draw(st.sampled_from((part, part, repeated)))
        cut = draw(st.integers(0, 9)) == 0
        content = content[:start] + fresh + (b"" if cut else content[start + length :])
    return content


def words() -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(WORDS), st.text(max_size=12))


def values() -> st.SearchStrategy[Any]:
    """Any value that TOML can hold."""
    plain = st.one_of(
        words(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.integers(-2, 9),
        st.floats(),
        st.dates(),
        st.times(),
        st.datetimes(),
    )
    return st.recursive(
        plain,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.one_of(st.sampled_from(KEYS), words()), inner, max_size=4)
        ),
        max_leaves=8,
    )


@st.composite
def mapping_texts(draw: st.DrawFn) -> bytes:
    """A mapping of the right words with any values, so that most of the reader is reached."""
    table = draw(st.sampled_from(loadable()))
    fields = [column.name for column in tables()[table]]
    options = st.dictionaries(st.sampled_from(KEYS), values(), max_size=3)
    field = st.one_of(words(), values(), st.builds(lambda more: {"from": "Kind", **more}, options))
    document: dict[str, Any] = {"source": "test", "table": table}
    document["columns"] = {name: "Kind" for name in fields if draw(st.booleans())}
    document["columns"] |= draw(st.dictionaries(st.sampled_from(fields), field, max_size=4))
    known = st.sampled_from(
        ("from", "x", "y", "crs", "split", "repeats", "format", "skip", "header", "columns", "into")
    )
    section = st.dictionaries(st.one_of(known, st.sampled_from(KEYS)), values(), max_size=4)
    document |= draw(st.dictionaries(st.sampled_from(KEYS[3:13]), st.one_of(section, values()), max_size=4))
    try:
        return tomlkit.dumps(document).encode("utf-8", "surrogateescape")
    except (ValueError, TypeError):  # Not every tree can be written.
        return b""


def any_mapping() -> st.SearchStrategy[bytes]:
    """Mappings by the grammar, shipped ones mutated, and bytes without sense."""
    shipped = [path.read_bytes() for path in sorted((data_dir() / "mappings").glob("*.toml"))]
    return st.one_of(mapping_texts(), st.sampled_from(shipped).flatmap(mutated), st.binary(max_size=200))


def any_listing() -> st.SearchStrategy[bytes]:
    entry = {"file": "incidents.csv", "mapping": "0.toml"}
    keys = ("file", "mapping", "received", "member", "complete_from", "complete_to", "crs", "synthetic")
    changed = st.builds(lambda more: entry | more, st.dictionaries(st.sampled_from(keys), values(), max_size=2))
    tops = st.dictionaries(st.sampled_from(("crs", "synthetic", "extract", "other")), values(), max_size=2)
    made = st.builds(lambda entries, top: _toml({**top, "extract": entries}), st.lists(changed, max_size=3), tops)
    return st.one_of(made, mutated(_toml({"crs": "EPSG:27700", "extract": [entry]})), st.binary(max_size=100))


def _toml(document: dict[str, Any]) -> bytes:
    try:
        return tomlkit.dumps(document).encode("utf-8", "surrogateescape")
    except (ValueError, TypeError):
        return b""


@st.composite
def zips(draw: st.DrawFn) -> bytes:
    """A zip whose members have any names, now and then mutated."""
    names = ("incidents.csv", "../escaped.csv", "/escaped.csv", "a/../../escaped.csv", "C:\\x.csv", "", "x/", ".", "..")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", draw(st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))) as archive:
        for name in draw(st.lists(st.one_of(st.sampled_from(names), st.text(max_size=20)), max_size=3)):
            archive.writestr(zipfile.ZipInfo(name), draw(st.sampled_from((CSV, CSV, b"", b"PK\x03\x04"))))
    whole = out.getvalue()
    return draw(mutated(whole)) if draw(st.booleans()) else whole


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    """A workbook with one of its parts mutated, and packed again so that the fault is found inside."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as whole, zipfile.ZipFile(out, "w") as changed:
        chosen = draw(st.sampled_from(whole.namelist()))
        for name in whole.namelist():
            content = whole.read(name)
            changed.writestr(name, draw(mutated(content)) if name == chosen else content)
    return out.getvalue()


def packed(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def workbook() -> bytes:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(list(FRAME.columns))
    for row in FRAME.itertuples(index=False):
        book.active.append(list(row))
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    FRAME.to_parquet(out)
    return out.getvalue()


def records() -> bytes:
    return json.dumps({"data": {"results": FRAME.to_dict("records")}}).encode()


def geojson() -> bytes:
    point = {"type": "Point", "coordinates": [-2.3, 53.4]}
    features = [{"type": "Feature", "properties": row, "geometry": point} for row in FRAME.to_dict("records")]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.sqlite"
        connection = sqlite3.connect(path)
        FRAME.to_sql("incidents", connection, index=False)
        connection.close()
        return path.read_bytes()


FILES: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "csv": ("incidents.csv", "csv", lambda: CSV),
    "csv in utf-16": ("incidents.csv", "utf-16", lambda: CSV.decode().encode("utf-16")),
    "csv with other quotes": ("incidents.csv", "quote", lambda: b"Made for you\n" + CSV.replace(b'"', b"'")),
    "csv without a header": ("incidents.csv", "header", lambda: ROWS.encode()),
    "excel": ("incidents.xlsx", "csv", workbook),
    "json": ("incidents.json", "records", records),
    "geojson": ("incidents.geojson", "places", geojson),
    "parquet": ("incidents.parquet", "csv", parquet),
    "sqlite": ("incidents.sqlite", "table", sqlite),
}
