"""A real file, sent in other ways: each time the same records come out, by changing a few lines of its mapping."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from pyproj import Transformer

from hatecrime.settings import data_dir
from tests.extracts.workshop import Built, Workshop
from tests.shared_data import adds_up, build_shared, needs_shared_data, shared

pytestmark = [needs_shared_data, pytest.mark.shared_data]

CRIMES = "incidents/lapd_hate_crime_records.csv"
SAME = (
    "ref", "kind", "crime_type", "recorded_on", "occurred_from", "location_type", "locality", "victim_age_band",
    "victim_sex", "victim_ethnicity", "strand_mask", "location_precision",
)  # fmt: skip
AXES = 'x = "Longitude"\ny = "Latitude"\ncrs = "EPSG:4326"\n'
Sent = tuple[bytes, str, str]


def crimes() -> pd.DataFrame:
    return pd.read_csv(shared(CRIMES), dtype=str, keep_default_na=False)


def shipped(file: str = "", point: str = AXES) -> str:
    """The shipped mapping with what it says of the kind of file and of the place."""
    text = (data_dir() / "mappings" / "lapd.toml").read_text(encoding="utf-8")
    assert text.count("[columns]") == text.count(AXES) == 1
    return text.replace("[columns]", f"[file]\n{file}\n[columns]" if file else "[columns]").replace(AXES, point)


def as_workbook() -> Sent:
    """Four lines above the header, on the second sheet, numbers as numbers."""
    table = crimes().astype({"Vict Age": int, "Longitude": float, "Latitude": float})
    packed = io.BytesIO()
    with pd.ExcelWriter(packed, engine="openpyxl") as book:
        pd.DataFrame({"Los Angeles": ["Notes"]}).to_excel(book, sheet_name="About", index=False)
        table.to_excel(book, sheet_name="Crimes", index=False, startrow=4)
        book.sheets["Crimes"]["A1"] = "Hate crimes"
    return packed.getvalue(), "crimes.xlsx", shipped('sheet = "Crimes"\nskip = 4')


def as_parquet() -> Sent:
    table = crimes().astype({"Vict Age": int, "Longitude": float, "Latitude": float})
    table["Date Rp Td"] = pd.to_datetime(table["Date Rp Td"].str[:10])
    packed = io.BytesIO()
    table.to_parquet(packed, index=False)
    return packed.getvalue(), "crimes.parquet", shipped()


def as_database() -> Sent:
    with sqlite3.connect(":memory:") as connection:
        crimes().to_sql("hate_crimes", connection, index=False)
        connection.execute("create table notes (text)")
        connection.commit()
        return connection.serialize(), "crimes.db", shipped('table = "hate_crimes"')


def as_nested_json() -> Sent:
    rows = crimes().to_dict("records")
    for row in rows:
        row["place"] = {"lon": float(row.pop("Longitude")), "lat": float(row.pop("Latitude"))}
        row["codes"] = row.pop("Mo Codes").split()
    mapping = shipped(
        'records = "data.results"', AXES.replace("Longitude", "place.lon").replace("Latitude", "place.lat")
    )
    mapping = mapping.replace('from = "Mo Codes"\nsplit = " "', 'from = "codes"\nsplit = ";"')
    return json.dumps({"data": {"results": rows}}).encode(), "crimes.json", mapping


def as_utf_16_with_tabs() -> Sent:
    text = crimes().to_csv(sep="\t", index=False)
    return text.encode("utf-16"), "crimes.txt", shipped('encoding = "utf-16"\ndelimiter = "\\t"')


def in_single_quotes() -> Sent:
    text = crimes().to_csv(quotechar="'", quoting=csv.QUOTE_ALL, index=False, lineterminator="\r\n")
    return text.encode("windows-1252"), "crimes.csv", shipped('encoding = "windows-1252"\nquote = "\'"')


def in_feet() -> Sent:
    table = crimes()
    to_feet = Transformer.from_crs("EPSG:4326", "EPSG:2229", always_xy=True)
    x, y = to_feet.transform(table.pop("Longitude").astype(float), table.pop("Latitude").astype(float))
    table["X"], table["Y"] = [f"{v:,.3f}" for v in x], [f"{v:,.3f}" for v in y]
    return (
        table.to_csv(index=False).encode(),
        "feet.csv",
        shipped(point='x = "X"\ny = "Y"\nthousands = ","\ncrs = "EPSG:2229"\n'),
    )


def by_the_wkb_in_it() -> Sent:
    """The file as it is: beside latitude and longitude it has a column of WKB."""
    return shared(CRIMES).read_bytes(), "wkb.csv", shipped(point='geometry = "Location 1"\n')


def as_geopackage(folder: Path) -> Sent:
    table = crimes()
    points = gpd.points_from_xy(table.pop("Longitude").astype(float), table.pop("Latitude").astype(float))
    path = folder / "made.gpkg"
    gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326").to_crs("EPSG:3857").to_file(path, layer="crimes")
    return path.read_bytes(), "crimes.gpkg", shipped('table = "crimes"', 'geometry = "geometry"\ncrs = "EPSG:4326"\n')


@pytest.fixture(scope="module")
def plain(own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    report = build_shared(tmp_path_factory.mktemp("plain"), (CRIMES, "lapd"))
    return Built(report, Path(report.snapshot))


def same_records(made: Built, plain: Built, within: float) -> None:
    assert adds_up(made.extract)
    assert (made.extract.read, made.extract.kept, made.extract.values_refused) == (577, 577, {})
    assert sorted(made.rows("incident", *SAME), key=str) == sorted(plain.rows("incident", *SAME), key=str)
    places, expected = (
        {ref: place for ref, *place in each.rows("incident", "ref", "easting", "northing")} for each in (made, plain)
    )
    assert all(place == pytest.approx(expected[ref], abs=within) for ref, place in places.items())


@pytest.mark.parametrize(
    "sent",
    [
        as_workbook,
        as_parquet,
        as_database,
        as_nested_json,
        as_utf_16_with_tabs,
        in_single_quotes,
        in_feet,
        by_the_wkb_in_it,
    ],
)
def test_the_same_crimes_come_out_of(workshop: Workshop, plain: Built, sent: Callable[[], Sent]) -> None:
    content, file, mapping = sent()
    same_records(workshop.add(content, mapping, file).build(), plain, within=0.01)


def test_the_same_crimes_come_out_of_a_layer_of_points(workshop: Workshop, plain: Built, tmp_path: Path) -> None:
    content, file, mapping = as_geopackage(tmp_path)
    same_records(workshop.add(content, mapping, file).build(), plain, within=0.01)


def test_months_in_one_archive_with_their_headers_written_differently_are_the_months(
    workshop: Workshop, tmp_path: Path
) -> None:
    """Three real months: as published, in lower case, and as R writes names; beside them files that are not wanted."""
    months = [shared(f"street/gwent_2021/2021-0{number}-gwent-street.csv") for number in (1, 2, 3)]
    headers = (str, str.lower, lambda header: header.replace(" ", "."))
    with zipfile.ZipFile(workshop.folder / "archive.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for month, change in zip(months, headers, strict=True):
            header, _end, rest = month.read_text(encoding="utf-8").partition("\n")
            archive.writestr(f"{month.name[:7]}/{month.name}", f"{change(header)}\n{rest}")
            archive.writestr(f"{month.name[:7]}/{month.name.replace('street', 'outcomes')}", "Crime ID,Month\n")
    entry = '[[extract]]\nfile = "archive.zip"\nmapping = "police_uk_street"\nmember = "*/*-street.csv"\n'
    workshop.listed.append(entry)
    made = workshop.build()
    report = build_shared(tmp_path / "plain", *((str(month), "police_uk_street") for month in months))
    told = [(e.read, e.kept, e.collapsed) for e in report.extracts]
    assert [(e.read, e.kept, e.collapsed) for e in made.report.extracts] == told
    assert [read for read, _kept, _collapsed in told] == [len(pd.read_csv(month)) for month in months]
    columns = ("recorded_on", "crime_type", "lsoa", "outcome", "easting", "northing", "ref")
    plain = Built(report, Path(report.snapshot))
    assert sorted(made.rows("incident", *columns), key=str) == sorted(plain.rows("incident", *columns), key=str)
