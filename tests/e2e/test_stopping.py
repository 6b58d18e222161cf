"""A server that is stopped takes its worker with it, however it is stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from servers import free_port

from services.components import Components

PATIENCE = 120.0  # seconds after which a process that does not end fails its test


@contextmanager
def serving(home: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server with its worker, once both run; and the worker's number."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOLMACH_")}
    port = free_port()
    command = [sys.executable, "-m", "services.cli", "serve", "--with-worker", "--port", str(port)]
    server = subprocess.Popen(command, env=environment | {"TOLMACH_HOME": str(home)})
    try:
        worker = awaited(lambda: answers(port) and worker_of(server.pid))
        yield server, worker
    finally:
        server.kill()
        server.wait()


def awaited(look):
    """What a look gives as soon as it gives something."""
    given_up = time.monotonic() + PATIENCE
    while time.monotonic() < given_up:
        if seen := look():
            return seen
        time.sleep(0.05)
    pytest.fail("nothing came of it")


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health"):
            return True
    except urllib.error.URLError:
        return False


def worker_of(server: int) -> int:
    """The child whose command is the worker, or 0."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            command = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if parent == server and b"worker" in command:
            return int(process.name)
    return 0


def is_gone(process: int) -> bool:
    try:
        return "State:\tZ" in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_a_server_that_ends_takes_its_worker_with_it(components: Components, by: signal.Signals) -> None:
    with serving(components.settings.home) as (server, worker):
        server.send_signal(by)
        code = server.wait(PATIENCE)
        assert awaited(lambda: is_gone(worker))
        if by in (signal.SIGTERM, signal.SIGHUP):
            assert code == 0
