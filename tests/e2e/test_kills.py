"""Whatever is killed and whenever: each file that was taken in ends in one place, once, and the index agrees."""

from __future__ import annotations

from pathlib import Path

from kills import SAMPLE, Harness

KILLS = 12


def test_nothing_is_lost_when_processes_are_killed(database_url: str, tmp_path: Path) -> None:
    outcome = Harness(tmp_path / "home", database_url, seed=1).run(KILLS, SAMPLE / "pdf")
    assert outcome.clean, outcome
    assert outcome.states["translated"] == 8
