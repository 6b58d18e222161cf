"""Runs a benchmark's script in two trees, another commit's and this one, as processes that answer line by line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from figures import ROOT

FOLDERS = ("", "tests", "tests/contract", "tests/security")


def unpack(commit: str, folder: Path) -> None:
    """The tree of another commit."""
    folder.mkdir()
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x"], cwd=folder, input=packed, check=True)


@contextmanager
def answering(script: str, tree: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process that runs the script with the code of that tree."""
    paths = os.pathsep.join(str(tree / folder) for folder in FOLDERS)
    process = subprocess.Popen(
        [sys.executable, script, *arguments],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def read(process: subprocess.Popen[str]) -> dict[str, float]:
    """What it says next."""
    assert process.stdout
    while not (line := process.stdout.readline()).startswith("{"):
        if not line:
            raise SystemExit("A process ended.")
    return dict(json.loads(line))


def ask(process: subprocess.Popen[str], line: str) -> dict[str, float]:
    """What it says to a line."""
    assert process.stdin
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    return read(process)


def say(told: dict[str, float]) -> None:
    """Say this to whoever asked."""
    print(json.dumps(told), flush=True)
