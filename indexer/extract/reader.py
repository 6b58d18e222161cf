"""Has PDFs read by one limited child process. Refuses what the child cannot read within its limits.

The child (child.py) gets the open file over a socket, never a path or a secret. It serves one document after another;
when it dies, the document at hand gets an ExtractError and the next one a new child.
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
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from indexer.extract.frames import COUNT, DONE, ERROR, HEADER, IMAGE
from indexer.extract.model import MESSAGES, ExtractError, Line, PageText
from indexer.extract.precheck import precheck

Progress = Callable[[int, int], None]

_MAX_FRAME = 64 << 20
_ROOT = Path(__file__).resolve().parents[2]


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


class Reader:
    """Reads text and pictures of PDF pages; safe to share between threads, which take turns."""

    def __init__(self, limits: Limits = Limits()) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the child process. The reader may be used again: it then starts another."""
        with self._lock:
            self._drop()

    def pages(self, file: BinaryIO, progress: Progress | None = None) -> tuple[PageText, ...]:
        """All pages of an open PDF, in order; a page that cannot be read has no lines. Raises ExtractError.

        `progress` is called with (pages read, pages in all) after each page; what it raises stops the reading.
        """
        precheck(file)
        found: list[PageText] = []
        failed = total = 0
        with contextlib.closing(self._answers(file, {"page": 0, "width": 0})) as answers:
            for kind, payload in answers:
                if kind == COUNT:
                    total = int(payload)
                    continue
                page = _page(len(found) + 1, payload)
                failed += not page.width
                found.append(page)
                if progress is not None:
                    progress(len(found), total)
        if failed == len(found):
            raise ExtractError("damaged")
        if not any(page.lines for page in found):
            raise ExtractError("no_text")
        return tuple(found)

    def render(self, file: BinaryIO, page: int, width: int) -> bytes:
        """A page as PNG, `width` pixels wide (kept within 100 to 2400). Raises ExtractError."""
        if page < 1:
            raise ExtractError("no_page")
        precheck(file)
        answers = list(self._answers(file, {"page": page, "width": width}))
        if [kind for kind, _ in answers] != [IMAGE]:
            raise ExtractError("reader_crashed")
        return answers[0][1]

    def _answers(self, file: BinaryIO, request: dict[str, int]) -> Generator[tuple[bytes, bytes], None, None]:
        """Send one request and give its frames. Whatever ends this early ends the child too."""
        with self._lock, _readable(file) as descriptor:
            if self._child is None or not self._child.alive():
                self._drop()
                self._child = _Child()
            finished = False
            try:
                yield from self._child.ask(request, descriptor, self._limits)
                finished = True
            except _Refusal as refusal:
                finished = True
                raise ExtractError(refusal.code) from None
            except (ValueError, KeyError, TypeError):
                raise ExtractError("reader_crashed") from None
            finally:
                if not finished:
                    self._drop()

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()


class _Refusal(Exception):  # noqa: N818 (an answer, not a fault)
    """The child's orderly answer that it will not read a document."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class _Child:
    """The process, its socket, and the thread that started it.

    Linux sends the parent-death signal when the starting *thread* ends, so that thread stays until the child dies.
    """

    def __init__(self) -> None:
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
                self._process = _start(theirs.fileno())
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

    def ask(self, request: dict[str, int], descriptor: int, limits: Limits) -> Iterator[tuple[bytes, bytes]]:
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
                    raise _Refusal(_known(payload))
                if left < 0:
                    raise ExtractError("too_large_in_memory")
                if kind == COUNT:
                    deadline += min(int(payload), limits.max_pages) * limits.page_wall_seconds
                yield kind, payload
        except TimeoutError:
            raise ExtractError("too_slow") from None
        except OSError:
            raise ExtractError(self._cause(limits.memory_bytes)) from None

    def _send(self, request: dict[str, int], descriptor: int, limits: Limits) -> None:
        full = request | {
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


def _start(descriptor: int) -> subprocess.Popen[bytes]:
    """Start the child with an environment that holds no secret, and no descriptor but its socket."""
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
    return subprocess.Popen(  # noqa: S603 (our own module, no shell)
        [sys.executable, "-P", "-s", "-B", "-m", "indexer.extract.child", str(descriptor), str(os.getpid())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(descriptor,),
        env={"PYTHONPATH": path, "LANG": "C.UTF-8"},
        cwd="/",
        start_new_session=True,
    )


@contextlib.contextmanager
def _readable(file: BinaryIO) -> Iterator[int]:
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


def _known(payload: bytes) -> str:
    code = payload.decode("ascii", "replace")
    return code if code in MESSAGES else "reader_crashed"


def _page(number: int, payload: bytes) -> PageText:
    """The page that the child wrote in hundredths of a point; null is a page it could not read."""
    content = json.loads(payload)
    if content is None:
        return PageText(number, 0.0, 0.0, ())
    width, height, lines = content
    return PageText(number, width / 100, height / 100, tuple(_line(*line) for line in lines))


def _line(text: str, x0: int, y0: int, x1: int, y1: int, edges: list[int]) -> Line:
    words = tuple(zip((e / 100 for e in edges[::2]), (e / 100 for e in edges[1::2]), strict=True))
    return Line(text, (x0 / 100, y0 / 100, x1 / 100, y1 / 100), words)
