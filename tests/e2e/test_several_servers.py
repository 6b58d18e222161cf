"""Several processes answer on one address; one that dies is started again, and none outlives the command."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from servers import free_port
from test_stopping import PATIENCE, answers, awaited, is_gone

from services.components import Components


def answering(parent: int) -> list[int]:
    """The processes of a server that answer on its socket."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            of = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            command = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if of == parent and b"--on" in command:
            found.append(int(process.name))
    return found


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_two_processes_answer_and_end_together(components: Components, by: signal.Signals) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOLMACH_")}
    port = free_port()
    command = [sys.executable, "-m", "services.cli", "serve", "--workers", "2", "--port", str(port)]
    server = subprocess.Popen(command, env=environment | {"TOLMACH_HOME": str(components.settings.home)})
    try:
        both = awaited(lambda: answers(port) and len(answering(server.pid)) == 2 and answering(server.pid))
        os.kill(both[0], signal.SIGKILL)
        assert answers(port)  # by the other
        if by == signal.SIGTERM:
            awaited(lambda: len(again := answering(server.pid)) == 2 and both[0] not in again)
        server.send_signal(by)
        code = server.wait(PATIENCE)
        assert awaited(lambda: all(map(is_gone, both)))
        assert by == signal.SIGKILL or code == 0
    finally:
        server.kill()
        server.wait()


def test_an_address_that_is_taken_is_told(components: Components) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        environment = os.environ | {"TOLMACH_HOME": str(components.settings.home)}
        command = [sys.executable, "-m", "services.cli", "serve", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 1
    assert "Choose another" in done.stderr
