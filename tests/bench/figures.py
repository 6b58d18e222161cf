"""Writes what a benchmark measured to docs/figures/NAME.json, where README and documentation quote it from."""

import json
import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def record(name: str, command: str, figures: Mapping[str, float]) -> None:
    """Write docs/figures/NAME.json with the command, the commit, the day and the machine, and print the figures."""
    content = {
        "command": command,
        "commit": _commit(),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": _machine(),
        "figures": dict(figures),
    }
    folder = ROOT / "docs" / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    width = max(map(len, figures), default=0)
    for key, value in figures.items():
        print(f"{key:{width}}  {value:g}")


def _commit() -> str:
    """The commit that is checked out, marked if files differ from it."""
    found = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    return found.stdout.strip() or "none"


def _machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown CPU")
    return f"{cores} cores, {model}"
