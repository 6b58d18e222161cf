"""Keeps processes of ours running beside this one. Refuses to leave one behind, however this one ends."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

LOOK: Final = 1.0  # seconds between two looks whether all are there
TROUBLED: Final = 10.0  # seconds until one that died is started again
STOPPING: Final = 30  # seconds that what was begun may go on when the server is to stop

_log = logging.getLogger(__name__)
_Process = subprocess.Popen[bytes]


@contextmanager
def kept_running(commands: Sequence[Sequence[str]], sockets: Sequence[int] = ()) -> Iterator[None]:
    """Run these commands of ours until the block ends, each again where it dies; they are given these sockets."""
    stopping = threading.Event()
    running = [_start(command, sockets) for command in commands]

    def watch(at: int) -> None:
        while not stopping.wait(LOOK):
            if running[at].poll() is not None:
                _log.error("%s ended with code %d and is started again", commands[at][0], running[at].returncode)
                if not stopping.wait(TROUBLED):
                    _end(running[at : at + 1])
                    running[at] = _start(commands[at], sockets)

    watchers = [threading.Thread(target=watch, args=(at,)) for at in range(len(commands))]
    for watcher in watchers:
        watcher.start()
    try:
        yield
    finally:
        stopping.set()
        for watcher in watchers:
            watcher.join()
        _end(running)


def _start(command: Sequence[str], sockets: Sequence[int]) -> _Process:
    """A process that ends when this one does, however it ends: nobody else holds the other end of its input."""
    return subprocess.Popen(  # noqa: S603  # commands of ours, as they are written here
        [sys.executable, "-m", "services.cli", *command], stdin=subprocess.PIPE, pass_fds=tuple(sockets)
    )


def _end(processes: Sequence[_Process]) -> None:
    """Let processes finish what they do, for a while; a document that one leaves is taken up by the next."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin:
            process.stdin.close()
