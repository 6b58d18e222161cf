"""Starts and ends reading children and talks with them. Refuses what they cannot read within their limits.

A child gets the open file over a socket, never a path or a secret. What comes back is checked frame by frame.
"""

import contextlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Self

from auth.errors import TolmachError
from indexer.extract.cage.frames import COUNT, DONE, ERROR, HEADER
from indexer.extract.pages import MESSAGES, ExtractError

_MAX_FRAME = 64 << 20
_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Limits:
    """What one document may use. The times grow with the number of its pages; memory is the child's address space."""

    memory_bytes: int = 2 << 30
    cpu_seconds: float = 60
    page_cpu_seconds: float = 0.1
    wall_seconds: float = 240
    page_wall_seconds: float = 0.4
    max_pages: int = 5000
    max_answer_bytes: int = 512 << 20
    second_page_cpu_seconds: float = 0.4
    second_page_wall_seconds: float = 1.2

    def of_second(self) -> Self:
        """The same for the second reader, which reads few pages and is some twenty times slower."""
        return replace(
            self, page_cpu_seconds=self.second_page_cpu_seconds, page_wall_seconds=self.second_page_wall_seconds
        )


class Refusal(TolmachError):  # noqa: N818 (an answer, not a fault)
    """The child's orderly answer that it will not read a document."""

    def __init__(self, code: str) -> None:
        super().__init__(code, code=code)


class Child:
    """The process, its socket, and the thread that started it.

    Linux sends the parent-death signal when the starting *thread* ends, so that thread stays until the child dies.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._socket, theirs = socket.socketpair()
        self._process: subprocess.Popen[bytes] | None = None
        self._reaping = threading.Lock()
        self._peak = 0
        started = threading.Event()
        self._keeper = threading.Thread(target=self._keep, args=(theirs, started), daemon=True)
        self._keeper.start()
        started.wait()
        if self._process is None:
            self._socket.close()
            raise ExtractError("reader_crashed")

    def _keep(self, theirs: socket.socket, started: threading.Event) -> None:
        try:
            with theirs, contextlib.suppress(OSError):
                self._process = _start(self._module, theirs.fileno())
        finally:
            started.set()
        if self._process is not None:
            self._reap(self._process)

    def _reap(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for the process to end; note its exit code and peak memory. `end` cannot kill a successor meanwhile."""
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        with self._reaping:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self._peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)

    def alive(self) -> bool:
        return self._keeper.is_alive()

    def end(self) -> None:
        """Kill the process and wait until it is gone."""
        self._socket.close()
        with self._reaping:
            if self._process is not None and self._process.returncode is None:
                os.kill(self._process.pid, signal.SIGKILL)
        self._keeper.join()

    def ask(self, request: Mapping[str, Any], descriptor: int, limits: Limits) -> Iterator[tuple[bytes, bytes]]:
        """Send a request with its open file; give the frames of the answer until it is done."""
        deadline = time.monotonic() + limits.wall_seconds
        left = limits.max_answer_bytes
        try:
            self._send(request, descriptor, limits)
            while True:
                kind, payload = self._frame(deadline)
                left -= len(payload)
                if kind == DONE:
                    return
                if kind == ERROR:
                    raise Refusal(_known(payload))
                if left < 0:
                    raise ExtractError("too_large_in_memory")
                if kind == COUNT:
                    deadline += min(int(payload), limits.max_pages) * limits.page_wall_seconds
                yield kind, payload
        except TimeoutError:
            raise ExtractError("too_slow") from None
        except OSError:
            raise ExtractError(self._cause(limits.memory_bytes)) from None

    def _send(self, request: Mapping[str, Any], descriptor: int, limits: Limits) -> None:
        full = {
            **request,
            "memory": limits.memory_bytes,
            "cpu": limits.cpu_seconds,
            "page_cpu": limits.page_cpu_seconds,
            "max_pages": limits.max_pages,
        }
        socket.send_fds(self._socket, [json.dumps(full).encode()], [descriptor])

    def _frame(self, deadline: float) -> tuple[bytes, bytes]:
        kind, length = HEADER.unpack(self._receive(HEADER.size, deadline))
        if length > _MAX_FRAME:
            raise ValueError("a frame longer than any page")
        return kind, self._receive(length, deadline)

    def _receive(self, length: int, deadline: float) -> bytes:
        parts = bytearray()
        while len(parts) < length:
            self._socket.settimeout(max(0.001, deadline - time.monotonic()))
            part = self._socket.recv(min(length - len(parts), 1 << 20))
            if not part:
                raise ConnectionResetError
            parts += part
        return bytes(parts)

    def _cause(self, memory: int) -> str:
        """Why the process is gone, as a code of ExtractError.

        The PDF library ends itself by one of a few signals when it gets no memory; that it held much by then tells
        this from a fault.
        """
        self._keeper.join(timeout=5)
        ended = self._process.returncode if self._process is not None else None
        if ended == -signal.SIGXCPU:
            return "too_slow"
        starved = ended in (-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL) and self._peak > memory // 4
        return "too_large_in_memory" if starved else "reader_crashed"


class Keeper:
    """Keeps one child running for one document after another; when it dies, the next document gets a new one."""

    def __init__(self, module: str) -> None:
        self._module = module
        self.child: Child | None = None

    def answers(
        self, request: Mapping[str, Any], descriptor: int, limits: Limits
    ) -> Generator[tuple[bytes, bytes], None, None]:
        """Send one request and give its frames. Whatever ends this early ends the child too. Raises ExtractError."""
        if self.child is None or not self.child.alive():
            self.drop()
            self.child = Child(self._module)
        finished = False
        try:
            yield from self.child.ask(request, descriptor, limits)
            finished = True
        except Refusal as refusal:
            finished = True
            raise ExtractError(refusal.code) from None
        except (ValueError, KeyError, TypeError):
            raise ExtractError("reader_crashed") from None
        finally:
            if not finished:
                self.drop()

    def drop(self) -> None:
        """End the child, if there is one."""
        child, self.child = self.child, None
        if child is not None:
            child.end()


def _start(module: str, descriptor: int) -> subprocess.Popen[bytes]:
    """Start the child with an environment that holds no secret, and no descriptor but its socket."""
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
    return subprocess.Popen(  # noqa: S603 (our own module, no shell)
        [sys.executable, "-P", "-s", "-B", "-m", module, str(descriptor), str(os.getpid())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(descriptor,),
        env={"PYTHONPATH": path, "LANG": "C.UTF-8"},
        cwd="/",
        start_new_session=True,
    )


def _known(payload: bytes) -> str:
    code = payload.decode("ascii", "replace")
    return code if code in MESSAGES else "reader_crashed"


@contextlib.contextmanager
def readable(file: BinaryIO) -> Iterator[int]:
    """A descriptor of the file that can only be read; a file that lives in memory is written out first."""
    with contextlib.ExitStack() as stack:
        try:
            source = file.fileno()
            if file.writable():
                file.flush()
        except (AttributeError, io.UnsupportedOperation):
            copy = stack.enter_context(tempfile.TemporaryFile())
            file.seek(0)
            shutil.copyfileobj(file, copy)
            copy.flush()
            source = copy.fileno()
        try:
            descriptor = os.open(f"/proc/self/fd/{source}", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            descriptor = os.dup(source)
        stack.callback(os.close, descriptor)
        yield descriptor
