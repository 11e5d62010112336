"""Given these incidents, this bridge, these points, these records."""

from hatecrime.database import count, fetch, provenance
from hatecrime.filters import Filters
from tests import toy

ALL = Filters()


def rows(frame) -> list[tuple]:
    return [tuple(row) for row in frame.itertuples(index=False)]


def test_the_bridge_leads_from_the_total_to_the_sum_of_the_strands(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        incident=[
            {"strands": ["race"]},
            {"strands": ["race"]},
            {"strands": ["religion", "race"]},
            {"strands": []},
        ],
    )

    bridge = fetch(opened, "incidents/strand_bridge", ALL)
    by_strand = count(opened, ALL, ("strand",)).query("strand != 'not_recorded'")

    assert rows(bridge) == [("race", 1, 2), ("not_recorded", 0, 1), ("race+religion", 2, 1)]
    assert (bridge["n"] * bridge["strand_count"]).sum() == by_strand["n"].sum() == 4


def test_points_are_whole_metres_and_only_of_placed_incidents(tmp_path):
    places = [(100.2, 200.4), (99.8, 199.6), (500.0, 1.0), (None, None)]
    opened = toy.snapshot(tmp_path, incident=[{"easting": e, "northing": n} for e, n in places])

    assert rows(fetch(opened, "incidents/points", ALL)) == [(100, 200, 2), (500, 1, 1)]


def test_a_figure_can_be_followed_to_its_extracts(tmp_path):
    opened = toy.snapshot(
        tmp_path,
        incident=[{}],
        extract=[
            {"target": "incident", "file": "gmp.csv", "rows_read": 5, "rows_kept": 4, "rows_refused": 1},
            {"target": "referral", "file": "support.csv"},
        ],
    )

    made = provenance(opened, "incidents/points", Filters(area="E08000009"))

    assert made.snapshot == "toy"
    assert made.values == {"area": "E08000009", "basis": "recorded"}
    assert made.query.sql.startswith("-- One row is one place")
    assert made.extracts["file"].tolist() == ["gmp.csv"]
    assert made.extracts[["rows_read", "rows_kept", "rows_refused"]].iloc[0].tolist() == [5, 4, 1]
