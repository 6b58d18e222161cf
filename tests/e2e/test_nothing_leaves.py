"""Nothing opens a connection: the main job runs without any network, and the kernel sees no address but our own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

Promise = Callable[[str, bool, str], None]
COMMAND = [sys.executable, "-m", "services.cli"]
CONNECTIONS = re.compile(r"(?:connect|sendto|sendmsg|sendmmsg)\(.*sa_family=(AF_INET6?)")


@dataclass(frozen=True)
class Job:
    """What the main job answered, in which environment, and whether it had no network."""

    environment: dict[str, str]
    alone: bool
    answer: dict


def environment_in(folder: Path) -> dict[str, str]:
    """A home and a HOME of our own, so that nothing finds a cache of earlier days."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TOLMACH_")}
    return kept | {"TOLMACH_HOME": str(folder / "home"), "HOME": str(folder / "nobody")}


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


UNSHARED = ["unshare", "--map-root-user", "--net"]


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """The main job, done once: without any network where the machine lets us take it away."""
    environment = environment_in(tmp_path_factory.mktemp("job"))
    tried = shutil.which("unshare") and subprocess.run([*UNSHARED, "true"], check=False, capture_output=True)
    alone = bool(tried and tried.returncode == 0)
    return Job(environment, alone, main_job(environment, *(UNSHARED if alone else ())))


def test_the_main_job_runs_without_any_network(job: Job, promised: Promise) -> None:
    promised("namespaces", job.alone, "unshare --net is not allowed here")
    assert job.answer["total"] > 0


def test_nothing_is_written_outside_the_home(job: Job) -> None:
    assert job.answer["total"] > 0
    assert not Path(job.environment["HOME"]).exists()


def test_no_system_call_names_an_address(promised: Promise, tmp_path: Path) -> None:
    promised("strace", shutil.which("strace") is not None, "install strace")
    log = tmp_path / "calls"
    strace = ["strace", "-f", "-qq", "-e", "trace=%network", "-o", str(log), "-A"]
    assert main_job(environment_in(tmp_path), *strace)["total"] > 0
    assert "socketpair" in log.read_text(errors="replace")  # it did look
    assert CONNECTIONS.findall(log.read_text(errors="replace")) == []
