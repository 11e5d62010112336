"""Points near the edge of an area: which outlines are simplified, how many points lie near, and how many would move."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

from hatecrime.cli import app
from hatecrime.database import open_snapshot
from hatecrime.extracts import edges as made
from hatecrime.extracts.edges import drawn_to
from hatecrime.extracts.report import Edge, Move
from hatecrime.shape.edges import edges
from hatecrime.words.edges import about, moves, near_edges
from tests.extracts.workshop import INCIDENTS, Built, Workshop
from tests.shared_data import build_shared, needs_shared_data, shared

METRES = INCIDENTS + '[point]\nx = "X"\ny = "Y"\ncrs = "EPSG:27700"\n'
X, Y = 380_000, 395_000
ORIGIN = np.array([X, Y])


def rows(*points: tuple[float, float], day: str = "01/02/2016") -> str:
    lines = (f"{n},Crime,{day},{X + x},{Y + y}\n" for n, (x, y) in enumerate(points))
    return "Ref,Kind,Recorded,X,Y\n" + "".join(lines)


def pair(border: float, outline: str) -> list[dict[str, Any]]:
    """Two areas side by side, a kilometre high."""
    west, east = shapely.box(X, Y, X + border, Y + 1000), shapely.box(X + border, Y, X + 2000, Y + 1000)
    return [
        {"area_code": code, "level": "ward", "name": code, "geometry": shape, "outline": outline}
        for code, shape in (("west", west), ("east", east))
    ]


def built(folder: Path, points: str, **layers: list[dict[str, Any]]) -> Built:
    workshop = Workshop(folder)
    for name, areas in layers.items():
        workshop.add_areas(f"{name}.gpkg", areas)
    return workshop.add(points, METRES).build()


def wiggly(step: float) -> np.ndarray:
    """A circle of a kilometre with detail of a tenth of a metre, simplified to some metres."""
    turn = np.linspace(0, 2 * np.pi, 5000)
    far = 1000 + 0.1 * np.cos(turn * 2500) + 60 * np.sin(turn * 40)
    circle = shapely.Polygon(np.column_stack([far * np.cos(turn), far * np.sin(turn)]))
    return np.array([circle.simplify(step)])


class TestWhichOutlinesAreSimplified:
    @pytest.mark.parametrize(
        ("file", "metres"),
        [
            ("Wards_December_2017_Boundaries_BFC.geojson", 0),
            ("wards_bfe.gpkg", 0),
            ("ward_2017_trafford_ward_full_resolution.geojson", 0),
            ("Wards_(December_2017)_BGC_V2.geojson", 20),
            ("ward_generalised.geojson", 20),
            ("ward_generalized.geojson", 20),
            ("LAD_BSC.shp", 200),
            ("Wards_super_generalised_clipped.json", 200),
            ("LAD_MAY_2022_UK_BUC.geojson", 500),
            ("ultra generalised.json", 500),
        ],
    )
    def test_the_name_of_a_file_is_believed(self, file: str, metres: int) -> None:
        assert drawn_to(file, None, wiggly(0)) == metres
        assert drawn_to(file, None, wiggly(20)) == metres

    def test_letters_inside_a_word_are_no_mark(self) -> None:
        assert drawn_to("abucket.geojson", None, wiggly(0)) == 0

    def test_without_a_mark_the_corners_tell(self) -> None:
        assert drawn_to("wards.geojson", None, wiggly(0)) == 0
        assert drawn_to("wards.geojson", None, wiggly(10)) == 20

    def test_a_wrong_mapping_does_not_hide_what_the_corners_tell(self) -> None:
        assert drawn_to("wards.geojson", "full", wiggly(10)) == 20

    def test_a_few_corners_tell_nothing(self) -> None:
        square = np.array([shapely.box(0, 0, 1000, 1000)])
        assert drawn_to("wards.geojson", "full", square) == 0
        assert drawn_to("wards.geojson", None, square) == 0

    @pytest.mark.parametrize(("stated", "metres"), [("generalised", 20), ("approximate", 200), ("full", 0), (None, 0)])
    def test_else_the_mapping_is_believed(self, stated: str | None, metres: int) -> None:
        assert drawn_to("wards.geojson", stated, wiggly(0)) == metres

    def test_an_empty_layer_is_in_full_resolution(self) -> None:
        assert drawn_to("wards.geojson", None, np.array([], object)) == 0


class TestPointsNearAnEdge:
    def test_points_within_the_metres_of_an_inner_or_an_outer_edge_are_counted(self, tmp_path: Path) -> None:
        points = rows((979, 500), (981, 500), (1019, 500), (1021, 500), (10, 500), (500, 995), (500, 500))
        (edge,) = built(tmp_path, points, wards=pair(1000, "generalised")).report.edges
        assert edge == Edge("incident", "ward", 7, 4, 20, None, True)

    def test_a_point_outside_every_area_is_not_counted(self, tmp_path: Path) -> None:
        (edge,) = built(tmp_path, rows((-5, 500), (500, 500)), wards=pair(1000, "generalised")).report.edges
        assert (edge.points, edge.near) == (1, 0)

    def test_outlines_in_full_resolution_leave_no_doubt(self, tmp_path: Path) -> None:
        report = built(tmp_path, rows((999, 500)), wards=pair(1000, "full")).report
        assert report.edges == [Edge("incident", "ward", 1, 0, 0, None, False)]
        assert near_edges(report.edges) == ""

    def test_beside_simplified_outlines_those_in_full_resolution_leave_no_doubt(self, tmp_path: Path) -> None:
        (west, _), (_, east) = pair(1000, "full"), pair(1000, "generalised")
        points = rows((999, 500), (5, 500), (1001, 500), (1995, 500))
        (edge,) = built(tmp_path, points, one=[west], two=[east]).report.edges
        assert edge == Edge("incident", "ward", 4, 2, 20, None, True)

    def test_a_refused_and_a_folded_record_are_not_counted(self, tmp_path: Path) -> None:
        points = rows((999, 500), (999, 501)) + f"2,Crime,31/02/2016,{X + 999},{Y + 500}\n"
        repeated = points + f"1,Crime,01/02/2016,{X + 999},{Y + 501}\n"
        made = built(tmp_path, repeated, wards=pair(1000, "generalised"))
        assert (made.extract.kept, made.report.edges[0].points, made.report.edges[0].near) == (2, 2, 2)

    def test_without_points_or_outlines_nothing_is_said(self, tmp_path: Path) -> None:
        assert built(tmp_path / "a", rows(), wards=pair(1000, "generalised")).report.edges == []
        assert built(tmp_path / "b", rows((5, 5))).report.edges == []
        assert built(tmp_path / "c", rows((9000, 9000)), wards=pair(1000, "generalised")).report.edges == []

    def test_areas_of_another_time_have_no_edge_then(self, tmp_path: Path) -> None:
        old = [area | {"valid_to": pd.Timestamp("2015-12-31")} for area in pair(500, "generalised")]
        new = [
            area | {"area_code": f"new {area['area_code']}", "valid_from": pd.Timestamp("2016-01-01")}
            for area in pair(1000, "generalised")
        ]
        (edge,) = built(tmp_path, rows((499, 500), (999, 500)), old=old, new=new).report.edges
        assert (edge.points, edge.near) == (2, 1)

    def test_many_points_are_reckoned_from_a_part_of_them_and_it_is_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(made, "MEASURED", 50)
        points = rows(*[(995, n) for n in range(50, 150)], *[(500, n) for n in range(50, 150)])
        (edge,) = built(tmp_path, points, wards=pair(1000, "generalised")).report.edges
        assert (edge.points, edge.near, edge.sampled) == (200, 100, True)
        assert about(edge).endswith("This is reckoned from a part of the points, taken evenly.")

    def test_the_count_equals_a_distance_measured_for_each_point(self, tmp_path: Path) -> None:
        random = np.random.default_rng(4)
        seeds = shapely.MultiPoint(random.uniform(0, 3000, (30, 2)) + ORIGIN)
        cells = shapely.get_parts(shapely.voronoi_polygons(seeds))
        given = [
            {"area_code": f"c{n}", "level": "ward", "name": f"c{n}", "geometry": cell, "outline": "generalised"}
            for n, cell in enumerate(cells)
        ]
        places = random.uniform(0, 3000, (400, 2)).round(2)
        (edge,) = built(tmp_path, rows(*map(tuple, places)), cells_generalised=given).report.edges
        owner = [cell for place in places for cell in cells if cell.covers(shapely.Point(place + ORIGIN))]
        distances = shapely.distance(shapely.boundary(np.array(owner)), shapely.points(places + ORIGIN))
        assert (edge.points, edge.near) == (400, int((distances <= 20).sum()))
        assert edge.near > 0


class TestFinerAndCoarserOutlines:
    POINTS = rows((995, 500), (1005, 500), (1008, 500), (1015, 500), (500, 500))

    @pytest.mark.parametrize("order", [("fine", "coarse"), ("coarse", "fine")])
    def test_the_finer_is_used_and_what_the_coarser_would_change_is_stated(
        self, order: tuple[str, str], tmp_path: Path
    ) -> None:
        layers = {"fine": pair(1000, "full"), "coarse": pair(1010, "generalised")}
        made = built(tmp_path, self.POINTS, **{name: layers[name] for name in order})
        assert made.column("incident", "ward") == ["west", "east", "east", "east", "west"]
        (edge,) = made.report.edges
        assert edge == Edge("incident", "ward", 5, 4, 20, 2, False, moves=[Move("east", "west", 2)])

    def test_points_that_fall_out_of_every_area_or_into_one_are_changes_too(self, tmp_path: Path) -> None:
        low = [a | {"geometry": shapely.affinity.translate(a["geometry"], 0, -10)} for a in pair(1000, "generalised")]
        points = rows((500, 995), (500, 996), (500, -5), (500, 500))
        (edge,) = built(tmp_path, points, fine=pair(1000, "full"), coarse=low).report.edges
        assert edge.changed == 3
        assert set(edge.moves) == {Move("west", None, 2), Move(None, "west", 1)}

    def test_the_same_outline_twice_changes_nothing(self, tmp_path: Path) -> None:
        (edge,) = built(tmp_path, self.POINTS, fine=pair(1000, "full"), coarse=pair(1000, "generalised")).report.edges
        assert (edge.changed, edge.moves) == (0, [])

    def test_an_equally_fine_outline_is_no_coarser_one(self, tmp_path: Path) -> None:
        (edge,) = built(tmp_path, self.POINTS, one=pair(1000, "full"), two=pair(1010, "full")).report.edges
        assert edge.changed is None

    def test_an_area_in_parts_is_put_together_before_it_is_compared(self, tmp_path: Path) -> None:
        whole = pair(1000, "generalised")
        halves = [shapely.box(X, Y, X + 1000, Y + 400), shapely.box(X, Y + 400, X + 1000, Y + 1000)]
        parts = [whole[0] | {"geometry": half} for half in halves] + whole[1:]
        points = rows((500, 200), (500, 800), (1500, 500))
        (edge,) = built(tmp_path, points, fine=pair(1000, "full"), coarse=parts).report.edges
        assert edge.changed == 0


class TestWhereItIsSaid:
    @pytest.fixture
    def made(self, tmp_path: Path) -> Built:
        points = TestFinerAndCoarserOutlines.POINTS
        return built(tmp_path, points, fine=pair(1000, "full"), coarse=pair(1010, "generalised"))

    def test_the_snapshot_keeps_it(self, made: Built) -> None:
        snapshot = open_snapshot(made.path)
        assert list(edges(snapshot)) == made.report.edges

    def test_only_analysts_for_everywhere_are_told(self, made: Built) -> None:
        snapshot = open_snapshot(made.path)
        assert edges(snapshot.limited("partner", ())) == ()
        assert edges(snapshot.limited("analyst", ("E08000009",))) == ()

    def test_a_snapshot_that_does_not_hold_it_says_nothing(self, made: Built) -> None:
        with duckdb.connect(str(made.path)) as con:
            con.execute("comment on table area is null")
        assert edges(open_snapshot(made.path)) == ()

    def test_codes_with_quotes_come_back_as_they_were(self, tmp_path: Path) -> None:
        fine, coarse = (
            [area | {"area_code": f'St John\'s "{area["area_code"]}"'} for area in pair(border, outline)]
            for border, outline in ((1000, "full"), (1010, "generalised"))
        )
        made = built(tmp_path / "quotes", TestFinerAndCoarserOutlines.POINTS, fine=fine, coarse=coarse)
        (edge,) = edges(open_snapshot(made.path))
        assert edge.moves == [Move('St John\'s "east"', 'St John\'s "west"', 2)]

    def test_hatecrime_build_prints_it_area_by_area_and_as_json(self, made: Built, tmp_path: Path) -> None:
        given = ["build", "--extracts", str(tmp_path / "extracts"), "--store", str(tmp_path / "other")]
        said = CliRunner().invoke(app, given).output
        assert "incident: Ward: 2 of 5 points would lie in another area by the simplified outlines" in said
        assert "   2 points from east to west\n" in said
        (edge,) = json.loads(CliRunner().invoke(app, [*given, "--json"]).output)["edges"]
        assert {key: edge[key] for key in ("level", "points", "near", "metres", "changed", "generalised")} == {
            "level": "ward",
            "points": 5,
            "near": 4,
            "metres": 20,
            "changed": 2,
            "generalised": False,
        }

    def test_hatecrime_check_says_it_of_one_file(self, made: Built, tmp_path: Path) -> None:
        folder = tmp_path / "extracts"
        (folder / "new.csv").write_text(TestFinerAndCoarserOutlines.POINTS, encoding="utf-8")
        given = ["check", str(folder / "new.csv"), "--mapping", str(folder / "2.toml"), "--extracts", str(folder)]
        assert "2 of 5 points would lie in another area" in CliRunner().invoke(app, given).output
        (edge,) = json.loads(CliRunner().invoke(app, [*given, "--json"]).output)["edges"]
        assert edge["changed"] == 2


class TestWords:
    @pytest.mark.parametrize(
        ("edge", "said"),
        [
            (Edge("incident", "ward", 9, 0, 0, None, False), ""),
            (
                Edge("incident", "ward", 9, 0, 20, None, True),
                "Ward: the outlines are simplified, but no point lies within 20 m of the edge of its area.",
            ),
            (
                Edge("incident", "ward", 9, 1, 20, None, True),
                "Ward: 1 of 9 points lies within 20 m of the edge of its area. "
                "The outlines are simplified by about as much, so it could belong to the area next to it.",
            ),
            (
                Edge("incident", "ward", 9, 2, 20, 0, False),
                "Ward: by the simplified outlines that were loaded too, every point would lie in the same area.",
            ),
        ],
    )
    def test_each_finding_has_its_sentence(self, edge: Edge, said: str) -> None:
        assert about(edge) == said

    def test_only_the_asked_table_and_level_are_told(self) -> None:
        known = [Edge(table, level, 9, 1, 20, None, True) for table in ("incident", "x") for level in ("ward", "lsoa")]
        assert near_edges(known, "ward") == about(known[0])
        assert near_edges(known, "district") == ""
        assert near_edges([]) == ""

    def test_a_long_list_of_moves_ends_with_what_is_left(self) -> None:
        edge = Edge("incident", "ward", 99, 20, 20, 24, False, moves=[Move(f"a{n}", None, 2) for n in range(12)])
        said = moves(edge)
        assert said[0] == "2 points from a0 to outside these areas"
        assert (len(said), said[-1]) == (11, "4 points between other areas")


@needs_shared_data
@pytest.mark.shared_data
class TestBurglaries:
    """Three years of points on the wards of their time, in full resolution and generalised."""

    FULL, COARSE = (f"boundaries/ward_2017_trafford_ward_{kind}.geojson" for kind in ("full_resolution", "generalised"))
    POINTS = ("street/gmp_burglary_2016-02_2019-01.csv", "gmp_burglary_points")

    @pytest.fixture(scope="class")
    def points(self) -> gpd.GeoDataFrame:
        file = pd.read_csv(shared(self.POINTS[0]))
        places = gpd.GeoSeries.from_xy(file["Longitude"], file["Latitude"], crs="EPSG:4326").to_crs("EPSG:27700")
        return gpd.GeoDataFrame(file, geometry=places)

    def wards(self, file: str) -> gpd.GeoDataFrame:
        return gpd.read_file(shared(file)).to_crs("EPSG:27700").set_index("area_code")

    def joined(self, points: gpd.GeoDataFrame, file: str) -> pd.Series:
        inside = gpd.sjoin(points, self.wards(file)[["geometry"]], predicate="within")
        return inside["area_code"].reindex(points.index)

    @pytest.fixture(scope="class")
    def both(self, own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
        layers = ((self.COARSE, "ons_wards"), (self.FULL, "ons_wards_full"))
        report = build_shared(tmp_path_factory.mktemp("both"), self.POINTS, *layers)
        return Built(report, Path(report.snapshot))

    def test_the_finer_outlines_count_each_ward_and_month(self, both: Built, points: gpd.GeoDataFrame) -> None:
        wards = self.joined(points, self.FULL)
        expected = Counter(zip(wards.dropna(), points["Month"][wards.notna()], strict=True))
        found = Counter((ward, f"{day:%Y-%m}") for ward, day in both.rows("incident", "ward", "recorded_on") if ward)
        assert found == expected
        assert (len({ward for ward, _month in found}), sum(found.values())) == (21, 5113)

    def test_65_points_would_change_ward_as_two_spatial_joins_say(self, both: Built, points: gpd.GeoDataFrame) -> None:
        fine, coarse = (self.joined(points, file) for file in (self.FULL, self.COARSE))
        differ = fine.fillna("") != coarse.fillna("")
        (edge,) = both.report.edges
        expected = Counter(zip(fine[differ].fillna(""), coarse[differ].fillna(""), strict=True))
        assert {(m.area or "", m.to or ""): m.points for m in edge.moves} == expected
        assert (edge.changed, edge.generalised, edge.metres) == (65, False, 20)

    def test_generalised_outlines_alone_are_warned_about(
        self, own_key: Path, points: gpd.GeoDataFrame, tmp_path: Path
    ) -> None:
        report = build_shared(tmp_path, self.POINTS, (self.COARSE, "ons_wards"))
        wards, given = self.wards(self.COARSE), self.joined(points, self.COARSE).dropna()
        borders = wards.boundary.loc[given].to_numpy()
        distances = shapely.distance(borders, points.geometry.loc[given.index].to_numpy())
        (edge,) = report.edges
        assert edge == Edge("incident", "ward", 5113, int((distances <= 20).sum()), 20, None, True)
        assert near_edges(report.edges, "ward").startswith("Ward: 214 of 5,113 points lie within 20 m of the edge")
