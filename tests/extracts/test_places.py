"""Where a record happened: coordinates in any system, outlines of two eras, codes that are stated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hatecrime.extracts.areas import Area, Areas
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.locate import in_areas
from tests.extracts.workshop import HEADER, INCIDENTS, Built, Workshop, square

Build = Callable[..., Built]

METRES = INCIDENTS + '[point]\nx = "X"\ny = "Y"\ncrs = "EPSG:27700"\n'
DEGREES = INCIDENTS + '[point]\nx = "Lon"\ny = "Lat"\n'
POINT_HEADER = "Ref,Kind,Recorded,X,Y\n"
OLD_TRAFFORD = {"Lon": -2.2684, "Lat": 53.4579}


def area(code: str, geometry: shapely.Geometry, level: str = "ward", **more: Any) -> dict[str, Any]:
    return {"area_code": code, "level": level, "name": code, "geometry": geometry, **more}


def placed(made: Built) -> list[Any]:
    return made.rows("incident", "easting", "northing", "location_precision")


class TestCoordinates:
    def test_metres_stay_as_they_are(self, built: Build) -> None:
        made = built(POINT_HEADER + "1,Crime,01/02/2016,380500.25,395500\n", METRES)
        assert placed(made) == [(380500.25, 395500.0, "exact")]

    def test_degrees_are_moved_onto_the_grid(self, built: Build) -> None:
        made = built("Ref,Kind,Recorded,Lon,Lat\n1,Crime,01/02/2016,-2.2684,53.4579\n", DEGREES)
        moved = gpd.GeoSeries.from_xy([-2.2684], [53.4579], crs="EPSG:4326").to_crs("EPSG:27700")
        assert placed(made)[0][:2] == pytest.approx((moved.x[0], moved.y[0]))

    def test_no_coordinates_are_no_fault(self, built: Build) -> None:
        made = built(POINT_HEADER + "1,Crime,01/02/2016,,\n", METRES)
        assert placed(made) == [(None, None, "none")]
        assert made.rejects == []

    def test_half_a_place_is_none(self, built: Build) -> None:
        made = built(POINT_HEADER + "1,Crime,01/02/2016,380500,\n", METRES)
        assert placed(made) == [(None, None, "none")]
        assert made.rejects == [(2, "X, Y", "380500, ", "bad_coordinate", False)]

    def test_swapped_degrees_are_told_from_foreign_ones(self, built: Build) -> None:
        rows = "1,Crime,01/02/2016,53.4579,-2.2684\n2,Crime,02/02/2016,-118.2,34.1\n"
        made = built("Ref,Kind,Recorded,Lon,Lat\n" + rows, DEGREES)
        assert [r[3] for r in made.rejects] == ["coordinates_swapped", "outside_projection"]
        assert placed(made) == [(None, None, "none")] * 2

    def test_degrees_where_metres_were_stated_are_not_put_beside_the_false_origin(self, built: Build) -> None:
        made = built(POINT_HEADER + "1,Crime,01/02/2016,-2.2684,53.4579\n", METRES)
        assert [r[3] for r in made.rejects] == ["outside_projection"]

    def test_the_mapping_may_say_how_exact_a_place_is(self, built: Build) -> None:
        made = built(POINT_HEADER + "1,Crime,01/02/2016,380500,395500\n", METRES + 'precision = "grid"\n')
        assert placed(made)[0][2] == "grid"

    def test_a_stated_ward_without_a_point_is_known_by_area(self, built: Build) -> None:
        made = built("Ref,Kind,Recorded,W\n1,Crime,01/02/2016,E05000829\n", INCIDENTS + 'ward = "W"\n')
        assert made.column("incident", "location_precision") == ["area"]

    @pytest.mark.parametrize("crs", ["EPSG:0", "British National Grid, please"])
    def test_a_system_nobody_knows_is_refused(self, workshop: Workshop, crs: str) -> None:
        workshop.add(POINT_HEADER, METRES.replace("EPSG:27700", crs))
        with pytest.raises(ExtractError, match="is not known"):
            workshop.build()

    def test_a_boundary_that_is_no_area_is_refused(self, workshop: Workshop) -> None:
        workshop.add(POINT_HEADER, METRES + 'within = "E0800009"\n')
        with pytest.raises(ExtractError, match=r"'E0800009', which is no area\. Did you mean 'E08000009'"):
            workshop.build()

    def test_a_snapshot_in_degrees_is_refused(self, workshop: Workshop) -> None:
        workshop.top = 'crs = "EPSG:4326"'
        with pytest.raises(ExtractError, match="does not measure in metres"):
            workshop.add(HEADER).build()


class TestOutlines:
    RECORDS = POINT_HEADER + "1,Crime,03/05/2023,500,500\n2,Crime,04/05/2023,500,500\n3,Crime,04/05/2023,5000,500\n"

    def test_a_point_gets_the_area_of_its_day(self, workshop: Workshop) -> None:
        old = area("OLD", square(0, 0), valid_to="2023-05-03")
        new = area("NEW", square(0, 0), valid_from="2023-05-04")
        workshop.add_areas("old.gpkg", [old]).add_areas("new.gpkg", [new])
        made = workshop.add(self.RECORDS, METRES).build()
        assert made.column("incident", "ward") == ["OLD", "NEW", None]

    def test_a_code_of_the_wrong_era_gives_way_to_the_point(self, workshop: Workshop) -> None:
        workshop.add_areas("old.gpkg", [area("OLD", square(0, 0), valid_to="2023-05-03")])
        workshop.add_areas("new.gpkg", [area("NEW", square(0, 0), valid_from="2023-05-04")])
        record = "Ref,Kind,Recorded,X,Y,W\n1,Crime,04/05/2023,500,500,OLD\n"
        made = workshop.add(record, METRES.replace("[point]", 'ward = "W"\n[point]')).build()
        assert made.column("incident", "ward") == ["NEW"]
        assert made.rejects == [(2, "W", "OLD", "area_wrong_era", False)]

    def test_so_does_a_label_that_stands_for_such_a_code(self, workshop: Workshop) -> None:
        mapping = INCIDENTS + 'ward = "W"\n[values.ward]\n"Altrincham" = "E05015239"\n'
        made = workshop.add("Ref,Kind,Recorded,W\n1,Crime,03/05/2023,Altrincham\n", mapping).build()
        assert made.column("incident", "ward") == [None]
        assert made.rejects == [(2, "W", "Altrincham", "area_wrong_era", False)]

    def test_what_stands_above_an_area_follows_from_it(self, built: Build) -> None:
        made = built("Ref,Kind,Recorded,W\n1,Crime,01/02/2016,E05000829\n", INCIDENTS + 'ward = "W"\n')
        assert made.rows("incident", "ward", "locality", "district", "force", "region") == [
            ("E05000829", "E08000009-north", "E08000009", "E23000005", "E12000002")
        ]

    def test_a_code_of_another_level_is_no_ward(self, built: Build) -> None:
        made = built("Ref,Kind,Recorded,W\n1,Crime,01/02/2016,E08000009\n", INCIDENTS + 'ward = "W"\n')
        assert made.rejects == [(2, "W", "E08000009", "unknown_area", False)]

    def test_parts_of_one_area_in_several_rows_are_one_outline(self, workshop: Workshop) -> None:
        workshop.add_areas("parts.gpkg", [area("A", square(0, 0)), area("A", square(5000, 0))])
        made = workshop.add(POINT_HEADER + "1,Crime,01/02/2016,500,500\n2,Crime,01/02/2016,5500,500\n", METRES).build()
        assert made.column("incident", "ward") == ["A", "A"]

    def test_an_outline_that_crosses_itself_is_put_right(self, workshop: Workshop) -> None:
        bow = shapely.Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
        made = workshop.add_areas("bow.gpkg", [area("BOW", bow)]).build()
        shapes = [shapely.from_wkb(s) for s in made.column("area", "geometry") if s is not None]
        assert [shape.is_valid for shape in shapes] == [True]
        assert shapes[0].area == pytest.approx(500_000)

    def test_an_area_without_an_outline_still_has_its_names(self, workshop: Workshop) -> None:
        made = workshop.add_areas("named.gpkg", [area("A", square(0, 0)), area("B", None, name_cy="Bwthyn")]).build()
        assert [a for a in made.rows("area", "area_code", "name_cy") if a[0] == "B"] == [("B", "Bwthyn")]

    def test_points_are_no_outlines(self, workshop: Workshop) -> None:
        workshop.add_areas("points.gpkg", [area("A", shapely.Point(0, 0))])
        with pytest.raises(ExtractError, match="points or lines, not outlines"):
            workshop.build()

    def test_a_layer_that_lacks_a_column_is_refused(self, workshop: Workshop) -> None:
        workshop.add_areas("wards.gpkg", [area("A", square(0, 0))])
        (workshop.folder / "0.toml").write_text(
            'source = "t"\ntable = "area"\n[columns]\narea_code = "code"\nlevel = "level"\nname_en = "name"\n'
        )
        with pytest.raises(ExtractError, match=r"wards\.gpkg does not fit the mapping '0': it lacks 'code'"):
            workshop.build()

    def test_outlines_that_do_not_lie_where_they_say_are_refused(self, workshop: Workshop) -> None:
        layer = gpd.GeoDataFrame([area("A", square(380000, 395000))], geometry="geometry")
        workshop.add(layer.to_json(), 'source = "t"\ntable = "area"\n[columns]\narea_code = "area_code"\n'
                     'level = "level"\nname_en = "name"\n', "wards.geojson")  # fmt: skip
        with pytest.raises(ExtractError, match="do not lie where their coordinate system puts them"):
            workshop.build()


@settings(max_examples=100, deadline=None)
@given(
    corners=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 9)), min_size=1, max_size=8),
    points=st.lists(st.tuples(st.floats(-5, 35), st.floats(-5, 35)), min_size=1, max_size=30),
)
def test_every_point_is_found_that_a_plain_search_finds(
    corners: list[tuple[int, int, int]], points: list[tuple[float, float]]
) -> None:
    shapes = [shapely.box(x, y, x + side, y + side) for x, y, side in corners]
    areas = Areas()
    areas.by_code = {}
    areas.add(Area(f"A{i}", "ward", "A", geometry=shapely.to_wkb(shape)) for i, shape in enumerate(shapes))
    x, y = np.array(points).T
    index, codes = in_areas(x.copy(), y.copy(), None, areas)["ward"]
    for number, (px, py) in enumerate(points):
        holding = {f"A{i}" for i, shape in enumerate(shapes) if shape.intersects(shapely.Point(px, py))}
        found = codes[index[number]] if index[number] >= 0 else None
        assert found in holding if holding else found is None


@pytest.mark.parametrize("day", ["2023-05-02", "2023-05-03", "2023-05-04", "2023-05-05"])
def test_no_day_lies_between_two_eras(day: str) -> None:
    areas = Areas()
    areas.by_code = {}
    shape = shapely.to_wkb(square(0, 0))
    areas.add([Area("OLD", "ward", "Old", valid_to=date(2023, 5, 3), geometry=shape)])
    areas.add([Area("NEW", "ward", "New", valid_from=date(2023, 5, 4), geometry=shape)])
    index, codes = in_areas(np.array([500.0]), np.array([500.0]), np.array([day], "datetime64[D]"), areas)["ward"]
    assert codes[index[0]] == ("OLD" if day < "2023-05-04" else "NEW")
