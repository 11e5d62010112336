"""Coverage-guided fuzzing of what is opened first: mappings, CSV files and zips."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hatecrime.settings import data_dir, root
from tests.extracts.workshop import INCIDENTS
from tests.faults import inputs

TIMES = int(os.environ.get("HATECRIME_FUZZ", "1"))
RUNS, SECONDS = 3000 * TIMES, 20 * TIMES
SEEDS = {
    "mapping": lambda: [INCIDENTS.encode(), *(path.read_bytes() for path in (data_dir() / "mappings").glob("*.toml"))],
    "csv": lambda: [inputs.CSV],
    "zip": lambda: [inputs.packed("incidents.csv", inputs.CSV)],
}


@pytest.mark.skipif(not importlib.util.find_spec("atheris"), reason="atheris does not run on this machine.")
@pytest.mark.parametrize("target", SEEDS)
def test_nothing_but_a_refusal_escapes(target: str, tmp_path: Path, tell: Callable[[str], None]) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(SEEDS[target]()):
        (corpus / str(number)).write_bytes(seed)
    options = [f"-runs={RUNS}", f"-max_total_time={SECONDS}", "-seed=2016", f"-artifact_prefix={tmp_path}/"]
    command = [sys.executable, "-m", "tests.faults.atheris_target", target, *options, str(corpus)]
    done = subprocess.run(command, cwd=root(), capture_output=True, text=True, check=False, timeout=SECONDS * 10 + 60)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    runs = re.search(r"Done (\d+) runs", done.stderr)
    assert runs and int(runs[1]) > len(SEEDS[target]())
    tell(f"Fuzzed {target} with atheris: {runs[1]} inputs, only clean refusals.")
