"""The foot of what is taken away: for whom, what, from which data and when."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from hatecrime import __version__, i18n, settings
from hatecrime.cli import app
from hatecrime.database import Facts, open_newest
from hatecrime.reports.footer import as_comments, footer
from hatecrime.reports.handover import document

AT = datetime(2026, 11, 21, 9, 5, tzinfo=UTC)


@pytest.fixture(scope="session")
def facts(sample_store: Path) -> Facts:
    return open_newest(sample_store).facts


def test_a_foot_says_for_whom_what_from_which_data_and_when(facts: Facts) -> None:
    assert footer(facts, "analyst", "Trafford · disability", AT) == [
        "OFFICIAL-SENSITIVE",
        settings.settings().synthetic_notice["en"],
        "Made for analysts: exact figures.",
        "Shown: Trafford · disability.",
        f"Snapshot {facts.name}, complete to 31 March 2017.",
        f"Taken away on 21 November 2026 at 09:05 UTC. Version {__version__}.",
    ]


@pytest.mark.parametrize(
    ("audience", "marking"), [("analyst", "OFFICIAL-SENSITIVE"), ("partner", "OFFICIAL"), ("public", None)]
)
def test_each_audience_has_its_own_marking(facts: Facts, audience: str, marking: str | None) -> None:
    lines = footer(facts, audience, "", AT)
    assert [line for line in lines if line.startswith("OFFICIAL")] == ([marking] if marking else [])
    assert not any(line.startswith("Shown") for line in lines)


def test_figures_that_are_not_made_up_are_not_called_so(facts: Facts) -> None:
    real = facts.__class__(**{**vars(facts), "synthetic": False, "complete_to": date(2017, 3, 31)})
    assert not any("SYNTHETIC" in line for line in footer(real, "partner", "x", AT))


def test_in_welsh_the_day_is_in_welsh(facts: Facts) -> None:
    with i18n.speaking("cy"):
        assert any("21 Tachwedd 2026" in line for line in footer(facts, "analyst", "x", AT))


def test_a_line_stays_one_cell_and_a_comment_whatever_it_holds() -> None:
    said = as_comments(["=1+1", 'a, "b"', "two\nlines", "@x,=2"])
    assert all(line.startswith("# ") for line in said.splitlines())
    assert "," not in said and '"' not in said
    assert len(said.splitlines()) == 4


def test_a_document_ends_with_its_foot_and_its_words_stay_words() -> None:
    made = document("en", "T", [], [], footer=["OFFICIAL", "<b>x</b>"])
    assert "<footer><p>OFFICIAL</p><p>&lt;b&gt;x&lt;/b&gt;</p></footer>" in made


def test_the_figures_of_a_command_are_marked_and_read_back(sample_store: Path) -> None:
    said = CliRunner().invoke(app, ["figures", "--store", str(sample_store), "--area", "E08000009", "--csv"]).output
    assert "# OFFICIAL-SENSITIVE\n" in said
    assert "# Shown: Trafford · " in said
    table = pd.read_csv(StringIO(said), comment="#")
    assert {"total", "kind", "strand"} <= set(table["table"])
    assert table["now"].notna().all()
    assert table["percent"].dtype == "float64"


def test_the_report_of_a_command_is_marked(sample_store: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    done = CliRunner().invoke(app, ["quality", "--store", str(sample_store), "--referrals", str(out)])
    assert done.exit_code == 0, done.output
    assert "<footer><p>OFFICIAL-SENSITIVE</p>" in out.read_text("utf-8")
