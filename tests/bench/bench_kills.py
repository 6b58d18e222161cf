"""Kills processes at random, over a hundred times, on both databases; counts what was lost, doubled or left."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from figures import record
from kills import SAMPLE, Harness, Outcome
from servers import private_postgresql

KILLS = 60  # on each database


def main() -> None:
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        add(
            figures,
            "sqlite",
            Harness(home / "sqlite", f"sqlite:///{home / 'kills.sqlite'}", seed=1).run(KILLS, SAMPLE / "pdf"),
        )
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        with private_postgresql(programs[0] if programs else Path(shutil.which("initdb") or "").parent) as url:
            add(figures, "postgresql", Harness(home / "postgresql", url, seed=2).run(KILLS, SAMPLE / "pdf"))
    record("kills", "make bench-kills", figures)


def add(figures: dict[str, float], database: str, outcome: Outcome) -> None:
    """Put an outcome among the figures."""
    print(database, outcome)
    figures[f"{database}_kills"] = outcome.kills.total()
    for kind, count in sorted(outcome.kills.items()):
        figures[f"{database}_kills_{kind}"] = count
    figures[f"{database}_documents"] = outcome.states.total()
    figures[f"{database}_quarantined"] = outcome.states["quarantined"]
    figures[f"{database}_lost"] = len(outcome.lost)
    figures[f"{database}_doubled"] = len(outcome.doubled)
    figures[f"{database}_unfinished"] = len(outcome.unfinished)
    figures[f"{database}_disagreeing"] = len(outcome.disagreeing)
    figures[f"{database}_leftover_processes"] = len(outcome.leftover_processes)


if __name__ == "__main__":
    main()
