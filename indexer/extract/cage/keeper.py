"""Has each document read by a child of its own, and talks with that child. Refuses what it may not answer.

A child gets the open file over a socket, never a path or a secret. It may be in a stranger's hand: its frames carry
their document's nonce, are bounded one by one and together, and come before the deadline; after the last comes nothing.
"""

import contextlib
import io
import json
import logging
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from auth.errors import ErrorKind, TolmachError
from indexer.extract.cage.confine import Confinement
from indexer.extract.cage.frames import COUNT, DONE, ERROR, HEADER, LONGEST, NONCE
from indexer.extract.cage.limits import Limits
from indexer.extract.pages import MESSAGES, ExtractError

_log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[3]
_TO_START = 60.0  # seconds that a template may take to be ready
_TO_END = 10.0  # seconds that a child may take to be gone when its work is done or it was killed
_LOOK = 0.2  # seconds between two looks whether anybody still waits for the answer
_STARVED = (-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL, -signal.SIGSEGV)

Stopped = Callable[[], bool]
"""Says whether nobody waits for the answer any more."""


class StoppedError(TolmachError):
    """The child was ended because nobody waited for its answer any more."""

    kind = ErrorKind.BUSY
    code = "stopped"
    sentence = "The page is not drawn any more, for nobody waited for it."


class Cage:
    """Runs the documents of one program, each in a child of its own; safe to use from several threads at once."""

    def __init__(self, module: str, arguments: Sequence[str] = ()) -> None:
        """`arguments` are told to the program after its socket and our process."""
        self._module, self._arguments = module, arguments
        self._lock = threading.Lock()
        self._template: _Template | None = None

    def answers(
        self, request: Mapping[str, Any], descriptor: int, limits: Limits, stopped: Stopped = lambda: False
    ) -> Generator[tuple[bytes, bytes], None, None]:
        """Have a child do one request with an open file, and give the frames of its answer.

        Raises ExtractError, or StoppedError. Whatever ends this early ends the child too.
        """
        child = self._started().child(request, descriptor, limits, stopped)
        try:
            yield from child.answer()
        except (ValueError, KeyError, TypeError):
            raise ExtractError("reader_crashed") from None
        except TimeoutError:
            raise ExtractError("too_slow") from None
        except OSError:
            raise ExtractError(child.cause()) from None
        finally:
            child.end()

    def confinement(self) -> Confinement:
        """What holds the children in on this machine. Raises ExtractError if none can be started."""
        return self._started().confinement

    def close(self) -> None:
        """End all processes. The cage may be used again: it then starts others."""
        with self._lock:
            template, self._template = self._template, None
        if template is not None:
            template.end()

    def _started(self) -> "_Template":
        with self._lock:
            if self._template is None or not self._template.alive():
                if self._template is not None:
                    self._template.end()
                self._template = None
                self._template = _Template(self._module, self._arguments)
            return self._template


class _Template:
    """The warm process, the socket on which it takes requests, and the thread that started it.

    Linux sends the parent-death signal when the starting *thread* ends, so that thread stays until the process dies.
    """

    def __init__(self, module: str, arguments: Sequence[str]) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process: subprocess.Popen[bytes] | None = None
        started = threading.Event()
        self._keeper = threading.Thread(target=self._keep, args=(module, arguments, theirs, started), daemon=True)
        self._keeper.start()
        started.wait()
        try:
            self._control.settimeout(_TO_START)
            self.confinement = Confinement(**json.loads(self._control.recv(1024)))
            self._control.settimeout(None)
        except (OSError, ValueError, TypeError):  # it never came so far as to say what holds it
            self.end()
            raise ExtractError("reader_crashed") from None
        level = logging.WARNING if self.confinement.missing() else logging.INFO
        _log.log(level, "%s: children are held by %s", module, self.confinement)

    def child(self, request: Mapping[str, Any], descriptor: int, limits: Limits, stopped: Stopped) -> "_CagedChild":
        """A child that begins with this request. Raises ExtractError."""
        channel, theirs = socket.socketpair()
        leash, its_leash = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        child = _CagedChild(channel, leash, limits, stopped)
        with theirs, its_leash:
            try:
                text = json.dumps({**request, **child.terms()}).encode()
                socket.send_fds(self._control, [text], [theirs.fileno(), descriptor, its_leash.fileno()])
            except OSError:
                child.close()
                raise ExtractError("reader_crashed") from None
        return child

    def alive(self) -> bool:
        return self._keeper.is_alive()

    def end(self) -> None:
        """Kill the process, and with it its children, and wait until it is gone."""
        self._control.close()
        if self._process is not None:
            self._process.kill()
        self._keeper.join()

    def _keep(self, module: str, arguments: Sequence[str], theirs: socket.socket, started: threading.Event) -> None:
        try:
            with theirs, contextlib.suppress(OSError):
                self._process = _start(module, arguments, theirs.fileno())
        finally:
            started.set()
        if self._process is not None:
            self._process.wait()


