"""Small literal extracts, built and read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import geopandas as gpd
import pandas as pd
import shapely

from hatecrime.extracts.build import build
from hatecrime.extracts.report import BuildReport, ExtractReport

INCIDENTS = """
title = "Incidents"
source = "test"
table = "incident"
[columns]
ref = "Ref"
kind = "Kind"
recorded_on = { from = "Recorded", formats = ["%d/%m/%Y"] }
"""
HEADER = "Ref,Kind,Recorded\n"


@dataclass(frozen=True)
class Built:
    """A finished snapshot and what the build said of it."""

    report: BuildReport
    path: Path

    def table(self, name: str, *columns: str) -> pd.DataFrame:
        with duckdb.connect(str(self.path), read_only=True) as connection:
            relation = connection.table(name)
            return (relation.select(*columns) if columns else relation).df()

    def column(self, name: str, column: str) -> list[Any]:
        """The values of one column, in the order of the snapshot; an absent one is None."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return [row[0] for row in connection.table(name).select(column).fetchall()]

    def rows(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.table(name).select(*columns).fetchall()

    @property
    def extract(self) -> ExtractReport:
        """The account of the last extract."""
        return self.report.extracts[-1]

    @property
    def rejects(self) -> list[tuple[Any, ...]]:
        """Line, column, value, reason and whether the whole record was refused."""
        return self.rows("reject", "line", "source_column", "value", "reason", "row_refused")

    @property
    def reasons(self) -> dict[str, int]:
        """How many records were refused, by reason."""
        return self.extract.refused


class Workshop:
    """A folder of extracts under construction."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "extracts"
        self.store = folder / "store"
        self.folder.mkdir(parents=True)
        self.listed: list[str] = []
        self.top = ""

    def add(
        self, content: str | bytes, mapping: str = INCIDENTS, file: str = "incidents.csv", received: str | None = None
    ) -> Workshop:
        """One more file with the mapping that fits it."""
        target = self.folder / file
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
        named = f"{len(self.listed)}.toml"
        (self.folder / named).write_text(mapping, encoding="utf-8")
        day = f"received = {received}\n" if received else ""
        self.listed.append(f"[[extract]]\nfile = '{file}'\nmapping = '{named}'\n{day}")
        return self

    def add_areas(self, file: str, areas: Sequence[dict[str, Any]]) -> Workshop:
        """Outlines in metres: area_code, level, name, geometry and anything else an area has."""
        layer = gpd.GeoDataFrame(list(areas), geometry="geometry", crs="EPSG:27700")
        layer.to_file(self.folder / file, driver="GPKG")
        columns = "".join(f'{name} = "{name}"\n' for name in layer.columns if name not in ("geometry", "name"))
        mapping = f'source = "test"\ntable = "area"\n[columns]\nname_en = "name"\n{columns}'
        return self.add((self.folder / file).read_bytes(), mapping, file)

    def listing(self, text: str) -> Workshop:
        (self.folder / "extracts.toml").write_text(text, encoding="utf-8")
        return self

    def build(self) -> Built:
        if self.listed:
            self.listing(self.top + "\n" + "\n".join(self.listed))
        report = build(self.folder, self.store)
        return Built(report, Path(report.snapshot))

    def snapshots(self) -> list[str]:
        """Everything that lies in the store."""
        return sorted(p.name for p in self.store.iterdir()) if self.store.exists() else []


def square(left: float, bottom: float, side: float = 1000) -> shapely.Polygon:
    return shapely.box(left, bottom, left + side, bottom + side)
