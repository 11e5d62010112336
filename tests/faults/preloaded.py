"""A process that has everything imported, and forks a child for each build that it is asked for.

One line of JSON in, one line out: builds can be limited and killed at any moment without paying for the imports.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from hatecrime.extracts import build as engine
from hatecrime.extracts import store as stores
from hatecrime.extracts.errors import ExtractError
from hatecrime.settings import settings

STAGES = {
    "_read_areas": "areas",
    "_read_records": "staging",
    "_write_records": "writing",
    "_write_context": "context",
    "_finish": "checkpoint",
}
PIECE = 1 << 16


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


def run(asked: dict[str, Any]) -> dict[str, Any]:
    """Fork a build; kill it `delay` seconds after its start, or after it has entered the stage `wait_for`."""
    reading, writing = os.pipe()
    begun = time.monotonic()
    child = os.fork()
    if not child:
        _build(asked, writing)
    os.close(writing)
    try:
        marks = list(_watch(asked, child, reading, begun))
    finally:
        os.close(reading)
    _pid, status = os.waitpid(child, 0)
    return {
        "killed": os.WIFSIGNALED(status),
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        "stages": [(mark["stage"], mark["at"]) for mark in marks if "stage" in mark],
        "seconds": time.monotonic() - begun,
        "snapshot": next((mark["snapshot"] for mark in marks if "snapshot" in mark), None),
        "refused": next((mark["refused"] for mark in marks if "refused" in mark), None),
        "escaped": next((mark["escaped"] for mark in marks if "escaped" in mark), None),
    }


def _watch(asked: dict[str, Any], child: int, reading: int, begun: float) -> Iterator[dict[str, Any]]:
    """What the child reports, until it is gone."""
    delay, wait_for = asked.get("delay"), asked.get("wait_for")
    deadline = begun + delay if delay is not None and wait_for is None else None
    rest = b""
    while True:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        ready, _writing, _odd = select.select([reading], [], [], left)
        if not ready:
            os.kill(child, signal.SIGKILL)
            deadline = None
            continue
        piece = os.read(reading, PIECE)
        if not piece:
            return
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            mark = json.loads(line)
            mark["at"] = time.monotonic() - begun
            if mark.get("stage") == wait_for and delay is not None and deadline is None:
                deadline = time.monotonic() + delay
            yield mark


def _build(asked: dict[str, Any], writing: int) -> None:
    """What the child does; it never returns."""

    def say(**what: str) -> None:
        os.write(writing, json.dumps(what).encode() + b"\n")

    try:
        _prepare(asked, say)
        say(stage="start")
        say(snapshot=engine.build(Path(asked["extracts"]), Path(asked["store"])).snapshot)
    except ExtractError as refusal:
        say(refused=str(refusal))
    except BaseException as error:  # Whatever is not a refusal has escaped, and the test must hear of it.
        say(escaped=repr(error))
    os._exit(0)


def _prepare(asked: dict[str, Any], say: Callable[..., None]) -> None:
    for name, stage in STAGES.items():
        setattr(engine._Build, name, _marked(getattr(engine._Build, name), stage, say))
    engine.publish = _marked(engine.publish, "rename", say)
    if asked.get("keep"):
        kept = replace(settings(), keep_snapshots=asked["keep"])
        stores.settings = lambda: kept
    if asked.get("die_at"):
        _die_at(asked["die_at"])
    engine.CONFIG.update(asked.get("config", {}))
    for name, most in asked.get("limits", {}).items():
        resource.setrlimit(getattr(resource, name), (most, most))
    if asked.get("user"):
        _become(asked["user"], asked["extracts"])


def _become(user: int, extracts: str) -> None:
    """Go on as another account, which may not be able to read the interpreter's own files: build once before."""
    with tempfile.TemporaryDirectory() as folder:
        engine.build(Path(extracts), Path(folder))
    os.setresuid(user, user, user)


def _die_at(place: str) -> None:
    """Have the child killed as it makes a call, or (replaced) once it is made."""

    def die(*_given: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    move = Path.replace
    patches: dict[str, tuple[Any, str, Callable[..., Any]]] = {
        "chmod": (Path, "chmod", die),
        "fsync": (os, "fsync", die),
        "replace": (Path, "replace", die),
        "replaced": (Path, "replace", lambda *given: die(move(*given))),
        "unlink": (Path, "unlink", die),
    }
    setattr(*patches[place])


def _marked(call: Callable[..., Any], stage: str, say: Callable[..., None]) -> Callable[..., Any]:
    def marked(*given: Any) -> Any:
        say(stage=stage)
        return call(*given)

    return marked


if __name__ == "__main__":
    main()
