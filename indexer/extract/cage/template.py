"""The warm process that forks a child for each document: it has loaded what reads, and reads nothing itself.

A child gets one document and the one socket it answers on; what it does ends with it. Refuses to fork for anybody but
the service that started it, and dies with that; its children die with it.
"""

import contextlib
import fcntl
import gc
import json
import mmap
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from auth.errors import TolmachError
from indexer.extract.cage import seccomp
from indexer.extract.cage.confine import Confinement, confine_child, confine_template
from indexer.extract.cage.frames import DONE, ERROR, HEADER, LONGEST

Work = Callable[[dict[str, Any], int], Iterator[tuple[bytes, bytes]]]
"""Takes a request and the descriptor of a document, and gives the frames of the answer."""

_REQUEST = 1 << 16  # bytes
_CHANNEL, _DOCUMENT = 3, 4  # a child's descriptors, beside the three that lead nowhere
_FILTER_TRIED, _FAILED = 0, 1


class Refused(TolmachError):  # noqa: N818 (an answer, not a fault)
    """A document this child will not read: its argument is the code of ExtractError."""


def serve(work: Work, warm: Callable[[], None] = lambda: None) -> None:
    """Fork a child for each request from the socket that the first argument names; the second is the service's pid.

    `warm` does once, before anything is closed, what every child would do again.
    """
    control = socket.socket(fileno=int(sys.argv[1]))
    warm()
    programs = dict(seccomp.programs()) if sys.platform == "linux" else {}
    landlock, spaces = confine_template(int(sys.argv[2]))
    system_calls = next((name for name, program in programs.items() if _works(program)), "")
    gc.collect()
    gc.freeze()  # what is here lives as long as the children: their collector need not touch it
    control.send(json.dumps(asdict(Confinement(landlock, system_calls, spaces))).encode())
    _Forking(control, work, programs.get(system_calls, b"")).run()


def allow_cpu(seconds: float) -> None:
    """Let this child use so many CPU seconds in all, but never more than its request allows at most."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (min(int(seconds) + 1, hard), hard))


def mapped(descriptor: int) -> mmap.mmap:
    """The file's bytes, read as they are needed."""
    try:
        return mmap.mmap(descriptor, os.fstat(descriptor).st_size, access=mmap.ACCESS_COPY)
    except (OSError, ValueError):
        raise Refused("too_large_in_memory") from None


def _works(program: bytes) -> bool:
    """Whether a child under this filter gets no socket, and lives."""
    template = os.getpid()
    pid = os.fork()
    if not pid:
        with contextlib.suppress(BaseException):
            confine_child(template, program)
            try:
                socket.socket().close()
            except PermissionError:
                os._exit(_FILTER_TRIED)
        os._exit(_FAILED)
    return os.waitpid(pid, 0)[1] == _FILTER_TRIED


@dataclass(frozen=True)
class _Running:
    """A child, what tells that it ended, and the socket that says so to the service and is closed to end it."""

    pid: int
    ended: int
    leash: socket.socket


class _Forking:
    """Forks children and reaps them, as many at a time as the service asks for."""

    def __init__(self, control: socket.socket, work: Work, program: bytes) -> None:
        self._control = control
        self._work = work
        self._program = program
        self._poll = select.poll()
        self._by_descriptor: dict[int, _Running] = {}

    def run(self) -> None:
        """Until the service closes the control socket."""
        self._poll.register(self._control, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in self._poll.poll()}
            for descriptor in ready:
                if running := self._by_descriptor.get(descriptor):
                    self._heed(running, descriptor)
            if self._control.fileno() in ready and not self._start():  # last: it gives descriptors anew
                return

    def _start(self) -> bool:
        """Fork for one request; False if the service is gone."""
        request, descriptors, _, _ = socket.recv_fds(self._control, _REQUEST, 3)
        if not request or len(descriptors) != 3:
            return False
        channel, document, leash = descriptors
        template = os.getpid()
        pid = os.fork()
        if not pid:
            _FreshFork(self._work, self._program, template).run(request, channel, document)
        os.close(channel)
        os.close(document)
        running = _Running(pid, os.pidfd_open(pid), socket.socket(fileno=leash))
        for descriptor in (running.ended, leash):
            self._by_descriptor[descriptor] = running
            self._poll.register(descriptor, select.POLLIN)
        return True

    def _heed(self, running: _Running, descriptor: int) -> None:
        """The child ended: report it. Or the service let go of the leash: end the child."""
        if descriptor == running.ended:
            self._forget(running.ended)
            self._forget(running.leash.fileno())
            _report(running)
        else:
            self._forget(running.leash.fileno())
            os.kill(running.pid, signal.SIGKILL)

    def _forget(self, descriptor: int) -> None:
        if self._by_descriptor.pop(descriptor, None):
            self._poll.unregister(descriptor)


def _report(running: _Running) -> None:
    """Tell the service how the child ended: exit code or minus the signal, bytes at its peak, CPU seconds."""
    os.close(running.ended)
    _, status, usage = os.wait4(running.pid, 0)
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    ended = [os.waitstatus_to_exitcode(status), peak, usage.ru_utime + usage.ru_stime]
    with running.leash, contextlib.suppress(OSError):
        running.leash.send(json.dumps(ended).encode(), socket.MSG_DONTWAIT)


class _FreshFork:
    """What a fresh fork does: shut itself in, read its document, answer, end."""

    def __init__(self, work: Work, program: bytes, template: int) -> None:
        self._work = work
        self._program = program
        self._template = template

    def run(self, request: bytes, channel: int, document: int) -> None:
        """Never returns."""
        code = _FAILED
        try:
            _keep(channel, document)
            asked = json.loads(request)
            self._shut_in(asked)
            self._answer(asked)
            code = 0
        finally:
            os._exit(code)

    def _shut_in(self, asked: dict[str, Any]) -> None:
        _cap(resource.RLIMIT_CPU, int(asked["most_cpu"]) + 2)
        _cap(resource.RLIMIT_AS, asked["memory"])
        allow_cpu(asked["cpu"])
        confine_child(self._template, self._program)

    def _answer(self, asked: dict[str, Any]) -> None:
        """Do the request; every failure that is not the socket's becomes an error frame."""
        nonce = bytes.fromhex(asked["nonce"])
        try:
            for kind, payload in self._work(asked, _DOCUMENT):
                _write(nonce, kind, payload)
            _write(nonce, DONE, b"")
        except Refused as refused:
            _write(nonce, ERROR, str(refused).encode())
        except MemoryError:
            _write(nonce, ERROR, b"too_large_in_memory")


def _keep(channel: int, document: int) -> None:
    """Close every descriptor but these two, which get their places."""
    copies = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, _DOCUMENT + 1) for descriptor in (channel, document)]
    for place, copy in zip((_CHANNEL, _DOCUMENT), copies, strict=True):
        os.dup2(copy, place)
    os.closerange(_DOCUMENT + 1, 1 << 16)


def _cap(resource_kind: int, most: int) -> None:
    """Set a limit that this process cannot raise again; one that is lower already stays."""
    hard = resource.getrlimit(resource_kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource_kind, (most, most))


def _write(nonce: bytes, kind: bytes, payload: bytes) -> None:
    if len(payload) > LONGEST[kind]:
        raise Refused("too_large_in_memory")
    rest = memoryview(HEADER.pack(nonce, kind, len(payload)) + payload)
    while rest:
        rest = rest[os.write(_CHANNEL, rest) :]
