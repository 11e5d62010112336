"""A build killed at any moment: the newest snapshot is the old one or the new one, whole, and the next build works."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hatecrime.database import count, newest, open_snapshot
from hatecrime.filters import Filters
from hatecrime.settings import settings
from tests.faults.conftest import Builder

KILLS = 200
SMALL, LARGE = 60, 90
WHOLE_EVERY = 20


def counted(store: Path) -> int:
    """The incidents of the newest snapshot, counted as the dashboard counts them; no file has been passed over."""
    path = newest(store)
    assert path == max(store.glob("hatecrime-*.duckdb"))
    snapshot = open_snapshot(path)
    try:
        return int(count(snapshot, Filters())["n"].item())
    finally:
        snapshot.close()


def working_folders(store: Path) -> list[Path]:
    return list(store.glob(".building-*"))


def stage_lengths(stages: list[tuple[str, float]], end: float) -> dict[str, float]:
    ends = [at for _stage, at in stages[1:]] + [end]
    return {stage: after - at for (stage, at), after in zip(stages, ends, strict=True)}


def moments(builder: Builder, extracts: Path, store: Path, chance: random.Random) -> Callable[[], dict[str, Any]]:
    """When to kill: now and then anywhere in a build, else somewhere in a stage, so that short ones are met too."""
    whole = [builder(extracts, store) for _try in range(3)][-1]
    lengths = stage_lengths(whole["stages"], whole["seconds"])

    def moment() -> dict[str, Any]:
        if chance.random() < 0.3:
            return {"delay": chance.uniform(0, whole["seconds"])}
        stage = chance.choice([*lengths, "writing", "checkpoint", "rename", "rename", "rename"])
        return {"wait_for": stage, "delay": chance.uniform(0, lengths[stage])}

    return moment


def test_two_hundred_builds_killed_at_random_moments_lose_nothing(
    builder: Builder, listing: Callable[[str, int], Path], tmp_path: Path, tell: Callable[[str], None]
) -> None:
    extracts = {SMALL: listing("small", SMALL), LARGE: listing("large", LARGE)}
    store = tmp_path / "store"
    moment = moments(builder, extracts[SMALL], store, random.Random(2016))
    killed: Counter[str] = Counter()
    live, published_before_death = SMALL, 0
    while killed.total() < KILLS:
        other = LARGE if live == SMALL else SMALL
        done = builder(extracts[other], store, **moment())
        assert done["escaped"] is None and done["refused"] is None
        now = counted(store)
        assert now in ((live, other) if done["killed"] else (other,))
        published_before_death += done["killed"] and now == other
        killed.update([done["stages"][-1][0] if done["stages"] else "start"] if done["killed"] else [])
        live = now
        assert len(working_folders(store)) <= 1
        if killed.total() % WHOLE_EVERY == 0:
            assert builder(extracts[live], store)["snapshot"]
            assert working_folders(store) == []
    assert builder(extracts[live], store)["snapshot"]
    assert working_folders(store) == []
    assert counted(store) == live
    assert {"staging", "writing", "checkpoint", "rename"} <= set(killed)
    places = ", ".join(f"{stage} {n}" for stage, n in killed.most_common())
    tell(f"Builds killed: {killed.total()} ({places}); {published_before_death} of them had published; none lost.")


@pytest.mark.parametrize(
    "place, published",
    [("chmod", False), ("fsync", False), ("replace", False), ("replaced", True), ("unlink", True)],
)
def test_a_build_killed_at_each_call_of_publishing_leaves_the_old_or_the_new_snapshot(
    builder: Builder, listing: Callable[[str, int], Path], tmp_path: Path, place: str, published: bool
) -> None:
    store = tmp_path / "store"
    before = [builder(listing(f"old{n}", SMALL), store)["snapshot"] for n in range(settings().keep_snapshots)]
    assert builder(listing("new", LARGE), store, die_at=place)["killed"]
    assert counted(store) == (LARGE if published else SMALL)
    assert all(Path(path).exists() for path in before)
    assert builder(listing("next", SMALL + 1), store)["snapshot"]
    assert counted(store) == SMALL + 1
    assert working_folders(store) == []
    assert len(list(store.iterdir())) == settings().keep_snapshots