class _CagedChild:
    """One document's child, as the service sees it: the channel of its answer, and the leash that it is ended by."""

    def __init__(self, channel: socket.socket, leash: socket.socket, limits: Limits, stopped: Stopped) -> None:
        self._channel = channel
        self._leash = leash
        self._limits = limits
        self._stopped = stopped
        self._nonce = secrets.token_bytes(NONCE)
        self._deadline = time.monotonic() + limits.wall_seconds
        self._left = limits.max_answer_bytes
        self._ended: tuple[int, int, float] | None = None

    def terms(self) -> dict[str, Any]:
        """What its request says besides what to do: the nonce, and what it may use."""
        limits = self._limits
        return {
            "nonce": self._nonce.hex(),
            "memory": limits.memory_bytes,
            "cpu": limits.cpu_seconds,
            "page_cpu": limits.page_cpu_seconds,
            "max_pages": limits.max_pages,
            "most_cpu": limits.cpu_seconds + limits.max_pages * limits.page_cpu_seconds,
        }

    def answer(self) -> Iterator[tuple[bytes, bytes]]:
        """The frames until the child is done. Raises ExtractError, StoppedError, OSError, ValueError."""
        first = True
        while True:
            kind, payload = self._frame()
            if kind in (DONE, ERROR):
                self._nothing_follows()
            if kind == DONE:
                return
            if kind == ERROR:
                raise ExtractError(_code(payload))
            if kind == COUNT:
                self._count(payload, first)
            first = False
            yield kind, payload

    def cause(self) -> str:
        """Why the process is gone, as a code of ExtractError.

        The PDF library ends itself by one of a few signals when it gets no memory; that it held much by then tells
        this from a fault.
        """
        ended, peak, cpu = self._report() or (0, 0, 0.0)
        if ended == -signal.SIGXCPU or (ended == -signal.SIGKILL and cpu > self._limits.cpu_seconds):
            return "too_slow"
        starved = ended in _STARVED and peak > self._limits.memory_bytes // 4
        return "too_large_in_memory" if starved else "reader_crashed"

    def end(self) -> None:
        """Kill the child if it still runs, wait until it is gone, and let go of it."""
        with contextlib.suppress(OSError):
            self._leash.shutdown(socket.SHUT_WR)
        self._report()
        self.close()

    def close(self) -> None:
        self._channel.close()
        self._leash.close()

    def _count(self, payload: bytes, first: bool) -> None:
        """The number of pages gives more time: once, and no more than for the most pages that are read."""
        if not first or not payload.isdigit():
            raise ValueError("a number of pages that nobody asked for")
        self._deadline += min(int(payload), self._limits.max_pages) * self._limits.page_wall_seconds

    def _frame(self) -> tuple[bytes, bytes]:
        nonce, kind, length = HEADER.unpack(self._receive(HEADER.size))
        if nonce != self._nonce or length > LONGEST[kind]:
            raise ValueError("a frame of another document, or longer than any of its kind")
        self._left -= length
        if self._left < 0:
            raise ExtractError("too_large_in_memory")
        return kind, self._receive(length)

    def _receive(self, length: int) -> bytes:
        parts = bytearray()
        while len(parts) < length:
            part = self._part(length - len(parts))
            if not part:
                raise ConnectionResetError
            parts += part
        return bytes(parts)

    def _part(self, most: int) -> bytes:
        """The next bytes, at most so many; none if the child closed its end. Looks at the clock before each read."""
        while True:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            if self._stopped():
                raise StoppedError
            self._channel.settimeout(min(left, _LOOK))
            with contextlib.suppress(TimeoutError):
                return self._channel.recv(min(most, 1 << 20))

    def _nothing_follows(self) -> None:
        """After its last frame the child says nothing more and ends in order."""
        if self._part(1):
            raise ValueError("something after the last frame")
        ended = self._report()
        if ended is None or ended[0] != 0:
            raise ConnectionResetError

    def _report(self) -> tuple[int, int, float] | None:
        """How the child ended, by the template that reaped it: exit code or minus the signal, peak bytes, CPU seconds.

        None if the template is gone too, or the child cannot be ended.
        """
        if self._ended is None:
            with contextlib.suppress(OSError, ValueError):
                self._leash.settimeout(_TO_END)
                code, peak, cpu = json.loads(self._leash.recv(256))
                self._ended = int(code), int(peak), float(cpu)
        return self._ended


def _start(module: str, arguments: Sequence[str], descriptor: int) -> subprocess.Popen[bytes]:
    """Start the template with an environment that holds no secret, and no descriptor but its socket."""
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
    return subprocess.Popen(  # noqa: S603 (our own module, no shell)
        [sys.executable, "-P", "-s", "-B", "-m", module, str(descriptor), str(os.getpid()), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(descriptor,),
        env={"PYTHONPATH": path, "LANG": "C.UTF-8"},
        cwd="/",
        start_new_session=True,
    )


def _code(payload: bytes) -> str:
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
