"""What the build of a snapshot found of points near the edges of areas."""

import json

from hatecrime.database import Snapshot, fetch
from hatecrime.extracts.report import Edge, Move


def edges(snapshot: Snapshot) -> tuple[Edge, ...]:
    """One account for each table and level with points. Nothing for those who may not see exact figures everywhere."""
    if snapshot.audience != "analyst" or snapshot.areas:
        return ()
    texts = fetch(snapshot, "about/edges")["edges"].dropna()
    return tuple(_edge(each) for text in texts for each in json.loads(text))


def _edge(held: dict[str, object]) -> Edge:
    moves = [Move(**move) for move in held.pop("moves")]  # type: ignore[attr-defined]
    return Edge(**held, moves=moves)  # type: ignore[arg-type]
