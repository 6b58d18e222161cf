"""Nothing opens a connection: the main job runs without any network, and the kernel sees no address but our own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Promise = Callable[[str, bool, str], None]
COMMAND = [sys.executable, "-m", "services.cli"]
CONNECTIONS = re.compile(r"(?:connect|sendto|sendmsg|sendmmsg)\(.*sa_family=(AF_INET6?)")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home and a HOME of our own, so that nothing finds a cache of earlier days."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TOLMACH_")}
    return kept | {"TOLMACH_HOME": str(tmp_path / "home"), "HOME": str(tmp_path / "nobody")}


def run(environment: dict[str, str], *command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, env=environment, input=stdin, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done


def main_job(environment: dict[str, str], *before: str) -> dict:
    """Set up, take in, index, translate, search; gives what the search found."""
    demo = json.loads(run(environment, *before, *COMMAND, "demo", "--no-serve", "--json").stdout)
    expert = next(person for person in demo["sign_ins"] if person["username"] == "aigerim")
    search = ["search", "returnees camps", "--as", "aigerim", "--password-stdin", "--json"]
    return json.loads(run(environment, *before, *COMMAND, *search, stdin=expert["password"]).stdout)


def test_the_main_job_runs_without_any_network(environment: dict[str, str], promised: Promise) -> None:
    unshare = ["unshare", "--map-root-user", "--net"]
    works = (
        shutil.which("unshare") and subprocess.run([*unshare, "true"], check=False, capture_output=True).returncode == 0
    )
    promised("namespaces", bool(works), "unshare --net is not allowed here")
    assert main_job(environment, *unshare)["total"] > 0


def test_no_system_call_names_an_address(environment: dict[str, str], promised: Promise, tmp_path: Path) -> None:
    promised("strace", shutil.which("strace") is not None, "install strace")
    log = tmp_path / "calls"
    strace = ["strace", "-f", "-qq", "-e", "trace=%network", "-o", str(log), "-A"]
    assert main_job(environment, *strace)["total"] > 0
    assert "socketpair" in log.read_text(errors="replace")  # it did look
    assert CONNECTIONS.findall(log.read_text(errors="replace")) == []


def test_nothing_is_written_outside_the_home(environment: dict[str, str]) -> None:
    main_job(environment)
    assert not Path(environment["HOME"]).exists()
